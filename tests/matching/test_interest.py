"""Interest from either side: sent, seen, accepted or declined, a meeting, an agreement; and closed with its profile."""

from __future__ import annotations

import pytest
from tests.matching.conftest import World

from foretrack.foundation.errors import EvidenceError, ForetrackError, InputError, NotThereError
from foretrack.matching.actions.interests import (
    InterestPage,
    between,
    express_interest,
    interests_of,
    show_interest,
)
from foretrack.registry.access.permission import AccessError
from foretrack.registry.declaring.bodies import InvalidRecord

MESSAGE = {"en": "SECRETMESSAGE: shall we talk?"}


def shown(world: World, who: str, key: str) -> InterestPage:
    return show_interest(world.registry, world.actors[who], key)


def sent(world: World) -> tuple[str, str, str]:
    """(need, offer, interest of the firm with the need in the offer)."""
    need, offer = world.need(), world.offer()
    made = express_interest(world.registry, world.actors["firm"], offer, MESSAGE, mine=need)
    return need, offer, made.key


def test_interest_goes_from_the_first_word_to_an_agreement(world: World) -> None:
    _, _, key = sent(world)
    assert world.at(key).status == "interested"
    assert world.at(key).body["recipient"] == world.office

    assert (
        shown(world, "firm", key).record.status == "interested"
    )  # the sender's own look is none of the addressee
    page = shown(world, "office", key)
    assert (page.record.status, page.own_side, page.open) == ("viewed", "addressee", True)

    world.move("office", key, "accept")
    world.move("firm", key, "meet", meeting_on="2026-03-09")
    world.move("office", key, "meet", meeting_on="2026-03-10")  # the other side moves the day
    world.move("firm", key, "agree", outcome={"en": "A trial of three months"})

    page = shown(world, "office", key)
    assert [step.state for step in page.steps] == [
        "draft",
        "interested",
        "viewed",
        "accepted",
        "meeting",
        "agreement",
    ]
    assert not page.open


def test_the_side_of_the_offer_may_begin_as_well(world: World) -> None:
    need, offer = world.need(), world.offer()
    made = express_interest(world.registry, world.actors["office"], need, MESSAGE, mine=offer)

    assert shown(world, "firm", made.key).record.status == "viewed"
    found = between([(need, offer), (offer, need), (need, need)])
    assert {pair: row.key for pair, row in found.items()} == {
        (need, offer): made.key,
        (offer, need): made.key,
    }


def test_only_the_addressee_accepts_and_either_side_ends(world: World) -> None:
    _, _, key = sent(world)
    with pytest.raises(AccessError):
        world.move("firm", key, "accept")
    with pytest.raises(InputError, match="does not lead out"):
        world.move("firm", key, "meet", meeting_on="2026-03-09")

    world.move("office", key, "accept")
    world.move("office", key, "end")
    assert world.at(key).status == "ended"


def test_declining_takes_a_reason_of_the_list(world: World) -> None:
    _, _, key = sent(world)
    with pytest.raises(InvalidRecord):
        world.move("office", key, "decline")
    world.move("office", key, "decline", declined_for="not-mature")
    assert world.at(key).body["declined_for"] == "not-mature"


def test_contacts_are_told_to_both_sides_after_acceptance_and_to_nobody_else(world: World) -> None:
    _, _, key = sent(world)
    for who in ("firm", "office", "officer", "auditor"):
        page = shown(world, who, key)
        assert not page.sender.contacts
        assert not page.addressee.contacts

    world.move("office", key, "accept")
    for who in ("firm", "office", "office's member"):
        page = shown(world, who, key)
        assert page.sender.contacts == page.addressee.contacts == {
            "Contact person": "SECRETPERSON", "Contact e-mail": "secretaddress@example.org",
        }  # fmt: skip
        assert "SECRETPRIVATE" not in str(page)
    for who in ("officer", "auditor"):
        assert "SECRETPERSON" not in str(shown(world, who, key))


@pytest.mark.parametrize("who", ["visitor", "rival", "officer elsewhere", "administrator"])
def test_nobody_beside_the_two_sides_and_the_officers_in_charge_sees_it(world: World, who: str) -> None:
    _, offer, key = sent(world)
    with pytest.raises(NotThereError):
        shown(world, who, key)
    assert interests_of(world.registry, world.actors[who], of=offer) == ()


def test_an_interest_is_sent_once_to_another_and_only_in_what_is_open(world: World) -> None:
    need, offer, key = sent(world)
    firm = world.actors["firm"]
    with pytest.raises(InputError, match="already"):
        express_interest(world.registry, firm, offer, MESSAGE)
    with pytest.raises(InputError, match="your own organisation"):
        express_interest(world.registry, firm, need, MESSAGE)
    with pytest.raises(ForetrackError, match="no need or offer of yours"):
        express_interest(world.registry, world.actors["rival"], offer, MESSAGE, mine=need)
    with pytest.raises(AccessError):
        express_interest(world.registry, world.actors["visitor"], offer, MESSAGE)

    world.move("firm", key, "withdraw")
    assert express_interest(world.registry, firm, offer, MESSAGE).status == "interested"


def test_no_interest_goes_to_what_is_over(world: World) -> None:
    offer = world.offer()
    late = world.later("2027-01-01T00:00:00")
    with pytest.raises(EvidenceError, match="takes no interest now"):
        express_interest(late.registry, late.actors["firm"], offer, MESSAGE)

    world.move("office", offer, "settle")
    with pytest.raises(EvidenceError, match="takes no interest now"):
        express_interest(world.registry, world.actors["firm"], offer, MESSAGE)
    assert interests_of(world.registry, world.actors["firm"]) == ()  # nothing is left behind


@pytest.mark.parametrize("name", ["settle", "withdraw"])
@pytest.mark.parametrize("whose", ["offer", "need"])
def test_a_settled_or_withdrawn_profile_closes_what_is_open(world: World, name: str, whose: str) -> None:
    need, offer, key = sent(world)
    world.move("office", key, "accept")

    world.move("office" if whose == "offer" else "firm", offer if whose == "offer" else need, name)

    assert world.at(key).status == "lapsed"
    assert not shown(world, "firm", key).addressee.contacts
