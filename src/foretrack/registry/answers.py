"""What actions answer with: plain values that hold only what the actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from foretrack.foundation.errors import InputError
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
    """How many records have one value of a facet, given every filter but those of this facet."""

    value: str
    label: str
    """In the asker's language."""
    n: int
    labels: Mapping[str, str] = field(default_factory=dict)
    """Language to label."""
    chosen: bool = False
    """The table is filtered by it."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet of a table."""

    name: str
    labels: Mapping[str, str]
    """Language to label."""
    counts: tuple[FacetCount, ...]
    """The most frequent values first, and every chosen one."""
    values: int
    """Values that any record has, also beyond those counted here."""


@dataclass(frozen=True, slots=True)
class Table:
    """A page of records of one kind."""

    kind: str
    lines: tuple[RecordLine, ...]
    total: int
    """Records that the filters leave and the asker may see, on all pages."""
    offset: int
    limit: int
    facets: tuple[Facet, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a walk along the records of one kind."""

    kind: str
    lines: tuple[RecordLine, ...]
    after: tuple[Json, ...] | None
    """Where the next part begins; None at the end."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a row of a file does to the registry."""

    line: int
    act: str
    """`create`, `update` or `none`."""
    key: str | None
    """None for a record that is not made yet."""
    title: str
    before: Mapping[str, Json] = field(default_factory=dict)
    after: Mapping[str, Json] = field(default_factory=dict)
    """Of the fields that change."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """What is wrong with a row of a file: a door tells the error in the reader's language."""

    line: int
    field: str
    """Empty where the row as a whole is wrong."""
    error: InputError


@dataclass(frozen=True, slots=True)
class ImportAnswer:
    """What came, or would come, of a file: read = created + updated + unchanged + rejected."""

    kind: str
    file_name: str
    sha256: str
    read: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    written: bool
    """False for a preview, and where rows were rejected or nothing changed."""
    key: str | None
    """Of the import that was kept; None when nothing was written."""
    planned: tuple[Planned, ...]
    """The first rows that change something."""
    rejections: tuple[Rejected, ...]
    """The first things that are wrong."""
    imported_before: str | None
    """When the very same file was imported into this kind."""
    wrong: int = 0
    """Things that are wrong; a rejected row may have several."""


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
    provenance: Mapping[str, Json] = field(default_factory=dict)
    """Of the fields that changed, and under `*` of the whole record: source, url, date, licence, confidence."""
    reason_erased: bool = False


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field in two revisions of a record."""

    name: str
    label: str
    before: Json
    """None where the field was empty, or its value was erased."""
    after: Json
    erased: str
    """`before`, `after`, `both` or empty: where the value was erased on request."""
    provenance: Json = None
    """Where the later value comes from, as far as somebody said so."""


@dataclass(frozen=True, slots=True)
class RevisionDiff:
    """What differs between two revisions of one record, as far as the actor may see it."""

    key: str
    kind: str
    first: int
    second: int
    status_before: str
    status_after: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry of the audit log."""

    number: int
    at: str
    actor: str
    role: str
    via: str
    act: str
    subject: str
    details: Mapping[str, Json]
    reason: str | None
    reason_erased: bool
    hash: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries of the log, the newest first."""

    lines: tuple[AuditLine, ...]
    older: int | None
    """Give it as `before` to get the next page; None at the beginning of the log."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that a record has, and what a door must say when it hands it out."""

    key: str
    field: str
    sha256: str
    name: str
    media_type: str
    size: int
    path: str
    """Where the content lies on this machine."""
    headers: Mapping[str, str]
    """For HTTP: never opened inside the site, never guessed at by a browser."""


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two records that may be about the same thing."""

    number: int
    kind: str
    first: RecordLine
    second: RecordLine
    score: float
    """From 0 to 1; orders the pairs and is no probability."""
    why: tuple[Mapping[str, Json], ...]
    """Signs: {"sign": "name", "level": "equal", "weight": 8.0}; never a value of a record."""
    judgement: str
    judged_by: str
    judged_at: str | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a search for duplicates did."""

    kind: str
    records: int
    compared: int
    """Pairs that were looked at closely."""
    found: int
    """Pairs that nobody has judged and that stand open now."""
    new: int
    again: int
    """Judged pairs that are asked again, because a name or identifier changed since."""
    gone: int
    """Open pairs that no longer look alike."""
    kept: int
    """Judged pairs that stay as somebody judged them."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """Somebody who was asked to review a record."""

    reviewer: str
    """Key of the account, as that of whoever asked."""
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Absorbed:
    """A record that was merged into another."""

    key: str
    title: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge, or its undoing."""

    survivor: RecordPage
    absorbed: str
    fields: tuple[str, ...]
    not_restored: tuple[str, ...] = ()
    """Fields whose earlier value could not come back, because it was erased in between."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure took away."""

    records: tuple[str, ...]
    """The record, and those merged into it."""
    fields: tuple[str, ...]
    revisions: int
    """Revisions in which something was erased."""
    texts: int
    """Reasons in the log that were erased."""
    files: int


def to_json(answer: Any) -> Any:
    """The documented JSON of an answer."""
    return asdict(answer)
