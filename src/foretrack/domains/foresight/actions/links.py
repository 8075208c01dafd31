"""`links`: which pairs of concepts will be studied together within three years, with reasons."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from foretrack.corpus.store import Corpus
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.emerging import MIN_TRACK_PROBABILITY
from foretrack.domains.foresight.actions.history import look_back
from foretrack.domains.foresight.actions.reading_view import read_view
from foretrack.domains.foresight.actions.results import Scan, iter_items
from foretrack.domains.foresight.actions.user_lists import read_user_lists
from foretrack.domains.foresight.answers import ConceptItem
from foretrack.domains.foresight.backtest.labels import HORIZON_YEARS
from foretrack.domains.foresight.history.years import Year
from foretrack.domains.foresight.links.answers import LinkBridge, LinkConcept, LinkItem, LinkList
from foretrack.domains.foresight.links.cases import LinkCase, case_of, graph_of
from foretrack.domains.foresight.links.listing import bridges, distance, rank_links
from foretrack.domains.foresight.links.model import LEARNT_ORIGINS, METHOD, LinkModel
from foretrack.domains.foresight.links.pairs import RECENT_YEARS, LinkGraph
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.foundation.progress import Progress, silent

SEED = 20
MOST_SHOWN = 1_000
"""Pairs that are listed when no limit is given."""
_BRIDGES = 3


@dataclass(frozen=True)
class LearntLinks:
    """What was learnt of pairs as of a scan's year: it answers for every concept and track without learning again."""

    scan: Scan
    snapshot: str
    model: LinkModel
    graph: LinkGraph
    now: Year
    items: Mapping[str, ConceptItem]

    def answer(
        self, *, concept: str | None = None, track: str | None = None, limit: int | None = None
    ) -> LinkList:
        """The open pairs, the most probable first; arguments and errors as `links`."""
        chosen = _chosen(self.graph, self.scan, self.items, concept, track)
        ranked = rank_links(self.graph, self.model, of=chosen)
        shown = min(len(ranked.pairs), MOST_SHOWN if limit is None else limit)
        told = _Teller(self.graph, self.now, self.items)
        return LinkList(
            as_of=self.scan.as_of, method=METHOD, snapshot=self.snapshot, concept=concept, track=track,
            horizon=HORIZON_YEARS, learnt_from=self.model.learnt_from, n_concepts=len(self.graph),
            n_open=ranked.n_open, n_scored=ranked.n_scored,
            items=tuple(
                told.item(
                    number + 1, int(ranked.pairs[number, 0]), int(ranked.pairs[number, 1]),
                    float(ranked.probability[number]), float(ranked.established[number]),
                )
                for number in range(shown)
            ),
        )  # fmt: skip


def learn_links(
    workspace: Workspace, scan: Scan, *, threads: int | None = None, progress: Progress = silent
) -> LearntLinks:
    """Learns from earlier years which pairs meet; EvidenceError when there is nothing to learn from."""
    items = {item.concept: item for item in iter_items(scan)}
    corpus = Corpus(workspace.corpus_dir)
    view = corpus.as_of(scan.as_of)
    n_threads = threads or min(4, os.cpu_count() or 1)
    record = read_view(view, threads=n_threads, progress=progress).record()
    user = read_user_lists(workspace)
    years = look_back(workspace, record, last=scan.as_of, user=user, threads=n_threads, progress=progress)
    cases, now = _learn_from(years, scan.as_of)
    if now is None:
        raise EvidenceError(
            f"not enough evidence for links as of {scan.as_of}: needs four years and 300 documents in the last three",
            expected="more documents of that year and before",
            do="ingest more documents, or ask a later --as-of",
        )
    model = LinkModel(SEED).fit(cases, scan.as_of)
    progress("ranking pairs", 0, None)
    return LearntLinks(scan, corpus.snapshot(), model, graph_of(now), now, items)


def links(
    workspace: Workspace,
    scan: Scan,
    *,
    concept: str | None = None,
    track: str | None = None,
    limit: int | None = None,
    threads: int | None = None,
    progress: Progress = silent,
) -> LinkList:
    """The open pairs as of a scan's year, the most probable first.

    Args:
        scan: says the year, the spellings and the tracks; the pairs come from all documents of that year or before.
        concept: only pairs of this concept, an identifier or any spelling.
        track: only pairs of which one concept lies on this track or direction, with probability 0.3 at least.
        limit: at most so many; None for the first 1,000.

    InputError when there is no such concept or track; EvidenceError when there is nothing to learn from.
    """
    learnt = learn_links(workspace, scan, threads=threads, progress=progress)
    return learnt.answer(concept=concept, track=track, limit=limit)


def _learn_from(years: Iterable[Year], as_of: int) -> tuple[list[LinkCase], Year | None]:
    """Cases of the newest years whose three years are over, and the year itself."""
    matured: list[Year] = []
    now: Year | None = None
    for year in years:
        if year.year == as_of:
            now = year
        if year.year + HORIZON_YEARS <= as_of:
            matured = [*matured, year][-LEARNT_ORIGINS:]
    cases = [case for year in matured if (case := case_of(year, seed=SEED)) is not None]
    return cases, now


def _chosen(
    graph: LinkGraph, scan: Scan, items: Mapping[str, ConceptItem], concept: str | None, track: str | None
) -> list[int] | None:
    """Vertices of which a pair must hold one; None for all pairs."""
    if concept is None and track is None:
        return None
    place = {identifier: vertex for vertex, identifier in enumerate(graph.ids)}
    if concept is not None:
        identifier = str(scan.concepts["concept"][scan.row_of(concept)])
        if identifier not in place:
            raise EvidenceError(
                f"not enough evidence for links of {concept!r} as of {scan.as_of}",
                expected="a concept with five documents in the last three years",
                do="choose a concept that `foretrack emerging` ranks",
            )
        return [place[identifier]]
    wanted = str(track).rsplit("/", 1)[-1]
    on_track = {
        item.concept
        for item in items.values()
        if sum(label.p for label in item.tracks if wanted in (label.track, label.direction))
        >= MIN_TRACK_PROBABILITY
    }
    found = [place[identifier] for identifier in sorted(on_track) if identifier in place]
    if not found:
        seen = sorted(
            {
                name
                for item in items.values()
                for label in item.tracks
                for name in (label.track, label.direction)
            }
        )
        raise InputError(
            f"no concept of this scan is labelled with track {track!r}",
            expected="a track or direction such as " + ", ".join(seen[:8]) if seen else "a labelled scan",
            do="see `foretrack tracks` for the identifiers",
        )
    return found


class _Teller:
    """Puts numbers of vertices into words and figures."""

    def __init__(self, graph: LinkGraph, year: Year, items: Mapping[str, ConceptItem]) -> None:
        self.graph = graph
        self.labels = [year.concepts.labels[v] for v in graph.vertices.tolist()]
        self.items = items

    def item(self, rank: int, one: int, other: int, p: float, established: float) -> LinkItem:
        near, far = (self.graph.together[[v]].indices for v in (one, other))
        return LinkItem(
            rank=rank, first=self.concept(one), second=self.concept(other), p=p,
            p_established=established if np.isfinite(established) else None,
            common_neighbours=len(np.intersect1d(near, far)),
            distance=distance(self.graph, one, other),
            bridges=tuple(
                LinkBridge(self.graph.ids[b.vertex], self.labels[b.vertex], b.with_one, b.with_other, b.share)
                for b in bridges(self.graph, one, other, limit=_BRIDGES)
            ),
        )  # fmt: skip

    def concept(self, vertex: int) -> LinkConcept:
        counts, totals = self.graph.counts[vertex], self.graph.totals
        recent, before = int(counts[-RECENT_YEARS:].sum()), int(counts[:-RECENT_YEARS].sum())
        n_recent, n_before = int(totals[-RECENT_YEARS:].sum()), int(totals[:-RECENT_YEARS].sum())
        growth = None
        if before and n_before:
            growth = float(((recent / n_recent) / (before / n_before)) ** (1 / RECENT_YEARS) - 1)
        known = self.items.get(self.graph.ids[vertex])
        return LinkConcept(
            self.graph.ids[vertex], self.labels[vertex], known.label_en if known else None,
            known.label_zh if known else None, recent, growth,
        )  # fmt: skip
