"""Packs as JSON values and as rows of tables: what a command, a page and an API show of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, TypeAlias

from foretrack.packs.clause_map import SystemRow, standings
from foretrack.packs.loading import PARTS
from foretrack.packs.rule_shapes import Ends, Rule
from foretrack.packs.schemes import Crosswalk
from foretrack.packs.shapes import Pack

Json: TypeAlias = dict[str, Any]
_HIDDEN = ("folder", "others", "rule", "pack")
"""Fields that are for the program: where a pack lies, and rules inside rules."""


def describe_value(value: Any) -> Any:
    """A value of a pack as JSON: dataclasses become objects, stretches their signs, days ISO text.

    >>> describe_value(Ends(3, False, 5, True))
    '[3, 5)'
    """
    if isinstance(value, Ends):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        shown = (f for f in fields(value) if f.name not in _HIDDEN and not f.name.startswith("_"))
        return {field.name: describe_value(getattr(value, field.name)) for field in shown}
    if isinstance(value, Mapping):
        return {str(key): describe_value(part) for key, part in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(describe_value(part) for part in value)
    if isinstance(value, list | tuple):
        return [describe_value(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def describe_line(pack: Pack, on: str) -> Json:
    """One line of a list of packs.

    >>> from foretrack.packs.loading import load_packs
    >>> calendar = next(pack for pack in load_packs() if pack.id == "calendar-cn")
    >>> line = describe_line(calendar, "2026-11-27")
    >>> line["pack"], line["in_force"], line["holds"]
    ('calendar-cn', True, {'calendars': 1})
    """
    return {
        "pack": pack.id,
        "version": pack.version,
        "title": describe_value(pack.title),
        "jurisdiction": pack.jurisdiction,
        "valid_from": pack.valid_from,
        "valid_to": pack.valid_to,
        "in_force": pack.valid_on(on),
        "confidence": pack.confidence,
        "holds": {part: len(getattr(pack, part)) for part in PARTS if getattr(pack, part)},
        "fingerprint": pack.fingerprint,
    }


def describe_pack(pack: Pack, on: str) -> Json:
    """All that a pack says, with its sources."""
    return {
        **describe_line(pack, on),
        "document_number": pack.document_number,
        "issuers": describe_value(pack.issuers),
        "note": describe_value(pack.note),
        "sources": describe_value(pack.sources),
        **{part: describe_value(getattr(pack, part)) for part in PARTS},
    }


def entry_rows(pack: Pack) -> Iterator[Json]:
    """Every entry of a pack as a row: part, id, label, clause, source, confidence; what stands inside follows it."""
    for part in PARTS:
        for entry in getattr(pack, part):
            yield _row(part, entry)
            if isinstance(entry, Rule):
                for indicator in (i for i in entry.indicators if i not in pack.indicators):
                    yield _row(f"{part}/{entry.id}/indicators", indicator)
            for criterion in getattr(entry, "criteria", ()):
                yield _row(f"{part}/{entry.id}/criteria", criterion)
            for concept in getattr(entry, "concepts", ()):
                yield _row(f"{part}/{entry.id}", concept)
            for core in getattr(entry, "core_technologies", ()):
                yield {
                    **_row("core-technologies", core),
                    "clause": entry.clause,
                    "source": ", ".join(entry.source),
                    "confidence": entry.confidence,
                }


def _row(part: str, entry: Any) -> Json:
    return {
        "part": part,
        "id": entry.id,
        "label_en": entry.label.en,
        "label_zh": entry.label.zh,
        "clause": getattr(entry, "clause", ""),
        "source": ", ".join(getattr(entry, "source", ())),
        "confidence": getattr(entry, "confidence", ""),
    }


def mapping_rows(walk: Crosswalk) -> Iterator[Json]:
    """Every statement of a crosswalk as a row; a concept without counterpart has the relation `none`."""
    shared = {"crosswalk": walk.id, "origin": walk.origin, "destination": walk.destination}
    for mapping in walk.mappings:
        yield {
            **shared,
            "from": mapping.source,
            "relation": mapping.relation,
            "to": mapping.target,
            "confidence": mapping.confidence,
            "note_en": mapping.note.en,
            "note_zh": mapping.note.zh,
        }
    for name in walk.unmapped:
        yield {
            **shared, "from": name, "relation": "none", "to": None, "confidence": walk.confidence,
            "note_en": "", "note_zh": "",
        }  # fmt: skip


def system_row(row: SystemRow) -> Json:
    """One row of a clause map."""
    return {
        "id": row.id,
        "clause": row.clause,
        "label": describe_value(row.label),
        "mechanisms": list(row.mechanisms),
        "standing": row.standing,
        "served_by": [{"what": service.what, "name": service.name} for service in row.served_by],
        "missing": describe_value(row.missing),
        "waits_for": row.waits_for or None,
        "source": list(row.source),
        "confidence": row.confidence,
    }


def describe_clause_map(pack: Pack) -> Json:
    """The clause map of a pack: how many rows stand how, and the rows."""
    counted = standings(pack)
    return {
        "pack": pack.id,
        "version": pack.version,
        "served": counted["served"],
        "partly": counted["partly"],
        "not_yet": counted["not yet"],
        "rows": [system_row(row) for row in pack.systems],
    }
