"""From a row of the export of patents to a document."""

from __future__ import annotations

import re

from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.building import as_doi, date_or_none, split_list, try_document, unique
from foretrack.sources.kit.patents import class_codes, is_grant, kind_of, read_publication
from foretrack.sources.kit.tables import Record
from foretrack.sources.lens.works import cell

_SHORT_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2})")
_DOI = re.compile(r"10\.\d{4,9}/[^\s;,]+")


def patent(row: Record) -> Parsed | Rejected:
    """The document of a patent publication; BadValue when its text is damaged."""
    row = Record(row.position, {name.replace("_", " "): value for name, value in row.cells.items()})
    office, kind = cell(row, "jurisdiction").upper(), cell(row, "kind").upper()
    number = read_publication(cell(row, "display key", "publication number", "publication key"))
    year = cell(row, "publication year")
    published = lens_date(cell(row, "publication date"), year) or year
    meaning = cell(row, "document type", "type").lower() or kind_of(office, kind)
    granted = is_grant(kind_of(office, kind)) or (meaning or "").startswith("granted")
    return try_document(
        row.position,
        raw=row.excerpt(),
        kind="patent",
        source="lens",
        source_id=cell(row, "lens id"),
        title=cell(row, "title"),
        published=published,
        abstract=cell(row, "abstract"),
        family=family(cell(row, "simple family members")),
        ids=[f"patent:{number[1]}"] if number else [],
        subtype=meaning,
        authors=parts(cell(row, "inventors")),
        organisations=unique((*parts(cell(row, "applicants")), *parts(cell(row, "owners", "owners (us)")))),
        venue=office,
        classes=unique(
            (
                *class_codes("cpc", parts(cell(row, "cpc classifications"))),
                *class_codes("ipc", parts(cell(row, "ipcr classifications", "ipc classifications"))),
            )
        ),
        references=references(cell(row, "npl resolved external id(s)", "npl citations")),
        cited_by=cell(row, "cited by patent count", "citing patents count"),
        filed=lens_date(cell(row, "application date", "filing date"), year, same_year=False),
        granted=date_or_none(published) if granted else None,
        url=cell(row, "url"),
    )


def lens_date(written: str, year: str, *, same_year: bool = True) -> str | None:
    """ISO date of a cell; older exports write `26/10/17`, whose century the publication year tells.

    A day and month that may be either way round give the year alone. `same_year`: it is of that
    year; otherwise it is of that year or before, as a filing date is. None when there is no date.

    >>> lens_date("2021-03-02", "2021"), lens_date("26/10/17", "2017"), lens_date("05/10/17", "2017")
    ('2021-03-02', '2017-10-26', '2017')
    >>> lens_date("29/05/98", "2001", same_year=False), lens_date("", "2001")
    ('1998-05-29', None)
    """
    match = _SHORT_DATE.fullmatch(written)
    latest = date_or_none(year)
    if match is None or latest is None:
        return date_or_none(written)
    first, second, two_digits = (int(part) for part in match.groups())
    bound = int(latest[:4])
    full = bound - (bound - two_digits) % 100
    if same_year and full != bound:
        return None
    return date_or_none(f"{first}/{second}/{full}")


def parts(value: str) -> tuple[str, ...]:
    """The values of a cell, which the Lens separates by two semicolons.

    >>> parts("ACME INC;;LI AN"), parts("ONE; TWO LTD")
    (('ACME INC', 'LI AN'), ('ONE; TWO LTD',))
    """
    return unique(split_list([part.strip() for part in value.split(";;")]))


def family(members: str) -> str | None:
    """One name for all members of a simple family: its alphabetically first member.

    >>> family("US 2019/0000001 A1;;CN 100000002 A"), family("")
    ('lens:CN100000002A', None)
    """
    numbers = [found[1] for member in parts(members) if (found := read_publication(member.replace("_", " ")))]
    return f"lens:{min(numbers)}" if numbers else None


def references(cited: str) -> tuple[str, ...]:
    """`doi:...` of the papers that a patent cites.

    >>> references("10.1000/a;;12345678;;10.1000/B")
    ('doi:10.1000/a', 'doi:10.1000/b')
    """
    return unique(f"doi:{doi}" for doi in map(as_doi, _DOI.findall(cited)) if doi)
