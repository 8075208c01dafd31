"""The description of the API in OpenAPI 3.1: every route, and for each kind the fields of its records."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from foretrack.api.answering import read_signature
from foretrack.registry.declaring.kind import Catalogue, Kind
from foretrack.registry.declaring.schema import create_schema, record_schema
from foretrack.web.problems import MEDIA_TYPE
from foretrack.web.routes import Route, Routes
from foretrack.web.speech import Words, say

if TYPE_CHECKING:
    from ninja import NinjaAPI

BASE = "/api/v1"
Json = dict[str, Any]

PROBLEMS = {
    400: "What was asked cannot be understood or used",
    401: "Somebody who is logged in is needed, or the token is not valid",
    403: "Not allowed to this account or token",
    404: "Nothing is there, or nothing that may be seen",
    405: "The method is not possible here",
    409: "Not as things stand",
    410: "The answer that was kept was erased since",
    412: "Somebody changed it since it was read",
    413: "More was sent than is taken",
    415: "Another media type is expected",
    422: "Fields are wrong; each is named in `errors`",
    428: "The revision that was read must be named in If-Match",
    429: "Too many requests; wait as Retry-After says",
    500: "A bug of ours",
    503: "Not available just now; try again as Retry-After says",
}
"""Statuses with problem details, and what they mean."""
ALWAYS = (400, 401, 403, 404, 409, 422, 429, 500, 503)


def description_of(
    api: NinjaAPI, every: Sequence[Routes], kinds: Catalogue, language: str
) -> tuple[bytes, str]:
    """The description as JSON, and its digest."""
    return _described(_Known(api, tuple(every), tuple(kinds)), language)


class _Known:
    """What a description is made of; equal while the kinds are the same declarations."""

    def __init__(self, api: NinjaAPI, every: tuple[Routes, ...], kinds: tuple[Kind, ...]) -> None:
        self.api, self.every, self.kinds = api, every, kinds
        self.ids = (id(api), *map(id, kinds))

    def __hash__(self) -> int:
        return hash(self.ids)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and self.ids == other.ids


@lru_cache(maxsize=8)
def _described(known: _Known, language: str) -> tuple[bytes, str]:
    content = json.dumps(describe(known.api, known.every, known.kinds, language), ensure_ascii=False).encode()
    return content, hashlib.sha256(content).hexdigest()[:24]


def describe(api: NinjaAPI, every: Sequence[Routes], kinds: Sequence[Kind], language: str) -> Json:
    """The description as JSON values, in a language."""
    made: Json = json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))
    made["jsonSchemaDialect"] = "https://json-schema.org/draft/2020-12/schema"
    made["servers"] = [{"url": BASE}]
    made["info"] |= {
        "summary": say(
            "From a folder of papers and patents to what is emerging, and a registry of what is done about it"
        ),
        "description": say(
            "Everything that the pages can do, for programs. Reading what is public needs nothing; everything else needs "
            "a token (make one on your account's page) or the session of a browser."
        ),
    }  # fmt: skip
    made["tags"] = [{"name": routes.name, "description": say(routes.title)} for routes in every]
    schemas, of_answers, of_bodies = _schemas(every)
    components = made["components"] = {"schemas": schemas}
    components["securitySchemes"] = {
        "token": {
            "type": "http", "scheme": "bearer",
            "description": say("A token of an account, with the scopes that its owner chose"),
        },
        "session": {
            "type": "apiKey", "in": "cookie", "name": "sessionid",
            "description": say("The session of a browser; a change needs the site's CSRF token in X-CSRFToken too"),
        },
    }  # fmt: skip
    schemas["Problem"] = _problem_schema()
    components["responses"] = {
        f"Problem{status}": {
            "description": say(words),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, words in PROBLEMS.items()
    }
    by_name = {route.name: route for routes in every for route in routes.routes}
    paths: Json = {}
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            route = by_name[operation["operationId"]]
            finish(operation, route, of_answers.get(route.name), of_bodies.get(route.name))
            for one_path, one in of_kinds(path, operation, route, kinds, schemas, language):
                paths.setdefault(one_path, {})[method] = one
    made["paths"] = paths
    return made


def _schemas(every: Sequence[Routes]) -> tuple[Json, Json, Json]:
    """The components, and by the name of a route the schemas of its answer and of its body.

    All at once, because two rooms may have types of one name: pydantic then names them apart.
    """
    from pydantic import TypeAdapter

    asked: list[Any] = []
    for route in (route for routes in every for route in routes.routes):
        if route.answers is not None and not isinstance(route.answers, str):
            asked.append((route.name, "serialization", TypeAdapter(route.answers)))
        body = next((p.annotation for where, p in read_signature(route).values() if where == "body"), None)
        if body is not None:
            asked.append((route.name, "validation", TypeAdapter(body)))
    found, told = TypeAdapter.json_schemas(asked, ref_template="#/components/schemas/{model}")
    definitions = told.get("$defs", {})
    names = {name: _short(name, definitions) for name in definitions}
    text = json.dumps([definitions, [(name, mode, schema) for (name, mode), schema in found.items()]])
    text = re.sub(r"#/components/schemas/([^\"]+)", lambda m: f"#/components/schemas/{names[m[1]]}", text)
    renamed, by_route = json.loads(text)
    return (
        {names[name]: schema for name, schema in renamed.items()},
        {name: schema for name, mode, schema in by_route if mode == "serialization"},
        {name: schema for name, mode, schema in by_route if mode == "validation"},
    )


def _short(name: str, others: Json) -> str:
    """`foretrack__search__shapes__Facet`, as pydantic tells types of one name apart, is `SearchFacet`."""
    parts = name.split("__")
    if len(parts) < 3:
        return name
    short = "".join(word.title() for word in parts[1].split("_")) + parts[-1]
    return name if short in others else short


COMMON = Words(
    {
        "limit": "How many at most, in one answer",
        "cursor": "Where to go on: as in next of the part before; leave it out to begin",
    }
)
"""Parameters that many operations have."""


def finish(operation: Json, route: Route, answer: Json | None, body: Json | None) -> None:
    """What an operation has beside its parameters: body and answer, who may, which headers, which refusals."""
    operation["summary"] = say(route.summary)
    operation.pop("description", None)
    operation["security"] = [{}, {"token": []}, {"session": []}]
    parameters: list[Json] = operation.setdefault("parameters", [])
    for parameter in parameters:
        if parameter["name"] in COMMON:
            parameter["description"] = say(COMMON[parameter["name"]])
    statuses = set(ALWAYS)
    success = operation["responses"].setdefault(str(route.status), {"description": ""})
    success["description"] = say("Done") if route.writes else say("What was asked for")
    if route.answers is None:
        operation["responses"].pop(str(route.status))
        operation["responses"]["204"] = {"description": say("Done")}
    elif answer is not None:
        success["content"] = {"application/json": {"schema": answer}}
    else:
        success["content"] = {media.partition(";")[0]: {} for media in str(route.answers).split(", ")}
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    if route.method == "GET":
        parameters.append(
            _header("If-None-Match", say("The ETag that you have; 304 where nothing changed since"))
        )
        operation["responses"]["304"] = {"description": say("Nothing changed since")}
        success.setdefault("headers", {})["ETag"] = {"schema": {"type": "string"}}
    else:
        statuses |= {413, 415}
    if route.writes:
        statuses |= {410}
        if not route.secret:
            parameters.append(
                _header(
                    "Idempotency-Key",
                    say("Any text of your own: sent again with it, the request is done once and answered the same"),
                    maxLength=200, pattern=r"^[\x21-\x7e]+$",
                )
            )  # fmt: skip
    if route.locked:
        statuses |= {412, 428}
        parameters.append(
            _header(
                "If-Match", say("The ETag of what you have read, or its revision in quotes"), example='"1"'
            )
        )
    if route.moved:
        operation["responses"]["308"] = {
            "description": say("It was merged into another record, which Location names"),
            "headers": {"Location": {"schema": {"type": "string"}}},
        }
    for status in sorted(statuses):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _header(name: str, description: str, **schema: Any) -> Json:
    example = schema.pop("example", None)
    made: Json = {
        "in": "header", "name": name, "required": False, "description": description,
        "schema": {"type": "string", **schema},
    }  # fmt: skip
    if example is not None:
        made["example"] = example
    return made


def of_kinds(
    path: str, operation: Json, route: Route, kinds: Sequence[Kind], schemas: Json, language: str
) -> Iterable[tuple[str, Json]]:
    """The operation, or one for each kind where the route is about the records of one."""
    if not route.of_kind:
        for parameter in operation["parameters"]:
            if parameter["in"] == "path" and parameter["name"] == "kind":
                parameter["schema"] = {"type": "string", "enum": [kind.name for kind in kinds]}
        yield path, operation
        return
    for kind in kinds:
        made = copy.deepcopy(operation)
        made["operationId"] = f"{route.name}_{kind.name.replace('-', '_')}"
        made["summary"] = f"{kind.plural.text(language)}: {made['summary']}"
        made["parameters"] = [p for p in made["parameters"] if (p["in"], p["name"]) != ("path", "kind")]
        if route.query is not None:
            made["parameters"] += [dict(parameter) for parameter in route.query(kind, language)]
        _use_fields(made, route, kind, schemas, language)
        yield path.replace("{kind}", kind.name), made


def _use_fields(operation: Json, route: Route, kind: Kind, schemas: Json, language: str) -> None:
    """Puts the fields of the kind in the place of `values`, and its record in the place of the answer."""
    values = {name: value for name, value in create_schema(kind, language).items() if name != "$schema"}
    if route.method == "PATCH":  # only what changes; null takes a value out
        values.pop("required", None)
        values["properties"] = {
            name: {"anyOf": [schema, {"type": "null"}]} for name, schema in values["properties"].items()
        }
    for content in operation.get("requestBody", {}).get("content", {}).values():
        body = copy.deepcopy(schemas[content["schema"]["$ref"].rpartition("/")[2]])
        body["properties"]["values"] = values
        content["schema"] = body
    for response in operation["responses"].values():
        for content in response.get("content", {}).values():
            if content.get("schema", {}).get("$ref", "").endswith("/RecordPage"):
                record = record_schema(kind, language)
                content["schema"] = {name: value for name, value in record.items() if name != "$schema"}


def _problem_schema() -> Json:
    text = {"type": "string"}
    return {
        "title": "Problem",
        "description": "RFC 9457",
        "type": "object",
        "required": ["type", "title", "status", "code"],
        "properties": {
            "type": {"type": "string", "pattern": "^urn:foretrack:problem:"},
            "title": {**text, "description": say("What happened")},
            "status": {"type": "integer"},
            "code": {**text, "description": say("By which programs tell problems apart")},
            "expected": {**text, "description": say("What was expected")},
            "do": {**text, "description": say("What to do")},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["field", "message"],
                    "properties": {"field": text, "message": text, "rule": text},
                },
            },
        },
    }
