"""The registry's commands. Each is thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.registry.doors.commands.audit import audit
from foretrack.terminal.options import Command

COMMANDS: tuple[Command, ...] = (Command("audit", audit),)
"""In the order in which a newcomer meets them."""
