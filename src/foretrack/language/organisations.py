"""Names of organisations, folded so that spellings of one name become equal and different names stay different."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from foretrack.language.chinese import has_han, simplify
from foretrack.language.lists import word_list

_APOSTROPHES = re.compile(r"['’‘`´]")
_APART = re.compile(r"[\W_]+")
_BETWEEN_HAN = re.compile(r"(?<=[㐀-鿿])\s+(?=[㐀-鿿])")
_ROMAN = frozenset({"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"})
_SMALL = frozenset({"of", "the", "for", "and", "at"})


@dataclass(frozen=True, slots=True)
class FoldedName:
    """What two spellings of one name share."""

    key: str
    """Folded words in their order, without legal form."""
    family: str | None
    """Family of the legal form (`english`, `german`, `chinese`, ...); None when the name has none."""


@cache
def fold_name(name: str) -> FoldedName:
    """A name without letter case, accents, punctuation, small words, legal form and abbreviations.

    Words keep their order and nothing else is dropped, so a campus, a department or a country in a name keeps it
    apart from its parent.

    >>> fold_name("The Univ. of Example").key == fold_name("UNIVERSITY OF EXAMPLE").key == "university example"
    True
    >>> fold_name("Beispiel Müller GmbH & Co. KG"), fold_name("示例科技（北京）有限公司")
    (FoldedName(key='beispiel muller', family='german'), FoldedName(key='示例科技 北京', family='chinese'))
    >>> fold_name("Example University").key, fold_name("University of Example, North Campus").key
    ('example university', 'university example north campus')
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    if has_han(text):
        text = _BETWEEN_HAN.sub("", simplify(text))
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = text.replace("&", " and ")
    text = _APART.sub(" ", _APOSTROPHES.sub("", text)).strip()
    words = [_words().get(word, word) for word in _initials_joined(text.split())]
    kept = [word for i, word in enumerate(words) if word not in _SMALL or (word == "at" and i == 0)]
    family = None
    while len(kept) > 1 and kept[-1] in _forms():
        found = _forms()[kept.pop()]
        # `GmbH & Co. KG`: the German form says more than the English word in it.
        family = found if family in (None, "english") else family
    if kept and family is None:
        kept[-1], family = _without_chinese_form(kept[-1])
    return FoldedName(" ".join(kept) or " ".join(words), family)


def _initials_joined(words: list[str]) -> list[str]:
    """Letters that stand alone side by side as one word: `s p a` and `t j`, written `S.p.A.` and `T. J.`, too."""
    found: list[str] = []
    open_run = False
    for word in words:
        alone = len(word) == 1 and word.isascii() and word.isalpha()
        if alone and open_run:
            found[-1] += word
        else:
            found.append(word)
        open_run = alone
    return found


def is_only_a_form(name: str) -> bool:
    """Whether nothing but a legal form is there, as where a list was cut at the comma of `Example, Inc.`

    >>> is_only_a_form("Inc."), is_only_a_form("Co., Ltd"), is_only_a_form("Example Inc."), is_only_a_form("–")
    (True, True, False, True)
    """
    words = _initials_joined(_APART.sub(" ", unicodedata.normalize("NFKC", name).casefold()).split())
    return all(word in _forms() for word in words)


def _without_chinese_form(word: str) -> tuple[str, str | None]:
    for form, family in _forms().items():
        if family == "chinese" and word.endswith(form) and len(word) > len(form):
            return word.removesuffix(form), family
    return word, None


@cache
def _words() -> dict[str, str]:
    return _pairs("organisation_words")


@cache
def _forms() -> dict[str, str]:
    # The longest first, since one Chinese form ends like another.
    pairs = _pairs("legal_forms")
    return {form: pairs[form] for form in sorted(pairs, key=lambda form: (-len(form), form))}


def _pairs(name: str) -> dict[str, str]:
    halves = (line.partition("=") for line in word_list(name))
    return {left.strip(): right.strip() for left, _, right in halves}


def is_abbreviation(one: str, other: str) -> bool:
    """Whether two folded names have as many words and each pair of words begins alike, one word being cut.

    >>> is_abbreviation("exampleton med school", "exampleton medical school"), is_abbreviation("north x", "south x")
    (True, False)
    """
    left, right = one.split(), other.split()
    if len(left) != len(right) or len(left) < 2 or left == right:
        return False
    pairs = [(a, b) for a, b in zip(left, right, strict=True) if a != b]
    return all(min(len(a), len(b)) >= 3 and (a.startswith(b) or b.startswith(a)) for a, b in pairs)


def numbers_in(key: str) -> tuple[str, ...]:
    """The numbers of a folded name, Roman ones too: two names that differ in one are two organisations.

    >>> numbers_in("institute 5 example 12b"), numbers_in("clinic iii")
    (('12b', '5'), ('iii',))
    """
    return tuple(sorted(word for word in key.split() if word in _ROMAN or any(c.isdigit() for c in word)))
