"""The catalogues that are printed: technologies to apply, and first sets; what holds today, by facets and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foretrack.domains.exchange.actions.ending import holds_on
from foretrack.domains.exchange.kinds.applications import PROMOTED_APPLICATION
from foretrack.domains.exchange.kinds.firsts import FIRST_SET, GUIDANCE_ENTRY
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.tables import MOST_LINES, Filters, table
from foretrack.registry.answers import Facet, RecordLine
from foretrack.registry.registry import Registry
from foretrack.search.actions.records import UNIT, seen_by
from foretrack.search.actions.searching import MOST_HITS, search

APPLICATION_FACETS = ("tracks", "effect", "maturity", "region")
FIRST_FACETS = ("sort_of", "tracks", "region")
ENTRY_FACETS = ("sort_of", "catalogue", "region")
_APPLICATION = (
    "organisation", "tracks", "region", "summary", "technology", "maturity", "uses", "benefits", "investment",
    "yearly_cost", "payback", "references", "conditions", "contact", "valid_from", "valid_until",
)  # fmt: skip
_FIRST = (
    "organisation",
    "tracks",
    "region",
    "sort_of",
    "model",
    "summary",
    "entry",
    "sets_delivered",
    "first_delivered",
)
_ENTRY = ("code", "catalogue", "sort_of", "region", "parameters", "valid_from", "valid_until")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What stands in a catalogue and holds today."""

    lines: tuple[RecordLine, ...]
    total: int
    facets: tuple[Facet, ...]


def applications(
    registry: Registry, actor: Actor, *, words: str = "", facets: Mapping[str, Sequence[str]] | None = None
) -> Catalogue:
    """Technologies to apply that were recognised and whose time is not over, at most 500: the newest first, or as the
    words find them."""
    return _catalogue(
        registry,
        actor,
        PROMOTED_APPLICATION.name,
        "recognised",
        words,
        facets,
        APPLICATION_FACETS,
        _APPLICATION,
    )


def firsts(
    registry: Registry, actor: Actor, *, words: str = "", facets: Mapping[str, Sequence[str]] | None = None
) -> Catalogue:
    """First sets that were recognised and are still first, at most 500."""
    return _catalogue(registry, actor, FIRST_SET.name, "recognised", words, facets, FIRST_FACETS, _FIRST)


def guidance(
    registry: Registry, actor: Actor, *, words: str = "", facets: Mapping[str, Sequence[str]] | None = None
) -> Catalogue:
    """Entries of guidance catalogues in force, at most 500."""
    return _catalogue(registry, actor, GUIDANCE_ENTRY.name, "in-force", words, facets, ENTRY_FACETS, _ENTRY)


def _catalogue(
    registry: Registry, actor: Actor, kind: str, state: str, words: str,
    facets: Mapping[str, Sequence[str]] | None, counted: Sequence[str], columns: Sequence[str],
) -> Catalogue:  # fmt: skip
    keys = None
    if words.strip():
        hits = search(
            words,
            viewer=seen_by(actor),
            units=[UNIT],
            limit=MOST_HITS,
            filters={"kind": (kind,), "status": (state,)},
        ).hits
        keys = [hit.key for hit in hits]
    given = Filters(facets={**(facets or {}), "status": (state,)}, keys=keys)
    found = table(registry, actor, kind, given, facets=counted, limit=MOST_LINES, columns=columns)
    today = registry.now().date()
    lines = [line for line in found.lines if holds_on(line.values.get("valid_until"), today)]
    if keys is not None:
        rank = {key: n for n, key in enumerate(keys)}
        lines.sort(key=lambda line: rank[line.key])
    return Catalogue(tuple(lines), found.total - (len(found.lines) - len(lines)), found.facets)
