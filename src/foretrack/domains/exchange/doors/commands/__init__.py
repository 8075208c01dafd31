"""Commands of the exchange, one line each. They are thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.domains.exchange.doors.commands.profile import profile
from foretrack.terminal.options import Command

COMMANDS: tuple[Command, ...] = (Command("profile", profile),)
