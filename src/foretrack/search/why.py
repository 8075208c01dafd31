"""Why a hit is one: which words stand where, and which places of its texts to show and mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from foretrack.search.query import Alternative, Query
from foretrack.search.shapes import Field, Match, Span
from foretrack.search.words import BORDER, placed

SNIPPET = 240
"""Characters of a body that are shown."""
_WINDOW = 1_000
_OVERLAP = 80
_BEFORE = 40
"""Of these, so many before the first word that was found."""


def count(words: Sequence[str], one: Alternative) -> int:
    """How often an alternative stands in a sequence of words: as often as the rarest of its words.

    A single Chinese character counts wherever a pair begins with it, or it ends a run.

    >>> count(["固态", "态电", "电池", "池", "电池", "池"], Alternative(("电池",)))
    2
    >>> count(["固态", "态电", "电池", "池"], Alternative(("电",)))
    1
    """
    return counted(Counter(words), one)


def counted(numbers: Counter[str], one: Alternative) -> int:
    """As `count`, from words already counted."""
    least = 0
    for at, word in enumerate(one.words):
        n = begins_with(numbers, word) if is_single(word) else numbers.get(word, 0)
        least = n if at == 0 else min(least, n)
        if not least:
            return 0
    return least


def is_single(word: str) -> bool:
    """True for one Chinese, Japanese or Korean character alone, which is looked for as the beginning of a pair.

    >>> is_single("电"), is_single("电池"), is_single("x")
    (True, False, False)
    """
    return len(word) == 1 and word >= "\u3005"


def begins_with(numbers: Counter[str], character: str) -> int:
    """How often a character begins a pair or ends a run."""
    return sum(n for word, n in numbers.items() if word[0] == character)


def has_phrase(words: str, one: Alternative) -> bool:
    """Whether the words stand side by side; `words` is a sequence joined by single spaces.

    >>> has_phrase("a solid state battery", Alternative(("solid", "state"), True))
    True
    """
    return f" {' '.join(one.words)} " in f" {words} "


def matches(query: Query, title: str, body: str, *, identifier: str = "") -> tuple[Match, ...]:
    """For each idea of the question, what of the thing meets it.

    Args:
        title, body: sequences of words as stored, joined by spaces.
        identifier: what was typed, when it is the thing's identifier.
    """
    found: list[Match] = []
    fields = {"title": Counter(title.split()), "body": Counter(body.split())}
    for group in query.groups:
        best = Match(group.said, "", (), 0)
        for one in group.alternatives:
            times = {name: counted(numbers, one) for name, numbers in fields.items()}
            if one.phrase:
                times = {
                    n: t if has_phrase(title if n == "title" else body, one) else 0 for n, t in times.items()
                }
            total = sum(times.values())
            if total > best.times:
                where: tuple[Field, ...] = tuple(name for name in ("title", "body") if times[name])
                best = Match(group.said, one.said, where, total, one.because)
        if not best.times:
            # Its words may stand in different fields, or joined by a hyphen.
            for one in group.alternatives:
                whole = fields["title"] + fields["body"]
                if not one.phrase and counted(whole, one):
                    best = Match(group.said, one.said, ("title", "body"), counted(whole, one), one.because)
        found.append(best)
    if identifier:
        found.insert(0, Match(identifier, identifier, ("identifier",), 1))
    return tuple(found)


def marks(text: str, query: Query | None) -> tuple[Span, ...]:
    """Places of a text, as written, at which words of the question stand; neighbours joined.

    A Chinese word is marked where all of it stands.

    >>> from foretrack.search.query import read_query
    >>> text = "全固态电池, 固态电解质 and Batteries"
    >>> [text[s.start : s.end] for s in marks(text, read_query("固态电池 battery"))]
    ['固态电池', 'Batteries']
    """
    if query is None:
        return ()
    chains: set[tuple[str, ...]] = set()
    for one in (one for group in query.groups for one in group.alternatives):
        if one.phrase:
            chains.add(one.words)
        else:
            chains |= {(word,) for word in one.words}
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for chain in chains:
        by_first.setdefault(chain[0], []).append(chain)
    words = list(placed(text))
    spans: list[Span] = []
    for at, first in enumerate(words):
        start, end = first.start, first.start
        for chain in by_first.get(first.word, ()):
            here = words[at : at + len(chain)]
            if tuple(one.word for one in here) == chain:
                end = max(end, here[-1].end)
        if (first.word[0],) in chains and is_single(first.word[0]):
            end = max(end, first.start + 1)
        if end == start:
            continue
        if spans and start <= spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(end, spans[-1].end))
        else:
            spans.append(Span(start, end))
    return tuple(spans)


def snippet(body: str, query: Query | None) -> tuple[str, tuple[Span, ...]]:
    """A stretch of the body around the first words that were found, and the places in it to mark.

    >>> from foretrack.search.query import read_query
    >>> text, places = snippet("x " * 200 + "solid batteries here", read_query("battery"))
    >>> text[places[0].start : places[0].end], text[:1], len(text) <= SNIPPET + 2
    ('batteries', '…', True)
    """
    start = first = 0
    while query is not None and start < len(body):
        # Only as far as the first word that was found: bodies are long, and pages have many hits.
        spans = marks(body[start : start + _WINDOW], query)
        if spans:
            first = start + spans[0].start
            break
        start += _WINDOW - _OVERLAP
    start = 0
    if first > SNIPPET - _BEFORE:
        start = first - _BEFORE
        space = body.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    end = min(start + SNIPPET, len(body))
    before, after = "…" if start else "", "…" if end < len(body) else ""
    shift = len(before)
    inside = marks(body[start:end], query)
    return (
        before + body[start:end] + after,
        tuple(Span(span.start + shift, span.end + shift) for span in inside),
    )


def joined(texts: Iterable[Sequence[str]]) -> str:
    """Sequences of several texts as one, with a border that no phrase crosses."""
    return f" {BORDER} ".join(" ".join(words) for words in texts if words)
