"""Words of the command `pack`: standings, relations and headings, as sentences that are translated."""

from __future__ import annotations

STANDINGS = {
    "met": "met",
    "not met": "not met",
    "undecided": "undecided",
    "rejected": "rejected",
}

ROWS = {
    "served": "served",
    "partly": "partly served",
    "not yet": "not yet",
}

RELATIONS = {
    "exact": "is the same as",
    "close": "is close to",
    "broader": "lies inside",
    "narrower": "contains",
    "related": "is related to",
    "none": "has no counterpart",
}

TYPES = {
    "number": "number",
    "share": "share (0 to 1, or %)",
    "count": "whole number",
    "date": "date (2024-01-18)",
    "choice": "one of",
    "yes-no": "yes or no (question)",
    "text-condition": "yes or no, judged by a person",
}

PARTS = {
    "clauses": "clauses",
    "directions": "directions",
    "tracks": "tracks",
    "products": "product families",
    "targets": "targets",
    "schemes": "taxonomies",
    "crosswalks": "crosswalks",
    "calendars": "calendars",
    "indicators": "indicators",
    "rules": "rules",
    "overlays": "overlays",
    "systems": "rows of the clause map",
    "rubrics": "score sheets",
    "calls": "templates of calls",
}
