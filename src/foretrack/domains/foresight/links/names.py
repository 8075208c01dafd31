"""Names of people as documents print them: whether one may be the name of a person on record."""

from __future__ import annotations

import re
import unicodedata

from foretrack.language.chinese import has_han, simplify

_NO_LETTER = re.compile(r"[^\w]+|[\d_]+")


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name, folded, without their order; a Chinese name is one word.

    >>> name_words("Müller-Invented, Jürgen K."), name_words("張 偉")
    (('invented', 'jurgen', 'k', 'muller'), ('张伟',))
    """
    text = unicodedata.normalize("NFKC", name)
    if has_han(text):
        return (simplify("".join(_NO_LETTER.split(text))),)
    plain = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return tuple(sorted(word for word in _NO_LETTER.split(plain) if word))


def may_be(printed: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether a printed name may be that of a person: the same words in any order, of which some may be initials or left
    out, but one is whole. Words as `name_words` gives them.

    Two people of one name are taken for one: the answer is for conflicts, where a doubt keeps a reviewer away.

    >>> known = name_words("Ann Maria Tester")
    >>> [may_be(name_words(one), known) for one in ("Tester, A. M.", "Tester A", "Ann M Tester", "B. Tester", "Tester")]
    [True, True, True, False, False]
    """
    if not printed or not name:
        return False
    if len(name) == 1 or len(printed) == 1:
        return printed == name
    left = list(name)
    whole = 0
    for word in sorted(printed, key=len, reverse=True):
        if word in left:
            left.remove(word)
            whole += len(word) > 1
            continue
        short = next((one for one in left if 1 in (len(word), len(one)) and one[0] == word[0]), None)
        if short is None:
            return False
        left.remove(short)
    return whole > 0
