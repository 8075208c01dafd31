"""Values of the hall as its pages tell them: text, tracks, regions, options, and how long until a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from foretrack.domains.exchange.embargo import left
from foretrack.packs.positions import load_position_rules
from foretrack.registry.declaring.fields import Choice
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.web.addresses import address
from foretrack.web.speech import page_language, say


def in_words(value: Mapping[str, str] | None) -> str:
    """Text in two languages in the page's, or in the other one where it is missing."""
    if not value:
        return ""
    first, second = ("zh", "en") if page_language() == "zh" else ("en", "zh")
    return value.get(first) or value.get(second, "")


def track_named(full_id: str) -> str:
    """A track by its name."""
    known = PACK_TERMS("tracks")
    return known[full_id].text(page_language()) if full_id in known else full_id


def tracks_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Tracks by their names."""
    return tuple(track_named(one) for one in values.get("tracks") or ())


def region_named(code: str) -> str:
    """A region by its name where a pack has one."""
    label = load_position_rules(PACK_TERMS.paths).regions.get(code)
    return label.text(page_language()) if label else code


def options_of(kind: Kind, name: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The options that a choice holds, by their labels."""
    declared = kind.by_name[name]
    if not isinstance(declared, Choice):
        return ()
    return tuple(declared.show_one(one, page_language()) for one in declared.facet_values(values.get(name)))


def countdown(until: datetime, now: datetime) -> str:
    """How long it is until a moment, to the minute; said when the page was made."""
    days, hours, minutes = left(until, now)
    if days:
        return say("in {d} days and {h} hours", d=days, h=hours)
    if hours:
        return say("in {h} hours and {m} minutes", h=hours, m=minutes)
    return say("in {m} minutes", m=minutes)


def with_query(name: str, **query: str) -> str:
    """The address of a page with what is asked of it."""
    return f"{address(name)}?{urlencode(query)}"
