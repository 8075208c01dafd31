"""What matching writes to people, in their language: the sentences lie in `locale/` beside this file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources

from foretrack.accounts.speech import CODES, code_of
from foretrack.foundation.messages import Messages, read_po


@cache
def _messages(language: str) -> Messages:
    file = resources.files("foretrack.matching") / "locale" / f"{language}.po"
    known = language in CODES and language != "en" and file.is_file()
    return Messages(language, read_po(file.read_text(encoding="utf-8")) if known else {})


@contextmanager
def speaking(language: str) -> Iterator[Messages]:
    """Speaks the language of an account: our sentences, and dates and addresses too."""
    from django.utils import translation

    with translation.override(code_of(language)):
        yield _messages(language)
