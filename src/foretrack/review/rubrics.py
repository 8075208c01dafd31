"""Score sheets of the installed packs, by name."""

from __future__ import annotations

from foretrack.foundation.errors import InputError
from foretrack.packs.loading import load_packs
from foretrack.packs.rubrics import Rubric
from foretrack.registry.declaring.terms import PACK_TERMS


def rubric_called(name: str) -> Rubric:
    """The rubric called `pack/id`. InputError that lists the known ones."""
    known = {
        pack.full_id(rubric.id): rubric for pack in load_packs(PACK_TERMS.paths) for rubric in pack.rubrics
    }
    if name not in known:
        raise InputError.of(
            "there is no score sheet {name!r}", name=name[:80], expected="one of {known}",
            known=", ".join(known) or "-", do="look at `foretrack pack list`, or add one to a pack of the workspace",
        )  # fmt: skip
    return known[name]
