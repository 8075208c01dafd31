"""From a `<record>` of an EndNote library to a document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from foretrack.records.document import Kind, Organisation, Parsed, Rejected
from foretrack.sources.kit.addresses import organisations_in
from foretrack.sources.kit.building import (
    as_date,
    as_doi,
    date_or_none,
    is_chinese,
    language_tag,
    split_list,
    try_document,
    unique,
)
from foretrack.sources.kit.connector import ParseOptions
from foretrack.sources.kit.markup import child, children, text_of
from foretrack.sources.kit.retraction import status_of

TYPES: tuple[tuple[str, Kind, str], ...] = (
    ("patent", "patent", "patent"),
    ("standard", "standard", "standard"),
    ("newspaper", "news", "newspaper-article"),
    ("blog", "news", "blog-post"),
    ("government document", "policy", "government-document"),
    ("legal rule", "policy", "regulation"),
    ("statute", "policy", "statute"),
    ("bill", "policy", "bill"),
    ("grant", "project", "grant"),
    ("thesis", "paper", "thesis"),
    ("conference", "paper", "conference-paper"),
    ("book section", "paper", "book-chapter"),
    ("book", "paper", "book"),
    ("report", "paper", "report"),
    ("dataset", "paper", "dataset"),
    ("magazine", "paper", "magazine-article"),
    ("journal article", "paper", "journal-article"),
    ("electronic article", "paper", "journal-article"),
)
"""A word of the reference type's name -> kind and subtype; the first that fits counts."""

_NUMBERED = {
    "5": "book section",
    "6": "book",
    "10": "conference",
    "17": "journal article",
    "19": "magazine",
    "23": "newspaper",
    "25": "patent",
    "27": "report",
    "32": "thesis",
    "43": "electronic article",
    "46": "government document",
    "47": "conference",
    "58": "standard",
}
"""EndNote's numbers of reference types, for records that leave out the name."""

_PMC = re.compile(r"PMC\d+", re.IGNORECASE)


def document(record: Any, position: str, options: ParseOptions) -> Parsed | Rejected:
    """The document of a record; BadValue when its text is damaged."""
    titles = child(record, "titles")
    title = text(titles, "title")
    kind, subtype = kind_of(child(record, "ref-type"))
    accession = text(record, "accession-num")
    provider = f"{text(record, 'remote-database-name')} {text(record, 'remote-database-provider')}".lower()
    translated = text(titles, "translated-title")
    urls = [text(url) for url in children(record, "urls", "related-urls", "url")]
    pmcid = _PMC.search(text(record, "custom2"))
    return try_document(
        position,
        raw=f"{title} | {text(record, 'dates', 'year')}",
        kind=options.kind or kind,
        source=options.source or "endnote",
        source_id=identifier(accession, provider),
        title=title,
        published=published(record),
        abstract=text(record, "abstract"),
        language=language_tag(text(record, "language")) or options.language,
        keywords=keywords(text(word) for word in children(record, "keywords", "keyword")),
        alt_language=("en" if is_chinese(title) else "zh") if translated else None,
        alt_title=translated,
        doi=doi(text(record, "electronic-resource-num"), urls),
        ids=[
            *(
                [f"pmid:{accession}"]
                if accession.isdecimal() and re.search("nlm|pubmed|medline", provider)
                else []
            ),
            *([f"pmcid:{pmcid[0].upper()}"] if pmcid else []),
        ],
        subtype=subtype,
        authors=[text(author) for author in children(record, "contributors", "authors", "author")],
        organisations=affiliations(child(record, "auth-address")),
        venue=text(record, "periodical", "full-title") or text(titles, "secondary-title"),
        publisher=text(record, "publisher"),
        status=status_of(title),
        url=next(iter(urls), ""),
    )


def identifier(accession: str, provider: str) -> str:
    """The accession number with its database before it, since numbers of two databases may be equal.

    >>> identifier("99", "medline"), identifier("WOS:9", ""), identifier("99", "")
    ('medline:99', 'WOS:9', '')
    """
    if not accession or re.match(r"[A-Z]{3,}:|2-s2\.0-", accession):
        return accession
    database = re.sub(r"\W+", "-", provider).strip("-")
    return f"{database}:{accession}" if database else ""


def kind_of(reference: Any) -> tuple[Kind, str | None]:
    """Kind and subtype from the name of the reference type, else from its number."""
    if reference is None:
        return "paper", None
    name = (reference.get("name") or _NUMBERED.get(text(reference), "")).lower()
    for word, kind, subtype in TYPES:
        if word in name:
            return kind, subtype
    return "paper", name.replace(" ", "-") or None


def published(record: Any) -> str:
    """ISO date from the year, made exact by the publication date; BadValue when there is no usable year.

    >>> from lxml import etree
    >>> dates = "<dates><year>2016</year><pub-dates><date>Mar 4</date></pub-dates></dates>"
    >>> published(etree.XML(f"<record>{dates}</record>"))
    '2016-03-04'
    """
    dates = child(record, "dates")
    year = text(dates, "year")
    exact = text(dates, "pub-dates", "date")
    if not year:
        return as_date(exact)
    date = as_date(year)
    found = date_or_none(exact) or date_or_none(f"{exact} {date[:4]}") if exact else None
    return found if found and found[:4] == date[:4] and len(found) > len(date) else date


def doi(number: str, urls: Iterable[str]) -> str | None:
    """The DOI from its own field, else from a link to doi.org."""
    return as_doi(number) or next(
        (as_doi(url[url.find("10.") :]) for url in urls if "doi.org/10." in url), None
    )


def keywords(words: Iterable[str]) -> tuple[str, ...]:
    """Keywords: one per element or several in one; a star marks a major subject.

    >>> keywords(["*robots", "lidar; drones"]), keywords(["机器人，无人机"])
    (('robots', 'lidar', 'drones'), ('机器人', '无人机'))
    """
    found = [word.strip("* ") for cell in words for word in split_list(cell, ";；")]
    if len(found) == 1 and is_chinese(found[0]):
        return split_list(found[0], ",，、")
    return unique(found)


def affiliations(address: Any) -> list[Organisation]:
    """The organisations in the address field: one address per line or between semicolons."""
    if address is None:
        return []
    # The lines are separators, so white space must not be folded first.
    lines = re.split(r"[\r\n]+", "".join(address.itertext()))
    return list(dict.fromkeys(organisations_in(lines)))


def text(element: Any, *path: str) -> str:
    """The cleaned text along a path of local names, or an empty string."""
    return text_of(child(element, *path)) or ""
