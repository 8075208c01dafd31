"""Opportunities by state and deadline, the answers to one as far as somebody may see them, and what becomes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from foretrack.domains.scenarios.actions.library import every_line
from foretrack.domains.scenarios.comparing import Compared, against
from foretrack.foundation.errors import NotThereError
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.pointing import RECORD, pointing_to
from foretrack.registry.actions.records import show
from foretrack.registry.actions.tables import Filters
from foretrack.registry.answers import RecordLine, RecordPage
from foretrack.registry.registry import Registry

KIND = "opportunity"
_COLUMNS = ("organisation", "tracks", "region", "budget", "deadline", "trigger", "measures")


@dataclass(frozen=True, slots=True)
class Open:
    """An opportunity that takes answers."""

    line: RecordLine
    deadline: date
    days_left: int
    """Negative where the deadline is over although nobody has ended the answers yet."""


@dataclass(frozen=True, slots=True)
class Board:
    """Opportunities by state."""

    open: tuple[Open, ...]
    """The next deadline first."""
    by_state: Mapping[str, tuple[RecordLine, ...]]
    """Every other state that the kind has after its draft, in its order, the newest first."""


def board(registry: Registry, actor: Actor) -> Board:
    """Opportunities that the actor may see, drafts left out."""
    kind = registry.kinds.get(KIND)
    states = [state.name for state in kind.states if not state.draft]
    lines = every_line(registry, actor, KIND, Filters(facets={"status": states}), _COLUMNS)
    today = registry.now().date()
    found = [
        Open(line, day, (day - today).days)
        for line in lines
        if line.status == "published"
        for day in [date.fromisoformat(line.values["deadline"])]
    ]
    return Board(
        tuple(sorted(found, key=lambda one: (one.days_left < 0, one.deadline, one.line.key))),
        {
            name: tuple(line for line in lines if line.status == name)
            for name in states
            if name != "published"
        },
    )


@dataclass(frozen=True, slots=True)
class Response:
    """An answer to an opportunity, against its measures of success."""

    page: RecordPage
    promised: tuple[Compared, ...]
    measured: tuple[Compared, ...]


def responses_to(registry: Registry, actor: Actor, opportunity: RecordPage) -> tuple[Response, ...]:
    """The answers to an opportunity that the actor may see, drafts of the own organisation among them."""
    pointing = pointing_to(registry, actor, [(RECORD, opportunity.key)])
    keys = [one.key for one in pointing if one.kind == "response" and one.field == "opportunity"]
    return tuple(_response(opportunity, show(registry, actor, key)) for key in keys)


def _response(opportunity: RecordPage, page: RecordPage) -> Response:
    wanted = opportunity.values.get("measures", ())
    return Response(
        page,
        against(wanted, page.values.get("promised") or (), value="value"),
        against(wanted, page.values.get("results") or (), value="after"),
    )


def measured_against(registry: Registry, actor: Actor, response: RecordPage) -> Response | None:
    """A response against its opportunity's measures; None where the actor may not see the opportunity any more."""
    key = response.values.get("opportunity")
    if key is None:
        return None
    try:
        opportunity = show(registry, actor, key)
    except NotThereError:
        return None
    return _response(opportunity, response)


GROWN = ("accepted", "scaled-up")
"""States of an opportunity out of which a scenario or a case may be made."""


def grown_values(opportunity: RecordPage) -> dict[str, Any]:
    """What a scenario takes from the opportunity that it began as: only what everybody may see of it."""
    values = opportunity.values
    made = {
        name: values[name]
        for name in ("title", "tracks", "region", "trigger", "need", "site")
        if name in values
    }
    made |= {"measures": values["results"]} if "results" in values else {}
    made |= {"suppliers": [values["supplier"]]} if "supplier" in values else {}
    made |= {"organisation": values["organisation"], "opportunity": opportunity.key}
    return made


def case_values(page: RecordPage) -> dict[str, Any]:
    """What a case takes from the opportunity or the scenario that it is about."""
    values = page.values
    made = {
        name: values[name]
        for name in ("title", "tracks", "region", "solution", "technologies")
        if name in values
    }
    made |= {"problem": values["need"]} if "need" in values else {}
    if rows := values.get("measures" if page.kind == "scenario" else "results"):
        made["measures"] = rows
    made |= {"organisation": values["organisation"], "used_by": [values["organisation"]], page.kind: page.key}
    if page.kind == "scenario" and "opportunity" in values:
        made["opportunity"] = values["opportunity"]
    return made


@dataclass(frozen=True, slots=True)
class Round:
    """One iteration in a chain."""

    page: RecordPage
    here: bool


def chain_of(registry: Registry, actor: Actor, page: RecordPage, *, most: int = 50) -> tuple[Round, ...]:
    """The rounds before an iteration and those after it, as far as the actor may see them, the first one first."""
    first = page
    seen = {page.key}
    while (before := first.values.get("before")) and before not in seen and len(seen) < most:
        try:
            first = show(registry, actor, before)
        except NotThereError:
            break
        seen.add(first.key)
    rounds: list[Round] = []
    waiting, told = [first], {first.key}
    while waiting and len(rounds) < most:
        one = waiting.pop(0)
        rounds.append(Round(one, one.key == page.key))
        for after in reversed(pointing_to(registry, actor, [(RECORD, one.key)])):
            if after.kind == "iteration" and after.field == "before" and after.key not in told:
                told.add(after.key)
                waiting.append(show(registry, actor, after.key))
    return tuple(rounds)


@dataclass(frozen=True, slots=True)
class Region:
    """The benchmark scenarios of one region."""

    code: str
    lines: tuple[RecordLine, ...]
    n_copies: int
    """Places that have copied them."""


def benchmarks(registry: Registry, actor: Actor) -> tuple[Region, ...]:
    """Recognised scenarios that their regions show as benchmarks, rolled up by the first part of the region's code.

    The region with the most scenarios first.
    """
    given = Filters(facets={"status": ("recognised",), "benchmark": ("yes",)})
    columns = ("organisation", "tracks", "region", "copies", "running_since")
    lines = every_line(registry, actor, "scenario", given, columns)
    count = Counter(_top(line) for line in lines)
    return tuple(
        Region(
            code, tuple(line for line in lines if _top(line) == code),
            sum(int(line.values.get("copies", 0)) for line in lines if _top(line) == code),
        )
        for code, _ in sorted(count.items(), key=lambda pair: (-pair[1], pair[0]))
    )  # fmt: skip


def _top(line: RecordLine) -> str:
    """The part of ISO 3166-2 in front of what a country adds: CN-33 of CN-3301."""
    return str(line.values.get("region", ""))[:5]
