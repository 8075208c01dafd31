"""A competition: entries, ranks and prizes, and ranks as values of rules that ask for them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.review.office import TRACKS, Office

from foretrack.domains.missions.actions.results import results_of
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.packs.loading import load_packs
from foretrack.registry.actions.records import create
from foretrack.registry.models import Record
from foretrack.review.eligibility import values_of

COUNTS = [
    {"indicator": "maker-china", "value": "top-50", "up_to": 50, "years": 3, "group": "enterprise"},
    {"indicator": "maker-china", "value": "top-500", "up_to": 500, "years": 3, "group": "enterprise"},
]


@pytest.fixture
def competition(office: Office) -> str:
    key = create(
        office.registry, office.ministry, "competition",
        {
            "title": {"en": "Invented cup", "zh": "虚构杯大赛"}, "organisation": office.issuer, "region": "CN-33",
            "tracks": list(TRACKS[:1]), "about": {"en": "For founders"}, "pitch_on": "2026-06-01",
            "prizes": [{"prize": "First prize", "places": 1}], "counts_as": COUNTS,
        },
    ).key  # fmt: skip
    office.go(office.ministry, key, "announce")
    return key


def entry(office: Office, firm: str, competition: str, **changes: Any) -> str:
    values = {
        "title": {"en": f"Entry of {firm}", "zh": f"{firm}的虚构项目"}, "region": "CN-33", "tracks": list(TRACKS[:1]),
        "competition": competition, "group": "enterprise", "about": {"en": "A hand"}, "novelty": {"en": "It feels"},
        **changes,
    }  # fmt: skip
    key = create(office.registry, office.firm(firm), "competition-entry", values).key
    office.go(office.firm(firm), key, "submit")
    office.go(office.ministry, key, "announce")
    day = office.at.date().isoformat()
    office.move_to("2026-05-04")
    office.go(office.second, key, "recognise")
    office.move_to(day)
    return key


def test_ranks_are_given_once_prizes_as_often_as_there_are_places(office: Office, competition: str) -> None:
    one, two = entry(office, "Acme Robots", competition), entry(office, "Beta Works", competition)
    office.go(office.ministry, one, "place", rank=1, prize="First prize", pitched_on="2026-06-01")
    with pytest.raises(InputError, match="rank 1 is taken"):
        office.go(office.ministry, two, "place", rank=1)
    with pytest.raises(InputError, match="1 entries have the prize First prize already"):
        office.go(office.ministry, two, "place", rank=2, prize="First prize")
    with pytest.raises(InputError, match="no prize 'Second'"):
        office.go(office.ministry, two, "place", rank=2, prize="Second")
    with pytest.raises(InputError, match="does not change title"):
        office.go(office.ministry, two, "place", rank=2, title={"en": "Another"})
    with pytest.raises(EvidenceError, match="1 entries have no rank"):
        office.go(office.ministry, competition, "judge", results_on="2026-06-02")
    office.go(office.ministry, two, "place", rank=2)
    office.go(office.ministry, competition, "judge", results_on="2026-06-02")
    with pytest.raises(EvidenceError, match="without results yet"):
        office.go(office.ministry, two, "place", rank=3)
    told = [{"on": "2026-09-01", "what": "First order"}]
    assert office.go(office.firm("Acme Robots"), one, "follow", follow_ups=told).values["follow_ups"] == told


def test_entries_come_while_the_competition_is_announced_and_in_its_tracks(
    office: Office, competition: str
) -> None:
    with pytest.raises(InputError, match="none of the tracks of the entry"):
        entry(office, "Acme Robots", competition, tracks=["cn-future-industries-2024/nuclear-fusion"])
    office.go(office.ministry, competition, "close")
    with pytest.raises(EvidenceError, match="the competition is 'closed'"):
        entry(office, "Beta Works", competition)


def test_a_rank_is_the_value_that_a_rule_asks_for_as_long_as_the_competition_says(
    office: Office, competition: str
) -> None:
    first, far, team = (
        entry(office, "Acme Robots", competition), entry(office, "Beta Works", competition),
        entry(office, "Gamma Lab", competition, group="team"),
    )  # fmt: skip
    for key, rank in ((first, 50), (far, 51), (team, 1)):
        office.go(office.ministry, key, "place", rank=rank)
    records = [Record.objects.get(key=key) for key in (first, far, team)]
    days = {
        "before the results": "2026-06-02",
        "on the day": "2026-06-03",
        "last": "2029-06-03",
        "over": "2029-06-04",
    }
    assert results_of(office.registry, records[0], date(2026, 6, 3)) == {}
    office.go(office.ministry, competition, "judge", results_on="2026-06-03")
    found = {
        name: [
            results_of(office.registry, one, date.fromisoformat(day)).get("maker-china") for one in records
        ]
        for name, day in days.items()
    }
    assert found == {
        "before the results": [None, None, None], "on the day": ["top-50", "top-500", None],
        "last": ["top-50", "top-500", None], "over": [None, None, None],
    }  # fmt: skip
    rules = [rule for pack in load_packs() for rule in pack.rules if "maker-china" in rule.known_indicators()]
    assert rules
    for rule in rules:
        values, strange = values_of(office.registry, rule, records[0], date(2026, 7, 1))
        assert values["maker-china"] == "top-50"
        assert "maker-china" not in strange
