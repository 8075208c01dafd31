"""Learners run side by side, so no call of LightGBM may leave the number of threads open (see `blend.ALONE`)."""

from __future__ import annotations

import re
from pathlib import Path

import foretrack.domains.foresight as foresight

ROOM = Path(foresight.__file__).parent


def test_every_prediction_by_trees_says_that_it_takes_one_thread() -> None:
    calls = [
        (path.name, call)
        for path in ROOM.rglob("*.py")
        if "lightgbm" in (text := path.read_text(encoding="utf-8"))
        for call in re.findall(r"\.predict\(([^()]*(?:\([^()]*\)[^()]*)*)\)", text)
    ]

    assert len(calls) >= 7
    assert [one for one in calls if "**ALONE" not in one[1] and "num_threads=1" not in one[1]] == []
