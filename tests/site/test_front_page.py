"""The first page: for somebody new, and for somebody with work to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.test import Client
from tests.site.conftest import NATIONAL, SECOND, Person

from foretrack.lists.actions.issuing import publish
from foretrack.lists.actions.series import declare_series
from foretrack.registry.actions.records import move
from foretrack.registry.registry import Registry
from foretrack.web.panels import FRONTS, Fragment, Front


def test_a_workspace_with_nothing_in_it_says_what_to_do(registry: Registry) -> None:
    for language, sentence in (("en", "Nothing was scanned"), ("zh-hans", "尚未进行扫描")):
        answer = Client().get(f"/{language}/")
        assert answer.status_code == 200
        assert sentence in answer.content.decode()


def test_what_was_published_and_how_far_targets_are(registry: Registry, firm: str) -> None:
    move(registry, SECOND, firm, "verify", revision=1, reason="Invented")
    declare_series(
        registry, NATIONAL, "leading-enterprises", kind="organisation", title={"en": "Invented list", "zh": "虚构名单"},
        publisher={"en": "Office", "zh": "办公室"},
    )  # fmt: skip
    publish(registry, NATIONAL, "leading-enterprises", reason="Invented")

    text, chinese = (Client().get(f"/{code}/").content.decode() for code in ("en", "zh-hans"))
    data = Client().get("/en.json").json()

    assert 'href="/en/lists/leading-enterprises/1/"' in text
    assert "One entry" in text
    assert "虚构名单" in chinese
    assert [(one["href"], one["counted"]) for one in data["targets"]] == [
        ("/en/targets/cn-future-industries-2024/enterprises-2025/", 1)
    ]
    assert data["tasks"] == []


def test_tasks_come_first_for_who_has_any(registry: Registry, firm: str, person: Person) -> None:
    text = person("officer", regions=["*"]).get("/en/").content.decode()

    assert text.index("Waits for you") < text.index("What rises")
    assert "Invented Works" in text
    assert "Waits for you" not in Client().get("/en/").content.decode()
    assert "Invented Works" not in Client().get("/en/").content.decode()


@dataclass(frozen=True)
class Said(Fragment):
    """What an invented room shows."""

    template: ClassVar[str] = "foretrack/panels/labelled.html"

    lines: tuple[Any, ...]


def test_a_room_adds_to_the_first_page_by_declaring_it(registry: Registry) -> None:
    front = Front("invented-front", "Records", lambda request: Said(()), order=1)
    FRONTS.append(front)
    try:
        text = Client().get("/en/").content.decode()
        data = Client().get("/en.json").json()
    finally:
        FRONTS.remove(front)

    assert 'id="invented-front"' in text
    assert text.index('id="invented-front"') < text.index('id="risers"')
    assert data["fronts"][0]["name"] == "invented-front"
