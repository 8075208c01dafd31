"""An issue as a table: CSV and Excel, and the same entries read back from them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from foretrack.foundation.errors import InputError
from foretrack.foundation.spreadsheets import Cell, Sheet, as_written, csv_text, excel_unescaped, workbook
from foretrack.lists.issue import (
    FACETS,
    Entry,
    Evidence,
    Facet,
    Field,
    FieldType,
    Issue,
    Removal,
    Status,
    Value,
    digest_of,
)
from foretrack.lists.rendering.wording import Wording, wording
from foretrack.packs.shapes import Bilingual

_Sort: TypeAlias = Literal["text", "integer", "number", "boolean", "date"]

_SORTS: Mapping[FieldType, _Sort] = {
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
}
_LABELS = {
    "record": "Record",
    "revision": "Revision",
    "revision_digest": "Hash of the revision (SHA-256)",
    "position": "No.",
    "status": "Status",
    "title": "Title",
    "direction": "Direction",
    "region": "Region",
    "track": "Track",
    "valid_from": "Valid from",
    "valid_to": "Valid to",
    "removed_on": "Removed on",
    "removal_code": "Code of the reason",
    "removal_reason": "Reason of removal",
    "evidence": "Evidence",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its key, and what its cells are."""

    key: str
    sort: _Sort = "text"
    field: Field | None = None
    language: str = ""
    """`en` or `zh` where the column holds one half of a bilingual text."""


def columns_of(fields: Sequence[Field]) -> list[Column]:
    """The columns of an issue with these fields, the same in CSV and Excel and in both languages."""
    columns = [Column("position", "integer"), Column("record"), *_two("title"), Column("status")]
    for one in fields:
        columns += (
            _two(one.key, one)
            if one.type == "bilingual"
            else [Column(one.key, _SORTS.get(one.type, "text"), one)]
        )
    for name in FACETS:
        columns += [Column(name), *_two(name)]
    return [
        *columns,
        Column("valid_from", "date"),
        Column("valid_to", "date"),
        Column("removed_on", "date"),
        Column("removal_code"),
        *_two("removal_reason"),
        Column("evidence"),
        Column("revision", "integer"),
        Column("revision_digest"),
    ]


def _two(key: str, field: Field | None = None) -> list[Column]:
    return [Column(f"{key}_{language}", field=field, language=language) for language in ("en", "zh")]


def csv_of(issue: Issue) -> bytes:
    """The entries as RFC 4180 CSV in UTF-8 with byte order mark (which Excel wants), one line each, keys as header.

    Texts that a spreadsheet would run as a formula have an apostrophe in front. Several values, and several pieces of
    evidence, stand on lines of their own in their cell.
    """
    columns = [column.key for column in columns_of(issue.fields)]
    rows = (
        {key: _plain(cell) for key, cell in _cells(entry, issue.fields).items()} for entry in issue.entries
    )
    return b"\xef\xbb\xbf" + csv_text(columns, rows).encode()


def excel_of(issue: Issue, language: str = "en") -> bytes:
    """The issue as a workbook: the list with headers in the reader's language, what it is, and what its columns are.

    Equal issues give equal bytes.
    """
    said = wording(language)
    columns = columns_of(issue.fields)
    cells = ([_cells(entry, issue.fields).get(column.key) for column in columns] for entry in issue.entries)
    widths = [36 if column.key.startswith("title_") else 16 for column in columns]
    sheets = [
        Sheet(said.say("List"), [_header(column, said) for column in columns], cells, widths),
        Sheet(said.say("About"), [said.say("What"), said.say("Content")], about(issue, said), [28, 80]),
        Sheet(
            said.say("Columns"),
            ["key", "en", "zh", "type", "unit"],
            [_column_row(column) for column in columns],
            [20, 32, 32, 12, 12],
        ),
    ]
    return workbook(sheets, made=issue.published_on)


def about(issue: Issue, said: Wording) -> list[tuple[str, str]]:
    """What an issue says of itself, as pairs of label and text, in the order in which readers ask."""
    say, series, basis = said.say, issue.series, issue.basis
    pairs = [
        (say("List"), said.text(series.title)),
        (say("Description"), said.text(series.description)),
        (say("Publisher"), said.text(series.publisher)),
        (
            say("Issue"),
            say("{label} (no. {number})", label=said.text(Bilingual(issue.label)), number=issue.number),
        ),
        (say("Published on"), said.day(issue.published_on)),
        (say("As of"), said.day(issue.as_of)),
        (say("Valid"), said.validity(issue.valid_from, issue.valid_to)),
        (say("Listed"), said.number(len(issue.listed))),
        (say("Removed"), said.number(len(issue.removed)) if issue.removed else ""),
        (
            say("Basis"),
            ", ".join(
                said.text(Bilingual(part)) for part in (basis.pack, basis.version, basis.clause) if part
            )
            if basis
            else "",
        ),
        (say("Licence"), series.licence),
        (say("Hash (SHA-256 of the JSON file)"), digest_of(issue)),
        (say("Hash of the issue before"), issue.previous or ""),
    ]
    return [(label, text) for label, text in pairs if text]


def _header(column: Column, said: Wording) -> str:
    if column.field is not None:
        label = said.label(column.field)
    else:
        bare = column.key.removesuffix(f"_{column.language}") if column.language else column.key
        label = said.say(_LABELS[bare])
    if not column.language:
        return label
    return f"{label} ({said.say('English') if column.language == 'en' else said.say('Chinese')})"


def _column_row(column: Column) -> list[Cell]:
    field = column.field
    names = [_header(column, wording(language)) for language in ("en", "zh")]
    return [column.key, *names, field.type if field else column.sort, field.unit if field else ""]


def _cells(entry: Entry, fields: Sequence[Field]) -> dict[str, Cell | date]:
    """The cells of one entry; what is not said is missing."""
    cells: dict[str, Cell | date] = {
        "position": entry.position,
        "record": entry.record,
        "title_en": entry.title.en,
        "title_zh": entry.title.zh,
        "status": entry.status,
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
        "revision": entry.revision,
        "revision_digest": entry.revision_digest,
        "evidence": "\n".join(f"{one.id} {one.url}".strip() for one in entry.evidence),
    }
    for one in fields:
        value = entry.values.get(one.key)
        if isinstance(value, Bilingual):
            cells |= {f"{one.key}_en": value.en, f"{one.key}_zh": value.zh}
        elif value is not None:
            cells[one.key] = "\n".join(value) if isinstance(value, tuple) else value
    for name in FACETS:
        facet = getattr(entry, name)
        if facet is not None:
            cells |= {name: facet.id, f"{name}_en": facet.label.en, f"{name}_zh": facet.label.zh}
    if entry.removal is not None:
        cells |= {
            "removed_on": entry.removal.on,
            "removal_code": entry.removal.code,
            "removal_reason_en": entry.removal.reason.en,
            "removal_reason_zh": entry.removal.reason.zh,
        }
    return {key: cell for key, cell in cells.items() if cell not in ("", None)}


def _plain(cell: Cell | date) -> Cell:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return cell.isoformat()
    return cell


def entries_of_csv(content: bytes, fields: Sequence[Field]) -> tuple[Entry, ...]:
    """The entries in a CSV file that `csv_of` wrote. Raises InputError with line and column where it is none."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (csv.Error, UnicodeDecodeError) as error:
        raise _no_table(error) from error
    return _entries(([as_written(cell) for cell in row] for row in rows[1:]), rows[:1], fields)


def entries_of_excel(content: bytes, fields: Sequence[Field]) -> tuple[Entry, ...]:
    """The entries in a workbook that `excel_of` wrote. Raises InputError with line and column where it is none."""
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True)
        listed, _, columns = (list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise _no_table(error) from error
    header = [[str(row[0]) for row in columns[1:]]]
    return _entries(([_from_excel(cell) for cell in row] for row in listed[1:]), header, fields)


def _no_table(error: Exception) -> InputError:
    return InputError.of(
        "the file is no table of a list ({error})",
        expected="the CSV or Excel file of an issue",
        do="take the file as it was published",
        error=str(error)[:200],
    )


def _from_excel(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    return as_written(excel_unescaped(cell)) if isinstance(cell, str) else str(cell)


def _entries(
    rows: Iterable[Sequence[str]], header: Sequence[Sequence[str]], fields: Sequence[Field]
) -> tuple[Entry, ...]:
    columns = columns_of(fields)
    keys = [column.key for column in columns]
    if not header or list(header[0]) != keys:
        raise InputError.of(
            "the table has the columns {found}",
            expected="{columns}",
            do="take the file as it was published",
            found=", ".join(header[0])[:400] if header else "–",
            columns=", ".join(keys),
        )
    return tuple(
        _entry(dict(zip(keys, row, strict=False)), fields, line) for line, row in enumerate(rows, start=2)
    )


def _entry(cells: Mapping[str, str], fields: Sequence[Field], line: int) -> Entry:
    try:
        return Entry(
            record=cells["record"],
            revision=int(cells["revision"]),
            revision_digest=cells["revision_digest"],
            position=int(cells["position"]),
            title=_both(cells, "title"),
            values={one.key: _value(cells, one) for one in fields},
            direction=_facet(cells, "direction"),
            region=_facet(cells, "region"),
            track=_facet(cells, "track"),
            status=_status(cells["status"]),
            removal=Removal(
                cells["removal_code"], _both(cells, "removal_reason"), date.fromisoformat(cells["removed_on"])
            )
            if cells["removed_on"]
            else None,
            valid_from=_day(cells["valid_from"]),
            valid_to=_day(cells["valid_to"]),
            evidence=tuple(Evidence(*one.split(" ", 1)) for one in cells["evidence"].split("\n") if one),
        )
    except (ValueError, KeyError) as error:
        raise InputError.of(
            "line {line} of the table is no entry ({error})",
            expected="a line as it was published",
            do="take the file as it was published",
            line=line,
            error=str(error)[:200],
        ) from error


def _status(text: str) -> Status:
    if text == "listed" or text == "removed":
        return "listed" if text == "listed" else "removed"
    raise ValueError(text)


def _both(cells: Mapping[str, str], key: str) -> Bilingual:
    return Bilingual(cells[f"{key}_en"], cells[f"{key}_zh"])


def _facet(cells: Mapping[str, str], name: str) -> Facet | None:
    return Facet(cells[name], _both(cells, name)) if cells[name] else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _value(cells: Mapping[str, str], one: Field) -> Value:
    if one.type == "bilingual":
        return _both(cells, one.key)
    text = cells[one.key]
    if not text:
        return ""
    match one.type:
        case "many":
            return tuple(text.split("\n"))
        case "integer":
            return int(text)
        case "number":
            return float(text)
        case "boolean":
            return {"true": True, "false": False}[text]
        case "date":
            return date.fromisoformat(text)
    return text
