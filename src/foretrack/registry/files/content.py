"""What a file is, by its bytes. The name and what a browser says are only compared with it.

Signatures come from the library puremagic; on top of them a file has to be whole and nothing else beside: a picture with
an archive behind it is refused, and so is an office file with macros, or one that unpacks to a thousand times its size.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from typing import BinaryIO

from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence

OFFICE = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx", "word/document.xml"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx", "xl/workbook.xml"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (
        "pptx",
        "ppt/presentation.xml",
    ),
}
"""Media type to its extension and the part that says so."""

EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "text/csv": ("csv",),
    "text/plain": ("txt", "text", "md"),
    **{media_type: (extension,) for media_type, (extension, _) in OFFICE.items()},
}
"""The media types that can be told, with their extensions. A kind that declares another one gets no file into it."""

MOST_PARTS = 5000
MOST_UNPACKED = 300 * 1024 * 1024
MOST_RATIO = 200
"""A part of an office file that unpacks to more than so many times its size (and to more than 10 MB) is a bomb."""
_HEAD = 8192


def media_type_of(file: BinaryIO, size: int, name_extension: str) -> str:
    """The media type of a whole file.

    Args:
        file: open for reading at any place; left anywhere.
        name_extension: lower case without dot: plain text and CSV have no signature, so it tells the two apart.

    InputError for content that is none of `EXTENSIONS`, is damaged, or is two things at once.
    """
    if size == 0:
        raise _refused(Sentence("the file is empty"))
    file.seek(0)
    head = file.read(_HEAD)
    signature = _signature(head)
    if head.startswith(b"%PDF-"):
        found = _pdf(file, size)
    elif signature == "image/png":
        found = _png(file, size)
    elif signature == "image/jpeg":
        found = _jpeg(file, size)
    elif head.startswith(b"PK\x03\x04"):
        return _office(file, size)
    elif signature is not None:
        raise _refused(Sentence("the file is {found}", {"found": signature}))
    else:
        found = _text(file, name_extension)
    file.seek(0)
    if found not in ("text/csv", "text/plain") and _archive_behind(file, size):
        raise _refused(Sentence("the file is {found} and an archive at once", {"found": found}))
    return found


def check_declared(media_type: str, name_extension: str, declared: tuple[str, ...]) -> None:
    """InputError unless content, extension and declaration agree."""
    allowed = sorted({e for m in declared for e in EXTENSIONS.get(m, ())})
    if media_type not in declared:
        raise InputError.of(
            "the file is {found} by its content", expected="one of {extensions}", do="attach another file",
            found=media_type, extensions=", ".join(allowed),
        )  # fmt: skip
    if name_extension not in EXTENSIONS[media_type]:
        raise InputError.of(
            "the file is called .{extension} and is {found} by its content", expected="a name that ends in .{right}",
            do="rename the file, or attach the one that you meant",
            extension=name_extension, found=media_type, right=EXTENSIONS[media_type][0],
        )  # fmt: skip


def _refused(what: Sentence) -> InputError:
    return InputError.said(
        what,
        expected=Sentence(
            "one of {extensions}", {"extensions": ", ".join(e[0] for e in EXTENSIONS.values())}
        ),
        do=Sentence("save it again as one of these, or attach another file"),
    )


def _signature(head: bytes) -> str | None:
    """What puremagic says about the first bytes; None where it knows nothing with certainty."""
    import puremagic

    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    # One or two bytes prove nothing: "BM" begins a bitmap and a sentence.
    sure = [one for one in found if one.mime_type and len(one.byte_match or b"") >= 3]
    best = max(sure, key=lambda one: one.confidence, default=None)
    return str(best.mime_type) if best is not None and not str(best.mime_type).startswith("text/") else None


def _pdf(file: BinaryIO, size: int) -> str:
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read():
        raise _refused(Sentence("the PDF has no end"))
    return "application/pdf"


def _png(file: BinaryIO, size: int) -> str:
    damaged = _refused(Sentence("the picture is damaged or has something behind its end"))
    at = 8
    while True:
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            raise damaged
        at += 12 + int.from_bytes(head[:4], "big")
        if head[4:] == b"IEND":
            break
    if at != size:
        raise damaged
    return "image/png"


def _jpeg(file: BinaryIO, size: int) -> str:
    # Cameras pad with zeros; anything else behind the end marker is a second file.
    file.seek(max(0, size - 4096))
    if not file.read().rstrip(b"\x00").endswith(b"\xff\xd9"):
        raise _refused(Sentence("the picture is damaged or has something behind its end"))
    return "image/jpeg"


def _archive_behind(file: BinaryIO, size: int) -> bool:
    # A reader of archives looks for its directory in the last 64 kB.
    file.seek(max(0, size - 65557))
    tail = file.read()
    return b"PK\x05\x06" in tail or b"Rar!\x1a\x07" in tail or b"7z\xbc\xaf\x27\x1c" in tail


def _office(file: BinaryIO, size: int) -> str:
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise _refused(Sentence("the office file is damaged")) from None
    with archive:
        if len(parts) > MOST_PARTS or len({part.filename for part in parts}) != len(parts):
            raise _refused(Sentence("the office file has too many parts, or two of one name"))
        unpacked = 0
        for part in parts:
            unpacked += part.file_size
            bomb = part.file_size > 10 * 1024 * 1024 and part.file_size > MOST_RATIO * max(
                1, part.compress_size
            )
            if bomb or unpacked > MOST_UNPACKED:
                raise _refused(Sentence("the office file unpacks to far more than its size"))
            if part.filename.startswith("/") or ".." in part.filename.split("/") or "\\" in part.filename:
                raise _refused(Sentence("the office file holds paths that lead out of it"))
            if part.filename.lower().endswith("vbaproject.bin"):
                raise _refused(Sentence("the office file holds macros"))
            if part.flag_bits & 1:
                raise _refused(Sentence("the office file is encrypted"))
        names = {part.filename for part in parts}
        found = next((m for m, (_, sign) in OFFICE.items() if sign in names), None)
        if "[Content_Types].xml" not in names or found is None:
            raise _refused(Sentence("the file is {found}", {"found": "application/zip"}))
        _really_unpack(archive, parts)
    return found


def _really_unpack(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """The sizes in the directory are claims: a part is read to no more than it claims, and its check sum with it."""
    for part in parts:
        try:
            with archive.open(part) as opened:
                left = part.file_size
                while left > 0 and (piece := opened.read(min(left, 1 << 20))):
                    left -= len(piece)
                if left or opened.read(1):
                    raise _refused(Sentence("the office file is damaged"))
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError):
            raise _refused(Sentence("the office file is damaged")) from None


def _text(file: BinaryIO, name_extension: str) -> str:
    file.seek(0)
    content = file.read()
    text = None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if text is None or any(ord(c) < 32 and c not in "\t\n\r\f" for c in text):
        raise _refused(Sentence("the file is neither text nor anything else that is known here"))
    # A browser that guesses takes text with markup at its beginning for a page.
    start = text[:1024].lstrip("\ufeff \t\r\n").lower()
    marks = ("<!doctype", "<html", "<script", "<svg", "<?xml", "<body", "<iframe", "<img", "<!--", "<head")
    if start.startswith(marks) or "<script" in text.lower() or "<svg" in text.lower():
        raise _refused(Sentence("the file is a page or drawing with markup, not plain text"))
    return "text/csv" if name_extension == "csv" else "text/plain"
