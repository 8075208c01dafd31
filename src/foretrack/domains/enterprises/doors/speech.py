"""Words of the command and the pages about enterprises, as sentences that are translated."""

from __future__ import annotations

STAGE_WORDS = {
    "assessed": "Figures declared", "applied": "Applied", "city": "Past the city", "province": "Past the province",
    "ministry": "Past the ministry", "recognised": "Recognised", "renewed": "Renewed", "lapsed": "Lapsed",
    "removed": "Removed",
}  # fmt: skip
