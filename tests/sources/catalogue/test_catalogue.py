"""Finding, naming and choosing connectors; reading files of several members."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from foretrack.foundation.errors import InputError, SourceError
from foretrack.records.document import Parsed, Rejected
from foretrack.sources import catalogue
from foretrack.sources.kit.connector import ParseOptions, Sample

NBIB = "PMID- 99000001\nOWN - NLM\nTI  - Invented: one\nDP  - 2019\n"
RIS_LIKE = "title,year\nInvented: two,2018\nInvented: late,2027\n"


def test_names_are_unique_and_belong_to_their_folder() -> None:
    names = [connector.name for connector in catalogue.connectors()]
    assert names == sorted(set(names))
    assert {"openalex-json", "crossref-json", "tables-csv", "wos-plain", "uspto-xml"} <= set(names)


def test_an_unknown_format_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"no format is called 'openalex-jsn'.*--format openalex-json"):
        catalogue.get("openalex-jsn")
    assert catalogue.get("tables-csv").name == "tables-csv"


@pytest.mark.parametrize(
    ("head", "looks"),
    [
        (b"\x89PNG\r\n\x1a\n....", "begins like a PNG picture"),
        (b"%PDF-1.7 ...", "begins like a PDF"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "is HTML"),
        (b"<thing><other/></thing>", "is XML"),
        (b"Dear all, please find the figures below.", "is text that begins 'Dear all"),
        (b"\x81\x01\xff\x93\x07 \x8f\x99\xe4", "is no text"),
        ("title,year\nÉtude générale,2000\nGröße,2001\n".encode("cp1252"), "--encoding cp1252"),
    ],
)
def test_a_file_of_no_known_format_says_what_it_looks_like(tmp_path: Path, head: bytes, looks: str) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(head)
    with pytest.raises(InputError, match=looks):
        list(catalogue.read(path))


def test_equals_are_ordered_by_rule_not_by_folder() -> None:
    sample = Sample(head=b"x", text="x", name="x.csv")
    first = [detection.connector.name for detection in catalogue.judged(sample)]
    assert first == [detection.connector.name for detection in catalogue.judged(sample)]
    assert first[-1].startswith("tables-")


def test_every_member_of_an_archive_is_read_by_its_own_connector(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/pub.txt", NBIB)
        archive.writestr("b/table.csv", RIS_LIKE)
        archive.writestr("b/logo.png", b"\x89PNG\r\n\x1a\n")
        archive.writestr("__MACOSX/._table.csv", b"litter")
    seen = {}
    for name, connector, records in catalogue.read(path, latest_year=2026):
        try:
            seen[name] = (
                connector.name,
                [r.document.title if isinstance(r, Parsed) else r.reason for r in records],
            )
        except InputError as error:
            seen[name] = (connector.name, [str(error)])
    assert seen["all.zip/a/pub.txt"] == ("pubmed-nbib", ["Invented: one"])
    assert seen["all.zip/b/table.csv"] == (
        "tables-csv",
        ["Invented: two", "year 2027; expected at most 2026"],
    )
    assert seen["all.zip/b/logo.png"][0] == "unknown"
    assert "PNG" in seen["all.zip/b/logo.png"][1][0]
    assert len(seen) == 3


def test_a_named_format_overrules_detection(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text(RIS_LIKE, encoding="utf-8")
    ((_, connector, records),) = [(n, c, list(r)) for n, c, r in catalogue.read(path, "pubmed-nbib")]
    assert connector.name == "pubmed-nbib"
    assert all(isinstance(record, Rejected) for record in records)


def test_options_reach_the_connector(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Was;Wann\nErfunden;2012\n", encoding="utf-8")
    options = ParseOptions(mapping={"title": "Was", "year": "Wann"}, kind="news", source="mine")
    ((_, _, records),) = [(n, c, list(r)) for n, c, r in catalogue.read(path, options=options)]
    (record,) = records
    assert isinstance(record, Parsed)
    assert (record.document.kind, record.document.source, record.document.published) == (
        "news",
        "mine",
        "2012",
    )


def test_too_deep_json_is_an_error_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_text('[{"title": "x", "year": 2000, "a": ' + "[" * 200_000, encoding="utf-8")
    with pytest.raises(SourceError, match="deep"):
        [list(records) for _, _, records in catalogue.read(path)]
