"""Computes a review again from what was kept: draws, assignments, sheets and decisions, each against its entry in the
log."""

from __future__ import annotations

from collections.abc import Iterator

from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import may
from foretrack.registry.models import AuditEntry
from foretrack.registry.registry import Registry
from foretrack.review.actions import assigning, drawing
from foretrack.review.actions.deciding import decision_digest
from foretrack.review.actions.reviewing import sheet_digest
from foretrack.review.answers import Check
from foretrack.review.assigning.drawing import Candidate, draw_pool
from foretrack.review.calls import Call, find_call, run_call
from foretrack.review.models import Decision, Draw, Run, Sheet
from foretrack.review.rubrics import rubric_called
from foretrack.review.scoring.sheets import check_sheet


def replay(registry: Registry, actor: Actor, call_key: str) -> tuple[Check, ...]:
    """Everything of a call, computed again and compared, in the order in which it happened; officers and auditors."""
    call = (
        find_call(registry, actor, call_key)
        if may(actor, "read audit")
        else run_call(registry, actor, call_key)
    )
    found = [*_draws(call), *_runs(call), *_sheets(call), *_decisions(call)]
    return tuple(check for _, check in sorted(found, key=lambda pair: pair[0]))


def _check(
    entry: int, what: str, where: str, digest: str, again: str, *, same: bool = True
) -> tuple[int, Check]:
    logged = AuditEntry.objects.filter(number=entry).first()
    if logged is None or logged.details.get("digest") != digest:
        problem = "the log does not have its digest"
    elif again != digest:
        problem = "what is kept is not what was logged"
    elif not same:
        problem = "it comes out otherwise when it is computed again"
    else:
        problem = ""
    return entry, Check(what, where, not problem, problem)


def _draws(call: Call) -> Iterator[tuple[int, Check]]:
    for row in Draw.objects.filter(call=call.key).order_by("pk"):
        drawn = draw_pool(
            [Candidate(key, organisation=employer) for key, employer in row.candidates["candidates"]],
            row.size, row.seed, most_per_organisation=row.candidates["most_per_organisation"],
        ).drawn  # fmt: skip
        again = drawing.digest_of(row.call, row.stage, row.candidates, tuple(row.drawn))
        yield _check(
            row.log_entry, "draw", f"stage {row.stage}", row.digest, again, same=list(drawn) == row.drawn
        )


def _runs(call: Call) -> Iterator[tuple[int, Check]]:
    for row in Run.objects.filter(call=call.key).order_by("pk"):
        solved = assigning.solve(row.inputs, partial=True)
        pairs = [[pair.submission, pair.reviewer] for pair in solved.pairs if not pair.given]
        again = assigning.digest_of(row.inputs, row.pairs)
        yield _check(row.log_entry, "run", f"stage {row.stage}", row.digest, again, same=pairs == row.pairs)


def _sheets(call: Call) -> Iterator[tuple[int, Check]]:
    rows = Sheet.objects.filter(task__call=call.key).order_by("pk").select_related("task")
    rubrics = {stage.number: rubric_called(stage.rubric) for stage in call.stages}
    for row in rows:
        checked = check_sheet(rubrics[row.task.stage], row.scores)
        again = sheet_digest(row.task_id, row.number, checked)
        where = f"stage {row.task.stage}, {row.task.submission}, {row.task.alias}, version {row.number}"
        yield _check(row.log_entry, "sheet", where, row.digest, again, same=checked.total == row.total)


def _decisions(call: Call) -> Iterator[tuple[int, Check]]:
    for row in Decision.objects.filter(call=call.key).order_by("pk"):
        again = decision_digest(row.submission, row.stage, row.outcome, row.reasons, row.dissent, row.basis)
        yield _check(row.log_entry, "decision", f"stage {row.stage}, {row.submission}", row.digest, again)
