"""The table of a kind: filtered by facets, sorted, paged; every filter is part of the address."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from foretrack.registry.access.permission import may
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.actions.tables import Filters, table
from foretrack.registry.answers import Facet, Table
from foretrack.registry.declaring.fields import Field
from foretrack.registry.declaring.kind import Kind
from foretrack.site.pages.values import titles_for
from foretrack.web.addresses import address
from foretrack.web.listing import Chosen, Heading
from foretrack.web.queries import PAGE, changed, kept, page_number, paged, toggled, unpaged
from foretrack.web.rendering import Page, Request, render
from foretrack.web.values import Part, show_value

LINES = 50
"""Lines of a page."""
SHOWN_VALUES = 12
"""Values of a facet that are shown at once; the others open on demand."""
TITLE, DUE, SORT, COLUMN = "title-has", "due-before", "sort", "show-column"
"""Names in the address beside those of facets; a hyphen stands in no field's name, the others no field may take."""


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One value of a facet, and the table with it taken in or out."""

    href: str
    label: str
    n: int
    chosen: bool
    id: str
    """Of its link: the same before and after the table is swapped, so that the focus stays."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column that the table may have."""

    name: str
    label: str
    shown: bool


@dataclass(frozen=True, slots=True)
class FacetBox:
    """One facet."""

    name: str
    label: str
    values: tuple[ValueLine, ...]
    more: tuple[ValueLine, ...]
    uncounted: int
    """Values that are neither counted nor shown."""
    open: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in a row."""

    label: str
    parts: tuple[Part, ...]
    number: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One record."""

    href: str
    title: str
    status: str
    updated_at: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class KindPage(Page):
    """The table of a kind."""

    template: ClassVar[str] = "foretrack/kind.html"

    kind_name: str
    kind: str
    kind_plural: str
    help: str
    total: int
    first: int
    last: int
    facets: tuple[FacetBox, ...]
    chosen: tuple[Chosen, ...]
    headings: tuple[Heading, ...]
    status_heading: Heading
    title_heading: Heading
    updated_heading: Heading
    rows: tuple[Row, ...]
    before: str
    after: str
    words: str
    kept: tuple[tuple[str, str], ...]
    """Filters that the box for words has to keep."""
    may_create: bool
    may_import: bool
    query: str
    """The filters as they stand in the address, for downloads."""
    columns: tuple[ColumnChoice, ...]
    kept_beside: tuple[tuple[str, str], ...]
    """Everything in the address that the choice of columns has to keep."""
    usual: str
    """The table with its usual columns; empty where it has them."""


def filters_of(kind: Kind, given: QueryDict) -> Filters:
    """The filters that an address holds; InputError for a name that is none."""
    facets = {}
    for name in given:
        if name in (TITLE, DUE, SORT, PAGE, COLUMN):
            continue
        facets[name] = given.getlist(name)
    return Filters(facets=facets, text=given.get(TITLE, ""), due_before=given.get(DUE, ""))


@require_safe
def kind_table(request: Request, kind: str) -> HttpResponse:
    """The records of a kind that the actor may see."""
    declared, actor, given = request.registry.kinds.get(kind), request.actor, request.GET
    number = page_number(given)
    offset = (number - 1) * LINES
    sort = given.get(SORT, "-updated")
    columns = _columns(declared, given)
    found = table(
        request.registry,
        actor,
        declared.name,
        filters_of(declared, given),
        sort=sort,
        offset=offset,
        limit=LINES,
        columns=[f.name for f in columns],
    )
    return render(request, _page(request, declared, found, columns, sort, number))


def _columns(kind: Kind, given: QueryDict) -> list[Field]:
    """The columns that an address asks for, in the order of the kind; its usual ones where it asks for none."""
    asked = given.getlist(COLUMN)
    fields = [kind.field(name) for name in asked if name] if asked else list(kind.table_columns)
    names = {f.name for f in fields}
    return [f for f in kind.fields if f.name in names and f.name != kind.title]


def _page(
    request: Request, kind: Kind, found: Table, columns: list[Field], sort: str, number: int
) -> KindPage:
    actor, given, language = request.actor, request.GET, request.actor.language
    boxes = tuple(_box(given, facet, language) for facet in found.facets if facet.values)
    labels = {facet.name: facet.labels[language] for facet in found.facets}
    chosen = tuple(
        Chosen(toggled(given, facet.name, c.value), labels[facet.name], c.labels.get(language, c.label))
        for facet in found.facets
        for c in facet.counts
        if c.chosen
    )
    keys = [
        k
        for f in columns
        if f in kind.links
        for line in found.lines
        for k in f.facet_values(line.values.get(f.name))
    ]
    titles = titles_for(actor, keys)
    sortable = {f.name for f in kind.fields if not f.many and (f.facet or f.type in ("number", "day"))}

    def heading(name: str, label: str, *, number: bool = False, can: bool = True) -> Heading:
        down = sort == f"-{name}"
        href = changed(given, sort=name if down or sort != name else f"-{name}") if can else ""
        return Heading(label, href, "descending" if down else "ascending" if sort == name else "", number)

    return KindPage(
        kind_name=kind.name, kind=kind.label.text(language), kind_plural=kind.plural.text(language),
        help=kind.help.text(language), total=found.total, first=found.offset + 1 if found.lines else 0,
        last=found.offset + len(found.lines), facets=boxes, chosen=chosen,
        headings=tuple(
            heading(f.name, f.label.text(language), number=f.type == "number", can=f.name in sortable) for f in columns
        ),
        title_heading=heading("title", kind.by_name[kind.title].label.text(language)),
        status_heading=heading("status", labels.get("status", "")), updated_heading=heading("updated", ""),
        rows=tuple(
            Row(
                address("record", line.key), line.title, kind.state(line.status).label.text(language), line.updated_at,
                tuple(
                    Cell(
                        f.label.text(language),
                        show_value(f, line.values[f.name], language, titles, both=False) if f.name in line.values else (),
                        f.type == "number",
                    )
                    for f in columns
                ),
            )
            for line in found.lines
        ),
        before=paged(given, number - 1) if number > 1 else "",
        after=paged(given, number + 1) if found.offset + len(found.lines) < found.total else "",
        words=given.get(TITLE, ""),
        kept=kept(given, TITLE),
        may_create=may_create_somewhere(actor, kind), may_import=may(actor, "import") and bool(actor.key),
        query=unpaged(given, SORT, COLUMN),
        columns=tuple(
            ColumnChoice(f.name, f.label.text(language), f in columns)
            for f in kind.fields
            if f.name != kind.title and f.type != "file" and getattr(f, "lines", 1) == 1
        ),
        kept_beside=kept(given, COLUMN),
        usual=changed(given, **{COLUMN: None}) if COLUMN in given else "",
    )  # fmt: skip


def _box(given: QueryDict, facet: Facet, language: str) -> FacetBox:
    lines = tuple(
        ValueLine(
            toggled(given, facet.name, c.value),
            c.labels.get(language, c.label),
            c.n,
            c.chosen,
            f"{facet.name}-{zlib.crc32(c.value.encode()):x}",
        )
        for c in facet.counts
    )
    first = lines[:SHOWN_VALUES] + tuple(line for line in lines[SHOWN_VALUES:] if line.chosen)
    rest = tuple(line for line in lines[SHOWN_VALUES:] if not line.chosen)
    return FacetBox(
        facet.name, facet.labels[language], first, rest, max(0, facet.values - len(lines)),
        any(line.chosen for line in lines) or len(lines) <= SHOWN_VALUES,
    )  # fmt: skip
