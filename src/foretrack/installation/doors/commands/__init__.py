"""The commands of an installation. Each is thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.installation.doors.commands.demonstrating import demo, sample
from foretrack.terminal.options import Command

COMMANDS: tuple[Command, ...] = (Command("demo", demo), Command("sample", sample))
