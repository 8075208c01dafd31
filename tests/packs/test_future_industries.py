"""The pack of the 2024 policy says what the policy says."""

from __future__ import annotations

from collections import Counter

import pytest

from foretrack.packs.loading import choose_pack, load_packs
from foretrack.packs.shapes import Pack


@pytest.fixture(scope="module")
def pack() -> Pack:
    return choose_pack(load_packs(), "cn-future-industries-2024")


def test_it_is_the_dated_document_of_seven_issuers(pack: Pack) -> None:
    assert (pack.id, pack.jurisdiction, pack.valid_from, pack.valid_to) == (
        "cn-future-industries-2024",
        "CN",
        "2024-01-18",
        None,
    )
    assert pack.document_number == "工信部联科〔2024〕12号"
    assert len(pack.issuers) == 7


def test_six_directions_carry_the_tracks_of_column_1(pack: Pack) -> None:
    assert Counter(track.direction for track in pack.tracks) == {
        "manufacturing": 12,
        "information": 8,
        "materials": 6,
        "energy": 8,
        "space": 12,
        "health": 5,
    }
    assert [d.id for d in pack.directions] == list(dict.fromkeys(t.direction for t in pack.tracks))
    roles = Counter(track.role for track in pack.tracks)
    assert (roles["core technology"], roles["model"], roles["drive"]) == (3, 2, 2)


def test_every_track_can_be_recognised_in_both_languages(pack: Pack) -> None:
    for track in pack.tracks:
        assert track.label.en, track.id
        assert track.label.zh, track.id
        assert track.definition.en, track.id
        assert track.definition.zh, track.id
        for language in ("en", "zh"):
            lexicon = track.lexicon[language]
            assert len(lexicon.strong) >= 10, (track.id, language)
            assert len(lexicon.strong) + len(lexicon.weak) >= 15, (track.id, language)


def test_no_strong_term_belongs_to_two_tracks(pack: Pack) -> None:
    owners: dict[str, set[str]] = {}
    for track in pack.tracks:
        for lexicon in track.lexicon.values():
            for term in lexicon.strong:
                owners.setdefault(term.lower(), set()).add(track.id)

    assert {term: ids for term, ids in owners.items() if len(ids) > 1} == {}


def test_every_entry_names_clause_source_and_confidence(pack: Pack) -> None:
    clauses = {clause.id for clause in pack.clauses}
    for entries in (pack.tracks, pack.directions, pack.products, pack.targets):
        for entry in entries:
            assert entry.clause in clauses, entry.id
            assert entry.source, entry.id
            assert entry.confidence == "V2", entry.id


def test_the_sixteen_tasks_four_principles_and_four_measures_are_clauses(pack: Pack) -> None:
    ids = {clause.id for clause in pack.clauses}

    assert {f"IV.{number}" for number in range(1, 17)} <= ids
    assert {f"II.{number}" for number in range(1, 5)} <= ids
    assert {f"V.{number}" for number in ("i", "ii", "iii", "iv")} <= ids
    assert {"IV.1/C1", "IV.6/C2", "IV.13/C3"} <= ids


def test_ten_product_families_name_core_technologies_and_uses(pack: Pack) -> None:
    assert len(pack.products) == 10
    assert sum(len(product.core_technologies) for product in pack.products) >= 40
    assert sum(len(product.uses) for product in pack.products) >= 17


def test_targets_are_six_counts_two_batches_and_outcomes(pack: Pack) -> None:
    counted = [target for target in pack.targets if target.operator == ">="]
    batches = [target.id for target in pack.targets if target.operator == "batch"]
    outcomes = [target for target in pack.targets if target.operator == "outcome"]

    assert [target.value for target in counted] == [100.0] * 6
    assert batches == ["incubators-2025", "pilot-zones-2025"]
    assert len(outcomes) == 9
    assert {target.by for target in outcomes} == {"2027"}


def test_it_is_in_force_from_its_day(pack: Pack) -> None:
    assert not pack.valid_on("2024-01-17")
    assert pack.valid_on("2024-01-18")
    assert pack.valid_on("2031-01-01")
