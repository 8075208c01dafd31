"""Stored scans, read back as answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from foretrack.corpus.results import ResultStore, StoredResult
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.answers import (
    ConceptItem,
    Measures,
    Neighbour,
    ScanSummary,
    SeriesPoint,
    ShareQuantiles,
    TrackLabel,
)
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.language.chinese import simplify

GROWTH = ("growth", "growth_low", "growth_high", "p_value", "q_value")
"""Measures of a concept that are claimed only with enough evidence for a state."""


@dataclass(frozen=True)
class Scan:
    """One stored scan. Tables are read when they are first needed."""

    stored: StoredResult

    @property
    def name(self) -> str:
        return self.stored.name

    @property
    def as_of(self) -> int:
        return int(self.stored.manifest["as_of"])

    @property
    def snapshot(self) -> str:
        return str(self.stored.manifest["snapshot"])

    @property
    def method(self) -> str:
        return str(self.stored.manifest["method"])

    def summary(self) -> ScanSummary:
        """What the scan did."""
        manifest, created = self.stored.manifest, self.stored.created
        return ScanSummary(
            scan=self.name, as_of=self.as_of, snapshot=self.snapshot, method=self.method,
            filters=dict(manifest["filters"]), n_documents=manifest["n_documents"], first_year=manifest["first_year"],
            n_terms=manifest["n_terms"], n_concepts=manifest["n_concepts"], states=dict(manifest["states"]),
            created_at=str(created.get("created_at", "")), seconds=float(created.get("seconds", 0.0)),
            notes=tuple(manifest["notes"]),
        )  # fmt: skip

    @cached_property
    def concepts(self) -> pa.Table:
        """All concepts, one row each; the row number is the concept number of the other tables."""
        return self.stored.table("concepts")

    @cached_property
    def ranking(self) -> list[int]:
        """Row numbers of the ranked concepts, first rank first."""
        rank = self.concepts["rank"].to_numpy(zero_copy_only=False)
        ranked = np.flatnonzero(~np.isnan(rank.astype(float)))
        return [int(row) for row in ranked[np.argsort(rank[ranked].astype(float), kind="stable")]]

    def items(self, rows: Sequence[int]) -> list[ConceptItem]:
        """List lines of the given concepts."""
        chosen = self.concepts.take(pa.array(rows, pa.int64())).to_pylist()
        return [_item(row) for row in chosen]

    def row_of(self, name: str) -> int:
        """Row of the concept that bears an identifier or spelling; InputError with the nearest ones if none does."""
        wanted = simplify(name.strip().lower())
        found = self._names.get(wanted, self._names.get(wanted.replace("-", " ")))
        if found is not None:
            return found
        near = self.near_names(name)
        raise InputError(
            f"no concept {name!r} in the scan as of {self.as_of}",
            expected="an identifier or spelling of a concept"
            + (f", such as {', '.join(near)}" if near else ""),
            do="look at `foretrack emerging`; a general word is no concept, nor is a phrase in fewer than five documents",
        )

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Identifier of a concept to its row."""
        return {str(concept): row for row, concept in enumerate(self.concepts["concept"].to_pylist())}

    def row_named(self, concept: str, forms: Sequence[str]) -> int | None:
        """Row of the concept of another scan: the one with its identifier, else with its first spelling that is known."""
        for name in (concept, *(simplify(form) for form in forms)):
            if (found := self._names.get(name)) is not None:
                return found
        return None

    def near_names(self, name: str) -> list[str]:
        """Spellings that are much like a name, the likest first; at most four."""
        from rapidfuzz import process

        wanted = simplify(name.strip().lower())
        return [
            str(match[0]) for match in process.extract(wanted, list(self._names), limit=4, score_cutoff=60)
        ]

    @cached_property
    def _names(self) -> dict[str, int]:
        names: dict[str, int] = {}
        for row, entry in enumerate(self.concepts.select(["forms"]).to_pylist()):
            for form in entry["forms"]:
                names.setdefault(simplify(form), row)
                names.setdefault(form.replace("-", " "), row)
        for row, entry in enumerate(self.concepts.select(["concept"]).to_pylist()):
            names[entry["concept"]] = row
        return names

    def series(self, row: int) -> tuple[SeriesPoint, ...]:
        """Yearly counts and shares: the whole first (`all`), then each source and kind."""
        totals = self._totals
        mine = self.stored.table("series", where=("concept", row)).to_pylist()
        by_key = {(entry["stratum"], entry["year"]): entry["n_documents"] for entry in mine}
        points: list[SeriesPoint] = []
        whole: dict[int, list[int]] = {}
        for entry in totals:
            n = by_key.get((entry["stratum"], entry["year"]), 0)
            sums = whole.setdefault(entry["year"], [0, 0])
            sums[0] += n
            sums[1] += entry["n_documents"]
            if entry["n_documents"]:
                share = n / entry["n_documents"]
                points.append(
                    SeriesPoint(entry["year"], entry["source"], entry["kind"], n, entry["n_documents"], share)
                )
        all_points = [
            SeriesPoint(year, "all", "all", n, total, n / total if total else 0.0)
            for year, (n, total) in sorted(whole.items())
        ]
        strata = {(point.source, point.kind) for point in points}
        return (*all_points, *points) if len(strata) > 1 else tuple(all_points)

    def neighbours(self, row: int) -> tuple[Neighbour, ...]:
        """Strongest neighbours first."""
        table = self.stored.table("neighbours", where=("concept", row)).to_pylist()
        labels = self.concepts["label"]
        ids = self.concepts["concept"]
        return tuple(
            Neighbour(str(ids[e["neighbour"]]), str(labels[e["neighbour"]]), e["n_together"], e["ppmi"])
            for e in table
        )

    def documents_of(self, row: int) -> list[tuple[str, int]]:
        """(document id, year) of every document that carries the concept, newest first."""
        mentions = self.stored.table("mentions", where=("concept", row))
        chosen = self._documents.select(["document_id", "year"]).take(mentions["document"]).to_pylist()
        return [(entry["document_id"], entry["year"]) for entry in chosen]

    @cached_property
    def _totals(self) -> list[dict[str, Any]]:
        """Documents of each year in each source and kind."""
        found: list[dict[str, Any]] = self.stored.table("totals").to_pylist()
        return found

    @cached_property
    def _documents(self) -> pa.Table:
        return self.stored.table("documents")


def open_scan(workspace: Workspace, name: str) -> Scan:
    """A stored scan by name; InputError when there is none."""
    return Scan(ResultStore(workspace.results_dir).open(name))


def find_scan(workspace: Workspace, *, as_of: int | None = None, name: str | None = None) -> Scan:
    """The stored scan that a question is about: by name, else the newest of the year, else the newest of all.

    EvidenceError when nothing was scanned yet.
    """
    if name is not None:
        return open_scan(workspace, name)
    store = ResultStore(workspace.results_dir)
    latest = store.latest(as_of=as_of)
    if latest is None:
        year = f" --as-of {as_of}" if as_of is not None else ""
        raise EvidenceError(
            "nothing was scanned yet" + (f" as of {as_of}" if as_of is not None else ""),
            expected="a stored scan",
            do=f"run `foretrack scan{year}`",
        )
    return Scan(latest)


def iter_items(scan: Scan, *, size: int = 2000) -> Iterator[ConceptItem]:
    """Ranked list lines, first rank first."""
    for start in range(0, len(scan.ranking), size):
        yield from scan.items(scan.ranking[start : start + size])


def _item(row: dict[str, Any]) -> ConceptItem:
    # With too little evidence the estimate is what was assumed before any document was read: no finding.
    known = row["state"] != "not enough evidence"
    claimed = {name: row[name] if known else None for name in GROWTH}
    measures = Measures(
        n_documents=row["n_documents"], n_recent=row["n_recent"], first_year=row["first_year"],
        share_recent=row["share_recent"], novelty=row["novelty"], coherence=row["coherence"], impact=row["impact"],
        uncertainty=row["uncertainty"], burst_weight=row["burst_weight"], e_score=row["e_score"], **claimed,
    )  # fmt: skip
    return ConceptItem(
        concept=row["concept"], label=row["label"], label_en=row["label_en"], label_zh=row["label_zh"],
        forms=tuple(row["forms"]), rank=row["rank"], score=row["score"], state=row["state"],
        tracks=tuple(TrackLabel(**track) for track in row["tracks"]), p_no_track=row["p_no_track"],
        evidence=tuple(row["evidence"]), doubt=tuple(row["doubt"]), measures=measures, p_eg3=row.get("p_eg3"),
        p_dbl3=row.get("p_dbl3"), top_year=row.get("top_year"),
        quantiles=tuple(ShareQuantiles(**entry) for entry in row.get("quantiles") or ()),
    )  # fmt: skip
