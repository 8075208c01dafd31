"""The tabs of the lookout."""

from __future__ import annotations

from foretrack.web.speech import Words

TABS = Words({
    "lookout": "Overview",
    "concepts": "Concepts",
    "technologies": "Technologies",
    "lookout map": "Map",
    "radar": "Radar",
    "compare years": "Compare",
    "positions": "Who leads",
    "links": "Pairs",
    "candidates": "Candidates",
    "scoreboard": "Scoreboard",
    "methods": "Methods",
})  # fmt: skip
"""Name of an address to the word on its tab, in order; `places.html` leaves out what has no page."""
