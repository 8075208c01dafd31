"""Which names of products stand in a text: for a catalogue whose entries are named in a few words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping

LEAST = 0.4
"""A likeness below is no proposal."""


def named_in(text: Collection[str], names: Mapping[str, Collection[str]]) -> dict[str, float]:
    """Key to the share of a name's words that stand in the text, the most alike first.

    Words count by their rarity among the names, ln(1 + n / n_word), so that "machine" alone proposes nothing.

    >>> names = {"a": ["laying", "machine"], "b": ["winding", "machine"], "c": ["press"]}
    >>> found = named_in(["a", "laying", "machine", "for", "cells"], names)
    >>> [(key, round(share, 2)) for key, share in found.items()]  # b: ln 2.5 / (ln 2.5 + ln 4) = .398
    [('a', 1.0)]
    """
    spread = Counter(word for words in names.values() for word in set(words))
    weight = {word: math.log(1 + len(names) / n) for word, n in spread.items()}
    there = set(text)
    found = {}
    for key, words in names.items():
        whole = sum(weight[word] for word in set(words))
        share = sum(weight[word] for word in set(words) & there) / whole if whole else 0.0
        if share >= LEAST:
            found[key] = share
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
