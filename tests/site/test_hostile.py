"""What a hostile visitor tries over HTTP, and what comes of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.site.conftest import NATIONAL, PASSWORD, Person

from foretrack.accounts.models import Account
from foretrack.registry.actions.records import create, edit, show
from foretrack.registry.registry import Registry

SCRIPT = "<script>alert(1)</script>"


def test_every_answer_carries_the_headers_that_keep_it_safe(
    registry: Registry, firm: str, person: Person
) -> None:
    for client, place in (
        (Client(), "/en/"), (Client(), f"/en/record/{firm}/"), (Client(), "/healthz"), (person(), "/en/nowhere/"),
        (person("auditor"), "/en/audit/"), (Client(), "/en/account/login/"), (person("officer"), "/en/audit/"),
    ):  # fmt: skip
        headers = client.get(place).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_no_cache_keeps_a_page_for_another_account(registry: Registry, firm: str, person: Person) -> None:
    for place in ("/en/", f"/en/record/{firm}/", "/en/account/login/"):
        headers = person("auditor").get(place, follow=True).headers
        assert "no-store" in headers["Cache-Control"]
        assert "private" in headers["Cache-Control"]


def test_a_page_differs_by_account_and_language_and_says_so(registry: Registry) -> None:
    vary = {part.strip() for part in Client().get("/en/").headers["Vary"].split(",")}

    assert {"Cookie", "Accept-Language"} <= vary


def test_a_form_without_its_token_is_refused_in_the_readers_language(registry: Registry, firm: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(Account.objects.create_user("a@example.org", PASSWORD))

    for place in (f"record/{firm}/edit/", f"record/{firm}/move/verify/", "records/organisation/new/",
                  "account/profile/", "account/profile/token/", "account/login/", "account/logout/"):  # fmt: skip
        answer = client.post(f"/zh-hans/{place}", {"name": "x"})
        assert answer.status_code == 403, place
        assert "表单不是从本站页面提交的" in answer.content.decode()


@pytest.mark.parametrize(
    "aim", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_logging_in_leads_nowhere_else(registry: Registry, aim: str) -> None:
    Account.objects.create_user("a@example.org", PASSWORD)

    answer = Client().post(
        "/en/account/login/", {"login": "a@example.org", "password": PASSWORD, "next": aim}
    )

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/en/"


def test_logging_in_leads_back_to_the_page(registry: Registry, firm: str) -> None:
    Account.objects.create_user("a@example.org", PASSWORD)
    asked = Client().get(f"/en/record/{firm}/audit/").headers["Location"]
    assert asked == f"/en/account/login/?next=%2Fen%2Frecord%2F{firm}%2Faudit%2F"

    answer = Client().post(
        "/en/account/login/",
        {"login": "a@example.org", "password": PASSWORD, "next": f"/en/record/{firm}/audit/"},
    )

    assert answer.headers["Location"] == f"/en/record/{firm}/audit/"


def test_a_session_gets_a_new_name_when_somebody_logs_in(registry: Registry) -> None:
    Account.objects.create_user("a@example.org", PASSWORD)
    client = Client()
    client.cookies["sessionid"] = "0123456789abcdef0123456789abcdef"

    client.post("/en/account/login/", {"login": "a@example.org", "password": PASSWORD})

    assert client.cookies["sessionid"].value != "0123456789abcdef0123456789abcdef"
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"


def test_a_hidden_record_and_none_at_all_look_the_same(registry: Registry, firm: str, person: Person) -> None:
    hidden = create(registry, NATIONAL, "technology", {"title": {"en": "Hidden"}}).key
    absent = "01HZX3V9T8Q2M4N6P8R0S2T4V6"
    for client in (person(), person("member", organisation=firm), person("officer", regions=["CN-44"])):
        for tail in (
            "",
            "edit/",
            "move/agree/",
            "history/",
            "history/1/",
            "history/compare/",
            f"file/{'0' * 64}/",
        ):
            answers = [client.get(f"/en/record/{key}/{tail}") for key in (hidden, absent)]
            assert [a.status_code for a in answers] == [404, 404], tail
            texts = [a.content.decode().replace(hidden, "KEY").replace(absent, "KEY") for a in answers]
            assert without_tokens(texts[0]) == without_tokens(texts[1])
            assert "Hidden" not in texts[0]


def without_tokens(text: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)


def test_forged_posts_change_nothing_of_others(registry: Registry, firm: str, person: Person) -> None:
    stranger = create(
        registry, NATIONAL, "organisation", {"name": {"en": "Other"}, "sort_of": "company", "region": "CN-44"}
    ).key
    member = person("manager", organisation=stranger)

    for place, sent in (
        ("edit/", {"record-revision": 1, "name-en": "Taken"}),
        ("move/close/", {"record-revision": 1, "record-reason": "x"}),
        ("move/verify/", {"record-revision": 1, "record-reason": "x"}),
    ):
        answer = member.post(f"/en/record/{firm}/{place}", sent)
        assert answer.status_code in (400, 403, 409), place
    page = show(registry, NATIONAL, firm)
    assert (page.revision, page.status, page.values["name"]["en"]) == (1, "registered", "Invented Works")


def test_boxes_that_the_form_does_not_have_are_not_taken(
    registry: Registry, firm: str, person: Person
) -> None:
    member = person("manager", organisation=firm)

    member.post(
        f"/en/record/{firm}/edit/",
        {"record-revision": 1, "name-en": "New name", "sort_of": "company", "region": "CN-33", "status": "verified",
         "created_by": "X", "organisation": "Y", "audience": 0},
    )  # fmt: skip

    page = show(registry, NATIONAL, firm)
    assert page.values["name"]["en"] == "New name"
    assert page.status == "registered"


def test_stored_script_is_shown_as_text(registry: Registry, person: Person) -> None:
    key = create(
        registry, NATIONAL, "organisation",
        {"name": {"en": SCRIPT, "zh": SCRIPT}, "sort_of": "other", "region": "CN-33",
         "about": {"en": SCRIPT}, "other_names": [{"en": SCRIPT}]},
        provenance={"*": {"source": SCRIPT, "note": SCRIPT, "url": "javascript:alert(1)"}},
    ).key  # fmt: skip
    edit(registry, NATIONAL, key, {"about": {"en": f"{SCRIPT} again"}}, revision=1, reason=SCRIPT)
    officer = person("officer", regions=["*"])
    for place in ("", "edit/", "history/", "history/1/", "history/compare/", "move/verify/"):
        text = officer.get(f"/en/record/{key}/{place}").content.decode()
        assert SCRIPT not in text, place
        assert "alert(1)" in text.replace("&lt;", "<") or place == "move/verify/"
        assert 'href="javascript' not in text
    assert SCRIPT not in officer.get("/en/tasks/").content.decode()


def test_what_the_address_says_is_shown_as_text(registry: Registry) -> None:
    client = Client(raise_request_exception=False)
    for place in (f"/en/{SCRIPT}/", f"/en/records/{SCRIPT}/", f"/en/packs/x/{SCRIPT}/", f"/en/?x={SCRIPT}",
                  f"/en/account/login/?next={SCRIPT}"):  # fmt: skip
        assert SCRIPT not in client.get(place).content.decode()


def test_templates_and_sql_in_a_box_are_only_text(registry: Registry, firm: str, person: Person) -> None:
    officer = person("officer", regions=["*"])
    nasty = "{{ 7|add:7 }} {% load static %} ' OR 1=1; DROP TABLE registry_record; --"

    edit(registry, NATIONAL, firm, {"about": {"en": nasty}}, revision=1)

    text = officer.get(f"/en/record/{firm}/").content.decode()
    assert "{{ 7|add:7 }} {% load static %} &#x27; OR 1=1; DROP TABLE registry_record; --" in text
    assert show(registry, NATIONAL, firm).revision == 2


@pytest.mark.parametrize(
    "path",
    ["../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/secret.key", "static/../secret.key",
     "static/%2e%2e/%2e%2e/foretrack.toml", "en/record/../../secret.key"],
)  # fmt: skip
def test_no_address_leads_to_a_file_of_the_machine(registry: Registry, path: str) -> None:
    answer = Client(raise_request_exception=False).get(f"/{path}")

    assert answer.status_code in (302, 404)
    assert b"root:" not in answer.content


def test_a_file_is_saved_and_never_opened_inside_the_site(
    registry: Registry, firm: str, person: Person, tmp_path: Path
) -> None:
    from dataclasses import replace

    from foretrack.packs.shapes import Bilingual
    from foretrack.registry.declaring.fields import File
    from foretrack.registry.declaring.kind import KINDS

    plan = KINDS.get("plan")
    with_file = replace(
        plan,
        name="filed-plan",
        fields=(*plan.fields, File(name="paper", label=Bilingual("Paper", "文件"), many=True)),
    )
    KINDS.add(with_file)
    try:
        officer = person("officer", regions=["*"])
        text = SimpleUploadedFile("a; <b>.txt", b"Invented text, nothing more.", "text/plain")
        made = officer.post(
            "/en/records/filed-plan/new/",
            {"title-en": "With a file", "region": "CN-33", "paper": text},
        )
        assert made.status_code == 302, made.content.decode()
        page = officer.get(made.headers["Location"]).content.decode()
        key = made.headers["Location"].split("/")[3]
        href = re.search(rf"/en/record/{key}/file/[0-9a-f]{{64}}/", page)
        assert href is not None, re.sub(r"<[^>]+>", "", page)[:600]
        answer = officer.get(href[0])
        assert b"".join(answer.streaming_content) == b"Invented text, nothing more."  # type: ignore[attr-defined]
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "<b>" not in page
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert Client(raise_request_exception=False).get(href[0]).status_code == 404
        page_file = SimpleUploadedFile("a.txt", b"<html><script>alert(1)</script>", "text/plain")
        refused = officer.post(
            "/en/records/filed-plan/new/",
            {"title-en": "A page", "region": "CN-33", "paper": page_file},
            follow=True,
        )
        assert "The record was saved, but not the file a.txt" in refused.content.decode()
        program = SimpleUploadedFile("a.pdf", b"MZ\x90\x00 this is no PDF", "application/pdf")
        refused = officer.post(
            "/en/records/filed-plan/new/",
            {"title-en": "Wrong file", "region": "CN-33", "paper": program},
            follow=True,
        )
        assert "The record was saved, but not the file a.pdf" in refused.content.decode()
    finally:
        KINDS.remove("filed-plan")


def test_more_than_the_site_takes_in_is_answered_with_a_page(
    registry: Registry, firm: str, person: Person, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000

    answer = person("officer", regions=["*"]).post(
        f"/en/record/{firm}/edit/", {"about-en": "x" * 5000, "record-revision": 1}
    )

    assert answer.status_code == 413
    assert "more was sent" in answer.content.decode()


def test_more_boxes_than_any_form_has_are_answered_with_a_page(
    registry: Registry, firm: str, person: Person
) -> None:
    answer = person("officer", regions=["*"]).post(
        f"/en/record/{firm}/edit/", {f"box{n}": "x" for n in range(1500)}
    )

    assert answer.status_code == 413


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "evil.example:80", "a b"])
def test_a_host_that_is_not_ours_is_refused(registry: Registry, settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]

    answer = Client(raise_request_exception=False).get("/en/", headers={"host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "MOVE"])
def test_methods_that_no_page_knows_are_refused(
    registry: Registry, firm: str, person: Person, method: str
) -> None:
    officer = person("officer", regions=["*"])
    for place in ("/en/", f"/en/record/{firm}/", f"/en/record/{firm}/edit/", "/healthz"):
        answer = officer.generic(method, place)
        assert answer.status_code == 405
        assert answer.headers["Allow"]
        assert b"Traceback" not in answer.content


def test_a_link_changes_nothing(registry: Registry, firm: str, person: Person) -> None:
    """Whatever changes something asks for POST: a picture in a mail cannot verify a firm or revoke a token."""
    officer = person("officer", regions=["*"])

    for place in (f"record/{firm}/move/verify/?record-revision=1&record-reason=x", f"record/{firm}/edit/?name-en=Taken",
                  "records/organisation/new/?name-en=Made"):  # fmt: skip
        assert officer.get(f"/en/{place}").status_code == 200
    assert officer.get("/en/account/profile/token/1/revoke/").status_code == 405
    page = show(registry, NATIONAL, firm)
    assert (page.revision, page.status) == (1, "registered")


def test_the_admin_is_for_administrators(registry: Registry, person: Person) -> None:
    for role in ("officer", "auditor", "manager"):
        answer = person(role).get("/en/admin/")
        assert answer.status_code == 302
        assert "login" in answer.headers["Location"]


def patterns(resolver: URLResolver | None = None, before: str = "") -> list[str]:
    found = []
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if one.app_name != "admin":
                found += patterns(one, route)
        elif isinstance(one, URLPattern):
            found.append(route)
    return found


ODD = st.text(st.characters(codec="utf-8", exclude_characters="/?#"), min_size=1, max_size=30)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.lists(ODD, min_size=1, max_size=4), query=st.dictionaries(ODD, ODD, max_size=3))
def test_no_address_breaks_the_site(registry: Registry, path: list[str], query: dict[str, str]) -> None:
    client = Client(raise_request_exception=False)
    for first in ("", "record", "records", "packs"):
        answer = client.get("/en/" + "/".join([*filter(None, [first]), *path]) + "/", query)
        assert answer.status_code < 500


BOXES = (
    "record-revision", "record-reason", "record-visibility", "name-en", "name-zh", "sort_of", "region", "uscc",
    "website", "founded_on", "parent", "tracks", "other_names-en", "email",
)  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.dictionaries(st.sampled_from(BOXES), ODD | st.just("1"), max_size=8))
def test_no_form_breaks_the_site(registry: Registry, firm: str, person: Person, sent: dict[str, str]) -> None:
    officer = person_of(person)
    for place in (f"record/{firm}/edit/", f"record/{firm}/move/verify/", "records/organisation/new/"):
        assert officer.post(f"/en/{place}", sent).status_code < 500


def person_of(person: Person) -> Client:
    return person("officer", regions=["*"])
