"""Weights of matching: those in force, proposals with what they rest on and what their audit raised, and adopting one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.matching.actions.weighing import WeightLine, adopt_weights, propose_weights, show_weights
from foretrack.matching.doors.web.telling import GROUPS, PARTS
from foretrack.registry.access.permission import require
from foretrack.web.addresses import address
from foretrack.web.asking import Asked, AskPage, Crumb, ask, choice, reason
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import say


@dataclass(frozen=True, slots=True)
class WeightCell:
    """One part and its weight."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class VersionCard:
    """One version in words."""

    name: str
    in_force: bool
    made_at: str
    weights: tuple[WeightCell, ...]
    fit: dict[str, Any]
    """Empty for the shipped weights."""
    gain: float
    audit: dict[str, Any]
    groups: tuple[tuple[str, float, float, bool], ...]
    """(group, Gini before, Gini after, raised)."""
    raised: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdoptionRow:
    """When a version was put in force, and why."""

    version: str
    at: str
    reason: str


@dataclass(frozen=True)
class WeightsView(Page):
    """Weights of matching."""

    template: ClassVar[str] = "matching/weights.html"
    table: ClassVar[str] = "adoptions"

    in_force: str
    versions: tuple[VersionCard, ...]
    adoptions: tuple[AdoptionRow, ...]
    n_labels: int
    may_change: bool


@require_http_methods(["GET", "HEAD", "POST"])
def weights_page(request: Request) -> HttpResponse:
    """Every version; a POST learns a proposal from the judgements there are."""
    if request.method == "POST":
        try:
            made = propose_weights(request.registry, request.actor)
        except EvidenceError as error:
            from foretrack.web.speech import page_language, speak

            messages.error(request, error.told(speak(page_language())))
        else:
            messages.success(
                request, say("The proposal {name} was made. It is not in force.", name=made.name)
            )
        return HttpResponseRedirect(address("match weights"))
    found = show_weights(request.registry, request.actor)
    return render(
        request,
        WeightsView(
            found.in_force, tuple(map(_card, found.versions)),
            tuple(AdoptionRow(one.version, one.at, one.reason if found.may_change else "") for one in found.adoptions),
            found.n_labels, found.may_change,
        ),
    )  # fmt: skip


def _card(one: WeightLine) -> VersionCard:
    fit, checked = dict(one.basis.get("fit", {})), dict(one.basis.get("audit", {}))
    return VersionCard(
        one.name, one.in_force, one.made_at,
        tuple(WeightCell(say(PARTS[name]), value) for name, value in one.weights.items() if name in PARTS), fit,
        round(fit.get("after", 0) - fit.get("before", 0), 4), checked,
        tuple(
            (say(GROUPS[g["group"]]), g["before"]["gini"], g["after"]["gini"], g["raised"])
            for g in checked.get("groups", ())
        ),
        tuple(say(GROUPS[name]) for name in checked.get("raised", ()) if name in GROUPS),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: Request) -> HttpResponse:
    """Puts a version in force, with a reason."""
    require(request.actor, "operate")
    found = show_weights(request.registry, request.actor)
    names = {one.name: one.name + (f" ({say('in force')})" if one.in_force else "") for one in found.versions}
    form = Asked(
        {
            "name": choice(say("Version"), names, initial=request.GET.get("version", "")),
            "reason": reason(),
        },
        {"weights without a reason": "reason", "there are no weights {name!r}": "name"},
        data=request.POST if request.method == "POST" else None,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            adopt_weights(request.registry, request.actor, form.text("name"), form.text("reason"))
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(request, say("Lists are ordered by {name} from now on.", name=form.text("name")))
            return HttpResponseRedirect(address("match weights"))
    return ask(
        request,
        AskPage(
            say("Put weights in force"), "",
            (Crumb(address("matches"), say("Matches")), Crumb(address("match weights"), say("Weights of matching"))),
            form,
            say("Put in force"), address("match weights"),
            (say("Every list is ordered by it at once. An earlier version can be put in force again."),),
        ),
    )  # fmt: skip
