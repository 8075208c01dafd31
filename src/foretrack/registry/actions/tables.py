"""A table of records of one kind: filtered, sorted, counted by facets; only what the actor may see is shown or counted.

Everything is read from the cards (`models/card.py`) in two statements: one scan that counts, one that finds the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, Exists, F, Model, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.aggregates import Aggregate
from django.db.models.functions import Concat, StrIndex

from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import may, reach
from foretrack.registry.actions.cards import FIRST_CODE, character, folded, known_codes, number_of
from foretrack.registry.actions.reading import (
    in_region,
    seen_whole,
    subjects_of,
    title_of,
    visible_to,
    visible_values,
)
from foretrack.registry.answers import Facet, FacetCount, Part, RecordLine, Table
from foretrack.registry.declaring import fields as declared
from foretrack.registry.declaring.fields import VISIBILITIES, Field, Json, Visibility, clean_text, found
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.models import Card, FacetCode, Figure, Record
from foretrack.registry.models import Facet as FacetRow
from foretrack.registry.registry import Registry, moment

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_LINES = 500
"""Lines of one page."""
MOST_OFFSET = 100_000
MOST_VALUES = 200
"""Values of a facet that are counted one by one."""
MOST_FILTERS = 50
"""Values that a facet may be filtered by at once, and words of a text."""
MOST_KEYS = 1000
MANY = 5000
"""From so many rows on it is quicker to walk along an index until a page is full than to sort the rows."""
SORTS = ("updated", "title", "due")
"""What a table can be sorted by, beside the kind's facets, numbers and days that hold one value."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a table is filtered by; every filter given has to hold."""

    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Facet to values (labels are accepted too), any of which will do; `status` is one."""
    text: str = ""
    """Words that the title has to hold, in either language."""
    region: str = ""
    """The beginning of a region's code."""
    organisation: str = ""
    """Key of an organisation."""
    updated_since: str = ""
    """A day or a moment."""
    due_before: str = ""
    """A day: somebody has to act before it."""
    due_from: str = ""
    """A day: nobody has to act before it."""
    keys: Sequence[str] | None = None
    """Only these records."""


def table(
    registry: Registry, actor: Actor, kind_name: str, filters: Filters | None = None, *, sort: str = "-updated",
    offset: int = 0, limit: int = 50, facets: Sequence[str] | None = None, columns: Sequence[str] | None = None,
) -> Table:  # fmt: skip
    """A page of the table of a kind.

    Args:
        sort: `updated`, `title`, `due`, or a facet, number or day of the kind that holds one value; `-` in front for the
            greatest first. Records that lack it, or whose value the actor may not see, come last.
        facets: those to count; all of the kind's and the state when None.
        columns: fields of which the lines hold values; those of the kind's table when None.

    Raises InputError for a filter, sort or page that cannot be.
    """
    kind = registry.kinds.get(kind_name)
    given = filters or Filters()
    _check_page(offset, limit)
    chosen = read_facet_filters(kind, given)
    asked = _asked(kind, facets)
    rows = filtered(actor, kind, given)
    total, counted = _count(actor, kind, rows, chosen, asked)
    page = _with_facets(actor, kind, rows, chosen)
    keys = page_keys(actor, kind, page, sort, offset, limit, many=total > MANY)
    return Table(
        kind=kind.name,
        lines=lines_of(actor, kind, keys, columns),
        total=total,
        offset=offset,
        limit=limit,
        facets=_labelled(actor, kind, chosen, counted),
    )


def walk(
    registry: Registry, actor: Actor, kind_name: str, filters: Filters | None = None, *, sort: str = "-updated",
    after: Sequence[Json] | None = None, limit: int = 50,
) -> Part:  # fmt: skip
    """A part of the table of a kind, and where the next one begins; nothing is counted.

    Args:
        sort: as `table` takes it.
        after: where the part before ended. What was added or changed meanwhile moves nobody into a second part or past
            both: each record that stays as it is comes once.
    """
    kind = registry.kinds.get(kind_name)
    given = filters or Filters()
    _check_page(0, limit)
    rows = _with_facets(actor, kind, filtered(actor, kind, given), read_facet_filters(kind, given))
    down, name = sort.startswith("-"), sort.removeprefix("-")
    try:
        if name in _columns(actor):
            found = _walk_column(rows, _columns(actor)[name], down, after, limit + 1)
        else:
            found = _walk_values(actor, kind, rows, name, down, after, limit + 1)
    except (ValueError, TypeError, IndexError) as error:
        raise InputError.of(
            "the table cannot go on there", expected="the place that the part before named", do="begin anew"
        ) from error
    kept = found[:limit]
    lines = lines_of(actor, kind, [pk for pk, _ in kept])
    return Part(kind.name, lines, kept[-1][1] if len(found) > limit and kept else None)


def _walk_column(
    rows: QuerySet[Card], column: str, down: bool, after: Sequence[Json] | None, limit: int
) -> list[tuple[int, tuple[Json, ...]]]:
    """(record, place) of the cards behind a place, in the order of a column; those that lack a value come last."""
    first = F(column)
    nulls = {"nulls_last": True} if column == "due_on" else {}
    ordered = rows.order_by(
        first.desc(**nulls) if down else first.asc(**nulls), "-record_id" if down else "record_id"
    )
    if after is not None:
        said, last = after[0], int(after[1])
        value: Any = said
        if said is not None and column == "updated_at":
            value = datetime.fromisoformat(said)
        elif said is not None and column == "due_on":
            value = date.fromisoformat(said)
        beyond = "lt" if down else "gt"
        if value is None:
            behind = Q(**{f"{column}__isnull": True, f"record_id__{beyond}": last})
        else:
            behind = _behind((column, "record_id"), (value, last), down)
            if column == "due_on":
                behind |= Q(due_on__isnull=True)
        ordered = ordered.filter(behind)
    return [
        (pk, (value.isoformat() if isinstance(value, date) else value, pk))
        for value, pk in ordered.values_list(column, "record_id")[:limit]
    ]


def _behind(columns: Sequence[str], values: Sequence[Any], down: bool) -> Q:
    """What comes after some values in the order of some columns."""
    found, equal = Q(), Q()
    for column, value in zip(columns, values, strict=True):
        found |= equal & Q(**{f"{column}__{'lt' if down else 'gt'}": value})
        equal &= Q(**{column: value})
    return found


_WITH, _WITHOUT = "with", "without"
"""Whether a place is among the records that have a value to sort by, or among the others behind them."""


def _walk_values(
    actor: Actor, kind: Kind, rows: QuerySet[Card], name: str, down: bool, after: Sequence[Json] | None, limit: int
) -> list[tuple[int, tuple[Json, ...]]]:  # fmt: skip
    """(record, place) of the cards behind a place: first those with a value that the actor may see, then the others."""
    model, values, shown = _sorted_values(actor, kind, rows, name)
    columns = ("value", "record_id") if model is Figure else ("value", "audience", "record_id")
    having = values.filter(record_id__in=shown.order_by().values("record_id"))
    kept: list[tuple[int, tuple[Json, ...]]] = []
    if after is None or after[0] == _WITH:
        many = rows.order_by()[: MANY + 1].count() > MANY
        walked = values.filter(Exists(shown.filter(record_id=OuterRef("record_id")))) if many else having
        if after is not None:
            walked = walked.filter(_behind(columns, after[1:], down))
        ordered = walked.order_by(*(f"-{column}" if down else column for column in columns))
        kept = [(row[-1], (_WITH, *row)) for row in ordered.values_list(*columns)[:limit]]
    if len(kept) < limit:
        others = rows.exclude(record_id__in=having.values("record_id")).order_by("record_id")
        if after is not None and after[0] == _WITHOUT:
            others = others.filter(record_id__gt=int(after[1]))
        keys = others.values_list("record_id", flat=True)[: limit - len(kept)]
        kept += [(pk, (_WITHOUT, pk)) for pk in keys]
    return kept


def chosen_cards(actor: Actor, kind: Kind, filters: Filters) -> QuerySet[Card]:
    """The cards that the filters leave and the actor may see, in no order."""
    return _with_facets(actor, kind, filtered(actor, kind, filters), read_facet_filters(kind, filters))


def filtered(actor: Actor, kind: Kind, filters: Filters) -> QuerySet[Card]:
    """The cards that an actor may see and every filter leaves but those by facets."""
    rows = Card.objects.filter(visible_to(actor), kind=kind.name)
    words = folded(clean_text(filters.text)).split()
    if len(words) > MOST_FILTERS:
        raise InputError.of(
            "a text of {n} words",
            expected="at most {most}",
            do="leave some out",
            n=len(words),
            most=MOST_FILTERS,
        )
    for word in words:
        rows = rows.filter(Q(name_en__contains=word) | Q(name_zh__contains=word))
    if region := clean_text(filters.region):
        rows = rows.filter(in_region(region))
    if filters.organisation:
        rows = rows.filter(organisation=clean_text(filters.organisation).upper())
    if filters.updated_since:
        rows = rows.filter(updated_at__gte=_moment(filters.updated_since))
    if filters.due_before:
        rows = rows.filter(due_on__lt=_day(filters.due_before))
    if filters.due_from:
        rows = rows.filter(due_on__gte=_day(filters.due_from))
    if filters.keys is not None:
        if len(filters.keys) > MOST_KEYS:
            raise InputError.of(
                "{n} keys", expected="at most {most}", do="ask in parts", n=len(filters.keys), most=MOST_KEYS
            )
        there = Record.objects.filter(key__in=[clean_text(key).upper() for key in filters.keys])
        rows = rows.filter(record_id__in=list(there.values_list("pk", flat=True)))
    return rows


def read_facet_filters(kind: Kind, filters: Filters) -> dict[str, tuple[str, ...]]:
    """Facet to the values that it is filtered by, as they are stored. InputError for what is no facet."""
    read: dict[str, tuple[str, ...]] = {}
    for name, values in filters.facets.items():
        if len(values) > MOST_FILTERS:
            raise InputError.of(
                "{n} values", expected="at most {most}", do="leave some out", n=len(values), most=MOST_FILTERS
            )
        if values:
            read[name] = tuple(
                dict.fromkeys(_facet_value(kind, name, clean_text(str(value))) for value in values)
            )
    return read


def _facet_value(kind: Kind, name: str, value: str) -> str:
    if name == "status":
        named = [s.name for s in kind.states if value in (s.name, s.label.en, s.label.zh)]
        return named[0] if named else kind.state(value).name
    f = _facet_field(kind, name)
    if isinstance(f, declared.Choice | declared.Term):
        try:
            return str(f.read_one(value))
        except InputError:
            return value  # a value that some record kept although no pack has it any more
    return value


def _facet_field(kind: Kind, name: str) -> Field:
    f = kind.by_name.get(name)
    if f is None or not f.facet:
        raise InputError.of(
            "{kind} cannot be filtered by {name!r}", expected="one of {known}", do="correct the name", kind=kind.name,
            name=name[:40], known=", ".join(["status", *(g.name for g in kind.facets)]),
        )  # fmt: skip
    return f


def _check_page(offset: int, limit: int) -> None:
    if not 0 <= offset <= MOST_OFFSET or not 0 <= limit <= MOST_LINES:
        raise InputError.of(
            "a page of {limit} lines from {offset} on", expected="at most {most} lines, from 0 to {last} on",
            do="filter more, or export the table", limit=limit, offset=offset, most=MOST_LINES, last=MOST_OFFSET,
        )  # fmt: skip


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        at = datetime.combine(_day(text), time())
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _day(text: str) -> date:
    return date.fromisoformat(str(declared.Day(name="day", label=_DAY).read_one(text)))


_DAY = Bilingual("Day", "日期")


def circles_of(actor: Actor) -> tuple[Visibility, ...]:
    """The visibilities of fields that the actor may see in whatever record it sees at all."""
    return ("public", "partner") if may(actor, "read partner") else ("public",)


def _seeing(actor: Actor, circle: Visibility) -> Q | None:
    """The rows in which an actor sees fields of a visibility; None for all that it sees at all."""
    return None if circle in circles_of(actor) else seen_whole(actor)


def _with_facets(
    actor: Actor, kind: Kind, rows: QuerySet[Card], chosen: Mapping[str, Sequence[str]]
) -> QuerySet[Card]:
    numbers = known_codes(kind.name, [(name, value) for name, values in chosen.items() for value in values])
    for at, (name, values) in enumerate(chosen.items()):
        circle = "public" if name == "status" else kind.by_name[name].visibility
        found_there = Q(record_id__in=())
        for i, value in enumerate(values):
            number = numbers.get((name, value))
            if number is not None:
                place = f"facet_{at}_{i}"
                rows = rows.alias(**{place: StrIndex(F(f"{circle}_codes"), Value(character(number)))})
                found_there |= Q(**{f"{place}__gt": 0})
        seeing = _seeing(actor, circle)
        rows = rows.filter(found_there if seeing is None else found_there & seeing)
    return rows


class _Joined(Aggregate):
    """All codes in one text, a mark between two cards."""

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s, '|')"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="STRING_AGG", **extra)


def _codes(actor: Actor, kind: Kind) -> Any:
    """What the actor may see of the codes on a card."""
    held = {f.visibility for f in kind.facets} | {"public"}
    everywhere = [
        F(f"{circle}_codes") for circle in VISIBILITIES if circle in held and circle in circles_of(actor)
    ]
    rest = [
        F(f"{circle}_codes") for circle in VISIBILITIES if circle in held and circle not in circles_of(actor)
    ]
    open_codes = everywhere[0] if len(everywhere) == 1 else Concat(*everywhere)
    whole = seen_whole(actor)
    if not rest:
        return open_codes
    return Case(When(whole, then=Concat(*everywhere, *rest)), default=open_codes, output_field=TextField())


def _count(
    actor: Actor, kind: Kind, rows: QuerySet[Card], chosen: Mapping[str, Sequence[str]], asked: Sequence[str]
) -> tuple[int, dict[str, dict[str, int]]]:
    """How many rows all filters leave, and facet to value to how many, given the filters of the other facets."""
    import numpy as np

    told = rows.aggregate(n=Count("*"), codes=_Joined(_codes(actor, kind)))
    n = int(told["n"])
    if not n:
        return 0, {name: {} for name in asked}
    marks: NDArray[np.uint32] = np.frombuffer((told["codes"] or "").encode("utf-32-le"), dtype=np.uint32)
    between = marks == ord("|")
    row = np.cumsum(between)
    numbers = known_codes(kind.name, [(name, value) for name, values in chosen.items() for value in values])
    passing: dict[str, NDArray[np.bool_]] = {}
    for name, values in chosen.items():
        wanted = [ord(character(numbers[name, v])) for v in values if (name, v) in numbers]
        holds = np.zeros(n, dtype=bool)
        for code in wanted:
            holds[row[marks == code]] = True
        passing[name] = holds
    every = np.ones(n, dtype=bool)
    for holds in passing.values():
        every &= holds
    names = {number: (name, value) for name, value, number in _codes_by_name(kind, asked)}
    counted: dict[str, dict[str, int]] = {name: {} for name in asked}

    def take(kept: NDArray[np.bool_], wanted: Sequence[str]) -> None:
        times = np.bincount(marks if kept.all() else marks[kept[row]])
        times[:FIRST_CODE] = 0  # the marks between the cards
        for code in np.flatnonzero(times).tolist():
            name, value = names.get(number_of(code), ("", ""))
            if name in wanted:
                counted[name][value] = int(times[code])

    take(every, [name for name in asked if name not in chosen])
    for name in asked:
        if name in chosen:
            others = np.ones(n, dtype=bool)
            for other, holds in passing.items():
                if other != name:
                    others &= holds
            take(others, [name])
    return int(every.sum()), counted


def _codes_by_name(kind: Kind, names: Sequence[str]) -> list[tuple[str, str, int]]:
    rows = FacetCode.objects.filter(kind=kind.name, name__in=list(names))
    return list(rows.values_list("name", "value", "number"))


def _asked(kind: Kind, facets: Sequence[str] | None) -> tuple[str, ...]:
    if facets is None:
        return ("status", *(f.name for f in kind.facets))
    for name in facets:
        if name != "status":
            _facet_field(kind, name)
    return tuple(dict.fromkeys(facets))


def _labelled(
    actor: Actor, kind: Kind, chosen: Mapping[str, Sequence[str]], counted: Mapping[str, Mapping[str, int]]
) -> tuple[Facet, ...]:
    made = []
    for name, counts in counted.items():
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        picked = chosen.get(name, ())
        shown = ordered[:MOST_VALUES] + [
            (v, counts.get(v, 0)) for v in picked if v not in dict(ordered[:MOST_VALUES])
        ]
        label = _STATUS if name == "status" else kind.by_name[name].label
        made.append(
            Facet(
                name=name, labels={"en": label.text("en"), "zh": label.text("zh")}, values=len(counts),
                counts=tuple(_facet_count(actor, kind, name, value, n, value in picked) for value, n in shown),
            )
        )  # fmt: skip
    return tuple(made)


_STATUS = Bilingual("Status", "状态")


def _facet_count(actor: Actor, kind: Kind, name: str, value: str, n: int, chosen: bool) -> FacetCount:
    labels = facet_labels(kind, name, value)
    return FacetCount(value, labels["zh" if actor.language == "zh" else "en"], n, labels, chosen)


def facet_labels(kind: Kind, name: str, value: str) -> dict[str, str]:
    """Language to the label of a facet's value."""
    if name == "status":
        known = next((state.label for state in kind.states if state.name == value), None)
        return {language: known.text(language) if known else value for language in ("en", "zh")}
    f = kind.by_name[name]
    if isinstance(f, declared.YesNo):
        return {language: f.show_one(value == "yes", language) for language in ("en", "zh")}
    if isinstance(f, declared.Choice | declared.Term):
        return {language: f.show_one(value, language) for language in ("en", "zh")}
    return dict.fromkeys(("en", "zh"), value)


def page_keys(
    actor: Actor, kind: Kind, rows: QuerySet[Card], sort: str, offset: int, limit: int, *, many: bool = False
) -> list[int]:
    """Numbers of the records of one page, in the order asked for.

    Args:
        many: there are many rows, so whoever walks along an index soon meets enough of them.

    The record's number decides between equals, so that no page shows a record twice and none is left out.
    """
    down = sort.startswith("-")
    name = sort.removeprefix("-")
    columns = _columns(actor)
    if name not in columns:
        return _keys_by_value(actor, kind, rows, name, down, offset, limit, many)
    first = F(columns[name])
    ordered = rows.order_by(
        first.desc(nulls_last=True) if name == "due" and down else first.desc() if down else
        first.asc(nulls_last=True) if name == "due" else first.asc(),
        "-record_id" if down else "record_id",
    )  # fmt: skip
    return list(ordered.values_list("record_id", flat=True)[offset : offset + limit])


def _columns(actor: Actor) -> dict[str, str]:
    """What a table can be sorted by, beside values, and the column of the card."""
    return {
        "updated": "updated_at",
        "title": f"name_{'zh' if actor.language == 'zh' else 'en'}",
        "due": "due_on",
    }


def _sorted_values(
    actor: Actor, kind: Kind, rows: QuerySet[Card], name: str
) -> tuple[type[Model], QuerySet[Any], QuerySet[Card]]:
    """The table of the values of a field, its rows of that field, and the cards whose value the actor may see."""

    f = kind.by_name.get(name)
    of_number = f is not None and not f.many and isinstance(f, declared.Number | declared.Day)
    if not of_number and name != "status" and (f is None or not f.facet or f.many):
        sortable = [
            g.name
            for g in kind.fields
            if not g.many and (g.facet or isinstance(g, declared.Number | declared.Day))
        ]
        raise InputError.of(
            "{kind} cannot be sorted by {name}", expected="one of {known}", do="correct the name", kind=kind.name,
            name=found(name), known=", ".join([*SORTS, "status", *sortable]),
        )  # fmt: skip
    seeing = _seeing(actor, "public" if f is None else f.visibility)
    shown = rows if seeing is None else rows.filter(seeing)
    model: type[Model] = Figure if of_number else FacetRow
    values: QuerySet[Any] = model._default_manager.filter(kind=kind.name, name=name)
    return model, values, shown


def _keys_by_value(
    actor: Actor, kind: Kind, rows: QuerySet[Card], name: str, down: bool, offset: int, limit: int, many: bool
) -> list[int]:
    """First the records that have a value that the actor may see, in its order; then the others."""
    model, values, shown = _sorted_values(actor, kind, rows, name)
    having = values.filter(record_id__in=shown.order_by().values("record_id"))
    walked = values.filter(Exists(shown.filter(record_id=OuterRef("record_id")))) if many else having
    columns = ("value", "record_id") if model is Figure else ("value", "audience", "record_id")
    ordered = walked.order_by(*(f"-{column}" if down else column for column in columns))
    keys = list(ordered.values_list("record_id", flat=True)[offset : offset + limit])
    if len(keys) < limit:
        before = max(0, offset - having.count())
        others = rows.exclude(record_id__in=having.values("record_id")).order_by("record_id")
        keys += others.values_list("record_id", flat=True)[before : before + limit - len(keys)]
    return keys


def lines_of(
    actor: Actor, kind: Kind, pks: Sequence[int], names: Sequence[str] | None = None
) -> tuple[RecordLine, ...]:
    """The lines of records that the actor may see, in the order given, with the fields of the table or those named."""
    records = Record.objects.in_bulk(pks)
    subjects = subjects_of(kind, list(records.values()))
    columns = (
        {f.name for f in kind.table_columns} if names is None else {kind.field(name).name for name in names}
    )
    made = []
    for pk in pks:
        # Between two statements somebody may have hidden a record: then it is left out.
        circle = reach(actor, subjects[pk]) if pk in records else None
        if circle is None:
            continue
        record = records[pk]
        seen = visible_values(kind, record.body, circle, personal=may(actor, "read personal", subjects[pk]))
        values = {name: value for name, value in seen.items() if name in columns}
        made.append(
            RecordLine(
                key=record.key, kind=kind.name, title=title_of(record, actor.language), status=record.status,
                revision=record.revision, updated_at=moment(record.updated_at), values=values,
            )
        )  # fmt: skip
    return tuple(made)
