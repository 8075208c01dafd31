"""A request that is sent twice is done once, whatever happens in between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.api.conftest import Make, Program

from foretrack.api import answering
from foretrack.api.forgetting import forget
from foretrack.api.models import KeptAnswer
from foretrack.api.once import KEPT, LEASE
from foretrack.registry.models import AuditEntry, Record
from foretrack.registry.registry import Registry

BODY = {"values": {"title": {"en": "One"}}}


def test_the_same_request_is_done_once(officer: Program) -> None:
    first = officer.post("/records/plan", BODY, Idempotency_Key="a-1")
    again = officer.post("/records/plan", BODY, Idempotency_Key="a-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for name in ("Location", "ETag", "Content-Type"):
        assert again.headers[name] == first.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Record.objects.filter(kind="plan").count() == 1


def test_the_key_belongs_to_the_request_and_the_account(officer: Program, program: Make) -> None:
    officer.post("/records/plan", BODY, Idempotency_Key="a-1")

    other = officer.post("/records/plan", {"values": {"title": {"en": "Two"}}}, Idempotency_Key="a-1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key")
    place = officer.post("/records/organisation", BODY, Idempotency_Key="a-1")
    assert place.status_code == 422
    somebody = program("officer", regions=["*"]).post("/records/plan", BODY, Idempotency_Key="a-1")
    assert (somebody.status_code, "Idempotency-Replayed" in somebody.headers) == (201, False)
    assert Record.objects.filter(kind="plan").count() == 2


def test_what_was_refused_may_be_mended_under_the_same_key(officer: Program) -> None:
    wrong = officer.post("/records/plan", {"values": {"staff": -1}}, Idempotency_Key="a-1")
    assert wrong.status_code == 422
    assert KeptAnswer.objects.count() == 0

    assert officer.post("/records/plan", BODY, Idempotency_Key="a-1").status_code == 201


def test_a_crash_before_the_end_leaves_nothing_and_a_crash_after_it_the_answer(
    officer: Program, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, entries = answering._whole, AuditEntry.objects.count()

    def crash(response: Any) -> Any:
        whole(response)
        raise SystemExit("killed between the work and the keeping of its answer")

    monkeypatch.setattr(answering, "_whole", crash)
    with pytest.raises(SystemExit):
        officer.post("/records/plan", BODY, Idempotency_Key="a-1")
    assert (Record.objects.filter(kind="plan").count(), AuditEntry.objects.count()) == (0, entries)
    monkeypatch.setattr(answering, "_whole", whole)

    first = officer.post("/records/plan", BODY, Idempotency_Key="a-1")
    # The program was killed before it read the answer: it asks again, and another process answers.
    assert officer.post("/records/plan", BODY, Idempotency_Key="a-1").content == first.content


def test_while_one_is_at_work_another_one_waits_and_takes_over_from_the_dead(
    officer: Program, registry: Registry
) -> None:
    assert officer.account is not None
    officer.post("/records/plan", BODY, Idempotency_Key="a-1")
    Record.objects.filter(kind="plan").update(kind="gone")
    KeptAnswer.objects.update(status=None, body="", claim="of a process", claimed_at=registry.now())

    waiting = officer.post("/records/plan", BODY, Idempotency_Key="a-1")
    assert (waiting.status_code, waiting.json()["code"]) == (409, "under-way")
    assert 1 <= int(waiting.headers["Retry-After"]) <= 5

    KeptAnswer.objects.update(claimed_at=registry.now() - LEASE - timedelta(seconds=1))
    assert officer.post("/records/plan", BODY, Idempotency_Key="a-1").status_code == 201
    assert Record.objects.filter(kind="plan").count() == 1


def test_whoever_lost_the_claim_writes_nothing(
    officer: Program, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = answering._whole

    def overtaken(response: Any) -> Any:
        KeptAnswer.objects.update(claim="of another process")
        return whole(response)

    monkeypatch.setattr(answering, "_whole", overtaken)
    lost = officer.post("/records/plan", BODY, Idempotency_Key="a-1")

    assert (lost.status_code, lost.json()["code"]) == (409, "conflict")
    assert Record.objects.filter(kind="plan").count() == 0


@pytest.mark.parametrize("key", ["", "ключ", "a b", "x" * 201])
def test_a_key_that_is_none(officer: Program, key: str) -> None:
    answer = officer.post("/records/plan", BODY, Idempotency_Key=key)

    assert answer.status_code == 400, answer.content


def test_a_secret_is_never_kept(officer: Program) -> None:
    refused = officer.post("/tokens", {"name": "x", "scopes": ["read"]}, Idempotency_Key="a-1")
    assert refused.status_code == 400
    made = officer.post("/tokens", {"name": "x", "scopes": ["read"]})
    assert made.status_code == 201
    assert not KeptAnswer.objects.filter(body__contains=made.json()["text"]).exists()


def test_answers_are_forgotten_after_a_day(officer: Program, registry: Registry) -> None:
    officer.post("/records/plan", BODY, Idempotency_Key="a-1")
    KeptAnswer.objects.update(expires_at=registry.now() - timedelta(seconds=1))

    again = officer.post("/records/plan", BODY, Idempotency_Key="a-1")
    assert (again.status_code, "Idempotency-Replayed" in again.headers) == (201, False)
    assert Record.objects.filter(kind="plan").count() == 2
    kept = KeptAnswer.objects.get()
    assert abs(kept.expires_at - kept.claimed_at - KEPT) < timedelta(seconds=1)
    KeptAnswer.objects.update(expires_at=registry.now() - timedelta(seconds=1))
    from foretrack.jobs.declaring import Run

    forget.func(Run(registry, "task", 1, False))
    assert KeptAnswer.objects.count() == 0
