"""Thresholds of procedures as dated data: from when joint work no longer counts as a conflict, when a mark is
remarkable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from foretrack.foundation.errors import InputError
from foretrack.packs.beside import SideFile, entries_of, valid_on
from foretrack.packs.reading import Node
from foretrack.packs.shapes import Bilingual, Confidence

FILE = "thresholds.yml"
_KEYS = ("id", "label", "value", "unit", "valid_from", "valid_to", "source", "confidence")


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number, for what happens while it is valid."""

    id: str
    label: Bilingual
    value: float
    unit: str
    valid_from: str
    valid_to: str | None
    source: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All thresholds known to a workspace."""

    entries: tuple[Threshold, ...]

    def on(self, name: str, day: str) -> Threshold:
        """The threshold called `name` that is valid on an ISO day; InputError that lists the known ones.

        >>> load_thresholds().on("years-employed", "2026-03-02").value
        3.0
        """
        found = valid_on(self.entries, name, day)
        if found is not None:
            return found
        raise InputError.of(
            "no pack says what {name} is on {day}", expected="one of {known}, with dates around that day",
            do="add it to packs/NAME/thresholds.yml of the workspace", name=name, day=day,
            known=", ".join(sorted({one.id for one in self.entries})),
        )  # fmt: skip


def load_thresholds(paths: Sequence[str | Path] = ()) -> Thresholds:
    """The built-in thresholds and those in `FOLDER/*/thresholds.yml` of `paths`, which replace those of one id and day.

    InputError with file, place, expectation and an example when a file is not usable.
    """
    found = entries_of(FILE, "thresholds", _threshold, paths)
    by_id: Mapping[tuple[str, str], Threshold] = {(one.id, one.valid_from): one for one in found}
    return Thresholds(tuple(sorted(by_id.values(), key=lambda one: (one.id, one.valid_from))))


def _threshold(node: Node, file: SideFile) -> Threshold:
    node.only(_KEYS)
    value = node.number("value", "value: 3")
    if value is None:
        raise node.fail("`value` is missing", "a number", "value: 3", at="value")
    return Threshold(
        id=node.identifier("years-employed"), label=node.bilingual("label", "{en: Years, zh: 年数}"), value=float(value),
        unit=node.word("unit", "years", default=""), valid_from=node.day("valid_from", "the first day it holds"),
        valid_to=node.date("valid_to"), source=file.sources(node),
        confidence=node.confidence(),
    )  # fmt: skip
