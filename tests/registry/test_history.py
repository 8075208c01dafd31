"""What was, as far as one may see it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.auditing import entries, entry
from foretrack.registry.actions.history import diff, history, past
from foretrack.registry.actions.records import create, edit, move
from foretrack.registry.registry import Registry


@pytest.fixture
def plan(registry: Registry, member: Actor, officer: Actor) -> str:
    """Written, changed, handed in and announced."""
    key = create(
        registry, member, "plan",
        {
            "title": {"en": "A plan"}, "region": "CN-33", "staff": 5, "contact": "Invented Person",
            "track": "cn-future-industries-2024/large-models",
        },
        provenance={"staff": {"source": "invented survey", "date": "2026-01-01"}},
    ).key  # fmt: skip
    edit(
        registry,
        member,
        key,
        {"title": {"en": "A better plan"}, "staff": 7},
        revision=1,
        reason="counted again",
    )
    move(registry, member, key, "submit", revision=2)
    move(registry, officer, key, "announce", revision=3, reason="complete")
    return key


def test_the_owner_sees_every_revision_with_what_changed_and_why(
    registry: Registry, plan: str, member: Actor
) -> None:
    lines = history(registry, member, plan)

    assert [(line.number, line.act, line.by) for line in lines] == [
        (4, "move:announce", "OFFICER"), (3, "move:submit", "MEMBER"), (2, "edit", "MEMBER"), (1, "create", "MEMBER"),
    ]  # fmt: skip
    edited = lines[2]
    assert edited.changed == ("staff", "title")
    assert (edited.before["staff"], edited.after["staff"], edited.reason) == (5, 7, "counted again")
    assert edited.provenance == {"staff": {"source": "invented survey", "date": "2026-01-01"}}


def test_what_was_a_draft_once_does_not_become_public_by_being_published_later(
    registry: Registry, plan: str
) -> None:
    lines = history(registry, VISITOR, plan)

    assert [line.number for line in lines] == [4]
    assert lines[0].reason is None
    assert "staff" not in lines[0].after
    assert "contact" not in lines[0].after
    assert lines[0].before == {}
    with pytest.raises(InputError, match="no revision 2"):
        past(registry, VISITOR, plan, 2)
    with pytest.raises(InputError, match="no revision 1"):
        diff(registry, VISITOR, plan, 1, 4)


def test_a_former_organisation_does_not_see_what_another_has_now(
    registry: Registry, national: Actor, member: Actor
) -> None:
    other = create(
        registry, national, "organisation", {"name": {"en": "Invented Other"}, "sort_of": "company"}
    ).key
    key = create(registry, member, "plan", {"title": {"en": "A plan"}, "budget": "1 CNY"}).key
    edit(registry, national, key, {"organisation": other}, revision=1)
    newcomer = Actor("NEW", grants=(Grant("member", other),))

    assert [line.number for line in history(registry, newcomer, key)] == [2]
    with pytest.raises(InputError, match="no record"):
        history(registry, member, key)


def test_two_revisions_are_compared_field_by_field(registry: Registry, plan: str, member: Actor) -> None:
    found = diff(registry, member, plan, 1, 3)

    assert [(c.name, c.before, c.after) for c in found.changes] == [
        ("title", {"en": "A plan"}, {"en": "A better plan"}), ("staff", 5, 7),
    ]  # fmt: skip
    assert (found.status_before, found.status_after) == ("draft", "submitted")
    assert found.changes[1].provenance == {"source": "invented survey", "date": "2026-01-01"}


def test_a_past_revision_is_a_page_with_which_nothing_can_be_done(
    registry: Registry, plan: str, member: Actor
) -> None:
    page = past(registry, member, plan, 1)

    assert (page.title, page.status, page.revision, page.values["staff"]) == ("A plan", "draft", 1, 5)
    assert (page.moves, page.may_edit, page.hidden) == ((), False, 0)


def test_a_long_history_comes_in_pieces(registry: Registry, member: Actor) -> None:
    key = create(registry, member, "plan", {"title": {"en": "A plan"}, "staff": 0}).key
    for number in range(1, 8):
        edit(registry, member, key, {"staff": number}, revision=number)

    first = history(registry, member, key, limit=3)
    second = history(registry, member, key, limit=3, before=first[-1].number)

    assert [line.number for line in (*first, *second)] == [8, 7, 6, 5, 4, 3]
    assert all(line.changed == ("staff",) for line in (*first, *second))


def test_only_auditors_and_administrators_read_the_log(
    registry: Registry, plan: str, member: Actor, officer: Actor
) -> None:
    auditor = Actor("AUDITOR", grants=(Grant("auditor"),))

    for actor in (VISITOR, member, officer):
        with pytest.raises(AccessError):
            entries(registry, actor)
    page = entries(registry, auditor, subject=plan)
    assert [line.act for line in page.lines] == ["move:announce", "move:submit", "edit", "create"]
    assert [line.act for line in entries(registry, auditor, act="move").lines] == [
        "move:announce",
        "move:submit",
    ]
    assert [line.actor for line in entries(registry, auditor, who="OFFICER").lines] == ["OFFICER"]
    assert entry(registry, auditor, page.lines[0].number).reason == "complete"


def test_the_log_is_filtered_by_time_and_read_in_pages(registry: Registry, member: Actor) -> None:
    auditor = Actor("AUDITOR", grants=(Grant("auditor"),))
    later = replace(registry, clock=fixed_clock("2026-04-01T09:00:00"))
    for where in (registry, later):
        create(where, member, "plan", {"title": {"en": "A plan"}})

    assert len(entries(registry, auditor, since="2026-04-01").lines) == 1
    assert len(entries(registry, auditor, until="2026-04-01T09:00:00Z", act="create").lines) == 2
    first = entries(registry, auditor, limit=1)
    assert (
        entries(registry, auditor, limit=1, before=first.older).lines[0].number == first.lines[0].number - 1
    )
    with pytest.raises(InputError, match="no day"):
        entries(registry, auditor, since="yesterday'; --")
