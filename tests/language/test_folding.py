"""Spellings of one word become one, and only where the other spelling is used."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.language.folding import break_at_stops, fold
from foretrack.language.tokens import HYPHEN, tokenise


def folded(*words: str) -> list[str]:
    result = fold(words, np.ones(len(words), dtype=np.int64))
    return [result.spellings[n] for n in result.folded]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("networks", "network"),
        ("batteries", "battery"),
        ("matrices", "matrix"),
        ("patches", "patch"),
        ("optimisation", "optimization"),
        ("modelling", "modeling"),
        ("colour", "color"),
        ("fibre", "fiber"),
        ("aluminium", "aluminum"),
        ("機器", "机器"),
        ("學習", "学习"),
        (f"{HYPHEN}shots", "shot"),
    ],
)
def test_spellings_of_one_word_become_one(one: str, other: str) -> None:
    assert folded(one, other) == [other, other]


@pytest.mark.parametrize(
    "word", ["analysis", "lens", "bus", "class", "physics", "bias", "https", "aws", "is"]
)
def test_words_that_only_look_plural_stay(word: str) -> None:
    assert folded(word, word[:-1])[0] == word


def test_a_plural_stays_where_the_singular_is_never_used() -> None:
    assert folded("networks", "other") == ["networks", "other"]


def test_a_word_that_no_document_uses_does_not_exist() -> None:
    result = fold(["networks", "network"], np.array([3, 0]))
    assert result.spellings[result.folded[0]] == "networks"


def test_news_is_not_the_plural_of_new() -> None:
    assert folded("news", "new") == ["news", "new"]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8), unique=True, max_size=12
    )
)
def test_any_vocabulary_folds_to_one_number_a_word(words: list[str]) -> None:
    result = fold(words, np.ones(len(words), dtype=np.int64))
    assert len(result.folded) == len(result.stop) == len(result.hyphen) == len(words)
    assert sorted(set(result.folded.tolist())) == list(range(len(result.spellings)))


def stream(text: str) -> list[str]:
    tokens = tokenise([[text]])
    folding = fold(tokens.words, np.ones(len(tokens.words), dtype=np.int64))
    return [folding.spellings[n] if n >= 0 else "|" for n in break_at_stops(tokens, folding).folded.tolist()]


def test_stop_words_and_punctuation_break_once() -> None:
    assert stream("graph of the, networks") == ["graph", "|", "networks"]


def test_a_hyphen_binds_a_stop_word() -> None:
    assert stream("an end-to-end model") == ["|", "end", "to", "end", "model"]


def test_documents_keep_their_places_in_the_stream() -> None:
    tokens = tokenise([["the graph", "", "of the", "network, graph"]])
    folding = fold(tokens.words, np.ones(len(tokens.words), dtype=np.int64))
    result = break_at_stops(tokens, folding)
    held = [
        [folding.spellings[n] for n in result.folded[a:b].tolist() if n >= 0]
        for a, b in zip(result.offsets[:-1], result.offsets[1:], strict=True)
    ]
    assert held == [["graph"], [], [], ["network", "graph"]]


def test_own_stop_words_replace_the_built_in_ones() -> None:
    result = fold(["the", "graph"], np.ones(2, dtype=np.int64), frozenset({"graph"}))
    assert result.stop.tolist() == [False, True]
