"""From a RIS record of any database or reference manager to a document."""

from __future__ import annotations

import re
from collections.abc import Iterable

from foretrack.records.document import Kind, Organisation, Parsed, Rejected
from foretrack.sources.kit.addresses import organisations_in
from foretrack.sources.kit.building import (
    BadValue,
    as_date,
    as_doi,
    clean_text,
    date_or_none,
    is_chinese,
    language_tag,
    reject,
    split_list,
    try_document,
    unique,
)
from foretrack.sources.kit.connector import ParseOptions
from foretrack.sources.kit.retraction import status_of
from foretrack.sources.ris.reading import LONGEST_RECORD, RisRecord

TYPES: dict[str, tuple[Kind, str]] = {
    "JOUR": ("paper", "journal-article"),
    "JFULL": ("paper", "journal-article"),
    "EJOUR": ("paper", "journal-article"),
    "ABST": ("paper", "abstract"),
    "INPR": ("paper", "article-in-press"),
    "MGZN": ("paper", "magazine-article"),
    "CONF": ("paper", "conference-paper"),
    "CPAPER": ("paper", "conference-paper"),
    "CHAP": ("paper", "book-chapter"),
    "ECHAP": ("paper", "book-chapter"),
    "BOOK": ("paper", "book"),
    "EBOOK": ("paper", "book"),
    "EDBOOK": ("paper", "book"),
    "THES": ("paper", "thesis"),
    "RPRT": ("paper", "report"),
    "UNPB": ("paper", "preprint"),
    "UNPD": ("paper", "preprint"),
    "DATA": ("paper", "dataset"),
    "SER": ("paper", "serial"),
    "PAT": ("patent", "patent"),
    "STAND": ("standard", "standard"),
    "NEWS": ("news", "newspaper-article"),
    "BLOG": ("news", "blog-post"),
    "GOVDOC": ("policy", "government-document"),
    "STAT": ("policy", "statute"),
    "BILL": ("policy", "bill"),
    "GRANT": ("project", "grant"),
}
"""Type of reference -> kind and subtype; any other is a paper without a subtype."""

_EID = re.compile(r"2-s2\.0-\d+")
_CITED = re.compile(r"cited by[^:\n]{0,20}:\s*(\d+)", re.IGNORECASE)


def document(record: RisRecord, options: ParseOptions) -> Parsed | Rejected:
    """The document of a record, or the reason why there is none."""
    try:
        return _document(record, options)
    except BadValue as error:
        return reject(record.position, str(error), record.excerpt)


def _document(record: RisRecord, options: ParseOptions) -> Parsed | Rejected:
    if record.oversize:
        raise BadValue(f"longer than {LONGEST_RECORD:,} characters; expected one record, ended by ER")
    if not record.closed and record.last_tag in ("TI", "T1"):
        raise BadValue("the record breaks off in its title, before the end mark ER")
    kind, subtype = TYPES.get(record.first("TY").upper(), ("paper", ""))
    # In a book the title may stand as its own series title only.
    title = record.first("TI", "T1", "CT") or (record.first("BT", "T2") if subtype == "book" else "")
    chinese = is_chinese(clean_text(title))
    translated = record.first("TT")
    return try_document(
        record.position,
        raw=record.excerpt,
        kind=options.kind or kind,
        source=options.source or "ris",
        source_id=accession(record),
        title=title,
        published=published(record),
        abstract=record.first("AB", "N2"),
        language=language_tag(record.first("LA")) or options.language,
        keywords=keywords(record.all("KW"), qualified=_of_nlm(record)),
        alt_language=("en" if chinese else "zh") if translated else None,
        alt_title=translated,
        doi=doi(record),
        ids=identifiers(record),
        subtype=subtype or record.first("M3"),
        authors=authors(record.all("AU", "A1")),
        organisations=affiliations(record.all("AD")),
        venue=record.first("T2", "JF", "JO", "BT", "JA", "J2", "T3")
        if subtype != "book"
        else record.first("T3"),
        publisher=record.first("PB"),
        cited_by=cited_by(record),
        status=status_of(title),
        url=next(iter(record.first("UR", "L2").split()), ""),
    )


def published(record: RisRecord) -> str:
    """ISO date from `PY` or `Y1`, made exact by `DA`; BadValue when there is no usable year.

    >>> published(RisRecord(1, 1, fields={"PY": ["2015"], "DA": ["Sep 18"]}))
    '2015-09-18'
    >>> [published(RisRecord(1, 1, fields={"Y1": [date]})) for date in ("2014/03/01/", "2014//")]
    ['2014-03-01', '2014']
    """
    year = _slashed(record.first("PY", "Y1"))
    exact = _slashed(record.first("DA"))
    if not year:
        return as_date(exact)
    date = as_date(year)
    if len(date) > 4 or not exact:
        return date
    found = date_or_none(exact) or date_or_none(f"{exact} {date}")
    return found if found and found[:4] == date else date


def _slashed(written: str) -> str:
    """RIS writes `year/month/day/other`, each part optional but not its slash."""
    first, *rest = written.split("/")
    if not rest or not first.strip().isdecimal():
        return written.strip()
    return "-".join(
        part for part in (first.strip(), *(part.strip() for part in rest[:2])) if part.isdecimal()
    )


def accession(record: RisRecord) -> str:
    """An identifier that stays between exports: the Scopus EID, a Web of Science number, or an accession
    number with its database before it (numbers of two databases may be equal); else an empty string.

    >>> accession(RisRecord(1, 1, fields={"AN": ["99"], "DP": ["NLM"]}))
    'nlm:99'
    >>> [accession(RisRecord(1, 1, fields={"AN": [number]})) for number in ("WOS:9", "99")]
    ['WOS:9', '']
    """
    eid = _EID.search(" ".join(record.all("UR", "AN")))
    if eid:
        return eid[0]
    number = record.first("AN").split("\n")[0].strip()
    if not number or re.match(r"[A-Z]{3,}:", number):
        return number
    database = re.sub(r"\W+", "-", record.first("DP", "DB").lower()).strip("-")
    return f"{database}:{number}" if database else ""


def doi(record: RisRecord) -> str | None:
    """The DOI from its own field or, failing that, from a link or a field where some managers put it.

    >>> doi(RisRecord(1, 1, fields={"SE": ["http://dx.doi.org/10.1000/ABC"]}))
    '10.1000/abc'
    """
    found = as_doi(record.first("DO"))
    if found:
        return found
    for value in record.all("UR", "L3", "M3", "SE", "N1"):
        if "doi.org/" in value.lower() or value.lower().startswith(("doi:", "10.")):
            at = value.lower().find("doi.org/")
            if found := as_doi(value[at + 8 :] if at >= 0 else value):
                return found
    return None


def identifiers(record: RisRecord) -> tuple[str, ...]:
    """PubMed and Scopus identifiers that a record of theirs carries."""
    found: list[str] = []
    number = record.first("AN").split("\n")[0].strip()
    if number.isdecimal() and _of_nlm(record):
        found.append(f"pmid:{number}")
    found.extend(f"eid:{eid}" for eid in _EID.findall(" ".join(record.all("UR", "AN"))))
    return unique(found)


def _of_nlm(record: RisRecord) -> bool:
    provider = " ".join(record.all("DP", "DB")).lower()
    return any(name in provider for name in ("nlm", "pubmed", "medline"))


def cited_by(record: RisRecord) -> str | None:
    """The count that Scopus writes into a note."""
    match = _CITED.search("\n".join(record.all("N1")))
    return match[1] if match else None


def authors(values: Iterable[str]) -> tuple[str, ...]:
    """Authors in order; some exports put all into one field.

    >>> authors(["Li, An", "Wu, Bo"]), authors(["Li, An; Wu, Bo;"]), authors(["张三，李四"])
    (('Li, An', 'Wu, Bo'), ('Li, An', 'Wu, Bo'), ('张三', '李四'))
    """
    found = [name.rstrip(", ") for value in values for name in split_list(value.replace("\n", ";"), ";；")]
    if len(found) == 1 and is_chinese(found[0]):
        return split_list(found[0], ",，、")
    return unique(found)


def keywords(values: Iterable[str], *, qualified: bool = False) -> tuple[str, ...]:
    r"""Keywords: one per field, per line, or separated by semicolons; a star marks a major subject.

    `qualified`: they are MeSH headings, whose qualifiers (`Drones/adverse effects`) are left out.

    >>> keywords(["robots\nlidar", "*Drones; AI/ML"]), keywords(["机器人，无人机"])
    (('robots', 'lidar', 'Drones', 'AI/ML'), ('机器人', '无人机'))
    """
    found = [word.strip("* ") for value in values for word in split_list(value.replace("\n", ";"), ";；")]
    if qualified:
        found = [word.partition("/")[0].strip("* ") for word in found]
    if len(found) == 1 and is_chinese(found[0]):
        return split_list(found[0], ",，、")
    return unique(found)


def affiliations(values: Iterable[str]) -> list[Organisation]:
    r"""The organisations in address fields: one address per line or between semicolons.

    >>> affiliations(["1 School of X, University Y, Leeds, UK. a@y.example\n;"])
    [Organisation(name='University Y', country='GB', id=None)]
    """
    lines = [line for value in values for line in value.split("\n")]
    return list(dict.fromkeys(organisations_in(lines)))
