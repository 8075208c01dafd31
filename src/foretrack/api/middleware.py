"""Between the site's frame and a route: who asks, in which language, how often, and what may be kept of the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from foretrack.api.quotas import QUOTAS, STRETCH, Quota
from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.foundation.messages import LANGUAGES
from foretrack.registry.access.actor import VISITOR, Actor
from foretrack.web.data import FOR_PROGRAMS
from foretrack.web.failures import not_allowed
from foretrack.web.problems import MEDIA_TYPE, problem, problem_about
from foretrack.web.speech import CODES, page_language, say, speak

Ask = Callable[[HttpRequest], HttpResponseBase]

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
BEARER = "Bearer "


class ApiMiddleware:
    """Opens and closes every request under `/api/`."""

    def __init__(self, get_response: Ask) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(FOR_PROGRAMS):
            return self.get_response(request)
        as_head = request.method == "HEAD"
        if as_head:  # answered like GET, and sent without its body
            request.method = "GET"
        speak_to(request, getattr(request, "actor", VISITOR))
        try:
            refused, quota = enter(request)
        except ForetrackError as error:
            refused, quota = problem_about(error, speak(page_language())), None
        response = refused or self.get_response(request)
        if response.status_code == 405 and response.headers.get("Content-Type") != MEDIA_TYPE:
            response = not_allowed(request, response)
        finish(request, response, quota)
        if as_head and isinstance(response, HttpResponse):
            response.headers["Content-Length"] = str(len(response.content))
            response.content = b""
        return response


def enter(request: HttpRequest) -> tuple[HttpResponse | None, Quota | None]:
    """Recognises who asks; an answer instead of a route's where the request is refused, and what is left to the asker."""
    from foretrack.accounts.actions.tokens import actor_of_token

    given = request.headers.get("Authorization", "")
    refusal: HttpResponse | None = None
    actor: Actor = getattr(request, "actor", VISITOR)
    if given:
        try:
            # A token stands for itself: who is logged in beside it does not matter.
            request.actor = actor = actor_of_token(_registry(request), _token(given))  # type: ignore[attr-defined]
        except ForetrackError as error:
            actor = VISITOR
            speak_to(request, actor)
            refusal = problem_about(error, speak(page_language()))
        speak_to(request, actor)
    quota = _quota(request, actor)
    if not quota.allowed:
        return _too_many(quota), quota
    if refusal is not None:
        return refusal, quota
    if "\0" in request.path_info or any(
        "\0" in text for name, texts in request.GET.lists() for text in (name, *texts)
    ):
        raise InputError.of("the address holds a character that cannot be kept", do="leave it out")
    if not given and actor.key and request.method not in SAFE and _forged(request):
        return problem(
            403, "csrf", say("a change with the session of a browser needs the site's CSRF token"),
            expected=say("the header X-CSRFToken, sent from a page of this site"),
            do=say("send it, or use a token of your account instead of the session"),
        ), quota  # fmt: skip
    return None, quota


def speak_to(request: HttpRequest, actor: Actor) -> None:
    """Chooses the language: the one asked for, else the account's, else the installation's."""
    language = _asked_language(request) or (actor.language if actor.key else "")
    code = CODES.get(language) or str(settings.LANGUAGE_CODE)
    translation.activate(code)
    request.LANGUAGE_CODE = code
    request.actor = replace(actor, language=page_language())  # type: ignore[attr-defined]


def _asked_language(request: HttpRequest) -> str:
    from django.utils.translation.trans_real import parse_accept_lang_header

    for code, weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        short = code.partition("-")[0]
        if weight > 0 and short in LANGUAGES:
            return short
    return ""


def _token(given: str) -> str:
    """What stands behind `Bearer`; the whole where it does not, which is no token of ours."""
    return given[len(BEARER) :].strip() if given[: len(BEARER)].lower() == BEARER.lower() else given


def _registry(request: HttpRequest) -> Any:
    return request.registry  # type: ignore[attr-defined]


class _Csrf(CsrfViewMiddleware):
    """Django's check, which tells its reason instead of answering."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return HttpResponse(reason, status=403)


def _needing(request: HttpRequest) -> HttpResponse:
    """A view that is not exempt from the check."""
    return HttpResponse()


def _forged(request: HttpRequest) -> bool:
    check = _Csrf(_needing)
    check.process_request(request)
    return check.process_view(request, _needing, (), {}) is not None


def _quota(request: HttpRequest, actor: Actor) -> Quota:
    from allauth.account.adapter import get_adapter

    installation = getattr(settings, "FORETRACK")  # noqa: B009 - the stubs know Django's own settings only
    seconds = _registry(request).now().timestamp()
    if actor.key:
        return QUOTAS.take(f"account:{actor.key}", installation.requests_per_minute, seconds)
    address = get_adapter(request).get_client_ip(request)
    return QUOTAS.take(f"address:{address}", installation.visitor_requests_per_minute, seconds)


def _too_many(quota: Quota) -> HttpResponse:
    answer = problem(
        429, "too-many", say("more was asked than {n} times in a minute", n=quota.limit),
        do=say("wait {n} seconds, and ask more slowly", n=quota.seconds),
    )  # fmt: skip
    answer.headers["Retry-After"] = str(quota.seconds)
    return answer


def finish(request: HttpRequest, response: HttpResponseBase, quota: Quota | None) -> None:
    """What every answer says beside its content."""
    if quota is not None:
        response.headers["RateLimit-Policy"] = f'"minute";q={quota.limit};w={STRETCH}'
        response.headers["RateLimit"] = f'"minute";r={quota.left};t={quota.seconds}'
    if response.status_code == 401:
        error = ', error="invalid_token"' if request.headers.get("Authorization") else ""
        response.headers["WWW-Authenticate"] = f'Bearer realm="Foretrack"{error}'
    personal = bool(request.actor.key) or "Authorization" in request.headers  # type: ignore[attr-defined]
    if personal or response.status_code >= 400 or request.method != "GET":
        response.headers["Cache-Control"] = "private, no-store"
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    patch_vary_headers(response, ("Authorization", "Cookie", "Accept-Language"))
    response.headers.setdefault("Content-Language", translation.get_language() or "")
