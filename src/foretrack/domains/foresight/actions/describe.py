"""What is in the corpus, and where its coverage breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from foretrack.corpus.coverage import Break, complete_until, coverage_breaks
from foretrack.corpus.store import Corpus
from foretrack.corpus.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Row:
    """Active documents of one source, kind and year."""

    source: str
    kind: str
    year: int
    documents: int
    with_abstract: int


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """The answer of `foretrack corpus`."""

    snapshot: str
    documents: int
    """Active documents."""
    retracted: int
    """Marked as retracted or withdrawn; they stay and are not counted."""
    files: int
    """Different files that were read."""
    read: int
    """Records in them."""
    merged: int
    """Records that are further records of a document: repetitions, versions, other sources."""
    rejected: int
    """Rows that could not become a document."""
    languages: dict[str, int]
    """Active documents by BCP 47 tag, the most frequent first; `unknown` where the text does not show it."""
    rows: tuple[Row, ...]
    """By source, kind and year, sorted."""
    breaks: tuple[Break, ...]
    """By field (source, then venue), group and year."""
    complete_until: int | None
    """The last year that looks complete; None for an empty corpus."""

    @property
    def with_abstract(self) -> float:
        """Share of active documents that have an abstract, 0 to 1; 0 for an empty corpus."""
        return sum(r.with_abstract for r in self.rows) / self.documents if self.documents else 0.0

    @property
    def years(self) -> dict[int, int]:
        """Active documents by year, ascending."""
        return _summed((r.year, r.documents) for r in self.rows)

    @property
    def sources(self) -> dict[str, int]:
        """Active documents by source."""
        return _summed((r.source, r.documents) for r in self.rows)

    def to_json(self) -> dict[str, Any]:
        """The stable shape of `corpus --json`."""
        said = asdict(self)
        return said | {
            "with_abstract": round(self.with_abstract, 4),
            "years": [{"year": y, "documents": n} for y, n in self.years.items()],
            "sources": [{"source": s, "documents": n} for s, n in self.sources.items()],
            "languages": [{"language": tag, "documents": n} for tag, n in self.languages.items()],
        }


def describe(workspace: Workspace) -> CorpusReport:
    """Counts, shares and coverage breaks of the whole corpus of `workspace`, as it is now."""
    corpus = Corpus(workspace.corpus_dir)
    manifest = corpus.manifest()
    fields = ("source", "kind", "year", "status", "language", "venue", "has_abstract")
    counts = corpus.counts(fields, manifest).to_pylist()
    active = [c for c in counts if c["status"] == "active"]
    retracted = sum(c["n_documents"] for c in counts) - sum(c["n_documents"] for c in active)
    rows: Counter[tuple[str, str, int]] = Counter()
    with_abstract: Counter[tuple[str, str, int]] = Counter()
    languages: Counter[str] = Counter()
    for c in active:
        key = (c["source"], c["kind"], c["year"])
        rows[key] += c["n_documents"]
        with_abstract[key] += c["n_documents"] * c["has_abstract"]
        languages[c["language"] or "unknown"] += c["n_documents"]
    files = {(f["sha256"], f["file"]): f for f in corpus.table("files", manifest).to_pylist()}.values()
    read, rejected = sum(f["read"] for f in files), sum(f["rejected"] for f in files)
    documents = sum(rows.values())
    last = complete_until(_summed((y, n) for (_, _, y), n in rows.items())) if rows else None
    return CorpusReport(
        snapshot=manifest.snapshot,
        documents=documents,
        retracted=retracted,
        files=len({f["sha256"] for f in files}),
        read=read,
        merged=max(0, read - rejected - documents - retracted),
        rejected=rejected,
        languages=dict(sorted(languages.items(), key=lambda item: (-item[1], item[0]))),
        rows=tuple(Row(*key, n, with_abstract[key]) for key, n in sorted(rows.items())),
        breaks=_breaks(active, last),
        complete_until=last,
    )


def _breaks(active: list[dict[str, Any]], last: int | None) -> tuple[Break, ...]:
    if last is None:
        return ()
    first = min(c["year"] for c in active)
    found: list[Break] = []
    for field in ("source", "venue"):
        counts = [(c[field], c["year"], c["n_documents"]) for c in active if c[field]]
        found += coverage_breaks(field, counts, first, last)
    return tuple(found)


def _summed(pairs: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    sums: Counter[Any] = Counter()
    for key, n in pairs:
        sums[key] += n
    return dict(sorted(sums.items()))
