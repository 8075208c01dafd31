"""What came of the meetings: told by both sides, counted for all, with the records behind it for whoever runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from foretrack.domains.exchange.actions.attending import meeting_of
from foretrack.domains.exchange.actions.exhibitions import (
    TAKES_PART,
    badges,
    check_state,
    fair,
    meetings_in,
    mine,
    outcomes,
    participations,
    schedule_of,
)
from foretrack.domains.exchange.kinds.exhibitions import ENDED, OUTCOME, RESULTS
from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import title_of
from foretrack.registry.actions.records import create, move, show
from foretrack.registry.answers import RecordPage
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

SMALL = 5
"""A count below it is not shown to outsiders: with it one could guess who said what."""


def tell_outcome(
    registry: Registry, actor: Actor, key: str, *, meeting: str, values: Mapping[str, Any]
) -> RecordPage:
    """What one side says came of a meeting; once told, it stands.

    An expression of interest that it names and that both sides have accepted becomes a meeting that was agreed on.

    Args:
        key: the own participation.
        values: `result`, and of `because`, `satisfaction`, `next_step`, `interest` what is known.

    InputError before the exhibition runs, or where it was told already.
    """
    record = mine(registry, actor, key)
    exhibition = record.body["exhibition"]
    check_state(fair(registry, actor, exhibition), "running", *ENDED)
    row = meeting_of(exhibition, meeting)
    check_outcome({"exhibition": exhibition, "of": key, "meeting": meeting})
    whom = row["second"] if row["first"] == key else row["first"]
    other = Record.objects.get(key=whom)
    made = create(
        registry, actor, OUTCOME.name,
        {
            **values, "title": {lang: title_of(other, lang)[:300] for lang in ("en", "zh")},
            "organisation": record.organisation, "exhibition": exhibition, "of": key, "about": whom, "meeting": meeting,
        },
    )  # fmt: skip
    given = move(registry, actor, made.key, "give", revision=made.revision)
    if (interest := values.get("interest")) and values.get("result") not in ("nothing", "no-show"):
        page = show(registry, actor, str(interest))
        if any(one.name == "meet" for one in page.moves):
            move(
                registry,
                actor,
                page.key,
                "meet",
                revision=page.revision,
                values={"meeting_on": row["begins"][:10]},
            )
    return given


def check_outcome(body: Mapping[str, Any]) -> None:
    """InputError unless the meeting has the participation as a side, and nothing was told of it from there."""
    row = meeting_of(body["exhibition"], body["meeting"])
    sides = {row["first"], row["second"]}
    if body["of"] not in sides or body.get("about") not in (sides - {body["of"]}) | {None}:
        raise InputError.of(
            "{who} has no part in the meeting {meeting}", who=body["of"], meeting=body["meeting"],
            expected="one of its two sides", do="look at your agenda",
        )  # fmt: skip
    if body["meeting"] in told_by(body["exhibition"], body["of"]):
        raise InputError.of(
            "the outcome of this meeting was told already", expected="one telling of each side",
            do="look at your agenda",
        )  # fmt: skip


def told_by(exhibition: str, participation: str) -> dict[str, Record]:
    """Meeting to what a participation told of it."""
    return {one.body["meeting"]: one for one in outcomes(exhibition) if one.body["of"] == participation}


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; None where the numbers are too small to be shown to an outsider."""

    n: int | None
    of: int | None

    @property
    def share(self) -> float | None:
        """n / of; None where it cannot be told."""
        return self.n / self.of if self.n is not None and self.of else None


@dataclass(frozen=True, slots=True)
class ResultCount:
    """How often something came of a meeting."""

    result: str
    n: int | None
    """None: fewer than `SMALL`, and the reader is an outsider."""
    records: tuple[str, ...]
    """Keys of what was told, for whoever runs the exhibition."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """What became of an exhibition."""

    whole: bool
    """Everything is shown, with the records behind it; else small counts are left out."""
    exhibitors: int
    visitors: int
    dropped_out: int | None
    attended: Share
    """Of those confirmed."""
    meetings: int
    """Published and not cancelled."""
    held: Share
    """Meetings at whose table both sides were noted, or of which somebody told a result."""
    no_shows: Share
    """Places at tables that stayed empty, of all at meetings of which anything is known."""
    results: tuple[ResultCount, ...]
    satisfaction: float | None
    """Mean of 1 to 5."""
    n_satisfaction: int | None
    versions: int


def statistics(registry: Registry, actor: Actor, key: str) -> Statistics:
    """The figures of an exhibition: whole for whoever runs it; for others once it was held, small counts left out."""
    found = fair(registry, actor, key)
    if not found.runs:
        check_state(found, *ENDED)
    whole, exhibition = found.runs, found.page.key
    everybody, known, told = participations(exhibition), badges(exhibition), outcomes(exhibition)
    there = [one for one in everybody if one.status == TAKES_PART]
    schedule = schedule_of(exhibition)
    rows = [row for row in meetings_in(schedule) if "cancelled" not in row]
    results: dict[str, list[Record]] = {name: [] for name in RESULTS}
    for one in told:
        results[one.body["result"]].append(one)
    held = places = empty = 0
    for row in rows:
        code = row["code"]
        said = [one for one in told if one.body["meeting"] == code]
        absent = {one.body["about"] for one in said if one.body["result"] == "no-show"}
        sat = {
            who
            for who in (row["first"], row["second"])
            if who in known and code in (known[who].body.get("sat_at") or ()) and who not in absent
        }
        sat |= {one.body["of"] for one in said}
        if any(one.body["result"] != "no-show" for one in said):
            sat |= {row["first"], row["second"]} - absent
        if sat or absent:
            places += 2
            empty += 2 - len(sat)
            held += len(sat) == 2
    marks = [one.body["satisfaction"] for one in told if "satisfaction" in one.body]

    def small(n: int) -> int | None:
        return n if whole or n >= SMALL else None

    def share(n: int, of: int) -> Share:
        # What is left of a whole tells as much as the part does.
        told = whole or min(n, of - n) >= SMALL or (of >= SMALL and n in (0, of))
        return Share(n, of) if told else Share(None, small(of))

    return Statistics(
        whole, sum(1 for one in there if one.body["side"] == "exhibitor"),
        sum(1 for one in there if one.body["side"] == "visitor"),
        small(sum(1 for one in everybody if one.status == "dropped-out")),
        share(sum(1 for one in there if one.key in known and "arrived_at" in known[one.key].body), len(there)),
        len(rows), share(held, len(rows)), share(empty, places),
        tuple(
            ResultCount(name, small(len(among)), tuple(one.key for one in among) if whole else ())
            for name, among in results.items()
        ),
        sum(marks) / len(marks) if marks and small(len(marks)) is not None else None, small(len(marks)),
        int(schedule.body.get("version") or 0) if schedule is not None else 0,
    )  # fmt: skip
