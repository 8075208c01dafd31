"""Zotero export: each field, patents, attachments, dates that disagree, fuzz."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.kit.connector import ParseOptions
from foretrack.sources.kit.opening import open_bytes
from foretrack.sources.zotero import CONNECTORS

SAMPLE = Path(__file__).parent / "samples" / "zotero-csv.csv"
(CSV,) = CONNECTORS
HEADER = "Key,Item Type,Publication Year,Author,Title,Date,Language\n"


def rows(data: str | bytes) -> list[Parsed | Rejected]:
    raw = data if isinstance(data, bytes) else data.encode()
    return list(CSV.parse(open_bytes(raw, "x.csv"), ParseOptions()))


def test_fields() -> None:
    first, second, third = rows(SAMPLE.read_bytes())
    assert isinstance(first, Parsed)
    assert first.document == Document(
        kind="paper",
        source="zotero",
        source_id="INVENT01",
        title="Invented record: batteries of salt",
        published="2020-05-04",
        abstract="This record is invented.",
        language="en",
        keywords=("salt battery", "storage", "Energy"),
        doi="10.1000/salt.1",
        ids=("pmid:99000021", "arxiv:2001.99999"),
        subtype="journal-article",
        authors=("Rowan, Ada", "Alder, Bo"),
        venue="Invented Energy",
        publisher="Invented Press",
        updated="2024-02-01",
        url="https://x.example/salt",
        licence="CC BY 4.0",
    )
    assert isinstance(second, Parsed)
    patent = second.document
    assert (patent.kind, patent.published, patent.filed) == ("patent", "2019-08", "2018-01-02")
    assert (patent.language, patent.alt_language, patent.alt_title) == (
        "zh",
        "en",
        "Invented record: sodium battery",
    )
    assert patent.organisations == (Organisation("虚构电池有限公司"),)
    assert patent.ids == ("patent:CN99000021A",)
    assert isinstance(third, Rejected)
    assert third.position == "row 4"
    assert "attachment" in third.reason


def test_date_of_another_year_gives_way_to_the_year() -> None:
    (only,) = rows(HEADER + "K,journalArticle,2019,,T,2020-01-02,\n")
    assert isinstance(only, Parsed)
    assert only.document.published == "2019"


@pytest.mark.parametrize("title", ["RETRACTED: Invented", "撤稿：虚构", "【已撤稿】虚构记录"])
def test_retraction_in_the_title(title: str) -> None:
    (only,) = rows(HEADER + f"K,journalArticle,2019,,{title},,\n")
    assert isinstance(only, Parsed)
    assert only.document.status == "retracted"


def test_wrong_table_says_what_was_expected() -> None:
    with pytest.raises(InputError, match="Item Type"):
        rows("a,b\n1,2\n")


@given(st.lists(st.lists(st.text(max_size=12), min_size=6, max_size=8), max_size=8))
@settings(max_examples=100, deadline=None)
def test_any_cells(cells: list[list[str]]) -> None:
    data = (HEADER + "\n".join(",".join(row) for row in cells)).encode("utf-8", "surrogatepass")
    try:
        found = rows(data)
    except ForetrackError:
        return
    assert all(r.document.title if isinstance(r, Parsed) else r.reason for r in found)
