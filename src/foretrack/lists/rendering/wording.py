"""How an issue is said in the reader's language: sentences, dates, numbers, and text that could not be seen."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import TypeAlias

from foretrack.foundation.errors import InputError
from foretrack.foundation.messages import LANGUAGES, Messages, read_po
from foretrack.foundation.sentences import Sentence
from foretrack.lists.changes import Change, Changed, Changes, Left, name_of
from foretrack.lists.issue import Evidence, Facet, Field, Removal, Value
from foretrack.packs.shapes import Bilingual

Sayable: TypeAlias = Value | Facet | tuple[Evidence, ...] | None

_LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}
# Directions of writing that a text sets for what follows it, and lines of their own.
_UNSEEN = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\ufff9-\ufffb]")
_OUT_OF_PLACE = frozenset({"Cc", "Cn", "Co", "Cs"})

_PARTS = {
    "title": "Title",
    "direction": "Direction",
    "region": "Region",
    "track": "Track",
    "valid_from": "Valid from",
    "valid_to": "Valid to",
    "evidence": "Evidence",
}


def visible(text: str) -> str:
    """The text with `‹U+202E›` in place of each character that steers the text around it or stands for nothing.

    Line breaks and tabs stay.

    >>> visible("a\\u202eb\\x00"), visible("锂\\n")
    ('a‹U+202E›b‹U+0000›', '锂\\n')
    """
    if text.isprintable():
        return text
    return "".join(
        character
        if character in "\n\t"
        or not (_UNSEEN.match(character) or unicodedata.category(character) in _OUT_OF_PLACE)
        else named(character)
        for character in text.replace("\r\n", "\n")
    )


def named(character: str) -> str:
    """The character by its number.

    >>> named("😀")
    '‹U+1F600›'
    """
    return f"‹U+{ord(character):04X}›"


@cache
def wording(language: str) -> Wording:
    """How one language says it. Raises InputError for a language that Foretrack does not speak."""
    if language not in LANGUAGES:
        raise InputError.of(
            "no language {language}",
            expected="one of {known}",
            language=repr(language[:20]),
            known=", ".join(LANGUAGES),
        )
    file = resources.files("foretrack.lists") / "locale" / f"{language}.po"
    translations = read_po(file.read_text(encoding="utf-8")) if language != "en" else {}
    return Wording(language, Messages(language, translations))


@dataclass(frozen=True)
class Wording:
    """Sentences, dates, numbers and values in one language."""

    language: str
    say: Messages

    def day(self, day: date) -> str:
        """The day as the language writes it.

        >>> wording("en").day(date(2025, 1, 15)), wording("zh").day(date(2025, 1, 15))
        ('15 January 2025', '2025年1月15日')
        """
        from babel.dates import format_date

        return format_date(day, "long", locale=_LOCALES[self.language])

    def number(self, number: float) -> str:
        """All digits of the number, grouped as the language groups them.

        >>> wording("en").number(1234567.125), wording("zh").number(1000)
        ('1,234,567.125', '1,000')
        """
        from babel.numbers import format_decimal

        return format_decimal(
            Decimal(repr(number)), locale=_LOCALES[self.language], decimal_quantization=False
        )

    def text(self, both: Bilingual) -> str:
        """The text in this language, or in the other one."""
        return visible(both.text(self.language))

    def other(self, both: Bilingual) -> str:
        """The text in the other language where it says something else; else nothing."""
        second = both.en if self.language == "zh" else both.zh
        return visible(second) if second and second != both.text(self.language) else ""

    def label(self, one: Field) -> str:
        """What a field is called, with its unit."""
        label = self.text(one.label) or one.key
        return f"{label} ({visible(one.unit)})" if one.unit else label

    def value(self, value: Sayable) -> str:
        """A value as people read it; a dash for none."""
        match value:
            case None | ():
                return "–"
            case bool():
                return self.say("yes") if value else self.say("no")
            case int() | float():
                return self.number(value)
            case date():
                return self.day(value)
            case Bilingual():
                return self.text(value)
            case Facet():
                return self.text(value.label) or visible(value.id)
            case tuple():
                parts = [one.id if isinstance(one, Evidence) else one for one in value]
                return ("、" if self.language == "zh" else ", ").join(visible(part) for part in parts)
        return visible(value)

    def validity(self, first: date | None, last: date | None) -> str:
        """From when to when something is valid; nothing where neither is set."""
        match first, last:
            case None, None:
                return ""
            case None, date():
                return self.say("until {last}", last=self.day(last))
            case date(), None:
                return self.say("from {first}", first=self.day(first))
            case date(), date():
                return self.say("{first} to {last}", first=self.day(first), last=self.day(last))
        raise AssertionError

    def part(self, change: Change) -> str:
        """What has changed."""
        return self.label(change.field) if change.field else self.say(_PARTS[change.part])

    def reason(self, removal: Removal | None) -> str:
        """Why a record left, with the code of the reason and the day."""
        if removal is None:
            return self.say("no reason stated")
        return self.say(
            "{reason} (code {code}, {day})",
            reason=self.text(removal.reason) or self.say("no reason stated"),
            code=visible(removal.code),
            day=self.day(removal.on),
        )

    def sentence(self, sentence: Sentence) -> str:
        """A sentence in this language."""
        return sentence.told(self.say)

    def changes(self, changes: Changes) -> list[str]:
        """Every difference as a line of its own: who entered, who left and why, what is said differently."""
        return [
            *(self.say("Entered: {name}", name=self.name(entry.title)) for entry in changes.entered),
            *(self._left(left) for left in changes.left),
            *(self._changed(changed) for changed in changes.changed),
        ]

    def name(self, title: Bilingual) -> str:
        """A title with the other language's in brackets."""
        return visible(name_of(title, self.language))

    def _left(self, left: Left) -> str:
        return self.say(
            "Left: {name}: {reason}", name=self.name(left.entry.title), reason=self.reason(left.removal)
        )

    def change(self, change: Change) -> str:
        """One thing that is said differently, as it was and as it is."""
        return self.say(
            "{part} from {before} to {after}",
            part=self.part(change),
            before=self._both(change.before),
            after=self._both(change.after),
        )

    def _changed(self, changed: Changed) -> str:
        parts = [self.change(change) for change in changed.changes]
        between = "；" if self.language == "zh" else "; "
        return self.say(
            "Changed: {name}: {parts}", name=self.name(changed.entry.title), parts=between.join(parts)
        )

    def _both(self, value: Sayable) -> str:
        # A text may have changed in the other language only.
        return self.name(value) if isinstance(value, Bilingual) else self.value(value)
