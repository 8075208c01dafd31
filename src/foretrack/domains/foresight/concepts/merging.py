"""Groups of terms that are one concept, each union with its reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

Words = tuple[int, ...]
"""Folded word numbers of a term, first word first."""

MIN_INTRODUCTIONS = 2
"""Documents that must introduce an acronym for an expansion."""
MIN_EXPANSION_SHARE = 0.6
"""Share of an acronym's introductions that its expansion must have: "CNN" may not be two things at once."""
MIN_INTRODUCED_SHARE = 0.10
"""Introductions per document that uses the acronym: "map" and "sam" are mostly ordinary words."""
MIN_TRANSLATION_SHARE = 0.5
"""Share of both keywords' pairings that a translation must have."""


@dataclass(frozen=True, slots=True)
class Union:
    """Two terms that are one concept, and why."""

    one: int
    other: int
    reason: str
    """`acronym`, `solid spelling`, `translation` or `user synonym`."""


def acronym_unions(
    introductions: Mapping[tuple[int, Words], int],
    find: Callable[[Words], int | None],
    df: Callable[[int], int],
) -> list[Union]:
    """Joins an acronym to the one expansion that dominates its introductions.

    Args:
        introductions: (acronym word, expansion words) -> documents.
        find: term number of words, None when they are no term.
        df: documents that carry a term.
    """
    by_acronym: dict[int, Counter[Words]] = defaultdict(Counter)
    for (acronym, words), count in introductions.items():
        by_acronym[acronym][words] += count
    unions: list[Union] = []
    for acronym in sorted(by_acronym):
        expansions = by_acronym[acronym]
        total = sum(expansions.values())
        words, count = min(expansions.items(), key=lambda pair: (-pair[1], pair[0]))
        one, other = find((acronym,)), find(words)
        if (
            one is None
            or other is None
            or len(words) < 2
            or count < MIN_INTRODUCTIONS
            or count < MIN_EXPANSION_SHARE * total
        ):
            continue
        if total < MIN_INTRODUCED_SHARE * df(one):
            continue
        unions.append(Union(one, other, "acronym"))
    return unions


def solid_unions(terms: Iterable[tuple[int, str]]) -> list[Union]:
    """Joins terms that differ by spaces only: "data set" and "dataset".

    Args:
        terms: (term, its letters without spaces); the first of equal ones keeps the others.

    >>> solid_unions([(3, "healthcare"), (5, "robot"), (7, "healthcare")])
    [Union(one=3, other=7, reason='solid spelling')]
    """
    first: dict[str, int] = {}
    unions: list[Union] = []
    for term, letters in terms:
        one = first.setdefault(letters, term)
        if one != term:
            unions.append(Union(one, term, "solid spelling"))
    return unions


def translation_unions(
    pairings: Mapping[tuple[Words, Words], int],
    find: Callable[[Words], int | None],
    *,
    min_pairings: int,
) -> list[Union]:
    """Joins a Chinese and an English keyword that authors pair with each other more than with anything else.

    Args:
        pairings: (keyword words, keyword words in the other language) -> documents that list both at the
            same place of lists of equal length.
    """
    unions: list[Union] = []
    for one, other in dominant_pairings(pairings, min_pairings=min_pairings):
        found_one, found_other = find(one), find(other)
        if found_one is not None and found_other is not None and found_one != found_other:
            unions.append(Union(found_one, found_other, "translation"))
    return unions


def dominant_pairings(
    pairings: Mapping[tuple[Words, Words], int], *, min_pairings: int
) -> list[tuple[Words, Words]]:
    """The pairings that make up at least half of the pairings of both their keywords, in order.

    >>> dominant_pairings({((1,), (2,)): 3, ((1,), (3,)): 1, ((4,), (3,)): 1}, min_pairings=2)
    [((1,), (2,))]
    """
    one_total: Counter[Words] = Counter()
    other_total: Counter[Words] = Counter()
    for (one, other), count in pairings.items():
        one_total[one] += count
        other_total[other] += count
    return [
        (one, other)
        for (one, other), count in sorted(pairings.items())
        if count >= min_pairings and count >= MIN_TRANSLATION_SHARE * max(one_total[one], other_total[other])
    ]


def synonym_unions(groups: Iterable[Sequence[Words]], find: Callable[[Words], int | None]) -> list[Union]:
    """Joins the terms of each group that the user says are one; terms that were not mined are passed over."""
    unions: list[Union] = []
    for group in groups:
        found = [term for term in map(find, group) if term is not None]
        unions.extend(Union(found[0], other, "user synonym") for other in found[1:])
    return unions


def allowed_unions(n_terms: int, unions: Iterable[Union], apart: Iterable[tuple[int, int]]) -> list[Union]:
    """The unions that keep the pairs apart that the user wants apart; earlier unions have the say over later ones.

    A union that would join such a pair by way of other terms is dropped too.

    >>> cnn, network, zh = 0, 1, 2
    >>> steps = [Union(zh, network, "translation"), Union(cnn, network, "acronym"), Union(cnn, zh, "translation")]
    >>> [union.reason for union in allowed_unions(3, steps, [(cnn, network)])]
    ['translation']
    """
    pairs = list(apart)
    unions = list(unions)
    if not pairs:
        return unions
    group = list(range(n_terms))
    members = {term: [term] for term in range(n_terms)}
    enemies: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        enemies[one].add(other)
        enemies[other].add(one)
    allowed: list[Union] = []
    for union in unions:
        one, other = group[union.one], group[union.other]
        if one == other:
            allowed.append(union)
            continue
        joined = set(members[other])
        if any(enemies[term] & joined for term in members[one] if term in enemies):
            continue
        allowed.append(union)
        for term in members.pop(other):
            group[term] = one
            members[one].append(term)
    return allowed


def groups_of(n_terms: int, unions: Iterable[Union]) -> list[int]:
    """Group number of every term: the smallest term number of its group.

    >>> groups_of(5, [Union(1, 3, "acronym"), Union(3, 4, "translation")])
    [0, 1, 2, 1, 1]
    """
    parent = list(range(n_terms))

    def root(term: int) -> int:
        while parent[term] != term:
            parent[term] = parent[parent[term]]
            term = parent[term]
        return term

    for union in unions:
        one, other = sorted((root(union.one), root(union.other)))
        parent[other] = one
    return [root(term) for term in range(n_terms)]
