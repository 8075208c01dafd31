"""Values as every room's pages name them: text in two languages, tracks and regions by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from foretrack.packs.positions import load_position_rules
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.web.speech import page_language


def in_words(value: Mapping[str, str] | None) -> str:
    """Text in two languages in the page's, or in the other one where it is missing."""
    if not value:
        return ""
    first, second = ("zh", "en") if page_language() == "zh" else ("en", "zh")
    return value.get(first) or value.get(second, "")


def track_named(full_id: str) -> str:
    """A track by its name where a pack has it."""
    known = PACK_TERMS("tracks")
    return known[full_id].text(page_language()) if full_id in known else full_id


def tracks_named(tracks: Iterable[str] | None) -> tuple[str, ...]:
    """Tracks by their names."""
    return tuple(track_named(one) for one in tracks or ())


def region_named(code: str) -> str:
    """A region by its name where a pack has one."""
    label = load_position_rules(PACK_TERMS.paths).regions.get(code)
    return label.text(page_language()) if label else code
