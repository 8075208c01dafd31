"""Files of records: only what is declared, whole, once on the disk, and seen by nobody who may not see the field."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from foretrack.foundation.errors import InputError, OutsideError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import VISITOR, Actor
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.attachments import attach, detach, files_of, place, read, sweep
from foretrack.registry.actions.checking import check_history
from foretrack.registry.actions.erasing import erase
from foretrack.registry.actions.records import create, edit
from foretrack.registry.actions.writing import ConflictError
from foretrack.registry.declaring.fields import BilingualText, File, Link, Text
from foretrack.registry.declaring.kind import Catalogue, Kind, State
from foretrack.registry.files.content import OFFICE
from foretrack.registry.files.names import checked_name, disposition
from foretrack.registry.models import Attachment, AuditEntry, Record
from foretrack.registry.registry import Registry

DOSSIER = Kind(
    name="dossier",
    label=Bilingual("Dossier", "材料"),
    plural=Bilingual("Dossiers", "材料"),
    organisation="organisation",
    region="region",
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "标题")),
        Link(name="organisation", label=Bilingual("Organisation", "机构"), to=("organisation",)),
        Text(name="region", label=Bilingual("Region", "地区")),
        File(
            name="papers", label=Bilingual("Papers", "附件"), many=True, most=3, max_bytes=200_000,
            media_types=("application/pdf", "image/png", "image/jpeg", "text/csv", "text/plain", *OFFICE),
        ),
        File(name="passport", label=Bilingual("Passport", "护照"), visibility="private", personal=True),
    ),
    states=(State(name="open", label=Bilingual("Open", "公开"), public=True),),
)  # fmt: skip
"""Invented."""

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    + b"\xff\xda\x00\x00"
    + b"\xff\xd9"
)


def office(parts: dict[str, bytes] | None = None, main: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": b"<Types/>", main: b"<d/>", **(parts or {})}.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def dossier(registry: Registry, kinds: Catalogue, member: Actor) -> str:
    kinds.add(DOSSIER)
    return create(registry, member, "dossier", {"title": {"en": "Invented dossier"}, "region": "CN-33"}).key


def put(registry: Registry, actor: Actor, key: str, content: bytes, name: str, field: str = "papers") -> str:
    revision = Record.objects.get(key=key).revision
    attach(registry, actor, key, field, io.BytesIO(content), name, revision=revision)
    value = Record.objects.get(key=key).body[field]
    return str(value[-1] if isinstance(value, list) else value)


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PDF, "报告.pdf", "application/pdf"),
        (png(), "plot.PNG", "image/png"),
        (JPEG, "photo.jpeg", "image/jpeg"),
        (JPEG + b"\0" * 100, "photo.jpg", "image/jpeg"),
        ("名称,数\n甲,1\n".encode("gb18030"), "list.csv", "text/csv"),
        (b"BM is how this sentence begins\n", "note.txt", "text/plain"),
        (office(), "text.docx", next(iter(OFFICE))),
        (office(main="xl/workbook.xml"), "table.xlsx", list(OFFICE)[1]),
    ],
)
def test_what_is_declared_is_taken_in_by_its_content(
    registry: Registry, dossier: str, member: Actor, content: bytes, name: str, media_type: str
) -> None:
    sha256 = put(registry, member, dossier, content, name)

    file = read(registry, VISITOR, dossier, sha256)
    assert (file.media_type, file.name, file.size) == (media_type, name, len(content))
    assert Path(file.path).read_bytes() == content
    assert check_history(registry).findings == []


BOMB = office({"word/media/a.xml": b"0" * 40_000_000})
MANY = office({f"p{i}": b"" for i in range(6000)})

REFUSED = {
    "a picture called a PDF": (png(), "a.pdf", "ends in .png"),
    "a program": (b"MZ" + b"\0" * 200 + b"PE\0\0", "a.pdf", "the file is"),
    "a page": (b"<!DOCTYPE html><p>x", "a.txt", "markup"),
    "a page with a byte order mark": (b"\xef\xbb\xbf  <html>", "a.csv", "markup"),
    "a drawing with a script": (
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
        "a.txt",
        "the file",
    ),
    "a script somewhere in a text": (b"hello\n" * 500 + b"<ScRiPt>alert(1)</script>", "a.txt", "markup"),
    "a drawing by name": (b"<svg/>", "a.svg", "of a program"),
    "a picture with an archive behind it": (png() + office(), "a.png", "behind its end"),
    "a PDF with an archive behind it": (PDF + office(), "a.pdf", "archive at once"),
    "a photograph with a page behind it": (JPEG + b"<script>1</script>", "a.jpg", "behind its end"),
    "a PDF cut off": (b"%PDF-1.4\n1 0 obj", "a.pdf", "has no end"),
    "a PDF behind something else": (b"GIF89a" + PDF, "a.pdf", "the file is"),
    "a picture cut off": (png()[:-5], "a.png", "damaged"),
    "nothing": (b"", "a.pdf", "empty"),
    "an archive": (office(main="other.xml"), "a.docx", "application/zip"),
    "an archive called text": (office(main="other.xml"), "a.txt", "application/zip"),
    "a bomb": (BOMB, "a.docx", "unpacks to far more"),
    "very many parts": (MANY, "a.docx", "larger than|too many parts"),
    "macros": (office({"word/vbaProject.bin": b"x"}), "a.docx", "macros"),
    "a path that leads out": (office({"../../x": b"x"}), "a.docx", "lead out"),
    "an office file cut off": (office()[:-30], "a.docx", "damaged"),
    "bytes that are no text": (bytes(range(256)), "a.txt", "neither text"),
    "a NUL in a text": (b"a\0b", "a.txt", "neither text"),
    "a path in the name": (PDF, "../a.pdf", "holds a path"),
    "a Windows path in the name": (PDF, "C:\\a.pdf", "holds a path"),
    "a NUL in the name": (PDF, "a.php\0.pdf", "control characters"),
    "a line end in the name": (PDF, "a.pdf\r\nX: y.pdf", "control characters"),
    "two extensions": (PDF, "a.php.pdf", "of a program"),
    "no extension": (PDF, "report", "no extension"),
    "nothing but an extension": (PDF, ".pdf", "no extension"),
    "300 characters": (PDF, "a" * 296 + ".pdf", "300 characters"),
    "a name that reads backwards": (PDF, "a\u202efdp.exe", "of a program"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_hostile_files_are_refused_and_leave_nothing(
    registry: Registry, dossier: str, member: Actor, what: str
) -> None:
    content, name, said = REFUSED[what]
    entries = AuditEntry.objects.count()

    with pytest.raises(InputError, match=said):
        put(registry, member, dossier, content, name)

    assert not Attachment.objects.exists()
    assert AuditEntry.objects.count() == entries
    assert [path for path in registry.attachments.rglob("*") if path.is_file()] == []


def test_a_size_in_an_archives_directory_is_only_a_claim(
    registry: Registry, dossier: str, member: Actor
) -> None:
    """The bomb says that it unpacks to ten bytes."""
    content = bytearray(office({"word/big.xml": b"0" * 5_000_000}))
    at = content.rindex(b"word/big.xml") - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    content[at + 24 : at + 28] = struct.pack("<I", 10)

    with pytest.raises(InputError, match="damaged"):
        put(registry, member, dossier, bytes(content), "a.docx")


def test_marks_that_turn_a_names_direction_are_taken_out() -> None:
    assert checked_name("report\u202e\u200b 2026.pdf") == "report 2026.pdf"
    assert "\n" not in disposition('a"\u00e9;b.pdf')
    assert disposition('a"b.pdf').startswith('attachment; filename="a_b.pdf"')


class Endless(io.RawIOBase):
    """Bytes without end; counts how many were read."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        self.given += size
        return b"x" * size


def test_reading_stops_where_a_file_becomes_too_long(registry: Registry, dossier: str, member: Actor) -> None:
    endless = Endless()

    with pytest.raises(InputError, match="larger than"):
        attach(registry, member, dossier, "papers", endless, "a.txt", revision=1)  # type: ignore[arg-type]
    assert endless.given <= 4 * 1024 * 1024
    assert list(registry.attachments.iterdir()) == []


def test_the_same_content_lies_on_the_disk_once(registry: Registry, dossier: str, member: Actor) -> None:
    other = create(registry, member, "dossier", {"title": {"en": "Second"}}).key
    first = put(registry, member, dossier, PDF, "a.pdf")
    second = put(registry, member, other, PDF, "b.pdf")

    assert first == second
    assert [p.name for p in registry.attachments.rglob("*") if p.is_file()] == [first]
    assert read(registry, member, other, second).name == "b.pdf"


def test_headers_keep_a_file_from_acting_in_the_sites_name(
    registry: Registry, dossier: str, member: Actor
) -> None:
    headers = read(registry, member, dossier, put(registry, member, dossier, PDF, "报告.pdf")).headers

    assert headers["Content-Disposition"].startswith("attachment; ")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert all("\n" not in value and value.isascii() for value in headers.values())


def test_a_private_file_is_for_those_who_see_its_field(
    registry: Registry, dossier: str, member: Actor, officer: Actor
) -> None:
    sha256 = put(registry, member, dossier, PDF, "pass.pdf", "passport")

    assert read(registry, officer, dossier, sha256).name == "pass.pdf"
    for actor in (VISITOR, Actor("STRANGER")):
        with pytest.raises(InputError, match="no file"):
            read(registry, actor, dossier, sha256)
        assert files_of(registry, actor, dossier) == ()
    assert [file.name for file in files_of(registry, member, dossier)] == ["pass.pdf"]


def test_knowing_the_hash_of_somebody_elses_file_opens_nothing(
    registry: Registry, dossier: str, member: Actor, national: Actor
) -> None:
    sha256 = put(registry, member, dossier, PDF, "pass.pdf", "passport")
    own = create(registry, national, "dossier", {"title": {"en": "Mine"}}).key

    for values in ({"papers": [sha256]}, {"passport": sha256}):
        with pytest.raises(InputError, match="no file"):
            create(registry, national, "dossier", values)
        with pytest.raises(InputError, match="no file"):
            edit(registry, national, own, values, revision=1)
    with pytest.raises(InputError, match="no file"):
        edit(registry, member, dossier, {"papers": [sha256]}, revision=2)
    with pytest.raises(InputError, match="no file"):
        read(registry, national, own, sha256)


def test_who_may_not_attach_is_refused(registry: Registry, dossier: str) -> None:
    for actor in (VISITOR, Actor("STRANGER")):
        with pytest.raises(AccessError):
            put(registry, actor, dossier, PDF, "a.pdf")


def test_a_file_taken_off_stays_in_the_history_and_no_more_than_declared_go_in(
    registry: Registry, dossier: str, member: Actor
) -> None:
    kept = [
        put(registry, member, dossier, PDF + bytes(str(n), "ascii") + b"\n%%EOF", "a.pdf") for n in range(3)
    ]
    with pytest.raises(InputError, match="at most 3"):
        put(registry, member, dossier, PDF, "d.pdf")

    detach(registry, member, dossier, "papers", kept[0], revision=4)

    assert [file.sha256 for file in files_of(registry, VISITOR, dossier)] == kept[1:]
    assert read(registry, member, dossier, kept[0]).size > 0
    with pytest.raises(InputError, match="no file"):
        read(registry, VISITOR, dossier, kept[0])
    with pytest.raises(ConflictError):
        detach(registry, member, dossier, "papers", kept[1], revision=4)
    edit(registry, member, dossier, {"papers": kept[1:2]}, revision=5)
    assert check_history(registry).findings == []


def test_erasing_removes_the_content_unless_another_record_has_it(
    registry: Registry, dossier: str, member: Actor, django_capture_on_commit_callbacks: object
) -> None:
    from foretrack.registry.access.actor import Grant

    admin = Actor("ADMIN", grants=(Grant("administrator"),))
    other = create(registry, member, "dossier", {"title": {"en": "Second"}}).key
    shared = put(registry, member, dossier, PDF, "ada.pdf", "passport")
    put(registry, member, other, PDF, "b.pdf")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        erase(registry, admin, dossier, reason="request 1")
    assert place(registry.attachments, shared).is_file()
    alone = put(registry, member, dossier, png(), "ada.png", "passport")

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        done = erase(registry, admin, dossier, reason="request 2")

    assert done.files == 1
    assert not place(registry.attachments, alone).exists()
    assert not Attachment.objects.filter(name__startswith="ada").exists()
    with pytest.raises(InputError, match="no file"):
        read(registry, member, dossier, alone)
    assert check_history(registry).findings == []


def test_the_sweep_takes_what_nothing_names_and_nothing_else(
    registry: Registry, dossier: str, member: Actor
) -> None:
    kept = put(registry, member, dossier, PDF, "a.pdf")
    stray = place(registry.attachments, "ab" + "0" * 62)
    stray.parent.mkdir()
    stray.write_bytes(b"left by a killed process")
    fresh, old = (registry.attachments / f".{name}.tmp" for name in ("fresh", "old"))
    for path in (fresh, old):
        path.write_bytes(b"half")
    now = registry.now().timestamp()
    os.utime(fresh, (now, now))
    os.utime(old, (now - 7200, now - 7200))

    assert sweep(registry) == (".old.tmp", stray.name)
    assert fresh.exists()
    assert read(registry, member, dossier, kept).size == len(PDF)


def test_content_that_has_gone_is_said_and_not_served(
    registry: Registry, dossier: str, member: Actor
) -> None:
    sha256 = put(registry, member, dossier, PDF, "a.pdf")
    place(registry.attachments, sha256).unlink()

    with pytest.raises(OutsideError, match="not on the disk"):
        read(registry, member, dossier, sha256)


@pytest.mark.skipif(
    not (sys.platform == "linux" and os.geteuid() == 0), reason="needs root on Linux to mount a tiny disk"
)
def test_a_full_disk_takes_nothing_half(
    registry: Registry, dossier: str, member: Actor, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(disk)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount a tmpfs here: {mounted.stderr.strip()}")
    try:
        small = replace(registry, attachments=disk / "attachments")
        put(small, member, dossier, PDF, "a.pdf")
        entries = AuditEntry.objects.count()
        with pytest.raises(OutsideError, match="disk is full") as caught:
            put(small, member, dossier, b"words " * 30_000, "long.txt")
        assert caught.value.retryable
        assert AuditEntry.objects.count() == entries
        assert [p.name for p in small.attachments.iterdir() if p.is_file()] == []
        assert check_history(small).findings == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)
