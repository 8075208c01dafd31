"""How early did the forecasts list the dated technologies of benchmarks/cases.csv, and how often in vain?

    python benchmarks/forecasts/cases.py WORKSPACE [--out cases.json] [--first 2002] [--last 2022]

For every year the model learns from what had matured and forecasts the concepts, as a scan of that year does, without a
user's word lists. Rules: benchmarks/CASES.md. Several readings of "on the list" are given, so that nobody has to
believe the one that suits.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from foretrack.corpus.store import Corpus
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.history import look_back
from foretrack.domains.foresight.actions.reading_view import read_view
from foretrack.domains.foresight.forecasting.model import OutlookModel
from foretrack.domains.foresight.history.origins import Origin
from foretrack.foundation.errors import EvidenceError
from foretrack.foundation.progress import silent

Place = dict[str, float]
READINGS: dict[str, Callable[[Place], bool]] = {
    "first 100 for extreme growth": lambda p: p["rank_eg3"] <= 100,
    "first 100 for doubling": lambda p: p["rank_dbl3"] <= 100,
    "first 100 for either": lambda p: min(p["rank_eg3"], p["rank_dbl3"]) <= 100,
    "called: extreme growth": lambda p: p["called_eg3"] > 0,
    "called: either": lambda p: max(p["called_eg3"], p["called_dbl3"]) > 0,
}


def places(past: list[Origin], origin: Origin, forms: dict[str, tuple[str, ...]]) -> dict[str, Place]:
    """Spelling -> where the concept that bears it stands."""
    model = OutlookModel(threads=2)
    model.fit([earlier.as_of(origin.year) for earlier in past], origin.year)
    told = model.forecast(origin.as_of(origin.year))
    assert told.called_eg3 is not None
    assert told.called_dbl3 is not None
    ranks = [np.argsort(np.argsort(-order, kind="stable")) + 1 for order in (told.order_eg3, told.order_dbl3)]
    found: dict[str, Place] = {}
    for i, name in enumerate(origin.ids):
        place = {
            "rank_eg3": float(ranks[0][i]), "rank_dbl3": float(ranks[1][i]),
            "called_eg3": float(told.called_eg3[i]), "called_dbl3": float(told.called_dbl3[i]),
        }  # fmt: skip
        for form in {name, origin.labels[i], *forms.get(name, ())}:
            found.setdefault(form.replace("-", " "), place)
    return found


def judge(rows: list[dict[str, str]], seen: dict[int, dict[str, Place]]) -> dict[str, Any]:
    """Leads and false alarms of every reading, by the rules of CASES.md."""
    result: dict[str, Any] = {"rows": []}
    for row in rows:
        first, takeoff = int(row["year_first"]), int(row["year_takeoff"])
        spelt = [form.strip().replace("-", " ") for form in row["forms"].split(";")]
        here = {
            year: [found[form] for form in spelt if form in found]
            for year, found in seen.items()
            if any(form in found for form in spelt)
        }
        entry: dict[str, Any] = {
            "id": row["id"], "outcome": row["outcome"], "year_takeoff": takeoff, "confidence": row["confidence"],
            "visible": any(first <= year <= takeoff + 3 for year in here),
        }  # fmt: skip
        for name, on_list in READINGS.items():
            years = sorted(y for y, found in here.items() if y >= first and any(map(on_list, found)))
            entry[name] = {
                "first": next((y for y in years if y <= takeoff), None),
                "late": next((y for y in years if y >= takeoff), None),
            }
        result["rows"].append(entry)
    for name in READINGS:
        for kept in ("all", "without low"):
            visible = [
                e for e in result["rows"] if e["visible"] and (kept == "all" or e["confidence"] != "low")
            ]
            rises = [e for e in visible if e["outcome"] == "rise"]
            others = [e for e in visible if e["outcome"] != "rise"]
            leads = [e["year_takeoff"] - e[name]["first"] if e[name]["first"] else -np.inf for e in rises]
            median = float(np.median(leads)) if leads else -np.inf
            result[f"{name}, {kept}"] = {
                "visible rises": len(rises),
                "listed in time": int(np.isfinite(leads).sum()),
                "median lead": median if np.isfinite(median) else None,
                "two years or more": int(sum(lead >= 2 for lead in leads)),
                "visible others": len(others),
                "false alarms": sum(e[name]["late"] is not None for e in others),
            }
    return result


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--first", type=int, default=2002)
    parser.add_argument("--last", type=int, default=2022)
    given = parser.parse_args()
    workspace = Workspace.open(given.workspace)
    record = read_view(Corpus(workspace.corpus_dir).as_of(None), threads=2, progress=silent).record()
    past: list[Origin] = []
    seen: dict[int, dict[str, Place]] = {}
    listed: dict[int, int] = {}
    for year in look_back(workspace, record, last=given.last, threads=2):
        members = year.technologies.members
        forms = dict(zip(members.ids, members.forms, strict=True))
        if year.year >= given.first:
            try:
                seen[year.year] = places(past, year.concepts, forms)
            except EvidenceError as error:
                print(f"{year.year}: {error.what}", file=sys.stderr)
            else:
                calls = {id(p): p for p in seen[year.year].values()}.values()
                listed[year.year] = int(sum(max(p["called_eg3"], p["called_dbl3"]) for p in calls))
                print(
                    f"{year.year}: {len(year.concepts)} concepts, {listed[year.year]} called", file=sys.stderr
                )
        past.append(year.concepts)
    with (Path(__file__).parents[1] / "cases.csv").open(encoding="utf-8") as file:
        result = judge(list(csv.DictReader(file)), seen)
    result["called, either"] = listed
    text = json.dumps(result, indent=1, ensure_ascii=False)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")
    print(json.dumps({key: value for key, value in result.items() if key != "rows"}, indent=1))


if __name__ == "__main__":
    main()
