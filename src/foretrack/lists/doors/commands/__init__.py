"""The commands of lists. Each is thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.lists.doors.commands.lists import lists
from foretrack.terminal.options import Command

COMMANDS: tuple[Command, ...] = (Command("list", lists),)
