"""Two stored years side by side: what entered, rose, fell and left among the first ranks, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from foretrack.domains.foresight.actions.compare import compare
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.answers import Comparison, to_json
from foretrack.domains.foresight.doors.speech import CHANGES, TECHNOLOGY_EVENTS
from foretrack.domains.foresight.doors.web.compare_charts import slope_chart
from foretrack.domains.foresight.doors.web.naming import (
    Choice,
    chosen,
    concept_href,
    files_of,
    state_word,
    technology_href,
)
from foretrack.domains.foresight.doors.web.reading import Reading, read
from foretrack.foundation.errors import EvidenceError, NotThereError
from foretrack.foundation.spreadsheets import Row
from foretrack.web.charts import Chart
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, page_language, say, speak

TOPS = ("20", "50", "100", "200")
EVENTS = 60
"""Events of technologies that the page lists; the JSON has all."""
TOLD_EVENTS = ("birth", "split", "merge", "merged", "revival", "death", "growth", "shrinking")
"""What is listed of the life of technologies, the most telling first; that one rests for a year says little."""

REASONS = Words({
    r"recent documents (?P<a>\S+) -> (?P<b>\S+)": "recent documents {a} → {b}",
    r"growth a year (?P<a>.+) -> (?P<b>.+)": "growth a year {a} → {b}",
    r"state (?P<a>.+) -> (?P<b>.+)": "state {a} → {b}",
    r"label (?P<a>.+) -> (?P<b>.+)": "name {a} → {b}",
    r"recent documents (?P<a>\d+), growth a year (?P<b>.+)": "recent documents {a}, growth a year {b}",
    r"no concept of the earlier scan: fewer than five documents then":
        "not in the earlier scan: fewer than five documents then",
    r"no concept of the later scan any more: merged into another or pruned as part of a longer term":
        "not in the later scan any more: merged into another or part of a longer term",
})  # fmt: skip
"""Reasons as the action writes them (a pattern), and as a page says them."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What became of one concept."""

    concept: str
    label: str
    change: str
    change_word: str
    rank_before: int | None
    rank_after: int | None
    state: str
    reasons: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """What happened to a technology between the two years."""

    year: int
    technology: str
    label: str
    event: str
    event_word: str
    others: tuple[tuple[str, str], ...]
    """Name and address of the other technologies."""
    n_before: int | None
    n_after: int | None
    href: str
    """Empty for one that the later scan no longer has."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of change with its rows."""

    name: str
    word: str
    rows: tuple[ChangeRow, ...]


@dataclass(frozen=True)
class ComparePage(Page):
    """Two stored years of the same corpus side by side."""

    template: ClassVar[str] = "lookout/compare.html"

    befores: tuple[Choice, ...]
    afters: tuple[Choice, ...]
    tops: tuple[Choice, ...]
    only: int
    """The one year that is stored, where there is only one; else 0."""
    command: str
    """The line that scans another year."""
    missing: str
    """Why there is nothing to compare; empty where there is."""
    before: int
    after: int
    top: int
    same_method: bool
    same_snapshot: bool
    kinds: tuple[Kind, ...]
    events: tuple[EventRow, ...]
    n_events: int
    slopes: Chart | None
    files: tuple[tuple[str, str], ...]
    answer: Comparison | None
    all_events: tuple[EventRow, ...]

    def as_data(self) -> object:
        """The documented answer of `compare --json`, with the events of technologies beside it."""
        said = to_json(self.answer) if self.answer else {"changes": [], "why": self.missing}
        return {**said, "technology_events": [
            {"year": e.year, "technology": e.technology, "event": e.event, "others": [name for name, _ in e.others],
             "n_before": e.n_before, "n_after": e.n_after} for e in self.all_events
        ]}  # fmt: skip

    def as_table(self) -> tuple[Sequence[str], Sequence[Row]]:
        """One row a change."""
        names = (
            "change",
            "concept",
            "label",
            "rank_before",
            "rank_after",
            "state_before",
            "state_after",
            "reasons",
        )
        changes = self.answer.changes if self.answer else ()
        return names, [
            {**{name: getattr(c, name) for name in names[:-1]}, "reasons": "; ".join(c.reasons)} for c in changes
        ]  # fmt: skip


@require_safe
def compare_years(request: Request) -> HttpResponse:
    """What entered, rose, fell and left between two stored years."""
    given = request.GET
    reading = read(QueryDict(""))
    years = reading.years
    after = _year(given, "after", years, years[-1])
    earlier = [year for year in years if year < after]
    before = _year(given, "before", years, earlier[-1] if earlier else years[0])
    top = int(chosen(given, "top", dict.fromkeys(TOPS), "50"))
    old, new = _scan(before), _scan(after)
    answer, missing = None, ""
    if before != after:
        try:
            answer = _compared(old.scan.name, new.scan.name, top, (old.scan, new.scan))
        except EvidenceError as error:
            missing = error.parts(speak(page_language()))[0]
    elif len(years) > 1:
        missing = say("Both years are {year}: choose two different ones.", year=before)
    events = _events(new, before, after) if answer else ()
    return render(
        request,
        ComparePage(
            befores=_choices(years, before), afters=_choices(years, after),
            tops=tuple(Choice(name, name, name == str(top)) for name in TOPS),
            only=years[0] if len(years) == 1 else 0, command=f"foretrack scan --as-of {years[0] - 3}", missing=missing,
            before=before, after=after,
            top=top, same_method=old.scan.method == new.scan.method, same_snapshot=old.scan.snapshot == new.scan.snapshot,
            kinds=_kinds(answer, old, new) if answer else (), events=events[:EVENTS], n_events=len(events),
            slopes=slope_chart(_slopes(answer, new), before, after) if answer else None,
            files=files_of("compare years", given), answer=answer, all_events=events,
        ),
    )  # fmt: skip


def _year(given: QueryDict, name: str, years: Sequence[int], usual: int) -> int:
    text = given.get(name, "")
    if not text:
        return usual
    if text not in map(str, years):
        raise NotThereError.of(
            "nothing was scanned as of {year}", expected="one of {years}", do="run `foretrack scan --as-of {year}`",
            year=text[:20], years=", ".join(map(str, years)),
        )  # fmt: skip
    return int(text)


def _scan(year: int) -> Reading:
    given = QueryDict(mutable=True)
    given["as-of"] = str(year)
    return read(given)


def _choices(years: Sequence[int], now: int) -> tuple[Choice, ...]:
    return tuple(Choice(str(year), str(year), year == now) for year in reversed(years))


class _Scans(tuple[Scan, Scan]):
    """Two scans that do not take part in a key: their names do."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Scans)

    def __hash__(self) -> int:
        return 0


def _compared(before: str, after: str, top: int, scans: tuple[Scan, Scan]) -> Comparison:
    return _kept(before, after, top, _Scans(scans))


@lru_cache(maxsize=32)
def _kept(before: str, after: str, top: int, scans: _Scans) -> Comparison:
    return compare(scans[0], scans[1], top=top)


def _kinds(answer: Comparison, old: Reading, new: Reading) -> tuple[Kind, ...]:
    told = speak(page_language())
    rows: dict[str, list[ChangeRow]] = {name: [] for name in CHANGES}
    for change in answer.changes:
        # What left for good has a page as of the earlier year only.
        reading = new if change.state_after is not None else old
        rows[change.change].append(
            ChangeRow(
                change.concept, change.label, change.change, told(CHANGES[change.change]), change.rank_before,
                change.rank_after, state_word(change.state_after) if change.state_after else "",
                tuple(reason_in_words(reason) for reason in change.reasons), concept_href(reading, change.concept),
            )
        )  # fmt: skip
    return tuple(Kind(name, told(word), tuple(rows[name])) for name, word in CHANGES.items())


def reason_in_words(reason: str) -> str:
    """A reason of a change in the page's language; names and numbers stay."""
    for pattern, words in REASONS.items():
        found = re.fullmatch(pattern, reason)
        if found is not None:
            values = found.groupdict()
            if words.startswith("state"):
                values = {name: state_word(value) for name, value in values.items()}
            else:
                values = {name: say("not known") if v == "not known" else v for name, v in values.items()}
            return say(words, **values)
    return reason


def _slopes(answer: Comparison, reading: Reading) -> list[tuple[str, str, int | None, int | None, str]]:
    """(label, change, rank before, rank after, address), the first ranks of either year first."""
    moved = sorted(
        answer.changes, key=lambda c: (min(c.rank_before or 10**6, c.rank_after or 10**6), c.concept)
    )
    return [
        (
            c.label,
            c.change,
            c.rank_before,
            c.rank_after,
            concept_href(reading, c.concept) if c.state_after else "",
        )
        for c in moved
    ]


def _events(reading: Reading, before: int, after: int) -> tuple[EventRow, ...]:
    """What happened to technologies after the one year and up to the other, the most telling first."""
    first, last = min(before, after), max(before, after)
    try:
        stored = reading.technologies
    except EvidenceError:
        return ()
    told = speak(page_language())
    present = {row["technology"]: row["label"] for row in stored.rows}

    def named(technology: str) -> str:
        return present.get(technology) or technology.partition("-")[2].replace("-", " ") or technology

    def linked(technology: str) -> str:
        return technology_href(reading, technology) if technology in present else ""

    rows = [
        EventRow(
            event.year, technology, named(technology), event.event, told(TECHNOLOGY_EVENTS[event.event]),
            tuple((named(o), linked(o)) for o in event.others), event.n_before, event.n_after, linked(technology),
        )
        for technology, events in stored.events.items()
        for event in events
        if first < event.year <= last and event.event in TOLD_EVENTS
    ]  # fmt: skip
    rows.sort(
        key=lambda e: (TOLD_EVENTS.index(e.event), -(e.n_after or e.n_before or 0), e.year, e.technology)
    )
    return tuple(rows)
