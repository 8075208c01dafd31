"""The parts of a match as numbers between 0 and 1, for many rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretrack.language.embedding.port import Vectors
from foretrack.matching.engine.facts import Bools
from foretrack.matching.engine.prepared import Prepared, weights_of
from foretrack.matching.engine.shelf import Block, Shelf
from foretrack.matching.profiles import Profile

Floats = npt.NDArray[np.float64]

K1 = 3.0
B = 0.75
K3 = 4.0
"""Saturation of a word in the text, normalisation by length, saturation in the asking text: BM25 (Robertson & Zaragoza
2009, doi:10.1561/1500000019), for long texts on both sides."""
FULL = 6.0
"""Standard deviations above the mean of its language at which a text is as near as can be."""
ENOUGH = 100
"""Texts of a language from which mean and deviation of their similarities are taken."""
USUAL = (0.05, 0.11)
"""Mean and deviation of the similarity of two texts, where there are fewer."""
USUAL_BEST = (0.25, 0.12)
"""The same for a sentence and the nearest sentence of a text."""
ENOUGH_EVIDENCE = 10
"""Pieces of evidence that count fully."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Some rows of a shelf, block after block. Shapes: `block` and `row` int64 (n,)."""

    shelf: Shelf
    block: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]

    @classmethod
    def of(cls, shelf: Shelf, masks: Sequence[Bools]) -> Rows:
        """The rows where the mask of their block holds."""
        rows = [np.flatnonzero(mask) for mask in masks]
        if not rows:
            return cls(shelf, np.zeros(0, np.int64), np.zeros(0, np.int64))
        blocks = np.repeat(np.arange(len(rows)), [len(own) for own in rows])
        return cls(shelf, blocks, np.concatenate(rows))

    def __len__(self) -> int:
        return len(self.row)

    def take(self, places: npt.NDArray[np.int64]) -> Rows:
        """Those at these places, in this order."""
        return Rows(self.shelf, self.block[places], self.row[places])

    def profile(self, place: int) -> Profile:
        """The profile at a place."""
        return self.shelf.blocks[int(self.block[place])].profiles[int(self.row[place])]

    def prepared(self, place: int) -> Prepared:
        """The profile at a place as it was prepared."""
        return self.shelf.blocks[int(self.block[place])].prepared(int(self.row[place]))

    def keys(self) -> npt.NDArray[np.str_]:
        """(n,) the keys."""
        return np.array([self.profile(place).key for place in range(len(self))], dtype=np.str_)

    def each(self) -> list[tuple[Block, npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        """Per block that has some: the block, their places here, their rows there."""
        found = []
        for number, block in enumerate(self.shelf.blocks):
            places = np.flatnonzero(self.block == number)
            if len(places):
                found.append((block, places, self.row[places]))
        return found

    def languages(self) -> npt.NDArray[np.str_]:
        """(n,) the language of each."""
        found = np.zeros(len(self), dtype="U8")
        for block, places, rows in self.each():
            found[places] = block.languages[rows]
        return found

    def documents(self) -> Vectors:
        """(n, d) the vectors of the whole texts."""
        vectors = np.zeros((len(self), self.shelf.dimension), np.float32)
        for block, places, rows in self.each():
            vectors[places] = block.documents[rows]
        return vectors


def words(asking: Prepared, shelf: Shelf, rows: Rows, own: Shelf | None = None) -> Floats:
    """(n,) BM25 of the asking text's words, over the best of these rows; all 0 where no word is shared."""
    scores = bm25(asking, shelf, own)
    found = np.zeros(len(rows))
    for number, scored in enumerate(scores):
        places = rows.block == number
        found[places] = scored[rows.row[places]]
    best = float(found.max(initial=0.0))
    return found / best if best > 0 else found


def rarities(asking: Prepared, shelf: Shelf) -> dict[str, float]:
    """How much each word of the asking text that the shelf knows weighs there: ln(1 + (N - n + .5) / (n + .5))."""
    n = len(shelf)
    known: dict[str, float] = {}
    for word in asking.words:
        having = 0
        for block in shelf.blocks:
            number = block.postings.numbers.get(word)
            if number is not None:
                start, end = block.postings.starts[number : number + 2].tolist()
                having += int(np.count_nonzero(block.alive[block.postings.rows[start:end]]))
        if having:
            known[word] = float(np.log1p((n - having + 0.5) / (having + 0.5)))
    return known


def tellings(asking: Prepared, own: Shelf | None) -> dict[str, float]:
    """How much each word of the asking text tells it from others of its own side, 0 to 1.

    The root of its rarity there over the greatest. Needs are full of words that offers hardly use and that ask for
    nothing: of phases, proposals, eligibility. 1 throughout where the own side is smaller than ENOUGH.
    """
    if own is None or len(own) < ENOUGH:
        return dict.fromkeys(asking.words, 1.0)
    most = float(np.log1p((len(own) + 0.5) / 0.5))
    known = rarities(asking, own)
    return {word: float(np.sqrt(known.get(word, most) / most)) for word in asking.words}


def bm25(asking: Prepared, shelf: Shelf, own: Shelf | None = None) -> list[Floats]:
    """Per block (n,) the BM25 of every row, dead ones included."""
    telling = tellings(asking, own)
    weight = {
        word: rarity * telling[word] * (K3 + 1) * asking.words[word] / (K3 + asking.words[word])
        for word, rarity in rarities(asking, shelf).items()
    }
    total = sum(int(block.postings.lengths[block.alive].sum()) for block in shelf.blocks)
    average = max(total / max(len(shelf), 1), 1e-9)
    scores: list[Floats] = []
    for block in shelf.blocks:
        postings = block.postings
        numbers = [
            (postings.numbers[word], share) for word, share in weight.items() if word in postings.numbers
        ]
        found: Floats = np.zeros(len(block.alive))
        if numbers:
            spans = [slice(*postings.starts[number : number + 2].tolist()) for number, _ in numbers]
            of = np.concatenate([postings.rows[span] for span in spans])
            counts = np.concatenate([postings.counts[span] for span in spans]).astype(np.float64)
            shares = np.repeat([share for _, share in numbers], [span.stop - span.start for span in spans])
            norm = K1 * (1 - B + B * postings.lengths / average)
            found = np.bincount(
                of, shares * counts * (K1 + 1) / (counts + norm[of]), minlength=len(found)
            ).astype(np.float64)
        scores.append(found)
    return scores


def meaning(asking: Prepared, shelf: Shelf, rows: Rows, own: Shelf | None = None) -> Floats:
    """(n,) how far each text lies above the usual nearness of its language, 0 to 1.

    From each vector the mean of its side in its language is taken first (where there are ENOUGH to tell): needs talk like
    needs and offers like offers, and what all say brings nobody together.
    """
    usual = _usual(own if own is not None else shelf, asking.language)
    asked = asking.document - usual
    asked /= max(float(np.linalg.norm(asked)), 1e-9)
    languages = sorted({str(language) for block in shelf.blocks for language in block.sums})
    means = {language: _usual(shelf, language) for language in languages}
    against = np.stack([asked, *means.values()], axis=1).astype(np.float32)
    similar: list[Floats] = []
    for block in shelf.blocks:
        products = (block.documents @ against).astype(np.float64)
        found = np.zeros(len(block.alive))
        for number, language in enumerate(languages, start=1):
            of = block.languages == language
            mean = means[language].astype(np.float64)
            length = np.sqrt(np.maximum(1.0 - 2.0 * products[of, number] + mean @ mean, 1e-6))
            found[of] = (products[of, 0] - mean @ asked) / length
        similar.append(found)
    result = np.zeros(len(rows))
    spoken = rows.languages()
    for number in range(len(shelf.blocks)):
        places = rows.block == number
        result[places] = similar[number][rows.row[places]]
    for language in languages:
        base = np.concatenate(
            [
                one[block.alive & (block.languages == language)]
                for one, block in zip(similar, shelf.blocks, strict=True)
            ]
        )
        middle, spread = (float(base.mean()), float(base.std())) if len(base) >= ENOUGH else USUAL
        places = spoken == language
        result[places] = (result[places] - middle) / max(spread, 1e-3)
    return np.asarray(np.clip(result / FULL, 0.0, 1.0), np.float64)


def _usual(shelf: Shelf, language: str) -> Vectors:
    n, mean = shelf.mean(language)
    return mean if n >= ENOUGH else np.zeros(shelf.dimension, np.float32)


def sentences(asking: Prepared, shelf: Shelf, rows: Rows) -> Floats:
    """(n,) how well the sentences of each row meet those of the asking text, 0 to 1.

    For each sentence asked, the nearest of the row's; how far that lies above what is usual among these rows; the root
    of the weighted mean of its square, so that a few sentences that are met well count more than many met a little.
    """
    best = nearest(asking, rows)
    if not best.size:
        return np.zeros(len(rows))
    found = np.zeros(len(rows))
    languages = rows.languages()
    weights = weights_of(asking)
    for language in sorted(set(languages.tolist())):
        own = languages == language
        if own.sum() >= ENOUGH:
            mean, spread = best[own].mean(axis=0), np.maximum(best[own].std(axis=0), 1e-3)
        else:
            mean, spread = np.full(best.shape[1], USUAL_BEST[0]), np.full(best.shape[1], USUAL_BEST[1])
        above = np.maximum((best[own] - mean) / spread, 0.0)
        found[own] = np.sqrt((above**2 @ weights) / weights.sum())
    return np.asarray(np.clip(found / FULL * 2, 0.0, 1.0), np.float64)


def nearest(asking: Prepared, rows: Rows) -> Floats:
    """(n, q) per row and sentence asked, the similarity of the row's nearest sentence; -1 for a row without any."""
    found = np.full((len(rows), len(asking.passages)), -1.0)
    for block, places, own in rows.each():
        sizes = block.offsets[own + 1] - block.offsets[own]
        full = sizes > 0
        if not full.any() or not len(asking.passages):
            continue
        starts = np.concatenate(([0], np.cumsum(sizes[full])))
        at = np.repeat(block.offsets[own[full]] - starts[:-1], sizes[full]) + np.arange(starts[-1])
        similar = block.passages[at].astype(np.float32) @ asking.vectors.T
        found[places[full]] = np.maximum.reduceat(similar, starts[:-1], axis=0)
    return found


def tracks(asking: Profile, shelf: Shelf, rows: Rows) -> Floats:
    """(n,) share of the asking side's tracks that each row bears; all 0 where it names none."""
    found = np.zeros(len(rows))
    if asking.tracks:
        for block, places, own in rows.each():
            found[places] = block.facts.shared("tracks", asking.tracks)[own] / len(asking.tracks)
    return found


def evidence(asking: Profile, shelf: Shelf, rows: Rows) -> Floats:
    """(n,) what speaks for the offering organisation: ln(1 + pieces) / ln(1 + ENOUGH_EVIDENCE), at most 1."""
    if asking.side == "offer":
        pieces = np.full(len(rows), sum(asking.evidence.values()), np.float64)
    else:
        pieces = np.zeros(len(rows))
        for block, places, own in rows.each():
            pieces[places] = block.evidence[own]
    share: Floats = np.minimum(np.log1p(pieces) / np.log1p(ENOUGH_EVIDENCE), 1.0)
    return share
