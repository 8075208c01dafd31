"""How fast is a table of enterprises assessed by a ladder? 100,000 invented firms by columns, beside rows one by one.

    python benchmarks/enterprises/run.py [--rows 100000] [--out results.json]

A CSV file with Chinese headings is written, with odd values in one row of twenty (negative, 400 %, a wrong code,
nothing).
"brief" reads and assesses it and writes the JSON of `enterprise assess --brief`, a firm on a line, to nowhere; "row by
row" gives the first 200 of the same rows to `level_of` and makes the same JSON. Both must say the same of these rows.
"trace" makes the JSON with every reason of 200 firms.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from foretrack.domains.enterprises.actions.assessing import asked_by, assess_table, columns_of
from foretrack.domains.enterprises.blocks import ABOUT, Asked
from foretrack.domains.enterprises.doors.told import firm_json, level_json
from foretrack.domains.enterprises.levels import level_of, read_figures
from foretrack.foundation.messages import Messages
from foretrack.packs.rule_shapes import Indicator

DAY = "2025-06-30"
SEED = 6
ODD = ("-5", "400%", "是", "", "2031-01-01")
BESIDE = 200


def main() -> None:
    """Runs everything and writes one JSON file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    asked = asked_by("cn-srdi-2022", today=DAY, on=DAY)
    rows = invented(asked, given.rows)
    say = Messages()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "firms.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns_of(asked.indicators, "en"))
            csv.writer(file).writerow(columns_of(asked.indicators, "zh").values())
            writer.writerows(rows)
        spent = time.process_time()
        found = assess_table(path, asked)
        assessed = time.process_time() - spent
        written = sum(len(json.dumps(firm_json(firm, say, trace=False))) for firm in found.firms)
        brief = time.process_time() - spent
    spent = time.process_time()
    for firm in found.firms[:BESIDE]:
        json.dumps(firm_json(firm, say))
    trace = (time.process_time() - spent) / BESIDE
    spent = time.process_time()
    alone = [level_json(level(asked, row), trace=False) for row in rows[:BESIDE]]
    one = (time.process_time() - spent) / BESIDE
    same = sum(
        level_json(firm.answer, trace=False) == answer
        for firm, answer in zip(found.firms, alone, strict=False)
        if firm.answer is not None
    )
    results: dict[str, Any] = {
        "rows": given.rows, "indicators": len(asked.indicators), "rejected": found.rejected(), "levels": found.levels(),
        "assessed_processor_s": assessed, "brief_processor_s": brief, "brief_characters": written,
        "row_by_row_processor_s_per_row": one, "ratio": one * given.rows / brief, "trace_ms": trace * 1000,
        "beside": BESIDE, "same": same, "answered_beside": sum(f.answer is not None for f in found.firms[:BESIDE]),
    }  # fmt: skip
    text = json.dumps(results, indent=2, ensure_ascii=False)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")
    print(text)


def level(asked: Asked, row: dict[str, str]) -> Any:
    """One row as it was assessed before there were columns; None where a figure cannot be read."""
    values, wrong = read_figures(asked.indicators, {k: v for k, v in row.items() if k not in ABOUT})
    return None if wrong else level_of(asked.steps, values)


def invented(asked: Asked, n: int) -> list[dict[str, str]]:
    """Rows of text, one figure of twenty not given, one row of twenty odd."""
    rng = np.random.default_rng(SEED)
    names = tuple(asked.indicators)
    rows = []
    for number in range(n):
        row = {name: text_of(one, rng) for name, one in asked.indicators.items() if rng.random() < 0.95}
        row["name"] = f"虚构企业{number}"
        if rng.random() < 0.04:
            row[names[rng.integers(len(names))]] = ODD[rng.integers(len(ODD))]
        elif rng.random() < 0.01:
            row["code"] = "91110000600037341K"
        rows.append(row)
    return rows


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
        return "yes" if rng.random() < 0.5 else "no"
    most = 40 if indicator.unit in ("%", "years") else 1e8
    return f"{rng.uniform(0, min(most, indicator.maximum or most)):.2f}"


if __name__ == "__main__":
    main()
