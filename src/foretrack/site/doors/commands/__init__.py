"""Commands of the site, thin over `site/server.py`."""

from __future__ import annotations

from foretrack.site.doors.commands.serve import serve
from foretrack.terminal.options import Command

COMMANDS = (Command("serve", serve),)
