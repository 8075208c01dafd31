"""Each measure keeps its scale, follows its formula and knows nothing of the future."""

from __future__ import annotations

import itertools
import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from foretrack.domains.foresight.measures import attributes
from foretrack.domains.foresight.measures.burst import find_bursts
from foretrack.domains.foresight.measures.escore import e_score
from foretrack.domains.foresight.measures.growth import benjamini_hochberg, estimate_growth
from foretrack.domains.foresight.measures.neighbours import find_neighbours
from foretrack.domains.foresight.measures.panel import Panel, build_panel
from foretrack.domains.foresight.ranking.outlook import look_out
from foretrack.domains.foresight.ranking.states import decide_states

Int = npt.NDArray[np.int64]

YEARS = 12
many = arrays(np.int64, (4, YEARS), elements=st.integers(0, 40))
sizes = arrays(np.int64, (YEARS,), elements=st.integers(41, 400))


def panel_of(*strata: tuple[Int, Int]) -> Panel:
    names = tuple((f"s{n}", "paper") for n in range(len(strata)))
    counts = np.stack([c for c, _ in strata]).astype(np.int32)
    return Panel(2009, names, counts, np.stack([t for _, t in strata]).astype(np.int64))


@settings(max_examples=60, deadline=None)
@given(many, sizes)
def test_all_measures_keep_their_scales(counts: Int, totals: Int) -> None:
    panel = panel_of((counts, totals))
    shares = panel.shares()
    assert ((shares >= 0) & (shares <= 1)).all()
    growth = estimate_growth(panel)
    assert np.isfinite(growth.rate).all()
    assert ((growth.sd > 0) & (growth.sd <= 0.2 + 1e-12)).all()
    assert ((growth.p_value >= 0) & (growth.p_value <= 1)).all()
    new = attributes.novelty(counts, shares)
    assert ((new >= 0) & (new <= 1)).all()
    outlook = look_out(counts, totals, shares, growth)
    assert ((outlook.score >= 0) & (outlook.score <= 1)).all()
    assert np.allclose(outlook.z, outlook.standing + outlook.momentum - outlook.hurdle)
    assert (find_bursts(counts, totals).open_weight >= 0).all()


@settings(max_examples=40, deadline=None)
@given(many, sizes, st.permutations(range(4)))
def test_the_order_of_concepts_does_not_matter(counts: Int, totals: Int, order: list[int]) -> None:
    def measured(c: Int) -> list[npt.NDArray[np.float64]]:
        panel = panel_of((c, totals))
        growth = estimate_growth(panel)
        outlook = look_out(c, totals, panel.shares(), growth)
        return [
            growth.rate,
            growth.sd,
            growth.p_value,
            outlook.z,
            attributes.novelty(c, panel.shares()),
            find_bursts(c, totals).open_weight,
            e_score(c, totals),
        ]

    for one, other in zip(measured(counts), measured(counts[order]), strict=True):
        assert np.allclose(one[order], other, atol=1e-6, equal_nan=True)


@settings(max_examples=40, deadline=None)
@given(many, sizes, st.integers(2, 9))
def test_growth_does_not_depend_on_the_size_of_the_corpus(counts: Int, totals: Int, factor: int) -> None:
    one = estimate_growth(panel_of((counts, totals)))
    two = estimate_growth(panel_of((counts, totals * factor)))
    assert np.allclose(one.rate, two.rate, atol=1e-6)
    assert np.allclose(
        panel_of((counts, totals)).shares(), panel_of((counts, totals * factor)).shares() * factor
    )


def test_a_share_that_doubles_is_found_to_double_and_few_documents_are_shrunk() -> None:
    series = 2.0 ** np.arange(6)
    totals = np.full(6, 10_000_000)
    counts = np.stack([series * 1000, series * 4, np.array([0, 0, 0, 0, 1, 2])]).astype(np.int64)
    growth = estimate_growth(panel_of((counts, totals)), prior_sd=0.2)
    rates = growth.per_year()
    assert 0.85 < rates[0] < 1.01
    assert rates[0] > rates[1] > rates[2] > 0
    assert growth.sd[0] < growth.sd[1] < growth.sd[2]


@settings(max_examples=30, deadline=None)
@given(many, sizes)
def test_growth_is_the_maximum_of_the_penalised_likelihood(counts: Int, totals: Int) -> None:
    growth = estimate_growth(panel_of((counts, totals)))
    time = np.arange(6) - 2.5
    for row, rate in zip(counts[:, -6:], growth.rate, strict=True):
        n = row.sum()
        dispersion = math.sqrt(1 + n / 50)

        def height(r: float, row: Int = row, dispersion: float = dispersion) -> float:
            weight = totals[-6:] * np.exp(r * time)
            return float((row * np.log(weight / weight.sum())).sum() / dispersion - r**2 / 2 / 0.2**2)

        assert height(float(rate)) >= max(height(float(rate) + d) for d in (-0.02, 0.02)) - 1e-9


def steady(share: float, totals: Int) -> Int:
    return np.round(share * totals).astype(np.int64)[None]


def test_a_source_that_starts_stops_or_skips_does_not_look_like_growth() -> None:
    old = np.full(YEARS, 1000, np.int64)
    new = np.where(np.arange(YEARS) >= 9, 1000, 0)
    stopped = np.where(np.arange(YEARS) < 8, 1000, 0)
    skipping = np.where(np.arange(YEARS) % 2 == 0, 1000, 0)
    for other in (new, stopped, skipping):
        for share in (0.01, 0.2):  # rarer or commoner in the other source than in the old one
            panel = panel_of((steady(0.05, old), old), (steady(share, other), other))
            growth = estimate_growth(panel)
            assert abs(growth.rate[0]) < 1e-6
            assert growth.p_value[0] > 0.4
            # What a reader who pools all documents would see instead.
            pooled = panel_of((panel.pooled(), panel.totals.sum(axis=0)))
            naive = estimate_growth(pooled)
            assert abs(naive.rate[0]) > 1e-3


def test_the_share_of_a_concept_equally_common_everywhere_is_steady_through_a_break() -> None:
    old = np.full(YEARS, 1000, np.int64)
    new = np.where(np.arange(YEARS) >= 9, 3000, 0)
    shares = panel_of((steady(0.05, old), old), (steady(0.05, new), new)).shares()
    assert np.allclose(shares, 0.05)


def test_a_year_without_documents_is_missing() -> None:
    totals = np.full(YEARS, 100, np.int64)
    totals[7] = 0
    counts = np.where(totals > 0, 5, 0)[None]
    panel = panel_of((counts, totals))
    shares = panel.shares()
    assert np.isnan(shares[0, 7])
    assert np.isfinite(np.delete(shares[0], 7)).all()
    assert abs(estimate_growth(panel).rate[0]) < 1e-9
    assert np.isfinite(look_out(counts, totals, shares, estimate_growth(panel)).z).all()


def test_the_panel_counts_documents_by_stratum_and_year() -> None:
    rng = np.random.default_rng(0)
    n = 300
    years = rng.integers(1960, 2021, n)
    strata = rng.integers(0, 3, n)
    pairs = np.unique(rng.integers(0, [n, 5], (900, 2)), axis=0)
    order = np.lexsort((pairs[:, 0], pairs[:, 1]))
    documents, concepts = pairs[order, 0].astype(np.int32), pairs[order, 1].astype(np.int32)
    names = [(f"s{k}", "paper") for k in range(3)]
    panel = build_panel(
        documents,
        concepts,
        n_concepts=5,
        years=years,
        stratum_of=strata,
        strata=names,
        as_of=2020,
        max_years=30,
    )
    assert (panel.first_year, panel.as_of) == (1991, 2020)
    for stratum, concept, year in itertools.product(range(3), range(5), (1991, 2005, 2020)):
        there = (strata[documents] == stratum) & (concepts == concept) & (years[documents] == year)
        assert panel.counts[stratum, concept, year - 1991] == there.sum()
        assert panel.totals[stratum, year - 1991] == ((strata == stratum) & (years == year)).sum()


def burst_slowly(counts: Int, totals: Int) -> tuple[float, float]:
    """(open weight, best weight) by trying every sequence of states of a short series."""
    n = len(counts)
    base = min(max(counts.sum() / max(totals.sum(), 1), 1e-9), 0.5)
    rates = (base, min(2 * base, 0.9999))
    cost = [
        [-(r * math.log(p) + (d - r) * math.log1p(-p)) for p in rates]
        for r, d in zip(counts, totals, strict=True)
    ]
    best: tuple[float, tuple[int, ...]] | None = None
    for states in itertools.product((0, 1), repeat=n):
        up = sum(b > a for a, b in itertools.pairwise((0, *states)))
        total = sum(cost[t][s] for t, s in enumerate(states)) + up * math.log(max(n, 2))
        if best is None or total < best[0] - 1e-9:
            best = (total, states)
    assert best is not None
    weight = heaviest = 0.0
    for t, state in enumerate(best[1]):
        weight = weight + cost[t][0] - cost[t][1] if state else 0.0
        heaviest = max(heaviest, weight)
    return weight, heaviest


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.int64, (7,), elements=st.integers(0, 30)), arrays(np.int64, (7,), elements=st.integers(60, 200))
)
def test_bursts_are_those_of_the_cheapest_path(counts: Int, totals: Int) -> None:
    found = find_bursts(counts[None], totals)
    weight, heaviest = burst_slowly(counts, totals)
    assert found.open_weight[0] == pytest.approx(max(weight, 0), abs=1e-6)
    assert found.best_weight[0] == pytest.approx(heaviest, abs=1e-6)
    assert (found.open_since[0] >= 0) == (found.open_weight[0] > 0) or weight <= 0


def e_score_slowly(c: list[int], t: list[int]) -> float:
    base, active, size = c[:3], c[3:], [math.sqrt(x) for x in t[3:]]
    if (
        sum(c) < 7
        or sum(x > 0 for x in c) < 3
        or sum(active) < 2 * sum(base)
        or sum(base) >= 0.15 * sum(t[:3])
    ):
        return math.nan
    trend = sum(active[4:]) / sum(size[4:]) - sum(active[:3]) / sum(size[:3])
    recent = 10 * (sum(active[5:]) / sum(size[5:]) - sum(active[3:5]) / sum(size[3:5]))
    slope = 10 * (active[6] / size[6] - active[3] / size[3]) / 3
    return 2 * trend + recent + slope


@settings(max_examples=80, deadline=None)
@given(
    arrays(np.int64, (10,), elements=st.integers(0, 30)),
    arrays(np.int64, (10,), elements=st.integers(31, 300)),
)
def test_the_e_score_follows_its_formula(counts: Int, totals: Int) -> None:
    found = float(e_score(counts[None], totals)[0])
    assert found == pytest.approx(e_score_slowly(counts.tolist(), totals.tolist()), nan_ok=True)


def test_the_e_score_needs_ten_years_with_documents() -> None:
    counts = np.full((1, 9), 9)
    assert np.isnan(e_score(counts, np.full(9, 100))).all()
    totals = np.full(12, 100)
    totals[5] = 0
    assert np.isnan(e_score(np.full((1, 12), 9), totals)).all()


@settings(max_examples=80)
@given(st.lists(st.floats(0, 1), max_size=25))
def test_adjusted_values_are_those_of_benjamini_and_hochberg(values: list[float]) -> None:
    adjusted = benjamini_hochberg(np.array(values))
    n = len(values)
    for p, q in zip(values, adjusted, strict=True):
        # The smallest, over all thresholds at or above p, of the expected share of false discoveries.
        expected = min(min(1.0, t * n / sum(v <= t for v in values)) for t in values if t >= p)
        assert q == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_chance_alone_is_hardly_ever_called_growth() -> None:
    rng = np.random.default_rng(3)
    totals = np.full(YEARS, 2000)
    counts = rng.poisson(rng.uniform(2, 60, 2000)[:, None], (2000, YEARS))
    growth = estimate_growth(panel_of((counts, totals)))
    assert (growth.p_value < 0.05).mean() < 0.06
    assert (benjamini_hochberg(growth.p_value) <= 0.10).sum() <= 2


def test_states_need_evidence_significance_and_novelty() -> None:
    def state(**changed: float) -> str:
        told = {
            "recent": 30,
            "total": 50,
            "rate": 0.4,
            "sd": 0.05,
            "q_value": 0.001,
            "novelty": 0.8,
        } | changed
        enough = bool(told.pop("enough_years", True))
        columns = {
            k: np.array([v], dtype=np.int64 if k in ("recent", "total") else float) for k, v in told.items()
        }
        return decide_states(**columns, enough_years=enough)[0]

    assert state() == "emerging"
    assert state(novelty=0.34) == "growing"
    assert state(q_value=0.11) == "steady"
    assert state(rate=-0.2, q_value=1.0) == "declining"
    assert state(rate=-0.05, q_value=1.0) == "steady"
    assert state(recent=4) == "not enough evidence"
    assert state(enough_years=False) == "not enough evidence"


def test_neighbours_are_the_pairs_that_meet_more_than_chance() -> None:
    # Concepts 0, 1 and 2 in the same ten documents of a hundred, 3 in every document, 4 with 0 only twice.
    carried = {0: range(10), 1: range(10), 2: range(10), 3: range(100), 4: (0, 1, 50, 51, 52)}
    pairs = [(d, c) for c, documents in carried.items() for d in documents]
    documents, concepts = (np.array(x, dtype=np.int32) for x in zip(*pairs, strict=True))
    found = find_neighbours(documents, concepts, n_documents=100, n_counted=100, n_concepts=5)
    table = found.ppmi.toarray()
    assert table[0, 1] == pytest.approx(math.log(10 * 100 / (10 * 10)))
    assert np.allclose(table, table.T)
    assert table[0, 3] == 0  # together exactly as often as by chance
    assert table[0, 4] == 0  # two documents are too few
    assert found.together.toarray()[1, 2] == 10
    assert np.isnan(found.coherence[4])


def test_a_clique_is_fully_coherent_and_a_star_is_not() -> None:
    clique = [(d, c) for d in range(5) for c in range(4)]
    star = [(10 + 5 * k + d, c) for k in range(3) for d in range(5) for c in (4, 5 + k)]
    documents, concepts = (np.array(x, dtype=np.int32) for x in zip(*(clique + star), strict=True))
    found = find_neighbours(documents, concepts, n_documents=200, n_counted=200, n_concepts=8)
    assert found.coherence[:4].tolist() == [1.0] * 4
    assert found.coherence[4] == 0.0


@settings(max_examples=60)
@given(st.lists(st.floats(-1e6, 1e6) | st.just(math.nan), max_size=20))
def test_percentiles_are_between_0_and_1_and_keep_the_order(values: list[float]) -> None:
    found = attributes.percentile(np.array(values, dtype=float))
    for a, b in itertools.combinations(range(len(values)), 2):
        if values[a] < values[b]:
            assert 0 < found[a] < found[b] < 1
    assert [math.isnan(v) for v in values] == np.isnan(found).tolist()


def test_no_concepts_are_no_error() -> None:
    empty = np.empty((0, YEARS), np.int64)
    panel = panel_of((empty, np.full(YEARS, 9)))
    growth = estimate_growth(panel)
    assert look_out(empty, panel.totals[0], panel.shares(), growth).score.shape == (0,)
    assert benjamini_hochberg(growth.p_value).shape == (0,)
