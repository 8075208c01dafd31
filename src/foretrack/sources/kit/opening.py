"""Opens any input file safely: compression, encoding, size limits.

with open_file(Path("export.zip")) as members:
    for member in members:
        for number, line in member.lines(): ...
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import weakref
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from foretrack.foundation.errors import InputError, OutsideError, SourceError
from foretrack.sources.kit import encoding as encodings
from foretrack.sources.kit.compression import Limits, compression_of, unpacked
from foretrack.sources.kit.connector import Sample
from foretrack.sources.kit.firstrows import PARQUET, ZIP, first_rows_of

LIMITS = Limits()
SAMPLE_BYTES = 64 * 1024
_CHUNK = 128 * 1024


class OpenedFile:
    """A file (or one member of a zip archive) as a connector sees it: already decompressed, size-guarded.

    Connectors use nothing else to read. Every method starts from the beginning of the file.
    """

    def __init__(
        self,
        name: str,
        open_stream: Callable[[], BinaryIO],
        *,
        encoding: str | None = None,
        limits: Limits = LIMITS,
        path: Path | None = None,
    ) -> None:
        self.name = name
        """File name for messages; `archive.zip/member.csv` for a member."""
        self._open = open_stream
        self._wanted = encoding
        self._limits = limits
        self._path = path
        self._encoding: encodings.Encoding | None = None
        self._copy: Path | None = None
        self._forget: weakref.finalize[..., OpenedFile] | None = None

    def open_binary(self) -> BinaryIO:
        """Decompressed bytes as a forward-only stream. SourceError on a truncated archive or a bomb."""
        return self._open()

    @property
    def limits(self) -> Limits:
        """The size limits that hold for this file."""
        return self._limits

    @property
    def wanted_encoding(self) -> str | None:
        """The encoding that the user named, if any."""
        return self._wanted

    def head(self, size: int = SAMPLE_BYTES) -> bytes:
        """At most `size` first bytes."""
        with self.open_binary() as stream:
            return _read_up_to(stream, size)

    def chunks(self) -> Iterator[bytes]:
        """The bytes in pieces of 128 KiB."""
        with self.open_binary() as stream:
            while piece := stream.read(_CHUNK):
                yield piece

    def encoding(self) -> encodings.Encoding:
        """How this text is encoded, judged over the whole file once. InputError when it is no text."""
        if self._encoding is None:
            head = self.head()
            self._refuse_no_text(head)
            if self._wanted:
                self._encoding = encodings.named(self._wanted, name=self.name)
            else:
                self._encoding = encodings.judge(self.chunks, name=self.name, head=head)
        return self._encoding

    def lines(self, *, cut: bool = False) -> Iterator[tuple[int, str]]:
        """(1-based line number, decoded line without newline). Encoding detected (UTF-8 with or without BOM,
        UTF-16 LE/BE, GB18030); NUL bytes removed; a line longer than the limit raises SourceError, or with
        `cut` is given as its first `limit + 1` characters, so that the reader can reject that row alone."""
        encoding = self.encoding()
        limit = self._limits.line
        with self.open_binary() as stream:
            text = io.TextIOWrapper(stream, encoding=encoding.name, errors=encoding.errors)
            number = 0
            try:
                while line := text.readline(limit + 1):
                    number += 1
                    if len(line) > limit and cut:
                        while (rest := text.readline(limit)) and not rest.endswith("\n"):
                            pass
                        yield number, line
                        continue
                    if len(line) > limit:
                        raise SourceError(
                            f"{self.name}, line {number}: longer than {limit:,} characters",
                            expected="records within the limit",
                            do="look for an unclosed quote or export the file again",
                        )
                    yield number, line.rstrip("\n").replace("\x00", "")
            except UnicodeError as error:
                raise self._not_decodable(encoding, error) from error

    def text(self) -> str:
        """The whole decoded text, for formats whose parser needs it whole. SourceError above the limit."""
        encoding = self.encoding()
        limit = self._limits.text
        with self.open_binary() as stream:
            reader = io.TextIOWrapper(stream, encoding=encoding.name, errors=encoding.errors)
            try:
                text = reader.read(limit + 1)
            except UnicodeError as error:
                raise self._not_decodable(encoding, error) from error
        if len(text) > limit:
            raise SourceError(
                f"{self.name}: more than {limit:,} characters",
                expected="a file within the limit, since this format is read whole",
                do="split the file",
            )
        return text.replace("\x00", "")

    def local_path(self) -> str:
        """A path of a plain seekable copy, for Parquet and Excel. Deleted when the file is closed, when
        nothing refers to it any more, and when the interpreter ends."""
        if self._path is not None:
            return str(self._path)
        if self._copy is None:
            folder = Path(tempfile.mkdtemp(prefix="foretrack-"))
            # However this object ends - closed, forgotten half read, or with the interpreter - its copy goes.
            self._forget = weakref.finalize(self, _remove, folder, os.getpid())
            path = folder / (PurePosixPath(self.name).name or "file")
            try:
                with self.open_binary() as stream, path.open("wb") as copy:
                    shutil.copyfileobj(stream, copy, _CHUNK)
            except BaseException as error:
                self._forget()
                if isinstance(error, OSError):
                    raise OutsideError(
                        f"{self.name}: no room for an unpacked copy ({error})", do="free disk space"
                    ) from error
                raise
            self._copy = path
        return str(self._copy)

    def sample(self) -> Sample:
        """What detection sees: the first 64 KiB, decoded if they are text, or the first rows of Parquet and
        Excel files. InputError for an empty file."""
        head = self.head(SAMPLE_BYTES + 1)
        complete = len(head) <= SAMPLE_BYTES
        head = head[:SAMPLE_BYTES]
        if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
            raise InputError(
                f"{self.name}: the file is empty", expected="a file with records", do="export it again"
            )
        text: str | None = None
        if encodings.signature_of(head) is None:
            try:
                text = self._decode_head(head)
            except (InputError, UnicodeError):
                text = None
        binary = head.startswith((PARQUET, ZIP))
        rows = first_rows_of(Path(self.local_path()), head) if binary else ()
        return Sample(head=head, text=text, name=self.name, complete=complete, rows=rows)

    def close(self) -> None:
        """Deletes the copy made by `local_path`."""
        if self._forget is not None:
            self._forget()
        self._copy = None

    def _decode_head(self, head: bytes) -> str:
        encoding = self._encoding
        if encoding is None and self._wanted:
            encoding = encodings.named(self._wanted, name=self.name)
        if encoding is None:
            # The tail may be cut inside a character, so the judge sees whole lines only.
            whole = head[: head.rfind(b"\n") + 1] or head[: len(head) - 4] or head
            encoding = encodings.judge(lambda: (whole,), name=self.name, head=head)
        text = "".join(_decoded_leniently(head, encoding))
        return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")

    def _refuse_no_text(self, head: bytes) -> None:
        words = encodings.signature_of(head)
        if words:
            raise InputError(
                f"{self.name}: not a text file, it begins like {words}",
                expected="text in UTF-8, UTF-16 or GB18030",
                do="hand in the export itself",
            )

    def _not_decodable(self, encoding: encodings.Encoding, error: UnicodeError) -> SourceError:
        return SourceError(
            f"{self.name}: not valid {encoding.name} ({error})",
            expected=f"text in {encoding.name} to the end",
            do="export the file again, or name another --encoding",
        )


def _remove(folder: Path, process: int) -> None:
    # A forked child inherits the duty, but the copy is its parent's.
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)


def _decoded_leniently(head: bytes, encoding: encodings.Encoding) -> Iterator[str]:
    import codecs

    yield codecs.getincrementaldecoder(encoding.name)(encoding.errors).decode(head)


def _read_up_to(stream: BinaryIO, size: int) -> bytes:
    pieces: list[bytes] = []
    while size > 0 and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def open_bytes(
    data: bytes, name: str = "file", *, encoding: str | None = None, limits: Limits = LIMITS
) -> OpenedFile:
    """Bytes in memory as an opened file, decompressed if they are gzip or zstd (a zip needs `open_file`)."""
    return OpenedFile(
        name,
        lambda: unpacked(io.BytesIO(data), name=name, packed=len(data), limits=limits),
        encoding=encoding,
        limits=limits,
    )


@contextmanager
def open_file(
    path: Path, *, encoding: str | None = None, limits: Limits = LIMITS
) -> Iterator[tuple[OpenedFile, ...]]:
    """The members of a file: one for a plain, gzip or zstd file, each file inside for a zip archive.

    Compression shows in the bytes, not in the name. Excel workbooks are zip archives too and stay whole.
    `encoding` overrules detection. InputError for a folder, a missing or an empty file; SourceError for a
    damaged, encrypted or empty archive. Copies on disk are deleted when the context ends.
    """
    path = Path(path)
    head = _first_bytes(path)
    if compression_of(head) == "zip":
        members = _zip_members(path, encoding, limits)
    else:
        members = (_single(path, head, encoding, limits),)
    try:
        yield members
    finally:
        for member in members:
            member.close()


def _first_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputError(
                f"{path} is a folder", expected="a file", do="name the files in it, or ingest the folder"
            )
        with path.open("rb") as stream:
            head = stream.read(512)
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist", expected="a file", do="check the path") from error
    except OSError as error:
        raise OutsideError(f"{path} cannot be read ({error})", do="check its permissions") from error
    except ValueError as error:
        raise InputError(f"{path!s:.100} is no path ({error})", expected="a file") from error
    if not head:
        raise InputError(
            f"{path.name}: the file is empty", expected="a file with records", do="export it again"
        )
    for magic in (b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!"):
        if head.startswith(magic):
            raise InputError(
                f"{path.name}: begins like {encodings.signature_of(head)}",
                expected="a plain, gzip, zstd or zip file",
                do="unpack it and hand in what is inside",
            )
    return head


def _single(path: Path, head: bytes, encoding: str | None, limits: Limits) -> OpenedFile:
    plain = compression_of(head) == "plain"
    size = path.stat().st_size

    def stream() -> BinaryIO:
        return unpacked(path.open("rb"), name=path.name, packed=size, limits=limits)

    return OpenedFile(path.name, stream, encoding=encoding, limits=limits, path=path if plain else None)


def _zip_members(path: Path, encoding: str | None, limits: Limits) -> tuple[OpenedFile, ...]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise SourceError(
            f"{path.name}: the zip archive is truncated or damaged ({error})",
            expected="a complete archive",
            do="download or export the file again",
        ) from error
    names = {info.filename for info in infos}
    if "[Content_Types].xml" in names:
        size = path.stat().st_size
        # zipfile gives out no more than these sizes, so they bound what a workbook can unpack to.
        inside = sum(info.file_size for info in infos)
        if inside > max(limits.ratio * size, limits.ratio_from) or inside > limits.unpacked:
            raise SourceError(
                f"{path.name}: {size:,} packed bytes unpack to {inside:,} (a zip bomb?)",
                expected=f"at most {limits.ratio} bytes out per byte in",
                do="save the sheet as CSV if you trust the file",
            )
        return (
            OpenedFile(
                path.name,
                lambda: _plain(path, limits, size),
                encoding=encoding,
                limits=limits,
                path=path,
            ),
        )
    wanted = [info for info in infos if not info.is_dir() and not _is_litter(info.filename)]
    if not wanted or len(wanted) > limits.members:
        raise SourceError(
            f"{path.name}: the archive holds {len(wanted):,} files",
            expected=f"1 to {limits.members:,}",
            do="check what was packed",
        )
    for info in wanted:
        if info.flag_bits & 0x1:
            raise InputError(
                f"{path.name}/{info.filename}: is encrypted", expected="an open archive", do="unpack it first"
            )
    return tuple(_member(path, info, encoding, limits) for info in wanted)


def _member(path: Path, info: zipfile.ZipInfo, encoding: str | None, limits: Limits) -> OpenedFile:
    name = f"{path.name}/{info.filename}"
    return OpenedFile(name, lambda: _zip_stream(path, info, name, limits), encoding=encoding, limits=limits)


def _plain(path: Path, limits: Limits, size: int) -> BinaryIO:
    return unpacked(path.open("rb"), name=path.name, packed=size, limits=limits)


def _zip_stream(path: Path, info: zipfile.ZipInfo, name: str, limits: Limits) -> BinaryIO:
    from foretrack.sources.kit.compression import GuardedStream

    try:
        archive = zipfile.ZipFile(path)
        try:
            inner = archive.open(info)
        except BaseException:
            archive.close()
            raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise SourceError(
            f"{name}: the zip archive is truncated or damaged ({error})",
            expected="a complete archive",
            do="download or export the file again",
        ) from error
    closing = cast(BinaryIO, _Closing(cast(BinaryIO, inner), archive))
    guarded = GuardedStream(closing, name=name, packed=max(info.compress_size, 1), limits=limits)
    # A member may itself be a .gz, as in database snapshots.
    return unpacked(io.BufferedReader(guarded, _CHUNK), name=name, packed=info.file_size, limits=limits)


class _Closing(io.RawIOBase):
    """A member's stream that closes its archive with it."""

    def __init__(self, inner: BinaryIO, archive: zipfile.ZipFile) -> None:
        self._inner = inner
        self._archive = archive

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self._inner.read(size)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._archive.close()
        super().close()


def _is_litter(name: str) -> bool:
    """Files that macOS and Windows put into archives by themselves."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or (bool(parts) and parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini"))
