"""Publication numbers, kind codes and class symbols in the spellings of different offices and databases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretrack.sources.kit.patents import class_codes, is_grant, kind_of, read_publication, symbols_in


@pytest.mark.parametrize(
    ("spellings", "same"),
    [
        (("US-2019/0012345-A1", "US 20190012345 A1", "US2019012345A1"), "US20190012345A1"),
        (("US09876543B2", "US 9,876,543 B2", "US-9876543-B2"), "US9876543B2"),
        (("USD0801234S1", "US D801234 S1", "US-D801234-S1"), "USD801234S1"),
        (("EP0379828A2", "EP 379 828 A2", "EP-0379828-A2", "EP379828 (A2)"), "EP0379828A2"),
        (("WO2018/123456A1", "WO 2018123456 A1"), "WO2018123456A1"),
        (("CN108765432A", "CN-108765432-A", "cn 108765432 a"), "CN108765432A"),
        (("JPH05123456A", "JP-H05123456-A"), "JPH05123456A"),
    ],
)
def test_one_publication_has_one_number(spellings: tuple[str, ...], same: str) -> None:
    found = {spelling: read_publication(spelling) for spelling in spellings}
    assert {publication[1] for publication in found.values() if publication} == {same}
    assert None not in found.values()


@pytest.mark.parametrize("text", ["", "US", "A1", "scholar/123", "12345", "无"])
def test_no_publication(text: str) -> None:
    assert read_publication(text) is None


@pytest.mark.parametrize(
    ("country", "kind", "meaning", "grant"),
    [
        ("US", "A", "granted patent", True),
        ("US", "A1", "application", False),
        ("US", "B1", "granted patent", True),
        ("US", "E1", "reissue", True),
        ("US", "P2", "plant patent", True),
        ("US", "P1", "plant application", False),
        ("EP", "A1", "application", False),
        ("EP", "A3", "search report", False),
        ("EP", "B8", "correction", False),
        ("WO", "A3", "search report", False),
        ("CN", "C", "granted patent", True),
        ("CN", "U", "utility model", False),
        ("DE", "T5", "translation", False),
        ("JP", "", None, False),
        ("BR", "Z9", None, False),
    ],
)
def test_kinds(country: str, kind: str, meaning: str | None, grant: bool) -> None:
    assert kind_of(country, kind) == meaning
    assert is_grant(meaning) == grant


def test_classes_are_cleaned_and_kept_once() -> None:
    cell = "B64C39/024 (2013.01); B64C 39/024\nG06N3/08 (EP,US)|Y02T 10/70"
    assert class_codes("cpc", symbols_in(cell)) == ("cpc:B64C39/024", "cpc:G06N3/08", "cpc:Y02T10/70")


@given(st.text(max_size=40))
def test_any_text_is_safe(text: str) -> None:
    publication = read_publication(text)
    assert publication is None or publication[1].startswith(publication[0])
    assert all(code.startswith("ipc:") for code in class_codes("ipc", symbols_in(text)))
