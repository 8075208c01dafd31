"""An issue as a PDF for the archive (PDF/A-2u): every character has a glyph and can be searched and copied.

Typst sets the page from `issue.typ`, which gets all text as data, so none of it is ever read as markup. Fonts are read
from where the caller found them (`lists/fonts.py`).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from foretrack.foundation.errors import HouseError, OutsideError
from foretrack.lists.changes import Changes, summary
from foretrack.lists.issue import Entry, Issue, facets_of
from foretrack.lists.rendering.tables import about
from foretrack.lists.rendering.wording import Wording, named, visible, wording

_LETTERS = ("L", "M", "N")
_LONG_WORD = re.compile(r"[^\s\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]{30,}")
_FACETS = {"direction": "Direction", "region": "Region", "track": "Track"}
# Characters that only steer their neighbours; a line is set the same without them.
_WITHOUT_SHAPE = frozenset("\u200b\u200c\u200d\u00ad\u2060\u180e\u034f") | {
    chr(n) for n in range(0xFE00, 0xFE10)
}


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font on the disk."""

    path: Path
    family: str
    characters: frozenset[int]


@dataclass(frozen=True, slots=True)
class Fonts:
    """The fonts that a PDF may use, in order of preference."""

    files: tuple[FontFile, ...]

    def __add__(self, other: Fonts) -> Fonts:
        return Fonts((*self.files, *other.files))

    @property
    def families(self) -> tuple[str, ...]:
        """Each once."""
        return tuple(dict.fromkeys(font.family for font in self.files))

    def missing(self, text: str) -> tuple[str, ...]:
        """The characters of a text, each once, that none of the fonts has."""
        return tuple(
            character
            for character in sorted(set(text))
            if not any(ord(character) in font.characters for font in self.files)
        )


def pdf_of(issue: Issue, fonts: Fonts, language: str = "en", *, changes: Changes | None = None) -> bytes:
    """The PDF in one language, with titles in both. Equal issues and fonts give equal bytes.

    A sign that no font has (an emoji, say) is written by number, `‹U+1F600›`. Letters are not, lest a
    name go wrong unnoticed: raises OutsideError with the letters that are missing and what to install.
    """
    told = _told(issue, wording(language), changes)
    return set_table(told, fonts, issue.published_on, f"issue {issue.label!r}")


def set_table(told: Mapping[str, Any], fonts: Fonts, day: date, name: str) -> bytes:
    """A PDF by the template of issues, of whatever is told in its shape (`issue.typ`): a head, and numbered entries.

    Raises OutsideError with the letters that no font has; HouseError with `name` where it could not be set.
    """
    return typeset(_template(), "issue", told, fonts, day, name)


@cache
def _template() -> bytes:
    return (resources.files("foretrack.lists.rendering") / "issue.typ").read_bytes()


@cache
def _faces(fonts: Fonts) -> Any:
    import typst

    folders = sorted({str(font.path.parent) for font in fonts.files})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _told(issue: Issue, said: Wording, changes: Changes | None) -> dict[str, Any]:
    """All that the page says, as text."""
    say, series = said.say, issue.series
    return {
        "lang": said.language,
        "date": [issue.published_on.year, issue.published_on.month, issue.published_on.day],
        "author": said.text(series.publisher),
        "title": said.text(series.title),
        "other": said.other(series.title),
        "issue": say("Issue {label}", label=visible(issue.label)),
        "about": about(issue, said)[1:],
        "page": say("Page"),
        "listed_title": say("Listed"),
        "listed": [_entry(entry, issue, said) for entry in issue.listed],
        "nothing": say("Nothing stands on this issue."),
        "removed_title": say("Removed"),
        "removed": [
            {
                "title": said.text(entry.title),
                "other": said.other(entry.title),
                "reason": said.reason(entry.removal),
            }
            for entry in issue.removed
        ],
        "changes_title": say("Changes against the issue before"),
        "changes": None
        if changes is None
        else {"summary": said.sentence(summary(changes)), "lines": said.changes(changes)},
    }


def _entry(entry: Entry, issue: Issue, said: Wording) -> dict[str, Any]:
    return {
        "position": str(entry.position),
        "title": said.text(entry.title),
        "other": said.other(entry.title),
        "facts": [list(pair) for pair in _facts(entry, issue, said)],
    }


def _facts(entry: Entry, issue: Issue, said: Wording) -> Iterator[tuple[str, str]]:
    for name, facet in facets_of(entry):
        yield said.say(_FACETS[name]), said.value(facet)
    for one in issue.fields:
        if one.key in entry.values:
            yield said.label(one), said.value(entry.values[one.key])
    if entry.valid_from or entry.valid_to:
        yield said.say("Valid"), said.validity(entry.valid_from, entry.valid_to)
    if entry.evidence:
        yield said.say("Evidence"), said.value(entry.evidence)
    yield said.say("Record"), visible(entry.record)


def _shaped(told: Any, fonts: Fonts) -> Any:
    """The same texts, of characters that the fonts have."""
    text = "".join(_texts(told))
    missing = [one for one in fonts.missing(text) if one not in "\n\t" and one not in _WITHOUT_SHAPE]
    letters = [one for one in missing if unicodedata.category(one).startswith(_LETTERS)]
    if letters:
        raise OutsideError.of(
            "no font has the characters {characters}",
            expected="fonts for every script that the list uses",
            do="name a folder with fonts that have them, such as the Noto font of that script",
            characters=", ".join(f"{one} (U+{ord(one):04X})" for one in letters[:10])
            + (" …" if len(letters) > 10 else ""),
        )
    shown = str.maketrans({one: named(one) for one in missing} | dict.fromkeys(_WITHOUT_SHAPE, ""))

    def shaped(part: Any) -> Any:
        match part:
            case str():
                return _breakable(part.translate(shown))
            case list() | tuple():
                return [shaped(one) for one in part]
            case dict():
                return {key: shaped(one) for key, one in part.items()}
        return part

    return shaped(told)


def _texts(part: Any) -> Iterator[str]:
    match part:
        case str():
            yield part
        case list() | tuple():
            for one in part:
                yield from _texts(one)
        case dict():
            for one in part.values():
                yield from _texts(one)


def _breakable(text: str) -> str:
    """With a place to break a line at every twelfth character of a word that fits on no line."""
    return _LONG_WORD.sub(lambda found: "\u200b".join(re.findall(".{1,12}", found[0], re.DOTALL)), text)


def typeset(template: bytes, name: str, told: Mapping[str, Any], fonts: Fonts, day: date, what: str) -> bytes:
    """A PDF for the archive by a template of Typst, which is given all text as data.

    Args:
        name: of the data among the inputs of the template.
        day: of its timestamp, so that equal data give equal bytes.
        what: it is, for the error where it cannot be set.

    OutsideError for letters that no font has.
    """
    import typst

    shaped = _shaped(dict(told), fonts) | {"families": fonts.families}
    try:
        made = typst.compile(
            template, format="pdf", font_paths=_faces(fonts), ignore_system_fonts=True,
            sys_inputs={name: json.dumps(shaped, ensure_ascii=False)}, pdf_standards=["a-2u"],
            timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
        )  # fmt: skip
    except typst.TypstError as error:
        raise HouseError(f"the PDF of {what} could not be set: {error.message}") from error
    if not isinstance(made, bytes):
        raise HouseError(f"the PDF of {what} came in {type(made).__name__}")
    return made
