"""The commands of targets. Each is thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.targets.doors.commands.targets import targets
from foretrack.terminal.options import Command

COMMANDS: tuple[Command, ...] = (Command("target", targets),)
