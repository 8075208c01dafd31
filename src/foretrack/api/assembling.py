"""All declared routes as one API: django-ninja reads and checks what is asked, and describes it.

The only module that imports ninja, and only when the addresses are made: ninja reads Django's settings on import.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import StringConverter, get_converters

from foretrack.api import VERSION
from foretrack.api.answering import PreconditionError, bad_values, conditional, view_of
from foretrack.api.describing import description_of
from foretrack.api.pages import front
from foretrack.api.parsing import read_json
from foretrack.api.resources import RESOURCES
from foretrack.foundation.errors import ForetrackError, HouseError
from foretrack.registry.declaring.kind import Catalogue
from foretrack.web.problems import MediaTypeError, problem, problem_about
from foretrack.web.routes import Routes
from foretrack.web.speech import page_language, say, speak

if TYPE_CHECKING:
    from ninja import NinjaAPI


class KeyConverter(StringConverter):
    """A key in an address: `{key:key}`; any other spelling leads nowhere."""

    regex = "[0-9A-HJKMNP-TV-Z]{26}"


@dataclass(slots=True)
class _Made:
    """What was put together in this process."""

    api: NinjaAPI | None = None
    every: tuple[Routes, ...] = ()


_MADE = _Made()


def description(kinds: Catalogue, language: str) -> tuple[bytes, str]:
    """The description of this process's API as JSON, and its digest."""
    if _MADE.api is None:
        raise HouseError("the addresses of the API were not made yet")
    return description_of(_MADE.api, _MADE.every, kinds, language)


def api_addresses(rooms: Sequence[Routes]) -> list[URLPattern | URLResolver]:
    """The addresses of the API.

    Args:
        rooms: what the domains add to the resources of the registry.
    """
    from ninja import NinjaAPI, Router
    from ninja.errors import HttpError, ValidationError
    from ninja.parser import Parser

    class Suspicious(Parser):
        def parse_body(self, request: HttpRequest) -> Any:
            return read_json(request)

    every = (*RESOURCES, *rooms)
    names = [route.name for routes in every for route in routes.routes]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise HouseError(f"two routes are called {', '.join(twice)}", do="rename one of the functions")
    if "key" not in get_converters():
        register_converter(KeyConverter, "key")
    api = NinjaAPI(
        title="Foretrack", version=VERSION, docs_url=None, openapi_url=None, parser=Suspicious(),
        urls_namespace="api",
    )  # fmt: skip
    for routes in every:
        router = Router(tags=[routes.name])
        for route in routes.routes:
            router.add_api_operation(
                route.path.lstrip("/"), [route.method], view_of(route),
                response={route.status: None},
                operation_id=route.name, summary=route.summary, url_name=route.name,
            )  # fmt: skip
        api.add_router("", router)

    def told(request: HttpRequest, error: Any) -> HttpResponse:
        files = any(one.get("loc", ())[:1] == ("file",) for one in error.errors)
        if files and request.content_type != "multipart/form-data":
            return problem_about(
                MediaTypeError.of(
                    "the body is {found!r}", expected="multipart/form-data with a file",
                    do="send the file as a form does", found=(request.content_type or "-")[:60],
                ),
                speak(page_language()),
            )  # fmt: skip
        return bad_values(request, error.errors)

    def unread(request: HttpRequest, error: Any) -> HttpResponse:
        cause = error.__cause__
        if isinstance(cause, ForetrackError):
            return problem_about(cause, speak(page_language()))
        if cause is not None:
            raise cause
        return problem(error.status_code, "input", say("the request was not understood"))

    def stale(request: HttpRequest, error: Any) -> HttpResponse:
        answer: HttpResponse = error.answer
        return answer

    api.add_exception_handler(ValidationError, told)
    api.add_exception_handler(HttpError, unread)
    api.add_exception_handler(PreconditionError, stale)

    def described(request: HttpRequest) -> HttpResponse:
        if request.method != "GET":
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        kinds = request.registry.kinds  # type: ignore[attr-defined]
        content, digest = description(kinds, page_language())
        answer = HttpResponse(content, content_type="application/openapi+json;version=3.1")
        answer.headers["ETag"] = f'"{digest}"'
        return conditional(request, answer)  # type: ignore[return-value]

    _MADE.api, _MADE.every = api, every
    described.csrf_exempt = True  # type: ignore[attr-defined]
    return [path("", front), path("openapi.json", described, name="openapi"), *api.urls[0]]
