"""From a Web of Science record to a document: what each tag means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from foretrack.records.document import Organisation, Parsed, Rejected
from foretrack.sources.kit.building import (
    BadValue,
    as_date,
    as_doi,
    clean_text,
    country_code,
    reject,
    split_list,
    try_document,
    unique,
)
from foretrack.sources.kit.retraction import status_of
from foretrack.sources.wos.record import LONGEST_RECORD, WosRecord

_CORRESPONDING = re.compile(r"^.*?\((?:corresponding|reprint) author\),\s*", re.IGNORECASE)
_DOI_IN_REFERENCE = re.compile(r"\bDOI\s+(?:DOI\s+)?(\[[^\]]*\]|\S+)", re.IGNORECASE)
_US = re.compile(r"\b(?:[A-Z]{2} )?(?:\d{5}(?:-\d{4})? )?USA$")
_SEASONS = re.compile(r"\b(?:spr|spring|sum|summer|fal|fall|win|winter)\b", re.IGNORECASE)


def document(record: WosRecord) -> Parsed | Rejected:
    """The document of a record from any of the three exports, or the reason why there is none."""
    try:
        return _document(record)
    except BadValue as error:
        return reject(record.position, str(error), record.excerpt)


def _document(record: WosRecord) -> Parsed | Rejected:
    if record.oversize:
        raise BadValue(f"longer than {LONGEST_RECORD:,} characters; expected one record, ended by ER")
    if not record.complete and not (record.first("UT") and record.first("PY", "EA") and record.first("TI")):
        raise BadValue("the file breaks off inside this record, before its year and its accession number")
    title = record.first("TI")
    types = split_list(record.first("DT"))
    names = [*record.all("AU"), *record.all("AF"), *record.all("BA")]
    organisations = unique_organisations(addresses(record.all("C1"), names))
    return try_document(
        record.position,
        raw=record.excerpt,
        kind="patent" if record.first("PT") == "P" else "paper",
        source="wos",
        source_id=record.first("UT"),
        title=title,
        published=published(record),
        abstract=record.first("AB"),
        language=next(iter(split_list(record.first("LA"), ";,")), None),
        keywords=unique((*split_list(record.first("DE")), *split_list(record.first("ID")))),
        doi=as_doi(record.first("DI")),
        ids=[f"pmid:{pmid}" for pmid in record.all("PM")[:1] if pmid.isdecimal()],
        subtype="; ".join(types),
        authors=authors(record),
        organisations=organisations,
        venue=record.first("SO", "JI", "J9"),
        publisher=record.first("PU"),
        classes=classes(record),
        references=references(record.all("CR")),
        cited_by=record.first("TC", "Z9"),
        status=status(title, types),
    )


def published(record: WosRecord) -> str:
    """ISO date from `PY` and `PD`, else the early access date `EA`; BadValue when there is no year.

    Seasons and spans of months: a season gives the year, a span its first month.

    >>> published(WosRecord("", {"PY": ["2017"], "PD": ["JUL 1"]}))
    '2017-07-01'
    >>> published(WosRecord("", {"PY": ["2013"], "PD": ["SEP-OCT"]}))
    '2013-09'
    >>> published(WosRecord("", {"EA": ["NOV 2021"]}))
    '2021-11'
    """
    year, day = record.first("PY"), record.first("PD")
    if not year:
        return as_date(record.first("EA"))
    if not day or _SEASONS.search(day):
        return as_date(year)
    # A PD that names its own year belongs to another publication (a reprint, a volume).
    return as_date(year) if re.search(r"\d{4}", day) else as_date(f"{day} {year}")


def status(title: str, types: Sequence[str]) -> str:
    """`retracted` or `withdrawn` when the document type or the title says so; a retraction notice is neither.

    >>> status("T", ["Article", "Retracted Publication"]), status("T (Retracted article. See vol. 2)", [])
    ('retracted', 'retracted')
    >>> status("Retraction of a paper", ["Retraction"]), status("Retracted vocal folds", ["Article"])
    ('active', 'active')
    """
    marks = {name.casefold() for name in types}
    return status_of(
        title,
        retracted=bool(marks & {"retracted publication", "retracted article", "retracted"}),
        withdrawn=bool(marks & {"withdrawn publication", "withdrawn article"}),
    )


def authors(record: WosRecord) -> list[str]:
    """Full names where given, else short names, else group authors."""
    full, short = record.all("AF"), record.all("AU", "BF", "BA")
    return (full if len(full) >= len(short) else short) or record.all("CA")


def classes(record: WosRecord) -> tuple[str, ...]:
    """Web of Science categories, then research areas, as `wos:...`; a name that is both comes once."""
    names = (*split_list(record.first("WC")), *split_list(record.first("SC")))
    return unique(f"wos:{name}" for name in names)


def references(cited: Iterable[str]) -> tuple[str, ...]:
    """`doi:...` of every cited reference that gives one.

    >>> references(["Bai W, 2015, DOI 10.1000/ABC1.", "X, 2001, DOI [10.1000/A, DOI 10.1000/B]", "Y"])
    ('doi:10.1000/abc1', 'doi:10.1000/a')
    """
    found: list[str] = []
    for line in cited:
        for value in _DOI_IN_REFERENCE.findall(line):
            # A bracket lists spellings of one reference; the first is the one Web of Science prefers.
            doi = as_doi(value.strip("[]").split(", ")[0].rstrip(",;]"))
            if doi:
                found.append(f"doi:{doi}")
                break
    return unique(found)


def addresses(lines: Sequence[str], names: Sequence[str]) -> list[Organisation]:
    """The organisations of address lines; author names before an address are left out.

    >>> lines = ["[Li, A; Wang, B] Univ X, Dept Y, Boston, MA 02115 USA.",
    ...     "Li, An; Wang, Bo, Inst Z, Beijing, Peoples R China.",
    ...     "Li, A (Corresponding Author), Co Q, Leeds, England."]
    >>> [(o.name, o.country) for o in addresses(lines, ["Li, An", "Wang, Bo"])]
    [('Univ X', 'US'), ('Inst Z', 'CN'), ('Co Q', 'GB')]
    """
    found: list[Organisation] = []
    known = {" ".join(name.casefold().split()) for name in names}
    for line in _joined(lines):
        text = _CORRESPONDING.sub("", re.sub(r"^\[[^\]]*\]\s*", "", line)).strip()
        segments = text.split("; ")
        while len(segments) > 1 and segments[0].casefold() in known:
            segments.pop(0)
        parts = [part.strip() for part in "; ".join(segments).rstrip(" .;").split(",")]
        for size in (3, 2, 1):
            if len(parts) > size and ", ".join(parts[:size]).casefold() in known:
                parts = parts[size:]
                break
        name = clean_text(parts[0])
        if name:
            found.append(Organisation(name, _country(parts[-1]) if len(parts) > 1 else None))
    return found


def _joined(lines: Sequence[str]) -> Iterable[str]:
    """Addresses, wrapped ones put together: a whole one ends with a full stop."""
    held = ""
    for line in lines:
        held = f"{held} {line}" if held else line
        if held.endswith(".") or not line.endswith((",", ";")):
            yield held
            held = ""
    if held:
        yield held


def _country(part: str) -> str | None:
    return "US" if _US.search(part) else country_code(part)


def unique_organisations(organisations: Iterable[Organisation]) -> list[Organisation]:
    """Each name and country once, in order."""
    return list(dict.fromkeys(organisations))
