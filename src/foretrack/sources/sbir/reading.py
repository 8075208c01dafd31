"""SBIR and STTR awards as projects; the columns of the tables and the fields of the API are the same names.

A proposal keeps its tracking number in both phases, so that the identifier is made of tracking number,
contract and phase. An amount of 0 stands for an unknown one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from foretrack.records.document import Organisation, Parsed, Rejected
from foretrack.sources.kit.building import date_or_none, split_list, try_document, unique
from foretrack.sources.kit.cleaning import is_placeholder
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.figures import american_date, amount_or_none
from foretrack.sources.kit.jsonstream import json_records
from foretrack.sources.kit.tables import Record, any_header, csv_records, excel_records, folded, header_in

if TYPE_CHECKING:
    from foretrack.sources.kit.opening import OpenedFile

_EXPECTED = "the columns Company, Award Title, Agency, Phase, Program, Award Year"


def _is_header(names: Sequence[str]) -> bool:
    found = {name.replace("_", " ") for name in names}
    return {"award title", "agency", "phase", "program"} <= found and bool(found & {"company", "firm"})


def detect_csv(sample: Sample) -> float:
    """.95 for the columns of an award table."""
    return 0.95 if sample.text is not None and header_in(sample.text, _is_header) else 0.0


def detect_excel(sample: Sample) -> float:
    """.95 for a workbook that holds the columns of an award table."""
    return 0.95 if any_header(sample.rows, _is_header) else 0.0


def detect_json(sample: Sample) -> float:
    """.95 for the fields of the awards API."""
    text = (sample.text or "").lstrip("\ufeff \t\n")
    if not text.startswith(("{", "[")):
        return 0.0
    return 0.95 if _is_header(re.findall(r'"(\w+)"\s*:', text)) else 0.0


def parse_csv(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every award of a CSV table."""
    for record in csv_records(file, _is_header, _EXPECTED):
        yield record if isinstance(record, Rejected) else _parsed(record)


def parse_excel(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every award of a sheet."""
    for record in excel_records(file, options.sheet, _is_header, _EXPECTED):
        yield record if isinstance(record, Rejected) else _parsed(record)


def parse_json(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every award of an answer or dump of the awards API."""
    for found in json_records(file, [("results",), ("awards",), ("data",)]):
        if isinstance(found, Rejected):
            yield found
            continue
        position, award = found
        cells = {folded(name): "" if value is None else str(value) for name, value in award.items()}
        yield _parsed(Record(position, cells))


def _parsed(record: Record) -> Parsed | Rejected:
    row = Record(record.position, {name.replace("_", " "): cell for name, cell in record.cells.items()})

    def cell(*names: str) -> str:
        return next((value for name in names if (value := row.get(name)) and not is_placeholder(value)), "")

    phase = cell("phase")
    parts = (
        cell("agency tracking number", "award number"),
        cell("contract"),
        phase.removeprefix("Phase ").strip(),
    )
    home = "US" if cell("state", "city", "zip") else None
    company = [Organisation(name, country=home) for name in (cell("company", "firm"),) if name]
    partner = [Organisation(name) for name in (cell("ri name", "research institution"),) if name]
    agency, branch = cell("agency"), cell("branch")
    day = american_date(cell("proposal award date", "award date"))
    topic = cell("topic code", "topic number")
    return try_document(
        row.position,
        raw=row.excerpt(),
        kind="project",
        source="sbir",
        source_id="/".join(part for part in parts if part) if parts[0] or parts[1] else "",
        title=cell("award title"),
        # Some award dates are typing errors (year 0012); the year of the award is then what is left.
        published=date_or_none(day) or cell("award year"),
        abstract=cell("abstract"),
        language="en",
        keywords=split_list(cell("research area keywords", "research keywords"), ",;"),
        subtype=f"{cell('program')} {phase}".strip(),
        authors=unique((cell("pi name", "principal investigator"),)),
        organisations=[*company, *partner],
        classes=(f"sbir-topic:{topic}",) if topic else (),
        funding=amount_or_none(cell("award amount")) or None,
        currency="USD",
        funder=f"{agency}, {branch}" if branch and branch != agency else agency,
        url=cell("award link"),
    )
