"""Whoever must act is told by the worker, in their language; nobody else, and nothing that is not for them."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from tests.accounts.conftest import MakeAccount

from foretrack.accounts.actors import actor_of
from foretrack.accounts.models import Account
from foretrack.accounts.notifying import record_link, tell
from foretrack.accounts.speech import speaking
from foretrack.jobs.declaring import Run
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.actions.records import assign, create, move
from foretrack.registry.answers import RecordPage
from foretrack.registry.registry import Registry

TRACK = "cn-15fyp-2026/quantum-technology"


@pytest.fixture
def people(account: MakeAccount, firm: str) -> dict[str, Account]:
    return {
        "member": account("member@example.org", Grant("member", firm)),
        "manager": account("manager@example.org", Grant("manager", firm), language="zh"),
        "officer": account("officer@example.org", Grant("officer", regions=("CN-33",)), language="zh"),
        "national": account("national@example.org", Grant("officer", regions=("*",))),
        "elsewhere": account("elsewhere@example.org", Grant("officer", regions=("CN-44",))),
        "reviewer": account("reviewer@example.org", Grant("reviewer")),
        "idle": account("idle@example.org", Grant("reviewer")),
        "auditor": account("auditor@example.org", Grant("auditor")),
        "admin": account("admin@example.org", Grant("administrator")),
    }


@pytest.fixture
def draft(registry: Registry, people: dict[str, Account], firm: str) -> RecordPage:
    values = {
        "title": {"en": "Invented\r\nBcc: all@example.org", "zh": "虚构方案"}, "organisation": firm, "region": "CN-33",
        "track": TRACK, "contact": "Secret Ann", "budget": {"amount": "987654", "currency": "CNY"},
    }  # fmt: skip
    return create(registry, actor_of(people["member"]), "plan", values)


def told(registry: Registry) -> dict[str, str]:
    """Runs what waits in the queue; address to subject and text."""
    mail.outbox.clear()
    for waiting in DBTaskResult.objects.all():
        assert waiting.task_path == tell.module_path
        tell.func(Run(registry, str(waiting.pk), 1, False), *waiting.args_kwargs["args"])
    DBTaskResult.objects.all().delete()
    return {m.to[0].partition("@")[0]: f"{m.subject}\n{m.body}" for m in mail.outbox}


def step(registry: Registry, who: Actor, page: RecordPage, name: str) -> RecordPage:
    return move(registry, who, page.key, name, revision=page.revision, reason="Invented reason")


def test_the_officers_in_charge_are_told_of_a_submission(
    registry: Registry, people: dict[str, Account], draft: RecordPage
) -> None:
    step(registry, actor_of(people["member"]), draft, "submit")
    assert mail.outbox == []

    messages = told(registry)

    assert set(messages) == {"officer", "national"}
    assert "[Foretrack] 虚构方案：已提交" in messages["officer"]
    assert "公示、不通过" in messages["officer"]
    assert f"http://localhost:8000/zh-hans/record/{draft.key}/" in messages["officer"]
    assert "办理期限：2026-03-16" in messages["officer"]
    assert "What you can do: Announce, Reject." in messages["national"]
    assert f"/en/record/{draft.key}/" in messages["national"]
    for text in messages.values():
        assert "Secret Ann" not in text
        assert "987654" not in text


def test_the_mover_is_not_told_and_assigned_reviewers_are(
    registry: Registry, people: dict[str, Account], draft: RecordPage
) -> None:
    page = step(registry, actor_of(people["member"]), draft, "submit")
    told(registry)

    assign(registry, actor_of(people["officer"]), page.key, people["reviewer"].key)
    assert set(told(registry)) == {"reviewer"}
    step(registry, actor_of(people["officer"]), page, "announce")

    messages = told(registry)
    assert set(messages) == {"national", "reviewer"}
    assert "The public notice runs until 2026-03-09." in messages["national"]
    assert "What you can do: Reject." in messages["reviewer"]


def test_nobody_is_told_where_nothing_is_left_to_do(
    registry: Registry, people: dict[str, Account], draft: RecordPage
) -> None:
    page = step(registry, actor_of(people["member"]), draft, "submit")
    told(registry)

    step(registry, actor_of(people["officer"]), page, "reject")

    assert told(registry) == {}


def test_a_message_that_has_become_idle_is_not_sent(
    registry: Registry, people: dict[str, Account], draft: RecordPage
) -> None:
    page = step(registry, actor_of(people["member"]), draft, "submit")
    people["national"].grants.update(ended_at=registry.now())
    people["officer"].is_active = False
    people["officer"].save()
    assert told(registry) == {}

    step(registry, Actor("X", grants=(Grant("officer", regions=("*",)),)), page, "reject")
    tell.func(Run(registry, "t", 1, False), people["national"].key, page.key, page.revision)
    assert mail.outbox == []


def test_a_move_that_fails_leaves_no_message(
    registry: Registry, people: dict[str, Account], draft: RecordPage
) -> None:
    with transaction.atomic():
        step(registry, actor_of(people["member"]), draft, "submit")
        transaction.set_rollback(True)

    assert DBTaskResult.objects.count() == 0


def test_a_title_writes_no_headers(registry: Registry, people: dict[str, Account], draft: RecordPage) -> None:
    step(registry, actor_of(people["member"]), draft, "submit")
    told(registry)

    national = next(m for m in mail.outbox if m.to == ["national@example.org"])
    assert "\n" not in str(national.subject)
    assert national.bcc == national.cc == []
    assert str(national.message()["Subject"]).startswith("[Foretrack] Invented")
    assert draft.key in str(national.body)


def test_the_queue_holds_keys_only(registry: Registry, people: dict[str, Account], draft: RecordPage) -> None:
    page = step(registry, actor_of(people["member"]), draft, "submit")

    kept = {tuple(task.args_kwargs["args"]) for task in DBTaskResult.objects.all()}
    assert kept == {(people[name].key, page.key, page.revision) for name in ("officer", "national")}


def test_the_link_leads_to_the_page_of_the_record(draft: RecordPage) -> None:
    from django.urls import resolve

    for language in ("en", "zh"):
        with speaking(language):
            found = resolve(record_link(draft.key, language).removeprefix("http://localhost:8000"))
        assert (found.url_name, found.kwargs) == ("record", {"key": draft.key})
