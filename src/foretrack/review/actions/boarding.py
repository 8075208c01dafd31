"""The tables of whoever runs a call: its submissions, its reviewers and their tasks, and what it waits for.

Every table asks a number of statements that does not grow with the submissions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, F, Q

from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.lists.models import ListIssue, ListSeries
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import title_of
from foretrack.registry.actions.records import move
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry, moment
from foretrack.review.actions.drawing import pool_of
from foretrack.review.actions.reviewers import names_of, profiles_of, reviewer_accounts, work_of
from foretrack.review.board_answers import (
    Board,
    BoardLine,
    LastRun,
    Moved,
    Pool,
    PoolLine,
    StageTask,
    StageTasks,
    Waiting,
)
from foretrack.review.calls import Call, all_of, call_of, find_submission, run_call
from foretrack.review.kinds import SUBMISSION
from foretrack.review.models import Decision, Draw, Entry, Objection, Run, Sheet, Task
from foretrack.review.naming import told_titles
from foretrack.review.stages import JUDGED, open_in

MOST = 100
"""Rows of one part of a table."""
TOGETHER = ("admit", "exclude", "return")
"""Transitions that many submissions may make at once."""


def submissions(
    registry: Registry, actor: Actor, call_key: str, *, status: str = "", region: str = "", eligibility: str = "",
    words: str = "", page: int = 1, most: int = MOST,
) -> Board:  # fmt: skip
    """Submissions of a call with what was found about them, for whoever runs it.

    Args:
        eligibility: only those with this outcome: `met`, `not met`, `undecided`.
        words: only those whose title in any language has them.
    """
    call = run_call(registry, actor, call_key)
    every = all_of(call)
    wanted = every
    if status:
        wanted = wanted.filter(status=status)
    if region:
        wanted = wanted.filter(region=region)
    if eligibility:
        fits = Entry.objects.filter(call=call.key, eligibility__outcome=eligibility)
        wanted = wanted.filter(key__in=fits.values("submission"))
    for word in words.split():
        wanted = wanted.filter(Q(title_en__icontains=word) | Q(title_zh__icontains=word))
    total = wanted.count()
    pages = max(1, -(-total // most))
    page = min(max(page, 1), pages)
    part = list(wanted.order_by("pk")[(page - 1) * most : page * most])
    counts = every.order_by().values_list("status").annotate(n=Count("pk"))
    regions = every.order_by().values_list("region", flat=True).distinct()
    return Board(
        call=call.key, lines=tuple(_lines(part, actor.language)), total=total, page=page, pages=pages,
        counts=dict(counts), regions=tuple(sorted(one for one in regions if one)),
    )  # fmt: skip


def _lines(part: Sequence[Record], language: str) -> list[BoardLine]:
    keys = [one.key for one in part]
    owners = told_titles((one.organisation for one in part if one.organisation), language)
    entries = {
        one["submission"]: one
        for one in Entry.objects.filter(submission__in=keys).values(
            "submission", "number", "eligibility__outcome", "eligibility__score"
        )
    }
    passed = Counter(
        Decision.objects.filter(outcome="forward", submission__in=keys).values_list("submission", flat=True)
    )
    asked: Counter[tuple[str, int]] = Counter(
        Task.objects.filter(submission__in=keys, ended_at=None).values_list("submission", "stage")
    )
    totals: dict[tuple[str, int], dict[int, float]] = {}
    sheets = Sheet.objects.filter(task__submission__in=keys, task__ended_at=None).order_by("number")
    for submission, stage, task, total in sheets.values_list(
        "task__submission", "task__stage", "task_id", "total"
    ):
        totals.setdefault((submission, stage), {})[task] = total
    found = []
    for one in part:
        entry: Mapping[str, Any] = entries.get(one.key, {})
        judged = one.status in JUDGED
        stage = passed[one.key] + 1
        given = list(totals.get((one.key, stage), {}).values()) if judged else []
        score = entry.get("eligibility__score")
        found.append(
            BoardLine(
                submission=one.key, code=f"{entry['number']:04d}" if entry else "", title=title_of(one, language),
                organisation=owners.get(one.organisation or "", ""), region=one.region or "",
                recommended_by=str(one.body.get("recommended_by") or ""), rank=one.body.get("rank"),
                eligibility=str(entry.get("eligibility__outcome") or ""),
                points=(float(score[0]), float(score[1])) if score else None, status=one.status,
                status_label=SUBMISSION.state(one.status).label.text(language),
                stage=stage if one.status == "reviewing" else None, asked=asked[one.key, stage] if judged else 0,
                sheets=len(given), mean=sum(given) / len(given) if given else None,
            )
        )  # fmt: skip
    return found


def move_many(
    registry: Registry, actor: Actor, call_key: str, keys: Sequence[str], transition: str, *, reason: str
) -> Moved:
    """Makes one transition of many submissions, each for itself: what cannot be moved stays, and it is said why.

    InputError for a transition that is not made together, or a submission of another call.
    """
    call = run_call(registry, actor, call_key)
    if transition not in TOGETHER:
        raise InputError.of(
            "{name!r} is not done to many at once", name=transition[:40], expected="one of {known}",
            known=", ".join(TOGETHER), do="choose one",
        )  # fmt: skip
    wanted = list(dict.fromkeys(key.upper() for key in keys))
    if not wanted:
        raise InputError.of("no submission is named", expected="one or more", do="tick some, then go on")
    known = {one.key: one for one in all_of(call).filter(key__in=wanted)}
    strange = [key for key in wanted if key not in known]
    if strange:
        raise InputError.of(
            "{key} is no submission of this call", key=strange[0][:40], expected="submissions of the call",
            do="look at the table again",
        )  # fmt: skip
    done, left = [], {}
    for key in wanted:
        try:
            move(registry, actor, key, transition, revision=known[key].revision, reason=reason)
        except ForetrackError as problem:
            left[key] = problem.what
        else:
            done.append(key)
    return Moved(tuple(done), left)


def tasks_of_stage(
    registry: Registry, actor: Actor, call_key: str, stage: int, *, state: str = "", reviewer: str = "",
    page: int = 1, most: int = MOST,
) -> StageTasks:  # fmt: skip
    """Who is asked about what in a stage, and how far they are, for whoever runs the call."""
    call = run_call(registry, actor, call_key)
    the_stage = call.stage(stage)
    today = registry.now().date().isoformat()
    late = _over(the_stage.until, today)
    every = Task.objects.filter(call=call.key, stage=stage)
    running, done, ended = (
        Q(ended_at=None, done_at=None),
        Q(ended_at=None, done_at__isnull=False),
        Q(ended_at__isnull=False),
    )
    by = {
        "open": Q(pk__in=()) if late else running, "overdue": running if late else Q(pk__in=()), "done": done,
        "ended": ended,
    }  # fmt: skip
    if state and state not in by:
        raise InputError.of(
            "{state!r} is no state of a task", state=state[:40], expected="one of {known}", known=", ".join(by),
            do="choose one",
        )  # fmt: skip
    counts = every.aggregate(
        running=Count("pk", filter=running), done=Count("pk", filter=done), ended=Count("pk", filter=ended)
    )
    wanted = every.filter(by[state]) if state else every
    if reviewer:
        wanted = wanted.filter(reviewer=reviewer)
    total = wanted.count()
    pages = max(1, -(-total // most))
    page = min(max(page, 1), pages)
    part = list(
        wanted.order_by(F("ended_at").asc(nulls_first=True), F("done_at").asc(nulls_first=True), "pk")[
            (page - 1) * most : page * most
        ]
    )
    lines = _task_lines(registry, call, part, actor)
    return StageTasks(
        call=call.key, stage=stage, lines=tuple(lines), total=total, page=page, pages=pages,
        counts={
            "open": 0 if late else counts["running"], "overdue": counts["running"] if late else 0,
            "done": counts["done"], "ended": counts["ended"],
        },
    )  # fmt: skip


def _task_lines(registry: Registry, call: Call, part: Sequence[Task], actor: Actor) -> list[StageTask]:
    today = registry.now().date().isoformat()
    until = {stage.number: stage.until for stage in call.stages}
    keys = [one.submission for one in part]
    titles, names = told_titles(keys, actor.language), names_of(one.reviewer for one in part)
    codes = {
        one.submission: one.code for one in Entry.objects.filter(submission__in=keys).defer("eligibility")
    }
    sheets = {
        task: (total_of, seconds)
        for task, total_of, seconds in Sheet.objects.filter(task__in=part)
        .order_by("number")
        .values_list("task_id", "total", "seconds")
    }
    lines = []
    for one in part:
        given = sheets.get(one.pk, (None, None))
        kept = (
            "ended"
            if one.ended_at
            else "done"
            if one.done_at
            else "overdue"
            if _over(until.get(one.stage), today)
            else "open"
        )
        lines.append(
            StageTask(
                task=one.pk, submission=one.submission, code=codes.get(one.submission, ""),
                title=titles.get(one.submission, one.submission), reviewer=one.reviewer,
                name=names.get(one.reviewer, one.reviewer), alias=one.alias, state=kept,  # type: ignore[arg-type]
                why=one.ended_why, at=moment(one.at), done_at=moment(one.done_at) if one.done_at else None,
                total=given[0], seconds=given[1],
            )
        )  # fmt: skip
    return lines


def _over(until: str | None, today: str) -> bool:
    return until is not None and today > until


def pool(registry: Registry, actor: Actor, call_key: str, stage: int) -> Pool:
    """Everybody who may be asked to review, with who is in the pool of a stage and the work there."""
    call = run_call(registry, actor, call_key)
    the_stage = call.stage(stage)
    accounts = reviewer_accounts()
    keys = [account.key for account in accounts]
    profiles, work = profiles_of(keys), work_of(keys)
    inside = set(pool_of(registry, call, stage))
    here: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for reviewer, done_at in Task.objects.filter(call=call.key, stage=stage, ended_at=None).values_list(
        "reviewer", "done_at"
    ):
        here[reviewer] += 1
        done[reviewer] += done_at is not None
    employers = told_titles((key for one in profiles.values() for key in one.employers), actor.language)
    lines = [
        PoolLine(
            reviewer=account.key, name=account.get_full_name(),
            employers=tuple(employers.get(key, key) for key in profile.employers) if profile else (),
            tracks=tuple(profile.tracks) if profile else (), most=profile.most if profile else None,
            away_until=profile.away_until.isoformat() if profile and profile.away_until else None,
            inside=account.key in inside, tasks=here[account.key], done=done[account.key],
            running=work.get(account.key, (0, 0, 0))[0],
        )
        for account in accounts
        for profile in [profiles.get(account.key)]
    ]  # fmt: skip
    lines.sort(key=lambda one: (not one.inside, one.name))
    open_here = open_in(call).get(stage, [])
    given = Task.objects.filter(
        call=call.key,
        stage=stage,
        ended_at=None,
        submission__in=all_of(call).filter(status="reviewing").values("key"),
    ).count()
    return Pool(
        call=call.key, stage=stage, reviewers=tuple(lines),
        drawn=Draw.objects.filter(call=call.key, stage=stage).exists(), submissions=len(open_here),
        needed=the_stage.reviewers * len(open_here), given=given, last=last_run(call, stage, actor.language),
    )  # fmt: skip


def last_run(call: Call, stage: int, language: str) -> LastRun | None:
    """The newest assignment of a stage; None before the first."""
    row = Run.objects.filter(call=call.key, stage=stage).order_by("-pk").defer("inputs").first()
    if row is None:
        return None
    titles = told_titles(row.missing, language)
    return LastRun(
        at=moment(row.at), given=len(row.pairs), total=row.total, bound=row.bound,
        missing=tuple((key, titles.get(key, key), n) for key, n in sorted(row.missing.items())), digest=row.digest,
    )  # fmt: skip


def waiting(registry: Registry, actor: Actor, call_key: str) -> Waiting:
    """What a call waits for, for whoever runs it."""
    call = run_call(registry, actor, call_key)
    today = registry.now().date()
    by_stage = open_in(call)
    asked: Counter[tuple[str, int]] = Counter()
    done: Counter[tuple[str, int]] = Counter()
    for submission, stage, done_at in Task.objects.filter(call=call.key, ended_at=None).values_list(
        "submission", "stage", "done_at"
    ):
        asked[submission, stage] += 1
        done[submission, stage] += done_at is not None
    lacking, ready = {}, {}
    for one in call.stages:
        keys = by_stage.get(one.number, [])
        lacking[one.number] = sum(max(0, one.reviewers - asked[key, one.number]) for key in keys)
        ready[one.number] = sum(
            1 for key in keys if asked[key, one.number] and done[key, one.number] == asked[key, one.number]
        )
    objections = set(
        Objection.objects.filter(call=call.key, answered_at=None).values_list("submission", flat=True)
    )
    notices = dict(all_of(call).filter(status="notice").values_list("key", "notice_until"))
    confirmed = list(all_of(call).filter(status="selected").values_list("key", flat=True))
    return Waiting(
        without_reviewers=lacking, ready=ready, in_notice=len(notices),
        notice_over=sum(
            1 for key, until in notices.items() if key not in objections and (until is None or until < today)
        ),
        objections=Objection.objects.filter(call=call.key, answered_at=None).count(), confirmed=len(confirmed),
        unpublished=_unpublished(call, confirmed),
    )  # fmt: skip


def _unpublished(call: Call, confirmed: Sequence[str]) -> int:
    name = str(call.body.get("series") or "")
    series = ListSeries.objects.filter(name=name).first() if name else None
    if series is None or not confirmed:
        return 0
    newest = ListIssue.objects.filter(series=series).order_by("-number").first()
    listed = (
        set(newest.entries.filter(listed=True).values_list("record", flat=True))
        if newest is not None
        else set()
    )
    subjects = Entry.objects.filter(
        call=call.key, submission__in=all_of(call).filter(status="selected").values("key")
    )
    return sum(1 for key in subjects.values_list("subject", flat=True) if key not in listed)


def tasks_of_submission(
    registry: Registry, actor: Actor, submission: str
) -> tuple[tuple[int, StageTask], ...]:
    """(stage, task) of everybody who was asked about a submission, for whoever runs its call."""
    record = find_submission(submission)
    call = run_call(registry, actor, call_of(record).key)
    rows = list(Task.objects.filter(call=call.key, submission=record.key).order_by("stage", "pk"))
    return tuple(
        (row.stage, line) for row, line in zip(rows, _task_lines(registry, call, rows, actor), strict=True)
    )


def show_task(registry: Registry, actor: Actor, number: int) -> tuple[int, StageTask]:
    """(stage, task) with a number, for whoever runs its call. InputError where there is none."""
    row = Task.objects.filter(pk=number).first()
    if row is None:
        raise InputError.of(
            "there is no task {n}", n=number, expected="one of the call", do="look at the stage"
        )
    call = run_call(registry, actor, row.call)
    return row.stage, _task_lines(registry, call, [row], actor)[0]
