"""What things beside records are called, and the little that others show of them: asked by their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from foretrack.search.models import Indexed, Text


@dataclass(frozen=True, slots=True)
class Named:
    """A thing as everybody may know it."""

    unit: str
    key: str
    title_en: str
    title_zh: str
    facets: Mapping[str, tuple[str, ...]]

    def title(self, language: str) -> str:
        """What it is called in a language, or in the other one."""
        first, second = (self.title_zh, self.title_en) if language == "zh" else (self.title_en, self.title_zh)
        return first or second


def named(things: Iterable[tuple[str, str]], *, using: str = "default") -> Mapping[tuple[str, str], Named]:
    """(unit, key) to what is public of each thing that is indexed. Records are not told: theirs is the registry."""
    by_unit: dict[str, list[str]] = {}
    for unit, key in things:
        if unit != "record":
            by_unit.setdefault(unit, []).append(key)
    found = {}
    for unit, keys in by_unit.items():
        rows = Indexed.objects.using(using).filter(unit=unit, key__in=keys, visibility="public")
        for row in rows.values("key", "title_en", "title_zh", "facets"):
            facets = {name: tuple(values) for name, values in row["facets"].items()}
            found[unit, row["key"]] = Named(unit, row["key"], row["title_en"], row["title_zh"], facets)
    return found


def body_of(unit: str, key: str, *, using: str = "default") -> str:
    """The public text of a thing beside its title, such as the spellings of a concept; empty where it has none."""
    row = (
        Text.objects.using(using)
        .filter(indexed__unit=unit, indexed__key=key, indexed__visibility="public")
        .values_list("shown", flat=True)
        .first()
    )
    return row or ""
