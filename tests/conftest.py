"""What every test shares: no deadlines for examples, and the closing lines of a run."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# No deadline for an example: how long one takes depends on what was imported before it and on who else uses
# the machine, and absolute times are never asserted here.
settings.register_profile("foretrack", deadline=None)
settings.load_profile("foretrack")

PACKAGE = Path(__file__).parents[1] / "src" / "foretrack"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints how many modules there are, so that a folder that went missing is noticed."""
    modules = len(list(PACKAGE.rglob("*.py")))
    rooms = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
    terminalreporter.write_line(f"{modules} modules in {len(rooms)} rooms: {', '.join(rooms)}")
