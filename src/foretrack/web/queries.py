"""Addresses with one filter more or less: what a page is filtered, sorted and paged by stands in its address."""

from __future__ import annotations

from django.http import QueryDict

from foretrack.foundation.errors import InputError

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


def page_number(given: QueryDict, name: str = PAGE, *, digits: int = 5) -> int:
    """The number of the page that an address asks for, the first where it names none; InputError for what is no number.

    Args:
        digits: so many it may have at most, so that no offset grows beyond what a database takes.
    """
    text = given.get(name, "1")
    if not (text.isascii() and text.isdecimal()) or not 1 <= len(text) <= digits or int(text) < 1:
        raise InputError.of(
            "{name} is {found!r}", expected="a number", do="follow a link of the page", name=name, found=text[:20]
        )  # fmt: skip
    return int(text)


def nearest_page(given: QueryDict, n: int, shown: int) -> int:
    """The page, counted from 0, nearest to the one asked for, of `n` rows with `shown` on a page."""
    text = given.get(PAGE, "1")
    number = int(text) - 1 if text.isascii() and text.isdecimal() and len(text) < 7 else 0
    return max(0, min(number, (n - 1) // shown))


def kept(given: QueryDict, *own: str) -> tuple[tuple[str, str], ...]:
    """What a form carries on in hidden boxes: all of the query but its own boxes and the number of the page."""
    return tuple((n, v) for n in given for v in given.getlist(n) if n not in (*own, PAGE))


def unpaged(given: QueryDict, *beside: str) -> str:
    """The query without the number of the page and names beside it, without its question mark: for downloads."""
    query = given.copy()
    for name in (PAGE, *beside):
        query.pop(name, None)
    return query.urlencode()
