"""A kind as the columns of a spreadsheet: a body to cells and back without a loss.

One column a field, two (`title_en`, `title_zh`) for bilingual text; in front `key`, `revision`, `status`, `visibility`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from foretrack.packs.shapes import LANGUAGES, Bilingual
from foretrack.registry.declaring.fields import BilingualText, Field, Json, escaped, split_cell
from foretrack.registry.declaring.kind import Kind

Cell: TypeAlias = str | int | float | None
"""One cell: text, a number, or nothing."""

_LANGUAGE_LABELS = {"en": Bilingual(" (English)", "（英文）"), "zh": Bilingual(" (Chinese)", "（中文）")}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a kind's table."""

    name: str
    """Its header in a file: `key`, `staff`, `title_en`."""
    label: Bilingual
    """Its header for people; accepted in a file too."""
    field: Field | None = None
    """None for a record's own columns."""
    language: str = ""
    """`en` or `zh` for one half of bilingual text."""

    def help(self, language: str) -> str:
        """What belongs into the column."""
        return self.field.help.text(language) if self.field else ""


KEY = Column("key", Bilingual("Record key", "记录编号"))
REVISION = Column("revision", Bilingual("Revision", "版本"))
STATUS = Column("status", Bilingual("Status", "状态"))
VISIBILITY = Column("visibility", Bilingual("Visibility", "可见范围"))
OWN = (KEY, REVISION, STATUS, VISIBILITY)


def columns_of(kind: Kind, fields: Iterable[Field] | None = None) -> tuple[Column, ...]:
    """The columns of a kind: the record's own, then those of its fields (or of `fields`) in their order."""
    made = list(OWN)
    for f in kind.fields if fields is None else fields:
        made += field_columns(f)
    return tuple(made)


def field_columns(field: Field) -> tuple[Column, ...]:
    """The one column of a field, or the two of bilingual text."""
    if not isinstance(field, BilingualText):
        return (Column(field.name, field.label, field),)
    return tuple(
        Column(
            f"{field.name}_{language}",
            Bilingual(field.label.en + said.en, field.label.zh + said.zh),
            field,
            language,
        )
        for language, said in _LANGUAGE_LABELS.items()
    )


def cells_of(fields: Iterable[Field], body: Mapping[str, Json]) -> dict[str, Cell]:
    """Column to cell for every field that the body fills.

    >>> from foretrack.registry.declaring.fields import Number
    >>> title = BilingualText(name="title", label=Bilingual("Title", "标题"))
    >>> staff = Number(name="staff", label=Bilingual("Staff", "人数"))
    >>> cells_of([title, staff], {"title": {"zh": "电池"}, "staff": 12})
    {'title_zh': '电池', 'staff': 12}
    """
    made: dict[str, Cell] = {}
    for f in fields:
        value = body.get(f.name)
        if value is None:
            continue
        if not isinstance(f, BilingualText):
            made[f.name] = f.cell(value)
            continue
        for language in LANGUAGES:
            cell = _half(f, value, language)
            if cell is not None:
                made[f"{f.name}_{language}"] = cell
    return made


def _half(field: BilingualText, value: Json, language: str) -> str | None:
    if not field.many:
        text = value.get(language)
        return None if text is None else str(text)
    # The values of both columns belong together by their places, so a missing half keeps its place.
    parts = [one.get(language, "") for one in value]
    return "; ".join(escaped(part) for part in parts) if any(parts) else None


def values_of(
    fields: Iterable[Field], cells: Mapping[str, Json], before: Mapping[str, Json] | None = None
) -> dict[str, Json]:
    """Raw values for `read_fields`, from the cells of one row; only fields that have a column there.

    Args:
        cells: column to cell; a column that is there and empty takes the value out.
        before: the body that the row changes: bilingual text with only one of its columns keeps its other half.

    >>> title = BilingualText(name="title", label=Bilingual("Title", "标题"))
    >>> values_of([title], {"title_en": "Battery"}, {"title": {"zh": "电池"}})
    {'title': {'en': 'Battery', 'zh': '电池'}}
    """
    made: dict[str, Json] = {}
    for f in fields:
        if not isinstance(f, BilingualText):
            if f.name in cells:
                made[f.name] = cells[f.name]
            continue
        names = {language: f"{f.name}_{language}" for language in LANGUAGES}
        if not any(name in cells for name in names.values()):
            continue
        old = (before or {}).get(f.name)
        halves = {
            language: cells[name] if name in cells else (_half(f, old, language) if old else None)
            for language, name in names.items()
        }
        made[f.name] = _paired(halves) if f.many else _given(halves)
    return made


def _given(halves: Mapping[str, Json]) -> dict[str, str]:
    return {language: _text(cell) for language, cell in halves.items() if _text(cell).strip()}


def _paired(halves: Mapping[str, Json]) -> list[dict[str, str]]:
    parts = {
        language: split_cell(_text(cell), keep_places=True) if _text(cell).strip() else []
        for language, cell in halves.items()
    }
    longest = max(len(texts) for texts in parts.values())
    made = [
        {language: texts[i] for language, texts in parts.items() if i < len(texts) and texts[i]}
        for i in range(longest)
    ]
    return [one for one in made if one]


def _text(cell: Json) -> str:
    return "" if cell is None else str(cell)
