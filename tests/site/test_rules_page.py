"""Rules in a browser: about one thing in words, the page of one rule, and where alerts, feeds and mails lead."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from tests.site.conftest import NATIONAL, SECOND, Person

from foretrack.accounts.models import Account
from foretrack.jobs.worker import Worker
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.actions.records import create, edit, move
from foretrack.registry.registry import Registry
from foretrack.search.actions.indexing import index
from foretrack.search.shapes import Thing
from foretrack.watch.actions.looking import look_at
from foretrack.watch.actions.raising import raise_alerts
from foretrack.watch.actions.rules import add_rule
from foretrack.watch.conditions import Finding
from foretrack.watch.models import Alert, Channel, WatchRule

OFFICER = Actor("WATCHER", grants=(Grant("officer", regions=("*",)),))


@pytest.fixture
def concept(registry: Registry) -> str:
    index([Thing(unit="concept", key="moss-cathode", title_en="moss cathode", title_zh="苔藓阴极")])
    return "moss-cathode"


def made(client: Client, **sent: Any) -> str:
    answer = client.post("/en/watch/", sent)
    assert answer.status_code == 302, answer.content.decode()
    found = re.fullmatch(r"/en/watch/([0-9A-Z]{26})/", answer.headers["Location"])
    assert found
    return found[1]


def test_a_concept_is_watched_by_ticking_sentences(registry: Registry, concept: str, person: Person) -> None:
    officer = person("officer", regions=["*"])
    form = officer.get(f"/en/watch/?concept={concept}").content.decode()
    assert "Watch: " in form
    assert "moss cathode" in form
    assert "Its state changes" in form
    assert 'name="n-first" value="10"' in form

    key = made(
        officer, thing=f"concept:{concept}", idea=["state", "first", "doubling"], name="Moss", level="info",
        **{"n-first": "5", "n-doubling": "60"},
    )  # fmt: skip

    rule = WatchRule.objects.get(key=key)
    assert (rule.about, rule.search["filters"]) == ("concepts", {"key": ["moss-cathode"]})
    assert rule.conditions == {
        "any": [
            {"field": "state", "operator": "changed", "value": None},
            {"field": "rank", "operator": "below", "value": 6},
            {"field": "p_dbl3", "operator": "above", "value": 0.6},
        ]
    }
    page = officer.get(f"/en/watch/{key}/").content.decode()
    for sentence in ("State changes", "it rises among the first 5", "Nothing was found yet."):
        assert sentence in page
    chinese = officer.get(f"/zh-hans/watch/{key}/").content.decode()
    for sentence in ("状态变化", "进入前 5 名", "苔藓阴极"):
        assert sentence in chinese
    assert person("officer", regions=["*"]).get(f"/en/watch/{key}/").status_code in (400, 404)


@pytest.mark.parametrize(
    "sent",
    [
        {"thing": "concept:moss-cathode", "name": "x"},
        {"thing": "concept:moss-cathode", "name": "", "idea": ["state"]},
        {"thing": "nonsense:1", "name": "x", "idea": ["state"]},
        {"thing": "concept:moss-cathode", "name": "x", "idea": ["never"]},
        {"thing": "record:01ZZZZZZZZZZZZZZZZZZZZZZZZ", "name": "x", "idea": ["status"]},
    ],
)
def test_what_cannot_be_watched_is_refused_with_what_was_typed(
    registry: Registry, concept: str, person: Person, sent: dict[str, Any]
) -> None:
    answer = person("officer", regions=["*"]).post("/en/watch/", sent)

    assert answer.status_code in (400, 404)
    assert WatchRule.objects.count() == 0


def test_one_record_is_watched_and_no_other(registry: Registry, firm: str, person: Person) -> None:
    officer = person("officer", regions=["*"])
    key = made(officer, thing=f"record:{firm}", idea=["status"], name="Works", level="info")
    other = create(registry, NATIONAL, "organisation", {"name": {"en": "Other"}, "sort_of": "company"}).key
    for one in (firm, other):
        move(registry, SECOND, one, "verify", revision=1, reason="Invented")
        look_at(registry, [(one, 2)])

    assert [alert.subject for alert in Alert.objects.filter(rule__key=key)] == [f"record:{firm}"]
    page = officer.get(f"/en/watch/{key}/").content.decode()
    assert f"/en/record/{firm}/" in page
    dossier = officer.get(f"/en/record/{firm}/").content.decode()
    assert f"/en/watch/{key}/" in dossier
    assert f"/en/watch/?record={firm}" in dossier
    assert key not in Client().get(f"/en/record/{firm}/").content.decode()
    alert = Alert.objects.get(rule__key=key)
    seen = officer.post(f"/en/alerts/{alert.key}/acknowledge/", {"act": "acknowledged", "back": key})
    assert seen.headers["Location"] == f"/en/watch/{key}/"
    away = officer.post(
        f"/en/alerts/{alert.key}/acknowledge/", {"act": "false alarm", "back": "//evil.example"}
    )
    assert away.headers["Location"] == "/en/alerts/"


def test_a_rule_is_paused_changed_told_and_ended(registry: Registry, firm: str, person: Person) -> None:
    officer = person("officer", regions=["*"])
    key = made(officer, name="New firms", kind="organisation", level="info")

    assert officer.post(f"/en/watch/{key}/pause/").status_code == 302
    assert "paused" in officer.get(f"/en/watch/{key}/").content.decode()
    officer.post(f"/en/watch/{key}/resume/")
    changed = {
        "name": "Changed",
        "text": "works",
        "when": "status changed\nstale 30",
        "together": "all",
        "level": "info",
    }
    assert officer.post(f"/en/watch/{key}/change/", changed).status_code == 302
    rule = WatchRule.objects.get(key=key)
    assert (rule.name, rule.paused, len(rule.conditions["all"])) == ("Changed", False, 2)
    wrong = officer.post(f"/en/watch/{key}/change/", {**changed, "when": "nonsense above 5"})
    assert wrong.status_code == 400
    assert "nonsense" in wrong.content.decode()
    assert officer.post(f"/en/watch/{key}/mail/", {"period": "weekly", "hour": "8"}).status_code == 302
    channel = Channel.objects.get(rule=rule)
    assert (channel.period, channel.hour) == ("weekly", 8)
    assert officer.post(f"/en/watch/{key}/channel/{channel.key}/stop/").status_code == 302
    page = officer.get(f"/zh-hans/watch/{key}/").content.decode()
    assert "已由您停用" in page
    shown = officer.post(f"/en/watch/{key}/address/").content.decode()
    feed = re.search(rf"/watch/{key}/[\w-]+\.atom", shown)
    assert feed
    assert feed[0] not in officer.get(f"/en/watch/{key}/").content.decode()
    assert Client().get(feed[0]).status_code == 200
    inside = officer.post(f"/en/watch/{key}/hook/", {"address": "https://127.0.0.1/x"})
    assert inside.status_code == 400
    stranger = person("officer", regions=["*"])
    for act in ("end", "pause", "change", "address"):
        assert stranger.post(f"/en/watch/{key}/{act}/", changed).status_code >= 400
    assert officer.post(f"/en/watch/{key}/end/").status_code == 302
    assert officer.get(f"/en/watch/{key}/").status_code >= 400


def test_a_public_rule_is_for_everybody_to_read(registry: Registry, person: Person) -> None:
    key = add_rule(
        registry, OFFICER, name="Invented public rule", about="concepts", filters={"key": ["moss-cathode"]},
        when=["state changed"], owner_sort="public",
    ).rule.key  # fmt: skip
    rule = WatchRule.objects.get(key=key)
    finding = Finding(
        "changed", "", ({"field": "state", "operator": "changed", "before": "steady", "after": "emerging"},)
    )
    raise_alerts(
        registry, rule, "concept:moss-cathode", [finding], "version:2", title=Bilingual("moss", "苔藓")
    )

    english, chinese = (Client().get(f"/{code}/watch/{key}/").content.decode() for code in ("en", "zh-hans"))

    assert "State went from steady to emerging" in english
    assert "状态由平稳变为新兴" in chinese
    assert f"/watch/{key}.atom" in english
    assert "End</button>" not in english
    assert Client().post(f"/en/watch/{key}/end/").status_code in (302, 403)
    assert WatchRule.objects.get(key=key).ended_at is None
    assert "状态由平稳变为新兴" in Client().get(f"/watch/{key}.atom?lang=zh").content.decode()


def test_a_hidden_record_is_hidden_on_the_page_of_a_rule(
    registry: Registry, firm: str, person: Person
) -> None:
    member = person("member", organisation=firm)
    plan = create(registry, NATIONAL, "plan", {"title": {"en": "Secret plan"}, "organisation": firm}).key
    key = made(member, thing=f"record:{plan}", idea=["status"], name="Mine", level="info")
    edit(registry, NATIONAL, plan, {"organisation": None}, revision=1)

    page = member.get(f"/en/watch/{key}/").content.decode()

    assert "Secret plan" not in page
    assert "(withheld)" in page


def test_feeds_and_mails_lead_to_pages_that_exist(
    registry: Registry, concept: str, person: Person, settings: Any
) -> None:
    settings.FORETRACK_ADDRESS = "https://foretrack.example.org"
    officer = person("officer", regions=["*"])
    key = made(officer, thing=f"concept:{concept}", idea=["state"], name="Moss", level="info")
    officer.post(f"/en/watch/{key}/mail/", {"period": "at once", "hour": "7"})
    said = {"field": "state", "operator": "changed", "before": "steady", "after": "emerging"}
    rule, title = WatchRule.objects.get(key=key), Bilingual("moss cathode", "苔藓阴极")
    for language, sentence in (("en", "State went from steady to emerging"), ("zh", "状态由平稳变为新兴")):
        Account.objects.update(language=language)
        raise_alerts(
            registry, rule, f"concept:{concept}", [Finding("changed", language, (said,))], f"version:{language}",
            title=title,
        )  # fmt: skip
        Worker(registry).run(once=True)

        body = str(mail.outbox[-1].body)
        prefix = {"en": "en", "zh": "zh-hans"}[language]
        links = re.findall(r"https://foretrack\.example\.org(/\S+)", body)
        assert f"/{prefix}/watch/{key}/" in links
        assert f"/{prefix}/lookout/concepts/{concept}/" in links
        assert sentence in body
        assert officer.get(f"/{prefix}/watch/{key}/").status_code == 200
        feed = officer.post(f"/en/watch/{key}/address/").content.decode()
        path = re.search(rf"/watch/{key}/[\w-]+\.atom", feed)
        assert path
        atom = Client().get(path[0]).content.decode()
        assert f"https://foretrack.example.org/{prefix}/lookout/concepts/{concept}/" in atom
        assert sentence in atom
