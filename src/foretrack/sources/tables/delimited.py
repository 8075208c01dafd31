"""CSV and TSV of any origin: separator and header row are found, columns mapped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from foretrack.foundation.errors import InputError
from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.building import excerpt_of
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.kit.tables import PREAMBLE_ROWS, Row, csv_rows, first_rows
from foretrack.sources.tables.mapping import guessed, is_enough, plain, resolve
from foretrack.sources.tables.row import RowReader

SEPARATORS = (",", ";", "\t", "|")


def detect_csv(sample: Sample) -> float:
    """.5 for a table with title and date columns, .35 for any table of two columns or more, else 0."""
    text = sample.text
    if not text or text.lstrip()[:1] in ("{", "[", "<"):
        return 0.0
    _, width, steady, enough = _judged(text)
    if width < 2:
        return 0.0
    return 0.5 if enough else 0.35 if steady else 0.0


def separator_of(text: str) -> str:
    """The separator under which the beginning of a table makes most sense.

    >>> separator_of("Titel;Jahr\\nEins, zwei, drei;2016\\nVier, fünf;2017\\n")
    ';'
    """
    return _judged(text)[0]


def _judged(text: str) -> tuple[str, int, bool, bool]:
    """(separator, columns, whether rows are equally wide, whether title and date columns are known)."""
    best: tuple[bool, float, int, str] = (False, 0.0, 0, ",")
    for separator in SEPARATORS:
        rows = [row for row in first_rows(text, separator, PREAMBLE_ROWS) if any(row)]
        # The sample may end inside a row.
        rows = rows[:-1] if len(rows) > 2 else rows
        if not rows:
            continue
        widths = [len(row) for row in rows]
        width = max(widths, key=widths.count)
        enough = any(is_enough(guessed(row)) for row in rows if len(row) > 1)
        steady = widths.count(width) / len(widths) if width > 1 else 0.0
        best = max(best, (enough, steady, width, separator))
    enough, steady, width, separator = best
    # One line with a comma is a sentence, not a table.
    several = len([line for line in text.split("\n", 3) if line.strip()]) > 1
    return separator, width, several and steady >= 0.8, enough


def parse_csv(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every row below the header as a document; rows of another width than the header are rejected."""
    separator = separator_of(file.sample().text or "")
    rows = csv_rows(file, separator)
    yield from documents(rows, file, options, padded=False)


def documents(
    rows: Iterator[Row | Rejected], file: OpenedFile, options: ParseOptions, *, padded: bool
) -> Iterator[Parsed | Rejected]:
    """The documents of the rows of a table; the header is looked for among the first 40 rows.

    `padded` accepts rows shorter than the header. InputError without a title or date column.
    """
    ahead: list[Row | Rejected] = []
    header = -1
    for row in rows:
        ahead.append(row)
        if isinstance(row, Row) and _is_header(row.cells, options):
            header = len(ahead) - 1
            break
        if len(ahead) >= PREAMBLE_ROWS:
            break
    if header < 0:
        wide = [index for index, row in enumerate(ahead) if isinstance(row, Row) and _filled(row.cells) > 1]
        if not wide:
            raise InputError(
                f"{file.name}: no table with two columns or more",
                expected="a header row with column names, parted by comma, semicolon, tab or bar",
                do="export the table again, or name the file's --format",
            )
        header = wide[0]
    head = ahead[header]
    assert isinstance(head, Row)
    names = _distinct(head.cells)
    reader = RowReader(resolve([n for n in names if n], options, file_name=file.name), options, file.name)
    for row in chain(ahead[header + 1 :], rows):
        if isinstance(row, Rejected):
            yield row
            continue
        if not any(cell.strip() for cell in row.cells):
            continue
        cells = row.cells
        while len(cells) > len(names) and not cells[-1].strip():
            cells = cells[:-1]
        if len(cells) > len(names) or (len(cells) < len(names) and not padded):
            yield Rejected(
                row.position,
                f"{len(cells)} cells; expected {len(names)}, as the header has",
                excerpt_of(" | ".join(row.cells)),
            )
            continue
        yield reader.document(row.position, dict(zip(names, cells, strict=False)))


def _is_header(cells: Sequence[str], options: ParseOptions) -> bool:
    wanted = {plain(column) for column in options.mapping.values() if column}
    if wanted:
        return wanted <= {plain(cell) for cell in cells}
    return is_enough(guessed(cells))


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _distinct(cells: Sequence[str]) -> list[str]:
    """Column names, stripped; a repeated one is numbered, so that none hides another."""
    seen: dict[str, int] = {}
    names = []
    for cell in cells:
        name = cell.replace("\ufeff", "").strip()
        seen[name] = seen.get(name, 0) + 1
        names.append(f"{name} ({seen[name]})" if seen[name] > 1 and name else name)
    while names and not names[-1]:
        names.pop()
    return names
