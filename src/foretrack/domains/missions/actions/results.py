"""Ranks in competitions as values of the indicators that rules ask for."""

from __future__ import annotations

from datetime import date

from foretrack.domains.missions.kinds.competitions import COMPETITION_ENTRY
from foretrack.domains.missions.testing import years_later
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

PUBLISHED = ("judged", "closed")


def results_of(registry: Registry, subject: Record, on: date) -> dict[str, object]:
    """Indicator to value, by the best ranks of a record's organisation that still count on a day.

    What a rank counts as, up to which rank and for how many years, each competition says itself (`counts_as`); of several
    values the one with the strictest rank counts.
    """
    if not subject.organisation:
        return {}
    entries = list(
        Record.objects.filter(
            kind=COMPETITION_ENTRY.name,
            organisation=subject.organisation,
            status="recognised",
            merged_into=None,
        )
    )
    ranked = [one for one in entries if one.body.get("rank")]
    competitions = {
        one.key: one
        for one in Record.objects.filter(
            key__in={str(entry.body["competition"]) for entry in ranked}, status__in=PUBLISHED
        )
    }
    best: dict[str, tuple[int, str]] = {}
    for entry in ranked:
        competition = competitions.get(str(entry.body["competition"]))
        if competition is None or not competition.body.get("results_on"):
            continue
        day = date.fromisoformat(competition.body["results_on"])
        for row in competition.body.get("counts_as") or ():
            counts = day <= on <= years_later(day, int(row["years"])) and entry.body["rank"] <= row["up_to"]
            if counts and row.get("group") in (None, entry.body["group"]):
                found = (int(row["up_to"]), str(row["value"]))
                best[row["indicator"]] = min(best.get(row["indicator"], found), found)
    return {indicator: value for indicator, (_, value) in best.items()}
