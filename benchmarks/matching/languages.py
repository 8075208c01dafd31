"""Does matching find a partner who writes in the other language? languages.py [--model use3] [--out FILE]

On the set in `bilingual/`: recall among the first five of one pool of both languages, of partners (grades 2 and 3) in
the other language and in the need's own, and of the latter where only their language is in the pool. Tuned on part
`tune` alone.
"""

from __future__ import annotations

import argparse
import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from foretrack.language.embedding.choosing import open_embedder, stored_means
from foretrack.matching.engine.prepared import prepare
from foretrack.matching.engine.ranking import rank
from foretrack.matching.engine.shelf import Shelf
from foretrack.matching.profiles import Profile

HERE = Path(__file__).with_name("bilingual")
TODAY = date(2026, 11, 28)


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="use3")
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    embedder = open_embedder(given.model, vectors=given.vectors)
    means = stored_means(embedder.name) if embedder else None

    def profiles(name: str, side: Any, key: str) -> list[Profile]:
        return [
            Profile(
                key=row[key], side=side, title=row["title"], texts=(row["text"],), language=row["language"]
            )
            for row in rows(name)
        ]

    needs = prepare(profiles("needs.csv", "need", "need_id"), embedder, means)
    offers = prepare(profiles("offers.csv", "offer", "offer_id"), embedder, means)
    dimension = embedder.dimension if embedder else 0
    pool = Shelf.of("offer", offers, dimension=dimension)
    own = Shelf.of("need", needs, dimension=dimension)
    alone = {
        language: Shelf.of("offer", [one for one in offers if one.language == language], dimension=dimension)
        for language in ("en", "zh")
    }
    language_of = {one.profile.key: one.language for one in offers}
    right: dict[str, set[str]] = {}
    for row in rows("answers.csv"):
        if int(row["grade"]) >= 2:
            right.setdefault(row["need_id"], set()).add(row["offer_id"])
    part_of = {row["need_id"]: row["part"] for row in rows("needs.csv")}
    figures: dict[str, Any] = {"model": embedder.name if embedder else "none"}
    for part in ("tune", "test"):
        columns: dict[str, list[float]] = {}
        for one in needs:
            if part_of[one.profile.key] != part:
                continue
            own_right = {key for key in right[one.profile.key] if language_of[key] == one.language}
            other = right[one.profile.key] - own_right
            found, found_alone = (
                {match.key for match in rank(one, shelf, today=TODAY, n=5, own=own).matches}
                for shelf in (pool, alone[one.language])
            )
            values = {
                "other_recall_5": len(found & other) / len(other),
                "other_hit_5": float(bool(found & other)),
                "own_recall_5": len(found & own_right) / len(own_right),
                "own_recall_5_alone": len(found_alone & own_right) / len(own_right),
            }
            values["own_loss"] = values["own_recall_5_alone"] - values["own_recall_5"]
            for name in ("other_recall_5", "own_loss"):
                values[f"{name}, {one.language} needs"] = values[name]
            for name, value in values.items():
                columns.setdefault(name, []).append(value)
        figures[part] = {
            "needs": len(columns["own_loss"]),
            **{name: told(values) for name, values in columns.items()},
        }
    text = json.dumps(figures, indent=1)
    print(text)
    if given.out:
        given.out.write_text(text + "\n")


def told(values: list[float]) -> list[float]:
    """Mean and 95 % bootstrap interval over needs."""
    column = np.asarray(values)
    draws = np.random.default_rng(0).integers(0, len(column), (4000, len(column)))
    return [
        round(float(x), 4) for x in (column.mean(), *np.percentile(column[draws].mean(axis=1), [2.5, 97.5]))
    ]


if __name__ == "__main__":
    main()
