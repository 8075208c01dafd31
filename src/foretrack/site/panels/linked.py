"""The records that are linked to a subject: several panels ask, the registry is asked once a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.http import HttpRequest

from foretrack.lists.actions.standing import Standing, standings
from foretrack.packs.loading import load_packs
from foretrack.registry.actions.pointing import RECORD, Pointing, keys_of, pointing_to
from foretrack.registry.actions.records import show
from foretrack.registry.answers import RecordPage
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.search.actions.naming import Named, named
from foretrack.web.panels import Subject
from foretrack.web.rendering import Request

MOST = 200
"""Links that a dossier looks at."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Records that point at a subject, as far as the reader may see them."""

    direct: tuple[Pointing, ...]
    through: tuple[Pointing, ...]
    """Records that point at an identity among `direct`, such as the technology that was made of a concept."""

    @property
    def titles(self) -> dict[str, str]:
        """Key to title."""
        return {one.key: one.title for one in (*self.direct, *self.through)}

    @property
    def full(self) -> bool:
        """There are more than were looked at."""
        return len(self.direct) >= MOST or len(self.through) >= MOST


_FOUND: WeakKeyDictionary[HttpRequest, dict[tuple[str, str, str], Any]] = WeakKeyDictionary()
T = TypeVar("T")


def _once(what: Callable[[Request, Subject], T]) -> Callable[[Request, Subject], T]:
    """Asks once a page, however many panels want to know."""

    @wraps(what)
    def asked(request: Request, subject: Subject) -> T:
        kept = _FOUND.setdefault(request, {})
        at = (what.__name__, subject.about, subject.name)
        if at not in kept:
            kept[at] = what(request, subject)
        found: T = kept[at]
        return found

    return asked


@_once
def linked_to(request: Request, subject: Subject) -> Linked:
    """The records that point at a subject, and those that point at it through an identity."""
    return _asked(request, subject)


def _asked(request: Request, subject: Subject) -> Linked:
    registry, actor = request.registry, request.actor
    if subject.about == "record":
        targets = [(RECORD, key) for key in keys_of(registry, actor, subject.name)]
        return Linked(pointing_to(registry, actor, targets, most=MOST), ())
    direct = pointing_to(registry, actor, [(subject.about, subject.name)], most=MOST)
    identities = [one.key for one in direct if registry.kinds.get(one.kind).identity]
    through = pointing_to(registry, actor, [(RECORD, key) for key in identities], most=MOST)
    there = {one.key for one in direct}
    return Linked(direct, tuple(one for one in through if one.key not in there))


@_once
def standing_keys(request: Request, subject: Subject) -> dict[str, str]:
    """Key to title of the records whose lists and targets concern a subject: itself, and what points at an identity."""
    if subject.about != "record":
        return linked_to(request, subject).titles
    own = {subject.name: subject.title}
    identity = request.registry.kinds.get(record_of(request, subject).kind).identity
    return {**own, **linked_to(request, subject).titles} if identity else own


@_once
def standings_of(request: Request, subject: Subject) -> tuple[Standing, ...]:
    """Where the records that concern a subject stand in published lists today."""
    return standings(standing_keys(request, subject), request.registry.now().date())


@_once
def record_of(request: Request, subject: Subject) -> RecordPage:
    """The record that a subject is, as its page has read it already, or read now."""
    read = (subject.values or {}).get("record")
    return read if isinstance(read, RecordPage) else show(request.registry, request.actor, subject.name)


def name_of(subject: Subject) -> Named | None:
    """What the index knows of a subject of the lookout: its names in both languages and its tracks."""
    at = (subject.about, subject.name)
    return named([at]).get(at)


def tracks_of(subject: Subject) -> tuple[str, ...]:
    """Tracks of a subject of the lookout, as `pack/track`."""
    if subject.tracks:
        return subject.tracks
    known = name_of(subject)
    return full_tracks(known.facets.get("track", ()) if known else ())


def full_tracks(names: Iterable[str]) -> tuple[str, ...]:
    """Tracks as `pack/track`; one without its pack is that of the newest pack which has it.

    >>> full_tracks(["nuclear-energy"])[0].endswith("/nuclear-energy"), full_tracks(["invented"])
    (True, ())
    """
    known = PACK_TERMS("tracks")
    newest = {pack.id: pack.valid_from for pack in load_packs(PACK_TERMS.paths)}
    found = []
    for name in names:
        fits = [one for one in known if one == name or one.partition("/")[2] == name]
        if fits:
            found.append(max(fits, key=lambda one: newest.get(one.partition("/")[0], "")))
    return tuple(dict.fromkeys(found))
