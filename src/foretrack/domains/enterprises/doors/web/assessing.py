"""Self-assessment in a browser: figures in, where the enterprise stands out; nothing is kept unless it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from foretrack.domains.enterprises.actions.assessing import asked_by
from foretrack.domains.enterprises.actions.figures import keep_figures, read_kept
from foretrack.domains.enterprises.blocks import Asked
from foretrack.domains.enterprises.doors.web.forms import (
    BEFORE,
    Section,
    as_given,
    as_typed,
    sections,
    typed,
)
from foretrack.domains.enterprises.doors.web.shown import EchelonView, LevelView, level_view, value_text
from foretrack.domains.enterprises.levels import LevelAnswer, level_of, read_figures, way_up
from foretrack.foundation.errors import InputError
from foretrack.packs.reading import is_date
from foretrack.packs.rule_shapes import Value
from foretrack.registry.actions.links import linkable, titles_of
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.web.addresses import address, named_in_address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to a page."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What differs from the answer with which one compares."""

    echelon: str
    before: str
    after: str
    points_before: str
    points_after: str
    tone: str
    """`good` where nothing became less, `warm` where nothing became more; else empty."""


@dataclass(frozen=True, slots=True)
class WayLine:
    """One change of the cheapest way up."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class WayView:
    """The cheapest way to the next echelon."""

    echelon: str
    reachable: bool
    lines: tuple[WayLine, ...]
    fixed: tuple[str, ...]
    """What was not given and cannot be changed: while it is not known there may be no way."""


@dataclass(frozen=True, slots=True)
class Firm:
    """An organisation for which figures can be kept."""

    key: str
    title: str


@dataclass(frozen=True)
class AssessPage(Page):
    """The form of a ladder, and the answer."""

    template: ClassVar[str] = "enterprises/assess.html"

    crumbs: tuple[Crumb, ...]
    ladder: str
    title: str
    on: str
    today: str
    in_force: bool
    period: str
    sections: tuple[Section, ...]
    n_indicators: int
    answer: LevelView | None
    way: WayView | None
    moved: tuple[Moved, ...]
    base: tuple[tuple[str, str], ...]
    """Figures of the answer with which the next one compares."""
    problem: str
    firms: tuple[Firm, ...]
    year: int
    n_wrong: int


def crumbs() -> tuple[Crumb, ...]:
    """The way to a page about enterprises."""
    return (Crumb(address("enterprises"), say("Enterprises")),)


def asked_on_site(request: Request, ladder: str) -> Asked:
    """The ladder of an address, on the day and with the overlays of the query or form."""
    given = request.POST if request.method == "POST" else request.GET
    on = given.get("on", "").strip() or None
    if on is not None and not is_date(on):
        raise InputError.of(
            "{found!r} is no day", expected="year, month and day", do="write it like this: {example}", found=on[:20],
            example="2026-03-01",
        )  # fmt: skip
    overlays = [one for one in given.getlist("overlay") if one.strip()]
    with named_in_address():
        return asked_by(
            ladder, today=request.registry.now().date().isoformat(), on=on, overlays=overlays, paths=PACK_TERMS.paths
        )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def assess_page(request: Request, ladder: str) -> HttpResponse:
    """The form; what was typed is answered below it, compared with the answer before."""
    asked = asked_on_site(request, ladder)
    if request.method != "POST":
        return _page(request, asked, _kept(request, asked))
    boxes = typed(asked, request.POST.dict())
    values, wrong = read_figures(asked.indicators, as_given(asked, boxes))
    problem = ""
    answer = None
    if not wrong and values:
        try:
            answer = level_of(asked.steps, values)
        except InputError as error:
            problem = error.told(speak(page_language()))
    if answer is not None and request.POST.get("keep"):
        kept = keep_figures(
            request.registry, request.actor, asked, values, organisation=request.POST.get("organisation", ""),
            year=_year(request),
        )  # fmt: skip
        messages.success(
            request, say("The figures are kept as a draft. Declare them to be true when they are.")
        )
        return HttpResponseRedirect(address("record", kept.key))
    before = _before(request, asked)
    base = {} if request.POST.get("base") else typed(asked, request.POST.dict(), BEFORE)
    return _page(
        request, asked, boxes, wrong=wrong, problem=problem, answer=answer, before=before, base=base or boxes,
        way=_way(asked, values, answer) if answer is not None and request.POST.get("way") else None,
        status=400 if wrong or problem else 200,
    )  # fmt: skip


def _year(request: Request) -> int:
    text = request.POST.get("year", "")
    if text.isascii() and text.isdecimal() and len(text) == 4:
        return int(text)
    raise InputError.of("{found!r} is no year", expected="four digits", do="correct it", found=text[:20])


def _kept(request: Request, asked: Asked) -> dict[str, str]:
    """The boxes filled from kept figures, where the address names some."""
    key = request.GET.get("figures", "")
    if not key:
        return {}
    given = read_kept(request.registry, request.actor, asked, key)
    values, _ = read_figures(asked.indicators, given)
    return {**given, **as_typed(asked, values)}


def _before(request: Request, asked: Asked) -> LevelAnswer | None:
    """The answer with which one compares; None where none was given, or it is the same."""
    boxes = typed(asked, request.POST.dict(), BEFORE)
    if not boxes or request.POST.get("base"):
        return None
    values, wrong = read_figures(asked.indicators, as_given(asked, boxes))
    try:
        return None if wrong else level_of(asked.steps, values)
    except InputError:
        return None


def _page(
    request: Request, asked: Asked, boxes: dict[str, str], *, wrong: dict[str, InputError] | None = None,
    problem: str = "", answer: LevelAnswer | None = None, before: LevelAnswer | None = None,
    way: WayView | None = None,
    base: dict[str, str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    ladder, language = asked.steps.ladder, page_language()
    shown = level_view(answer, asked.indicators) if answer else None
    past = level_view(before, asked.indicators) if before else None
    today = request.registry.now().date()
    own = titles_of(request.actor, request.actor.organisations).items()
    others = linkable(request.actor, ("organisation",)) if request.actor.holds("officer") else ()
    firms = tuple(Firm(key, title) for key, title in dict([*own, *others]).items())
    return render(
        request,
        AssessPage(
            crumbs=crumbs(), ladder=ladder.id, title=ladder.label.text(language), on=asked.steps.on,
            today=today.isoformat(), in_force=ladder.in_force(today.isoformat()),
            period=f"{ladder.valid_from} – {ladder.valid_to or '…'}", sections=sections(asked, boxes, wrong or {}),
            n_indicators=len(asked.indicators), answer=shown, way=way, moved=_moved(past, shown),
            base=tuple((base or boxes).items()) if answer else (), problem=problem, firms=firms, year=today.year - 1,
            n_wrong=len(wrong or {}),
        ),
        status=status,
    )  # fmt: skip


def _way(asked: Asked, values: dict[str, Value], answer: LevelAnswer) -> WayView | None:
    """The cheapest way to the next echelon; None at the top."""
    found, language = way_up(asked.steps, values, answer), page_language()
    if found is None or answer.next is None:
        return None
    known = asked.indicators
    return WayView(
        answer.of(answer.next).label.text(language), found.reachable,
        tuple(
            WayLine(
                one.label.text(language), value_text(one.before, one.unit, known.get(one.indicator)),
                value_text(one.after, one.unit, known.get(one.indicator)),
            )
            for one in found.changes
        ),
        tuple(known[name].label.text(language) for name in found.kept if name in known and name not in values),
    )  # fmt: skip


def _tone(one: EchelonView, two: EchelonView) -> str:
    """Whether an answer is better than another, by standing and points; empty where it is better and worse."""
    order = ("not met", "undecided", "met")
    signs = {
        (after > before) - (after < before)
        for before, after in (
            (order.index(one.standing), order.index(two.standing)), (one.low, two.low), (one.high, two.high),
        )
    }  # fmt: skip
    return "" if {1, -1} <= signs else "good" if 1 in signs else "warm"


def _moved(before: LevelView | None, after: LevelView | None) -> tuple[Moved, ...]:
    """Echelons whose standing or points differ."""
    if before is None or after is None:
        return ()
    return tuple(
        Moved(
            two.label, one.standing_word, two.standing_word, one.points, two.points,
            _tone(one, two),
        )
        for one, two in zip(before.echelons, after.echelons, strict=True)
        if (one.standing, one.points) != (two.standing, two.points)
    )  # fmt: skip
