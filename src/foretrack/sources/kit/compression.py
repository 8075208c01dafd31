"""Decompressed byte streams that refuse truncated archives and bombs instead of returning half a file."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, BinaryIO, Literal, TypeAlias, cast

from foretrack.foundation.errors import OutsideError, SourceError

Compression: TypeAlias = Literal["plain", "gzip", "zstd", "zip"]

_ZSTD_STEP = 1 << 10
"""Compressed bytes fed at once. A zstd block of 4 bytes may unpack to 128 KiB: small steps bound memory."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may unpack to before it is taken for an attack or a mistake."""

    unpacked: int = 256 * 1024**3
    """Bytes of one decompressed file."""
    ratio: int = 300
    """Unpacked bytes per packed byte, looked at once `ratio_from` bytes have come out."""
    ratio_from: int = 64 * 1024**2
    line: int = 64 * 1024**2
    """Characters of one line, or of one field of a table."""
    text: int = 512 * 1024**2
    """Characters of a file whose parser needs it whole."""
    members: int = 100_000
    """Files in one zip archive."""


def compression_of(head: bytes) -> Compression:
    """The compression that the first bytes show.

    >>> compression_of(b"\\x1f\\x8b\\x08"), compression_of(b"(\\xb5/\\xfd"), compression_of(b"Title")
    ('gzip', 'zstd', 'plain')
    """
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return "zstd"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    return "plain"


class GuardedStream(io.RawIOBase):
    """Bytes of `inner` with errors translated to ours and the amount watched.

    `packed` tells how many packed bytes lie behind the stream (the whole file, or a zip member's
    compressed size); 0 switches the ratio check off.
    """

    def __init__(self, inner: IO[bytes], *, name: str, packed: int, limits: Limits) -> None:
        self._inner = inner
        self._name = name
        self._packed = packed
        self._limits = limits
        self._seen = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        try:
            data = self._inner.read(len(view))
        except (EOFError, zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, NotImplementedError) as error:
            raise SourceError(
                f"{self._name}: the archive is truncated or damaged ({error})",
                expected="a complete gzip, zstd or zip archive",
                do="download or export the file again",
            ) from error
        except OSError as error:
            raise OutsideError(f"{self._name}: cannot be read ({error})", retryable=True) from error
        self._seen += len(data)
        self._check()
        view[: len(data)] = data
        return len(data)

    def _check(self) -> None:
        limits = self._limits
        if self._seen > limits.unpacked:
            raise SourceError(
                f"{self._name}: unpacks to more than {limits.unpacked:,} bytes",
                expected="a file within the limit",
                do="split the file",
            )
        if self._packed and self._seen > limits.ratio_from and self._seen > limits.ratio * self._packed:
            raise SourceError(
                f"{self._name}: {self._packed:,} packed bytes unpack to {self._seen:,}+ (a zip bomb?)",
                expected=f"at most {limits.ratio} bytes out per byte in",
                do="unpack the file yourself if you trust it, and hand in the plain file",
            )

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


class _ZstdReader(io.RawIOBase):
    """Decompressed zstd frames; EOFError when the last frame is cut (the library alone stays silent)."""

    def __init__(self, raw: BinaryIO) -> None:
        import zstandard

        self._raw = raw
        self._new: Callable[[], zstandard.ZstdDecompressionObj] = zstandard.ZstdDecompressor(
            max_window_size=1 << 27
        ).decompressobj
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._rest = b""
        self._ready = b""
        self._broken = zstandard.ZstdError

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._ready:
            piece = self._rest or self._raw.read(_ZSTD_STEP)
            self._rest = b""
            if not piece:
                if self._frame is not None:
                    raise EOFError("the last zstd frame is cut")
                return 0
            self._frame = self._frame or self._new()
            try:
                self._ready = self._frame.decompress(piece)
            except self._broken as error:
                raise zlib.error(str(error)) from error
            if self._frame.eof:
                self._rest = self._frame.unused_data
                self._frame = None
        size = min(len(view), len(self._ready))
        view[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


def unpacked(raw: BinaryIO, *, name: str, packed: int, limits: Limits) -> BinaryIO:
    """The decompressed, guarded stream of `raw` (gzip and zstd are unpacked, anything else passes).

    `raw` need not be seekable; `packed` is its size in bytes, 0 when unknown.
    """
    buffered = io.BufferedReader(_Passing(raw), 1 << 16)
    kind = compression_of(buffered.peek(4)[:4])
    inner: IO[bytes]
    if kind == "gzip":
        inner = cast(IO[bytes], gzip.GzipFile(fileobj=buffered, mode="rb"))
    elif kind == "zstd":
        inner = io.BufferedReader(_ZstdReader(buffered), 1 << 17)
    else:
        inner, packed = buffered, 0
    return io.BufferedReader(GuardedStream(inner, name=name, packed=packed, limits=limits), 1 << 17)


class _Passing(io.RawIOBase):
    """Any readable as a raw stream, so that it can be buffered and peeked at."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self._raw.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._raw.close()
        super().close()
