"""The policy as data: packs, their entries with source and confidence, and the clause map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import NoReverseMatch
from django.views.decorators.http import require_safe

from foretrack.foundation.errors import NotThereError
from foretrack.packs.clause_map import Service, SystemRow, standings
from foretrack.packs.loading import load_packs
from foretrack.packs.shapes import Bilingual, Entry, Pack
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.web.addresses import address
from foretrack.web.panels import Subject
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, say
from foretrack.web.values import CONFIDENCE

PARTS: Mapping[str, str] = {
    "directions": "Directions",
    "tracks": "Tracks",
    "products": "Iconic products",
    "targets": "Targets",
    "clauses": "Clauses",
    "schemes": "Taxonomies",
    "crosswalks": "Crosswalks",
    "calendars": "Calendars",
    "rules": "Rules",
    "overlays": "Overlays of rules",
    "rubrics": "Score sheets",
    "calls": "Templates of calls",
}
"""Part of a pack to its heading, in the order of the page."""


PAGE_WORDS = Words(
    {
        "deals": "Deals", "deal register": "Register of deals", "services": "Directory of services",
        "catalogue of applications": "Technologies to apply", "catalogue of firsts": "First sets",
        "guidance catalogue": "Guidance catalogue",
        "lookout": "Lookout", "concepts": "Concepts", "technologies": "Technologies", "tracks": "Tracks",
        "matches": "Matches", "match figures": "Figures of matching",
        "lookout map": "Map of technologies", "radar": "Radar", "compare years": "Compare two years",
        "scoreboard": "Scoreboard", "positions": "Who leads", "links": "Pairs that are likely to meet",
        "candidates": "Candidates",
        "maturity": "Levels by evidence", "accredited bodies": "Register of service bodies",
        "lists": "Lists", "targets": "Targets", "alerts": "Alerts", "packs": "Policy", "clauses": "Clause map",
        "search": "Search", "tasks": "My tasks", "audit": "Audit log", "calls": "Calls", "cases": "Cases",
        "opportunities": "Opportunities", "benchmarks": "Benchmark scenarios by region", "enterprises": "Enterprises",
        "hall": "Release hall",
        "exhibitions": "Exhibitions",
    }
)  # fmt: skip
"""Pages that a clause map may name, by the names of their addresses."""
STANDING_WORDS = {"served": "Served", "partly": "Served in part", "not yet": "Not yet"}
MECHANISM_WORDS = {
    "registry": "registry", "taxonomy": "taxonomy", "workflow": "workflow", "call": "calls and review", "list": "lists",
    "rule": "rules", "matching": "matching", "search": "search", "watch": "watching", "graph": "graph",
    "booking": "booking", "target": "targets", "ledger": "ledger", "ingest": "taking in documents",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """How well something is known."""

    code: str
    meaning: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where facts were read."""

    title: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of a pack."""

    href: str
    id: str
    label: str
    other: str
    """The label in the other language, where it has one."""
    mark: Mark
    under: str
    """What it belongs to: the direction of a track, the clause of a target."""


@dataclass(frozen=True, slots=True)
class PartLines:
    """One part of a pack."""

    name: str
    heading: str
    entries: tuple[EntryLine, ...]


@dataclass(frozen=True, slots=True)
class PackLine:
    """One pack in the list of packs."""

    id: str
    title: str
    other: str
    jurisdiction: str
    number: str
    valid_from: str
    valid_to: str
    mark: Mark
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class PacksPage(Page):
    """All packs."""

    template: ClassVar[str] = "foretrack/packs.html"

    packs: tuple[PackLine, ...]


@dataclass(frozen=True)
class PackPage(Page):
    """One pack with its entries."""

    template: ClassVar[str] = "foretrack/pack.html"

    pack: PackLine
    issuers: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    parts: tuple[PartLines, ...]
    has_map: bool


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """What serves a system: a kind, a command or a page."""

    what: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class SystemLine:
    """One system that the policy calls for."""

    id: str
    label: str
    other: str
    clause: str
    clause_href: str
    mechanisms: str
    standing: str
    standing_word: str
    services: tuple[ServiceLine, ...]
    missing: str
    waits_for: str
    mark: Mark


@dataclass(frozen=True)
class ClausesPage(Page):
    """The clause map: what serves each system of the policy, and what nothing serves yet."""

    template: ClassVar[str] = "foretrack/clauses.html"

    pack: PackLine
    rows: tuple[SystemLine, ...]
    standings: tuple[tuple[str, str, int], ...]
    """Standing, its word, and how many rows have it."""
    chosen: str


@dataclass(frozen=True)
class EntryPage(Page):
    """One entry of a pack."""

    template: ClassVar[str] = "foretrack/pack_entry.html"

    pack: PackLine
    full_id: str
    part: str
    label: str
    other: str
    fact: str
    note: str
    mark: Mark
    clause: EntryLine | None
    sources: tuple[SourceLine, ...]
    facts: tuple[tuple[str, str], ...]
    aliases: tuple[tuple[str, str], ...]
    """Language tag and the other names in it."""
    subject: Subject | None
    """Of a track: what the rooms know of it."""
    below: tuple[EntryLine, ...]
    """Entries that belong to this one: the tracks of a direction, what a clause calls for."""


def mark_of(code: str) -> Mark:
    """A confidence mark with its meaning."""
    return Mark(code, say(CONFIDENCE[code]) if code in CONFIDENCE else "")


def known_packs() -> tuple[Pack, ...]:
    """The packs of this installation."""
    return load_packs(PACK_TERMS.paths)


def find_pack(pack_id: str) -> Pack:
    """The pack with an id; NotThereError for none."""
    for pack in known_packs():
        if pack.id == pack_id:
            return pack
    raise NotThereError.of(
        "there is no pack {name!r}", expected="the id of an installed pack", do="look at the list of packs",
        name=pack_id[:60],
    )  # fmt: skip


def pack_line(pack: Pack, language: str) -> PackLine:
    """A pack in words."""
    return PackLine(
        pack.id, pack.title.text(language), _other(pack.title, language), pack.jurisdiction or "",
        pack.document_number or "", pack.valid_from, pack.valid_to or "", mark_of(pack.confidence),
        tuple(
            (say(heading), len(getattr(pack, part, ()))) for part, heading in PARTS.items() if getattr(pack, part, ())
        ),
    )  # fmt: skip


def _other(label: Bilingual, language: str) -> str:
    other = label.en if language == "zh" else label.zh
    return other if other != label.text(language) else ""


def entry_line(pack: Pack, entry: Entry, language: str) -> EntryLine:
    """An entry in words."""
    direction = getattr(entry, "direction", "")
    under = next((d.label.text(language) for d in pack.directions if d.id == direction), entry.clause)
    return EntryLine(
        address("pack entry", pack.id, entry.id), entry.id, entry.label.text(language),
        _other(entry.label, language), mark_of(entry.confidence), under,
    )  # fmt: skip


@require_safe
def packs(request: Request) -> HttpResponse:
    """All packs."""
    return render(request, PacksPage(tuple(pack_line(p, request.actor.language) for p in known_packs())))


@require_safe
def pack(request: Request, pack_id: str) -> HttpResponse:
    """One pack."""
    found, language = find_pack(pack_id), request.actor.language
    return render(
        request,
        PackPage(
            pack=pack_line(found, language),
            issuers=tuple(i.text(language) for i in found.issuers),
            sources=tuple(SourceLine(s.title, mark_of(s.confidence)) for s in found.sources),
            parts=tuple(
                PartLines(
                    part, say(heading), tuple(entry_line(found, e, language) for e in getattr(found, part))
                )
                for part, heading in PARTS.items()
                if getattr(found, part, ())
            ),
            has_map=bool(found.systems),
        ),
    )


@require_safe
def pack_entry(request: Request, pack_id: str, entry_id: str) -> HttpResponse:
    """One entry of a pack, with where it was read and how well it is known."""
    found, language = find_pack(pack_id), request.actor.language
    for part, heading in PARTS.items():
        for entry in getattr(found, part, ()):
            if entry.id == entry_id:
                return render(request, _entry_page(found, entry, say(heading), language))
    raise NotThereError.of(
        "the pack {pack} has no entry {name!r}", expected="the id of an entry",
        do="look at the page of the pack", pack=found.id, name=entry_id[:60],
    )  # fmt: skip


@require_safe
def clauses(request: Request) -> HttpResponse:
    """The clause map of the first pack that has one: the honest table of contents of the product."""
    language = request.actor.language
    pack = next((p for p in known_packs() if p.systems), None)
    if pack is None:
        raise NotThereError.of(
            "no installed pack has a clause map", expected="a pack with one", do="look at the list of packs"
        )
    chosen = request.GET.get("standing", "")
    kinds = request.registry.kinds.kinds
    return render(
        request,
        ClausesPage(
            pack=pack_line(pack, language),
            rows=tuple(
                _system(pack, row, kinds, language) for row in pack.systems if chosen in ("", row.standing)
            ),
            standings=tuple((name, say(STANDING_WORDS[name]), n) for name, n in standings(pack).items()),
            chosen=chosen,
        ),
    )


def _system(pack: Pack, row: SystemRow, kinds: Mapping[str, Kind], language: str) -> SystemLine:
    clause = next((c for c in pack.clauses if c.id == row.clause), None)
    return SystemLine(
        row.id, row.label.text(language), _other(row.label, language), row.clause,
        address("pack entry", pack.id, clause.id) if clause else "",
        say("; ").join(say(MECHANISM_WORDS[m]) for m in row.mechanisms), row.standing, say(STANDING_WORDS[row.standing]),
        tuple(_service(service, kinds, language) for service in row.served_by),
        row.missing.text(language) if row.missing else "", row.waits_for, mark_of(row.confidence),
    )  # fmt: skip


def _service(service: Service, kinds: Mapping[str, Kind], language: str) -> ServiceLine:
    if service.what == "kind" and service.name in kinds:
        return ServiceLine(
            say("Kind"), kinds[service.name].plural.text(language), address("kind", service.name)
        )
    if service.what == "page":
        words = PAGE_WORDS.get(service.name)
        return ServiceLine(say("Page"), say(words) if words else service.name, _page_address(service.name))
    return ServiceLine(say("Command"), f"foretrack {service.name}", "")


def _page_address(name: str) -> str:
    """Where a page that the clause map names is; empty for one that takes part of an address."""
    try:
        return address(name)
    except NoReverseMatch:
        return ""


def _entry_page(pack: Pack, entry: Any, part: str, language: str) -> EntryPage:
    clause = next((c for c in pack.clauses if c.id == entry.clause and c.id != entry.id), None)
    below = [t for t in pack.tracks if t.direction == entry.id] or [
        e
        for name in ("directions", "tracks", "products", "targets")
        for e in getattr(pack, name)
        if e.clause == entry.id
    ]
    titles = {s.id: s for s in pack.sources}
    definition = getattr(entry, "definition", Bilingual())
    return EntryPage(
        pack=pack_line(pack, language), full_id=pack.full_id(entry.id), part=part, label=entry.label.text(language),
        other=_other(entry.label, language), fact=definition.text(language) or str(getattr(entry, "fact", "")),
        note=str(getattr(entry, "note", "")), mark=mark_of(entry.confidence),
        clause=entry_line(pack, clause, language) if clause else None,
        sources=tuple(SourceLine(titles[s].title, mark_of(titles[s].confidence)) for s in entry.source if s in titles),
        facts=tuple(_facts(pack, entry, language)),
        aliases=tuple(
            ({"en": "en", "zh": "zh-Hans"}[tongue], "; ".join(names))
            for tongue, names in getattr(entry, "aliases", {}).items()
            if names
        ),
        subject=Subject("track", pack.full_id(entry.id), entry.label.text(language)) if entry in pack.tracks else None,
        below=tuple(entry_line(pack, e, language) for e in below),
    )  # fmt: skip


def _facts(pack: Pack, entry: Any, language: str) -> list[tuple[str, str]]:
    found = []
    for criterion in getattr(entry, "criteria", ()):
        said = "; ".join(f"{points} = {label.text(language)}" for points, label in criterion.anchors.items())
        share = criterion.weight / sum(one.weight for one in entry.criteria)
        line = say(
            "{question} 0 to {most} points, {share} of the total. {anchors}", question=criterion.question.text(language),
            most=criterion.most, share=f"{share:.0%}", anchors=said,
        )  # fmt: skip
        found.append((criterion.label.text(language), line.strip()))
    if direction := getattr(entry, "direction", ""):
        name = next((d.label.text(language) for d in pack.directions if d.id == direction), direction)
        found.append((say("Direction"), name))
    if getattr(entry, "by", ""):
        found.append((say("By"), str(entry.by)))
    if getattr(entry, "value", None) is not None:
        found.append((say("Wanted"), f"{entry.operator} {entry.value:g} {entry.unit or ''}".strip()))
    if tracks := getattr(entry, "tracks", ()):
        labels = {t.id: t.label.text(language) for t in pack.tracks}
        found.append((say("Tracks"), "; ".join(labels.get(t, t) for t in tracks)))
    return found
