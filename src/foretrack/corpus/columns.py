"""The columns of the corpus, and documents to rows and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa

from foretrack.records.document import Document, Organisation


def schema_of(fields: list[pa.Field[Any]]) -> pa.Schema:
    """The schema of some fields, whatever their types: what the stubs of pyarrow do not see."""
    return pa.schema(fields)


STRINGS = pa.list_(pa.string())
PROVENANCE = pa.struct(
    [
        pa.field("file", pa.string()),
        pa.field("sha256", pa.string()),
        pa.field("position", pa.string()),
        pa.field("connector", pa.string()),
        pa.field("ingested_at", pa.string()),
        pa.field("source", pa.string()),
        pa.field("source_id", pa.string()),
    ]
)
ORGANISATION = pa.struct([("name", pa.string()), ("country", pa.string()), ("id", pa.string())])
YEAR_COUNT = pa.struct([("year", pa.int16()), ("count", pa.int64())])

DOCUMENTS = schema_of(
    [
        pa.field("document_id", pa.string(), nullable=False),
        pa.field("revision", pa.int32(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("source_id", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("published", pa.string(), nullable=False),
        pa.field("year", pa.int16(), nullable=False),
        pa.field("abstract", pa.string()),
        pa.field("language", pa.string()),
        pa.field("keywords", STRINGS),
        pa.field("alt_language", pa.string()),
        pa.field("alt_title", pa.string()),
        pa.field("alt_abstract", pa.string()),
        pa.field("alt_keywords", STRINGS),
        pa.field("doi", pa.string()),
        pa.field("family", pa.string()),
        pa.field("ids", STRINGS),
        pa.field("subtype", pa.string()),
        pa.field("authors", STRINGS),
        pa.field("organisations", pa.list_(ORGANISATION)),
        pa.field("countries", STRINGS),
        pa.field("venue", pa.string()),
        pa.field("publisher", pa.string()),
        pa.field("classes", STRINGS),
        pa.field("references", STRINGS),
        pa.field("cited_by", pa.int64()),
        pa.field("cited_by_year", pa.list_(YEAR_COUNT)),
        pa.field("filed", pa.string()),
        pa.field("granted", pa.string()),
        pa.field("funding", pa.float64()),
        pa.field("currency", pa.string()),
        pa.field("funder", pa.string()),
        pa.field("status", pa.string()),
        pa.field("updated", pa.string()),
        pa.field("url", pa.string()),
        pa.field("licence", pa.string()),
        pa.field("provenance", pa.list_(PROVENANCE)),
    ]
)
"""One row per document and revision. Lists are never null, only empty."""

SUPERSEDED = schema_of(
    [
        pa.field("document_id", pa.string(), nullable=False),
        pa.field("revision", pa.int32(), nullable=False),
        pa.field("became", pa.string(), nullable=False),
    ]
)
"""Rows of DOCUMENTS that a later row replaces. `became` is the id of the document that it is part of now."""

KEYS = schema_of(
    [pa.field("key", pa.uint64(), nullable=False), pa.field("document", pa.uint64(), nullable=False)]
)
"""64-bit hashes of identity keys and of record contents, with the document that they lead to."""

REJECTED = schema_of(
    [
        pa.field("file", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("position", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("excerpt", pa.string(), nullable=False),
        pa.field("connector", pa.string(), nullable=False),
        pa.field("ingested_at", pa.string(), nullable=False),
    ]
)

FILES = schema_of(
    [
        pa.field("file", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("reading", pa.string(), nullable=False),
        pa.field("connector", pa.string(), nullable=False),
        pa.field("read", pa.int64(), nullable=False),
        pa.field("kept", pa.int64(), nullable=False),
        pa.field("merged", pa.int64(), nullable=False),
        pa.field("rejected", pa.int64(), nullable=False),
        pa.field("revised", pa.int64(), nullable=False),
        pa.field("retracted", pa.int64(), nullable=False),
        pa.field("ingested_at", pa.string(), nullable=False),
    ]
)
"""Files that were read to their end. `reading` is a hash of the options and the version that read them."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one record of a document came from."""

    file: str
    """Name as the user would recognise it; `archive.zip/member.csv` for a member."""
    sha256: str
    """Of the file's bytes."""
    position: str
    """`line 12`, `record 3`."""
    connector: str
    ingested_at: str
    """ISO 8601, UTC."""
    source: str
    source_id: str


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as the corpus keeps it: all records of it merged, with where each came from."""

    document_id: str
    """16 hexadecimal characters, from the strongest identity key."""
    revision: int
    """1 for the first; each change adds one."""
    document: Document
    provenance: tuple[Provenance, ...]


def to_table(stored: Sequence[StoredDocument]) -> pa.Table:
    """The rows of `stored` in their order, with the schema DOCUMENTS."""
    if not stored:
        return DOCUMENTS.empty_table()
    plain = dict(zip(_PLAIN, zip(*(_plain_values(s.document) for s in stored), strict=True), strict=True))
    columns: list[pa.Array[Any]] = []
    for field in DOCUMENTS:
        values: Iterable[object]
        match field.name:
            case "document_id":
                values = [s.document_id for s in stored]
            case "revision":
                values = [s.revision for s in stored]
            case "year":
                values = [int(published[:4]) for published in plain["published"]]
            case "organisations":
                values = [
                    [{"name": o.name, "country": o.country, "id": o.id} for o in entries]
                    for entries in plain["organisations"]
                ]
            case "cited_by_year":
                values = [[{"year": y, "count": n} for y, n in pairs] for pairs in plain["cited_by_year"]]
            case "provenance":
                columns.append(_provenance_column([s.provenance for s in stored]))
                continue
            case name:
                values = plain[name]
        columns.append(pa.array(values, type=field.type))
    return pa.Table.from_arrays(columns, schema=DOCUMENTS)


_PLAIN = tuple(f.name for f in fields(Document))
_plain_values = attrgetter(*_PLAIN)


def _provenance_column(rows: Sequence[tuple[Provenance, ...]]) -> pa.Array[Any]:
    """Built from its columns: a Python object for each entry would take as long as all the rest."""
    entries = [entry for row in rows for entry in row]
    offsets: Any = pa.array(np.cumsum([0, *map(len, rows)], dtype=np.int32))
    inner: list[Any] = [pa.array([getattr(e, f.name) for e in entries], type=f.type) for f in PROVENANCE]
    structs: Any = pa.StructArray.from_arrays(inner, fields=list(PROVENANCE))
    found: pa.Array[Any] = pa.ListArray.from_arrays(offsets, structs)
    return found


def from_table(table: pa.Table) -> list[StoredDocument]:
    """The documents of a table with the schema DOCUMENTS, in its order."""
    return [_from_row(row) for row in table.to_pylist()]


def _from_row(row: dict[str, Any]) -> StoredDocument:
    document_id, revision = row.pop("document_id"), row.pop("revision")
    provenance = tuple(Provenance(**entry) for entry in row.pop("provenance"))
    row.pop("year")
    organisations = tuple(Organisation(**o) for o in row.pop("organisations"))
    cited = tuple((c["year"], c["count"]) for c in row.pop("cited_by_year"))
    plain: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in row.items()}
    document = Document(**plain, organisations=organisations, cited_by_year=cited)
    return StoredDocument(document_id, revision, document, provenance)
