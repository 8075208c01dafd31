"""Which concepts are the same thing in other words: pairs of them are no fusion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from scipy import sparse

from foretrack.language.chinese import has_han

_STEM = 5
"""Letters by which two inflections of a word are taken as one ("classification", "classifier")."""
_SHORT = 6
"""Spellings with fewer letters are never one letter apart by accident of typing: "lstm" and "lst" are two things."""
_MAX_WORDS = 6
"""Longer spellings are compared whole: all parts of six words are 63, of twelve 4,095."""


def same_thing(forms: Sequence[Sequence[str]]) -> sparse.csr_array:
    """Pairs of concepts of which one is a part, an inflection or a misspelling of the other.

    A pair is meant when for any two of their spellings the words of one contain all words of the other, the words
    begin alike (five letters), or the letters differ by one at most. Chinese spellings contain each other as strings.

    Args:
        forms: spellings of each concept.

    Returns:
        bool (n_concepts, n_concepts), symmetric, no diagonal.

    >>> same_thing([("neural network",), ("convolutional neural network",), ("graph",)]).toarray()[0].tolist()
    [False, True, False]
    >>> same_thing([("图神经网络",), ("神经网络",), ("optimisation",), ("optimization",)]).toarray().nonzero()[0].tolist()
    [0, 1, 2, 3]
    """
    n = len(forms)
    whole: dict[tuple[str, ...], set[int]] = defaultdict(set)
    stems: dict[tuple[str, ...], set[int]] = defaultdict(set)
    letters: dict[str, set[int]] = defaultdict(set)
    for concept, spellings in enumerate(forms):
        for form in spellings:
            whole[_words(form)].add(concept)
            stems[tuple(sorted({word[:_STEM] for word in _words(form)}))].add(concept)
            solid = form.replace(" ", "").replace("-", "")
            letters[solid].add(concept)
            if len(solid) >= _SHORT and not has_han(solid):
                for at in range(len(solid)):
                    letters[solid[:at] + "\0" + solid[at + 1 :]].add(concept)
                    letters[solid[:at] + solid[at + 1 :]].add(concept)
    found: set[tuple[int, int]] = set()
    for group in (*stems.values(), *letters.values()):
        found.update(combinations(sorted(group), 2))
    for concept, spellings in enumerate(forms):
        for form in spellings:
            for part in _parts(form):
                found.update((min(concept, o), max(concept, o)) for o in whole.get(part, ()) if o != concept)
    pairs = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    both = np.concatenate([pairs, pairs[:, ::-1]])
    return sparse.csr_array((np.ones(len(both), dtype=bool), (both[:, 0], both[:, 1])), shape=(n, n))


def _words(form: str) -> tuple[str, ...]:
    """The words of a spelling, sorted, each once; a Chinese spelling is one word."""
    return tuple(sorted(set(form.replace("-", " ").split())))


def _parts(form: str) -> Iterator[tuple[str, ...]]:
    """Every set of words that a spelling contains; the strings of two and more characters within a Chinese one."""
    if has_han(form):
        for start in range(len(form)):
            for stop in range(start + 2, len(form) + 1):
                yield (form[start:stop],)
        return
    words = _words(form)
    if len(words) > _MAX_WORDS:
        yield words
        return
    for size in range(1, len(words) + 1):
        yield from combinations(words, size)
