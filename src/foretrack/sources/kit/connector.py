"""The one contract between Foretrack and a source.

A connector lives in `sources/<name>/` and its `__init__.py` holds the door sign and a module-level
tuple `CONNECTORS` of `Connector` declarations, one per file format of that source. The catalogue finds
it there; nothing else has to be registered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from foretrack.records.document import Kind, Parsed, Rejected

if TYPE_CHECKING:
    from foretrack.sources.kit.opening import OpenedFile


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of a file, for detection by content. At most 64 KiB, already decompressed."""

    head: bytes
    """The raw bytes."""
    text: str | None
    """The same decoded (BOM removed, newlines as `\\n`), or None when the bytes are no text."""
    name: str
    """The file's name. A hint between equals only; detection is by content."""
    complete: bool = False
    """True when `head` is the whole file."""
    rows: tuple[tuple[str, ...], ...] = ()
    """What a file that is no text has instead of `text`, however large it is: of Parquet one row with the
    column names, of an Excel workbook the texts of the first 40 rows of each sheet."""


@dataclass(frozen=True, slots=True)
class ParseOptions:
    """What the user may say about a file."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    """Field of `Document` -> column of the file (`--map title=Titel,year=PY`)."""
    kind: Kind | None = None
    """Document kind of a table that does not say (`--kind patent`)."""
    source: str | None = None
    """Name for the `source` field of a table that does not say (`--source mine`)."""
    language: str | None = None
    sheet: str | None = None
    """Excel: the sheet to read; None means the first."""


@dataclass(frozen=True, slots=True)
class Connector:
    """One readable file format of one source."""

    name: str
    """`<source>-<format>`, unique, what `--format` takes: `openalex-json`, `wos-plain`, `scopus-csv`."""
    title: str
    """For people: "Web of Science, plain text"."""
    kinds: tuple[Kind, ...]
    licence: str
    """What is known of the terms of the database's records, in one sentence."""
    detect: Callable[[Sample], float]
    """Confidence 0..1 that a file with this beginning is of this format. Must not raise.
    1 is a format signature that nothing else can have; .9 a source-specific header or field names;
    .5 a general format that this connector can read (RIS, BibTeX, CSV); 0 is no."""
    parse: Callable[[OpenedFile, ParseOptions], Iterator[Parsed | Rejected]]
    """Yields every record of the file in file order, each either parsed or rejected with its reason.
    Lazy: memory does not grow with the file. Raises SourceError or InputError if the file as a whole
    is unusable, after yielding what was readable before."""
