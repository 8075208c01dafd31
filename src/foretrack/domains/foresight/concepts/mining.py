"""From the texts of an as-of view to concepts and the documents that carry them.

Everything here is learnt from the documents given, so a view that ends in 2016 yields the concepts that
could be known in 2016.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.concepts import merging
from foretrack.domains.foresight.concepts.merging import Union, Words
from foretrack.language.chinese import has_han
from foretrack.language.folding import Folding, Stream, break_at_stops, fold, fold_more
from foretrack.language.lists import word_list
from foretrack.language.terms.acronyms import introduced_acronyms
from foretrack.language.terms.counting import PhraseCounts, count_phrases, place_phrases
from foretrack.language.terms.termhood import Termhood, judge, worth_placing
from foretrack.language.tokens import FIRST_WORD, HYPHEN, Tokens, tokenise

MIN_DF = 5
"""Documents that a phrase needs to be counted at all: what is rarer is never ranked."""
MAX_HYPHENATED = 0.80
"""A phrase that a hyphen binds to its neighbour in at least this share of its occurrences is a fragment."""
_SMALL_CORPUS = 2_000
"""Below so many documents one shared pairing of keywords is taken as a translation; above, two are needed."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What authors and the user say about terms, beside the texts."""

    keywords: Mapping[str, int] = field(default_factory=dict)
    """Authors' keyword -> documents that list it, either language."""
    pairs: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(keyword, keyword in the other language) -> documents that list both at the same place of lists of
    equal length."""
    synonyms: Sequence[Sequence[str]] = ()
    """Groups of spellings that the user declares one."""
    apart: Sequence[tuple[str, str]] = ()
    """Pairs of spellings that the user wants to stay two concepts, whatever speaks for merging them."""
    unwanted: frozenset[str] = frozenset()
    """Words and phrases that the user never wants to see."""


@dataclass(frozen=True, slots=True)
class Concepts:
    """Concepts and their mentions.

    Shapes: per concept tuples (n_concepts,); `documents` and `concepts` int32 (n_mentions,), each pair once,
    ordered by concept and document.
    """

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    labels_en: tuple[str | None, ...]
    labels_zh: tuple[str | None, ...]
    forms: tuple[tuple[str, ...], ...]
    n_words: npt.NDArray[np.int8]
    """Words of the longest term of the concept."""
    documents: npt.NDArray[np.int32]
    concepts: npt.NDArray[np.int32]
    reasons: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Why terms were merged, for the concepts that hold several."""
    n_terms: int = 0


def mine(
    batches: Iterable[Sequence[str]], hints: Hints | None = None, *, min_df: int = MIN_DF, threads: int = 1
) -> Concepts:
    """Concepts of the texts, one text a document in order of the batches."""
    tokens = tokenise(batches, threads=threads)
    return mine_tokens(tokens, hints or Hints(), min_df=min_df, threads=threads).concepts


@dataclass(frozen=True, slots=True)
class Mined:
    """Concepts together with what is needed to recognise them in other documents."""

    concepts: Concepts
    counts: PhraseCounts
    folding: Folding
    concept_of: tuple[npt.NDArray[np.int32], ...]
    """Per level: concept of each counted phrase, -1 when it is no term."""
    used: npt.NDArray[np.int64]
    """Occurrences of each word of the vocabulary (n_words,)."""

    def mentions(
        self, tokens: Tokens, *, threads: int = 1
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """(documents, concepts) of other documents, each pair once, by the spellings known when mining.

        The vocabulary of `tokens` must be the same, or go on from it (`language.tokens.divide`). The documents teach
        nothing new: this is how a backtest counts what became of the concepts of a past year.
        """
        folding = self.folding
        if len(tokens.words) > len(self.used):
            folding = fold_more(folding, tokens.words, self.used)
        stream = break_at_stops(tokens, folding)
        placed = place_phrases(
            stream.folded,
            stream.offsets,
            self.counts,
            n_words=max(len(self.folding.spellings), 1),
            threads=threads,
        )
        return _unique_mentions(
            [documents for documents, _ in placed], [phrases for _, phrases in placed], self.concept_of
        )


def mine_tokens(
    tokens: Tokens,
    hints: Hints,
    *,
    recent: npt.NDArray[np.bool_] | None = None,
    min_df: int = MIN_DF,
    threads: int = 1,
) -> Mined:
    """Concepts of already tokenised documents; words that no document here uses do not exist.

    Args:
        recent: per document, whether it is of the last three years: see `judge`.
    """
    used = np.bincount(tokens.numbers[tokens.numbers >= FIRST_WORD] - FIRST_WORD, minlength=len(tokens.words))
    kept_apart = frozenset(form.lower() for pair in hints.apart for form in pair)
    used = used.astype(np.int64)
    folding = fold(tokens.words, used, unfolded=kept_apart)
    stream = break_at_stops(tokens, folding)
    introductions = introduced_acronyms(tokens, folding)
    vocabulary, n_documents = tokens.words, tokens.n_documents
    # A caller that keeps no tokens of its own frees them here: of a million documents they are 800 MB.
    del tokens
    n_words = len(folding.spellings)
    reader = _KeywordReader(folding, vocabulary)
    reader.read([*hints.keywords, *(keyword for pair in hints.pairs for keyword in pair)])
    wanted: Counter[Words] = Counter()
    for keyword, count in hints.keywords.items():
        words = reader.words(keyword)
        if words:
            wanted[words] += count
    for (acronym, expansion), count in introductions.items():
        wanted[(acronym,)] += count
        wanted[expansion] += count
    for group in hints.synonyms:
        # What the user names is a name, however general the word.
        wanted.update({words: n_documents for words in map(reader.words, group) if words})
    occurrences = np.bincount(stream.folded[stream.folded >= 0], minlength=n_words).astype(np.int64)
    unwanted = frozenset(phrase.lower() for phrase in hints.unwanted)
    unwanted |= _of_listed(introductions, folding.spellings, unwanted)
    counts = count_phrases(
        stream.folded,
        stream.offsets,
        n_words=max(n_words, 1),
        min_df=min_df,
        worth=worth_placing(folding.spellings, n_documents, wanted=wanted, unwanted=unwanted),
        threads=threads,
    )
    verdict = judge(
        counts,
        folding.spellings,
        occurrences,
        n_documents,
        wanted=wanted,
        unwanted=unwanted,
        recent=recent,
    )
    pairings = _pairings(hints, reader)
    verdict = _without_fragments(verdict, counts, stream, vocabulary)
    verdict = _with_translations(verdict, counts, folding.spellings, pairings, _min_pairings(n_documents))
    terms = _Terms.of(counts, verdict)
    unions = _unions(terms, counts, folding, introductions, reader, hints, pairings, n_documents)
    return _assemble(terms, counts, folding, stream, vocabulary, unions, used)


def _without_fragments(
    verdict: Termhood, counts: PhraseCounts, stream: Stream, vocabulary: Sequence[str]
) -> Termhood:
    """The verdict without phrases that a hyphen mostly binds to the word before or after them.

    "free survival" is what "progression-free survival" leaves when its first word is cut off.
    """
    hangs = np.array([word[:1] == HYPHEN for word in vocabulary], dtype=bool)

    def bound(at: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Whether the word at each position hangs on the one before; looked up there only, to save memory."""
        inside = at < len(stream.raw)
        raw = np.where(inside, stream.raw[np.where(inside, at, 0)], -1) if len(stream.raw) else at * 0 - 1
        hanging: npt.NDArray[np.bool_] = (raw >= 0) & hangs[np.maximum(raw, 0)]
        return hanging

    kept: list[npt.NDArray[np.bool_]] = []
    for level, here in enumerate(verdict.kept, start=1):
        phrase, at = counts.seen_phrase[level - 1], counts.seen_at[level - 1]
        seen = np.bincount(phrase, minlength=len(here))
        fragment = np.bincount(phrase, weights=bound(at) | bound(at + level), minlength=len(here))
        kept.append(here & ~((seen > 0) & (fragment >= MAX_HYPHENATED * seen)))
    return Termhood(tuple(kept), verdict.npmi, verdict.c_value)


def _min_pairings(n_documents: int) -> int:
    return 1 if n_documents < _SMALL_CORPUS else 2


def _pairings(hints: Hints, reader: _KeywordReader) -> Counter[tuple[Words, Words]]:
    """Documents per pair of keywords in folded words; pairs with a word that is in no text are left out."""
    pairings: Counter[tuple[Words, Words]] = Counter()
    for (one, other), count in hints.pairs.items():
        one_words, other_words = reader.words(one), reader.words(other)
        if one_words and other_words and one_words != other_words:
            pairings[one_words, other_words] += count
    return pairings


def _with_translations(
    verdict: Termhood,
    counts: PhraseCounts,
    spellings: Sequence[str],
    pairings: Mapping[tuple[Words, Words], int],
    min_pairings: int,
) -> Termhood:
    """The verdict with the short Chinese words whose English translation is a term.

    Alone such a word is taken for general language; what authors translate with the name of something names it.
    """
    kept = [here.copy() for here in verdict.kept]
    for pair in merging.dominant_pairings(pairings, min_pairings=min_pairings):
        for mine, theirs in (pair, pair[::-1]):
            if len(mine) != 1 or not has_han(spellings[mine[0]]):
                continue
            index, other = counts.find(mine), counts.find(theirs)
            if index is not None and other is not None and verdict.kept[len(theirs) - 1][other]:
                kept[0][index] = True
    return Termhood(tuple(kept), verdict.npmi, verdict.c_value)


def _of_listed(
    introductions: Mapping[tuple[int, Words], int], spellings: Sequence[str], unwanted: frozenset[str]
) -> frozenset[str]:
    """Acronyms of which most introductions stand for a listed phrase: "hr" of "hazard ratio"."""
    listed = {phrase for phrase in word_list("boilerplate") | unwanted if " " in phrase}
    total: Counter[int] = Counter()
    of_listed: Counter[int] = Counter()
    for (acronym, words), count in introductions.items():
        total[acronym] += count
        expansion = f" {' '.join(spellings[word] for word in words)} "
        if any(f" {phrase} " in expansion or f" {phrase}s " in expansion for phrase in listed):
            of_listed[acronym] += count
    return frozenset(spellings[acronym] for acronym, count in of_listed.items() if count * 2 > total[acronym])


class _KeywordReader:
    """Turns a keyword into folded word numbers, with the vocabulary of the texts."""

    def __init__(self, folding: Folding, words: Sequence[str]) -> None:
        self._by_spelling: dict[str, int] = {}
        for index, word in enumerate(words):
            self._by_spelling.setdefault(word.removeprefix(HYPHEN), int(folding.folded[index]))
        self._memory: dict[str, Words] = {}

    def read(self, keywords: Iterable[str]) -> None:
        """Reads many keywords together: one at a time, a corpus with 100,000 of them takes minutes."""
        new = sorted({keyword for keyword in keywords if keyword not in self._memory})
        tokens = tokenise([new])
        for number, keyword in enumerate(new):
            here = tokens.numbers[tokens.offsets[number] : tokens.offsets[number + 1]].tolist()
            spellings = [tokens.words[n - FIRST_WORD].removeprefix(HYPHEN) for n in here if n >= FIRST_WORD]
            numbers = [self._by_spelling.get(spelling, -1) for spelling in spellings]
            self._memory[keyword] = () if -1 in numbers else tuple(numbers)

    def words(self, keyword: str) -> Words:
        """Folded words; empty when a word of the keyword is in no text."""
        if keyword not in self._memory:
            self.read([keyword])
        return self._memory[keyword]


@dataclass(frozen=True, slots=True)
class _Terms:
    """The kept phrases, numbered through the levels."""

    level: npt.NDArray[np.int8]
    index: npt.NDArray[np.int32]
    df: npt.NDArray[np.int64]
    number: tuple[npt.NDArray[np.int32], ...]
    """Per level: term number of each phrase, -1 when it is no term."""

    @staticmethod
    def of(counts: PhraseCounts, verdict: Termhood) -> _Terms:
        level: list[npt.NDArray[np.int8]] = []
        index: list[npt.NDArray[np.int32]] = []
        df: list[npt.NDArray[np.int64]] = []
        number: list[npt.NDArray[np.int32]] = []
        n_before = 0
        for n, (here, kept) in enumerate(zip(counts.levels, verdict.kept, strict=True), start=1):
            chosen = np.flatnonzero(kept).astype(np.int32)
            numbers = np.full(len(here), -1, dtype=np.int32)
            numbers[chosen] = np.arange(n_before, n_before + len(chosen), dtype=np.int32)
            n_before += len(chosen)
            level.append(np.full(len(chosen), n, dtype=np.int8))
            index.append(chosen)
            df.append(here.df[chosen])
            number.append(numbers)
        return _Terms(np.concatenate(level), np.concatenate(index), np.concatenate(df), tuple(number))

    def __len__(self) -> int:
        return len(self.level)


def _unions(
    terms: _Terms,
    counts: PhraseCounts,
    folding: Folding,
    introductions: Mapping[tuple[int, Words], int],
    reader: _KeywordReader,
    hints: Hints,
    pairings: Mapping[tuple[Words, Words], int],
    n_documents: int,
) -> list[Union]:
    def find(words: Words) -> int | None:
        index = counts.find(words)
        if index is None:
            return None
        term = int(terms.number[len(words) - 1][index])
        return term if term >= 0 else None

    solid = [
        (
            term,
            "".join(
                folding.spellings[word]
                for word in counts.words(int(terms.level[term]), int(terms.index[term]))
            ),
        )
        for term in range(len(terms))
    ]
    apart = [(find(reader.words(one)), find(reader.words(other))) for one, other in hints.apart]
    unions = [
        # What the user says comes first, so that nothing found can stand in its way.
        *merging.synonym_unions([[reader.words(form) for form in group] for group in hints.synonyms], find),
        *merging.acronym_unions(introductions, find, lambda term: int(terms.df[term])),
        *merging.solid_unions(solid),
        *merging.translation_unions(pairings, find, min_pairings=_min_pairings(n_documents)),
    ]
    return merging.allowed_unions(
        len(terms), unions, [(one, other) for one, other in apart if one is not None and other is not None]
    )


def _assemble(
    terms: _Terms,
    counts: PhraseCounts,
    folding: Folding,
    stream: Stream,
    vocabulary: Sequence[str],
    unions: Sequence[Union],
    used: npt.NDArray[np.int64],
) -> Mined:
    groups = np.array(merging.groups_of(len(terms), unions), dtype=np.int32)
    heads, inverse = np.unique(groups, return_inverse=True)
    concept_of = inverse.astype(np.int32)
    by_level = tuple(
        np.where(number >= 0, concept_of[np.maximum(number, 0)] if len(concept_of) else -1, -1).astype(
            np.int32
        )
        for number in terms.number
    )
    documents, concepts = _unique_mentions(counts.documents, counts.phrases, by_level)
    spelt = _spellings(terms, counts, folding, stream, vocabulary)
    members: list[list[int]] = [[] for _ in range(len(heads))]
    for number, concept in enumerate(concept_of.tolist()):
        members[concept].append(number)
    reasons: dict[int, list[str]] = {}
    for union in unions:
        why = reasons.setdefault(int(concept_of[union.one]), [])
        if union.reason not in why:
            why.append(union.reason)
    ids: list[str] = []
    labels: list[str] = []
    labels_en: list[str | None] = []
    labels_zh: list[str | None] = []
    forms: list[tuple[str, ...]] = []
    longest = np.zeros(len(heads), dtype=np.int8)
    for concept, terms_here in enumerate(members):
        longest[concept] = max(int(terms.level[term]) for term in terms_here)
        order = _naming_order(terms_here, terms, counts, folding)
        label_of = [_label(spelt[term]) for term in order]
        english = [label for label in label_of if not has_han(label)]
        chinese = [label for label in label_of if has_han(label)]
        labels_en.append(english[0] if english else None)
        labels_zh.append(chinese[0] if chinese else None)
        labels.append(english[0] if english else label_of[0])
        by_count: Counter[str] = Counter()
        for term in terms_here:
            share = terms.df[term] / max(1, sum(n for _, n, _ in spelt[term]))
            for form, n, _ in spelt[term]:
                by_count[form] += round(n * float(share))
        forms.append(
            tuple(form for form, _ in sorted(by_count.items(), key=lambda pair: (-pair[1], pair[0])))
        )
        ids.append(_slug(_folded_text(counts, folding, terms, order[0])))
    found = Concepts(
        tuple(ids), tuple(labels), tuple(labels_en), tuple(labels_zh), tuple(forms), longest, documents, concepts,
        {concept: tuple(why) for concept, why in reasons.items()}, len(terms),
    )  # fmt: skip
    return Mined(found, counts, folding, by_level, used)


def _unique_mentions(
    documents: Sequence[npt.NDArray[np.int32]],
    phrases: Sequence[npt.NDArray[np.int32]],
    concept_of: Sequence[npt.NDArray[np.int32]],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Each (document, concept) once, ordered by concept and document."""
    pairs: list[npt.NDArray[np.int64]] = []
    for document, phrase, concepts in zip(documents, phrases, concept_of, strict=True):
        concept = concepts[phrase].astype(np.int64)
        chosen = concept >= 0
        pairs.append((concept[chosen] << 32) | document[chosen])
    pair = np.unique(np.concatenate(pairs))
    return (pair & 0xFFFFFFFF).astype(np.int32), (pair >> 32).astype(np.int32)


def _spellings(
    terms: _Terms, counts: PhraseCounts, folding: Folding, stream: Stream, vocabulary: Sequence[str]
) -> list[list[tuple[str, int, bool]]]:
    """Per term: (spelling, sampled occurrences, whether it is the folded one), the commonest first."""
    found: list[Counter[tuple[str, bool]]] = [Counter() for _ in range(len(terms))]
    for level in range(1, len(counts.levels) + 1):
        term = terms.number[level - 1][counts.seen_phrase[level - 1]]
        at = counts.seen_at[level - 1][term >= 0]
        term = term[term >= 0]
        if not len(term):
            continue
        raw = np.stack([stream.raw[at + step] for step in range(level)], axis=1)
        rows, n_seen = np.unique(np.column_stack([term, raw]), axis=0, return_counts=True)
        for row, n in zip(rows.tolist(), n_seen.tolist(), strict=True):
            words = [vocabulary[number] for number in row[1:]]
            plain = all(
                word.removeprefix(HYPHEN) == folding.spellings[folding.folded[number]]
                for word, number in zip(words, row[1:], strict=True)
            )
            found[row[0]][spell(words), plain] += n
    return [
        [(form, n, plain) for (form, plain), n in sorted(one.items(), key=lambda pair: (-pair[1], pair[0]))]
        for one in found
    ]


def spell(words: Sequence[str]) -> str:
    """Words as they were written: hyphens back in place, no space between Chinese words.

    >>> spell(["few", "\\x01shot", "learning"]), spell(["深度", "学习"])
    ('few-shot learning', '深度学习')
    """
    text = ""
    for word in words:
        if word.startswith(HYPHEN):
            text += ("-" if text else "") + word[1:]
        elif text and not (has_han(text[-1]) and has_han(word[0])):
            text += " " + word
        else:
            text += word
    return text


def _label(spellings: Sequence[tuple[str, int, bool]]) -> str:
    """The commonest spelling among those that are folded already ("neural network", not "neural networks")."""
    plain = [form for form, _, is_plain in spellings if is_plain]
    return plain[0] if plain else spellings[0][0]


def _naming_order(members: Sequence[int], terms: _Terms, counts: PhraseCounts, folding: Folding) -> list[int]:
    """Terms of a concept, the one that names it first.

    The longest names it ("large language model", not "llm"); of two that differ by a space only ("data set",
    "dataset") the commoner does, and the other comes last.
    """
    commonest: dict[str, int] = {}
    by_df = sorted(members, key=lambda term: (-int(terms.df[term]), term))
    for term in by_df:
        solid = "".join(
            folding.spellings[w] for w in counts.words(int(terms.level[term]), int(terms.index[term]))
        )
        commonest.setdefault(solid, term)
    naming = set(commonest.values())
    return sorted(by_df, key=lambda term: (term not in naming, -int(terms.level[term]), -int(terms.df[term])))


def _folded_text(counts: PhraseCounts, folding: Folding, terms: _Terms, term: int) -> str:
    words = counts.words(int(terms.level[term]), int(terms.index[term]))
    return spell([folding.spellings[word] for word in words])


def _slug(text: str) -> str:
    """An identifier people can type: "large-language-model".

    >>> _slug("web 3.0"), _slug("脑机接口")
    ('web-3.0', '脑机接口')
    """
    return text.replace(" ", "-")
