"""Between the web server and a page: who asks, what goes wrong, and the headers that keep an answer private and safe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

from foretrack.registry.access.actor import VISITOR
from foretrack.registry.registry import Registry
from foretrack.web.speech import page_language

Answer = Callable[[HttpRequest], HttpResponseBase]

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # data: for the code that a second factor is set up with
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""What a page may load (Content-Security-Policy, W3C CSP 3): nothing from elsewhere, nothing written into the page."""


class HeadersMiddleware:
    """Says what a browser may do with an answer, and that nobody but the asker may keep it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
            patch_vary_headers(response, ("Cookie", "Accept-Language"))
        return response


class ActorMiddleware:
    """Gives a request its `actor` and the `registry`, which is opened once in a process."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self._registry: Registry | None = None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        from foretrack.accounts.actors import actor_of

        account = getattr(request, "user", None)
        actor = actor_of(account) if account is not None and account.is_authenticated else VISITOR
        # Titles and labels follow the address, whatever language the account prefers for its messages.
        request.actor = replace(actor, language=page_language())  # type: ignore[attr-defined]
        request.registry = self._opened()  # type: ignore[attr-defined]
        return self.get_response(request)

    def _opened(self) -> Registry:
        from foretrack.installation.opening import configured_installation, registry_of

        if self._registry is None:
            self._registry = registry_of(configured_installation())
        return self._registry


class FailureMiddleware:
    """Turns what went wrong in a page into a page that says so."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        from foretrack.web.failures import not_allowed

        response = self.get_response(request)
        if response.status_code == 405 and isinstance(response, HttpResponse) and not response.content:
            return not_allowed(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page about an error of ours or of the database; None for what Django answers itself."""
        from foretrack.web.failures import page_about

        return page_about(request, exception)
