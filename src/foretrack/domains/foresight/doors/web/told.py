"""Why a state or a score is what it is, in the reader's language and with the numbers that it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foretrack.domains.foresight.answers import ConceptItem, Contribution, SeriesPoint
from foretrack.domains.foresight.doors.report import page as report
from foretrack.domains.foresight.doors.report.page import whole_series
from foretrack.domains.foresight.measures.growth import WINDOW_YEARS
from foretrack.domains.foresight.ranking.outlook import HORIZON, REQUIRED_GROWTH
from foretrack.domains.foresight.ranking.states import (
    FALSE_DISCOVERIES,
    MIN_NOVELTY,
    MIN_RECENT,
    MIN_YEARS_WITH_DOCUMENTS,
)
from foretrack.web.speech import Words, say

PER_CENT = re.compile(r"(?<=\d) %")
"""As reports and the terminal write it."""

PARTS = Words({
    "size": "Size",
    "trend": "Trend",
    "peak": "Distance to its peak",
    "age": "Age",
    "burst": "Bursts",
    "surroundings": "Surroundings",
    "members": "Its concepts",
    "alike": "Where every concept begins",
    "standing": "Distance to its peak",
    "momentum": "Growth carried on",
    "hurdle": "What extreme growth asks for",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ContributionLine:
    """One part of a score."""

    part: str
    adds: float
    value: float | None
    why: str


def signed(value: float | None) -> str:
    """A change per year, with its sign.

    >>> signed(0.123), signed(-0.04), signed(None)
    ('+12%', '-4%', '–')
    """
    return "–" if value is None else f"{100 * value:+.0f}%"


def share_text(share: float) -> str:
    """A share with two digits that count, as pages write it.

    >>> share_text(0.12), share_text(0.000012)
    ('12%', '0.0012%')
    """
    return PER_CENT.sub("%", report.share_text(share))


def between(low: float, high: float) -> str:
    """Two shares, as pages write them.

    >>> between(0.0045, 0.017)
    '0.45 … 1.7%'
    """
    return PER_CENT.sub("%", report.between(low, high))


def closed_up(lines: Iterable[tuple[str, str, str]]) -> tuple[tuple[str, str, str], ...]:
    """What reports say of measures, with the sign of per cent as pages write it.

    >>> closed_up([("Chance", "12 %", "80 % interval")])
    (('Chance', '12%', '80% interval'),)
    """
    return tuple((PER_CENT.sub("%", a), PER_CENT.sub("%", b), PER_CENT.sub("%", c)) for a, b, c in lines)


def state_because(item: ConceptItem, series: Sequence[SeriesPoint], as_of: int) -> tuple[str, ...]:
    """The tests that decided the state, each with its numbers."""
    m = item.measures
    counted = say(
        "{n} documents in the last three years; at least {least} are needed", n=f"{m.n_recent:,}", least=MIN_RECENT
    )  # fmt: skip
    if item.state == "not enough evidence":
        years = sum(1 for p in whole_series(tuple(series)) if p.year > as_of - WINDOW_YEARS and p.n_total)
        return counted, say(
            "the corpus has documents of {n} of the last {window} years; at least {least} are needed",
            n=years, window=WINDOW_YEARS, least=MIN_YEARS_WITH_DOCUMENTS,
        )  # fmt: skip
    grew = say(
        "q = {q} that its share did not grow; at most {most} to claim growth",
        q="–" if m.q_value is None else f"{m.q_value:.2g}", most=f"{FALSE_DISCOVERIES:g}",
    )  # fmt: skip
    if item.state in ("emerging", "growing"):
        return counted, grew, say(
            "novelty {value}; at least {least} to be called emerging", value=f"{m.novelty:.2f}", least=f"{MIN_NOVELTY:g}"
        )  # fmt: skip
    return counted, grew, say(
        "growth {growth} a year, 80% interval {low} to {high}",
        growth=signed(m.growth), low=signed(m.growth_low), high=signed(m.growth_high),
    )  # fmt: skip


def contribution_lines(
    contributions: Sequence[Contribution], item: ConceptItem
) -> tuple[ContributionLine, ...]:
    """The parts of a score in words, in their order."""
    return tuple(
        ContributionLine(
            say(PARTS[part.part]) if part.part in PARTS else part.part, part.adds, part.value, _why(part, item)
        )
        for part in contributions
    )  # fmt: skip


def _why(part: Contribution, item: ConceptItem) -> str:
    m = item.measures
    level = signed(part.value)
    asked = f"{100 * (REQUIRED_GROWTH - 1):.0f}%"
    growth = {"growth": signed(m.growth), "low": signed(m.growth_low), "high": signed(m.growth_high)}
    match part.part:
        case "size":
            return say(
                "{recent} documents in three years, {n} in all",
                recent=f"{m.n_recent:,}",
                n=f"{m.n_documents:,}",
            )
        case "trend":
            return say("growth {growth} a year, 80% interval {low} to {high}", **growth)
        case "peak":
            return say(
                "its share now is {level} against its best year of the last fifteen; extreme growth asks for {asked} a year over that peak",  # noqa: E501 - one sentence of the catalogue
                level=level, asked=asked,
            )  # fmt: skip
        case "age":
            return say(
                "first document in {year}, novelty {value}", year=m.first_year, value=f"{m.novelty:.2f}"
            )
        case "burst":
            return say(
                "weight of the open burst: {value} (0 is none); E-score", value=f"{m.burst_weight:.1f}"
            )
        case "surroundings":
            return say("how its neighbours move, and how its venues and countries spread")
        case "alike":
            return say("the same for every concept: how often such growth came true")
        case "standing":
            return say("its share now is {level} against its best year of the last fifteen", level=level)
        case "momentum":
            return say(
                "growth {growth} a year (80% interval {low} to {high}), carried on for {years} years",
                years=HORIZON, **growth,
            )  # fmt: skip
        case "hurdle":
            return say(
                "extreme growth asks for {asked} a year over the peak, for {years} years",
                asked=asked, years=f"{part.value or 0:.0f}",
            )  # fmt: skip
    return part.why
