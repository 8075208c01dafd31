"""Where a submission stands in the stages of its call, and the figures of a stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from foretrack.registry.models import Record
from foretrack.review.calls import Call, all_of, submissions_of
from foretrack.review.kinds import TOLD
from foretrack.review.models import Decision, Sheet, Task

JUDGED = ("reviewing", *TOLD)
"""States of a submission that was admitted, or may have been."""


def stages_now(submissions: Iterable[str]) -> dict[str, int]:
    """Submission to the number of the stage that it is in: one more than the stages that it has passed."""
    keys = list(submissions)
    passed: Counter[str] = Counter()
    for start in range(0, len(keys), 500):
        rows = Decision.objects.filter(outcome="forward", submission__in=keys[start : start + 500])
        passed.update(rows.values_list("submission", flat=True))
    return {key: passed[key] + 1 for key in keys}


def open_in(call: Call) -> dict[int, list[str]]:
    """Stage to the submissions that are judged in it and not decided, in the order in which they were made."""
    passed = Counter(
        Decision.objects.filter(call=call.key, outcome="forward").values_list("submission", flat=True)
    )
    found: dict[int, list[str]] = {}
    for key in all_of(call).filter(status="reviewing").order_by("pk").values_list("key", flat=True):
        found.setdefault(passed[key] + 1, []).append(key)
    return found


def in_stage(call: Call, number: int, *, only_open: bool = True) -> list[Record]:
    """Submissions that are judged in a stage.

    Args:
        only_open: those that are not decided yet; otherwise all that came so far.
    """
    found = submissions_of(call, ("reviewing",) if only_open else JUDGED)
    now = stages_now(record.key for record in found)
    if only_open:
        return [record for record in found if now[record.key] == number]
    judged = set(Task.objects.filter(call=call.key, stage=number).values_list("submission", flat=True))
    judged |= set(Decision.objects.filter(call=call.key, stage=number).values_list("submission", flat=True))
    return [
        record
        for record in found
        if record.key in judged or (record.status == "reviewing" and now[record.key] == number)
    ]


def last_sheets(call: Call, number: int) -> dict[int, Sheet]:
    """Task to the sheet that counts, of the tasks that have one and were not ended before it was done."""
    found: dict[int, Sheet] = {}
    rows = Sheet.objects.filter(task__call=call.key, task__stage=number, task__ended_at=None)
    for sheet in rows.order_by("task_id", "number").select_related("task"):
        found[sheet.task_id] = sheet
    return found
