"""Who holds a record: while another room decides about it (a call), its own page offers no transition to another state.

A room adds a function that says of a record whether it holds it; the refusal itself, with its reason, is the room's to
raise when `signals.moving` comes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from foretrack.registry.models import Record

Holder: TypeAlias = Callable[[Record], bool]

HOLDERS: set[Holder] = set()


def is_held(record: Record) -> bool:
    """Whether some room holds the record."""
    return any(holds(record) for holds in HOLDERS)
