"""Wanfang exports: each field, bilingual texts, separators, GB18030, fuzz."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.opening import open_bytes
from foretrack.sources.wanfang import CONNECTORS

SAMPLES = Path(__file__).parent / "samples"
NOTEEXPRESS, REFWORKS = CONNECTORS


def rows(connector: Connector, data: str | bytes) -> list[Parsed | Rejected]:
    raw = data if isinstance(data, bytes) else data.encode()
    return list(connector.parse(open_bytes(raw, "x"), ParseOptions()))


def test_noteexpress_fields() -> None:
    first, second = rows(NOTEEXPRESS, (SAMPLES / "wanfang-noteexpress.net").read_bytes())
    assert isinstance(first, Parsed)
    assert first.document == Document(
        kind="paper",
        source="wanfang",
        source_id="xgcl202001100",
        title="虚构记录：固态电池的界面",
        published="2020",
        abstract="目的 本记录为测试而虚构.",
        language="zh",
        keywords=("固态电池", "界面"),
        alt_language="en",
        alt_title="Invented record: interfaces of solid batteries",
        alt_abstract="This record is invented.",
        alt_keywords=("solid battery", "interface"),
        doi="10.1000/wf.1",
        subtype="journal-article",
        authors=("张三", "李四"),
        organisations=(Organisation("虚构大学材料学院"),),
        venue="虚构材料",
        url="http://www.wanfangdata.com.cn/details/detail.do?_type=perio&id=xgcl202001100",
    )
    assert isinstance(second, Rejected)
    assert (second.position, second.reason) == (
        "record 2, line 26",
        "no year, no date, and no year in the link",
    )


def test_refworks_fields() -> None:
    first, second = rows(REFWORKS, (SAMPLES / "wanfang-refworks.txt").read_bytes())
    assert isinstance(first, Parsed)
    assert (first.document.title, first.document.authors, first.document.published) == (
        "虚构记录：钙钛矿电池",
        ("张三", "李四"),
        "2021",
    )
    assert (first.document.keywords, first.document.venue) == (("钙钛矿", "电池"), "虚构能源")
    assert first.document.source_id == "xgny202103001"
    assert isinstance(second, Parsed)
    assert second.document.kind == "patent"


@pytest.mark.parametrize("name", ["wanfang-noteexpress.net", "wanfang-refworks.txt"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_encodings_give_the_same_records(name: str, encoding: str) -> None:
    text = (SAMPLES / name).read_text(encoding="utf-8")
    connector = NOTEEXPRESS if name.endswith("net") else REFWORKS
    data = text.replace("\n", "\r\n").encode(encoding)
    assert rows(connector, data) == rows(connector, text)
    assert connector.detect(open_bytes(data, "x").sample()) == 0.95


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("220005,徐州市 虚构大学附属医院", "虚构大学附属医院"),
        ("虚构大学,北京 100000", "虚构大学"),
        ("虚构医院普外科,辽宁 北镇", "虚构医院普外科"),
        ("虚构中心医院 乳腺科", "虚构中心医院 乳腺科"),
    ],
)
def test_addresses(address: str, expected: str) -> None:
    text = f"{{Reference Type}}: Journal\n{{Title}}: 虚构\n{{Year}}: 2020\n{{Author Address}}: {address}\n"
    (only,) = rows(NOTEEXPRESS, text)
    assert isinstance(only, Parsed)
    assert [o.name for o in only.document.organisations] == [expected]


def test_year_from_the_link_when_nothing_else_says_it() -> None:
    link = "http://www.wanfangdata.com.cn/details/detail.do?_type=perio&id=xgny202103001"
    (only,) = rows(NOTEEXPRESS, f"{{Reference Type}}: Journal Article\n{{Title}}: 虚构\n{{URL}}: {link}\n")
    assert isinstance(only, Parsed)
    assert only.document.published == "2021"


def test_wrong_file_says_what_was_expected() -> None:
    for connector in CONNECTORS:
        assert connector.detect(Sample(b"", "甲\n乙\n", "x")) == 0
        with pytest.raises(InputError, match="no Wanfang record"):
            rows(connector, "甲\n乙\n")


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "{Reference Type}: Journal Article",
                "{Title}: 甲",
                "{Year}: 2020",
                "{URL}: ?id=",
                "{Author Address}: ,",
                "RT Journal Article",
                "T1 甲",
                "YR 2020",
                "DS 万方",
                "",
            ]
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
    for connector, start in ((NOTEEXPRESS, "{Reference"), (REFWORKS, "RT Journal")):
        assert 0 <= connector.detect(Sample(data, text, "x")) <= 1
        try:
            found = rows(connector, data)
        except ForetrackError:
            continue
        assert len(found) >= sum(line.startswith(start) for line in lines)
        assert all(r.document.title if isinstance(r, Parsed) else r.reason for r in found)


def test_a_record_of_very_many_lines_is_read_in_one_go_and_rejected() -> None:
    start = "{Reference Type}: Journal\n{Title}: 虚构\n{Year}: 2020\n"
    long, after = rows(NOTEEXPRESS, start + "{Abstract}: 甲\n" + ("这是续行" * 10 + "\n") * 250_000 + start)
    assert isinstance(long, Rejected)
    assert long.reason.startswith("longer than 8,000,000 characters")
    assert isinstance(after, Parsed)
