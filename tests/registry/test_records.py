"""What happens to one record: made, changed, moved, looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction

from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.registry.access.actor import VISITOR, Actor
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.records import create, edit, move, show
from foretrack.registry.actions.writing import ConflictError
from foretrack.registry.answers import RecordPage
from foretrack.registry.declaring.bodies import InvalidRecord
from foretrack.registry.models import AuditEntry, Record, Revision
from foretrack.registry.registry import Registry

GIVEN = {
    "title": {"en": "A plan", "zh": "一个方案"}, "region": "CN-33", "track": "humanoid-robots", "size": "small; large",
    "budget": "1200.50 CNY", "contact": "Invented Person", "staff": "12",
}  # fmt: skip


@pytest.fixture
def plan(registry: Registry, member: Actor) -> RecordPage:
    track = {"track": "cn-future-industries-2024/large-models"}
    return create(registry, member, "plan", {**GIVEN, **track})


def test_a_record_begins_with_its_first_revision(registry: Registry, plan: RecordPage, firm: str) -> None:
    assert (plan.status, plan.revision, plan.organisation) == ("draft", 1, firm)
    assert plan.values["size"] == ["small", "large"]
    assert Revision.objects.get(record__key=plan.key).values["title"] == {"en": "A plan", "zh": "一个方案"}


def test_every_wrong_field_is_named_at_once(registry: Registry, member: Actor) -> None:
    with pytest.raises(InvalidRecord) as caught:
        create(registry, member, "plan", {"title": "x", "staff": "many", "size": "huge", "nonsense": 1})

    assert [p.field for p in caught.value.problems] == ["staff", "size", "nonsense"]
    assert Record.objects.filter(kind="plan").count() == 0


def test_a_draft_is_hidden_from_everybody_else(registry: Registry, plan: RecordPage, officer: Actor) -> None:
    stranger = Actor("STRANGER")

    for actor in (VISITOR, stranger):
        with pytest.raises(InputError, match="no record"):
            show(registry, actor, plan.key)
    assert show(registry, officer, plan.key).values["contact"] == "Invented Person"


def test_the_second_of_two_editors_overwrites_nothing(
    registry: Registry, plan: RecordPage, member: Actor
) -> None:
    edit(registry, member, plan.key, {"staff": 13}, revision=1)

    with pytest.raises(ConflictError, match="revision 2"):
        edit(registry, member, plan.key, {"staff": 14}, revision=1)
    assert show(registry, member, plan.key).values["staff"] == 13


def test_a_change_that_changes_nothing_writes_nothing(
    registry: Registry, plan: RecordPage, member: Actor
) -> None:
    entries = AuditEntry.objects.count()

    assert edit(registry, member, plan.key, {"staff": "12"}, revision=1).revision == 1
    assert AuditEntry.objects.count() == entries


def test_a_notice_runs_its_working_days_before_anybody_may_accept(
    registry: Registry, plan: RecordPage, member: Actor, officer: Actor
) -> None:
    move(registry, member, plan.key, "submit", revision=1)
    announced = move(registry, officer, plan.key, "announce", revision=2, reason="complete")

    assert announced.notice_until == "2026-03-09"
    with pytest.raises(EvidenceError, match="2026-03-09"):
        move(registry, officer, plan.key, "accept", revision=3)
    later = replace(registry, clock=fixed_clock("2026-03-10"))
    assert move(later, officer, plan.key, "accept", revision=3).status == "accepted"


def test_a_visitor_sees_the_public_fields_of_what_is_public(
    registry: Registry, plan: RecordPage, member: Actor, officer: Actor
) -> None:
    move(registry, member, plan.key, "submit", revision=1)
    move(registry, officer, plan.key, "announce", revision=2, reason="complete")

    seen = show(registry, VISITOR, plan.key)

    assert set(seen.values) == {"title", "organisation", "region", "track", "size"}
    assert seen.hidden == 3
    assert set(show(registry, Actor("X", grants=()), plan.key).values) == set(seen.values)


def test_a_transition_needs_its_role_its_state_and_its_reason(
    registry: Registry, plan: RecordPage, member: Actor, officer: Actor
) -> None:
    with pytest.raises(AccessError):
        move(registry, officer, plan.key, "submit", revision=1)
    with pytest.raises(InputError, match="does not lead out"):
        move(registry, officer, plan.key, "announce", revision=1, reason="x")
    move(registry, member, plan.key, "submit", revision=1)
    with pytest.raises(InvalidRecord, match="without a reason"):
        move(registry, officer, plan.key, "announce", revision=2)


def test_history_cannot_be_rewritten_in_the_database(registry: Registry, plan: RecordPage) -> None:
    for statement in (
        "UPDATE registry_revision SET status = 'accepted'",
        "DELETE FROM registry_revision",
        "UPDATE registry_auditentry SET actor = 'somebody'",
        "DELETE FROM registry_auditentry",
    ):
        with (
            pytest.raises(DatabaseError, match="only ever added"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_a_transition_changes_nothing_that_its_state_keeps(
    registry: Registry, plan: RecordPage, member: Actor, officer: Actor
) -> None:
    move(registry, member, plan.key, "submit", revision=1)

    with pytest.raises(InputError, match="announce does not change staff"):
        move(registry, officer, plan.key, "announce", revision=2, reason="good", values={"staff": 99})

    assert Record.objects.get(key=plan.key).body["staff"] == 12
