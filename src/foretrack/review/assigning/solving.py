"""The best assignment of reviewers to submissions, as a flow of least cost, and a bound that anyone can check."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretrack.foundation.errors import HouseError, InputError

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]
Yes = npt.NDArray[np.bool_]

STEP = 1e-6
"""Fits are rounded to this before they are solved: the answer is the best up to half of it for every pair."""
_TIES = 256
"""Parts of a step by which the seed orders pairs of equal fit."""
_MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """That a reviewer reviews a submission."""

    submission: str
    reviewer: str
    fit: float
    given: bool = False
    """It stood before and was kept."""


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Why not everything can be filled: these submissions may only go to these reviewers, who have not room enough."""

    submissions: tuple[str, ...]
    reviewers: tuple[str, ...]
    places: int
    """Reviews that these submissions need."""
    room: int
    """Reviews that can be had for them: each reviewer at most once a submission, and no more than the load."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """The answer."""

    pairs: tuple[Pair, ...]
    """Those given and those found, by submission, then by reviewer."""
    total: float
    """Sum of fits."""
    bound: float
    """No assignment that gives every submission as many reviewers, keeps the pairs given and serves the least loads
    no worse has a greater sum: `price_bound` at `prices`."""
    prices: Mapping[str, float]
    """What a place with each reviewer is worth in fit: the proof of the bound."""
    loads: Mapping[str, int]
    """Reviews of each reviewer, those given among them."""
    short: Mapping[str, int]
    """How many reviewers are missing, by submission; empty when the assignment is whole."""
    bottleneck: Bottleneck | None
    """Why it is short."""
    below: Mapping[str, int]
    """How many reviews are missing to the least load, by reviewer."""

    @property
    def gap(self) -> float:
        """How far the sum is below the bound at most, as a share of it."""
        return max(0.0, 1 - self.total / self.bound) if self.bound > 0 else 0.0


def assign(
    fit: Float,
    allowed: Yes,
    *,
    submissions: Sequence[str],
    reviewers: Sequence[str],
    needed: int | Sequence[int],
    most: int | Sequence[int],
    least: int | Sequence[int] = 0,
    given: Iterable[tuple[str, str]] = (),
    seed: str = "",
    partial: bool = False,
) -> Assignment:
    """The assignment with the greatest sum of fits in which every submission has its reviewers.

    Maximise sum fit[s, r] x[s, r] with x in {0, 1}, x = 0 where not allowed, sum over r of x[s, r] = needed[s] and
    sum over s of x[s, r] <= most[r]: a flow of least cost from submissions over reviewers (Ahuja, Magnanti & Orlin
    1993, "Network Flows", chapter 9), whose best solution is whole-numbered by itself. Equal fits are told apart by a
    hash of seed and keys, so that the same input gives the same pairs, in whatever order its rows come.

    Args:
        fit: (n_submissions, n_reviewers), 0..1.
        allowed: the same shape; False where there is a conflict.
        needed: reviewers for each submission, those given among them.
        most: the greatest load of each reviewer, reviews given among it.
        least: a load that each reviewer shall have where that is possible, for a fair share; `below` says who is not.
        given: pairs that stand (submission, reviewer): a reviewer who drops out is left out of `reviewers` or not
            allowed,
            and everything else stays.
        partial: as many pairs as possible are given back with `short` and `bottleneck`, where otherwise it is an error.

    Raises:
        InputError: there are not enough allowed reviewers, shapes or numbers that do not go together, or a pair given
            that is not
            allowed, comes twice or exceeds a number.

    >>> import numpy as np
    >>> answer = assign(
    ...     np.array([[.9, .8, .1], [.9, .2, .1]]), np.ones((2, 3), dtype=bool),
    ...     submissions=["s1", "s2"], reviewers=["r1", "r2", "r3"], needed=1, most=1,
    ... )
    >>> [(p.submission, p.reviewer) for p in answer.pairs], round(answer.total, 6), round(answer.bound, 6)
    ([('s1', 'r2'), ('s2', 'r1')], 1.7, 1.7)
    >>> {name: round(price, 6) for name, price in answer.prices.items()}    # another place with r1 would win .1
    {'r1': 0.1, 'r2': 0.0, 'r3': 0.0}
    """
    task = _Task.of(fit, allowed, submissions, reviewers, needed, most, least, tuple(given), seed)
    chosen = task.solve()
    missing = task.open_needed - chosen.sum(axis=1)
    bottleneck = task.bottleneck(chosen, missing) if missing.any() else None
    short = {task.submissions[s]: int(missing[s]) for s in np.flatnonzero(missing)}
    if bottleneck is not None and not partial:
        raise _too_few(short, bottleneck)
    return task.answer(chosen, short, bottleneck)


def price_bound(
    fit: Float, allowed: Yes, *, needed: Int, most: Int, prices: Float, least: Int | None = None
) -> float:
    """A sum of fits that no whole assignment exceeds, whatever the prices (Lagrange's dual; Fisher 1981,
    doi:10.1287/mnsc.27.1.1).

    sum over r of max(prices[r] most[r], prices[r] least[r]) + sum over s of the needed[s] greatest fit[s, r] -
    prices[r] allowed. At the right prices it is the best sum itself, so that an assignment can be proved best without
    trusting who found it.

    >>> import numpy as np
    >>> fit, ok = np.array([[.9, .8], [.9, .2]]), np.ones((2, 2), dtype=bool)
    >>> one = np.array([1, 1])
    >>> [round(price_bound(fit, ok, needed=one, most=one, prices=np.array(p)), 6) for p in ([0., 0.], [.1, 0.])]
    [1.8, 1.7]
    """
    floor = np.zeros_like(most) if least is None else least
    worth = np.where(allowed, fit - prices, -np.inf)
    ranked = -np.sort(-worth, axis=1)
    taken = np.arange(ranked.shape[1]) < needed[:, None]
    gained = ranked[taken & np.isfinite(ranked)].sum()
    return float(np.maximum(prices * most, prices * floor).sum() + gained)


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """Checked input in the order of the keys, with what is left beside the pairs given."""

    fit: Float
    open: Yes
    """Allowed and not given."""
    submissions: tuple[str, ...]
    reviewers: tuple[str, ...]
    open_needed: Int
    open_most: Int
    open_least: Int
    given: Yes
    least: Int
    cost: Int
    """What a pair costs the solver: what is missing to a fit of 1 in steps, and below a step the order by the seed."""

    @classmethod
    def of(
        cls, fit: Float, allowed: Yes, submissions: Sequence[str], reviewers: Sequence[str], needed: int | Sequence[int],
        most: int | Sequence[int], least: int | Sequence[int], given: Sequence[tuple[str, str]], seed: str,
    ) -> _Task:  # fmt: skip
        shape = (len(submissions), len(reviewers))
        for values in (fit, allowed):
            if values.shape != shape:
                raise InputError.of(
                    "a table of {rows} x {columns}", expected="{s} submissions x {r} reviewers",
                    do="give one row for each submission and one column for each reviewer",
                    rows=values.shape[0] if values.ndim else 0,
                    columns=values.shape[1] if values.ndim > 1 else 0, s=shape[0], r=shape[1],
                )  # fmt: skip
        if not np.isfinite(fit).all() or (fit < 0).any() or (fit > 1).any():
            raise InputError.of(
                "a fit that is no number from 0 to 1", expected="numbers from 0 to 1", do="correct the fits"
            )
        for names in (submissions, reviewers):
            if len(set(names)) != len(names):
                twice = next(name for i, name in enumerate(names) if name in names[:i])
                raise InputError.of(
                    "{name!r} is given twice", expected="each submission and each reviewer once",
                    do="leave the second one out", name=twice[:80],
                )  # fmt: skip
        rows = np.array(sorted(range(shape[0]), key=lambda i: submissions[i]), dtype=np.int64)
        columns = np.array(sorted(range(shape[1]), key=lambda i: reviewers[i]), dtype=np.int64)
        counts = [
            _whole(needed, shape[0])[rows],
            _whole(most, shape[1])[columns],
            _whole(least, shape[1])[columns],
        ]
        names_s = tuple(submissions[i] for i in rows)
        names_r = tuple(reviewers[i] for i in columns)
        may = allowed[np.ix_(rows, columns)].astype(bool)
        stands = _given(given, names_s, names_r, may)
        left = counts[0] - stands.sum(axis=1)
        room = counts[1] - stands.sum(axis=0)
        for values, names in ((left, names_s), (room, names_r)):
            if (values < 0).any():
                where = int(np.argmin(values))
                raise InputError.of(
                    "{name!r} has {n} more pairs given than it may have",
                    expected="no more pairs given than are needed and than the load allows",
                    do="take pairs out, or raise the number", name=names[where], n=-int(values[where]),
                )  # fmt: skip
        if (counts[2] > counts[1]).any():
            where = int(np.argmax(counts[2] - counts[1]))
            raise InputError.of(
                "the least load of {name!r} is {least}, the greatest {most}", expected="a least load up to the greatest",
                do="lower the least load", name=names_r[where], least=int(counts[2][where]),
                most=int(counts[1][where]),
            )  # fmt: skip
        ordered = np.asarray(fit, dtype=np.float64)[np.ix_(rows, columns)]
        return cls(
            fit=ordered, open=may & ~stands, submissions=names_s,
            reviewers=names_r, open_needed=left, open_most=room,
            open_least=np.maximum(0, counts[2] - stands.sum(axis=0)), given=stands, least=counts[2],
            cost=np.rint((1 - ordered) / STEP).astype(np.int64) * _TIES + _noise(seed, names_s, names_r),
        )  # fmt: skip

    def solve(self) -> Yes:
        """The pairs to add: as many as possible, then as many within the least loads as possible, then of the
        greatest sum."""
        from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

        n, m = self.fit.shape
        chosen = np.zeros((n, m), dtype=bool)
        rows, columns = np.nonzero(self.open)
        if not len(rows) or not self.open_needed.any():
            return chosen
        # More than any exchange along a chain of reviewers could win: what a place within the least load is worth,
        # and what a review costs that is missing. Those flow past the reviewers, so that there is always an answer.
        above = (int(self.cost.max()) + 1) * (min(n, m) + 1)
        flow = SimpleMinCostFlow()
        add = flow.add_arcs_with_capacity_and_unit_cost
        pairs = add(
            _i32(rows), _i32(n + columns), np.ones(len(rows), dtype=np.int64), self.cost[rows, columns]
        )
        sink = np.full(m, n + m)
        within = np.minimum(self.open_least, self.open_most)
        add(_i32(n + np.arange(m)), _i32(sink), within, np.full(m, -above, dtype=np.int64))
        add(_i32(n + np.arange(m)), _i32(sink), self.open_most - within, np.zeros(m, dtype=np.int64))
        add(_i32(np.arange(n)), _i32(np.full(n, n + m)), self.open_needed, np.full(n, above, dtype=np.int64))
        flow.set_nodes_supplies(
            _i32(np.arange(n + m + 1)),
            np.concatenate([self.open_needed, np.zeros(m, dtype=np.int64), [-int(self.open_needed.sum())]]),
        )
        status = flow.solve()
        if status != flow.OPTIMAL:
            raise HouseError(
                f"the solver of flows says {status.name}", do="report this with the numbers of the call"
            )
        used = np.asarray(flow.flows(pairs)) > 0
        chosen[rows[used], columns[used]] = True
        return chosen

    def bottleneck(self, chosen: Yes, missing: Int) -> Bottleneck:
        """What a walk along exchanges reaches from the submissions that miss somebody (the cut of the greatest flow).

        Every reviewer whom a reached submission may have and has not is reached; every submission that a reached
        reviewer has could give that reviewer up. No reached reviewer has room, or the walk would have ended in one
        more pair.
        """
        reached = missing > 0
        while True:
            full: Yes = np.asarray((self.open & ~chosen)[reached].any(axis=0), dtype=bool)
            more = reached | chosen[:, full].any(axis=1)
            if (more == reached).all():
                break
            reached = more
        alone = self.open[np.ix_(reached, ~full)].sum()  # pairs with everyone else are all taken
        return Bottleneck(
            tuple(np.array(self.submissions)[reached].tolist()),
            tuple(np.array(self.reviewers)[full | self.open[reached].any(axis=0)].tolist()),
            int(self.open_needed[reached].sum()),
            int(self.open_most[full].sum() + alone),
        )

    def answer(self, chosen: Yes, short: Mapping[str, int], bottleneck: Bottleneck | None) -> Assignment:
        pairs = chosen | self.given
        loads = pairs.sum(axis=0)
        prices = self._prices(chosen)
        bound = price_bound(
            self.fit, self.open, needed=chosen.sum(axis=1), most=self.open_most, prices=prices,
            least=np.minimum(self.open_least, chosen.sum(axis=0)),
        )  # fmt: skip
        return Assignment(
            pairs=tuple(
                Pair(self.submissions[s], self.reviewers[r], float(self.fit[s, r]), bool(self.given[s, r]))
                for s, r in zip(*np.nonzero(pairs), strict=True)
            ),
            total=float(self.fit[pairs].sum()),
            bound=bound + float(self.fit[self.given].sum()),
            prices=dict(zip(self.reviewers, prices.tolist(), strict=True)),
            loads=dict(zip(self.reviewers, loads.tolist(), strict=True)),
            short=short,
            bottleneck=bottleneck,
            below={
                self.reviewers[r]: int(self.least[r] - loads[r]) for r in np.flatnonzero(loads < self.least)
            },
        )

    def _prices(self, chosen: Yes) -> Float:
        """Prices at which everybody already has what is worth most: the longest ways along exchanges.

        That a submission has r and not q needs price[q] >= price[r] + fit[s, q] - fit[s, r]; a reviewer above the
        least load costs at least nothing, one at it may cost less. Bellman-Ford from there, in the solver's whole
        numbers: no round of exchanges wins anything in the best assignment, so that it comes to rest.
        """
        m = len(self.reviewers)
        worth = np.where(self.open & ~chosen, -self.cost.astype(np.float64), -np.inf)
        step = np.full((m, m), -np.inf)
        for r in range(m):
            has = np.flatnonzero(chosen[:, r])
            if len(has):
                step[r] = (worth[has] + self.cost[has, r][:, None]).max(axis=0)
        held = (chosen.sum(axis=0) <= self.open_least) & (self.open_least > 0)
        prices = np.where(held, -float((m + 1) * (self.cost.max(initial=0) + 1)), 0.0)
        for _ in range(m):
            raised = np.maximum(prices, (prices[:, None] + step).max(axis=0, initial=-np.inf))
            if (raised == prices).all():
                break
            prices = raised
        return prices * (STEP / _TIES)


def _too_few(short: Mapping[str, int], bottleneck: Bottleneck) -> InputError:
    named = [f"{name} −{n}" for name, n in short.items()]
    return InputError.of(
        "{n} reviews cannot be given: {submissions}{more}",
        expected="reviewers enough without a conflict: {places} are needed for {s} submissions, which may only go to {r} "
        "reviewers with room for {room}",
        do="add reviewers, raise their load, or ask for fewer reviews; or take the part that can be assigned",
        n=sum(short.values()), submissions=", ".join(named[:_MOST_SHOWN]), more=" …" if len(named) > _MOST_SHOWN else "",
        places=bottleneck.places, s=len(bottleneck.submissions), r=len(bottleneck.reviewers), room=bottleneck.room,
    )  # fmt: skip


def _whole(value: int | Sequence[int], n: int) -> Int:
    counts = np.full(n, value) if isinstance(value, int) else np.asarray(value)
    if counts.shape != (n,) or (n and counts.dtype.kind not in "iu") or (counts < 0).any():
        raise InputError.of(
            "numbers that do not go with {n} rows: {value}", expected="one whole number from 0 up, or {n} of them",
            do="correct the numbers", n=n, value=str(value)[:60],
        )  # fmt: skip
    return counts.astype(np.int64)


def _given(
    given: Sequence[tuple[str, str]], submissions: Sequence[str], reviewers: Sequence[str], may: Yes
) -> Yes:
    stands = np.zeros_like(may)
    row = {name: i for i, name in enumerate(submissions)}
    column = {name: i for i, name in enumerate(reviewers)}
    for submission, reviewer in given:
        place = row.get(submission, -1), column.get(reviewer, -1)
        if -1 in place or not may[place] or stands[place]:
            raise InputError.of(
                "the pair of {submission} and {reviewer} cannot be kept",
                expected="pairs without a conflict, each once, of submissions and reviewers of this call",
                do="take the pair out", submission=submission[:80], reviewer=reviewer[:80],
            )  # fmt: skip
        stands[place] = True
    return stands


def _noise(seed: str, submissions: Sequence[str], reviewers: Sequence[str]) -> Int:
    """0..255 for each pair, from a hash of the seed and both keys (finished with the mixer of splitmix64)."""
    halves = [
        np.array(
            [
                int.from_bytes(hashlib.sha256(f"{seed}:{side}:{name}".encode()).digest()[:8], "big")
                for name in names
            ],
            dtype=np.uint64,
        )
        for side, names in (("submission", submissions), ("reviewer", reviewers))
    ]
    mixed = halves[0][:, None] ^ halves[1][None, :]
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return (mixed >> np.uint64(56)).astype(np.int64)


def _i32(values: npt.NDArray[np.integer]) -> npt.NDArray[np.int32]:
    return values.astype(np.int32)
