"""From a row of the export of patents to a document."""

from __future__ import annotations

import re

from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.building import as_doi, date_or_none, split_list, try_document, unique
from foretrack.sources.kit.patents import class_codes, is_grant, kind_of, read_publication
from foretrack.sources.kit.tables import Record
from foretrack.sources.lens.works import cell

_DOI = re.compile(r"10\.\d{4,9}/[^\s;,]+")


def patent(row: Record) -> Parsed | Rejected:
    """The document of a patent publication; BadValue when its text is damaged."""
    row = Record(row.position, {name.replace("_", " "): value for name, value in row.cells.items()})
    office, kind = cell(row, "jurisdiction").upper(), cell(row, "kind").upper()
    number = read_publication(cell(row, "display key", "publication number", "publication key"))
    published = cell(row, "publication date", "publication year")
    meaning = cell(row, "document type").lower() or kind_of(office, kind)
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
        filed=date_or_none(cell(row, "application date", "filing date")),
        granted=date_or_none(published) if granted else None,
        url=cell(row, "url"),
    )


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
