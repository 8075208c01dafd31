"""Chinese text: recognised by script, simplified, and cut into words."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

_HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
_KANA_HANGUL = re.compile(r"[぀-ヿ가-힯]")


def has_han(text: str) -> bool:
    """True when a Chinese character is in the text.

    >>> has_han("基于CNN的方法"), has_han("café")
    (True, False)
    """
    return _HAN.search(text) is not None


def is_chinese(text: str) -> bool:
    """True when the text is written in Chinese: at least a fifth of its letters are Han and no kana or hangul.

    >>> is_chinese("脑机接口 BCI"), is_chinese("深層学習による画像認識"), is_chinese("the 中 sign in brackets here")
    (True, False, False)
    """
    if _HAN.search(text) is None or _KANA_HANGUL.search(text) is not None:
        return False
    n_han = len(_HAN.findall(text))
    # A Chinese word has about two characters and a Latin one about five letters, so letters weigh less.
    n_latin_words = len(re.findall(r"[A-Za-z]+", text))
    return n_han / 2 >= 0.2 * (n_han / 2 + n_latin_words)


@cache
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def simplify(text: str) -> str:
    """The text in simplified characters.

    >>> simplify("機器學習")
    '机器学习'
    """
    return str(_simplifier().convert(text)) if _HAN.search(text) else text


def cut(text: str) -> list[str]:
    """Words of a text that holds Chinese, in order, punctuation and Latin runs included.

    Traditional text is cut along its simplified twin, so both spellings are cut alike and the original
    characters are kept.

    >>> cut("深度学习方法")
    ['深度', '学习', '方法']
    >>> cut("深度學習方法")
    ['深度', '學習', '方法']
    """
    import rjieba

    simple = simplify(text)
    words: list[str] = rjieba.cut(simple)
    if simple is text or simple == text or len(simple) != len(text):
        # A phrase conversion that changes the length (rare) keeps the simplified words.
        return words
    cuts: list[str] = []
    start = 0
    for word in words:
        end = start + len(word)
        cuts.append(text[start:end])
        start = end
    return cuts
