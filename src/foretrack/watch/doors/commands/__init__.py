"""The command of the watch. It is thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.terminal.options import Command
from foretrack.watch.doors.commands.watch import watch

COMMANDS = (Command("watch", watch),)
"""In the order in which a newcomer meets them."""
