"""Names and addresses that the pages of the lookout share: labels in two languages, links that stay with a scan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.http import QueryDict

from foretrack.domains.foresight.answers import TrackLabel
from foretrack.domains.foresight.doors.speech import LIFE_STAGES, STATES
from foretrack.domains.foresight.doors.web.reading import AS_OF, SCAN, Reading
from foretrack.foundation.errors import InputError
from foretrack.packs.loading import load_packs
from foretrack.packs.shapes import Bilingual
from foretrack.web.addresses import address
from foretrack.web.queries import changed
from foretrack.web.speech import page_language, speak

SHOWN_LETTERS = 60
"""Letters of a name that a picture shows; the page that it leads to has all."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a control or filter."""

    value: str
    label: str
    chosen: bool = False
    n: int | None = None
    href: str = ""


def name_of(label: str, english: str | None, chinese: str | None) -> tuple[str, str]:
    """A name in the page's language, and the one in the other language where it has another."""
    first, second = (chinese, english) if page_language() == "zh" else (english, chinese)
    main = first or second or label
    return main, second if second and second != main else ""


def shortened(text: str, most: int = SHOWN_LETTERS) -> str:
    """A name that fits into a picture.

    >>> shortened("a name", 4)
    'a n…'
    """
    return text if len(text) <= most else text[: most - 1] + "…"


def state_word(state: str) -> str:
    """A state of a concept or a stage of a technology, in the page's language."""
    return speak(page_language())({**STATES, **LIFE_STAGES}.get(state, state))


def technology_href(reading: Reading, technology: str) -> str:
    """The page of a technology as of the same year."""
    return address("technology", technology) + reading.held_query


def concept_href(reading: Reading, concept: str) -> str:
    """The page of a concept as of the same year."""
    return address("concept", concept) + reading.held_query


def year_choices(reading: Reading, given: QueryDict) -> tuple[Choice, ...]:
    """The years that can be read instead, the newest first."""
    return tuple(
        Choice(
            str(year),
            str(year),
            year == reading.scan.as_of,
            href=changed(given, **{AS_OF: str(year), SCAN: None}),
        )
        for year in reversed(reading.years)
    )


def chosen(given: QueryDict, name: str, known: Mapping[str, object], usual: str) -> str:
    """One of the known values of a name in the address; InputError for any other."""
    value = given.get(name, "") or usual
    if value and value not in known:
        raise InputError.of(
            "{name} cannot be {value!r}", expected="one of {known}", do="choose one of those that the page offers",
            name=name, value=value[:60], known=", ".join(filter(None, known)),
        )  # fmt: skip
    return value


@dataclass(frozen=True, slots=True)
class PackLabels:
    """Names of directions and tracks of every installed pack, by `pack/id`."""

    directions: Mapping[str, Bilingual]
    tracks: Mapping[str, Bilingual]

    def direction(self, label: TrackLabel) -> str:
        """The direction of a track label, in the page's language."""
        return self._told(self.directions, label.pack, label.direction)

    def track(self, label: TrackLabel) -> str:
        """The track of a track label, in the page's language."""
        return self._told(self.tracks, label.pack, label.track)

    def named(self, kind: str, key: str) -> str:
        """A direction or track by `pack/id`."""
        pack, _, short = key.rpartition("/")
        return self._told(self.directions if kind == "direction" else self.tracks, pack, short)

    @staticmethod
    def _told(known: Mapping[str, Bilingual], pack: str, name: str) -> str:
        return known.get(f"{pack}/{name}", Bilingual()).text(page_language()) or name


@lru_cache(maxsize=4)
def pack_labels(root: Path) -> PackLabels:
    """Of the packs that a workspace has when its first page is asked for."""
    packs = load_packs([folder for folder in [root / "packs"] if folder.is_dir()])
    return PackLabels(
        {f"{pack.id}/{d.id}": d.label for pack in packs for d in pack.directions},
        {f"{pack.id}/{t.id}": t.label for pack in packs for t in pack.tracks},
    )


def files_of(page: str, given: QueryDict, *forms: str) -> tuple[tuple[str, str], ...]:
    """The data and pictures behind a page, in the form asked for: what is written, and its address."""
    query = f"?{given.urlencode()}" if given else ""
    here = address(page).rstrip("/")
    return tuple((form.upper(), f"{here}.{form}{query}") for form in forms or ("csv", "json", "svg", "png"))
