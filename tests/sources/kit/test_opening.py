"""Every way in which a file can be bad, and every compression and encoding in which it can be good."""

from __future__ import annotations

import gc
import gzip
import io
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError, SourceError
from foretrack.sources.catalogue import read
from foretrack.sources.kit.compression import Limits
from foretrack.sources.kit.opening import open_bytes, open_file

TEXT = "Title: 机器学习 and Ärger\nline two\r\nthree\rfour — 中文，标点\n" * 5
LINES = ["Title: 机器学习 and Ärger", "line two", "three", "four — 中文，标点"] * 5
SMALL = Limits(unpacked=10_000_000, ratio=50, ratio_from=100_000, line=1000, text=5000, members=3)


def lines(path: Path) -> list[str]:
    with open_file(path) as (member,):
        numbered = list(member.lines())
    assert [number for number, _ in numbered] == list(range(1, len(numbered) + 1))
    return [line for _, line in numbered]


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"]
)
def test_encodings_are_recognised(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(TEXT.encode(codec))
    assert lines(path) == LINES
    with open_file(path) as (member,):
        assert member.text().splitlines() == LINES
        assert (member.sample().text or "").startswith("Title: 机器学习")


@pytest.mark.parametrize(
    "text",
    ["题名，摘要。固态电池：测试", "這是關於機器學習的研究，我們在這裡提出了一種新的方法", "题"],
)
def test_chinese_text_without_ascii_letters(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(f"{text}{text}".encode("gb18030"))
    assert lines(path) == [f"{text}{text}"]


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1252", "Étude générale à côté; Größe für Prüfgeräte"),
        ("big5", "這是關於機器學習的研究，我們在這裡提出了一種新的方法"),
        ("shift_jis", "深層学習を用いた画像認識の研究について"),
    ],
)
def test_other_encodings_are_named_by_the_user_not_guessed(tmp_path: Path, codec: str, text: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(f"{text}\n".encode(codec) * 4)
    with pytest.raises(InputError, match="name the encoding"):
        lines(path)
    with open_file(path, encoding=codec) as (member,):
        assert next(member.lines())[1] == text


def test_an_unknown_encoding_name(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("a,b\n", encoding="utf-8")
    for name in ("klingon", "base64", "zip"):
        with open_file(path, encoding=name) as (member,), pytest.raises(InputError, match="no encoding"):
            list(member.lines())


def test_single_damaged_bytes_are_kept_apart_not_fatal(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes("好的文字\n".encode() * 30 + b"bad \xe9 byte\n" + "更多\n".encode())
    found = lines(path)
    assert found[30] == "bad \udce9 byte"
    assert found[31] == "更多"


def test_a_utf8_file_whose_first_foreign_letter_comes_late(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"plain ascii line\n" * 20_000 + "末尾的中文内容".encode("gb18030"))
    assert lines(path)[-1] == "末尾的中文内容"


def test_nul_bytes_vanish(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"a\x00b\nc\x00\x00d\n")
    assert lines(path) == ["ab", "cd"]


def _zip(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/x.txt", data)
    return buffer.getvalue()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "zst": zstandard.compress,
    "zip": _zip,
    "gz in zip": lambda data: _zip(gzip.compress(data)),
    "two gz": lambda data: gzip.compress(data[:50]) + gzip.compress(data[50:]),
    "two zst": lambda data: zstandard.compress(data[:50]) + zstandard.compress(data[50:]),
}


@pytest.mark.parametrize("packer", PACKERS)
def test_compressed(tmp_path: Path, packer: str) -> None:
    path = tmp_path / "any.name"
    path.write_bytes(PACKERS[packer](TEXT.encode()))
    assert lines(path) == LINES
    with open_file(path) as (member,):
        copy = Path(member.local_path())
        assert copy.read_bytes() == TEXT.encode()
    assert not copy.exists()


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
def test_truncated_archives_are_never_half_a_file(tmp_path: Path, packer: str, keep: float) -> None:
    data = PACKERS[packer]((TEXT * 500 + "unique ending").encode())
    path = tmp_path / "x"
    path.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(SourceError, match=r"truncated or damaged|archive"):
        lines(path)


def test_a_damaged_checksum(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(TEXT.encode()))
    data[-6] ^= 0xFF
    path = tmp_path / "x.gz"
    path.write_bytes(data)
    with pytest.raises(SourceError, match="damaged"):
        lines(path)


@pytest.mark.parametrize("packer", ["gz", "zst", "zip"])
def test_bombs(tmp_path: Path, packer: str) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(PACKERS[packer](b"0" * 5_000_000))
    with open_file(path, limits=SMALL) as (member,), pytest.raises(SourceError, match="bomb"):
        for _ in member.chunks():
            pass


def test_a_workbook_that_is_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", "0" * 5_000_000)
    with pytest.raises(SourceError, match="bomb"), open_file(path, limits=SMALL):
        pass


def test_a_zip_that_lies_about_its_size(tmp_path: Path) -> None:
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(b"0" * 3_000_000) + packed.flush()
    name = b"x.csv"
    header = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(body), 100, len(name), 0)
    entry = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, 0, len(body), 100, len(name), 0, 0, 0, 0, 0, 0
    )
    start = len(header) + len(name) + len(body)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(entry) + len(name), start, 0)
    path = tmp_path / "x.zip"
    path.write_bytes(header + name + body + entry + name + end)
    with open_file(path, limits=SMALL) as (member,), pytest.raises(SourceError):
        list(member.lines())


def test_limits(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"short\n" + b"x" * 2000 + b"\n")
    with open_file(path, limits=SMALL) as (member,):
        found = member.lines()
        assert next(found) == (1, "short")
        with pytest.raises(SourceError, match="line 2: longer than 1,000"):
            next(found)
    with open_file(path, limits=SMALL) as (member,):
        assert [(number, len(line)) for number, line in member.lines(cut=True)] == [(1, 5), (2, 1001)]
    path.write_bytes(b"y\n" * 4000)
    with open_file(path, limits=SMALL) as (member,), pytest.raises(SourceError, match="more than 5,000"):
        member.text()
    path.write_bytes(b"y" * 200)
    with (
        open_file(path, limits=Limits(unpacked=100)) as (member,),
        pytest.raises(SourceError, match="more than 100 bytes"),
    ):
        list(member.chunks())


@pytest.mark.slow
def test_a_field_of_a_hundred_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    with path.open("wb") as stream:
        for _ in range(100):
            stream.write(b"a" * 1_000_000)
    with open_file(path) as (member,), pytest.raises(SourceError, match="line 1: longer than 67,108,864"):
        list(member.lines())


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "a PNG picture"),
        (b"\xff\xd8\xff\xe0" + b"0" * 100, "a JPEG picture"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 100, "an old Office file"),
    ],
)
def test_a_picture_named_csv(tmp_path: Path, head: bytes, words: str) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(head)
    with pytest.raises(InputError, match=f"not a text file, it begins like {words}"):
        lines(path)
    with open_file(path) as (member,):
        assert member.sample().text is None


def test_what_is_no_file_with_records(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "blank.csv").write_bytes(b"\xef\xbb\xbf \n\n")
    (tmp_path / "x.xz").write_bytes(b"\xfd7zXZ\x00rest")
    (tmp_path / "empty.zip").write_bytes(_empty_zip())
    cases = {
        "": "is a folder",
        "absent.csv": "does not exist",
        "empty.csv": "the file is empty",
        "x.xz": "begins like xz",
        "empty.zip": "holds 0 files",
    }
    for name, message in cases.items():
        with pytest.raises(ForetrackError, match=message), open_file(tmp_path / name):
            pass
    with open_file(tmp_path / "blank.csv") as (member,), pytest.raises(InputError, match="is empty"):
        member.sample()


def _empty_zip() -> bytes:
    buffer = io.BytesIO()
    zipfile.ZipFile(buffer, "w").close()
    return buffer.getvalue()


def test_an_encrypted_member(tmp_path: Path) -> None:
    data = bytearray(_zip(TEXT.encode()))
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with pytest.raises(InputError, match="encrypted"), open_file(path):
        pass


def test_members_of_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a/one.csv", "a/b/two.csv", "__MACOSX/a/._one.csv", "a/.DS_Store"):
            archive.writestr(name, f"{name}\n")
    with open_file(path) as members:
        assert [member.name for member in members] == ["x.zip/a/one.csv", "x.zip/a/b/two.csv"]
        assert [list(member.lines()) for member in members] == [[(1, "a/one.csv")], [(1, "a/b/two.csv")]]


def test_a_workbook_is_one_file_not_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with open_file(path) as (member,):
        assert member.local_path() == str(path)
        with pytest.raises(InputError, match="Office file"):
            member.text()


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\xff\xfe", b"PK\x03\x04"]),
)
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_text_or_an_error_of_ours(data: bytes, head: bytes) -> None:
    member = open_bytes(head + data)
    for act in (lambda: list(member.lines()), member.text, member.sample):
        try:
            act()
        except ForetrackError:
            continue


def copies(folder: Path) -> list[Path]:
    return sorted(folder.glob("foretrack-*"))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_copy_goes_with_the_file_that_was_closed_or_forgotten(temporary: Path) -> None:
    closed, forgotten = open_bytes(b"title\n", "a.csv"), open_bytes(b"title\n", "b.csv")
    assert Path(closed.local_path()).read_bytes() == Path(forgotten.local_path()).read_bytes() == b"title\n"
    assert len(copies(temporary)) == 2
    closed.close()
    closed.close()
    assert len(copies(temporary)) == 1
    assert Path(closed.local_path()).is_file()
    del closed, forgotten
    gc.collect()
    assert copies(temporary) == []


def test_a_copy_goes_with_a_reader_that_is_abandoned(temporary: Path) -> None:
    samples = Path(__file__).parents[1] / "espacenet" / "samples"
    packed = temporary / "results.xlsx.gz"
    packed.write_bytes(gzip.compress((samples / "results.xlsx").read_bytes()))
    for _, connector, records in read(packed):
        assert connector.name == "espacenet-excel"
        assert next(records)
        assert len(copies(temporary)) == 1
        break
    del records
    gc.collect()
    assert copies(temporary) == []


def test_a_copy_that_fails_is_not_left(temporary: Path) -> None:
    cut = open_bytes(gzip.compress(bytes(range(256)) * 9000)[:-200], "cut.xlsx.gz")
    with pytest.raises(SourceError, match="truncated"):
        cut.local_path()
    assert copies(temporary) == []


def test_a_copy_goes_with_the_interpreter_but_not_with_a_forked_child(tmp_path: Path) -> None:
    program = """
import os, sys, tempfile
from foretrack.sources.kit.opening import open_bytes
tempfile.tempdir = sys.argv[1]
kept = open_bytes(b"title", "a.csv")
path = kept.local_path()
child = os.fork() if hasattr(os, "fork") else None
if child == 0:
    sys.exit()
if child:
    os.waitpid(child, 0)
assert os.path.isfile(path)
raise SystemExit("an end in the middle")
"""
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert ended.stderr == "an end in the middle\n"
    assert copies(tmp_path) == []
