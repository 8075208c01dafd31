"""One side of the market in memory: columns that never change, and a cheap next version when records do.

A shelf is a row of blocks. A change adds a small block and marks the old rows dead; neighbouring blocks are joined
when the younger one has grown, so there are always few of them. Answers depend on the living rows alone, not on how
they came to lie in blocks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from foretrack.foundation.errors import InputError
from foretrack.language.embedding.port import Vectors
from foretrack.matching.engine.facts import Facts
from foretrack.matching.engine.prepared import Passage, Prepared, words_of
from foretrack.matching.profiles import Profile
from foretrack.registry.declaring.sides import SideName

HALF = np.float16
"""Passages are kept in half precision: they are the most of a shelf's memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Which rows hold each word, word by word.

    Shapes: `starts` int64 (n_words + 1,); `rows` int32 and `counts` float32 (n_postings,); `lengths` int64 (n,) words
    of each row.
    """

    numbers: Mapping[str, int]
    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    counts: npt.NDArray[np.float32]
    lengths: npt.NDArray[np.int64]

    @classmethod
    def of(cls, words: Sequence[Mapping[str, int]]) -> Postings:
        """The postings of rows of counted words."""
        numbers: dict[str, int] = {}
        named = [numbers.setdefault(word, len(numbers)) for own in words for word in own]
        of_word = np.array(named, np.int64)
        sizes = np.array([len(own) for own in words], np.int64)
        counts = np.array([count for own in words for count in own.values()], np.float32)
        order = np.argsort(of_word, kind="stable")
        starts = np.zeros(len(numbers) + 1, np.int64)
        np.cumsum(np.bincount(of_word, minlength=len(numbers)), out=starts[1:])
        rows = np.repeat(np.arange(len(words), dtype=np.int32), sizes)
        lengths = np.array([sum(own.values()) for own in words], np.int64)
        return cls(numbers, starts, rows[order], counts[order], lengths)

    def select(self, rows: npt.NDArray[np.int64]) -> Iterator[dict[str, int]]:
        """The counted words of these rows, as they came in."""
        spellings = list(self.numbers)
        of_word = np.repeat(np.arange(len(spellings)), np.diff(self.starts))
        order = np.lexsort((of_word, self.rows))
        edges = np.searchsorted(self.rows[order], np.arange(len(self.lengths) + 1))
        for row in rows.tolist():
            own = order[edges[row] : edges[row + 1]]
            yield {
                spellings[word]: int(count)
                for word, count in zip(of_word[own].tolist(), self.counts[own].tolist(), strict=True)
            }


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Rows that came together. All arrays go by row, but passages, which go by `offsets`.

    Shapes: `documents` float32 (n, d); `passages` float16 (n_passages, d); `offsets` int64 (n + 1,); `alive` bool (n,).
    """

    profiles: tuple[Profile, ...]
    languages: npt.NDArray[np.str_]
    documents: Vectors
    pieces: tuple[tuple[Passage, ...], ...]
    passages: npt.NDArray[np.float16]
    offsets: npt.NDArray[np.int64]
    postings: Postings
    facts: Facts
    evidence: npt.NDArray[np.int64]
    """(n,) pieces of evidence that speak for the organisation."""
    alive: npt.NDArray[np.bool_]
    sums: Mapping[str, tuple[int, npt.NDArray[np.float64]]]
    """Per language, how many living rows and the sum of their `documents`."""

    @classmethod
    def of(cls, made: Sequence[Prepared], dimension: int) -> Block:
        """A block of prepared profiles, in order."""
        offsets = np.zeros(len(made) + 1, np.int64)
        np.cumsum([len(one.passages) for one in made], out=offsets[1:])
        languages = np.array([one.language for one in made], dtype="U8")
        documents = np.array([one.document for one in made], np.float32).reshape(len(made), dimension)
        passages = np.zeros((int(offsets[-1]), dimension), HALF)
        for row, one in enumerate(made):
            passages[offsets[row] : offsets[row + 1]] = one.vectors
        return cls(
            tuple(one.profile for one in made),
            languages,
            documents,
            tuple(one.passages for one in made),
            passages,
            offsets,
            Postings.of([one.words for one in made]),
            Facts.of([one.profile for one in made]),
            np.array([sum(one.profile.evidence.values()) for one in made], np.int64),
            np.ones(len(made), bool),
            _sums(documents, languages),
        )

    def without(self, rows: Sequence[int]) -> Block:
        """The same block with these living rows dead."""
        alive = self.alive.copy()
        alive[list(rows)] = False
        sums = dict(self.sums)
        for language, (n, total) in _sums(self.documents[list(rows)], self.languages[list(rows)]).items():
            sums[language] = (sums[language][0] - n, sums[language][1] - total)
        return replace(self, alive=alive, sums=sums)

    def prepared(self, row: int, words: Mapping[str, int] | None = None) -> Prepared:
        """A row as it was prepared; its words are those given, or counted anew."""
        profile = self.profiles[row]
        return Prepared(
            profile,
            str(self.languages[row]),
            self.pieces[row],
            self.passages[self.offsets[row] : self.offsets[row + 1]].astype(np.float32),
            self.documents[row],
            words_of(profile) if words is None else words,
        )

    def living(self) -> Iterator[Prepared]:
        """The living rows as they were prepared."""
        rows = np.flatnonzero(self.alive)
        for row, words in zip(rows.tolist(), self.postings.select(rows), strict=True):
            yield self.prepared(row, words)


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """All profiles of one side that may be matched. Make one with `Shelf.of`, the next with `updated`."""

    side: SideName
    model: str
    """Name of the embedder of all vectors; empty without one."""
    dimension: int
    blocks: tuple[Block, ...]
    places: Mapping[str, tuple[int, int]]
    """Key to block and row, of living rows."""

    @classmethod
    def of(cls, side: SideName, made: Sequence[Prepared], *, model: str = "", dimension: int = 0) -> Shelf:
        """A shelf of prepared profiles.

        Raises InputError for two of one key, one of the other side, or vectors of another length.
        """
        return cls(side, model, dimension, (), {}).updated(made)

    def __len__(self) -> int:
        return len(self.places)

    def __contains__(self, key: str) -> bool:
        return key in self.places

    def profile(self, key: str) -> Profile:
        """The profile with this key. Raises KeyError."""
        block, row = self.places[key]
        return self.blocks[block].profiles[row]

    def mean(self, language: str) -> tuple[int, Vectors]:
        """How many texts of a language there are, and the (d,) mean of their vectors."""
        own = [block.sums[language] for block in self.blocks if language in block.sums]
        n = sum(count for count, _ in own)
        total = sum((part for _, part in own), start=np.zeros(self.dimension))
        return n, (total / max(n, 1)).astype(np.float32)

    def updated(self, changed: Sequence[Prepared], removed: Collection[str] = ()) -> Shelf:
        """The next version: profiles that are new or stand in place of an older one of their key, without others.

        A key that is not here may be removed. This version stays as it is. Costs as much as what changed, and now and
        then the joining of blocks.

        Raises InputError for two of one key, one of the other side, or vectors of another length.
        """
        self._check(changed)
        gone = {one.profile.key for one in changed} | set(removed)
        dead: dict[int, list[int]] = {}
        for key in gone & self.places.keys():
            block, row = self.places[key]
            dead.setdefault(block, []).append(row)
        blocks = list(self.blocks)
        for number, rows in dead.items():
            blocks[number] = blocks[number].without(rows)
        if changed:
            blocks.append(Block.of(changed, self.dimension))
        blocks, moved = _joined(blocks, self.dimension)
        if moved:
            places = _places(blocks)
        else:
            places = dict(self.places)
            for key in gone:
                places.pop(key, None)
            places.update(
                (one.profile.key, (len(blocks) - 1, row)) for row, one in enumerate(changed)
            )  # fmt: skip
        return replace(self, blocks=tuple(blocks), places=places)

    def _check(self, changed: Sequence[Prepared]) -> None:
        seen: set[str] = set()
        for one in changed:
            profile = one.profile
            if profile.key in seen:
                raise InputError.of(
                    "two profiles have the key {key!r}", expected="each key once", do="give each its own key",
                    key=profile.key,
                )  # fmt: skip
            seen.add(profile.key)
            if profile.side != self.side or one.vectors.shape[1] != self.dimension:
                raise InputError.of(
                    "the profile {key!r} does not belong on this shelf",
                    expected="profiles of one side, embedded by one model", do="prepare it as the others were",
                    key=profile.key,
                )  # fmt: skip


def _sums(
    documents: Vectors, languages: npt.NDArray[np.str_]
) -> dict[str, tuple[int, npt.NDArray[np.float64]]]:
    return {
        str(language): (
            int(np.sum(languages == language)),
            documents[languages == language].sum(axis=0, dtype=np.float64),
        )
        for language in np.unique(languages)
    }


def _joined(blocks: list[Block], dimension: int) -> tuple[list[Block], bool]:
    """Blocks of which each is more than twice the next, and whether any was joined or thinned out."""
    moved = False
    kept: list[Block] = []
    for block in blocks:
        if not block.alive.any():
            moved = True
            continue
        kept.append(block)
        while len(kept) > 1 and int(kept[-2].alive.sum()) <= 2 * int(kept[-1].alive.sum()):
            younger, older = kept.pop(), kept.pop()
            kept.append(Block.of([*older.living(), *younger.living()], dimension))
            moved = True
    for number, block in enumerate(kept):
        if 2 * int(block.alive.sum()) < len(block.alive):
            kept[number] = Block.of(list(block.living()), dimension)
            moved = True
    return kept, moved


def _places(blocks: Sequence[Block]) -> dict[str, tuple[int, int]]:
    return {
        profile.key: (number, row)
        for number, block in enumerate(blocks)
        for row, (profile, alive) in enumerate(zip(block.profiles, block.alive.tolist(), strict=True))
        if alive
    }
