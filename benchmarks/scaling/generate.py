"""A Parquet file of invented documents with the statistics of a large anthology of papers.

    python benchmarks/scaling/generate.py OUT.parquet --documents 1000000

Lengths, growth of the years, the Zipf law of words and the share of documents without an abstract are those of
170,000 machine-learning papers; the words themselves are numbers written in syllables. Phrases come about as
in language: a word is often followed by one of its few usual successors. New technologies (phrases of two
words that appear in a year and spread) are planted, so that there is something to rank.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

Int = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

FIRST_YEAR, LAST_YEAR, GROWTH = 1990, 2025, 1.13
"""Documents a year grow by 13 %."""
WORDS = 200_000
ZIPF = 1.07
STOP_SHARE = 0.42
TITLE_WORDS, ABSTRACT_WORDS = 9, 165
NO_ABSTRACT = 0.07
VENUES = 120
_STOPS = [
    "the",
    "of",
    "and",
    "a",
    "to",
    "in",
    "is",
    "for",
    "we",
    "that",
    "with",
    "on",
    "this",
    "are",
    "as",
    "by",
    "an",
    "be",
    "from",
    "our",
    "it",
    "which",
    "can",
    "at",
    "or",
    "these",
    "have",
    "has",
    "not",
    "their",
    "such",
    "also",
    "been",
    "was",
    "more",
    "than",
    "using",
    "used",
    "how",
    "its",
    "between",
    "both",
    "all",
    "into",
    "one",
    "two",
    "only",
    "when",
    "most",
    "other",
    "while",
    "some",
    "over",
    "each",
    "there",
]
_CONSONANTS, _VOWELS = "bcdfghjklmnprstvwz", "aeiou"


def spelling(number: int) -> str:
    """An invented word for a number, different for each.

    >>> spelling(0), spelling(89), spelling(90)
    ('bab', 'zub', 'babac')
    """
    text = ""
    while True:
        number, syllable = divmod(number, 90)
        text += _CONSONANTS[syllable // 5] + _VOWELS[syllable % 5]
        if not number:
            return text + "bcdfghjklmn"[len(text) // 2 - 1]


class Invented:
    """Draws invented documents batch by batch; the same for the same seed and batches."""

    def __init__(self, seed: int = 1) -> None:
        self.rng = rng = np.random.default_rng(seed)
        self.vocabulary = np.array([spelling(n) for n in range(WORDS)], dtype=object)
        self.stops = np.array(_STOPS, dtype=object)
        weight = 1.0 / (np.arange(WORDS) + 12.0) ** ZIPF
        self.cumulative = np.cumsum(weight / weight.sum())
        self.successors = np.searchsorted(self.cumulative, rng.random((WORDS, 3)))
        stop_weight = 1.0 / (np.arange(len(self.stops)) + 1.5)
        self.stop_cumulative = np.cumsum(stop_weight / stop_weight.sum())
        self.years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
        year_weight = GROWTH ** (self.years - FIRST_YEAR)
        self.year_cumulative = np.cumsum(year_weight / year_weight.sum())
        self.new_words = rng.integers(2_000, WORDS, (1_500, 2))
        self.new_years = rng.integers(FIRST_YEAR, LAST_YEAR, 1_500)

    def draw(self, n: int) -> tuple[Int, Int, Int, Bool, Int, Bool]:
        """Of n documents: year, offsets of their words, words, sentence ends, new phrase, whether it is used.

        Words from WORDS on are stop words.
        """
        rng = self.rng
        year = self.years[np.searchsorted(self.year_cumulative, rng.random(n))]
        length = np.maximum(20, rng.normal(ABSTRACT_WORDS, 45, n)).astype(int) + TITLE_WORDS
        length[rng.random(n) < NO_ABSTRACT] = TITLE_WORDS
        total = int(length.sum())
        number = np.searchsorted(self.cumulative, rng.random(total))
        follows = np.flatnonzero(rng.random(total) < 0.3)
        follows = follows[follows > 0]
        number[follows] = self.successors[number[follows - 1], rng.integers(0, 3, len(follows))]
        is_stop = rng.random(total) < STOP_SHARE
        number[is_stop] = WORDS + np.searchsorted(self.stop_cumulative, rng.random(int(is_stop.sum())))
        ends = rng.random(total) < 0.05
        offset = np.concatenate(([0], np.cumsum(length)))
        fresh = rng.integers(0, len(self.new_words), n)
        uses = (self.new_years[fresh] <= year) & (rng.random(n) < 0.08 * (1 + year - self.new_years[fresh]))
        return year, offset, number, ends, fresh, uses

    def words(self, n: int) -> tuple[Int, pa.ListArray]:
        """Years of n documents, and the list of words of each as `language.tokens` would cut it."""
        year, offset, number, ends, fresh, uses = self.draw(n)
        stop, the = WORDS + len(self.stops), WORDS
        # A break stands after the last word of a sentence and of the title, the new phrase at the end.
        ends[offset[:-1] + TITLE_WORDS - 1] = True
        lengths = np.diff(offset) + np.add.reduceat(ends, offset[:-1]) + 4 * uses
        place = np.arange(len(number)) + np.cumsum(ends) - ends
        place += np.repeat(np.cumsum(4 * uses) - 4 * uses, np.diff(offset))
        value = np.empty(int(lengths.sum()), np.int32)
        value[place] = number
        value[place[ends] + 1] = stop
        of_uses = np.flatnonzero(uses)
        last = np.cumsum(lengths)[of_uses]
        value[last - 4], value[last - 1] = the, stop
        value[last - 3], value[last - 2] = self.new_words[fresh[of_uses]].T
        spelt = pa.array([*self.vocabulary, *self.stops, "\n"])
        flat = pa.DictionaryArray.from_arrays(pa.array(value), spelt).cast(pa.string())
        offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        return year, pa.ListArray.from_arrays(pa.array(offsets), flat)


def write(path: Path, n_documents: int, seed: int = 1, batch: int = 20_000) -> None:
    """Writes the file; the same bytes for the same seed."""
    invented = Invented(seed)
    rng, vocabulary = invented.rng, invented.vocabulary
    every = np.concatenate([vocabulary, invented.stops])
    schema = pa.schema(
        [
            ("id", pa.string()),
            ("title", pa.string()),
            ("abstract", pa.string()),
            ("year", pa.int64()),
            ("authors", pa.list_(pa.string())),
            ("venue", pa.string()),
        ]
    )
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, n_documents, batch):
            n = min(batch, n_documents - start)
            year, offset, number, ends, fresh, uses = invented.draw(n)
            word = every[number]
            word[ends] = word[ends] + "."
            titles, abstracts = [], []
            for i in range(n):
                words = word[offset[i] : offset[i + 1]]
                titles.append(" ".join(words[:TITLE_WORDS]))
                rest = " ".join(words[TITLE_WORDS:])
                if uses[i]:
                    new = invented.new_words[fresh[i]]
                    rest += f" the {vocabulary[new[0]]} {vocabulary[new[1]]}."
                abstracts.append(rest or None)
            rows = pa.table(
                {
                    "id": [f"S{start + i}" for i in range(n)],
                    "title": titles,
                    "abstract": abstracts,
                    "year": year,
                    "authors": [[f"Author {int(a)}"] for a in rng.integers(0, 300_000, n)],
                    "venue": [f"Invented Conference {int(v)}" for v in rng.zipf(1.4, n) % VENUES],
                },
                schema=schema,
            )
            writer.write_table(rows)


def main() -> None:
    """Writes the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--documents", type=int, default=100_000)
    given = parser.parse_args()
    write(given.path, given.documents)


if __name__ == "__main__":
    main()
