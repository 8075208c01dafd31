"""From a level of any scale to the readiness level that a profile shows, by a crosswalk between the two scales."""

from __future__ import annotations

from foretrack.packs.schemes import Crosswalk, Scheme

SAME = ("exact", "close")
"""Relations by which a level counts as one of the other scale."""


def readiness(scale: Scheme, reached: str, walk: Crosswalk | None) -> str | None:
    """The level of the other scale that what is reached counts as: that of the highest level at or below it which has
    a counterpart. None where there is no crosswalk, or no level so low has one.

    Args:
        walk: from the scale to the other one; None for the scale itself.

    Levels of the market (10 to 13 of the scale of GB/T 22900) have no counterpart in ISO 16290 and count as the
    highest level below them that has one.

    >>> from foretrack.packs.loading import load_packs
    >>> packs = {pack.id: pack for pack in load_packs()}
    >>> scale, walk = packs["trl-gbt22900"].schemes[0], packs["trl-gbt22900"].crosswalks[0]
    >>> [readiness(scale, level, walk) for level in ("4", "9", "13")]
    ['4', '9', '9']
    """
    names = [concept.id for concept in scale.concepts]
    if reached not in names:
        raise KeyError(reached)
    if walk is None:
        return None
    for name in reversed(names[: names.index(reached) + 1]):
        found = next((one.target for one in walk.of(name) if one.relation in SAME), None)
        if found is not None:
            return found
    return None


def parted(scale: Scheme, walk: Crosswalk | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Levels that have a counterpart, and those of which the crosswalk says that they have none: levels of the market.

    >>> from foretrack.packs.loading import load_packs
    >>> packs = {pack.id: pack for pack in load_packs()}
    >>> parted(packs["trl-gbt22900"].schemes[0], packs["trl-gbt22900"].crosswalks[0])[1]
    ('10', '11', '12', '13')
    """
    apart = set(walk.unmapped) if walk is not None else set()
    names = tuple(concept.id for concept in scale.concepts)
    return tuple(n for n in names if n not in apart), tuple(n for n in names if n in apart)
