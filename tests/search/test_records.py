"""Records are found as their access rules show them, from the moment they are written."""

from __future__ import annotations

import pytest
from tests.registry.conftest import firm, kinds, member, national, officer, registry

from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.records import assign, create, edit, move
from foretrack.registry.answers import RecordPage
from foretrack.registry.registry import Registry
from foretrack.search.actions import records
from foretrack.search.actions.indexing import reindex
from foretrack.search.actions.records import all_records, index_waiting, seen_by
from foretrack.search.actions.searching import search
from foretrack.search.models import Waiting

__all__ = ["firm", "kinds", "member", "national", "officer", "registry"]


@pytest.fixture
def plan(registry: Registry, member: Actor) -> RecordPage:
    return create(
        registry,
        member,
        "plan",
        {
            "title": {"en": "Perovskite cells", "zh": "钙钛矿电池"}, "region": "CN-33", "size": "small",
            "track": "cn-future-industries-2024/large-models", "contact": "Invented Person", "doi": "10.1000/xyz",
            "email": "person@example.com",
        },
    )  # fmt: skip


def found(query: str, actor: Actor) -> list[str]:
    return [hit.key for hit in search(query, viewer=seen_by(actor), embedder=None, units=["record"]).hits]


def test_a_draft_is_found_by_its_own_people_and_its_officer_only(
    plan: RecordPage, member: Actor, officer: Actor
) -> None:
    elsewhere = Actor("O2", grants=(Grant("officer", regions=("CN-44",)),))
    other = Actor("M2", grants=(Grant("member", "ANOTHER"),))

    assert found("钙钛矿", member) == found("perovskite", officer) == [plan.key]
    for actor in (VISITOR, elsewhere, other, Actor("A", grants=(Grant("administrator"),))):
        assert found("perovskite", actor) == found("10.1000/xyz", actor) == []
    assert found("perovskite", Actor("A", grants=(Grant("auditor"),))) == [plan.key]


def test_what_becomes_public_is_found_by_everybody(
    registry: Registry, plan: RecordPage, member: Actor, officer: Actor
) -> None:
    move(registry, member, plan.key, "submit", revision=1)
    move(registry, officer, plan.key, "announce", revision=2, reason="complete")

    assert found("perovskite", VISITOR) == found("https://doi.org/10.1000/XYZ", VISITOR) == [plan.key]
    answer = search("perovskite", viewer=seen_by(VISITOR), embedder=None)
    assert {f.name for f in answer.facets} >= {"unit", "kind", "status", "size", "track"}


def test_personal_data_is_not_indexed(plan: RecordPage, member: Actor) -> None:
    assert found("Invented Person", member) == found("example.com", member) == []


def test_an_edit_is_found_at_once(registry: Registry, plan: RecordPage, member: Actor) -> None:
    edit(registry, member, plan.key, {"title": {"en": "Tandem cells", "zh": "叠层电池"}}, revision=1)

    assert found("perovskite", member) == []
    assert found("叠层", member) == [plan.key]


def test_an_import_of_many_is_indexed_behind(
    registry: Registry, member: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "AT_ONCE", 0)
    made = create(registry, member, "plan", {"title": {"en": "Later", "zh": "后来"}})
    assert found("later", member) == []
    assert Waiting.objects.count() == 1

    assert search("", embedder=None).notes[0].code == "index_behind"

    monkeypatch.setattr(records, "AT_ONCE", 100)
    assert index_waiting(registry) == 1
    assert found("later", member) == [made.key]
    assert Waiting.objects.count() == 0


def test_what_an_import_hides_is_not_found_while_the_index_is_behind(
    registry: Registry, plan: RecordPage, member: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "AT_ONCE", 0)
    edit(registry, member, plan.key, {"size": "large"}, revision=1)

    assert found("perovskite", member) == []
    monkeypatch.setattr(records, "AT_ONCE", 100)
    index_waiting(registry)
    assert found("perovskite", member) == [plan.key]


def test_the_whole_registry_is_indexed_anew(registry: Registry, plan: RecordPage, member: Actor) -> None:
    done = reindex(all_records(registry), units=["record"])

    assert (done.added, done.changed, done.removed) == (0, 0, 0)
    assert done.unchanged > 0


def test_a_reviewer_finds_what_is_assigned_as_long_as_it_is(
    registry: Registry, plan: RecordPage, officer: Actor
) -> None:
    reviewer = Actor("REVIEWER", grants=(Grant("reviewer"),))
    assert found("perovskite", reviewer) == []

    assign(registry, officer, plan.key, "REVIEWER")
    assert found("perovskite", reviewer) == [plan.key]
    assign(registry, officer, plan.key, "REVIEWER", ended=True)
    assert found("perovskite", reviewer) == []


def test_a_token_that_may_not_read_is_refused(member: Actor) -> None:
    with pytest.raises(AccessError):
        seen_by(member.limited(["write"]))
