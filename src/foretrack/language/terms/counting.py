"""Document frequencies of phrases by year, exactly, in memory that grows with the phrases kept.

Level by level (Agrawal & Srikant 1994, "Fast algorithms for mining association rules"): a phrase of n words
can be in `min_df` documents only if the phrase without its last word and the phrase without its first word
are, so each level looks only where the level before left something. A phrase is a pair (kept phrase of n-1
words, word); pairs are packed with their position into one 64-bit number and sorted, which is what makes
counting fast without compiled code of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from foretrack.language.tokens import join_freeing

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]

_BLOCK_TOKENS = 1 << 18
"""Tokens sorted at once: 2 MB of keys, so that a sort stays in the second-level cache."""

_SAMPLES = 96
"""About so many occurrences of a phrase are sampled, evenly spread: enough to know the usual spellings."""

_RANGE_KEYS = 1 << 22
"""Keys of all blocks that are merged at once: about 100 MB while sorting."""

_RANGE_TOKENS = 1 << 24
"""Tokens whose keys are counted together in a corpus too large to count at once: about 400 MB of keys and copies."""

_REMEMBER_TOKENS = 1 << 26
"""Up to so many tokens the sorted keys of a level are kept from counting to placing (8 bytes each);
beyond, they are sorted twice to save memory. The result is the same."""


@dataclass(frozen=True, slots=True)
class Level:
    """Phrases of one length that at least `min_df` documents carry.

    Shapes: `prefix`, `last`, `df` (n_phrases,). Phrase i is phrase `prefix[i]` of the level below followed
    by word `last[i]`; `suffix[i]` is the phrase without its first word, in the level below. At level 1
    `prefix` and `suffix` are -1. Phrases are ordered by (prefix, last).
    """

    prefix: Int64
    last: Int64
    suffix: Int64
    df: Int64

    def __len__(self) -> int:
        return len(self.last)


@dataclass(frozen=True, slots=True)
class PhraseCounts:
    """All levels, and which document carries which phrase."""

    levels: tuple[Level, ...]
    documents: tuple[Int32, ...]
    """Per level: document index of every (document, phrase) pair, each pair once, documents ascending by block."""
    phrases: tuple[Int32, ...]
    """Per level: phrase index within the level, parallel to `documents`."""
    seen_phrase: tuple[Int32, ...]
    """Per level: phrase index of sampled occurrences, evenly spread over the documents."""
    seen_at: tuple[Int64, ...]
    """Per level: position of the first word of each sampled occurrence in the token stream."""

    def by_year(self, level: int, years: Int64, first_year: int, n_years: int) -> Int32:
        """Document frequency by year of one level: int32 (n_phrases, n_years)."""
        column = (years - first_year)[self.documents[level - 1]]
        flat = self.phrases[level - 1].astype(np.int64) * n_years + column
        size = len(self.levels[level - 1]) * n_years
        return np.bincount(flat, minlength=size).astype(np.int32).reshape(-1, n_years)

    def find(self, words: tuple[int, ...]) -> int | None:
        """Index of a phrase within its level, by its word numbers; None when it was not kept."""
        return find_phrase(self.levels, words)

    def words(self, level: int, index: int) -> tuple[int, ...]:
        """Word numbers of a phrase, first word first."""
        found: list[int] = []
        while level >= 1:
            here = self.levels[level - 1]
            found.append(int(here.last[index]))
            index = int(here.prefix[index])
            level -= 1
        return tuple(reversed(found))


def find_phrase(levels: Sequence[Level], words: tuple[int, ...]) -> int | None:
    """Index of a phrase within its level, by its word numbers; None when the levels do not hold it."""
    if not 1 <= len(words) <= len(levels):
        return None
    prefix = -1
    index = -1
    for level, word in zip(levels, words, strict=False):
        low = int(np.searchsorted(level.prefix, prefix, side="left"))
        high = int(np.searchsorted(level.prefix, prefix, side="right"))
        index = low + int(np.searchsorted(level.last[low:high], word))
        if index >= high or level.last[index] != word:
            return None
        prefix = index
    return index


class Worth(Protocol):
    """Says which counted phrases may matter, so that the documents of the others need not be kept."""

    def __call__(
        self, levels: Sequence[Level], prefix: Int64, last: Int64, df: Int64
    ) -> npt.NDArray[np.bool_]:
        """Mask over the phrases (prefix, last) of the level above `levels`, shape (n_phrases,)."""
        ...


def count_phrases(
    numbers: Int32,
    offsets: Int64,
    *,
    n_words: int,
    max_words: int = 4,
    min_df: int = 5,
    worth: Worth | None = None,
    threads: int = 1,
) -> PhraseCounts:
    """Every phrase of up to `max_words` words that at least `min_df` documents carry.

    Args:
        numbers: int32 (n_tokens,); a negative number is a break that no phrase crosses.
        offsets: int64 (n_documents + 1,), where each document's tokens begin.
        n_words: words are numbered 0..n_words-1.
        worth: phrases that it leaves out are counted, but which documents carry them is not kept: most of the
            memory of a large corpus.

    The result is the same for any number of threads.

    >>> import numpy as np
    >>> counts = count_phrases(np.array([0, 1, 2, -1, 0, 1, 0, 1], np.int32), np.array([0, 4, 6, 8]),
    ...                        n_words=3, min_df=2)
    >>> [(counts.words(n, i), int(counts.levels[n - 1].df[i])) for n in (1, 2) for i in range(len(counts.levels[n - 1]))]
    [((0,), 3), ((1,), 3), ((0, 1), 3)]
    """
    blocks = list(_blocks(offsets, len(numbers)))
    levels: list[Level] = []
    documents: list[Int32] = []
    phrases: list[Int32] = []
    seen_phrase: list[Int32] = []
    seen_at: list[Int64] = []
    samples = -(-_SAMPLES // max(len(blocks), 1))
    before = np.where(numbers >= 0, 0, -1).astype(np.int32)  # the empty phrase, wherever a word stands
    n_before = 1
    for length in range(1, max_words + 1):
        counter = _LevelCounter(numbers, offsets, before, n_before, n_words, length)
        with ThreadPoolExecutor(threads) as pool:
            kept = []
            for prefixes in _prefix_ranges(before, n_before):
                counting = partial(counter.count, prefixes=prefixes)
                kept.append(_merge_counts(list(pool.map(counting, blocks)), min_df))
            keys = _joined([range_keys for range_keys, _ in kept], np.int64)
            df = _joined([range_df for _, range_df in kept], np.int64)
            # The phrase of this length that begins at each position: what the next level starts from.
            after = np.full(len(numbers), -1, dtype=np.int32)
            prefix, last = np.divmod(keys, n_words)
            wanted = None if worth is None else worth(levels, prefix, last, df)
            placing = partial(counter.place, kept=keys, after=after, samples=samples, wanted=wanted)
            parts = list(pool.map(placing, blocks))
        sampled = _sampled(parts, len(keys))
        seen_phrase.append(sampled[0])
        seen_at.append(sampled[1])
        suffix = np.full(len(keys), -1, dtype=np.int64)
        if length > 1:
            for part in parts:
                suffix[part.distinct] = before[part.first_at + 1]
        else:
            prefix = np.full(len(keys), -1, dtype=np.int64)
        levels.append(Level(prefix, last, suffix, df))
        found_in, found = [part.documents for part in parts], [part.phrases for part in parts]
        del parts
        documents.append(join_freeing(found_in))
        phrases.append(join_freeing(found))
        before, n_before = after, max(len(keys), 1)
        if not len(keys):
            break
    while len(levels) < max_words:
        empty = np.empty(0, dtype=np.int64)
        levels.append(Level(empty, empty, empty, empty))
        documents.append(np.empty(0, np.int32))
        phrases.append(np.empty(0, np.int32))
        seen_phrase.append(np.empty(0, np.int32))
        seen_at.append(empty)
    return PhraseCounts(tuple(levels), tuple(documents), tuple(phrases), tuple(seen_phrase), tuple(seen_at))


def place_phrases(
    numbers: Int32, offsets: Int64, counts: PhraseCounts, *, n_words: int, threads: int = 1
) -> tuple[tuple[Int32, Int32], ...]:
    """Which of the counted phrases other documents carry: per level (documents, phrases), each pair once.

    The documents teach nothing: a phrase that `counts` does not hold is not seen.

    >>> import numpy as np
    >>> offsets = np.array([0, 3, 6])
    >>> counts = count_phrases(np.array([0, 1, 2, 0, 1, 2], np.int32), offsets, n_words=3, min_df=2)
    >>> placed = place_phrases(np.array([1, 2, 1, 0, 1, 1], np.int32), offsets, counts, n_words=3)
    >>> placed[1][0].tolist()     # phrase (0, 1) is in document 1, phrase (1, 2) in document 0
    [1, 0]
    """
    blocks = list(_blocks(offsets, len(numbers)))
    before = np.where(numbers >= 0, 0, -1).astype(np.int32)
    n_before = 1
    placed: list[tuple[Int32, Int32]] = []
    for length, level in enumerate(counts.levels, start=1):
        kept = level.last if length == 1 else level.prefix * n_words + level.last
        counter = _LevelCounter(numbers, offsets, before, n_before, n_words, length, remember=False)
        with ThreadPoolExecutor(threads) as pool:
            after = np.full(len(numbers), -1, dtype=np.int32)
            parts = list(pool.map(partial(counter.place, kept=kept, after=after), blocks))
        placed.append((_joined([part.documents for part in parts], np.int32),
                       _joined([part.phrases for part in parts], np.int32)))  # fmt: skip
        before, n_before = after, max(len(level), 1)
    return tuple(placed)


def _prefix_ranges(before: Int32, n_before: int) -> list[tuple[int, int]]:
    """Ranges [low, high) of prefixes that are counted one after the other, _RANGE_TOKENS tokens each.

    One range for all but very large corpora: most phrases occur once, and their keys would fill the memory.
    """
    if len(before) <= _REMEMBER_TOKENS:
        return [(0, n_before)]
    sample = np.sort(before[:: max(1, len(before) >> 16)])
    sample = sample[sample >= 0]
    n_ranges = -(-len(before) // _RANGE_TOKENS)
    if not len(sample):
        return [(0, n_before)]
    inner = np.unique(sample[(np.arange(1, n_ranges) * len(sample)) // n_ranges])
    edges = [0, *inner.tolist(), n_before]
    return [(low, high) for low, high in pairwise(edges) if low < high]


def _blocks(offsets: Int64, n_tokens: int) -> Iterator[tuple[int, int]]:
    """Token ranges of whole documents, about _BLOCK_TOKENS each."""
    first = 0
    while first < n_tokens:
        limit = int(np.searchsorted(offsets, first + _BLOCK_TOKENS, side="right")) - 1
        stop = int(offsets[limit])
        if stop <= first:  # a single document longer than a block
            stop = int(offsets[int(np.searchsorted(offsets, first, side="right"))])
        yield first, stop
        first = stop


@dataclass(frozen=True, slots=True)
class _Placed:
    """The kept phrases of one length in one block."""

    documents: Int32
    phrases: Int32
    """(document, phrase) pairs, each once."""
    distinct: Int32
    """Phrases that occur, each once."""
    first_at: Int64
    """Where each of them occurs first."""
    seen: Int32
    """Phrases of sampled occurrences."""
    seen_at: Int64
    """Where these occurrences stand."""


def _sampled(parts: list[_Placed], n_phrases: int) -> tuple[Int32, Int64]:
    """Phrases and positions of sampled occurrences: of every phrase one at least, and no more once it has enough."""
    taken = np.zeros(n_phrases, dtype=np.int32)
    phrases: list[Int32] = []
    positions: list[Int64] = []
    for part in parts:
        wanted = taken[part.seen] < _SAMPLES
        phrases.append(part.seen[wanted])
        positions.append(part.seen_at[wanted])
        np.add.at(taken, phrases[-1], 1)
    return _joined(phrases, np.int32), _joined(positions, np.int64)


def _joined(parts: list[npt.NDArray[Any]], dtype: type[np.generic]) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, dtype)


class _LevelCounter:
    """Counts and places the phrases of one length, block by block."""

    def __init__(
        self, numbers: Int32, offsets: Int64, before: Int32, n_before: int, n_words: int, length: int,
        *, remember: bool = True,
    ) -> None:  # fmt: skip
        self.numbers = numbers
        self.offsets = offsets
        self.before = before
        self.n_words = n_words
        self.length = length
        self.remembered: dict[tuple[int, int], tuple[Int64, Int32]] | None = (
            {} if remember and len(numbers) <= _REMEMBER_TOKENS else None
        )
        self.key_bits = int(n_before * n_words).bit_length()

    def count(self, block: tuple[int, int], prefixes: tuple[int, int]) -> tuple[Int64, Int32]:
        """Distinct keys of a block with prefixes [low, high), ascending, and in how many documents each stands."""
        keys, positions = self._sorted(block, prefixes)
        if self.remembered is not None:
            self.remembered[block] = keys, positions
        if not len(keys):
            return keys, np.empty(0, np.int32)
        new_pair, new_key = self._changes(keys, positions, block)
        pairs_before = np.cumsum(new_pair)
        first = np.flatnonzero(new_key)
        df = np.diff(np.append(pairs_before[first], pairs_before[-1] + 1))
        return keys[first], df.astype(np.int32)

    def place(
        self,
        block: tuple[int, int],
        kept: Int64,
        after: Int32,
        samples: int = 1,
        wanted: npt.NDArray[np.bool_] | None = None,
    ) -> _Placed:
        """The kept phrases of this length in a block, with at most `samples` occurrences of each.

        Pairs and samples are given for the wanted phrases only.

        Writes the phrase that begins at each position into `after`, each block into its own part.
        """
        start = block[0]
        keys, positions = self._sorted(block) if self.remembered is None else self.remembered.pop(block)
        if not len(keys) or not len(kept):
            none = np.empty(0, np.int32)
            return _Placed(none, none, none, none.astype(np.int64), none, none.astype(np.int64))
        new_pair, new_key = self._changes(keys, positions, block)
        here = keys[new_key]
        index = np.minimum(np.searchsorted(kept, here), len(kept) - 1).astype(np.int32)
        index[kept[index] != here] = -1
        phrase: Int32 = index[np.cumsum(new_key) - 1]
        after[start + positions] = phrase
        chosen_phrase = phrase >= 0 if wanted is None else (phrase >= 0) & wanted[np.maximum(phrase, 0)]
        pair = new_pair & chosen_phrase
        first = np.flatnonzero(new_key)
        first_at = start + positions[first].astype(np.int64)
        distinct: Int32 = index[index >= 0]
        first_at = first_at[index >= 0]
        seen, seen_at = distinct, first_at
        if samples > 1:
            length = np.diff(np.append(first, len(keys)))
            place_in_run = np.arange(len(keys)) - np.repeat(first, length)
            chosen = (place_in_run % np.repeat(-(-length // samples), length) == 0) & chosen_phrase
            seen, seen_at = phrase[chosen], start + positions[chosen].astype(np.int64)
        return _Placed(
            # Order inside a block: by phrase, then document; both are deterministic.
            documents=self._documents(block)[positions[pair]],
            phrases=phrase[pair],
            distinct=distinct,
            first_at=first_at,
            seen=seen,
            seen_at=seen_at,
        )

    def _documents(self, block: tuple[int, int]) -> Int32:
        """Document of every token of a block."""
        first, last = np.searchsorted(self.offsets, block, side="right") - 1
        # Empty documents at the edges have no tokens, so taking them in changes nothing.
        inside = np.clip(self.offsets[first : last + 2], *block)
        return np.repeat(np.arange(first, first + len(inside) - 1, dtype=np.int32), np.diff(inside))

    def _sorted(self, block: tuple[int, int], prefixes: tuple[int, int] | None = None) -> tuple[Int64, Int32]:
        """Keys of all phrases of this length in a block, ascending, with positions relative to its start."""
        start, stop = block
        reach = self.length - 1
        end = stop - reach  # a block holds whole documents, so no phrase leaves it
        if end <= start:
            return np.empty(0, np.int64), np.empty(0, np.int32)
        prefix = self.before[start:end]
        last = self.numbers[start + reach : end + reach]
        possible = last >= 0
        possible &= prefix >= (prefixes[0] if prefixes else 0)
        if prefixes:
            possible &= prefix < prefixes[1]
        if reach:
            # The phrase without its first word must have been kept too, and lie in the same document.
            possible &= self.before[start + 1 : end + 1] >= 0
            document = self._documents(block)
            possible &= document[: end - start] == document[reach:]
        positions = np.flatnonzero(possible).astype(np.int32)
        position_bits = max(1, int(stop - start).bit_length())
        keys = prefix[positions].astype(np.int64) * self.n_words + last[positions]
        if self.key_bits + position_bits <= 63:
            packed = (keys << position_bits) | positions
            packed.sort()
            return packed >> position_bits, (packed & ((1 << position_bits) - 1)).astype(np.int32)
        order = np.argsort(keys, kind="stable")
        return keys[order], positions[order]

    def _changes(
        self, keys: Int64, positions: Int32, block: tuple[int, int]
    ) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Where a new (key, document) pair and where a new key begins."""
        document = self._documents(block)[positions]
        new_key = np.empty(len(keys), dtype=bool)
        new_key[0] = True
        np.not_equal(keys[1:], keys[:-1], out=new_key[1:])
        new_pair = new_key.copy()
        new_pair[1:] |= document[1:] != document[:-1]
        return new_pair, new_key


def _merge_counts(parts: list[tuple[Int64, Int32]], min_df: int) -> tuple[Int64, Int64]:
    """Sums the counts of equal keys over blocks and keeps those of at least `min_df`, keys ascending.

    One range of keys after the other, so that beside the parts only one range is in memory.
    """
    kept_keys: list[Int64] = []
    kept_df: list[Int64] = []
    for bounds in _key_ranges(parts):
        low = [int(np.searchsorted(keys, bounds[0])) for keys, _ in parts]
        high = [int(np.searchsorted(keys, bounds[1])) for keys, _ in parts]
        keys = np.concatenate([part[0][a:b] for part, a, b in zip(parts, low, high, strict=True)])
        counts = np.concatenate([part[1][a:b] for part, a, b in zip(parts, low, high, strict=True)])
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
        df = np.add.reduceat(counts[order].astype(np.int64), first)
        enough = df >= min_df
        kept_keys.append(keys[first[enough]])
        kept_df.append(df[enough])
    return _joined(kept_keys, np.int64), _joined(kept_df, np.int64)


def _key_ranges(parts: list[tuple[Int64, Int32]]) -> Iterator[tuple[int, int]]:
    """Ranges [low, high) that together hold every key, about _RANGE_KEYS keys of all parts each."""
    filled = [keys for keys, _ in parts if len(keys)]
    if not filled:
        return
    n_ranges = -(-sum(map(len, filled)) // _RANGE_KEYS)
    sample = np.sort(np.concatenate([keys[:: max(1, len(keys) // 512)] for keys in filled]))
    inner = np.unique(sample[(np.arange(1, n_ranges) * len(sample)) // n_ranges])
    edges = [-1, *inner.tolist(), max(int(keys[-1]) for keys in filled) + 1]
    yield from ((low, high) for low, high in pairwise(edges) if low < high)
