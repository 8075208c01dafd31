"""Drafts of forms over HTTP: kept, offered, merged with what others did meanwhile, and never shown to anybody else."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from tests.site.conftest import NATIONAL, SECOND, Person

from foretrack.accounts.models import FormDraft
from foretrack.registry.actions.records import create, edit, move, show
from foretrack.registry.registry import Registry

SCRIPT = {"HX-Request": "true"}
ABOUT = "Written for an hour"


@pytest.fixture
def technology(registry: Registry) -> str:
    values = {"title": {"en": "Invented cell", "zh": "虚构电池"}, "about": {"en": "As it was"}}
    return create(registry, NATIONAL, "technology", values).key


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_what_is_typed_is_kept_and_offered_and_goes_when_it_is_sent(
    registry: Registry, technology: str, person: Person
) -> None:
    officer, path = person("officer", regions=["*"]), f"/en/record/{technology}/edit/"
    typed = {"record-revision": "1", "title-en": "Invented cell", "title-zh": "虚构电池", "about-en": ABOUT,
             "maturity": "not a number", "record-reason": "Invented reason"}  # fmt: skip

    kept = officer.post(path + "draft/", typed, headers=SCRIPT)

    assert kept.status_code == 200
    assert re.fullmatch(r"Kept as a draft at \d\d:\d\d", text(kept).strip())
    assert show(registry, NATIONAL, technology).revision == 1
    offered = text(officer.get(path))
    assert "You began this earlier" in offered
    assert ABOUT not in offered
    assert "hx-post" not in offered  # a second draft would take the place of the one that is offered
    on = text(officer.get(path + "?draft=on"))
    assert ABOUT in on
    assert 'value="not a number"' in on
    assert "Invented reason" in on
    assert f'hx-post="{path}draft/"' in on

    sent = officer.post(path, {**typed, "maturity": "7"})

    assert sent.status_code == 302
    assert show(registry, NATIONAL, technology).values["about"] == {"en": ABOUT}
    assert FormDraft.objects.count() == 0


def test_without_a_script_the_button_keeps_it_and_comes_back_to_the_filled_form(
    registry: Registry, person: Person
) -> None:
    officer, path = person("officer", regions=["*"]), "/zh-hans/records/technology/new/"

    answer = officer.post(path + "draft/", {"title-zh": "虚构草稿"}, follow=True)

    assert answer.redirect_chain == [(f"{path}?draft=on", 302)]
    assert "虚构草稿" in text(answer)
    assert "已存为草稿" in text(answer)
    gone = officer.post(path + "draft/", {"discard": "form"}, follow=True)
    assert "虚构草稿" not in text(gone)
    assert FormDraft.objects.count() == 0


def test_a_draft_meets_what_somebody_else_saved_meanwhile(
    registry: Registry, technology: str, person: Person
) -> None:
    officer, path = person("officer", regions=["*"]), f"/en/record/{technology}/edit/"
    typed = {"record-revision": "1", "title-en": "Invented cell", "title-zh": "虚构电池", "about-en": ABOUT,
             "maturity": "soon"}  # fmt: skip
    officer.post(path + "draft/", typed, headers=SCRIPT)
    edit(registry, SECOND, technology, {"about": {"en": "As another wrote it"}}, revision=1)

    merged = text(officer.get(path + "?draft=on"))

    assert "Somebody changed this record after you opened it" in merged
    assert "As another wrote it" in merged
    assert ABOUT in merged
    assert 'value="soon"' in merged  # what cannot be read yet is not lost either
    assert 'name="record-revision" value="2"' in merged
    # Keeping on from here does not pretend that the draft was written upon what the other saved.
    officer.post(path + "draft/", typed, headers=SCRIPT)
    assert FormDraft.objects.get().revision == 1


def test_only_declared_fields_are_kept_and_no_file(
    registry: Registry, technology: str, person: Person
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    officer = person("officer", regions=["*"])
    typed = {"title-en": "<script>alert(1)</script>", "nonsense": "x", "status": "confirmed", "csrfmiddlewaretoken": "t",
             "about-en": "a\x00b", "title-en-more": "y", "file": SimpleUploadedFile("a.pdf", b"secret")}  # fmt: skip

    officer.post("/en/records/technology/new/draft/", typed)

    kept = FormDraft.objects.get().values
    boxes = {box for boxes in kept.values() for box in boxes}
    assert boxes == {"title-en", "about-en"}
    assert kept["about"] == {"about-en": ["ab"]}
    page = text(officer.get("/en/records/technology/new/?draft=on"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_nobody_else_sees_it_on_any_page(registry: Registry, technology: str, person: Person) -> None:
    first, second = person("officer", regions=["*"]), person("officer", regions=["*"])
    path = f"/en/record/{technology}/edit/"
    first.post(path + "draft/", {"about-en": ABOUT}, headers=SCRIPT)

    for client in (second, person("auditor"), person("administrator"), person()):
        for place in (path, f"{path}?draft=on", "/en/tasks/", f"/en/record/{technology}/", "/en/audit/"):
            for address in (
                place,
                place.replace("/?", ".json?") if "?" in place else place.rstrip("/") + ".json",
            ):
                assert ABOUT not in text(client.get(address, follow=True))
    second.post(path + "draft/", {"discard": "form"})
    assert FormDraft.objects.count() == 1
    assert ABOUT in text(first.get(path + "?draft=on"))


def test_a_step_that_is_possible_no_longer_gives_back_what_was_written(
    registry: Registry, technology: str, person: Person
) -> None:
    officer, path = person("officer", regions=["*"]), f"/en/record/{technology}/move/agree/"
    officer.post(path + "draft/", {"record-revision": "1", "record-reason": ABOUT}, headers=SCRIPT)
    assert ABOUT in text(officer.get(path + "?draft=on"))
    move(registry, SECOND, technology, "agree", revision=1, reason="Invented reason")

    missed = officer.get(path)

    assert missed.status_code == 409
    assert ABOUT in text(missed)
    assert "Discard the draft" in text(missed)
    officer.post(path + "draft/", {"discard": "tasks"})
    assert FormDraft.objects.count() == 0


@pytest.mark.parametrize("place", ["edit/", "move/agree/"])
def test_a_form_that_arrives_without_a_session_is_no_missing_page(
    registry: Registry, technology: str, place: str
) -> None:
    """The record is hidden from visitors: a plain 404 would be the end of what was typed."""
    answer = Client().post(f"/en/record/{technology}/{place}", {"record-reason": ABOUT, "password": "phrase"})

    page = text(answer)
    assert answer.status_code == 403
    assert "data-unsent" in page
    assert f"next=%2Fen%2Frecord%2F{technology}%2F{place.replace('/', '%2F')}" in page
    assert ABOUT in page
    assert "Invented cell" not in page


def test_the_log_in_never_hands_a_password_back(registry: Registry) -> None:
    client = Client(enforce_csrf_checks=True)

    page = text(client.post("/en/account/login/", {"login": "a@example.org", "password": "a secret phrase"}))

    assert "a secret phrase" not in page


def test_a_form_from_before_a_new_log_in_is_shown_again_and_nothing_is_done(
    registry: Registry, technology: str, person: Person
) -> None:
    known = person("officer", regions=["*"])
    officer = Client(enforce_csrf_checks=True)
    officer.cookies = known.cookies
    path, typed = (
        f"/en/record/{technology}/edit/",
        {"record-revision": "1", "title-en": "x", "about-en": ABOUT},
    )

    answer = officer.post(path, typed, headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 403
    assert ABOUT in text(answer)
    assert "too old" in text(answer)
    assert show(registry, NATIONAL, technology).revision == 1
    for elsewhere in ({"Sec-Fetch-Site": "cross-site"}, {}):
        refused = officer.post(path, typed, headers=elsewhere)
        assert refused.status_code == 403
        assert 'name="about-en"' not in text(refused)


def test_keeping_without_a_session_says_so_to_the_script(registry: Registry, technology: str) -> None:
    for path in (f"/en/record/{technology}/edit/draft/", f"/zh-hans/record/{technology}/move/agree/draft/",
                 "/en/records/technology/new/draft/"):  # fmt: skip
        answer = Client().post(path, {"about-en": ABOUT}, headers=SCRIPT)
        assert answer.status_code == 401
        assert answer.headers["Content-Type"].startswith("text/plain")
    assert FormDraft.objects.count() == 0


def test_a_draft_that_is_too_long_is_refused_in_the_readers_language(
    registry: Registry, technology: str, person: Person
) -> None:
    officer = person("officer", regions=["*"])

    answer = officer.post(
        f"/zh-hans/record/{technology}/edit/draft/", {"about-en": "x" * 600_000}, headers=SCRIPT
    )

    assert answer.status_code == 400
    assert "草稿共" in text(answer)


def test_the_fields_that_a_browser_must_not_keep_are_marked(registry: Registry, person: Person) -> None:
    page = text(person("officer", regions=["*"]).get("/en/records/person/new/"))
    wanted = {f.name for f in registry.kinds.get("person").fields if f.visibility != "public" or f.personal}

    marked = set(re.findall(r'id="field-(\w+)" data-keep="no"', page))

    assert wanted
    assert wanted <= marked


def test_the_data_of_the_form_hold_the_draft_for_its_owner_only_on_request(
    registry: Registry, technology: str, person: Person
) -> None:
    officer = person("officer", regions=["*"])
    officer.post(f"/en/record/{technology}/edit/draft/", {"about-en": ABOUT}, headers=SCRIPT)

    offered = json.loads(officer.get(f"/en/record/{technology}/edit.json").content)
    going_on = json.loads(officer.get(f"/en/record/{technology}/edit.json?draft=on").content)

    assert offered["kept"]["offered"] is True
    assert ABOUT not in json.dumps(offered)
    assert ABOUT in json.dumps(going_on)
