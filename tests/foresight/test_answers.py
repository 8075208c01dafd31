"""What is said about a concept can be counted again, added up and traced to documents."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from tests.foresight.corpora import FALLING, OF_THE_NEW_SOURCE, RISING, STEADY, made, planted

from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.compare import compare
from foretrack.domains.foresight.actions.emerging import emerging
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.actions.scan import ScanRequest, scan
from foretrack.domains.foresight.actions.show import explain, show
from foretrack.domains.foresight.answers import to_json
from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import InputError


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Scan, Scan]:
    """The planted world, scanned as of 2016 and 2020."""
    workspace = made(tmp_path_factory.mktemp("answers") / "w", planted())
    clock = fixed_clock("2026-01-01")
    scans = [
        scan(workspace, ScanRequest(as_of=year, packs=(), threads=1), clock=clock) for year in (2016, 2020)
    ]
    return workspace, scans[0], scans[1]


def test_the_list_is_in_the_order_of_ranks_and_scores(world: tuple[Workspace, Scan, Scan]) -> None:
    answer = emerging(world[2])
    assert [item.rank for item in answer.items] == list(range(1, answer.n_ranked + 1))
    scores = [item.score for item in answer.items if item.score is not None]
    assert len(scores) == answer.n_ranked
    assert scores == sorted(scores, reverse=True)
    assert answer.n_ranked + answer.n_not_enough_evidence == world[2].concepts.num_rows


def test_the_list_can_be_limited_and_restricted_to_a_state(world: tuple[Workspace, Scan, Scan]) -> None:
    whole = emerging(world[2]).items
    assert emerging(world[2], limit=3).items == whole[:3]
    chosen = emerging(world[2], state="emerging").items
    assert chosen == tuple(item for item in whole if item.state == "emerging")
    assert chosen
    with pytest.raises(InputError, match="no state"):
        emerging(world[2], state="booming")
    with pytest.raises(InputError, match="no concept of this scan"):
        emerging(world[2], track="underwater-basket-weaving")


def test_an_item_has_the_documented_fields(world: tuple[Workspace, Scan, Scan]) -> None:
    item = to_json(emerging(world[2], limit=1))["items"][0]
    assert {"concept", "label", "forms", "rank", "score", "state", "tracks", "evidence"} <= item.keys()
    assert item["evidence"]
    assert all(not isinstance(v, float) or math.isfinite(v) for v in item["measures"].values())


@pytest.mark.parametrize("label", [RISING, STEADY[0], STEADY[1], OF_THE_NEW_SOURCE])
def test_contributions_add_up_to_the_score(world: tuple[Workspace, Scan, Scan], label: str) -> None:
    from scipy.stats import norm

    answer = explain(world[2], label)
    total = sum(part.adds for part in answer.contributions)
    assert answer.item.score == pytest.approx(norm.cdf(total))
    for part in answer.contributions:
        assert part.why


def test_without_evidence_there_is_no_score_and_the_reason_is_said(
    world: tuple[Workspace, Scan, Scan],
) -> None:
    answer = explain(world[2], FALLING)
    assert (answer.item.state, answer.item.score, answer.item.rank) == ("not enough evidence", None, None)
    assert answer.contributions == ()
    assert f"{answer.item.measures.n_recent} documents" in answer.state_because[0]


@pytest.mark.parametrize("label", [RISING, STEADY[0], OF_THE_NEW_SOURCE])
def test_every_count_can_be_counted_again(world: tuple[Workspace, Scan, Scan], label: str) -> None:
    workspace, _, result = world
    answer = explain(result, label)
    by_year = dict(answer.documents_by_year)
    assert sum(map(len, by_year.values())) == answer.item.measures.n_documents
    assert sum(len(ids) for year, ids in by_year.items() if year > 2017) == answer.item.measures.n_recent
    whole = {point.year: point.n_documents for point in answer.series if point.source == "all"}
    assert {year: len(ids) for year, ids in by_year.items()} == {y: n for y, n in whole.items() if n}
    # The texts behind the identifiers do carry the words.
    from foretrack.corpus.store import Corpus

    ids = [document for ids in by_year.values() for document in ids]
    stored = Corpus(workspace.corpus_dir).documents(ids)
    assert len(stored) == len(set(ids)) == len(ids)
    assert all(label in (s.document.abstract or "") for s in stored)


def test_the_series_of_sources_add_up_to_the_whole(world: tuple[Workspace, Scan, Scan]) -> None:
    points = explain(world[2], STEADY[0]).series
    for whole in (p for p in points if p.source == "all"):
        parts = [p for p in points if p.source != "all" and p.year == whole.year]
        assert sum(p.n_documents for p in parts) == whole.n_documents
        assert sum(p.n_total for p in parts) == whole.n_total


def test_a_page_shows_spellings_series_neighbours_and_evidence(world: tuple[Workspace, Scan, Scan]) -> None:
    workspace, _, result = world
    page = show(workspace, result, RISING, evidence=5)
    n = page.item.measures.n_documents
    assert page.form_counts[0] == (RISING, n)
    assert [e.year for e in page.evidence] == sorted((e.year for e in page.evidence), reverse=True)
    assert len(page.evidence) == 5
    assert all(e.title and e.year <= 2020 for e in page.evidence)
    assert page.item.concept not in {neighbour.concept for neighbour in page.neighbours}


def test_a_concept_is_found_by_identifier_spelling_and_case(world: tuple[Workspace, Scan, Scan]) -> None:
    row = world[2].row_of(RISING)
    for name in (RISING.upper(), RISING.replace(" ", "-"), f"  {RISING} "):
        assert world[2].row_of(name) == row


def test_a_concept_that_is_not_there_is_answered_with_near_ones(world: tuple[Workspace, Scan, Scan]) -> None:
    with pytest.raises(InputError, match="no concept") as caught:
        world[2].row_of("phonon routr")
    assert RISING in str(caught.value.expected)


def test_a_state_is_explained_with_its_numbers(world: tuple[Workspace, Scan, Scan]) -> None:
    answer = explain(world[2], RISING)
    assert answer.item.state == "emerging"
    assert str(answer.item.measures.n_recent) in answer.state_because[0]
    assert any("novelty" in reason for reason in answer.state_because)


def test_comparing_two_years_says_what_entered_and_left(world: tuple[Workspace, Scan, Scan]) -> None:
    _, before, after = world
    answer = compare(before, after, top=3)
    top_after = {item.label for item in emerging(after, limit=3).items}
    top_before = {item.label for item in emerging(before, limit=3).items}
    assert {c.label for c in answer.changes if c.change == "entered"} == top_after - top_before
    assert {c.label for c in answer.changes if c.change == "left"} == top_before - top_after
    for change in answer.changes:
        assert change.reasons
        if change.change == "rose":
            assert change.rank_before is not None
            assert change.rank_after is not None
            assert change.rank_after < change.rank_before
    with pytest.raises(InputError, match="both scans"):
        compare(after, after)


def test_a_new_technology_enters_with_its_reason(world: tuple[Workspace, Scan, Scan]) -> None:
    everything = compare(world[1], world[2], top=500)
    change = next(c for c in everything.changes if c.label == OF_THE_NEW_SOURCE)
    assert (change.change, change.rank_before) == ("entered", None)
    assert "no concept of the earlier scan" in change.reasons[0]


def test_answers_are_plain_json(world: tuple[Workspace, Scan, Scan], tmp_path: Path) -> None:
    import json

    workspace, before, after = world
    for answer in (
        emerging(after),
        show(workspace, after, RISING),
        explain(after, RISING),
        compare(before, after),
        after.summary(),
    ):
        assert json.loads(json.dumps(to_json(answer), allow_nan=False))


def test_nothing_later_than_the_year_is_in_an_answer(world: tuple[Workspace, Scan, Scan]) -> None:
    workspace, before, _ = world
    page = show(workspace, before, STEADY[0], evidence=1000)
    assert max(e.year for e in page.evidence) <= 2016
    assert max(p.year for p in page.series) == 2016
    assert max(year for year, _ in explain(before, STEADY[0]).documents_by_year) <= 2016
    assert not any(np.isnan(p.share) for p in page.series)
