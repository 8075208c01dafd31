"""Commands of matching. They are thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.matching.doors.commands.match import match
from foretrack.terminal.options import Command

COMMANDS: tuple[Command, ...] = (Command("match", match),)
