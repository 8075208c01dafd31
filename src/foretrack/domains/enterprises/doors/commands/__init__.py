"""The command `enterprise`. It is thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.domains.enterprises.doors.commands.enterprise import enterprise
from foretrack.terminal.options import Command

COMMANDS: tuple[Command, ...] = (Command("enterprise", enterprise),)
