"""The watch's sentences in the reader's language, from `locale/` beside this file."""

from __future__ import annotations

from functools import cache
from importlib import resources

from foretrack.foundation.messages import Messages, read_po


@cache
def messages_in(language: str) -> Messages:
    """The messages of a language; English needs none.

    >>> messages_in("zh")("is new")
    '新出现'
    """
    file = resources.files("foretrack.watch") / "locale" / f"{language}.po"
    return Messages(language, read_po(file.read_text("utf-8")) if language != "en" and file.is_file() else {})
