"""Rules for positions as dated data: classes of monopoly risk, blocs with their members, names of regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from foretrack.foundation.errors import InputError
from foretrack.packs.loading import BUILT_IN
from foretrack.packs.reading import Node, read_yaml
from foretrack.packs.shapes import CONFIDENCES, Bilingual, Confidence

FILE = "positions.yml"
_DATED = ("id", "label", "source", "confidence")


@dataclass(frozen=True, slots=True)
class RiskLevel:
    """One class of a monopoly rule: both tests must hold."""

    id: str
    institutions: float
    """At least so many of the first institutions are in the lead country."""
    lead: float
    """The lead country's share is at least so many times that of the second."""


@dataclass(frozen=True, slots=True)
class MonopolyRule:
    """When the position of a lead country is called a monopoly risk. Levels: the gravest first; else `low`."""

    id: str
    label: Bilingual
    valid_from: str
    valid_to: str | None
    first: int
    """How many leading institutions are looked at."""
    years: int
    """How many years are pooled."""
    levels: tuple[RiskLevel, ...]
    minimum_documents: int
    source: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Bloc:
    """Countries that can be counted as one."""

    id: str
    label: Bilingual
    members: tuple[tuple[str, str, str | None], ...]
    """(ISO alpha-2 code, first day, last day or None while it lasts)."""
    source: tuple[str, ...]
    confidence: Confidence

    def members_on(self, date: str) -> frozenset[str]:
        """The members on an ISO date.

        >>> bloc = load_position_rules().bloc("EU")
        >>> ["GB" in bloc.members_on(day) for day in ("1972-12-31", "1973-01-01", "2020-01-31", "2020-02-01")]
        [False, True, True, False]
        >>> len(bloc.members_on("2024-12-31"))
        27
        """
        return frozenset(
            country
            for country, first, last in self.members
            if first <= date and (last is None or date <= last)
        )


@dataclass(frozen=True, slots=True)
class PositionRules:
    """All rules known to a workspace."""

    monopoly: tuple[MonopolyRule, ...]
    blocs: tuple[Bloc, ...]
    regions: dict[str, Bilingual]
    """Region code (`CN-11`) to its name."""

    def bloc(self, name: str) -> Bloc:
        """The bloc called `name`, any case; InputError with the known ones."""
        for bloc in self.blocs:
            if bloc.id.casefold() == name.casefold():
                return bloc
        raise InputError.of(
            "no bloc {name!r}",
            expected="one of {known}",
            do="correct --bloc, or add the bloc to packs/NAME/positions.yml of the workspace",
            name=name,
            known=", ".join(bloc.id for bloc in self.blocs),
        )


def load_position_rules(paths: Sequence[str | Path] = ()) -> PositionRules:
    """The built-in rules and those in `FOLDER/*/positions.yml` of `paths`, which replace those of the same id.

    InputError with file, place, expectation and an example when a file is not usable.
    """
    found = [_built_in()]
    for path in paths:
        found += [_read(file) for file in sorted(Path(path).glob(f"*/{FILE}"))]
    monopoly = {rule.id: rule for rules in found for rule in rules.monopoly}
    blocs = {bloc.id: bloc for rules in found for bloc in rules.blocs}
    regions = {code: name for rules in found for code, name in rules.regions.items()}
    return PositionRules(tuple(monopoly.values()), tuple(blocs.values()), regions)


@cache
def _built_in() -> PositionRules:
    return _read(BUILT_IN / "position-rules" / FILE)


def _read(file: Path) -> PositionRules:
    root = Node(read_yaml(file), str(file))
    root.only(("format", "sources", "monopoly", "blocs", "regions"))
    if root.value.get("format", 1) != 1:
        raise root.fail(
            "format {format!r} is not known", "1", "format: 1", at="format", format=root.value["format"]
        )
    sources = set()
    for node in root.nodes("sources"):
        node.only(("id", "title", "confidence"))
        node.word("title", "Where it was read")
        sources.add(node.identifier("S1", clause=True))
    regions = {}
    for node in root.nodes("regions"):
        node.only(_DATED)
        _sources(node, "source", sources)
        regions[node.identifier("CN-11", clause=True)] = node.bilingual("label", "{en: Beijing}")
    return PositionRules(
        tuple(_rule(node, sources) for node in root.nodes("monopoly")),
        tuple(_bloc(node, sources) for node in root.nodes("blocs")),
        regions,
    )


def _rule(node: Node, sources: set[str]) -> MonopolyRule:
    node.only(
        (*_DATED, "valid_from", "valid_to", "first", "years", "levels", "minimum_documents", "minimum_source")
    )
    levels = []
    for level in node.nodes("levels"):
        level.only(("id", "institutions", "lead"))
        levels.append(
            RiskLevel(
                level.choice("id", ("high", "medium")),
                _number(level, "institutions", 8),
                _number(level, "lead", 3),
            )
        )
    if not levels:
        raise node.fail("there is no level", "at least one", "levels: [{id: high, institutions: 8, lead: 3}]")
    valid_from = node.day("valid_from", "the first day the rule was in use", "2023-03-01")
    _sources(node, "minimum_source", sources)
    return MonopolyRule(
        id=node.identifier("my-rule"),
        label=node.bilingual("label", "{en: Monopoly risk}"),
        valid_from=valid_from,
        valid_to=node.date("valid_to"),
        first=int(_number(node, "first", 10)),
        years=int(_number(node, "years", 5)),
        levels=tuple(levels),
        minimum_documents=int(_number(node, "minimum_documents", 50)),
        source=_sources(node, "source", sources),
        confidence=_confidence(node),
    )


def _bloc(node: Node, sources: set[str]) -> Bloc:
    node.only((*_DATED, "members"))
    members: list[tuple[str, str, str | None]] = []
    for member in node.nodes("members"):
        member.only(("countries", "from", "to"))
        first = member.date("from")
        if first is None:
            raise member.fail("`from` is missing", "the first day of membership", 'from: "1995-01-01"')
        for country in member.words("countries", "SE"):
            if len(country) != 2 or not country.isalpha() or not country.isupper():
                raise member.fail(
                    "the country {country!r}",
                    "an ISO alpha-2 code",
                    "countries: [SE]",
                    at="countries",
                    country=country,
                )
            members.append((country, first, member.date("to")))
    if not members:
        raise node.fail(
            "it has no member", "at least one", 'members: [{countries: [SE], from: "1995-01-01"}]'
        )
    return Bloc(
        id=node.identifier("EU", clause=True),
        label=node.bilingual("label", "{en: European Union}"),
        members=tuple(members),
        source=_sources(node, "source", sources),
        confidence=_confidence(node),
    )


def _number(node: Node, key: str, example: float) -> float:
    value = node.value.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise node.fail(
            "{key!r} is {value!r}", "a number above 0", f"{key}: {example}", at=key, key=key, value=value
        )
    return value


def _sources(node: Node, key: str, known: set[str]) -> tuple[str, ...]:
    found = node.words(key, "S1")
    for name in found:
        if name not in known:
            raise node.fail(
                "there is no source {source!r}", "a source of this file", f"{key}: [S1]", at=key, source=name
            )
    return found


def _confidence(node: Node) -> Confidence:
    return cast(Confidence, node.choice("confidence", CONFIDENCES, default="k"))
