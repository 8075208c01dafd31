"""The page that ends the mails about matches: its signed address is the permission, so that nobody has to log in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from foretrack.matching.actions.desk import set_mails
from foretrack.matching.telling import account_of
from foretrack.web.addresses import address
from foretrack.web.asking import Asked, AskPage, ask
from foretrack.web.rendering import Request
from foretrack.web.speech import say


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: Request, signed: str) -> HttpResponse:
    """Asks whether the mails shall end; a POST ends them. Looking alone ends nothing: mail scanners follow links."""
    account = account_of(signed)
    if request.method == "POST":
        set_mails(request.registry, account, wants=False)
        messages.success(request, say("No more messages about matches."))
        return HttpResponseRedirect(address("home"))
    return ask(
        request,
        AskPage(
            say("No more messages about matches?"), say("Matches stay on the site; only the mail of the day ends."), (),
            Asked({}), say("No more messages"), address("home"),
        ),
    )  # fmt: skip
