"""PubMed XML: `PubmedArticle` and `PubmedBookArticle` elements, in a set or alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.addresses import country_in, organisations_in
from foretrack.sources.kit.building import person_name, try_document
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.markup import child, children, elements, raw_excerpt, text_of
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.pubmed.medline import printed_title

_ROOT = re.compile(
    r"<(?:PubmedArticleSet|PubmedArticle|PubmedBookArticle|MedlineCitationSet|MedlineCitation)\b"
)


def detect_xml(sample: Sample) -> float:
    """.98 with PubMed's own elements."""
    return 0.98 if _ROOT.search(sample.text or "") else 0.0


def parse_xml(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every citation of the file as a document."""
    for line, element in elements(file, ("PubmedArticle", "PubmedBookArticle", "MedlineCitation")):
        yield _document(f"line {line}", element)


def _document(position: str, element: Any) -> Parsed | Rejected:
    citation = child(element, "MedlineCitation")
    if citation is None:
        citation = child(element, "BookDocument")
    if citation is None:
        citation = element
    article = child(citation, "Article")
    if article is None:
        article = citation
    pmid = text_of(child(citation, "PMID")) or ""
    title = text_of(child(article, "ArticleTitle")) or text_of(child(article, "Book", "BookTitle"))
    translated = bool(title and title.startswith("["))
    languages = [text_of(tag) for tag in children(article, "Language")]
    types = [(text_of(t) or "").lower() for t in children(article, "PublicationTypeList", "PublicationType")]
    other = child(citation, "OtherAbstract")
    vernacular = text_of(child(article, "VernacularTitle"))
    affiliations = [
        text_of(a) or ""
        for path in (("AffiliationInfo", "Affiliation"), ("Affiliation",))
        for a in children(article, "AuthorList", "Author", *path)
    ]
    return try_document(
        position,
        raw=raw_excerpt(element),
        kind="paper",
        source="pubmed",
        source_id=pmid,
        title=printed_title(title),
        published=_published(citation, article),
        abstract=_abstract(child(article, "Abstract")),
        language="en" if translated else next(iter(languages), None),
        keywords=[text_of(k) for k in children(citation, "KeywordList", "Keyword")],
        alt_language=(other.get("Language") if other is not None else None)
        or next((tag for tag in languages if tag != "eng"), None),
        alt_title=vernacular,
        alt_abstract=_abstract(other),
        doi=_doi(element, article),
        ids=_ids(element, pmid),
        subtype=next((t for t in types if not t.startswith(("journal article", "research support"))), None)
        or next(iter(types), None),
        authors=[_name(a) for a in children(article, "AuthorList", "Author")],
        organisations=organisations_in(affiliations),
        countries=[country_in(one) for address in affiliations for one in address.split(";")],
        venue=text_of(child(article, "Journal", "Title"))
        or text_of(child(citation, "MedlineJournalInfo", "MedlineTA")),
        classes=[
            f"mesh:{text_of(name)}"
            for name in children(citation, "MeshHeadingList", "MeshHeading", "DescriptorName")
        ],
        references=_references(element),
        status=_status(citation, types),
        updated=_date(child(citation, "DateRevised")),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid.isdecimal() else None,
    )


def _published(citation: Any, article: Any) -> str | None:
    """The issue's date; the electronic date where the issue gives none; books: the book's date."""
    for date in (
        child(article, "Journal", "JournalIssue", "PubDate"),
        child(article, "ArticleDate"),
        child(article, "Book", "PubDate"),
        child(citation, "ContributionDate"),
        child(citation, "DateCompleted"),
    ):
        found = _date(date)
        if found:
            return found
    return None


def _date(element: Any) -> str | None:
    if element is None:
        return None
    parts = [text_of(child(element, name)) for name in ("Year", "Month", "Day")]
    if parts[0]:
        return "-".join(part for part in parts if part) if _numeric(parts) else " ".join(filter(None, parts))
    return text_of(child(element, "MedlineDate"))


def _numeric(parts: list[str | None]) -> bool:
    return all(part is None or part.isdecimal() for part in parts)


def _abstract(element: Any) -> str | None:
    pieces = []
    for part in children(element, "AbstractText"):
        label, text = part.get("Label"), text_of(part)
        if text:
            pieces.append(f"{label}: {text}" if label and label != "UNLABELLED" else text)
    return " ".join(pieces) or None


def _name(author: Any) -> str | None:
    last, fore = text_of(child(author, "LastName")), text_of(child(author, "ForeName"))
    fore = fore or text_of(child(author, "Initials"))
    return person_name(last, fore) or text_of(child(author, "CollectiveName"))


def _article_ids(element: Any) -> list[Any]:
    return [
        *children(element, "PubmedData", "ArticleIdList", "ArticleId"),
        *children(element, "PubmedBookData", "ArticleIdList", "ArticleId"),
    ]


def _doi(element: Any, article: Any) -> str | None:
    for location in children(article, "ELocationID"):
        if location.get("EIdType") == "doi" and location.get("ValidYN", "Y") == "Y":
            return text_of(location)
    return next((text_of(i) for i in _article_ids(element) if i.get("IdType") == "doi"), None)


def _ids(element: Any, pmid: str) -> list[str]:
    found = [f"pmid:{pmid}"] if pmid else []
    found += [f"pmcid:{text_of(i)}" for i in _article_ids(element) if i.get("IdType") == "pmc" and text_of(i)]
    return found


def _references(element: Any) -> list[str]:
    found = []
    for identifier in children(
        element, "PubmedData", "ReferenceList", "Reference", "ArticleIdList", "ArticleId"
    ):
        value = text_of(identifier)
        prefix = {"doi": "doi", "pubmed": "pmid"}.get(identifier.get("IdType", ""))
        if prefix and value:
            found.append(f"{prefix}:{value.lower()}")
    return found


def _status(citation: Any, types: list[str]) -> str:
    notices = {n.get("RefType") for n in children(citation, "CommentsCorrectionsList", "CommentsCorrections")}
    return "retracted" if "retracted publication" in types or "RetractionIn" in notices else "active"
