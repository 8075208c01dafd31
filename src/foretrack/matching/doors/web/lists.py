"""The list of one need or offer with every reason, and putting a match aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from foretrack.foundation.errors import InputError
from foretrack.matching.actions.feedback import judge_match, mark_viewed, own_record
from foretrack.matching.actions.matching import matches_for
from foretrack.matching.answers import MatchLine, MatchList
from foretrack.matching.doors.web.telling import (
    ECHOES,
    EVIDENCE,
    PARTS,
    filter_told,
    outcome_told,
    reason_told,
    state_told,
    values_told,
)
from foretrack.matching.kinds import DECLINED
from foretrack.registry.actions.records import show
from foretrack.web.addresses import address
from foretrack.web.asking import Asked, AskPage, Crumb, ask, choice
from foretrack.web.naming import region_named, tracks_named
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import say


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of the score in words."""

    label: str
    value: float
    percent: int
    """Of the whole score."""


@dataclass(frozen=True, slots=True)
class FilterTold:
    """A filter in words."""

    label: str
    outcome: str
    passed: bool
    need: tuple[str, ...]
    offer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchCard:
    """One match in words."""

    line: MatchLine
    href: str
    kind: str
    region: str
    state: str
    parts: tuple[PartLine, ...]
    tracks: tuple[str, ...]
    evidence: tuple[str, ...]
    filters: tuple[FilterTold, ...]
    echo: str
    interest_href: str
    """The interest that runs, or the form to express one."""
    aside_href: str
    """Empty where it cannot be put aside."""


@dataclass(frozen=True)
class ListPage(Page):
    """The matches of one record."""

    template: ClassVar[str] = "matching/list.html"
    table: ClassVar[str] = "lines"

    key: str
    title: str
    kind: str
    status: str
    side: str
    matched: bool
    own: bool
    cards: tuple[MatchCard, ...]
    lines: tuple[MatchLine, ...]
    n_shelf: int
    n_passed: int
    model: str
    n_waiting: int
    weights: str

    def as_data(self) -> object:
        """The answer as the API gives it, without what a page needs beside it."""
        return {
            "key": self.key, "title": self.title, "side": self.side, "matched": self.matched, "own": self.own,
            "lines": self.lines, "n_shelf": self.n_shelf, "n_passed": self.n_passed, "model": self.model,
            "n_waiting": self.n_waiting, "weights": self.weights,
        }  # fmt: skip


@require_safe
def match_list(request: Request, key: str) -> HttpResponse:
    """The best matches of one record, as far as the reader may see it."""
    registry = request.registry
    found = matches_for(registry, request.actor, key, note=True)
    page = ListPage(
        found.key, found.title, registry.kinds.get(found.kind).label.text(request.actor.language), found.status,
        found.side, found.matched, found.own, tuple(_card(request, found, one) for one in found.lines), found.lines,
        found.n_shelf, found.n_passed, found.model, found.n_waiting, found.weights,
    )  # fmt: skip
    if found.own:
        mark_viewed(registry, request.actor, found.key)
    return render(request, page)


def _card(request: Request, found: MatchList, line: MatchLine) -> MatchCard:
    kinds = request.registry.kinds
    own, other = kinds.get(found.kind), kinds.get(line.kind)
    need, offer = (own, other) if found.side == "need" else (other, own)
    open_to = found.own and found.matched and not line.interest
    return MatchCard(
        line, address("record", line.key), other.label.text(request.actor.language), region_named(line.region),
        state_told(line.state) if line.state else "",
        tuple(
            PartLine(say(PARTS[name]), value, round(100 * value / line.score) if line.score else 0)
            for name, value in line.parts.items()
        ),
        tracks_named(line.tracks),
        tuple(f"{n} {say(EVIDENCE[name])}" for name, n in line.evidence.items() if name in EVIDENCE),
        tuple(
            FilterTold(
                filter_told(one.name), outcome_told(one.outcome), one.outcome == "passed",
                values_told(need, one.need, one.name), values_told(offer, one.offer, one.name),
            )
            for one in line.filters
        ),
        say(ECHOES[line.echo]) if line.echo else "",
        address("interest", line.interest) if line.interest
        else address("express interest", found.key, line.key) if open_to and line.state != "not relevant" else "",
        address("judge match", found.key, line.key) if open_to else "",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def put_aside(request: Request, key: str, other: str) -> HttpResponse:
    """Says that a match is not relevant, and why; or takes that back."""
    registry, actor = request.registry, request.actor
    record = own_record(registry, actor, key)
    match, own = show(registry, actor, other), show(registry, actor, record.key)
    form = Asked(
        {"reason": choice(say("Why it is not relevant"), {name: reason_told(name) for name in DECLINED})},
        {"the reason {reason!r} is none of the list": "reason"}, data=request.POST if request.method == "POST" else None,
    )  # fmt: skip
    if request.method == "POST" and request.POST.get("back") == "yes":
        judge_match(registry, actor, record.key, match.key, relevant=True)
        messages.success(request, say("It is among the matches again."))
        return HttpResponseRedirect(address("match list", record.key))
    if form.is_bound and form.is_valid():
        try:
            judge_match(registry, actor, record.key, match.key, relevant=False, reason=form.text("reason"))
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(
                request, say("The match was put aside. Thank you: this teaches the order of lists.")
            )
            return HttpResponseRedirect(address("match list", record.key))
    return ask(
        request,
        AskPage(
            say("Put the match aside"), match.title,
            (Crumb(address("matches"), say("Matches")), Crumb(address("match list", record.key), own.title)), form,
            say("Put aside"), address("match list", record.key),
            (say("Nobody but your organisation is told. Whoever offers or needs it does not learn of it."),),
        ),
    )  # fmt: skip
