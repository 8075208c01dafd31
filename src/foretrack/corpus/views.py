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
        self._all = documents
        self._documents = _chosen(documents, filters)
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
                # The range first, so that no filter looks at documents of other ranges.
                rows = _chosen(self._all.filter(self._all.document_id.between(low, high)), self.filters)
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


def _chosen(documents: Any, filters: Filters) -> Any:
    """The documents that pass the filters; what is in lists of structures is looked up beside them.

    Lists are unnested, never mapped: Sail does not know a function over the fields of a list's structures.
    """
    import ibis

    conditions = []
    if filters.query is not None:
        conditions.append(to_condition(parse_query(filters.query), documents))
    if filters.kinds:
        conditions.append(documents.kind.isin(filters.kinds))
    if filters.languages:
        conditions.append(documents.language.isin(filters.languages))
    if filters.document_ids:
        conditions.append(documents.document_id.isin(filters.document_ids))
    found = documents.filter([c.fill_null(False) for c in conditions]) if conditions else documents
    if filters.countries:
        codes = [c.upper() for c in filters.countries]
        own = documents.select("document_id", country=documents.countries.unnest())
        theirs = _of_list(documents, "organisations", "country")
        named = ibis.union(own.select("document_id", value="country"), theirs)
        found = found.semi_join(named.filter(named.value.isin(codes)), "document_id")
    if filters.organisations:
        named = _of_list(documents, "organisations", "name")
        parts = [named.value.lower().contains(part.lower()) for part in filters.organisations]
        found = found.semi_join(named.filter(ibis.or_(*parts)), "document_id")
    if filters.sources:
        own = documents.select("document_id", value="source")
        named = ibis.union(own, _of_list(documents, "provenance", "source"))
        found = found.semi_join(named.filter(named.value.isin(filters.sources)), "document_id")
    return found


def _of_list(documents: Any, column: str, field: str) -> Any:
    """`document_id` and `value`: one field of the structures in a list."""
    rows = documents.select("document_id", one=documents[column].unnest())
    return rows.select("document_id", value=rows.one[field])
