"""Adds many rows to a table at once, several times as fast as one object each: a prepared INSERT and plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection, models


def add_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Inserts rows, whose values stand in the order of `columns` (names of the model's fields as its rows hold them).

    Defaults of the model are not applied: every column without a default in the database has to be given.
    """
    statement, kept = _statement(model, tuple(columns))
    if kept:
        converters = [(place, _converter(sort)) for place, sort in kept]
        rows = (_converted(row, converters) for row in rows)
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))


@cache
def _statement(
    model: type[models.Model], columns: tuple[str, ...]
) -> tuple[str, tuple[tuple[int, str], ...]]:
    fields = {f.attname: f for f in model._meta.concrete_fields}
    quote = connection.ops.quote_name
    named = ", ".join(quote(str(fields[name].column)) for name in columns)
    places = ", ".join("%s" for _ in columns)
    converted = tuple(
        (place, fields[name].get_internal_type())
        for place, name in enumerate(columns)
        if fields[name].get_internal_type() in ("JSONField", "DateTimeField", "DateField")
    )
    return f"INSERT INTO {quote(model._meta.db_table)} ({named}) VALUES ({places})", converted


def _converter(sort: str) -> Callable[[Any], Any]:
    """How the database at hand takes a value of a type of field."""
    if sort == "JSONField":
        return lambda value: connection.ops.adapt_json_value(value, None)
    if sort == "DateTimeField":
        return connection.ops.adapt_datetimefield_value
    return connection.ops.adapt_datefield_value


def _converted(row: Sequence[Any], converters: Sequence[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    made = list(row)
    for place, convert in converters:
        if made[place] is not None:
            made[place] = convert(made[place])
    return made
