"""Documents behind numbers, as pages list them: title, year, source, and a link that leads to a document or nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foretrack.domains.foresight.answers import EvidenceDocument
from foretrack.domains.foresight.doors.report.page import link
from foretrack.domains.foresight.doors.speech import KINDS
from foretrack.web.speech import Words, say

KIND_WORDS = Words(KINDS)
LONGEST_TITLE = 400


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One document."""

    document: str
    title: str
    year: int
    source: str
    kind: str
    href: str
    """Its DOI or web address; empty for none."""


def kind_word(kind: str) -> str:
    """What documents of a kind are called; an unknown kind as it is."""
    return say(KIND_WORDS[kind]) if kind in KIND_WORDS else kind


def document_lines(documents: Sequence[EvidenceDocument]) -> tuple[DocumentLine, ...]:
    """Documents as a page shows them."""
    return tuple(
        DocumentLine(
            d.document, d.title if len(d.title) <= LONGEST_TITLE else d.title[:LONGEST_TITLE] + "…", d.year, d.source,
            kind_word(d.kind) if d.kind else "", link(d) or "",
        )
        for d in documents
    )  # fmt: skip
