"""From a declared route to a view: what it returns becomes an answer, with ETag, conditions and the kept answer."""

from __future__ import annotations

import hashlib
import inspect
import json
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Literal, get_type_hints

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from foretrack.api.once import HEADER, once
from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence
from foretrack.registry.actions.writing import ConflictError
from foretrack.registry.declaring.bodies import InvalidRecord, Problem
from foretrack.web.data import plain
from foretrack.web.problems import problem
from foretrack.web.routes import Answer, Given, Route, Upload, read_revision
from foretrack.web.speech import page_language, say, speak

JSON = "application/json"


def view_of(route: Route) -> Callable[..., HttpResponseBase]:
    """The function that django-ninja calls with what it has read and checked."""
    taken = read_signature(route)
    in_query = frozenset(name for name, (where, _) in taken.items() if where == "query")

    @wraps(route.view)
    def view(request: HttpRequest, **values: Any) -> HttpResponseBase:
        if route.query is None:
            refuse_unknown(request, in_query)
        key = request.headers.get(HEADER)
        actor = request.actor  # type: ignore[attr-defined]
        if key is None or not (route.writes and actor.key):
            return conditional(request, _done(route, request, values))
        if route.secret:
            raise InputError.of(
                "this answer holds a secret, so that it is never kept", expected="a request without Idempotency-Key",
                do="leave the key out; where the answer was lost, make another one and end the first",
            )  # fmt: skip
        now = request.registry.now()  # type: ignore[attr-defined]
        return once(request, actor.key, key, now, lambda: _whole(_done(route, request, values)))

    view.__signature__ = _for_ninja(taken)  # type: ignore[attr-defined]
    return view


Where = Literal["request", "path", "query", "body", "form", "file"]


def read_signature(route: Route) -> dict[str, tuple[Where, inspect.Parameter]]:
    """What a route's function takes, and where each comes from; types resolved."""
    hints = get_type_hints(route.view, include_extras=True)
    in_path = {name.rpartition(":")[2] for name in re.findall(r"\{([^}]+)\}", route.path)}
    found: dict[str, tuple[Where, inspect.Parameter]] = {}
    for name, parameter in inspect.signature(route.view).parameters.items():
        kind = hints[name]
        where: Where = "form" if route.upload else "query"
        if name == "request":
            where = "request"
        elif name in in_path:
            where = "path"
        elif kind is Upload:
            where = "file"
        elif isinstance(kind, type) and issubclass(kind, Given):
            where = "body"
        found[name] = (where, parameter.replace(annotation=kind))
    return found


def _for_ninja(taken: Mapping[str, tuple[Where, inspect.Parameter]]) -> inspect.Signature:
    """The signature with ninja's marks of where each value comes from."""
    import ninja
    from ninja.params import functions

    marks = {"query": functions.Query, "form": functions.Form}
    made = []
    for where, parameter in taken.values():
        one = parameter
        if where == "file":
            one = one.replace(annotation=ninja.UploadedFile, default=functions.File(...))
        elif where in marks:
            one = one.replace(default=marks[where](... if one.default is one.empty else one.default))
        made.append(one.replace(kind=inspect.Parameter.KEYWORD_ONLY))
    return inspect.Signature(made)


def refuse_unknown(request: HttpRequest, known: frozenset[str]) -> None:
    """Raises InvalidRecord for what stands in the query and means nothing here: nothing is overlooked in silence."""
    strange = sorted(set(request.GET) - known)
    if strange:
        expected = Sentence("one of {known}", {"known": ", ".join(sorted(known)) or "-"})

        def wrong(name: str) -> InputError:
            return InputError.said(Sentence("the query knows no {name!r}", {"name": name}), expected=expected)

        raise InvalidRecord.with_problems([Problem(name[:80], wrong(name[:80])) for name in strange])


def _done(route: Route, request: HttpRequest, values: Mapping[str, Any]) -> HttpResponseBase:
    if route.locked:
        read_revision(request)
    try:
        result = route.view(request, **values)
    except ConflictError as error:
        if not route.locked:
            raise
        what, expected, do = error.parts(speak(page_language()))
        # Raised anew, not answered: what was written until here must not stay.
        raise PreconditionError(412, "changed", what, expected, do) from error
    return respond(route, result, request)


class PreconditionError(Exception):
    """Answered as problem details of its own."""

    def __init__(self, status: int, code: str, what: str, expected: str, do: str) -> None:
        super().__init__(what)
        self.answer = problem(status, code, what, expected=expected, do=do)


def respond(route: Route, result: Any, request: HttpRequest) -> HttpResponseBase:
    """What a route returned, as an answer."""
    if isinstance(result, HttpResponseBase):
        if "Location" in result.headers:
            result.headers["Location"] = request.build_absolute_uri(result.headers["Location"])
        return result
    told = result if isinstance(result, Answer) else Answer(result)
    if route.answers is None:
        response = HttpResponse(status=204)
    else:
        body = json.dumps(plain(told.value), ensure_ascii=False).encode()
        response = HttpResponse(body, status=route.status, content_type=JSON)
        digest = hashlib.sha256(body).hexdigest()
        tag = f"{told.revision}-{digest[:16]}" if told.revision is not None else digest[:24]
        if route.method == "GET" or told.revision is not None:
            response.headers["ETag"] = f'"{tag}"'
    for name, value in told.headers.items():
        response.headers[name] = request.build_absolute_uri(value) if name == "Location" else value
    return response


def _whole(response: HttpResponseBase) -> HttpResponse:
    if not isinstance(response, HttpResponse):
        raise AssertionError("a change was answered in pieces")
    return response


def conditional(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """304 where the asker has this very answer already (RFC 9110, 13.1.2: compared weakly)."""
    tag, held = response.headers.get("ETag", ""), request.headers.get("If-None-Match", "")
    if request.method != "GET" or not tag or not held or response.status_code != 200:
        return response
    tags = [text.strip().removeprefix("W/") for text in held.split(",")]
    if "*" not in tags and tag.removeprefix("W/") not in tags:
        return response
    unchanged = HttpResponse(status=304)
    for name in ("ETag", "Cache-Control", "Content-Location", "Link"):
        if name in response.headers:
            unchanged.headers[name] = response.headers[name]
    del unchanged.headers["Content-Type"]
    if isinstance(response, FileResponse) and response.file_to_stream is not None:
        response.file_to_stream.close()  # not the response: that would tell Django that the request has ended
    return unchanged


def bad_values(request: HttpRequest, errors: list[dict[str, Any]]) -> HttpResponse:
    """What pydantic found wrong, as problem details with one error for each field."""
    told = []
    for error in errors:
        path = [str(part) for part in error.get("loc", ())]
        # The first part is where it stood (`body`, `query`), the second of a body the name that our function gives it.
        name = ".".join(path[2:] if path[:1] == ["body"] else path[1:]) or ".".join(path[:1])
        told.append({"field": name, "message": _message(error), "rule": str(error.get("type", ""))})
    return problem(
        422, "fields", say("what was sent cannot be used as it is"), do=say("correct the fields named in `errors`"),
        errors=told,
    )  # fmt: skip


def _message(error: Mapping[str, Any]) -> str:
    from foretrack.api.wording import RULES

    context = {name: str(value) for name, value in (error.get("ctx") or {}).items()}
    sentence = RULES.get(str(error.get("type", "")))
    return say(sentence, **context) if sentence else say("the value does not fit")
