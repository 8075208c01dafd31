"""The commands of search. Each is thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.search.doors.commands.index import index
from foretrack.search.doors.commands.search import search
from foretrack.terminal.options import Command

COMMANDS = (Command("search", search), Command("index", index))
"""In the order in which a newcomer meets them."""
