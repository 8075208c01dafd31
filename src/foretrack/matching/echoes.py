"""Profiles that answer by repeating: the asker's own words given back, or a few words said again and again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Echo = Literal["", "repeats the other side", "repeats itself"]

LEAST_WORDS = 12
"""Different words below which a text is too short to tell."""
BORROWED = 0.85
"""Share of a text's different words that may stand in the other's before it says nothing of its own."""
FEW, MOST = 5, 0.5
"""So many words may make at most this share of a text; beyond it the text says the same again and again."""
LEAST_LENGTH = 60
"""Words below which that is not asked."""


def echo(asking: Mapping[str, int], other: Mapping[str, int]) -> Echo:
    """Whether a text says something of its own, by the counted words of both.

    Word counts alone can be bought by copying a need into an offer. A real answer has words of its own (how it works,
    what it reached); one that has hardly any is listed after all others, and it is said why.

    >>> need = dict.fromkeys("abcdefghijklmnop", 1)
    >>> echo(need, need), echo(need, dict.fromkeys("abcdefgh" + "ABCDEFGH", 1)), echo(need, {"a": 40, "b": 30})
    ('repeats the other side', '', 'repeats itself')
    """
    if len(other) >= LEAST_WORDS and len(other.keys() & asking.keys()) > BORROWED * len(other):
        return "repeats the other side"
    total = sum(other.values())
    if total >= LEAST_LENGTH and sum(sorted(other.values(), reverse=True)[:FEW]) > MOST * total:
        return "repeats itself"
    return ""
