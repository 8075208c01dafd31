"""What managers, administrators and watchers do over the API: accounts, reviews, erasing, rules about one thing."""

from __future__ import annotations

from typing import Any

import pytest
from tests.api.conftest import Make, Program

from foretrack.accounts.models import Account
from foretrack.watch.models import WatchRule

NOBODY = "0" * 26


@pytest.fixture
def administrator(program: Make) -> Program:
    return program("administrator")


def key_of(one: Program) -> str:
    assert one.account is not None
    return str(one.account.key)


def test_an_account_is_changed_closed_reopened_and_erased(administrator: Program, officer: Program) -> None:
    place = f"/accounts/{key_of(officer)}"

    changed = administrator.patch(place, {"name": "Ann", "language": "zh"})
    assert (changed.status_code, changed.json()["name"], changed.json()["language"]) == (200, "Ann", "zh")
    assert administrator.patch(place, {"name": "Bea"}).json()["language"] == "zh"
    assert administrator.post(f"{place}/close", {"reason": "left"}).json()["state"] == "closed"
    assert officer.get("/me").status_code == 401
    assert administrator.post(f"{place}/reopen", {}).json()["state"] == "open"

    assert administrator.post(f"{place}/erase", {}).status_code == 422
    assert administrator.post(f"{place}/erase", {"reason": "request 7"}).json()["state"] == "erased"
    assert officer.account is not None
    officer.account.refresh_from_db()
    assert officer.account.name != "Bea"
    assert administrator.post(f"{place}/erase", {"reason": "request 7"}).status_code == 400


def test_a_second_factor_is_taken_off(administrator: Program, officer: Program) -> None:
    from allauth.mfa.models import Authenticator

    place = f"/accounts/{key_of(officer)}"
    assert administrator.post(f"{place}/drop-second-factor", {}).status_code == 400
    Authenticator.objects.create(user=officer.account, type=Authenticator.Type.TOTP, data={"secret": "x"})

    answer = administrator.post(f"{place}/drop-second-factor", {"reason": "lost the device"})

    assert (answer.status_code, answer.json()["second_factor"]) == (200, False), answer.content
    assert not Authenticator.objects.filter(user=officer.account).exists()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"name": "Ann"}),
        ("POST", "/close", {}),
        ("POST", "/reopen", {}),
        ("POST", "/drop-second-factor", {}),
        ("POST", "/erase", {"reason": "x"}),
        ("POST", "/grants", {"role": "auditor"}),
    ],
)
def test_nobody_manages_accounts_that_are_not_theirs(
    method: str, path: str, body: Any, administrator: Program, officer: Program, program: Make, firm: str
) -> None:
    manager = program("manager", organisation=firm)
    place = f"/accounts/{key_of(officer)}{path}"

    assert officer.ask(method, place, body).status_code == 403
    assert Program().ask(method, place, body).status_code == 401
    assert manager.ask(method, place, body).status_code == (403 if path == "/erase" else 404)
    assert administrator.ask(method, f"/accounts/{NOBODY}{path}", body).status_code == 404
    assert Account.objects.get(pk=officer.account.pk).name == officer.account.name  # type: ignore[union-attr]


def test_a_reviewer_is_found_asked_and_let_go(officer: Program, program: Make) -> None:
    reviewer = program("reviewer", regions=["*"])
    made = officer.post("/records/plan", {"values": {"title": {"en": "Invented"}, "region": "CN-33"}}).json()
    place = f"/records/plan/{made['key']}/assignments"

    assert key_of(reviewer) in {one["key"] for one in officer.get("/reviewers").json()["items"]}
    assert officer.post(place, {"reviewer": key_of(reviewer)}).status_code == 204
    assert [one["reviewer"] for one in officer.get(place).json()["items"]] == [key_of(reviewer)]
    assert officer.delete(f"{place}/{key_of(reviewer)}").status_code == 204
    assert officer.get(place).json()["items"] == []
    assert Program().get(place).status_code in (401, 404)
    assert program("member").get("/reviewers").status_code == 403


def test_an_erasure_is_looked_at_before_it_is_done(administrator: Program, officer: Program) -> None:
    values = {"title": {"en": "Invented"}, "region": "CN-33", "contact": "ann@example.org"}
    made = officer.post("/records/plan", {"values": values}).json()
    asked = {"record": made["key"], "fields": ["contact"]}

    plan = administrator.post("/erasures/plan", asked)

    assert plan.status_code == 200, plan.content
    assert (plan.json()["fields"], plan.json()["revisions"]) == (["contact"], 1)
    assert "ann@example.org" not in plan.content.decode()
    assert officer.get(f"/records/plan/{made['key']}").json()["values"]["contact"] == "ann@example.org"
    assert officer.post("/erasures/plan", asked).status_code == 403


def test_a_rule_is_about_one_record(officer: Program) -> None:
    made = officer.post("/records/plan", {"values": {"title": {"en": "Invented"}, "region": "CN-33"}}).json()
    ideas = officer.get(f"/watch/ideas?record={made['key']}").json()["items"]
    assert ideas

    rule = officer.post(
        "/watch/rules", {"name": "mine", "record": made["key"], "when": [ideas[0]["condition"]]}
    )

    assert rule.status_code == 201, rule.content
    kept = WatchRule.objects.get(key=rule.json()["rule"]["key"])
    assert (kept.about, kept.kind, kept.search["filters"]) == ("records", "plan", {"key": [made["key"]]})


def test_a_rule_about_one_thing_says_so_once(officer: Program, firm: str) -> None:
    wrong: list[dict[str, Any]] = [
        {"record": firm, "concept": "graph"},
        {"record": firm, "kind": "plan"},
        {"record": firm, "filters": {"key": [firm]}},
    ]
    for given in wrong:
        assert officer.post("/watch/rules", {"name": "x", **given}).status_code == 400, given
    assert officer.post("/watch/rules", {"name": "x", "record": NOBODY}).status_code == 404
    assert officer.get("/watch/ideas").status_code == 400
    assert Program().get("/watch/ideas?concept=graph").status_code == 401
    assert not WatchRule.objects.exists()


def test_a_webhook_gets_a_new_secret(officer: Program, settings: Any) -> None:
    settings.FORETRACK_WEBHOOK_HOSTS = ("127.0.0.1",)
    rule = officer.post("/watch/rules", {"name": "new plans", "kind": "plan"}).json()["rule"]["key"]
    made = officer.post(f"/watch/rules/{rule}/webhooks", {"address": "https://127.0.0.1/x"})
    assert made.status_code == 201, made.content
    place = f"/watch/channels/{made.json()['channel']['key']}/secret"

    renewed = officer.post(place)

    assert renewed.status_code == 200, renewed.content
    assert renewed.json()["secret"] != made.json()["secret"]
    assert officer.post(place, Idempotency_Key="again").status_code == 400
