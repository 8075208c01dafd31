"""The resources of the registry, one module each: thin, every route asks one action."""

from __future__ import annotations

from foretrack.api.resources import targets

RESOURCES = (targets.ROUTES,)
"""In the order of the description."""
