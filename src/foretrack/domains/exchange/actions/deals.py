"""Deals in public: listings, the register as far as both sides agreed to it, and statistics that tell of nobody.

A deal is hidden from everybody but its two sides and the officers in charge. What leaves here for others is either
agreed by both sides with the contract (`publicity`), or a count or sum in which no single deal
can be seen (`reckoning/hiding.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from foretrack.domains.exchange.actions.ending import holds_on
from foretrack.domains.exchange.kinds.applications import threshold
from foretrack.domains.exchange.kinds.deals import AGREED, AMOUNT, BAND, DEAL, LISTING
from foretrack.domains.exchange.reckoning.hiding import Cell, Limits, band_of, hidden, together
from foretrack.packs.thresholds import load_thresholds
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.pointing import RECORD, pointing_to
from foretrack.registry.actions.records import show
from foretrack.registry.actions.tables import MOST_LINES, Filters, table
from foretrack.registry.answers import Facet, RecordLine, RecordPage
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

BANDS = ("deals-band-1", "deals-band-2", "deals-band-3", "deals-band-4")
"""Names of the edges of the bands, in a pack."""
MOST_IN_REGISTER = 500
_LISTED = (
    "organisation",
    "tracks",
    "region",
    "way",
    "price_mode",
    "price",
    "valid_until",
    "summary",
    "tax_note",
)
"""Fields of a listing that a line shows, and everybody may see."""


def limits_on(day: date) -> Limits:
    """From when on a number is told, as the packs say on a day."""
    return Limits(least=int(threshold("deals-least", day)), dominant=threshold("deals-dominant", day))


def edges_on(day: date) -> tuple[float, ...]:
    """Edges of the bands of amounts, rising."""
    known = load_thresholds(PACK_TERMS.paths)
    return tuple(sorted(known.on(name, day.isoformat()).value for name in BANDS))


# ---- listings


@dataclass(frozen=True, slots=True)
class Listings:
    """Listings that are open."""

    lines: tuple[RecordLine, ...]
    total: int
    facets: tuple[Facet, ...]


def open_listings(
    registry: Registry, actor: Actor, *, facets: Mapping[str, Sequence[str]] | None = None, offset: int = 0,
    limit: int = 24,
) -> Listings:  # fmt: skip
    """Listings that are published and valid today, the newest first."""
    given = Filters(facets={**(facets or {}), "status": ("published",)})
    found = table(
        registry, actor, LISTING.name, given, facets=("way", "price_mode", "tracks", "region"), offset=offset,
        limit=limit, columns=_LISTED,
    )  # fmt: skip
    today = registry.now().date()
    lines = tuple(line for line in found.lines if holds_on(line.values.get("valid_until"), today))
    return Listings(lines, found.total - (len(found.lines) - len(lines)), found.facets)


# ---- the register


@dataclass(frozen=True, slots=True)
class Entry:
    """A deal as both sides agreed to show it."""

    title: Mapping[str, str]
    sides: tuple[str, ...]
    """Names of the two organisations, whoever acquires first; one that the reader may not see is left out."""
    contract_kind: str
    day: str
    region: str
    registered: bool
    amount: str
    """Empty where only the band was agreed to."""
    currency: str
    band: tuple[float | None, float | None]
    """From the first, below the second."""


def register(registry: Registry, actor: Actor, *, limit: int = MOST_IN_REGISTER) -> tuple[Entry, ...]:
    """Deals whose two sides agreed with their contract to be shown: the newest contract first. The same for everybody."""
    rows = Record.objects.filter(
        kind=DEAL.name, status__in=AGREED, merged_into=None, body__publicity__in=(BAND, AMOUNT)
    )
    bodies = [(record.body, record.status) for record in rows.order_by("-body__contract_date", "pk")[:limit]]
    names = titles_of(
        actor,
        {str(body[side]) for body, _ in bodies for side in ("organisation", "recipient") if side in body},
    )
    edges = edges_on(registry.now().date())
    return tuple(_entry(body, status, names, edges) for body, status in bodies)


def _entry(body: Mapping[str, Any], status: str, names: Mapping[str, str], edges: tuple[float, ...]) -> Entry:
    sides = [str(body.get("organisation")), str(body.get("recipient"))]
    if body.get("role") == "provides":
        sides.reverse()
    amount = body["amount"]
    return Entry(
        title=dict(body["title"]), sides=tuple(names[one] for one in sides if one in names),
        contract_kind=str(body["contract_kind"]), day=str(body["contract_date"]), region=str(body.get("region", "")),
        registered=is_registered(body, status), amount=str(amount["amount"]) if body["publicity"] == AMOUNT else "",
        currency=str(amount["currency"]), band=band_of(Decimal(amount["amount"]), edges),
    )  # fmt: skip


def is_registered(body: Mapping[str, Any], status: str) -> bool:
    """Whether an officer has entered the contract into the register: what the sides say of it counts only then."""
    return "registered_number" in body and status not in ("contract", "registering")


# ---- statistics


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a breakdown."""

    value: str
    n: int | None
    """None where it is hidden."""
    sums: tuple[tuple[str, Decimal | None], ...]
    """(currency, sum of the confirmed amounts) for each currency that occurs; None where the sum is hidden."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Deals by the values of one thing."""

    name: str
    """`contract_kind`, `region`, `tracks` or `year`."""
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What may be told of all deals."""

    on: str
    all: Row
    registered: int | None
    breakdowns: tuple[Breakdown, ...]
    least: int
    """Deals below which nothing is told."""


Values: TypeAlias = Callable[[Mapping[str, Any]], Iterable[str]]
_BY: Mapping[str, Values] = {
    "contract_kind": lambda body: (str(body["contract_kind"]),),
    "region": lambda body: (str(body["region"])[:5],) if body.get("region") else (),
    "tracks": lambda body: tuple(body.get("tracks") or ()),
    "year": lambda body: (str(body["contract_date"])[:4],),
}


def statistics(registry: Registry) -> Statistics:
    """Number and sums of the deals whose contract both sides have confirmed and which have not failed, by kind of
    contract, region, track and year. Sums are by currency and never mixed; the same for everybody."""
    today = registry.now().date()
    limits = limits_on(today)
    rows = Record.objects.filter(kind=DEAL.name, status__in=AGREED, merged_into=None)
    found = [(record.body, record.status) for record in rows.only("body", "status").iterator()]
    bodies = [body for body, _ in found]
    whole = _cells(bodies, lambda body: ("all",))
    n_registered = sum(1 for body, status in found if is_registered(body, status))
    alone = not _tells_by_subtraction(n_registered, len(bodies), limits)
    return Statistics(
        on=today.isoformat(), all=_row("all", whole, frozenset(), {}, limits),
        registered=n_registered if alone else None,
        breakdowns=tuple(_breakdown(name, _cells(bodies, values), limits) for name, values in _BY.items()),
        least=limits.least,
    )  # fmt: skip


def _tells_by_subtraction(part: int, whole: int, limits: Limits) -> bool:
    """Whether a part or the rest of a whole is too small to be told."""
    return Cell(part).tells(limits) or (part != whole and Cell(whole - part).tells(limits))


@dataclass(frozen=True, slots=True)
class _Cells:
    """Cells by value: of all deals, and of those in each currency."""

    counts: dict[str, Cell]
    sums: dict[str, dict[str, Cell]]
    """Currency to value to cell."""


def _cells(bodies: Sequence[Mapping[str, Any]], values: Values) -> _Cells:
    counts: dict[str, list[Cell]] = {}
    sums: dict[str, dict[str, list[Cell]]] = {}
    for body in bodies:
        amount = body["amount"]
        named, told = body["publicity"] in (BAND, AMOUNT), body["publicity"] == AMOUNT
        for value in values(body):
            counts.setdefault(value, []).append(Cell(1, known=int(named)))
            by_value = sums.setdefault(str(amount["currency"]), {})
            by_value.setdefault(value, []).append(Cell(1, (Decimal(amount["amount"]),), int(told)))
    return _Cells(
        {value: together(cells) for value, cells in counts.items()},
        {currency: {v: together(cells) for v, cells in rows.items()} for currency, rows in sums.items()},
    )  # fmt: skip


def _breakdown(name: str, cells: _Cells, limits: Limits) -> Breakdown:
    gone = hidden(cells.counts, limits)
    gone_sums = {currency: hidden(rows, limits) for currency, rows in cells.sums.items()}
    order = sorted(cells.counts, key=lambda value: (value in gone, -cells.counts[value].n, value))
    if name == "year":
        order = sorted(cells.counts, reverse=True)
    return Breakdown(name, tuple(_row(value, cells, gone, gone_sums, limits) for value in order))


def _row(
    value: str, cells: _Cells, gone: frozenset[str], gone_sums: Mapping[str, frozenset[str]], limits: Limits
) -> Row:
    cell = cells.counts.get(value, Cell(0))
    away = value in gone or (cell.n > 0 and cell.tells(limits))
    if away:
        return Row(value, None, ())
    sums = []
    for currency in sorted(cells.sums):
        part = cells.sums[currency].get(value)
        if part is not None:
            shown = value not in gone_sums.get(currency, ()) and not part.tells(limits)
            sums.append((currency, part.total if shown else None))
    return Row(value, cell.n, tuple(sums))


# ---- what belongs to a record


def deals_about(registry: Registry, actor: Actor, key: str) -> tuple[RecordPage, ...]:
    """Deals about a listing, an offer or another record that the actor may see."""
    return _pointing(registry, actor, key, DEAL.name, "about")


def listings_of(registry: Registry, actor: Actor, key: str) -> tuple[RecordPage, ...]:
    """Listings of an offer or achievement that the actor may see."""
    return _pointing(registry, actor, key, LISTING.name, "about")


def _pointing(registry: Registry, actor: Actor, key: str, kind: str, field: str) -> tuple[RecordPage, ...]:
    found = pointing_to(registry, actor, [(RECORD, key)])
    return tuple(show(registry, actor, one.key) for one in found if one.kind == kind and one.field == field)


def own_deals(registry: Registry, actor: Actor) -> tuple[RecordLine, ...]:
    """Deals that the actor sees: those of the own organisation, and those of which an officer is in charge."""
    if not actor.key:
        return ()
    columns = ("organisation", "recipient", "about", "contract_kind", "contract_date")
    return table(registry, actor, DEAL.name, facets=(), columns=columns, limit=min(100, MOST_LINES)).lines
