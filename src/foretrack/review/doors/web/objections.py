"""Objections against what was announced, and the page on which one is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from foretrack.foundation.errors import EvidenceError, InputError, NotThereError
from foretrack.review.actions import objecting
from foretrack.review.actions.objecting import GROUNDS, objections_of
from foretrack.review.answers import ObjectionLine
from foretrack.review.doors.web.heads import Head, crumbs_of, head_of, run
from foretrack.web.addresses import address
from foretrack.web.asking import Asked, AskPage, Crumb, ask, choice, lines
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """An objection in words."""

    line: ObjectionLine
    grounds: str
    href: str
    """Of the submission."""
    answer_href: str
    """Empty for one that is answered."""


@dataclass(frozen=True)
class ObjectionsPage(Page):
    """Every objection of a call."""

    template: ClassVar[str] = "review/objections.html"
    table: ClassVar[str] = "lines"

    head: Head
    rows: tuple[ObjectionRow, ...]
    lines: tuple[ObjectionLine, ...]


def row_of(call: str, line: ObjectionLine) -> ObjectionRow:
    """An objection in words."""
    label = GROUNDS.get(line.grounds)
    return ObjectionRow(
        line, label.text(page_language()) if label else line.grounds,
        address("judged submission", call, line.submission),
        address("answer objection", call, line.objection) if line.upheld is None else "",
    )  # fmt: skip


@require_safe
def objections(request: Request, key: str) -> HttpResponse:
    """Objections, those that wait first."""
    call = run(request, key)
    found = objections_of(request.registry, request.actor, key)
    return render(
        request,
        ObjectionsPage(head_of(request, call, "objections"), tuple(row_of(key, one) for one in found), found),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def answer_one(request: Request, key: str, number: str) -> HttpResponse:
    """Answers one objection."""
    call = run(request, key)
    every = objections_of(request.registry, request.actor, key)
    found = next((one for one in every if one.objection == int(number)), None)
    if found is None:
        raise NotThereError.of(
            "there is no objection {n}", n=number, expected="the number of one", do="look at the call"
        )
    form = Asked(
        {
            "upheld": choice(
                say("What comes of it"),
                {
                    "no": say("Not upheld: the notice goes on"),
                    "yes": say("Upheld: the submission is taken out of the notice"),
                },
            ),
            "text": lines(
                say("Answer, with the reasons"), say("Whoever objected reads it, and so does the applicant."), most=8000,
                needed=True, rows=6,
            ),
        },
        {"an answer of {n} characters": "text"}, data=request.POST if request.method == "POST" else None,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            objecting.answer(
                request.registry, request.actor, found.objection, upheld=form.text("upheld") == "yes",
                text=form.text("text"),
            )  # fmt: skip
        except (InputError, EvidenceError) as error:
            form.refuse(error)
        else:
            messages.success(request, say("The objection is answered."))
            return HttpResponseRedirect(address("objections", key))
    row = row_of(key, found)
    points = (
        say("Against: {title}", title=found.title), say("Grounds: {grounds}", grounds=row.grounds), found.text,
        *((say("It was answered already: {answer}", answer=found.answer),) if found.answer else ()),
    )  # fmt: skip
    return ask(
        request,
        AskPage(
            say("Answer the objection"), found.title,
            crumbs_of(call, page_language(), Crumb(address("objections", key), say("Objections"))), form,
            say("Send the answer"), address("objections", key), points, say("It is answered once; the answer stays."),
        ),
    )  # fmt: skip
