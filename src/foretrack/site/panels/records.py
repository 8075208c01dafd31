"""Records about a subject: those that are linked to it, and a way to those that only mention it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from foretrack.language.chinese import has_han
from foretrack.registry.access.permission import may
from foretrack.registry.actions.linking import links_of
from foretrack.registry.actions.overview import count_labelled, may_create_somewhere
from foretrack.registry.actions.pointing import Pointing
from foretrack.registry.declaring.fields import BilingualText, Term
from foretrack.registry.declaring.kind import Kind
from foretrack.site.panels.linked import MOST, linked_to, name_of, record_of, tracks_of
from foretrack.web.addresses import address
from foretrack.web.panels import Fragment, Panel, Subject
from foretrack.web.rendering import Request
from foretrack.web.speech import say

SHOWN = 8
"""Records of a kind that are shown at once; the others open on demand."""


@dataclass(frozen=True, slots=True)
class Line:
    """A linked record in words."""

    href: str
    title: str
    status: str
    field: str
    """In which of its fields it points here."""
    through: str
    """Title of the record through which it is linked; empty where it points at the subject itself."""
    through_href: str


@dataclass(frozen=True, slots=True)
class Group:
    """Linked records of one kind."""

    kind: str
    first: tuple[Line, ...]
    more: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A record that could be made of the subject."""

    href: str
    text: str


@dataclass(frozen=True)
class RecordsFragment(Fragment):
    """Records that are linked to the subject."""

    template: ClassVar[str] = "foretrack/panels/records.html"

    groups: tuple[Group, ...]
    n: int
    more: bool
    """There are more than were looked at."""
    empty: str
    how: str
    """How one links, where nothing is linked yet."""
    offers: tuple[Offer, ...]
    choose: str
    """Where a record can be chosen to be linked; empty where the reader may link none."""
    mentions: str
    """Where records are looked for that mention the subject; empty where they are not."""


@dataclass(frozen=True, slots=True)
class LabelLine:
    """Records of a kind that are labelled with a track."""

    href: str
    kind: str
    n: int


@dataclass(frozen=True)
class LabelledFragment(Fragment):
    """How many records are labelled with a track."""

    template: ClassVar[str] = "foretrack/panels/labelled.html"

    lines: tuple[LabelLine, ...]


def _load(request: Request, subject: Subject) -> Fragment | None:
    linked = linked_to(request, subject)
    groups: dict[str, list[Line]] = {}
    titles = linked.titles
    for one, through in (*((p, False) for p in linked.direct), *((p, True) for p in linked.through)):
        groups.setdefault(one.kind, []).append(_line(request, one, titles if through else {}))
    identity = (
        subject.about != "record" or request.registry.kinds.get(record_of(request, subject).kind).identity
    )
    if not groups and not identity:
        return None
    kinds, language = request.registry.kinds, request.actor.language
    choose = f"{address('link')}?{urlencode({'to': subject.link})}" if _may_link(request, subject) else ""
    return RecordsFragment(
        groups=tuple(
            Group(kinds.get(name).plural.text(language), tuple(lines[:SHOWN]), tuple(lines[SHOWN:]))
            for name, lines in groups.items()
        ),
        n=len(titles), more=linked.full, empty="" if groups else say("No record is linked to it yet."),
        how="" if groups else _how(request, subject, bool(choose)), offers=_offers(request, subject, linked.direct),
        choose=choose,
        mentions=f"{address('mentions')}?{urlencode({'of': subject.link})}" if identity else "",
    )  # fmt: skip


def _line(request: Request, one: Pointing, through: dict[str, str]) -> Line:
    kind = request.registry.kinds.get(one.kind)
    return Line(
        address("record", one.key), one.title, one.status_label,
        kind.by_name[one.field].label.text(request.actor.language), through.get(one.target, ""),
        address("record", one.target) if one.target in through else "",
    )  # fmt: skip


def _how(request: Request, subject: Subject, may_link: bool) -> str:
    if subject.about == "record":
        return say("Records that name this one in a link stand here.")
    if may_link:
        return say("Make a record of it, or open one and name it there; both begin with the buttons below.")
    if request.actor.key:
        return say("Whoever may edit a record links it there; officers make a technology of a finding.")
    return say("Officers link records here once somebody acts on it.")


def pointing_kinds(request: Request, subject: Subject) -> tuple[Kind, ...]:
    """Kinds whose records can point at a subject."""
    to = record_of(request, subject).kind if subject.about == "record" else f"lookout:{subject.about}"
    return tuple(kind for kind in request.registry.kinds if links_of(kind, [(to, "")]))


def _may_link(request: Request, subject: Subject) -> bool:
    return may(request.actor, "edit") and bool(pointing_kinds(request, subject))


def _offers(request: Request, subject: Subject, direct: tuple[Pointing, ...]) -> tuple[Offer, ...]:
    """Identities that could be made of a finding of the lookout; none where there is one already."""
    if subject.about == "record":
        return ()
    there = {one.kind for one in direct}
    return tuple(
        Offer(
            f"{address('new', kind.name)}?{urlencode(beforehand(subject, kind), doseq=True)}",
            say("Agree that this is a technology")
            if kind.name == "technology"
            else say("New record: {kind}", kind=kind.label.text(request.actor.language)),
        )
        for kind in pointing_kinds(request, subject)
        if kind.identity and kind.name not in there and may_create_somewhere(request.actor, kind)
    )  # fmt: skip


def beforehand(subject: Subject, kind: Kind) -> dict[str, list[str]]:
    """What the form of a new record of a kind is filled in with: names in both languages, tracks, and the link itself."""
    known = name_of(subject)
    english = known.title_en if known else ""
    chinese = known.title_zh if known else ""
    for name in (subject.title, *subject.names):
        if has_han(name):
            chinese = chinese or name
        else:
            english = english or name
    given: dict[str, list[str]] = {}
    if isinstance(kind.by_name[kind.title], BilingualText):
        given |= {
            f"{kind.title}.{tongue}": [text] for tongue, text in (("en", english), ("zh", chinese)) if text
        }
    else:
        given[kind.title] = [subject.title]
    for f in kind.fields:
        if isinstance(f, Term) and f.part == "tracks" and (tracks := tracks_of(subject)):
            given[f.name] = list(tracks if f.many else tracks[:1])
    for f, value in links_of(kind, [(f"lookout:{subject.about}", subject.link)])[:1]:
        given[f.name] = [value]
    return given


def _labelled(request: Request, subject: Subject) -> Fragment | None:
    counts = count_labelled(request.registry, request.actor, "tracks", subject.key)
    language = request.actor.language
    return LabelledFragment(
        tuple(
            LabelLine(
                f"{address('kind', kind.name)}?{urlencode({field: subject.key})}",
                kind.plural.text(language),
                n,
            )
            for (name, field), n in counts.items()
            for kind in [request.registry.kinds.get(name)]
        )
    )


PANEL = Panel(
    "records", "Records about it", frozenset(("concept", "technology", "record")), _load, order=10, wide=True
)
LABELLED = Panel("labelled", "Records with this label", frozenset(("track",)), _labelled, order=10)
__all__ = ["LABELLED", "MOST", "PANEL", "beforehand", "pointing_kinds"]
