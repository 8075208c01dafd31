"""What the registry says while it writes, inside the transaction: no index is ever behind, no message is lost."""

from __future__ import annotations

from django.dispatch import Signal

changed = Signal()
"""Records were written: `records` (list of models.Record), `act` (str), `actor` (Actor), `registry` (Registry)."""

moved = Signal()
"""One record changed its state: `record`, `transition` (declaration), `before` (state), `actor`, `registry`."""

assigned = Signal()
"""Somebody was asked to review a record: `record`, `reviewer` (key), `actor`, `registry`."""

erased = Signal()
"""Personal data was erased. Arguments: `record`, `fields` (names), `actor`, `registry`."""
