"""What a check says of a profile, and the terms that it goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

from foretrack.foundation.sentences import Sentence

Severity: TypeAlias = Literal["stop", "advice"]
"""`stop`: not published before it is mended; `advice`: published all the same."""
CheckName: TypeAlias = Literal[
    "praise", "no-figure", "general-title", "shouting", "repeats-title", "stage", "rights", "language", "contact",
    "boilerplate", "instructs", "stuffing", "validity", "short", "partner",
]  # fmt: skip
CHECKS: tuple[CheckName, ...] = get_args(CheckName)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a reader would miss or doubt."""

    check: CheckName
    severity: Severity
    field: str
    """The field that it is about."""
    language: str
    """`en` or `zh` of the text; empty where it is about no text."""
    words: str
    """The very words, shortened; empty where something is missing."""
    why: Sentence
    mend: Sentence
    example: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the checks go by: lists of words and limits, out of packs."""

    praise: tuple[str, ...] = ()
    general: tuple[str, ...] = ()
    """Words that tell nothing in a title."""
    boilerplate: tuple[str, ...] = ()
    instructs: tuple[str, ...] = ()
    ordinary: frozenset[str] = frozenset()
    """Words that may stand in a text as often as they like: the, and."""
    stages: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Stage of development to its lowest and highest readiness level."""
    capitals: float = 0.7
    """Share of capital letters from which a text shouts."""
    repeated: float = 0.2
    """Share of one word from which a paragraph is stuffed."""
    usual_days: int = 365
    """Days for which a profile usually holds."""
    most_days: int = 1096
    """Days for which it may be published at most."""


@dataclass(frozen=True, slots=True)
class PublicText:
    """One text of a profile that everybody can read."""

    field: str
    language: str
    text: str


TEXTS = (
    "title",
    "summary",
    "description",
    "advantages",
    "requirements",
    "expertise",
    "partner_role",
    "applications",
)
"""Public fields of text that profiles have, in the order in which they are read."""


def texts_of(body: Mapping[str, Any], fields: tuple[str, ...] = TEXTS) -> list[PublicText]:
    """The public texts of a profile.

    >>> texts_of({"title": {"en": "A", "zh": "甲"}, "confidential": {"en": "B"}})
    [PublicText(field='title', language='en', text='A'), PublicText(field='title', language='zh', text='甲')]
    """
    return [
        PublicText(name, language, text)
        for name in fields
        if isinstance(value := body.get(name), Mapping)
        for language, text in value.items()
        if text
    ]
