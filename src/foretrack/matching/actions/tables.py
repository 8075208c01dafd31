"""Tables of needs or offers of any origin as profiles: CSV, Excel, JSON and Parquet, columns known by their names."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Any

from foretrack.foundation.errors import InputError, SourceError
from foretrack.language.embedding.centring import script_language
from foretrack.matching.profiles import Profile
from foretrack.records.document import Rejected
from foretrack.registry.declaring.sides import SideName
from foretrack.sources.kit.jsonstream import json_records
from foretrack.sources.kit.opening import OpenedFile, open_file
from foretrack.sources.kit.tables import csv_records, excel_records
from foretrack.sources.tables.mapping import plain

FIELDS = ("id", "title", "text", "organisation", "region", "maturity", "until", "tracks")
PATHS = (("results",), ("items",), ("data",), ("records",), ("needs",), ("offers",), ("rows",))
"""Where an answer in JSON holds its records."""
MOST = 500_000
"""Rows of one table."""
_LEVEL = re.compile(r"[1-9]")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
_SPLIT = re.compile(r"[;；|,，\n]+")


@dataclass(frozen=True, slots=True)
class Table:
    """What was read. `columns`: field to the columns it was taken from."""

    name: str
    profiles: tuple[Profile, ...]
    columns: Mapping[str, tuple[str, ...]]
    without_text: int
    """Rows with a title alone."""
    rejected: tuple[tuple[str, str], ...]
    """Place and reason of each row that was left out."""


@functools.cache
def known_names() -> Mapping[str, tuple[str, ...]]:
    """Field -> the plain column names that mean it, the best one first."""
    text = resources.files(__package__).joinpath("columns.csv").read_text(encoding="utf-8")
    return {
        row["field"]: tuple(map(plain, row["names"].split("|"))) for row in csv.DictReader(text.splitlines())
    }


def read_profiles(path: Path, side: SideName, wanted: Mapping[str, Sequence[str]] | None = None) -> Table:
    """The rows of a table as profiles of one side.

    A row without title and text is left out and told. A row without an identifier is known by its place.

    Args:
        wanted: field to columns, where their names do not tell.

    Raises InputError for a file that is no table, a column that is not there, no column of titles or texts, an identifier
    that stands twice, or when no row is left; SourceError for a damaged file.
    """
    asked = {field: tuple(columns) for field, columns in (wanted or {}).items() if columns}
    rejected: list[tuple[str, str]] = []
    with open_file(path) as members:
        if len(members) != 1:
            raise InputError.of(
                "{file} holds {n} files", expected="one table", do="unpack it and name one of them", file=path.name,
                n=len(members),
            )  # fmt: skip
        rows = list(islice(_rows(members[0], asked), MOST + 1))
    if len(rows) > MOST:
        raise InputError.of(
            "{file} has more than {most} rows", expected="a table within the limit", do="divide it", file=path.name,
            most=MOST,
        )  # fmt: skip
    records = []
    for row in rows:
        if isinstance(row, Rejected):
            rejected.append((row.position, row.reason))
        else:
            records.append(row)
    names = list(dict.fromkeys(name for _, cells in records for name in cells))
    columns = _columns(names, asked, path.name)
    profiles: list[Profile] = []
    seen: dict[str, str] = {}
    for place, cells in records:
        profile = _profile(place, cells, columns, side)
        if not profile.title and not profile.texts:
            rejected.append((place, "neither title nor text"))
            continue
        if profile.key in seen:
            raise InputError.of(
                "{file}: {first} and {second} have the same identifier {key!r}",
                expected="each identifier once", do="mend the table, or name another column of identifiers",
                file=path.name, first=seen[profile.key], second=place, key=profile.key,
            )  # fmt: skip
        seen[profile.key] = place
        profiles.append(profile)
    if not profiles:
        raise InputError.of(
            "{file} has no row with a title or a text", expected="at least one",
            do="look at the table, or name its columns", file=path.name,
        )  # fmt: skip
    return Table(
        path.name, tuple(profiles), columns, sum(not profile.texts for profile in profiles), tuple(rejected)
    )


def _rows(
    file: OpenedFile, wanted: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, dict[str, Any]] | Rejected]:
    head = file.head(512)
    if head.startswith(b"PAR1"):
        yield from _parquet(file)
        return
    if head.startswith(b"PK\x03\x04"):
        read = excel_records(file, None, lambda names: _is_header(names, wanted), _EXPECTED)
    else:
        text = (file.sample().text or "").lstrip()
        if text[:1] in ("{", "["):
            yield from json_records(file, PATHS)
            return
        read = csv_records(file, lambda names: _is_header(names, wanted), _EXPECTED)
    try:
        for row in read:
            yield row if isinstance(row, Rejected) else (row.position, dict(row.cells))
    except InputError as error:
        raise InputError.of(
            "{what}", expected="a header with a column of titles or texts, such as title, description, 名称, 简介",
            do="name the columns with --needs-column or --offers-column", what=error.what,
        ) from error  # fmt: skip


_EXPECTED = "a header"


def _is_header(names: Sequence[str], wanted: Mapping[str, tuple[str, ...]]) -> bool:
    given = {plain(column) for columns in wanted.values() for column in columns}
    own = {plain(name) for name in names}
    if given:
        return given <= own
    return bool(own & {*known_names()["title"], *known_names()["text"]})


def _parquet(file: OpenedFile) -> Iterator[tuple[str, dict[str, Any]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        with pq.ParquetFile(file.local_path()) as table:
            for batch in table.iter_batches(batch_size=1000):
                for row in batch.to_pylist():
                    number += 1
                    yield f"row {number}", row
    except (pa.ArrowException, OSError, ValueError) as error:
        raise SourceError(
            f"{file.name}: the Parquet file is damaged ({str(error)[:150]})",
            expected="a complete Parquet file",
            do="copy or write it again",
        ) from error


def _columns(
    names: Sequence[str], wanted: Mapping[str, tuple[str, ...]], file: str
) -> Mapping[str, tuple[str, ...]]:
    by_plain: dict[str, str] = {}
    for name in names:
        by_plain.setdefault(plain(name), name)
    found: dict[str, tuple[str, ...]] = {}
    for field in FIELDS:
        if asked := wanted.get(field, ()):
            for column in asked:
                if plain(column) not in by_plain:
                    raise InputError.of(
                        "{file} has no column {column!r}", expected="one of {columns}", do="correct the name",
                        file=file, column=column, columns=", ".join(names[:40]),
                    )  # fmt: skip
            found[field] = tuple(by_plain[plain(column)] for column in asked)
            continue
        taken = {column for columns in found.values() for column in columns}
        known = [by_plain[name] for name in known_names()[field] if name in by_plain]
        known = [name for name in dict.fromkeys(known) if name not in taken]
        if known:
            found[field] = tuple(known) if field == "text" else (known[0],)
    if not found.get("title") and not found.get("text"):
        raise InputError.of(
            "{file} has no column of titles or texts that is known by its name",
            expected="such as title, name, description, abstract; it has {columns}",
            do="name them with --needs-column or --offers-column", file=file, columns=", ".join(names[:40]),
        )  # fmt: skip
    return found


def _profile(
    place: str, cells: Mapping[str, Any], columns: Mapping[str, tuple[str, ...]], side: SideName
) -> Profile:
    def values(field: str) -> list[str]:
        told = [_text(cells.get(column)) for column in columns.get(field, ())]
        return [value for value in dict.fromkeys(told) if value]

    def first(field: str) -> str:
        return next(iter(values(field)), "")

    title = first("title")
    texts = tuple(value for value in values("text") if value != title)
    return Profile(
        key=first("id") or place, side=side, title=title, texts=texts,
        language=script_language(" ".join((title, *texts))),
        tracks=frozenset(piece for value in values("tracks") for piece in _pieces(value)),
        maturity=_levels(first("maturity")), region=first("region"), until=_day(first("until")),
        organisation=first("organisation"),
    )  # fmt: skip


def _text(value: object) -> str:
    if value is None or value != value:  # a number that is none
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(filter(None, map(_text, value)))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _pieces(value: str) -> list[str]:
    return [piece for part in _SPLIT.split(value) if (piece := part.strip())]


def _levels(value: str) -> tuple[int, int] | None:
    """Lowest and highest level in "TRL 4-6", "5", "七级" (no digit: not stated).

    >>> _levels("TRL 4-6"), _levels("5"), _levels("prototype")
    ((4, 6), (5, 5), None)
    """
    levels = [int(digit) for digit in _LEVEL.findall(value)] if len(value) < 20 else []
    return (min(levels), max(levels)) if levels else None


def _day(value: str) -> date | None:
    """The day in "2026-12-31", "2026/12/31" or "2026年12月31日"; None where there is none.

    >>> _day("2026年12月31日"), _day("open")
    (datetime.date(2026, 12, 31), None)
    """
    found = _DAY.search(value)
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
