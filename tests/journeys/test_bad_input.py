"""Whatever a file holds, a person reads a sentence and an exit code, and no row vanishes."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

Person: TypeAlias = Callable[..., Any]

HEADER = "title,year,abstract\n"
GOOD = "A good invented title,2020,Something invented.\n"
RIS = "TY  - JOUR\nTI  - A good invented title\nPY  - 2020\nER  - \n"


def zip_bomb() -> bytes:
    """300 MB of one letter in a few hundred kilobytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as member:
        member.write(HEADER.encode())
        for _ in range(300):
            member.write(b"a" * 1_000_000)
    return packed.getvalue()


def png() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0\0\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


EXPANSION = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
    "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>&d;</ArticleTitle>"
    "</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
)

FILES_THAT_FAIL: dict[str, tuple[str, bytes | Callable[[], bytes]]] = {
    "truncated gzip": ("a.csv.gz", gzip.compress((HEADER + GOOD * 5000).encode())[:-200]),
    "truncated zip": ("a.zip", b"PK\x03\x04" + b"\0" * 60),
    "zip bomb": ("a.zip", zip_bomb),
    "xml entity expansion": ("a.xml", EXPANSION.encode()),
    "empty file": ("a.csv", b""),
    "only white space": ("a.csv", b"\n\n  \n"),
    "a picture named .csv": ("a.csv", png()),
    "no text at all": ("a.ris", bytes(range(256)) * 50),
    "html instead of an export": ("a.csv", b"<!doctype html><html><body>Please log in</body></html>"),
}


@pytest.mark.parametrize("case", FILES_THAT_FAIL)
def test_a_file_that_cannot_be_used_is_a_clear_error(case: str, person: Person, tmp_path: Path) -> None:
    name, content = FILES_THAT_FAIL[case]
    file = tmp_path / name
    file.write_bytes(content() if callable(content) else content)

    ended = person("ingest", file)

    assert ended.code in {2, 3}, ended
    assert "Traceback" not in ended.err + ended.out
    assert name in ended.err
    assert "To do:" in ended.err


def test_a_bad_file_does_not_stop_the_others(person: Person, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bad.csv").write_bytes(png())
    (tmp_path / "in" / "good.csv").write_text(HEADER + GOOD)

    ended = person("ingest", tmp_path / "in", "--json")

    assert ended.code in {2, 3}
    assert ended.json["total"]["kept"] == 1
    assert [bool(file.get("error")) for file in ended.json["files"]] in ([True, False], [False, True])


ROWS: dict[str, tuple[str, str, int, int]] = {
    "year 0": ("a.csv", HEADER + GOOD + "Invented in year nothing,0,x\n", 1, 1),
    "year 2999": ("a.csv", HEADER + GOOD + "Invented too late,2999,x\n", 1, 1),
    "no title": ("a.csv", HEADER + GOOD + ",2020,x\n", 1, 1),
    "half a json line": (
        "a.jsonl",
        '{"title": "An invented title", "year": 2020, "abstract": "x"}\n'
        '{"title": "Another invented title", "year": 2021, "abstract": "y"}\n'
        '{"title": "Half an inv',
        2,
        1,
    ),
    "NUL bytes": ("a.csv", HEADER + "An inven\0ted title,2020,x\n", 1, 0),
    "the last record without its end": ("a.ris", RIS + "TY  - JOUR\nTI  - Unfinished\nPY  - 2021\n", 2, 0),
}


@pytest.mark.parametrize("case", ROWS)
def test_a_bad_row_is_rejected_with_its_reason_and_the_rest_is_kept(
    case: str, person: Person, tmp_path: Path
) -> None:
    name, content, kept, rejected = ROWS[case]
    file = tmp_path / name
    file.write_text(content)

    ended = person("ingest", file, "--json")

    total = ended.json["total"]
    assert ended.code == 0, ended
    assert (total["kept"], total["rejected"]) == (kept, rejected)
    assert total["read"] == kept + total["merged"] + rejected
    if rejected:
        assert f"{name}, " in ended.err


def test_the_same_identifier_twice_is_one_document(person: Person, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        "title,year,doi\nAn invented title,2020,10.5555/inv.1\nAn invented title,2020,10.5555/INV.1\n"
    )

    total = person("ingest", file, "--json").json["total"]

    assert (total["read"], total["kept"], total["merged"]) == (2, 1, 1)


def test_a_field_of_100_megabytes_is_refused_in_a_sentence(person: Person, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    with file.open("w") as out:
        out.write(HEADER + GOOD + 'Huge invented title,2020,"')
        for _ in range(100):
            out.write("a" * 1_000_000)
        out.write('"\n')

    ended = person("ingest", file)

    assert "Traceback" not in ended.err
    assert "a.csv" in ended.err
    assert ended.code in {0, 3}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gb18030"])
def test_chinese_is_read_in_whatever_encoding_it_comes(encoding: str, person: Person, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    text = HEADER + "一种虚构的玻璃电池及其制备方法,2020,本文虚构了一种电池\n"
    bom = b"\xfe\xff" if encoding == "utf-16-be" else b""
    file.write_bytes(bom + text.encode(encoding))

    assert person("ingest", file, "--json").json["total"]["kept"] == 1


def test_a_folder_without_data_is_a_clear_error(person: Person, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()

    ended = person("ingest", tmp_path / "nothing")

    assert ended.code == 2
    assert "nothing" in ended.err


def test_a_file_that_is_not_there_is_a_clear_error(person: Person, tmp_path: Path) -> None:
    ended = person("ingest", tmp_path / "missing.csv")

    assert ended.code == 2
    assert "missing.csv" in ended.err


@pytest.mark.parametrize(
    "command", [["scan"], ["emerging"], ["corpus"], ["show", "x"], ["explain", "x"], ["report", "x.html"]]
)
def test_a_folder_that_is_no_workspace_is_a_clear_error(command: list[str], person: Person) -> None:
    ended = person(*command)

    assert ended.code == 2
    assert "foretrack init" in ended.err


def test_an_empty_corpus_is_a_clear_error(person: Person) -> None:
    person("init")

    ended = person("scan")

    assert ended.code == 5
    assert "foretrack ingest" in ended.err
