"""Every sentence of every room in one language: an error of any room may end on a page.

The house has one kind of catalogue, `locale/zh.po` beside the door or room that speaks; pages use it as commands do.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from django.utils.translation import get_language

from foretrack.foundation.messages import LANGUAGES, Messages, read_po

CODES = {"en": "en", "zh": "zh-hans"}
"""Language of the house to the first part of an address."""
TAGS = {"en": "en", "zh": "zh-Hans"}
"""Language of the house to what `lang` says in a page (BCP 47)."""
NAMES = {"en": "English", "zh": "中文"}


class Words(dict[str, str]):
    """A table of words that a page says; a test holds each of them to be spoken in every language."""


def house_language(code: str | None) -> str:
    """The language of the house that a language code of Django means.

    >>> house_language("zh-hans"), house_language("en-gb"), house_language(None)
    ('zh', 'en', 'en')
    """
    short = (code or "").partition("-")[0]
    return short if short in LANGUAGES else "en"


def page_language() -> str:
    """The language of the page that is being answered."""
    return house_language(get_language())


@cache
def speak(language: str) -> Messages:
    """The messages of all rooms in a language; where two translate one sentence, the site's own words win."""
    found: dict[str, str] = {}
    if language != "en":
        home = Path(str(resources.files("foretrack")))
        own = home / "site" / "locale" / f"{language}.po"
        others = sorted(path for path in home.rglob(f"locale/{language}.po") if path != own)
        for path in [*others, own]:
            found |= {m: t for m, t in read_po(path.read_text(encoding="utf-8")).items() if t}
    return Messages(language, found)


def say(message: str, /, **values: object) -> str:
    """A sentence in the language of the page that is being answered."""
    return speak(page_language())(message, **values)
