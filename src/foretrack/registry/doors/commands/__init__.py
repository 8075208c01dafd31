"""The registry's commands. Each is thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.terminal.options import Command

COMMANDS: tuple[Command, ...] = ()
"""In the order in which a newcomer meets them."""
