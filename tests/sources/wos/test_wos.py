"""Web of Science exports: each field, the three formats, what breaks off, fuzz."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.opening import open_bytes, open_file
from foretrack.sources.wos import CONNECTORS

SAMPLES = Path(__file__).parent / "samples"
PLAIN, TABLE, BIBTEX = CONNECTORS


def rows(connector: Connector, data: str | bytes) -> list[Parsed | Rejected]:
    raw = data if isinstance(data, bytes) else data.encode()
    return list(connector.parse(open_bytes(raw, "x.txt"), ParseOptions()))


def sample(connector: Connector, name: str) -> tuple[list[Document], list[Rejected]]:
    with open_file(SAMPLES / name) as (opened,):
        found = list(connector.parse(opened, ParseOptions()))
    return [r.document for r in found if isinstance(r, Parsed)], [r for r in found if isinstance(r, Rejected)]


def test_plain_text_fields() -> None:
    (first, second), rejected = sample(PLAIN, "wos-plain.txt")
    assert first == Document(
        kind="paper",
        source="wos",
        source_id="WOS:900000000000001",
        title="Invented record: tethered drones that inspect bridges in the dark",
        published="2017-07-01",
        abstract="This record is invented for the tests of Foretrack. A tethered drone looks at a bridge.",
        language="en",
        keywords=("tethered drone", "bridge inspection", "LIDAR", "CABLES"),
        doi="10.1000/invented.17",
        ids=("pmid:99000001",),
        subtype="article; retracted publication",
        authors=("Lindqvist, Anna B.", "Okoro, Chidi"),
        organisations=(Organisation("Univ Invented", "US"), Organisation("Example Ltd", "CN")),
        countries=("US", "CN"),
        venue="JOURNAL OF INVENTED ENGINEERING",
        publisher="INVENTED PRESS",
        classes=("wos:Engineering, Civil", "wos:Robotics", "wos:Engineering"),
        references=("doi:10.1000/inv.1", "doi:10.1000/inv.2"),
        cited_by=12,
        status="retracted",
    )
    assert (second.published, second.language, second.countries) == ("2021-12", "zh", ("CN",))
    assert [(r.position, r.reason) for r in rejected] == [("record 3, line 46", "no publication date")]


def test_tab_delimited_fields() -> None:
    (only,), rejected = sample(TABLE, "wos-tab.txt")
    assert only.title == 'Invented record: "soft" grippers'
    assert only.authors == ("Li, An", "Wang, Bo")
    assert only.organisations == (Organisation("Univ Invented", "GB"), Organisation("Co Example", "FR"))
    assert only.references == ("doi:10.1000/a.1", "doi:10.1002/(sici)1-2(199)4:3<1::aid-x>3.0.co;2-b")
    assert (only.published, only.cited_by, only.keywords) == (
        "2020-05",
        3,
        ("soft gripper", "silicone", "ROBOTS"),
    )
    assert [r.position for r in rejected] == ["row 3"]


def test_bibtex_fields() -> None:
    (first, second), rejected = sample(BIBTEX, "wos-bibtex.bib")
    assert not rejected
    assert first.title == "Invented record: R & D of [small] satellites"
    assert first.authors == ("Figgis, Rui", "Marlow, Sam")
    assert first.organisations == (Organisation("Univ Invented", "PT"), Organisation("Example Inst", "GB"))
    assert first.abstract == "This record is invented. It measures 50% of nothing at all."
    assert first.references == ("doi:10.1000/ref.1", "doi:10.1000/ref_2")
    assert (first.published, first.cited_by, first.source_id) == ("2022-03-16", 7, "WOS:900000000000021")
    assert first.classes == ("wos:Engineering, Aerospace", "wos:Engineering")
    assert (second.published, second.venue, second.subtype) == (
        "2021-11",
        "INVENTED PROCEEDINGS",
        "article; early access",
    )


def test_last_record_without_its_end_mark_still_comes() -> None:
    text = (SAMPLES / "wos-plain.txt").read_text().split("\nER")[0]
    (only,) = rows(PLAIN, text)
    assert isinstance(only, Parsed)
    assert only.document.source_id == "WOS:900000000000001"


def test_record_cut_before_its_identifier_is_rejected_with_its_place() -> None:
    text = (SAMPLES / "wos-plain.txt").read_text().split("\nCR ")[0]
    (only,) = rows(PLAIN, text)
    assert isinstance(only, Rejected)
    assert only.position == "record 1, line 3"
    assert "breaks off" in only.reason
    assert only.excerpt.startswith("PT J | AU Lindqvist")


def test_record_swallows_no_follower_when_its_end_mark_is_missing() -> None:
    text = (SAMPLES / "wos-plain.txt").read_text().replace("\nER\n", "\n", 1)
    assert len(rows(PLAIN, text)) == 3


def test_old_addresses_wrapped_and_without_brackets() -> None:
    addresses = "C1 Univ Invented, Dept X,\n   Leeds, England.\n   Ex Co, Paris, France."
    text = f"PT J\nAU Li, A\nTI T\n{addresses}\nPY 2001\nUT WOS:1\nER\n"
    (only,) = rows(PLAIN, text)
    assert isinstance(only, Parsed)
    assert only.document.organisations == (Organisation("Univ Invented", "GB"), Organisation("Ex Co", "FR"))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("SPR", "2015"),
        ("SEP-OCT", "2015-09"),
        ("DEC 31", "2015-12-31"),
        ("2014", "2015"),
        ("FEB 30", "2015-02"),
    ],
    ids=["season", "span", "day", "other-year", "impossible-day"],
)
def test_publication_day(day: str, expected: str) -> None:
    (only,) = rows(PLAIN, f"PT J\nTI T\nPD {day}\nPY 2015\nUT WOS:1\nER\n")
    assert isinstance(only, Parsed)
    assert only.document.published == expected


def test_quotes_are_text_in_the_tab_export() -> None:
    (only,) = rows(TABLE, 'PT\tTI\tSO\tPY\tUT\nJ\tA 5" disk\tJ X\t2020\tWOS:1\n')
    assert isinstance(only, Parsed)
    assert only.document.title == 'A 5" disk'


def test_short_row_of_the_tab_export_is_rejected() -> None:
    (only,) = rows(TABLE, "PT\tTI\tSO\tPY\tUT\nJ\tcut here")
    assert isinstance(only, Rejected)
    assert only.reason == "2 cells. Expected: 5, as the header has"


def test_file_in_utf16_and_with_windows_line_ends() -> None:
    text = (SAMPLES / "wos-tab.txt").read_text().replace("\n", "\r\n")
    assert rows(TABLE, text.encode("utf-16")) == rows(TABLE, text)


def test_file_without_records_says_what_was_expected() -> None:
    with pytest.raises(InputError, match="begin with PT"):
        rows(PLAIN, "FN Clarivate\nVR 1.0\nEF\n")


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "PT J",
                "ER",
                "EF",
                "TI A title",
                "PY 2020",
                "UT WOS:1",
                "AU Li, A",
                "   more",
                "",
                "C1 [",
                "CR X, DOI [",
                "@article{ WOS:1,",
                "Title = {{T}},",
                "Year = {{2020}},",
                "}",
                "Author = {{",
                "PT\tTI\tSO\tPY\tUT",
            ]
        ),
        st.text(max_size=30),
    ),
    max_size=30,
)


@given(LINES)
@settings(max_examples=150, deadline=None)
def test_any_lines_give_records_rejections_or_one_clear_error(lines: list[str]) -> None:
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    for connector in CONNECTORS:
        assert 0 <= connector.detect(Sample(data, "\n".join(lines), "x")) <= 1
        try:
            found = rows(connector, data)
        except ForetrackError:
            continue
        assert all(r.document.title if isinstance(r, Parsed) else r.reason for r in found)


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_bytes(data: bytes) -> None:
    for connector in CONNECTORS:
        with suppress(ForetrackError):
            assert all(r.document.title if isinstance(r, Parsed) else r.reason for r in rows(connector, data))


def test_a_record_of_very_many_lines_is_read_in_one_go_and_rejected() -> None:
    text = (
        "PT J\nTI Invented\nPY 2020\nAB x\n"
        + "   more of it, and more of it and on\n" * 250_000
        + "UT WOS:1\nER\n"
    )
    text += "PT J\nTI After\nPY 2020\nUT WOS:2\nER\n"
    long, after = rows(PLAIN, text)
    assert isinstance(long, Rejected)
    assert long.reason.startswith("longer than 8,000,000 characters")
    assert isinstance(after, Parsed)
