"""Gives the records of a filtered table away as JSON, JSON Lines, CSV or Excel, in pieces: only what may be seen.

CSV and Excel have the columns that an import takes, and text that a spreadsheet would run is made harmless in a way that
an import undoes: what comes out goes in again unchanged.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from foretrack.foundation.errors import InputError
from foretrack.foundation.spreadsheets import Sheet, neutral, workbook
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import may, reach, require
from foretrack.registry.actions.reading import subjects_of, title_of, visible_values
from foretrack.registry.actions.tables import Filters, chosen_cards, circles_of
from foretrack.registry.declaring.columns import (
    KEY,
    OWN,
    REVISION,
    STATUS,
    VISIBILITY,
    Cell,
    cells_of,
    field_columns,
)
from foretrack.registry.declaring.fields import Field, Json
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry, moment

PIECE = 500
FORMATS = ("json", "jsonl", "csv", "xlsx")
MEDIA_TYPES: Mapping[str, str] = {
    "json": "application/json",
    "jsonl": "application/jsonl",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Exported:
    """One record as it is given away."""

    record: Record
    values: Mapping[str, Json]
    """Fields that the actor may see."""


def export(
    registry: Registry, actor: Actor, kind_name: str, file_format: str, filters: Filters | None = None, *,
    mark: bool = True,
) -> Iterator[bytes]:  # fmt: skip
    """The records that the filters leave and the actor may see, in the order in which they were made, as pieces.

    Args:
        file_format: `json` (one list), `jsonl` (one record a line), `csv` or `xlsx`.
        mark: CSV begins with the byte order mark by which Excel recognises UTF-8.

    Raises InputError for another format or a wrong filter, AccessError for whoever may not export, both before the first
    piece.
    """
    kind = registry.kinds.get(kind_name)
    require(actor, "export")
    if file_format not in FORMATS:
        raise InputError.of(
            "there is no format {format!r} to export to", expected="one of {known}", do="choose one",
            format=file_format[:20], known=", ".join(FORMATS),
        )  # fmt: skip
    pks = list(
        chosen_cards(actor, kind, filters or Filters())
        .order_by("record_id")
        .values_list("record_id", flat=True)
    )
    fields = exported_fields(actor, kind)
    records = _records(actor, kind, pks)
    if file_format == "csv":
        return _csv(fields, records, mark)
    if file_format == "xlsx":
        return _excel(kind, fields, records)
    return _json(actor, records, lines=file_format == "jsonl")


def exported_fields(actor: Actor, kind: Kind) -> tuple[Field, ...]:
    """The fields that the actor may see in some record."""
    circles = circles_of(actor)
    inside = any(grant.role != "administrator" for grant in actor.grants)
    return tuple(f for f in kind.fields if f.visibility in circles or inside)


def _records(actor: Actor, kind: Kind, pks: Sequence[int]) -> Iterator[Exported]:
    for start in range(0, len(pks), PIECE):
        found = Record.objects.in_bulk(pks[start : start + PIECE])
        subjects = subjects_of(kind, list(found.values()))
        for pk in pks[start : start + PIECE]:
            circle = reach(actor, subjects[pk]) if pk in found else None
            if circle is not None:  # it may have been hidden since the table was filtered
                personal = may(actor, "read personal", subjects[pk])
                yield Exported(found[pk], visible_values(kind, found[pk].body, circle, personal=personal))


def cells_of_record(fields: Sequence[Field], one: Exported) -> dict[str, Cell]:
    """Column to cell, the record's own columns included."""
    record = one.record
    own: dict[str, Cell] = {
        KEY.name: record.key, REVISION.name: record.revision, STATUS.name: record.status,
        VISIBILITY.name: record.visibility,
    }  # fmt: skip
    return own | cells_of(fields, one.values)


def _csv(fields: Sequence[Field], records: Iterator[Exported], mark: bool) -> Iterator[bytes]:
    columns = _names(fields)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    if mark:
        yield b"\xef\xbb\xbf"
    for at, one in enumerate(records, start=1):
        cells = cells_of_record(fields, one)
        writer.writerow([neutral(cells.get(column)) for column in columns])
        if at % PIECE == 0:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()


def _names(fields: Sequence[Field]) -> list[str]:
    return [column.name for column in (*OWN, *(c for f in fields for c in field_columns(f)))]


def _excel(kind: Kind, fields: Sequence[Field], records: Iterator[Exported]) -> Iterator[bytes]:
    columns = _names(fields)

    def rows() -> Iterator[list[Cell]]:
        for one in records:
            cells = cells_of_record(fields, one)
            yield [cells.get(column) for column in columns]

    yield workbook([Sheet(kind.name[:31], columns, rows())])


def _json(actor: Actor, records: Iterator[Exported], *, lines: bool) -> Iterator[bytes]:
    between, first = ("\n", "") if lines else (",\n", "[\n")
    piece = [first]
    for at, one in enumerate(records):
        piece += [
            between if at else "",
            json.dumps(record_json(actor, one), ensure_ascii=False, allow_nan=False),
        ]
        if at % PIECE == PIECE - 1:
            yield "".join(piece).encode()
            piece = []
    piece.append("\n" if lines else "\n]\n")
    yield "".join(piece).encode()


def record_json(actor: Actor, one: Exported) -> dict[str, Json]:
    """A record as JSON, its provenance with it."""
    record = one.record
    return {
        "key": record.key, "kind": record.kind, "title": title_of(record, actor.language), "status": record.status,
        "revision": record.revision, "visibility": record.visibility, "updated_at": moment(record.updated_at),
        "digest": record.digest, "values": dict(one.values),
        "provenance": {name: said for name, said in record.provenance.items() if name == "*" or name in one.values},
    }  # fmt: skip
