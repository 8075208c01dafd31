"""Values of profiles as their pages tell them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from foretrack.packs.positions import load_position_rules
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.web.speech import page_language


def in_words(value: Mapping[str, str] | None) -> str:
    """Text in two languages in the page's, or in the other one where it is missing."""
    if not value:
        return ""
    first, second = ("zh", "en") if page_language() == "zh" else ("en", "zh")
    return value.get(first) or value.get(second, "")


def tracks_named(tracks: Iterable[str] | None) -> tuple[str, ...]:
    """Tracks by their names."""
    known = PACK_TERMS("tracks")
    return tuple(known[one].text(page_language()) if one in known else one for one in tracks or ())


def region_named(code: Any) -> str:
    """A region by its name where a pack has one."""
    label = load_position_rules(PACK_TERMS.paths).regions.get(str(code or ""))
    return label.text(page_language()) if label else str(code or "")
