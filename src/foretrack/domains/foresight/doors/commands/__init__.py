"""The lookout's commands. Each is thin: options in, one action called, its answer rendered."""

from __future__ import annotations

from foretrack.domains.foresight.doors.commands import (
    backtesting,
    candidates,
    collecting,
    finding,
    keeping,
    labelling,
    links,
    looking,
    positions,
    publishing,
    technologies,
)
from foretrack.terminal.options import Command

COMMANDS: tuple[Command, ...] = (
    Command("init", collecting.init),
    Command("ingest", collecting.ingest),
    Command("corpus", keeping.corpus),
    Command("scan", looking.scan),
    Command("emerging", looking.emerging),
    Command("show", looking.show),
    Command("explain", looking.explain),
    Command("compare", looking.compare),
    Command("technologies", technologies.technologies),
    Command("technology", technologies.technology),
    Command("candidates", candidates.candidates),
    Command("positions", positions.positions),
    Command("organisations", positions.organisations),
    Command("links", links.links),
    Command("backtest", backtesting.backtest),
    Command("scoreboard", backtesting.scoreboard),
    Command("report", publishing.report),
    Command("searchable", finding.searchable),
    Command("tracks", labelling.tracks),
    Command("fetch", collecting.fetch),
    Command("sources", collecting.sources),
    Command("doctor", keeping.doctor),
)
"""In the order in which a newcomer meets them."""
