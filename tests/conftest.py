"""What every test shares: the closing lines of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "foretrack"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints how many modules there are, so that a folder that went missing is noticed."""
    modules = len(list(PACKAGE.rglob("*.py")))
    rooms = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
    terminalreporter.write_line(f"{modules} modules in {len(rooms)} rooms: {', '.join(rooms)}")
