"""Pages ask the database a few questions, however much they show; and reading writes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.site.conftest import NATIONAL, Person

from foretrack.registry.actions.records import create
from foretrack.registry.registry import Registry

PLACES = ("", "tasks/", "records/", "records/organisation/", "targets/", "lists/", "alerts/", "watch/", "clauses/",
          "duplicates/", "search/?q=invented")  # fmt: skip


def asked(client: Any, place: str) -> list[str]:
    client.get(f"/en/{place}")
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(f"/en/{place}").status_code == 200
    return [query["sql"] for query in found.captured_queries]


@pytest.fixture
def many(registry: Registry) -> None:
    for n in range(40):
        create(
            registry, NATIONAL, "organisation",
            {"name": {"en": f"Invented Institute {n}"}, "sort_of": "institute", "region": "CN-31"},
        )  # fmt: skip


def test_no_page_asks_once_for_every_line(registry: Registry, many: None, person: Person) -> None:
    officer = person("officer", regions=["*"])
    counted = {place: len(asked(officer, place)) for place in PLACES}

    assert {place: n for place, n in counted.items() if n > 25} == {}


def test_reading_writes_nothing(registry: Registry, many: None, person: Person) -> None:
    """On SQLite a reader that writes would stand in the queue of those who write."""
    officer = person("officer", regions=["*"])
    writes = {
        place: [sql for sql in asked(officer, place) if sql.split()[0] in ("INSERT", "UPDATE", "DELETE")]
        for place in PLACES
    }

    assert {place: sqls for place, sqls in writes.items() if sqls} == {}
