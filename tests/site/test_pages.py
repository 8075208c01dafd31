"""Pages over HTTP: what visitors and people with roles get, in both languages, and nothing that they may not see."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.site.conftest import NATIONAL, SECOND, Person

from foretrack.accounts.models import Account
from foretrack.registry.actions.records import create, edit, show
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

PLACES = ("", "records/", "packs/", "packs/cn-future-industries-2024/", "clauses/", "account/login/")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("place", PLACES)
def test_a_visitor_reads_every_public_page_in_both_languages(
    registry: Registry, language: str, place: str
) -> None:
    answer = Client().get(f"/{language}/{place}")

    assert answer.status_code == 200
    tag = {"en": "en", "zh-hans": "zh-Hans"}[language]
    assert f'<html lang="{tag}">' in answer.content.decode()


def test_a_page_in_chinese_holds_no_english_sentence(registry: Registry, firm: str) -> None:
    """Names and codes stay; two English words in a row outside of them are a sentence that nobody translated."""
    for place in (
        "",
        "records/",
        "packs/",
        f"record/{firm}/",
        f"record/{firm}/history/",
        "account/login/",
        "nowhere/",
    ):
        text = Client(raise_request_exception=False).get(f"/zh-hans/{place}").content.decode()
        body = re.sub(r'<[^>]*lang="en"[^>]*>[^<]*<', "<", text.partition("<body>")[2])
        plain = re.sub(r"<[^>]+>", " ", body)
        assert re.findall(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", plain) == [], place


def test_the_front_leads_to_the_language_of_the_account_or_the_browser(registry: Registry) -> None:
    assert Client().get("/", headers={"accept-language": "zh-CN,zh;q=0.9"}).headers["Location"] == "/zh-hans/"
    assert Client().get("/", headers={"accept-language": "de"}).headers["Location"] == "/en/"
    client = Client()
    client.force_login(Account.objects.create_user("zh@example.org", "x", language="zh"))
    assert client.get("/", headers={"accept-language": "en"}).headers["Location"] == "/zh-hans/"


def test_switching_the_language_keeps_the_rest_of_the_address(registry: Registry, firm: str) -> None:
    text = Client().get(f"/en/record/{firm}/history/?before=9").content.decode()

    assert f'href="/zh-hans/record/{firm}/history/?before=9"' in text


def test_a_record_is_made_submitted_and_decided(registry: Registry, firm: str, person: Person) -> None:
    member, officer = person("manager", organisation=firm), person("officer", regions=["*"])

    made = member.post(
        "/en/records/plan/new/",
        {"title-en": "Invented plan", "title-zh": "虚构方案", "region": "CN-33", "organisation": firm, "size": ["small"]},
    )  # fmt: skip
    assert made.status_code == 302, made.content.decode()
    key = made.headers["Location"].split("/")[-2]
    track = "cn-future-industries-2024/" + str(first_track())
    moved = member.post(f"/en/record/{key}/move/submit/", {"record-revision": 1, "track": track})
    assert moved.status_code == 302, moved.content.decode()
    refused = officer.post(f"/en/record/{key}/move/announce/", {"record-revision": 2})
    assert refused.status_code == 400
    assert "This is needed." in refused.content.decode()
    done = officer.post(
        f"/en/record/{key}/move/announce/", {"record-revision": 2, "record-reason": "Invented reason"}
    )
    assert done.status_code == 302
    assert show(registry, NATIONAL, key).status == "notice"


def first_track() -> str:
    from foretrack.packs.loading import load_packs

    return next(t.id for p in load_packs() if p.id == "cn-future-industries-2024" for t in p.tracks)


def test_two_editors_never_overwrite_one_another_and_nothing_is_lost(
    registry: Registry, firm: str, person: Person
) -> None:
    first, second = person("officer", regions=["*"]), person("officer", regions=["*"])
    page = form_of(first, firm)
    assert second.post(f"/en/record/{firm}/edit/", {**page, "country": "DE"}).status_code == 302

    clash = first.post(f"/en/record/{firm}/edit/", {**page, "country": "FR", "about-en": "Written meanwhile"})

    text = clash.content.decode()
    assert clash.status_code == 409
    assert show(registry, NATIONAL, firm).values["country"] == "DE"
    table = text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "DE" in table
    assert "FR" in table
    assert "both changed it" in table
    again = inputs(text)
    assert again["record-revision"] == "2"
    assert again["country"] == "FR"
    assert again["about-en"] == "Written meanwhile"
    assert first.post(f"/en/record/{firm}/edit/", again).status_code == 302
    kept = show(registry, NATIONAL, firm).values
    assert (kept["country"], kept["about"]) == ("FR", {"en": "Written meanwhile"})


def test_a_field_that_only_the_other_changed_stays_as_the_other_left_it(
    registry: Registry, firm: str, person: Person
) -> None:
    first, second = person("officer", regions=["*"]), person("officer", regions=["*"])
    page = form_of(first, firm)
    second.post(f"/en/record/{firm}/edit/", {**page, "country": "DE"})

    again = inputs(first.post(f"/en/record/{firm}/edit/", {**page, "about-en": "Mine"}).content.decode())

    assert first.post(f"/en/record/{firm}/edit/", again).status_code == 302
    kept = show(registry, NATIONAL, firm).values
    assert (kept["country"], kept["about"]) == ("DE", {"en": "Mine"})


def test_a_reason_written_for_a_step_that_somebody_else_took_is_handed_back(
    registry: Registry, firm: str, person: Person
) -> None:
    first, second = person("officer", regions=["*"]), person("officer", regions=["*"])
    sent = {"record-revision": 1, "record-reason": "A reason of mine"}
    assert second.post(f"/en/record/{firm}/move/verify/", sent).status_code == 302

    late = first.post(f"/en/record/{firm}/move/verify/", sent)

    assert late.status_code == 409
    assert "A reason of mine" in late.content.decode()


def form_of(client: Client, key: str) -> dict[str, Any]:
    return inputs(client.get(f"/en/record/{key}/edit/").content.decode())


def inputs(text: str) -> dict[str, Any]:
    """What a browser would send if somebody pressed the button of the form with a revision in it."""
    from lxml import html

    page: Any = html.document_fromstring(text)
    form = next(f for f in page.forms if "record-revision" in f.fields)
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        # HTML drops the line end that a text area begins with; lxml keeps it.
        sent.setdefault(name, []).append(value.removeprefix("\n"))
    sent.pop("csrfmiddlewaretoken", None)
    return {name: values[0] if len(values) == 1 else values for name, values in sent.items()}


def test_a_form_that_is_sent_unchanged_changes_nothing(registry: Registry, firm: str, person: Person) -> None:
    officer = person("officer", regions=["*"])

    assert officer.post(f"/en/record/{firm}/edit/", form_of(officer, firm)).status_code == 302
    assert show(registry, NATIONAL, firm).revision == 1


def test_every_wrong_box_is_named_and_what_was_typed_stays(
    registry: Registry, firm: str, person: Person
) -> None:
    officer = person("officer", regions=["*"])
    sent = {**form_of(officer, firm), "founded_on": "yesterday", "uscc": "123"}

    answer = officer.post(f"/zh-hans/record/{firm}/edit/", sent)

    text = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#field-founded_on"' in text
    assert 'href="#field-uscc"' in text
    assert 'value="123"' in text
    assert show(registry, NATIONAL, firm).revision == 1


def test_history_shows_what_changed_word_by_word(registry: Registry, firm: str) -> None:
    edit(registry, NATIONAL, firm, {"about": {"en": "makes solid cells"}}, revision=1)
    edit(
        registry,
        NATIONAL,
        firm,
        {"about": {"en": "makes hollow cells"}},
        revision=2,
        reason="Invented reason",
    )

    text = Client().get(f"/en/record/{firm}/history/compare/").content.decode()

    assert "<del>solid</del><ins>hollow</ins>" in text
    assert "Invented reason" not in Client().get(f"/en/record/{firm}/history/").content.decode()


def test_private_fields_are_counted_and_not_shown(registry: Registry, firm: str, person: Person) -> None:
    edit(registry, NATIONAL, firm, {"contact": "Invented Person", "email": "a@example.org"}, revision=1)

    visitor = Client().get(f"/en/record/{firm}/").content.decode()
    own = person("member", organisation=firm).get(f"/en/record/{firm}/").content.decode()

    assert "2 fields are not shown to you." in visitor
    assert "Invented Person" not in visitor
    assert "Invented Person" in own


def test_tasks_are_the_records_that_one_may_move_on(registry: Registry, firm: str, person: Person) -> None:
    other = create(
        registry,
        NATIONAL,
        "organisation",
        {"name": {"en": "Elsewhere"}, "sort_of": "other", "region": "CN-44"},
    )
    officer = person("officer", regions=["CN-33"])

    text = officer.get("/en/tasks/").content.decode()

    assert firm in text
    assert other.key not in text
    assert Client().get("/en/tasks/").status_code == 302


def test_the_audit_log_is_for_auditors(registry: Registry, firm: str, person: Person) -> None:
    assert person("officer", regions=["*"]).get("/en/audit/").status_code == 403
    assert Client().get(f"/en/record/{firm}/audit/").status_code == 302
    text = person("auditor").get(f"/en/record/{firm}/audit/").content.decode()
    assert "Invented Works" in text


def test_the_own_profile_changes_name_and_language(person: Person) -> None:
    somebody = person("auditor")

    answer = somebody.post("/en/account/profile/", {"name": "Invented Auditor", "language": "zh"})

    assert answer.headers["Location"] == "/zh-hans/account/profile/"
    assert "Invented Auditor" in somebody.get("/zh-hans/account/profile/").content.decode()


def test_a_token_is_shown_once_and_can_be_revoked(person: Person) -> None:
    somebody = person("auditor")

    made = somebody.post("/en/account/profile/token/", {"name": "script", "scope": ["read"], "days": "30"})
    text = re.search(r"ft_[A-Za-z0-9_-]{43}", made.content.decode())

    assert text is not None
    page = somebody.get("/en/account/profile/").content.decode()
    assert text[0] not in page
    number = re.search(r"token/(\d+)/revoke/", page)
    assert number is not None
    assert somebody.post(f"/en/account/profile/token/{number[1]}/revoke/").status_code == 302


def test_the_health_page_answers_without_a_language(registry: Registry) -> None:
    assert Client().get("/healthz").json() == {"status": "ok"}


def published(registry: Registry, firm: str) -> str:
    """A list of verified organisations with one issue; its name."""
    from foretrack.lists.actions.issuing import publish
    from foretrack.lists.actions.series import declare_series
    from foretrack.registry.actions.records import move

    move(registry, SECOND, firm, "verify", revision=1, reason="Invented reason")
    declare_series(
        registry, NATIONAL, "invented-list", kind="organisation", title={"en": "Invented list", "zh": "虚构名单"},
        publisher={"en": "Invented office", "zh": "虚构办公室"},
    )  # fmt: skip
    publish(registry, NATIONAL, "invented-list", reason="Invented reason")
    return "invented-list"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_issue_is_shown_with_its_hash_and_every_file_can_be_fetched(
    registry: Registry, firm: str, language: str
) -> None:
    name = published(registry, firm)

    text = Client().get(f"/{language}/lists/{name}/1/").content.decode()

    digest = re.search(r"<code>([0-9a-f]{64})</code>", text)
    assert digest is not None
    files = re.findall(rf'href="(/lists/{name}/1/[^"]+)"', text)
    assert {file.rpartition(".")[2] for file in files} == {"json", "csv", "xlsx", "html", "pdf", "jsonld"}
    by_ending = {file.rpartition(".")[2]: Client().get(file) for file in files if not file.endswith("pdf")}
    assert {answer.status_code for answer in by_ending.values()} == {200}
    assert hashlib.sha256(by_ending["json"].content).hexdigest() == digest[1]
    assert "sandbox" in by_ending["html"].headers["Content-Security-Policy"]
    assert Client().get(f"/lists/{name}/1/other.json").status_code == 404
    assert Client().get(f"/{language}/lists/{name}/7/").status_code == 404
    assert Client().get(f"/{language}/lists/").status_code == 200


def test_the_feed_of_a_list_has_an_address_without_a_language(registry: Registry, firm: str) -> None:
    name = published(registry, firm)

    answer = Client().get(f"/lists/{name}/atom.zh.xml")

    assert answer.status_code == 200
    assert "虚构名单" in answer.content.decode()


def test_the_next_issue_is_published_as_it_was_shown_or_not_at_all(
    registry: Registry, firm: str, person: Person
) -> None:
    name = published(registry, firm)
    officer = person("officer", regions=["*"])
    assert "nothing would change" in officer.get(f"/en/lists/{name}/next/").content.decode()
    edit(registry, NATIONAL, firm, {"country": "CN"}, revision=2)
    edit(registry, NATIONAL, firm, {"name": {"en": "Renamed Works"}}, revision=3)
    shown = officer.get(f"/en/lists/{name}/next/").content.decode()
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', shown)
    assert digest is not None
    edit(registry, NATIONAL, firm, {"name": {"en": "Renamed again"}}, revision=4)

    late = officer.post(f"/en/lists/{name}/next/", {"digest": digest[1], "reason": "Invented"})

    assert late.status_code == 409
    again = re.search(r'name="digest" value="([0-9a-f]{64})"', late.content.decode())
    assert again is not None
    done = officer.post(f"/en/lists/{name}/next/", {"digest": again[1], "reason": "Invented"})
    assert done.headers["Location"] == f"/en/lists/{name}/2/"
    assert "Renamed again" in officer.get(f"/en/lists/{name}/2/").content.decode()
    assert Client().get(f"/en/lists/{name}/next/").status_code == 302


def test_targets_open_down_to_the_revisions(registry: Registry) -> None:
    text = Client().get("/en/targets/?as-of=2025-12-31").content.decode()
    assert "Iconic products" in text
    page = Client().get("/zh-hans/targets/cn-future-industries-2024/products-2025/")
    assert page.status_code == 200
    assert "标志性产品" in page.content.decode()
    assert Client().get("/en/targets/cn-future-industries-2024/none/").status_code == 404
    assert Client().get("/en/targets/?as-of=soon").status_code == 400


def test_a_file_is_shown_before_it_is_taken_in(registry: Registry, firm: str, person: Person) -> None:
    officer = person("officer", regions=["*"])
    rows = "name_en,sort_of,region\nImported One,company,CN-33\nImported Two,company,CN-33\n"
    sent = SimpleUploadedFile("rows.csv", rows.encode(), "text/csv")

    shown = officer.post("/en/records/organisation/import/", {"file": sent, "visibility": "public"})

    text = shown.content.decode()
    assert shown.status_code == 200, text
    assert "Imported One" in text
    assert Record.objects.filter(kind="organisation").count() == 1
    token = re.search(r'name="token" value="([^"]+)"', text)
    assert token is not None
    stranger = person("officer", regions=["*"])
    forged = stranger.post("/en/records/organisation/import/", {"token": token[1], "visibility": "public"})
    assert forged.status_code == 400
    done = officer.post("/en/records/organisation/import/", {"token": token[1], "visibility": "public"})
    assert done.status_code == 302, done.content.decode()
    assert Record.objects.filter(kind="organisation").count() == 3


def test_wrong_rows_are_named_and_keep_all_out_unless_asked(registry: Registry, person: Person) -> None:
    officer = person("officer", regions=["*"])
    rows = "name_en,sort_of,region\nGood,company,CN-33\nBad,spaceship,CN-33\n"
    sent = SimpleUploadedFile("rows.csv", rows.encode(), "text/csv")
    text = officer.post("/zh-hans/records/organisation/import/", {"file": sent}).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', text)
    assert "第 3 行" in text
    assert token is not None

    refused = officer.post("/en/records/organisation/import/", {"token": token[1]})
    partly = officer.post("/en/records/organisation/import/", {"token": token[1], "partly": "1"})

    assert refused.status_code == 400
    assert partly.status_code == 302
    assert Record.objects.filter(kind="organisation").count() == 1


def test_what_is_downloaded_is_what_one_may_see(registry: Registry, firm: str, person: Person) -> None:
    edit(registry, NATIONAL, firm, {"contact": "Invented Person"}, revision=1)
    for client, seen in ((Client(), False), (person("member", organisation=firm), True)):
        answer = client.get("/en/records/organisation/export/?format=csv&sort_of=company")
        content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        assert "Invented Works" in content
        assert ("Invented Person" in content) is seen
    assert Client().get("/en/records/organisation/export/?format=exe").status_code == 400
    for ending in ("csv", "xlsx"):
        assert Client().get(f"/zh-hans/records/organisation/template/?format={ending}").status_code == 200


def test_a_table_is_filtered_sorted_and_paged_by_its_address(registry: Registry, firm: str) -> None:
    for n in range(60):
        create(
            registry, NATIONAL, "organisation",
            {"name": {"en": f"Institute {n:02}"}, "sort_of": "institute", "region": "CN-31"},
        )  # fmt: skip

    text = Client().get("/en/records/organisation/?sort_of=institute&sort=title&page=2").content.decode()

    assert "51 to 60 of 60 records" in text
    assert "Institute 59" in text
    assert "Invented Works" not in text.partition("<tbody>")[2]
    assert Client().get("/en/records/organisation/?nonsense=1").status_code == 400
    assert Client().get("/en/records/organisation/?sort=nonsense").status_code == 400
    assert Client().get("/en/records/organisation/?page=x").status_code == 400
    assert Client().get("/en/records/nonsense/").status_code == 404


def test_two_records_are_judged_and_merged(registry: Registry, firm: str, person: Person) -> None:
    from foretrack.registry.actions.duplicates import pairs, propose

    create(
        registry, NATIONAL, "organisation",
        {"name": {"en": "Invented Works", "zh": "虚构制造"}, "sort_of": "company", "region": "CN-33", "country": "CN"},
    )  # fmt: skip
    propose(registry, NATIONAL, "organisation")
    number = pairs(registry, NATIONAL)[0].number
    officer = person("officer", regions=["*"])
    assert officer.get("/zh-hans/duplicates/").status_code == 200
    assert officer.get(f"/en/duplicates/{number}/").status_code == 200

    done = officer.post(
        f"/en/duplicates/{number}/",
        {
            "judgement": "same",
            "survivor": firm,
            "take": ["country"],
            "first-revision": 1,
            "second-revision": 1,
        },
    )

    assert done.headers["Location"] == f"/en/record/{firm}/"
    assert show(registry, NATIONAL, firm).values["country"] == "CN"
    assert person("member", organisation=firm).get("/en/duplicates/").status_code == 403


def test_a_rule_is_made_and_ended(registry: Registry, person: Person) -> None:
    officer = person("officer", regions=["*"])

    made = officer.post("/en/watch/", {"name": "New firms", "kind": "organisation", "level": "info"})

    assert made.status_code == 302, made.content.decode()
    text = officer.get("/zh-hans/watch/").content.decode()
    assert "New firms" in text
    key = re.search(r"/watch/([0-9A-Z]{26})/", text)
    assert key is not None
    assert officer.post(f"/en/watch/{key[1]}/end/").status_code == 302
    assert "New firms" not in officer.get("/en/watch/").content.decode()
    assert officer.get("/en/alerts/").status_code == 200
    assert Client().get("/en/alerts/").status_code == 302


def test_search_says_why_something_was_found(registry: Registry, firm: str) -> None:
    text = Client().get("/en/search/?q=works").content.decode()

    assert "Invented <mark>Works</mark>" in text
    assert "by its words" in text
    assert Client().get("/zh-hans/search/?q=虚构").status_code == 200
    assert Client().get("/en/search/?nonsense=1").status_code in (200, 400)


def test_the_columns_of_a_table_are_chosen_in_its_address(registry: Registry, person: Person) -> None:
    made = {"name": {"en": "Invented"}, "email": "secret@example.org"}
    key = create(registry, NATIONAL, "person", made).key
    officer = person("officer", regions=["*"])

    assert "secret@example.org" in officer.get("/en/records/person/?show-column=email").content.decode()
    assert "secret@example.org" not in officer.get("/en/records/person/").content.decode()
    for client in (person("auditor"), person("administrator"), Client()):
        answer = client.get("/en/records/person/?show-column=email")
        assert answer.status_code == 200
        assert "secret@example.org" not in answer.content.decode()
    none = officer.get("/en/records/person/?show-column=").content.decode()
    assert f"/en/record/{key}/" in none
    assert officer.get("/en/records/person/?show-column=nonsense").status_code == 400
    assert officer.get("/en/records/person/?show-column=status").status_code == 400


def test_the_clause_map_names_only_pages_kinds_and_commands_that_exist(registry: Registry) -> None:
    from django.urls import NoReverseMatch, reverse

    from foretrack.packs.clause_map import unknown_services
    from foretrack.packs.loading import load_packs
    from foretrack.site.pages.packs import PAGE_WORDS

    def there(name: str) -> bool:
        try:
            return bool(reverse(name))
        except NoReverseMatch:
            return False

    rows = [row for pack in load_packs() for row in pack.systems]
    named = {one.name for row in rows for one in row.served_by if one.what == "page"}
    assert {"lookout", "lists", "targets"} <= named
    pages = {name for name in named if there(name) and name in PAGE_WORDS}
    assert unknown_services(rows, pages=pages, kinds=set(registry.kinds.kinds)) == []
    assert unknown_services(rows, pages=pages - {"lists"}) != []
    shown = Client().get("/zh-hans/clauses/").content.decode()
    assert '<a href="/zh-hans/lists/">名单</a>' in shown


def test_the_preview_of_a_long_file_is_told_in_pages(registry: Registry, person: Person) -> None:
    rows = [f"Invented {n},{'company' if n % 10 else 'nonsense'},CN-33" for n in range(400)]
    sent = SimpleUploadedFile("long.csv", ("name_en,sort_of,region\n" + "\n".join(rows)).encode())
    officer, path = person("officer", regions=["*"]), "/en/records/organisation/import/"

    first = officer.post(path, {"file": sent, "visibility": "private"}).content.decode()
    assert "Invented 1<" in first
    assert "Invented 100<" not in first
    assert "1 to 50 of 360" in first
    assert "1 to 20 of 40" in first
    later = officer.get(f"{path}?changes=8&wrong=2").content.decode()
    assert "351 to 360 of 360" in later
    assert "Invented 399<" in later
    assert "21 to 40 of 40" in later
    assert "Row 392" in later
    token = re.search(r'name="token" value="([^"]+)"', later)
    assert token
    assert 'name="visibility" value="private"' in later
    beyond = officer.get(f"{path}?changes=99&wrong=99")
    assert beyond.status_code == 200
    assert officer.get(f"{path}?changes=x").status_code == 400
    assert person("officer", regions=["*"]).get(f"{path}?changes=2").status_code == 400
    assert Record.objects.filter(kind="organisation").count() == 0
    done = officer.post(path, {"token": token[1], "visibility": "private", "partly": "1"})
    assert done.status_code == 302
    assert Record.objects.filter(kind="organisation").count() == 360
