"""Drawing the pool of reviewers of a stage at random, with a seed that is published and that anyone can run again.

Reviewers stand in a draw under tickets, made from the call and the account: whoever reads the published list learns
no name and cannot follow a person from call to call, and each reviewer can find the own ticket.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.declaring.fields import clean_text
from foretrack.registry.history.commitment import canonical, sha256
from foretrack.registry.registry import Registry, moment
from foretrack.review.actions.reviewers import profiles_of, reviewer_accounts
from foretrack.review.answers import DrawLine
from foretrack.review.assigning.drawing import Candidate, draw_pool
from foretrack.review.calls import Call, find_call, run_call
from foretrack.review.models import Draw, Task


def draw_reviewers(
    registry: Registry, actor: Actor, call_key: str, stage: int, *, size: int, seed: str,
    most_per_organisation: int | None = None,
) -> DrawLine:  # fmt: skip
    """Draws so many reviewers for a stage out of all who may be asked: not closed, not away.

    Candidates, seed and outcome are kept and their digest is written into the log, so that none can be exchanged. A stage
    may be drawn again as long as nobody was assigned; every draw stays to be seen.

    InputError for too few candidates, a seed that cannot be published, or a stage that has reviewers already.
    """
    call = run_call(registry, actor, call_key)
    call.stage(stage)
    candidates = candidates_for(registry, call)
    with transaction.atomic():
        head = take_number()
        if Task.objects.filter(call=call.key, stage=stage, ended_at=None).exists():
            raise InputError.of(
                "stage {stage} has reviewers already", stage=stage, expected="a stage without tasks",
                do="replace single reviewers instead",
            )  # fmt: skip
        drawn = draw_pool(
            list(candidates), size, clean_text(seed), most_per_organisation=most_per_organisation
        )
        inputs = {
            "seed": drawn.seed, "size": size, "most_per_organisation": most_per_organisation,
            "candidates": [[one.key, one.organisation] for one in candidates],
        }  # fmt: skip
        digest = digest_of(call.key, stage, inputs, drawn.drawn)
        entry = log(
            registry, actor, "draw reviewers", f"record:{call.key}",
            details={"stage": stage, "digest": digest, "candidates": drawn.list_digest, "drawn": len(drawn.drawn)},
            head=head,
        )  # fmt: skip
        row = Draw.objects.create(
            call=call.key, stage=stage, seed=drawn.seed, size=size, candidates=inputs, drawn=list(drawn.drawn),
            digest=digest, at=registry.now(), by=actor.key, log_entry=entry.number,
        )  # fmt: skip
    return line_of(row)


def digest_of(call: str, stage: int, inputs: Mapping[str, Any], drawn: tuple[str, ...]) -> str:
    """The digest of a draw, as the log has it."""
    return sha256(canonical({"call": call, "stage": stage, **inputs, "drawn": list(drawn)}))


def ticket_of(call: str, name: str) -> str:
    """Under what a reviewer or an employer stands in the draws of a call.

    >>> ticket_of("01HZX3V9T8Q2M4N6P8R0S2T4V6", "A")  # printf '%s:%s' CALL NAME | sha256sum | cut -c1-16
    'a63ef730ebef7209'
    """
    return sha256(f"{call}:{name}".encode())[:16] if name else ""


def candidates_for(registry: Registry, call: Call) -> tuple[Candidate, ...]:
    """Everybody who may be drawn today, by ticket."""
    found = [
        Candidate(ticket_of(call.key, key), organisation=ticket_of(call.key, employer))
        for key, employer in available(registry)
    ]
    return tuple(sorted(found, key=lambda one: one.key))


def available(registry: Registry) -> tuple[tuple[str, str], ...]:
    """(reviewer, first employer or nothing) of everybody who may be asked today."""
    today = registry.now().date()
    accounts = reviewer_accounts()
    profiles = profiles_of(account.key for account in accounts)
    found = []
    for account in accounts:
        profile = profiles.get(account.key)
        if profile is not None and profile.away_until is not None and profile.away_until >= today:
            continue
        found.append((account.key, next(iter(profile.employers), "") if profile is not None else ""))
    return tuple(found)


def pool_of(registry: Registry, call: Call, stage: int) -> tuple[str, ...]:
    """The reviewers of a stage: those drawn, where a draw was made; everybody who may be asked today otherwise."""
    everybody = [key for key, _ in available(registry)]
    row = Draw.objects.filter(call=call.key, stage=stage).order_by("-pk").first()
    if row is None:
        return tuple(sorted(everybody))
    drawn = set(row.drawn)
    return tuple(sorted(key for key in everybody if ticket_of(call.key, key) in drawn))


def draws_of(call: Call) -> tuple[DrawLine, ...]:
    """Every draw of a call, the oldest first; public."""
    return tuple(line_of(row) for row in Draw.objects.filter(call=call.key).order_by("pk"))


def show_draw(registry: Registry, actor: Actor, call_key: str, number: int) -> DrawLine:
    """One draw of a call with its tickets, for everybody who sees the call. InputError where there is none."""
    call = find_call(registry, actor, call_key)
    row = Draw.objects.filter(call=call.key, pk=number).first()
    if row is None:
        raise InputError.of(
            "the call has no draw {number}", number=number, expected="one of its draws", do="look at the call"
        )
    return line_of(row)


def line_of(row: Draw) -> DrawLine:
    """A draw as everybody may see it."""
    drawn = draw_pool(
        [Candidate(key, organisation=employer) for key, employer in row.candidates["candidates"]],
        row.size, row.seed, most_per_organisation=row.candidates["most_per_organisation"],
    )  # fmt: skip
    return DrawLine(
        draw=row.pk, stage=row.stage, seed=row.seed, size=row.size,
        most_per_organisation=row.candidates["most_per_organisation"],
        tickets=tuple((one.candidate.key, one.digest, one.fate) for one in drawn.order),
        drawn=len(row.drawn), at=moment(row.at), list_digest=drawn.list_digest, digest=row.digest, check=drawn.check(),
    )  # fmt: skip
