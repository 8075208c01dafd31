"""What actions answer with: plain values that hold only what the actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from foretrack.registry.declaring.fields import Json


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A record in a table."""

    key: str
    kind: str
    title: str
    status: str
    revision: int
    updated_at: str
    values: Mapping[str, Json]
    """Fields of the table that the actor may see."""


@dataclass(frozen=True, slots=True)
class Move:
    """A transition that the actor may make now, or why not yet."""

    name: str
    label: str
    after: str
    reason: bool
    needs: tuple[str, ...]
    waits_until: str | None = None
    """The day before which a public notice forbids it."""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One record as the actor may see it."""

    key: str
    kind: str
    title: str
    status: str
    status_label: str
    revision: int
    digest: str
    visibility: str
    circle: str
    """How far the actor sees: `public`, `partner` or `private`."""
    values: Mapping[str, Json]
    provenance: Mapping[str, Json]
    created_at: str
    updated_at: str
    state_since: str
    notice_until: str | None
    due_on: str | None
    organisation: str | None
    region: str | None
    merged_into: str | None
    moves: tuple[Move, ...]
    may_edit: bool
    hidden: int
    """Filled fields that the actor may not see."""
    changeable: tuple[str, ...] = ()
    """Fields that the actor sees, filled or not, and may change where `may_edit` says so."""


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many records have one value of a facet."""

    value: str
    label: str
    n: int


@dataclass(frozen=True, slots=True)
class Table:
    """A page of records of one kind."""

    kind: str
    lines: tuple[RecordLine, ...]
    total: int
    offset: int
    limit: int
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One revision in a record's history, as far as the actor may see it."""

    number: int
    at: str
    by: str
    """Pseudonym; names are looked up by the door, where the actor may know them."""
    act: str
    status: str
    digest: str
    changed: tuple[str, ...]
    """Fields that changed, those that the actor may see."""
    before: Mapping[str, Json]
    after: Mapping[str, Json]
    erased: tuple[str, ...]
    reason: str | None
    """None where there is none, or it was erased, or the actor may not see it."""


def to_json(answer: Any) -> Any:
    """The documented JSON of an answer."""
    return asdict(answer)
