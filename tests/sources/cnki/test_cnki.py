"""CNKI exports: each field, network-first articles, separators, GB18030, fuzz."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.cnki import CONNECTORS
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.opening import open_bytes

SAMPLES = Path(__file__).parent / "samples"
NOTEEXPRESS, ESTUDY, REFWORKS = CONNECTORS


def rows(connector: Connector, data: str | bytes) -> list[Parsed | Rejected]:
    raw = data if isinstance(data, bytes) else data.encode()
    return list(connector.parse(open_bytes(raw, "x"), ParseOptions()))


def parted(found: list[Parsed | Rejected]) -> tuple[list[Document], list[Rejected]]:
    return [r.document for r in found if isinstance(r, Parsed)], [r for r in found if isinstance(r, Rejected)]


def test_noteexpress_fields() -> None:
    (first, news, online), rejected = parted(
        rows(NOTEEXPRESS, (SAMPLES / "cnki-noteexpress.net").read_bytes())
    )
    assert first == Document(
        kind="paper",
        source="cnki",
        source_id="XGXB201902001",
        title="虚构记录：基于图网络的低空航路规划",
        published="2019",
        abstract="本记录为测试而虚构。 第二行。",
        language="zh",
        keywords=("低空经济", "航路规划", "图网络"),
        alt_language="en",
        alt_title="Invented record: planning of low-altitude routes",
        doi="10.1000/cnki.1",
        subtype="journal-article",
        authors=("张三", "李四"),
        organisations=(Organisation("虚构大学计算机学院"), Organisation("虚构研究所")),
        venue="虚构航空学报",
        url="https://kns.cnki.net/kcms/detail/detail.aspx?FileName=XGXB201902001&DbName=CJFQ2019",
    )
    assert (news.kind, news.venue, news.published) == ("news", "虚构日报", "2019-01-29")
    assert (online.published, online.source_id) == ("2021-01-15", "")
    (missing,) = rejected
    assert missing.position == "record 4, line 36"
    assert missing.reason == "no year, no publication time, and no date in issue, notes or link"
    assert "没有任何日期" in missing.excerpt


def test_estudy_fields() -> None:
    (first, online, thesis), rejected = parted(rows(ESTUDY, (SAMPLES / "cnki-estudy.txt").read_bytes()))
    assert first == Document(
        kind="paper",
        source="cnki",
        source_id="XGJQ202101034",
        title="虚构记录：乳液机器人",
        published="2021-01-18",
        abstract="本记录为测试而虚构。",
        language="zh",
        keywords=("机器人", "乳液"),
        subtype="journal-article",
        authors=("张三", "李四"),
        organisations=(Organisation("虚构大学"), Organisation("虚构研究所")),
        venue="虚构机器人",
        url="https://kns.cnki.net/kcms/detail/detail.aspx?FileName=XGJQ202101034&DbName=CJFQTEMP",
    )
    assert (online.published, online.source_id, online.authors) == ("2021-01-15", "XGJQ20210115000", ())
    assert (thesis.published, thesis.subtype) == ("2020", "doctoral-thesis")
    assert [r.position for r in rejected] == ["record 4, line 29"]


def test_refworks_fields() -> None:
    (first, thesis), rejected = parted(rows(REFWORKS, (SAMPLES / "cnki-refworks.txt").read_bytes()))
    assert (first.title, first.authors, first.venue, first.published) == (
        "虚构记录：合成生物制造",
        ("张三", "李四"),
        "虚构生物学报",
        "2020",
    )
    assert (first.keywords, first.language) == (("合成生物", "生物制造"), "zh")
    assert first.organisations == (Organisation("虚构大学"),)
    assert thesis.subtype == "thesis"
    assert [r.position for r in rejected] == ["record 3, line 25"]


@pytest.mark.parametrize("name", ["cnki-noteexpress.net", "cnki-estudy.txt", "cnki-refworks.txt"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_encodings_give_the_same_records(name: str, encoding: str) -> None:
    text = (SAMPLES / name).read_text(encoding="utf-8")
    connector = {"net": NOTEEXPRESS}.get(name[-3:]) or (ESTUDY if "estudy" in name else REFWORKS)
    data = text.replace("\n", "\r\n").encode(encoding)
    assert rows(connector, data) == rows(connector, text)
    assert connector.detect(open_bytes(data, "x").sample()) == 0.95


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://kns.cnki.net/kcms/detail/11.0000.TN.20190123.1015.002.html?x", None),
        ("https://link.cnki.net/urlid/11.0000.TN.20190123.1015.002", "2019-01-23"),
        ("https://x.example/?FileName=XGJQ2021011400C&DbName=D", "2021-01-14"),
        ("https://x.example/?dbname=D&filename=XGJQ201802011", "2018"),
    ],
    ids=["unknown", "urlid", "network-first", "printed"],
)
def test_date_from_the_link_when_nothing_else_says_it(link: str, expected: str | None) -> None:
    (only,) = rows(
        NOTEEXPRESS, f"{{Reference Type}}: Journal Article\n{{Title}}: 虚构记录\n{{URL}}: {link}\n"
    )
    if expected is None:
        assert isinstance(only, Rejected)
    else:
        assert isinstance(only, Parsed)
        assert only.document.published == expected


def test_full_width_marks() -> None:
    (only,) = rows(
        NOTEEXPRESS, "{Reference Type}：期刊\n{Title}：虚构记录\n{Year}：２０２０\n{Keywords}：一词；二词\n"
    )
    assert isinstance(only, Parsed)
    assert (only.document.published, only.document.keywords) == ("2020", ("一词", "二词"))


def test_lines_of_an_abstract_that_look_like_fields_are_text() -> None:
    text = "DataType: 1\nTitle-题名: 虚构\nYear-年: 2020\nSummary-摘要: 方法如下\nMethod: 一\nResults: 二\n"
    (only,) = rows(ESTUDY, text)
    assert isinstance(only, Parsed)
    assert only.document.abstract == "方法如下 Method: 一 Results: 二"


@pytest.mark.parametrize("title", ["撤稿：虚构记录", "【已撤稿】虚构记录"])
def test_retraction_in_the_title(title: str) -> None:
    (only,) = rows(REFWORKS, f"RT Journal Article\nT1 {title}\nYR 2020\nDS CNKI\n")
    assert isinstance(only, Parsed)
    assert only.document.status == "retracted"


def test_patent_and_standard() -> None:
    text = "DataType: 1\nTitle-题名: 一种虚构装置\nYear-年: 2020\nSrcDatabase-来源库: 中国专利\n"
    (only,) = rows(ESTUDY, text)
    assert isinstance(only, Parsed)
    assert only.document.kind == "patent"


def test_wrong_file_says_what_was_expected() -> None:
    for connector in CONNECTORS:
        assert connector.detect(Sample(b"", "甲\n乙\n", "x")) == 0
        with pytest.raises(InputError, match="no CNKI record"):
            rows(connector, "甲\n乙\n")


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "{Reference Type}: Journal Article",
                "{Title}: 甲",
                "{Year}: 2020",
                "{URL}: FileName=",
                "{Notes}: 2020年13月",
                "DataType: 1",
                "Title-题名: 甲",
                "PubTime-出版时间: 2020-13-45",
                "RT Journal Article",
                "T1 甲",
                "YR 2020",
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
    starts = {"cnki-noteexpress": "{Reference", "cnki-estudy": "DataType: 1", "cnki-refworks": "RT Journal"}
    for connector in CONNECTORS:
        assert 0 <= connector.detect(Sample(data, text, "x")) <= 1
        try:
            found = rows(connector, data)
        except ForetrackError:
            continue
        assert len(found) >= sum(line.startswith(starts[connector.name]) for line in lines)
        assert all(r.document.title if isinstance(r, Parsed) else r.reason for r in found)


def test_a_record_of_very_many_lines_is_read_in_one_go_and_rejected() -> None:
    text = (
        "DataType: 1\nTitle-题名: 虚构\nYear-年: 2020\nSummary-摘要: 甲\n"
        + ("这是续行" * 10 + "\n") * 250_000
    )
    text += "DataType: 1\nTitle-题名: 之后\nYear-年: 2020\n"
    long, after = rows(ESTUDY, text)
    assert isinstance(long, Rejected)
    assert long.reason.startswith("longer than 8,000,000 characters")
    assert isinstance(after, Parsed)
