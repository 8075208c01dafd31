"""The lookout's commands. Each is thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.domains.foresight.doors.commands import collecting
from foretrack.terminal.options import Command

COMMANDS: tuple[Command, ...] = (
    Command("init", collecting.init),
    Command("ingest", collecting.ingest),
    Command("sources", collecting.sources),
    Command("fetch", collecting.fetch),
)
"""In the order in which a newcomer meets them."""
