"""How many come how far: stages of the way up an echelon, each counted in the year in which it was reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Stage: TypeAlias = Literal[
    "assessed", "applied", "city", "province", "ministry", "recognised", "renewed", "lapsed", "removed"
]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""In the order of the way: figures declared; handed in; past the city; past the province; past the ministry; recognised;
renewed after a re-check; lapsed; removed."""
OPEN: frozenset[Stage] = frozenset(("recognised", "renewed", "lapsed", "removed"))
"""Stages that everybody may know of."""


@dataclass(frozen=True, slots=True)
class Reached:
    """One record that reached a stage."""

    key: str
    stage: Stage
    year: int
    region: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many records reached a stage in a year, in a region."""

    region: str
    year: int
    stage: Stage
    n: int


_ENDS: dict[str, Stage] = {"recognised": "recognised", "lapsed": "lapsed", "removed": "removed"}
_PASSED: dict[str, Stage] = {
    "submitted": "city",
    "province-review": "province",
    "ministry-review": "ministry",
}


def stage_of(before: str, act: str, after: str) -> Stage | None:
    """The stage that a record reaches by an act that leads it from one state to another; None for none.

    >>> stage_of("submitted", "move:pass-city", "province-review"), stage_of("draft", "edit", "draft")
    ('city', None)
    """
    if before == after:
        return None
    if act == "move:renew":
        return "renewed"
    if after == "submitted":
        return "applied"
    if after in ("lapsed", "removed"):
        return after  # type: ignore[return-value]
    if after == "recognised":
        return "recognised"
    passed: dict[str, Stage] = {
        "submitted": "city",
        "province-review": "province",
        "ministry-review": "ministry",
    }
    return passed.get(before) if after in ("province-review", "ministry-review", "notice") else None


def count(reached: Iterable[Reached]) -> tuple[Count, ...]:
    """The counts, by region, year and stage; a record counts once for a stage in a year, however often it came there.

    >>> twice = [Reached("A", "applied", 2026, "XA"), Reached("A", "applied", 2026, "XA")]
    >>> [(c.stage, c.n) for c in count(twice)]
    [('applied', 1)]
    """
    counted = Counter((one.region, one.year, one.stage) for one in set(reached))
    return tuple(
        Count(region, year, stage, counted[region, year, stage])
        for region, year in sorted({(region, year) for region, year, _ in counted})
        for stage in STAGES
        if counted[region, year, stage]
    )
