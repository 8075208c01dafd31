"""Deciding: what becomes of submissions after a stage, with reasons and dissent, and what follows from it at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence
from foretrack.lists.actions.issuing import Prepared, publish
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.actions.records import move
from foretrack.registry.declaring.fields import clean_text
from foretrack.registry.history.commitment import canonical, sha256
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.review.actions.standings import look_at, standings_of
from foretrack.review.answers import Outcome, Standings
from foretrack.review.calls import Call, find_submission, run_call
from foretrack.review.limits import SELECTED
from foretrack.review.models import Decision, Objection
from foretrack.review.stages import stages_now

OUTCOMES: tuple[Outcome, ...] = ("forward", "select", "reserve", "decline")
MOST_TEXT = 8000
FOLLOWS: Mapping[str, str] = {"select": "announce", "decline": "decline"}
"""Outcome to the transition that the submission makes with it."""


def propose(
    registry: Registry, actor: Actor, call_key: str, stage: int, *, seen: Standings | None = None
) -> Mapping[str, Outcome]:
    """What the ranks and the limits of the call would give for every submission that is not decided: a proposal, no more.

    The best go on (or are selected, after the last stage) as long as the stage and the group have places; the others are
    declined. Submissions without a sheet are left out, since nothing is known of them.

    Args:
        seen: the standings of the stage, where they are known already.
    """
    call = run_call(registry, actor, call_key)
    the_stage = call.stage(stage)
    last = stage == len(call.stages)
    places = the_stage.keep
    per_group = call.body.get("selected_most") if last else None
    lines = (seen or standings_of(registry, actor, call, stage, signs=False)).lines
    taken = Counter(line.group for line in lines if line.status in SELECTED)
    gone_on = sum(taken.values())
    found: dict[str, Outcome] = {}
    for line in lines:
        if line.rank is None or line.status != "reviewing":
            continue
        room = places is None or gone_on < places
        if room and (per_group is None or taken[line.group] < per_group):
            found[line.submission] = "select" if last else "forward"
            taken[line.group] += 1
            gone_on += 1
        else:
            found[line.submission] = "decline"
    return found


def decide(
    registry: Registry, actor: Actor, call_key: str, stage: int, outcomes: Mapping[str, str], *, reasons: str,
    dissent: str = "",
) -> int:  # fmt: skip
    """Decides about one or many submissions of a stage in one transaction; how many.

    A selected submission is announced at once, a declined one is told; one that goes forward is in the next stage,
    one that is held in reserve stays where it is and can be decided again. Figures that were before the deciders are
    kept with it.

    Args:
        outcomes: submission to `forward`, `select`, `reserve` or `decline`.
        reasons: for the applicants; required.
        dissent: who saw it otherwise and why; for officers and auditors.

    InputError for an outcome that the stage does not have, or a submission that is not in it; nothing is decided then.
    """
    call = run_call(registry, actor, call_key)
    call.stage(stage)
    said, apart = _text("reasons", reasons), _text("dissent", dissent, empty=True)
    if not outcomes:
        raise InputError.of(
            "no submission is named", expected="one or more", do="choose what is decided about"
        )
    last = stage == len(call.stages)
    with transaction.atomic():
        take_number()
        basis = _basis(registry, actor, call, stage)
        now = stages_now(outcomes)
        for key, outcome in outcomes.items():
            record = find_submission(key)
            if record.body["call"] != call.key or record.status != "reviewing" or now[record.key] != stage:
                raise InputError.of(
                    "{key} is not under review in stage {stage}", key=key, stage=stage,
                    expected="a submission of this stage that is not decided", do="look at the stage again",
                )  # fmt: skip
            allowed = [o for o in OUTCOMES if o not in (("forward",) if last else ("select",))]
            if outcome not in allowed:
                raise InputError.of(
                    "{outcome!r} is no outcome of this stage", outcome=outcome[:40], expected="one of {known}",
                    known=", ".join(allowed), do="choose one",
                )  # fmt: skip
            _decide(registry, actor, call, stage, record, outcome, said, apart, basis.get(record.key, {}))
    return len(outcomes)


def _decide(
    registry: Registry, actor: Actor, call: Call, stage: int, record: Record, outcome: str, reasons: str, dissent: str,
    basis: Mapping[str, Any],
) -> None:  # fmt: skip
    digest = decision_digest(record.key, stage, outcome, reasons, dissent, basis)
    entry = log(
        registry, actor, "decide", f"record:{record.key}",
        details={"stage": stage, "outcome": outcome, "digest": digest},
    )  # fmt: skip
    Decision.objects.create(
        call=call.key, stage=stage, submission=record.key, outcome=outcome, reasons=reasons, dissent=dissent,
        basis=dict(basis), digest=digest, by=actor.key, at=registry.now(), log_entry=entry.number,
    )  # fmt: skip
    if outcome in FOLLOWS:
        move(registry, actor, record.key, FOLLOWS[outcome], revision=record.revision, reason=reasons)


def decision_digest(
    submission: str, stage: int, outcome: str, reasons: str, dissent: str, basis: Mapping[str, Any]
) -> str:
    """The digest of a decision, as the log has it."""
    told = {
        "submission": submission, "stage": stage, "outcome": outcome, "reasons": reasons, "dissent": dissent,
        "basis": dict(basis),
    }  # fmt: skip
    return sha256(canonical(told))


def _basis(registry: Registry, actor: Actor, call: Call, stage: int) -> Mapping[str, Mapping[str, Any]]:
    seen = look_at(call, stage)
    return {
        key: {
            "sheets": of.sheets, "raw": _rounded(of.raw), "corrected": _rounded(of.corrected), "rank": of.rank,
            "alpha": _rounded(seen.figures.alpha),
        }
        for key, of in seen.figures.of.items()
    }  # fmt: skip


def _rounded(number: float | None) -> float | None:
    # Six digits: the same sheets give the same digest on every machine.
    return None if number is None else round(number, 6)


def confirm_all(
    registry: Registry, actor: Actor, call_key: str, *, reason: str
) -> tuple[int, Mapping[str, str]]:
    """Confirms every announced submission whose notice is over and against which nothing stands.

    How many, and submission to why it could not be confirmed.
    """
    from foretrack.foundation.errors import ForetrackError
    from foretrack.review.calls import submissions_of

    call = run_call(registry, actor, call_key)
    said = _text("reason", reason)
    done, left = 0, {}
    for record in submissions_of(call, ("notice",)):
        try:
            move(registry, actor, record.key, "confirm", revision=record.revision, reason=said)
        except ForetrackError as problem:
            left[record.key] = problem.what
        else:
            done += 1
    return done, left


def publish_selected(
    registry: Registry, actor: Actor, call_key: str, *, reason: str, label: str = "", expected: str = ""
) -> Prepared:
    """Publishes the next issue of the call's list series, on which the confirmed stand.

    InputError where the call names no series, or announced submissions are not confirmed or declined yet.
    """
    call = run_call(registry, actor, call_key)
    series = str(call.body.get("series") or "")
    if not series:
        raise InputError.of(
            "the call names no list series",
            expected="a call with one",
            do="publish with `foretrack list publish`",
        )
    return publish(registry, actor, series, reason=reason, label=label, expected=expected)


def uphold_removes(registry: Registry, actor: Actor, objection: Objection, reason: str) -> None:
    """Takes an announced submission back when an objection against it is upheld."""
    record = find_submission(objection.submission)
    if record.status == "notice":
        move(registry, actor, record.key, "decline", revision=record.revision, reason=reason)


def _text(name: str, text: str, *, empty: bool = False) -> str:
    said = clean_text(text)
    if not said and not empty:
        raise InputError.of(
            "the {name} are missing",
            name=Sentence(name),
            expected="words that an applicant can learn from",
            do="write them",
        )
    if len(said) > MOST_TEXT:
        raise InputError.of(
            "{n} characters", n=len(said), expected="at most {most}", most=MOST_TEXT, do="shorten the text"
        )
    return said
