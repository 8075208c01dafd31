"""What leaves a deal for others: the register, numbers and sums, worked by hand; and that nothing else does."""

from __future__ import annotations

import json
from typing import Any

from tests.exchange.deals.conftest import CONTRACT, Market

from foretrack.domains.exchange.actions.deals import Row, open_listings, register, statistics
from foretrack.registry.models import Record

SECRETS = ("SECRET-ENQUIRY", "SECRET-TERMS", "SECRET-NUMBER", "SECRET-REGISTER", "SECRET-OPINION", "730000")


def agreed(market: Market, about: str, number: int, **contract: Any) -> str:
    """A deal whose contract both sides confirmed: written as it stands after its moves, which other tests make."""
    key = market.create(
        "firm", "deal",
        {
            "title": {"en": f"Invented deal {number}"}, "role": "acquires", "organisation": market.firm, "about": about,
            "message": "SECRET-ENQUIRY", "tracks": contract.pop("tracks", []),
        },
    )  # fmt: skip
    for who, name, values in (
        ("firm", "enquire", {}), ("lab", "answer", {}), ("firm", "propose", {**CONTRACT, **contract}),
        ("lab", "confirm-contract-other", {}),
    ):  # fmt: skip
        market.move(who, key, name, **values)
    return key


def told(rows: tuple[Row, ...]) -> dict[str, Any]:
    """Value to (number, sums as text)."""
    return {row.value: (row.n, [(c, None if s is None else str(s)) for c, s in row.sums]) for row in rows}


def test_numbers_and_sums_are_those_worked_by_hand_and_small_ones_are_hidden(market: Market) -> None:
    listing = market.listing()
    for number, (kind, day, amount) in enumerate(
        [
            ("licence", "2025-05-01", "100 CNY"), ("licence", "2025-06-01", "120 CNY"),
            ("licence", "2025-07-01", "150 CNY"), ("service", "2026-01-05", "200 CNY"),
            ("service", "2026-01-06", "210 CNY"), ("service", "2026-01-07", "90 EUR"),
        ]
    ):  # fmt: skip
        agreed(market, listing, number, contract_kind=kind, contract_date=day, amount=amount)
    market.deal(listing, "proposed-by-enquirer")
    failed = agreed(market, listing, 9, amount="999999 CNY")
    market.move("lab", failed, "fail-other", failed_for="rights")

    found = statistics(market.registry)

    # Of all: 100 + 120 + 150 + 200 + 210 CNY; one deal in EUR tells of itself. Never one sum of both currencies.
    assert told((found.all,)) == {"all": (6, [("CNY", "780"), ("EUR", None)])}
    parts = {part.name: told(part.rows) for part in found.breakdowns}
    # Services in CNY are two: hidden; then licences must be hidden too, or 780 - 370 would tell.
    assert parts["contract_kind"] == {
        "licence": (3, [("CNY", None)]), "service": (3, [("CNY", None), ("EUR", None)]),
    }  # fmt: skip
    assert parts["year"] == {"2026": (3, [("CNY", None), ("EUR", None)]), "2025": (3, [("CNY", None)])}
    assert parts["region"] == {"CN-33": (6, [("CNY", "780"), ("EUR", None)])}
    assert found.registered == 0 or found.registered is None


def test_fewer_than_three_deals_are_not_even_counted(market: Market) -> None:
    listing = market.listing()
    for number in range(2):
        agreed(market, listing, number)

    found = statistics(market.registry)

    assert (found.all.n, found.all.sums, found.registered) == (None, (), None)


def test_a_sum_that_one_deal_makes_up_is_hidden(market: Market) -> None:
    listing = market.listing()
    for number, amount in enumerate(("1000000 CNY", "10 CNY", "20 CNY")):
        agreed(market, listing, number, amount=amount)

    assert told((statistics(market.registry).all,)) == {"all": (3, [("CNY", None)])}


def test_what_the_register_shows_does_not_give_the_hidden_deal_away(market: Market) -> None:
    listing = market.listing()
    for number in range(3):
        agreed(market, listing, number, publicity="amount", amount=f"{100 + number} CNY")
    agreed(market, listing, 4, amount="104 CNY")

    # Four deals; three stand in the register with their amounts, so a number or a sum would tell the fourth.
    assert told((statistics(market.registry).all,)) == {"all": (None, [])}


def test_the_register_shows_what_both_sides_agreed_to_and_no_more(market: Market) -> None:
    listing = market.listing()
    agreed(market, listing, 1, publicity="nothing")
    agreed(market, listing, 2, publicity="band", amount="730000 CNY", contract_date="2026-01-02")
    agreed(market, listing, 3, publicity="amount", amount="99.50 EUR", contract_date="2026-01-03")
    pending = market.deal(listing, "proposed-by-enquirer", contract={**CONTRACT, "publicity": "amount"})

    lines = register(market.registry, market.actors["visitor"])

    assert [(one.title["en"], one.amount, one.currency, one.band) for one in lines] == [
        ("Invented deal 3", "99.50", "EUR", (None, 100000)), ("Invented deal 2", "", "CNY", (100000, 1000000)),
    ]  # fmt: skip
    assert lines[0].sides == ("Invented Firm", "Invented Lab")
    assert Record.objects.get(key=pending).body["publicity"] == "amount"


def test_no_secret_of_a_deal_is_in_what_others_are_told(market: Market) -> None:
    listing = market.listing(confidential="SECRET-OPINION", minimum="730000 CNY")
    for number in range(4):
        agreed(market, listing, number, publicity="band")
    for who in ("visitor", "rival", "officer elsewhere"):
        actor = market.actors[who]
        shown = [
            *register(market.registry, actor), statistics(market.registry), open_listings(market.registry, actor),
        ]  # fmt: skip
        text = json.dumps([str(one) for one in shown])
        assert [secret for secret in SECRETS if secret in text] == []
