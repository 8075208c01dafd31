"""Spellings of one word become one: plural, British and American, simplified and traditional, hyphenated.

Folding looks at the vocabulary it is given and nothing else: "models" becomes "model" only where "model" is
used as well. Given the vocabulary of documents up to a year, it knows nothing later.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretrack.language.chinese import has_han, simplify
from foretrack.language.lists import word_list
from foretrack.language.tokens import FIRST_WORD, HYPHEN, OPEN, Tokens, join_freeing

# (British ending, American ending); applied only where the American spelling is in the vocabulary.
_SPELLINGS = (
    ("isations", "izations"), ("isation", "ization"), ("ising", "izing"), ("ised", "ized"), ("iser", "izer"),
    ("isers", "izers"), ("ise", "ize"), ("ises", "izes"), ("ysing", "yzing"), ("ysed", "yzed"), ("yse", "yze"),
    ("our", "or"), ("ours", "ors"), ("oured", "ored"), ("oural", "oral"), ("ouring", "oring"),
    ("lling", "ling"), ("lled", "led"), ("ller", "ler"), ("llers", "lers"), ("tre", "ter"), ("tres", "ters"),
    ("bre", "ber"), ("bres", "bers"), ("ogue", "og"), ("ogues", "ogs"), ("ence", "ense"), ("ences", "enses"),
    ("aluminium", "aluminum"), ("grey", "gray"), ("sulphur", "sulfur"),
)  # fmt: skip
_CHUNK_TOKENS = 1 << 22
_WHOLE_WORDS = frozenset({"aluminium", "grey", "sulphur"})
_MIN_SINGULAR_SHARE = 0.03
"""A singular that is used this much less than its plural is another word or a slip: "3dgs" is no plural of "3dg"."""
_MARKUP = re.compile(
    r"and(?:quot|apos|amp|lt|gt|nbsp)"
    r"|^(?:mathcal|mathbb|mathbf|mathrm|mathsf|mathfrak|widetilde|tilde|widehat|textbf|textit|texttt)[a-z]{0,2}$"
)
"""An entity of HTML whose ampersand some exporter spelt out ("todayandapos;s"), or a command of TeX ("mathcalo")."""
_DIGITS = re.compile(r"[0-9.]+")


@dataclass(frozen=True, slots=True)
class Folding:
    """What becomes of each word of a vocabulary.

    Shapes: all (n_words,) and parallel to the vocabulary, except `spellings` (n_folded,).
    """

    folded: npt.NDArray[np.int32]
    """Number of the folded word; parallel words share one."""
    spellings: tuple[str, ...]
    """The folded words."""
    stop: npt.NDArray[np.bool_]
    """Breaks a phrase, unless a hyphen binds it."""
    hyphen: npt.NDArray[np.bool_]
    """Hangs on the word before it."""


def fold(
    words: Sequence[str],
    counts: npt.NDArray[np.int64],
    stop_words: frozenset[str] | None = None,
    *,
    unfolded: frozenset[str] = frozenset(),
) -> Folding:
    """Folds a vocabulary.

    Args:
        words: spellings as `tokenise` numbers them, hyphen mark included.
        counts: int64 (n_words,), how often each occurs; a word with 0 does not exist for the others.
        stop_words: replaces the built-in hard stop words.
        unfolded: words that stay as they are, beside the built-in list of words that are no plurals.

    >>> import numpy as np
    >>> words = ["models", "model", "\\x01modelling", "modeling", "news", "new", "the", "機器", "机器"]
    >>> result = fold(words, np.ones(9, dtype=np.int64))
    >>> [result.spellings[number] for number in result.folded]
    ['model', 'model', 'modeling', 'modeling', 'news', 'new', 'the', '机器', '机器']
    """
    stops = stop_words if stop_words is not None else word_list("stop_en") | word_list("stop_zh")
    seen: dict[str, int] = {}
    bare = [word.removeprefix(HYPHEN) for word in words]
    for word, count in zip(bare, counts.tolist(), strict=True):
        if count:
            seen[word] = seen.get(word, 0) + count
    keep = word_list("not_plural") | unfolded
    numbering: dict[str, int] = {}
    cache: dict[str, int] = {}
    folded = np.zeros(len(words), dtype=np.int32)
    stop = np.zeros(len(words), dtype=bool)
    hyphen = np.zeros(len(words), dtype=bool)
    for index, word in enumerate(bare):
        number = cache.get(word)
        if number is None:
            spelling = _fold_word(word, seen, keep)
            number = cache[word] = numbering.setdefault(spelling, len(numbering))
        folded[index] = number
        hyphen[index] = words[index][:1] == HYPHEN
        stop[index] = word in stops or _MARKUP.search(word) is not None
    return Folding(folded, tuple(numbering), stop, hyphen)


def fold_more(folding: Folding, words: Sequence[str], counts: npt.NDArray[np.int64]) -> Folding:
    """The same folding for a vocabulary that goes on with words of later documents, which teach nothing.

    A later word counts as a spelling of a word that was there ("transformers" of "transformer"); what folds to no word
    that was there becomes a break (-1).

    Args:
        words: begin with the words that `folding` was made of; counts: int64 (n_words of `folding`,), as then.

    >>> import numpy as np
    >>> before = fold(["model", "of"], np.ones(2, dtype=np.int64))
    >>> fold_more(before, ["model", "of", "models", "agent"], np.ones(2, dtype=np.int64)).folded.tolist()
    [0, 1, 0, -1]
    """
    n_before = len(folding.folded)
    stops = word_list("stop_en") | word_list("stop_zh")
    keep = word_list("not_plural")
    seen: dict[str, int] = {}
    for word, count in zip(words[:n_before], counts.tolist(), strict=True):
        if count:
            bare = word.removeprefix(HYPHEN)
            seen[bare] = seen.get(bare, 0) + count
    numbering = {spelling: number for number, spelling in enumerate(folding.spellings)}
    later = [word.removeprefix(HYPHEN) for word in words[n_before:]]
    folded = np.array([numbering.get(_fold_word(word, seen, keep), -1) for word in later], dtype=np.int32)
    stop = np.array([word in stops or _MARKUP.search(word) is not None for word in later], dtype=bool)
    hyphen = np.array([word[:1] == HYPHEN for word in words[n_before:]], dtype=bool)
    return Folding(
        np.concatenate((folding.folded, folded)), folding.spellings,
        np.concatenate((folding.stop, stop)), np.concatenate((folding.hyphen, hyphen)),
    )  # fmt: skip


def _fold_word(word: str, seen: dict[str, int], keep: frozenset[str]) -> str:
    if not word.isascii():
        return simplify(word) if has_han(word) else word
    if len(word) < 4 or _DIGITS.fullmatch(word):
        # "gans" has four letters; shorter plurals ("ms", "is") are more often something else.
        return word
    for british, american in _SPELLINGS:
        if word.endswith(british) and (len(word) > len(british) + 1 or word in _WHOLE_WORDS):
            twin = word[: -len(british)] + american
            if twin in seen:
                word = twin
                break
    if word[-1] != "s" or word in keep or word.endswith(("ss", "us", "is")):
        return word
    for candidate in _singulars(word):
        if seen.get(candidate, 0) >= _MIN_SINGULAR_SHARE * seen.get(word, 1):
            return candidate
    return word


def _singulars(word: str) -> list[str]:
    if word.endswith("ies"):
        return [word[:-3] + "y", word[:-1]]
    if word.endswith("ices"):
        return [word[:-4] + "ix", word[:-4] + "ex", word[:-1]]
    if word.endswith(("yses", "theses")):
        return [word[:-2] + "is", word[:-1]]
    if word.endswith("ses") and not word.endswith("sses"):
        return [word[:-1], word[:-2]]
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return [word[:-2], word[:-1]]
    return [word[:-1]]


@dataclass(frozen=True, slots=True)
class Stream:
    """Folded words of all documents with stop words and punctuation turned into breaks.

    Shapes: `folded` and `raw` int32 (n,), -1 is a break, runs of breaks collapsed; `offsets` (n_documents + 1,).
    `raw` keeps the vocabulary number (without FIRST_WORD) of each word, for its spelling.
    """

    folded: npt.NDArray[np.int32]
    raw: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]


def break_at_stops(tokens: Tokens, folding: Folding) -> Stream:
    """The stream of content words that phrases are read from.

    A stop word breaks, but not where a hyphen binds it: both words of "few-shot" count.

    >>> import numpy as np
    >>> from foretrack.language.tokens import tokenise
    >>> tokens = tokenise([["The end-to-end model of it"]])
    >>> folding = fold(tokens.words, np.ones(len(tokens.words), dtype=np.int64))
    >>> [folding.spellings[n] if n >= 0 else "|" for n in break_at_stops(tokens, folding).folded.tolist()]
    ['|', 'end', 'to', 'end', 'model', '|']
    """
    folded: list[npt.NDArray[np.int32]] = []
    raw: list[npt.NDArray[np.int32]] = []
    lengths: list[npt.NDArray[np.int64]] = []
    first = 0
    # Some thousand documents at a time: the masks of a whole corpus would outweigh it.
    while first < tokens.n_documents:
        last = int(np.searchsorted(tokens.offsets, tokens.offsets[first] + _CHUNK_TOKENS, side="right")) - 1
        last = min(max(last, first + 1), tokens.n_documents)
        offsets = tokens.offsets[first : last + 1]
        words, n_words = _break_chunk(tokens.numbers[offsets[0] : offsets[-1]], offsets - offsets[0], folding)
        raw.append(words)
        folded.append(
            np.where(words >= 0, folding.folded[np.maximum(words, 0)], np.int32(-1))
            if len(folding.folded)
            else np.full(len(words), -1, np.int32)
        )
        lengths.append(n_words)
        first = last
    total = np.zeros(tokens.n_documents + 1, dtype=np.int64)
    if lengths:
        np.cumsum(np.concatenate(lengths), out=total[1:])
    return Stream(join_freeing(folded), join_freeing(raw), total)


def _break_chunk(
    numbers: npt.NDArray[np.int32], offsets: npt.NDArray[np.int64], folding: Folding
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Vocabulary numbers of some documents with breaks as -1, and how many each document has."""
    is_word = numbers > OPEN
    index = np.where(is_word, numbers - FIRST_WORD, np.int32(0))
    if len(folding.stop):
        hangs = folding.hyphen[index] & is_word
        stops = folding.stop[index] & is_word
    else:
        hangs = stops = np.zeros(len(numbers), dtype=bool)
    stops &= ~hangs
    starts = offsets[:-1][offsets[:-1] < len(numbers)]
    # The hyphen at the beginning of a document hangs on nothing in the one before.
    bound = np.append(hangs[1:], False)
    bound[starts[starts > 0] - 1] = False
    stops &= ~bound
    breaks = ~is_word | stops
    keep = ~breaks
    # The first break of a run stays, so that no phrase crosses it.
    keep[0:1] = True
    keep[1:] |= breaks[1:] & ~breaks[:-1]
    keep[starts] = True
    kept_before = np.concatenate(([0], np.cumsum(keep)))
    index[breaks] = -1
    return index[keep], np.diff(kept_before[offsets])
