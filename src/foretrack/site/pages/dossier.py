"""What a dossier shows on demand: records that only mention a subject, and the choice of a record to link to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, get_args
from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.foundation.errors import InputError, NotThereError
from foretrack.registry.access.permission import require
from foretrack.registry.actions.linking import Way, ways_to_link
from foretrack.registry.actions.records import show
from foretrack.registry.declaring.kind import Kind
from foretrack.search.actions.naming import body_of
from foretrack.search.actions.records import seen_by
from foretrack.search.actions.searching import search
from foretrack.site.pages.records import names_of
from foretrack.site.panels.linked import linked_to, name_of, record_of
from foretrack.site.panels.records import pointing_kinds
from foretrack.web.addresses import address, address_of_thing
from foretrack.web.panels import About, Subject
from foretrack.web.rendering import Page, Request, render

MOST_NAMES = 6
"""Names of a subject that are looked for: each is a search."""
MOST_LETTERS = 300
"""Letters of an identifier."""
SHOWN = 10
"""Records that mention a subject, or that are offered to be linked."""


@dataclass(frozen=True, slots=True)
class WayLine:
    """A record, and where it would be linked."""

    href: str
    title: str
    kind: str
    status: str
    name: str
    """The name that it mentions; empty where it was found otherwise."""
    link: str
    """The form that would link it; empty where the reader may not, or it is linked."""
    linked: bool


@dataclass(frozen=True)
class MentionsPage(Page):
    """Records that mention a subject and are not linked to it; a part of a page where htmx asks."""

    template: ClassVar[str] = "foretrack/mentions.html"
    table: ClassVar[str] = "lines"

    title: str
    href: str
    lines: tuple[WayLine, ...]
    part: bool


@dataclass(frozen=True)
class LinkPage(Page):
    """Records that could be linked to a subject."""

    template: ClassVar[str] = "foretrack/link.html"
    table: ClassVar[str] = "lines"

    to: str
    title: str
    href: str
    query: str
    kinds: tuple[str, ...]
    lines: tuple[WayLine, ...]


def subject_named(request: Request, link: str) -> Subject:
    """The subject that a link names as records hold it: a key, or `concept:ID`; NotThereError for none."""
    unit, _, name = link.rpartition(":") if ":" not in link else link.partition(":")
    if not unit:
        record = show(request.registry, request.actor, name)
        own = names_of(request.registry.kinds.get(record.kind), record)
        return Subject("record", record.key, record.title, own, values={"record": record})
    about: About | None = next((one for one in get_args(About) if one == unit and one != "record"), None)
    if about is None or not name.strip() or len(name) > MOST_LETTERS:
        raise NotThereError.of(
            "nothing is called {name!r}", expected="something of the lookout or the key of a record",
            do="follow a link of a page", name=link[:80],
        )  # fmt: skip
    subject = Subject(about, f"lookout:{unit}:{name}", name)
    known = name_of(subject)
    if known is None:  # concepts without a rank are not indexed: their identifier is their spelling
        return Subject(about, subject.key, name.replace("-", " "), (name.replace("-", " "),))
    names = [known.title_en, known.title_zh]
    if about == "concept":
        names += body_of(unit, name).split("; ")
    title = known.title(request.actor.language)
    return Subject(about, subject.key, title, tuple(dict.fromkeys(n for n in names if n)))


@require_safe
def mentions(request: Request) -> HttpResponse:
    """Records in which one of the subject's names stands, without those that are linked to it."""
    subject = subject_named(request, request.GET.get("of", ""))
    found: dict[str, str] = {}
    apart = {*linked_to(request, subject).titles, subject.name}
    for name in subject.names[:MOST_NAMES]:
        bare = name.replace('"', " ").strip()
        if not bare:
            continue
        try:
            answer = search(
                f'"{bare}"', viewer=seen_by(request.actor), units=("record",), limit=SHOWN * 2,
                language=request.actor.language, embedder=None,
            )  # fmt: skip
        except InputError:  # a name of signs alone
            continue
        for hit in answer.hits:
            if hit.why.way == "words" and hit.key not in apart:
                found.setdefault(hit.key, name)
    ways = ways_to_link(request.registry, request.actor, list(found), _links(request, subject))
    lines = tuple(_line(request, ways[key], name) for key, name in found.items() if key in ways)
    page = MentionsPage(
        subject.title, address_of_thing(subject.about, subject.name), lines[:SHOWN],
        part=request.headers.get("HX-Request") == "true",
    )  # fmt: skip
    return render(request, page)


@require_safe
def choose(request: Request) -> HttpResponse:
    """Records that may be changed by the reader and could point at the subject; what is chosen opens as its form."""
    require(request.actor, "edit")
    subject = subject_named(request, request.GET.get("to", ""))
    query = request.GET.get("q", "")[:200]
    kinds = pointing_kinds(request, subject)
    language = request.actor.language
    asked = query or " ".join(subject.names[:1])
    keys = _found(request, asked, kinds) or ([] if query else _found(request, "", kinds))
    ways = ways_to_link(request.registry, request.actor, keys, _links(request, subject))
    lines = [_line(request, ways[key], "") for key in keys if key in ways]
    page = LinkPage(
        to=subject.link, title=subject.title, href=address_of_thing(subject.about, subject.name), query=query,
        kinds=tuple(kind.plural.text(language) for kind in kinds),
        lines=tuple(line for line in lines if line.link or line.linked)[: 2 * SHOWN],
    )  # fmt: skip
    return render(request, page)


def _found(request: Request, query: str, kinds: Sequence[Kind]) -> list[str]:
    answer = search(
        query, viewer=seen_by(request.actor), units=("record",), filters={"kind": [k.name for k in kinds]},
        limit=50, language=request.actor.language,
    )  # fmt: skip
    return [hit.key for hit in answer.hits]


def _links(request: Request, subject: Subject) -> list[tuple[str, str]]:
    """What a field could hold to point at the subject, the best first: the subject itself, then what was made of it."""
    if subject.about == "record":
        return [(record_of(request, subject).kind, subject.name)]
    kinds = request.registry.kinds
    direct = linked_to(request, subject).direct
    identities = [(one.kind, one.key) for one in direct if kinds.get(one.kind).identity]
    return [(f"lookout:{subject.about}", subject.link), *identities]


def _line(request: Request, way: Way, name: str) -> WayLine:
    link = f"{address('edit', way.key)}?{urlencode({way.field: way.value})}" if way.field else ""
    kind = request.registry.kinds.get(way.kind).label.text(request.actor.language)
    return WayLine(address("record", way.key), way.title, kind, way.status_label, name, link, way.linked)
