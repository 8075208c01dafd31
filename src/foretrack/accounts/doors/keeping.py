"""Drafts on a form's page: what it says of the one that is kept; keeping and discarding, by a script or without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.html import escape

from foretrack.accounts.actions.drafts import (
    Boxes,
    Draft,
    DraftLine,
    FormName,
    drop_draft,
    find_draft,
    keep_draft,
)
from foretrack.foundation.errors import InputError
from foretrack.registry.access.permission import AccessError
from foretrack.web.addresses import address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak

GO_ON = "draft"
"""In the address of a form: fill in what was kept of it."""
DISCARD = "discard"
"""Name of the button that throws a draft away; its value `tasks` leads back to the list of drafts."""


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


def keep(request: Request, name: FormName, revision: int, values: Boxes, back: str) -> HttpResponse:
    """Keeps what stands in a form: a line for the script that asked, else the way back to the form."""
    try:
        line = keep_draft(request.registry, request.actor, name, revision, values)
    except (InputError, AccessError) as error:
        return refused(request, error)
    if _by_script(request):
        return render(request, KeptLine(line))
    messages.success(request, say("Kept as a draft; nothing was sent yet."))
    return HttpResponseRedirect(f"{back}?{GO_ON}=on")


def discard(request: Request, name: FormName, back: str) -> HttpResponse:
    """Throws a draft away."""
    drop_draft(request.actor, name)
    messages.success(request, say("The draft was discarded."))
    # From the list of drafts one comes back to it; the address is one of ours, never one that was sent.
    return HttpResponseRedirect(address("tasks") if request.POST[DISCARD] == "tasks" else back)


def refused(request: Request, error: InputError | AccessError) -> HttpResponse:
    """Why nothing was kept: a page, or a line for the script that asked."""
    if not _by_script(request):
        raise error
    status = 400 if isinstance(error, InputError) else 403 if error.known else 401
    told = error.told(speak(page_language()))
    return HttpResponse(escape(told), status=status, content_type="text/plain; charset=utf-8")


def _by_script(request: Request) -> bool:
    return request.headers.get("HX-Request") == "true"
