"""Which texts are nearly the same: shingles of characters, their overlap, and MinHash to find pairs among very many.

A shingle is a run of characters of the text in lower case without punctuation: six of Latin letters, three of Han ones,
so that both are about as long as a word. Likeness is the Jaccard coefficient of the sets of shingles.

MinHash: Broder, A. Z. (1997), On the resemblance and containment of documents, doi:10.1109/SEQUEN.1997.666900. Banding:
Leskovec, Rajaraman, Ullman (2014), Mining of Massive Datasets, chapter 3.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

LATIN, HAN = 6, 3
"""Characters of a shingle."""
HASHES, BANDS = 128, 64
"""Two rows a band: pairs of likeness .2 are found with probability .93, of .1 with .47."""
_PRIME = np.uint64((1 << 31) - 1)
_NOT_TEXT = re.compile(r"[\W_]+")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+|[^\u3400-\u9fff]+")


def shingles(text: str) -> frozenset[int]:
    """Hashes of the shingles of a text; of one that is shorter than a shingle, its own.

    >>> len(shingles("Solid-state cell")), shingles("固态电池 电芯") == shingles("固态电池，电芯。")
    (11, True)
    """
    found: set[int] = set()
    flat = unicodedata.normalize("NFKC", text).casefold()
    for run in _HAN_RUN.findall(" ".join(_NOT_TEXT.sub(" ", flat).split())):
        han = "\u3400" <= run[0] <= "\u9fff"
        size = HAN if han else LATIN
        bare = run.strip()
        found.update(_hash(bare[i : i + size]) for i in range(max(len(bare) - size + 1, 1 if bare else 0)))
    return frozenset(found)


def _hash(piece: str) -> int:
    return zlib.crc32(piece.encode()) & 0x7FFFFFFF


def likeness(first: frozenset[int], second: frozenset[int]) -> float:
    """The share of common shingles among all, 0 to 1 (Jaccard).

    >>> round(likeness(shingles("a cell for drones, 420 Wh"), shingles("a cell for drones, 380 Wh")), 2)
    0.52
    """
    if not first or not second:
        return 0.0
    common = len(first & second)
    return common / (len(first) + len(second) - common)


def overlap(first: frozenset[int], second: frozenset[int]) -> float:
    """The share of the first one's shingles that the second has, 0 to 1 (containment)."""
    return len(first & second) / len(first) if first else 0.0


def signatures(texts: Sequence[frozenset[int]], *, seed: int = 1997) -> npt.NDArray[np.uint32]:
    """MinHash of each set: (texts, 128) numbers whose share of equal places estimates the likeness of two sets.

    The same sets and seed give the same numbers. An empty set has the greatest number in every place.
    """
    drawn = np.random.default_rng(seed)
    factors = drawn.integers(1, int(_PRIME), HASHES, dtype=np.uint64)
    added = drawn.integers(0, int(_PRIME), HASHES, dtype=np.uint64)
    made = np.full((len(texts), HASHES), np.uint32(_PRIME), np.uint32)
    for row, text in enumerate(texts):
        if text:
            values = np.fromiter(text, np.uint64, len(text))
            # Below 2**62: two factors below 2**31 do not overflow.
            made[row] = ((values[:, None] * factors + added) % _PRIME).min(axis=0).astype(np.uint32)
    return made


def near_pairs(
    texts: Sequence[frozenset[int]], least: float, *, seed: int = 1997, most_in_bucket: int = 200
) -> Mapping[tuple[int, int], float]:
    """Pairs (i < j) of sets whose likeness is at least `least`, with it: candidates by banded MinHash, then exact.

    Args:
        most_in_bucket: of a bucket with more sets (a template that hundreds have filled in) only so many are compared.

    >>> texts = ("a solid cell for drones with 420 Wh/kg", "a solid cell for drones, 420 Wh/kg", "a bearing at sea")
    >>> list(near_pairs([shingles(text) for text in texts], .5))
    [(0, 1)]
    """
    marks = signatures(texts, seed=seed)
    rows = HASHES // BANDS
    candidates: set[tuple[int, int]] = set()
    filled = [i for i, text in enumerate(texts) if text]
    for band in range(BANDS):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        part = np.ascontiguousarray(marks[:, band * rows : (band + 1) * rows])
        for i in filled:
            buckets[part[i].tobytes()].append(i)
        for bucket in buckets.values():
            some = bucket[:most_in_bucket]
            candidates.update((a, b) for n, a in enumerate(some) for b in some[n + 1 :])
    exact = {pair: likeness(texts[pair[0]], texts[pair[1]]) for pair in candidates}
    return {pair: value for pair, value in sorted(exact.items()) if value >= least}
