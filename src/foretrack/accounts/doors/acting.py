"""The registry and the actor of a command, for the rooms above accounts; the registry's own doors have it beside them."""

from __future__ import annotations

from foretrack.registry.doors.acting import As, acting

__all__ = ("As", "acting")
