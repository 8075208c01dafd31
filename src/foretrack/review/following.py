"""What a call has to say when a call, a submission or a record in a call moves, whichever door it was moved through.

`on_moving` runs before anything is written and refuses with the reason; `on_moved` runs inside the same transaction and
carries the submitted record along. So the site, the API, a command and an import all meet the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from django.db.models import Max

from foretrack.foundation.errors import EvidenceError, ForetrackError, InputError
from foretrack.lists.models import ListSeries
from foretrack.registry.access.actor import EVERYWHERE, Actor, covers
from foretrack.registry.access.permission import refusal
from foretrack.registry.actions.judging import rule_on
from foretrack.registry.actions.records import move
from foretrack.registry.declaring.bodies import InvalidRecord
from foretrack.registry.declaring.fields import Json, Link, Term
from foretrack.registry.declaring.kind import Kind, Transition
from foretrack.registry.models import Pointer, Record
from foretrack.registry.registry import Registry
from foretrack.review.calls import Call, in_charge, submissions_of
from foretrack.review.eligibility import eligibility_of
from foretrack.review.kinds import CALL, CARRIED, RUNNING, SUBJECT_MOVES, SUBMISSION
from foretrack.review.limits import check_limit
from foretrack.review.models import Decision, Entry, Objection, Task
from foretrack.review.rubrics import rubric_called
from foretrack.review.templates import laxer, template_called

_carrying: ContextVar[bool] = ContextVar("carrying", default=False)
"""Whether the move at hand is made by the call itself."""

COUNTED = ("recommended", "reviewing", "notice", "selected", "rechecking")
"""States in which a submission takes one of the places of its recommending body."""


def _leads_on(record: Record, transition: Transition) -> bool:
    """Whether a record would stand elsewhere afterwards: what only adds to it (what a panel found) decides nothing."""
    return transition.after != record.status


def is_held(record: Record) -> bool:
    """Whether a call decides about the record now."""
    return _holding(record) is not None


def _holding(record: Record) -> Entry | None:
    """The entry by which a call holds a record; none for calls and submissions themselves."""
    if record.kind in (CALL.name, SUBMISSION.name):
        return None
    return Entry.objects.filter(subject=record.key, held=True).first()


def on_moving(
    kind: Kind, record: Record, transition: Transition, body: Mapping[str, Json], reason: str, actor: Actor,
    registry: Registry, **_: Any,
) -> None:  # fmt: skip
    """Refuses a move that the call does not allow."""
    if kind.name == CALL.name:
        _CALL_CHECKS.get(transition.name, _nothing)(registry, Call(record), body)
    elif kind.name == SUBMISSION.name and "call" in body:
        asked = _Asked(registry, actor, record, transition, body, reason)
        _SUBMISSION_CHECKS.get(transition.name, _nothing_asked)(asked)
    elif _leads_on(record, transition) and not _carrying.get() and (entry := _holding(record)) is not None:
        raise InputError.of(
            "{key} has been handed in to the call {call}, which decides about it", key=record.key, call=entry.call,
            expected="a transition of the submission {submission}", submission=entry.submission,
            do="make it there; the record moves along",
        )  # fmt: skip


def on_moved(
    record: Record, transition: Transition, before: str, reason: str, actor: Actor, registry: Registry, **_: Any
) -> None:  # fmt: skip
    """Lets the submitted record follow its submission."""
    if record.kind == CALL.name:
        if transition.name in ("cancel", "finish"):
            Entry.objects.filter(call=record.key).update(held=False)
        return
    if record.kind != SUBMISSION.name:
        return
    if transition.name == "submit":
        _enter(registry, actor, record, reason)
    elif transition.name in SUBJECT_MOVES and before != "draft":  # what was never handed in stays as it is
        _carry(registry, actor, record, SUBJECT_MOVES[transition.name], reason)
    if record.status not in ("returned", *RUNNING):
        Entry.objects.filter(submission=record.key).update(held=False)
    if transition.name == "withdraw":
        open_tasks = Task.objects.filter(submission=record.key, done_at=None, ended_at=None)
        open_tasks.update(ended_at=registry.now(), ended_why="withdrawn")


@contextmanager
def _by_the_call() -> Any:
    token = _carrying.set(True)
    try:
        yield
    finally:
        _carrying.reset(token)


def _carry(registry: Registry, actor: Actor, submission: Record, name: str, reason: str) -> Record:
    """Moves the submitted record along, where its workflow has that move from where it stands."""
    subject = Record.objects.get(key=submission.body["subject"])
    kind = registry.kinds.get(subject.kind)
    if any(step.name == name for step in kind.leaving(subject.status)):
        with _by_the_call():
            move(registry, actor, subject.key, name, revision=subject.revision, reason=reason)
        subject.refresh_from_db()
    return subject


def _enter(registry: Registry, actor: Actor, submission: Record, reason: str) -> None:
    call = Call(Record.objects.get(key=submission.body["call"]))
    entry = Entry.objects.filter(submission=submission.key).first()
    subject = _carry(registry, actor, submission, "submit", reason)
    if entry is None:
        last = Entry.objects.filter(call=call.key).aggregate(Max("number"))["number__max"] or 0
        entry = Entry(call=call.key, submission=submission.key, number=last + 1)
    entry.subject, entry.subject_revision = subject.key, subject.revision
    entry.submitted_at, entry.held = registry.now(), True
    rule = call.body.get("rule")
    entry.eligibility = eligibility_of(registry, rule, subject, registry.now().date()) if rule else {}
    entry.save()


# ---- a call


def _nothing(registry: Registry, call: Call, body: Mapping[str, Json]) -> None:
    return None


def _may_be_published(registry: Registry, call: Call, body: Mapping[str, Json]) -> None:
    kind = registry.kinds.get(str(body["of_kind"]))
    if not {t.name for t in kind.transitions} >= CARRIED:
        fit = [one.name for one in registry.kinds if {t.name for t in one.transitions} >= CARRIED]
        raise InputError.of(
            "records of the kind {kind} cannot be handed in to a call", kind=kind.name,
            expected="one of {known}", known=", ".join(fit), do="choose another kind",
        )  # fmt: skip
    today = registry.now().date()
    if today.isoformat() > str(body["closes_on"]):
        raise InputError.of(
            "the window ended on {day}", day=body["closes_on"], expected="a last day that is still to come",
            do="correct the window, then publish",
        )  # fmt: skip
    if body.get("based_on"):
        template = template_called(str(body["based_on"]), date.fromisoformat(str(body["opens_on"])))
        if problems := laxer(template, body):
            raise InvalidRecord.with_problems(problems)
    if body.get("rule"):
        rule_on(str(body["rule"]), today)
    for stage in body.get("stages") or ():
        rubric_called(stage["rubric"])
    name = body.get("series")
    if name:
        series = ListSeries.objects.filter(name=name).first()
        if series is None or series.kind != kind.name:
            raise InputError.of(
                "there is no list series {name} for records of the kind {kind}", name=repr(name), kind=kind.name,
                expected="a series of that kind", do="declare it with `foretrack list declare`, or leave it empty",
            )  # fmt: skip


def _may_be_extended(registry: Registry, call: Call, body: Mapping[str, Json]) -> None:
    before, after = str(call.body["closes_on"]), str(body["closes_on"])
    if after <= before or after < registry.now().date().isoformat():
        raise InputError.of(
            "the window cannot be moved from {before} to {after}", before=before, after=after,
            expected="a later day that is still to come", do="give another day",
        )  # fmt: skip


def _may_begin(registry: Registry, call: Call, body: Mapping[str, Json]) -> None:
    today = registry.now().date().isoformat()
    if today <= str(body["closes_on"]):
        raise EvidenceError.of(
            "the window is open until {day}", day=body["closes_on"], expected="a day after it",
            do="begin the review when nobody can hand in any more",
        )  # fmt: skip


def _may_finish(registry: Registry, call: Call, body: Mapping[str, Json]) -> None:
    undecided = submissions_of(call, RUNNING)
    if undecided:
        raise InputError.of(
            "{n} submissions are not decided yet", n=len(undecided), expected="none",
            do="decide about them, beginning with {key}", key=undecided[0].key,
        )  # fmt: skip


_CALL_CHECKS: Mapping[str, Callable[[Registry, Call, Mapping[str, Json]], None]] = {
    "publish": _may_be_published, "extend": _may_be_extended, "close": _may_begin, "finish": _may_finish,
}  # fmt: skip


# ---- a submission


class _Asked:
    """A move of a submission that somebody asks for."""

    def __init__(
        self, registry: Registry, actor: Actor, record: Record, transition: Transition, body: Mapping[str, Json],
        reason: str,
    ) -> None:  # fmt: skip
        self.registry, self.actor, self.record, self.transition = registry, actor, record, transition
        self.body, self.reason = body, reason
        self.call = Call(Record.objects.get(key=body["call"]))
        self.entry = Entry.objects.filter(submission=record.key).first()

    @property
    def today(self) -> date:
        """The day on which it is asked."""
        return self.registry.now().date()

    def by_the_call(self) -> None:
        """Raises AccessError unless the actor runs the call."""
        if not in_charge(self.actor, self.call):
            raise refusal(self.actor, "decide in this call")


def _nothing_asked(asked: _Asked) -> None:
    return None


def why_not(registry: Registry, actor: Actor, body: Mapping[str, Json]) -> ForetrackError | None:
    """What would keep a submission with these values, which need not be made yet, from being submitted today."""
    draft = Record(kind=SUBMISSION.name, body=dict(body), status="draft")
    try:
        _may_submit(_Asked(registry, actor, draft, SUBMISSION.transition("submit"), body, ""))
    except (InputError, EvidenceError) as error:
        return error
    return None


def _may_submit(asked: _Asked) -> None:
    call, body = asked.call, asked.body
    corrected = asked.record.status == "returned" and call.record.status in ("open", "reviewing")
    if not (call.takes(asked.today) or corrected):
        raise EvidenceError.of(
            "the call takes submissions from {opens} to {closes} and is {state!r}", opens=call.body["opens_on"],
            closes=call.body["closes_on"], state=call.record.status, expected="a day inside its window",
            do="wait for the next call; your draft stays",
        )  # fmt: skip
    entry = asked.entry
    if entry is not None and (entry.call, entry.subject) != (body["call"], body["subject"]):
        raise InputError.of(
            "the submission was to the call {call}, with {subject}", call=entry.call, subject=entry.subject,
            expected="the same call and record after a correction", do="withdraw it, and hand in anew",
        )  # fmt: skip
    _fits(asked)
    partners = list(body.get("partners") or ())
    most = call.body.get("partners_most")
    if most is not None and len(partners) > most:
        raise InputError.of(
            "{n} partners", n=len(partners), expected="at most {most} beside the leading organisation", most=most,
            do="take some out",
        )  # fmt: skip
    years = call.body.get("years_most")
    if years is not None and not (body.get("years") and body["years"] <= years):
        raise InputError.of(
            "{n} years of work",
            n=body.get("years") or 0,
            expected="1 to {most}",
            most=years,
            do="correct the years",
        )
    _not_too_many(asked, [str(body["organisation"]), *partners])


def _fits(asked: _Asked) -> None:
    """What is handed in is of the right kind, belongs to the applicant, and is in no other call."""
    call, body = asked.call, asked.body
    subject = Record.objects.filter(key=body["subject"], merged_into=None).first()
    if subject is None or subject.kind != call.body["of_kind"]:
        raise InputError.of(
            "{key} is no {kind}", key=body["subject"], kind=call.body["of_kind"],
            expected="a record of the kind that the call asks for", do="choose one of your own records of that kind",
        )  # fmt: skip
    if subject.organisation != body["organisation"]:
        raise InputError.of(
            "{key} belongs to another organisation", key=subject.key, expected="a record of the leading organisation",
            do="let its owner lead, or hand in a record of your own",
        )  # fmt: skip
    elsewhere = (
        Entry.objects.filter(subject=subject.key, held=True).exclude(submission=asked.record.key).first()
    )
    if elsewhere is not None:
        raise InputError.of(
            "{key} has been handed in already, as {other}", key=subject.key, other=elsewhere.submission,
            expected="one submission at a time", do="withdraw the other one first",
        )  # fmt: skip
    kind = asked.registry.kinds.get(subject.kind)
    state = kind.state(subject.status)
    if not state.listable and not any(step.name == "submit" for step in kind.leaving(subject.status)):
        raise InputError.of(
            "{key} is {state!r} and cannot be handed in", key=subject.key, state=subject.status,
            expected="a draft, or a record that is recognised", do="make a new record, or choose another one",
        )  # fmt: skip
    _same_partners(kind, subject, body)
    named = kind.by_name.get("direction")
    told = body.get("direction")
    if isinstance(named, Term) and named.part == "call_directions" and told != subject.body.get("direction"):
        raise InputError.of(
            "the submission names another direction than {key}", key=subject.key, expected="the same one in both",
            do="correct one of the two",
        )  # fmt: skip
    wanted = set(call.body.get("tracks") or ())
    tracks = _tracks_of(kind, subject.body)
    if wanted and not wanted & set(tracks):
        raise InputError.of(
            "none of the tracks of {key} is in the call", key=subject.key, expected="one of {known}",
            known=", ".join(sorted(wanted)[:8]), do="correct its tracks, or hand in something else",
        )  # fmt: skip


def _same_partners(kind: Kind, subject: Record, body: Mapping[str, Json]) -> None:
    """Whoever takes part in a submission takes part in what is handed in, where its kind names partners."""
    named = kind.by_name.get("partners")
    if not isinstance(named, Link) or "organisation" not in named.kinds:
        return
    told, own = set(body.get("partners") or ()), set(subject.body.get("partners") or ())
    if told != own:
        raise InputError.of(
            "the submission names {n} partners, {key} names {m}, or others", n=len(told), key=subject.key, m=len(own),
            expected="the same partners in both", do="correct one of the two",
        )  # fmt: skip


def _tracks_of(kind: Kind, body: Mapping[str, Json]) -> tuple[str, ...]:
    for f in kind.fields:
        if isinstance(f, Term) and f.part == "tracks":
            return f.facet_values(body.get(f.name))
    return ()


def _not_too_many(asked: _Asked, parties: list[str]) -> None:
    """Nobody takes part in more submissions of one call than it allows, as leader or as partner."""
    most = asked.call.body.get("per_applicant")
    if most is None:
        return
    others = {
        record.pk: record
        for record in submissions_of(asked.call, (*RUNNING, "returned", "selected"))
        if record.pk != asked.record.pk
    }
    taking_part = Pointer.objects.filter(
        record_id__in=list(others), field__in=("organisation", "partners"), target__in=parties
    )
    for party in parties:
        n = taking_part.filter(target=party).values("record_id").distinct().count()
        if n >= most:
            title = Record.objects.filter(key=party).values_list("title_en", flat=True).first()
            raise InputError.of(
                "{name} takes part in {n} submissions of this call already", name=title or party, n=n,
                expected="at most {most}", most=most, do="withdraw another one, or leave this organisation out",
            )  # fmt: skip


def _may_recommend(asked: _Asked) -> None:
    call, body = asked.call, str(asked.body["recommended_by"])
    if not call.body.get("recommended"):
        raise InputError.of(
            "this call asks for no recommendation",
            expected="a call that does",
            do="admit the submission instead",
        )
    acts_for = [
        grant
        for grant in asked.actor.grants
        if grant.role == "officer" and (covers(grant.regions, body) or body in grant.bodies or EVERYWHERE in grant.bodies)
    ]  # fmt: skip
    if not acts_for:
        raise refusal(asked.actor, "recommend for this body")
    region = asked.record.region or ""
    if not region.startswith(body) and body != asked.record.organisation and not _is_key(body):
        raise InputError.of(
            "{body} is not in charge of {region}", body=body, region=region or "-",
            expected="the region of the applicant, or a body", do="correct who recommends",
        )  # fmt: skip
    places = call.places(body)
    if places is not None:
        taken = sum(
            1 for one in submissions_of(call, COUNTED) if one.body.get("recommended_by") == body
        )  # fmt: skip
        if taken >= places:
            raise InputError.of(
                "{body} has recommended {n} submissions already", body=body, n=taken, expected="at most {most}",
                most=places, do="return or exclude another one first",
            )  # fmt: skip


def _is_key(body: str) -> bool:
    return Record.objects.filter(key=body, kind="organisation").exists()


def _may_admit(asked: _Asked) -> None:
    asked.by_the_call()
    if asked.call.record.status not in ("open", "reviewing"):
        raise InputError.of(
            "the call is {state!r}", state=asked.call.record.status, expected="a call that is open or under review",
            do="look at the call",
        )  # fmt: skip
    if asked.call.body.get("recommended") and asked.record.status != "recommended":
        raise InputError.of(
            "the submission has no recommendation", expected="a submission that a body recommends",
            do="wait for it, or exclude the submission with a reason",
        )  # fmt: skip
    assert asked.entry is not None  # made when it was submitted
    found = asked.entry.eligibility
    if found.get("outcome") == "not met":
        raise EvidenceError.of(
            "the submission does not meet {rule}", rule=found["rule"], expected="the outcome `met`",
            do="look at what is missing, then return or exclude it",
        )  # fmt: skip
    if found.get("outcome") == "undecided" and not asked.reason:
        raise InputError.of(
            "whether the submission meets {rule} is undecided", rule=found["rule"], expected="a reason",
            do="say why it is admitted all the same, or return it for the missing values",
        )  # fmt: skip


def _may_exclude(asked: _Asked) -> None:
    if asked.record.status == "recommended":
        asked.by_the_call()


def _may_announce(asked: _Asked) -> None:
    asked.by_the_call()
    _decided(asked, "select")
    check_limit(asked.registry, asked.call, asked.record)


def _may_decline(asked: _Asked) -> None:
    asked.by_the_call()
    if asked.record.status == "reviewing":
        _decided(asked, "decline")


def _decided(asked: _Asked, outcome: str) -> None:
    last = Decision.objects.filter(submission=asked.record.key).order_by("-id").first()
    if last is None or last.outcome != outcome:
        raise InputError.of(
            "the last decision about the submission is {found}", found=last.outcome if last else "-",
            expected="the decision {outcome}, with its reasons", outcome=outcome, do="decide first",
        )  # fmt: skip


def _may_confirm(asked: _Asked) -> None:
    asked.by_the_call()
    waiting = Objection.objects.filter(submission=asked.record.key, answered_at=None).count()
    if waiting:
        raise InputError.of(
            "{n} objections are not answered", n=waiting, expected="an answer to each",
            do="answer them, then confirm or decline",
        )  # fmt: skip
    if Objection.objects.filter(submission=asked.record.key, upheld=True).exists():
        raise InputError.of(
            "an objection was upheld",
            expected="a submission against which none was",
            do="decline it, with the reason",
        )


def _in_charge_only(asked: _Asked) -> None:
    asked.by_the_call()


_SUBMISSION_CHECKS: Mapping[str, Callable[[_Asked], None]] = {
    "submit": _may_submit, "recommend": _may_recommend, "admit": _may_admit, "exclude": _may_exclude,
    "announce": _may_announce, "decline": _may_decline, "confirm": _may_confirm, "recheck": _in_charge_only,
    "keep": _in_charge_only, "remove": _in_charge_only,
}  # fmt: skip
