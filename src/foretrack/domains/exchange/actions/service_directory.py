"""The directory of services: found by words and facets, with what customers said of completed orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from foretrack.domains.exchange.kinds.applications import threshold
from foretrack.domains.exchange.kinds.service_orders import SERVICE_OFFERING, SERVICE_ORDER, SERVICE_RATING
from foretrack.domains.exchange.reckoning.rating import Rated, rated
from foretrack.foundation.errors import InputError, NotThereError
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.pointing import RECORD, pointing_to
from foretrack.registry.actions.records import show
from foretrack.registry.actions.tables import MOST_LINES, Filters, table
from foretrack.registry.answers import Facet, RecordLine, RecordPage
from foretrack.registry.models import Pointer, Record
from foretrack.registry.registry import Registry
from foretrack.search.actions.records import UNIT, seen_by
from foretrack.search.actions.searching import MOST_HITS, search

FACETS = ("service", "price_basis", "region", "served_regions", "languages", "tracks")
SORTS = ("relevance", "newest", "rating", "days")
COUNTED = ("given", "answered")
"""States of a rating that counts; one that a moderator holds does not."""
_COLUMNS = (
    "organisation", "service", "summary", "scope", "accreditations", "price_basis", "price", "days", "region",
    "served_regions", "languages", "tracks",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Directory:
    """A part of the directory."""

    lines: tuple[RecordLine, ...]
    ratings: Mapping[str, Rated]
    """Key of a service to what its ratings say."""
    total: int
    facets: tuple[Facet, ...]
    sort: str


def find_services(
    registry: Registry, actor: Actor, *, words: str = "", facets: Mapping[str, Sequence[str]] | None = None,
    sort: str = "", offset: int = 0, limit: int = 24,
) -> Directory:  # fmt: skip
    """Services that are offered.

    Args:
        words: found by words and by meaning, at most 200.
        sort: `relevance` (only with words, and then what is meant by nothing), `newest`, `rating` (the lower end of the
            interval first, so that few ratings do not lead; services without stars come last) or `days` (quickest first).

    InputError for an unknown sort or facet.
    """
    chosen = sort or ("relevance" if words.strip() else "newest")
    if chosen not in SORTS or (chosen == "relevance" and not words.strip()):
        raise InputError.of(
            "services cannot be sorted by {sort!r}", sort=chosen[:40], expected="one of {known}",
            known=", ".join(SORTS), do="choose one of them",
        )  # fmt: skip
    keys = _found(actor, words) if words.strip() else None
    given = Filters(facets={**(facets or {}), "status": ("published",)}, keys=keys)
    in_memory = chosen in ("relevance", "rating")
    found = table(
        registry, actor, SERVICE_OFFERING.name, given, sort="days" if chosen == "days" else "-updated", facets=FACETS,
        offset=0 if in_memory else offset, limit=MOST_LINES if in_memory else limit, columns=_COLUMNS,
    )  # fmt: skip
    lines = list(found.lines)
    if chosen == "relevance" and keys is not None:
        rank = {key: n for n, key in enumerate(keys)}
        lines.sort(key=lambda line: rank[line.key])
    ratings = ratings_of(registry, [line.key for line in lines])
    if chosen == "rating":
        lines.sort(key=lambda line: (-(ratings[line.key].low or 0.0), line.key))
    if in_memory:
        lines = lines[offset : offset + limit]
    kept = {line.key: ratings[line.key] for line in lines}
    return Directory(tuple(lines), kept, found.total, found.facets, chosen)


def _found(actor: Actor, words: str) -> list[str]:
    answer = search(
        words, viewer=seen_by(actor), units=[UNIT], limit=MOST_HITS,
        filters={"kind": (SERVICE_OFFERING.name,), "status": ("published",)},
    )  # fmt: skip
    return [hit.key for hit in answer.hits]


def ratings_of(registry: Registry, services: Iterable[str]) -> dict[str, Rated]:
    """Key of each service to what its ratings that count say; two statements for all."""
    wanted = list(dict.fromkeys(services))
    today = registry.now().date()
    shown_from, prior = int(threshold("ratings-shown-from", today)), threshold("ratings-prior", today)
    stars: dict[str, list[int]] = {key: [] for key in wanted}
    for start in range(0, len(wanted), 500):
        rows = Pointer.objects.filter(
            field="service", unit="record", target__in=wanted[start : start + 500], record__merged_into=None,
            record__kind=SERVICE_RATING.name, record__status__in=COUNTED,
        )  # fmt: skip
        for service, given in rows.values_list("target", "record__body__stars"):
            stars[service].append(int(given))
    return {key: rated(found, shown_from=shown_from, prior=prior) for key, found in stars.items()}


@dataclass(frozen=True, slots=True)
class Service:
    """One service with what customers said of it."""

    page: RecordPage
    rated: Rated
    ratings: tuple[RecordPage, ...]
    """Those that the actor may see, the newest first."""
    orders: tuple[RecordPage, ...]
    """Those that the actor may see."""


def show_service(registry: Registry, actor: Actor, key: str) -> Service:
    """One service; NotThereError for what is no service that the actor may see."""
    page = show(registry, actor, key)
    if page.kind != SERVICE_OFFERING.name:
        raise NotThereError.of(
            "there is no service {key!r} that you may see", expected="the key of a service",
            do="look at the directory", key=key[:40],
        )  # fmt: skip
    pointing = pointing_to(registry, actor, [(RECORD, page.key)])
    ratings = [one.key for one in pointing if one.kind == SERVICE_RATING.name]
    orders = [one.key for one in pointing if one.kind == SERVICE_ORDER.name]
    return Service(
        page, ratings_of(registry, [page.key])[page.key], tuple(show(registry, actor, one) for one in ratings),
        tuple(show(registry, actor, one) for one in orders),
    )  # fmt: skip


def rating_of(order: str) -> str:
    """Key of the rating of an order that takes its place; empty where it has none."""
    rows = Pointer.objects.filter(
        field="order", unit="record", target=order, record__kind=SERVICE_RATING.name
    )
    found = Record.objects.filter(pk__in=rows.values("record_id"), merged_into=None).exclude(status="draft")
    return found.values_list("key", flat=True).first() or ""
