"""Every connector there is, found by looking into the folders of `sources/`.

for name, connector, records in read(Path("exports.zip")):
    for record in records: ...
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TypeAlias

import foretrack.sources
from foretrack.foundation.errors import ForetrackError, HouseError, InputError, SourceError
from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.building import excerpt_of, reject
from foretrack.sources.kit.compression import Limits
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.encoding import signature_of
from foretrack.sources.kit.opening import LIMITS, OpenedFile, open_file

SURE_ENOUGH = 0.3
"""Below this confidence a file counts as not recognised."""

Records: TypeAlias = Iterator[Parsed | Rejected]


@dataclass(frozen=True, slots=True)
class Detection:
    """What one connector thinks of a file."""

    connector: Connector
    confidence: float


@functools.cache
def connectors() -> tuple[Connector, ...]:
    """All connectors, by name. HouseError when two have the same name."""
    found: dict[str, Connector] = {}
    for module in sorted(pkgutil.iter_modules(foretrack.sources.__path__), key=lambda m: m.name):
        if not module.ispkg or module.name == "kit":
            continue
        room = importlib.import_module(f"foretrack.sources.{module.name}")  # noqa: TID251
        for connector in room.CONNECTORS:
            if connector.name in found:
                raise HouseError(f"two connectors are called {connector.name!r}")
            found[connector.name] = connector
    return tuple(found[name] for name in sorted(found))


def get(name: str) -> Connector:
    """The connector called `name`. InputError with the known names otherwise, the nearest first."""
    known = {connector.name: connector for connector in connectors()}
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    raise InputError(
        f"no format is called {name!r}",
        expected=f"auto, or one of {', '.join(known)}",
        do=f"write --format {near[0]}" if near else "leave --format out",
    )


def judged(sample: Sample) -> list[Detection]:
    """What every connector thinks of a file, the most confident first.

    Equals are ordered by how special they are: a file name that ends like the format's name first, then
    the generic `tables` last, then by name, so that the answer never depends on the order of folders.
    """
    found = [Detection(connector, connector.detect(sample)) for connector in connectors()]
    ending = sample.name.rsplit(".", 1)[-1].lower()

    def rank(detection: Detection) -> tuple[float, bool, bool, str]:
        name = detection.connector.name
        return (
            -detection.confidence,
            name.startswith("tables-"),
            not name.endswith(f"-{ending}"),
            name,
        )

    return sorted(found, key=rank)


def detect(sample: Sample) -> Connector:
    """The connector that is surest of the file. InputError when none is, saying what it looks like."""
    best = judged(sample)[0]
    if best.confidence >= SURE_ENOUGH:
        return best.connector
    words = signature_of(sample.head)
    looks = f"begins like {words}" if words else _looks(sample)
    raise InputError(
        f"{sample.name}: no known format; the file {looks}",
        expected="an export of a supported database, or a table with a title and a year",
        do="see `foretrack ingest --help` for the formats and name one with --format, "
        "or map the columns with --map title=...,year=...",
    )


def _looks(sample: Sample) -> str:
    text = sample.text
    if text is None:
        return f"is no text in UTF-8, UTF-16 or GB18030 (first bytes {sample.head[:8].hex(' ')})"
    start = text.lstrip()
    if start.startswith("<"):
        kind = "HTML" if "<html" in start[:2000].lower() else "XML"
        return f"is {kind} that begins {excerpt_of(start)[:60]!r}"
    if start.startswith(("{", "[")):
        return f"is JSON that begins {excerpt_of(start)[:60]!r}"
    return f"is text that begins {excerpt_of(start)[:60]!r}"


def read(
    path: Path,
    format: str = "auto",
    options: ParseOptions | None = None,
    *,
    encoding: str | None = None,
    latest_year: int | None = None,
    limits: Limits = LIMITS,
) -> Iterator[tuple[str, Connector, Records]]:
    """(member name, its connector, its records) for each file in `path`: one, or several in a zip.

    The records of a member are to be read before the next member is asked for. `format` is `auto` or a
    connector's name; `encoding` overrules the detected one; a document later than `latest_year` is
    rejected. In an archive of several files, one that no connector knows, or that breaks, is given as a
    member whose reading raises the error, so that the others are still read. A file that stands alone
    raises at once.
    """
    chosen = None if format == "auto" else get(format)
    options = options or ParseOptions()
    with open_file(path, encoding=encoding, limits=limits) as members:
        for member in members:
            try:
                connector = chosen or _detected(member)
            except ForetrackError as error:
                if len(members) == 1:
                    raise
                yield member.name, UNKNOWN, _failing(error)
                continue
            records = _guarded(connector, member, options)
            yield member.name, connector, records if latest_year is None else _until(records, latest_year)
            member.close()


def _detected(member: OpenedFile) -> Connector:
    sample = member.sample()
    if sample.text is None and signature_of(sample.head) is None and not _is_binary(sample.head):
        # Says which encoding is missing, which helps more than "no known format".
        member.encoding()
    return detect(sample)


def _is_binary(head: bytes) -> bool:
    """True when more than one byte in fifty is a control character that no text uses."""
    controls = sum(head.count(byte) for byte in (*range(9), *range(14, 27), *range(28, 32), 127))
    return controls * 50 > len(head)


def _guarded(connector: Connector, member: OpenedFile, options: ParseOptions) -> Records:
    try:
        yield from connector.parse(member, options)
    except ForetrackError:
        raise
    except (RecursionError, MemoryError) as error:
        raise SourceError(
            f"{member.name}: too deep or too large to be read ({type(error).__name__})",
            expected="an export of ordinary records",
            do="split the file",
        ) from error


def _until(records: Records, latest_year: int) -> Records:
    for record in records:
        if isinstance(record, Parsed) and record.document.year > latest_year:
            yield reject(
                record.position,
                f"year {record.document.year}; expected at most {latest_year}",
                record.document.title,
            )
        else:
            yield record


def _failing(error: ForetrackError) -> Records:
    raise error
    yield  # makes this a generator, so that the error comes when the member is read


def _nothing(file: OpenedFile, options: ParseOptions) -> Records:
    return iter(())


UNKNOWN = Connector(
    name="unknown",
    title="Not recognised",
    kinds=(),
    licence="Unknown.",
    detect=lambda sample: 0.0,
    parse=_nothing,
)
"""Stands for the connector of an archive member that none knows."""
