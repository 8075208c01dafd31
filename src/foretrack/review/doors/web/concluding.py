"""Confirming what was announced, once its notice is over."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from foretrack.foundation.errors import InputError
from foretrack.review.actions.boarding import waiting
from foretrack.review.actions.deciding import confirm_all
from foretrack.review.doors.web.heads import crumbs_of, run
from foretrack.review.naming import told_titles
from foretrack.web.addresses import address
from foretrack.web.asking import Asked, AskPage, ask, reason
from foretrack.web.rendering import Request
from foretrack.web.speech import page_language, say

MOST_TOLD = 10


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request, key: str) -> HttpResponse:
    """Confirms every submission whose notice is over and against which nothing stands."""
    call = run(request, key)
    waits = waiting(request.registry, request.actor, key)
    form = Asked(
        {"reason": reason(say("It stands in the history of each of them."))}, {"the {name} are missing": "reason"},
        data=request.POST if request.method == "POST" else None,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            done, left = confirm_all(request.registry, request.actor, key, reason=form.text("reason"))
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(request, say("Confirmed: {n}", n=done))
            titles = told_titles(left, request.actor.language)
            for submission, problem in list(left.items())[:MOST_TOLD]:
                told = say(
                    "{title} stays: {problem}", title=titles.get(submission, submission), problem=problem
                )
                messages.warning(request, told)
            if len(left) > MOST_TOLD:
                messages.warning(request, say("{n} more stay.", n=len(left) - MOST_TOLD))
            return HttpResponseRedirect(address("board", key))
    points = (
        say("Announced: {n}. Their notice is over and no objection waits: {over}.", n=waits.in_notice,
            over=waits.notice_over),
        say("The others stay in the notice."),
        say("Whoever announced a submission does not confirm it: another officer must."),
        say("The confirmed can then be published as the next issue of the list."),
    )  # fmt: skip
    return ask(
        request,
        AskPage(
            say("Confirm the selected"), head_title(request, key), crumbs_of(call, page_language()), form, say("Confirm"),
            address("board", key), points,
        ),
    )  # fmt: skip


def head_title(request: Request, key: str) -> str:
    """What the call is called."""
    return told_titles([key], request.actor.language).get(key, key)
