"""What of the policy a record is labelled with: entries of packs, their clauses, systems that its kind serves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from foretrack.packs.shapes import Bilingual, Pack
from foretrack.registry.declaring.fields import Term
from foretrack.site.pages.packs import PARTS, STANDING_WORDS, known_packs
from foretrack.site.panels.linked import record_of
from foretrack.web.addresses import address
from foretrack.web.panels import Fragment, Panel, Subject
from foretrack.web.rendering import Request
from foretrack.web.speech import say


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry of a pack."""

    href: str
    label: str
    part: str
    under: str
    """The direction of a track; empty for other entries."""
    pack: str
    clause: str
    clause_href: str


@dataclass(frozen=True, slots=True)
class SystemLine:
    """A system of the policy that records of this kind serve."""

    label: str
    href: str
    standing: str


@dataclass(frozen=True)
class PolicyFragment(Fragment):
    """Entries of packs and systems."""

    template: ClassVar[str] = "foretrack/panels/policy.html"

    entries: tuple[EntryLine, ...]
    systems: tuple[SystemLine, ...]


def entries_of(names: Iterable[str], language: str) -> tuple[EntryLine, ...]:
    """Entries by their full ids, those that no pack has left out."""
    wanted = dict.fromkeys(names)
    found: dict[str, EntryLine] = {}
    for pack in known_packs():
        for part, heading in PARTS.items():
            for entry in getattr(pack, part, ()):
                if (full := pack.full_id(entry.id)) in wanted:
                    found.setdefault(full, _entry(pack, entry, say(heading), language))
    return tuple(found[name] for name in wanted if name in found)


def _entry(pack: Pack, entry: Any, part: str, language: str) -> EntryLine:
    direction = getattr(entry, "direction", "")
    clause = next((c for c in pack.clauses if c.id == getattr(entry, "clause", "")), None)
    label: Bilingual = entry.label
    return EntryLine(
        address("pack entry", pack.id, entry.id), label.text(language), part,
        next((d.label.text(language) for d in pack.directions if d.id == direction), ""), pack.title.text(language),
        clause.label.text(language) if clause and clause.id != entry.id else "",
        address("pack entry", pack.id, clause.id) if clause else "",
    )  # fmt: skip


def _systems(kind: str, language: str) -> tuple[SystemLine, ...]:
    return tuple(
        SystemLine(
            row.label.text(language),
            address("pack entry", pack.id, row.clause)
            if any(c.id == row.clause for c in pack.clauses)
            else "",
            say(STANDING_WORDS[row.standing]),
        )
        for pack in known_packs()
        for row in pack.systems
        if any(service.what == "kind" and service.name == kind for service in row.served_by)
    )


def _load(request: Request, subject: Subject) -> Fragment | None:
    language, record = request.actor.language, record_of(request, subject)
    kind = request.registry.kinds.get(record.kind)
    entries = entries_of(
        (
            value
            for f in kind.fields
            if isinstance(f, Term) and f.name in record.values
            for value in f.facet_values(record.values[f.name])
        ),
        language,
    )
    systems = _systems(kind.name, language)
    return PolicyFragment(entries, systems) if entries or systems else None


PANEL = Panel("policy", "What the policy says", frozenset(("record",)), _load, order=50)
"""Concepts and technologies say their tracks, with clauses and probabilities, beside their figures."""
