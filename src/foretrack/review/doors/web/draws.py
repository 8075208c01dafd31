"""A draw of reviewers as everybody may see it, and draw it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.registry.actions.reading import title_of
from foretrack.review.actions.drawing import show_draw
from foretrack.review.answers import DrawLine
from foretrack.review.calls import find_call
from foretrack.review.doors.web.heads import stage_name
from foretrack.review.doors.web.words import FATES
from foretrack.web.addresses import address, named_in_address
from foretrack.web.asking import Crumb
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say

FILE = "candidates.txt"


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket in the order of the draw."""

    place: int
    ticket: str
    digest: str
    fate: str
    fate_word: str


@dataclass(frozen=True)
class DrawPage(Page):
    """One draw."""

    template: ClassVar[str] = "review/draw.html"
    table: ClassVar[str] = "tickets"

    crumbs: tuple[Crumb, ...]
    line: DrawLine
    stage: str
    tickets: tuple[TicketRow, ...]
    candidates_href: str
    file: str
    """Name of the file with the tickets."""
    list_check: str
    """A line for a shell that gives the digest of the list."""


@require_safe
def draw(request: Request, key: str, number: str) -> HttpResponse:
    """One draw with every ticket."""
    call = find_call(request.registry, request.actor, key)
    with named_in_address():
        found = show_draw(request.registry, request.actor, key, int(number))
    return render(
        request,
        DrawPage(
            crumbs=(
                Crumb(address("calls"), say("Calls")),
                Crumb(address("call", key), title_of(call.record, page_language())),
            ),
            line=found, stage=stage_name(call.stage(found.stage)),
            tickets=tuple(
                TicketRow(n, ticket, digest, fate, say(FATES[fate]))
                for n, (ticket, digest, fate) in enumerate(found.tickets, start=1)
            ),
            candidates_href=address("draw candidates", key, number), file=FILE,
            list_check=f"LC_ALL=C sort {FILE} | sha256sum",
        ),
    )  # fmt: skip


@require_safe
def candidates(request: Request, key: str, number: str) -> HttpResponse:
    """The tickets of a draw, one a line, as its digest was made of them."""
    with named_in_address():
        found = show_draw(request.registry, request.actor, key, int(number))
    lines = sorted(ticket for ticket, _, _ in found.tickets)
    answer = HttpResponse("".join(f"{one}\n" for one in lines), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return answer
