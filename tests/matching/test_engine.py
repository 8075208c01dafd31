"""Ranking and explaining: what may never be shown, what adds up, and what must not depend on history or order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.matching.market_of_cells import TODAY, LetterEmbedder, market

from foretrack.foundation.errors import InputError
from foretrack.matching.engine.explaining import MET
from foretrack.matching.engine.facts import Facts, passing
from foretrack.matching.engine.filters import FILTERS, checks, passes
from foretrack.matching.engine.prepared import Prepared, prepare
from foretrack.matching.engine.ranking import Matches, rank
from foretrack.matching.engine.shelf import Shelf
from foretrack.matching.profiles import Profile

LETTERS = LetterEmbedder()
MODELS = (None, LETTERS)


def shelf_of(profiles: list[Profile], model: LetterEmbedder | None) -> Shelf:
    made = prepare(profiles, model)
    return Shelf.of(
        profiles[0].side, made, model=model.name if model else "", dimension=model.dimension if model else 0
    )


def told(found: Matches) -> list[tuple[str, float, dict[str, float]]]:
    return [
        (m.key, round(m.score, 5), {part: round(value, 5) for part, value in m.parts.items()})
        for m in found.matches
    ]


@pytest.mark.parametrize("seed", range(3))
def test_the_masks_of_a_shelf_say_what_the_filters_say_of_each_pair(seed: int) -> None:
    needs, offers = market(24, seed)
    judged = set()
    for asking, others in ((needs, offers), (offers, needs)):
        facts = Facts.of(others)
        for one in asking:
            pairs = [(one, other) if one.side == "need" else (other, one) for other in others]
            assert passing(facts, one, TODAY).tolist() == [passes(*pair, TODAY) for pair in pairs]
            judged |= {(check.name, check.outcome) for pair in pairs for check in checks(*pair, TODAY)}
    assert {name for name, outcome in judged if outcome == "failed"} == set(FILTERS)
    assert {name for name, outcome in judged if outcome == "passed"} == set(FILTERS)


@pytest.mark.parametrize("model", MODELS)
def test_what_fails_a_filter_is_never_shown_and_what_passes_can_be(model: LetterEmbedder | None) -> None:
    needs, offers = market(14)
    for asking, others in ((needs, offers), (offers, needs)):
        shelf = shelf_of(others, model)
        for one in prepare(asking, model):
            found = rank(one, shelf, today=TODAY, n=len(others))
            pairs = {
                other.key: (one.profile, other) if one.profile.side == "need" else (other, one.profile)
                for other in others
            }
            assert {m.key for m in found.matches} == {k for k, pair in pairs.items() if passes(*pair, TODAY)}
            assert found.n_passed == len(found.matches)
            assert all(check.outcome != "failed" for m in found.matches for check in m.explained.checks)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("diverse", [False, True])
def test_the_parts_add_up_to_the_score_and_the_order_follows_it(
    model: LetterEmbedder | None, diverse: bool
) -> None:
    needs, offers = market()
    shelf = shelf_of(offers, model)
    for one in prepare(needs[::3], model):
        found = rank(one, shelf, today=TODAY, n=8, diverse=diverse).matches
        assert all(abs(sum(m.parts.values()) - m.score) < 1e-6 and 0 <= m.score <= 1 for m in found)
        assert len({m.key for m in found}) == len(found)
        if not diverse:
            assert [m.key for m in found] == [
                m.key for m in sorted(found, key=lambda m: (-round(m.score, 6), m.key))
            ]


@pytest.mark.parametrize("model", MODELS)
def test_a_shelf_brought_forward_answers_as_one_made_anew_in_any_order(model: LetterEmbedder | None) -> None:
    needs, offers = market()
    other = {p.key: replace(p, title=f"{p.title} again", until=None) for p in offers[5:15]}
    final = [other.get(p.key, p) for p in offers if p.key not in {offers[20].key, offers[7].key}]
    anew = shelf_of(final[::-1], model)
    shelf = shelf_of(offers[:10], model)
    for at in range(10, len(offers)):
        shelf = shelf.updated(prepare([offers[at]], model))
    before = shelf
    shelf = shelf.updated(prepare(list(other.values()), model))
    shelf = shelf.updated([], removed=[offers[20].key, offers[7].key, "never-there"])
    assert len(shelf) == len(anew) == len(final)
    assert offers[20].key not in shelf
    assert offers[20].key in before  # an older version stays as it is
    assert len(shelf.blocks) < 8
    for one in prepare(needs[:8], model):
        first, second = (rank(one, which, today=TODAY, n=10) for which in (shelf, anew))
        assert told(first) == told(second)
        assert [m.explained for m in first.matches] == [m.explained for m in second.matches]


def test_a_removed_or_expired_offer_is_gone_at_once() -> None:
    needs, offers = market()
    need = replace(needs[0], until=None)
    one = prepare([replace(need, maturity=None)], LETTERS)[0]
    shelf = shelf_of(offers, LETTERS)
    best = rank(one, shelf, today=TODAY, n=1).matches[0]
    gone = shelf.updated([], removed=[best.key])
    assert best.key not in {m.key for m in rank(one, gone, today=TODAY, n=100).matches}
    late = replace(best.profile, until=TODAY - timedelta(days=1))
    over = shelf.updated(prepare([late], LETTERS))
    assert best.key not in {m.key for m in rank(one, over, today=TODAY, n=100).matches}
    assert best.key in {m.key for m in rank(one, over, today=TODAY - timedelta(days=1), n=100).matches}


def _pair(model: LetterEmbedder | None) -> tuple[Prepared, Matches]:
    need = Profile(
        key="n", side="need", title="Cells that charge in the cold",
        texts=("The cell must accept a full charge at forty degrees below zero. "
               "每个电芯都要经过热失控安全测试并提交报告。 "
               "Delivery of spare wheels for the harvesting machine is asked for too.",),
        tracks=frozenset({"t/batteries", "t/vehicles"}),
    )  # fmt: skip
    offers = [
        Profile(key="right", side="offer", title="Sodium cells", organisation="a", evidence={"patent": 3},
                texts=("Our cell can accept a full charge at forty degrees below zero. "
                       "每个电芯都经过热失控安全测试并有报告。",),
                tracks=frozenset({"t/batteries"})),
        Profile(key="wrong", side="offer", title="Rotor blades", texts=("Rotors with little noise for the city.",)),
    ]  # fmt: skip
    one = prepare([need], model)[0]
    return one, rank(one, shelf_of(offers, model), today=TODAY, n=2)


@pytest.mark.parametrize("model", MODELS)
def test_a_match_says_which_sentence_met_which_and_what_is_missing(model: LetterEmbedder | None) -> None:
    one, found = _pair(model)
    best = found.matches[0]
    assert best.key == "right"
    said = best.explained
    pairs = [(met.need.of(one.profile), met.offer.of(best.profile)) for met in said.met]
    assert any("forty degrees" in asked and "forty degrees" in given for asked, given in pairs)
    assert all(met.similarity >= MET for met in said.met)
    assert any("spare wheels" in piece.of(one.profile) for piece in said.missing)
    assert "forty" in said.words
    assert any("热失控安全测试" in word for word in said.words)
    assert said.tracks == ("t/batteries",)
    assert said.evidence == {"patent": 3}
    assert 0 < said.n_met < said.n_sentences
    assert best.parts["tracks"] > 0 < best.parts["evidence"]
    assert ("meaning" in best.parts) == (model is not None)


def test_a_diverse_list_shows_two_of_one_organisation_and_then_others() -> None:
    base = Profile(
        key="n", side="need", title="Cells that charge in the cold", texts=("Cold cells are wanted.",)
    )
    offers = [
        replace(base, key=f"o{at}", side="offer", organisation="many" if at < 5 else f"org{at}",
                texts=("Cold cells are offered." + " Wheels too." * (at >= 5),))
        for at in range(8)
    ]  # fmt: skip
    one = prepare([base], LETTERS)[0]
    shelf = shelf_of(offers, LETTERS)
    plain = [m.profile.organisation for m in rank(one, shelf, today=TODAY, n=5).matches]
    varied = [m.profile.organisation for m in rank(one, shelf, today=TODAY, n=5, diverse=True).matches]
    assert plain == ["many"] * 5
    assert varied.count("many") == 2
    assert len(rank(one, shelf, today=TODAY, n=8, diverse=True).matches) == 8


def test_empty_shelves_empty_texts_and_wrong_sides() -> None:
    need = prepare([Profile(key="n", side="need", title="")], LETTERS)[0]
    assert rank(need, Shelf.of("offer", [], dimension=32), today=TODAY).matches == ()
    blank = shelf_of([Profile(key="o", side="offer", title=" ")], LETTERS)
    assert [m.score for m in rank(need, blank, today=TODAY).matches] == [pytest.approx(0, abs=0.2)]
    with pytest.raises(InputError, match="cannot be compared"):
        rank(need, Shelf.of("need", [], dimension=32), today=TODAY)
    with pytest.raises(InputError, match="cannot be compared"):
        rank(need, Shelf.of("offer", []), today=TODAY)
    with pytest.raises(InputError, match="two profiles"):
        blank.updated([*prepare([Profile(key="o", side="offer", title="a")] * 2, LETTERS)])
    with pytest.raises(InputError, match="does not belong"):
        blank.updated(prepare([Profile(key="p", side="offer", title="a")], None))


def test_a_shelf_without_its_dead_rows_after_many_changes() -> None:
    _, offers = market(n=30)
    shelf = shelf_of(offers, LETTERS)
    for at in range(60):
        shelf = shelf.updated(prepare([replace(offers[at % 30], title=f"Version {at}")], LETTERS))
    assert len(shelf) == 30
    assert sum(len(block.alive) for block in shelf.blocks) <= 90
    assert sorted(shelf.places) == sorted(p.key for p in offers)
    assert all(shelf.profile(p.key).title.startswith("Version") for p in offers)
    assert np.isfinite(np.concatenate([block.documents for block in shelf.blocks])).all()
