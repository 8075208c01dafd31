"""The page of one document: what the corpus holds of it, where it came from, and the concepts that it carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.corpus.columns import StoredDocument
from foretrack.corpus.store import Corpus
from foretrack.domains.foresight.actions.carried import concepts_of
from foretrack.domains.foresight.actions.watchable import STANDS
from foretrack.domains.foresight.answers import EvidenceDocument
from foretrack.domains.foresight.doors.report.page import link
from foretrack.domains.foresight.doors.web.reading import lookout_workspace, read
from foretrack.foundation.errors import EvidenceError, NotThereError
from foretrack.language.chinese import is_chinese
from foretrack.web.addresses import address_of_thing
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import TAGS, Words, page_language, say

KINDS = Words(
    {
        "paper": "Paper", "patent": "Patent", "standard": "Standard", "project": "Project", "policy": "Policy document",
        "news": "News",
    }
)  # fmt: skip
MOST_CONCEPTS = 40
"""Concepts that the page names."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A title and an abstract in one language."""

    tag: str
    title: str
    abstract: str
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """A concept that the document carries."""

    href: str
    title: str
    standing: str
    rank: int | None


@dataclass(frozen=True)
class DocumentPage(Page):
    """One document."""

    template: ClassVar[str] = "lookout/document.html"

    document: str
    title: str
    texts: tuple[TextLine, ...]
    kind: str
    published: str
    status: str
    """In words, where it was retracted or withdrawn; empty else."""
    authors: tuple[str, ...]
    organisations: tuple[str, ...]
    venue: str
    identifiers: tuple[str, ...]
    sources: tuple[str, ...]
    """Each record that it was merged from, as `source identifier`."""
    licence: str
    href: str
    """Its DOI or web address; empty for none."""
    as_of: int | None
    concepts: tuple[CarriedLine, ...]
    n_concepts: int


@require_safe
def document(request: Request, name: str) -> HttpResponse:
    """One document of the corpus, and the concepts that the newest scan counted it for."""
    found = Corpus(lookout_workspace().corpus_dir).documents([name])
    if not found:
        raise NotThereError.of(
            "the corpus holds no document {name!r}", expected="the identifier of a document",
            do="follow a link of a page", name=name[:40],
        )  # fmt: skip
    return render(request, _page(found[0]))


def _page(stored: StoredDocument) -> DocumentPage:
    one = stored.document
    try:
        scan = read({}).scan
    except EvidenceError:  # it was taken in, and nothing was scanned yet
        scan = None
    carried = concepts_of(scan, stored.document_id) if scan else []
    evidence = EvidenceDocument(
        stored.document_id, one.title, one.year, one.source, one.kind, one.doi, one.url
    )
    return DocumentPage(
        document=stored.document_id, title=one.title, texts=_texts(stored),
        kind=say(KINDS[one.kind]) if one.kind in KINDS else one.kind, published=one.published,
        status={"retracted": say("retracted"), "withdrawn": say("withdrawn")}.get(one.status, ""), authors=one.authors,
        organisations=tuple(o.name for o in one.organisations), venue=one.venue or "",
        identifiers=tuple(dict.fromkeys([*([f"doi:{one.doi}"] if one.doi else []), *one.ids])),
        sources=tuple(f"{p.source} {p.source_id}".strip() for p in stored.provenance), licence=one.licence or "",
        href=link(evidence) or "", as_of=scan.as_of if scan else None,
        concepts=tuple(
            CarriedLine(
                address_of_thing("concept", item.concept), _name(item.label, item.label_en, item.label_zh),
                STANDS[item.state].text(page_language()), item.rank,
            )
            for item in carried[:MOST_CONCEPTS]
        ),
        n_concepts=len(carried),
    )  # fmt: skip


def _texts(stored: StoredDocument) -> tuple[TextLine, ...]:
    one = stored.document
    both = (
        (one.title, one.abstract, one.keywords),
        (one.alt_title, one.alt_abstract, one.alt_keywords),
    )
    return tuple(
        TextLine(
            TAGS["zh" if is_chinese(title or abstract or "") else "en"], title or "", abstract or "", keywords
        )
        for title, abstract, keywords in both
        if title or abstract
    )


def _name(label: str, english: str | None, chinese: str | None) -> str:
    first, second = (chinese, english) if page_language() == "zh" else (english, chinese)
    return first or second or label
