"""Handing in to a call: choose a record of one's own, see what it lacks and what the rule says, then keep or submit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.registry.access.permission import refusal
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.actions.records import move
from foretrack.review.actions.handing_in import beforehand, hand_in, own_records
from foretrack.review.actions.looking import call_page
from foretrack.review.actions.reviewers import called
from foretrack.review.answers import CallPage, OwnRecord
from foretrack.review.doors.web.tracing import Trace, trace_of
from foretrack.web.addresses import address
from foretrack.web.asking import Asked, lines, yes
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak

SUBMIT = "submit"


@dataclass(frozen=True)
class HandInPage(Page):
    """Handing in to a call."""

    template: ClassVar[str] = "review/hand_in.html"

    call: CallPage
    kind: str
    records: tuple[OwnRecord, ...]
    new: str
    """Where a record of that kind is made; empty for whoever may not."""
    chosen: OwnRecord | None
    missing: tuple[str, ...]
    limits: tuple[str, ...]
    trace: Trace | None
    asks_rule: bool
    form: Asked | None


@require_http_methods(["GET", "HEAD", "POST"])
def hand(request: Request, key: str) -> HttpResponse:
    """Chooses what to hand in, checks it beforehand, and makes the submission."""
    registry, actor = request.registry, request.actor
    if not actor.key:
        raise refusal(actor, "hand in to this call")
    call = call_page(registry, actor, key)
    kind = registry.kinds.get(call.of_kind)
    records = own_records(registry, actor, key)
    subject = request.GET.get("subject", "")
    chosen = next((one for one in records if one.key == subject), None)
    if subject and chosen is None:
        raise InputError.of(
            "{key} cannot be handed in to this call", key=subject[:40],
            expected="a record of your own, of the kind that the call asks for, that is a draft or recognised",
            do="choose another one, or make one",
        )  # fmt: skip
    form, found = None, None
    if chosen is not None:
        limits = _limits(request, key)
        form = Asked(_boxes(limits), _AT, data=request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            answer = _make(request, call, chosen, form)
            if answer is not None:
                return answer
        found = beforehand(registry, actor, key, chosen.key, years=limits[1] and 1)
    return render(
        request,
        HandInPage(
            call=call, kind=kind.label.text(page_language()), records=records,
            new=address("new", kind.name) if may_create_somewhere(actor, kind) else "", chosen=chosen,
            missing=found.missing if found else (), limits=found.limits if found else (),
            trace=trace_of(found.eligibility) if found else None, asks_rule=bool(call.rule), form=form,
        ),
        status=400 if form is not None and form.is_bound else 200,
    )  # fmt: skip


_AT = {
    "{n} partners": "partners", "{n} years of work": "years", "the leading organisation is named as a partner too":
    "partners", "nobody declares that what is handed in is true": "promise",
}  # fmt: skip


def _limits(request: Request, key: str) -> tuple[int | None, int | None]:
    """Partners and years that the call allows; None where it says nothing."""
    from foretrack.review.calls import find_call

    body = find_call(request.registry, request.actor, key).body
    return body.get("partners_most"), body.get("years_most")


def _boxes(limits: tuple[int | None, int | None]) -> dict[str, forms.Field]:
    partners, years = limits
    boxes: dict[str, forms.Field] = {}
    if partners != 0:
        most = " " + say("At most {n}.", n=partners) if partners is not None else ""
        boxes["partners"] = lines(
            say("Partners"),
            say("One organisation a line: its whole name as it is registered, or its key.") + most,
            rows=3,
        )  # fmt: skip
    if years is not None:
        boxes["years"] = forms.IntegerField(
            label=say("Years of work"), help_text=say("At most {n}.", n=years), required=False, min_value=1, max_value=20,
            error_messages={"invalid": say("This is no number."), "min_value": say("At least 1."),
                            "max_value": say("At most 20.")},
        )  # fmt: skip
    return boxes | {
        "avoid": lines(
            say("Who must not review it"),
            say(
                "Organisations whose people, or people who, must not judge it; one a line. Reviewers never see this."
            ),
            rows=2,
        ),
        "avoid_reason": lines(say("Why they must not"), most=1000, rows=2),
        "promise": yes(
            say("I declare that everything handed in is true"),
            say("Needed to submit. A statement found false later takes the submission off the list."),
        ),
    }


def _make(request: Request, call: CallPage, chosen: OwnRecord, form: Asked) -> HttpResponse | None:
    """Makes the submission, and submits it where that was asked; None where something in the form was wrong."""
    registry, actor = request.registry, request.actor
    tell = speak(page_language())
    keys: dict[str, list[str]] = {"partners": [], "avoid": []}
    for name, kinds in (("partners", ["organisation"]), ("avoid", ["organisation", "person"])):
        for text in filter(None, map(str.strip, form.text(name).splitlines())):
            try:
                keys[name].append(called(actor, text, kinds))
            except InputError as error:
                form.add_error(name, error.told(tell))
    wants = SUBMIT in request.POST
    if wants and not form.cleaned_data["promise"]:
        form.add_error("promise", say("Declare it, or keep the submission as a draft."))
    if keys["avoid"] and not form.text("avoid_reason"):
        form.add_error("avoid_reason", say("Say why."))
    if form.errors:
        return None
    try:
        made = hand_in(
            registry, actor, call.call, chosen.key, partners=keys["partners"], years=form.cleaned_data.get("years"),
            avoid=keys["avoid"], avoid_reason=form.text("avoid_reason"),
            promise=True if form.cleaned_data["promise"] else None,
        )  # fmt: skip
    except InputError as error:
        form.refuse(error)
        return None
    if wants:
        try:
            move(registry, actor, made.key, "submit", revision=made.revision)
        except (InputError, EvidenceError) as error:
            messages.error(
                request, say("It is kept as a draft, and not submitted: {why}", why=error.told(tell))
            )
        else:
            messages.success(request, say("It is submitted. What happens next stands below."))
    else:
        messages.success(request, say("It is kept as a draft; it counts only once it is submitted."))
    return HttpResponseRedirect(address("submission", made.key))
