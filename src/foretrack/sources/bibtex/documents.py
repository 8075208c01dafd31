"""From a BibTeX entry of any source to a document."""

from __future__ import annotations

import re

from foretrack.records.document import Kind, Organisation, Parsed, Rejected
from foretrack.sources.bibtex.reading import BibEntry, plain
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

TYPES: dict[str, tuple[Kind, str]] = {
    "article": ("paper", "journal-article"),
    "inproceedings": ("paper", "conference-paper"),
    "conference": ("paper", "conference-paper"),
    "incollection": ("paper", "book-chapter"),
    "inbook": ("paper", "book-chapter"),
    "book": ("paper", "book"),
    "booklet": ("paper", "book"),
    "proceedings": ("paper", "proceedings"),
    "phdthesis": ("paper", "doctoral-thesis"),
    "mastersthesis": ("paper", "masters-thesis"),
    "thesis": ("paper", "thesis"),
    "techreport": ("paper", "report"),
    "report": ("paper", "report"),
    "unpublished": ("paper", "preprint"),
    "dataset": ("paper", "dataset"),
    "patent": ("patent", "patent"),
    "standard": ("standard", "standard"),
}
"""Entry type -> kind and subtype; any other is a paper without a subtype."""

_ARXIV = re.compile(
    r"(?:arxiv[:./\s]*(?:abs/)?)?((?:[a-z-]+(?:\.[A-Z]{2})?/\d{7})|\d{4}\.\d{4,5})", re.IGNORECASE
)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def document(entry: BibEntry, options: ParseOptions) -> Parsed | Rejected:
    """The document of an entry, or the reason why there is none."""
    if entry.damage:
        return reject(entry.position, entry.damage, entry.excerpt)
    try:
        return _document(entry, options)
    except BadValue as error:
        return reject(entry.position, str(error), entry.excerpt)


def _document(entry: BibEntry, options: ParseOptions) -> Parsed | Rejected:
    kind, subtype = TYPES.get(entry.kind, ("paper", ""))
    title = title_of(entry)
    return try_document(
        entry.position,
        raw=entry.excerpt,
        kind=options.kind or kind,
        source=options.source or "bibtex",
        # Citation keys are made by people and managers; the same key may mean another work elsewhere.
        source_id="",
        title=title,
        published=published(entry),
        abstract=entry.first("abstract"),
        language=language_tag(entry.first("language", "langid")) or options.language,
        keywords=keywords(entry.first("keywords", "author_keywords", "keyword")),
        alt_language="en" if is_chinese(clean_text(title)) else "zh",
        alt_title=entry.first("titleaddon", "translatedtitle"),
        doi=doi(entry),
        ids=identifiers(entry),
        subtype=subtype or entry.kind,
        authors=authors(entry.raw_first("author")),
        organisations=affiliations(entry),
        venue=entry.first("journal", "journaltitle", "booktitle", "series", "eventtitle"),
        publisher=entry.first("publisher", "organization"),
        classes=[f"arxiv:{name}" for name in entry.first("primaryclass").split()],
        status=status_of(title),
        url=entry.first("url").split("\n")[0].strip(),
    )


def title_of(entry: BibEntry) -> str:
    """The title with its subtitle.

    >>> title_of(BibEntry(1, 1, fields={"title": "{LiDAR}", "subtitle": "A view"}))
    'LiDAR: A view'
    """
    title, subtitle = entry.first("title"), entry.first("subtitle")
    return f"{title}: {subtitle}" if title and subtitle else title


def published(entry: BibEntry) -> str:
    """ISO date from `date`, or from `year` and `month`; BadValue when there is no usable year.

    >>> published(BibEntry(1, 1, fields={"year": "2020", "month": "january"}))
    '2020-01'
    >>> published(BibEntry(1, 1, fields={"date": "2020-03-01/2020-03-05"}))
    '2020-03-01'
    >>> published(BibEntry(1, 1, fields={"year": "in press"}))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    foretrack.sources.kit.cleaning.BadValue: no year in 'in press'; expected a date such as ...
    """
    date = entry.first("date").split("/")[0]
    year = entry.first("year")
    if not year:
        return as_date(date)
    exact = date_or_none(date)
    if exact and exact[:4] == as_date(year)[:4]:
        return exact
    month = entry.first("month").strip(" .")
    day = entry.first("day")
    if month.isdecimal():
        return as_date(f"{as_date(year)[:4]}-{month}" + (f"-{day}" if day.isdecimal() else ""))
    return date_or_none(f"{day} {month} {year}") or as_date(year) if month else as_date(year)


def doi(entry: BibEntry) -> str | None:
    """The DOI from its own field, else from a link to doi.org."""
    url = entry.first("url", "ee", "howpublished")
    return as_doi(entry.first("doi")) or (as_doi(url[url.find("10.") :]) if "doi.org/10." in url else None)


def identifiers(entry: BibEntry) -> tuple[str, ...]:
    """arXiv and PubMed identifiers.

    >>> identifiers(BibEntry(1, 1, fields={"eprint": "1234.56789", "archiveprefix": "arXiv", "pmid": "77"}))
    ('arxiv:1234.56789', 'pmid:77')
    """
    found: list[str] = []
    prefix = entry.first("archiveprefix", "eprinttype").lower()
    for text in (
        entry.first("eprint") if prefix in ("arxiv", "") else "",
        entry.first("journal"),
        entry.first("url"),
    ):
        is_arxiv = "arxiv" in text.lower() or (text and text == entry.first("eprint"))
        if is_arxiv and (match := _ARXIV.search(text)):
            found.append(f"arxiv:{match[1]}")
            break
    pmid = entry.first("pmid", "pubmed_id")
    if pmid.isdecimal():
        found.append(f"pmid:{pmid}")
    return unique(found)


def authors(written: str) -> tuple[str, ...]:
    r"""Authors in order, as written, LaTeX resolved; a name in braces is one name.

    >>> authors(r"Li, An and M{\"u}ller, Bo and {Acme and Sons} and others")
    ('Li, An', 'Müller, Bo', 'Acme and Sons')
    >>> authors("张三 and 李四"), authors("张三，李四；王五")
    (('张三', '李四'), ('张三', '李四', '王五'))
    """
    names = [plain(name).strip() for name in _outside_braces(written)]
    if len(names) == 1 and is_chinese(names[0]):
        return split_list(names[0], ",，、;；")
    return unique(
        " ".join(name.split()) for name in names if name.lower() not in ("others", "et al.", "et al")
    )


def _outside_braces(written: str) -> list[str]:
    """The parts between the word `and` where no brace is open."""
    parts, start = list[str](), 0
    for match in _AND.finditer(written):
        head = written[: match.start()]
        if head.count("{") - head.count("\\{") == head.count("}") - head.count("\\}"):
            parts.append(written[start : match.start()])
            start = match.end()
    return [*parts, written[start:]]


def keywords(text: str) -> tuple[str, ...]:
    """Keywords between semicolons, else between commas.

    >>> keywords("robots; lidar, 3D"), keywords("robots, lidar"), keywords("机器人，无人机")
    (('robots', 'lidar, 3D'), ('robots', 'lidar'), ('机器人', '无人机'))
    """
    found = split_list(text.replace("\n", " "), ";；")
    return split_list(found[0], ",，、") if len(found) == 1 else found


def affiliations(entry: BibEntry) -> list[Organisation]:
    """The organisations in the affiliation field, and the school or institution of a thesis or report.

    >>> affiliations(BibEntry(1, 1, fields={"affiliation": "Dept X, Example University, Oslo, Norway"}))
    [Organisation(name='Example University', country='NO', id=None)]
    """
    addresses = re.sub(r"\.\s*\n\s*", "; ", entry.first("affiliation"))
    named = split_list(entry.first("school", "institution", "holder", "assignee"), ";；")
    return list(dict.fromkeys([*organisations_in([addresses]), *(Organisation(name) for name in named)]))
