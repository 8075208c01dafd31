"""How right the links were: the model beside preferential attachment and its kin, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from foretrack.domains.foresight.links.cases import LinkCase
from foretrack.domains.foresight.links.features import BASELINES, FEATURES
from foretrack.domains.foresight.links.model import METHOD, LinkModel
from foretrack.domains.foresight.links.pairs import ESTABLISHED, Float
from foretrack.foundation.errors import EvidenceError
from foretrack.foundation.progress import Progress, silent

DRAWS = 2_000
_BLOCK = 50
_BINS = 400
_CALIBRATION_BINS = 10
TARGETS: Mapping[str, int] = {"any": 1, "established": ESTABLISHED}
"""Name -> documents of the three years after the origin that carry both."""

Bool = npt.NDArray[np.bool_]


def score_links(
    cases: Sequence[LinkCase],
    origins: Sequence[int],
    *,
    seed: int,
    draws: int = DRAWS,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Forecasts every test origin from the cases that had matured by it, and scores the forecasts.

    Args:
        cases: of the test origins and of the years before them; what a test origin became must be known.
        origins: test origins.
        seed: of the model and the bootstrap.

    Returns:
        the documented JSON (docs/guide/json.md, `links`): for each target `auc`, `ap`, `ap_lift`, `base_rate`, `ece`
        of the model, the same of every baseline with `difference` (model minus baseline), and `by_origin`. The target
        `any` (one document carries both) stands at the top, `established` (three documents) below its name.

    EvidenceError when none of the origins can be learnt for.
    """
    by_year = {case.origin: case for case in cases}
    said: dict[str, list[Said]] = {target: [] for target in TARGETS}
    left_out: dict[str, str] = {}
    learnt: dict[str, list[int]] = {}
    for number, year in enumerate(origins):
        progress("judging links", number, len(origins))
        if year not in by_year:
            left_out[str(year)] = "no concepts with enough evidence"
            continue
        case = by_year[year]
        try:
            model = LinkModel(seed).fit(cases, year)
        except EvidenceError as error:
            left_out[str(year)] = error.what
            continue
        learnt[str(year)] = list(model.learnt_from)
        told = {
            "any": model.probability(case.features),
            "established": model.probability_established(case.features),
        }
        for target, least in TARGETS.items():
            truth = case.documents >= least
            if not np.isnan(told[target]).any() and truth.any() and not truth.all():
                said[target].append(Said(case, truth, told[target]))
    if not said["any"]:
        reason = next(iter(left_out.values()), "no test origin")
        raise EvidenceError(
            f"not enough evidence to judge links: {reason}",
            expected="test origins with new pairs, and matured origins before them",
            do="choose later --origins, or ingest older documents",
        )
    found: dict[str, Any] = {"method": METHOD, "learnt_from": learnt, "left_out": left_out}
    for number, (target, told_of) in enumerate(said.items()):
        scored = _scored(told_of, np.random.default_rng([seed, number]), draws) if told_of else {}
        found |= scored if target == "any" else {target: scored}
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """What the model said of the pairs of a case, and what came true. Shapes: (n_pairs,)."""

    case: LinkCase
    truth: Bool
    probability: Float


def weighted_auc(score: Float, truth: Bool, weight: Float) -> float:
    """Probability that a true pair stands above a false one, each as often as it weighs; ties count half.

    >>> import numpy as np
    >>> weighted_auc(np.array([3.0, 2.0, 1.0]), np.array([True, False, False]), np.array([1.0, 5.0, 1.0]))
    1.0
    >>> weighted_auc(np.array([3.0, 3.0, 4.0]), np.array([True, False, False]), np.array([1.0, 3.0, 1.0]))   # 1.5 of 4
    0.375
    """
    true, false = _sums(score, truth, weight)
    above = np.cumsum(false) - false / 2
    return float(1 - (true * above).sum() / (true.sum() * false.sum()))


def weighted_average_precision(score: Float, truth: Bool, weight: Float) -> float:
    """Mean precision at the true pairs, going down the list, each pair as often as it weighs.

    >>> import numpy as np
    >>> weighted_average_precision(np.array([3.0, 2.0, 1.0]), np.array([True, False, True]), np.array([1.0, 2.0, 1.0]))
    0.75
    """
    true, false = _sums(score, truth, weight)
    hits = np.cumsum(true)
    return float((true * hits / np.maximum(hits + np.cumsum(false), 1e-300)).sum() / true.sum())


def calibration_error(probability: Float, truth: Bool, weight: Float) -> float:
    """Expected calibration error: mean distance of said and true shares over ten bins of equally many pairs.

    >>> import numpy as np
    >>> calibration_error(np.array([.25, .75]), np.array([False, True]), np.array([1.0, 1.0]))
    0.25
    """
    order = np.argsort(probability, kind="stable")
    running = np.cumsum(weight[order])
    bins = np.minimum(
        (running - weight[order] / 2) / running[-1] * _CALIBRATION_BINS, _CALIBRATION_BINS - 1
    ).astype(int)
    gap = np.bincount(
        bins, weights=weight[order] * (probability[order] - truth[order]), minlength=_CALIBRATION_BINS
    )
    return float(np.abs(gap).sum() / running[-1])


def _sums(score: Float, truth: Bool, weight: Float) -> tuple[Float, Float]:
    """Weights of true and false pairs at each different score, the highest first."""
    order = np.argsort(-score, kind="stable")
    starts = np.flatnonzero(np.append(True, np.diff(score[order]) != 0))
    true = np.add.reduceat(np.where(truth[order], weight[order], 0.0), starts)
    false = np.add.reduceat(np.where(truth[order], 0.0, weight[order]), starts)
    return true, false


def _scored(said: Sequence[Said], rng: np.random.Generator, draws: int) -> dict[str, Any]:
    methods = ("model", *BASELINES)
    plain: dict[str, dict[str, list[float]]] = {m: {"auc": [], "ap": [], "ap_lift": []} for m in methods}
    rates, errors = [], []
    by_origin: dict[str, Any] = {}
    for one in said:
        weight = one.case.stands_for
        rate = float(weight[one.truth].sum() / weight.sum())
        rates.append(rate)
        errors.append(calibration_error(one.probability, one.truth, weight))
        row: dict[str, Any] = {"base_rate": rate, "n_concepts": len(one.case.ids), "n_open": one.case.n_open}
        for method in methods:
            score = _score_of(one, method)
            figures = {
                "auc": weighted_auc(score, one.truth, weight),
                "ap": weighted_average_precision(score, one.truth, weight),
            }
            for name, figure in (*figures.items(), ("ap_lift", figures["ap"] / rate)):
                plain[method][name].append(figure)
            row[method] = figures
        row["model"]["ece"] = errors[-1]
        by_origin[str(one.case.origin)] = row
    drawn = _bootstrap(said, methods, rng, draws)
    found: dict[str, Any] = {
        "base_rate": _estimate(float(np.mean(rates)), drawn["base_rate"]["rate"]),
        "ece": float(np.mean(errors)),
    }
    for method in methods:
        values: dict[str, Any] = {
            k: _estimate(float(np.mean(v)), drawn[method][k]) for k, v in plain[method].items()
        }
        if method == "model":
            found |= values
            continue
        values["difference"] = {
            k: _estimate(float(np.mean(plain["model"][k]) - np.mean(v)), drawn["model"][k] - drawn[method][k])
            for k, v in plain[method].items()
        }
        found[method] = values
    found["difference"] = found["preferential_attachment"]["difference"]["auc"]
    found["by_origin"] = by_origin
    return found


def _score_of(one: Said, method: str) -> Float:
    if method == "model":
        return one.probability
    return one.case.features[:, FEATURES.index(method)].astype(np.float64)


def _estimate(value: float, drawn: Float) -> dict[str, float]:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return {"value": value, "low": float(low), "high": float(high)}


def _bootstrap(
    said: Sequence[Said], methods: Sequence[str], rng: np.random.Generator, draws: int
) -> dict[str, dict[str, Float]]:
    """Figures of every draw, mean over the origins: method -> figure -> (draws,).

    Concepts are drawn, not pairs, since pairs of one concept come true together: a pair counts as often as both
    its concepts were drawn, the product of their counts (vertex bootstrap, Snijders & Borgatti 1999, Connections 22).
    A concept is drawn alike at all origins and for all methods. Scores are cut into 400 bins, ties together.
    """
    names = {concept: i for i, concept in enumerate(sorted({i for one in said for i in one.case.ids}))}
    places = [np.array([names[i] for i in one.case.ids], dtype=np.int64)[one.case.pairs] for one in said]
    prepared = [[_Binned.of(_score_of(one, method), one) for method in methods] for one in said]
    total: dict[str, dict[str, Float]] = {
        m: {k: np.zeros(draws) for k in ("auc", "ap", "ap_lift")} for m in methods
    }
    rates = np.zeros(draws)
    for start in range(0, draws, _BLOCK):
        stop = min(start + _BLOCK, draws)
        often = rng.poisson(1.0, (len(names), stop - start)).astype(np.float32)
        for place, binned in zip(places, prepared, strict=True):
            weight = often[place[:, 0]] * often[place[:, 1]]
            for method, ready in zip(methods, binned, strict=True):
                auc, ap, rate = ready.figures(weight)
                for name, figure in (("auc", auc), ("ap", ap), ("ap_lift", ap / rate)):
                    total[method][name][start:stop] += figure / len(said)
            rates[start:stop] += rate / len(said)
    return {**total, "base_rate": {"rate": rates}}


@dataclass(frozen=True, slots=True)
class _Binned:
    """Sums the weights of true and false pairs in bins of a method's score, the highest first."""

    sums: sparse.csr_array
    """(2 n_bins, n_pairs): true pairs above, false ones below, each with what it stands for."""

    @staticmethod
    def of(score: Float, one: Said) -> _Binned:
        edges = np.unique(np.quantile(score, np.linspace(0, 1, _BINS + 1)[1:-1]))
        bins = len(edges) - np.searchsorted(edges, score, side="right")
        n_bins, n = len(edges) + 1, len(score)
        rows = np.where(one.truth, bins, bins + n_bins)
        return _Binned(
            sparse.csr_array(
                (one.case.stands_for.astype(np.float32), (rows, np.arange(n))), shape=(2 * n_bins, n)
            )
        )

    def figures(self, weight: npt.NDArray[np.float32]) -> tuple[Float, Float, Float]:
        """Area, average precision and base rate of every draw: (draws,). `weight`: (n_pairs, draws)."""
        true, false = np.split((self.sums @ weight).astype(np.float64), 2)
        n_true, n_false = np.maximum(true.sum(axis=0), 1e-300), np.maximum(false.sum(axis=0), 1e-300)
        hits, misses = np.cumsum(true, axis=0) - true / 2, np.cumsum(false, axis=0) - false / 2
        auc: Float = 1 - (true * misses).sum(axis=0) / (n_true * n_false)
        ap: Float = (true * hits / np.maximum(hits + misses, 1e-300)).sum(axis=0) / n_true
        return auc, ap, n_true / (n_true + n_false)
