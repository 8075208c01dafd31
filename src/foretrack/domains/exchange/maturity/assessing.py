"""The level that evidence proves: the highest one of which, and of all below it, nothing is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from foretrack.packs.schemes import Check, Scheme
from foretrack.packs.shapes import Bilingual


@dataclass(frozen=True, slots=True)
class Step:
    """One level of a scale, with what is proved of it."""

    level: str
    label: Bilingual
    proved: tuple[Check, ...]
    missing: tuple[Check, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Assessed:
    """What evidence proves on one scale."""

    reached: str | None
    """The level; None where already the lowest is not proved."""
    steps: tuple[Step, ...]
    """Every level, the lowest first."""

    @property
    def following(self) -> Step | None:
        """The first level of which something is missing: what it misses leads one level up."""
        return next((step for step in self.steps if not step.whole), None)

    @property
    def beyond(self) -> tuple[Step, ...]:
        """Levels above the first gap of which something is proved already: evidence that does not count yet."""
        first = self.following
        if first is None:
            return ()
        above = self.steps[self.steps.index(first) + 1 :]
        return tuple(step for step in above if step.proved)

    def step(self, level: str) -> Step:
        """The level called so. KeyError where the scale has none."""
        return next(step for step in self.steps if step.level == level)


def assess(scale: Scheme, proved: Mapping[str, Collection[str]]) -> Assessed:
    """What is reached on a scale.

    A level without a checklist is proved by the ones above and below it, never by itself: it counts when the next level
    with a checklist is proved, or when it is the last and all below are.

    Args:
        proved: level to the ids of the checklist that are proved; levels and ids that the scale does not know are an
            error of whoever asks, and raise KeyError.

    >>> from foretrack.packs.schemes import Concept
    >>> def level(name, *checks):
    ...     asked = tuple(Check(id=one, label=Bilingual(one)) for one in checks)
    ...     return Concept(name, Bilingual(name), "", (), "K", checklist=asked)
    >>> scale = Scheme("trl", Bilingual("TRL"), "", (), "K", kind="scale",
    ...     concepts=(level("1", "report"), level("2", "concept", "need"), level("3", "proof")))
    >>> made = assess(scale, {"1": ["report"], "2": ["concept"], "3": ["proof"]})
    >>> made.reached, [check.id for check in made.following.missing], [step.level for step in made.beyond]
    ('1', ['need'], ['3'])
    """
    known = {concept.id: concept for concept in scale.concepts}
    for name, items in proved.items():
        if unknown := set(items) - {check.id for check in known[name].checklist}:
            raise KeyError(f"{name}: {sorted(unknown)[0]}")
    steps = tuple(
        Step(
            concept.id,
            concept.label,
            tuple(check for check in concept.checklist if check.id in proved.get(concept.id, ())),
            tuple(check for check in concept.checklist if check.id not in proved.get(concept.id, ())),
        )
        for concept in scale.concepts
    )
    reached: str | None = None
    waiting = False
    for step in steps:
        if not step.whole:
            break
        waiting = not step.proved
        if not waiting:
            reached = step.level
    else:
        if waiting and steps and reached is not None:
            reached = steps[-1].level
    return Assessed(reached, steps)
