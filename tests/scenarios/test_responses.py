"""Who may read an answer to an opportunity and decide about it: sender, addressee, whoever is in charge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.conftest import RESULTS, World, review

from foretrack.foundation.errors import InputError, NotThereError
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.checking import check_history
from foretrack.registry.actions.history import history
from foretrack.registry.actions.importing import import_file
from foretrack.registry.actions.overview import find_tasks
from foretrack.registry.actions.records import create, edit, show
from foretrack.registry.actions.tables import table
from foretrack.registry.declaring.bodies import InvalidRecord
from foretrack.registry.models import Record
from foretrack.search.actions.records import index_records, seen_by
from foretrack.search.actions.searching import search

READERS = {
    # who: a draft, and after it was sent
    "visitor": "--", "owner": "-+", "owner's member": "-+", "firm": "++", "firm's member": "++", "rival": "--",
    "officer there": "++", "officer of the firm's region": "--", "national officer": "++", "reviewer": "++",
    "idle reviewer": "--", "auditor": "++", "administrator": "--",
}  # fmt: skip
"""Written by hand, not read from the table of permissions."""


def sees(world: World, who: str, key: str) -> bool:
    """Whether somebody sees a record on its page, in the table, in its history and by searching: always the same."""
    actor = world.actors[who]
    try:
        page = show(world.registry, actor, key)
    except NotThereError:
        page = None
    listed = key in {line.key for line in table(world.registry, actor, "response").lines}
    found = key in {hit.key for hit in search("Invented answer", viewer=seen_by(actor), embedder=None).hits}
    assert (page is not None) == listed == found
    if page is not None:
        assert page.values["price"] == {"amount": "9", "currency": "CNY"}
        assert history(world.registry, actor, key)
    return page is not None


@pytest.mark.parametrize("stage", ["draft", "sent"])
def test_an_answer_is_hidden_from_competitors_and_a_draft_from_everybody_else(
    world: World, stage: str
) -> None:
    key = world.answer(world.opportunity())
    review(world, key)
    if stage == "sent":
        world.move("firm", key, "submit")
    index_records(world.registry, Record.objects.filter(key=key))

    seen = {who: sees(world, who, key) for who in READERS}

    assert seen == {who: told[["draft", "sent"].index(stage)] == "+" for who, told in READERS.items()}
    assert check_history(world.registry).findings == []


MOVES = {
    # what: who may, of those who see it
    "agree-pilot": ("owner", "owner's member"),
    "decline": ("owner", "owner's member"),
    "withdraw": ("firm", "firm's member"),
}


@pytest.mark.parametrize("name", MOVES)
def test_whoever_sent_an_answer_may_not_judge_it_and_the_addressee_may_not_withdraw_it(
    world: World, name: str
) -> None:
    key = world.answer(world.opportunity())
    world.move("firm", key, "submit")
    review(world, key)
    offered = {
        who for who in READERS if READERS[who][1] == "+"
        and name in {move.name for move in show(world.registry, world.actors[who], key).moves}
    }  # fmt: skip

    assert offered == set(MOVES[name])
    for who in READERS:
        if who not in MOVES[name]:
            with pytest.raises((AccessError, NotThereError)):
                world.move(who, key, name, pilot_period="2026-04-01/2026-05-01")
    values = {"pilot_period": "2026-04-01/2026-05-01"} if name == "agree-pilot" else {}
    world.move(MOVES[name][0], key, name, **values)


def test_an_answer_finds_its_addressee_and_region_by_itself_and_takes_no_other(world: World) -> None:
    opportunity = world.opportunity()
    key = world.answer(opportunity)

    page = show(world.registry, world.actors["firm"], key)
    assert (page.values["recipient"], page.region) == (world.hospital, "CN-33")
    assert not {"recipient", "region"} & set(page.changeable)
    with pytest.raises(InvalidRecord, match="Addressed to follows from Opportunity"):
        edit(world.registry, world.actors["firm"], key, {"recipient": world.rival}, revision=1)
    hidden = world.create("owner", "opportunity", {"title": "Invented draft", "organisation": world.hospital})
    with pytest.raises(InvalidRecord, match="there is no opportunity"):
        world.answer(hidden)


def test_an_import_addresses_an_answer_as_a_form_does(world: World, tmp_path: Path) -> None:
    opportunity, firm = world.opportunity(), world.actors["firm"]
    file = tmp_path / "responses.csv"
    heads = f"title_en,organisation,opportunity,recipient\nInvented import,{world.firm},{opportunity},"

    file.write_text(heads, encoding="utf-8")
    assert import_file(world.registry, firm, "response", file).created == 1
    assert Record.objects.get(title_en="Invented import").body["recipient"] == world.hospital
    file.write_text(heads + world.rival, encoding="utf-8")
    assert import_file(world.registry, firm, "response", file, again=True).rejected == 1


def test_the_addressee_cannot_edit_an_answer_and_is_told_that_one_waits(world: World) -> None:
    key = world.answer(world.opportunity())
    world.move("firm", key, "submit")
    owner = world.actors["owner"]

    assert key in {task.key for task in find_tasks(world.registry, owner).tasks}
    assert not show(world.registry, owner, key).may_edit
    with pytest.raises((AccessError, InputError)):
        edit(world.registry, owner, key, {"plan": "Invented other plan"}, revision=2)


def test_from_need_to_pilot_to_acceptance_with_measured_values(world: World) -> None:
    opportunity = world.opportunity()
    key = world.answer(opportunity)
    world.move("firm", key, "submit")
    world.move("owner", key, "agree-pilot", pilot_period="2026-04-01/2026-05-01")
    world.move("owner", opportunity, "agree-pilot", supplier=world.firm)

    with pytest.raises(InvalidRecord, match="Measured in the pilot is missing"):
        world.move("owner", key, "accept", verdict="met")
    world.move("owner", key, "accept", verdict="met", results=RESULTS)
    page = world.move("owner", opportunity, "accept", results=RESULTS)

    assert page.status == "accepted"
    assert world.move("owner", opportunity, "scale-up").status == "scaled-up"


@pytest.mark.parametrize("missing", ["measures", "budget", "deadline", "data_access", "owner"])
def test_an_opportunity_without_what_it_promises_is_not_published(world: World, missing: str) -> None:
    from tests.scenarios.conftest import NEED

    values: dict[str, Any] = {**NEED, "organisation": world.hospital, "region": "CN-33"}
    del values[missing]
    key = create(world.registry, world.actors["owner"], "opportunity", values).key

    with pytest.raises(InvalidRecord, match="is missing"):
        world.move("owner", key, "publish")
