"""The commands of accounts. Each is thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.accounts.doors.commands.user import user
from foretrack.terminal.options import Command

COMMANDS: tuple[Command, ...] = (Command("user", user),)
