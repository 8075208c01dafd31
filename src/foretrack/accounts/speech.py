"""What messages to people say, in their language: the sentences lie in `locale/` beside this file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources

from foretrack.foundation.messages import Messages, read_po

CODES = {"en": "en", "zh": "zh-hans"}
"""Language of an account to Django's code, which is also the first part of an address."""


def code_of(language: str) -> str:
    """Django's code for the language of an account.

    >>> code_of("zh"), code_of("en"), code_of("tlh")
    ('zh-hans', 'en', 'en')
    """
    return CODES.get(language, "en")


@cache
def speak(language: str) -> Messages:
    """The messages of this room in a language."""
    file = resources.files("foretrack.accounts") / "locale" / f"{language}.po"
    known = language in CODES and language != "en" and file.is_file()
    return Messages(language, read_po(file.read_text(encoding="utf-8")) if known else {})


@contextmanager
def speaking(language: str) -> Iterator[Messages]:
    """Speaks the language of an account: our sentences, and those of Django and allauth, dates and addresses too."""
    from django.utils import translation

    with translation.override(code_of(language)):
        yield speak(language)
