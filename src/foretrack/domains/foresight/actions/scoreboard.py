"""`scoreboard`: the stored backtests side by side. It reads and never computes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from foretrack.corpus.results import ResultStore
from foretrack.corpus.store import Corpus
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.backtest import Backtest, backtests_dir
from foretrack.foundation.errors import EvidenceError

HEADLINES = ("auc", "ap_lift", "csi", "p50", "ece")
"""Metrics of the model that a line shows."""


@dataclass(frozen=True, slots=True)
class ScoreboardLine:
    """One stored backtest."""

    backtest: str
    method: str
    """Name and version of the model."""
    snapshot: str
    current: bool
    """Whether the corpus is still the one that was judged on."""
    first_origin: int
    last_origin: int
    created_at: str
    scores: dict[str, dict[str, dict[str, Any]]]
    """Target -> unit -> metric -> value, low, high of the model; `base_rate` beside them."""
    quantiles: dict[str, dict[str, Any]]
    """Unit -> `pinball_skill` and `coverage_80` of the model."""


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """All stored backtests, the newest first, and the newest one whole."""

    lines: tuple[ScoreboardLine, ...]
    newest: dict[str, Any]


def stored_backtests(workspace: Workspace) -> list[Backtest]:
    """The newest first; empty when nothing was judged yet."""
    store = ResultStore(backtests_dir(workspace))
    found = [store.open(name) for name in store.list()]
    found.sort(key=lambda stored: (str(stored.created.get("created_at", "")), stored.name), reverse=True)
    return [Backtest(stored) for stored in found]


def scoreboard(workspace: Workspace) -> Scoreboard:
    """What past forecasts were worth; EvidenceError when nothing was judged yet."""
    found = stored_backtests(workspace)
    if not found:
        raise EvidenceError(
            "no past forecast was judged yet", expected="a stored backtest", do="run `foretrack backtest`"
        )
    snapshot = Corpus(workspace.corpus_dir).snapshot()
    return Scoreboard(tuple(line_of(each.answer, snapshot) for each in found), found[0].answer)


def line_of(answer: dict[str, Any], snapshot: str) -> ScoreboardLine:
    """The headline figures of one backtest."""
    scores: dict[str, dict[str, dict[str, Any]]] = {}
    for target, units in answer["targets"].items():
        for unit, methods in units.items():
            model = methods.get("model", {})
            figures = {metric: model[metric] for metric in HEADLINES if metric in model}
            scores.setdefault(target, {})[unit] = {"base_rate": methods["base_rate"], **figures}
    quantiles = {
        unit: {
            key: methods["model"][key] for key in ("pinball_skill", "coverage_80") if key in methods["model"]
        }
        for unit, methods in answer["quantiles"].items()
        if "model" in methods
    }
    return ScoreboardLine(
        answer["backtest"], answer["method"], answer["snapshot"], answer["snapshot"] == snapshot,
        answer["origins"][0], answer["origins"][-1], answer["created_at"], scores, quantiles,
    )  # fmt: skip
