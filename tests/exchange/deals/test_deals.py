"""A deal from its enquiry to what became of it: who sees it, who may move it, and that both sides confirm."""

from __future__ import annotations

from typing import Any

import pytest
from tests.exchange.deals.conftest import CONTRACT, LISTING, Market

from foretrack.domains.exchange.actions.ending import end_what_is_over
from foretrack.foundation.errors import ForetrackError, InputError, NotThereError
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.checking import check_history
from foretrack.registry.actions.records import edit, move, show
from foretrack.registry.actions.tables import table
from foretrack.registry.actions.writing import ConflictError
from foretrack.registry.declaring.bodies import InvalidRecord
from foretrack.registry.models import Record
from foretrack.search.actions.records import index_records, seen_by
from foretrack.search.actions.searching import search

SEES = {
    "visitor": False, "lab": True, "lab's member": True, "firm": True, "firm's member": True, "rival": False,
    "daughter": False, "officer": True, "officer elsewhere": False, "national": True, "reviewer": False,
    "auditor": True, "administrator": False,
}  # fmt: skip
"""Written by hand: the two sides, the officers in charge of the listing's region, and the auditor."""
REGISTRATION: dict[str, Any] = {
    "registered_number": "SECRET-REGISTER-9", "registered_on": "2026-03-02", "registered_by": "Invented office",
    "technology_share": 80,
}  # fmt: skip


def test_only_the_two_sides_and_the_officers_in_charge_see_a_deal(market: Market) -> None:
    key = market.deal(market.listing(), "contract")
    index_records(market.registry, Record.objects.filter(key=key))

    seen = {}
    for who in SEES:
        actor = market.actors[who]
        try:
            page: Any = show(market.registry, actor, key)
        except NotThereError:
            page = None
        assert (page is not None) == (
            key in {line.key for line in table(market.registry, actor, "deal").lines}
        )
        assert (page is not None) == (
            key in {hit.key for hit in search("coating mills", viewer=seen_by(actor), embedder=None).hits}
        )
        seen[who] = page is not None

    assert seen == SEES
    assert check_history(market.registry).findings == []


def test_a_draft_is_seen_by_nobody_but_whoever_writes_it(market: Market) -> None:
    key = market.create("firm", "deal", {**_enquiry(market), "about": market.listing()})

    with pytest.raises(NotThereError):
        show(market.registry, market.actors["lab"], key)


def _enquiry(market: Market) -> dict[str, Any]:
    return {
        "title": {"en": "Invented"},
        "role": "acquires",
        "message": "Invented",
        "organisation": market.firm,
    }


def test_a_deal_goes_from_enquiry_to_its_close_and_each_side_confirms_the_other(market: Market) -> None:
    key = market.deal(market.listing(), "contract")
    market.move("lab", key, "ask-registration-other", **REGISTRATION)
    market.move("officer", key, "register")
    market.move("firm", key, "begin-delivery")
    market.move("firm", key, "report", milestones=[{"milestone": "Invented first mill", "due": "2026-04-01"}])
    market.move("lab", key, "hand-over-other", delivered_on="2026-03-02", delivered="Invented recipe")

    closed = market.move("firm", key, "confirm-delivery")

    assert closed.status == "closed"
    assert closed.values["amount"] == {"amount": "730000", "currency": "CNY"}
    assert closed.values["technology_share"] == 80


@pytest.mark.parametrize(
    ("upto", "who", "name"),
    [
        ("proposed-by-enquirer", "firm", "confirm-contract-other"),
        ("proposed-by-enquirer", "firm", "confirm-contract"),
        ("proposed-by-enquirer", "rival", "confirm-contract-other"),
        ("proposed-by-enquirer", "officer", "confirm-contract-other"),
        ("handed-over-by-other", "lab", "confirm-delivery"),
        ("handed-over-by-other", "lab", "confirm-delivery-other"),
        ("enquiry", "firm", "answer"),
    ],
)
def test_nobody_confirms_for_the_other_side(market: Market, upto: str, who: str, name: str) -> None:
    key = market.deal(market.listing(), upto)

    with pytest.raises((AccessError, InputError, NotThereError)):
        market.move(who, key, name)
    assert Record.objects.get(key=key).status == upto


def test_whoever_acts_for_both_sides_does_not_confirm_the_own_proposal(market: Market) -> None:
    key = market.deal(market.listing(), "negotiation")
    market.move("both", key, "propose", **CONTRACT)

    with pytest.raises(AccessError, match="the step before"):
        market.move("both", key, "confirm-contract-other")
    assert market.move("lab", key, "confirm-contract-other").status == "contract"


def test_of_two_confirmations_at_once_one_wins_and_the_other_learns_it(market: Market) -> None:
    key = market.deal(market.listing(), "proposed-by-enquirer")
    read = Record.objects.get(key=key).revision
    market.move("lab", key, "confirm-contract-other")

    with pytest.raises(ConflictError, match="somebody else changed it"):
        move(
            market.registry,
            market.actors["lab's member"],
            key,
            "talk-again-other",
            revision=read,
            reason="Late",
        )
    assert Record.objects.get(key=key).status == "contract"


def test_both_sides_put_a_contract_forward_at_once_and_only_one_stands(market: Market) -> None:
    key = market.deal(market.listing(), "negotiation")
    read = Record.objects.get(key=key).revision
    actors = market.actors
    move(
        market.registry,
        actors["lab"],
        key,
        "propose-other",
        revision=read,
        values={**CONTRACT, "amount": "9 CNY"},
    )

    with pytest.raises(ConflictError):
        move(market.registry, actors["firm"], key, "propose", revision=read, values=CONTRACT)
    agreed = market.move("firm", key, "confirm-contract")
    assert agreed.values["amount"] == {"amount": "9", "currency": "CNY"}


def test_what_was_put_forward_and_confirmed_stays_as_it_is(market: Market) -> None:
    listing = market.listing()
    for upto in ("proposed-by-enquirer", "contract", "delivery"):
        key = market.deal(listing, upto)
        revision = Record.objects.get(key=key).revision
        for who in ("firm", "lab", "officer"):
            with pytest.raises(ForetrackError):
                edit(market.registry, market.actors[who], key, {"amount": "1 CNY"}, revision=revision)
    with pytest.raises(InputError, match="does not change amount"):
        market.move("lab", key, "report-other", milestones=[], amount="1 CNY")


def test_the_register_is_kept_by_an_officer_who_has_no_part_in_the_deal(market: Market) -> None:
    key = market.deal(market.listing(), "contract")
    market.move("firm", key, "ask-registration", **REGISTRATION)

    for who in ("firm", "lab", "officer of the firm", "officer elsewhere", "auditor"):
        with pytest.raises((AccessError, NotThereError)):
            market.move(who, key, "register")
    assert market.move("officer", key, "register").status == "registered"


def test_a_registration_that_lies_before_the_contract_is_refused(market: Market) -> None:
    key = market.deal(market.listing(), "contract")

    with pytest.raises(InvalidRecord, match="before the day of the contract"):
        market.move("firm", key, "ask-registration", **{**REGISTRATION, "registered_on": "2026-03-01"})


def test_a_deal_fails_with_a_reason_from_either_side(market: Market) -> None:
    listing = market.listing()
    for who, name in (("firm", "fail"), ("lab", "fail-other")):
        key = market.deal(listing, "delivery")
        with pytest.raises(InvalidRecord):
            market.move(who, key, name)
        failed = market.move(who, key, name, failed_for="delivery")
        assert (failed.status, failed.values["failed_for"]) == ("failed", "delivery")


def test_nobody_deals_with_itself_or_with_what_is_no_longer_listed(market: Market) -> None:
    listing = market.listing()
    own = market.create("lab", "deal", {**_enquiry(market), "organisation": market.lab, "about": listing})
    with pytest.raises(InputError, match="own organisation"):
        market.move("lab", own, "enquire")
    late = market.create("firm", "deal", {**_enquiry(market), "about": listing})
    with pytest.raises(ForetrackError, match="not open any more"):
        market.on("2026-07-01").move("firm", late, "enquire")
    assert market.on("2026-06-30").move("firm", late, "enquire").status == "enquiry"


def test_a_deal_begins_from_an_interest_only_if_it_was_accepted_between_the_same_two(market: Market) -> None:
    offer = market.offer()
    interest = market.made(
        "firm", "interest",
        {"title": {"en": "Invented"}, "organisation": market.firm, "about": offer, "message": "Invented"},
    )  # fmt: skip
    market.move("firm", interest, "send")
    key = market.create("firm", "deal", {**_enquiry(market), "about": offer, "interest": interest})

    with pytest.raises(ForetrackError, match="accepted"):
        market.move("firm", key, "enquire")
    market.move("lab", interest, "accept")
    assert market.move("firm", key, "enquire").status == "enquiry"

    market.actors["third party"] = market.actors["rival"]
    other = market.create("rival", "deal", {**_enquiry(market), "organisation": market.rival, "about": offer})
    with pytest.raises(ForetrackError):
        edit(market.registry, market.actors["rival"], other, {"interest": interest}, revision=1)


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        ({"price_mode": "fixed"}, "price"), ({"price_mode": "auction"}, "auction_rules"),
        ({"price_mode": "open-licence", "price": "0 CNY"}, "terms"),
    ],
)  # fmt: skip
def test_a_listing_says_what_its_way_of_pricing_asks_for(
    market: Market, given: dict[str, Any], lacks: str
) -> None:
    values = {**LISTING, "organisation": market.lab, "about": market.offer(), **given}
    key = market.create("lab", "listing", values)

    with pytest.raises(InvalidRecord, match=lacks):
        market.move("lab", key, "publish")


def test_a_listing_is_of_something_published_of_ones_own(market: Market) -> None:
    values = {**LISTING, "organisation": market.rival, "about": market.offer()}
    key = market.create("rival", "listing", values)

    with pytest.raises(InputError, match="another organisation"):
        market.move("rival", key, "publish")


def test_a_listing_ends_the_day_after_its_last_day_and_can_be_renewed(market: Market) -> None:
    key = market.listing()

    assert end_what_is_over(market.on("2026-06-30").registry).days_over == 0
    assert end_what_is_over(market.on("2026-07-01").registry).days_over == 1
    assert Record.objects.get(key=key).status == "expired"
    renewed = market.on("2026-07-02").move("lab", key, "renew", valid_until="2026-08-01")
    assert renewed.status == "published"
