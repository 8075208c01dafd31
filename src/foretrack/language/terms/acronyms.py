"""Acronyms and what they stand for, as documents themselves introduce them: "large language model (LLM)"."""

from __future__ import annotations

from collections import Counter

import numpy as np

from foretrack.language.chinese import has_han
from foretrack.language.folding import Folding
from foretrack.language.tokens import BREAK, FIRST_WORD, OPEN, Tokens

_MAX_EXPANSION = 6
_MIN_LETTERS, _MAX_LETTERS = 2, 8


def introduced_acronyms(tokens: Tokens, folding: Folding) -> dict[tuple[int, tuple[int, ...]], int]:
    """How many times each acronym is introduced for each expansion.

    Returns folded word numbers: (acronym, expansion words) -> count. An expansion's words must begin, in
    order, with the acronym's letters (stop words may be skipped), or the words as a whole must contain its
    letters in order from the first word's first letter (Schwartz & Hearst 2003, "A simple algorithm for
    identifying abbreviation definitions in biomedical text", PSB 8:451-462).

    >>> from foretrack.language.folding import fold
    >>> from foretrack.language.tokens import tokenise
    >>> import numpy as np
    >>> tokens = tokenise([["Large language models (LLMs) and area under the curve (AUC) matter (see)."]])
    >>> folding = fold(tokens.words, np.ones(len(tokens.words), dtype=np.int64))
    >>> for (acronym, words), n in introduced_acronyms(tokens, folding).items():
    ...     print(folding.spellings[acronym], "=", " ".join(folding.spellings[w] for w in words), n)
    llms = large language models 1
    auc = area under the curve 1
    """
    numbers = tokens.numbers
    found: Counter[tuple[int, tuple[int, ...]]] = Counter()
    if len(numbers) < 4:
        return found
    opening = np.flatnonzero(numbers[:-2] == OPEN)
    opening = opening[(numbers[opening + 1] >= FIRST_WORD) & (numbers[opening + 2] <= OPEN)]
    candidate = np.array([_is_acronym(word) for word in tokens.words], dtype=bool)
    if not len(candidate):
        return found
    opening = opening[candidate[numbers[opening + 1] - FIRST_WORD]]
    for at in opening.tolist():
        short = tokens.words[numbers[at + 1] - FIRST_WORD]
        begin = max(0, at - _MAX_EXPANSION - 2)
        before = numbers[begin:at].tolist()
        if BREAK in before or OPEN in before:
            last_break = max(i for i, n in enumerate(before) if n <= OPEN)
            before = before[last_break + 1 :]
        if not before:
            continue
        spellings = [tokens.words[n - FIRST_WORD].lstrip("\x01") for n in before]
        stops = [bool(folding.stop[n - FIRST_WORD]) for n in before]
        length = _expansion_length(short, spellings, stops)
        if length:
            words = tuple(int(folding.folded[n - FIRST_WORD]) for n in before[-length:])
            found[int(folding.folded[numbers[at + 1] - FIRST_WORD]), words] += 1
    return found


def _is_acronym(word: str) -> bool:
    letters = word.removesuffix("s") if len(word) > 3 else word
    return (
        _MIN_LETTERS <= len(letters) <= _MAX_LETTERS
        and word.isascii()
        and word.isalnum()
        and any(character.isalpha() for character in word)
    )


def _expansion_length(short: str, words: list[str], stops: list[bool]) -> int:
    """Number of words before the bracket that the acronym stands for; 0 if none fits."""
    for letters in (short, short.removesuffix("s")) if len(short) > 3 else (short,):
        by_initials = _match_initials(letters, words, stops)
        if by_initials:
            return by_initials
    letters = short.removesuffix("s") if len(short) > 3 else short
    if len(letters) >= 3 and not any(has_han(word) for word in words):
        return _match_inside(letters, words, stops)
    return 0


def _match_initials(letters: str, words: list[str], stops: list[bool]) -> int:
    position = len(words)
    for letter in reversed(letters):
        position -= 1
        while position >= 0 and stops[position] and words[position][0] != letter:
            position -= 1
        if position < 0 or words[position][0] != letter:
            return 0
    return len(words) - position


def _match_inside(letters: str, words: list[str], stops: list[bool]) -> int:
    """Letters in order inside the words, the first one at the beginning of a word that is no stop word."""
    limit = min(len(letters) + 1, 4, len(words))
    for length in range(1, limit + 1):
        chosen = words[-length:]
        if stops[-length] or chosen[0][0] != letters[0]:
            continue
        text = " ".join(chosen)
        if len(text) < 2 * len(letters):
            continue
        at = 0
        for letter in letters:
            at = text.find(letter, at) + 1
            if at == 0:
                break
        else:
            # Each word must carry a letter at its beginning, or a chance match gets through.
            if all(word[0] in letters for word in chosen):
                return length
    return 0
