"""BibTeX of any source: each field, LaTeX, macros, missing braces, laziness, fuzz."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.bibtex import CONNECTORS
from foretrack.sources.bibtex.reading import entries, plain
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.opening import open_bytes

SAMPLE = Path(__file__).parent / "samples" / "bibtex-mixed.bib"
(BIBTEX,) = CONNECTORS


def rows(data: str | bytes) -> list[Parsed | Rejected]:
    raw = data if isinstance(data, bytes) else data.encode()
    return list(BIBTEX.parse(open_bytes(raw, "x.bib"), ParseOptions()))


def one(data: str) -> Document:
    (only,) = rows(data)
    assert isinstance(only, Parsed)
    return only.document


def test_fields() -> None:
    first, second, third, fourth, fifth = rows(SAMPLE.read_bytes())
    assert isinstance(first, Parsed)
    assert first.document == Document(
        kind="paper",
        source="bibtex",
        source_id="",
        title="Invented record: LiDAR for small cars at 50%",
        published="2020-01",
        abstract="This record is invented. It costs $5 and uses x^2.",
        keywords=("lidar", "small car"),
        doi="10.1000/lidar.1",
        subtype="journal-article",
        authors=("Rowe, Ada", "Müller, Bo", "Acme and Sons"),
        organisations=(Organisation("Example University", "NO"),),
        countries=("NO",),
        venue="Invented Letters B",
    )
    assert isinstance(second, Parsed)
    chinese = second.document
    assert (chinese.title, chinese.authors, chinese.published) == (
        "虚构记录：激光雷达",
        ("张三", "李四"),
        "2021-05-06",
    )
    assert (chinese.keywords, chinese.subtype) == (("激光雷达", "小型车"), "conference-paper")
    assert isinstance(third, Parsed)
    assert (third.document.ids, third.document.classes) == (("arxiv:2201.99999",), ("arxiv:cs.LG",))
    assert isinstance(fourth, Rejected)
    assert fourth.position == "record 4, line 21"
    assert "braces" in fourth.reason
    assert isinstance(fifth, Rejected)
    assert fifth.reason == "no publication date"


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"Sch{\"o}n \& {\'e}tude", "Schön & étude"),
        ("Pages 3--5 of a~{Big} ``thing''", "Pages 3–5 of a Big “thing”"),
        (r"H\textsubscript{2}O and $\alpha$-iron", "H2O and α-iron"),
        (r"costs $5 and 10% more", "costs $5 and 10% more"),
        ("全角文本", "全角文本"),
        (r"{\o}re {\ss} \c{c}", "øre ß ç"),
    ],
    ids=["accents", "typography", "mathematics", "money", "chinese", "letters"],
)
def test_latex_as_plain_text(latex: str, expected: str) -> None:
    assert plain(latex) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("year={2020}, month={3}, day={1}", "2020-03-01"),
        ("year={2020}, month={Mar.}", "2020-03"),
        ("year=2020, month=dec", "2020-12"),
        ('year="2020", month = {spring}', "2020"),
        ("date={2020-03}, year={2019}", "2019"),
    ],
    ids=["numbers", "abbreviation", "macro", "season", "disagreement"],
)
def test_dates(fields: str, expected: str) -> None:
    assert one(f"@article{{k, title={{Invented}}, {fields}}}").published == expected


def test_entry_in_parentheses_and_fields_given_twice() -> None:
    assert one("@article(k, title={Invented}, year={2020}, year={2021})").published == "2020"


def test_last_entry_without_its_closing_brace_is_rejected_with_its_place() -> None:
    good, bad = rows("@article{a, title={One}, year={2020}}\n\n@article{b, title={Two}, year={20")
    assert isinstance(good, Parsed)
    assert isinstance(bad, Rejected)
    assert bad.position == "record 2, line 3"


def test_at_signs_in_text_start_no_entry() -> None:
    assert one(
        "@article{k, title={Invented}, abstract={mail me @ home\n@you there}, year={2020}}"
    ).abstract == ("mail me @ home @you there")


def test_one_bad_entry_in_many_costs_one_entry() -> None:
    many = [f"@article{{k{i}, title={{Invented {i}}}, year={{2020}}}}" for i in range(50)]
    many[25] = many[25].replace("{Invented 25}", "{Invented 25")
    found = rows("\n".join(many))
    assert [isinstance(r, Parsed) for r in found].count(False) == 1
    assert len(found) == 50


def test_reading_is_lazy() -> None:
    def lines() -> object:
        yield 1, "@article{a, title={One}, year={2020}}"
        yield 2, "@article{b, title={Two}, year={2020}}"
        raise AssertionError("read on although the first entry was complete")

    assert next(entries(lines())).key == "a"  # type: ignore[arg-type]


def test_file_without_entries() -> None:
    assert BIBTEX.detect(Sample(b"", "mail me @ home\n", "x")) == 0
    with pytest.raises(InputError, match="@article"):
        rows("% nothing\n@comment{nothing}\n")


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "@article{k,",
                "title={T},",
                "year=2020",
                "}",
                "}}",
                "{",
                '"',
                "@string{a=b}",
                "author = a # b,",
                "\\",
            ]
        ),
        st.text(max_size=30),
    ),
    max_size=25,
)


@given(LINES)
@settings(max_examples=150, deadline=None)
def test_any_lines_give_records_rejections_or_one_clear_error(lines: list[str]) -> None:
    text = "\n".join(lines)
    data = text.encode("utf-8", "surrogatepass")
    assert 0 <= BIBTEX.detect(Sample(data, text, "x")) <= 1
    try:
        found = rows(data)
    except ForetrackError:
        return
    assert all(r.document.title if isinstance(r, Parsed) else r.reason for r in found)


@given(st.text(alphabet="\\{}$%&#_~^\"'`- abαé", max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_latex_gives_text(latex: str) -> None:
    assert isinstance(plain(latex), str)


def test_an_entry_that_never_ends_costs_itself_only() -> None:
    text = (
        "@article{a, title={Invented,\n"
        + "more of it and more of it and on {}\n" * 130_000
        + "@article{b, title={After}, year={2020}}\n"
    )
    long, after = rows(text)
    assert isinstance(long, Rejected)
    assert "braces" in long.reason
    assert isinstance(after, Parsed)
