"""What a reviewer does: looks at the own tasks, fills in a score sheet, discusses, or steps back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import Subject, refusal, require, require_scope
from foretrack.registry.actions.attachments import handed
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.actions.reading import records_with, title_of, visible_values
from foretrack.registry.actions.records import no_file
from foretrack.registry.answers import AttachedFile
from foretrack.registry.declaring.fields import File, clean_text
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.history.commitment import canonical, sha256
from foretrack.registry.models import Attachment, Record, Revision
from foretrack.registry.registry import Registry, moment
from foretrack.review.answers import Criterion, HandedFile, OtherSheet, RemarkLine, SheetPage, TaskLine
from foretrack.review.blinding import blackened, blinded
from foretrack.review.calls import Call, Stage, call_of, find_submission, in_charge
from foretrack.review.models import Conflict, Entry, Remark, Sheet, Task
from foretrack.review.naming import hidden_names
from foretrack.review.rubrics import rubric_called
from foretrack.review.scoring.sheets import Score, check_sheet
from foretrack.review.stages import stages_now

MOST_COMMENT = 8000
MOST_SECONDS = 7 * 24 * 3600
FOR_APPLICANT, FOR_OFFICERS = "applicant", "officers"


def own_tasks(registry: Registry, actor: Actor, *, ended: bool = False) -> tuple[TaskLine, ...]:
    """What the actor is asked to judge: what is open first, by its last day.

    Args:
        ended: tasks that ended before they were done too.
    """
    if not actor.holds("reviewer"):
        raise refusal(actor, "act as a reviewer")
    rows = Task.objects.filter(reviewer=actor.key)
    if not ended:
        rows = rows.filter(ended_at=None)
    lines = _lines(registry, list(rows.order_by("pk")), actor.language)
    order = {"open": 0, "done": 1, "closed": 2, "ended": 3}
    return tuple(sorted(lines, key=lambda one: (order[one.state], one.until or "9", one.task)))


def open_sheet(registry: Registry, actor: Actor, number: int) -> SheetPage:
    """One task with everything that the reviewer may read; officers in charge see it as the reviewer does."""
    task, _, stage = _own(registry, actor, number, looking=True)
    (line,) = _lines(registry, [task], actor.language)
    entry = Entry.objects.get(submission=task.submission)
    subject = Record.objects.get(key=entry.subject)
    kind = registry.kinds.get(subject.kind)
    revision = Revision.objects.get(record=subject, number=entry.subject_revision)
    body = {name: value for name, value in revision.values.items() if not name.startswith("@")}
    values = visible_values(kind, body, "private", personal=False)
    if stage.blind:
        values = blinded(
            kind, values, hidden_names(registry, [find_submission(task.submission)])[task.submission]
        )
    rubric = rubric_called(stage.rubric)
    last = task.sheets.order_by("-number").first()
    return SheetPage(
        task=line, kind=kind.name, values=values, mine=task.reviewer == actor.key,
        late=stage.until is not None and registry.now().date().isoformat() > stage.until,
        submission="" if stage.blind and task.reviewer == actor.key else task.submission,
        left_out=len(body) - len(values),
        left_out_fields=tuple(f.name for f in kind.fields if f.name in body and f.name not in values),
        files=tuple(
            HandedFile(row.field, row.sha256, row.name, row.media_type, row.size)
            for row in _files(kind, subject, values)
        ),
        rubric=stage.rubric,
        criteria=tuple(
            Criterion(c.id, c.label, c.question, c.weight, c.most, dict(c.anchors)) for c in rubric.criteria
        ),
        scores=last.scores if last else {}, comments=last.comments if last else {},
        version=last.number if last else 0, remarks=_remarks(task, actor) if last else (),
        others=_others(task) if last else (),
    )  # fmt: skip


def read_handed_in(registry: Registry, actor: Actor, number: int, sha256: str) -> AttachedFile:
    """A file of what was handed in, for the reviewer of a stage that is not blind, or for officers in charge.

    InputError where there is none that the actor may read; OutsideError when its content has gone from the disk.
    """
    page = open_sheet(registry, actor, number)
    if sha256 not in {one.sha256 for one in page.files}:
        raise no_file(sha256)
    entry = Entry.objects.get(submission=Task.objects.get(pk=number).submission)
    return handed(registry, Record.objects.get(key=entry.subject), sha256)


def _files(kind: Kind, subject: Record, values: Mapping[str, Any]) -> list[Attachment]:
    wanted = {
        (f.name, one)
        for f in kind.fields
        if isinstance(f, File)
        for one in f.facet_values(values.get(f.name))
    }
    if not wanted:
        return []
    rows = Attachment.objects.filter(record=subject, erased_at=None).order_by("pk")
    return [row for row in rows if (row.field, row.sha256) in wanted]


def send_sheet(
    registry: Registry, actor: Actor, number: int, scores: Mapping[str, float], *, version: int,
    comments: Mapping[str, str] | None = None, seconds: int | None = None,
) -> TaskLine:  # fmt: skip
    """Sends a score sheet; a later one replaces it until the stage is decided, and every version is kept.

    Args:
        scores: criterion to points; every criterion of the rubric.
        version: number of the sheet that was read, 0 for none: nobody writes over what they did not see.
        comments: `applicant` (handed on with the decision) and `officers` (for officers and the other reviewers).
        seconds: how long the page was open, where the browser told.

    InputError that names every criterion that is missing or out of range; EvidenceError after the last day of the stage.
    """
    task, call, stage = _own(registry, actor, number)
    rubric = rubric_called(stage.rubric)
    checked = check_sheet(rubric, scores)
    told = _comments(comments or {})
    with transaction.atomic():
        head = take_number()
        task = Task.objects.get(pk=task.pk)
        _still_open(registry, call, stage, task)
        last = task.sheets.order_by("-number").first()
        if version != (last.number if last else 0):
            raise InputError.of(
                "the sheet is at version {now} by now, not {read}", now=last.number if last else 0, read=version,
                expected="the version that you read", do="look at it again, then send",
            )  # fmt: skip
        fresh = version + 1
        digest = sheet_digest(task.pk, fresh, checked)
        entry = log(
            registry, actor, "score", f"record:{task.submission}",
            details={"stage": task.stage, "task": task.pk, "version": fresh, "digest": digest}, head=head,
        )  # fmt: skip
        Sheet.objects.create(
            task=task, number=fresh, scores=dict(checked.scores), total=checked.total, comments=told, digest=digest,
            seconds=None if seconds is None else max(0, min(int(seconds), MOST_SECONDS)), at=registry.now(),
            log_entry=entry.number,
        )  # fmt: skip
        if task.done_at is None:
            task.done_at = registry.now()
            task.save(update_fields=["done_at"])
    (line,) = _lines(registry, [task], actor.language)
    return line


def sheet_digest(task: int, version: int, checked: Score) -> str:
    """The digest of a sheet's scores, as the log has it; comments may be erased and stay out of it."""
    scores = {name: float(points) for name, points in checked.scores.items()}
    return sha256(canonical({"task": task, "version": version, "scores": scores, "total": checked.total}))


def step_back(registry: Registry, actor: Actor, number: int, *, conflict: bool, reason: str = "") -> None:
    """Gives a task back that is not done: because of a conflict, which is kept and holds for later stages, or
    otherwise."""
    said = clean_text(reason)
    task, _, _ = _own(registry, actor, number)
    if conflict and not said:
        raise InputError.of("no reason", expected="what the conflict is", do="say it in a few words")
    with transaction.atomic():
        head = take_number()
        task = Task.objects.get(pk=task.pk)
        if task.done_at is not None or task.ended_at is not None:
            raise InputError.of(
                "the task {n} is done or ended",
                n=number,
                expected="an open task",
                do="nothing has to be done",
            )
        task.ended_at, task.ended_why = registry.now(), "conflict" if conflict else "declined"
        task.save(update_fields=["ended_at", "ended_why"])
        if conflict:
            Conflict.objects.create(
                reviewer=actor.key, target=task.submission, reason="declared", by=actor.key, at=registry.now()
            )
        log(
            registry, actor, "step back", f"record:{task.submission}",
            details={"stage": task.stage, "task": task.pk, "conflict": conflict}, reason=said, head=head,
        )  # fmt: skip


def remark(registry: Registry, actor: Actor, submission: str, stage: int, text: str) -> RemarkLine:
    """Says something in the discussion of a submission: its reviewers who have sent their sheets, and officers in
    charge."""
    require_scope(actor, "decide", "discuss this submission")
    said = clean_text(text)
    if not said or len(said) > MOST_COMMENT:
        raise InputError.of(
            "a remark of {n} characters",
            n=len(said),
            expected="1 to {most}",
            most=MOST_COMMENT,
            do="correct it",
        )
    record = find_submission(submission)
    call = call_of(record)
    task = Task.objects.filter(submission=record.key, stage=stage, reviewer=actor.key, ended_at=None).first()
    if (task is None or task.done_at is None) and not in_charge(actor, call):
        raise refusal(actor, "discuss this submission")
    with transaction.atomic():
        head = take_number()
        row = Remark.objects.create(
            call=call.key, stage=stage, submission=record.key, by=actor.key, alias=task.alias if task else "", text=said,
            at=registry.now(),
        )  # fmt: skip
        log(registry, actor, "remark", f"record:{record.key}", details={"stage": stage}, head=head)
    return RemarkLine(row.alias, True, row.text, moment(row.at))


def discussion(
    registry: Registry, actor: Actor, submission: str, stage: int
) -> tuple[tuple[OtherSheet, ...], tuple[RemarkLine, ...]]:
    """Sheets and remarks about a submission in a stage, for officers in charge."""
    record = find_submission(submission)
    if not in_charge(actor, call_of(record)):
        raise refusal(actor, "read the sheets of this submission")
    return _sheets(record.key, stage), _said(record.key, stage, actor)


def _own(registry: Registry, actor: Actor, number: int, *, looking: bool = False) -> tuple[Task, Call, Stage]:
    """A task of the actor, with its call and stage. InputError where there is none that the actor may see."""
    task = Task.objects.filter(pk=number).first()
    if task is not None:
        call = Call(Record.objects.get(key=task.call))
        if task.reviewer == actor.key:
            require(actor, "decide", Subject(assigned=frozenset([actor.key])))
            return task, call, call.stage(task.stage)
        if looking and in_charge(actor, call):
            return task, call, call.stage(task.stage)
    raise InputError.of(
        "there is no task {n} that you may see",
        n=number,
        expected="one of your own",
        do="look at your reviews",
    )


def _still_open(registry: Registry, call: Call, stage: Stage, task: Task) -> None:
    if task.ended_at is not None:
        raise InputError.of(
            "this task has ended", expected="an open task", do="look at your reviews for what is left"
        )
    submission = Record.objects.get(key=task.submission)
    if submission.status != "reviewing" or stages_now([task.submission])[task.submission] != task.stage:
        raise EvidenceError.of(
            "the submission is decided, or withdrawn", expected="a submission that is under review in this stage",
            do="nothing has to be done",
        )  # fmt: skip
    today = registry.now().date()
    if stage.until is not None and today > date.fromisoformat(stage.until):
        raise EvidenceError.of(
            "scores were due by {day}", day=stage.until, expected="a sheet by then",
            do="ask the officer in charge to move the day",
        )  # fmt: skip


def _comments(given: Mapping[str, str]) -> dict[str, str]:
    kept = {}
    for name in (FOR_APPLICANT, FOR_OFFICERS):
        text = clean_text(str(given.get(name) or ""))
        if len(text) > MOST_COMMENT:
            raise InputError.of(
                "{n} characters",
                n=len(text),
                expected="at most {most}",
                most=MOST_COMMENT,
                do="shorten the comment",
            )
        if text:
            kept[name] = text
    return kept


def _lines(registry: Registry, tasks: list[Task], language: str) -> list[TaskLine]:
    today = registry.now().date().isoformat()
    keys = {task.submission for task in tasks}
    calls = {key: Call(record) for key, record in records_with(task.call for task in tasks).items()}
    records = records_with(keys)
    codes = {e.submission: e.code for e in Entry.objects.filter(submission__in=keys)}
    blind = [records[t.submission] for t in tasks if calls[t.call].stage(t.stage).blind]
    names = hidden_names(registry, blind)
    now = stages_now(keys)
    totals: dict[int, float] = {}
    for sheet in Sheet.objects.filter(task__in=tasks).order_by("task_id", "number"):
        totals[sheet.task_id] = sheet.total
    found = []
    for task in tasks:
        call, record = calls[task.call], records[task.submission]
        stage = call.stage(task.stage)
        title = title_of(record, language)
        decided = record.status != "reviewing" or now[task.submission] != task.stage
        state: Any = "ended" if task.ended_at else "closed" if decided else "done" if task.done_at else "open"
        found.append(
            TaskLine(
                task=task.pk, call=call.key,
                call_title=title_of(call.record, language),
                stage=stage.number, stage_name=stage.name, blind=stage.blind, code=codes.get(task.submission, ""),
                title=blackened(title, names[task.submission]) if stage.blind else title, until=stage.until,
                overdue=bool(state == "open" and stage.until and today > stage.until), total=totals.get(task.pk),
                state=state,
            )
        )  # fmt: skip
    return found


def _others(task: Task) -> tuple[OtherSheet, ...]:
    return tuple(one for one in _sheets(task.submission, task.stage) if one.alias != task.alias)


def _sheets(submission: str, stage: int) -> tuple[OtherSheet, ...]:
    found: dict[str, OtherSheet] = {}
    rows = Sheet.objects.filter(task__submission=submission, task__stage=stage, task__ended_at=None)
    for sheet in rows.order_by("task__alias", "number").select_related("task"):
        found[sheet.task.alias] = OtherSheet(
            sheet.task.alias, sheet.total, sheet.scores, sheet.comments.get(FOR_OFFICERS, "")
        )
    return tuple(found.values())


def _remarks(task: Task, actor: Actor) -> tuple[RemarkLine, ...]:
    return _said(task.submission, task.stage, actor)


def _said(submission: str, stage: int, actor: Actor) -> tuple[RemarkLine, ...]:
    rows = Remark.objects.filter(submission=submission, stage=stage).order_by("pk")
    return tuple(RemarkLine(row.alias, row.by == actor.key, row.text, moment(row.at)) for row in rows)
