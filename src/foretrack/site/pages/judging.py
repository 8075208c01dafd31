"""What people add to targets: an indicator for a goal without a number, its values, a rating in a named role."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from foretrack.foundation.errors import ForetrackError, InputError, NotThereError
from foretrack.packs.shapes import CONFIDENCES
from foretrack.registry.access.permission import require
from foretrack.site.pages.targets import RATINGS
from foretrack.targets.actions.counting import TargetPage, show_target
from foretrack.targets.actions.judging import OPERATORS, add_value, declare_indicator, rate
from foretrack.web.addresses import address, named_in_address
from foretrack.web.asking import Asked, AskPage, Crumb, ask, choice, in_both, line, lines
from foretrack.web.rendering import Request
from foretrack.web.speech import page_language, say
from foretrack.web.values import CONFIDENCE

AT = {
    "the {what} is missing": "{what}", "the rating {rating}": "rating", "the confidence {mark}": "confidence",
    "a value of {day}, which is still to come": "on", "the operator {operator}": "operator",
    "{value} is no number": "value", "there is no record {key!r} that you may see": "evidence",
}  # fmt: skip


def _target(request: Request, pack_id: str, target_id: str) -> TargetPage:
    require(request.actor, "rate target")
    with named_in_address():
        return show_target(request.registry, f"{pack_id}/{target_id}")


def _way(request: Request, found: TargetPage) -> tuple[Crumb, ...]:
    return (
        Crumb(address("targets"), say("Targets")),
        Crumb(_address(found), found.label.text(request.actor.language)),
    )


def _address(found: TargetPage) -> str:
    pack, _, short = found.target.partition("/")
    return address("target", pack, short)


def _number(label: str, help: str = "") -> forms.FloatField:
    words = {"required": say("This is needed."), "invalid": say("This is no number.")}
    return forms.FloatField(label=label, help_text=help, error_messages=words)


@require_http_methods(["GET", "HEAD", "POST"])
def rate_target(request: Request, pack_id: str, target_id: str) -> HttpResponse:
    """What somebody, in a named role, says about a target."""
    found = _target(request, pack_id, target_id)
    boxes: dict[str, forms.Field] = {
        "rating": choice(say("Rating"), {name: say(word) for name, word in RATINGS.items()}),
        **in_both("narrative", say("Why"), rows=4, most=4000),
        **in_both("role", say("In which role you say so")),
        "evidence": lines(
            say("Evidence"), say("Keys of records that you may see, or web addresses; one a line."), rows=3
        ),
    }
    form = Asked(boxes, AT, data=request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            rate(
                request.registry, request.actor, found.target, rating=form.text("rating"),
                narrative=form.both("narrative"), role=form.both("role"), evidence=form.text("evidence").split(),
            )  # fmt: skip
        except NotThereError as error:
            form.refuse(error)
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(request, say("The rating was added; earlier ones stay."))
            return HttpResponseRedirect(_address(found))
    return ask(
        request,
        AskPage(
            say("Rate the target"), found.label.text(request.actor.language), _way(request, found), form,
            say("Add the rating"),
            _address(found), (say("A rating is added to what was said before; nothing is replaced."),),
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def new_indicator(request: Request, pack_id: str, target_id: str) -> HttpResponse:
    """What a goal without a number is measured by."""
    found = _target(request, pack_id, target_id)
    if found.operator != "outcome":
        raise InputError.of(
            "{name} is counted from lists", name=found.target, expected="a goal without a number",
            do="publish issues instead",
        )  # fmt: skip
    signs = {">=": say("at least"), "<=": say("at most")}
    boxes: dict[str, forms.Field] = {
        **in_both("label", say("What is measured")),
        "operator": choice(say("Wanted"), {one: signs[one] for one in OPERATORS}),
        "threshold": _number(say("Value")),
        "unit": line(say("Unit"), most=60),
        **in_both("owner", say("Who answers for it")),
        "source": line(say("Where its values come from"), most=500, needed=True),
    }
    form = Asked(
        boxes,
        {**AT, "{value} is no number": "threshold"},
        data=request.POST if request.method == "POST" else None,
    )
    if form.is_bound and form.is_valid():
        try:
            declare_indicator(
                request.registry, request.actor, found.target, label=form.both("label"), operator=form.text("operator"),
                threshold=form.cleaned_data["threshold"], owner=form.both("owner"), source=form.text("source"),
                unit=form.text("unit"),
            )  # fmt: skip
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(request, say("The indicator was declared."))
            return HttpResponseRedirect(_address(found))
    return ask(
        request,
        AskPage(
            say("Declare an indicator"), found.label.text(request.actor.language), _way(request, found), form,
            say("Declare it"), _address(found), (say("A later declaration takes its place from its day on."),),
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def new_value(request: Request, pack_id: str, target_id: str) -> HttpResponse:
    """A value of the target's indicator."""
    found = _target(request, pack_id, target_id)
    day = forms.DateField(
        label=say("Day"), initial=request.registry.now().date(), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"required": say("This is needed."), "invalid": say("This is no day.")},
    )  # fmt: skip
    boxes: dict[str, forms.Field] = {
        "on": day, "value": _number(say("Value"), found.indicator.unit if found.indicator else ""),
        "source": line(say("Source"), most=500, needed=True),
        "confidence": choice(say("Confidence"),
        {mark: f"{mark} — {say(CONFIDENCE[mark])}" for mark in CONFIDENCES}, initial="k"),
    }  # fmt: skip
    form = Asked(boxes, AT, data=request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        on: date = form.cleaned_data["on"]
        try:
            add_value(
                request.registry, request.actor, found.target, on=on, value=form.cleaned_data["value"],
                source=form.text("source"), confidence=form.text("confidence"),
            )  # fmt: skip
        except ForetrackError as error:
            form.refuse(error)
        else:
            messages.success(request, say("The value was added; earlier ones stay."))
            return HttpResponseRedirect(_address(found))
    label = found.indicator.label.text(page_language()) if found.indicator else ""
    return ask(
        request,
        AskPage(
            say("Add a value"), label or found.label.text(request.actor.language), _way(request, found), form,
            say("Add the value"), _address(found),
        ),
    )  # fmt: skip
