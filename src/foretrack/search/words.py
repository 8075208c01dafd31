"""Text to search words: what the index stores and what a question is compared with.

Latin words are folded (compatibility forms, letter case, accents, plural), traditional characters simplified,
and Chinese, Japanese and Korean text becomes pairs of neighbouring characters: 固态电池 is 固态, 态电, 电池. So a
word is found wherever it stands, and no dictionary decides what is a word. The last character of a run is a word of
its own as well, so that a single character can be looked for as the beginning of a pair.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from foretrack.language.chinese import has_han, simplify
from foretrack.language.lists import word_list

BORDER = "|"
"""Stands between the texts of one field in a sequence of words: no phrase crosses it, and nothing can ask for it."""

CJK = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"([{CJK}]+)")
_WORD = re.compile(r"[^\W_]+(?:['.](?=[^\W_])(?:(?<=')|(?<=[0-9]\.)(?=[0-9]))[^\W_]+)*(?:\+\+|#(?![^\W_]))?")
_COMPOUND = re.compile(r"(?<![\w-])[^\W_]+(?:-[^\W_]+){1,3}(?![\w-])")
_TIDY = str.maketrans({"'": None, ".": "·", "+": "⁺", "#": "♯"})
"""A point inside a number and the signs of C++ and C# become letters that no index takes for a break."""
_HYPHENS = "‐‑‒–−"
_APOSTROPHES = "’ʼ´＇"
_LONGEST = 64
"""Characters of a word that count; what is longer is a chain of letters, such as a sequence of bases."""


class _Folded(dict[int, str]):
    """Character to its folded form, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cs", "Cc", "Co", "Cn"):
        return " "
    if category in ("Mn", "Cf"):
        return ""
    if character in _HYPHENS:
        return "-"
    if character in _APOSTROPHES:
        return "'"
    compatible = unicodedata.normalize("NFKC", character)
    if compatible[:1] < "\u0590":
        # Accents go where letters are written with and without them; kana and hangul would fall apart.
        decomposed = unicodedata.normalize("NFKD", compatible)
        compatible = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return compatible.casefold()


_FOLDED = _Folded()


def fold(text: str) -> str:
    """The text with compatibility forms, letter case, accents and traditional characters folded.

    >>> fold("Ｌi-Ion 固態電池 naïve")
    'li-ion 固态电池 naive'
    """
    folded = text.translate(_FOLDED) if not text.isascii() else text.lower().replace("\0", " ")
    return simplify(folded) if has_han(folded) else folded


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """The word without its plural ending and in American spelling; the same for text and question.

    >>> [stem(w) for w in ("batteries", "interfaces", "optimisation", "physics", "gas", "6g")]
    ['battery', 'interface', 'optimization', 'physics', 'gas', '6g']
    """
    word = word[:_LONGEST]
    if len(word) < 4 or not word.isascii():
        return word
    for british, american in _ENDINGS:
        if word.endswith(british) and len(word) > len(british) + 2:
            word = word[: -len(british)] + american
            break
    else:
        word = _SPELLINGS.get(word, word)
    if word[-1] != "s" or word in word_list("not_plural") or word.endswith(("ss", "us", "is", "ics")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zzes")):
        return word[:-2]
    return word[:-1]


_ENDINGS = (("isations", "izations"), ("isation", "ization"), ("ising", "izing"), ("ised", "ized"))
_SPELLINGS = {
    "fibre": "fiber", "fibres": "fibers", "metre": "meter", "metres": "meters", "colour": "color", "colours": "colors",
    "behaviour": "behavior", "behaviours": "behaviors", "aluminium": "aluminum", "vapour": "vapor", "tumour": "tumor",
    "tumours": "tumors", "modelling": "modeling", "labelling": "labeling", "sulphur": "sulfur", "centre": "center",
    "centres": "centers", "catalyse": "catalyze", "analyse": "analyze", "analysed": "analyzed", "programme": "program",
    "programmes": "programs", "defence": "defense", "grey": "gray",
}  # fmt: skip


def sequence(text: str) -> list[str]:
    """The words of a text in order, as they are stored.

    >>> sequence("Li-ion 固态电池, 5G/6G")
    ['li', 'ion', '固态', '态电', '电池', '池', '5g', '6g']
    """
    folded = fold(text)
    if folded.isascii():
        return [_word(word) for word in _WORD.findall(folded)]
    words: list[str] = []
    for at, piece in enumerate(_RUN.split(folded)):
        if at % 2:
            words += _pairs(piece)
        elif piece:
            words += [_word(word) for word in _WORD.findall(piece)]
    return words


def compounds(text: str) -> list[str]:
    """Words that a hyphen holds together, as one word each: so "email" finds "e-mail".

    >>> compounds("An e-mail about Li-ion cells, 2020-2021")
    ['email', 'liion']
    """
    if "-" not in text and text.isascii():
        return []
    joined = (found.replace("-", "") for found in _COMPOUND.findall(fold(text)))
    return [stem(word) for word in joined if not word.isdigit()]


def identifier(text: str) -> str:
    """An identifier without what people write differently: letter case, spaces, points, dashes and prefix.

    Empty when nothing is left.

    >>> identifier("GB/T 38031-2020"), identifier("https://doi.org/10.1000/XYZ"), identifier("doi:10.1000/xyz")
    ('gbt380312020', '101000xyz', '101000xyz')
    """
    folded = re.sub(r"^(?:https?://)?(?:(?:dx\.)?doi\.org/|doi:\s*)", "", fold(text).strip())
    return re.sub(r"[\W_]+", "", folded)[:_LONGEST]


def _word(word: str) -> str:
    return stem(word if word.isalnum() else word.translate(_TIDY))


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run))]


class Placed(NamedTuple):
    """A word and where it stands in the text as written, [start, end)."""

    word: str
    start: int
    end: int


def placed(text: str) -> Iterator[Placed]:
    """The words of `sequence` with their places in the text as it was given.

    >>> [(p.word, "ﬁbre Ｂatteries"[p.start : p.end]) for p in placed("ﬁbre Ｂatteries")]
    [('fiber', 'ﬁbre'), ('battery', 'Ｂatteries')]
    """
    folded = text.translate(_FOLDED)
    origin: Sequence[int] = range(len(text) + 1)
    if any(len(_FOLDED[ord(character)]) != 1 for character in set(text)):
        origin = [at for at, character in enumerate(text) for _ in _FOLDED[ord(character)]]
    simple = simplify(folded) if has_han(folded) else folded
    if len(simple) != len(folded):  # rare: a phrase that simplifying makes longer or shorter
        simple = folded
    start = 0
    for at, piece in enumerate(_RUN.split(simple)):
        if at % 2:
            for offset, pair in enumerate(_pairs(piece)):
                yield _place(pair, start + offset, start + offset + len(pair), origin)
        else:
            for found in _WORD.finditer(piece):
                yield _place(_word(found[0]), start + found.start(), start + found.end(), origin)
        start += len(piece)


def _place(word: str, start: int, end: int, origin: Sequence[int]) -> Placed:
    return Placed(word, origin[start], origin[end - 1] + 1)
