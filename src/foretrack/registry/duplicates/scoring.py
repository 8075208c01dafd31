"""How alike two records are: signs for and against, each with its weight, after Fellegi and Sunter.

A sign weighs the base-2 logarithm of how much likelier it is among pairs that are one thing than among pairs that are
not (Fellegi and Sunter 1969, doi:10.1080/01621459.1969.10501049). The weights were set by hand on the first half of the
invented pairs and are measured on the other half (docs/methods/duplicates.md). The score orders pairs; it is no
probability.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from foretrack.language.organisations import is_abbreviation, numbers_in
from foretrack.registry.duplicates.profiles import Profile

Level: TypeAlias = Literal["equal", "cut words", "near", "part", "different"]

PRIOR = -5.0
NAME: Mapping[Level, float] = {"equal": 7.0, "cut words": 5.5, "near": 5.5, "part": 2.0, "different": -6.0}
SAME_IDENTIFIER, OTHER_IDENTIFIER = 12.0, -12.0
SAME_HOST = 5.5
SAME_REGION, NESTED_REGION, OTHER_REGION = 1.0, 0.5, -2.0
OTHER_COUNTRY = -5.0
OTHER_FORM = -1.0
OTHER_NUMBER = -9.0
SAME_ORGANISATION, OTHER_ORGANISATION = 3.0, -2.0
OTHER_NAME_BESIDE = -2.0

ASK_FROM = 0.5
"""Pairs with this score or a higher one are worth a person's look."""
NEAR_LATIN, NEAR_HAN = 90.0, 88.0
"""Similarity (0-100, rapidfuzz) from which two names are near."""
SHORTEST_LATIN, SHORTEST_HAN = 8, 8
"""Characters that both names have at least: one letter in a short name makes it another."""
CROWDED_HOST = 8
"""A host that more records than this share is a portal and says nothing."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that speaks for or against, without any value of a record."""

    sign: str
    level: str
    weight: float


@dataclass(frozen=True, slots=True)
class Scored:
    """How alike two records are."""

    score: float
    """From 0 to 1."""
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many records bear a name or a host: what many share says little."""

    names: Mapping[str, int] = field(default_factory=dict)
    hosts: Mapping[str, int] = field(default_factory=dict)


def score(one: Profile, other: Profile, crowd: Crowd | None = None) -> Scored:
    """The score of a pair and what it is made of, the heaviest sign first.

    >>> def named(*latin, **more):
    ...     rest = {"han": (), "families": frozenset(), "identifiers": frozenset(), "hosts": frozenset(),
    ...             "country": "", "region": "", "organisation": ""}
    ...     return Profile(latin, **{**rest, **more})
    >>> round(score(named("invented works"), named("invented works")).score, 2)  # 2 ** (7 - 5) = 4; 4 / (1 + 4)
    0.8
    >>> here, there = named("invented works", region="CN-33"), named("invented works", region="DE-BY", country="DE")
    >>> [(s.sign, s.level, s.weight) for s in score(here, there).signs]
    [('name', 'equal', 7.0), ('region', 'different', -2.0)]
    """
    crowd = crowd or Crowd()
    signs = [
        *_identifiers(one, other),
        *_names(one, other, crowd),
        *_hosts(one, other, crowd),
        *_places(one, other),
    ]
    total = PRIOR + sum(sign.weight for sign in signs)
    ordered = sorted(signs, key=lambda sign: (-abs(sign.weight), sign.sign))
    return Scored(round(1 / (1 + 2 ** min(60.0, -total)), 4), tuple(ordered))


def _identifiers(one: Profile, other: Profile) -> list[Sign]:
    if one.identifiers & other.identifiers:
        return [Sign("identifier", "same", SAME_IDENTIFIER)]
    mine, theirs = dict(one.identifiers), dict(other.identifiers)
    if mine.keys() & theirs.keys():
        return [Sign("identifier", "different", OTHER_IDENTIFIER)]
    return []


def _names(one: Profile, other: Profile, crowd: Crowd) -> list[Sign]:
    found: list[tuple[Level, str, bool]] = []
    for han, mine, theirs in ((False, one.latin, other.latin), (True, one.han, other.han)):
        if mine and theirs:
            levels = [(level_of(a, b, han=han), a, _marks(a) != _marks(b)) for a in mine for b in theirs]
            found.append(max(levels, key=lambda one: (NAME[one[0]], not one[2], one[1])))
    if not found:
        return []  # one is named in Chinese only and the other in English only: nothing to compare
    best, name, numbers = max(found, key=lambda one: NAME[one[0]])
    weight = NAME[best]
    if best == "equal":
        # Two bearers are the pair itself; what fifty bear is worth less by the logarithm of that.
        weight -= math.log2(max(2, crowd.names.get(name, 2)) / 2)
    signs = [Sign("name", best, round(weight, 2))]
    if numbers and best != "different":
        signs.append(Sign("number or letter in the name", "different", OTHER_NUMBER))
    if len(found) == 2 and best != "different" and any(level == "different" for level, _, _ in found):
        signs.append(Sign("name in the other language", "different", OTHER_NAME_BESIDE))
    if one.families and other.families and not one.families & other.families:
        signs.append(Sign("legal form", "different", OTHER_FORM))
    return signs


def _marks(name: str) -> tuple[str, ...]:
    """Numbers and letters that stand alone: plant A is not plant B."""
    return (*numbers_in(name), *sorted(word for word in name.split() if len(word) == 1 and word.isalpha()))


def level_of(one: str, other: str, *, han: bool) -> Level:
    """How alike two folded names are.

    >>> level_of("example medical school", "example med school", han=False)
    'cut words'
    >>> level_of("虚构制造", "虚构制药", han=True), level_of("北京虚构智能制造", "虚构智能制造", han=True)
    ('different', 'part')
    """
    from rapidfuzz.fuzz import ratio, token_sort_ratio

    if one == other:
        return "equal"
    if han:
        shorter, longer = sorted((one, other), key=len)
        if len(shorter) >= SHORTEST_HAN and ratio(one, other, score_cutoff=NEAR_HAN):
            return "near"
        return "part" if len(shorter) >= 4 and shorter in longer else "different"
    if sorted(one.split()) == sorted(other.split()) or one.replace(" ", "") == other.replace(" ", ""):
        return "equal"
    if is_abbreviation(one, other):
        return "cut words"
    if min(len(one), len(other)) >= SHORTEST_LATIN and token_sort_ratio(one, other, score_cutoff=NEAR_LATIN):
        return "near"
    mine, theirs = sorted((set(one.split()), set(other.split())), key=len)
    return "part" if len(mine) >= 2 and mine <= theirs else "different"


def _hosts(one: Profile, other: Profile, crowd: Crowd) -> list[Sign]:
    shared = [host for host in one.hosts & other.hosts if crowd.hosts.get(host, 2) <= CROWDED_HOST]
    return [Sign("website", "same", SAME_HOST)] if shared else []


def _places(one: Profile, other: Profile) -> list[Sign]:
    signs = []
    if one.country and other.country and one.country != other.country:
        signs.append(Sign("country", "different", OTHER_COUNTRY))
    if one.region and other.region:
        if one.region == other.region:
            signs.append(Sign("region", "same", SAME_REGION))
        elif one.region.startswith(other.region) or other.region.startswith(one.region):
            signs.append(Sign("region", "one in the other", NESTED_REGION))
        else:
            signs.append(Sign("region", "different", OTHER_REGION))
    if one.organisation and other.organisation:
        same = one.organisation == other.organisation
        signs.append(
            Sign(
                "organisation",
                "same" if same else "different",
                SAME_ORGANISATION if same else OTHER_ORGANISATION,
            )
        )
    return signs
