"""Places that one can go to from every page: each room declares its own, the site puts them in order."""

from __future__ import annotations

from dataclasses import dataclass

from foretrack.registry.access.permission import Act
from foretrack.registry.declaring.kind import Role


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation."""

    address: str
    """Name of the address of a page."""
    text: str
    """A sentence of the catalogue."""
    needs: Act | None = None
    """What somebody must be allowed to do for the place to be of use; the pages themselves decide nothing by it."""
    role: Role | None = None
    """The role that somebody must hold for the place to be of use."""
    own: bool = False
    """Whether it is about the reader (my tasks), not about the installation."""
    seldom: bool = False
    """Whether it opens on demand, behind "More"."""
