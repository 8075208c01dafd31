"""What the lists say while an issue is published, inside the transaction."""

from __future__ import annotations

from django.dispatch import Signal

published = Signal()
"""An issue was published: `series` (row), `issue`, `changes` (of `issue.py`, `changes.py`), `registry`, `actor`."""
