"""What holds for every pack and every value, by chance within hypothesis."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rules.edges import ENTERPRISE, edges_of, near
from tests.rules.invented import PACK, invented, rule_of
from tests.rules.test_tables import rows_of

from foretrack.foundation.errors import ForetrackError
from foretrack.packs.loading import load_pack, load_packs
from foretrack.packs.rule_shapes import Indicator, Rule
from foretrack.rules.assessing import assess
from foretrack.rules.choosing import choose_rule
from foretrack.rules.comparing import what_if
from foretrack.rules.tables import assess_table

DAY = "2025-06-30"
SME = choose_rule(load_packs(), "innovative-sme", DAY)
with TemporaryDirectory() as _folder:
    BAKERY = rule_of(invented(Path(_folder)))

KEYS = (
    "id", "title", "label", "en", "zh", "valid_from", "valid_to", "tracks", "schemes", "rules", "overlays", "calendars",
    "crosswalks", "systems", "indicators", "groups", "items", "bands", "points", "gate", "all", "any", "at_least", "of",
    "if", "then", "else", "score", "indicator", "from", "to", "above", "below", "is", "type", "kind", "concepts",
    "parent", "forms", "mappings", "years", "year", "holidays", "working", "free_weekdays", "first_year", "last_year",
    "month", "day", "files", "sources", "source", "maximum", "per", "every", "cases", "sum", "when", "served_by",
)  # fmt: skip
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 2030), st.floats(), st.text(max_size=6), st.dates(),
    st.sampled_from(["a", "2025-01-01", "total", "choice", "count", "scale", "codes", "monday", "a/b", "../x", "\0"]),
)  # fmt: skip
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=25,
)
VALUES = {
    "number": st.floats(0, 1e7),
    "share": st.floats(0, 1),
    "count": st.integers(0, 60),
    "date": st.dates().filter(lambda d: d.isoformat() <= DAY).map(lambda d: d.isoformat()),
}


def value_of(indicator: Indicator) -> st.SearchStrategy[Any]:
    if indicator.type == "choice":
        return st.sampled_from([choice.id for choice in indicator.choices])
    return VALUES.get(indicator.type, st.booleans())


def values_of(rule: Rule) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {}, optional={name: value_of(i) for name, i in rule.known_indicators().items()}
    )


def complaint(folder: str) -> ForetrackError | None:
    """What is wrong with the pack of a folder; None where nothing is."""
    try:
        load_pack(folder)
    except ForetrackError as error:
        return error
    return None


def folder_with(text: str) -> TemporaryDirectory[str]:
    folder = TemporaryDirectory()
    (Path(folder.name) / "pack.yml").write_text(text, encoding="utf-8")
    return folder


@settings(max_examples=50, deadline=None)
@given(tree=st.dictionaries(st.sampled_from(KEYS), TREES, max_size=8))
def test_any_yaml_is_a_pack_or_an_error_that_says_so(tree: dict[str, Any]) -> None:
    with folder_with(yaml.safe_dump(tree, allow_unicode=True)) as folder:
        error = complaint(folder)

    assert error is None or (error.expected and error.do)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a tree of mappings and lists."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, part in inner for place in places(part, (*path, key)))]


GUIDE = (Path(__file__).parents[2] / "docs/guide/packs.md").read_text(encoding="utf-8")
GOOD_PACKS = (PACK, GUIDE.split("```yaml\n")[1].split("```")[0])
"""One that uses every way of rules, and one that has every part of a pack."""
PLACES = [(text, place) for text in GOOD_PACKS for place in places(yaml.safe_load(text))[1:]]


@settings(max_examples=60, deadline=None)
@given(where=st.sampled_from(PLACES), new=TREES)
def test_a_good_pack_with_one_part_replaced_is_a_pack_or_an_error(
    where: tuple[str, tuple[Any, ...]], new: Any
) -> None:
    text, place = where
    tree = yaml.safe_load(text)
    inside = tree
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = new
    with folder_with(yaml.safe_dump(tree, allow_unicode=True)) as folder:
        error = complaint(folder)
        if error is not None:
            assert error.expected
            return
        for rule in load_pack(folder).rules:
            if rule.in_force(DAY):
                answer = assess(rule, {}, on=DAY)
                assert 0 <= answer.score.low <= answer.score.high <= answer.maximum


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=80))
def test_any_text_is_a_pack_or_an_error(text: str) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "pack.yml").write_bytes(text.encode("utf-8", "surrogatepass"))
        with pytest.raises(ForetrackError):
            load_pack(folder)


@pytest.mark.parametrize("rule", [SME, BAKERY], ids=["sme", "bakery"])
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_less_knowledge_never_decides_otherwise(rule: Rule, data: st.DataObject) -> None:
    """Forgetting a value widens the score and makes an outcome undecided at most, never the opposite."""
    given_values = data.draw(values_of(rule))
    known = assess(rule, given_values, on=DAY)
    forgotten = data.draw(st.sets(st.sampled_from(sorted(given_values) or [""])))
    less = assess(rule, {k: v for k, v in given_values.items() if k not in forgotten}, on=DAY)

    assert less.score.low <= known.score.low <= known.score.high <= less.score.high
    assert less.outcome in (known.outcome, "undecided")
    assert (known.outcome == "met") is (known.gaps == ())
    assert 0 <= known.score.low <= known.score.high <= known.maximum


@pytest.mark.parametrize("rule", [rule for rule in ENTERPRISE if rule.groups], ids=lambda rule: rule.id)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_points_never_fall_as_a_value_gets_better(rule: Rule, data: st.DataObject) -> None:
    """From the worst to the best value at and beside every edge of an indicator, whatever the other values are."""
    (base,) = data.draw(rows_of((rule,), most=1))
    indicator = data.draw(st.sampled_from([i for i in rule.indicators if i.better and i.type != "date"]))
    edges = edges_of(rule).get(indicator.id, set())
    found: list[Any] = sorted({value for edge in edges for value in near(indicator, edge)})
    if indicator.better == "lower":
        found.reverse()
    (answer,) = assess_table([rule], [{**base, indicator.id: value} for value in found], on=DAY)

    assert (np.diff(answer.score.low) >= 0).all()
    assert (np.diff(answer.score.high) >= 0).all()
    for points in answer.groups.values():
        assert (np.diff(points.low) >= 0).all()


@pytest.mark.parametrize("rule", [SME, BAKERY], ids=["sme", "bakery"])
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_what_if_is_the_assessment_of_the_changed_values(rule: Rule, data: st.DataObject) -> None:
    before, changes = data.draw(values_of(rule)), data.draw(values_of(rule))

    answer = what_if(rule, before, changes, on=DAY)

    assert answer.before == assess(rule, before, on=DAY)
    assert answer.after == assess(rule, {**before, **changes}, on=DAY)
    assert answer.score_low == pytest.approx(answer.after.score.low - answer.before.score.low)
