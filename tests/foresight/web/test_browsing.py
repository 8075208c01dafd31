"""The list's columns: what is found is what the concepts themselves say, whatever is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.foresight.web.conftest import FORESEEN, MANY

from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.browsing import SORTS, Browser, Choice
from foretrack.domains.foresight.actions.results import Scan, open_scan
from foretrack.domains.foresight.answers import ConceptItem
from foretrack.foundation.errors import InputError


@pytest.fixture(scope="module")
def foreseen(workspace: Workspace) -> Browser:
    return Browser(open_scan(workspace, FORESEEN))


def ids(browser: Browser, choice: Choice) -> list[str]:
    return [item.concept for item in browser.find(choice).answer().items]


def test_unasked_it_is_the_ranked_list(scan: Scan) -> None:
    found = Browser(scan).find(Choice({}))

    assert found.rows.tolist() == scan.ranking


def test_every_count_is_what_choosing_it_finds(foreseen: Browser) -> None:
    held = {"state": ("emerging", "steady"), "direction": ("none",)}
    facets = foreseen.find(Choice(held, "form 1")).facets

    assert {"state", "direction", "track", "growth", "p_eg3", "since", "documents", "doubt"} <= {
        f.name for f in facets
    }
    for facet in facets:
        for value in facet.values:
            chosen = Choice(held | {facet.name: (value.value,)}, "form 1")
            assert len(foreseen.find(chosen).rows) == value.n, (facet.name, value.value)


SAYS: dict[str, Callable[[ConceptItem, str], bool]] = {
    "state": lambda item, value: item.state == value,
    "track": lambda item, value: (
        any(t.p >= 0.3 and f"{t.pack}/{t.track}" == value for t in item.tracks)
        if value != "none" else all(t.p < 0.3 for t in item.tracks)
    ),
    "since": lambda item, value: (
        int(value.split("-")[0] or 0) <= item.measures.first_year <= int(value.split("-")[1])
    ),
    "documents": lambda item, value: (
        int(value.split("-")[0]) <= item.measures.n_documents <= int(value.split("-")[1] or 10**9)
    ),
    "p_eg3": lambda item, value: (
        item.p_eg3 is not None
        and int(value.split("-")[0]) / 100 <= item.p_eg3 < (int(value.split("-")[1]) / 100 if value[-1] != "-" else 2)
    ),
    "doubt": lambda item, value: value in item.doubt if value != "none" else not item.doubt,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SAYS))
def test_a_facet_means_what_the_concept_says(foreseen: Browser, name: str) -> None:
    everything = foreseen.find(Choice({})).answer().items
    facet = next(f for f in foreseen.find(Choice({})).facets if f.name == name)

    assert facet.values
    for value in facet.values:
        wanted = {item.concept for item in everything if SAYS[name](item, value.value)}
        assert set(ids(foreseen, Choice({name: (value.value,)}))) == wanted, value.value


def test_values_of_one_facet_are_alternatives_and_facets_hold_together(scan: Scan) -> None:
    browser = Browser(scan)
    either = set(ids(browser, Choice({"state": ("emerging", "declining")})))
    both = set(ids(browser, Choice({"state": ("emerging", "declining"), "documents": ("20-99",)})))

    assert either == set(ids(browser, Choice({"state": ("emerging",)}))) | set(
        ids(browser, Choice({"state": ("declining",)}))
    )
    assert both == either & set(ids(browser, Choice({"documents": ("20-99",)})))


def test_words_are_sought_in_every_spelling(foreseen: Browser, scan: Scan) -> None:
    assert "hostile" in ids(foreseen, Choice({}, "固態電池"))
    assert ids(Browser(scan), Choice({}, "Glass-BATTERY")) == ["glass-battery"]
    assert ids(Browser(scan), Choice({}, "glass router")) == []
    assert ids(Browser(scan), Choice({}, ".*")) == []


@pytest.mark.parametrize("name", SORTS)
def test_every_order_is_one_and_turns_round(foreseen: Browser, name: str) -> None:
    up, down = (foreseen.find(Choice({}, sort=s)).rows for s in (name, f"-{name}"))

    assert sorted(up.tolist()) == sorted(down.tolist()) == list(range(MANY))
    items = foreseen.scan.items(up.tolist())
    values: dict[str, list[Any]] = {
        "rank": [i.rank for i in items], "label": [i.label.lower() for i in items],
        "growth": [i.measures.growth for i in items], "p_eg3": [i.p_eg3 for i in items],
        "documents": [i.measures.n_documents for i in items], "recent": [i.measures.n_recent for i in items],
        "share": [i.measures.share_recent for i in items], "since": [i.measures.first_year for i in items],
    }  # fmt: skip
    assert values[name] == sorted(values[name])
    if name == "rank":
        assert down.tolist() == up.tolist()[::-1]


def test_what_there_is_not_is_said(foreseen: Browser) -> None:
    with pytest.raises(InputError, match="no filter 'colour'"):
        foreseen.find(Choice({"colour": ("red",)}))
    with pytest.raises(InputError, match="cannot be ordered by 'colour'"):
        foreseen.find(Choice({}, sort="-colour"))
    assert len(foreseen.find(Choice({"track": ("of/another-year",)})).rows) == 0


def test_shares_are_those_of_the_series(scan: Scan) -> None:
    browser = Browser(scan)
    for row in range(scan.concepts.num_rows):
        series = [p for p in scan.series(row) if p.source == "all"]

        assert browser.years == tuple(p.year for p in series)
        np.testing.assert_allclose(browser.shares[row], [p.share for p in series], rtol=1e-6)
