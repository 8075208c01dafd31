"""One-to-one meetings of an invented exhibition: gap to the bound, time, margin over first-come, and drop-outs.

    python benchmarks/exhibitions/run.py [--seeds 10] [--out benchmarks/exhibitions/results.json]

300 participants, 40 tables, 12 slots, 2,500 wishes at most 8 meetings each. A third are exhibitors, whom most wishes are
for; how often somebody is wished for follows a power law; everybody is away in some slots. Nothing in it is real.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from foretrack.domains.exchange.meetings.asking import WEIGHTS, Asked, Meeting, Wish
from foretrack.domains.exchange.meetings.planning import first_come, plan
from foretrack.domains.exchange.meetings.replanning import replan

PEOPLE, TABLES, SLOTS, WISHES, MOST = 300, 40, 12, 2500, 8
THERE = 0.8
"""Probability of being free in a slot."""
ANSWERED = 0.15
"""Probability that a wish is returned."""
DROPS = 10


def invent(
    seed: int, *, people: int = PEOPLE, tables: int = TABLES, slots: int = SLOTS, wishes: int = WISHES
) -> Asked:
    """An invented exhibition."""
    chance = np.random.default_rng(seed)
    keys = [f"P{n:04}" for n in range(people)]
    there = chance.random((people, slots)) < THERE
    free = {key: frozenset(np.flatnonzero(there[n]).tolist()) for n, key in enumerate(keys)}
    fame = chance.pareto(1.2, people) + 1
    fame[: people // 3] *= 3
    fame /= fame.sum()
    made: dict[tuple[str, str], Wish] = {}
    while len(made) < wishes:
        by, of = keys[chance.integers(people)], keys[chance.choice(people, p=fame)]
        if by == of or (by, of) in made:
            continue
        made[by, of] = Wish(by, of, int(chance.choice(WEIGHTS)))
        if chance.random() < ANSWERED and (of, by) not in made and len(made) < wishes:
            made[of, by] = Wish(of, by, int(chance.choice(WEIGHTS)))
    order = list(made.values())
    return Asked(free, [order[n] for n in chance.permutation(len(order))], [tables] * slots, MOST)


def without(asked: Asked, gone: str) -> Asked:
    """The same exhibition after somebody dropped out."""
    return Asked(
        {key: free for key, free in asked.free.items() if key != gone},
        [wish for wish in asked.wishes if gone not in (wish.by, wish.of)], asked.room, asked.most,
    )  # fmt: skip


def left_out(asked: Asked, meetings: tuple[Meeting, ...]) -> int:
    """Participants who could meet somebody and do not."""
    return len(asked.hopeful - {key for one in meetings for key in one.pair})


def by_weight(asked: Asked) -> tuple[Meeting, ...]:
    """First-come, but the pairs of greatest worth first: a stronger comparison."""
    order = sorted(asked.worth, key=lambda pair: (-asked.worth[pair], pair))
    return first_come(Asked(asked.free, [Wish(a, b) for a, b in order], asked.room, asked.most))


def one(seed: int) -> dict[str, Any]:
    """All figures of one seed."""
    asked = invent(seed)
    began, wall = time.process_time(), time.monotonic()
    made = plan(asked)
    seconds, waited = time.process_time() - began, time.monotonic() - wall
    asked.check(made.meetings)
    worth = asked.worth
    queue, heavy = first_come(asked), by_weight(asked)
    asked.check(queue)
    figures: dict[str, Any] = {
        "seed": seed, "pairs": len(worth), "meetings": len(made.meetings), "worth": made.worth, "bound": made.bound,
        "gap": made.gap, "seconds": seconds, "wall": waited, "left_out": made.hopeful - made.met,
        "first_come": sum(worth[m.pair] for m in queue), "first_come_meetings": len(queue),
        "first_come_left_out": left_out(asked, queue), "heaviest_first": sum(worth[m.pair] for m in heavy),
        "heaviest_first_left_out": left_out(asked, heavy),
    }  # fmt: skip
    figures["margin"] = made.worth / figures["first_come"] - 1
    figures["margin_heaviest"] = made.worth / figures["heaviest_first"] - 1
    figures["drops"] = drops(asked, made.meetings, seed)
    return figures


def drops(asked: Asked, meetings: tuple[Meeting, ...], seed: int) -> list[dict[str, Any]]:
    """What happens when each of some participants drops out: mended, and for the first one planned anew."""
    chance = np.random.default_rng([seed, 1])
    busy = sorted({key for one in meetings for key in one.pair})
    found = []
    for n, gone in enumerate(chance.choice(busy, DROPS, replace=False).tolist()):
        then = without(asked, gone)
        must = sum(1 for one in meetings if gone in one.pair)
        began = time.process_time()
        mended = replan(then, meetings)
        line = {
            "must": must, "changed": mended.changed, "least": mended.least, "proved": mended.proved,
            "freed": len(mended.freed), "helped": mended.helped, "seconds": time.process_time() - began,
            "worth": sum(then.worth.get(m.pair, 0) for m in mended.meetings),
        }  # fmt: skip
        if n == 0:
            anew = plan(then)
            line |= {"anew_changed": len(set(meetings) - set(anew.meetings)), "anew_worth": anew.worth}
        found.append(line)
    return found


def interval(values: list[float], draws: int = 10_000) -> list[float]:
    """95 % bootstrap interval of the mean over seeds."""
    chance = np.random.default_rng(0)
    given = np.array(values)
    means = given[chance.integers(0, len(given), (draws, len(given)))].mean(axis=1)
    return [float(x) for x in np.quantile(means, (0.025, 0.975))]


def main() -> None:
    """Measures and writes."""
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument("--seeds", type=int, default=10)
    asks.add_argument("--out", type=Path)
    given = asks.parse_args()
    runs = []
    for seed in range(given.seeds):
        runs.append(one(seed))
        short = {k: round(v, 4) if isinstance(v, float) else v for k, v in runs[-1].items() if k != "drops"}
        sys.stderr.write(f"{short}\n")
    every = [line for run in runs for line in run["drops"]]
    first = [run["drops"][0] for run in runs]
    answer = {
        "machine": {"python": platform.python_version(), "cores": 2, "workers": 1},
        "question": {"people": PEOPLE, "tables": TABLES, "slots": SLOTS, "wishes": WISHES, "most": MOST},
        "gap": {"worst": max(r["gap"] for r in runs), "mean": float(np.mean([r["gap"] for r in runs]))},
        "seconds": {"worst": max(r["seconds"] for r in runs), "mean": float(np.mean([r["seconds"] for r in runs]))},
        "margin": {
            name: {"mean": float(np.mean([r[name] for r in runs])), "interval": interval([r[name] for r in runs])}
            for name in ("margin", "margin_heaviest")
        },
        "left_out": {
            name: sum(r[name] for r in runs)
            for name in ("left_out", "first_come_left_out", "heaviest_first_left_out")
        },
        "drops": {
            "n": len(every), "changed_beyond_must": sum(d["changed"] - d["must"] for d in every),
            "proved": sum(d["proved"] for d in every), "must": sum(d["must"] for d in every),
            "freed": sum(d["freed"] for d in every), "helped": sum(d["helped"] for d in every),
            "seconds_worst": max(d["seconds"] for d in every),
            "anew": [{k: d[k] for k in ("must", "changed", "anew_changed", "worth", "anew_worth")} for d in first],
        },
        "runs": runs,
    }  # fmt: skip
    text = json.dumps(answer, indent=1) + "\n"
    if given.out:
        given.out.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
