"""Which pairs are worth comparing: those that share something rare, so that a hundred thousand records take minutes.

Records fall into blocks by their identifiers, hosts, whole names, words, beginnings and ends; only inside a block are
pairs made, and inside the large ones only pairs whose names are alike at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from foretrack.registry.duplicates.profiles import Profile
from foretrack.registry.duplicates.scoring import ASK_FROM, CROWDED_HOST, Crowd, Scored, score

WHOLE_BLOCK = 60
"""Up to so many records that share an identifier, a host or a whole name, each pair is compared."""
WORD_BLOCK = 200
"""A word, beginning or end that more names share than this is common and makes no block."""
ALIKE_LATIN, ALIKE_HAN = 75, 60
"""Similarity below which a pair in a block of words is not looked at further."""
_EDGE_LATIN, _EDGE_HAN = 6, 4


@dataclass(slots=True)
class Pairing:
    """Pairs found, and what was not compared."""

    pairs: dict[tuple[int, int], Scored]
    """By the positions of the two profiles, the smaller first."""
    compared: int
    crowded: int
    """Names borne by too many records for every pair; those are compared inside one region or organisation."""


def alike(profiles: Sequence[Profile], *, ask_from: float = ASK_FROM) -> Pairing:
    """Pairs of profiles with at least the score `ask_from`.

    The same profiles give the same pairs in whatever order they come. Time grows with the number of records and the size
    of the blocks, which is bounded, not with the square of the number.
    """
    crowd = crowd_of(profiles)
    found = Pairing({}, 0, 0)
    seen: set[tuple[int, int]] = set()
    for pair in _candidates(profiles, found):
        if pair in seen:
            continue
        seen.add(pair)
        found.compared += 1
        scored = score(profiles[pair[0]], profiles[pair[1]], crowd)
        if scored.score >= ask_from:
            found.pairs[pair] = scored
    return found


def crowd_of(profiles: Sequence[Profile]) -> Crowd:
    """How many of the profiles bear each name and host."""
    names: Counter[str] = Counter()
    hosts: Counter[str] = Counter()
    for profile in profiles:
        names.update({*profile.latin, *profile.han})
        hosts.update(profile.hosts)
    return Crowd(names, hosts)


def _candidates(profiles: Sequence[Profile], found: Pairing) -> Iterator[tuple[int, int]]:
    whole: dict[tuple[str, ...], list[int]] = defaultdict(list)
    words: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for n, profile in enumerate(profiles):
        for key in _whole_keys(profile):
            whole[key].append(n)
        for name in profile.latin:
            for key in _latin_keys(name):
                words[key].append((name, n))
        for name in profile.han:
            for key in _han_keys(name):
                words[key].append((name, n))
    for whole_key, members in whole.items():
        if whole_key[0] == "host" and len(members) > CROWDED_HOST:
            continue
        if len(members) > WHOLE_BLOCK:
            found.crowded += whole_key[0] == "name"
            continue
        for i, a in enumerate(members):
            for b in members[i + 1 :]:
                yield (a, b)
    whole.clear()
    for (script, _), block in words.items():
        if 1 < len(block) <= WORD_BLOCK:
            yield from _close(block, ALIKE_HAN if script == "han" else ALIKE_LATIN)


def _whole_keys(profile: Profile) -> set[tuple[str, ...]]:
    names = {*(" ".join(sorted(name.split())) for name in profile.latin), *profile.han}
    return {
        *(("identifier", *identifier) for identifier in profile.identifiers),
        *(("host", host) for host in profile.hosts),
        *(("name", name) for name in names),
        *(("name there", name, profile.region) for name in names if profile.region),
        *(("name of", name, profile.organisation) for name in names if profile.organisation),
    }


def _latin_keys(name: str) -> set[tuple[str, str]]:
    bare = name.replace(" ", "")
    edges = {("latin", "^" + bare[:_EDGE_LATIN]), ("latin", "$" + bare[-_EDGE_LATIN:])}
    return edges | {("latin", word) for word in name.split() if len(word) > 2}


def _han_keys(name: str) -> set[tuple[str, str]]:
    return {("han", "^" + name[:_EDGE_HAN]), ("han", "$" + name[-_EDGE_HAN:])}


def _close(block: Sequence[tuple[str, int]], alike_from: int) -> Iterator[tuple[int, int]]:
    import numpy as np
    from rapidfuzz.fuzz import token_sort_ratio
    from rapidfuzz.process import cdist

    if len(block) < 6:  # the call costs more than it saves
        for i, (_, a) in enumerate(block):
            for _, b in block[i + 1 :]:
                if a != b:
                    yield (min(a, b), max(a, b))
        return
    names = [name for name, _ in block]
    scores = cdist(names, names, scorer=token_sort_ratio, score_cutoff=alike_from, dtype=np.uint8, workers=1)
    for i, j in zip(*np.nonzero(np.triu(scores, 1)), strict=True):
        a, b = block[int(i)][1], block[int(j)][1]
        if a != b:
            yield (min(a, b), max(a, b))
