"""The command `mcp`, thin over `assistants/server.py`."""

from __future__ import annotations

from foretrack.assistants.doors.commands.mcp import mcp
from foretrack.terminal.options import Command

COMMANDS = (Command("mcp", mcp),)
