"""Terms in texts. All texts are invented."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretrack.domains.foresight.tracks.lexicon import HEAD, LATE, LexiconMatcher, fold_word
from foretrack.packs.shapes import Bilingual, Lexicon, Track


def track(name: str, **terms: Lexicon) -> Track:
    return Track(
        id=name, label=Bilingual(), clause="", source=(), confidence="k", direction="d", lexicon=terms
    )


BATTERY = track(
    "battery",
    en=Lexicon(
        strong=("lithium-ion battery", "battery", "fuel cell fibre"),
        weak=("electrode",),
        negative=("assault battery",),
    ),
    zh=Lexicon(strong=("锂离子电池", "电池"), weak=("电极",)),
)
RECYCLING = track(
    "recycling", en=Lexicon(strong=("battery recycling", "5G")), zh=Lexicon(strong=("电池回收",))
)
MATCHER = LexiconMatcher([BATTERY, RECYCLING])


def found(text: str) -> set[tuple[int, str]]:
    return {(hit.entry, hit.term) for hit in MATCHER.match([text]).hits[0]}


@pytest.mark.parametrize(
    "text",
    ["Lithium-Ion Batteries", "lithium ion battery", "a LITHIUM–ION BATTERY.", "lithium\nion batteries"],
)
def test_case_plural_hyphen_and_line_breaks_do_not_matter(text: str) -> None:
    assert found(text) == {(0, "lithium-ion battery")}


def test_british_and_american_spelling_are_one() -> None:
    assert found("fuel cell fiber") == found("fuel cell fibres") == {(0, "fuel cell fibre")}


def test_words_are_matched_whole() -> None:
    assert found("batterylike electrodeposition 25GBASE-T") == set()


def test_a_longer_term_hides_the_shorter_in_it() -> None:
    assert found("battery recycling") == {(1, "battery recycling")}
    assert found("废旧电池回收") == {(1, "电池回收")}


def test_a_negative_phrase_hides_the_term_in_it() -> None:
    evidence = MATCHER.match(["an assault battery case"])

    assert evidence.strong.tolist() == [[0.0, 0.0]]
    assert evidence.negative.tolist() == [[1.0, 0.0]]


def test_chinese_is_found_inside_running_text_simplified_or_traditional() -> None:
    assert found("一种锂离子电池的制备") == found("一種鋰離子電池的製備") == {(0, "锂离子电池")}


def test_latin_terms_keep_their_boundaries_in_chinese_text() -> None:
    assert found("面向5G的基站") == {(1, "5G")}
    assert found("面向25GB的存储") == set()


def test_a_term_counts_once_and_less_when_it_comes_late() -> None:
    late = MATCHER.match(["word " * HEAD + "battery battery"])
    twice = MATCHER.match(["battery battery"])

    assert late.strong[0, 0] == np.float32(LATE)
    assert twice.strong[0, 0] == 1


def test_cover_is_the_share_of_words() -> None:
    assert MATCHER.match(["new lithium ion battery"]).cover[0, 0] == np.float32(0.75)
    assert MATCHER.match(["新型电池"]).cover[0, 0] == np.float32(0.5)


def test_nothing_in_nothing_out() -> None:
    assert MATCHER.match([]).strong.shape == (0, 2)
    assert MATCHER.match([""]).cover.tolist() == [[0.0, 0.0]]


@given(st.text(max_size=80))
def test_any_text_gives_shares_between_0_and_1(text: str) -> None:
    evidence = MATCHER.match([text])

    assert ((evidence.cover >= 0) & (evidence.cover <= 1)).all()
    assert np.isfinite(evidence.strong).all()


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12))
def test_folding_never_empties_a_word(word: str) -> None:
    assert fold_word(word)
