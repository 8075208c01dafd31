"""The walk through the site leaves no page out."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, get_resolver
from tests.site.walk import NO_PAGE, STOPS


def is_page(pattern: URLPattern) -> bool:
    """Whether it is ours, and not of the API."""
    room = getattr(pattern.callback, "__module__", "")
    api = room.startswith("foretrack.api.") and room != "foretrack.api.pages"
    return room.startswith("foretrack.") and not api


def names(patterns: list[URLPattern | URLResolver], *, own: bool = True) -> set[str]:
    """Names of the addresses that are ours."""
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if getattr(pattern.urlconf_name, "__name__", "").startswith(("allauth", "django")):
                continue
            if pattern.app_name:  # Django's admin, the API
                continue
            found |= names(pattern.url_patterns)
        elif pattern.name and is_page(pattern):
            found.add(pattern.name)
    return found


def test_every_page_is_walked(db: None) -> None:
    walked = {stop.name for stop in STOPS} | set(NO_PAGE)

    assert sorted(names(get_resolver().url_patterns) - walked) == []


def test_nothing_is_left_out_that_does_not_exist(db: None) -> None:
    ours = names(get_resolver().url_patterns)

    assert sorted(set(NO_PAGE) - ours - {"favicon"}) == []
