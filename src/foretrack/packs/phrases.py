"""Lists of phrases as dated data: empty praise, words that tell nothing in a title, text of a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from foretrack.packs.beside import SideFile, entries_of
from foretrack.packs.reading import Node
from foretrack.packs.shapes import Bilingual, Confidence

FILE = "phrases.yml"
_KEYS = ("id", "label", "language", "words", "valid_from", "valid_to", "source", "confidence")


@dataclass(frozen=True, slots=True)
class Phrases:
    """One list in one language, for what happens while it is valid."""

    id: str
    label: Bilingual
    language: str
    """`en` or `zh`."""
    words: tuple[str, ...]
    """In lower case."""
    valid_from: str
    valid_to: str | None
    source: tuple[str, ...]
    confidence: Confidence


def load_phrases(paths: Sequence[str | Path] = ()) -> tuple[Phrases, ...]:
    """The built-in lists and those in `FOLDER/*/phrases.yml` of `paths`, which replace those of one id, language and day.

    InputError with file, place, expectation and an example when a file is not usable.

    >>> sorted({one.id for one in load_phrases()})[:2]
    ['boilerplate', 'general-title']
    """
    found = entries_of(FILE, "phrases", _phrases, paths)
    by_id: Mapping[tuple[str, str, str], Phrases] = {(o.id, o.language, o.valid_from): o for o in found}
    return tuple(sorted(by_id.values(), key=lambda one: (one.id, one.language, one.valid_from)))


def phrases_on(entries: Sequence[Phrases], name: str, day: str) -> tuple[str, ...]:
    """The words of a list in both languages that are valid on an ISO day, each once.

    >>> "国际领先" in phrases_on(load_phrases(), "praise", "2026-03-02")
    True
    """
    valid = (
        one
        for one in entries
        if one.id == name and one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)
    )
    return tuple(dict.fromkeys(word for one in valid for word in one.words))


def _phrases(node: Node, file: SideFile) -> Phrases:
    node.only(_KEYS)
    words = tuple(word.casefold() for word in node.words("words", "words: [world-leading]"))
    if not words:
        raise node.fail("`words` is missing", "a list of phrases", "words: [world-leading]", at="words")
    return Phrases(
        id=node.identifier("praise"), label=node.bilingual("label", "{en: Empty praise, zh: 空泛溢美之词}"),
        language=node.word("language", "en", default="en"), words=words,
        valid_from=node.day("valid_from", "the first day it holds"), valid_to=node.date("valid_to"),
        source=file.sources(node), confidence=node.confidence(),
    )  # fmt: skip
