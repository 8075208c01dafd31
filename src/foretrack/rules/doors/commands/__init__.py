"""The command `pack`. Thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.rules.doors.commands import packs
from foretrack.terminal.options import Command

COMMANDS: tuple[Command, ...] = (Command("pack", packs.pack),)
