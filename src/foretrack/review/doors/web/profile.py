"""What a reviewer says of the own work and ties, and whom the reviewer must not judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from foretrack.foundation.errors import InputError
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.review.actions.reviewers import (
    called,
    declare_conflict,
    end_conflict,
    own_conflicts,
    own_profile,
    profile_answer,
    save_profile,
)
from foretrack.review.answers import ConflictOfOwn, ProfileAnswer
from foretrack.web.addresses import address
from foretrack.web.asking import Asked, AskPage, Crumb, ask, line, lines, reason, several
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak

_AT = {
    "there is no organisation {key}": "employers", "there is no person {key}": "person", "{n} submissions": "most",
    "{n} characters": "words", "{track} is no track": "tracks", "no reason": "reason",
}  # fmt: skip


@dataclass(frozen=True)
class ProfilePage(Page):
    """What a reviewer says of themselves."""

    template: ClassVar[str] = "review/profile.html"

    form: Asked
    conflicts: tuple[ConflictOfOwn, ...]
    updated_at: str


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request) -> HttpResponse:
    """The own profile; sent, it is kept."""
    registry, actor = request.registry, request.actor
    held = own_profile(registry, actor)
    form = Asked(_boxes(profile_answer(registry, actor, held)), _AT, data=_sent(request))
    if form.is_bound and form.is_valid():
        keys: dict[str, list[str]] = {}
        for name, kinds in (
            ("employers", ["organisation"]),
            ("invested", ["organisation"]),
            ("person", ["person"]),
        ):
            keys[name] = []
            for text in filter(None, map(str.strip, form.text(name).splitlines())):
                try:
                    keys[name].append(called(actor, text, kinds))
                except InputError as error:
                    form.add_error(name, error.told(speak(page_language())))
        if not form.errors:
            try:
                save_profile(
                    registry, actor, employers=keys["employers"], invested=keys["invested"],
                    tracks=form.cleaned_data["tracks"], words=form.text("words"), most=form.cleaned_data["most"],
                    away_until=form.cleaned_data["away_until"], person="".join(keys["person"][:1]),
                )  # fmt: skip
            except InputError as error:
                form.refuse(error)
            else:
                messages.success(request, say("What you said of yourself was kept."))
                return HttpResponseRedirect(address("reviewer profile"))
    return render(
        request,
        ProfilePage(form, own_conflicts(actor), held.updated_at.isoformat() if held.pk else ""),
        status=400 if form.is_bound else 200,
    )


def _sent(request: Request) -> object:
    return request.POST if request.method == "POST" else None


def _boxes(held: ProfileAnswer) -> dict[str, forms.Field]:
    language = page_language()

    def listed(keys: tuple[str, ...]) -> str:
        return "\n".join(held.titles.get(key, key) for key in keys)

    number = forms.IntegerField(
        label=say("Submissions in one stage at most"), help_text=say("Empty: as many as the call allows."),
        required=False, min_value=1, max_value=500, initial=held.most,
        error_messages={"invalid": say("This is no number."), "min_value": say("At least 1."),
                        "max_value": say("At most 500.")},
    )  # fmt: skip
    day = forms.DateField(
        label=say("Away until"), help_text=say("You get no new tasks up to and including this day."), required=False,
        initial=held.away_until, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"invalid": say("This is no day.")},
    )  # fmt: skip
    return {
        "employers": lines(
            say("Whom you work for, or worked for in the last years"),
            say("One organisation a line: its whole name as it is registered, or its key. You get nothing that they "
                "lead or take part in."),
            initial=listed(held.employers),
        ),
        "invested": lines(
            say("Where you hold a share or sit on a board"), say("One organisation a line, as above."),
            initial=listed(held.invested), rows=2,
        ),
        "tracks": several(
            say("Tracks that you know"), {name: label.text(language) for name, label in PACK_TERMS("tracks").items()},
            initial=list(held.tracks),
        ),
        "words": lines(
            say("Your field in your own words"),
            say("Compared with the words of submissions, to give you those that you know something about."),
            most=2000, initial=held.words,
        ),
        "most": number, "away_until": day,
        "person": line(
            say("Your entry among the people"), say("Its name or key, if there is one: then joint papers are found."),
            initial=listed((held.person,)) if held.person else "",
        ),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def new_conflict(request: Request) -> HttpResponse:
    """Declares a conflict with an organisation or a person."""
    registry, actor = request.registry, request.actor
    own_profile(registry, actor)
    boxes: dict[str, forms.Field] = {
        "target": line(
            say("With whom"), say("An organisation or a person: the whole name as it is registered, or the key."),
            needed=True,
        ),
        "why": line(say("Why"), say("In a few words, such as: joint project, family, dispute."), most=40),
    }  # fmt: skip
    form = Asked(boxes, {"that conflict is declared already": "target"}, data=_sent(request))
    if form.is_bound and form.is_valid():
        try:
            declare_conflict(
                registry, actor, called(actor, form.text("target"), ["organisation", "person"]), reason=form.text("why")
            )  # fmt: skip
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(request, say("The conflict was declared."))
            return HttpResponseRedirect(f"{address('reviewer profile')}#conflicts")
    return ask(
        request,
        AskPage(
            say("Declare a conflict of interest"), "", _way(), form, say("Declare it"), address("reviewer profile"),
            (say("You get no submission that they lead, take part in, or are named in."),),
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: Request, number: int) -> HttpResponse:
    """Takes a declared conflict back."""
    found = next((one for one in own_conflicts(request.actor) if one.number == number), None)
    if found is None:
        raise InputError.of(
            "there is no such conflict", expected="one that you declared", do="look at your own"
        )
    form = Asked({"reason": reason()}, _AT, data=_sent(request))
    if form.is_bound and form.is_valid():
        try:
            end_conflict(request.registry, request.actor, number, reason=form.text("reason"))
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(request, say("The conflict was taken back."))
            return HttpResponseRedirect(f"{address('reviewer profile')}#conflicts")
    return ask(
        request,
        AskPage(say("Take a conflict back"), found.title, _way(), form, say("Take it back"), address("reviewer profile")),
    )  # fmt: skip


def _way() -> tuple[Crumb, ...]:
    return Crumb(address("reviews"), say("My reviews")), Crumb(address("reviewer profile"), say("About me"))
