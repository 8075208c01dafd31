"""The technologies of a scan as a list: stage, track and age as filters, the likeliest to grow first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.foresight.actions.browsing import NO_TRACK, FacetValue, ListFacet
from foretrack.domains.foresight.actions.emerging import MIN_TRACK_PROBABILITY
from foretrack.domains.foresight.actions.technologies import StoredTechnologies
from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.doors import technology_pages
from foretrack.domains.foresight.doors.web import words
from foretrack.domains.foresight.doors.web.as_of_control import AsOf, as_of_control
from foretrack.domains.foresight.doors.web.concepts import (
    LINES,
    SORT,
    WORDS,
    FacetBox,
    facet_box,
    headings,
)
from foretrack.domains.foresight.doors.web.policy import Policy, TrackLine, policy
from foretrack.domains.foresight.doors.web.reading import AS_OF, KEPT, SCAN, Reading, read
from foretrack.domains.foresight.doors.web.sparklines import Spark, spark
from foretrack.domains.foresight.technologies.answers import TechnologyItem
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.foundation.spreadsheets import Row
from foretrack.language.chinese import simplify
from foretrack.web.addresses import address
from foretrack.web.data import CHART
from foretrack.web.listing import Chosen, Heading
from foretrack.web.queries import PAGE, kept, page_number, paged, unpaged
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import say

CONCEPTS_SHOWN = 3
FACETS = ("stage", "direction", "track", "born")
SORTS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "rank": lambda row: row["rank"],
    "label": lambda row: row["label"].lower(),
    "share": lambda row: row["share_recent"],
    "growth": lambda row: row["growth"] if row["stage"] != words.UNSURE else None,
    "p_eg3": lambda row: row.get("p_eg3"),
    "documents": lambda row: row["n_documents"],
    "born": lambda row: row["born"],
}
"""Order to what a technology is ordered by; what is not known stands last."""


@dataclass(frozen=True, slots=True)
class TechnologyLine:
    """One technology in a list."""

    href: str
    rank: int | None
    name: str
    other: str
    stage: str
    tone: str
    born: int
    track: TrackLine | None
    spark: Spark
    growth: float | None
    growth_low: float | None
    growth_high: float | None
    p_eg3: float | None
    chance: str
    n_documents: int
    n_recent: int
    concepts: tuple[str, ...]
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundTechnologies:
    """Everything that was found, made only where it is asked for."""

    stored: StoredTechnologies | None
    numbers: tuple[int, ...]

    def items(self) -> tuple[TechnologyItem, ...]:
        """A line for each."""
        return tuple(self.stored.item(number) for number in self.numbers) if self.stored else ()


@dataclass(frozen=True)
class TechnologiesPage(Page):
    """The technologies as of a year."""

    template: ClassVar[str] = "lookout/technologies.html"

    as_of: AsOf
    none: str
    """Why there is none at all; empty where there are some."""
    total: int
    first: int
    last: int
    n_all: int
    facets: tuple[FacetBox, ...]
    chosen: tuple[Chosen, ...]
    headings: tuple[Heading, ...]
    lines: tuple[TechnologyLine, ...]
    words: str
    kept: tuple[tuple[str, str], ...]
    before: str
    after: str
    without: str
    query: str
    found: FoundTechnologies

    def as_data(self) -> object:
        """The documented shape of every technology that was found."""
        return {"as_of": self.as_of.year, "n_technologies": self.n_all, "items": to_json(self.found.items())}

    def as_table(self) -> tuple[Sequence[str], Sequence[Row]]:
        """The documented columns of every technology that was found."""
        return technology_pages.COLUMNS, [technology_pages.row_of(item) for item in self.found.items()]


@require_safe
def technologies(request: Request) -> HttpResponse:
    """The technologies of a scan."""
    given = request.GET
    reading = read(given)
    number, sort, asked = page_number(given), given.get(SORT, "rank"), given.get(WORDS, "")[:200]
    try:
        stored = reading.technologies
    except EvidenceError:
        return render(request, _page(request, reading, None, [], sort, asked, number))
    others = (PAGE, SORT, WORDS, AS_OF, SCAN, CHART)
    wanted = {name: given.getlist(name) for name in given if name not in others}
    for name in wanted:
        if name not in FACETS:
            raise InputError.of(
                "the list has no filter {name!r}", expected="one of {names}", do="follow a link of the page",
                name=name[:40], names=", ".join(FACETS),
            )  # fmt: skip
    parts = simplify(asked.lower()).split()
    rows = [row for row in _rows(stored) if all(part in row["text"] for part in parts)]
    fits = [row for row in rows if _fits(row, wanted)]
    return render(
        request, _page(request, reading, stored, _ordered(fits, sort), sort, asked, number, rows, wanted)
    )


@lru_cache(maxsize=KEPT)
def _rows(stored: StoredTechnologies) -> list[dict[str, Any]]:
    """Per technology what the list is filtered by. There are hundreds, not hundreds of thousands."""
    return [
        {
            **row,
            "number": number,
            "text": simplify(
                " ".join(str(t) for t in (row["label"], row["label_en"], row["label_zh"], *names) if t).lower()
            ),
            "facets": {
                "stage": (row["stage"],), "track": _on(row, "track"), "direction": _on(row, "direction"),
                "born": (str(row["born"]),),
            },
        }
        for number, row in enumerate(stored.rows)
        for names in [stored.labels_of(number)]
    ]  # fmt: skip


def _on(row: Mapping[str, Any], level: str) -> tuple[str, ...]:
    sums: Counter[str] = Counter()
    for track in row["tracks"]:
        sums[f"{track['pack']}/{track[level]}"] += track["p"]
    return tuple(name for name, p in sums.items() if p >= MIN_TRACK_PROBABILITY) or (NO_TRACK,)


def _fits(row: Mapping[str, Any], wanted: Mapping[str, Sequence[str]], *, beside: str = "") -> bool:
    return all(
        not values or name == beside or not set(values).isdisjoint(row["facets"][name])
        for name, values in wanted.items()
    )


def _ordered(rows: Sequence[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise InputError.of(
            "the list cannot be ordered by {name!r}", expected="one of {names}", do="follow a link of the page",
            name=name[:40], names=", ".join(SORTS),
        )  # fmt: skip
    of = SORTS[name]
    first = sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0, -row["n_recent"]))
    known = sorted((row for row in first if of(row) is not None), key=of, reverse=sort.startswith("-"))
    return known + [row for row in first if of(row) is None]


def _page(
    request: Request,
    reading: Reading,
    stored: StoredTechnologies | None,
    rows: Sequence[dict[str, Any]],
    sort: str,
    asked: str,
    number: int,
    all_rows: Sequence[dict[str, Any]] = (),
    wanted: Mapping[str, Sequence[str]] | None = None,
) -> TechnologiesPage:
    given, known = request.GET, policy(reading.workspace)
    start = (number - 1) * LINES
    shown = rows[start : start + LINES]
    boxes = tuple(
        box
        for name in FACETS
        if (box := facet_box(given, _facet(name, all_rows, wanted or {}), known)) is not None
    )
    return TechnologiesPage(
        as_of=as_of_control(request, reading), none=_none(reading, stored), total=len(rows),
        first=start + 1 if shown else 0, last=start + len(shown), n_all=len(stored.rows) if stored else 0, facets=boxes,
        chosen=tuple(
            Chosen(line.href, box.label, line.label) for box in boxes for line in (*box.values, *box.more) if line.chosen
        ),
        headings=headings(
            given, sort,
            (("rank", "Rank", True), ("label", "Technology", False), ("", "Stage", False), ("", "Track", False),
             ("-share", "Share over the years", False), ("-growth", "Growth a year", True),
             ("-p_eg3", "Chance of extreme growth", True), ("-documents", "Documents", True)),
        ),
        lines=technology_lines(reading, [row["number"] for row in shown], known), words=asked,
        kept=kept(given, WORDS),
        before=paged(given, number - 1) if number > 1 else "",
        after=paged(given, number + 1) if start + len(shown) < len(rows) else "",
        without=reading.held_query or "?", query=unpaged(given),
        found=FoundTechnologies(stored, tuple(row["number"] for row in rows)),
    )  # fmt: skip


def _none(reading: Reading, stored: StoredTechnologies | None) -> str:
    if stored is None:
        return say("This scan was made without technologies.")
    if stored.rows:
        return ""
    return say(
        "Not enough evidence for technologies as of {year}: there must be three concepts or more that are studied together more often than chance would have it.",  # noqa: E501 - one sentence of the catalogue
        year=reading.scan.as_of,
    )  # fmt: skip


def _facet(name: str, rows: Sequence[Mapping[str, Any]], wanted: Mapping[str, Sequence[str]]) -> ListFacet:
    every: Counter[str] = Counter(value for row in rows for value in row["facets"][name])
    counts: Counter[str] = Counter(
        value for row in rows if _fits(row, wanted, beside=name) for value in row["facets"][name]
    )
    values = [stage for stage in words.STAGE_WORDS if stage in every] if name == "stage" else sorted(every)
    if name == "born":
        values.reverse()
    chosen = wanted.get(name, ())
    return ListFacet(name, tuple(FacetValue(v, counts[v], v in chosen) for v in values))


def technology_lines(reading: Reading, numbers: Sequence[int], known: Policy) -> tuple[TechnologyLine, ...]:
    """Lines of a list, for numbers of stored technologies."""
    return tuple(_line(reading, number, known) for number in numbers)


def _line(reading: Reading, number: int, known: Policy) -> TechnologyLine:
    stored, query = reading.technologies, reading.held_query
    item = stored.item(number)
    years, shares = stored.shares
    return TechnologyLine(
        href=address("technology", item.technology) + query, rank=item.rank, name=words.named(item),
        other=words.other_name(item), stage=say(words.STAGE_WORDS[item.stage]), tone=words.TONES.get(item.stage, ""),
        born=item.born, track=known.first_track(item.tracks, query),
        spark=spark(years, shares[number].tolist()), growth=item.growth, growth_low=item.growth_low,
        growth_high=item.growth_high, p_eg3=item.p_eg3, chance=words.chance_in_words(item.p_eg3),
        n_documents=item.n_documents, n_recent=item.n_recent,
        concepts=tuple(c for c in item.concepts if c not in item.label.split(" / "))[:CONCEPTS_SHOWN],
        events=tuple(f"{event.year} {say(words.EVENT_WORDS[event.event])}" for event in item.events[:2]),
    )  # fmt: skip
