"""A kind of record: declared once; form, table, detail, template, import, schema, facets and command follow from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal, TypeAlias, get_args

from foretrack.foundation.errors import HouseError, InputError, NotThereError
from foretrack.packs.ladders import Level
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import (
    VISIBILITIES,
    BilingualText,
    Day,
    Email,
    ExternalId,
    Field,
    Json,
    Link,
)
from foretrack.registry.declaring.sides import Side

Role: TypeAlias = Literal["visitor", "member", "manager", "reviewer", "officer", "auditor", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

Check: TypeAlias = Callable[[Mapping[str, Json]], Sequence[InputError]]
"""Looks at a whole body and says what is wrong with it, as InvalidRecord where it knows the field; pure but for packs."""

Fill: TypeAlias = Callable[[Mapping[str, Json], date], Mapping[str, Json]]
"""From a body and the day of a transition to the fields that follow from them; pure."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class State:
    """Where a record may stand."""

    name: str
    label: Bilingual
    draft: bool = False
    """Required fields may still be missing, and the owner may change it freely."""
    public: bool = False
    """Everybody may see the record (its public fields) while it stands here."""
    closed: bool = False
    """Nothing is expected to happen any more."""
    listable: bool = False
    """A record that stands here may enter an issue of a list."""
    editable: bool = True
    """Fields may be changed while it stands here (by whom, the table of permissions says)."""
    notice: str = ""
    """Name of the duration, in a pack, that a public notice lasts: transitions marked `after_notice` wait for its end."""
    due: str = ""
    """Name of the duration, in a pack, within which somebody has to act; then whoever must is reminded."""
    due_field: str = ""
    """Instead of a duration: the field with the day by which somebody has to act."""


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One allowed move between states, with who may make it and what must be given."""

    name: str
    label: Bilingual
    before: tuple[str, ...]
    after: str
    who: tuple[Role, ...]
    """A member or manager acts for the own organisation, an officer inside the own scope, a reviewer where assigned."""
    reason: bool = False
    """A reason must be given."""
    needs: tuple[str, ...] = ()
    """Fields that must be filled, beside the required ones."""
    takes: tuple[str, ...] = ()
    """Fields that may be given with it, though the record can no longer be changed otherwise."""
    by_another: bool = False
    """Whoever created or submitted the record may not (four eyes)."""
    after_notice: bool = False
    """Only when the notice period of the state is over."""
    level: Level | None = None
    """The lowest level of an officer that may make it, by the widest region that the officer is in charge of."""
    guards: tuple[Check, ...] = ()
    """What else has to hold of the record; where something does not, the transition is not offered."""
    fills: Fill | None = None
    """Fields that follow from the transition, where they were not given with it."""
    by_addressee: bool = False
    """Members and managers make it for the organisation that the record is addressed to, not for its own."""
    by_either: bool = False
    """Members and managers of both sides make it: for its own organisation, or for the one that it is addressed to."""
    rule: str = ""
    """A rule of the packs (by its series) that the record must meet; its fields answer the indicators of that name."""


@dataclass(frozen=True, slots=True)
class Follow:
    """A field that is never typed: it follows from the record that another field points at."""

    field: str
    link: str
    """The field that points."""
    what: Literal["organisation", "region"]
    """What of the record there it takes."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of record."""

    name: str
    """Lower-case words with hyphens; singular."""
    label: Bilingual
    plural: Bilingual
    help: Bilingual = Bilingual()
    fields: tuple[Field, ...]
    states: tuple[State, ...]
    """The first is where a record begins."""
    transitions: tuple[Transition, ...] = ()
    title: str = "title"
    """The field by which a record is called."""
    organisation: str | None = None
    """The link field that says which organisation a record belongs to."""
    region: str | None = None
    """The field that holds the region whose officers are in charge."""
    addressed: tuple[str, ...] = ()
    """Link fields to an organisation whose members read the record whole once it is no draft any more, and make the
    transitions `by_addressee`."""
    follows: tuple[Follow, ...] = ()
    """Fields that follow from a linked record."""
    creators: tuple[Role, ...] = ("member", "manager", "officer", "administrator")
    checks: tuple[Check, ...] = ()
    identity: bool = False
    """An organisation, person, technology or track: other kinds link to it instead of repeating it."""
    clauses: tuple[str, ...] = ()
    """`pack/clause` or rows of the clause map that the kind serves."""
    columns: tuple[str, ...] = ()
    """Fields shown in the table; the title and the facets when empty."""
    side: Side | None = None
    """How matching reads its records, where they are needs or offers."""

    def __post_init__(self) -> None:
        _check(self)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """Fields by their names."""
        return {f.name: f for f in self.fields}

    @cached_property
    def facets(self) -> tuple[Field, ...]:
        """Fields that records can be filtered and counted by."""
        return tuple(f for f in self.fields if f.facet)

    @cached_property
    def table_columns(self) -> tuple[Field, ...]:
        """Fields shown in the table."""
        names = self.columns or (self.title, *(f.name for f in self.facets))
        return tuple(self.by_name[name] for name in dict.fromkeys(names))

    @cached_property
    def identifiers(self) -> tuple[ExternalId, ...]:
        """Fields that hold an identifier somebody else gave."""
        return tuple(f for f in self.fields if isinstance(f, ExternalId))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Fields that point at other records or at the lookout."""
        return tuple(f for f in self.fields if isinstance(f, Link))

    def addressed_to(self, body: Mapping[str, Json], status: str) -> frozenset[str]:
        """Keys of the organisations that a record is addressed to; none while it is a draft, which is not sent yet."""
        if not self.addressed or self.state(status).draft:
            return frozenset()
        return frozenset(body[name] for name in self.addressed if name in body)

    @cached_property
    def following(self) -> frozenset[str]:
        """Names of the fields that nobody types, because they follow from a linked record."""
        return frozenset(follow.field for follow in self.follows)

    def points(self, body: Mapping[str, Json]) -> list[tuple[Field, Link, str]]:
        """Everything that a body points at: the field, the link (a column of it where it is a table), and the target."""
        return [(f, *point) for f in self.fields for point in f.points(body.get(f.name))]

    def field(self, name: str) -> Field:
        """The field called so; InputError that lists the known ones."""
        if name not in self.by_name:
            raise InputError.of(
                "{kind} has no field {name!r}", expected="one of {known}", do="correct the name",
                kind=self.name, name=name, known=", ".join(self.by_name),
            )  # fmt: skip
        return self.by_name[name]

    @property
    def first_state(self) -> State:
        """Where a record begins."""
        return self.states[0]

    def state(self, name: str) -> State:
        """The state called so; InputError that lists the known ones."""
        for state in self.states:
            if state.name == name:
                return state
        raise InputError.of(
            "{kind} has no state {name!r}", expected="one of {known}", do="correct the name",
            kind=self.name, name=name, known=", ".join(s.name for s in self.states),
        )  # fmt: skip

    def transition(self, name: str) -> Transition:
        """The transition called so; InputError that lists the known ones."""
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise InputError.of(
            "{kind} has no transition {name!r}", expected="one of {known}", do="correct the name",
            kind=self.name, name=name, known=", ".join(t.name for t in self.transitions) or "-",
        )  # fmt: skip

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """Transitions that lead out of a state."""
        return tuple(t for t in self.transitions if state in t.before)


def _check(kind: Kind) -> None:
    """HouseError where a declaration contradicts itself: it is code, so whoever wrote it has to mend it."""

    def flaw(what: str) -> HouseError:
        return HouseError(f"the kind {kind.name!r}: {what}", do="mend its declaration")

    if not _NAME.fullmatch(kind.name) or len(kind.name) > 40:
        raise flaw("its name is not made of lower-case words with hyphens (at most 40 characters)")
    for label in (kind.label, kind.plural):
        if not label.en or not label.zh:
            raise flaw("a label in English or Chinese is missing")
    names = [f.name for f in kind.fields]
    if len(set(names)) != len(names):
        raise flaw("two fields have one name")
    if reserved := set(names) & RESERVED:
        raise flaw(f"{', '.join(sorted(reserved))} are names of a record's own columns")
    columns = [
        column
        for f in kind.fields
        for column in ([f"{f.name}_en", f"{f.name}_zh"] if isinstance(f, BilingualText) else [f.name])
    ]
    if len(set(columns)) != len(columns):
        raise flaw("two columns of its table have one name (bilingual text takes NAME_en and NAME_zh)")
    by_name = {f.name: f for f in kind.fields}
    if (
        kind.title not in by_name
        or by_name[kind.title].type not in ("text", "bilingual")
        or by_name[kind.title].many
    ):
        raise flaw(f"its title {kind.title!r} is no field of one text")
    if kind.organisation is not None and not (
        isinstance(organisation := by_name.get(kind.organisation), Link)
        and organisation.kinds == ("organisation",)
        and not organisation.many
    ):
        raise flaw(f"{kind.organisation!r} is no link to one organisation")
    if kind.region is not None and kind.region not in by_name:
        raise flaw(f"{kind.region!r} is no field")
    for name in kind.addressed:
        if not (isinstance(to := by_name.get(name), Link) and to.kinds == ("organisation",) and not to.many):
            raise flaw(f"{name!r} is no link to one organisation")
    for follow in kind.follows:
        if (
            not (isinstance(via := by_name.get(follow.link), Link) and not via.many)
            or follow.field not in by_name
        ):
            raise flaw(f"{follow.field!r} cannot follow from {follow.link!r}: that is no link to one record")
    for name in kind.columns:
        if name not in by_name:
            raise flaw(f"the column {name!r} is no field")
    for f in kind.fields:
        if f.visibility not in VISIBILITIES:
            raise flaw(f"{f.name}: no visibility {f.visibility!r}")
        if f.facet and f.personal:
            raise flaw(f"{f.name}: a facet would publish and count personal data")
        if isinstance(f, Email) and f.visibility == "public":
            raise flaw(f"{f.name}: an e-mail address is never public")
    for name in kind.side.fields if kind.side is not None else ():
        if name not in by_name or by_name[name].visibility != "public" or by_name[name].personal:
            raise flaw(f"matching would read {name!r}, which is no public field")
    for name in kind.side.contacts if kind.side is not None else ():
        if name not in by_name:
            raise flaw(f"the contact {name!r} is no field")
    states = [s.name for s in kind.states]
    if kind.side is not None and any(
        name not in states or not kind_state(kind, name).public for name in kind.side.states
    ):
        raise flaw("matching would show records in a state that is not public")
    if not states or len(set(states)) != len(states):
        raise flaw("there is no state, or two have one name")
    moves = [t.name for t in kind.transitions]
    if len(set(moves)) != len(moves):
        raise flaw("two transitions have one name")
    for state in kind.states:
        if state.draft and state.public:
            raise flaw(f"the state {state.name}: a draft is never public")
        if not _NAME.fullmatch(state.name):
            raise flaw(f"the state name {state.name!r} is no name")
        if state.due_field and (state.due or not isinstance(by_name.get(state.due_field), Day)):
            raise flaw(f"the state {state.name} is due on {state.due_field!r}, which is no day, or due twice")
    for move in kind.transitions:
        for name in (*move.before, move.after):
            if name not in states:
                raise flaw(f"the transition {move.name} names the unknown state {name!r}")
        if not move.who or not set(move.who) <= set(ROLES) - {"visitor", "auditor"}:
            raise flaw(f"the transition {move.name}: nobody may, or visitors or auditors would decide")
        for name in (*move.needs, *move.takes):
            if name not in by_name:
                raise flaw(f"the transition {move.name} needs the unknown field {name!r}")
        if move.level is not None and "officer" not in move.who:
            raise flaw(f"the transition {move.name} asks for a level of officers, who may not make it")
        if (move.by_addressee or move.by_either) and not kind.addressed:
            raise flaw(f"the transition {move.name} is made by an addressee, and there is none")
        if move.by_addressee and move.by_either:
            raise flaw(
                f"the transition {move.name} is made by the addressee alone, or by either side, not both"
            )
        if move.after_notice and any(not kind_state(kind, s).notice for s in move.before):
            raise flaw(f"the transition {move.name} waits for a notice that its state does not have")
    reached, before = {states[0]}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {t.after for t in kind.transitions if set(t.before) & reached}
    if unreached := [s for s in states if s not in reached]:
        raise flaw(f"no way leads to {', '.join(unreached)}")


def kind_state(kind: Kind, name: str) -> State:
    return next(s for s in kind.states if s.name == name)


RESERVED = frozenset(
    (
        "key",
        "kind",
        "status",
        "revision",
        "visibility",
        "created_at",
        "updated_at",
        "created_by",
        "reason",
        "page",
        "sort",
    )
)
"""Names of a record's own columns, which no field may take."""


@dataclass(slots=True)
class Catalogue:
    """All kinds of one installation, by name, in the order in which they came."""

    kinds: dict[str, Kind] = field(default_factory=dict)

    def add(self, *kinds: Kind) -> None:
        """Takes kinds in. HouseError when a name is taken by another declaration."""
        for kind in kinds:
            if self.kinds.get(kind.name, kind) is not kind:
                raise HouseError(f"two kinds are called {kind.name!r}", do="give one of them another name")
            self.kinds[kind.name] = kind

    def remove(self, name: str) -> None:
        """Forgets a kind (its records stay where they are)."""
        self.kinds.pop(name, None)

    def get(self, name: str) -> Kind:
        """The kind called so; NotThereError that lists the known ones, nearest first."""
        if name in self.kinds:
            return self.kinds[name]
        from difflib import get_close_matches

        near = get_close_matches(name, self.kinds, n=3, cutoff=0.5) or list(self.kinds)
        raise NotThereError.of(
            "there is no kind {name!r}", expected="one of {known}", do="look at `foretrack kind`",
            name=name, known=", ".join(near) or "-",
        )  # fmt: skip

    def __iter__(self) -> Any:
        return iter(self.kinds.values())


KINDS = Catalogue()
"""The kinds of this process. `installation` fills it at the start; an extension may add to it while the program runs."""
