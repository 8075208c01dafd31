"""What is a word for search, and what a question asks for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import InputError
from foretrack.search.query import read_query
from foretrack.search.words import identifier, placed, sequence


def test_traditional_and_simplified_are_the_same_words() -> None:
    assert sequence("腦機接口") == sequence("脑机接口")


def test_full_width_and_accents_are_folded() -> None:
    assert sequence("Ｎａïve ６Ｇ") == ["naive", "6g"]


def test_a_number_with_a_point_is_one_word() -> None:
    assert sequence("Web 3.0, end.") == ["web", "3·0", "end"]


def test_kana_keeps_its_marks() -> None:
    assert sequence("が") != sequence("か")


def test_c_plus_plus_is_not_c() -> None:
    assert sequence("C++") != sequence("C") != sequence("C#")


@settings(max_examples=80)
@given(st.text(max_size=60))
def test_the_words_of_any_text_have_places_in_it(text: str) -> None:
    found = list(placed(text))

    assert [one.word for one in found] == sequence(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)


@settings(max_examples=80)
@given(st.text(max_size=60))
def test_no_word_holds_what_a_database_could_read_as_syntax(text: str) -> None:
    for word in (*sequence(text), identifier(text)):
        assert not set(word) & set(" \"'\\()*:^-+,.;|&!<>\0\t\n")


@settings(max_examples=80)
@given(st.text(max_size=80))
def test_any_text_is_a_question_or_a_clear_refusal(text: str) -> None:
    try:
        told = str(bool(read_query(text).groups) == bool(text.strip()))
    except InputError as error:
        told = error.do
    assert told not in ("", "False")


@pytest.mark.parametrize(
    "text", ["?!", "-only", '"…"', "\0", "\ud800", "x" * 1001, " ".join(f"w{i}" for i in range(80))]
)
def test_what_cannot_be_looked_for_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_query(text)

    assert caught.value.expected


def test_function_words_do_not_count_unless_nothing_else_is_asked() -> None:
    assert [group.said for group in read_query("the state of batteries").groups] == ["state", "batteries"]
    assert [group.said for group in read_query("the who").groups] == ["the", "who"]


def test_a_long_chinese_question_is_cut_into_words() -> None:
    assert [group.said for group in read_query("固态电池的产业化前景").groups] == [
        "固态",
        "电池",
        "产业化",
        "前景",
    ]


def test_a_quotation_keeps_its_words_together() -> None:
    (group,) = read_query('"solid state battery"').groups

    assert group.alternatives[0].phrase
    assert group.alternatives[0].words == ("solid", "state", "battery")
