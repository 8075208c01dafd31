"""The scales of this installation: levels and what they ask for, as records name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from foretrack.domains.exchange.maturity.readiness import readiness
from foretrack.foundation.errors import InputError
from foretrack.packs.loading import load_packs
from foretrack.packs.schemes import Concept, Crosswalk, Scheme
from foretrack.packs.shapes import Pack
from foretrack.registry.declaring.fields import Json
from foretrack.registry.declaring.terms import PACK_TERMS

READINESS = "trl-iso16290/trl"
"""The scale by which the readiness level of a profile counts. Another scale counts by its crosswalk to this one."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale with the pack that it is of."""

    pack: Pack
    scheme: Scheme
    walk: Crosswalk | None
    """To the scale of readiness levels; None where its pack has none."""

    @property
    def name(self) -> str:
        """`pack/scheme`."""
        return self.pack.full_id(self.scheme.id)

    @property
    def version(self) -> str:
        """Of its pack."""
        return f"{self.pack.id} {self.pack.version}"

    def level(self, name: str) -> Concept:
        """The level called so. InputError where the scale has none, as after a change of its pack."""
        found = self.scheme.concept(name)
        if found is None:
            raise InputError.of(
                "the scale {scale} has no level {level!r}", scale=self.name, level=name[:40], expected="one of {known}",
                known=", ".join(one.id for one in self.scheme.concepts), do="correct the level",
            )  # fmt: skip
        return found

    def counts_as(self, reached: str | None) -> int | None:
        """The readiness level that what is reached counts as; None for none, or on a scale without counterpart."""
        if reached is None:
            return None
        found = reached if self.name == READINESS else readiness(self.scheme, reached, self.walk)
        return None if found is None else int(found)


def known_scales() -> Mapping[str, Scale]:
    """`pack/scheme` to the scale, in the order of the packs.

    >>> list(known_scales())
    ['mrl-dod/mrl', 'trl-gbt22900/trl', 'trl-iso16290/trl']
    """
    return {
        pack.full_id(scheme.id): Scale(
            pack,
            scheme,
            next(
                (w for w in pack.crosswalks if (w.origin, w.destination) == (pack.full_id(scheme.id), READINESS)),
                None,
            ),
        )
        for pack in load_packs(PACK_TERMS.paths)
        for scheme in pack.schemes
        if scheme.kind == "scale"
    }  # fmt: skip


def scale_called(name: str) -> Scale:
    """The scale called `pack/scheme`. InputError that lists the known ones."""
    known = known_scales()
    if name not in known:
        raise InputError.of(
            "there is no scale {name!r}", name=name[:80], expected="one of {known}", known=", ".join(known) or "-",
            do="look at `foretrack pack list`, or add one to a pack of the workspace",
        )  # fmt: skip
    return known[name]


def scale_of(full: str) -> str:
    """The scale of a level or of an item of its checklist.

    >>> scale_of("trl-iso16290/trl/4"), scale_of("trl-iso16290/trl/4/breadboard")
    ('trl-iso16290/trl', 'trl-iso16290/trl')
    """
    return "/".join(full.split("/")[:2])


def level_of(full: str) -> str:
    """The level of a full id.

    >>> level_of("trl-iso16290/trl/4"), level_of("trl-iso16290/trl/4/breadboard")
    ('4', '4')
    """
    return full.split("/")[2]


def items_of(rows: Iterable[Mapping[str, Json]] | None, scale: str) -> dict[str, list[str]]:
    """Level to the items of its checklist that rows name in their column `item`, of one scale.

    >>> items_of([{"item": "a/trl/1/report"}, {"item": "b/mrl/1/study"}, {"item": "a/trl/1/need"}], "a/trl")
    {'1': ['report', 'need']}
    """
    found: dict[str, list[str]] = {}
    for row in rows or ():
        full = str(row["item"])
        if scale_of(full) == scale:
            found.setdefault(level_of(full), []).append(full.split("/")[3])
    return found


def levels_in(rows: Iterable[Mapping[str, Json]] | None) -> dict[str, str]:
    """Scale to the level that rows name in their column `level`.

    >>> levels_in([{"level": "a/trl/6"}, {"level": "b/mrl/4"}])
    {'a/trl': '6', 'b/mrl': '4'}
    """
    return {scale_of(str(row["level"])): level_of(str(row["level"])) for row in rows or ()}
