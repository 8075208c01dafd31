"""A question as typed to what is looked for: groups of words, phrases, words that must not stand there.

A group is one idea: it is met by any of its alternatives, and an alternative by all of its words. Nothing of the
question's text reaches a database but words that `words.py` made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from foretrack.foundation.errors import InputError
from foretrack.language.chinese import cut, simplify
from foretrack.language.lists import word_list
from foretrack.search.words import CJK, fold, identifier, sequence

MOST_CHARACTERS = 1_000
"""Characters of a question; longer texts are documents, not questions."""
MOST_WORDS = 64
"""Different words of a question."""
MOST_TOGETHER = 4
"""Neighbouring groups that may together be the name of something."""
_WHOLE_RUN = 4
"""Chinese characters that are taken as one word; a longer run is cut."""

_QUOTED = re.compile(r'(?P<minus>(?<![^\s])-)?(?:"(?P<a>[^"]*)"|“(?P<b>[^”]*)”|「(?P<c>[^」]*)」)')
_HALVES = re.compile("[\ud800-\udfff]")
_CHINESE = re.compile(f"[{CJK}]")
_PIECE = re.compile(f"[{CJK}]+|[^\\s{CJK}]+")


@dataclass(frozen=True, slots=True)
class Alternative:
    """Words that must all stand in a thing; with a phrase, side by side in one field."""

    words: tuple[str, ...]
    phrase: bool = False
    because: str = ""
    """Empty for the question's own words; else what made them an alternative: `translation` or `compound`."""
    said: str = ""
    """The words as a person reads them."""


@dataclass(frozen=True, slots=True)
class Group:
    """One idea of the question."""

    said: str
    """As typed."""
    alternatives: tuple[Alternative, ...]
    quoted: bool = False
    """Typed in quotes: meant as it stands, so not translated."""

    @property
    def words(self) -> tuple[str, ...]:
        """All words of all alternatives, each once."""
        return tuple(dict.fromkeys(word for one in self.alternatives for word in one.words))


@dataclass(frozen=True, slots=True)
class Query:
    """A question, read."""

    text: str
    """As typed, white space at the ends removed."""
    groups: tuple[Group, ...]
    without: tuple[Alternative, ...] = ()
    """A thing that meets one of these is no hit."""
    identifiers: tuple[str, ...] = ()
    """What of it may be an identifier, as `words.identifier` writes them."""

    @property
    def plain(self) -> str:
        """The question without what must not stand there and without quotes: what its meaning is taken from."""
        return " ".join(group.said for group in self.groups)

    @property
    def words(self) -> tuple[str, ...]:
        """All words that are looked for, each once."""
        return tuple(dict.fromkeys(word for group in self.groups for word in group.words))

    def spans(self) -> tuple[tuple[int, int, str], ...]:
        """(start, end, text) of neighbouring groups that may name one thing, the longest first; MOST_TOGETHER at most.

        >>> [text for _, _, text in read_query("solid-state battery").spans()]
        ['solid-state battery', 'solid-state', 'battery']
        """
        n = len(self.groups)
        return tuple(
            (start, start + length, together([group.said for group in self.groups[start : start + length]]))
            for length in range(min(n, MOST_TOGETHER), 0, -1)
            for start in range(n - length + 1)
        )

    def named(self, start: int, end: int, others: tuple[Alternative, ...]) -> Query:
        """The question in which the groups [start, end) are one that `others` meet as well."""
        run = self.groups[start:end]
        said = together([group.said for group in run])
        own: tuple[Alternative, ...] = run[0].alternatives
        if len(run) > 1:
            words = dict.fromkeys(word for group in run for word in group.alternatives[0].words)
            own = (Alternative(tuple(words), said=said),)
        return replace(self, groups=(*self.groups[:start], Group(said, (*own, *others)), *self.groups[end:]))


def together(said: Sequence[str]) -> str:
    """Pieces of a question as one text: Chinese without spaces.

    >>> together(["锂离子", "电池"]), together(["flow", "battery"])
    ('锂离子电池', 'flow battery')
    """
    text = ""
    for piece in said:
        close = text and _CHINESE.match(text[-1]) and _CHINESE.match(piece)
        text += piece if not text or close else f" {piece}"
    return text


def read_query(text: str) -> Query:
    """What a question asks for; an empty one has no groups and asks for everything.

    Quotes keep words together, a minus before a word or quotes excludes it. Function words count only in quotes.
    InputError when the question is too long or has no word to look for.

    >>> [(g.said, g.words) for g in read_query('固态电池 "6G" -survey').groups]
    [('固态电池', ('固态', '态电', '电池')), ('6G', ('6g',))]
    >>> [a.words for a in read_query("e-mail").groups[0].alternatives]
    [('e', 'mail'), ('email',)]
    """
    text = text.strip()
    if not text:
        return Query("", ())
    # Halves of characters come out of broken programs; no database and no library takes them.
    text = _HALVES.sub(" ", text)
    if len(text) > MOST_CHARACTERS:
        raise InputError.of(
            "a question of {n} characters", expected="at most {most}",
            do="ask with fewer words; look a whole document up by its identifier",
            n=len(text), most=MOST_CHARACTERS,
        )  # fmt: skip
    groups: list[Group] = []
    without: list[Alternative] = []
    rest: list[str] = []
    at = 0
    for found in _QUOTED.finditer(text):
        rest.append(text[at : found.start()])
        at = found.end()
        inside = next(part for part in (found["a"], found["b"], found["c"]) if part is not None)
        side_by_side = phrase(inside)
        if side_by_side and found["minus"]:
            without.append(side_by_side)
        elif side_by_side:
            groups.append(Group(inside.strip(), (side_by_side,), quoted=True))
        rest.append(" ")
    rest.append(text[at:])
    quoted = len(groups)
    for piece, minus in _pieces("".join(rest)):
        if minus:
            without += _excluded(piece)
        else:
            groups += _groups(piece)
    content = [g for g in groups[quoted:] if fold(g.said) not in _stops()]
    # A question of function words alone ("the who") is asked with them.
    groups = groups[:quoted] + (content if content or quoted else groups[quoted:])
    groups = list({group.alternatives: group for group in groups}.values())
    if not groups:
        raise InputError.of(
            "no word to look for in {text}",
            expected="letters, digits or Chinese characters, outside of what is excluded",
            do="write at least one word", text=_short(text),
        )  # fmt: skip
    query = Query(text, tuple(_in_order(groups, text)), tuple(without), tuple(_identifiers(text)))
    n_words = len(query.words) + sum(len(one.words) for one in without)
    if n_words > MOST_WORDS:
        raise InputError.of(
            "a question of {n} words", expected="at most {most} words (a Chinese character counts about one)",
            do="ask with fewer words", n=n_words, most=MOST_WORDS,
        )  # fmt: skip
    return query


def _in_order(groups: list[Group], text: str) -> list[Group]:
    return sorted(groups, key=lambda group: text.find(group.said))


def _stops() -> frozenset[str]:
    return word_list("stop_en") | word_list("stop_zh")


def _short(text: str) -> str:
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:40])
    return f"“{shown}{'…' if len(text) > 40 else ''}”"


def phrase(inside: str, because: str = "") -> Alternative | None:
    """The words of a text side by side; None when it has no word."""
    words = sequence(inside)
    # In the text a run may go on where the quotation ends, so its last single character is not asked for.
    if len(words) > 1 and len(words[-1]) == 1 and len(words[-2]) == 2 and words[-2][1] == words[-1]:
        words = words[:-1]
    return Alternative(tuple(words), len(words) > 1, because, inside.strip()) if words else None


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    for chunk in text.split():
        minus = len(chunk) > 1 and chunk[0] in "-－"
        yield chunk[1:] if minus else chunk, minus


def _excluded(piece: str) -> list[Alternative]:
    side_by_side = phrase(piece)
    return [side_by_side] if side_by_side else []


def _groups(chunk: str) -> list[Group]:
    found: list[Group] = []
    for piece in _PIECE.findall(simplify(chunk)):
        if re.match(f"[{CJK}]", piece):
            found += _chinese(piece)
        else:
            found += _latin(piece)
    return found


def _latin(piece: str) -> list[Group]:
    """One group for each word; what a hyphen holds together is one group."""
    groups: list[Group] = []
    for part in re.split(r"[^\w\-‐‑–.'’+#]+|_", piece):
        words = tuple(sequence(part))
        if not words:
            continue
        alternatives = [Alternative(words, said=part)]
        folded = fold(part)
        if len(words) > 1 and re.search(r"\w-\w", folded):
            joined = sequence(folded.replace("-", ""))
            if len(joined) == 1:
                alternatives.append(Alternative(tuple(joined), because="compound", said=joined[0]))
            groups.append(Group(part, tuple(alternatives)))
        else:
            groups += [Group(part if len(words) == 1 else w, (Alternative((w,), said=w),)) for w in words]
    return groups


def _chinese(run: str) -> list[Group]:
    """Groups of a run of Chinese characters: one for a short run, else one for each word in it."""
    stops = word_list("stop_zh")
    if len(run) <= _WHOLE_RUN:
        return [_pairs_of(run)]
    words = cut(run)
    kept: list[str] = []
    open_single = ""
    for word in words:
        if word in stops:
            if open_single:
                kept.append(open_single)
            open_single = ""
        elif len(word) == 1:
            open_single += word
        elif open_single:
            # A single character is seldom a word: it belongs to what follows (脑 机 接口 is one thing).
            kept.append(open_single + word)
            open_single = ""
        else:
            kept.append(word)
    if open_single:
        kept.append(open_single)
    return [_pairs_of(word) for word in kept] or [_pairs_of(run)]


def _pairs_of(run: str) -> Group:
    pairs = tuple(run[at : at + 2] for at in range(len(run) - 1)) or (run,)
    # Side by side: 固态电解质 beside 锂电池 has all pairs of 固态电池, and not the word.
    return Group(run, (Alternative(pairs, len(pairs) > 1, said=run),))


def _identifiers(text: str) -> Iterator[str]:
    seen: set[str] = set()
    for part in (text, *text.split()):
        written = identifier(part)
        if len(written) > 2 and any(c.isdigit() for c in written) and written not in seen:
            seen.add(written)
            yield written
