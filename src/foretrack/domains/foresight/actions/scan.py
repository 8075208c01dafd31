"""`scan`: reads the corpus as of a year and writes what it finds as an immutable result."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from foretrack import __version__
from foretrack.corpus.atomic import Checkpoint, no_checkpoint
from foretrack.corpus.results import ResultStore
from foretrack.corpus.store import Corpus
from foretrack.corpus.views import AsOfView, Filters
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.asked_year import year_on_record
from foretrack.domains.foresight.actions.counting import LEARN_FROM, count_view
from foretrack.domains.foresight.actions.foreseeing import Foreseen, columns, foresee, read_past, this_year
from foretrack.domains.foresight.actions.narrowing import NarrowView, narrow
from foretrack.domains.foresight.actions.reading_view import Readings, read_view
from foretrack.domains.foresight.actions.results import Scan, open_scan
from foretrack.domains.foresight.actions.user_lists import read_user_lists
from foretrack.domains.foresight.answers import State
from foretrack.domains.foresight.concepts.mining import Concepts, Hints, mine_tokens
from foretrack.domains.foresight.forecasting.model import METHOD as FORECAST_METHOD
from foretrack.domains.foresight.history.origins import Origin
from foretrack.domains.foresight.history.years import Year
from foretrack.domains.foresight.measures.panel import RECENT_YEARS, Panel, build_panel
from foretrack.domains.foresight.measuring import (
    Context,
    Measured,
    growing_share,
    growth_bounds,
    is_shifting,
    measure,
    ordered_by,
)
from foretrack.domains.foresight.ranking.outlook import METHOD
from foretrack.domains.foresight.ranking.states import MIN_YEARS_WITH_DOCUMENTS
from foretrack.domains.foresight.technologies.describing import describe, described_tables
from foretrack.domains.foresight.technologies.evolving import technology_panel
from foretrack.foundation.clock import Clock, system_clock, timestamp
from foretrack.foundation.errors import EvidenceError
from foretrack.foundation.progress import Progress, silent
from foretrack.packs.loading import choose_pack, load_packs

SCHEMA = 2
"""Version of the result tables; raised when a column changes its meaning."""
EVIDENCE_PER_CONCEPT = 10
_TITLES_PER_CONCEPT = 3


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """What to scan."""

    as_of: int | None = None
    """None means the newest year that has at least half the documents of the year before it."""
    filters: Filters = field(default_factory=Filters)
    packs: tuple[str, ...] = ("cn-future-industries-2024",)
    """Taxonomies whose tracks concepts are labelled with; empty labels nothing."""
    tracks: tuple[str, ...] = ()
    """Only documents that lie on one of these tracks or directions of a pack."""
    threads: int | None = None
    """None means the machine's processors, four at most. The result does not depend on it."""
    history: bool = True
    """Look back at earlier years: technologies with their identities, and forecasts, by which concepts are ordered then.
    Without it the order is that of `outlook-1`, and a large corpus takes a fraction of the time."""
    engine: str | None = None
    """Spark Connect server that counts the documents (`sc://host:port`); None counts here. The result does not depend
    on it."""
    again: bool = False
    """Compute even if the same scan is stored; it must come out the same, byte by byte."""


def scan(
    workspace: Workspace,
    request: ScanRequest | None = None,
    *,
    progress: Progress = silent,
    clock: Clock = system_clock,
    checkpoint: Checkpoint = no_checkpoint,
) -> Scan:
    """Scans the corpus and stores the result; returns the stored one if the same question was asked before.

    EvidenceError when there is nothing to scan; OutsideError when the engine asked for does not answer.
    """
    request = request or ScanRequest()
    corpus = Corpus(workspace.corpus_dir, request.engine)
    whole = corpus.as_of(_year(corpus, request), request.filters)
    view: AsOfView | NarrowView = whole
    hints = read_user_lists(workspace)
    question = _question(workspace, view, request, hints)
    digest = hashlib.blake2b(json.dumps(question, sort_keys=True).encode(), digest_size=5).hexdigest()
    name = f"{view.as_of}-{question['method']}-{digest}"
    store = ResultStore(workspace.results_dir)
    if name in store.list() and not request.again:
        return open_scan(workspace, name)
    started = clock()
    if view.n_documents == 0:
        raise _nothing_to_scan(corpus, view.as_of, request.filters)
    if request.tracks:
        view = narrow(workspace, whole, request.tracks, progress)
    if view.n_documents == 0:
        raise EvidenceError(
            f"no document of {view.as_of} or before passes the filters"
            + (f" and lies on {' or '.join(request.tracks)}" if request.tracks else ""),
            expected="a corpus with documents",
            do="run `foretrack ingest FILES`, or look at `foretrack corpus` and loosen --as-of or the filters",
        )
    threads = request.threads or min(4, os.cpu_count() or 1)
    checkpoint("read")
    readings = read_view(view, threads=threads, progress=progress, learn=LEARN_FROM)
    # Documents come in the order of their ids, which are hashes: the first ones are a random sample.
    learnt = readings.first(LEARN_FROM)
    past = None
    if request.history:
        checkpoint("look back")
        past = read_past(
            workspace, learnt.record(), view.as_of, user=hints, threads=threads, progress=progress
        )
    checkpoint("mine")
    progress("mining concepts", 0, None)
    keywords, pairs = learnt.record().keywords_until(view.as_of)
    all_hints = Hints(keywords, pairs, hints.synonyms, hints.apart, hints.unwanted)
    recent = learnt.years > view.as_of - RECENT_YEARS
    vocabulary = learnt.tokens.words
    if learnt is not readings:
        readings.take_tokens()
    mined = mine_tokens(learnt.take_tokens(), all_hints, recent=recent, threads=threads)
    known = mined.concepts
    if not known.ids:
        raise EvidenceError(
            f"not enough evidence for a list: needs a phrase that five documents share, and {view.n_documents} hold none",
            expected="at least a few dozen documents on related subjects",
            do="ingest more documents",
        )
    concepts = known
    if request.engine is not None or learnt is not readings:
        # Otherwise mining has counted already: the same mentions, as tests/foresight/counts prove.
        checkpoint("count")
        concepts = count_view(
            view, mined, vocabulary, readings.document_ids, n_learnt=len(learnt.years), progress=progress
        )
    del mined
    checkpoint("measure")
    progress("measuring", 0, None)
    panel = build_panel(
        concepts.documents, concepts.concepts, n_concepts=len(concepts.ids), years=readings.years,
        stratum_of=readings.stratum_of, strata=readings.strata, as_of=view.as_of,
    )  # fmt: skip
    context = Context(
        readings.years, readings.venue_of, readings.country_of, readings.stratum_of, readings.citations
    )
    measured = measure(concepts, panel, context)
    year = this_year(learnt.record(), view.as_of, known, past) if past is not None else None
    foreseen, technologies_foreseen, unforeseen = None, None, []
    if past is not None and year is not None:
        checkpoint("forecast")
        progress("forecasting", 0, None)
        foreseen, reason = _foresee(past.concepts, year.concepts, threads)
        technologies_foreseen, _ = _foresee(past.technology_origins, year.technology_origin, threads)
        unforeseen = [f"no_forecast: {reason}"] if reason else []
    if foreseen is not None:
        measured = ordered_by(measured, _in_order(foreseen, concepts.ids), concepts.ids)
    evidence = _Evidence.of(concepts, readings)
    checkpoint("label")
    progress("labelling tracks", 0, None)
    tracks = _label_tracks(workspace, view, request.packs, concepts, measured, evidence)
    checkpoint("write")
    progress("writing", 0, None)
    tables = _tables(concepts, measured, readings, evidence, tracks, foreseen)
    if year is not None:
        tables |= _technology_tables(year, learnt, technologies_foreseen, tracks)
    notes = [*_notes(panel, readings, measured), *unforeseen]
    if learnt is not readings:
        notes.append(f"learnt_from_sample: {len(learnt.years)} of {len(readings.years)} documents")
    manifest = {
        "schema": SCHEMA,
        **question,
        "n_documents": len(readings.document_ids),
        "first_year": int(readings.years.min()),
        "n_terms": concepts.n_terms,
        "n_concepts": len(concepts.ids),
        "states": {state: measured.states.count(state) for state in get_args(State)},
        "notes": notes,
    }
    finished = clock()
    store.write(
        name,
        tables,
        manifest,
        created={
            "created_at": timestamp(finished),
            "seconds": round((finished - started).total_seconds(), 1),
            "threads": threads,
        },
        checkpoint=checkpoint,
    )
    return open_scan(workspace, name)


def _foresee(past: Sequence[Origin], origin: Origin, threads: int) -> tuple[Foreseen | None, str]:
    """The forecast, or why there is none."""
    try:
        return foresee(past, origin, threads=threads), ""
    except EvidenceError as error:
        return None, error.what


def _in_order(foreseen: Foreseen, ids: Sequence[str]) -> npt.NDArray[np.float64]:
    """Order of all concepts; those without a forecast last."""
    place = dict(zip(foreseen.origin.ids, foreseen.forecast.order_eg3.tolist(), strict=True))
    return np.array([place.get(name, -1e9) for name in ids])


def _technology_tables(
    year: Year,
    readings: Readings,
    foreseen: Foreseen | None,
    tracks: Mapping[int, tuple[list[dict[str, Any]], float]],
) -> dict[str, pa.Table]:
    panel = technology_panel(
        year.technologies, years=readings.years, stratum_of=readings.stratum_of, strata=readings.strata
    )
    tables = described_tables(year.technologies, describe(year.technologies, panel, tracks))
    main = tables["technologies"]
    for name, values in columns(foreseen, year.technologies.ids).items():
        main = main.append_column(name, values)
    if foreseen is not None:
        main = main.set_column(main.column_names.index("rank"), "rank", _technology_ranks(main, foreseen))
    return {**tables, "technologies": main}


def _technology_ranks(technologies: pa.Table, foreseen: Foreseen) -> pa.Array[Any]:
    """Ranks of the technologies with enough evidence, by the forecast; those without one keep their order after them."""
    order = dict(zip(foreseen.origin.ids, foreseen.forecast.order_eg3.tolist(), strict=True))
    ranked = [
        (-round(order.get(row["technology"], -1e9), 9), row["rank"], number)
        for number, row in enumerate(technologies.select(["technology", "rank"]).to_pylist())
        if row["rank"] is not None
    ]
    ranks: list[int | None] = [None] * technologies.num_rows
    for rank, (_, _, number) in enumerate(sorted(ranked), start=1):
        ranks[number] = rank
    return pa.array(ranks, pa.int64())


def _nothing_to_scan(corpus: Corpus, as_of: int, filters: Filters) -> EvidenceError:
    """What was asked for beside what the corpus has."""
    rows = corpus.as_of(None).totals().to_pylist()
    if not rows:
        return EvidenceError(
            "the corpus is empty", expected="a corpus with documents", do="run `foretrack ingest FILES`"
        )
    asked = ", ".join(f"{name} {_plain(value)}" for name, value in asdict(filters).items() if value)
    years = [row["year"] for row in rows]
    sources, kinds = (", ".join(sorted({row[name] for row in rows})) for name in ("source", "kind"))
    return EvidenceError(
        f"no document of {as_of} or before" + (f" passes the filters ({asked})" if asked else ""),
        expected=f"documents of {min(years)} to {max(years)}; sources: {sources}; kinds: {kinds}",
        do="correct the filters" if asked else "correct --as-of",
    )


def _plain(value: object) -> str:
    return (
        value
        if isinstance(value, str)
        else " or ".join(map(str, value))
        if isinstance(value, tuple)
        else str(value)
    )


def _year(corpus: Corpus, request: ScanRequest) -> int | None:
    """The year asked for, else the newest one that looks complete.

    The newest year of a corpus is often still being filled; with less than half the documents of the year before
    it would be judged on a fragment.
    """
    if request.as_of is not None:
        return year_on_record(corpus, request.as_of)
    by_year: dict[int, int] = {}
    for row in corpus.as_of(None, request.filters).totals().to_pylist():
        by_year[row["year"]] = by_year.get(row["year"], 0) + row["n_documents"]
    years = sorted(by_year)
    while len(years) > 1 and years[-2] == years[-1] - 1 and by_year[years[-1]] < by_year[years[-2]] / 2:
        years.pop()
    return years[-1] if years else None


def _question(
    workspace: Workspace, view: AsOfView | NarrowView, request: ScanRequest, hints: Hints
) -> dict[str, Any]:
    """Everything that the answer depends on: two scans with the same question have the same bytes."""
    lists = json.dumps(
        [
            [list(group) for group in hints.synonyms],
            sorted(hints.unwanted),
            *([sorted(map(list, hints.apart))] if hints.apart else []),
        ],
        ensure_ascii=False,
    )
    return {
        "as_of": view.as_of,
        "snapshot": view.snapshot,
        "method": FORECAST_METHOD if request.history else METHOD,
        # Mining has no version of its own: a new release may find other terms, so it asks a new question.
        "release": __version__,
        "filters": {key: value for key, value in asdict(view.filters).items() if value},
        "tracks": sorted(request.tracks),
        "packs": _pack_digests(workspace, request),
        **({"learnt_from": LEARN_FROM} if view.n_documents > LEARN_FROM else {}),
        "user_lists": hashlib.blake2b(lists.encode(), digest_size=8).hexdigest(),
    }


def _pack_digests(workspace: Workspace, request: ScanRequest) -> dict[str, str]:
    """Hash of the files of every pack that labels or narrows: an edited pack asks a new question."""
    packs = load_packs([workspace.root / "packs"])
    used = (
        [pack for pack in packs if pack.tracks]
        if request.tracks
        else [choose_pack(packs, name, holding="tracks") for name in request.packs]
    )
    digests: dict[str, str] = {}
    for pack in used:
        whole = hashlib.blake2b(digest_size=8)
        for path in sorted(Path(pack.folder).rglob("*.yml")):
            whole.update(path.name.encode() + b"\0" + path.read_bytes())
        digests[pack.id] = whole.hexdigest()
    return digests


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Mentions of each concept, the newest document first.

    `order` sorts the mentions by concept, then year descending, then document id; concept c holds
    `order[starts[c]:starts[c + 1]]`.
    """

    order: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    documents: npt.NDArray[np.int32]

    @staticmethod
    def of(concepts: Concepts, readings: Readings) -> _Evidence:
        # Documents are already in the order of their ids, so the index stands for the id.
        order = np.lexsort((concepts.documents, -readings.years[concepts.documents], concepts.concepts))
        starts = np.concatenate(([0], np.cumsum(np.bincount(concepts.concepts, minlength=len(concepts.ids)))))
        return _Evidence(order, starts, concepts.documents[order])

    def newest(self, concept: int, count: int) -> list[int]:
        """Document numbers, newest first."""
        start, stop = int(self.starts[concept]), int(self.starts[concept + 1])
        return [int(d) for d in self.documents[start : min(stop, start + count)]]


def _label_tracks(
    workspace: Workspace,
    view: AsOfView | NarrowView,
    packs: Sequence[str],
    concepts: Concepts,
    measured: Measured,
    evidence: _Evidence,
) -> dict[int, tuple[list[dict[str, Any]], float]]:
    """Per ranked concept its probable tracks and the probability of none; labels, never used for the order."""
    if not packs:
        return {}
    from foretrack.domains.foresight.actions.track_labels import label_concepts

    ranked = np.flatnonzero(measured.rank > 0)
    wanted = {number for concept in ranked for number in evidence.newest(int(concept), _TITLES_PER_CONCEPT)}
    titles: dict[int, str] = {}
    at = 0
    for batch in view.batches(["title"], size=8192):
        column = batch.column("title")
        for number in range(at, at + batch.num_rows):
            if number in wanted:
                titles[number] = str(column[number - at])
        at += batch.num_rows
    graph = measured.neighbourhood.ppmi[ranked][:, ranked]
    contexts = [[titles[d] for d in evidence.newest(int(c), _TITLES_PER_CONCEPT)] for c in ranked]
    labels = label_concepts(
        workspace,
        packs,
        labels=[concepts.labels[c] for c in ranked],
        forms=[concepts.forms[c] for c in ranked],
        contexts=contexts,
        graph=graph,
    )
    return {int(concept): label for concept, label in zip(ranked, labels, strict=True)}


TRACKS = pa.list_(
    pa.struct(
        [("pack", pa.string()), ("direction", pa.string()), ("track", pa.string()), ("p", pa.float64())]
    )
)


def _tables(
    concepts: Concepts,
    measured: Measured,
    readings: Readings,
    evidence: _Evidence,
    tracks: Mapping[int, tuple[list[dict[str, Any]], float]],
    foreseen: Foreseen | None,
) -> dict[str, pa.Table]:
    n = len(concepts.ids)
    low, high = growth_bounds(measured.growth)
    ranked = measured.rank > 0
    forecasts = columns(foreseen, concepts.ids)

    def where_ranked(values: npt.NDArray[np.float64]) -> pa.Array[Any]:
        return pa.array(values, mask=~(ranked & np.isfinite(values)))

    def finite(values: npt.NDArray[np.float64]) -> pa.Array[Any]:
        return pa.array(values, mask=~np.isfinite(values))

    table = pa.table(
        {
            "concept": pa.array(concepts.ids, pa.string()),
            "label": pa.array(concepts.labels, pa.string()),
            "label_en": pa.array(concepts.labels_en, pa.string()),
            "label_zh": pa.array(concepts.labels_zh, pa.string()),
            "forms": pa.array(concepts.forms, pa.list_(pa.string())),
            "merged_by": pa.array([concepts.reasons.get(c, ()) for c in range(n)], pa.list_(pa.string())),
            "rank": pa.array(measured.rank, mask=~ranked),
            "score": where_ranked(measured.outlook.score) if foreseen is None else forecasts["p_eg3"],
            **forecasts,
            "standing": where_ranked(measured.outlook.standing),
            "momentum": where_ranked(measured.outlook.momentum),
            "hurdle": where_ranked(measured.outlook.hurdle),
            "spread": where_ranked(measured.outlook.spread),
            "state": pa.array(measured.states, pa.string()),
            "tracks": pa.array([tracks[c][0] if c in tracks else [] for c in range(n)], TRACKS),
            "p_no_track": pa.array([tracks[c][1] if c in tracks else None for c in range(n)], pa.float64()),
            "evidence": pa.array(
                [
                    [readings.document_ids[d] for d in evidence.newest(c, EVIDENCE_PER_CONCEPT)]
                    for c in range(n)
                ],
                pa.list_(pa.string()),
            ),
            "doubt": pa.array(measured.doubt, pa.list_(pa.string())),
            "n_documents": pa.array(measured.n_documents),
            "n_recent": pa.array(measured.n_recent),
            "first_year": pa.array(measured.first_year),
            "share_recent": pa.array(measured.share_recent),
            "novelty": pa.array(measured.novelty),
            "rate": pa.array(measured.growth.rate),
            "rate_sd": pa.array(measured.growth.sd),
            "growth": pa.array(measured.growth.per_year()),
            "growth_low": pa.array(low),
            "growth_high": pa.array(high),
            "coherence": finite(measured.neighbourhood.coherence),
            "impact": finite(measured.impact),
            "uncertainty": pa.array(measured.uncertainty),
            "burst_weight": pa.array(measured.burst_weight),
            "e_score": finite(measured.e_score),
            "p_value": pa.array(measured.growth.p_value),
            "q_value": pa.array(measured.q_value),
        }
    )
    ppmi, together = measured.neighbourhood.ppmi.tocoo(), measured.neighbourhood.together.tocoo()
    neighbours = pa.table(
        {
            "concept": pa.array(ppmi.row.astype(np.int32)),
            "neighbour": pa.array(ppmi.col.astype(np.int32)),
            "ppmi": pa.array(ppmi.data),
            "n_together": pa.array(together.data.astype(np.int32)),
        }
    )
    order = np.lexsort((neighbours["neighbour"].to_numpy(), -ppmi.data, ppmi.row))
    mentions = pa.table(
        {
            "concept": pa.array(np.repeat(np.arange(n, dtype=np.int32), np.diff(evidence.starts))),
            "document": pa.array(evidence.documents),
        }
    )
    documents = pa.table(
        {
            "document_id": pa.array(readings.document_ids, pa.string()),
            "year": pa.array(readings.years.astype(np.int16)),
            "stratum": pa.array(readings.stratum_of.astype(np.int16)),
        }
    )
    return {
        "concepts": table,
        "series": _series(measured.panel),
        "totals": _totals(measured.panel),
        "neighbours": neighbours.take(order.astype(np.int64)),
        "mentions": mentions,
        "documents": documents,
    }


def _series(panel: Panel) -> pa.Table:
    """Non-zero counts by concept, stratum and year."""
    stratum, concept, year = np.nonzero(panel.counts)
    order = np.lexsort((stratum, year, concept))
    stratum, concept, year = stratum[order], concept[order], year[order]
    return pa.table(
        {
            "concept": pa.array(concept.astype(np.int32)),
            "year": pa.array((year + panel.first_year).astype(np.int16)),
            "stratum": pa.array(stratum.astype(np.int16)),
            "n_documents": pa.array(panel.counts[stratum, concept, year]),
        }
    )


def _totals(panel: Panel) -> pa.Table:
    stratum, year = np.indices(panel.totals.shape)
    return pa.table(
        {
            "stratum": pa.array(stratum.ravel().astype(np.int16)),
            "source": pa.array([panel.strata[s][0] for s in stratum.ravel()], pa.string()),
            "kind": pa.array([panel.strata[s][1] for s in stratum.ravel()], pa.string()),
            "year": pa.array((year.ravel() + panel.first_year).astype(np.int16)),
            "n_documents": pa.array(panel.totals.ravel()),
        }
    )


def _notes(panel: Panel, readings: Readings, measured: Measured) -> list[str]:
    """What a reader of the whole list must know, as reason codes with their numbers."""
    notes: list[str] = []
    totals = panel.totals.sum(axis=0)
    if len(totals) >= 2 and totals[-1] < 0.6 * totals[-2]:
        notes.append(f"partial_last_year: {panel.as_of} has {totals[-1]} documents after {totals[-2]}")
    gaps = [panel.first_year + i for i in range(len(totals)) if totals[i] == 0]
    if gaps:
        notes.append(f"years_without_documents: {', '.join(map(str, gaps))}")
    if not np.isfinite(readings.citations).any():
        notes.append("no_citations: impact is measured by spread over venues and countries only")
    without = 1 - float(readings.has_abstract.mean())
    if without > 0.2:
        notes.append(f"few_abstracts: {without:.0%} of the documents have a title only")
    if is_shifting(measured):
        notes.append(
            f"shifting_corpus: {growing_share(measured.states):.0%} of the judged concepts grow together, so the corpus "
            "changed its subjects or sources; compare within one source or subject (--source, --query)"
        )
    years = int((totals > 0).sum())
    if MIN_YEARS_WITH_DOCUMENTS <= years < RECENT_YEARS + MIN_YEARS_WITH_DOCUMENTS + 1:
        notes.append(
            f"short_history: documents of {years} years only, so what is new in the corpus may be old elsewhere"
        )
    if set(measured.states) == {"not enough evidence"}:
        notes.append(
            "not_enough_evidence: needs concepts with five documents in three years, over four years of data"
        )
    return notes
