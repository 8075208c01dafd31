"""Conditions are data: refused with a clear error, never slow, and news only when something became so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.packs.shapes import Bilingual
from foretrack.watch.conditions import (
    OPERATORS,
    TYPES,
    Conditions,
    Finding,
    Sight,
    Trait,
    findings,
    has_words,
    parse_condition,
    read_conditions,
)
from foretrack.watch.speech import messages_in

TRAITS = {
    "rank": Trait("rank", Bilingual("Rank", "名次"), "number"),
    "state": Trait("state", Bilingual("State", "状态"), "choice", ("emerging", "growing", "steady")),
    "tracks": Trait("tracks", Bilingual("Tracks", "赛道"), "choice"),
    "ends": Trait("ends", Bilingual("End", "结束"), "day"),
    "name": Trait("name", Bilingual("Name", "名称"), "text"),
}
TODAY = date(2026, 3, 2)


def conditions(*typed: str, together: str = "any") -> Conditions:
    return read_conditions({together: [parse_condition(t, TRAITS).to_json() for t in typed]}, TRAITS)


def found(
    wanted: Conditions, before: dict[str, Any] | None, after: dict[str, Any] | None, *, updated: str | None = None,
    waiting: bool = False,
) -> list[tuple[str, str]]:  # fmt: skip
    day = date.fromisoformat(updated) if updated else None
    made = findings(
        wanted, None if before is None else Sight(before, day), None if after is None else Sight(after, day),
        today=TODAY, add_working_days=lambda start, n: date.fromordinal(start.toordinal() + n), waiting=waiting,
    )  # fmt: skip
    return [(f.code, f.state) for f in made]


@pytest.mark.parametrize(
    ("typed", "before", "after", "expected"),
    [
        ("rank below 11", {"rank": 11}, {"rank": 10}, [("below", "")]),
        ("rank below 11", {"rank": 9}, {"rank": 10}, []),
        ("rank below 11", {"rank": 10}, {"rank": 11}, []),
        ("rank below 11", None, {"rank": 3}, [("below", "")]),
        ("rank above 10.5", {"rank": 10}, {"rank": 11}, [("above", "")]),
        ("rank above 10", {"rank": None}, {"rank": None}, []),
        ("rank moved 5", {"rank": 20}, {"rank": 15}, [("moved", "")]),
        ("rank moved 5", {"rank": 15}, {"rank": 20}, [("moved", "")]),
        ("rank moved 5", {"rank": 20}, {"rank": 16}, []),
        ("rank moved 5", {"rank": None}, {"rank": 16}, []),
        ("rank moved 5", None, {"rank": 16}, []),
        ("state entered growing", {"state": "emerging"}, {"state": "growing"}, [("entered", "growing")]),
        ("state entered growing", {"state": "growing"}, {"state": "growing"}, []),
        ("state entered growing", None, {"state": "growing"}, [("entered", "growing")]),
        ("state left growing", {"state": "growing"}, {"state": "steady"}, [("left", "growing")]),
        ("state left growing", {"state": "growing"}, None, []),
        ("state changed", {"state": "growing"}, {"state": "steady"}, [("changed", "")]),
        ("state changed", {"state": "growing"}, {"state": "growing"}, []),
        ("state changed", None, {"state": "growing"}, []),
        ("state in growing，steady", {"state": "emerging"}, {"state": "steady"}, [("in", "")]),
        ("tracks eq ai", {"tracks": ["bio"]}, {"tracks": ["bio", "AI"]}, [("eq", "")]),
        ("name eq ＡＩ", {"name": "x"}, {"name": "ai"}, [("eq", "")]),
        ("ends above 2026-06-01", {"ends": "2026-05-01"}, {"ends": "2026-07-01"}, [("above", "")]),
        ("ends due 5", {"ends": "2026-03-30"}, {"ends": "2026-03-07"}, [("due", "2026-03-07")]),
        ("ends due 5", {}, {"ends": "2026-03-08"}, []),
        ("ends due 5", {}, {"ends": "2026-02-01"}, [("due", "2026-02-01")]),
        ("new", None, {}, [("new", "")]),
        ("new", {}, {}, []),
        ("gone", {}, None, [("gone", "")]),
        ("gone", None, None, []),
    ],
)  # fmt: skip
def test_a_condition_is_news_when_it_becomes_so(
    typed: str, before: dict[str, Any] | None, after: dict[str, Any] | None, expected: list[tuple[str, str]]
) -> None:
    assert found(conditions(typed), before, after) == expected


def test_something_that_nobody_changed_for_long_is_news_by_waiting() -> None:
    stale = conditions("stale 30")

    assert found(stale, {}, {}, updated="2026-01-31", waiting=True) == [("stale", "2026-01-31")]
    assert found(stale, {}, {}, updated="2026-02-01", waiting=True) == []


def test_waiting_alone_makes_no_news_of_levels_and_events() -> None:
    wanted = conditions("rank below 11", "new", "state entered growing")

    assert found(wanted, {"rank": 1, "state": "growing"}, {"rank": 1, "state": "growing"}, waiting=True) == []


def test_all_conditions_must_hold_in_one_step_and_one_of_them_must_be_news() -> None:
    both = conditions("rank below 11", "state eq growing", together="all")

    assert found(both, {"rank": 20, "state": "growing"}, {"rank": 9, "state": "growing"}) == [
        ("together", "")
    ]
    assert found(both, {"rank": 9, "state": "growing"}, {"rank": 8, "state": "growing"}) == []
    assert found(both, {"rank": 20, "state": "steady"}, {"rank": 9, "state": "steady"}) == []


def test_a_rule_without_conditions_tells_what_is_new() -> None:
    assert [c.operator for c in read_conditions(None, TRAITS).those] == ["new"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ([], None),
        ({"or": []}, "conditions are"),
        ({"any": "rank below 3"}, "no list of conditions"),
        ({"any": []}, "no list of conditions"),
        ({"any": [1]}, "is none"),
        ({"any": [{"field": "rank", "operator": "matches", "value": "(a+)+$"}]}, "'matches' does not exist"),
        ({"any": [{"field": "rank", "operator": ["eq"], "value": 1}]}, "does not exist"),
        ({"any": [{"field": "price", "operator": "eq", "value": 1}]}, "'price' cannot be watched here"),
        ({"any": [{"field": "rank", "operator": "entered", "value": 1}]}, "entered says nothing about rank"),
        ({"any": [{"field": "rank", "operator": "above", "value": "high"}]}, "compared with 'high'"),
        ({"any": [{"field": "rank", "operator": "above", "value": float("nan")}]}, "compared with nan"),
        ({"any": [{"field": "rank", "operator": "moved", "value": 0}]}, "compared with 0"),
        ({"any": [{"field": "state", "operator": "eq", "value": "booming"}]}, "state is never 'booming'"),
        ({"any": [{"field": "ends", "operator": "due", "value": -1}]}, "due within -1"),
        ({"any": [{"field": "ends", "operator": "eq", "value": "2026-02-30"}]}, "2026-02-30"),
        ({"any": [{"field": "rank", "operator": "new"}]}, "new takes no field"),
        ({"any": [{"operator": "stale"}]}, "stale within None"),
        ({"any": [{"operator": "new"}] * 21}, "no list of conditions"),
    ],
)
def test_what_is_no_condition_is_refused_in_both_languages(raw: Any, said: str | None) -> None:
    if said is None:
        assert read_conditions(raw, TRAITS).those[0].operator == "new"
        return
    with pytest.raises(InputError) as caught:
        read_conditions(raw, TRAITS)
    assert said in str(caught.value)
    assert caught.value.expected
    assert any("\u4e00" <= c <= "\u9fff" for c in caught.value.told(messages_in("zh")))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["any", "all", "field", "operator", "value"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON)
@settings(max_examples=200)
def test_any_json_gives_conditions_or_a_clear_error(raw: Any) -> None:
    try:
        read = read_conditions(raw, TRAITS)
    except ForetrackError as error:
        assert error.expected  # noqa: PT017 - either outcome is right
    else:
        assert read_conditions(read.to_json(), TRAITS) == read


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_any_typed_text_gives_a_condition_or_a_clear_error(text: str) -> None:
    try:
        parse_condition(text, TRAITS)
    except InputError as error:
        assert error.expected  # noqa: PT017 - either outcome is right


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "rank": st.integers(0, 30) | st.none(),
        "state": st.sampled_from(["emerging", "growing", "steady"]),
        "tracks": st.lists(st.sampled_from(["ai", "bio"]), max_size=2),
    },
)


@given(VALUES | st.none())
@settings(max_examples=100)
def test_what_does_not_change_is_never_news(values: dict[str, Any] | None) -> None:
    wanted = conditions(
        "rank below 11",
        "state changed",
        "state entered growing",
        "tracks eq ai",
        "rank moved 1",
        "new",
        "gone",
    )

    assert found(wanted, values, values) == []


def test_every_operator_belongs_to_a_type_or_stands_alone() -> None:
    assert {o for those in TYPES.values() for o in those} | {"new", "gone", "stale"} == set(OPERATORS)


def test_a_search_finds_words_of_both_languages_whatever_their_width_and_case() -> None:
    assert has_words("ＢＡＴＴＥＲＹ 固态", ["Battery", "全固态电池"])
    assert not has_words("battery fuel", ["Battery"])


def test_long_hostile_words_are_searched_at_once() -> None:
    import time

    began = time.perf_counter()
    has_words("a" * 200, ["a" * 100_000 + "b"] * 20)
    assert time.perf_counter() - began < 1


def test_findings_are_values() -> None:
    assert hash(Finding("new")) == hash(Finding("new"))
