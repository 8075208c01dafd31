"""An answer that is a list, given as data: to a file, as JSON or as CSV."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from foretrack.foundation.errors import InputError
from foretrack.foundation.spreadsheets import Row, csv_text
from foretrack.terminal.export import format_of, write_table
from foretrack.terminal.session import Session, write_json

FORMATS = ("table", "csv", "json", "parquet", "xlsx")
_BINARY = ("parquet", "xlsx")


def known_format(format: str | None) -> None:
    """InputError for a `--format` that does not exist."""
    if format is not None and format not in FORMATS:
        raise InputError(
            f"no format {format!r}",
            expected=f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}",
            do="correct --format",
        )


def check_format(format: str | None, output: Path | None) -> None:
    """InputError for a `--format` that does not exist, or that is no text where no file is named."""
    known_format(format)
    if format in _BINARY and output is None:
        raise InputError(
            f"{format} is no text", expected="a file to write to", do=f"add --output LIST.{format}"
        )


def delivered(
    session: Session,
    columns: Sequence[str],
    rows: Sequence[Row],
    whole: object,
    format: str | None,
    output: Path | None,
    told: Callable[[int], str],
) -> bool:
    """Whether the answer was given as data; if not, a table for people is due.

    Args:
        whole: the documented JSON of the answer.
        told: number of rows -> the sentence that says where they were written.

    InputError as `check_format`, where neither a file nor JSON was asked for.
    """
    if output is not None:
        write_table(output, columns, rows, format_of(output, None if format == "table" else format))
        session.data({"written": str(output), "rows": len(rows)})
        session.answer(told(len(rows)))
    elif session.json or format == "json":
        write_json(whole, sys.stdout)
    elif format == "csv":
        sys.stdout.write(csv_text(columns, rows))
    else:
        check_format(format, output)
        return False
    return True
