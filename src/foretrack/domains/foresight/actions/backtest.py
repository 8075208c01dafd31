"""`backtest`: forecasts every past year from what was known then, scores them, and stores the result."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from foretrack import __version__
from foretrack.corpus.atomic import Checkpoint, no_checkpoint
from foretrack.corpus.results import ResultStore, StoredResult
from foretrack.corpus.store import Corpus
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.auditing import audit_backtest, libraries, own_origins
from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.backtest.audit.watching import watch
from foretrack.domains.foresight.backtest.intervals import DRAWS
from foretrack.domains.foresight.backtest.judging import cases
from foretrack.domains.foresight.backtest.labels import HORIZON_YEARS, TARGETS
from foretrack.domains.foresight.backtest.rolling import Maker, Rolled, roll
from foretrack.domains.foresight.backtest.scoring import score_all
from foretrack.domains.foresight.forecasting.baselines.catalogue import BASELINES, peers
from foretrack.domains.foresight.forecasting.baselines.dynamic_topics import Mentions
from foretrack.domains.foresight.history.origins import Origin
from foretrack.domains.foresight.history.years import last_complete, years_worth
from foretrack.domains.foresight.links.cases import LinkCase, case_of
from foretrack.domains.foresight.links.scoring import score_links
from foretrack.foundation.clock import Clock, system_clock, timestamp
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.foundation.progress import Progress, silent

SCHEMA = 2
SEED = 20
LINKS_FROM = 6
"""Years before the first test origin from which pairs of concepts are learnt from."""
MOST_ORIGINS = 10
"""Test origins when none are asked for: the newest ones whose labels have matured."""


class Past(Protocol):
    """Every year worth looking back at, as it could be known then."""

    @property
    def concepts(self) -> Sequence[Origin]:
        """Origins of concepts, oldest first."""

    @property
    def technologies(self) -> Sequence[Origin]:
        """Origins of technologies, oldest first."""

    @property
    def links(self) -> Sequence[LinkCase]:
        """Pairs of concepts at the test origins and some years before, oldest first."""

    def mentions(self, origin: Origin) -> Mentions:
        """Mentions of the concepts of an origin, up to its year."""


class LookBack(Protocol):
    """Reads the corpus and looks at every year up to the last test origin with what was known then."""

    def __call__(
        self,
        workspace: Workspace,
        *,
        years: Sequence[int],
        with_mentions: bool,
        threads: int | None,
        progress: Progress,
    ) -> Past: ...


@dataclass(frozen=True, slots=True)
class BacktestRequest:
    """What to judge."""

    origins: tuple[int, int] | None = None
    """First and last test origin; None means the ten newest whose labels have matured."""
    also: tuple[str, ...] = ()
    """Slow methods of other packages: auto-ets, auto-theta, dynamic-topics."""
    threads: int | None = None
    """Processors; the result does not depend on it."""
    again: bool = False
    """Compute even if the same backtest is stored; it must come out the same, byte by byte."""
    draws: int = DRAWS


@dataclass(frozen=True)
class Backtest:
    """One stored backtest."""

    stored: StoredResult

    @property
    def name(self) -> str:
        return self.stored.name

    @property
    def answer(self) -> dict[str, Any]:
        """The documented JSON: docs/guide/json.md, `backtest`."""
        created = self.stored.created
        return {
            "backtest": self.name,
            **self.stored.manifest["answer"],
            "created_at": created.get("created_at", ""),
            "seconds": created.get("seconds", 0.0),
        }


def backtests_dir(workspace: Workspace) -> Path:
    """One immutable folder per backtest."""
    return workspace.root / "backtests"


def backtest(
    workspace: Workspace,
    request: BacktestRequest | None = None,
    *,
    look_back: LookBack | None = None,
    model: Callable[[], Maker] | None = None,
    progress: Progress = silent,
    clock: Clock = system_clock,
    checkpoint: Checkpoint = no_checkpoint,
) -> Backtest:
    """Judges the model and all baselines at past origins; the same question is answered from the store.

    Args:
        look_back, model: what is judged, for trials; else Foretrack's own history and model.

    EvidenceError when an origin cannot be judged with this corpus, and says what would be needed.
    """
    request = request or BacktestRequest()
    corpus = Corpus(workspace.corpus_dir)
    years = _test_years(corpus, request)
    make = model() if model is not None else _own_model(request.threads)
    found_peers = peers(request.also, lambda origin: past.mentions(origin))
    method = make().name
    question = {
        "schema": SCHEMA,
        "snapshot": corpus.snapshot(),
        "method": method,
        "release": __version__,
        "origins": years,
        "also": sorted(found_peers),
        "draws": request.draws,
        "seed": SEED,
    }
    digest = hashlib.blake2b(json.dumps(question, sort_keys=True).encode(), digest_size=5).hexdigest()
    name = f"{years[0]}-{years[-1]}-{method}-{digest}"
    store = ResultStore(backtests_dir(workspace))
    if name in store.list() and not request.again:
        return Backtest(store.open(name))
    started = clock()
    past = (look_back or _own_history)(
        workspace,
        years=years,
        with_mentions="dynamic_topics" in found_peers,
        threads=request.threads,
        progress=progress,
    )
    makers: dict[str, Maker] = {"model": make, **BASELINES, **found_peers}
    checkpoint("forecast")
    loaded = libraries()
    watched, log = watch(makers)
    logs = {"concept": log}
    asked = request.origins is not None
    rolled = {"concept": _roll(past.concepts, years, watched, progress, may_begin_later=not asked)}
    left_out: dict[str, dict[str, str]] = {"concept": dict(rolled["concept"].left_out)}
    # The topic model knows documents by their concepts.
    of_technologies, logs["technology"] = watch(
        {name: maker for name, maker in makers.items() if name != "dynamic_topics"}
    )
    try:
        rolled["technology"] = _roll(
            past.technologies, years, of_technologies, progress, may_begin_later=True
        )
        left_out["technology"] = dict(rolled["technology"].left_out)
    except EvidenceError as error:
        left_out["technology"] = {"all": error.what}
    checkpoint("audit")
    # Peers take many times as long as all others; what they were given is checked all the same.
    again = {"model": make, **BASELINES}
    verdict = audit_backtest(
        workspace, past, rolled, logs, lambda unit, origins: again,
        derive=own_origins(_n_threads(request.threads)) if look_back is None else None,
        loaded=libraries() - loaded, progress=progress,
    )  # fmt: skip
    checkpoint("score")
    links: dict[str, Any] = {}
    try:
        links = score_links(
            past.links,
            [origin.year for origin in rolled["concept"].origins],
            seed=SEED,
            draws=request.draws,
            progress=progress,
        )
    except EvidenceError as error:
        left_out["links"] = {"all": error.what}
    scored = score_all(rolled, seed=SEED, draws=request.draws, progress=progress)
    progress("writing", 0, None)
    answer = {
        "method": method,
        "snapshot": question["snapshot"],
        "origins": [origin.year for origin in rolled["concept"].origins],
        "learnt_from": min(origin.year for origin in past.concepts),
        "known_until": max(o.future.last_year for o in rolled["concept"].origins if o.future is not None),
        "draws": request.draws,
        "n_units": {unit: {str(o.year): len(o) for o in run.origins} for unit, run in rolled.items()},
        **to_json({f: getattr(scored, f) for f in ("targets", "quantiles", "lead", "lists")}),
        "links": links,
        "audit": to_json(verdict),
        "left_out": left_out,
    }
    finished = clock()
    stored = store.write(
        name,
        {"forecasts": _forecasts(rolled), "scores": _flat(answer)},
        {**question, "answer": answer},
        created={
            "created_at": timestamp(finished),
            "seconds": round((finished - started).total_seconds(), 1),
            "threads": request.threads,
        },
        checkpoint=checkpoint,
    )
    return Backtest(stored)


def _roll(
    past: Sequence[Origin],
    years: Sequence[int],
    makers: Mapping[str, Maker],
    progress: Progress,
    *,
    may_begin_later: bool,
) -> Rolled:
    """What every method said; the first test origins are left out while the model lacks evidence, if that is allowed."""
    for number in range(len(years)):
        try:
            return roll(past, years[number:], makers, progress=progress)
        except EvidenceError:
            if not may_begin_later or number == len(years) - 1:
                raise
    raise EvidenceError("no origin was asked for", expected="at least one", do="correct --origins")


@dataclass(frozen=True, slots=True)
class _History:
    concepts: list[Origin]
    technologies: list[Origin]
    links: list[LinkCase]
    mentions_of: dict[int, Mentions]

    def mentions(self, origin: Origin) -> Mentions:
        return self.mentions_of[origin.year]


def _own_history(
    workspace: Workspace,
    *,
    years: Sequence[int],
    with_mentions: bool,
    threads: int | None,
    progress: Progress,
) -> Past:
    from foretrack.domains.foresight.actions.history import look_back
    from foretrack.domains.foresight.actions.reading_view import read_view

    n_threads = _n_threads(threads)
    view = Corpus(workspace.corpus_dir).as_of(None)
    record = read_view(view, threads=n_threads, progress=progress).record()
    history = _History([], [], [], {})
    for year in look_back(workspace, record, last=years[-1], threads=n_threads, progress=progress):
        history.concepts.append(year.concepts)
        history.technologies.append(year.technology_origin)
        if year.year >= years[0] - LINKS_FROM and (case := case_of(year, seed=SEED)) is not None:
            history.links.append(case)
        if with_mentions:
            history.mentions_of[year.year] = year.mentions
    return history


def _own_model(threads: int | None) -> Maker:
    from foretrack.domains.foresight.forecasting.model import OutlookModel

    return partial(OutlookModel, threads=_n_threads(threads))


def _n_threads(threads: int | None) -> int:
    return threads or min(4, os.cpu_count() or 1)


def parse_origins(text: str) -> tuple[int, int]:
    """First and last year of `2010:2019`, or one year; InputError for anything else.

    >>> parse_origins("2010:2019"), parse_origins("2015")
    ((2010, 2019), (2015, 2015))
    """
    first, colon, last = text.strip().partition(":")
    parts = [first, last if colon else first]
    if not all(part.strip().isdecimal() and len(part.strip()) == 4 for part in parts):
        raise InputError(
            f"{text!r} names no origins", expected="two years as 2010:2019, or one", do="correct --origins"
        )
    years = int(parts[0]), int(parts[1])
    if years[0] > years[1]:
        raise InputError(
            f"the origins {text} end before they begin",
            expected="the earlier year first",
            do=f"write --origins {years[1]}:{years[0]}",
        )
    return years


def _test_years(corpus: Corpus, request: BacktestRequest) -> list[int]:
    """The test origins; EvidenceError with what is there when the corpus cannot judge them."""
    by_year: dict[int, int] = {}
    for row in corpus.as_of(None).totals().to_pylist():
        by_year[row["year"]] = by_year.get(row["year"], 0) + row["n_documents"]
    if not by_year:
        raise EvidenceError(
            "the corpus is empty", expected="a corpus with documents", do="run `foretrack ingest FILES`"
        )
    of_documents = np.repeat(list(by_year), list(by_year.values())).astype(np.int64)
    last = last_complete(of_documents)
    worth = [year for year in years_worth(of_documents) if year + HORIZON_YEARS <= last]
    # A method learns from one origin at least, whose three years were over before the first test origin.
    testable = [year for year in worth if year - HORIZON_YEARS >= min(worth)]
    there = f"{sum(by_year.values()):,} documents of {min(by_year)} to {last}"
    if not testable:
        raise EvidenceError(
            f"not enough evidence for a backtest: needs about ten years of 100 documents and more, there are {there}",
            expected="four years up to an origin to learn from, three until its label has matured, "
            "and three more after the origin that is judged",
            do="ingest older documents of the same sources",
        )
    if request.origins is None:
        return testable[-MOST_ORIGINS:]
    first, final = request.origins
    if first > final:
        raise InputError(
            f"the origins {first} to {final} end before they begin",
            expected="the earlier year first",
            do=f"ask for {final} to {first}",
        )
    wanted = list(range(first, final + 1))
    expected = f"origins from {testable[0]} to {testable[-1]}"
    if final + HORIZON_YEARS > last:
        raise EvidenceError(
            f"not enough evidence to judge {final}: needs documents until {final + HORIZON_YEARS}, "
            f"the last complete year is {last}",
            expected=expected,
            do="choose earlier --origins, or ingest newer documents",
        )
    missing = [year for year in wanted if year not in testable]
    if missing:
        raise EvidenceError(
            f"not enough evidence to judge {missing[0]}: needs at least 300 documents in three years, and an origin "
            f"three years before it to learn from; there are {there}",
            expected=expected,
            do="choose later --origins, or ingest older documents",
        )
    return wanted


def _forecasts(rolled: Mapping[str, Rolled]) -> pa.Table:
    """What every method said of every unit, beside what came true: one row each."""
    columns: dict[str, list[Any]] = {
        name: []
        for name in ("origin", "target", "unit", "id", "label", "truth", "method", "order", "p", "called")
    }
    for unit, run in rolled.items():
        labels = {(o.year, i): label for o in run.origins for i, label in zip(o.ids, o.labels, strict=True)}
        for target in TARGETS:
            for case in cases(run, target):
                n = len(case.units)
                for method, said in case.said.items():
                    columns["origin"] += [case.origin] * n
                    columns["target"] += [target] * n
                    columns["unit"] += [unit] * n
                    columns["id"] += case.units
                    columns["label"] += [labels[case.origin, i] for i in case.units]
                    columns["truth"] += case.truth.tolist()
                    columns["method"] += [method] * n
                    columns["order"] += [
                        value if np.isfinite(value) else None for value in said.order.tolist()
                    ]
                    columns["p"] += [None] * n if said.probability is None else said.probability.tolist()
                    columns["called"] += [None] * n if said.called is None else said.called.tolist()
    types = {
        "origin": pa.int16(),
        "truth": pa.bool_(),
        "called": pa.bool_(),
        "order": pa.float64(),
        "p": pa.float64(),
    }
    return pa.table(
        {name: pa.array(values, types.get(name, pa.string())) for name, values in columns.items()}
    )


def _flat(answer: Mapping[str, Any]) -> pa.Table:
    """Every figure of the answer as one row: its path in the JSON, value and interval."""
    rows: list[dict[str, Any]] = []

    def walk(path: str, value: Any) -> None:
        if isinstance(value, dict) and {"value", "low", "high"} <= value.keys():
            rows.append({"path": path, **{key: value[key] for key in ("value", "low", "high")}})
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(f"{path}.{key}" if path else str(key), inner)

    for part in ("targets", "quantiles", "lead", "links"):
        walk(part, answer[part])
    columns = {key: pa.array([row[key] for row in rows], pa.float64()) for key in ("value", "low", "high")}
    return pa.table({"path": pa.array([row["path"] for row in rows], pa.string()), **columns})
