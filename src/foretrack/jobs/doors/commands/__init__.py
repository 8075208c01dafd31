"""The commands of the queue. Each is thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.jobs.doors.commands.jobs import jobs
from foretrack.jobs.doors.commands.worker import worker
from foretrack.terminal.options import Command

COMMANDS = (Command("worker", worker), Command("jobs", jobs))
"""In the order in which a newcomer meets them."""
