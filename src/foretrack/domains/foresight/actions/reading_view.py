"""Reads an as-of view once, in batches, into the arrays that the pure rooms work on."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from foretrack.corpus.views import AsOfView
from foretrack.corpus.words import TEXTS, text_of
from foretrack.domains.foresight.actions.narrowing import NarrowView
from foretrack.domains.foresight.history.record import Record
from foretrack.foundation.progress import Progress
from foretrack.language.tokens import Tokens, tokenise

COLUMNS = (
    "document_id", "title", "abstract", "alt_title", "alt_abstract", "keywords", "alt_keywords", "year", "source",
    "source_id", "kind", "venue", "countries", "doi", "ids", "references", "cited_by_year",
)  # fmt: skip

_COUNTED = ("year", "source", "kind", "venue", "countries", "keywords", "alt_keywords")
"""Columns beside the texts that a document's counts depend on."""


@dataclass(slots=True)
class Readings:
    """Everything of a view that a scan needs, documents in the view's order.

    Shapes: per document (n_documents,); group numbers are -1 where unknown.
    """

    tokens: Tokens
    document_ids: list[str]
    years: npt.NDArray[np.int64]
    stratum_of: npt.NDArray[np.int64]
    strata: list[tuple[str, str]]
    venue_of: npt.NDArray[np.int64]
    country_of: npt.NDArray[np.int64]
    """First country of the document."""
    has_abstract: npt.NDArray[np.bool_]
    citations: npt.NDArray[np.float64]
    """Citations dated in the as-of year or before; nan for all when the corpus has none."""
    content: npt.NDArray[np.uint64]
    """Hash of everything of a document that the history of a view is counted from."""
    keywords: dict[int, Counter[str]] = field(default_factory=dict)
    """Per year: author's keyword -> documents of that year."""
    keyword_pairs: dict[int, Counter[tuple[str, str]]] = field(default_factory=dict)

    def record(self) -> Record:
        """What past years are looked at again from; shares the tokens, so before `take_tokens`."""
        return Record(
            self.tokens, self.years, self.stratum_of, self.strata, self.venue_of, self.country_of, self.keywords,
            self.keyword_pairs, self.content,
        )  # fmt: skip

    def first(self, n: int) -> Readings:
        """The first `n` documents alone; keywords stay those of all."""
        if n >= len(self.document_ids):
            return self
        offsets = self.tokens.offsets[: n + 1]
        return replace(
            self,
            tokens=Tokens(self.tokens.numbers[: offsets[-1]], offsets, self.tokens.words),
            document_ids=self.document_ids[:n],
            **{
                name: getattr(self, name)[:n]
                for name in (
                    "years", "stratum_of", "venue_of", "country_of", "has_abstract", "citations", "content",
                )
            },
        )  # fmt: skip

    def take_tokens(self) -> Tokens:
        """The tokens, which are then forgotten here: after mining nothing needs them, and they are large."""
        tokens = self.tokens
        self.tokens = Tokens(np.empty(0, np.int32), np.zeros(1, np.int64), ())
        return tokens


def read_view(
    view: AsOfView | NarrowView, *, threads: int, progress: Progress, learn: int | None = None
) -> Readings:
    """Reads and tokenises all documents of a view; memory grows with tokens and ids, not with texts.

    Args:
        learn: only the first so many documents are tokenised, the others are read without their words.
    """
    reader = _Reader(view.as_of, learn)
    total = view.n_documents

    def texts() -> Iterator[Sequence[str]]:
        done = 0
        for batch in view.batches(COLUMNS, size=2048):
            rows = {name: batch.column(name).to_pylist() for name in COLUMNS}
            yield reader.take(rows)
            done += batch.num_rows
            progress("reading", done, total)

    tokens = tokenise(texts(), threads=threads)
    return reader.finish(tokens)


class _Numbering(dict[Any, int]):
    def of(self, key: Any) -> int:
        return self.setdefault(key, len(self))


class _Reader:
    """Collects what is not text while the texts stream by."""

    def __init__(self, as_of: int, learn: int | None = None) -> None:
        self.as_of = as_of
        self.learn = learn
        self.document_ids: list[str] = []
        self.years: list[int] = []
        self.stratum: list[int] = []
        self.venue: list[int] = []
        self.country: list[int] = []
        self.has_abstract: list[bool] = []
        self.strata, self.venues, self.countries = _Numbering(), _Numbering(), _Numbering()
        self.keywords: dict[int, Counter[str]] = {}
        self.pairs: dict[int, Counter[tuple[str, str]]] = {}
        self.content: list[int] = []
        self.own_keys: dict[int, int] = {}
        self.cited: list[npt.NDArray[np.uint64]] = []
        self.dated: dict[int, int] = {}

    def take(self, rows: dict[str, list[Any]]) -> list[str]:
        texts: list[str] = []
        for i, document_id in enumerate(rows["document_id"]):
            number = len(self.document_ids)
            self.document_ids.append(document_id)
            self.years.append(rows["year"][i])
            self.stratum.append(self.strata.of((rows["source"][i], rows["kind"][i])))
            venue = rows["venue"][i]
            self.venue.append(self.venues.of(venue) if venue else -1)
            countries = rows["countries"][i]
            self.country.append(self.countries.of(countries[0]) if countries else -1)
            self.has_abstract.append(bool(rows["abstract"][i]))
            text = text_of(rows[name][i] for name in TEXTS)
            texts.append(text if self.learn is None or number < self.learn else "")
            self._take_keywords(rows["year"][i], rows["keywords"][i] or (), rows["alt_keywords"][i] or ())
            self.content.append(
                _hash("\x1f".join([document_id, text, *(str(rows[name][i]) for name in _COUNTED)]))
            )
            self._take_citations(number, rows, i)
        return texts

    def _take_keywords(self, year: int, keywords: Sequence[str], others: Sequence[str]) -> None:
        if keywords or others:
            here = self.keywords.setdefault(year, Counter())
            here.update({keyword.lower() for keyword in (*keywords, *others)})
        if others and len(keywords) == len(others):
            self.pairs.setdefault(year, Counter()).update(
                {(one.lower(), other.lower()) for one, other in zip(keywords, others, strict=True)}
            )

    def _take_citations(self, number: int, rows: dict[str, list[Any]], i: int) -> None:
        keys = [f"{rows['source'][i]}:{rows['source_id'][i]}", *(rows["ids"][i] or ())]
        if rows["doi"][i]:
            keys.append(f"doi:{rows['doi'][i]}")
        if rows["kind"][i] == "patent":
            keys.append(f"patent:{rows['source_id'][i]}")
        for key in keys:
            self.own_keys.setdefault(_hash(key), number)
        references = rows["references"][i]
        if references:
            self.cited.append(np.unique(np.array([_hash(key) for key in references], dtype=np.uint64)))
        if rows["cited_by_year"][i]:
            self.dated[number] = sum(
                entry["count"] for entry in rows["cited_by_year"][i] if entry["year"] <= self.as_of
            )

    def finish(self, tokens: Tokens) -> Readings:
        stratum_of, strata = _by_name(self.stratum, self.strata)
        return Readings(
            tokens=tokens,
            document_ids=self.document_ids,
            years=np.array(self.years, dtype=np.int64),
            stratum_of=stratum_of,
            strata=strata,
            venue_of=_by_name(self.venue, self.venues)[0],
            country_of=_by_name(self.country, self.countries)[0],
            has_abstract=np.array(self.has_abstract, dtype=bool),
            citations=self._citations(),
            content=np.array(self.content, dtype=np.uint64),
            keywords=self.keywords,
            keyword_pairs=self.pairs,
        )

    def _citations(self) -> npt.NDArray[np.float64]:
        """Citations received from documents of the view, or the source's own dated count if that is larger.

        A citing document of the view is dated by its own year, so nothing later than the as-of year counts.
        """
        n = len(self.document_ids)
        if not self.cited and not self.dated:
            return np.full(n, np.nan)
        counted = np.zeros(n)
        for hashes in self.cited:
            for key in hashes.tolist():
                number = self.own_keys.get(key)
                if number is not None:
                    counted[number] += 1
        for number, count in self.dated.items():
            counted[number] = max(counted[number], float(count))
        return counted


def _by_name(numbers: list[int], numbering: _Numbering) -> tuple[npt.NDArray[np.int64], list[Any]]:
    """The numbers anew, in the order of the names: by first appearance, documents of later years would change in
    which order the groups of an earlier year are summed, and with it the last digit. -1 stays."""
    names = sorted(numbering)
    place = np.full(len(names) + 1, -1, dtype=np.int64)
    place[[numbering[name] for name in names]] = np.arange(len(names))
    return place[np.array(numbers, dtype=np.int64)], names


def _hash(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8"), digest_size=8).digest(), "little")
