"""Was the list right? Rolling origins on a Parquet file of papers, everything of an origin from its past alone.

    python benchmarks/ranking/run.py anthology.parquet [--out results.json] [--threads 2]

For every origin T the concepts are mined from the documents of T and before; their documents of T+1..T+3 are
counted with the spellings known at T. Methods are compared by precision among the first 50 for the label of
extreme growth (EG3, domains/foresight/backtest/labels.py) over the origins 2013-2020, paired 95 % intervals
by a bootstrap over concepts. The dated technologies of benchmarks/cases.csv are looked up in the lists as of
every year, as benchmarks/CASES.md says. The file needs the columns title, abstract and year.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest.intervals import Case, Said, score
from foretrack.domains.foresight.backtest.labels import enough_evidence, extreme_growth
from foretrack.domains.foresight.backtest.metrics import area_under_curve, average_precision, precision_at
from foretrack.domains.foresight.concepts.mining import Hints, mine_tokens
from foretrack.domains.foresight.measures import attributes
from foretrack.domains.foresight.measures.burst import find_bursts
from foretrack.domains.foresight.measures.escore import e_score
from foretrack.domains.foresight.measures.growth import benjamini_hochberg, estimate_growth
from foretrack.domains.foresight.measures.panel import Panel, build_panel
from foretrack.domains.foresight.ranking.outlook import look_out
from foretrack.domains.foresight.ranking.states import decide_states
from foretrack.language.tokens import Tokens, tokenise

Float = npt.NDArray[np.float64]

ORIGINS = range(2013, 2021)
LISTS = (2016, 2019, 2022)
FIRST_LIST, LAST_LIST = 2000, 2023
BURST_YEARS = 15
TOP = 100
CLIMATE_BINS = (5, 8, 12, 20, 40, 80, 160, 10**9)


class Documents:
    """Tokens and years of all documents, oldest first; repeated (title, year) counted once."""

    def __init__(self, path: Path, threads: int) -> None:
        import pyarrow.parquet as pq

        table = pq.read_table(path, columns=["title", "abstract", "year"])
        seen: set[tuple[str, int]] = set()
        rows: list[tuple[int, str]] = []
        for title, abstract, year in zip(*(table[c].to_pylist() for c in table.column_names), strict=True):
            key = (" ".join((title or "").lower().split()), year)
            if title and year and key not in seen:
                seen.add(key)
                rows.append((int(year), f"{title}\n{abstract or ''}"))
        rows.sort(key=lambda row: row[0])
        self.years = np.array([year for year, _ in rows], dtype=np.int64)
        texts = [text for _, text in rows]
        self.tokens = tokenise((texts[i : i + 2048] for i in range(0, len(texts), 2048)), threads=threads)

    def between(self, first: int, last: int) -> tuple[Tokens, npt.NDArray[np.int64]]:
        """Tokens and years of the documents of these years, both included."""
        start, stop = np.searchsorted(self.years, [first, last + 1])
        offsets = self.tokens.offsets[start : stop + 1]
        numbers = self.tokens.numbers[offsets[0] : offsets[-1]]
        return Tokens(numbers, offsets - offsets[0], self.tokens.words), self.years[start:stop]


@dataclass
class Origin:
    """What was known at an origin of the concepts with enough evidence, and what came true."""

    year: int
    ids: list[str]
    labels: list[str]
    forms: list[tuple[str, ...]]
    n_words: npt.NDArray[np.int8]
    recent: npt.NDArray[np.int64]
    states: list[str]
    scores: dict[str, Float]
    truth: npt.NDArray[np.bool_] | None


def look_back(documents: Documents, year: int, threads: int, with_truth: bool) -> Origin:
    """One origin: concepts and scores from documents of `year` and before, truth from the three years after."""
    tokens, years = documents.between(0, year)
    mined = mine_tokens(tokens, Hints(), recent=years > year - 3, threads=threads)
    concepts = mined.concepts
    panel = build_panel(
        concepts.documents, concepts.concepts, n_concepts=len(concepts.ids), years=years,
        stratum_of=np.zeros(len(years), np.int64), strata=[("file", "paper")], as_of=year,
    )  # fmt: skip
    known = enough_evidence(panel.pooled())
    panel = Panel(panel.first_year, panel.strata, panel.counts[:, known], panel.totals)
    counts, totals, shares = panel.pooled(), panel.totals[0], panel.shares()
    growth = estimate_growth(panel)
    outlook = look_out(counts, totals, shares, growth)
    recent = counts[:, -3:].sum(axis=1)
    states = decide_states(
        recent=recent, total=counts.sum(axis=1), rate=growth.rate, sd=growth.sd,
        q_value=benjamini_hochberg(growth.p_value), novelty=attributes.novelty(counts, shares), enough_years=True,
    )  # fmt: skip
    share_now = recent / totals[-3:].sum()
    share_before = counts[:, -6:-3].sum(axis=1) / max(totals[-6:-3].sum(), 1)
    scores = {
        "outlook": outlook.z,
        "burst": find_bursts(counts[:, -BURST_YEARS:], totals[-BURST_YEARS:]).open_weight,
        "E-score": np.nan_to_num(e_score(counts, totals), nan=-np.inf),
        "share growth": np.log(share_now) - np.log(share_before + 1e-9),
    }
    truth = None
    if with_truth:
        later, later_years = documents.between(year + 1, year + 3)
        found, which = mined.mentions(later, threads=threads)
        future = np.zeros((len(concepts.ids), 3))
        np.add.at(future, (which, later_years[found] - year - 1), 1)
        n_later = np.bincount(later_years - year - 1, minlength=3).astype(float)
        n_later[n_later == 0] = np.nan
        truth = extreme_growth(shares, future[known] / n_later)
    rows = np.flatnonzero(known)
    return Origin(
        year, [concepts.ids[i] for i in rows], [concepts.labels[i] for i in rows], [concepts.forms[i] for i in rows],
        concepts.n_words[known], recent, list(states), scores, truth,
    )  # fmt: skip


def climatology(origin: Origin, earlier: Origin) -> Float:
    """What came true of concepts of like size at an origin whose label had matured; ties at random."""
    assert earlier.truth is not None
    bin_then, bin_now = (np.digitize(o.recent, CLIMATE_BINS) for o in (earlier, origin))
    rate = np.array(
        [
            earlier.truth[bin_then == b].mean() if (bin_then == b).any() else 0.0
            for b in range(len(CLIMATE_BINS) + 1)
        ]
    )
    ties = np.random.default_rng(origin.year).random(len(origin.ids))
    return rate[bin_now] + 1e-6 * ties


def per_origin(origin: Origin) -> dict[str, Any]:
    """Scores of every method at one origin."""
    truth = origin.truth
    assert truth is not None
    return {
        "origin": origin.year,
        "concepts": len(origin.ids),
        "base rate": float(truth.mean()),
        **{
            name: {
                "P@50": precision_at(score, truth),
                "AUC": area_under_curve(score, truth),
                "AP lift": average_precision(score, truth) / float(truth.mean()),
            }
            for name, score in origin.scores.items()
        },
    }


def compare(origins: list[Origin], baseline: str, several_words: bool) -> dict[str, Any]:
    """Outlook beside one baseline, mean over the origins, paired."""
    judged = []
    for origin in origins:
        assert origin.truth is not None
        said = {"method": Said(origin.scores["outlook"]), "baseline": Said(origin.scores[baseline])}
        case = Case(origin.year, tuple(origin.ids), origin.truth, said)
        judged.append(case.only(origin.n_words >= 2) if several_words else case)
    found = score(judged, np.random.default_rng(0), reference="method")
    told = {name: found.methods[name]["p50"] for name in ("method", "baseline")}
    told["difference"] = found.differences["baseline"]["p50"]
    return {name: [e.value, e.low, e.high] for name, e in told.items()}


def cases(lists: dict[int, Origin], path: Path) -> dict[str, Any]:
    """Lead times and false alarms, by the rules of CASES.md, for two readings of "on the list"."""
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    places: dict[str, dict[int, tuple[int, str]]] = {row["id"]: {} for row in rows}
    for year, origin in lists.items():
        rank = np.empty(len(origin.ids), np.int64)
        rank[np.argsort(-origin.scores["outlook"], kind="stable")] = np.arange(1, len(origin.ids) + 1)
        by_form = {form.replace("-", " "): i for i, forms in enumerate(origin.forms) for form in forms}
        for row in rows:
            spelt = {form.strip().replace("-", " ") for form in row["forms"].split(";")}
            for number in {by_form[form] for form in spelt & by_form.keys()}:
                place = (int(rank[number]), origin.states[number])
                places[row["id"]][year] = min(places[row["id"]].get(year, place), place)
    found: dict[str, Any] = {"rows": []}
    for row in rows:
        first, takeoff = int(row["year_first"]), int(row["year_takeoff"])
        seen = places[row["id"]]
        entry: dict[str, Any] = {
            "id": row["id"], "outcome": row["outcome"], "year_first": first, "year_takeoff": takeoff,
            "confidence": row["confidence"], "visible": any(first <= y <= takeoff + 3 for y in seen),
        }  # fmt: skip
        for name, on_list in (
            (f"first {TOP}", lambda place: place[0] <= TOP),
            ("emerging", lambda place: place[1] == "emerging"),
        ):
            years = sorted(y for y, place in seen.items() if on_list(place) and y >= first)
            entry[name] = {
                "first": next((y for y in years if y <= takeoff), None),
                "late": next((y for y in years if y >= takeoff), None),
                "before": any(on_list(place) for y, place in seen.items() if y < first),
            }
        found["rows"].append(entry)
    for name in (f"first {TOP}", "emerging"):
        for kept in ("all", "without low"):
            visible = [
                e for e in found["rows"] if e["visible"] and (kept == "all" or e["confidence"] != "low")
            ]
            rises = [e for e in visible if e["outcome"] == "rise"]
            others = [e for e in visible if e["outcome"] != "rise"]
            leads = sorted(
                e["year_takeoff"] - e[name]["first"] if e[name]["first"] else -np.inf for e in rises
            )
            found[f"{name}, {kept}"] = {
                "visible rises": len(rises),
                "listed in time": int(np.isfinite(leads).sum()),
                "median lead": float(np.median(leads)) if leads and np.isfinite(np.median(leads)) else None,
                "visible others": len(others),
                "false alarms": sum(e[name]["late"] is not None for e in others),
                "on the way up": sum(
                    e[name]["late"] is None and e[name]["first"] is not None for e in others
                ),
            }
    return found


def main() -> None:
    """Runs everything and writes one JSON file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    documents = Documents(given.path, given.threads)
    lists: dict[int, Origin] = {}
    result: dict[str, Any] = {"documents": len(documents.years), "origins": [], "lists": {}}
    for year in range(FIRST_LIST, LAST_LIST + 1):
        start = time.perf_counter()
        origin = lists[year] = look_back(
            documents, year, given.threads, with_truth=year + 3 >= ORIGINS[0] and year <= ORIGINS[-1]
        )
        if year in ORIGINS:
            origin.scores["climatology"] = climatology(origin, lists[year - 3])
            result["origins"].append(per_origin(origin))
        if year in LISTS:
            order = np.argsort(-origin.scores["outlook"], kind="stable")[:60]
            result["lists"][year] = [
                (
                    origin.labels[i],
                    int(origin.recent[i]),
                    origin.states[i],
                    None if origin.truth is None else bool(origin.truth[i]),
                )
                for i in order
            ]
        print(
            f"{year}: {len(origin.ids)} concepts, {time.perf_counter() - start:.1f} s",
            file=sys.stderr,
            flush=True,
        )
    judged = [lists[year] for year in ORIGINS]
    for which, several in (("all concepts", False), ("several words", True)):
        result[which] = {
            name: compare(judged, name, several)
            for name in ("burst", "E-score", "share growth", "climatology")
        }
    result["cases"] = cases(lists, Path(__file__).parents[1] / "cases.csv")
    text = json.dumps(result, indent=1, ensure_ascii=False, default=float)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
