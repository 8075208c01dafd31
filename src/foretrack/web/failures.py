"""Error pages: what happened, what was expected and what to do, in the reader's language, never a traceback."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db.utils import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from foretrack.foundation.errors import ForetrackError, HouseError, OutsideError
from foretrack.registry.access.permission import AccessError
from foretrack.web.addresses import address
from foretrack.web.data import asked_form
from foretrack.web.problems import problem, problem_about, status_of
from foretrack.web.rendering import Page, render
from foretrack.web.speech import page_language, say, speak

log = logging.getLogger("foretrack.site")

TITLES = {
    400: "This cannot be used as it is",
    403: "You may not do that",
    404: "There is no such page",
    405: "That is not how this address is used",
    409: "Not as things stand",
    413: "That is too large",
    429: "Too many attempts",
    500: "Something broke on our side",
    503: "Not available just now",
}


WORDS = {400: "input", 403: "not-allowed", 404: "not-there", 405: "method", 409: "conflict", 413: "too-large",
         429: "too-many", 500: "bug", 503: "outside"}  # fmt: skip
"""Codes of problem details for what Django itself refuses."""


@dataclass(frozen=True)
class FailurePage(Page):
    """One error."""

    template: ClassVar[str] = "foretrack/failure.html"

    status: int
    title: str
    what: str
    expected: str
    do: str
    log_in: str
    """Where to log in, for somebody who has not; else empty."""
    unsent: bool
    """It answers a form that was sent and not taken: the browser has kept what stood in it."""
    typed: tuple[str, ...]
    """What stood in the form of a record, for a browser without scripts."""


def page_about(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The page about an error; None for one that Django answers itself."""
    if asked_form(request) and isinstance(error, ForetrackError):
        if isinstance(error, HouseError | OutsideError):
            log.error("%s", error, exc_info=error)
        return problem_about(error, speak(page_language()))
    if isinstance(error, AccessError) and not error.known and request.method in ("GET", "HEAD"):
        return HttpResponseRedirect(log_in_address(request))
    if isinstance(error, HouseError):
        log.error("%s", error, exc_info=error)
        return failure(request, 500, say("this is a bug of ours; it was written into the log"))
    if isinstance(error, ForetrackError):
        what, expected, do = error.parts(speak(page_language()))
        known = not isinstance(error, AccessError) or error.known
        status = status_of(error) if known else 403
        answer = failure(request, status, what, expected, do, log_in=not known)
        if isinstance(error, OutsideError):
            log.error("%s", error)
            if error.retryable:
                answer.headers["Retry-After"] = "30"
        return answer
    if isinstance(error, OperationalError | InterfaceError):
        return _database_away(request, error)
    if isinstance(error, UnicodeError | ValueError) and "null" in str(error).lower():
        return failure(request, 400, say("the request holds a character that cannot be kept"))
    return None


def failure(
    request: HttpRequest, status: int, what: str, expected: str = "", do: str = "", *, log_in: bool = False
) -> HttpResponse:
    """A page that says what happened, with a status of HTTP; problem details where data were asked for."""
    if asked_form(request):
        return problem(status, WORDS.get(status, "failed"), what, expected=expected, do=do)
    page = FailurePage(
        status, say(TITLES[status]), what, expected, do, log_in_address(request) if log_in else "",
        request.method == "POST", _typed(request),
    )  # fmt: skip
    return render(request, page, status=status)


RECORD_FORMS = ("new", "edit", "move", "review")
"""Names of the addresses of forms in which somebody may have written for an hour."""


def _typed(request: HttpRequest) -> tuple[str, ...]:
    """The texts that stood in the form of a record; nothing of any other form, which may hold a password."""
    try:
        if request.method != "POST" or resolve(request.path_info).url_name not in RECORD_FORMS:
            return ()
        sent = [
            text
            for name in request.POST
            for text in request.POST.getlist(name)
            if name != "csrfmiddlewaretoken"
        ]
    except (Resolver404, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, UnreadablePostError):
        return ()
    return tuple(text for text in sent if text.strip())


def log_in_address(request: HttpRequest) -> str:
    """The page to log in on, which leads back here."""
    here = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    return f"{address('account_login')}?{urlencode({'next': here})}"


def _database_away(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("the database did not answer: %s", str(error).splitlines()[0] if str(error) else type(error))
    answer = failure(
        request, 503, say("the database did not answer"), do=say("try again in a minute; nothing was lost")
    )
    answer.headers["Retry-After"] = "30"
    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's door for requests that are no honest ones."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return failure(
            request, 413, say("more was sent than this site takes in at once"),
            do=say("send a smaller file, or use `foretrack record import` on the machine itself"),
        )  # fmt: skip
    log.warning("%s: %s", type(exception).__name__, request.path)
    return failure(request, 400, say("the request was not understood"), do=say("go back and try again"))


def denied(request: HttpRequest, exception: PermissionDenied | None = None) -> HttpResponse:
    """Django's door for what is forbidden."""
    return failure(request, 403, say("this page is not for your account"))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from a page of ours, or from one that is too old."""
    log.warning("a form without a valid token: %s", reason)
    return failure(
        request, 403, say("the form was not sent from a page of this site, or the page was too old"),
        do=say("go back, load the page again and send the form once more; allow cookies for this site"),
    )  # fmt: skip


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's door for addresses that lead nowhere."""
    if isinstance(exception, Http404) or exception is None:
        log.debug("no page at %s", request.path)
    return failure(
        request, 404, say("nothing is at this address, or nothing that you may see"),
        do=say("check the address, search for it, or log in with another account"),
    )  # fmt: skip


def too_many(request: HttpRequest) -> HttpResponse:
    """The door of the throttle: somebody tried too often."""
    return failure(
        request, 429, say("this was tried too often in a short time"),
        do=say("wait a few minutes, then try again"),
    )  # fmt: skip


def not_allowed(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    """The page for a method that an address does not know, with the ones that it does."""
    allowed = response.headers.get("Allow", "")
    answer = failure(request, 405, say("{method} is not possible here", method=request.method))
    answer.headers["Allow"] = allowed
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's door for what nobody foresaw."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return _database_away(request, error)
    return failure(
        request, 500, say("this is a bug of ours; it was written into the log"),
        do=say("try again; if it happens again, tell whoever runs this site when it happened"),
    )  # fmt: skip
