"""Declaring a series, changing what is said about it, and finding one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import transaction

from foretrack.foundation.errors import InputError
from foretrack.lists.actions.entries import UNLISTABLE, checked_fields
from foretrack.lists.actions.searchable import index_series
from foretrack.lists.issue import Series
from foretrack.lists.models import ListSeries
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import require
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.declaring.fields import clean_text
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.registry import Registry

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """A series and how far it has come."""

    name: str
    title: Bilingual
    description: Bilingual
    publisher: Bilingual
    licence: str
    kind: str
    filters: Mapping[str, Sequence[str]]
    fields: tuple[str, ...]
    months_valid: int | None
    clause: str
    issues: int
    listed: int
    """Entries of the last issue that stand on it."""
    last_issue: str | None
    """Day of the last issue."""


def declare_series(
    registry: Registry, actor: Actor, name: str, *, kind: str, title: Mapping[str, str], publisher: Mapping[str, str],
    description: Mapping[str, str] | None = None, licence: str = "CC-BY-4.0", fields: Sequence[str] = (),
    filters: Mapping[str, Sequence[str]] | None = None, months_valid: int | None = None, clause: str = "",
) -> SeriesPage:  # fmt: skip
    """A new series of lists of one kind.

    Args:
        fields: public fields that an issue tells; all columns of the kind's table that can be listed when empty.
        filters: facet to the values of which a record must have one.

    InputError for a name that is taken or what no issue could tell.
    """
    require(actor, "declare series")
    declared = registry.kinds.get(kind)
    if not _NAME.fullmatch(name) or len(name) > 80:
        raise InputError.of(
            "a series cannot be called {name}", name=repr(name[:100]),
            expected="small letters, digits and hyphens", do="such as {example}", example="iconic-products",
        )  # fmt: skip
    if declared.by_name[declared.title].personal or not any(s.listable for s in declared.states):
        raise InputError.of(
            "records of the kind {kind} cannot be listed", kind=kind,
            expected="a kind with a state in which a record may be published, and not about a person",
            do="choose another kind",
        )  # fmt: skip
    # An issue tells title, region and the first track of every entry anyway.
    usual = [
        f.name
        for f in declared.table_columns
        if f.visibility == "public" and f.type not in UNLISTABLE and f.name != "tracks"
    ]
    row = ListSeries(
        name=name, uid=uuid4(), title=_words("title", title),
        description=_words("description", description or {}, empty=True),
        publisher=_words("publisher", publisher), licence=clean_text(licence)[:300], kind=kind,
        filters=checked_filters(declared, filters or {}), fields=checked_fields(declared, fields or usual),
        months_valid=_months(months_valid), clause=clean_text(clause)[:120], declared_at=registry.now(),
        declared_by=actor.key,
    )  # fmt: skip
    as_series(row)
    with transaction.atomic():
        head = take_number()
        if ListSeries.objects.filter(name=name).exists():
            raise InputError.of(
                "there is a series {name} already", name=name, expected="a new name", do="choose another one"
            )
        row.save(force_insert=True)
        index_series(row)
        log(registry, actor, "declare series", f"series:{name}", details={"kind": kind}, head=head)
    return page_of(row)


def change_series(registry: Registry, actor: Actor, name: str, **changes: Any) -> SeriesPage:
    """Changes what later issues of a series say and take (title, fields, filters, months_valid and the like).

    Issues that were published stay as they are. The kind of a series never changes.
    """
    require(actor, "declare series")
    with transaction.atomic():
        head = take_number()
        row = find_series(name)
        kind = registry.kinds.get(row.kind)
        readers: dict[str, Callable[[Any], Any]] = {
            "title": lambda v: _words("title", v), "publisher": lambda v: _words("publisher", v),
            "description": lambda v: _words("description", v, empty=True), "licence": lambda v: clean_text(v)[:300],
            "fields": lambda v: checked_fields(kind, v), "filters": lambda v: checked_filters(kind, v),
            "months_valid": _months, "clause": lambda v: clean_text(v)[:120],
        }  # fmt: skip
        for key, value in changes.items():
            if key not in readers:
                raise InputError.of(
                    "{key} of a series cannot be changed", key=key, expected="one of {known}", known=", ".join(readers),
                    do="declare another series",
                )  # fmt: skip
            setattr(row, key, readers[key](value))
        as_series(row)
        row.save()
        index_series(row)
        log(
            registry,
            actor,
            "change series",
            f"series:{name}",
            details={"changed": sorted(changes)},
            head=head,
        )
    return page_of(row)


def all_series() -> tuple[SeriesPage, ...]:
    """Every series, by name. Lists are public."""
    return tuple(page_of(row) for row in ListSeries.objects.order_by("name"))


def show_series(name: str) -> SeriesPage:
    """The series called so; InputError that lists the known ones."""
    return page_of(find_series(name))


def find_series(name: str) -> ListSeries:
    """The row of a series; InputError that lists the known ones."""
    row = ListSeries.objects.filter(name=clean_text(name)).first()  # PostgreSQL refuses a NUL
    if row is None:
        known = list(ListSeries.objects.order_by("name").values_list("name", flat=True)[:10])
        raise InputError.of(
            "there is no list series {name}", name=repr(name[:80]), expected="one of {known}",
            known=", ".join(known) or "(none is declared)", do="look at `foretrack list`",
        )  # fmt: skip
    return row


def page_of(row: ListSeries) -> SeriesPage:
    """A series as it is shown."""
    last = row.issues.order_by("-number").first()
    return SeriesPage(
        name=row.name, title=Bilingual(**row.title), description=Bilingual(**row.description),
        publisher=Bilingual(**row.publisher), licence=row.licence, kind=row.kind, filters=row.filters,
        fields=tuple(row.fields), months_valid=row.months_valid, clause=row.clause,
        issues=last.number if last else 0, listed=last.entries.filter(listed=True).count() if last else 0,
        last_issue=last.published_on.isoformat() if last else None,
    )  # fmt: skip


def as_series(row: ListSeries) -> Series:
    """A series as its issues carry it; InputError where it cannot be told so."""
    return Series(
        id=row.name, uid=str(row.uid), title=Bilingual(**row.title), description=Bilingual(**row.description),
        publisher=Bilingual(**row.publisher), licence=row.licence,
    )  # fmt: skip


def checked_filters(kind: Kind, filters: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Filters over facets of a kind; InputError for another field or value."""
    found = {}
    for name, values in filters.items():
        f = kind.field(name)
        if not f.facet:
            raise InputError.of(
                "the field {name} is no facet", name=name, expected="one of {known}",
                known=", ".join(one.name for one in kind.facets), do="leave it out",
            )  # fmt: skip
        read = [f.read_one(value) for value in ([values] if isinstance(values, str) else values)]
        found[name] = [f.facet_of(value) for value in read]
    return found


def _words(what: str, given: Mapping[str, str], *, empty: bool = False) -> dict[str, str]:
    kept = {lang: clean_text(str(given[lang]))[:2000] for lang in ("en", "zh") if given.get(lang)}
    if not kept and not empty:
        raise InputError.of(
            "the {what} is missing", what=what, expected="text in English, Chinese or both",
            do="give it with --{what}-en or --{what}-zh",
        )  # fmt: skip
    return kept


def _months(months: int | None) -> int | None:
    if months is not None and not 1 <= months <= 600:
        raise InputError.of(
            "a validity of {n} months", n=months, expected="1 to 600", do="correct it, or leave it out"
        )
    return months
