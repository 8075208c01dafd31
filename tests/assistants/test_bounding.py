"""An answer always fits, keeps its shape, and says what was cut."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretrack.assistants.bounding import FEWEST_ENTRIES, MOST_ENTRIES, MOST_TEXT, bounded
from foretrack.foundation.errors import InputError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=30,
)


@given(VALUES, st.integers(50, 400))
def test_it_fits_or_says_that_it_cannot(value: Any, most: int) -> None:
    try:
        made = bounded(value, most=most)
    except InputError:
        assert len(json.dumps(value, ensure_ascii=False)) > most
        return

    assert len(json.dumps(made.value, ensure_ascii=False, allow_nan=False)) <= most
    if not made.cuts and not made.hidden:
        assert shape(made.value) == shape(value)


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shape(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [shape(entry) for entry in value]
    return value if isinstance(value, str | int | bool) else None


def test_the_longest_lists_are_cut_first_and_said_to_be() -> None:
    made = bounded(
        {
            "long": list(range(MOST_ENTRIES * 2)),
            "pairs": [[2024, 1], [2025, 2]],
            "text": "x" * (MOST_TEXT + 5),
        }
    )

    assert len(made.value["long"]) == MOST_ENTRIES
    assert made.value["pairs"] == [[2024, 1], [2025, 2]]
    told = {cut["where"]: (cut["kept"], cut["of"], cut["unit"]) for cut in made.told()["cut"]}
    assert told == {
        "long": (MOST_ENTRIES, MOST_ENTRIES * 2, "entries"), "text": (MOST_TEXT, MOST_TEXT + 5, "characters"),
    }  # fmt: skip


def test_a_pair_is_never_cut() -> None:
    made = bounded([["2024", "y" * 30]] * 40, most=700)

    assert all(len(pair) == 2 for pair in made.value)
    assert FEWEST_ENTRIES <= len(made.value) < 40


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain", "plain"),
        ("固态电池", "固态电池"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("a\x1b[31mb\x00", "a[31mb"),
        ("\u202egnihtemos\u202c", "gnihtemos"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("葛\U000e0101飾", "葛飾"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("half\ud800", "half"),
        ("👩\u200d🔬", "👩\u200d🔬"),
    ],
)
def test_what_nobody_sees_goes_and_is_counted(text: str, seen: str) -> None:
    made = bounded(text)

    assert (made.value, made.hidden) == (seen, len(text) - len(seen))
