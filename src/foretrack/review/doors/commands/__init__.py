"""The commands of calls. Each is thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.review.doors.commands.calls import calls
from foretrack.terminal.options import Command

COMMANDS: tuple[Command, ...] = (Command("call", calls),)
