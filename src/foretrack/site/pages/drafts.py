"""Drafts of forms: kept while somebody types, offered when that person comes back, and what is typed into a form that
arrives without a session is never thrown away."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST

from foretrack.accounts.actions.drafts import FormName
from foretrack.accounts.doors.keeping import DISCARD, discard, keep, refused
from foretrack.foundation.errors import ForetrackError
from foretrack.registry.access.permission import refusal
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.actions.records import show
from foretrack.registry.declaring.kind import Kind
from foretrack.site.forms.declared import REVISION, RecordForm, form_of, move_form
from foretrack.site.forms.keeping import boxes_of
from foretrack.web import failures
from foretrack.web.addresses import address
from foretrack.web.rendering import Request
from foretrack.web.speech import page_language, say, speak

FORMS = ("new", "edit", "move", "review")
"""Names of the addresses of forms whose drafts are kept."""


@require_POST
def keep_new(request: Request, kind: str) -> HttpResponse:
    """Keeps, or discards, a draft of the form that makes a record."""
    declared = request.registry.kinds.get(kind)
    if not may_create_somewhere(request.actor, declared):
        return refused(request, refusal(request.actor, "create a record of this kind"))
    form = form_of(declared, speak(page_language()))
    return _keep(request, FormName(declared.name), form, 0, address("new", declared.name))


@require_POST
def keep_change(request: Request, key: str) -> HttpResponse:
    """Keeps, or discards, a draft of the form that changes a record."""
    if not request.actor.key:
        return refused(request, refusal(request.actor, "edit this record"))
    record = show(request.registry, request.actor, key)
    form = form_of(_kind(request, record.kind), speak(page_language()), page=record)
    return _keep(request, FormName(record.kind, key), form, record.revision, address("edit", key))


@require_POST
def keep_move(request: Request, key: str, transition: str) -> HttpResponse:
    """Keeps, or discards, a draft of the form of a step."""
    if not request.actor.key:
        return refused(request, refusal(request.actor, "decide"))
    record = show(request.registry, request.actor, key)
    kind = _kind(request, record.kind)
    form = move_form(kind, speak(page_language()), record, kind.transition(transition))
    name = FormName(record.kind, key, transition)
    return _keep(request, name, form, record.revision, address("move", key, transition))


def _kind(request: Request, name: str) -> Kind:
    return request.registry.kinds.get(name)


def _keep(request: Request, name: FormName, form: RecordForm, revision: int, back: str) -> HttpResponse:
    if DISCARD in request.POST:
        return discard(request, name, back)
    read = request.POST.get(REVISION, "")
    opened_on = int(read) if read.isdecimal() and len(read) < 10 else revision
    return keep(request, name, min(opened_on, revision), boxes_of(form, request.POST), back)


def csrf_failed(request: Request, reason: str = "") -> HttpResponse:
    """A form whose page was too old, such as one from before its sender logged in anew: shown again with all that was
    typed, to be looked at and sent; nothing has been done. Any other form without a valid token gets the error page."""
    actor = getattr(request, "actor", None)
    if actor is not None and actor.key and _from_here(request):
        try:
            found = resolve(request.path_info)
        except Resolver404:
            return failures.csrf_failed(request, reason)
        if found.url_name in FORMS:
            request.only_shown = True  # type: ignore[attr-defined]
            messages.warning(
                request,
                say(
                    "The page of this form was too old, so nothing was sent. What you wrote stands below: look at it "
                    "and send it again."
                ),
            )
            try:
                return cast(HttpResponse, found.func(request, *found.args, **found.kwargs))
            except ForetrackError as error:
                return failures.page_about(request, error) or failures.csrf_failed(request, reason)
    return failures.csrf_failed(request, reason)


def _from_here(request: Request) -> bool:
    """Whether a browser says that the form stood on a page of this site: another site shall not fill in forms here."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"
