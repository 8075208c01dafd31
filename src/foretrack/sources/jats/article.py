"""Front matter and references of JATS articles; the body is read past."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from foretrack.records.document import Organisation, Parsed, Rejected
from foretrack.sources.kit.addresses import organisation_in
from foretrack.sources.kit.building import as_doi, person_name, try_document
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.markup import child, children, elements, local_name, raw_excerpt, text_of
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.kit.retraction import status_of

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HREF = "{http://www.w3.org/1999/xlink}href"
_DATE_TYPES = ("epub", "pub", "ppub", "epub-ppub", "collection", "preprint", "")
_ROR = ("ror", "ROR")
_NOTES = frozenset({"fn", "xref", "label"})


def detect(sample: Sample) -> float:
    """.97 with a JATS or NLM article's front matter, .9 with the document type alone."""
    text = sample.text or ""
    if not re.search(r"<(?:\w+:)?article[\s>]", text):
        return 0.0
    if re.search(r"<(?:\w+:)?(?:article-meta|journal-meta)[\s>]", text):
        return 0.97
    return 0.9 if re.search(r"//(?:NLM|NISO)//DTD (?:JATS|Journal)", text) else 0.0


def parse(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every article of the file as a document."""
    for line, element in elements(file, ("article",)):
        yield _document(f"line {line}", element)


def _document(position: str, article: Any) -> Parsed | Rejected:
    front = child(article, "front")
    meta = child(front, "article-meta")
    if meta is None:
        meta = child(article, "front-stub")
    journal = child(front, "journal-meta")
    ids = {i.get("pub-id-type", ""): text_of(i) for i in children(meta, "article-id")}
    group = child(meta, "title-group")
    translated = child(group, "trans-title-group")
    trans_title = child(translated, "trans-title")
    if trans_title is None:
        trans_title = child(group, "trans-title")
    trans_abstract = child(meta, "trans-abstract")
    language = article.get(_LANG)
    alt_language = next(
        (e.get(_LANG) for e in (translated, trans_title, trans_abstract) if e is not None and e.get(_LANG)),
        None,
    )
    keywords, alt_keywords = _keywords(meta, language)
    authors = [c for c in _contributors(meta) if c.get("contrib-type", "author") == "author"]
    pmid, pmcid = ids.get("pmid"), ids.get("pmc") or ids.get("pmcid")
    return try_document(
        position,
        raw=raw_excerpt(article),
        kind="paper",
        source="jats",
        source_id=as_doi(ids.get("doi")) or (f"PMC{pmcid.removeprefix('PMC')}" if pmcid else pmid) or "",
        title=_title(group),
        published=_published(meta),
        abstract=_abstract(meta),
        language=language,
        keywords=keywords,
        alt_language=alt_language,
        alt_title=text_of(trans_title, without=_NOTES),
        alt_abstract=text_of(trans_abstract, without=_NOTES),
        alt_keywords=alt_keywords,
        doi=ids.get("doi"),
        ids=[
            f"pmid:{pmid}" if pmid else None,
            f"pmcid:PMC{pmcid.removeprefix('PMC')}" if pmcid else None,
            f"arxiv:{ids['arxiv']}" if ids.get("arxiv") else None,
        ],
        subtype=article.get("article-type"),
        authors=[_name(author) for author in authors],
        organisations=_organisations(meta),
        venue=text_of(child(journal, "journal-title-group", "journal-title"))
        or text_of(child(journal, "journal-title")),
        publisher=text_of(child(journal, "publisher", "publisher-name")),
        classes=[
            f"jats-subject:{text_of(s)}"
            for s in children(meta, "article-categories", "subj-group", "subject")
            if text_of(s)
        ],
        references=_references(article),
        status=_status(article, meta),
        url=f"https://doi.org/{ids['doi']}" if as_doi(ids.get("doi")) else None,
        licence=_licence(meta),
    )


def _title(group: Any) -> str | None:
    title = text_of(child(group, "article-title"), without=_NOTES)
    subtitle = text_of(child(group, "subtitle"), without=_NOTES)
    return f"{title}: {subtitle}" if title and subtitle else title


def _abstract(meta: Any) -> str | None:
    """The main abstract: not the teaser, the graphical or the plain-language one."""
    all_of = children(meta, "abstract")
    main = [a for a in all_of if not a.get("abstract-type")] or all_of
    return text_of(main[0], without=_NOTES) if main else None


def _keywords(meta: Any, language: str | None) -> tuple[list[str | None], list[str | None]]:
    own: list[str | None] = []
    other: list[str | None] = []
    for group in children(meta, "kwd-group"):
        of_group = group.get(_LANG)
        words = [text_of(word) for word in children(group, "kwd")]
        same = of_group is None or language is None or of_group[:2].lower() == language[:2].lower()
        (own if same else other).extend(words)
    return own, other


def _contributors(meta: Any) -> list[Any]:
    return [*children(meta, "contrib-group", "contrib"), *children(meta, "collab")]


def _name(contributor: Any) -> str | None:
    for path in (("name",), ("name-alternatives", "name")):
        name = child(contributor, *path)
        if name is not None:
            last, given = text_of(child(name, "surname")), text_of(child(name, "given-names"))
            return person_name(last, given)
    collective = child(contributor, "collab")
    return text_of(collective if collective is not None else child(contributor, "string-name"))


def _organisations(meta: Any) -> list[Organisation]:
    found = []
    places = [
        *children(meta, "aff"),
        *children(meta, "contrib-group", "aff"),
        *children(meta, "contrib-group", "contrib", "aff"),
        *children(meta, "contrib-group", "aff-alternatives", "aff"),
        *children(meta, "aff-alternatives", "aff"),
    ]
    for place in places:
        country = child(place, "country")
        code = (country.get("country") if country is not None else None) or text_of(country)
        names = [i for i in place.iter() if local_name(i) == "institution"]
        ror = next(
            (text_of(i) for i in place.iter() if i.get("institution-id-type", "").lower() == "ror"), None
        )
        # Of several, the last one that is no department is the organisation.
        wanted = [n for n in names if n.get("content-type") not in ("dept", "department")] or names
        if wanted:
            found.append(_organisation(text_of(wanted[-1]), code, ror))
        else:
            address = text_of(place, without=frozenset({"label", "sup", "email"}))
            printed = organisation_in(address, country=code) if address else None
            found += [printed] if printed else []
    return found


def _organisation(name: str | None, country: str | None, ror: str | None) -> Organisation:
    return Organisation(name=name or "", country=country, id=f"ror:{ror.rsplit('/', 1)[-1]}" if ror else None)


def _published(meta: Any) -> str | None:
    dates = children(meta, "pub-date")
    rank = {kind: place for place, kind in enumerate(_DATE_TYPES)}
    dates.sort(key=lambda d: rank.get(d.get("pub-type") or d.get("date-type") or "", len(rank)))
    for date in dates:
        iso = date.get("iso-8601-date")
        parts = [text_of(child(date, name)) for name in ("year", "month", "day")]
        if parts[0]:
            if all(part is None or part.isdecimal() for part in parts):
                return "-".join(part for part in parts if part)
            return " ".join(part for part in (parts[0], parts[1], parts[2]) if part)
        if iso:
            return str(iso)
    return None


def _references(article: Any) -> list[str]:
    found = []
    for place in article.iter():
        if local_name(place) == "pub-id":
            kind, value = place.get("pub-id-type"), text_of(place)
            if kind == "doi" and as_doi(value):
                found.append(f"doi:{as_doi(value)}")
            elif kind == "pmid" and value:
                found.append(f"pmid:{value}")
    return found


def _status(article: Any, meta: Any) -> str:
    kinds = {related.get("related-article-type", "") for related in children(meta, "related-article")}
    marked = "retraction-forward" in kinds or article.get("article-type") == "retracted-article"
    return status_of(_title(child(meta, "title-group")), retracted=marked)


def _licence(meta: Any) -> str | None:
    licence = child(meta, "permissions", "license")
    if licence is None:
        return None
    for node in licence.iter():
        address = node.get(_HREF) or (text_of(node) if local_name(node) == "license_ref" else None)
        if address and "creativecommons.org" in address:
            return str(address)
    said = licence.get(_HREF) or licence.get("license-type")
    return str(said) if said else None
