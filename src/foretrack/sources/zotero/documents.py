"""From a row of a Zotero export to a document."""

from __future__ import annotations

import re

from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.building import (
    BadValue,
    as_date,
    as_doi,
    date_or_none,
    is_chinese,
    split_list,
    try_document,
    unique,
)
from foretrack.sources.kit.retraction import status_of
from foretrack.sources.kit.tables import Record

_KINDS = {
    "patent": "patent",
    "standard": "standard",
    "newspaperarticle": "news",
    "blogpost": "news",
    "statute": "policy",
    "bill": "policy",
}
_NO_DOCUMENTS = frozenset({"attachment", "note", "annotation"})
_SUBTYPES = {
    "journalarticle": "journal-article",
    "conferencepaper": "conference-paper",
    "booksection": "book-chapter",
    "magazinearticle": "magazine-article",
    "newspaperarticle": "newspaper-article",
    "blogpost": "blog-post",
    "encyclopediaarticle": "encyclopedia-article",
}
_EXTRA = re.compile(
    r"^\s*(PMID|PMCID|arXiv|DOI|titleTranslation|original-title)\s*[:：]\s*(.+?)\s*$", re.I | re.MULTILINE
)


def document(row: Record) -> Parsed | Rejected:
    """The document of a row; BadValue when it is an attachment or a note, or its text is damaged."""
    item = row.get("item type").replace(" ", "").lower()
    if item in _NO_DOCUMENTS:
        raise BadValue(f"item type {item!r} is no document; expected an article, a patent or the like")
    title = row.get("title")
    extra = {name.lower(): value for name, value in _EXTRA.findall(row.get("extra"))}
    url = row.get("url")
    translation = extra.get("titletranslation") or extra.get("original-title")
    return try_document(
        row.position,
        raw=row.excerpt(),
        kind=_KINDS.get(item, "paper"),
        source="zotero",
        source_id=row.get("key"),
        title=title,
        published=published(row.get("date"), row.get("publication year")),
        abstract=row.get("abstract note"),
        language=row.get("language"),
        keywords=unique(
            (*split_list(row.get("manual tags"), ";；"), *split_list(row.get("automatic tags"), ";；"))
        ),
        alt_language=("zh" if is_chinese(translation) else "en") if translation else None,
        alt_title=translation,
        doi=as_doi(row.get("doi"))
        or as_doi(extra.get("doi"))
        or (as_doi(url) if "doi.org/" in url else None),
        ids=identifiers(extra, row),
        subtype=_SUBTYPES.get(item, item),
        authors=split_list(row.get("author")) or split_list(row.get("contributor")),
        organisations=split_list(row.get("assignee")),
        venue=row.get("publication title", "conference name", "proceedings title", "series", "country"),
        publisher=row.get("publisher"),
        filed=date_or_none(row.get("filing date")) if item == "patent" else None,
        status=status_of(title),
        updated=date_or_none(row.get("date modified")),
        url=url,
        licence=row.get("rights"),
    )


def published(date: str, year: str) -> str:
    """The date when it agrees with the year, else the year; BadValue when there is neither.

    >>> published("2020-05", "2020"), published("2020-00-00 2020", "2020"), published("May 2019", "")
    ('2020-05', '2020', '2019-05')
    """
    exact = date_or_none(date)
    return exact if exact and (not year or exact[:4] == year[:4]) else as_date(year)


def identifiers(extra: dict[str, str], row: Record) -> list[str]:
    """Identifiers that Zotero keeps as lines of its Extra field, and the number of a patent.

    >>> identifiers({"pmid": "77", "arxiv": "1234.56789 [cs]"}, Record("row 2", {}))
    ['pmid:77', 'arxiv:1234.56789']
    """
    found: list[str] = []
    if extra.get("pmid", "").isdecimal():
        found.append(f"pmid:{extra['pmid']}")
    if extra.get("pmcid", "").upper().startswith("PMC"):
        found.append(f"pmcid:{extra['pmcid'].upper()}")
    if arxiv := extra.get("arxiv", "").split():
        found.append(f"arxiv:{arxiv[0].removeprefix('arXiv:')}")
    if row.get("item type").lower() == "patent" and row.get("number"):
        found.append(f"patent:{re.sub(r'[^0-9A-Za-z]', '', row.get('number')).upper()}")
    return found
