"""What an applicant claims on a scale, what the own evidence proves, and what the panel accepted of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from foretrack.domains.exchange.maturity.assessing import Assessed, assess
from foretrack.packs.schemes import Scheme

Standing: TypeAlias = Literal["reached", "lower", "higher", "none", "open"]


@dataclass(frozen=True, slots=True)
class Compared:
    """One scale of an evaluation."""

    claimed: str | None
    by_claim: Assessed
    """What is proved when every piece of evidence that was given is believed."""
    by_panel: Assessed
    """What is proved by the pieces that the panel accepted."""
    reached: str | None
    """What was decided."""
    standing: Standing
    """What was decided against what was claimed; `open` before anything is decided."""

    @property
    def unproved(self) -> bool:
        """Whether more is claimed than what was given could prove, were all of it believed."""
        return self.claimed is not None and _place(self.by_claim, self.claimed) > _place(
            self.by_claim, self.by_claim.reached
        )

    @property
    def too_high(self) -> bool:
        """Whether more was decided than what was accepted proves."""
        return _place(self.by_panel, self.reached) > _place(self.by_panel, self.by_panel.reached)


def compare(
    scale: Scheme,
    claimed: str | None,
    given: Mapping[str, Collection[str]],
    accepted: Mapping[str, Collection[str]],
    reached: str | None,
    *,
    decided: bool,
) -> Compared:
    """Claim, evidence and decision on one scale.

    Args:
        given: level to the ids of its checklist for which there is evidence; accepted: those that the panel accepted.
        decided: whether the panel has decided; nothing reached then means that not even the lowest level is.

    KeyError for a level that the scale does not have.

    >>> from foretrack.packs.schemes import Check, Concept
    >>> from foretrack.packs.shapes import Bilingual
    >>> levels = tuple(
    ...     Concept(n, Bilingual(n), "", (), "K", checklist=(Check("report", Bilingual("Report")),)) for n in "123")
    >>> scale = Scheme("trl", Bilingual("TRL"), "", (), "K", kind="scale", concepts=levels)
    >>> found = compare(scale, "3", {"1": ["report"], "2": ["report"]}, {"1": ["report"]}, "1", decided=True)
    >>> found.unproved, found.by_claim.reached, found.by_panel.reached, found.standing, found.too_high
    (True, '2', '1', 'lower', False)
    """
    by_claim, by_panel = assess(scale, given), assess(scale, accepted)
    difference = _place(by_panel, reached) - _place(by_panel, claimed)
    standing: Standing = "open"
    if decided:
        standing = "none" if reached is None else "reached"
        if reached is not None and difference:
            standing = "lower" if difference < 0 else "higher"
    return Compared(claimed, by_claim, by_panel, reached, standing)


def _place(assessed: Assessed, level: str | None) -> int:
    """Where a level stands, the lowest at 0; -1 for none. KeyError for one that the scale does not have."""
    if level is None:
        return -1
    names = [step.level for step in assessed.steps]
    if level not in names:
        raise KeyError(level)
    return names.index(level)
