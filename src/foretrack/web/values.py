"""Values of records as pages show them: text and where it leads, with its source and how well it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foretrack.registry.declaring.fields import BilingualText, Email, Field, File, Json, Link, Term, Web
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.rows import Rows
from foretrack.web.addresses import address, address_of_thing
from foretrack.web.speech import TAGS, say

CONFIDENCE = {
    "V2": "read in two independent copies",
    "V": "read in one published copy",
    "K": "firmly known from the official text or the literature, not re-read",
    "k": "known with medium confidence, to be checked",
}
"""What a mark of confidence says; the marks of the packs."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a value: text, and where it leads; or a small table."""

    text: str
    href: str = ""
    tag: str = ""
    """Language of the text (BCP 47) where it is not the page's."""
    outside: bool = False
    grid: Grid | None = None


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell of a small table."""

    label: str
    parts: tuple[Part, ...]
    number: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of a small table."""

    cells: tuple[GridCell, ...]
    how: str = "same"
    """`same`, `added` or `removed`, where two revisions are compared."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A small table inside a record; columns in which no row has anything are left out."""

    label: str
    columns: tuple[GridCell, ...]
    """Its heads: cells without parts."""
    rows: tuple[GridRow, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """Where a value comes from."""

    source: str = ""
    href: str = ""
    date: str = ""
    licence: str = ""
    confidence: str = ""
    meaning: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One filled field."""

    name: str
    label: str
    parts: tuple[Part, ...]
    long: bool
    visibility: str
    said: Said | None


def show_said(said: Mapping[str, Json] | None) -> Said | None:
    """Provenance in words; None where nothing is known."""
    if not said:
        return None
    url = str(said.get("url", ""))
    confidence = str(said.get("confidence", ""))
    return Said(
        source=str(said.get("source", "")),
        href=url if url.startswith(("http://", "https://")) else "",
        date=str(said.get("date", "")),
        licence=str(said.get("licence", "")),
        confidence=confidence,
        meaning=say(CONFIDENCE[confidence]) if confidence in CONFIDENCE else "",
        note=str(said.get("note", "")),
    )


def show_value(
    field: Field, value: Json, language: str, titles: Mapping[str, str], *, both: bool = True
) -> tuple[Part, ...]:
    """The pieces of a value.

    Args:
        titles: key to title of the records that links point at, as far as the actor may see them.
        both: text in two languages in both; else in the page's, or in the other one where it is missing.
    """
    if isinstance(field, Rows):
        if not both:
            return (Part(field.show(value, language)),)
        return (Part("", grid=grid_of(field, [(row, "same") for row in value], language, titles)),)
    if not both and isinstance(field, BilingualText):
        return tuple(Part(field.show_one(one, language)) for one in (value if field.many else [value]))
    return tuple(
        part for one in (value if field.many else [value]) for part in _pieces(field, one, language, titles)
    )


def grid_of(
    field: Rows, rows: Sequence[tuple[Mapping[str, Json], str]], language: str, titles: Mapping[str, str]
) -> Grid:
    """A small table as a page shows it: its rows, each with how it changed."""
    shown = [c for c in field.columns if any(c.name in row for row, _ in rows)]

    def cell(column: Field, row: Mapping[str, Json] | None) -> GridCell:
        value = None if row is None else row.get(column.name)
        parts = () if value is None else show_value(column, value, language, titles)
        return GridCell(column.label.text(language), parts, column.type == "number")

    return Grid(
        field.label.text(language), tuple(cell(c, None) for c in shown),
        tuple(GridRow(tuple(cell(c, row) for c in shown), how) for row, how in rows),
    )  # fmt: skip


def _pieces(field: Field, one: Json, language: str, titles: Mapping[str, str]) -> Sequence[Part]:
    if isinstance(field, BilingualText):
        return [
            Part(one[tongue], tag=TAGS[tongue])
            for tongue in (language, *(t for t in ("en", "zh") if t != language))
            if tongue in one
        ]
    if isinstance(field, Web):
        return [Part(one, one, outside=True)]
    if isinstance(field, Email):
        return [Part(one, f"mailto:{one}")]
    if isinstance(field, Link):
        if ":" in one:
            return [Part(titles.get(one, one), address_of_thing(*one.split(":", 1)))]
        return [Part(titles.get(one, one), address("record", one) if one in titles else "")]
    if isinstance(field, Term):
        return [Part(field.show_one(one, language), term_address(one))]
    if isinstance(field, File):
        return []
    return [Part(field.show_one(one, language))]


def term_address(full_id: str) -> str:
    """The page of an entry of a pack; empty for what is no `pack/id`."""
    pack, slash, entry = full_id.partition("/")
    return address("pack entry", pack, entry) if slash and pack and entry else ""


def lines_with(
    kind: Kind, values: Mapping[str, Json], language: str, titles: Mapping[str, str],
    provenance: Mapping[str, Mapping[str, Json]] | None = None,
) -> tuple[FieldLine, ...]:  # fmt: skip
    """The filled fields among values of a kind, without files.

    Args:
        titles: key to title of the records that links point at, as far as the reader may see them.
        provenance: field to where its value comes from.
    """
    said = provenance or {}
    return tuple(
        FieldLine(
            f.name, f.label.text(language), show_value(f, values[f.name], language, titles),
            getattr(f, "lines", 1) > 1, f.visibility, show_said(said.get(f.name)),
        )
        for f in kind.fields
        if f.name in values and not isinstance(f, File)
    )  # fmt: skip
