"""What can be searched, who asks, and what an answer is: the values that pass the door of this room."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Protocol, TypeAlias, get_args

from foretrack.foundation.errors import InputError

Visibility: TypeAlias = Literal["public", "partner", "private"]
VISIBILITIES: tuple[str, ...] = get_args(Visibility)

Field: TypeAlias = Literal["title", "body", "identifier"]
Way: TypeAlias = Literal["identifier", "words", "some words", "meaning", "listed"]
"""How a thing was found: by an identifier typed whole, by words, by meaning; `listed` when no question was asked."""

BUILT_IN = ("unit", "kind", "language")
"""Facets that every thing has."""
_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
_NONE: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that can be found: a record, concept, technology, document, organisation, list...

    What partners or insiders may read beyond the public part is a thing of its own with the same unit and key, and
    with the public part in it: a viewer meets the widest that they may see, and no word of it tells others anything.

    Raises InputError when a unit or a facet has no usable name, a key is missing, or nothing could be shown of it.
    """

    unit: str
    """What sort of thing: `record`, `concept`, `technology`, `document`, `organisation`, `list`."""
    key: str
    """Its identity within the unit, as its own room knows it."""
    title_en: str = ""
    title_zh: str = ""
    """One of the two titles at least. A thing with both teaches the search what is called how in the other language."""
    body: str = ""
    """Whatever else of it is text, in any language."""
    kind: str = ""
    """The kind within the unit: a registry kind, or `paper`, `patent`..."""
    language: str = ""
    """BCP 47 primary tag of the body; empty lets the script decide."""
    identifiers: tuple[str, ...] = ()
    """By which it is found when one is typed whole: codes, DOIs, standard references."""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NONE)
    """Name to values; `unit`, `kind` and `language` come of themselves."""
    visibility: Visibility = "public"
    readers: tuple[str, ...] = ()
    """Who sees it when it is private: names such as `organisation:K1`, compared with `Viewer.readers`."""
    changed_at: str = ""
    """ISO 8601 date or moment of its last change, for the order by date; empty sorts last."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.unit):
            raise InputError.of(
                "a thing of the unit {unit!r}", expected="a word such as record", do="name it", unit=self.unit
            )
        if not self.key or len(self.key) > 255 or not self.key.isprintable():
            raise InputError.of(
                "a {unit} with the key {key!r}", expected="1 to 255 printable characters", do="give it a key",
                unit=self.unit, key=self.key[:40],
            )  # fmt: skip
        if not (self.title_en.strip() or self.title_zh.strip()):
            raise InputError.of(
                "{unit} {key} without a title", expected="a title in English or Chinese", do="give it one",
                unit=self.unit, key=self.key,
            )  # fmt: skip
        if self.visibility not in VISIBILITIES:
            raise InputError.of(
                "{unit} {key} has the visibility {visibility!r}", expected="one of {known}", do="choose one of them",
                unit=self.unit, key=self.key, visibility=self.visibility, known=", ".join(VISIBILITIES),
            )  # fmt: skip
        for name in self.facets:
            if not _NAME.fullmatch(name) or name in BUILT_IN:
                raise InputError.of(
                    "{unit} {key} has a facet {name!r}", expected="a lower-case word other than {known}",
                    do="rename the facet", unit=self.unit, key=self.key, name=name, known=", ".join(BUILT_IN),
                )  # fmt: skip

    @property
    def digest(self) -> str:
        """SHA-256 of all it is, so that an unchanged thing is not indexed again."""
        values = [
            self.unit, self.key, self.title_en, self.title_zh, self.body, self.kind, self.language, self.identifiers,
            sorted((name, *values) for name, values in self.facets.items()), self.visibility, self.readers,
            self.changed_at,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(values, ensure_ascii=True).encode()).hexdigest()


class Viewer(Protocol):
    """Whoever asks, as far as search must know."""

    @property
    def sees_everything(self) -> bool:
        """True for those who may read all that is private, such as an auditor."""
        ...

    @property
    def sees_partner(self) -> bool:
        """True for partners: they see what is for partners."""
        ...

    @property
    def readers(self) -> frozenset[str]:
        """Names under which they may see private things; `region:CN-33*` stands for all that begin with it."""
        ...


@dataclass(frozen=True, slots=True)
class Seen:
    """A viewer as a plain value; the default is a visitor, who sees what is public."""

    sees_everything: bool = False
    sees_partner: bool = False
    readers: frozenset[str] = frozenset()


VISITOR = Seen()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, [start, end) in characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """One idea of the question and how a hit meets it."""

    said: str
    """As typed."""
    found: str
    """The word or phrase of the hit that meets it; empty when nothing does."""
    fields: tuple[Field, ...]
    times: int
    """How often it stands in title and body together."""
    because: str = ""
    """Empty, `compound` or `translation`."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a thing is among the hits. Spans are places in the texts of the hit; nothing is marked up."""

    way: Way
    matches: tuple[Match, ...]
    title: tuple[Span, ...]
    """In the hit's `title`."""
    snippet: str
    """A stretch of its body around the first words that were found; empty when there is no body."""
    marked: tuple[Span, ...]
    """In `snippet`."""
    similarity: float | None
    """Cosine of the meanings after the language's mean was taken out, -1 to 1; None where no vectors were compared."""
    bridge: str = ""
    """`zh-en` or `en-zh` when question and hit are in different languages."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of an answer."""

    rank: int
    unit: str
    key: str
    kind: str
    title: str
    """In the reader's language where the thing has one in it."""
    title_en: str
    title_zh: str
    language: str
    visibility: str
    facets: Mapping[str, tuple[str, ...]]
    changed_at: str
    score: float
    """Comparable within one answer only."""
    why: Why


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many of the hits have a value; a facet that is filtered by counts as if it were not."""

    value: str
    n: int


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet of an answer, its most frequent values first."""

    name: str
    values: tuple[FacetCount, ...]
    n_values: int
    """Different values, also those not listed."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader should know about an answer, as a code with a number; doors have the sentences."""

    code: Literal["no_vectors", "vectors_behind", "no_full_match", "translated", "first_only", "index_behind"]
    n: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found."""

    query: str
    hits: tuple[Hit, ...]
    total: int
    """Hits in all, those of other pages included."""
    n_words: int
    """Of these, how many have all the words (or the identifier); the rest is near in words or meaning."""
    facets: tuple[Facet, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class IndexState:
    """What is indexed."""

    n_things: int
    units: tuple[FacetCount, ...]
    model: str
    """The embedding model that search compares meanings with; empty when none is set."""
    n_vectors: int
    n_pending: int
    """Things without a current vector of that model."""
    n_waiting: int
    """Records that an import wrote and that are not indexed yet."""
    change: int
    """Number of the last change of the index."""
    engine: str
    """`sqlite` or `postgresql`."""
