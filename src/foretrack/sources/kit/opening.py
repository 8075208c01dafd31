"""Opens any input file safely: compression, encoding, size limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Protocol


class OpenedFile(Protocol):
    """A file (or one member of a zip archive) as a connector sees it: already decompressed, size-guarded.

    Connectors use nothing else to read. Every method starts from the beginning of the file.
    """

    name: str
    """File name for messages; `archive.zip/member.csv` for a member."""

    def open_binary(self) -> BinaryIO:
        """Decompressed bytes as a forward-only stream. Raises SourceError on a truncated archive or a bomb."""
        ...

    def lines(self) -> Iterator[tuple[int, str]]:
        """(1-based line number, decoded line without newline). Encoding detected (UTF-8 with or without BOM,
        UTF-16 LE/BE, GB18030); NUL bytes removed; a line longer than the limit raises SourceError."""
        ...

    def text(self) -> str:
        """The whole decoded text, for formats whose parser needs it whole. Raises SourceError above the limit."""
        ...

    def local_path(self) -> str:
        """A path of a plain seekable copy, for Parquet and Excel. Deleted when the file is closed."""
        ...
