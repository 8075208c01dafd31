"""The radar: which technologies are how near, by direction or by what belongs together; and the same as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any, ClassVar

import numpy as np
from django.http import HttpResponse
from django.views.decorators.http import require_safe
from scipy.sparse import csr_array

from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.actions.technologies import technologies
from foretrack.domains.foresight.doors.web.naming import (
    Choice,
    chosen,
    files_of,
    name_of,
    pack_labels,
    shortened,
    state_word,
    technology_href,
    year_choices,
)
from foretrack.domains.foresight.doors.web.radar_charts import radar_chart
from foretrack.domains.foresight.doors.web.reading import Reading, read
from foretrack.domains.foresight.doors.web.technology_map import direction_of
from foretrack.domains.foresight.maps.grouping import group
from foretrack.domains.foresight.maps.radar import place_points, ring_radii
from foretrack.domains.foresight.technologies.answers import TechnologyItem, TechnologyList
from foretrack.foundation.errors import EvidenceError
from foretrack.foundation.spreadsheets import Row
from foretrack.web.charts import Chart
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, say

RADIUS, BESIDE, ABOVE = 340.0, 190.0, 44.0
MOST_SEGMENTS = 7
FITS = 0.3
"""Part of the technologies that must lie on a direction of the pack for directions to be the segments unasked."""
COUNTS = ("30", "60", "100")
"""How many technologies the radar may show."""

SEGMENTS = Words({"direction": "Directions", "track": "Tracks", "group": "What is studied together"})
RINGS = Words({
    "stage": "Stage", "time": "Years until among the largest 5%", "growth": "Probability of extreme growth",
})  # fmt: skip
STAGE_RINGS = ("emerging", "growing", "mature", "declining")
TIME_RINGS = Words({
    "0": "next year", "1": "in two or three years", "2": "in four or five years", "3": "not within five years",
})  # fmt: skip
PROBABILITY_RINGS = Words({
    "0": "half or more", "1": "a quarter to a half", "2": "a tenth to a quarter", "3": "less than a tenth",
})  # fmt: skip
RULES = Words({
    "stage": "The ring is the life-cycle stage: tests of growth and novelty decide it.",
    "time": "The ring is the first year in which the median forecast lies among the largest 5% of today's shares.",
    "growth": "The ring is the forecast probability of extreme growth within three years.",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Blip:
    """A technology on the radar."""

    number: int
    x: float
    y: float
    href: str
    told: str
    shade: str


@dataclass(frozen=True, slots=True)
class RadarRow:
    """A technology in the list and in CSV."""

    number: int
    technology: str
    label: str
    other: str
    rank: int | None
    segment: str
    ring: str
    stage: str
    n_recent: int
    growth: float | None
    p_eg3: float | None
    top_year: int | None
    href: str


@dataclass(frozen=True, slots=True)
class Spoke:
    """The border of a segment, and its name outside."""

    x: float
    y: float
    text_x: float
    text_y: float
    anchor: str
    text: str
    shade: str


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle, and its name."""

    r: float
    text_y: float
    text: str
    n: int


@dataclass(frozen=True, slots=True)
class Part:
    """The technologies of one segment, for the list beside the picture."""

    name: str
    shade: str
    rows: tuple[RadarRow, ...]


@dataclass(frozen=True)
class RadarPage(Page):
    """The first technologies by segment and ring."""

    template: ClassVar[str] = "lookout/radar.html"
    table: ClassVar[str] = "rows"

    as_of: int
    years: tuple[Choice, ...]
    segments: tuple[Choice, ...]
    rings: tuple[Choice, ...]
    counts: tuple[Choice, ...]
    rule: str
    note: str
    kept: tuple[tuple[str, str], ...]
    n_technologies: int
    n_without: int
    """Technologies that have no place, for lack of evidence or of a forecast."""
    width: float
    height: float
    blips: tuple[Blip, ...]
    radius: float
    spokes: tuple[Spoke, ...]
    circles: tuple[Ring, ...]
    parts: tuple[Part, ...]
    files: tuple[tuple[str, str], ...]
    chart: Chart | None
    rows: tuple[RadarRow, ...]

    def as_data(self) -> object:
        """What the radar says, without the strokes of the picture."""
        return {
            "as_of": self.as_of, "segments": next(c.value for c in self.segments if c.chosen),
            "rings": next(c.value for c in self.rings if c.chosen), "rule": self.rule,
            "n_technologies": self.n_technologies, "n_without": self.n_without, "technologies": self.rows,
        }  # fmt: skip

    def as_table(self) -> tuple[Sequence[str], Sequence[Row]]:
        """One row a technology."""
        names = (
            "number", "technology", "label", "rank", "segment", "ring", "stage", "n_recent", "growth", "p_eg3",
            "top_year",
        )  # fmt: skip
        return names, [{name: getattr(row, name) for name in names} for row in self.rows]


@require_safe
def radar(request: Request) -> HttpResponse:
    """The first technologies by segment and ring."""
    reading, given = read(request.GET), request.GET
    scan = reading.scan
    try:
        listed = listed_technologies(scan)
    except EvidenceError:
        listed = None
    items = listed.items if listed else ()
    fits = sum(direction_of(item.tracks) is not None for item in items) >= FITS * max(1, len(items))
    by = chosen(given, "segments", SEGMENTS, "direction" if fits else "group")
    ring_by = chosen(given, "rings", RINGS, "stage")
    count = chosen(given, "n", dict.fromkeys(COUNTS), COUNTS[1])
    placed = [(item, ring) for item in items if (ring := ring_of(item, ring_by)) is not None]
    shown = placed[: int(count)]
    segment_of, segment_names = _segments(reading, by, [item for item, _ in shown], listed)
    words = _ring_words(ring_by)
    note = ""
    if by == "group" and not fits and not given.get("segments"):
        note = say(
            "Few of these technologies lie on a direction of the policy pack: the segments are groups of what is "
            "studied together."
        )
    cells = [(segment_of(item), ring) for item, ring in shown]
    found = place_points(cells, len(segment_names), len(words)) if shown else None
    width, height = 2 * (RADIUS + BESIDE), 2 * (RADIUS + ABOVE)
    blip = min(11.0, 0.45 * RADIUS * found.nearest) if found else 0.0
    rows = tuple(
        _row(number + 1, item, segment_names[cells[number][0]], words[ring], reading)
        for number, (item, ring) in enumerate(shown)
    )
    return render(
        request,
        RadarPage(
            as_of=scan.as_of, years=year_choices(reading, given), segments=_choices(SEGMENTS, by),
            rings=_choices(RINGS, ring_by), counts=tuple(Choice(c, c, c == count) for c in COUNTS),
            rule=say(RULES[ring_by]), note=note,
            kept=tuple((name, value) for name in ("scan",) if (value := given.get(name))),
            n_technologies=len(items), n_without=len(items) - len(placed), width=width, height=height,
            radius=round(blip, 1),
            blips=tuple(
                Blip(
                    row.number, round(width / 2 + RADIUS * place.x, 1), round(height / 2 + RADIUS * place.y, 1), row.href,
                    say("{n}. {name}: {segment}, {ring}", n=row.number, name=row.label, segment=row.segment,
                        ring=row.ring),
                    f"d{1 + cells[row.number - 1][0] % 8}",
                )
                for row, place in zip(rows, found.places if found else (), strict=True)
            ),
            spokes=_spokes(segment_names, width / 2, height / 2) if shown else (),
            circles=tuple(
                Ring(
                    round(RADIUS * r, 1), round(height / 2 - RADIUS * r + 14, 1), word,
                    sum(row.ring == word for row in rows),
                )
                for r, word in zip(ring_radii(len(words)), words, strict=True)
            ),
            parts=tuple(
                Part(
                    name, f"d{1 + number % 8}",
                    tuple(row for row, cell in zip(rows, cells, strict=True) if cell[0] == number),
                )
                for number, name in enumerate(segment_names)
                if any(cell[0] == number for cell in cells)
            ),
            files=files_of("radar", given), chart=radar_chart(rows, tuple(words)) if rows else None, rows=rows,
        ),
    )  # fmt: skip


def ring_of(item: TechnologyItem, by: str) -> int | None:
    """Number of the ring that a technology lies in, 0 = innermost; None without evidence or forecast."""
    if by == "stage":
        return STAGE_RINGS.index(item.stage) if item.stage in STAGE_RINGS else None
    if item.p_eg3 is None:
        return None
    if by == "growth":
        return next((ring for ring, bound in enumerate((0.5, 0.25, 0.1)) if item.p_eg3 >= bound), 3)
    if item.top_year is None:
        return 3
    ahead = item.top_year - (item.quantiles[0].year - 1 if item.quantiles else item.top_year)
    return 0 if ahead <= 1 else 1 if ahead <= 3 else 2


def listed_technologies(scan: Scan) -> TechnologyList:
    """All technologies of a scan, read once; EvidenceError when it has none."""
    key = str(scan.stored.folder)
    if key not in _lists:
        while len(_lists) >= KEPT:
            _lists.pop(next(iter(_lists)), None)
        _lists[key] = technologies(scan)
    return _lists[key]


KEPT = 8
_lists: dict[str, TechnologyList] = {}


def _ring_words(by: str) -> list[str]:
    if by == "stage":
        return [state_word(stage) for stage in STAGE_RINGS]
    return [say(word) for word in (TIME_RINGS if by == "time" else PROBABILITY_RINGS).values()]


def _choices(words: Mapping[str, str], now: str) -> tuple[Choice, ...]:
    return tuple(Choice(name, say(word), name == now) for name, word in words.items())


def _segments(
    reading: Reading, by: str, items: Sequence[TechnologyItem], listed: TechnologyList | None
) -> tuple[Callable[[TechnologyItem], int], list[str]]:
    """Which segment each technology is in, and the names of the segments."""
    labels = pack_labels(reading.workspace.root)
    if by == "group" and listed is not None:
        of = groups_of(reading.scan, listed)
        largest: dict[int, Any] = {}
        for item in sorted(listed.items, key=lambda item: (-item.n_recent, item.technology)):
            largest.setdefault(of[item.technology], item)
        present = sorted({of[item.technology] for item in items}, key=lambda g: (g < 0, g))
        names = [
            name_of(t.label, t.label_en, t.label_zh)[0] if g >= 0 else say("other technologies")
            for g in present
            for t in [largest[g]]
        ]  # fmt: skip
        return (lambda item: present.index(of[item.technology])), names or [""]
    keys: dict[str, str] = {}
    for item in items:
        if by == "direction":
            label = direction_of(item.tracks)
            keys[item.technology] = f"{label.pack}/{label.direction}" if label else ""
        else:
            best = max(item.tracks, key=lambda label: (label.p, label.track), default=None)
            keys[item.technology] = f"{best.pack}/{best.track}" if best is not None and best.p >= FITS else ""
    counted = {key: list(keys.values()).count(key) for key in sorted(set(keys.values()) - {""})}
    frequent = sorted(counted, key=lambda key: (-counted[key], key))[:MOST_SEGMENTS]
    rest = any(key not in frequent for key in keys.values())
    names = [labels.named(by, key) for key in frequent]
    if rest or not names:
        names.append(say("none of these"))
    return (
        lambda item: frequent.index(k) if (k := keys[item.technology]) in frequent else len(frequent)
    ), names


def groups_of(scan: Scan, listed: TechnologyList) -> dict[str, int]:
    """Group of each technology by what it is studied together with."""
    ids = [str(name) for name in scan.stored.table("technologies")["technology"].to_pylist()]
    links = scan.stored.table("technology_links")
    rows, columns = links["technology"].to_numpy(), links["neighbour"].to_numpy()
    weights = csr_array((links["weight"].to_numpy(), (rows, columns)), shape=(len(ids), len(ids)))
    return dict(zip(ids, np.asarray(group(weights)).tolist(), strict=True))


def _row(number: int, item: TechnologyItem, segment: str, ring: str, reading: Reading) -> RadarRow:
    label, other = name_of(item.label, item.label_en, item.label_zh)
    return RadarRow(
        number, item.technology, label, other, item.rank, segment, ring, state_word(item.stage), item.n_recent,
        item.growth, item.p_eg3, item.top_year, technology_href(reading, item.technology),
    )  # fmt: skip


def _spokes(names: Sequence[str], across: float, down: float) -> tuple[Spoke, ...]:
    n = len(names)
    found = []
    for number, name in enumerate(names):
        at = 2 * pi * number / n - pi / 2
        centre = 2 * pi * (number + 0.5) / n - pi / 2
        side = cos(centre)
        found.append(
            Spoke(
                round(across + RADIUS * cos(at), 1), round(down + RADIUS * sin(at), 1),
                round(across + (RADIUS + 12) * cos(centre), 1), round(down + (RADIUS + 14) * sin(centre) + 4, 1),
                "start" if side > 0.25 else "end" if side < -0.25 else "middle", shortened(name, 24),
                f"d{1 + number % 8}",
            )
        )  # fmt: skip
    return tuple(found) if n > 1 else ()
