"""Addresses with one filter more or less: what a page is filtered, sorted and paged by stands in its address."""

from __future__ import annotations

from django.http import QueryDict

PAGE = "page"
"""The name under which the number of a page stands."""


def changed(given: QueryDict, **changes: str | None) -> str:
    """The query with names set anew, on its first page; None takes one out."""
    query = given.copy()
    query.pop(PAGE, None)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}" if query else "?"


def toggled(given: QueryDict, name: str, value: str) -> str:
    """The query with a value of a name taken in, or out where it holds, on its first page."""
    query = given.copy()
    query.pop(PAGE, None)
    held = query.getlist(name)
    query.setlist(name, [v for v in held if v != value] if value in held else [*held, value])
    return f"?{query.urlencode()}" if query else "?"


def paged(given: QueryDict, number: int) -> str:
    """The query on another page."""
    query = given.copy()
    query[PAGE] = str(number)
    return f"?{query.urlencode()}"
