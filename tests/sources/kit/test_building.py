"""Clean text, dates, codes, and documents or reasons out of raw values."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.kit import building
from foretrack.sources.kit.building import BadValue, as_date, as_doi, clean_abstract, clean_text, try_document
from foretrack.sources.kit.cleaning import sound


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("p &lt; 0.05 and q &gt; 1", "p < 0.05 and q > 1"),
        ("if a<b then c>d", "if a<b then c>d"),
        ("<x> is a mean", "<x> is a mean"),
        ("CO<sub>2</sub> and H<sup>+</sup>", "CO2 and H+"),
        ("one<br/>two<p>three</p>", "one two three"),
        ("<jats:title>Aim</jats:title><jats:p>We.</jats:p>", "Aim: We."),
        ("AT&amp;T, R&D &copy; &#x4e2d;&#25991;", "AT&T, R&D © 中文"),
        ("<!-- note -->kept<tex-math>\\documentclass</tex-math>", "kept"),
        ("e\u0301 \u00a0\u3000x\u200by\u00ad\ufeff", "é xy"),
        ("a\x00b\x07c\x1fd\u202ee", "abc de"),
        ("ＡＩ　技术", "ＡＩ 技术"),
        ("&#0;&#xD800;x", "\ufffd\ufffdx"),
        ("   ", None),
        (None, None),
        (3, "3"),
        (True, None),
        (float("nan"), None),
        ({"a": 1}, None),
    ],
)
def test_clean_text(raw: object, clean: str | None) -> None:
    assert clean_text(raw) == clean


@given(st.text())
def test_cleaning_is_stable_on_clean_text(text: str) -> None:
    once = clean_text(text)
    if once is not None and "&" not in once and "<" not in once:
        assert clean_text(once) == once


def test_abstracts_that_are_none() -> None:
    for text in ("No abstract available", "[No abstract available]", "N/A", "无", "摘要：", "  "):
        assert clean_abstract(text) is None
    assert clean_abstract("Summary: Good.") == "Good."
    assert clean_abstract("摘要：我们测量。") == "我们测量。"
    assert clean_abstract("Abstractions are hard.") == "Abstractions are hard."
    assert clean_abstract("Abstract interpretation is old.") == "Abstract interpretation is old."
    assert clean_abstract("Abstract We measure.") == "We measure."


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        (2016, "2016"),
        (2016.0, "2016"),
        ("2016", "2016"),
        ("2016.0", "2016"),
        ("2016-3", "2016-03"),
        ("2016/03/01", "2016-03-01"),
        ("2016.3.1", "2016-03-01"),
        ("2016-03-01T10:11:12Z", "2016-03-01"),
        ("2016-03-01 10:11:12.5", "2016-03-01"),
        ("20160301", "2016-03-01"),
        (20160301, "2016-03-01"),
        ("2016年", "2016"),
        ("2016年3月", "2016-03"),
        ("2016 年 3 月 1 日", "2016-03-01"),
        ("2016 Mar 1", "2016-03-01"),
        ("1 March 2016", "2016-03-01"),
        ("March 1, 2016", "2016-03-01"),
        ("MAR-APR 2016", "2016-03"),
        ("2016 Nov-Dec", "2016-11"),
        ("15 Mar - 2 Apr 2016", "2016-03"),
        ("Spring 2016", "2016"),
        ("janvier 2016", "2016-01"),
        ("3. März 2016", "2016-03-03"),
        ("25/12/2016", "2016-12-25"),
        ("12/25/2016", "2016-12-25"),
        ("03/04/2016", "2016"),
        ("4/4/2016", "2016-04-04"),
        ("03/2016", "2016-03"),
        ("c1998", "1998"),
        ("[1998]", "1998"),
        ((2016, 3, 1), "2016-03-01"),
        ([2016], "2016"),
        (["2016", "2", "30"], "2016-02"),
        ("2016-00-00", "2016"),
        ("2016-13-01", "2016"),
        ("2015-02-29", "2015-02"),
        (dt.date(2016, 3, 1), "2016-03-01"),
        (dt.datetime(2016, 3, 1, tzinfo=dt.UTC), "2016-03-01"),
    ],
)
def test_dates(raw: object, iso: str) -> None:
    assert as_date(raw) == iso


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (0, "year 0; expected 1500 to 2100"),
        ("0000-01-01", "year 0"),
        ("2999", "year 2999"),
        (1499, "year 1499"),
        ("", "no publication date"),
        (None, "no publication date"),
        (True, "no publication date"),
        (float("nan"), "no publication date"),
        ([], "no publication date"),
        ([None], "year 0"),
        ("soon", "no year in 'soon'"),
        ("05/10/17", "no year in"),
        (20.5, "no date: 20.5"),
    ],
)
def test_dates_that_are_none(raw: object, reason: str) -> None:
    with pytest.raises(BadValue, match=reason):
        as_date(raw)


def test_the_latest_year_can_be_handed_in() -> None:
    assert as_date("2027", latest_year=2027) == "2027"
    with pytest.raises(BadValue, match="expected 1500 to 2026"):
        as_date("2027", latest_year=2026)


@pytest.mark.parametrize(
    ("raw", "doi"),
    [
        ("10.1000/ABC", "10.1000/abc"),
        ("https://doi.org/10.1000/a(b)c", "10.1000/a(b)c"),
        ("http://dx.doi.org/10.1000/x", "10.1000/x"),
        ("doi:10.1000/x", "10.1000/x"),
        ("see 10.1000/x, and", "10.1000/x"),
        ("10.1000/\ud800x", None),
        ("10.10/x", None),
        ("", None),
        (5, None),
    ],
)
def test_dois(raw: object, doi: str | None) -> None:
    assert as_doi(raw) == doi


def test_countries_of_many_spellings() -> None:
    cases = {
        "CN": ["China", "P. R. China", "PEOPLES R CHINA", "中国", "CHN", "cn", "中华人民共和国"],
        "GB": ["England", "UK", "U.K.", "United Kingdom", "英国"],
        "US": ["USA", "U.S.A.", "United States of America", "美国"],
        "KR": ["Korea, Republic of", "South Korea", "韩国"],
        "TR": ["Turkey", "Türkiye"],
        "CI": ["Côte d'Ivoire", "Cote d’Ivoire"],
    }
    for code, names in cases.items():
        assert {building.country_code(name) for name in names} == {code}, code
    assert building.country_code("Atlantis") is None
    assert building.country_code("x" * 1000) is None
    assert building.country_code(None) is None


def made(**fields: Any) -> Parsed | Rejected:
    given: dict[str, Any] = {"kind": "paper", "title": "Invented", "published": "2019"}
    return try_document("row 3", **(given | fields))


def document(**fields: Any) -> Document:
    found = made(**fields)
    assert isinstance(found, Parsed)
    return found.document


def test_what_makes_a_row_unusable() -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"title": None}, "no title"),
        ({"title": "<b></b>"}, "no title"),
        ({"published": None}, "no publication date"),
        ({"published": "2999"}, "year 2999"),
        ({"kind": "poem"}, "unknown kind 'poem'"),
        ({"status": "gone"}, "unknown status 'gone'"),
        ({"abstract": "bad \udce9 byte"}, "undecodable byte 0xE9 after 'bad '"),
        ({"keywords": ["half \ud83d"]}, "undecodable half character U\\+D83D"),
        ({"authors": ["\udcff"]}, "undecodable byte 0xFF"),
    ]
    for fields, reason in cases:
        with pytest.raises(AssertionError):
            document(**fields)
        found = made(**fields)
        assert isinstance(found, Rejected)
        assert found.position == "row 3"
        assert found.reason.startswith(reason.replace("\\", ""))


def test_a_bad_secondary_value_is_left_out() -> None:
    found = document(
        doi="none", cited_by="many", filed="soon", countries=["Atlantis", "Norway"], language="Klingon",
        funding="a lot", currency="EUR", cited_by_year=[("x", 1), (2000, "y"), (2001, 3), (2001, 2)],
    )  # fmt: skip
    assert found == Document(
        kind="paper", source="file", source_id="", title="Invented", published="2019",
        countries=("NO",), cited_by_year=((2001, 5),),
    )  # fmt: skip


def test_lists_and_organisations_are_made_unique() -> None:
    found = document(
        keywords="robot; arm;robot",
        authors=["A", "A", ""],
        organisations=[
            Organisation("Example", None, None),
            Organisation("EXAMPLE", "Norway", "ror:1"),
            Organisation("", "CN"),
        ],
        countries=["SE"],
    )
    assert found.keywords == ("robot", "arm")
    assert found.authors == ("A", "A")
    assert found.organisations == (Organisation("Example", "NO", "ror:1"),)
    assert found.countries == ("SE", "NO")


def test_an_unknown_field_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="titel"):
        made(titel="x")


def test_the_excerpt_of_a_rejected_row() -> None:
    found = made(title="", raw={"a": "b\n" * 500})
    assert isinstance(found, Rejected)
    assert len(found.excerpt) == 200
    assert "\n" not in found.excerpt
    lazy = made(title="", raw=lambda: "the row")
    assert isinstance(lazy, Rejected)
    assert lazy.excerpt == "the row"


def test_sound_lets_whole_text_pass() -> None:
    assert sound("𝔘nicode 中文") == "𝔘nicode 中文"
    assert sound(None) is None


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("深度学习综述", "zh"),
        ("基于Transformer的BERT模型", "zh"),
        ("A survey of deep learning 深度", "latin"),
        ("ディープラーニング", "ja"),
        ("인공 지능", "ko"),
        ("123 + 456", None),
        ("Обучение", None),
    ],
)
def test_language_by_script(text: str, script: str | None) -> None:
    assert building.language_by_script(text) == script
