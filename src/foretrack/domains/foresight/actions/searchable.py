"""What of a stored scan can be searched: its concepts, its technologies and the documents behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from foretrack.corpus.columns import StoredDocument
from foretrack.corpus.store import Corpus
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.results import Scan, iter_items
from foretrack.domains.foresight.actions.technologies import StoredTechnologies
from foretrack.domains.foresight.answers import ConceptItem, TrackLabel
from foretrack.domains.foresight.technologies.answers import TechnologyItem
from foretrack.language.chinese import is_chinese
from foretrack.search.shapes import Thing

UNITS = ("concept", "technology", "document")
MIN_TRACK_PROBABILITY = 0.5
"""From here on a concept can be filtered by a track."""
_AT_ONCE = 5_000
"""Documents in memory."""


def searchable(workspace: Workspace, scan: Scan, *, documents: bool = True) -> Iterator[Thing]:
    """Everything of a scan that can be found, one after the other: ranked concepts, technologies, evidence.

    In memory are the identifiers of the evidence and _AT_ONCE documents. Documents that the corpus no longer holds are
    left out.
    """
    evidence: dict[str, None] = {}
    for item in iter_items(scan):
        yield _concept(item, scan.as_of)
        if documents:
            evidence |= dict.fromkeys(item.evidence)
    if "technologies" in scan.stored.manifest["tables"]:
        stored = StoredTechnologies(scan)
        for number in range(len(stored.rows)):
            yield _technology(stored.item(number), scan.as_of)
    corpus = Corpus(workspace.corpus_dir)
    ids = list(evidence)
    for start in range(0, len(ids), _AT_ONCE):
        yield from map(_document, corpus.documents(ids[start : start + _AT_ONCE]))


def _concept(item: ConceptItem, as_of: int) -> Thing:
    return Thing(
        unit="concept", key=item.concept, title_en=_english(item), title_zh=item.label_zh or "",
        body="; ".join(item.forms), facets={"state": (item.state,), **_tracks(item.tracks)}, changed_at=str(as_of),
    )  # fmt: skip


def _technology(item: TechnologyItem, as_of: int) -> Thing:
    return Thing(
        unit="technology", key=item.technology, title_en=_english(item), title_zh=item.label_zh or "",
        body="; ".join(item.concepts), facets={"stage": (item.stage,), **_tracks(item.tracks)}, changed_at=str(as_of),
    )  # fmt: skip


def _document(stored: StoredDocument) -> Thing:
    document = stored.document
    titles = {
        "zh" if is_chinese(text) else "en": text for text in (document.alt_title, document.title) if text
    }
    texts = (
        document.abstract,
        document.alt_abstract,
        "; ".join((*document.keywords, *document.alt_keywords)),
    )
    identifiers = (document.doi or "", document.source_id, *(_bare(name) for name in document.ids))
    return Thing(
        unit="document", key=stored.document_id, kind=document.kind,
        title_en=titles.get("en", ""), title_zh=titles.get("zh", "") or ("" if titles else stored.document_id),
        body="\n".join(text for text in texts if text), language=document.language or "",
        identifiers=tuple(name for name in identifiers if name),
        facets={"source": (document.source,), "year": (str(document.year),), **_many("country", document.countries)},
        changed_at=document.published,
    )  # fmt: skip


def _english(item: ConceptItem | TechnologyItem) -> str:
    return item.label_en or ("" if item.label_zh else item.label)


def _tracks(labels: Sequence[TrackLabel]) -> dict[str, tuple[str, ...]]:
    return _many("track", (label.track for label in labels if label.p >= MIN_TRACK_PROBABILITY))


def _many(name: str, values: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found = tuple(dict.fromkeys(values))
    return {name: found} if found else {}


def _bare(name: str) -> str:
    return name.partition(":")[2] or name
