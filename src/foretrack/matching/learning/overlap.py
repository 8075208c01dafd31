"""How alike two rankings are where it matters: at their tops."""

from __future__ import annotations

from collections.abc import Sequence


def rank_biased_overlap(first: Sequence[str], second: Sequence[str], p: float = 0.9) -> float:
    """0 (nothing in common) to 1 (the same list), extrapolated beyond the shorter list's end.

    Webber, Moffat, Zobel 2010, doi:10.1145/1852102.1852106, equation 32 for lists of unequal length; no key twice in one.

    Args:
        p: how far down somebody looks: on average 1 / (1 - p) places.

    >>> rank_biased_overlap(["a", "b", "c"], ["a", "b", "c"]), rank_biased_overlap(["a", "b"], ["c", "d"])
    (1.0, 0.0)
    >>> round(rank_biased_overlap(["a", "b", "c"], ["b", "a", "c"]), 3)
    0.9
    """
    short, long = sorted((list(first), list(second)), key=len)
    s, n = len(short), len(long)
    if not s:
        return 1.0 if not n else 0.0
    seen_short: set[str] = set()
    seen_long: set[str] = set()
    shared = [0] * (n + 1)
    for depth in range(1, n + 1):
        if depth <= s:
            seen_short.add(short[depth - 1])
        seen_long.add(long[depth - 1])
        shared[depth] = len(seen_short & seen_long)
    total = sum(shared[d] / d * p**d for d in range(1, n + 1))
    total += sum(shared[s] * (d - s) / (s * d) * p**d for d in range(s + 1, n + 1))
    rest = ((shared[n] - shared[s]) / n + shared[s] / s) * p**n
    return min(1.0, (1 - p) / p * total + rest)
