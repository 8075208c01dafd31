"""Words for what a target's standing and a rating are called."""

from __future__ import annotations

STANDINGS = {
    "counting": "counting",
    "reached": "reached",
    "closed": "closed, as counted in this installation",
    "closed, reached": "closed and reached, as counted in this installation",
    "batch": "a batch without a number",
    "rated": "rated",
    "not rated": "not rated yet",
    "no list": "no list of it here",
}
RATING_WORDS = {
    "on track": "on track",
    "at risk": "at risk",
    "off track": "off track",
    "reached": "reached",
    "missed": "missed",
}
