"""Figures of a record feed rules without a mapping, and come back unchanged; levels agree with the rules behind them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from foretrack.domains.enterprises.actions.assessing import asked_by
from foretrack.domains.enterprises.actions.figures import body_of, figures_in
from foretrack.domains.enterprises.blocks import Asked
from foretrack.domains.enterprises.changes import changed, read_changes
from foretrack.domains.enterprises.kinds.figures import ENTERPRISE_FIGURES, MEASURED, PERCENT, check_figures
from foretrack.domains.enterprises.levels import level_of, read_figures
from foretrack.packs.loading import load_packs
from foretrack.packs.rule_shapes import ANSWERED, Indicator, Value
from foretrack.rules.assessing import assess

ASKED = asked_by("quality-sme", today="2025-06-30")


def test_every_field_that_bears_an_indicators_name_means_the_same() -> None:
    known = {
        name: one
        for pack in load_packs()
        for rule in pack.rules
        for name, one in rule.known_indicators().items()
    }

    shared = [(f, known[f.name.replace("_", "-")]) for f in MEASURED if f.name.replace("_", "-") in known]
    assert len(shared) >= 15
    for f, indicator in shared:
        assert (f.unit == PERCENT) == (indicator.type == "share" or indicator.unit == "%"), f.name
        assert f.whole == (indicator.type == "count"), f.name


def values_of(indicators: dict[str, Indicator]) -> st.SearchStrategy[dict[str, Value]]:
    def one(indicator: Indicator) -> st.SearchStrategy[Value]:
        if indicator.type in ANSWERED:
            return st.booleans()
        if indicator.choices:
            return st.sampled_from([choice.id for choice in indicator.choices])
        high = 1 if indicator.type == "share" else 100
        whole = st.integers(0, high)
        return whole if indicator.type == "count" else st.integers(0, high * 1000).map(lambda n: n / 1000)

    return st.fixed_dictionaries({}, optional={name: one(i) for name, i in indicators.items()})


@given(values_of(dict(ASKED.indicators)))
@examples(max_examples=40)
def test_figures_kept_and_read_again_are_the_same(values: dict[str, Value]) -> None:
    body = body_of(ASKED, values)

    read = {name: f.read(body[name]) for name, f in ENTERPRISE_FIGURES.by_name.items() if name in body}
    again, wrong = read_figures(ASKED.indicators, figures_in(ASKED, read))

    assert wrong == {}
    assert {n: pytest.approx(v) if isinstance(v, float) else v for n, v in values.items()} == again
    assert check_figures(read) == []


@given(values_of(dict(ASKED.indicators)))
@examples(max_examples=25)
def test_the_level_is_the_highest_echelon_whose_rule_is_met(values: dict[str, Value]) -> None:
    answer = level_of(ASKED.steps, values)

    outcomes = []
    for echelon in ASKED.steps.ladder.echelons:
        rule = ASKED.steps.rules[echelon.id]
        mine = {name: v for name, v in values.items() if name in rule.known_indicators()}
        outcomes.append((echelon.id, assess(rule, mine, on=ASKED.steps.on).outcome))
    assert answer.level == next((name for name, outcome in reversed(outcomes) if outcome == "met"), None)
    order = [None, *(name for name, _ in outcomes)]
    assert order.index(answer.level) <= order.index(answer.possible)


def asked() -> Asked:
    return ASKED


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        (3.0, "rd-ratio=+0.8", 3.8),
        (3.0, "rd-ratio+=0.8", 3.8),
        (3.0, "rd-ratio-=1", 2.0),
        (3.0, "rd-ratio=5", 5),
    ],
)
def test_a_change_sets_raises_or_lowers(before: float, change: str, after: float) -> None:
    read = read_changes([change], asked().indicators)

    assert changed({"rd-ratio": before}, read, asked().indicators) == {"rd-ratio": pytest.approx(after)}


def test_the_worker_is_told_to_watch_statuses() -> None:
    from foretrack.domains.enterprises.actions import watching
    from foretrack.jobs.schedule import PLANS

    watching.plan()

    assert PLANS["enterprises: watch statuses"].work is watching.watch
