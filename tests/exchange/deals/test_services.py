"""Orders between two sides, and ratings that only the customer of a completed order gives, once, about a service."""

from __future__ import annotations

from typing import Any

import pytest
from tests.exchange.deals.conftest import TRACK, Market

from foretrack.domains.exchange.actions.service_directory import find_services, ratings_of, show_service
from foretrack.domains.exchange.kinds.service_orders import SERVICE_RATING
from foretrack.domains.exchange.reckoning.rating import rated
from foretrack.foundation.errors import ForetrackError, InputError, NotThereError
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.records import move, show
from foretrack.registry.actions.writing import ConflictError
from foretrack.registry.models import Record

SERVICE: dict[str, Any] = {
    "title": {"en": "Invented tests"}, "tracks": [TRACK], "region": "CN-33", "service": "testing", "days": 5,
    "summary": "Invented tests of coatings", "what": "Invented", "price_basis": "quote", "languages": ["zh"],
}  # fmt: skip


def service(market: Market, who: str = "lab") -> str:
    """A service that somebody offers."""
    own = getattr(market, who)
    return market.made(who, "service-offering", {**SERVICE, "organisation": own}, "publish")


def order(
    market: Market, of: str, customer: str = "firm", provider: str = "lab", upto: str = "completed"
) -> str:
    """An order, moved on to a state."""
    given = {"title": {"en": "Invented order"}, "asked": "SECRET-ASKED", "service": of}
    key = market.create(customer, "service-order", {**given, "organisation": getattr(market, customer)})
    for state, who, name, values in (
        ("asked", customer, "ask", {}), ("quoted", provider, "quote", {"quote": "9 CNY", "quoted_days": 3}),
        ("accepted", customer, "accept", {}), ("delivered", provider, "deliver", {"delivered_on": "2026-03-02"}),
        ("completed", customer, "complete", {}),
    ):  # fmt: skip
        market.move(who, key, name, **values)
        if state == upto:
            break
    return key


def rating(market: Market, on: str, of: str, stars: int = 4, customer: str = "firm") -> str:
    """The draft of a rating."""
    given = {"title": {"en": "Invented"}, "order": on, "service": of, "stars": stars, "comment": "Invented"}
    return market.create(customer, "service-rating", {**given, "organisation": getattr(market, customer)})


def test_an_order_is_seen_by_its_two_sides_and_the_officers_in_charge(market: Market) -> None:
    key = order(market, service(market))

    seen = {}
    for who in ("visitor", "lab", "firm", "rival", "officer", "officer elsewhere", "auditor"):
        try:
            seen[who] = show(market.registry, market.actors[who], key).values["asked"]["en"] == "SECRET-ASKED"
        except NotThereError:
            seen[who] = False
    assert [who for who, sees in seen.items() if sees] == ["lab", "firm", "officer", "auditor"]


@pytest.mark.parametrize("upto", ["asked", "quoted", "accepted", "delivered"])
def test_an_order_that_is_not_completed_is_not_rated(market: Market, upto: str) -> None:
    of = service(market)
    key = rating(market, order(market, of, upto=upto), of)

    with pytest.raises(ForetrackError, match="completed"):
        market.move("firm", key, "give")


def test_only_the_customer_rates_and_only_once(market: Market) -> None:
    of = service(market)
    done = order(market, of)
    first, second = rating(market, done, of), rating(market, done, of)
    market.move("firm", first, "give")

    with pytest.raises(InputError, match="rated already"):
        market.move("firm", second, "give")
    with pytest.raises(ForetrackError):  # a stranger does not even see the order
        rating(market, done, of, customer="rival")
    with pytest.raises(AccessError, match="only the customer"):
        market.move("lab", rating(market, done, of, customer="lab"), "give")


def test_of_two_ratings_of_one_order_at_once_one_stands(market: Market) -> None:
    of = service(market)
    key = rating(market, order(market, of), of)
    read = Record.objects.get(key=key).revision
    move(market.registry, market.actors["firm"], key, "give", revision=read)

    with pytest.raises((ConflictError, InputError)):
        move(market.registry, market.actors["firm's member"], key, "give", revision=read)


def test_a_rating_is_of_the_service_that_was_ordered(market: Market) -> None:
    of, other = service(market), service(market)
    key = rating(market, order(market, of), other)

    with pytest.raises(AccessError):
        market.move("firm", key, "give")


def test_nobody_orders_from_the_own_group(market: Market) -> None:
    own = service(market)
    for customer in ("lab", "daughter"):
        with pytest.raises(InputError, match="one party"):
            order(market, own, customer=customer)
    with pytest.raises(InputError, match="one party"):
        order(market, service(market, "daughter"), customer="lab", provider="daughter")


def test_whoever_was_rated_does_not_rate_the_rater_for_half_a_year(market: Market) -> None:
    of, back = service(market), service(market, "firm")
    bad = rating(market, order(market, of), of, stars=1)
    revenge = rating(
        market, order(market, back, customer="lab", provider="firm"), back, stars=1, customer="lab"
    )
    market.move("firm", bad, "give")

    with pytest.raises(InputError, match="180 days"):
        market.move("lab", revenge, "give")
    with pytest.raises(InputError, match="180 days"):
        market.on("2026-08-29").move("lab", revenge, "give")
    assert market.on("2026-08-30").move("lab", revenge, "give").status == "given"


def test_the_provider_answers_and_a_moderator_holds_with_a_reason(market: Market) -> None:
    of = service(market)
    key = rating(market, order(market, of), of)
    market.move("firm", key, "give")
    with pytest.raises(ForetrackError):
        market.move("firm", key, "reply", reply="Own answer")
    answered = market.move("lab", key, "reply", reply="Invented thanks")
    assert (answered.status, answered.values["comment"]["en"]) == ("answered", "Invented")

    with pytest.raises(AccessError):
        market.move("officer of the firm", key, "hold")
    market.move("officer", key, "hold")
    assert ratings_of(market.registry, [of])[of].n == 0
    with pytest.raises(AccessError, match="the step before"):
        market.move("officer", key, "show-again")
    assert market.move("second officer", key, "show-again").status == "given"
    assert ratings_of(market.registry, [of])[of].n == 1


def test_stars_come_with_the_third_rating_and_order_the_directory_by_their_lower_end(market: Market) -> None:
    of, other = service(market), service(market)
    for stars in (5, 4, 3):
        assert ratings_of(market.registry, [of])[of].mean is None
        market.move("firm", rating(market, order(market, of), of, stars=stars), "give")
    for _ in range(2):
        market.move("firm", rating(market, order(market, other), other, stars=5), "give")

    found = show_service(market.registry, market.actors["visitor"], of)
    assert (found.rated.n, found.rated.mean, len(found.ratings), found.orders) == (3, 4.0, 3, ())
    assert all("order" not in one.values for one in found.ratings)
    lines = find_services(market.registry, market.actors["visitor"], sort="rating").lines
    assert [line.key for line in lines] == [of, other]
    with pytest.raises(InputError, match="sorted"):
        find_services(market.registry, market.actors["visitor"], sort="relevance")


def test_the_interval_is_the_one_worked_by_hand() -> None:
    # 10 times 4: p = (1, 1, 1, 11, 1)/15, m = (1+2+3+44+5)/15 = 3.6667, sum j^2 p = (1+4+9+176+25)/15 = 14.3333,
    # variance (14.3333 - 13.4444)/16 = .05556, 1.96 deviations = .462
    found = rated([4] * 10, shown_from=3)

    assert found.mean == 4.0
    assert found.low == pytest.approx(3.2047, abs=1e-3)
    assert found.high == pytest.approx(4.1287, abs=1e-3)


def test_people_are_never_rated() -> None:
    assert [f.name for f in SERVICE_RATING.links if f.takes("person")] == []


def test_a_dispute_is_settled_by_an_officer_without_a_part(market: Market) -> None:
    key = order(market, service(market), upto="delivered")
    market.move("firm", key, "dispute")

    with pytest.raises(AccessError):
        market.move("officer of the firm", key, "settle")
    with pytest.raises(ForetrackError):
        market.move("lab", key, "settle")
    assert market.move("officer", key, "annul").status == "cancelled"
