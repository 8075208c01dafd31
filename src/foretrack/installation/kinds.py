"""Finds every kind: those of the registry, of matching and of the review, each domain's `kinds.py`, and those that
installed packages bring."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from importlib import metadata
from typing import Any

from foretrack.foundation.errors import HouseError
from foretrack.registry.declaring.kind import KINDS, Catalogue, Kind

ENTRY_POINTS = "foretrack.kinds"
"""Packages name a tuple of kinds under this group, and it is found."""


def load_kinds() -> Catalogue:
    """The catalogue of this process, filled once."""
    import foretrack.domains
    import foretrack.matching.kinds
    import foretrack.registry.kinds
    import foretrack.review.kinds

    for home in (
        foretrack.registry.kinds,
        foretrack.matching.kinds,
        foretrack.review.kinds,
        *_domains(foretrack.domains.__path__),
    ):
        KINDS.add(*home.KINDS)
    for point in metadata.entry_points(group=ENTRY_POINTS):
        kinds = point.load()
        if not isinstance(kinds, tuple) or not all(isinstance(kind, Kind) for kind in kinds):
            raise HouseError(
                f"the entry point {point.value} is no tuple of kinds", do="mend that package, or remove it"
            )
        KINDS.add(*kinds)
    return KINDS


def _domains(path: Iterable[str]) -> list[Any]:
    found: list[Any] = []
    for domain in pkgutil.iter_modules(path):
        package = importlib.import_module(f"foretrack.domains.{domain.name}")  # noqa: TID251 - the catalogue of kinds
        if any(part.name == "kinds" for part in pkgutil.iter_modules(package.__path__)):
            found.append(importlib.import_module(f"foretrack.domains.{domain.name}.kinds"))  # noqa: TID251
    return found
