"""What every address of the API does, whatever it is about: who may, in which language, and what hostile input gets."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from tests.api.conftest import BASE, Make, Program

from foretrack.api.models import Asked
from foretrack.api.parsing import MOST_BYTES
from foretrack.api.quotas import QUOTAS, Quotas
from foretrack.registry.registry import Registry

BODY = {"values": {"title": {"en": "One"}}}


def is_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, (status, answer.status_code, answer.content[:500])
    assert answer.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["code"] == code, told
    assert told["status"] == status
    assert told["type"] == f"urn:foretrack:problem:{code}"
    assert told["title"]
    return told


def test_what_is_not_there_is_a_problem(visitor: Program) -> None:
    is_problem(visitor.get("/nothing"), 404, "not-there")
    is_problem(visitor.get("/api/v2/me"), 404, "not-there")
    is_problem(visitor.get("/targets/nothing/at-all"), 404, "not-there")
    is_problem(visitor.get("/records/nothing"), 404, "not-there")
    is_problem(visitor.get("/lists/nothing"), 404, "not-there")
    put = visitor.ask("PUT", "/targets")
    is_problem(put, 405, "method")
    assert put.headers["Allow"] == "GET"
    is_problem(visitor.ask("POST", "/openapi.json"), 405, "method")


def test_what_the_query_does_not_know_is_refused(visitor: Program) -> None:
    told = is_problem(visitor.get("/targets?page=2"), 422, "fields")
    assert told["errors"][0]["field"] == "page"
    told = is_problem(visitor.get("/targets?as_of=x"), 422, "fields")
    assert told["errors"] == [
        {
            "field": "as_of",
            "message": "a day such as 2026-03-01 is expected",
            "rule": "date_from_datetime_parsing",
        }
    ]


def test_rating_is_for_officers(visitor: Program, officer: Program, program: Make) -> None:
    target = visitor.get("/targets").json()["items"][0]["target"]
    body = {"rating": "at risk", "narrative": {"en": "Behind."}, "role": {"en": "Invented office"}}

    refused = visitor.post(f"/targets/{target}/ratings", body)
    is_problem(refused, 401, "log-in")
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="Foretrack"'
    member = program("member", organisation="X")
    is_problem(member.post(f"/targets/{target}/ratings", body), 403, "not-allowed")
    is_problem(officer.post(f"/targets/{target}/ratings", {**body, "rating": "x"}), 400, "input")
    done = officer.post(f"/targets/{target}/ratings", body)
    assert done.status_code == 201, done.content
    assert done.json()["rating"]["narrative"] == {"en": "Behind.", "zh": ""}


@pytest.mark.parametrize("header", [
    "Bearer ft_nothing", "Bearer", "Bearer ", "Basic b2ZmaWNlcjp4", "ft_x", "bearer " + "ft_" + "A" * 43, "Bearer 令牌",
])  # fmt: skip
def test_a_token_that_is_none_is_refused_everywhere(visitor: Program, header: str) -> None:
    for path in ("/targets", "/me", "/openapi.json", "/nothing"):
        answer = visitor.ask("GET", path, headers={"Authorization": header})
        is_problem(answer, 401, "log-in")
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_token_does_no_more_than_its_scopes(program: Make, registry: Registry) -> None:
    reading = program("officer", ["read"], regions=["*"])
    is_problem(reading.post("/records/plan", BODY), 403, "not-allowed")
    is_problem(reading.post("/tokens", {"name": "x", "scopes": ["read"]}), 403, "not-allowed")
    is_problem(reading.post("/lists", {
        "name": "plans", "kind": "plan", "title": {"en": "P"}, "publisher": {"en": "P"},
    }), 403, "not-allowed")  # fmt: skip
    assert reading.get("/me").json()["scopes"] == ["read"]

    managing = program("officer", ["manage"], regions=["*"])
    is_problem(managing.post("/tokens", {"name": "x", "scopes": ["manage", "write"]}), 403, "not-allowed")
    assert managing.get("/records/plan").json()["items"] == []
    made = managing.post("/tokens", {"name": "x", "scopes": ["manage"], "days": 1}).json()
    other = Program(made["text"])
    assert other.get("/me").json()["scopes"] == ["manage"]
    assert managing.delete(f"/tokens/{made['line']['token']}").status_code == 200
    is_problem(other.get("/me"), 401, "log-in")


def test_a_session_needs_the_csrf_token_and_a_token_does_not(program: Make) -> None:
    officer = program("officer", regions=["*"])
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    assert officer.account is not None
    browser.force_login(officer.account)
    given: dict[str, Any] = {"data": json.dumps(BODY), "content_type": "application/json"}

    is_problem(browser.post(f"{BASE}/records/plan", **given), 403, "csrf")
    is_problem(browser.post(f"{BASE}/records/plan", headers={"X-CSRFToken": "A" * 64}, **given), 403, "csrf")
    browser.get("/en/account/profile/")
    secret = browser.cookies["csrftoken"].value
    made = browser.post(f"{BASE}/records/plan", headers={"X-CSRFToken": secret}, **given)
    assert made.status_code == 201, made.content
    assert browser.get(f"{BASE}/me").json()["via"] == "person"
    # A page of another site can neither send the header of a token nor read ours.
    with_token = browser.post(
        f"{BASE}/records/plan", headers={"Authorization": f"Bearer {officer.token}"}, **given
    )
    assert with_token.status_code == 201
    is_problem(
        browser.post(f"{BASE}/records/plan", headers={"Authorization": "Bearer ft_x"}, **given), 401, "log-in"
    )


DEEP = '{"values": ' + "[" * 100_000 + "]" * 100_000 + "}"


@pytest.mark.parametrize(("body", "status", "code"), [
    (b"", 422, "fields"),
    (b"{", 400, "input"),
    (b"\xff\xfe", 400, "input"),
    (b"\xef\xbb\xbf{}", 400, "input"),
    (DEEP.encode(), 400, "input"),
    (b'{"values": {"title": {"en": "a\\u0000b"}}}', 400, "input"),
    (b'{"values": {"title": {"en": "\\ud800"}}}', 400, "input"),
    (b'{"values": {"ti\\u0000tle": 1}}', 400, "input"),
    (b'{"values": {"staff": NaN}}', 400, "input"),
    (b'{"values": {"staff": -Infinity}}', 400, "input"),
    (b'{"values": {"staff": 1e999}}', 400, "input"),
    (b'{"values": {"staff": ' + b"9" * 5000 + b"}}", 400, "input"),
    (b'{"values": {"staff": 999999999999999999}}', 201, ""),
    (b'{"values": {}, "values": {"staff": 1}}', 400, "input"),
    (b'{"values": {"title": {"en": "' + b"a" * MOST_BYTES + b'"}}}', 413, "too-large"),
    (b'{"values": {"title": {"en": "' + b"a" * (21 * 1024 * 1024) + b'"}}}', 413, "too-large"),
    (b'{"values": {"staff": true}}', 422, "fields"),
    (b'{"values": null}', 422, "fields"),
])  # fmt: skip
def test_hostile_bodies(officer: Program, body: bytes, status: int, code: str) -> None:
    answer = officer.post("/records/plan", body)

    if code:
        is_problem(answer, status, code)
    else:
        assert answer.status_code == status, answer.content


@pytest.mark.parametrize("media_type", [
    "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "",
])  # fmt: skip
def test_a_body_has_to_be_json(officer: Program, media_type: str) -> None:
    answer = officer.ask("POST", "/records/plan", json.dumps(BODY), content_type=media_type)

    is_problem(answer, 415, "media-type")


@pytest.mark.parametrize("path", [
    "/records/pl%00an", "/targets/a%00/b", "/search?q=a%00b", "/records/plan?region=%00", "/audit?subject=%00",
    "/records/plan/01M8EXVKJ6WMZMMA3ETTDATA%00W", "/search?%00=1",
])  # fmt: skip
def test_a_nul_in_the_address(officer: Program, path: str) -> None:
    assert officer.get(path).status_code in (400, 404)


@pytest.mark.parametrize("path", [
    "/search?q=%F0%28%8C%28", "/search?q=" + "a" * 1001, "/records/plan?limit=0", "/records/plan?limit=201",
    "/records/plan?limit=9999999999999999999999", "/records/plan?sort=contact", "/records/plan?updated_since=x",
    "/records/plan?due_before=2026-13-45", "/audit/0", "/audit/99999999999999999999",
    "/records/plan?cursor=" + "a" * 3000, "/records/plan?" + "&".join(f"size=v{n}" for n in range(60)),
])  # fmt: skip
def test_odd_addresses_are_refused_in_order(officer: Program, path: str) -> None:
    assert officer.get(path).status_code in (200, 400, 403, 404, 422)


def test_what_is_personal_is_not_kept_by_anybody(visitor: Program, officer: Program) -> None:
    for asker, kept in ((officer, "private, no-store"), (visitor, "public, max-age=0, must-revalidate")):
        answer = asker.get("/targets")
        assert answer.headers["Cache-Control"] == kept
        vary = {one.strip() for one in answer.headers["Vary"].split(",")}
        assert {"Authorization", "Cookie", "Accept-Language"} <= vary
    for answer in (visitor.get("/nothing"), visitor.get("/me/tasks"), officer.post("/records/plan", BODY)):
        assert answer.headers["Cache-Control"] == "private, no-store"
    unchanged = officer.get("/targets", If_None_Match=officer.get("/targets").headers["ETag"])
    assert (unchanged.status_code, unchanged.headers["Cache-Control"]) == (304, "private, no-store")


def test_refusals_speak_the_language_that_was_asked_for(visitor: Program, program: Make) -> None:
    english, chinese = (visitor.get("/nothing", Accept_Language=one) for one in ("de, en;q=0.5", "zh-TW"))
    assert (english.headers["Content-Language"], chinese.headers["Content-Language"]) == ("en", "zh-hans")
    assert english.json()["title"] != chinese.json()["title"]
    member = program("member", organisation="X")
    assert member.patch("/me", {"language": "zh"}).status_code == 200
    own = member.get("/nothing")
    assert own.headers["Content-Language"] == "zh-hans"
    assert member.get("/nothing", Accept_Language="en").headers["Content-Language"] == "en"


def test_head_is_answered_like_get_without_a_body(visitor: Program) -> None:
    got, head = visitor.get("/targets"), visitor.ask("HEAD", "/targets")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(got.content))


def test_whoever_asks_too_often_has_to_wait(
    program: Make, visitor: Program, settings: Any, registry: Registry
) -> None:
    settings.FORETRACK = replace(settings.FORETRACK, requests_per_minute=3, visitor_requests_per_minute=2)
    member = program("member", organisation="X")
    QUOTAS.known.clear()
    Asked.objects.all().delete()

    statuses = [member.get("/targets").status_code for _ in range(5)]
    # Unless a minute ended just then.
    assert statuses in ([200, 200, 200, 429, 429], *[[200] * 5])
    QUOTAS.known.clear()
    Asked.objects.all().delete()
    answers = [visitor.get("/targets") for _ in range(6)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 2
    told = is_problem(refused[-1], 429, "too-many")
    assert "2" in told["title"]
    assert 1 <= int(refused[-1].headers["Retry-After"]) <= 60
    assert refused[-1].headers["RateLimit"].startswith('"minute";r=0;t=')
    assert answers[0].headers["RateLimit-Policy"] == '"minute";q=2;w=60'


def test_processes_count_together(registry: Registry) -> None:
    one, other = Quotas(), Quotas()
    answers = [process.take("account:X", 100, 1_000_000) for _ in range(60) for process in (one, other)]

    allowed = sum(answer.allowed for answer in answers)
    assert 100 <= allowed <= 100 + 2 * 5
    assert other.take("account:X", 100, 1_000_060).allowed
    assert other.take("account:Y", 100, 1_000_000).left == 99
    assert not Asked.objects.filter(who__contains="X").exists()


def test_the_page_of_problems_is_never_html(visitor: Program, officer: Program) -> None:
    for asker in (visitor, officer):
        for path in ("/", "//", "/../", "/records", "/records/plan/", "/%2e%2e/admin", "/me/"):
            answer = asker.get(path)
            assert "text/html" not in answer.headers.get("Content-Type", "") or answer.status_code in (
                301,
                302,
            )
