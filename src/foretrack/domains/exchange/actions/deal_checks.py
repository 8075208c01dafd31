"""What a listing, a deal, an order or a rating must meet to move, whichever door it is moved through: what follows from
other records, and who may not judge because it is a party."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from foretrack.domains.exchange.actions.ties import belongs_to, last_by, one_party, wrote
from foretrack.domains.exchange.kinds.applications import threshold
from foretrack.domains.exchange.kinds.boundaries import refuse_accounts
from foretrack.domains.exchange.kinds.deals import DEAL, LISTING
from foretrack.domains.exchange.kinds.service_orders import SERVICE_OFFERING, SERVICE_ORDER, SERVICE_RATING
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import AccessError
from foretrack.registry.declaring.fields import Json
from foretrack.registry.declaring.kind import Kind, Transition
from foretrack.registry.models import Pointer, Record
from foretrack.registry.registry import Registry

WITH_MONEY = frozenset(
    (
        LISTING.name,
        DEAL.name,
        SERVICE_OFFERING.name,
        SERVICE_ORDER.name,
        SERVICE_RATING.name,
        "insurance-compensation",
    )
)
"""Kinds in whose reasons nobody may write account data either."""
SHOWN = ("given", "answered", "held")
"""States of a rating that takes the place of its order."""
TALKED = ("accepted", "meeting", "agreement")
"""States of an interest out of which a deal may begin."""


@dataclass(frozen=True, slots=True)
class Move:
    """A move that is about to be made."""

    registry: Registry
    actor: Actor
    record: Record
    name: str
    body: Mapping[str, Json]

    @property
    def today(self) -> str:
        """The day of the move."""
        return self.registry.now().date().isoformat()


Check: TypeAlias = Callable[[Move], None]


def on_moving(
    kind: Kind, record: Record, transition: Transition, body: Mapping[str, Json], reason: str, actor: Actor,
    registry: Registry, **_: Any,
) -> None:  # fmt: skip
    """Refuses a move that another record, or who makes it, does not allow."""
    if kind.name in WITH_MONEY:
        for problem in refuse_accounts(reason):
            raise problem
    check = CHECKS.get((kind.name, transition.name))
    if check is not None:
        check(Move(registry, actor, record, transition.name, body))


def linked(key: object) -> Record:
    """The record that a required link points at, or the one that it was merged into."""
    record = Record.objects.get(key=str(key))
    while record.merged_into is not None:
        record = record.merged_into
    return record


def refuse_party(move: Move, *organisations: object) -> None:
    """AccessError for whoever acts for one of the parties, or wrote anything of the record."""
    if belongs_to(move.actor, *organisations) or wrote(move.record.pk, move.actor):
        raise AccessError.of(
            "whoever has a part in it may not decide about it", expected="somebody who acts for neither side",
            do="ask another officer",
        )  # fmt: skip


def refuse_same_hand(move: Move, *acts: str) -> None:
    """AccessError for whoever made the step that is confirmed now."""
    if move.actor.key and last_by(move.record.pk, *(f"move:{act}" for act in acts)) == move.actor.key:
        raise AccessError.of(
            "whoever made the step before may not confirm it", expected="another person", do="ask a colleague",
        )  # fmt: skip


# ---- listings and deals


def _may_be_listed(move: Move) -> None:
    about = linked(move.body["about"])
    if about.organisation != move.body.get("organisation"):
        raise InputError.of(
            "{title} belongs to another organisation", title=about.title_en,
            expected="an offer or achievement of its own",
            do="choose one of the own organisation",
        )  # fmt: skip
    if about.status not in ("published", "released"):
        raise EvidenceError.of(
            "{title} is {status!r}", title=about.title_en, status=about.status,
            expected="an offer or achievement that is published", do="publish it first",
        )  # fmt: skip
    _not_over(move)


def _not_over(move: Move) -> None:
    until = str(move.body["valid_until"])
    if until < move.today:
        raise InputError.of(
            "it was valid until {day}", day=until, expected="a day that is still to come", do="give a later day",
        )  # fmt: skip


def _may_enquire(move: Move) -> None:
    own, other = move.body.get("organisation"), move.body.get("recipient")
    if other is None or own == other:
        raise InputError.of(
            "the other side is nobody, or the own organisation", expected="something of another organisation",
            do="choose what the deal is about again",
        )  # fmt: skip
    about = linked(move.body["about"])
    if about.kind == LISTING.name and (
        about.status != "published" or str(about.body["valid_until"]) < move.today
    ):
        raise EvidenceError.of(
            "the listing is not open any more", expected="a listing that is open", do="ask its owner to renew it",
        )  # fmt: skip
    if "interest" in move.body:
        _from_interest(linked(move.body["interest"]), {str(own), str(other)})


def _from_interest(interest: Record, parties: set[str]) -> None:
    if interest.status not in TALKED:
        raise EvidenceError.of(
            "the interest is {status!r}", status=interest.status, expected="an interest that was accepted",
            do="wait until it is accepted, or leave it out",
        )  # fmt: skip
    if {str(interest.body.get("organisation")), str(interest.body.get("recipient"))} != parties:
        raise InputError.of(
            "the interest is one between others", expected="an interest between the same two",
            do="choose another one, or leave it out",
        )  # fmt: skip


def _contract_by_two(move: Move) -> None:
    refuse_same_hand(move, "propose", "propose-other")


def _delivery_by_two(move: Move) -> None:
    refuse_same_hand(move, "hand-over", "hand-over-other")


def _registered_by_neither(move: Move) -> None:
    refuse_party(move, move.body.get("organisation"), move.body.get("recipient"))


# ---- services


def refuse_one_party(move: Move) -> None:
    """InputError where customer and provider are one party."""
    own, other = str(move.body.get("organisation")), str(move.body.get("recipient"))
    if one_party(own, other, move.registry.now().date()):
        raise InputError.of(
            "customer and provider are one party", expected="two organisations without a common owner",
            do="leave it: nobody orders from or rates itself",
        )  # fmt: skip


def _may_order(move: Move) -> None:
    service = linked(move.body["service"])
    if service.status != "published":
        raise EvidenceError.of(
            "the service is {status!r}", status=service.status, expected="a service that is offered",
            do="choose another one",
        )  # fmt: skip
    refuse_one_party(move)


def _may_rate(move: Move) -> None:
    order = linked(move.body["order"])
    if order.status != "completed":
        raise EvidenceError.of(
            "the order is {status!r}", status=order.status, expected="an order that is completed",
            do="rate it when it is",
        )  # fmt: skip
    same = (
        order.organisation == move.body.get("organisation") and order.body["service"] == move.body["service"]
    )
    if not same:
        raise AccessError.of(
            "only the customer of an order rates its service", expected="an order of the own organisation",
            do="choose the order and its service again",
        )  # fmt: skip
    refuse_one_party(move)
    taken = _ratings("order", order.key).filter(status__in=SHOWN).exclude(pk=move.record.pk)
    if taken.exists():
        raise InputError.of(
            "the order has been rated already", expected="one rating of an order", do="leave it as it is",
        )  # fmt: skip
    _no_retaliation(move)


def _no_retaliation(move: Move) -> None:
    """Whoever was rated does not rate the rater for a while: neither gives stars for stars, nor takes revenge."""
    today = move.registry.now().date()
    since = move.registry.now() - timedelta(days=threshold("ratings-answered-days", today))
    by_other = _ratings("service").filter(
        organisation=str(move.body["recipient"]), status__in=SHOWN, state_since__gte=since
    )
    if any(one.body.get("recipient") == move.body["organisation"] for one in by_other):
        raise InputError.of(
            "the provider has rated a service of your organisation within the last {days} days",
            days=int(threshold("ratings-answered-days", today)), expected="a rating that answers no rating",
            do="rate it later; the order stays rateable",
        )  # fmt: skip


def _ratings(field: str, target: str = "") -> Any:
    rows = Pointer.objects.filter(field=field, unit="record", record__kind=SERVICE_RATING.name)
    rows = rows.filter(target=target) if target else rows
    return Record.objects.filter(pk__in=rows.values("record_id"), merged_into=None)


def _judged_by_neither(move: Move) -> None:
    refuse_party(move, move.body.get("organisation"), move.body.get("recipient"))


def _shown_by_another(move: Move) -> None:
    _held_by_neither(move)
    refuse_same_hand(move, "hold")


def _held_by_neither(move: Move) -> None:
    if belongs_to(move.actor, move.body.get("organisation"), move.body.get("recipient")):
        refuse_party(move, move.body.get("organisation"), move.body.get("recipient"))


CHECKS: dict[tuple[str, str], Check] = {
    (LISTING.name, "publish"): _may_be_listed, (LISTING.name, "renew"): _not_over, (DEAL.name, "enquire"): _may_enquire,
    (DEAL.name, "confirm-contract"): _contract_by_two, (DEAL.name, "confirm-contract-other"): _contract_by_two,
    (DEAL.name, "confirm-delivery"): _delivery_by_two, (DEAL.name, "confirm-delivery-other"): _delivery_by_two,
    (DEAL.name, "register"): _registered_by_neither, (DEAL.name, "refuse-registration"): _registered_by_neither,
    (SERVICE_ORDER.name, "ask"): _may_order, (SERVICE_ORDER.name, "settle"): _judged_by_neither,
    (SERVICE_ORDER.name, "annul"): _judged_by_neither, (SERVICE_RATING.name, "give"): _may_rate,
    (SERVICE_RATING.name, "hold"): _held_by_neither, (SERVICE_RATING.name, "show-again"): _shown_by_another,
}  # fmt: skip
"""Kind and transition to what is looked at; `first_checks` adds its own."""


def listen() -> None:
    """Lets the exchange hear of deals, services and first sets that move."""
    from foretrack.domains.exchange.actions.first_checks import CHECKS as FIRSTS
    from foretrack.domains.exchange.actions.first_checks import results_of
    from foretrack.registry.signals import moving
    from foretrack.review.eligibility import RESULTS

    CHECKS.update(FIRSTS)
    moving.connect(on_moving, dispatch_uid="exchange.deals.on_moving")
    RESULTS.add(results_of)
