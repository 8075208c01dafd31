"""Reads the translations that lie in `locale/` beside a door's code."""

from __future__ import annotations

from functools import cache
from importlib import resources

from foretrack.foundation.messages import Messages, read_po


@cache
def messages(language: str, *packages: str) -> Messages:
    """The messages of a language from the `locale/<language>.po` of each package; English needs none.

    A sentence that two packages translate is taken from the first.
    """
    found: dict[str, str] = {}
    for package in ("foretrack.terminal", *packages):
        file = resources.files(package) / "locale" / f"{language}.po"
        if language != "en" and file.is_file():
            found = {**read_po(file.read_text(encoding="utf-8")), **found}
    return Messages(language, found)
