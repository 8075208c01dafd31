"""Texts cut into passages: sentences, the short ones joined and the long ones parted, with their places in the text."""

from __future__ import annotations

import re
from typing import NamedTuple

SHORTEST = 40
"""A passage narrower than this is joined with its neighbour. A Chinese character is two wide."""
LONGEST = 420
"""A sentence wider than this is parted at a semicolon, colon, comma or space."""
MOST = 48
"""Passages of one text; what comes after is not compared sentence by sentence."""

_END = re.compile(r"[.!?][\"')\]”’]*(?=\s+[^\sa-z])|[。！？；…][”’」』）]*|[\n\r]+|\s(?=[•·▪‣●◦]\s)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|etc|vs|cf|approx|Dr|Mr|Mrs|Ms|Prof|Inc|Ltd|Corp|Co|No|Nos|Fig|Figs|Eq|Ref|Refs|"
    r"Sec|St|Vol|U\.S|U\.K|Jr|dept|Dept)|\b[A-Za-z])\.$"
)
_PART = re.compile(r"[;；:：,，、]\s*|\s+")
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]")


class Span(NamedTuple):
    """A passage's place in its text, [start, end)."""

    start: int
    end: int


def width(text: str) -> int:
    """Characters of a text, those of Chinese, Japanese and Korean counted twice: they say about as much.

    >>> width("cells"), width("固态电池")
    (5, 8)
    """
    return len(text) + len(_WIDE.findall(text))


def passages(text: str) -> tuple[Span, ...]:
    """Where the passages of a text stand, in order; they cover all of it but white space (up to MOST of them).

    >>> text = "We need a cell, e.g. of sodium, that charges in the cold. It must be safe. "
    >>> text += "电池须在零下四十度正常工作，循环寿命不少于三千次。"
    >>> [text[span.start : span.end] for span in passages(text)]  # doctest: +NORMALIZE_WHITESPACE
    ['We need a cell, e.g. of sodium, that charges in the cold. It must be safe.',
     '电池须在零下四十度正常工作，循环寿命不少于三千次。']
    >>> passages("  ")
    ()
    """
    pieces: list[Span] = []
    for span in _sentences(text):
        pieces += _parted(text, span)
    joined: list[Span] = []
    for span in pieces:
        if joined and (
            width(text[span.start : span.end]) < SHORTEST
            or width(text[joined[-1].start : joined[-1].end]) < SHORTEST
        ):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined[:MOST])


def _sentences(text: str) -> list[Span]:
    found: list[Span] = []
    start = 0
    for end in _END.finditer(text):
        if end[0].startswith(".") and _ABBREVIATION.search(
            text, max(start, end.start() - 12), end.start() + 1
        ):
            continue
        found.append(Span(start, end.end()))
        start = end.end()
    found.append(Span(start, len(text)))
    return [trimmed for span in found if (trimmed := _trimmed(text, span)).end > trimmed.start]


def _trimmed(text: str, span: Span) -> Span:
    inner = text[span.start : span.end]
    return Span(span.start + len(inner) - len(inner.lstrip()), span.start + len(inner.rstrip()))


def _parted(text: str, span: Span) -> list[Span]:
    """The span itself, or halves of it until none is wider than LONGEST, parted where a pause is near the middle."""
    if width(text[span.start : span.end]) <= LONGEST:
        return [span]
    middle = (span.start + span.end) / 2
    inner = (span.start + (span.end - span.start) // 4, span.end - (span.end - span.start) // 4)
    pauses = list(_PART.finditer(text, *inner))
    strong = [found.end() for found in pauses if not found[0].isspace()]
    weak = [found.end() for found in pauses]
    at = min(strong or weak or [round(middle)], key=lambda place: abs(place - middle))
    halves = (_trimmed(text, Span(span.start, at)), _trimmed(text, Span(at, span.end)))
    return [part for half in halves if half.end > half.start for part in _parted(text, half)]
