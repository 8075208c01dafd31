"""The commands of an installation. Each is thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.installation.doors import checks
from foretrack.installation.doors.commands import keeping
from foretrack.installation.doors.commands.demonstrating import demo, sample
from foretrack.terminal.health import Check
from foretrack.terminal.options import Command

COMMANDS: tuple[Command, ...] = (
    Command("demo", demo),
    Command("sample", sample),
    Command("backup", keeping.backup),
    Command("restore", keeping.restore),
    Command("upgrade", keeping.upgrade),
)
"""In the order in which one needs them."""

CHECKS: tuple[Check, ...] = (checks.registry,)
"""For `foretrack doctor`."""
