"""Rows of an Espacenet result list as documents, one for each family.

A row lists the publications of a family that the search found, with their dates, in two cells. The
document is the invention as the public first met it: its date is the earliest of all dates in the
row, its identifier the publication of that date; the others are kept as `patent:` identifiers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from foretrack.records.document import Organisation, Parsed, Rejected
from foretrack.sources.kit.building import date_or_none, reject, try_document, unique
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.patents import class_codes, is_grant, kind_of, office, read_publication, symbols_in
from foretrack.sources.kit.tables import Record, any_header, csv_records, excel_records, header_in

if TYPE_CHECKING:
    from foretrack.sources.kit.opening import OpenedFile

_EXPECTED = "the columns Title, Inventors, Applicants, Publication number, Publication date"
_INVENTORS = ("inventors", "inventor(s)", "inventor")
_APPLICANTS = ("applicants", "applicant(s)", "applicant")
_OWN = {
    "earliest priority",
    "earliest publication",
    "family number",
    "priority number(s)",
    "cooperative patent classification",
    "international classification",
}
_NAMED = re.compile(r"(.+?)\s*[\[(]([A-Z]{2})[\])]")


def _is_header(names: Sequence[str]) -> bool:
    found = set(names)
    return {"title", "publication number"} <= found and bool(found & _OWN) and bool(found & set(_APPLICANTS))


def detect_csv(sample: Sample) -> float:
    """.95 for a table with Espacenet's columns, below its preamble or without it."""
    return 0.95 if sample.text is not None and header_in(sample.text, _is_header) else 0.0


def detect_excel(sample: Sample) -> float:
    """.95 for a workbook with Espacenet's column names in one of its sheets."""
    return 0.95 if any_header(sample.rows, _is_header) else 0.0


def parse_csv(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every family of a CSV export."""
    for record in csv_records(file, _is_header, _EXPECTED):
        yield record if isinstance(record, Rejected) else _parsed(record, options.language)


def parse_excel(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every family of an Excel export."""
    for record in excel_records(file, options.sheet, _is_header, _EXPECTED):
        yield record if isinstance(record, Rejected) else _parsed(record, options.language)


def _parsed(record: Record, language: str | None) -> Parsed | Rejected:
    # Classic Espacenet sets the kind code apart: `EP1234567 (A1)`.
    written = re.sub(r"\s*\(([A-Z]\d?)\)", r"\1", record.get("publication number"))
    publications = [found for part in re.split(r"[\s;,|]+", written) if (found := read_publication(part))]
    if not publications:
        return reject(
            record.position,
            f"publication number {written[:60]!r} is none. Expected: such as US2019012345A1",
            record.excerpt(),
        )
    dates = dates_in(record.get("publication date"))
    paired = list(zip(publications, dates, strict=False)) if len(publications) == len(dates) else []
    first = min(paired, key=lambda pair: pair[1])[0] if paired else publications[0]
    grants = [day for (country, _, kind), day in paired if is_grant(kind_of(country, kind))]
    everything = [*dates, *dates_in(record.get("earliest publication"))]
    country, number, kind = first
    applicants = [_organisation(name) for name in _names(record.get(*_APPLICANTS))]
    inventors = [_organisation(name) for name in _names(record.get(*_INVENTORS))]
    family = re.sub(r"\D", "", record.get("family number"))
    cells = (
        record.get("cpc", "cooperative patent classification"),
        record.get("ipc", "international classification"),
    )
    return try_document(
        record.position,
        raw=record.excerpt(),
        kind="patent",
        source="espacenet",
        source_id=number,
        title=record.get("title"),
        published=min(everything, key=_last_day) if everything else "",
        abstract=record.get("abstract"),
        language=language,
        family=f"docdb:{family}" if family else None,
        ids=tuple(f"patent:{other}" for _, other, _ in publications),
        subtype=kind_of(country, kind),
        authors=tuple(inventor.name for inventor in inventors),
        organisations=applicants,
        countries=() if any(a.country for a in applicants) else unique(i.country for i in inventors),
        venue=office(country),
        classes=(*class_codes("cpc", symbols_in(cells[0])), *class_codes("ipc", symbols_in(cells[1]))),
        filed=date_or_none(record.get("date of application")),
        granted=min(grants) if grants else None,
    )


def dates_in(cell: str) -> list[str]:
    """Every date in a cell as ISO text, in order; separators are free.

    >>> dates_in("2019-01-10\\n2019-03-04; 05.06.2020"), dates_in("2019")
    (['2019-01-10', '2019-03-04', '2020-06-05'], ['2019'])
    """
    found = []
    for part in re.findall(r"\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4}|\b\d{8}\b|\b\d{4}\b", cell):
        day_first = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", part)
        text = "{2}-{1:0>2}-{0:0>2}".format(*day_first.groups()) if day_first else part
        if date := date_or_none(text):
            found.append(date)
    return found


def _last_day(date: str) -> str:
    """A date of lower precision sorts behind the days it covers, so that 2019-01-10 is preferred to 2019."""
    return (date + "-99-99")[:10]


def _names(cell: str) -> list[str]:
    """The names of a cell, which stand one a line or between semicolons."""
    return [name.strip(" ,") for name in re.split(r"[\n;|]+", cell) if name.strip(" ,")]


def _organisation(name: str) -> Organisation:
    match = _NAMED.fullmatch(name)
    return Organisation(match.group(1), country=match.group(2)) if match else Organisation(name)
