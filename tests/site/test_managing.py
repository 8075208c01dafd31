"""Pages that manage: accounts, reviewers, merges, erasure, targets, series and their issues, jobs. Who may, what is asked
twice, what is said beside which box, and what the log has afterwards."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.site.conftest import NATIONAL, SECOND, Person

from foretrack.accounts.models import Account, FormDraft, RoleGrant
from foretrack.lists.actions.issuing import publish
from foretrack.lists.actions.reading import open_issue
from foretrack.lists.actions.series import declare_series, show_series
from foretrack.registry.actions.merging import merge
from foretrack.registry.actions.records import create, move, show
from foretrack.registry.models import Assignment, AuditEntry
from foretrack.registry.registry import Registry


def text(answer: Any) -> str:
    return str(answer.content.decode())


def wrong(answer: Any) -> dict[str, str]:
    """Field to what its box says is wrong."""
    return {
        name: re.sub(r"<[^>]+>", " ", said).strip()
        for name, said in re.findall(r'id="id_([\w-]+)_error">(.*?)</div>', text(answer), re.DOTALL)
    }


def last_act() -> str:
    return str(AuditEntry.objects.order_by("-number").first().act)  # type: ignore[union-attr]


# Accounts


def test_only_who_manages_accounts_sees_them(registry: Registry, person: Person, firm: str) -> None:
    administrator, manager = person("administrator"), person("manager", organisation=firm)
    own = Account.objects.get(email__startswith="manager")

    assert "manager2@example.org" in text(administrator.get("/en/accounts/"))
    seen = text(manager.get("/en/accounts/"))
    assert "manager2@example.org" in seen
    assert "administrator1@example.org" not in seen
    other = Account.objects.get(email__startswith="administrator")
    assert manager.get(f"/en/accounts/{other.key}/").status_code == 404
    assert manager.get(f"/en/accounts/{own.key}/").status_code == 200
    for client in (person("officer", regions=["*"]), person("auditor"), person("member", organisation=firm)):
        for place in ("", "invite/", f"{own.key}/", f"{own.key}/role/", f"{own.key}/erase/"):
            assert client.get(f"/en/accounts/{place}").status_code == 403, place
    assert person().get("/en/accounts/").status_code == 302
    for act in ("close", "erase", "factor"):
        answer = manager.post(f"/en/accounts/{own.key}/{act}/", {"reason": "x", "sure": own.email})
        assert answer.status_code == 403
    assert Account.objects.get(pk=own.pk).is_active


def test_somebody_is_invited_with_a_role_and_wrong_boxes_say_so(registry: Registry, person: Person) -> None:
    administrator = person("administrator")
    asked = {
        "email": "nobody",
        "name": "Invented",
        "language": "zh",
        "role": "officer",
        "regions": "CN-33, CN-31",
    }

    assert set(wrong(administrator.post("/en/accounts/invite/", asked))) == {"email"}
    asked["email"] = "new@example.org"
    assert set(wrong(administrator.post("/en/accounts/invite/", {**asked, "regions": "nowhere"}))) == {
        "regions"
    }
    assert set(wrong(administrator.post("/en/accounts/invite/", {**asked, "regions": ""}))) == {"regions"}
    assert set(wrong(administrator.post("/zh-hans/accounts/invite/", {**asked, "role": "king"}))) == {"role"}
    assert not Account.objects.filter(email="new@example.org").exists()
    made = administrator.post("/en/accounts/invite/", asked, follow=True)

    account = Account.objects.get(email="new@example.org")
    assert made.redirect_chain == [(f"/en/accounts/{account.key}/", 302)]
    assert RoleGrant.objects.get(account=account).regions == ["CN-33", "CN-31"]
    assert "CN-33, CN-31" in text(made)
    assert set(wrong(administrator.post("/en/accounts/invite/", asked))) == {"email"}


def test_roles_are_given_and_ended_and_the_last_administrator_stays(
    registry: Registry, person: Person, firm: str
) -> None:
    administrator = person("administrator")
    person("member", organisation=firm)
    account = Account.objects.get(email__startswith="member")
    path = f"/en/accounts/{account.key}/"

    assert set(wrong(administrator.post(f"{path}role/", {"role": "manager"}))) == {"organisation"}
    assert administrator.post(f"{path}role/", {"role": "manager", "organisation": firm}).status_code == 302
    number = RoleGrant.objects.get(account=account, role="manager").pk
    assert administrator.get(f"{path}role/{number}/end/").status_code == 200
    assert RoleGrant.objects.get(pk=number).ended_at is None
    assert administrator.post(f"{path}role/{number}/end/").status_code == 302
    assert RoleGrant.objects.get(pk=number).ended_at is not None
    assert administrator.post(f"{path}role/{number}/end/").status_code == 404

    mine = RoleGrant.objects.get(role="administrator")
    refused = administrator.post(f"/en/accounts/{mine.account.key}/role/{mine.pk}/end/")
    assert refused.status_code == 400
    assert "last administrator" in text(refused)


def test_an_account_is_closed_reopened_and_erased_only_when_it_is_meant(
    registry: Registry, person: Person
) -> None:
    administrator = person("administrator")
    person("officer", regions=["*"])
    account = Account.objects.get(email__startswith="officer")
    FormDraft.objects.create(
        account=account, form="new:person", values={}, begun_at=registry.now(), updated_at=registry.now()
    )
    path = f"/en/accounts/{account.key}/"

    assert administrator.post(f"{path}close/", {"reason": "Left"}).status_code == 302
    assert last_act() == "close account"
    again = administrator.post(f"{path}close/", {"reason": "Left"})
    assert again.status_code == 400
    assert administrator.post(f"{path}reopen/", {}).status_code == 302
    assert administrator.post(f"{path}factor/", {}).status_code == 400

    asked = text(administrator.get(f"{path}erase/"))
    assert "What remains" in asked
    assert set(wrong(administrator.post(f"{path}erase/", {"reason": "Request 7"}))) == {"sure"}
    assert set(wrong(administrator.post(f"{path}erase/", {"reason": "Request 7", "sure": "yes"}))) == {"sure"}
    assert set(wrong(administrator.post(f"{path}erase/", {"sure": account.email}))) == {"reason"}
    assert Account.objects.get(pk=account.pk).erased_at is None
    done = administrator.post(f"{path}erase/", {"reason": "Request 7", "sure": account.email}, follow=True)

    assert done.status_code == 200
    assert account.email not in text(done)
    assert FormDraft.objects.count() == 0
    assert last_act() == "erase account"
    assert f"?subject=account:{account.key}" in text(done)
    assert "a person was erased" in text(administrator.get(f"/en/audit/?subject=account:{account.key}"))


# Records


def test_a_reviewer_is_asked_and_released(registry: Registry, person: Person, firm: str) -> None:
    officer, reviewer = person("officer", regions=["*"]), person("reviewer")
    account = Account.objects.get(email__startswith="reviewer")
    path = f"/en/record/{firm}/reviewers/"

    assert f'href="{path}"' in text(officer.get(f"/en/record/{firm}/"))
    assert set(wrong(officer.post(path, {"reviewer": "SOMEBODY"}))) == {"reviewer"}
    assert officer.post(path, {"reviewer": account.key}).status_code == 302
    assert "Invented reviewer" in text(officer.get(path))
    assert last_act() == "assign"
    assert officer.post(path, {"end": account.key}).status_code == 302
    assert Assignment.objects.get().ended_at is not None
    assert officer.post(path, {"end": account.key}).status_code == 400
    for client in (reviewer, person("auditor"), person("officer", regions=["DE"])):
        assert client.get(path).status_code in (403, 404)
        assert client.post(path, {"reviewer": account.key}).status_code in (403, 404)
        assert "/reviewers/" not in text(client.get(f"/en/record/{firm}/"))


def test_a_merge_is_undone_from_the_survivors_page(registry: Registry, person: Person, firm: str) -> None:
    officer = person("officer", regions=["*"])
    other = create(
        registry,
        NATIONAL,
        "organisation",
        {"name": {"en": "Invented Twin"}, "region": "CN-33", "sort_of": "company"},
    )
    merge(registry, NATIONAL, firm, other.key, survivor_revision=1, absorbed_revision=1)
    path = f"/en/record/{other.key}/unmerge/"

    assert f'href="{path}"' in text(officer.get(f"/en/record/{firm}/"))
    assert "Invented Twin" in text(officer.get(path))
    assert set(wrong(officer.post(path, {}))) == {"reason"}
    assert officer.post(path, {"reason": "Two firms"}).status_code == 302
    assert show(registry, NATIONAL, other.key).key == other.key
    assert officer.get(path).status_code == 404
    assert person("auditor").get(path).status_code in (403, 404)


def test_erasing_names_what_goes_and_what_remains_and_is_asked_twice(
    registry: Registry, person: Person
) -> None:
    administrator, officer = person("administrator"), person("officer", regions=["*"])
    made = create(
        registry, NATIONAL, "person",
        {"name": {"en": "Invented Secret Name"}, "email": "secret@example.org"},
    )  # fmt: skip
    path = f"/en/record/{made.key}/erase/"
    officer.post(f"/en/record/{made.key}/edit/draft/", {"name-en": "Invented Secret Name"})

    assert officer.get(path).status_code == 403
    first = text(administrator.get(path))
    assert "Secret" not in first
    assert set(wrong(administrator.post(path, {"fields": ["name", "email"]}))) == {"reason"}
    assert set(wrong(administrator.post(path, {"reason": "Request 9"}))) == {"fields"}
    given = {"fields": ["name", "email"], "texts": "on", "reason": "Request 9"}
    second = administrator.post(path, given)
    assert second.status_code == 200
    assert "What remains" in text(second)
    assert "in 1 revisions" in text(second)
    assert show(registry, NATIONAL, made.key).values
    assert administrator.post(path, {**given, "sure": "000000"}).status_code == 400
    assert show(registry, NATIONAL, made.key).values["name"] == {"en": "Invented Secret Name"}
    assert administrator.post(path, {**given, "sure": made.key[-6:].lower()}).status_code == 302

    assert "name" not in show(registry, NATIONAL, made.key).values
    assert FormDraft.objects.count() == 0
    assert last_act() == "erase"


# Targets


OUTCOME = "/en/targets/cn-future-industries-2024/"


def outcome() -> str:
    from foretrack.packs.loading import load_packs

    for pack in load_packs():
        for target in pack.targets:
            if target.operator == "outcome":
                return f"/en/targets/{pack.id}/{target.id}/"
    raise AssertionError("no pack has a goal without a number")


def test_a_target_gets_an_indicator_a_value_and_a_rating(registry: Registry, person: Person) -> None:
    officer, path = person("officer", regions=["*"]), outcome()
    assert f'href="{path}rate/"' in text(officer.get(path))
    indicator = {
        "label-en": "Invented measure", "operator": ">=", "threshold": "5", "owner-en": "Invented office",
        "source": "Invented",
    }  # fmt: skip

    no_label = {k: v for k, v in indicator.items() if k != "label-en"}
    assert set(wrong(officer.post(f"{path}indicator/", no_label))) == {"label-en"}
    assert set(wrong(officer.post(f"{path}indicator/", {**indicator, "threshold": "five"}))) == {"threshold"}
    assert set(wrong(officer.post(f"{path}indicator/", {**indicator, "threshold": "nan"}))) == {"threshold"}
    early = {"on": "2026-01-05", "value": "6", "source": "Invented", "confidence": "k"}
    assert officer.post(f"{path}value/", early).status_code == 400
    assert officer.post(f"{path}indicator/", indicator).status_code == 302
    tomorrow = (registry.now() + timedelta(days=1)).date().isoformat()
    assert set(wrong(officer.post(f"{path}value/", {**early, "on": tomorrow}))) == {"on"}
    assert officer.post(f"{path}value/", early).status_code == 302
    rating = {
        "rating": "on track",
        "narrative-en": "Invented grounds",
        "role-en": "Head of an invented office",
    }
    assert set(wrong(officer.post(f"{path}rate/", {**rating, "evidence": "0" * 26}))) == {"evidence"}
    assert set(wrong(officer.post(f"{path}rate/", {**rating, "rating": "fine"}))) == {"rating"}
    rated = officer.post(f"{path}rate/", rating, follow=True)

    shown = text(rated)
    assert "Invented measure" in shown
    assert "Invented grounds" in shown
    assert last_act() == "rate target"
    for client in (person("auditor"), person("administrator")):
        assert "rate/" not in text(client.get(path)).replace("generate/", "")
        for act in ("rate", "indicator", "value"):
            assert client.get(f"{path}{act}/").status_code == 403
    assert person().post(f"{path}rate/", rating).status_code == 403


# Lists


@pytest.fixture
def listed(registry: Registry) -> list[str]:
    """A series with one issue, on which two firms stand."""
    keys = []
    for n in range(2):
        made = create(
            registry, NATIONAL, "organisation",
            {"name": {"en": f"Invented Listed {n}", "zh": f"虚构入选 {n}"}, "sort_of": "company", "region": "CN-33"},
        )  # fmt: skip
        move(registry, SECOND, made.key, "verify", revision=1, reason="Invented reason")
        keys.append(made.key)
    declare_series(
        registry, NATIONAL, "invented", kind="organisation", title={"en": "Invented list"},
        publisher={"en": "Invented office"},
    )  # fmt: skip
    publish(registry, NATIONAL, "invented", reason="Invented reason")
    return keys


def test_a_series_is_declared_and_changed(registry: Registry, person: Person) -> None:
    officer, path = person("officer", regions=["*"]), "/en/series/new/"
    assert f'href="{path}"' in text(officer.get("/en/lists/"))
    assert officer.post(path, {"kind": "organisation"}).headers["Location"] == f"{path}?kind=organisation"
    assert set(wrong(officer.post(path, {"kind": "person"}))) == {"kind"}
    form = text(officer.get(f"{path}?kind=organisation"))
    assert 'name="where-sort_of"' in form
    given = {
        "kind": "organisation", "name": "Invented List", "title-en": "Invented list", "publisher-en": "Invented office",
        "licence": "CC0-1.0", "fields": ["website"], "months": "12", "where-sort_of": ["institute"],
        "where-region": "CN-31",
    }  # fmt: skip

    assert set(wrong(officer.post(path, given))) == {"name"}
    given["name"] = "invented-list"
    assert set(wrong(officer.post(path, {**given, "publisher-en": ""}))) == {"publisher-en"}
    assert set(wrong(officer.post(path, {**given, "months": "9999"}))) == {"months"}
    assert officer.post(path, given).status_code == 302
    assert set(wrong(officer.post(path, given))) == {"name"}
    found = show_series("invented-list")
    assert (found.months_valid, found.fields, found.filters["sort_of"]) == (12, ("website",), ["institute"])

    change = {**given, "title-zh": "虚构名单", "where-region": "", "fields": ["website", "sort_of"]}
    assert officer.post("/en/lists/invented-list/change/", change).status_code == 302
    found = show_series("invented-list")
    assert found.title.zh == "虚构名单"
    assert set(found.filters) == {"sort_of"}
    assert found.fields == ("website", "sort_of")
    for client in (person("auditor"), person("reviewer")):
        assert client.get(path).status_code == 403
        assert client.post("/en/lists/invented-list/change/", change).status_code == 403


def test_an_entry_is_taken_off_with_a_reason_and_stands_again_later(
    registry: Registry, person: Person, listed: list[str]
) -> None:
    officer, path, gone = person("officer", regions=["*"]), "/en/lists/invented/next/", listed[0]
    assert f"{path}?pick={gone}" in text(officer.get("/en/lists/invented/1/"))
    assert "Invented Listed 1" in text(officer.get(f"{path}?find=listed 1"))
    given = {
        "step": "look",
        "pick": listed,
        f"act-{gone}": "remove",
        f"code-{gone}": "violation",
        f"en-{gone}": "Recalled",
    }

    shown = text(officer.post(path, given))
    assert "Left: Invented Listed 0" in shown
    assert "Recalled" in shown
    assert show_series("invented").issues == 1
    digest = re.search(r'name="digest" value="(\w{64})"', shown)
    assert digest
    final = {**given, "step": "publish", "digest": digest[1], "reason": "Invented reason"}
    changed = officer.post(path, {**final, f"en-{gone}": "Something else"})
    assert changed.status_code == 409  # not what was looked at
    assert officer.post(path, final).status_code == 302
    removed = open_issue("invented")[0].removed
    assert [(one.record, one.removal.code, one.removal.reason.en) for one in removed if one.removal] == [
        (gone, "violation", "Recalled")
    ]

    diff = text(officer.get("/en/lists/invented/compare/"))
    assert "Recalled (code violation" in diff
    back = {"step": "look", "pick": gone, f"act-{gone}": "readmit"}
    assert "Entered: Invented Listed 0" in text(officer.post(path, back))
    strange = {"step": "look", "pick": "0" * 26, f"act-{'0' * 26}": "renew"}
    assert officer.post(path, strange).status_code == 400
    assert officer.post(path, {**given, f"code-{gone}": "because"}).status_code == 400


def test_two_issues_are_compared_and_what_is_no_pair_is_refused(
    registry: Registry, listed: list[str]
) -> None:
    client = Client()
    assert client.get("/en/lists/invented/compare/").status_code == 404
    move(registry, NATIONAL, listed[0], "close", revision=2, reason="Invented reason")
    publish(registry, NATIONAL, "invented", reason="Invented reason")

    page = client.get("/zh-hans/lists/invented/compare/?before=1&after=2")
    assert "虚构入选 0" in text(page)
    assert client.get("/en/lists/invented/compare/?before=2&after=1").status_code == 400
    assert client.get("/en/lists/invented/compare/?before=x").status_code == 400
    rows = client.get("/en/lists/invented/compare.csv").content.decode("utf-8-sig").splitlines()
    assert rows[0] == "how,title,said"
    assert rows[1].startswith("left,")


# Jobs


def test_a_failed_job_is_seen_and_tried_again(registry: Registry, person: Person) -> None:
    from django_tasks import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    from foretrack.accounts import mailing
    from foretrack.jobs.queueing import enqueue

    enqueue(mailing.send_invitation, "NOBODY")
    task = DBTaskResult.objects.get()
    DBTaskResult.objects.update(
        status=TaskResultStatus.FAILED, finished_at=registry.now(), traceback="<b>Traceback</b>"
    )
    administrator = person("administrator")

    listed = text(administrator.get("/en/jobs/?state=failed"))
    assert "send invitation" in listed
    shown = text(administrator.get(f"/en/jobs/{task.pk}/"))
    assert "&lt;b&gt;Traceback" in shown
    assert administrator.post(f"/en/jobs/{task.pk}/retry/").status_code == 302
    task.refresh_from_db()
    assert task.status == TaskResultStatus.READY
    assert last_act() == "retry job"
    assert administrator.get("/en/jobs/?state=lost").status_code == 400
    assert administrator.get("/en/jobs/00000000-0000-0000-0000-000000000000/").status_code == 404
    for client in (
        person("officer", regions=["*"]),
        person("auditor"),
        person("manager", organisation="X" * 26),
    ):
        assert client.get("/en/jobs/").status_code == 403
        assert client.post(f"/en/jobs/{task.pk}/retry/").status_code == 403


# Tasks


def test_tasks_are_grouped_by_due_date_and_by_what_is_to_be_done(
    registry: Registry, person: Person, firm: str
) -> None:
    from foretrack.registry.models import Record

    officer = person("officer", regions=["*"])
    late = create(registry, NATIONAL, "technology", {"title": {"en": "Invented late"}})
    soon = create(registry, NATIONAL, "technology", {"title": {"en": "Invented soon"}})
    today = registry.now().date()
    Record.objects.filter(key=late.key).update(due_on=today - timedelta(days=1))
    Record.objects.filter(key=soon.key).update(due_on=today + timedelta(days=3))
    officer.post("/en/records/technology/new/draft/", {"title-en": "Invented draft"})

    page = text(officer.get("/en/tasks/"))
    order = [page.index(part) for part in ("Overdue", "Invented late", "Due within a week", "Invented soon",
                                           "Without a date", "Drafts that you kept")]  # fmt: skip
    assert order == sorted(order)
    assert 'href="/en/records/technology/new/?draft=on"' in page
    assert "待决定" in text(officer.get("/zh-hans/tasks/"))
    reviewer = person("reviewer")
    assert "Nothing waits for you." in text(reviewer.get("/en/tasks/"))
    account = Account.objects.get(email__startswith="reviewer")
    officer.post(f"/en/record/{firm}/reviewers/", {"reviewer": account.key})
    assert person().get("/en/tasks/").status_code == 302
