"""Calls and submissions as people see them: where a call stands, and what an applicant may learn."""

from __future__ import annotations

from collections import Counter
from datetime import date

from foretrack.foundation.errors import NotThereError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import Subject, may_create
from foretrack.registry.actions.reading import find_record, title_of
from foretrack.registry.models import AuditEntry, Pointer, Record, Revision
from foretrack.registry.registry import Registry
from foretrack.review.actions.drawing import draws_of
from foretrack.review.actions.objecting import objections_to
from foretrack.review.answers import (
    CallPage,
    CriterionMark,
    DecisionLine,
    OwnSubmission,
    QuotaLine,
    StageFeedback,
    StageLine,
    Step,
    SubmissionPage,
)
from foretrack.review.calls import Call, all_of, call_of, find_call, in_charge
from foretrack.review.figures import figures_of
from foretrack.review.following import COUNTED
from foretrack.review.kinds import CALL, SUBMISSION, TOLD
from foretrack.review.models import Decision, Entry, Sheet, Task
from foretrack.review.rubrics import rubric_called
from foretrack.review.stages import last_sheets, open_in


def call_page(registry: Registry, actor: Actor, key: str) -> CallPage:
    """A call with its stages, draws, and the own submissions; with figures for whoever runs it."""
    call = find_call(registry, actor, key)
    record, body = call.record, call.body
    today = registry.now().date()
    runs = in_charge(actor, call)
    own = list(all_of(call).filter(organisation__in=list(actor.organisations)).order_by("pk"))
    # Of the others only what is counted: a call may have thousands, and its page is public.
    light = list(all_of(call).values_list("status", "body__recommended_by")) if runs else []
    takes = call.takes(today)
    return CallPage(
        call=call.key, title=title_of(record, actor.language), status=record.status,
        status_label=CALL.state(record.status).label.text(actor.language), of_kind=str(body.get("of_kind", "")),
        opens_on=str(body.get("opens_on", "")), closes_on=str(body.get("closes_on", "")), takes=takes,
        days_left=(date.fromisoformat(body["closes_on"]) - today).days + 1 if takes else None,
        rule=str(body.get("rule") or ""), series=str(body.get("series") or ""),
        stages=_stage_lines(call, runs=runs), in_charge=runs,
        may_submit=takes and any(
            may_create(actor, SUBMISSION, Subject(kind=SUBMISSION.name, organisation=one)) for one in actor.organisations
        ),
        own=tuple(own_line(one, actor.language) for one in own),
        counts=Counter(status for status, _ in light),
        quotas=_quotas(call, [by for status, by in light if by and status in COUNTED]),
        drawn=draws_of(call),
    )  # fmt: skip


def own_line(record: Record, language: str) -> OwnSubmission:
    """A submission in short."""
    return OwnSubmission(
        record.key, title_of(record, language), record.status,
        SUBMISSION.state(record.status).label.text(language), record.organisation or "",
    )  # fmt: skip


def _stage_lines(call: Call, *, runs: bool) -> tuple[StageLine, ...]:
    counts: Counter[int] = Counter()
    tasks: Counter[int] = Counter()
    done: Counter[int] = Counter()
    if runs:
        counts.update(stage for stage, keys in open_in(call).items() for _ in keys)
        for stage, done_at in Task.objects.filter(call=call.key, ended_at=None).values_list(
            "stage", "done_at"
        ):
            tasks[stage] += 1
            done[stage] += done_at is not None
    return tuple(
        StageLine(
            one.number, one.name, one.blind, one.reviewers, one.most, one.rubric, one.until, one.keep,
            counts[one.number] if runs else None, tasks[one.number] if runs else None,
            done[one.number] if runs else None,
        )
        for one in call.stages
    )  # fmt: skip


def _quotas(call: Call, recommended_by: list[str]) -> tuple[QuotaLine, ...]:
    taken = Counter(recommended_by)
    bodies = dict.fromkeys([*(str(row["body"]) for row in call.body.get("quotas") or ()), *sorted(taken)])
    return tuple(QuotaLine(body, call.places(body), taken[body]) for body in bodies)


def submission_page(registry: Registry, actor: Actor, key: str) -> SubmissionPage:
    """A submission as far as the actor may see it: the applicant and officers all, everybody else what is announced."""
    kind, record, circle = find_record(registry, actor, key)
    if kind.name != SUBMISSION.name:
        raise NotThereError.of(
            "{key} is no submission", key=record.key, expected="the key of one", do="look at the call"
        )
    call = call_of(record)
    runs = in_charge(actor, call)
    own = record.organisation in actor.organisations
    entry = Entry.objects.filter(submission=record.key).first()
    inside = circle == "private"
    today = registry.now().date()
    return SubmissionPage(
        submission=record.key, call=call.key, call_title=title_of(call.record, actor.language),
        code=entry.code if entry and runs else "", status=record.status,
        status_label=SUBMISSION.state(record.status).label.text(actor.language),
        subject=str(record.body.get("subject", "")), subject_revision=entry.subject_revision if entry else 0,
        eligibility=entry.eligibility if entry and inside else {},
        steps=_steps(record, actor.language),
        feedback=_feedback(call, record) if (inside and record.status in TOLD) or runs else (),
        objections=objections_to(actor, record),
        decisions=_decisions(record, whole=runs) if (inside and record.status in TOLD) or runs else (),
        may_object=record.status == "notice" and record.notice_until is not None and today <= record.notice_until,
        in_charge=runs, own=own, returned=_returned(record) if inside and record.status == "returned" else "",
    )  # fmt: skip


def _returned(record: Record) -> str:
    """The reason with which a submission was sent back last, as the log has it."""
    row = (
        AuditEntry.objects.filter(subject=f"record:{record.key}", act="move:return")
        .order_by("-number")
        .first()
    )
    return str(row.texts.get("reason", "")) if row else ""


def _steps(record: Record, language: str) -> tuple[Step, ...]:
    found = []
    before = ""
    for row in Revision.objects.filter(record=record).order_by("number").values("act", "status", "at"):
        if row["status"] != before:
            label = SUBMISSION.state(row["status"]).label.text(language)
            found.append(Step(row["act"], row["status"], label, row["at"]))
            before = row["status"]
    return tuple(found)


def _decisions(record: Record, *, whole: bool) -> tuple[DecisionLine, ...]:
    return tuple(
        DecisionLine(
            row.stage, row.outcome, row.reasons, row.dissent if whole else "", row.at.isoformat(), row.digest
        )
        for row in Decision.objects.filter(submission=record.key).order_by("pk")
    )


def _feedback(call: Call, record: Record) -> tuple[StageFeedback, ...]:
    """What was said of a submission, stage by stage: means and words, never who said what."""
    found = []
    for stage in call.stages:
        decision = Decision.objects.filter(submission=record.key, stage=stage.number).order_by("-pk").first()
        given = last_sheets(call, stage.number)
        sheets = [s for s in given.values() if s.task.submission == record.key]
        if decision is None and not sheets:
            continue
        figures = figures_of(given).of
        of = figures.get(record.key)
        went_on = set(
            Decision.objects.filter(
                call=call.key, stage=stage.number, outcome__in=("forward", "select")
            ).values_list("submission", flat=True)
        )
        scores = [f.corrected for key, f in figures.items() if key in went_on and f.corrected is not None]
        found.append(
            StageFeedback(
                stage=stage.number, name=stage.name, sheets=len(sheets), mean=of.raw if of else None,
                corrected=of.corrected if of else None, rank=of.rank if of else None,
                of=sum(1 for f in figures.values() if f.rank is not None),
                least_selected=min(scores) if scores else None, criteria=_criteria(stage.rubric, sheets),
                comments=tuple(s.comments["applicant"] for s in sheets if s.comments.get("applicant")),
                outcome=decision.outcome if decision else "", reasons=decision.reasons if decision else "",
            )
        )  # fmt: skip
    return tuple(found)


def _criteria(rubric: str, sheets: list[Sheet]) -> tuple[CriterionMark, ...]:
    if not sheets:
        return ()
    return tuple(
        CriterionMark(
            one.id, one.label, sum(float(s.scores.get(one.id, 0)) for s in sheets) / len(sheets), one.most
        )
        for one in rubric_called(rubric).criteria
    )


def calls_with(registry: Registry, actor: Actor, subject: str) -> tuple[OwnSubmission, ...]:
    """The submissions that carry a record, the newest first, as far as the actor may see them."""
    from foretrack.registry.actions.reading import visible_to

    keys = Pointer.objects.filter(
        field="subject", unit="record", target=subject, record__kind=SUBMISSION.name
    )
    rows = Record.objects.filter(visible_to(actor), pk__in=keys.values("record_id")).order_by("-pk")
    return tuple(own_line(row, actor.language) for row in rows[:20])
