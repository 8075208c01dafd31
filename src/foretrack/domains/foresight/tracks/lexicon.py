"""Finds the terms of a pack's lexicons in texts: whole English words, Chinese substrings, longest match first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from foretrack.language.chinese import has_han, simplify
from foretrack.packs.shapes import Bilingual, Lexicon

Strength: TypeAlias = Literal["strong", "weak", "negative"]
Array: TypeAlias = npt.NDArray[np.float32]

HEAD = 24
"""A term among the first 24 words counts in full, a later one by `LATE`: titles come first."""
LATE = 0.6

_WORD = re.compile(r"[^\W_\u3400-\u4dbf\u4e00-\u9fff]+|[\u3400-\u4dbf\u4e00-\u9fff]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KEEP_S = frozenset(
    {"gas", "bias", "lens", "news", "series", "species", "physics", "gps", "bus", "yes", "this", "is"}
)


class Named(Protocol):
    """A track or a product family."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> Bilingual: ...
    @property
    def aliases(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def lexicon(self) -> Mapping[str, Lexicon]: ...


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found in a text."""

    entry: int
    """Position of the track in the list given to `LexiconMatcher`."""
    term: str
    strength: Strength
    weight: float


@dataclass(frozen=True, slots=True)
class LexiconEvidence:
    """What the lexicon says of n texts and k tracks. All arrays are float32 (n, k)."""

    strong: Array
    """Distinct strong terms, later ones counted by `LATE`."""
    weak: Array
    negative: Array
    cover: Array
    """Share of the text's words inside strong or weak terms of the track, 0..1."""
    hits: tuple[tuple[Hit, ...], ...] = field(repr=False)
    """Per text."""


def fold_word(word: str) -> str:
    """A lower-case English word without plural and with American spelling, the same for lexicon and text.

    >>> [fold_word(word) for word in ["batteries", "processes", "gases", "glass", "fibres", "gps", "alloys"]]
    ['battery', 'process', 'gas', 'glass', 'fiber', 'gps', 'alloy']
    """
    if len(word) > 3 and word.endswith("s") and word not in _KEEP_S and not word.endswith(("ss", "us", "is")):
        if word.endswith("ies") and len(word) > 4:
            word = word[:-3] + "y"
        elif word.endswith(("sses", "xes", "ches", "shes", "zes", "ases")) and len(word) > 4:
            word = word[:-2]
        else:
            word = word[:-1]
    if word.endswith("isation"):
        word = word[:-7] + "ization"
    return _AMERICAN.get(word, word)


_AMERICAN = {
    "fibre": "fiber", "aluminium": "aluminum", "modelling": "modeling", "electrolyser": "electrolyzer",
    "tunnelling": "tunneling", "refuelling": "refueling", "fuelling": "fueling", "centre": "center",
    "vapour": "vapor", "colour": "color", "sulphur": "sulfur", "metre": "meter", "liquified": "liquefied",
    "optimise": "optimize", "customise": "customize", "programme": "program", "aeroplane": "airplane",
}  # fmt: skip


def words_of(text: str) -> list[str]:
    """Folded words and numbers of a text, hyphens and punctuation as spaces; Chinese runs stay in one piece.

    >>> words_of("Lithium-ion Batteries (LIBs)")
    ['lithium', 'ion', 'battery', 'lib']
    """
    return [fold_word(word) for word in _WORD.findall(unicodedata.normalize("NFKC", text).lower())]


class LexiconMatcher:
    """Terms of k tracks or product families, ready for matching.

    Labels and aliases count as strong terms. A match inside a longer one is dropped, so that "battery recycling"
    is not a battery and a negative phrase hides the terms in it.
    """

    def __init__(self, entries: Sequence[Named]) -> None:
        self.ids = tuple(entry.id for entry in entries)
        self._words: dict[str, dict[tuple[str, ...], list[tuple[int, str, Strength]]]] = {}
        self._han: dict[str, dict[str, list[tuple[int, str, Strength]]]] = {}
        for number, entry in enumerate(entries):
            names = [
                entry.label.en,
                entry.label.zh,
                *(name for names in entry.aliases.values() for name in names),
            ]
            for name in names:
                self._add(name, number, "strong")
            for lexicon in entry.lexicon.values():
                for strength, terms in (
                    ("strong", lexicon.strong), ("weak", lexicon.weak), ("negative", lexicon.negative),
                ):  # fmt: skip
                    for term in terms:
                        self._add(term, number, strength)  # type: ignore[arg-type]

    def _add(self, term: str, entry: int, strength: Strength) -> None:
        if not term:
            return
        if _HAN.search(term):
            key = _squeeze(term)
            found = self._han.setdefault(key[0], {}).setdefault(key, [])
        else:
            words = tuple(words_of(term))
            if not words:
                return
            found = self._words.setdefault(words[0], {}).setdefault(words, [])
        # The strongest reading of a term within one track wins: labels come first.
        if all(known != entry for known, _, _ in found):
            found.append((entry, term, strength))

    def match(self, texts: Sequence[str]) -> LexiconEvidence:
        """The evidence of the lexicons in `texts`."""
        shape = (len(texts), len(self.ids))
        strong, weak, negative, cover = (np.zeros(shape, dtype=np.float32) for _ in range(4))
        all_hits: list[tuple[Hit, ...]] = []
        for row, text in enumerate(texts):
            hits, covered, length = self._match_one(text)
            all_hits.append(hits)
            for hit in hits:
                target = strong if hit.strength == "strong" else weak if hit.strength == "weak" else negative
                target[row, hit.entry] += hit.weight
            for entry, units in covered.items():
                cover[row, entry] = min(1.0, units / max(length, 1.0))
        return LexiconEvidence(strong, weak, negative, cover, tuple(all_hits))

    def _match_one(self, text: str) -> tuple[tuple[Hit, ...], dict[int, float], float]:
        words = words_of(text)
        spans = [(start, end, found, False) for start, end, found in self._word_spans(words)]
        length = float(len(words))
        if has_han(text):
            squeezed = _squeeze(text)
            han = len(_HAN.findall(squeezed))
            # Two Chinese characters are about one word.
            length = sum(1 for word in words if not _HAN.search(word)) + han / 2
            spans += [(start, end, found, True) for start, end, found in self._han_spans(squeezed)]
        best: dict[tuple[int, str], tuple[float, Strength]] = {}
        covered: dict[int, float] = {}
        for start, end, found, chinese in _outermost(spans):
            position = start / 2 if chinese else start
            weight = 1.0 if position < HEAD else LATE
            for entry, term, strength in found:
                known = best.get((entry, term))
                if known is None:
                    if strength != "negative":
                        covered[entry] = covered.get(entry, 0.0) + (end - start) / (2 if chinese else 1)
                    best[entry, term] = (weight, strength)
        hits = tuple(Hit(entry, term, strength, weight) for (entry, term), (weight, strength) in best.items())
        return hits, covered, length

    def _word_spans(self, words: list[str]) -> list[tuple[int, int, list[tuple[int, str, Strength]]]]:
        spans = []
        for start, word in enumerate(words):
            for key, found in self._words.get(word, {}).items():
                end = start + len(key)
                if len(key) == 1 or tuple(words[start:end]) == key:
                    spans.append((start, end, found))
        return spans

    def _han_spans(self, text: str) -> list[tuple[int, int, list[tuple[int, str, Strength]]]]:
        spans = []
        for start, character in enumerate(text):
            for key, found in self._han.get(character, {}).items():
                if text.startswith(key, start):
                    spans.append((start, start + len(key), found))
        return spans


_Span: TypeAlias = tuple[int, int, list[tuple[int, str, Strength]], bool]


def _outermost(spans: list[_Span]) -> list[_Span]:
    """Spans that lie inside no longer span of the same script."""
    kept: list[_Span] = []
    for script in (False, True):
        furthest = -1
        start_of_furthest = -1
        for span in sorted((s for s in spans if s[3] is script), key=lambda s: (s[0], -s[1])):
            if span[1] > furthest or (span[1] == furthest and span[0] == start_of_furthest):
                kept.append(span)
                furthest, start_of_furthest = span[1], span[0]
    return kept


def _squeeze(text: str) -> str:
    return "".join(simplify(unicodedata.normalize("NFKC", text)).lower().split())
