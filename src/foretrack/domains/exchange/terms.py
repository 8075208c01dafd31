"""What the check of profiles goes by, read out of the packs of an installation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from foretrack.domains.exchange.quality.findings import Terms
from foretrack.language.lists import word_list
from foretrack.packs.phrases import load_phrases, phrases_on
from foretrack.packs.thresholds import Thresholds, load_thresholds
from foretrack.registry.declaring.terms import PACK_TERMS

_STAGE = re.compile(r"stage-(.+)-low")
LATEST = "9999-12-31"
"""Stands for a day on which whatever holds today and without an end holds."""


def limit(name: str, day: date | None = None) -> float:
    """A limit of a pack on a day; the latest where none is given."""
    return load_thresholds(PACK_TERMS.paths).on(name, day.isoformat() if day else LATEST).value


def terms_on(day: date | None = None) -> Terms:
    """Lists and limits on a day; the latest where none is given."""
    said = day.isoformat() if day else LATEST
    known, phrases = load_thresholds(PACK_TERMS.paths), load_phrases(PACK_TERMS.paths)
    return Terms(
        praise=phrases_on(phrases, "praise", said), general=phrases_on(phrases, "general-title", said),
        boilerplate=phrases_on(phrases, "boilerplate", said), instructs=phrases_on(phrases, "instructs", said),
        ordinary=word_list("stop_en"), stages=_stages(known, said),
        capitals=known.on("profile-capitals-share", said).value,
        repeated=known.on("profile-repeated-share", said).value,
        usual_days=int(known.on("profile-valid-days", said).value),
        most_days=int(known.on("profile-most-days", said).value),
    )  # fmt: skip


def _stages(known: Thresholds, said: str) -> Mapping[str, tuple[int, int]]:
    """`stage-NAME-low` and `stage-NAME-high` by the name of the stage."""
    names = {found[1] for one in known.entries if (found := _STAGE.fullmatch(one.id))}
    return {
        name: (int(known.on(f"stage-{name}-low", said).value), int(known.on(f"stage-{name}-high", said).value))
        for name in names
    }  # fmt: skip
