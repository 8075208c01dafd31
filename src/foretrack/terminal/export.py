"""Tables for other programs: CSV, Excel, Parquet and JSON files, safe to open in a spreadsheet."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from foretrack.foundation.errors import InputError, OutsideError
from foretrack.foundation.spreadsheets import Row, Sheet, csv_text, workbook

FileFormat: TypeAlias = Literal["csv", "json", "parquet", "xlsx"]
FILE_FORMATS: tuple[str, ...] = get_args(FileFormat)


def format_of(path: Path, asked: str | None) -> str:
    """The file format asked for, or the one that the file's name says.

    Raises InputError when neither is one that can be written.
    """
    named = asked or path.suffix.lower().lstrip(".")
    if named not in FILE_FORMATS:
        known = ", ".join(FILE_FORMATS)
        raise InputError(
            f"cannot write a table as {named!r} to {path.name}",
            expected=f"one of {known}",
            do="name a format with --format, or end the file's name with it",
        )
    return named


def write_table(path: Path, columns: Sequence[str], rows: Sequence[Row], file_format: str) -> None:
    """Writes the rows to a file, whole or not at all.

    Raises OutsideError when the file cannot be written; an older file then stays as it was.
    """
    passing = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        passing.parent.mkdir(parents=True, exist_ok=True)
        _WRITERS[file_format](passing, columns, rows)
        os.replace(passing, path)
    except OSError as error:
        passing.unlink(missing_ok=True)
        raise OutsideError(
            f"{path} could not be written ({error.strerror or error})",
            expected="a folder that may be written, with space left",
            do="choose another --output",
        ) from error


def write_text(path: Path, text: str) -> None:
    """Writes a text file as UTF-8, whole or not at all. Raises OutsideError as `write_table` does."""
    write_table(path, [text], [], "text")


def _csv(path: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    # The byte order mark is what makes Excel read Chinese as UTF-8.
    path.write_bytes(b"\xef\xbb\xbf" + csv_text(columns, rows).encode())


def _json(path: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    import json

    kept = [{column: row.get(column) for column in columns} for row in rows]
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8")


def _text(path: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    path.write_text("".join(columns), encoding="utf-8")


def _parquet(path: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    values: dict[str, list[Any]] = {column: [row.get(column) for row in rows] for column in columns}
    pq.write_table(pa.table({column: pa.array(cells) for column, cells in values.items()}), path)


def _xlsx(path: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    sheet = Sheet("Foretrack", columns, ([row.get(column) for column in columns] for row in rows))
    path.write_bytes(workbook([sheet]))


_WRITERS = {"csv": _csv, "json": _json, "parquet": _parquet, "xlsx": _xlsx, "text": _text}
