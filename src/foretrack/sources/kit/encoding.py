"""The encoding of a text, judged from its bytes; never a guess that turns text into nonsense unseen."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from foretrack.foundation.errors import InputError, SourceError

_BOMS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a WebP picture or a sound"),
    (b"BM\x00", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.xls, .doc)"),
    (b"PAR1", "Parquet"),
    (b"PK\x03\x04", "a zip archive or an Office file"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"ARROW1", "Arrow"),
    (b"Obj\x01", "Avro"),
)
"""First bytes of files that are no text, and what to call them."""

_ESCAPED = re.compile("[\udc80-\udcff]+")
_GB2312_PAIR = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WIDE_RUN = re.compile(r"[^\x00-\x7f]+")
_COMMON = frozenset(
    "的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們生到作地于於出就分对對成会會可主发發年"
    "动動同工也能下过過子说說产產种種面而方后後多定行学學法所民得经經本文研究技术術系统統与與及其等基新提高"
)
"""Characters that every longer Chinese text has, simplified and traditional."""
_HIGH = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a file."""

    name: str
    """Python codec name."""
    errors: str = "strict"
    """`surrogateescape` when single bytes are damaged: the records that hold them are rejected one by one."""
    damaged: int = 0
    """Runs of bytes that are not valid in this encoding."""


def signature_of(head: bytes) -> str | None:
    """What a file that is no text begins with, in words; None for anything that may be text.

    >>> signature_of(b"\\x89PNG\\r\\n\\x1a\\n"), signature_of(b"TY  - JOUR")
    ('a PNG picture', None)
    """
    for magic, words in SIGNATURES:
        if head.startswith(magic):
            return words
    if head[257:262] == b"ustar":
        return "a tar archive"
    return None


def utf16_without_bom(head: bytes) -> str | None:
    """`utf-16-le` or `utf-16-be` when zero bytes stand on one side of the byte pairs only, else None.

    >>> utf16_without_bom("Title: 机器学习".encode("utf-16-le"))
    'utf-16-le'
    """
    sample = head[: len(head) // 2 * 2][:65536]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    most, least = max(even, odd), min(even, odd)
    if most < 3 or most * 50 < len(sample) // 2 or least * 20 > most:
        return None
    name = "utf-16-le" if odd > even else "utf-16-be"
    try:
        codecs.getincrementaldecoder(name)().decode(sample)
    except UnicodeDecodeError:
        return None
    return name


def judge(chunks: Callable[[], Iterable[bytes]], *, name: str, head: bytes) -> Encoding:
    """The encoding of a whole file; `chunks` reads it from its beginning, `head` are its first 64 KiB.

    UTF-8 unless bytes speak against it; then GB18030 if it reads like Chinese: characters stand together,
    as in no Western text, and are those of GB2312 or common ones, as in no Big5 text. In both, at most one damaged
    run per ten good characters is let through (marked, so that the record is rejected, not the file).
    InputError when nothing fits.
    """
    for bom, codec in _BOMS:
        if head.startswith(bom):
            return Encoding(codec, "surrogateescape" if codec == "utf-8-sig" else "strict")
    wide = utf16_without_bom(head)
    if wide:
        return Encoding(wide)
    good, bad = _count(chunks(), "utf-8")
    if not bad:
        return Encoding("utf-8")
    if good >= 10 * bad:
        return Encoding("utf-8", "surrogateescape", bad)
    good_gb, bad_gb = _count(chunks(), "gb18030")
    if good_gb >= 10 * bad_gb and _is_chinese(chunks()):
        return Encoding("gb18030", "surrogateescape" if bad_gb else "strict", bad_gb)
    raise InputError(
        f"{name}: the text is neither UTF-8, UTF-16 nor GB18030 (at least {bad:,} places are not UTF-8)",
        expected="one of these encodings",
        do="name the encoding (--encoding cp1252 for Western Windows, big5 for traditional Chinese), "
        "or save the file as UTF-8",
    )


def _count(chunks: Iterable[bytes], codec: str) -> tuple[int, int]:
    """(good non-ASCII characters, damaged runs); stops early once the codec is hopeless."""
    decoder = codecs.getincrementaldecoder(codec)("surrogateescape")
    good = bad = 0
    for chunk in chunks:
        more_good, more_bad = _tally(decoder.decode(chunk))
        good += more_good
        bad += more_bad
        if bad > 1000 and good < bad:
            return good, bad
    more_good, more_bad = _tally(decoder.decode(b"", True))
    return good + more_good, bad + more_bad


def _is_chinese(chunks: Iterable[bytes]) -> bool:
    """Whether text in GB18030 reads like Chinese, over at most the first 16 MiB."""
    paired = high = size = together = wide = han = common = 0
    decoder = codecs.getincrementaldecoder("gb18030")("surrogateescape")
    for chunk in chunks:
        paired += 2 * len(_GB2312_PAIR.findall(chunk))
        high += len(_HIGH.findall(chunk))
        text = decoder.decode(chunk)
        runs = _WIDE_RUN.findall(text)
        wide += sum(map(len, runs))
        together += sum(len(run) for run in runs if len(run) > 1)
        characters = _HAN.findall(text)
        han += len(characters)
        common += sum(character in _COMMON for character in characters)
        size += len(chunk)
        if size > 1 << 24:
            break
    if together < 0.6 * wide:
        return False
    return paired >= 0.9 * high or (han > 0 and common >= 0.08 * han)


def _tally(text: str) -> tuple[int, int]:
    if text.isascii():
        return 0, 0
    try:
        text.encode("utf-8")
        bad = 0
    except UnicodeEncodeError:
        bad = len(_ESCAPED.findall(text))
    return len(text) - len(text.encode("ascii", "ignore")) - bad, bad


def named(encoding: str, *, name: str) -> Encoding:
    """The encoding that the user named; InputError when there is no such codec."""
    try:
        # Python refuses here what is a codec but no text encoding (base64, zip).
        "".encode(encoding)
        info = codecs.lookup(encoding)
    except (LookupError, ValueError) as error:
        raise InputError(
            f"{name}: no encoding is called {encoding!r}",
            expected="a name such as utf-8, utf-16, gb18030, big5 or cp1252",
            do="correct --encoding",
        ) from error
    return Encoding(info.name, "surrogateescape" if info.name in ("utf-8", "gb18030", "cp1252") else "strict")


def decoded(chunks: Iterator[bytes], encoding: Encoding, *, name: str) -> Iterator[str]:
    """Decoded pieces of text with NUL removed; SourceError where strict decoding fails."""
    decoder = codecs.getincrementaldecoder(encoding.name)(encoding.errors)
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).replace("\x00", "")
        yield decoder.decode(b"", True).replace("\x00", "")
    except UnicodeError as error:
        raise SourceError(
            f"{name}: not valid {encoding.name} ({error})",
            expected=f"text in {encoding.name} to the end",
            do="export the file again, or name another --encoding",
        ) from error
