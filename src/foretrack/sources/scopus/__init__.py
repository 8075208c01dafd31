"""Scopus: CSV, RIS and BibTeX exports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from foretrack.foundation.errors import InputError
from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.kit.tables import header_in
from foretrack.sources.scopus.bibtex import bibtex_records
from foretrack.sources.scopus.documents import document
from foretrack.sources.scopus.record import ScopusRecord
from foretrack.sources.scopus.ris import ris_records
from foretrack.sources.scopus.table import is_header, table_records

_LICENCE = "Records belong to Elsevier: use within the subscription, no redistribution of texts."

_RIS_START = re.compile(r"^TY  - ", re.MULTILINE)
_RIS_MARK = re.compile(r"^DB  - Scopus\s*$|^UR  - \S*scopus\.\S*/inward/", re.MULTILINE)
_BIB_START = re.compile(r"^\s?@\w+\s*\{", re.MULTILINE)
_BIB_MARK = re.compile(r"^\s*source\s*=\s*\{Scopus\}|^\s*url\s*=\s*\{\S*scopus\.\S*/inward/", re.MULTILINE)


def _detect_csv(sample: Sample) -> float:
    return 0.95 if sample.text and header_in(sample.text, is_header) else 0.0


def _detect_ris(sample: Sample) -> float:
    return _mostly(sample, _RIS_START, _RIS_MARK)


def _detect_bibtex(sample: Sample) -> float:
    return _mostly(sample, _BIB_START, _BIB_MARK)


def _mostly(sample: Sample, start: re.Pattern[str], mark: re.Pattern[str]) -> float:
    """.95 when nearly every record bears Scopus's mark: reference managers mix records of many databases."""
    pieces = start.split(sample.text or "")[1:]
    if not sample.complete and len(pieces) > 1:
        pieces.pop()
    if not pieces:
        return 0.0
    return 0.95 if sum(mark.search(piece) is not None for piece in pieces) >= 0.9 * len(pieces) else 0.0


def _parser(
    read: Callable[[OpenedFile], Iterator[ScopusRecord | Rejected]], expected: str
) -> Callable[[OpenedFile, ParseOptions], Iterator[Parsed | Rejected]]:
    def parse(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
        none = True
        for record in read(file):
            none = False
            yield record if isinstance(record, Rejected) else document(record)
        if none:
            raise InputError(
                f"{file.name}: no Scopus record found",
                expected=expected,
                do="check the file, or name its format with --format",
            )

    return parse


CONNECTORS = (
    Connector(
        name="scopus-csv",
        title="Scopus, CSV",
        kinds=("paper",),
        licence=_LICENCE,
        detect=_detect_csv,
        parse=_parser(table_records, "rows below the header"),
    ),
    Connector(
        name="scopus-ris",
        title="Scopus, RIS",
        kinds=("paper",),
        licence=_LICENCE,
        detect=_detect_ris,
        parse=_parser(
            lambda file: iter(ris_records(file.lines())), "records that begin with TY and end with ER"
        ),
    ),
    Connector(
        name="scopus-bibtex",
        title="Scopus, BibTeX",
        kinds=("paper",),
        licence=_LICENCE,
        detect=_detect_bibtex,
        parse=_parser(lambda file: iter(bibtex_records(file.lines())), "entries such as @ARTICLE{..."),
    ),
)
