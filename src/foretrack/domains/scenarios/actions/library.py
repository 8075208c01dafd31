"""The library of cases: what was recognised, found by words and meaning, counted by facets, sorted by what it changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from foretrack.domains.scenarios.comparing import relative_change
from foretrack.foundation.errors import InputError, NotThereError
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.records import show
from foretrack.registry.actions.tables import MOST_LINES, Filters, table
from foretrack.registry.answers import Facet, RecordLine, RecordPage
from foretrack.registry.registry import Registry
from foretrack.search.actions.alike import alike
from foretrack.search.actions.records import UNIT, seen_by
from foretrack.search.actions.searching import MOST_HITS, search

KIND = "case"
IN_LIBRARY = "recognised"
"""The state in which a case belongs to the library."""
FACETS = ("tracks", "region", "maturity")
_COLUMNS = ("organisation", "problem", "maturity", "tracks", "region", "measures", "technologies", "used_by")
Sort: TypeAlias = Literal["newest", "maturity", "change", "relevance"]
SORTS: tuple[Sort, ...] = get_args(Sort)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of the library."""

    lines: tuple[RecordLine, ...]
    total: int
    facets: tuple[Facet, ...]
    sort: Sort


def find_cases(
    registry: Registry, actor: Actor, *, words: str = "", facets: Mapping[str, Sequence[str]] | None = None,
    sort: str = "", offset: int = 0, limit: int = 24,
) -> Shelf:  # fmt: skip
    """Cases of the library that the actor may see.

    Args:
        words: a question, answered by words and by meaning; of more than 200 hits the first 200 are kept.
        facets: of `FACETS`, to values.
        sort: `newest`, `maturity`, `change` (the greatest relative change of any measure first) or `relevance`
            (only with words, and then what is meant by nothing).

    InputError for an unknown sort or facet.
    """
    chosen: Sort = "relevance" if words.strip() else "newest"
    if sort:
        known = next((one for one in SORTS if one == sort), None)
        if known is None or (known == "relevance" and not words.strip()):
            raise InputError.of(
                "cases cannot be sorted by {sort!r}", expected="one of {known}", do="choose one of them",
                sort=sort[:40], known=", ".join(SORTS),
            )  # fmt: skip
        chosen = known
    keys = _found(actor, words) if words.strip() else None
    given = Filters(facets={**(facets or {}), "status": (IN_LIBRARY,)}, keys=keys)
    in_memory = chosen in ("change", "relevance")
    found = table(
        registry, actor, KIND, given, sort="-maturity" if chosen == "maturity" else "-updated", facets=FACETS,
        offset=0 if in_memory else offset, limit=0 if in_memory else limit, columns=_COLUMNS,
    )  # fmt: skip
    lines = every_line(registry, actor, KIND, given, _COLUMNS) if in_memory else list(found.lines)
    if chosen == "relevance" and keys is not None:
        rank = {key: n for n, key in enumerate(keys)}
        lines.sort(key=lambda line: rank[line.key])
    elif chosen == "change":
        lines.sort(key=lambda line: -greatest_change(line.values))
    if in_memory:
        lines = lines[offset : offset + limit]
    return Shelf(tuple(lines), found.total, found.facets, chosen)


def every_line(
    registry: Registry, actor: Actor, kind: str, given: Filters, columns: Sequence[str]
) -> list[RecordLine]:
    """All lines that filters leave, the newest first."""
    lines: list[RecordLine] = []
    while True:
        part = table(
            registry, actor, kind, given, offset=len(lines), limit=MOST_LINES, facets=(), columns=columns
        )
        lines += part.lines
        if len(part.lines) < MOST_LINES:
            return lines


def _found(actor: Actor, words: str) -> list[str]:
    answer = search(
        words, viewer=seen_by(actor), units=[UNIT], filters={"kind": (KIND,), "status": (IN_LIBRARY,)},
        limit=MOST_HITS,
    )  # fmt: skip
    return [hit.key for hit in answer.hits]


def greatest_change(values: Mapping[str, Any]) -> float:
    """The greatest relative change, up or down, among the measures of a case; -1 where none can be told.

    >>> greatest_change({"measures": [{"before": 8, "after": 2}, {"before": 4, "after": 5}]}), greatest_change({})
    (0.75, -1.0)
    """
    changes = [change for row in values.get("measures", ()) if (change := relative_change(row)) is not None]
    return max(map(abs, changes), default=-1.0)


def show_case(registry: Registry, actor: Actor, key: str) -> RecordPage:
    """One case as the actor may see it; NotThereError for what is no case."""
    page = show(registry, actor, key)
    if page.kind != KIND:
        raise NotThereError.of(
            "there is no case {key!r} that you may see", expected="the key of a case", do="look at the library",
            key=key[:40],
        )  # fmt: skip
    return page


@dataclass(frozen=True, slots=True)
class Alike:
    """A case that is like another, and why."""

    line: RecordLine
    score: float
    similarity: float | None
    """Cosine of the meanings; None where no vectors are there to compare."""
    tracks: tuple[str, ...]
    """Tracks that both have."""
    technologies: tuple[str, ...]
    """Keys of the technologies that both use."""


TRACK_WEIGHT, TECHNOLOGY_WEIGHT = 0.15, 0.25
LEAST = 0.15
"""A score below is no likeness worth a line."""


def similar_cases(registry: Registry, actor: Actor, page: RecordPage, *, limit: int = 5) -> tuple[Alike, ...]:
    """Cases of the library like one, the most alike first.

    The score is the cosine of the meanings (0 where it is negative or not known), plus .15 if they share a track,
    plus .25
    if they share a technology: a fixed sum, so that the reasons that are shown are the whole of it.
    """
    near = alike(UNIT, page.key, kind=KIND, viewer=seen_by(actor))
    made = []
    for line in every_line(registry, actor, KIND, Filters(facets={"status": (IN_LIBRARY,)}), _COLUMNS):
        if line.key == page.key:
            continue
        tracks = _shared(page.values, line.values, "tracks")
        technologies = _shared(page.values, line.values, "technologies")
        similarity = near.get(line.key)
        score = (
            max(similarity or 0.0, 0.0)
            + (TRACK_WEIGHT if tracks else 0)
            + (TECHNOLOGY_WEIGHT if technologies else 0)
        )
        if score >= LEAST:
            made.append(Alike(line, score, similarity, tracks, technologies))
    made.sort(key=lambda one: (-one.score, one.line.key))
    return tuple(made[:limit])


def _shared(first: Mapping[str, Any], second: Mapping[str, Any], name: str) -> tuple[str, ...]:
    there = set(second.get(name) or ())
    return tuple(one for one in first.get(name) or () if one in there)
