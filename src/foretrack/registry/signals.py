"""What the registry says while it writes, inside the transaction: no index is ever behind, no message is lost."""

from __future__ import annotations

from django.dispatch import Signal

changed = Signal()
"""Records were written: `records` (list of models.Record), `act` (str), `actor` (Actor), `registry` (Registry)."""

moving = Signal()
"""A record is about to change its state, and may be refused: whoever listens raises the error. Arguments: `kind`,
`record` (as it stood), `transition`, `body` (as it will be), `reason`, `actor`, `registry`."""

moved = Signal()
"""One record changed its state: `record`, `transition` (declaration), `before` (state), `reason`, `actor`,
`registry`."""

assigned = Signal()
"""Somebody was asked to review a record: `record`, `reviewer` (key), `actor`, `registry`."""

erased = Signal()
"""Personal data was erased. Arguments: `record`, `fields` (names), `actor`, `registry`."""
