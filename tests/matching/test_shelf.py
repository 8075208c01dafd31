"""What may be matched stands on the shelf and nothing else does, in the transaction of each change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.matching.conftest import TRACK, World

from foretrack.matching.actions.profiling import from_json, profile_of
from foretrack.matching.actions.shelving import shelve_missing
from foretrack.matching.models import Meaning, Shelved
from foretrack.matching.profiles import Profile
from foretrack.registry.declaring.kind import Kind
from foretrack.search.models import Change


def profile(world: World, key: str) -> Profile:
    return from_json(Shelved.objects.get(record=key, gone=False).profile)


def test_a_published_offer_stands_on_the_shelf_with_its_public_fields(world: World) -> None:
    key = world.offer()

    found = profile(world, key)
    assert (found.side, found.kind, found.title, found.maturity) == (
        "offer",
        "offer",
        "Invented welding robot",
        (6, 6),
    )
    assert found.texts[0] == "A robot that welds thin seams."
    assert (set(found.tracks), found.region, found.sort_of) == ({TRACK}, "CN-33", "institute")
    assert (found.organisation, str(found.until)) == (world.office, "2026-12-31")


def test_a_need_takes_any_level_from_the_lowest_that_helps(world: World) -> None:
    assert profile(world, world.need()).maturity == (5, 9)
    assert profile(world, world.need(maturity=None, maturity_to=7)).maturity == (1, 7)
    assert profile(world, world.need(maturity=None)).maturity is None


def test_no_private_or_partner_part_is_on_the_shelf(world: World) -> None:
    for key in (world.offer(), world.need()):
        row = Shelved.objects.get(record=key)
        said = json.dumps([row.profile, row.organisation, row.region])
        assert "SECRET" not in said
        assert "secretaddress" not in said
        assert "777123" not in said


def test_of_a_side_that_named_hidden_fields_nothing_hidden_would_be_read(world: World) -> None:
    from dataclasses import replace

    key = world.offer()
    kind: Kind = world.registry.kinds.get("offer")
    assert kind.side is not None
    careless = object.__new__(Kind)
    careless.__dict__.update(kind.__dict__)
    object.__setattr__(
        careless, "side", replace(kind.side, texts=("summary", "details", "confidential", "contact"))
    )

    assert "SECRET" not in str(profile_of(careless, world.at(key)))


@pytest.mark.parametrize(
    ("who", "name"),
    [("office", "withdraw"), ("office", "settle"), ("officer", "hold"), ("officer", "expire")],
)
def test_what_leaves_its_public_state_leaves_the_shelf_at_once(world: World, who: str, name: str) -> None:
    key = world.offer()
    kind = world.registry.kinds.get("offer")
    if name not in {move.name for move in kind.transitions}:
        pytest.fail(f"no transition {name} any more: {[move.name for move in kind.transitions]}")
    before = Change.objects.order_by("-number").first()

    world.move(who, key, name)

    row = Shelved.objects.get(record=key)
    assert (row.gone, row.profile, row.organisation) == (True, {}, "")
    assert before is not None
    assert row.change > before.number
    assert not Meaning.objects.filter(shelved=row).exists()


def test_a_record_for_partners_is_not_matched(world: World) -> None:
    key = world.offer()
    assert not Shelved.objects.get(record=key).gone

    from foretrack.registry.actions.records import edit

    edit(
        world.registry, world.actors["office"], key, {}, revision=world.at(key).revision, visibility="partner",
    )  # fmt: skip
    assert Shelved.objects.get(record=key).gone


def test_an_edit_changes_the_profile_and_an_edit_of_hidden_parts_does_not(world: World) -> None:
    key = world.offer()
    first = Shelved.objects.get(record=key)

    world.edit("office", key, details={"en": "SECRETPARTNER other"})
    same = Shelved.objects.get(record=key)
    assert (same.change, same.wording) == (first.change, first.wording)

    world.edit("office", key, summary={"en": "Something else."})
    other = Shelved.objects.get(record=key)
    assert other.change > first.change
    assert other.wording != first.wording
    assert from_json(other.profile).texts[0] == "Something else."


def test_what_speaks_for_an_organisation_is_counted_where_everybody_sees_it(world: World) -> None:
    first = world.offer()
    assert profile(world, first).evidence == {"patent": 1}

    second = world.offer(patents=["CN100000001B", "CN100000002B"])
    assert profile(world, first).evidence == profile(world, second).evidence == {"patent": 2}

    world.move("office", second, "withdraw")
    assert profile(world, first).evidence == {"patent": 1}


def test_scenarios_are_matched_too(world: World) -> None:
    values: dict[str, Any] = {
        "title": {"en": "Invented capability"}, "organisation": world.office, "tracks": [TRACK], "region": "CN-33",
        "what": {"en": "Invented skill"}, "maturity": 7,
    }  # fmt: skip
    kind = world.registry.kinds.get("capability")
    key = world.create("office", "capability", values)
    assert not Shelved.objects.filter(record=key, gone=False).exists()
    assert kind.side is not None
    assert kind.side.side == "offer"


def test_what_was_never_shelved_is_shelved_by_the_worker(world: World) -> None:
    key = world.offer()
    Shelved.objects.all().delete()

    assert shelve_missing(world.registry, 100) == 1
    assert profile(world, key).title == "Invented welding robot"
    assert shelve_missing(world.registry, 100) == 0
