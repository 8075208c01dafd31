"""Recommending: a local body looks through the submissions of its region, ranks them, and passes some of them on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import cast

from foretrack.foundation.errors import EvidenceError, ForetrackError, InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import EVERYWHERE, Actor
from foretrack.registry.access.permission import may, refusal
from foretrack.registry.actions.reading import subjects_of, title_of
from foretrack.registry.actions.records import move
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.review.answers import BodyLine, RecommendLine, RecommendPage
from foretrack.review.calls import Call, find_call, submissions_of
from foretrack.review.following import COUNTED
from foretrack.review.kinds import SUBMISSION
from foretrack.review.models import Entry
from foretrack.review.naming import told_titles

SHOWN = ("submitted", *COUNTED)


def recommendations(registry: Registry, actor: Actor, call_key: str) -> RecommendPage:
    """Submissions of a call in the actor's reach: those that wait for a recommendation, and those that have one.

    AccessError for whoever recommends nothing.
    """
    call = find_call(registry, actor, call_key)
    if not actor.holds("officer"):
        raise refusal(actor, "recommend submissions")
    every = submissions_of(call, SHOWN)
    reach = subjects_of(SUBMISSION, every)
    mine = [one for one in every if may(actor, "decide", reach[one.pk])]
    found = {e.submission: str(e.eligibility.get("outcome", "")) for e in Entry.objects.filter(call=call.key)}
    owners = told_titles((one.organisation for one in mine if one.organisation), actor.language)
    lines = [
        RecommendLine(
            submission=one.key, title=title_of(one, actor.language), organisation=owners.get(one.organisation or "", ""),
            region=one.region or "", status=one.status,
            status_label=SUBMISSION.state(one.status).label.text(actor.language),
            recommended_by=str(one.body.get("recommended_by") or ""), rank=cast("int | None", one.body.get("rank")),
            eligibility=found.get(one.key, ""), due_on=one.due_on.isoformat() if one.due_on else None,
            revision=one.revision,
        )
        for one in mine
    ]  # fmt: skip
    return RecommendPage(
        call=call.key, call_title=title_of(call.record, actor.language), asks=bool(call.body.get("recommended")),
        bodies=_bodies(actor, call, every, mine),
        waiting=tuple(one for one in lines if one.status == "submitted"),
        recommended=tuple(
            sorted(
                (one for one in lines if one.status in COUNTED and one.recommended_by),
                key=lambda one: (one.recommended_by, one.rank is None, one.rank or 0, one.submission),
            )
        ),
    )  # fmt: skip


def recommend(
    registry: Registry, actor: Actor, call_key: str, body: str, ranks: Mapping[str, int | None]
) -> tuple[tuple[str, ...], Mapping[str, ForetrackError]]:
    """Recommends several submissions in the order of their ranks; each stands for itself.

    Args:
        body: region or key of the body that recommends.
        ranks: submission to its place in the recommendation, or None.

    Returns those that are recommended now, and submission to what kept it from being so, such as a quota that is used up.
    """
    page = recommendations(registry, actor, call_key)
    waiting = {one.submission: one for one in page.waiting}
    if not ranks:
        raise InputError.of(
            "no submission is chosen", expected="one or more", do="tick those that you recommend"
        )
    taken = Counter(rank for rank in ranks.values() if rank is not None)
    taken.update(one.rank for one in page.recommended if one.recommended_by == body and one.rank is not None)
    double = sorted(rank for rank, n in taken.items() if n > 1)
    if double:
        raise InputError.of(
            "two submissions stand at place {rank}", rank=double[0], expected="a place of its own for each",
            do="correct the places",
        )  # fmt: skip
    done: list[str] = []
    left: dict[str, ForetrackError] = {}
    for key in sorted(ranks, key=lambda one: (ranks[one] is None, ranks[one] or 0)):
        line = waiting.get(key)
        values = {"recommended_by": body, **({"rank": ranks[key]} if ranks[key] is not None else {})}
        try:
            if line is None:
                raise InputError.of(
                    "{key} does not wait for your recommendation", key=key[:40], expected="one of those that do",
                    do="load the page again",
                )  # fmt: skip
            move(registry, actor, key, "recommend", revision=line.revision, values=values)
        except (InputError, EvidenceError) as error:
            left[key] = error
        else:
            done.append(key)
    return tuple(done), left


def _bodies(
    actor: Actor, call: Call, every: Sequence[Record], mine: Sequence[Record]
) -> tuple[BodyLine, ...]:
    """Bodies for which the actor acts: regions and bodies of the roles; of a role everywhere, those that the call names
    and the regions of what waits."""
    grants = [grant for grant in actor.grants if grant.role == "officer"]
    known = [one for grant in grants for one in (*grant.regions, *grant.bodies) if one != EVERYWHERE]
    if any(EVERYWHERE in (*grant.regions, *grant.bodies) for grant in grants):
        known += [str(row["body"]) for row in call.body.get("quotas") or ()]
        known += sorted({one.region for one in mine if one.region})
    taken = Counter(
        str(one.body["recommended_by"])
        for one in every
        if one.status in COUNTED and one.body.get("recommended_by")
    )
    names = told_titles(known, actor.language)
    return tuple(
        BodyLine(one, names.get(one, one), call.places(one), taken[one]) for one in dict.fromkeys(known)
    )


OUTCOMES: Mapping[str, Bilingual] = {
    "met": Bilingual("met", "符合"), "not met": Bilingual("not met", "不符合"),
    "undecided": Bilingual("undecided", "待定"),
}  # fmt: skip
"""What a rule of eligibility may answer, in words."""
