"""The registry's commands. Each is thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.registry.doors.commands.audit import audit
from foretrack.registry.doors.commands.kinds import kind
from foretrack.registry.doors.commands.records import record
from foretrack.terminal.options import Command

COMMANDS: tuple[Command, ...] = (Command("kind", kind), Command("record", record), Command("audit", audit))
"""In the order in which a newcomer meets them."""
