"""The description for people: every operation is on a page, in both languages, with the fields of every kind."""

from __future__ import annotations

from html import unescape

import pytest
from tests.api.conftest import Program

from foretrack.api.resources import RESOURCES


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_operation_is_told(visitor: Program, language: str) -> None:
    index = visitor.client.get(f"/{language}/api/")
    assert index.status_code == 200
    text = unescape(index.content.decode())
    for routes in RESOURCES:
        page = visitor.client.get(f"/{language}/api/{routes.name}/?kind=organisation")
        assert page.status_code == 200
        told = unescape(page.content.decode())
        assert f"/{language}/api/{routes.name}/" in text
        for route in routes.routes:
            name = f"{route.name}_organisation" if route.of_kind else route.name
            assert f'id="{name}"' in told, name
            assert f"#{name}" in text or route.of_kind
        assert "<script" not in told.replace('<script src="/static/', "").replace("<script defer src", "")


def test_a_kind_shows_its_own_fields(visitor: Program) -> None:
    plan = visitor.client.get("/en/api/records/?kind=plan").content.decode()

    for name in ("values.staff", "values.title.en", "POST", "If-Match", "small | large"):
        assert name in plan
    assert "values.legal_form" not in plan
    assert visitor.client.get("/en/api/records/?kind=nothing").status_code == 404
    assert visitor.client.get("/en/api/nothing/").status_code == 404


def test_it_is_data_too_and_programs_are_led_to_it(visitor: Program) -> None:
    assert visitor.client.get("/en/api.json").json()["base"] == "/api/v1"
    assert visitor.client.get("/en/api/records.json").json()["name"] == "records"
    led = visitor.client.get("/api/v1/", headers={"Accept-Language": "zh"})
    assert (led.status_code, led.headers["Location"]) == (302, "/zh-hans/api/")
