"""Computes a review again from what was kept: draws, assignments, sheets and decisions, each against its entry in the
log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import may
from foretrack.registry.registry import Registry, moment
from foretrack.review.actions import assigning, drawing
from foretrack.review.actions.checking import digests_logged
from foretrack.review.actions.deciding import decision_digest
from foretrack.review.actions.reviewing import sheet_digest
from foretrack.review.answers import Check
from foretrack.review.assigning.drawing import Candidate, draw_pool
from foretrack.review.board_answers import Protocol
from foretrack.review.calls import Call, find_call, run_call
from foretrack.review.models import Decision, Draw, Objection, Run, Sheet, Task
from foretrack.review.rubrics import rubric_called
from foretrack.review.scoring.sheets import check_sheet


@dataclass(frozen=True, slots=True)
class _Kept:
    """Something that is kept, and what it comes to when it is computed again."""

    entry: int
    what: str
    where: str
    digest: str
    again: str
    same: bool = True


def replay(registry: Registry, actor: Actor, call_key: str) -> tuple[Check, ...]:
    """Everything of a call, computed again and compared, in the order in which it happened; officers and auditors."""
    call = _readable(registry, actor, call_key)
    found = sorted(
        [*_draws(call), *_runs(call), *_sheets(call), *_decisions(call)], key=lambda one: one.entry
    )
    logged = digests_logged([one.entry for one in found])
    return tuple(_check(one, logged.get(one.entry)) for one in found)


def protocol(registry: Registry, actor: Actor, call_key: str) -> Protocol:
    """Everything that the review of a call left behind; officers in charge and auditors.

    Whoever has it can compute every digest again without this program (`docs/guide/calls.md`).
    """
    call = _readable(registry, actor, call_key)
    draws = [
        {
            "draw": row.pk, "stage": row.stage, "inputs": row.candidates, "drawn": row.drawn, "at": moment(row.at),
            "by": row.by, "digest": row.digest, "log_entry": row.log_entry,
        }
        for row in Draw.objects.filter(call=call.key).order_by("pk")
    ]  # fmt: skip
    runs = [
        {
            "stage": row.stage, "inputs": row.inputs, "pairs": row.pairs, "total": row.total, "bound": row.bound,
            "missing": row.missing, "at": moment(row.at), "by": row.by, "digest": row.digest,
            "log_entry": row.log_entry,
        }
        for row in Run.objects.filter(call=call.key).order_by("pk")
    ]  # fmt: skip
    tasks = [
        {
            "task": row.pk, "stage": row.stage, "submission": row.submission, "reviewer": row.reviewer,
            "alias": row.alias, "at": moment(row.at), "done_at": moment(row.done_at) if row.done_at else None,
            "ended_at": moment(row.ended_at) if row.ended_at else None, "ended_why": row.ended_why,
        }
        for row in Task.objects.filter(call=call.key).order_by("pk")
    ]  # fmt: skip
    sheets = [
        {
            "task": row.task_id, "version": row.number, "scores": row.scores, "total": row.total,
            "comments": row.comments, "seconds": row.seconds, "at": moment(row.at), "digest": row.digest,
            "log_entry": row.log_entry,
        }
        for row in Sheet.objects.filter(task__call=call.key).order_by("pk")
    ]  # fmt: skip
    decisions = [
        {
            "stage": row.stage, "submission": row.submission, "outcome": row.outcome, "reasons": row.reasons,
            "dissent": row.dissent, "basis": row.basis, "by": row.by, "at": moment(row.at), "digest": row.digest,
            "log_entry": row.log_entry,
        }
        for row in Decision.objects.filter(call=call.key).order_by("pk")
    ]  # fmt: skip
    objections = [
        {
            "objection": row.pk, "submission": row.submission, "grounds": row.grounds, "text": row.text,
            "at": moment(row.at), "upheld": row.upheld, "answer": row.answer,
            "answered_at": moment(row.answered_at) if row.answered_at else None,
        }
        for row in Objection.objects.filter(call=call.key).order_by("pk")
    ]  # fmt: skip
    return Protocol(
        call.key, tuple(draws), tuple(runs), tuple(tasks), tuple(sheets), tuple(decisions), tuple(objections)
    )


def _readable(registry: Registry, actor: Actor, call_key: str) -> Call:
    if may(actor, "read audit"):
        return find_call(registry, actor, call_key)
    return run_call(registry, actor, call_key)


def _check(one: _Kept, logged: object) -> Check:
    problem = ""
    if logged != one.digest:
        problem = "not logged"
    elif one.again != one.digest:
        problem = "changed"
    elif not one.same:
        problem = "different"
    return Check(one.what, one.where, not problem, problem, one.entry, one.digest)


def _draws(call: Call) -> Iterator[_Kept]:
    for row in Draw.objects.filter(call=call.key).order_by("pk"):
        drawn = draw_pool(
            [Candidate(key, organisation=employer) for key, employer in row.candidates["candidates"]],
            row.size, row.seed, most_per_organisation=row.candidates["most_per_organisation"],
        ).drawn  # fmt: skip
        again = drawing.digest_of(row.call, row.stage, row.candidates, tuple(row.drawn))
        yield _Kept(
            row.log_entry, "draw", f"stage {row.stage}", row.digest, again, same=list(drawn) == row.drawn
        )


def _runs(call: Call) -> Iterator[_Kept]:
    for row in Run.objects.filter(call=call.key).order_by("pk"):
        solved = assigning.solve(row.inputs, partial=True)
        pairs = [[pair.submission, pair.reviewer] for pair in solved.pairs if not pair.given]
        again = assigning.digest_of(row.inputs, row.pairs)
        yield _Kept(row.log_entry, "run", f"stage {row.stage}", row.digest, again, same=pairs == row.pairs)


def _sheets(call: Call) -> Iterator[_Kept]:
    rows = Sheet.objects.filter(task__call=call.key).order_by("pk").select_related("task")
    rubrics = {stage.number: rubric_called(stage.rubric) for stage in call.stages}
    for row in rows:
        checked = check_sheet(rubrics[row.task.stage], row.scores)
        again = sheet_digest(row.task_id, row.number, checked)
        where = f"stage {row.task.stage}, {row.task.submission}, {row.task.alias}, version {row.number}"
        yield _Kept(row.log_entry, "sheet", where, row.digest, again, same=checked.total == row.total)


def _decisions(call: Call) -> Iterator[_Kept]:
    for row in Decision.objects.filter(call=call.key).order_by("pk"):
        again = decision_digest(row.submission, row.stage, row.outcome, row.reasons, row.dissent, row.basis)
        yield _Kept(row.log_entry, "decision", f"stage {row.stage}, {row.submission}", row.digest, again)
