"""arXiv records of three shapes. A record's date is that of its first version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.building import reject, try_document
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.jsonstream import at, items, json_records, objects, text_in
from foretrack.sources.kit.markup import child, children, elements, local_name, raw_excerpt, text_of
from foretrack.sources.kit.opening import OpenedFile

_NUMBER = re.compile(r"(?:abs/)?((?:[a-z-]+(?:\.[A-Z]{2})?/)?\d[\d.]+)(v\d+)?$")
_WITHDRAWN = re.compile(
    r"\b(?:this (?:paper|article|submission|manuscript)|paper) (?:has been|was|is) withdrawn", re.I
)


def detect_atom(sample: Sample) -> float:
    """.97 for an Atom feed with arXiv entries."""
    text = sample.text or ""
    if "<feed" not in text and "<entry" not in text:
        return 0.0
    return 0.97 if "arxiv.org/abs/" in text or "arxiv.org/schemas/atom" in text else 0.0


def detect_oai(sample: Sample) -> float:
    """.97 for OAI records in arXiv's own metadata formats."""
    text = sample.text or ""
    return 0.97 if re.search(r"arxiv\.org/OAI/arXiv(?:Raw)?/", text) else 0.0


def detect_json(sample: Sample) -> float:
    """.95 with the snapshot's field names."""
    text = (sample.text or "").lstrip()
    signs = ('"authors_parsed"', '"update_date"', '"categories"', '"submitter"')
    return 0.95 if text.startswith(("{", "[")) and all(sign in text for sign in signs) else 0.0


def parse_atom(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every entry of the feed as a document; the API's error entries are rejected."""
    for line, entry in elements(file, ("entry",)):
        position = f"line {line}"
        if "/api/errors" in (text_of(child(entry, "id")) or ""):
            yield reject(position, f"the API reports an error: {text_of(child(entry, 'summary'))}")
            continue
        links = {link.get("title") or link.get("rel"): link.get("href") for link in children(entry, "link")}
        yield _document(
            position,
            raw_excerpt(entry),
            number=text_of(child(entry, "id")),
            title=text_of(child(entry, "title")),
            abstract=text_of(child(entry, "summary")),
            published=text_of(child(entry, "published")),
            updated=text_of(child(entry, "updated")),
            authors=[text_of(child(author, "name")) for author in children(entry, "author")],
            organisations=[text_of(a) for a in children(entry, "author", "affiliation")],
            categories=[c.get("term") for c in children(entry, "category")],
            doi=text_of(child(entry, "doi")),
            journal=text_of(child(entry, "journal_ref")),
            comment=text_of(child(entry, "comment")),
            url=links.get("alternate"),
            licence=None,
        )


def parse_oai(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every `arXiv` or `arXivRaw` record as a document; deleted records carry nothing and are rejected."""
    for line, record in elements(file, ("record", "arXiv", "arXivRaw")):
        position = f"line {line}"
        meta = record if local_name(record) != "record" else _metadata(record)
        if meta is None:
            yield reject(position, "a deleted record, or one in another metadata format", raw_excerpt(record))
            continue
        versions = [text_of(child(v, "date")) for v in children(meta, "version")]
        names = children(meta, "authors", "author")
        yield _document(
            position,
            raw_excerpt(meta),
            number=text_of(child(meta, "id")),
            title=text_of(child(meta, "title")),
            abstract=text_of(child(meta, "abstract")),
            published=text_of(child(meta, "created")) or _mail_date((versions or [None])[0]),
            updated=text_of(child(meta, "updated")) or _mail_date((versions or [None])[-1]),
            authors=[_oai_name(name) for name in names] or _name_list(text_of(child(meta, "authors"))),
            organisations=[text_of(a) for name in names for a in children(name, "affiliation")],
            categories=(text_of(child(meta, "categories")) or "").split(),
            doi=text_of(child(meta, "doi")),
            journal=text_of(child(meta, "journal-ref")),
            comment=text_of(child(meta, "comments")),
            url=None,
            licence=text_of(child(meta, "license")),
        )


def parse_json(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every line of the metadata snapshot as a document."""
    for entry in json_records(file, []):
        if isinstance(entry, Rejected):
            yield entry
            continue
        position, record = entry
        versions = [text_in(v, "created") for v in objects(record.get("versions"))]
        parsed = [
            " ".join(str(p) for p in items(name)[1::-1] if p) for name in items(record.get("authors_parsed"))
        ]
        yield _document(
            position,
            record,
            number=text_in(record, "id"),
            title=record.get("title"),
            abstract=record.get("abstract"),
            published=_mail_date((versions or [None])[0]) or record.get("update_date"),
            updated=record.get("update_date"),
            authors=parsed or _name_list(text_in(record, "authors")),
            organisations=[],
            categories=str(record.get("categories") or "").split(),
            doi=at(record, "doi"),
            journal=record.get("journal-ref"),
            comment=record.get("comments"),
            url=None,
            licence=record.get("license"),
        )


def _document(position: str, raw: object, **given: Any) -> Parsed | Rejected:
    match = _NUMBER.search((given["number"] or "").strip())
    number = match.group(1) if match else ""
    comment = str(given["comment"] or "")
    withdrawn = _WITHDRAWN.search(comment) or _WITHDRAWN.search(str(given["abstract"] or "")[:200])
    return try_document(
        position,
        raw=raw,
        kind="paper",
        source="arxiv",
        source_id=number,
        title=given["title"],
        published=given["published"],
        abstract=given["abstract"],
        language="en",
        doi=given["doi"],
        ids=[f"arxiv:{number}"] if number else [],
        subtype="preprint",
        authors=given["authors"],
        organisations=[name for name in given["organisations"] if name],
        venue="arXiv",
        classes=[f"arxiv:{category}" for category in given["categories"] if category],
        status="withdrawn" if withdrawn else "active",
        updated=given["updated"],
        url=given["url"] or (f"https://arxiv.org/abs/{number}" if number else None),
        licence=given["licence"],
    )


def _metadata(record: Any) -> Any:
    for name in ("arXiv", "arXivRaw"):
        found = child(record, "metadata", name)
        if found is not None:
            return found
    return None


def _oai_name(author: Any) -> str:
    parts = (text_of(child(author, name)) for name in ("forenames", "keyname", "suffix"))
    return " ".join(part for part in parts if part)


def _name_list(text: str | None) -> list[str]:
    """Names out of arXiv's author line: `A. Author (1), B. Author and C. Author`.

    >>> _name_list("A. One (Univ X), B. Two and C. Three")
    ['A. One', 'B. Two', 'C. Three']
    """
    bare = re.sub(r"\([^()]*\)", "", text or "")
    return [part.strip() for part in re.split(r",|\band\b", bare) if part.strip()]


def _mail_date(text: str | None) -> str | None:
    """ISO date of `Mon, 2 Apr 2007 19:18:42 GMT`, None if it is none."""
    try:
        return parsedate_to_datetime(text).date().isoformat() if text else None
    except (ValueError, TypeError, IndexError):
        return None
