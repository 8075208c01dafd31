"""Kinds of records, as they are declared: fields, states, transitions, and their JSON Schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from foretrack.packs.shapes import Bilingual
from foretrack.registry.actions.overview import count_kinds
from foretrack.registry.declaring.fields import Field, Visibility
from foretrack.registry.declaring.kind import Kind, Role
from foretrack.registry.declaring.rows import Rows
from foretrack.registry.declaring.schema import create_schema, record_schema
from foretrack.web.rendering import Request
from foretrack.web.routes import Many, Routes

ROUTES = Routes("kinds", "Kinds of records")


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind, and how many of its records the asker may see."""

    kind: str
    label: Bilingual
    plural: Bilingual
    help: Bilingual
    n: int
    may_create: bool
    identity: bool
    """Whether its records are who or what others point at (organisations, persons), which are merged when two are one."""


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One column of a table inside a record."""

    name: str
    type: str
    label: Bilingual
    help: Bilingual
    required: bool
    example: str


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field."""

    name: str
    type: str
    label: Bilingual
    help: Bilingual
    required: bool
    many: bool
    visibility: Visibility
    personal: bool
    facet: bool
    example: str
    columns: tuple[ColumnLine, ...]
    """Of a table; else none."""


@dataclass(frozen=True, slots=True)
class StateLine:
    """Where a record may stand."""

    name: str
    label: Bilingual
    draft: bool
    public: bool
    closed: bool
    listable: bool


@dataclass(frozen=True, slots=True)
class TransitionLine:
    """One way from state to state."""

    name: str
    label: Bilingual
    before: tuple[str, ...]
    after: str
    who: tuple[Role, ...]
    reason: bool
    needs: tuple[str, ...]
    by_another: bool
    after_notice: bool


@dataclass(frozen=True, slots=True)
class KindPage:
    """The declaration of a kind."""

    kind: str
    label: Bilingual
    plural: Bilingual
    help: Bilingual
    identity: bool
    fields: tuple[FieldLine, ...]
    states: tuple[StateLine, ...]
    transitions: tuple[TransitionLine, ...]


@ROUTES.get("/kinds", "Every kind of record", answers=Many[KindLine])
def list_kinds(request: Request) -> Many[KindLine]:
    kinds = request.registry.kinds
    return Many(
        tuple(
            KindLine(one.name, kind.label, kind.plural, kind.help, one.n, one.may_create, kind.identity)
            for one in count_kinds(request.registry, request.actor)
            for kind in [kinds.get(one.name)]
        )
    )


def _field(f: Field) -> FieldLine:
    columns = tuple(
        ColumnLine(c.name, c.type, c.label, c.help, c.required, c.example())
        for c in (f.columns if isinstance(f, Rows) else ())
    )
    return FieldLine(
        f.name,
        f.type,
        f.label,
        f.help,
        f.required,
        f.many,
        f.visibility,
        f.personal,
        f.facet,
        f.example(),
        columns,
    )


def _page(kind: Kind) -> KindPage:
    return KindPage(
        kind.name, kind.label, kind.plural, kind.help, kind.identity, tuple(map(_field, kind.fields)),
        tuple(StateLine(s.name, s.label, s.draft, s.public, s.closed, s.listable) for s in kind.states),
        tuple(
            TransitionLine(t.name, t.label, t.before, t.after, t.who, t.reason, t.needs, t.by_another, t.after_notice)
            for t in kind.transitions
        ),
    )  # fmt: skip


@ROUTES.get("/kinds/{kind}", "One kind: its fields, states and transitions", answers=KindPage)
def show_kind(request: Request, kind: str) -> KindPage:
    return _page(request.registry.kinds.get(kind))


@ROUTES.get("/kinds/{kind}/schema", "The JSON Schema of a kind", answers=dict[str, Any])
def show_schema(request: Request, kind: str, of: Literal["values", "record"] = "values") -> dict[str, Any]:
    """What makes a record (`values`), or a record as it is answered (`record`)."""
    found, language = request.registry.kinds.get(kind), request.actor.language
    return (create_schema if of == "values" else record_schema)(found, language)
