"""A weekly bulk file as the many XML documents it is made of, in memory that does not grow with the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_STARTS = (
    (b"<?xml", re.compile(rb"<\?xml\s")),
    (b"<!DOCTYPE", re.compile(rb"<!DOCTYPE\s")),
    (
        b"<",
        re.compile(
            rb"<(?=(?:us-patent-grant|us-patent-application|patent-application-publication|PATDOC)[\s>])"
        ),
    ),
)
"""How a file may begin, and what then begins each of its documents."""

DOCUMENT_LIMIT = 256 * 1024**2
"""Bytes of one patent; the longest real ones, with sequence tables, have some 100 MB."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One XML document of a bulk file."""

    number: int
    """1-based."""
    line: int
    """1-based line of the file where it begins."""
    data: bytes | None
    """None when it is longer than the limit."""

    @property
    def position(self) -> str:
        """`record 3 (line 1204)`."""
        return f"record {self.number} (line {self.line})"


def pieces(chunks: Iterable[bytes], limit: int = DOCUMENT_LIMIT) -> Iterator[Piece]:
    """The XML documents of a byte stream, cut before each `<?xml` declaration.

    A file that begins with a document type or a root element is cut before each of these. White space
    between documents belongs to none.

    >>> [(p.line, p.data) for p in pieces([b"<?xml v='1'?>\\n<a/>\\n<?x", b"ml v='1'?><b/>"])]
    [(1, b"<?xml v='1'?>\\n<a/>\\n"), (3, b"<?xml v='1'?><b/>")]
    """
    number, line = 0, 1
    held = bytearray()
    dropped = 0
    """Bytes of the current document already thrown away because it is too long."""
    boundary: re.Pattern[bytes] | None = None
    looked = 0
    for chunk in chunks:
        held += chunk
        if boundary is None:
            start = held.lstrip(b"\xef\xbb\xbf \t\r\n")
            if len(start) < 16:
                continue
            boundary = next((found for sign, found in _STARTS if start.startswith(sign)), _STARTS[0][1])
        while True:
            # A boundary at the very beginning opens the current document and does not end it.
            match = boundary.search(held, max(looked, 1))
            if match is None:
                break
            piece = bytes(held[: match.start()])
            newlines = piece.count(b"\n")
            if piece.strip(b"\xef\xbb\xbf \t\r\n") or dropped:
                number += 1
                yield Piece(number, line, None if dropped else piece)
            line += newlines
            del held[: match.start()]
            dropped = looked = 0
        looked = max(0, len(held) - 16)
        if len(held) > limit:
            line += held.count(b"\n", 0, looked)
            dropped += looked
            del held[:looked]
            looked = 0
    if held.strip(b"\xef\xbb\xbf \t\r\n") or dropped:
        yield Piece(number + 1, line, None if dropped else bytes(held))
