"""Which phrases name something: cohesion, independence, specificity, and lists of words that never do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretrack.language.chinese import has_han
from foretrack.language.lists import word_list
from foretrack.language.terms.counting import Level, PhraseCounts, Worth, find_phrase

Bool = npt.NDArray[np.bool_]
Float = npt.NDArray[np.float64]

MIN_NPMI = 0.10
"""Cohesion that any phrase needs (Bouma 2009 scale, -1..1)."""
MIN_NPMI_SOFT = 0.30
"""Cohesion of a phrase that begins or ends with a soft word: "large language model", not "large dataset"."""
MAX_NESTED = 0.80
"""A phrase that stands inside one longer phrase in at least this share of its documents is that phrase."""
MIN_CLUMPING = 1.22
"""Occurrences per document from which a single word is specific: names of techniques are repeated where they
are used, general words are not (Church & Gale 1995, "Inverse document frequency: a measure of deviations from
Poisson")."""
ENOUGH_NAMED = 3
"""Documents that must list a phrase as a keyword or introduce an acronym for it, to overrule doubts."""
MIN_CLUMPING_COMMON = 2.2
"""The same for words of general language ("column", "session"): only where a text keeps repeating them."""
MIN_NAMED_SHARE = 0.05
"""Share of a single word's documents that must name it as a keyword or acronym, beside `ENOUGH_NAMED`."""
MIN_NAMED_SHARE_SHORT = 0.10
"""The same for Chinese words of up to two characters, nearly all of which are general language."""
_ENOUGH_RECENT = 5
_LETTER_DIGIT = re.compile(r"[a-z][0-9]")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_REFERENCE = re.compile(r"(?:wg|tc|sc|tg|rel|fig|eq|sec|ch|no|vol|ver|v|r)[0-9][0-9.]*|[a-z]+0[0-9]+")
"""Pointers, not names: "wg2", "rel17", "r004"."""
_PHRASE_ADJECTIVES = ("ional", "ical", "arial", "ular", "ible", "ative")
_NOUNS = frozenset(
    (
        "chemical",
        "radical",
        "functional",
        "professional",
        "derivative",
        "alternative",
        "initiative",
        "narrative",
        "imperative",
        "preservative",
        "representative",
        "cooperative",
        "crucible",
        "modular",
        "vertical",
        "pandemic",
        "epidemic",
        "plastic",
        "ceramic",
        "antibiotic",
        "photovoltaic",
        "thermoelectric",
        "psychedelic",
        "mosaic",
        "testbed",
        "watershed",
        "assembly",
        "anomaly",
        "monopoly",
        "butterfly",
    )
)
"""Nouns that end like adjectives."""
_ADJECTIVE_ENDINGS = (
    "ed", "ly", "ful", "less", "able", "ible", "ous", "ive", "al", "ic", "ular", "ary", "ant", "ent", "est",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Termhood:
    """Verdict per phrase, level by level. Shapes: each array (n_phrases of the level,)."""

    kept: tuple[Bool, ...]
    npmi: tuple[Float, ...]
    c_value: tuple[Float, ...]


def npmi(joint: Float, left: Float, right: Float) -> Float:
    """Normalised pointwise mutual information of two parts, -1..1.

    Shapes: probabilities (n,), 0 < joint <= min(left, right) <= 1.
    Source: Bouma 2009, "Normalized (pointwise) mutual information in collocation extraction", GSCL.

    >>> import numpy as np
    >>> a = np.array([0.1]); float(npmi(a, a, a)[0])     # always together
    1.0
    >>> float(npmi(np.array([0.01]), a, a)[0]) == 0      # together as often as by chance
    True
    """
    joint = np.clip(joint, 1e-12, 1.0)
    information = np.log(joint) - np.log(left) - np.log(right)
    surprise = -np.log(joint)
    value: Float = np.where(surprise < 1e-12, 1.0, information / np.maximum(surprise, 1e-12))
    return value


def c_value(length: int, df: Float, nesting_sum: Float, nesting_count: Float) -> Float:
    """How much a phrase stands on its own, in documents.

    C-value(a) = log2(1 + |a|) * (f(a) - mean f(b) over the longer phrases b that contain a), with document
    frequencies for f and log2(1 + length) so that single words are not zero.
    Source: Frantzi, Ananiadou & Mima 2000, Int. J. Digital Libraries 3:115-130, doi:10.1007/s007999900023.
    Differs: 1 + length, document instead of term frequency.

    >>> import numpy as np
    >>> float(c_value(1, np.array([10.0]), np.array([8.0]), np.array([2.0]))[0])   # 1 * (10 - 4)
    6.0
    """
    mean = np.divide(nesting_sum, nesting_count, out=np.zeros_like(nesting_sum), where=nesting_count > 0)
    value: Float = np.log2(1 + length) * (df - mean)
    return value


def judge(
    counts: PhraseCounts,
    spellings: Sequence[str],
    occurrences: npt.NDArray[np.int64],
    n_documents: int,
    *,
    wanted: Mapping[tuple[int, ...], int] | None = None,
    unwanted: frozenset[str] = frozenset(),
    recent: npt.NDArray[np.bool_] | None = None,
) -> Termhood:
    """Which counted phrases are terms.

    Args:
        spellings: folded words by number.
        occurrences: int64 (n_words,), occurrences of each folded word.
        wanted: phrases that authors give as keywords or introduce with an acronym, with how many documents do;
            three such documents overrule doubts about specificity, never the lists.
        recent: per document, whether it is of the last years; nesting is then judged on those documents for
            phrases that enough of them carry, so that a person's old name does not keep "frank" beside "frank-wolfe".
        unwanted: words and phrases (folded, separated by spaces) that the user never wants to see.
    """
    traits = _WordTraits.of(spellings, unwanted)
    wanted_by_level = _wanted_indices(counts, wanted or {})
    n = max(n_documents, 1)
    first_word: list[npt.NDArray[np.int64]] = []
    npmis: list[Float] = []
    c_values: list[Float] = []
    kept: list[Bool] = []
    for level_number, level in enumerate(counts.levels, start=1):
        df = level.df.astype(np.float64)
        support = wanted_by_level[level_number - 1]
        if level_number == 1:
            first_word.append(level.last.copy())
            npmis.append(np.ones(len(level)))
            clumping = occurrences[level.last] / np.maximum(df, 1)
            needed = np.where(traits.common[level.last], MIN_CLUMPING_COMMON, MIN_CLUMPING)
            specific = (clumping >= needed) & ~traits.adjective[level.last] & ~traits.short_han[level.last]
            share = np.where(traits.short_han[level.last], MIN_NAMED_SHARE_SHORT, MIN_NAMED_SHARE)
            named = (support >= ENOUGH_NAMED) & (support >= share * df)
            good = (specific | traits.coded[level.last] | named) & traits.may_stand_alone[level.last]
            kept.append(good)
            continue
        below = counts.levels[level_number - 2]
        first = first_word[-1][level.prefix]
        first_word.append(first)
        word_df = _word_df(counts, len(spellings)) / n
        by_suffix = npmi(df / n, word_df[first], below.df[level.suffix] / n)
        by_prefix = npmi(df / n, below.df[level.prefix] / n, word_df[level.last])
        npmis.append(np.minimum(by_suffix, by_prefix))
        need_first = np.where(traits.soft[first], MIN_NPMI_SOFT, MIN_NPMI)
        need_last = np.where(traits.soft[level.last], MIN_NPMI_SOFT, MIN_NPMI)
        good = (by_suffix >= need_first) & (by_prefix >= need_last)
        good &= (
            ~traits.cannot_end[level.last]
            & ~traits.adjective_end[level.last]
            & ~traits.cannot_begin[first]
            & ~traits.boilerplate[first]
            & ~traits.boilerplate[level.last]
        )
        good &= ~(traits.empty[first] & traits.empty[level.last])
        # "significant challenge": a soft word before a weak head qualifies it and names nothing.
        before_last = below.last[level.prefix]
        good &= ~(traits.weak[level.last] & traits.soft[before_last])
        # "conveyor part 3": two soft words at the end are a title's numbering.
        good &= ~(traits.soft[level.last] & traits.soft[before_last])
        # A weak head adds nothing to the phrase before it, unless that phrase hardly occurs without it.
        head_share = df / np.maximum(below.df[level.prefix], 1)
        good &= ~(traits.weak[level.last] & (head_share < 0.5))
        tail_share = df / np.maximum(below.df[level.suffix], 1)
        good &= ~(traits.weak[first] & (tail_share < 0.5))
        # What authors list as a keyword or give an acronym is a term, however common its words are:
        # "vision-language model" has an NPMI of .02 in the years when everything is about language models.
        named = (support >= ENOUGH_NAMED) & ~traits.boilerplate[first] & ~traits.boilerplate[level.last]
        kept.append(
            good
            | (named & ~traits.cannot_end[level.last] & ~(traits.empty[first] & traits.empty[level.last]))
        )
    # What stands inside a listed phrase only goes with it: "pooled hazard" with "pooled hazard ratio".
    containing = [here.copy() for here in kept]
    _drop_listed(counts, kept, spellings, unwanted)
    recent_df = _recent_df(counts, recent)
    for level_number in range(1, len(counts.levels) + 1):
        nesting_sum, nesting_count, nesting_max = _nesting(counts, containing, level_number)
        df = counts.levels[level_number - 1].df.astype(np.float64)
        c_values.append(c_value(level_number, df, nesting_sum, nesting_count))
        here = kept[level_number - 1]
        nested = nesting_max >= MAX_NESTED * df
        if recent_df is not None:
            lately = _nesting_maximum(counts, containing, level_number, recent_df)
            enough = recent_df[level_number - 1] >= _ENOUGH_RECENT
            nested |= enough & (lately >= MAX_NESTED * recent_df[level_number - 1])
        here &= ~nested | (wanted_by_level[level_number - 1] >= ENOUGH_NAMED)
    return Termhood(tuple(kept), tuple(npmis), tuple(c_values))


@dataclass(frozen=True, slots=True)
class _WordTraits:
    """What a single folded word may do in a term. Shapes: all (n_words,)."""

    soft: Bool
    weak: Bool
    empty: Bool
    """Soft or weak: two of them make no term."""
    boilerplate: Bool
    cannot_begin: Bool
    cannot_end: Bool
    may_stand_alone: Bool
    adjective: Bool
    adjective_end: Bool
    """Ends like an adjective: "deep convolutional" waits for its noun."""
    coded: Bool
    """Letters and digits mixed ("resnet50", "5g"): names, not language."""
    common: Bool
    """Of general language: see `lists/common_en.txt`."""
    short_han: Bool
    """A Chinese word of at most two characters."""

    @staticmethod
    def of(spellings: Sequence[str], unwanted: frozenset[str]) -> _WordTraits:
        soft_list = word_list("soft_en") | word_list("soft_zh")
        hard = word_list("stop_en") | word_list("stop_zh")
        weak_list, generic = word_list("weak"), word_list("generic")
        boiler, ending = word_list("boilerplate"), word_list("ending")
        number = np.array([_is_number(word) for word in spellings], dtype=bool)
        year = np.array([_YEAR.fullmatch(word) is not None for word in spellings], dtype=bool)
        short = np.array([len(word) == 1 for word in spellings], dtype=bool)
        adverb = np.array(
            [word.isascii() and len(word) > 6 and word.endswith("ly") for word in spellings], dtype=bool
        )
        soft = _among(spellings, soft_list) | number | (adverb & ~_among(spellings, _NOUNS))
        stop = _among(spellings, hard)
        weak = _among(spellings, weak_list)
        boilerplate = _among(spellings, boiler | unwanted)
        adjective = np.array(
            [
                word.isascii() and len(word) > 5 and word.endswith(_ADJECTIVE_ENDINGS) and word not in _NOUNS
                for word in spellings
            ],
            dtype=bool,
        )
        adjective_end = np.array(
            [
                word.isascii()
                and word not in _NOUNS
                and (word.endswith(_PHRASE_ADJECTIVES) or _is_participle(word))
                for word in spellings
            ],
            dtype=bool,
        )
        coded = np.array([_is_coded(word) for word in spellings], dtype=bool)
        han = np.array([has_han(word) for word in spellings], dtype=bool)
        alone = ~(soft | stop | weak | boilerplate | short | _among(spellings, generic | ending))
        alone &= han | np.array([len(word) > 2 for word in spellings], dtype=bool) | coded
        return _WordTraits(
            soft=soft | stop,
            weak=weak,
            empty=soft | stop | weak | short,
            boilerplate=boilerplate,
            # "2024 annual meeting"; but "IMT-2030" is a name.
            cannot_begin=_among(spellings, word_list("starting")) | year,
            cannot_end=_among(spellings, ending) | stop,
            may_stand_alone=alone,
            adjective=adjective | adjective_end,
            adjective_end=adjective_end,
            coded=coded,
            common=_among(spellings, word_list("common_en")),
            short_han=han & np.array([len(word) <= 2 for word in spellings], dtype=bool),
        )


def _among(spellings: Sequence[str], words: frozenset[str]) -> Bool:
    return np.array([word in words for word in spellings], dtype=bool)


def _is_number(word: str) -> bool:
    """A number, alone or with a letter that counts ("7b", "10k", "4x"), or a pointer ("wg2"); "5g" is a name."""
    if _REFERENCE.fullmatch(word):
        return True
    return word.rstrip("bkmx").replace(".", "").isdigit()


def _is_coded(word: str) -> bool:
    """Letters and digits mixed, but for one letter and one digit: "i2", "x1" are symbols."""
    return (
        word.isascii()
        and 2 <= len(word) <= 10
        and any(map(str.isdigit, word))
        and any(map(str.isalpha, word))
        and _LETTER_DIGIT.fullmatch(word) is None
    )


def _is_participle(word: str) -> bool:
    """Ends like "tethered": a phrase that ends so waits for its noun ("seed", "testbed" and the like do not)."""
    return len(word) > 5 and word.endswith("ed") and not word.endswith(("eed", "bed", "shed"))


def _word_df(counts: PhraseCounts, n_words: int) -> Float:
    df = np.zeros(n_words)
    df[counts.levels[0].last] = counts.levels[0].df
    return df


def _wanted_indices(
    counts: PhraseCounts, wanted: Mapping[tuple[int, ...], int]
) -> list[npt.NDArray[np.int64]]:
    support = [np.zeros(len(level), dtype=np.int64) for level in counts.levels]
    for words, n_documents in wanted.items():
        found = counts.find(words)
        if found is not None:
            support[len(words) - 1][found] = n_documents
    return support


def _drop_listed(
    counts: PhraseCounts, kept: list[Bool], spellings: Sequence[str], unwanted: frozenset[str]
) -> None:
    """Takes out the phrases of several words that a list names, and longer ones that contain them."""
    numbering = {word: number for number, word in enumerate(spellings)}
    listed = [np.zeros(len(level), dtype=bool) for level in counts.levels]
    for phrase in word_list("boilerplate") | unwanted:
        words = phrase.split()
        # The lists hold plain spellings; the vocabulary may hold their singulars only, or their plurals.
        numbers = [
            next(
                (numbering[form] for form in (word, word.removesuffix("s"), f"{word}s") if form in numbering),
                -1,
            )
            for word in words
        ]
        if len(numbers) < 2 or -1 in numbers:
            continue
        found = counts.find(tuple(numbers))
        if found is not None:
            listed[len(numbers) - 1][found] = True
    for number in range(1, len(counts.levels)):
        level = counts.levels[number]
        if number > 1:
            listed[number] |= listed[number - 1][level.prefix] | listed[number - 1][level.suffix]
        kept[number] &= ~listed[number]


def _nesting(counts: PhraseCounts, kept: list[Bool], level_number: int) -> tuple[Float, Float, Float]:
    """Over the kept phrases one word longer that contain each phrase: sum, number and maximum of their df."""
    size = len(counts.levels[level_number - 1])
    total, number, largest = np.zeros(size), np.zeros(size), np.zeros(size)
    if level_number < len(counts.levels):
        above = counts.levels[level_number]
        chosen = kept[level_number]
        for inner in (above.prefix, above.suffix):
            np.add.at(total, inner[chosen], above.df[chosen])
            np.add.at(number, inner[chosen], 1)
            np.maximum.at(largest, inner[chosen], above.df[chosen])
    return total, number, largest


def _recent_df(
    counts: PhraseCounts, recent: npt.NDArray[np.bool_] | None
) -> list[npt.NDArray[np.int64]] | None:
    if recent is None:
        return None
    return [
        np.bincount(phrases[recent[documents]], minlength=len(level))
        for level, documents, phrases in zip(counts.levels, counts.documents, counts.phrases, strict=True)
    ]


def _nesting_maximum(
    counts: PhraseCounts, kept: list[Bool], level_number: int, df: list[npt.NDArray[np.int64]]
) -> npt.NDArray[np.int64]:
    """Largest document frequency among the kept phrases one word longer that contain each phrase."""
    largest = np.zeros(len(counts.levels[level_number - 1]), dtype=np.int64)
    if level_number < len(counts.levels):
        above, chosen = counts.levels[level_number], kept[level_number]
        for inner in (above.prefix, above.suffix):
            np.maximum.at(largest, inner[chosen], df[level_number][chosen])
    return largest


def worth_placing(
    spellings: Sequence[str],
    n_documents: int,
    *,
    wanted: Mapping[tuple[int, ...], int] | None = None,
    unwanted: frozenset[str] = frozenset(),
) -> Worth:
    """What `judge` could still call a term, known while counting: a necessary condition, never a verdict.

    A single word must be able to stand alone; a longer phrase must be able to end there and hang together with
    its last word, or be named by authors.
    """
    traits = _WordTraits.of(spellings, unwanted)
    named = [words for words, count in (wanted or {}).items() if count >= ENOUGH_NAMED]
    han = np.array([has_han(word) for word in spellings], dtype=bool)
    n = max(n_documents, 1)

    def worth(
        levels: Sequence[Level],
        prefix: npt.NDArray[np.int64],
        last: npt.NDArray[np.int64],
        df: npt.NDArray[np.int64],
    ) -> Bool:
        if not levels:
            # A short Chinese word may still be called a term for its translation's sake.
            alone: Bool = (traits.may_stand_alone | han)[last]
            return alone
        word_df = np.zeros(len(spellings))
        word_df[levels[0].last] = levels[0].df
        bound = npmi(df / n, levels[-1].df[prefix] / n, word_df[last] / n)
        mask: Bool = bound >= np.where(traits.soft[last], MIN_NPMI_SOFT, MIN_NPMI)
        keys = prefix * len(spellings) + last
        for words in named:
            if len(words) == len(levels) + 1:
                found = find_phrase(levels, words[:-1])
                if found is not None:
                    key = found * len(spellings) + words[-1]
                    at = int(np.searchsorted(keys, key))
                    if at < len(keys) and keys[at] == key:
                        mask[at] = True
        possible: Bool = mask & ~traits.cannot_end[last] & ~traits.boilerplate[last]
        return possible

    return worth
