"""Ladders as dated data: echelons, the lowest first, with the rule of each and who decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, cast, get_args

from foretrack.foundation.errors import InputError
from foretrack.packs.beside import SideFile, entries_of
from foretrack.packs.reading import Node
from foretrack.packs.shapes import Bilingual, Confidence

FILE = "ladders.yml"
Level: TypeAlias = Literal["city", "province", "ministry"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""Of those who decide, from the nearest to the highest."""


@dataclass(frozen=True, slots=True)
class Echelon:
    """One step of a ladder."""

    id: str
    label: Bilingual
    rule: str
    """Full id of the rule that decides whether an enterprise reaches it."""
    needs: str | None
    """The echelon of the same ladder that has to be reached before."""
    chain: tuple[Level, ...]
    """Who looks at an application, in this order; the last one recognises."""
    source: tuple[str, ...]
    confidence: Confidence

    @property
    def decided_by(self) -> Level:
        """Who recognises."""
        return self.chain[-1]


@dataclass(frozen=True, slots=True)
class Ladder:
    """Echelons in their order, the lowest first, as one measure names them."""

    id: str
    label: Bilingual
    pack: str
    """Name of the pack's folder, by which the ladder is called too."""
    valid_from: str
    valid_to: str | None
    echelons: tuple[Echelon, ...]
    source: tuple[str, ...]
    confidence: Confidence

    def in_force(self, on: str) -> bool:
        """Whether it is in force on an ISO date."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def full_id(self, echelon: Echelon) -> str:
        """`ladder/echelon`, the name that is unique over all ladders."""
        return f"{self.id}/{echelon.id}"

    def last_day(self, today: str) -> str:
        """Today, or the day of its period that lies nearest to today.

        >>> choose_ladder(load_ladders(), "cn-srdi-2022").last_day("2030-01-01")
        '2026-01-16'
        """
        return max(self.valid_from, min(today, self.valid_to or today))


def load_ladders(paths: Sequence[str | Path] = ()) -> tuple[Ladder, ...]:
    """The built-in ladders and those in `FOLDER/*/ladders.yml` of `paths`, which replace those of one id.

    InputError with file, place, expectation and an example when a file is not usable.

    >>> {ladder.pack: [echelon.id for echelon in ladder.echelons][0] for ladder in load_ladders()}
    {'cn-hte-2016': 'high-tech-enterprise', 'cn-srdi-2022': 'innovative-sme'}
    """
    found = {ladder.id: ladder for ladder in entries_of(FILE, "ladders", _ladder, paths)}
    return tuple(found.values())


def choose_ladder(ladders: Sequence[Ladder], name: str) -> Ladder:
    """The ladder with an id, or that of a pack which has one. InputError that lists the known ones."""
    found = [one for one in ladders if one.id == name] or [one for one in ladders if one.pack == name]
    if len(found) == 1:
        return found[0]
    raise InputError.of(
        "there is no ladder {name!r}" if not found else "the pack {name!r} has several ladders",
        expected="one of {known}",
        do="correct the name, or put a `ladders.yml` into a pack of the workspace",
        name=name,
        known=", ".join(one.id for one in found or ladders) or "-",
    )


def find_echelon(ladders: Sequence[Ladder], full_id: str) -> tuple[Ladder, Echelon]:
    """The echelon called `ladder/echelon`, with its ladder. InputError that lists the known ones."""
    for ladder in ladders:
        for echelon in ladder.echelons:
            if ladder.full_id(echelon) == full_id:
                return ladder, echelon
    raise InputError.of(
        "there is no echelon {name!r}",
        expected="one of {known}",
        do="correct the name",
        name=full_id,
        known=", ".join(one.full_id(e) for one in ladders for e in one.echelons) or "-",
    )


def _ladder(node: Node, file: SideFile) -> Ladder:
    node.only(("id", "label", "valid_from", "valid_to", "echelons", "source", "confidence"))
    name = node.identifier("my-ladder")
    first = node.day("valid_from", "the first day it holds")
    steps: list[Echelon] = []
    for one in node.nodes("echelons"):
        steps.append(_echelon(one, {step.id for step in steps}, file))
    if not steps:
        raise node.fail(
            "the ladder {name!r} has no echelon", "at least one", "echelons: [{id: first, ...}]", name=name
        )
    return Ladder(
        name, node.bilingual("label", "{en: My ladder, zh: 梯度}"), file.path.parent.name, first,
        node.date("valid_to"), tuple(steps), file.sources(node), node.confidence(),
    )  # fmt: skip


def _echelon(node: Node, before: set[str], file: SideFile) -> Echelon:
    node.only(("id", "label", "rule", "needs", "chain", "source", "confidence"))
    name = node.identifier("first-echelon")
    if name in before:
        raise node.fail("two echelons are called {name!r}", "one name each", "id: second", at="id", name=name)
    needs = node.optional_word("needs", "first-echelon")
    if needs is not None and needs not in before:
        raise node.fail(
            "`needs` is {needs!r}", "an echelon that stands before it", "needs: first-echelon", at="needs", needs=needs
        )  # fmt: skip
    chain = node.words("chain", "city")
    places = [LEVELS.index(level) for level in chain if level in LEVELS]
    if not chain or len(places) != len(chain) or places != sorted(set(places)):
        raise node.fail(
            "`chain` is {chain!r}", "some of {levels}, in this order", "chain: [city, province]",
            at="chain", chain=", ".join(chain), levels=", ".join(LEVELS),
        )  # fmt: skip
    return Echelon(
        name, node.bilingual("label", "{en: First echelon, zh: 第一梯队}"), node.word("rule", "my-pack/my-rule"), needs,
        cast("tuple[Level, ...]", tuple(chain)), file.sources(node), node.confidence(),
    )  # fmt: skip
