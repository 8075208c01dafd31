"""The description of the API: valid OpenAPI 3.1, complete, in both languages, and true to what is declared."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31
from tests.api.conftest import Program
from tests.registry.conftest import PLAN

from foretrack.api.describing import PROBLEMS
from foretrack.api.resources import RESOURCES
from foretrack.registry.declaring.kind import KINDS
from foretrack.registry.declaring.schema import create_schema
from foretrack.registry.registry import Registry
from foretrack.site.rooms import ROOMS
from foretrack.web.speech import speak


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    """What was described already: it takes seconds, and is the same for each test that reads it only."""
    return {}


@pytest.fixture
def described(visitor: Program, known: dict[str, Any]) -> dict[str, Any]:
    if not known:
        known.update(visitor.get("/openapi.json").json())
    return known


def test_it_is_openapi_3_1(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1.")
    jsonschema_rs.validate(OPENAPI_31, described)


def schemas_in(value: Any) -> list[Any]:
    if isinstance(value, dict):
        own = [value["schema"]] if isinstance(value.get("schema"), dict) else []
        return own + [one for part in value.values() for one in schemas_in(part)]
    if isinstance(value, list):
        return [one for part in value for one in schemas_in(part)]
    return []


def test_every_schema_in_it_is_json_schema(described: dict[str, Any]) -> None:
    found = schemas_in(described["paths"]) + list(described["components"]["schemas"].values())
    assert len(found) > 200

    for schema in found:
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [one for part in value.values() for one in references(part)]
        return [one for part in value for one in references(part)] if isinstance(value, list) else []

    for reference in set(references(described)):
        at: Any = described
        for part in reference.removeprefix("#/").split("/"):
            at = at[part.replace("~1", "/")]


def test_every_operation_has_a_name_of_its_own_and_says_who_may(described: dict[str, Any]) -> None:
    operations = [one for methods in described["paths"].values() for one in methods.values()]
    names = [one["operationId"] for one in operations]

    assert len(names) == len(set(names)) > 100
    assert all(one["security"] and one["summary"] and one["tags"] for one in operations)
    assert {"token", "session"} == set(described["components"]["securitySchemes"])


def test_a_new_kind_is_described_without_code(described: dict[str, Any], registry: Registry) -> None:
    making = described["paths"]["/records/plan"]["post"]
    body = making["requestBody"]["content"]["application/json"]["schema"]
    wanted = create_schema(PLAN)
    wanted.pop("$schema")

    assert body["properties"]["values"] == wanted
    assert body["additionalProperties"] is False
    answer = making["responses"]["201"]["content"]["application/json"]["schema"]
    assert answer["properties"]["kind"] == {"const": "plan"}
    names = {one["name"] for one in described["paths"]["/records/plan"]["get"]["parameters"]}
    assert {"status", "region", "track", "size", "sort", "limit", "cursor", "title_has"} <= names
    assert "contact" not in names


def test_it_follows_the_catalogue_of_kinds(visitor: Program, registry: Registry) -> None:
    before = visitor.get("/openapi.json").json()["paths"]
    KINDS.remove(PLAN.name)
    try:
        after = visitor.get("/openapi.json").json()["paths"]
    finally:
        KINDS.add(PLAN)

    assert "/records/plan" in before
    assert "/records/plan" not in after


def test_it_speaks_the_language_that_was_asked_for(visitor: Program) -> None:
    english, chinese = (
        visitor.get("/openapi.json", Accept_Language=language) for language in ("en", "zh-CN,zh;q=0.9")
    )

    assert english.headers["Content-Language"] == "en"
    assert chinese.headers["Content-Language"] == "zh-hans"
    one, other = (
        told.json()["paths"]["/records/plan"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        for told in (english, chinese)
    )
    assert one["properties"]["values"]["properties"]["staff"]["title"] == "Staff"
    assert other["properties"]["values"]["properties"]["staff"]["title"] == "人数"
    assert english.headers["ETag"] != chinese.headers["ETag"]


def test_every_sentence_of_a_route_is_spoken_in_chinese() -> None:
    chinese = speak("zh")
    every = (*RESOURCES, *(routes for room in ROOMS for routes in room.ROUTES))
    sentences = {route.summary for routes in every for route in routes.routes}
    sentences |= {routes.title for routes in every} | set(PROBLEMS.values())

    assert sorted(sentence for sentence in sentences if chinese(sentence) == sentence) == []
