"""Keeps an answer small and honest: long lists and texts are cut and said to be, characters that nobody sees go.

A title may hold an instruction to the assistant that reads it. It cannot be told from a title by its words, so it is
never taken out; but it always stands in a field of its own, and cannot hide from the person who looks at the answer.
"""

from __future__ import annotations

import json
import math
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from foretrack.foundation.errors import InputError

MOST_CHARACTERS = 60_000
"""Of the JSON of one answer: some fifteen thousand words' worth of an assistant's attention."""
MOST_ENTRIES = 500
"""Entries of one list."""
FEWEST_ENTRIES = 3
"""A list so short is never cut: it may be a pair of values."""
MOST_TEXT = 4_000
"""Characters of one text."""
MOST_DIGITS = 6
"""Significant digits of a number: what is behind them is no knowledge, only length."""
_KEPT = frozenset("\n\t\u200c\u200d")
"""Invisible characters that have work to do: line ends, and joiners in scripts and emoji."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A list or text of which only the beginning is told; `where` names it, `[]` standing for every entry."""

    where: str
    kept: int
    of: int
    """Entries or characters that there are; of several with the same place, the most."""
    unit: str
    """`entries` or `characters`."""


@dataclass(slots=True)
class Bounded:
    """A value that fits, and what was done to make it fit."""

    value: Any
    cuts: dict[str, Cut] = field(default_factory=dict)
    hidden: int = 0
    """Characters taken out because nobody sees them."""

    def told(self) -> dict[str, Any]:
        """What a reader must know beside the value."""
        cuts = [
            {"where": cut.where, "kept": cut.kept, "of": cut.of, "unit": cut.unit}
            for cut in self.cuts.values()
        ]
        return {"cut": cuts, "hidden_characters_removed": self.hidden}


def bounded(value: Any, *, most: int = MOST_CHARACTERS) -> Bounded:
    """JSON values made to fit: texts first, then ever shorter lists, the longest ones first.

    InputError when even that is not enough.

    >>> bounded({"title": "a\\u202eb", "years": [1, 2, 3, 4]}).value
    {'title': 'ab', 'years': [1, 2, 3, 4]}
    """
    entries = MOST_ENTRIES
    while True:
        made = Bounded(None)
        made.value = _made(made, value, "", entries)
        size = len(json.dumps(made.value, ensure_ascii=False))
        if size <= most:
            return made
        if entries <= FEWEST_ENTRIES:
            raise InputError.of(
                "this answer has {n} characters", expected="at most {most}", do="ask for less at once: a lower limit, "
                "one year, one part", n=size, most=most,
            )  # fmt: skip
        entries = max(FEWEST_ENTRIES, entries * 2 // 3)


def _made(into: Bounded, value: Any, where: str, entries: int) -> Any:
    if isinstance(value, str):
        return _text(into, value, where)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dict):
        return {
            _seen(into, str(key)): _made(into, entry, f"{where}.{key}" if where else str(key), entries)
            for key, entry in value.items()
        }
    if isinstance(value, list):
        if len(value) > entries:
            _cut(into, Cut(where, entries, len(value), "entries"))
        return [_made(into, entry, f"{where}[]", entries) for entry in value[:entries]]
    return value


def _number(value: float) -> float | None:
    """
    >>> _number(0.92710277056), _number(float("nan"))
    (0.927103, None)
    """
    return float(f"{value:.{MOST_DIGITS}g}") if math.isfinite(value) else None


def _text(into: Bounded, text: str, where: str) -> str:
    shown = _seen(into, text)
    if len(shown) > MOST_TEXT:
        _cut(into, Cut(where, MOST_TEXT, len(shown), "characters"))
        shown = shown[:MOST_TEXT] + "…"
    return shown


def _seen(into: Bounded, text: str) -> str:
    """The text without what nobody sees: control characters, turned directions, tags, private signs, half characters."""
    if text.isascii() and text.isprintable():
        return text
    kept = "".join(c for c in text if c in _KEPT or not _invisible(c))
    into.hidden += len(text) - len(kept)
    return kept


def _invisible(character: str) -> bool:
    # E0100 to E01EF choose among forms of a Chinese character, and can spell out a message that no screen shows.
    return (
        unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn")
        or 0xE0100 <= ord(character) <= 0xE01EF
    )


def _cut(into: Bounded, cut: Cut) -> None:
    known = into.cuts.get(cut.where)
    if known is None or known.of < cut.of:
        into.cuts[cut.where] = cut
