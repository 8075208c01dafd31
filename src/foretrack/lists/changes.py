"""What an issue changes against the one before: who entered, who left and why, what is said differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from foretrack.foundation.sentences import Sentence
from foretrack.lists.issue import FACETS, Entry, Evidence, Facet, Field, Issue, Removal, Value
from foretrack.packs.shapes import Bilingual

Part: TypeAlias = Literal[
    "title", "direction", "region", "track", "valid_from", "valid_to", "evidence", "field"
]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is said differently; None where it was not said before, or no longer is."""

    part: Part
    field: Field | None
    """Which field, where `part` is `field`; as the later issue declares it, if it still does."""
    before: Value | Facet | tuple[Evidence, ...] | None
    after: Value | Facet | tuple[Evidence, ...] | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that stands in both issues and is described differently."""

    entry: Entry
    """As the later issue has it."""
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A record that stood on the list before and no longer does."""

    entry: Entry
    """As the earlier issue had it."""
    removal: Removal | None
    """None when the later issue does not say why."""


@dataclass(frozen=True, slots=True)
class Changes:
    """All differences between two issues; each record that stands in one of them is in exactly one part."""

    entered: tuple[Entry, ...]
    left: tuple[Left, ...]
    changed: tuple[Changed, ...]
    unchanged: tuple[str, ...]
    """Their keys."""

    @property
    def nothing(self) -> bool:
        """Whether the two issues list the same and say the same."""
        return not (self.entered or self.left or self.changed)


def diff(before: Issue | None, after: Issue) -> Changes:
    """What `after` changes; with no issue before it, everything entered.

    A place in the order and a new revision without a public difference are no change. Entries come in the order of the
    issue that has them.
    """
    old = {entry.record: entry for entry in (before.listed if before else ())}
    new = {entry.record: entry for entry in after.listed}
    removals = {entry.record: entry.removal for entry in after.removed}
    fields = {one.key: one for issue in (before, after) if issue for one in issue.fields}
    changed: list[Changed] = []
    unchanged: list[str] = []
    for key, entry in new.items():
        if key in old:
            found = tuple(_changes(old[key], entry, fields))
            if found:
                changed.append(Changed(entry, found))
            else:
                unchanged.append(key)
    return Changes(
        entered=tuple(entry for key, entry in new.items() if key not in old),
        left=tuple(Left(entry, removals.get(key)) for key, entry in old.items() if key not in new),
        changed=tuple(changed),
        unchanged=tuple(unchanged),
    )


def _changes(before: Entry, after: Entry, fields: dict[str, Field]) -> Iterator[Change]:
    if before.title != after.title:
        yield Change("title", None, before.title, after.title)
    for key, one in fields.items():
        old, new = before.values.get(key), after.values.get(key)
        # True and 1 are equal in Python and not on a list.
        if old != new or type(old) is not type(new):
            yield Change("field", one, old, new)
    parts: tuple[Part, ...] = ("direction", "region", "track", "valid_from", "valid_to", "evidence")
    for part in parts:
        old, new = getattr(before, part), getattr(after, part)
        if part in FACETS and old is not None and new is not None and old.id == new.id:
            continue  # renamed by a pack; the record stands where it stood
        if old != new:
            yield Change(part, None, old or None, new or None)


def summary(changes: Changes) -> Sentence:
    """The differences counted, as a sentence that a door can say in both languages.

    >>> str(summary(Changes((), (), (), ("a", "b"))))
    'Entered: 0, left: 0, changed: 0, unchanged: 2'
    """
    return Sentence(
        "Entered: {entered}, left: {left}, changed: {changed}, unchanged: {unchanged}",
        {
            "entered": len(changes.entered),
            "left": len(changes.left),
            "changed": len(changes.changed),
            "unchanged": len(changes.unchanged),
        },
    )


def name_of(title: Bilingual, language: str) -> str:
    """The title in a language with the other one in brackets, if there are two.

    >>> name_of(Bilingual("Glass battery", "玻璃电池"), "zh"), name_of(Bilingual("Glass battery"), "zh")
    ('玻璃电池（Glass battery）', 'Glass battery')
    """
    if not (title.en and title.zh) or title.en == title.zh:
        return title.text(language)
    return f"{title.zh}（{title.en}）" if language == "zh" else f"{title.en} ({title.zh})"
