"""The description of the API for people: what `/api/v1/openapi.json` says, one page for each resource."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from foretrack.api.describing import BASE, PROBLEMS
from foretrack.foundation.errors import NotThereError
from foretrack.web.addresses import address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, page_language, say

SORTS = Words(
    {
        "string": "text", "integer": "whole number", "number": "number", "boolean": "true or false",
        "object": "object", "array": "list", "null": "nothing", "date": "day", "date-time": "moment",
        "binary": "file", "any": "anything",
    }
)  # fmt: skip
PLACES = Words({"path": "in the address", "query": "in the query", "header": "header"})
DEEPEST = 3
"""Levels of objects inside objects that a table shows."""


@dataclass(frozen=True, slots=True)
class OperationLine:
    """One operation in the list."""

    method: str
    path: str
    summary: str
    href: str


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """One resource in the list."""

    name: str
    title: str
    href: str
    operations: tuple[OperationLine, ...]


@dataclass(frozen=True)
class ApiPage(Page):
    """Every resource."""

    template: ClassVar[str] = "api/api.html"
    table: ClassVar[str] = "resources"

    resources: tuple[ResourceLine, ...]
    base: str
    description: str
    problems: tuple[tuple[int, str], ...]
    standard: str = "OpenAPI 3.1"
    header: str = "Authorization: Bearer ft_…"
    languages: tuple[str, ...] = ("Accept-Language: en", "Accept-Language: zh")


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field of a body or an answer, or one parameter."""

    name: str
    sort: str
    needed: bool
    told: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One status."""

    status: str
    told: str
    media: str


@dataclass(frozen=True, slots=True)
class OperationView:
    """One operation in full."""

    anchor: str
    method: str
    path: str
    summary: str
    parameters: tuple[FieldLine, ...]
    media: str
    body: tuple[FieldLine, ...]
    answers: tuple[AnswerLine, ...]
    refusals: tuple[str, ...]
    """Statuses with problem details, which the page of all resources explains."""
    fields: tuple[FieldLine, ...]
    """Of the answer that one hopes for."""


@dataclass(frozen=True, slots=True)
class KindLink:
    """The same page with the fields of a kind."""

    href: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class ResourcePage(Page):
    """One resource with its operations."""

    template: ClassVar[str] = "api/resource.html"
    table: ClassVar[str] = "operations"

    name: str
    title: str
    kinds: tuple[KindLink, ...]
    operations: tuple[OperationView, ...]


def _described(request: Request) -> tuple[dict[str, Any], str]:
    """The description in the language of the page, and its digest."""
    from foretrack.api.assembling import description

    content, digest = description(request.registry.kinds, page_language())
    return _read(content), digest


@lru_cache(maxsize=4)
def _read(content: bytes) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(content)
    return told


def _operations(told: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for place, methods in told["paths"].items():
        for method, operation in methods.items():
            yield place, method.upper(), operation


def _of(place: str, names: Collection[str]) -> str:
    """The kind that an address is about alone; empty for one about all kinds."""
    part = place.split("/")[2] if place.startswith("/records/") else ""
    return part if part in names else ""


@require_safe
def api(request: Request) -> HttpResponse:
    """All resources with their operations; what each kind has is told once."""
    (told, _), kinds = _described(request), request.registry.kinds.kinds
    first = next(iter(kinds), "")
    resources = []
    for tag in told["tags"]:
        href = address("api resource", tag["name"])
        lines = []
        for place, method, operation in _operations(told):
            kind = _of(place, dict.fromkeys(kinds, ""))
            if tag["name"] not in operation["tags"] or kind not in ("", first):
                continue
            summary = operation["summary"].partition(": ")[2] if kind else operation["summary"]
            summary = summary[:1].upper() + summary[1:]
            shown = place.replace(f"/records/{kind}", "/records/{kind}", 1) if kind else place
            lines.append(OperationLine(method, shown, summary, f"{href}#{operation['operationId']}"))
        resources.append(ResourceLine(tag["name"], tag["description"], href, tuple(lines)))
    return render(
        request,
        ApiPage(
            tuple(resources), BASE, f"{BASE}/openapi.json", tuple((n, say(word)) for n, word in PROBLEMS.items())
        ),
    )  # fmt: skip


@require_safe
def resource(request: Request, name: str) -> HttpResponse:
    """One resource; `?kind=` chooses whose fields are shown."""
    (told, digest), kinds = _described(request), request.registry.kinds.kinds
    tag = next((one for one in told["tags"] if one["name"] == name), None)
    chosen = request.GET.get("kind", "") or next(iter(kinds), "")
    if tag is None or chosen not in kinds:
        raise NotThereError.of(
            "the API has no resource {name!r}", expected="one of {known}", do="look at the page of the API",
            name=name[:60] if tag is None else chosen[:60], known=", ".join(one["name"] for one in told["tags"]),
        )  # fmt: skip
    key = (digest, name, chosen)
    if key not in _VIEWS:
        if len(_VIEWS) >= MOST_VIEWS:
            _VIEWS.clear()
        _VIEWS[key] = _views(told, name, chosen, tuple(kinds))
    views, by_kind = _VIEWS[key]
    language = request.actor.language
    links = tuple(
        KindLink(f"?kind={k.name}", k.plural.text(language), k.name == chosen) for k in kinds.values()
    )
    return render(request, ResourcePage(name, tag["description"], links if by_kind else (), views))


MOST_VIEWS = 200
_VIEWS: dict[tuple[str, str, str], tuple[tuple[OperationView, ...], bool]] = {}
"""What was made of a description, which is known by its digest."""


def _views(
    told: Mapping[str, Any], name: str, chosen: str, kinds: Collection[str]
) -> tuple[tuple[OperationView, ...], bool]:
    """The operations of a resource, and whether some are told for each kind."""
    views, by_kind = [], False
    for place, method, operation in _operations(told):
        if name in operation["tags"]:
            kind = _of(place, kinds)
            by_kind = by_kind or bool(kind)
            if kind in ("", chosen):
                views.append(_view(told, place, method, operation))
    return tuple(views), by_kind


def _view(told: Mapping[str, Any], place: str, method: str, operation: Mapping[str, Any]) -> OperationView:
    body = operation.get("requestBody", {}).get("content", {})
    media = next(iter(body), "")
    nothing: dict[str, Any] = {}
    hoped = next((one for status, one in operation["responses"].items() if status[0] == "2"), nothing)
    schema = next(iter(hoped.get("content", nothing).values()), nothing).get("schema", nothing)
    return OperationView(
        operation["operationId"], method, place, operation["summary"],
        tuple(
            FieldLine(
                one["name"], _sort(told, one["schema"]), bool(one.get("required")), one.get("description", ""),
                say(PLACES[one["in"]]),
            )
            for one in operation["parameters"]
        ),
        media, tuple(_fields(told, body[media].get("schema", {}))) if media else (),
        tuple(_answer(status, one) for status, one in operation["responses"].items() if "$ref" not in one),
        tuple(status for status, one in operation["responses"].items() if "$ref" in one),
        tuple(_fields(told, schema)),
    )  # fmt: skip


def _answer(status: str, one: Mapping[str, Any]) -> AnswerLine:
    return AnswerLine(status, one["description"], ", ".join(one.get("content", {})))


def _resolved(told: Mapping[str, Any], one: Mapping[str, Any]) -> Mapping[str, Any]:
    at: Any = one
    while "$ref" in at:
        place: Any = told
        for part in at["$ref"].removeprefix("#/").split("/"):
            place = place[part]
        at = place
    found: Mapping[str, Any] = at
    return found


def _parts(told: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The schema, or those of which one has to fit, without the one of null."""
    found = _resolved(told, schema)
    several = found.get("anyOf") or found.get("oneOf")
    if not several or all("const" in one for one in several):
        return [found]
    return [part for one in several if one.get("type") != "null" for part in _parts(told, one)]


def _sort(told: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """What a value is, in words."""
    words = []
    for part in _parts(told, schema):
        choices = part.get("enum") or [one["const"] for one in part.get("oneOf", ()) if "const" in one]
        if "const" in part:
            choices = [part["const"]]
        if choices:
            words.append(" | ".join(map(str, choices)))
        elif part.get("type") == "array":
            words.append(say("list of {what}", what=_sort(told, part.get("items", {}))))
        else:
            word = str(part.get("format") if part.get("format") in SORTS else part.get("type", "any"))
            words.append(say(SORTS.get(word, SORTS["any"])))
    return " / ".join(dict.fromkeys(words))


def _fields(
    told: Mapping[str, Any], schema: Mapping[str, Any], prefix: str = "", depth: int = 1
) -> Iterator[FieldLine]:
    """The fields of an object and of the objects in it, each with the way to it."""
    for part in _parts(told, schema):
        if part.get("type") == "array":
            yield from _fields(told, part.get("items", {}), f"{prefix}[]", depth)
            continue
        for name, one in part.get("properties", {}).items():
            way = f"{prefix}.{name}" if prefix else name
            title = one.get("title", "")
            text = one.get("description", "") or (
                title if title.lower() != name.replace("_", " ").lower() else ""
            )
            yield FieldLine(way, _sort(told, one), name in part.get("required", ()), text)
            if depth < DEEPEST:
                yield from _fields(told, one, way, depth + 1)


def front(request: HttpRequest) -> HttpResponse:
    """Leads from the address of programs to the page for people."""
    return HttpResponseRedirect(address("api"))


PAGES: tuple[URLPattern, ...] = (
    path("api/", api, name="api"),
    path("api/<slug:name>/", resource, name="api resource"),
)
