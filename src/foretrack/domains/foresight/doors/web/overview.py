"""The first page of the lookout: what the newest scan found on each direction of the policy, and what is new in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.foresight.answers import Change, ScanSummary
from foretrack.domains.foresight.doors.speech import CHANGES, NOTES, note_in_words
from foretrack.domains.foresight.doors.web import words
from foretrack.domains.foresight.doors.web.as_of_control import AsOf, as_of_control, scan_command
from foretrack.domains.foresight.doors.web.charts import state_chart
from foretrack.domains.foresight.doors.web.concepts import Line, concept_lines
from foretrack.domains.foresight.doors.web.policy import Policy, policy
from foretrack.domains.foresight.doors.web.reading import Reading, changes_between, compared, read
from foretrack.domains.foresight.doors.web.sources import kind_word
from foretrack.domains.foresight.doors.web.technologies import TechnologyLine, technology_lines
from foretrack.domains.foresight.doors.web.tracks import RISING, DirectionRow, pack_rows
from foretrack.foundation.errors import EvidenceError
from foretrack.web.addresses import address
from foretrack.web.charts import Chart
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, page_language, say, speak

CHANGE_WORDS = Words(CHANGES)
NOTE_WORDS = Words(NOTES)
RISERS, NEWEST, STRONGEST, CHANGED = 8, 6, 3, 8
FEW_ON_TRACKS = 0.2
"""Part of the ranked concepts on tracks below which the corpus is said to be about something else."""


@dataclass(frozen=True, slots=True)
class DirectionPart:
    """One direction of the policy, with what is strongest on it."""

    direction: DirectionRow
    strongest: tuple[Line, ...]
    entered: int
    """Of its concepts that rise, those that did not stand in the first ranks of the scan before."""


@dataclass(frozen=True, slots=True)
class PolicyPart:
    """One policy."""

    id: str
    title: str
    directions: tuple[DirectionPart, ...]
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What became of one concept since the scan before."""

    href: str
    name: str
    change: str
    rank_before: int | None
    rank_after: int | None


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source of the corpus as the scan counted it."""

    source: str
    kind: str
    n_documents: int
    first_year: int
    last_year: int


@dataclass(frozen=True)
class OverviewPage(Page):
    """What the newest scan found."""

    template: ClassVar[str] = "lookout/overview.html"
    table: ClassVar[str] = "risers"

    as_of: AsOf
    summary: ScanSummary
    notes: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    n_older: int
    """Documents before the years that are counted."""
    n_ranked: int
    n_on_tracks: int
    elsewhere: bool
    """Whether the corpus is about something other than the policy."""
    risers: tuple[Line, ...]
    newest: tuple[TechnologyLine, ...]
    policies: tuple[PolicyPart, ...]
    states: Chart
    command: str
    """What makes a scan to compare with."""
    compared_with: int | None
    """The year of the scan that changes are counted from."""
    changes: tuple[ChangeLine, ...]
    n_changes: tuple[tuple[str, int], ...]


@require_safe
def overview(request: Request) -> HttpResponse:
    """What the newest scan found."""
    return render(request, _page(request, read(request.GET)))


def _page(request: Request, reading: Reading) -> OverviewPage:
    scan, known, browser = reading.scan, policy(reading.workspace), reading.browser
    say_it = speak(page_language())
    summary = scan.summary()
    n_ranked = len(scan.ranking)
    on_tracks = n_ranked - browser.count({"track": ["none"]})
    before, sources = compared(reading), _sources(reading)
    changes: Sequence[Change] = ()
    if before is not None:
        changes = changes_between(reading, before)
        before = before if changes else None
    entered = {change.concept for change in changes if change.change == "entered"}
    packs = {pack.id: pack for pack in known.packs}
    return OverviewPage(
        as_of=as_of_control(request, reading), summary=summary,
        notes=tuple(note_in_words(note, say_it) for note in summary.notes), sources=sources,
        n_older=summary.n_documents - sum(line.n_documents for line in sources), n_ranked=n_ranked,
        n_on_tracks=on_tracks, elsewhere=n_ranked > 0 and on_tracks < FEW_ON_TRACKS * n_ranked,
        risers=concept_lines(reading, browser.best({}, RISERS), known), newest=_newest(reading, known),
        policies=tuple(
            PolicyPart(
                pack.id, pack.title,
                tuple(_direction_part(reading, known, pack.id, row, entered) for row in pack.directions),
                tuple(product.label.text(page_language()) for product in packs[pack.id].products),
            )
            for pack in pack_rows(reading, known)
        ),
        states=state_chart({say(words.STATE_WORDS[s]): summary.states.get(s, 0) for s in words.STATE_WORDS}),
        command=scan_command(scan.as_of - 1), compared_with=before.as_of if before is not None else None,
        changes=_change_lines(changes, reading),
        n_changes=tuple((say(CHANGE_WORDS[c]), sum(1 for one in changes if one.change == c)) for c in CHANGE_WORDS),
    )  # fmt: skip


def _direction_part(
    reading: Reading, known: Policy, pack_id: str, row: DirectionRow, entered: set[str]
) -> DirectionPart:
    rising = {"direction": [f"{pack_id}/{row.id}"], "state": RISING}
    best = reading.browser.best(rising, STRONGEST)
    return DirectionPart(row, concept_lines(reading, best, known), len(entered & reading.browser.ids(rising)))


def _change_lines(changes: Sequence[Change], reading: Reading) -> tuple[ChangeLine, ...]:
    """The changes that a reader would want to hear of first: what entered and rose furthest."""
    query, ids = reading.held_query, reading.scan.numbers

    def weight(change: Change) -> tuple[int, int]:
        gain = (change.rank_before or 10_000) - (change.rank_after or 10_000)
        return (change.change not in ("entered", "rose"), -gain)

    return tuple(
        ChangeLine(
            address("concept", change.concept) + query if change.concept in ids else "", change.label,
            say(CHANGE_WORDS[change.change]), change.rank_before, change.rank_after,
        )
        for change in sorted(changes, key=weight)[:CHANGED]
    )  # fmt: skip


def _sources(reading: Reading) -> tuple[SourceLine, ...]:
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for row in reading.scan.stored.table("totals").to_pylist():
        if row["n_documents"]:
            found.setdefault((row["source"], row["kind"]), []).append((row["year"], row["n_documents"]))
    lines = [
        SourceLine(source, kind_word(kind), sum(n for _, n in years), min(years)[0], max(years)[0])
        for (source, kind), years in found.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.n_documents, line.source)))


def _newest(reading: Reading, known: Policy) -> tuple[TechnologyLine, ...]:
    """The technologies that were born last, the likeliest to grow first among those of a year."""
    try:
        stored = reading.technologies
    except EvidenceError:
        return ()
    order = sorted(
        range(len(stored.rows)),
        key=lambda n: (-stored.rows[n]["born"], stored.rows[n]["rank"] or 10**9, -stored.rows[n]["n_recent"]),
    )
    return technology_lines(reading, order[:NEWEST], known)
