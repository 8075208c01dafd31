"""Drafts of forms: kept while somebody types, offered when that person comes back, and what is typed into a form that
arrives without a session is never thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.html import escape
from django.views.decorators.http import require_POST

from foretrack.accounts.actions.drafts import Draft, DraftLine, FormName, drop_draft, find_draft, keep_draft
from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.registry.access.permission import AccessError, refusal
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.actions.records import show
from foretrack.registry.declaring.kind import Kind
from foretrack.site.forms.declared import REVISION, RecordForm, form_of, move_form
from foretrack.site.forms.keeping import boxes_of
from foretrack.web import failures
from foretrack.web.addresses import address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak

GO_ON = "draft"
"""In the address of a form: fill in what was kept of it."""
FORMS = ("new", "edit", "move")
"""Names of the addresses of forms whose drafts are kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a form's page says about its draft."""

    address: str
    """Where what stands in the form is kept."""
    account: str
    """Whose form it is: the browser gives what it kept back to nobody else."""
    begun_at: str = ""
    updated_at: str = ""
    offered: bool = False
    """There is a draft, and its owner has not said yet what shall become of it."""
    going_on: bool = False
    """The form holds the draft."""
    answered: bool = False
    """The form holds what was just sent."""

    @classmethod
    def of(cls, request: Request, where: str, draft: Draft | None) -> Kept:
        """For a page that answers a request."""
        going_on = GO_ON in request.GET and draft is not None
        return cls(
            where, request.actor.key, draft.line.begun_at if draft else "", draft.line.updated_at if draft else "",
            draft is not None and not going_on, going_on, request.method == "POST",
        )  # fmt: skip


@dataclass(frozen=True)
class KeptLine(Page):
    """The line below a form once what stands in it was kept."""

    template: ClassVar[str] = "foretrack/kept_line.html"

    line: DraftLine


def drafts_of(request: Request, form: FormName) -> tuple[Draft | None, bool]:
    """What the reader has kept of a form, and whether to go on with it."""
    return find_draft(request.registry, request.actor, form), GO_ON in request.GET


def only_shown(request: Request) -> bool:
    """Whether a form that was sent is shown again and not acted on, because its page was too old."""
    return bool(getattr(request, "only_shown", False))


@require_POST
def keep_new(request: Request, kind: str) -> HttpResponse:
    """Keeps, or discards, a draft of the form that makes a record."""
    declared = request.registry.kinds.get(kind)
    if not may_create_somewhere(request.actor, declared):
        return _refused(request, refusal(request.actor, "create a record of this kind"))
    form = form_of(declared, speak(page_language()))
    return _keep(request, FormName(declared.name), form, 0, address("new", declared.name))


@require_POST
def keep_change(request: Request, key: str) -> HttpResponse:
    """Keeps, or discards, a draft of the form that changes a record."""
    if not request.actor.key:
        return _refused(request, refusal(request.actor, "edit this record"))
    record = show(request.registry, request.actor, key)
    form = form_of(_kind(request, record.kind), speak(page_language()), page=record)
    return _keep(request, FormName(record.kind, key), form, record.revision, address("edit", key))


@require_POST
def keep_move(request: Request, key: str, transition: str) -> HttpResponse:
    """Keeps, or discards, a draft of the form of a step."""
    if not request.actor.key:
        return _refused(request, refusal(request.actor, "decide"))
    record = show(request.registry, request.actor, key)
    kind = _kind(request, record.kind)
    form = move_form(kind, speak(page_language()), record, kind.transition(transition))
    name = FormName(record.kind, key, transition)
    return _keep(request, name, form, record.revision, address("move", key, transition))


def _kind(request: Request, name: str) -> Kind:
    return request.registry.kinds.get(name)


def _keep(request: Request, name: FormName, form: RecordForm, revision: int, back: str) -> HttpResponse:
    if "discard" in request.POST:
        drop_draft(request.actor, name)
        messages.success(request, say("The draft was discarded."))
        # From the list of drafts one comes back to it; the address is one of ours, never one that was sent.
        return HttpResponseRedirect(address("tasks") if request.POST["discard"] == "tasks" else back)
    read = request.POST.get(REVISION, "")
    opened_on = int(read) if read.isdecimal() and len(read) < 10 else revision
    try:
        line = keep_draft(
            request.registry, request.actor, name, min(opened_on, revision), boxes_of(form, request.POST)
        )
    except (InputError, AccessError) as error:
        return _refused(request, error)
    if _by_script(request):
        return render(request, KeptLine(line))
    messages.success(request, say("Kept as a draft; nothing was sent yet."))
    return HttpResponseRedirect(f"{back}?{GO_ON}=on")


def _by_script(request: Request) -> bool:
    return request.headers.get("HX-Request") == "true"


def _refused(request: Request, error: InputError | AccessError) -> HttpResponse:
    """Why nothing was kept: a page, or a line for the script that asked."""
    if not _by_script(request):
        raise error
    status = 400 if isinstance(error, InputError) else 403 if error.known else 401
    told = error.told(speak(page_language()))
    return HttpResponse(escape(told), status=status, content_type="text/plain; charset=utf-8")


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
