"""BibTeX text as entries, one at a time, each with its place in the file.

The file is cut where a line begins with `@type{`, and each piece is read by bibtexparser: memory stays
that of one entry, and a missing brace spoils one entry, not the rest of the file.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import (
    Block,
    DuplicateFieldKeyBlock,
    Entry,
    ExplicitComment,
    ImplicitComment,
    ParsingFailedBlock,
    Preamble,
    String,
)

_START = re.compile(r"\s{0,8}@\s*([A-Za-z]+)\s*[{(]")
_NOT_RECORDS = frozenset({"comment", "preamble", "string"})
_MONTHS = {
    "jan": "january",
    "feb": "february",
    "mar": "march",
    "apr": "april",
    "may": "may",
    "jun": "june",
    "jul": "july",
    "aug": "august",
    "sep": "september",
    "oct": "october",
    "nov": "november",
    "dec": "december",
}
"""The macros that every BibTeX style defines."""
_MARKUP = re.compile(r"[\\${}~]|``|''|--")
_MARK = re.compile(r'(?<!\\)[{}"]')
_PIECE_LIMIT = 4_000_000


@dataclass(frozen=True, slots=True)
class BibEntry:
    """One entry; a damaged one says what is wrong."""

    number: int
    line: int
    kind: str = ""
    """Entry type, lower case: `article`."""
    key: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Lower-case field name -> value as written, outer braces or quotes removed, macros put in."""
    damage: str = ""
    """What is wrong with it; empty for a good entry."""
    raw: str = ""

    @property
    def position(self) -> str:
        """Where a person finds it: `record 3, line 41`."""
        return f"record {self.number}, line {self.line}"

    @property
    def excerpt(self) -> str:
        """The first 200 characters, as written."""
        return self.raw[:200]

    def first(self, *names: str) -> str:
        """The first non-empty value among these fields as plain text, or an empty string."""
        return next((plain(value) for name in names if (value := self.fields.get(name, "")).strip()), "")

    def raw_first(self, *names: str) -> str:
        """Like `first`, but as written in LaTeX."""
        return next((value for name in names if (value := self.fields.get(name, "")).strip()), "")


def entries(lines: Iterable[tuple[int, str]]) -> Iterator[BibEntry]:
    """Every entry of a BibTeX text; `@string` macros are put into the entries that follow.

    >>> text = '@string{j = "Letters"}\\n@article{k, title={A {B}}, journal=j # " B", year=2020}'
    >>> [(e.position, e.kind, e.key, dict(e.fields)) for e in entries(enumerate(text.split("\\n"), 1))]
    [('record 1, line 2', 'article', 'k', {'title': 'A {B}', 'journal': 'Letters B', 'year': '2020'})]
    """
    macros: dict[str, str] = dict(_MONTHS)
    count = 0
    for start, piece in _pieces(lines):
        for block in _blocks(piece):
            if isinstance(block, String):
                macros[block.key.lower()] = _value(block.value, macros)
                continue
            if isinstance(block, ExplicitComment | ImplicitComment | Preamble):
                continue
            if _kind_of(block, piece) in _NOT_RECORDS:
                continue
            count += 1
            yield _entry(block, count, start + (block.start_line or 0), macros, piece)


def _pieces(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    start, held, size = 1, list[str](), 0
    for number, line in lines:
        if _START.match(line) and held:
            yield start, "\n".join(held)
            start, held, size = number, [], 0
        elif size > _PIECE_LIMIT:
            # An entry this long is an unclosed brace; its head is enough to say so.
            continue
        if not held:
            start = number
        held.append(line)
        size += len(line)
    if held:
        yield start, "\n".join(held)


def _blocks(piece: str) -> list[Block]:
    if "@" not in piece:
        return []
    log = logging.getLogger("bibtexparser.splitter")
    disabled = log.disabled
    # The parser logs every damaged entry; ours becomes a rejected record instead.
    log.disabled = True
    try:
        return list(parse_string(piece, parse_stack=()).blocks)
    finally:
        log.disabled = disabled


def _kind_of(block: Block, piece: str) -> str:
    if isinstance(block, Entry):
        return block.entry_type.lower()
    match = _START.match(block.raw or piece)
    return match[1].lower() if match else ""


def _entry(block: Block, number: int, line: int, macros: Mapping[str, str], piece: str) -> BibEntry:
    raw = block.raw or piece
    if isinstance(block, DuplicateFieldKeyBlock):
        inner = block.ignore_error_block
        if isinstance(inner, Entry):
            block = inner
    if not isinstance(block, Entry):
        cause = str(getattr(block, "error", "") or "") or "its braces or quotes do not close"
        what = "damaged entry" if isinstance(block, ParsingFailedBlock) else "unreadable block"
        return BibEntry(number, line, damage=f"{what}: {' '.join(cause.split())}", raw=raw)
    fields: dict[str, str] = {}
    for item in block.fields:
        name = " ".join(item.key.lower().split())
        value = _value(str(item.value), macros)
        if not fields.get(name, "").strip():
            fields[name] = value
    return BibEntry(number, line, block.entry_type.lower(), block.key, fields, raw=raw)


def _value(written: str, macros: Mapping[str, str]) -> str:
    """The value of a field: enclosures removed, `#` joined, macros put in."""
    parts: list[str] = []
    rest = written.strip()
    while rest:
        if rest[0] in '{"':
            end = _closing(rest)
            parts.append(rest[1:end])
            rest = rest[end + 1 :].lstrip()
        else:
            head, _, tail = rest.partition("#")
            word = head.strip()
            parts.append(macros.get(word.lower(), word))
            rest = tail.lstrip()
            continue
        rest = rest.removeprefix("#").lstrip()
    return "".join(parts).strip()


def _closing(text: str) -> int:
    """Where the enclosure that begins `text` ends; its length when it never does."""
    quoted = text[0] == '"'
    depth = 0
    for match in _MARK.finditer(text):
        mark = match[0]
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
        if match.start() and depth <= 0 and mark == ('"' if quoted else "}"):
            return match.start()
    return len(text)


def plain(latex: str) -> str:
    r"""LaTeX as plain text; text without LaTeX is returned as it is.

    >>> plain(r"{\"U}ber {LiDAR} \& radar at 50\% with \textit{care}")
    'Über LiDAR & radar at 50% with care'
    """
    if not _MARKUP.search(latex):
        return latex
    # Exports escape what BibTeX minds; these are by far the most and need no LaTeX reader.
    simple = re.sub(r"\\([&%#_$])", r"\1", latex)
    if "\\" in simple or latex.replace("\\$", "").count("$") > 1:
        return _latex_to_text(latex)
    simple = (
        simple.replace("``", "“").replace("''", "”").replace("---", "—").replace("--", "–").replace("~", " ")
    )
    return simple.replace("{", "").replace("}", "")


def _latex_to_text(latex: str) -> str:
    # A lone dollar is money; only pairs are mathematics.
    if latex.replace("\\$", "").count("$") % 2:
        latex = re.sub(r"(?<!\\)\$", r"\\$", latex)
    # A per cent sign opens a comment in LaTeX; in exports it is always a per cent sign.
    latex = re.sub(r"(?<!\\)([%#&])", r"\\\1", latex)
    try:
        return str(_latex_reader().latex_to_text(latex, tolerant_parsing=True))
    except (ValueError, IndexError, KeyError, RecursionError):
        return re.sub(r"\\[a-zA-Z]+\s*|[{}$\\]", "", latex)


@functools.cache
def _latex_reader() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

    return LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=False)
