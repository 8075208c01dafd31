"""The years of one enterprise side by side: where it stood on a ladder with the figures of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.enterprises.actions.figures import years_of
from foretrack.domains.enterprises.doors.web.assessing import Crumb, asked_on_site, crumbs
from foretrack.domains.enterprises.doors.web.shown import STANDINGS, interval_text, value_text
from foretrack.domains.enterprises.levels import EchelonAnswer
from foretrack.registry.actions.records import show
from foretrack.web.addresses import address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak


@dataclass(frozen=True, slots=True)
class YearHead:
    """One year of figures."""

    year: int
    href: str
    assess: str
    level: str
    problem: str


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One thing in all years."""

    label: str
    cells: tuple[str, ...]
    changed: bool


@dataclass(frozen=True)
class YearsPage(Page):
    """All years of one enterprise."""

    template: ClassVar[str] = "enterprises/years.html"

    crumbs: tuple[Crumb, ...]
    title: str
    firm: str
    firm_href: str
    on: str
    in_force: bool
    years: tuple[YearHead, ...]
    echelons: tuple[CompareRow, ...]
    figures: tuple[CompareRow, ...]


@require_safe
def years_page(request: Request, ladder: str, key: str) -> HttpResponse:
    """The page."""
    asked = asked_on_site(request, ladder)
    firm = show(request.registry, request.actor, key)
    found, language = years_of(request.registry, request.actor, asked, firm.key), page_language()
    labels = {one.id: one.label.text(language) for one in asked.steps.ladder.echelons}
    echelons = []
    for name, label in labels.items():
        cells = []
        for one in found:
            answer = one.answer.of(name) if one.answer else None
            cells.append(_told(answer) if answer else "–")
        echelons.append(CompareRow(label, tuple(cells), len(set(cells)) > 1))
    figures = []
    for name, indicator in asked.indicators.items():
        if any(name in one.values for one in found):
            cells = [value_text(one.values.get(name), indicator.unit, indicator) for one in found]
            figures.append(CompareRow(indicator.label.text(language), tuple(cells), len(set(cells)) > 1))
    return render(
        request,
        YearsPage(
            crumbs=crumbs(), title=asked.steps.ladder.label.text(language), firm=firm.title,
            firm_href=address("record", firm.key), on=asked.steps.on,
            in_force=asked.steps.ladder.in_force(request.registry.now().date().isoformat()),
            years=tuple(
                YearHead(
                    one.year, address("record", one.key),
                    f"{address('assess', asked.steps.ladder.id)}?figures={one.key}&on={asked.steps.on}",
                    (labels[one.answer.level] if one.answer.level else say("none")) if one.answer else "",
                    " ".join(error.told(speak(language)) for _, error in one.problems),
                )
                for one in found
            ),
            echelons=tuple(echelons), figures=tuple(figures),
        ),
    )  # fmt: skip


def _told(answer: EchelonAnswer) -> str:
    """The standing, and the points of a rule that has any."""
    standing = say(STANDINGS[answer.standing])
    if not answer.assessment.maximum:
        return standing
    return say("{standing}; {points}", standing=standing, points=interval_text(answer.assessment.score))
