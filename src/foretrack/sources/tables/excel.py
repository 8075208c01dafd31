"""Excel workbooks (.xlsx): one sheet, columns mapped."""

from __future__ import annotations

from collections.abc import Iterator

from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.firstrows import ZIP
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.kit.tables import excel_rows
from foretrack.sources.tables.delimited import documents


def detect_excel(sample: Sample) -> float:
    """.5 for a workbook; a connector that knows its header is surer."""
    head = sample.head
    if not head.startswith(ZIP):
        return 0.0
    return 0.5 if sample.rows or b"xl/" in head or b"[Content_Types].xml" in head else 0.0


def parse_excel(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every row below the header of the chosen sheet (the first by default) as a document."""
    yield from documents(iter(excel_rows(file, options.sheet)), file, options, padded=True)
