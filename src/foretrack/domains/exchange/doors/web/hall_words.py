"""Values of the hall as its pages tell them: text, tracks, regions, options, and how long until a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from foretrack.domains.exchange.embargo import left
from foretrack.registry.declaring.fields import Choice
from foretrack.registry.declaring.kind import Kind
from foretrack.web.addresses import address
from foretrack.web.speech import page_language, say


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
