"""What a report on an evaluation says, in no language: who found what, when, by which versions, with its digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from foretrack.foundation.canonical import Json, canonical, digest
from foretrack.packs.shapes import Bilingual

FORMAT = 1
"""Of the JSON; a change that a reader could notice counts it up."""


@dataclass(frozen=True, slots=True)
class Named:
    """A record at the revision that the report is about."""

    key: str
    title: Bilingual
    revision: int
    digest: str
    """Of that revision, as the chain of the record has it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of evidence."""

    item: str
    """`pack/scale/level/item`."""
    level: str
    label: Bilingual
    shown: str
    """What the applicant says that shows it."""
    document: str
    accepted: bool | None
    """None where nobody judged it."""
    why: str


@dataclass(frozen=True, slots=True)
class ScalePart:
    """One scale: claim, evidence, decision."""

    scale: str
    label: Bilingual
    version: str
    confidence: str
    claimed: str
    claimed_label: Bilingual
    reached: str | None
    reached_label: Bilingual
    proved: str | None
    """The highest level that the accepted evidence shows."""
    standing: str
    market: bool
    """Whether the level reached is one of the market, which counts as the highest level of readiness."""
    counts_as: int | None
    """As the readiness level of the profile."""
    missing: tuple[Bilingual, ...]
    """What the next level lacks."""
    following: str
    """The next level; empty where there is none."""
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """One of the five values, as the panel marked it."""

    value: str
    label: Bilingual
    weight: float
    most: int
    mean: float
    spread: float | None
    """Standard deviation between the sheets; None with one sheet."""
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Panel:
    """One stage of the review that judged it."""

    call: str
    call_title: Bilingual
    stage: int
    name: str
    blind: bool
    sheets: int
    names: tuple[str, ...]
    """Of the reviewers, in an open stage only."""
    sheet: str
    sheet_label: Bilingual
    version: str
    """Of the pack of the score sheet."""
    confidence: str
    values: tuple[Value, ...]
    total: float
    total_spread: float | None
    corrected: float | None
    """Total without the harshness of the reviewers."""
    agreement: float | None
    """Krippendorff's alpha over the whole stage."""
    agreement_low: float | None
    agreement_high: float | None
    outcome: str
    dissented: bool
    """Whether the decision records that somebody saw it otherwise."""


@dataclass(frozen=True, slots=True)
class Core:
    """Everything that the digest covers. It stays the same when the evaluation lapses or is replaced."""

    evaluation: Named
    achievement: Named
    body: Named
    applicant: Bilingual
    sort: Bilingual
    purpose: Bilingual
    verdict: str
    verdict_label: Bilingual
    conclusion: Bilingual
    dissent: Bilingual
    found_on: str
    """The day on which what the panel found was recorded."""
    recognised_on: str
    """Empty before it is."""
    valid_until: str
    by_packs: tuple[str, ...]
    previous: str
    """Key of the evaluation that it follows; empty for none."""
    scales: tuple[ScalePart, ...]
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Report:
    """A report as it can be read today."""

    core: Core
    status: str
    status_label: Bilingual
    replaced_by: str
    """Key of the evaluation that replaced it."""

    @cached_property
    def facts(self) -> dict[str, Json]:
        """What the digest covers, as JSON."""
        return {"format": FORMAT, **_plain(self.core)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON (RFC 8785) of the facts: equal facts have one digest in both languages."""
        return digest(canonical(self.facts))


def report_json(report: Report) -> dict[str, Json]:
    """The report with its digest and how it stands today, which the digest does not cover."""
    return {
        "report": report.facts, "digest": report.digest,
        "today": {
            "status": report.status, "status_label": _plain(report.status_label),
            "replaced_by": report.replaced_by or None,
        },
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, Bilingual):
        return {"en": value.en, "zh": value.zh}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value
