"""Thresholds of procedures as dated data: from when joint work no longer counts as a conflict, when a mark is
remarkable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from foretrack.foundation.errors import InputError
from foretrack.packs.loading import BUILT_IN
from foretrack.packs.reading import Node, read_yaml
from foretrack.packs.shapes import CONFIDENCES, Bilingual, Confidence

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
        for one in self.entries:
            if one.id == name and one.valid_from <= day and (one.valid_to is None or day <= one.valid_to):
                return one
        raise InputError.of(
            "no pack says what {name} is on {day}", expected="one of {known}, with dates around that day",
            do="add it to packs/NAME/thresholds.yml of the workspace", name=name, day=day,
            known=", ".join(sorted({one.id for one in self.entries})),
        )  # fmt: skip


def load_thresholds(paths: Sequence[str | Path] = ()) -> Thresholds:
    """The built-in thresholds and those in `FOLDER/*/thresholds.yml` of `paths`, which replace those of one id and day.

    InputError with file, place, expectation and an example when a file is not usable.
    """
    found = list(_built_in())
    for path in paths:
        for file in sorted(Path(path).glob(f"*/{FILE}")):
            found += _read(file)
    by_id: Mapping[tuple[str, str], Threshold] = {(one.id, one.valid_from): one for one in found}
    return Thresholds(tuple(sorted(by_id.values(), key=lambda one: (one.id, one.valid_from))))


@cache
def _built_in() -> tuple[Threshold, ...]:
    return tuple(one for file in sorted(BUILT_IN.glob(f"*/{FILE}")) for one in _read(file))


def _read(file: Path) -> list[Threshold]:
    root = Node(read_yaml(file), str(file))
    root.only(("format", "sources", "thresholds"))
    known = {node.identifier("S1", clause=True) for node in root.nodes("sources")}
    return [_threshold(node, known) for node in root.nodes("thresholds")]


def _threshold(node: Node, sources: set[str]) -> Threshold:
    node.only(_KEYS)
    value = node.number("value", "value: 3")
    if value is None:
        raise node.fail("`value` is missing", "a number", "value: 3", at="value")
    source = node.words("source", "S1")
    for name in source:
        if name not in sources:
            raise node.fail(
                "there is no source {source!r}",
                "a source of this file",
                "source: [S1]",
                at="source",
                source=name,
            )
    return Threshold(
        id=node.identifier("years-employed"), label=node.bilingual("label", "{en: Years, zh: 年数}"), value=float(value),
        unit=node.word("unit", "years", default=""), valid_from=node.day("valid_from", "the first day it holds"),
        valid_to=node.date("valid_to"), source=source,
        confidence=cast(Confidence, node.choice("confidence", CONFIDENCES, default="k")),
    )  # fmt: skip
