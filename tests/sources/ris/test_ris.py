"""RIS of any source: each field, tag dialects, missing marks, why rispy is not used, fuzz."""

from __future__ import annotations

from pathlib import Path

import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.opening import open_bytes
from foretrack.sources.ris import CONNECTORS

SAMPLE = Path(__file__).parent / "samples" / "ris-endnote.ris"
(RIS,) = CONNECTORS


def rows(data: str | bytes, options: ParseOptions | None = None) -> list[Parsed | Rejected]:
    raw = data if isinstance(data, bytes) else data.encode()
    return list(RIS.parse(open_bytes(raw, "x.ris"), options or ParseOptions()))


def one(data: str) -> Document:
    (only,) = rows(data)
    assert isinstance(only, Parsed)
    return only.document


def test_fields() -> None:
    first, second, third, fourth = rows(SAMPLE.read_bytes())
    assert isinstance(first, Parsed)
    assert first.document == Document(
        kind="paper",
        source="ris",
        source_id="nlm:99000041",
        title="Invented record: power of tides",
        published="2015-09-18",
        abstract="This record is invented. It goes on here.",
        language="en",
        keywords=("Tides", "Energy"),
        doi="10.1000/tide.1",
        ids=("pmid:99000041",),
        subtype="journal-article",
        authors=("Cove, Ada", "Bay, Bo"),
        organisations=(Organisation("Example University", "GB"), Organisation("Invented Tidal Ltd", "NO")),
        countries=("GB", "NO"),
        venue="Invented Tides",
        cited_by=26,
        url="https://x.example/tide",
    )
    assert isinstance(second, Parsed)
    chinese = second.document
    assert (chinese.title, chinese.authors, chinese.keywords) == (
        "虚构记录：潮汐发电",
        ("张三", "李四"),
        ("潮汐", "发电"),
    )
    assert (chinese.published, chinese.alt_language, chinese.alt_title) == (
        "2018-03",
        "en",
        "Invented record: tidal power",
    )
    assert isinstance(third, Rejected)
    assert (third.position, third.reason) == ("record 3, line 37", "year 0; expected 1500 to 2100")
    assert isinstance(fourth, Parsed)
    assert (fourth.document.status, fourth.document.published) == ("active", "2020")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("PY  - 2014/03/01/", "2014-03-01"),
        ("Y1  - 2014//", "2014"),
        ("Y1  - 2014/03//Spring", "2014-03"),
        ("PY  - 2016\nDA  - Jan-Feb", "2016-01"),
        ("PY  - 2016\nDA  - 2015/12/31/", "2016"),
        ("DA  - 2016/01/20/", "2016-01-20"),
    ],
    ids=["slashes", "year-only", "month-and-season", "span", "other-year", "date-only"],
)
def test_dates(tags: str, expected: str) -> None:
    assert one(f"TY  - JOUR\nTI  - Invented\n{tags}\nER  - \n").published == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("DO  - doi:10.1000/X", "10.1000/x"),
        ("UR  - https://doi.org/10.1000/X", "10.1000/x"),
        ("M3  - doi: 10.1000/X", "10.1000/x"),
        ("UR  - https://x.example/10", None),
    ],
    ids=["own", "link", "type-of-work", "none"],
)
def test_doi_wherever_it_is(tag: str, expected: str | None) -> None:
    assert one(f"TY  - JOUR\nTI  - Invented\nPY  - 2020\n{tag}\nER  - \n").doi == expected


@pytest.mark.parametrize(
    ("written", "kind", "subtype"),
    [("PAT", "patent", "patent"), ("STAND", "standard", "standard"), ("NEWS", "news", "newspaper-article")],
)
def test_kinds(written: str, kind: str, subtype: str) -> None:
    document = one(f"TY  - {written}\nTI  - Invented\nPY  - 2020\nER  - \n")
    assert (document.kind, document.subtype) == (kind, subtype)


@pytest.mark.parametrize(
    "title", ["RETRACTED: Invented", "Retracted article: Invented", "Invented (Retracted)"]
)
def test_retraction_in_the_title(title: str) -> None:
    assert one(f"TY  - JOUR\nTI  - {title}\nPY  - 2020\nER  - \n").status == "retracted"


def test_dashes_in_prose_are_no_tags() -> None:
    document = one("TY  - JOUR\nTI  - Invented\nAB  - First line\nIT - based systems\nPY  - 2020\nER  - \n")
    assert document.abstract == "First line IT - based systems"


def test_records_without_end_or_start_mark_all_come() -> None:
    text = "TY  - JOUR\nTI  - One\nPY  - 2020\nTY  - JOUR\nTI  - Two\nPY  - 2021\nER  - \n"
    text += "TI  - Three\nPY  - 2022\n"
    found = rows(text)
    assert [r.document.title for r in found if isinstance(r, Parsed)] == ["One", "Two", "Three"]
    # The reason why rispy is not used: it makes one record of three.
    assert len(rispy.loads(text)) == 1


def test_record_cut_in_its_title_is_rejected() -> None:
    (only,) = rows("TY  - JOUR\nPY  - 2020\nTI  - Invented record that is c")
    assert isinstance(only, Rejected)
    assert "breaks off" in only.reason


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_encodings(encoding: str) -> None:
    text = "TY  - JOUR\r\nTI  - 虚构记录：潮汐发电与储能\r\nAB  - 本记录为测试而虚构\r\nPY  - 2020\r\n"
    (only,) = rows(text.encode(encoding))
    assert isinstance(only, Parsed)
    assert only.document.title == "虚构记录：潮汐发电与储能"


def test_damaged_bytes_reject_one_record_only() -> None:
    good = "TY  - JOUR\nTI  - Invented é record\nPY  - 2020\nER  - \n".encode() * 20
    found = rows(good + b"TY  - JOUR\nTI  - Broken \xff title\nPY  - 2020\nER  - \n")
    assert [type(r) for r in found] == [Parsed] * 20 + [Rejected]


def test_options_name_kind_source_and_language() -> None:
    (only,) = rows(
        "TY  - JOUR\nTI  - X\nPY  - 2020\nER  - \n", ParseOptions(kind="policy", source="mine", language="de")
    )
    assert isinstance(only, Parsed)
    assert (only.document.kind, only.document.source, only.document.language) == ("policy", "mine", "de")


def test_text_that_is_no_ris() -> None:
    assert RIS.detect(Sample(b"", "A letter.\nTY for it\n", "x")) == 0
    with pytest.raises(InputError, match="ER"):
        rows("A letter.\n")


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["TY  - JOUR", "ER  - ", "TI  - T", "PY  - 2020", "AU  - ", "DA  - /", "AD  - ;", "KW  - *"]
        ),
        st.text(max_size=30),
    ),
    max_size=30,
)


@given(LINES)
@settings(max_examples=150, deadline=None)
def test_every_start_mark_gives_one_record(lines: list[str]) -> None:
    text = "\n".join(lines)
    data = text.encode("utf-8", "surrogatepass")
    assert 0 <= RIS.detect(Sample(data, text, "x")) <= 1
    try:
        found = rows(data)
    except ForetrackError:
        return
    assert len(found) >= sum(line.startswith("TY  - JOUR") for line in text.replace("\r", "\n").split("\n"))
    assert all(r.document.title if isinstance(r, Parsed) else r.reason for r in found)


def test_a_record_of_very_many_lines_is_read_in_one_go_and_rejected() -> None:
    text = (
        "TY  - JOUR\nTI  - Invented\nPY  - 2020\nAB  - x\n"
        + "more of it, and more of it and on\n" * 250_000
        + "ER  - \n"
    )
    text += "TY  - JOUR\nTI  - After\nPY  - 2020\nER  - \n"
    long, after = rows(text)
    assert isinstance(long, Rejected)
    assert long.reason.startswith("longer than 8,000,000 characters")
    assert isinstance(after, Parsed)
