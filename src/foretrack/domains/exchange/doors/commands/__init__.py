"""Commands of the exchange, one line each. They are thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.terminal.options import Command

COMMANDS: tuple[Command, ...] = ()
