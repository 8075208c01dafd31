"""Assigns 3 of 300 invented reviewers to each of 2,000 invented submissions, beside greedy and by lot.

    python benchmarks/review/assign.py [--solvers] [--json FILE]

Everything is invented with a seed: reviewers know one to three of twenty tracks, submissions are of one, vectors lie
around their tracks, one pair of fifty is in conflict through employers. `--solvers` asks other solvers the same question
(HiGHS from scipy; networkx where it is installed).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from foretrack.review.assigning.baselines import assign_by_lot, assign_greedily
from foretrack.review.assigning.conflicts import Circle, Parties, Reach, Spell, find_conflicts
from foretrack.review.assigning.fitting import Profile, fit_matrix
from foretrack.review.assigning.solving import Float, Int, Yes, assign, price_bound

SUBMISSIONS, REVIEWERS, NEEDED, MOST, TRACKS, LENGTH = 2000, 300, 3, 25, 20, 64
ORGANISATIONS = 75


def invented(seed: int) -> tuple[list[Profile], list[Profile], list[Parties], list[Circle]]:
    """Profiles and ties. Tracks are unequally popular, among submissions otherwise than among reviewers."""
    chance = np.random.default_rng(seed)
    centres = chance.normal(size=(TRACKS, LENGTH))
    wanted, known = chance.dirichlet(np.full(TRACKS, 2.0)), chance.dirichlet(np.full(TRACKS, 2.0))

    def profile(name: str, popularity: Float, most: int) -> Profile:
        tracks = chance.choice(TRACKS, chance.integers(1, most + 1), replace=False, p=popularity)
        vector = centres[tracks].mean(axis=0) + 1.5 * chance.normal(size=LENGTH)
        words = [f"w{t}.{i}" for t in tracks for i in chance.integers(0, 40, 8)]
        return Profile(name, tuple(f"t{t}" for t in tracks), vector, tuple(words))

    submissions = [profile(f"s{i:04d}", wanted, 1) for i in range(SUBMISSIONS)]
    reviewers = [profile(f"r{i:03d}", known, 3) for i in range(REVIEWERS)]
    parties = [
        Parties(
            p.key, tuple(f"o{o}" for o in chance.integers(0, ORGANISATIONS, 1 + int(chance.integers(0, 2))))
        )
        for p in submissions
    ]
    circles = [
        Circle(p.key, organisations=tuple(Spell(f"o{o}") for o in chance.integers(0, ORGANISATIONS, 1)))
        for p in reviewers
    ]
    return submissions, reviewers, parties, circles


def timed(answer: Callable[[], Yes | float | None]) -> tuple[Yes | float | None, float, float]:
    """The answer, wall seconds, and processor seconds."""
    wall, busy = time.perf_counter(), time.process_time()
    found = answer()
    return found, time.perf_counter() - wall, time.process_time() - busy


def by_highs(fit: Float, ok: Yes, needed: Int, most: Int, method: str) -> float:
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    rows, columns = np.nonzero(ok)
    n, ones = len(rows), np.ones(len(rows))
    found = linprog(
        -fit[ok], A_eq=csr_array((ones, (rows, np.arange(n))), shape=(len(fit), n)), b_eq=needed,
        A_ub=csr_array((ones, (columns, np.arange(n))), shape=(fit.shape[1], n)), b_ub=most, bounds=(0, 1), method=method,
    )  # fmt: skip
    return float(-found.fun)


def by_networkx(fit: Float, ok: Yes, needed: Int, most: Int) -> float | None:
    try:
        import networkx as nx
    except ImportError:
        return None
    graph = nx.DiGraph()
    n = len(fit)
    for s in range(n):
        graph.add_node(s, demand=-int(needed[s]))
    graph.add_node("sink", demand=int(needed.sum()))
    for s, r in zip(*np.nonzero(ok), strict=True):
        graph.add_edge(int(s), int(n + r), capacity=1, weight=round((1 - fit[s, r]) * 1e6))
    for r in range(fit.shape[1]):
        graph.add_edge(n + r, "sink", capacity=int(most[r]), weight=0)
    cost, _ = nx.network_simplex(graph)
    return float(needed.sum() - cost / 1e6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--solvers", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()

    load = os.getloadavg()[0]
    submissions, reviewers, parties, circles = invented(chosen.seed)
    begun = time.perf_counter()
    conflicts = find_conflicts(parties, circles, on="2026-03-02", reach=Reach(3, 3, 0.2, False))
    looked = time.perf_counter()
    fit = fit_matrix(submissions, reviewers).matrix
    fitted = time.perf_counter()
    ok = np.ones(fit.shape, dtype=bool)
    for conflict in conflicts:
        ok[int(conflict.submission[1:]), int(conflict.reviewer[1:])] = False
    needed, most = np.full(SUBMISSIONS, NEEDED), np.full(REVIEWERS, MOST)
    begun_solving, busy_solving = time.perf_counter(), time.process_time()
    answer = assign(
        fit, ok, submissions=[p.key for p in submissions], reviewers=[p.key for p in reviewers], needed=NEEDED, most=MOST,
        seed=str(chosen.seed),
    )  # fmt: skip
    solved, busy_solved = time.perf_counter(), time.process_time()
    pairs = [(int(p.submission[1:]), int(p.reviewer[1:])) for p in answer.pairs]
    assert all(ok[pair] for pair in pairs)
    assert max(answer.loads.values()) <= MOST
    assert not answer.short
    prices = np.array([answer.prices[p.key] for p in reviewers])
    bound = price_bound(fit, ok, needed=needed, most=most, prices=prices)
    loads = np.array(list(answer.loads.values()))
    rows: dict[str, dict[str, object]] = {
        "best": {
            "total": answer.total, "bound": bound, "gap": 1 - answer.total / bound, "pairs": len(pairs),
            "seconds": solved - begun_solving,
            "processor": busy_solved - busy_solving, "loads": np.percentile(loads, [0, 25, 50, 75, 100]).tolist(),
            "full": int((loads == MOST).sum()),
        }
    }  # fmt: skip
    chance = np.random.default_rng(chosen.seed)
    for name, make in (
        ("greedy", lambda: assign_greedily(fit, ok, needed=needed, most=most)),
        ("by lot", lambda: assign_by_lot(ok, needed=needed, most=most, chance=chance)),
    ):
        found, wall, busy = timed(make)
        assert isinstance(found, np.ndarray)
        short = int(NEEDED * SUBMISSIONS - found.sum())
        worst = float((fit * found).sum(axis=1).min())
        rows[name] = {
            "total": float(fit[found].sum()), "gap": 1 - float(fit[found].sum()) / bound, "seconds": wall,
            "processor": busy, "short": short, "worst submission": worst,
        }  # fmt: skip
    per_submission = np.zeros(SUBMISSIONS)
    for s, r in pairs:
        per_submission[s] += fit[s, r]
    rows["best"]["worst submission"] = float(per_submission.min())
    if chosen.solvers:
        for name, ask in (
            ("HiGHS dual simplex", lambda: by_highs(fit, ok, needed, most, "highs-ds")),
            ("HiGHS interior point", lambda: by_highs(fit, ok, needed, most, "highs-ipm")),
            ("networkx network simplex", lambda: by_networkx(fit, ok, needed, most)),
        ):
            total, wall, busy = timed(ask)
            if total is not None:
                rows[name] = {"total": total, "seconds": wall, "processor": busy}
    result = {
        "load": load, "conflicts": float(1 - ok.mean()), "seconds conflicts": looked - begun,
        "seconds fit": fitted - looked, "rows": rows,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip
    print(json.dumps(result, indent=1))
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
