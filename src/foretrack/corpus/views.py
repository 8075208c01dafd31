"""What could be known as of a year: the only way in which analysis sees the corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import pyarrow as pa

from foretrack.corpus.engine import Engine
from foretrack.corpus.query import parse_query, to_condition
from foretrack.foundation.errors import InputError
from foretrack.records.document import KINDS


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents an analysis looks at. Empty means all; several conditions must all hold.

    InputError when the query cannot be understood or a kind does not exist.
    """

    query: str | None = None
    """Words in title, abstract or keywords; `"quoted phrase"`, `AND`, `OR`, `NOT`, brackets, `prefix*`."""
    countries: tuple[str, ...] = ()
    """ISO alpha-2 codes; a document of any of them, by its own countries or its organisations'."""
    organisations: tuple[str, ...] = ()
    """Part of the name of an organisation, any case; any of them."""
    sources: tuple[str, ...] = ()
    """Sources that delivered the document; any of them."""
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    document_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.query is not None:
            parse_query(self.query)
        wrong = [k for k in self.kinds if k not in KINDS]
        if wrong:
            raise InputError(
                f"no document kind {wrong[0]!r}", expected=" or ".join(KINDS), do="correct --kind"
            )


class AsOfView:
    """Active documents published in `as_of` or before, latest revision each, that pass the filters.

    Nothing here leads to a later document. Documents come in the order of their ids, which depend on
    nothing but themselves; so documents of later years change neither what comes nor its order.
    """

    def __init__(
        self,
        documents: Any,
        *,
        engine: Engine,
        words: Callable[[], Any],
        as_of: int,
        snapshot: str,
        filters: Filters,
        rows_at_most: int,
    ) -> None:
        self.engine = engine
        self.as_of = as_of
        self.snapshot = snapshot
        self.filters = filters
        self._words = words
        self._documents = (
            documents.filter(_conditions(documents, filters)) if filters != Filters() else documents
        )
        self._ranges = max(1, -(-rows_at_most // engine.rows_at_once))

    @cached_property
    def n_documents(self) -> int:
        """How many documents the view has."""
        counted = self.engine.fetch(self._documents.agg(n=self._documents.count()))
        return int(counted["n"][0].as_py())

    def batches(self, columns: Sequence[str], size: int = 8192) -> Iterator[pa.RecordBatch]:
        """The documents in the order of their ids, `columns` only, at most `size` rows at a time.

        Memory stays flat: one range of ids after the other is read and sorted. InputError for a column
        that does not exist.
        """
        wrong = [c for c in columns if c not in self._documents.columns]
        if wrong:
            raise InputError(
                f"the corpus has no column {wrong[0]!r}",
                expected="one of " + ", ".join(self._documents.columns),
                do="correct the column name",
            )
        chosen = list(dict.fromkeys(["document_id", *columns]))
        for low, high in id_ranges(self._ranges):
            rows = self._documents
            if self._ranges > 1:
                rows = rows.filter(rows.document_id.between(low, high))
            found = self.engine.fetch(rows.select(*chosen).order_by("document_id"))
            yield from found.select(list(columns)).combine_chunks().to_batches(max_chunksize=size)

    def totals(self) -> pa.Table:
        """`year`, `source`, `kind`, `n_documents`: one row per combination present, sorted."""
        rows = self._documents
        counted = rows.group_by("year", "source", "kind").agg(n_documents=rows.count())
        return self.engine.fetch(counted.order_by("year", "source", "kind"))

    def table(self) -> Any:
        """The same documents as an Ibis expression, for analyses in the portable subset of Ibis."""
        return self._documents

    def words(self) -> Any:
        """The words of the same documents as an Ibis expression: the columns of `corpus.words.WORDS`.

        Cut now where they are not stored yet, and stored; OutsideError when the disk is full or not writable.
        """
        words = self._words()
        words = words.filter(words.year <= self.as_of)
        if self.filters != Filters():
            words = words.semi_join(self._documents.select("document_id"), "document_id")
        return words


def id_ranges(n: int) -> list[tuple[str, str]]:
    """`n` ranges of document ids, both ends included, that together hold every id once.

    >>> id_ranges(2)
    [('0000000000000000', '7fffffffffffffff'), ('8000000000000000', 'ffffffffffffffff')]
    """
    bounds = [i * 2**64 // n for i in range(n + 1)]
    return [(f"{low:016x}", f"{high - 1:016x}") for low, high in pairwise(bounds)]


def _conditions(table: Any, filters: Filters) -> list[Any]:
    import ibis

    conditions = []
    if filters.query is not None:
        conditions.append(to_condition(parse_query(filters.query), table))
    if filters.countries:
        codes = [c.upper() for c in filters.countries]
        named = table.organisations.map(lambda o: o["country"])
        conditions.append(ibis.or_(*[table.countries.contains(c) | named.contains(c) for c in codes]))
    if filters.organisations:
        names = table.organisations.map(lambda o: o["name"]).join("\n").lower()
        conditions.append(ibis.or_(*[names.contains(part.lower()) for part in filters.organisations]))
    if filters.sources:
        delivered = table.provenance.map(lambda p: p["source"])
        conditions.append(ibis.or_(*[(table.source == s) | delivered.contains(s) for s in filters.sources]))
    if filters.kinds:
        conditions.append(table.kind.isin(filters.kinds))
    if filters.languages:
        conditions.append(table.language.isin(filters.languages))
    if filters.document_ids:
        conditions.append(table.document_id.isin(filters.document_ids))
    return [c.fill_null(False) for c in conditions]
