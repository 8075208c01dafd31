"""Levels of alerts as data: codes with labels, colours and an order, each with its source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from foretrack.foundation.errors import InputError
from foretrack.packs.beside import SideFile, entries_of
from foretrack.packs.reading import Node
from foretrack.packs.shapes import Bilingual, Confidence

FILE = "levels.yml"
_KEYS = ("id", "scheme", "label", "colour", "weight", "source", "confidence")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Level:
    """How urgent an alert is."""

    id: str
    scheme: str
    label: Bilingual
    colour: str
    """`#rrggbb`."""
    weight: int
    """0..100: orders levels of all schemes, the most urgent last."""
    source: tuple[str, ...]
    confidence: Confidence


def load_levels(paths: Sequence[str | Path] = ()) -> Mapping[str, Level]:
    """The built-in levels and those in `FOLDER/*/levels.yml` of `paths`, by id, the least urgent first.

    InputError with file, place, expectation and an example when a file is not usable.

    >>> list(load_levels())
    ['info', 'attention', 'blue', 'yellow', 'urgent', 'orange', 'red']
    """
    found = entries_of(FILE, "levels", _level, paths)
    by_id = {level.id: level for level in found}
    return {level.id: level for level in sorted(by_id.values(), key=lambda x: (x.weight, x.id))}


def level_called(levels: Mapping[str, Level], name: str) -> Level:
    """The level with an id; InputError that lists the known ones."""
    if name not in levels:
        raise InputError.of(
            "there is no level {name!r}", expected="one of {known}", do="choose one", name=name[:40],
            known=", ".join(levels),
        )  # fmt: skip
    return levels[name]


def _level(node: Node, file: SideFile) -> Level:
    node.only(_KEYS)
    weight = node.value.get("weight")
    if not isinstance(weight, int) or isinstance(weight, bool) or not 0 <= weight <= 100:
        raise node.fail(
            "{key!r} is {value!r}",
            "a whole number from 0 to 100",
            "weight: 30",
            at="weight",
            key="weight",
            value=weight,
        )
    colour = node.word("colour", "#1d4ed8")
    if not _COLOUR.fullmatch(colour):
        raise node.fail(
            "{key!r} is {value!r}", "a colour", 'colour: "#1d4ed8"', at="colour", key="colour", value=colour
        )
    return Level(
        id=node.identifier("info"), scheme=node.word("scheme", "generic"),
        label=node.bilingual("label", "{en: Information, zh: 提示}"), colour=colour, weight=weight,
        source=file.sources(node), confidence=node.confidence(),
    )  # fmt: skip
