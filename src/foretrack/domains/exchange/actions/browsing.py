"""Offers and needs as an outsider looks for them: published and not over, by words and facets, the fresh ones first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foretrack.domains.exchange.actions.copies import PROFILES
from foretrack.foundation.errors import NotThereError
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.records import show
from foretrack.registry.actions.tables import Filters, table
from foretrack.registry.answers import Facet, RecordLine, RecordPage
from foretrack.registry.registry import Registry

FACETS: Mapping[str, tuple[str, ...]] = {
    "offer": ("tracks", "stage", "cooperation", "region"),
    "need": ("tracks", "cooperation", "region"),
}
COLUMNS = (
    "organisation",
    "summary",
    "stage",
    "maturity",
    "tracks",
    "region",
    "cooperation",
    "valid_until",
)


@dataclass(frozen=True, slots=True)
class Side:
    """A part of the offers, or of the needs."""

    kind: str
    lines: tuple[RecordLine, ...]
    total: int
    facets: tuple[Facet, ...]


def find_profiles(
    registry: Registry, actor: Actor, kind: str, *, words: str = "", facets: Mapping[str, Sequence[str]] | None = None,
    offset: int = 0, limit: int = 24,
) -> Side:  # fmt: skip
    """Published offers or needs that hold today and that the actor may see: the freshest first, or the closest to words.

    Args:
        facets: to values; those that the kind does not have are left out.
        words: a question, answered by words and by meaning; of more than 200 hits the first 200 are kept.
    """
    declared = registry.kinds.get(kind)
    chosen = {n: v for n, v in (facets or {}).items() if n in FACETS[kind]}
    keys = _found(actor, kind, words) if words.strip() else None
    given = Filters(
        facets={**chosen, "status": ("published",)}, keys=keys, due_from=registry.now().date().isoformat()
    )
    names = tuple(name for name in COLUMNS if name in declared.by_name)
    found = table(
        registry, actor, kind, given, sort="-updated", facets=FACETS[kind], columns=names,
        offset=0 if keys is not None else offset, limit=min(len(keys), 200) if keys is not None else limit,
    )  # fmt: skip
    lines = found.lines
    if keys is not None:
        rank = {key: n for n, key in enumerate(keys)}
        lines = tuple(sorted(lines, key=lambda line: rank[line.key]))[offset : offset + limit]
    return Side(kind, lines, found.total, found.facets)


def _found(actor: Actor, kind: str, words: str) -> list[str]:
    from foretrack.search.actions.records import UNIT, seen_by
    from foretrack.search.actions.searching import MOST_HITS, search

    answer = search(
        words, viewer=seen_by(actor), units=[UNIT], filters={"kind": (kind,), "status": ("published",)},
        limit=MOST_HITS,
    )  # fmt: skip
    return [hit.key for hit in answer.hits]


def show_profile(registry: Registry, actor: Actor, key: str) -> RecordPage:
    """One offer or need as far as the actor may see it; NotThereError for what is neither."""
    page = show(registry, actor, key)
    if page.kind not in PROFILES:
        raise NotThereError.of(
            "there is no offer or need {key!r} that you may see", expected="the key of an offer or a need",
            do="look at the exchange", key=key[:40],
        )  # fmt: skip
    return page
