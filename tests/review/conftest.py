"""An invented office."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.review.office import Office


@pytest.fixture
def office(db: None, tmp_path: Path) -> Office:
    """Officers, and a clock on 2 March 2026."""
    return Office(tmp_path)
