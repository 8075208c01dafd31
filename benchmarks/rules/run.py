"""How fast are whole tables assessed? 100,000 invented enterprises by every enterprise rule, beside rows one by one.

    python benchmarks/rules/run.py [--rows 100000] [--out results.json]

Rows are text as a CSV file gives it. "table" is `assess_table` from those rows to outcome, score, groups and the band of
every item; "trace" makes the whole assessment of a row of it; "row by row" is `assess` for 100 of the same rows. Where
zen-engine (GoRules, MIT) is installed, the rule for innovative SMEs is given to it as decision tables and both sides
assess the same rows; their scores and gates must agree.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from foretrack.packs.loading import load_packs
from foretrack.packs.rule_shapes import Indicator, Rule
from foretrack.rules.assessing import assess
from foretrack.rules.tables import assess_table

DAY = "2025-06-30"
SEED = 6


def main() -> None:
    """Runs everything and writes one JSON file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    rules = [
        rule
        for pack in load_packs()
        for rule in pack.rules
        if rule.in_force(DAY) and not rule.template and pack.jurisdiction == "CN"
    ]
    known: dict[str, Indicator] = {}
    for rule in rules:
        known |= rule.known_indicators()
    rng = np.random.default_rng(SEED)
    rows = [
        {name: text_of(indicator, rng) for name, indicator in known.items() if rng.random() < 0.95}
        for _ in range(given.rows)
    ]
    wall, spent = time.perf_counter(), time.process_time()
    answers = assess_table(rules, rows, on=DAY)
    table = {"wall_s": time.perf_counter() - wall, "processor_s": time.process_time() - spent}
    spent = time.process_time()
    traced = sum(len(answer.assessment(row).items) for answer in answers for row in range(20))
    trace = (time.process_time() - spent) / (20 * len(rules))
    spent = time.process_time()
    for row in rows[:100]:
        for rule in rules:
            assess(rule, {n: v for n, v in row.items() if n in rule.known_indicators()}, on=DAY)
    one = (time.process_time() - spent) / 100
    results: dict[str, Any] = {
        "rows": given.rows,
        "rules": [rule.full_id for rule in rules],
        "indicators": len(known),
        "table": table,
        "row_by_row_processor_s_per_row": one,
        "ratio": one * given.rows / table["processor_s"],
        "trace_ms": trace * 1000,
        "items_traced": traced,
        "outcomes": {answer.rule.full_id: answer.counts() for answer in answers},
        "zen_engine": peer(rng, next(r for r in rules if r.full_id == "cn-srdi-2022/innovative-sme")),
    }
    text = json.dumps(results, indent=2, ensure_ascii=False)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")
    print(text)


def text_of(indicator: Indicator, rng: np.random.Generator) -> str:
    """An invented value as a table holds it."""
    if indicator.type == "choice":
        return indicator.choices[int(rng.integers(len(indicator.choices)))].id
    if indicator.type == "share":
        return f"{rng.random():.4f}"
    if indicator.type == "count":
        return str(rng.integers(1500))
    if indicator.type == "date":
        return f"{rng.integers(2000, 2025)}-{rng.integers(1, 13):02}-15"
    if indicator.type in ("yes-no", "text-condition"):
        return "yes" if rng.random() < 0.8 else "no"
    most = 40 if indicator.unit in ("%", "years") else 1e8
    return f"{rng.uniform(0, min(most, indicator.maximum or most)):.2f}"


def peer(rng: np.random.Generator, rule: Rule, n_rows: int = 20_000) -> dict[str, Any] | None:
    """The points and gate of a rule by zen-engine and by columns, on the same rows; None where it is not installed."""
    try:
        import zen  # type: ignore[import-not-found]
    except ImportError:
        print("zen-engine is not installed: no peer", file=sys.stderr)
        return None
    rows: list[dict[str, Any]] = []
    asked = {
        item.indicator: rule.known_indicators()[item.indicator or ""] for g in rule.groups for item in g.items
    }
    for _ in range(n_rows):
        row: dict[str, Any] = {}
        for name, indicator in asked.items():
            text = text_of(indicator, rng)
            row[name or ""] = text if indicator.type == "choice" else float(text)
        rows.append(row)
    decision = zen.ZenEngine().create_decision(json.dumps(tables_of(rule)))
    flat = [{name.replace("-", "_"): value for name, value in row.items()} for row in rows]
    spent = time.process_time()
    theirs = [decision.evaluate(row)["result"] for row in flat]
    their_time = time.process_time() - spent
    spent = time.process_time()
    (ours,) = assess_table([rule], rows, on=DAY)
    our_time = time.process_time() - spent
    same = sum(
        found["total"] == float(ours.score.low[n]) and found["gate"] == bool(ours.gate[n] == 1)
        for n, found in enumerate(theirs)
    )
    return {
        "rule": rule.full_id, "rows": n_rows, "same": same, "theirs_processor_s": their_time,
        "ours_processor_s": our_time, "ratio": their_time / our_time,
    }  # fmt: skip


def tables_of(rule: Rule) -> dict[str, Any]:
    """The bands of a rule as decision tables of the JSON decision model, and its gate as expressions."""
    nodes: list[dict[str, Any]] = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = []
    for group in rule.groups:
        for item in group.items:
            field = (item.indicator or "").replace("-", "_")
            lines: list[dict[str, str]] = []
            for band in item.bands:
                if band.ends is None:
                    test = ", ".join(f'"{value}"' for value in band.values)
                else:
                    parts = []
                    if band.ends.low is not None:
                        parts.append(f"{'>' if band.ends.low_open else '>='} {band.ends.low:g}")
                    if band.ends.high is not None:
                        parts.append(f"{'<' if band.ends.high_open else '<='} {band.ends.high:g}")
                    test = " and ".join(parts)
                lines.append({"_id": f"r{len(lines)}", "i": test, "o": f"{band.points.low:g}"})
            nodes.append(
                {
                    "id": item.id, "name": item.id, "type": "decisionTableNode",
                    "content": {
                        "hitPolicy": "first",
                        "inputs": [{"id": "i", "name": field, "field": field}],
                        "outputs": [{"id": "o", "name": "points", "field": item.id.replace("-", "_")}],
                        "rules": lines,
                    },
                }
            )  # fmt: skip
            edges += [("in", item.id), (item.id, "sum")]
    sums = {
        group.id.replace("-", "_"): f"min([{group.maximum:g}, "
        + " + ".join(item.id.replace("-", "_") for item in group.items)
        + "])"
        for group in rule.groups
    }
    sums["total"] = " + ".join(f"$.{name}" for name in sums)
    sums["gate"] = "$.total >= 60 and $.innovation >= 20 and $.growth >= 15 and $.specialisation >= 15"
    nodes.append(
        {
            "id": "sum", "name": "sum", "type": "expressionNode",
            "content": {"expressions": [{"id": k, "key": k, "value": v} for k, v in sums.items()]},
        }
    )  # fmt: skip
    edges.append(("sum", "out"))
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": nodes,
        "edges": [
            {"id": f"e{n}", "sourceId": a, "targetId": b, "type": "edge"} for n, (a, b) in enumerate(edges)
        ],
    }


if __name__ == "__main__":
    main()
