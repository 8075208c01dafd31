"""Addresses of pages by their names: in the language of the page that is being answered, or in one that is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

from foretrack.foundation.errors import InputError, NotThereError
from foretrack.web.speech import CODES

THINGS = {"record": "record", "concept": "concept", "technology": "technology", "document": "document"}
"""Sort of thing to the name of its page, whose address takes the thing's key."""


def address(name: str, *parts: object) -> str:
    """The address of a page in the language of the one that is being answered."""
    return reverse(name, args=parts)


def address_of_thing(unit: str, key: str) -> str:
    """The page about a thing that search, alerts and links name; empty for one that has none here.

    A list is named by its series, an issue or an entry by the series and what stands behind a slash.
    """
    series, _, behind = key.partition("/")
    try:
        if unit in THINGS:
            return address(THINGS[unit], key)
        if unit == "list" and behind:
            return address("issue", series, behind)
        if unit in ("list", "entry"):
            return address("series", series)
    except NoReverseMatch:
        pass
    return ""


def thing_in(language: str, unit: str, key: str) -> str:
    """`address_of_thing` in a language of the house: for feeds and messages, which answer no page."""
    with override(CODES[language]):
        return address_of_thing(unit, key)


@contextmanager
def named_in_address() -> Iterator[None]:
    """What an action says of a name that nothing bears becomes 404, since the name stands in the address."""
    try:
        yield
    except NotThereError:
        raise
    except InputError as error:
        what, expected, do = error.sentences
        raise NotThereError.said(what, expected=expected, do=do) from error
