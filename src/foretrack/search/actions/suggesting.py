"""`suggest`: what somebody who is still typing may mean, by the beginnings of words in titles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db.models import Q

from foretrack.language.chinese import has_han, simplify
from foretrack.search.actions.holding import held
from foretrack.search.models import Indexed
from foretrack.search.shapes import VISITOR, Viewer

SHORTEST = 2
"""Letters from which on something is suggested; one Chinese character is enough."""
LONGEST = 100
_LOOKED_AT = 200
"""Titles that are looked at."""
_ORDER = ("concept", "technology", "record", "list", "document")
"""Units of equally good titles, the first first."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that may be meant."""

    unit: str
    key: str
    kind: str
    title: str


def suggest(
    text: str, *, viewer: Viewer = VISITOR, language: str = "en", limit: int = 8, using: str = "default"
) -> tuple[Suggestion, ...]:
    """Things in whose title a word begins with the text; a Chinese text may stand anywhere in it. The shortest first."""
    typed = " ".join(simplify(text).split())[:LONGEST]
    if not typed or (len(typed) < SHORTEST and not has_han(typed)):
        return ()
    columns = held(using=using).columns
    visible = columns.visible(viewer)
    if not visible.any():
        return ()
    begins = Q(title_en__istartswith=typed) | Q(title_zh__istartswith=typed)
    within = f"{'' if has_han(typed) else ' '}{typed}"
    inside = Q(title_en__icontains=within) | Q(title_zh__icontains=within)
    found: dict[tuple[str, str], tuple[tuple[int, int, int, str], Suggestion]] = {}
    for place, where in enumerate((begins, inside)):
        rows = Indexed.objects.using(using).filter(where).order_by("id")
        for number, unit, key, kind, en, zh in rows.values_list(
            "id", "unit", "key", "kind", "title_en", "title_zh"
        )[:_LOOKED_AT]:
            at = int(columns.place_of[number]) if number < len(columns.place_of) else -1
            if at < 0 or not bool(np.asarray(visible)[at]):
                continue
            title = (zh or en) if language == "zh" else (en or zh)
            if typed.casefold() not in title.casefold():
                title = next((one for one in (en, zh) if typed.casefold() in one.casefold()), title)
            order = (place, _ORDER.index(unit) if unit in _ORDER else len(_ORDER), len(title), title)
            found.setdefault((unit, key), (order, Suggestion(unit, key, kind, title)))
        if len(found) >= limit:
            break
    return tuple(one for _, one in sorted(found.values(), key=lambda pair: pair[0]))[:limit]
