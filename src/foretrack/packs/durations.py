"""Durations of procedures as dated data: how many working days a notice, a review or a correction lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from foretrack.foundation.errors import InputError
from foretrack.packs.beside import SideFile, entries_of, valid_on
from foretrack.packs.reading import Node
from foretrack.packs.shapes import Bilingual, Confidence

FILE = "durations.yml"
_KEYS = ("id", "label", "working_days", "valid_from", "valid_to", "source", "confidence")
MOST_DAYS = 1000


@dataclass(frozen=True, slots=True)
class Duration:
    """So many working days, for what begins while it is valid."""

    id: str
    label: Bilingual
    working_days: int
    valid_from: str
    valid_to: str | None
    source: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Durations:
    """All durations known to a workspace."""

    entries: tuple[Duration, ...]

    def on(self, name: str, day: str) -> Duration:
        """The duration called `name` that is valid on an ISO day.

        InputError that lists the known ones when there is none.

        >>> load_durations().on("public-notice", "2026-03-02").working_days
        5
        """
        found = valid_on(self.entries, name, day)
        if found is not None:
            return found
        raise InputError.of(
            "no pack says how long {name} lasts on {day}",
            expected="one of {known}, with dates around that day",
            do="add it to packs/NAME/durations.yml of the workspace",
            name=name,
            day=day,
            known=", ".join(sorted({d.id for d in self.entries})),
        )


def load_durations(paths: Sequence[str | Path] = ()) -> Durations:
    """The built-in durations and those in `FOLDER/*/durations.yml` of `paths`, which replace those of one id and day.

    InputError with file, place, expectation and an example when a file is not usable.
    """
    found = entries_of(FILE, "durations", _duration, paths)
    by_id = {(duration.id, duration.valid_from): duration for duration in found}
    return Durations(tuple(sorted(by_id.values(), key=lambda d: (d.id, d.valid_from))))


def _duration(node: Node, file: SideFile) -> Duration:
    node.only(_KEYS)
    days = node.value.get("working_days")
    if not isinstance(days, int) or isinstance(days, bool) or not 0 < days <= MOST_DAYS:
        raise node.fail(
            "`working_days` is {days!r}",
            "a whole number from 1 to {most}",
            "working_days: 5",
            at="working_days",
            days=days,
            most=MOST_DAYS,
        )
    return Duration(
        id=node.identifier("public-notice"),
        label=node.bilingual("label", "{en: Public notice, zh: 公示期}"),
        working_days=days,
        valid_from=node.day("valid_from", "the first day it holds"),
        valid_to=node.date("valid_to"),
        source=file.sources(node),
        confidence=node.confidence(),
    )
