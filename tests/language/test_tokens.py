"""A text becomes words the same way everywhere, and no text, however odd, breaks it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.language.tokens import BREAK, FIRST_WORD, HYPHEN, OPEN, Tokens, tokenise


def words(text: str) -> list[str]:
    """The words of one text, hyphen marks shown as "-", breaks as "|", opening brackets as "("."""
    tokens = tokenise([[text]])
    shown = {BREAK: "|", OPEN: "("}
    return [
        shown[n] if n < FIRST_WORD else tokens.words[n - FIRST_WORD].replace(HYPHEN, "-")
        for n in tokens.numbers.tolist()
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Deep Learning", ["deep", "learning"]),
        ("deep, learning", ["deep", "|", "learning"]),
        ("few-shot", ["few", "-shot"]),
        ("few‐shot few‑shot few–shot", ["few", "-shot"] * 3),
        ("web 3.0 and v2.", ["web", "3.0", "and", "v2", "|"]),
        ("Moore’s law, Moore's law", ["moores", "law", "|", "moores", "law"]),
        ("model (LLM)", ["model", "(", "llm", "|"]),
        ("snake_case R&D", ["snake", "case", "r", "d"]),
        ("ＦＵＬＬ－ＷＩＤＴＨ　ｔｅｘｔ", ["full", "-width", "text"]),
        ("see https://example.org/a-b?c=d today", ["see", "|", "today"]),
        ("naïve Bayes", ["naïve", "bayes"]),
        ("rocket 🚀🚀 engine", ["rocket", "🚀🚀", "engine"]),
        ("a\tb\nc", ["a", "b", "c"]),
        ("x^2 $y$ `z`", ["x2", "y", "z"]),
        ("", []),
        ("   \n ", []),
    ],
)
def test_words_and_breaks_of_a_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_chinese_is_cut_into_words_and_punctuation_breaks() -> None:
    assert words("深度学习方法，机器人。") == ["深度", "学习", "方法", "|", "机器人", "|"]


def test_traditional_characters_are_cut_like_simplified_ones() -> None:
    simplified, traditional = words("机器学习的应用"), words("機器學習的應用")
    assert [len(w) for w in traditional] == [len(w) for w in simplified]
    assert traditional[0] == "機器"


def test_chinese_and_latin_words_stay_apart() -> None:
    assert [w for w in words("基于Transformer的模型") if w.isascii()] == ["transformer"]


def test_control_characters_and_nul_are_no_part_of_a_word() -> None:
    for control in ["\x00", "\x02", "\x07", "\x1e", "\x1f", "\x7f"]:
        assert [w for w in words(f"neural{control}network") if w != "|"] == ["neural", "network"], repr(
            control
        )


def test_the_hyphen_mark_in_a_text_is_not_a_hyphen() -> None:
    assert "-shot" not in words("few \x01shot")


def test_the_decimal_mark_in_a_text_is_not_a_point() -> None:
    assert not any("." in w for w in words("web 3\x030"))


def test_a_lone_surrogate_is_replaced_not_an_error() -> None:
    assert "network" in words("neural \ud800 network")


texts = st.text(st.characters(exclude_categories=[]), max_size=60)
"""Any characters at all: controls, lone surrogates, unassigned ones."""
mixed = st.lists(
    st.sampled_from(
        [
            "deep",
            "学习",
            "學習",
            "-",
            "(",
            ")",
            ".",
            "3.0",
            "\x1e",
            "\x01",
            "\x03",
            "'",
            "http://x",
            " ",
            "\n",
            "é",
        ]
    ),
    max_size=20,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(texts | mixed, max_size=6))
def test_one_document_in_is_one_document_out(batch: list[str]) -> None:
    tokens = tokenise([batch])
    assert tokens.n_documents == len(batch)
    assert tokens.offsets[-1] == len(tokens.numbers)
    assert (np.diff(tokens.offsets) >= 0).all()
    assert ((tokens.numbers >= 0) & (tokens.numbers < len(tokens.words) + FIRST_WORD)).all()
    for word in tokens.words:
        bare = word.removeprefix(HYPHEN)
        assert bare
        assert not set(bare) & set("\x00\x01\x03\x1e\n ()-,;:!?'")


def by_document(tokens: Tokens) -> list[list[str | int]]:
    return [
        [tokens.words[n - FIRST_WORD] if n >= FIRST_WORD else n for n in tokens.numbers[a:b].tolist()]
        for a, b in zip(tokens.offsets[:-1], tokens.offsets[1:], strict=True)
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(texts | mixed, min_size=1, max_size=8), st.integers(1, 4))
def test_batches_do_not_change_what_a_document_holds(batch: list[str], size: int) -> None:
    together = by_document(tokenise([batch]))
    apart = by_document(tokenise(batch[i : i + size] for i in range(0, len(batch), size)))
    assert apart == together


def test_threads_do_not_change_the_numbers() -> None:
    batches = [
        [f"word{i % 7} other{i} 深度学习 {i}.{i}" for i in range(k, k + 40)] for k in range(0, 400, 40)
    ]
    one, two = tokenise(batches, threads=1), tokenise(batches, threads=2)
    assert one.words == two.words
    assert one.numbers.tobytes() == two.numbers.tobytes()
    assert one.offsets.tobytes() == two.offsets.tobytes()


def test_no_documents_are_no_tokens() -> None:
    tokens = tokenise([])
    assert (tokens.n_documents, len(tokens.numbers), tokens.words) == (0, 0, ())
