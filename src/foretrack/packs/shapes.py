"""What a pack holds: directions, tracks, product families, clauses and targets, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from foretrack.packs.calendars import Calendar
    from foretrack.packs.call_templates import CallTemplate
    from foretrack.packs.clause_map import SystemRow
    from foretrack.packs.rubrics import Rubric
    from foretrack.packs.rule_shapes import Indicator, Overlay, Rule
    from foretrack.packs.schemes import Crosswalk, Scheme

Confidence: TypeAlias = Literal["V2", "V", "K", "k"]
CONFIDENCES: tuple[str, ...] = get_args(Confidence)

Role: TypeAlias = Literal["field", "core technology", "model", "drive"]
ROLES: tuple[str, ...] = get_args(Role)

Operator: TypeAlias = Literal[">=", "batch", "outcome"]
OPERATORS: tuple[str, ...] = get_args(Operator)

LANGUAGES = ("en", "zh")

NONE = "none"
"""The id that stands for "none of the tracks"; no entry of a pack may be called so."""


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A label or sentence in English and Chinese; empty where the pack gives only the other one."""

    en: str = ""
    zh: str = ""

    def text(self, language: str = "en") -> str:
        """The text in `language`, or in the other one when it is missing.

        >>> Bilingual(zh="核能").text("en")
        '核能'
        """
        first, second = (self.zh, self.en) if language == "zh" else (self.en, self.zh)
        return first or second


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Terms that a text about a track uses, in one language."""

    strong: tuple[str, ...] = ()
    """One of them is nearly enough."""
    weak: tuple[str, ...] = ()
    """Support, shared with other subjects."""
    negative: tuple[str, ...] = ()
    """Phrases that look alike and mean something else: they hide the terms inside them and count against."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What every entry of a pack has."""

    id: str
    label: Bilingual
    clause: str
    """Id of the clause that it comes from; empty in a pack without clauses."""
    source: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Clause(Entry):
    """One numbered clause, as a fact in our own words."""

    fact: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Direction(Entry):
    """A group of tracks."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Track(Entry):
    """One track (赛道) of a direction."""

    direction: str = ""
    role: Role = "field"
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    definition: Bilingual = field(default_factory=Bilingual)
    lexicon: Mapping[str, Lexicon] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CoreTechnology:
    """One core technology that the policy names for a family of products."""

    id: str
    """Lasting and unique in the pack, so that records can point at it."""
    label: Bilingual


@dataclass(frozen=True, slots=True)
class Product(Entry):
    """One family of iconic products."""

    tracks: tuple[str, ...] = ()
    """Tracks that it serves first; short ids of the same pack."""
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    core_technologies: tuple[CoreTechnology, ...] = ()
    uses: tuple[Bilingual, ...] = ()
    lexicon: Mapping[str, Lexicon] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target(Entry):
    """Something the policy wants by a date: a count, an unnumbered batch, or an outcome."""

    by: str = ""
    operator: Operator = "outcome"
    value: float | None = None
    unit: str | None = None
    note: str = ""
    counts: str | None = None
    """Series of lists whose published entries count; None for an outcome, which nothing counts."""
    indicator: Bilingual | None = None
    """For an outcome: what it is measured by, once somebody declares it; None while nobody has."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts of a pack were read."""

    id: str
    title: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Pack:
    """One dated pack. Ids of its entries are short; `full_id` puts the pack's id in front."""

    id: str
    title: Bilingual
    jurisdiction: str | None
    document_number: str | None
    issuers: tuple[Bilingual, ...]
    valid_from: str
    valid_to: str | None
    confidence: Confidence
    sources: tuple[Source, ...]
    directions: tuple[Direction, ...]
    tracks: tuple[Track, ...]
    clauses: tuple[Clause, ...] = ()
    products: tuple[Product, ...] = ()
    targets: tuple[Target, ...] = ()
    none_label: Bilingual = field(default_factory=lambda: Bilingual("None of the tracks", "不属于任何赛道"))
    folder: str = ""
    """The folder it was read from, for messages."""
    version: str = "1"
    """The version that its keeper gives it; `fingerprint` says whether two are the same."""
    fingerprint: str = ""
    """SHA-256 over the files that it was read from."""
    note: Bilingual = field(default_factory=Bilingual)
    schemes: tuple[Scheme, ...] = ()
    crosswalks: tuple[Crosswalk, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    """Indicators that its rules share."""
    rules: tuple[Rule, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    systems: tuple[SystemRow, ...] = ()
    """What serves each row of the policy's systems: the clause map."""
    rubrics: tuple[Rubric, ...] = ()
    """Score sheets of reviewers."""
    calls: tuple[CallTemplate, ...] = ()
    """Templates of calls."""

    def full_id(self, short: str) -> str:
        """`pack-id/track-id`, the name that is unique over all packs."""
        return f"{self.id}/{short}"

    def valid_on(self, date: str) -> bool:
        """Whether the pack is in force on an ISO date.

        >>> from foretrack.packs.loading import load_packs
        >>> [pack.id for pack in load_packs() if pack.tracks and pack.valid_on("2024-02-01")]
        ['cn-future-industries-2024']
        """
        return self.valid_from <= date and (self.valid_to is None or date <= self.valid_to)
