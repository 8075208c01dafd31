"""What deals, services and first sets add to the dossier of a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from foretrack.domains.exchange.actions.deals import deals_about, listings_of
from foretrack.domains.exchange.actions.firsts import eligibility_of, entries_like, uses_of
from foretrack.domains.exchange.actions.service_directory import rating_of, show_service
from foretrack.domains.exchange.doors.web.deal_pages import enquiry_address
from foretrack.domains.exchange.doors.web.deal_telling import money, number, option
from foretrack.domains.exchange.doors.web.service_pages import Stars, order_address, stars_of
from foretrack.domains.exchange.kinds.deals import DEAL, HANDED, LISTING, PROPOSED
from foretrack.domains.exchange.kinds.firsts import FIRST_SET_USE
from foretrack.domains.exchange.kinds.service_orders import SERVICE_ORDER, SERVICE_RATING
from foretrack.domains.exchange.reckoning.parameters import Line as Compared
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.answers import RecordPage
from foretrack.rules.answers import Assessment
from foretrack.web.addresses import address
from foretrack.web.naming import in_words
from foretrack.web.panels import About, Fragment, Panel, Subject
from foretrack.web.rendering import Request
from foretrack.web.speech import Words, page_language, say

STANDINGS = Words({"met": "met", "not met": "not met", "undecided": "not answered yet"})
REACHED = Words({
    "reached": "reached",
    "not reached": "not reached",
    "not said": "the product says nothing of it",
    "other unit": "given in another unit",
})  # fmt: skip
WHY = Words({"code": "same code", "words": "same words", "meaning": "near in meaning"})
TALKED = ("accepted", "meeting", "agreement")
STEPS = ("enquiry", "negotiation", "contract", "registered", "delivery", "closed")
"""States that a deal passes, as its steps are drawn."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A record that points here."""

    href: str
    title: str
    who: str
    status: str


@dataclass(frozen=True)
class OnSaleFragment(Fragment):
    """Listings and deals of an offer, an achievement or a listing."""

    template: ClassVar[str] = "exchange/panels/on_sale.html"

    listings: tuple[Linked, ...]
    deals: tuple[Linked, ...]
    enquire: str
    list: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a deal."""

    label: str
    here: bool
    passed: bool


@dataclass(frozen=True)
class StepsFragment(Fragment):
    """How far a deal is, and whose turn it is."""

    template: ClassVar[str] = "exchange/panels/steps.html"

    steps: tuple[Step, ...]
    waits_for: str
    """The organisation whose confirmation is waited for; empty where none is."""
    failed: bool


@dataclass(frozen=True)
class BeginFragment(Fragment):
    """A way from an accepted interest to a deal."""

    template: ClassVar[str] = "exchange/panels/begin.html"

    href: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter against the catalogue."""

    parameter: str
    asked: str
    has: str
    standing: str
    good: bool
    bad: bool


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition of the rule."""

    label: str
    standing: str
    good: bool
    bad: bool
    confidence: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another entry that the product may belong to."""

    href: str
    code: str
    title: str
    catalogue: str
    why: str
    reached: str


@dataclass(frozen=True)
class FirstFragment(Fragment):
    """Whether a product is first, and why."""

    template: ClassVar[str] = "exchange/panels/first.html"

    rule: str
    rule_href: str
    outcome: str
    good: bool
    unknown: str
    criteria: tuple[Criterion, ...]
    entry: str
    entry_href: str
    parameters: tuple[Parameter, ...]
    alternatives: tuple[Alternative, ...]
    leaves: str
    """The rule by which it is no longer first today; empty where none says so."""


@dataclass(frozen=True, slots=True)
class UseLine:
    """One report of use."""

    href: str
    who: str
    begins: str
    ends: str
    hours: str
    faults: int
    status: str


@dataclass(frozen=True)
class UsesFragment(Fragment):
    """What users reported."""

    template: ClassVar[str] = "exchange/panels/uses.html"

    uses: tuple[UseLine, ...]
    hours: str
    faults: int
    report: str


@dataclass(frozen=True, slots=True)
class RatingLine:
    """One rating."""

    href: str
    title: str
    who: str
    stars: int
    comment: str
    reply: str
    held: bool


@dataclass(frozen=True)
class RatedFragment(Fragment):
    """Ratings of a service, and the orders that the reader may see."""

    template: ClassVar[str] = "exchange/panels/rated.html"

    stars: Stars
    ratings: tuple[RatingLine, ...]
    orders: tuple[Linked, ...]
    order: str


@dataclass(frozen=True)
class RateFragment(Fragment):
    """A way from a completed order to its rating, or the rating that there is."""

    template: ClassVar[str] = "exchange/panels/rate.html"

    rate: str
    rated: str


def _page(subject: Subject, *kinds: str) -> RecordPage | None:
    page = (subject.values or {}).get("record")
    return page if isinstance(page, RecordPage) and page.kind in kinds else None


def _linked(request: Request, pages: tuple[RecordPage, ...]) -> tuple[Linked, ...]:
    names = titles_of(request.actor, [page.organisation for page in pages if page.organisation])
    return tuple(
        Linked(address("record", page.key), page.title, names.get(page.organisation or "", ""), page.status_label)
        for page in pages
    )  # fmt: skip


def _on_sale(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, LISTING.name, "offer", "achievement")
    if page is None:
        return None
    actor, kinds = request.actor, request.registry.kinds
    own = page.organisation in actor.organisations
    listings = () if page.kind == LISTING.name else listings_of(request.registry, actor, page.key)
    shown = page.status in ("published", "released")
    may_enquire = shown and not own and may_create_somewhere(actor, kinds.get(DEAL.name))
    may_list = (
        shown and own and page.kind != LISTING.name and may_create_somewhere(actor, kinds.get(LISTING.name))
    )
    deals = deals_about(request.registry, actor, page.key)
    if not (listings or deals or may_enquire or may_list):
        return None
    return OnSaleFragment(
        _linked(request, listings), _linked(request, deals), enquiry_address(page.key) if may_enquire else "",
        f"{address('new', LISTING.name)}?{urlencode({'about': page.key})}" if may_list else "",
    )  # fmt: skip


def _steps(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, DEAL.name)
    if page is None or page.status in ("draft", "withdrawn"):
        return None
    turn = PROPOSED.get(page.status) or HANDED.get(page.status)
    waiting = {"enquirer": "recipient", "other": "organisation"}.get(turn or "")
    names = titles_of(request.actor, [str(page.values.get(waiting, ""))]) if waiting else {}
    at = {
        **dict.fromkeys(PROPOSED, "negotiation"), **dict.fromkeys(HANDED, "delivery"), "registering": "contract",
    }.get(page.status, page.status)  # fmt: skip
    place = STEPS.index(at) if at in STEPS else -1
    return StepsFragment(
        tuple(
            Step(
                DEAL.state(name).label.text(page_language()), n == place,
                n < place and (name != "registered" or "registered_number" in page.values),
            )
            for n, name in enumerate(STEPS)
        ),
        next(iter(names.values()), ""), page.status == "failed",
    )  # fmt: skip


def _begin(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, "interest")
    if page is None or page.status not in TALKED or page.organisation not in request.actor.organisations:
        return None
    about = str(page.values.get("about", ""))
    return BeginFragment(enquiry_address(about, page.key)) if about else None


def _first(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, "first-set")
    if page is None:
        return None
    found = eligibility_of(request.registry, request.actor, page)
    answer, entry = found.answer, found.entry
    pack, _, rule = answer.rule.partition("/") if answer else ("", "", "")
    leaves = found.leaves
    return FirstFragment(
        rule=answer.label.text(page_language()) if answer else "",
        rule_href=address("pack entry", pack, rule) if answer else "",
        outcome=say(STANDINGS[answer.outcome]) if answer else "", good=bool(answer and answer.outcome == "met"),
        unknown=found.unknown, criteria=_criteria(answer),
        entry=f"{entry.values['code']} {entry.title}" if entry else "",
        entry_href=address("record", entry.key) if entry else "",
        parameters=tuple(_parameter(line) for line in found.parameters),
        alternatives=tuple(
            Alternative(
                address("record", one.key), one.code, one.title, one.catalogue, say(WHY[one.why]),
                "" if one.reached is None else say(REACHED["reached" if one.reached else "not reached"]),
            )
            for one in entries_like(request.registry, request.actor, page)
        ),
        leaves=leaves.label.text(page_language()) if leaves and leaves.outcome == "met" else "",
    )  # fmt: skip


def _criteria(answer: Assessment | None) -> tuple[Criterion, ...]:
    if answer is None:
        return ()
    return tuple(
        Criterion(
            one.label.text(page_language()), say(STANDINGS[one.standing]), one.standing == "met",
            one.standing == "not met", one.confidence,
        )
        for one in answer.gate.parts or (answer.gate,)
    )  # fmt: skip


def _parameter(line: Compared) -> Parameter:
    sign = "≤" if line.sense == "at most" else "≥"
    return Parameter(
        line.parameter, f"{sign} {number(line.asked)} {line.unit}".strip(),
        "" if line.has is None else f"{number(line.has)} {line.unit}".strip(), say(REACHED[line.standing]),
        line.standing == "reached", line.standing == "not reached",
    )  # fmt: skip


def _uses(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, "first-set")
    if page is None:
        return None
    found = uses_of(request.registry, request.actor, page.key)
    users = set(page.values.get("users") or ())
    may = page.status == "recognised" and bool(users & request.actor.organisations)
    if not found.pages and not may:
        return None
    names = titles_of(request.actor, [str(one.organisation) for one in found.pages])
    return UsesFragment(
        tuple(
            UseLine(
                address("record", one.key), names.get(str(one.organisation), ""), *_ends(one.values.get("period")),
                number(one.values.get("hours", 0)), int(one.values.get("faults", 0)), one.status_label,
            )
            for one in found.pages
        ),
        number(found.hours), found.faults,
        f"{address('new', FIRST_SET_USE.name)}?{urlencode({'first_set': page.key})}" if may else "",
    )  # fmt: skip


def _ends(period: Mapping[str, Any] | None) -> tuple[str, str]:
    return (str(period["from"]), str(period.get("to") or "")) if period else ("", "")


def _rated(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, "service-offering")
    if page is None:
        return None
    actor = request.actor
    found = show_service(request.registry, actor, page.key)
    names = titles_of(actor, [str(one.organisation) for one in found.ratings])
    may = (
        page.status == "published" and page.organisation not in actor.organisations
        and may_create_somewhere(actor, request.registry.kinds.get(SERVICE_ORDER.name))
    )  # fmt: skip
    return RatedFragment(
        stars_of(found.rated),
        tuple(
            RatingLine(
                address("record", one.key), one.title, names.get(str(one.organisation), ""),
                int(one.values.get("stars", 0)), in_words(one.values.get("comment")), in_words(one.values.get("reply")),
                one.status == "held",
            )
            for one in found.ratings
            if one.status != "draft"
        ),
        _linked(request, found.orders), order_address(page.key) if may else "",
    )  # fmt: skip


def _rate(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, SERVICE_ORDER.name)
    if page is None or page.status != "completed":
        return None
    rated = rating_of(page.key)
    own = page.organisation in request.actor.organisations
    if not rated and not own:
        return None
    given = {"order": page.key, "service": str(page.values.get("service", ""))}
    return RateFragment(
        "" if rated else f"{address('new', SERVICE_RATING.name)}?{urlencode(given)}",
        address("record", rated) if rated else "",
    )


@dataclass(frozen=True)
class PriceFragment(Fragment):
    """How the price of a listing comes about."""

    template: ClassVar[str] = "exchange/panels/price.html"

    mode: str
    price: str
    tax: str
    held_by: str
    begins: str
    ends: str


def _price(request: Request, subject: Subject) -> Fragment | None:
    page = _page(subject, LISTING.name)
    if page is None:
        return None
    values = page.values
    return PriceFragment(
        option(LISTING, "price_mode", values.get("price_mode")), money(values.get("price")),
        in_words(values.get("tax_note")), str(values.get("auction_held_by", "")), *_ends(values.get("auction_period")),
    )  # fmt: skip


RECORD: frozenset[About] = frozenset(("record",))
PANELS = (
    Panel("steps-of-deal", "How far the deal is", RECORD, _steps, order=3, wide=True),
    Panel("price", "Price", RECORD, _price, order=4),
    Panel("begin-deal", "A deal may begin", RECORD, _begin, order=4),
    Panel("on-sale", "Listings and deals", RECORD, _on_sale, order=6),
    Panel("first", "Is it first", RECORD, _first, order=4, wide=True),
    Panel("uses", "Reports of use", RECORD, _uses, order=6, wide=True),
    Panel("rated", "What customers say", RECORD, _rated, order=5),
    Panel("rate", "Rating", RECORD, _rate, order=5),
)
