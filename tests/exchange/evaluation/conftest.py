"""An invented office with an evaluation body, a firm with an achievement, and evaluations of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.exchange.evaluation.cases import Cases


@pytest.fixture
def cases(db: None, tmp_path: Path) -> Cases:
    """On 2 March 2026: a body that is recognised, and nothing else."""
    return Cases(tmp_path)
