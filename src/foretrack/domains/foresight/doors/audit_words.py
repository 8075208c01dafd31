"""The verdict of the leak audit as a reader understands it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foretrack.domains.foresight.doors.speech import LEAKS
from foretrack.foundation.messages import Messages

SHOWN = 10
"""Findings told in full; `--json` has all."""


def audit_in_words(audit: Mapping[str, Any], say: Messages) -> list[str]:
    """Sentences from the JSON of a verdict: the verdict first, then what was looked at, then each finding."""
    leaks = [found for found in audit["findings"] if found["weight"] == "leak"]
    if audit["clean"]:
        lines = [say("Leak audit: nothing knew what came later.")]
    else:
        kinds = ", ".join(dict.fromkeys(say(LEAKS[found["leak"]]) for found in leaks))
        lines = [say("Leak audit: these scores cannot be believed ({kinds}).", kinds=kinds)]
    lines.append(
        say(
            "{fits} trainings checked row by row; methods run again with noise in place of what came after {rerun}; "
            "years made again from their own documents: {again}.",
            fits=audit["fits"],
            rerun=_years(audit["rerun"]),
            again=_years(audit["rederived"]),
        )
    )
    if audit["marked"]:
        years = ", ".join(map(str, audit["marked"]))
        lines.append(
            say("A source breaks within the labels of {years}: read those scores with care.", years=years)
        )
    for found in (leaks or audit["findings"])[:SHOWN]:
        lines.append(f"{found['year']} · {say(LEAKS[found['leak']])} · {found['said']}")
    return lines


def _years(years: list[int]) -> str:
    if not years:
        return "–"
    whole = years == list(range(years[0], years[-1] + 1)) and len(years) > 2
    return f"{years[0]}–{years[-1]}" if whole else ", ".join(map(str, years))
