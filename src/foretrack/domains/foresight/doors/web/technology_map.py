"""The map of technologies: a picture whose points are links, and the same as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log, pi, sqrt
from typing import Any, ClassVar

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from foretrack.domains.foresight.actions.emerging import MIN_TRACK_PROBABILITY
from foretrack.domains.foresight.actions.technology_map import technology_map
from foretrack.domains.foresight.answers import TrackLabel, to_json
from foretrack.domains.foresight.doors.web.map_charts import map_chart
from foretrack.domains.foresight.doors.web.naming import (
    Choice,
    PackLabels,
    chosen,
    files_of,
    name_of,
    pack_labels,
    shortened,
    state_word,
    technology_href,
    year_choices,
)
from foretrack.domains.foresight.doors.web.reading import Reading, read
from foretrack.domains.foresight.doors.web.waiting import ask
from foretrack.domains.foresight.maps.answers import MapPoint, TechnologyMap
from foretrack.domains.foresight.maps.labelling import Spot, place_labels
from foretrack.domains.foresight.technologies.describing import STAGES
from foretrack.foundation.spreadsheets import Row
from foretrack.web.charts import Chart
from foretrack.web.listing import Heading
from foretrack.web.queries import changed, nearest_page, paged
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, say

WIDTH, HEIGHT, MARGIN = 1000.0, 720.0, 36.0
COVERED = 0.09
"""Part of the picture that all points cover together."""
LEAST, LARGEST = 3.0, 30.0
"""Radii of points, in units of the picture."""
ROWS_SHOWN = 100
"""Rows of the table on one page; the CSV has all."""
FAR = 1.5
"""Distance from the middle (the mean is 1) beyond which points are drawn nearer: a few that have little to do with any
other would else press all others together."""
STRETCH = 1.3
"""How much wider than high the map may be drawn; sides mean nothing."""
LINES = 6
"""Neighbours to which a point shows lines."""

COLOURS = Words({"stage": "Stage", "direction": "Direction", "growth": "Growth a year"})
GROWTHS = Words({
    "g1": "shrinks by more than 5% a year", "g2": "within 5% a year", "g3": "grows by 5 to 20% a year",
    "g4": "grows by 20 to 50% a year", "g5": "grows by more than 50% a year", "none": "not enough evidence",
})  # fmt: skip
_STEPS = ((-0.05, "g1"), (0.05, "g2"), (0.2, "g3"), (0.5, "g4"))
STAGE_CLASSES = {
    "emerging": "s1", "growing": "s2", "mature": "s3", "declining": "s4", "not enough evidence": "none",
}  # fmt: skip
ORDERS = Words({
    "rank": "Rank", "label": "Technology", "stage": "Stage", "n_recent": "Recent documents", "growth": "Growth a year",
    "p_eg3": "Extreme growth", "direction": "Direction",
})  # fmt: skip
_NUMBERS = {"rank", "n_recent", "growth", "p_eg3"}


@dataclass(frozen=True, slots=True)
class Dot:
    """A technology in the picture."""

    number: int
    x: float
    y: float
    r: float
    shade: str
    """Name of its colour."""
    href: str
    name: str
    told: str
    """What a reader hears of it, in one line."""
    off: bool
    """Whether the filters leave it out."""
    neighbours: str
    """Numbers of the points that it has lines to."""


@dataclass(frozen=True, slots=True)
class Name:
    """The name beside a point."""

    number: int
    x: float
    y: float
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class MapRow:
    """A technology in the table and in CSV."""

    technology: str
    label: str
    other: str
    rank: int | None
    stage: str
    stage_word: str
    n_recent: int
    n_documents: int
    growth: float | None
    p_eg3: float | None
    direction: str
    """Most probable direction with a probability of 0.3 or more; empty for none."""
    x: float
    y: float
    neighbours: tuple[str, ...]
    href: str


@dataclass(frozen=True)
class MapPage(Page):
    """Every technology of a scan as a point."""

    template: ClassVar[str] = "lookout/map.html"

    waiting: bool
    as_of: int
    years: tuple[Choice, ...]
    colours: tuple[Choice, ...]
    legend: tuple[Choice, ...]
    stages: tuple[Choice, ...]
    directions: tuple[Choice, ...]
    q: str
    kept: tuple[tuple[str, str], ...]
    """What the address says and no control of the form changes."""
    n: int
    n_shown: int
    """Technologies that fit the filters."""
    dots: tuple[Dot, ...]
    names: tuple[Name, ...]
    width: float
    height: float
    columns: tuple[Heading, ...]
    rows: tuple[MapRow, ...]
    before: str
    after: str
    trust: float | None
    continuity: float | None
    follows: int
    """Years before whose maps this one continues."""
    files: tuple[tuple[str, str], ...]
    """Form and address of each file."""
    chart: Chart | None
    answer: TechnologyMap | None
    whole: tuple[MapRow, ...]
    """All rows that fit the filters."""

    def as_data(self) -> object:
        """The documented answer, with what the filters left over."""
        kept = {row.technology for row in self.whole}
        said = to_json(self.answer) if self.answer else {}
        return {**said, "points": [p for p in said.get("points", []) if p["item"]["technology"] in kept]}

    def as_table(self) -> tuple[Sequence[str], Sequence[Row]]:
        """One row a technology, with its position."""
        names = (
            "technology", "label", "rank", "stage", "n_recent", "n_documents", "growth", "p_eg3", "direction", "x", "y",
        )  # fmt: skip
        rows: list[Row] = [
            {**{name: getattr(row, name) for name in names}, "neighbours": "; ".join(row.neighbours)}
            for row in self.whole
        ]
        return (*names, "neighbours"), rows


@require_safe
def map_page(request: Request) -> HttpResponse:
    """Every technology near what it is studied together with."""
    reading = read(request.GET)
    workspace, scan = reading.workspace, reading.scan
    key = ("map", workspace.root, scan.name)
    found = ask(request, key, lambda: technology_map(workspace, scan))
    return render(request, map_view(found, reading, request.GET))


def direction_of(tracks: Sequence[TrackLabel]) -> TrackLabel | None:
    """The direction in which most of the probability of its tracks lies, where it reaches 0.3."""
    sums: dict[tuple[str, str], float] = {}
    for label in tracks:
        at = (label.pack, label.direction)
        sums[at] = sums.get(at, 0.0) + label.p
    best = max(sums, key=lambda at: (sums[at], at), default=None)
    if best is None or sums[best] < MIN_TRACK_PROBABILITY:
        return None
    return next(label for label in tracks if (label.pack, label.direction) == best)


def drawn_nearer(x: float, y: float) -> tuple[float, float]:
    """Where a point is drawn: beyond `FAR`, the distance from the middle grows with its logarithm.

    >>> drawn_nearer(0.6, 0.8), drawn_nearer(0.0, 1.5), round(drawn_nearer(0.0, 4.0)[1], 3)
    ((0.6, 0.8), (0.0, 1.5), 2.126)
    """
    far = sqrt(x * x + y * y)
    if far <= FAR:
        return x, y
    shrunk = (FAR + log(1 + (far - FAR)) / 2) / far
    return x * shrunk, y * shrunk


def growth_class(growth: float | None) -> str:
    """The band of a yearly growth.

    >>> growth_class(None), growth_class(-0.2), growth_class(0.0), growth_class(0.3), growth_class(2.0)
    ('none', 'g1', 'g2', 'g4', 'g5')
    """
    if growth is None:
        return "none"
    return next((name for bound, name in _STEPS if growth < bound), "g5")


def map_view(found: TechnologyMap | None, reading: Reading, given: QueryDict) -> MapPage:
    """The page of a map; None while it is being drawn."""
    labels = pack_labels(reading.workspace.root)
    colour = chosen(given, "colour", COLOURS, "stage")
    stage = chosen(given, "stage", {"": "", **dict.fromkeys(STAGES)}, "")
    order, down = given.get("order", "rank").removeprefix("-"), given.get("order", "").startswith("-")
    order = order if order in ORDERS else "rank"
    q = given.get("q", "").strip()[:200]
    points = found.points if found else ()
    of = {point.item.technology: direction_of(point.item.tracks) for point in points}
    codes = {name: f"{label.pack}/{label.direction}" if label else "" for name, label in of.items()}
    direction = (
        chosen(given, "direction", {"": "", "none": "", **dict.fromkeys(codes.values())}, "") if found else ""
    )
    rows = [_row(point, of[point.item.technology], labels, reading) for point in points]
    fits = [
        (not stage or row.stage == stage)
        and (not direction or (codes[row.technology] or "none") == direction)
        and _has(points[number], row, q)
        for number, row in enumerate(rows)
    ]
    kept = [row for row, fit in zip(rows, fits, strict=True) if fit]
    kept.sort(key=lambda row: _sort_key(row, order), reverse=down)
    # Whatever has no value stands last, in either direction.
    kept.sort(key=lambda row: getattr(row, order) in (None, ""))
    number = nearest_page(given, len(kept), ROWS_SHOWN)
    dots, names, legend = _drawn(points, rows, fits, codes, colour, labels)
    counted = {name: sum(row.stage == name for row in rows) for name in STAGES}
    of_direction = {code: list(codes.values()).count(code) for code in dict.fromkeys(codes.values())}
    return MapPage(
        waiting=found is None, as_of=reading.scan.as_of, years=year_choices(reading, given),
        colours=tuple(Choice(name, say(word), name == colour) for name, word in COLOURS.items()), legend=legend,
        stages=tuple(Choice(name, state_word(name), name == stage, n) for name, n in counted.items() if n),
        directions=tuple(
            Choice(code or "none", labels.named("direction", code) if code else say("no direction"),
                   (code or "none") == direction, n)
            for code, n in sorted(of_direction.items(), key=lambda pair: (not pair[0], -pair[1], pair[0]))
        ),
        q=q, kept=tuple((name, value) for name in ("order", "scan") if (value := given.get(name))),
        n=len(rows), n_shown=len(kept), dots=dots, names=names, width=WIDTH, height=HEIGHT,
        columns=tuple(_column(given, name, word, order, down) for name, word in ORDERS.items()),
        rows=tuple(kept[number * ROWS_SHOWN : (number + 1) * ROWS_SHOWN]),
        before=paged(given, number) if number else "",
        after=paged(given, number + 2) if len(kept) > (number + 1) * ROWS_SHOWN else "",
        trust=found.quality.trustworthiness if found and found.quality else None,
        continuity=found.quality.continuity if found and found.quality else None,
        follows=len(found.follows) if found else 0,
        chart=map_chart(kept, colour, {c.value: c.label for c in legend}, _shade_of(colour, codes)) if kept else None,
        files=files_of("lookout map", given), answer=found, whole=tuple(kept),
    )  # fmt: skip


def _row(point: MapPoint, label: TrackLabel | None, labels: PackLabels, reading: Reading) -> MapRow:
    item = point.item
    name, other = name_of(item.label, item.label_en, item.label_zh)
    return MapRow(
        item.technology, name, other, item.rank, item.stage, state_word(item.stage), item.n_recent, item.n_documents,
        item.growth, item.p_eg3, labels.direction(label) if label else "", round(point.x, 4), round(point.y, 4),
        point.neighbours, technology_href(reading, item.technology),
    )  # fmt: skip


def _has(point: MapPoint, row: MapRow, q: str) -> bool:
    """Whether a name of the technology or of a leading concept holds what is searched for."""
    wanted = q.casefold()
    names = (row.label, row.other, point.item.label, *point.item.concepts)
    return not wanted or any(wanted in name.casefold() for name in names)


def _sort_key(row: MapRow, order: str) -> Any:
    value = getattr(row, order)
    return (0 if value is None else value) if order in _NUMBERS else str(value).casefold()


def _column(given: QueryDict, name: str, word: str, order: str, down: bool) -> Heading:
    sorted_now = ("descending" if down else "ascending") if name == order else ""
    # Of numbers except ranks, the large ones are looked for first.
    first_down = name in _NUMBERS - {"rank"}
    turned = not down if name == order else first_down
    return Heading(
        say(word), changed(given, order=f"-{name}" if turned else name), sorted_now, name in _NUMBERS
    )


def _shade_of(colour: str, codes: Mapping[str, str]) -> Callable[[MapRow], str]:
    frequent = sorted(
        {code for code in codes.values() if code}, key=lambda code: (-list(codes.values()).count(code), code)
    )
    place = {code: f"d{number + 1}" for number, code in enumerate(frequent[:7])}

    def shade(row: MapRow) -> str:
        if colour == "growth":
            return growth_class(row.growth)
        if colour == "direction":
            code = codes[row.technology]
            return place.get(code, "d8") if code else "none"
        return STAGE_CLASSES[row.stage]

    return shade


def _drawn(
    points: Sequence[MapPoint],
    rows: Sequence[MapRow],
    fits: Sequence[bool],
    codes: Mapping[str, str],
    colour: str,
    labels: PackLabels,
) -> tuple[tuple[Dot, ...], tuple[Name, ...], tuple[Choice, ...]]:
    """Points, names and legend of the picture; the largest points first, so that small ones lie over them."""
    if not rows:
        return (), (), ()
    near = [drawn_nearer(p.x, p.y) for p in points]
    xs, ys = [x for x, _ in near], [y for _, y in near]
    wide, high = max(xs) - min(xs) or 1.0, max(ys) - min(ys) or 1.0
    down = (HEIGHT - 2 * MARGIN) / high
    across = min((WIDTH - 2 * MARGIN) / wide, STRETCH * down)
    down = min(down, across)
    left, top = (WIDTH - across * wide) / 2, (HEIGHT - down * high) / 2
    unit = sqrt(COVERED * WIDTH * HEIGHT / pi / max(1, sum(row.n_recent for row in rows)))
    shade = _shade_of(colour, codes)
    largest_first = sorted(range(len(rows)), key=lambda i: (-rows[i].n_recent, rows[i].technology))
    number_of = {rows[i].technology: number for number, i in enumerate(largest_first)}
    dots = tuple(
        Dot(
            number, round(left + across * (xs[i] - min(xs)), 1), round(top + down * (ys[i] - min(ys)), 1),
            round(min(LARGEST, max(LEAST, unit * sqrt(rows[i].n_recent))), 1), shade(rows[i]), rows[i].href,
            shortened(rows[i].label),
            say("{name}: {stage}, {n} recent documents", name=rows[i].label, stage=rows[i].stage_word,
                n=f"{rows[i].n_recent:,}"),
            not fits[i], " ".join(str(number_of[n]) for n in points[i].neighbours[:LINES] if n in number_of),
        )
        for number, i in enumerate(largest_first)
    )  # fmt: skip
    spots = [Spot(dot.x, dot.y, dot.r, shortened(dot.name, 40)) for dot in dots if not dot.off]
    numbers = [dot.number for dot in dots if not dot.off]
    names = tuple(
        Name(numbers[p.number], round(p.x, 1), round(p.y, 1), p.anchor, p.text)
        for p in place_labels(spots, WIDTH, HEIGHT)
    )
    return dots, names, _legend(rows, codes, colour, labels, shade)


def _legend(
    rows: Sequence[MapRow],
    codes: Mapping[str, str],
    colour: str,
    labels: PackLabels,
    shade: Callable[[MapRow], str],
) -> tuple[Choice, ...]:
    counts: dict[str, int] = {}
    said: dict[str, str] = {}
    for row in rows:
        name = shade(row)
        counts[name] = counts.get(name, 0) + 1
        if colour == "stage":
            said[name] = row.stage_word
        elif colour == "growth":
            said[name] = say(GROWTHS[name])
        elif name == "none":
            said[name] = say("no direction")
        else:
            said[name] = say("other directions") if name == "d8" else row.direction
    order = [*STAGE_CLASSES.values(), *(f"g{n}" for n in range(1, 6)), *(f"d{n}" for n in range(1, 9))]
    order = [name for name in order if name != "none"] + ["none"]
    return tuple(Choice(name, said[name], n=counts[name]) for name in order if name in counts)
