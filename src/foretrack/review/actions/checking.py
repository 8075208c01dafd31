"""Whether what reviews keep is what the log has: digests only, so that the doctor can ask it of every call there is.

`replaying` computes one call again as a whole, draws and assignments included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from foretrack.foundation.sentences import Sentence
from foretrack.registry.history.chain import Finding
from foretrack.registry.models import AuditEntry
from foretrack.review.actions import assigning, drawing
from foretrack.review.actions.deciding import decision_digest
from foretrack.review.actions.reviewing import sheet_digest
from foretrack.review.models import Decision, Draw, Run, Sheet
from foretrack.review.scoring.sheets import Score

_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What was looked at, and what does not check."""

    draws: int
    runs: int
    sheets: int
    decisions: int
    findings: tuple[Finding, ...]

    @property
    def all(self) -> int:
        """Everything that was looked at."""
        return self.draws + self.runs + self.sheets + self.decisions


@dataclass(frozen=True, slots=True)
class _Kept:
    what: str
    where: str
    entry: int
    digest: str
    again: str


def check_calls() -> Reviewed:
    """Every draw, assignment, sheet and decision of every call against its entry in the log."""
    counts: dict[str, int] = {"draw": 0, "run": 0, "sheet": 0, "decision": 0}
    findings: list[Finding] = []
    waiting: list[_Kept] = []
    for kept in _all():
        counts[kept.what] += 1
        waiting.append(kept)
        if len(waiting) == _TOGETHER:
            findings += _compare(waiting)
            waiting = []
    findings += _compare(waiting)
    return Reviewed(counts["draw"], counts["run"], counts["sheet"], counts["decision"], tuple(findings))


def digests_logged(numbers: Sequence[int]) -> dict[int, object]:
    """Entry of the log to the digest that it has, of entries that are there; few statements for many."""
    found: dict[int, object] = {}
    for start in range(0, len(numbers), _TOGETHER):
        rows = AuditEntry.objects.filter(number__in=numbers[start : start + _TOGETHER])
        found.update(
            (number, details.get("digest")) for number, details in rows.values_list("number", "details")
        )
    return found


def _compare(rows: list[_Kept]) -> list[Finding]:
    logged = digests_logged([row.entry for row in rows])
    return [
        Finding(row.where, what)
        for row in rows
        if (what := _wrong(row, logged.get(row.entry))) is not None
    ]  # fmt: skip


def _wrong(row: _Kept, logged: object) -> Sentence | None:
    if logged != row.digest:
        return Sentence("the log does not have its digest")
    return None if row.again == row.digest else Sentence("what is kept is not what was logged")


def _all() -> Iterator[_Kept]:
    for draw in Draw.objects.order_by("pk").iterator():
        again = drawing.digest_of(draw.call, draw.stage, draw.candidates, tuple(draw.drawn))
        yield _Kept("draw", f"call {draw.call} draw {draw.pk}", draw.log_entry, draw.digest, again)
    for run in Run.objects.order_by("pk").iterator(chunk_size=20):
        again = assigning.digest_of(run.inputs, run.pairs)
        yield _Kept("run", f"call {run.call} assignment {run.pk}", run.log_entry, run.digest, again)
    for sheet in Sheet.objects.order_by("pk").select_related("task").iterator():
        again = sheet_digest(sheet.task_id, sheet.number, Score(sheet.scores, sheet.total))
        where = f"call {sheet.task.call} task {sheet.task_id} sheet {sheet.number}"
        yield _Kept("sheet", where, sheet.log_entry, sheet.digest, again)
    for row in Decision.objects.order_by("pk").iterator():
        again = decision_digest(row.submission, row.stage, row.outcome, row.reasons, row.dissent, row.basis)
        yield _Kept(
            "decision", f"submission {row.submission} decision {row.pk}", row.log_entry, row.digest, again
        )
