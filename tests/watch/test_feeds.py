"""Feeds: valid Atom with stable identifiers, open only where the rule is public, and never more than may be seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.watch.conftest import Hands

from foretrack.registry.access.actor import Actor
from foretrack.registry.registry import Registry
from foretrack.watch.actions.rules import add_rule, remove_rule, renew_address
from foretrack.watch.delivery.atom import NAMESPACE, Entry, Feed, atom

Do = Callable[..., Any]
NAMES = {"a": NAMESPACE}


@pytest.fixture
def client(registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> Client:
    settings.STATIC_ROOT, settings.FORETRACK_ADDRESS = str(tmp_path), ""
    monkeypatch.setattr("foretrack.site.feeds.registry_for", lambda request: registry)
    return Client()


def rule(registry: Registry, actor: Actor, *when: str, **given: Any) -> str:
    return add_rule(registry, actor, name="Trials <b>", kind="trial", when=when, **given).rule.key


def titles(content: bytes) -> list[str]:
    return [str(e.text) for e in etree.fromstring(content).findall("a:entry/a:title", NAMES)]


def test_a_public_feed_is_open_and_valid(
    registry: Registry, officer: Actor, trial: Do, work: Do, client: Client
) -> None:
    key = rule(registry, officer, owner_sort="public")
    page = trial("<script>alert(1)</script>")
    work()
    answer = client.get(f"/watch/{key}.atom")

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    valid(answer.content)
    assert titles(answer.content) == ["[Information] <script>alert(1)</script>: is new"]
    assert b"<script" not in answer.content
    assert titles(client.get(f"/watch/{key}.atom?lang=zh").content) == ["[提示] 固态电池试点: 新出现"]
    assert page.key not in answer.content.decode()  # without an address of the site there are no links


def valid(content: bytes) -> None:
    """What RFC 4287 demands of a feed and its entries."""
    root = etree.fromstring(content)
    assert root.tag == f"{{{NAMESPACE}}}feed"
    for parent in (root, *root.findall("a:entry", NAMES)):
        for name in ("id", "title", "updated"):
            assert len(parent.findall(f"a:{name}", NAMES)) == 1, name
    assert root.find("a:author/a:name", NAMES) is not None
    assert [link.get("rel") for link in root.findall("a:link", NAMES)] == ["self"]
    for entry in root.findall("a:entry", NAMES):
        assert entry.find("a:content", NAMES) is not None
    ids = [str(e.text) for e in root.iter(f"{{{NAMESPACE}}}id")]
    assert len(set(ids)) == len(ids)
    assert all(one.startswith("urn:uuid:") for one in ids)


def test_identifiers_stay_when_address_language_and_time_change(
    registry: Registry, officer: Actor, trial: Do, work: Do, client: Client, clock: Hands, settings: Any
) -> None:
    key = rule(registry, officer, owner_sort="public")
    trial()
    work()

    def ids(path: str) -> list[str]:
        return [str(e.text) for e in etree.fromstring(client.get(path).content).iter(f"{{{NAMESPACE}}}id")]

    before = ids(f"/watch/{key}.atom")
    clock.forward(days=9)
    settings.FORETRACK_ADDRESS = "https://other.example.org"
    assert ids(f"/watch/{key}.atom?lang=zh") == before


def test_a_private_feed_is_open_to_its_secret_address_only(
    registry: Registry, bo: Actor, trial: Do, work: Do, client: Client
) -> None:
    key = rule(registry, bo)
    trial(running=False)
    work()
    assert client.get(f"/watch/{key}.atom").status_code == 404

    token = renew_address(registry, bo, key)
    answer = client.get(f"/watch/{key}/{token}.atom")
    assert titles(answer.content) == ["[Information] Solid-state battery pilot: is new"]
    assert answer["Cache-Control"] == "private, no-cache"
    assert client.get(f"/watch/{key}.atom").status_code == 404
    assert client.get(f"/watch/{key}/{token[:-1]}x.atom").status_code == 404

    newer = renew_address(registry, bo, key)
    assert client.get(f"/watch/{key}/{token}.atom").status_code == 404
    assert client.get(f"/watch/{key}/{newer}.atom").status_code == 200
    remove_rule(registry, bo, key)
    assert client.get(f"/watch/{key}/{newer}.atom").status_code == 404


def test_what_may_no_longer_be_seen_leaves_the_feed_with_its_values(
    registry: Registry, officer: Actor, trial: Do, step: Do, work: Do, client: Client
) -> None:
    key = rule(registry, officer, owner_sort="public")
    page = trial()
    work()
    before = client.get(f"/watch/{key}.atom")
    step(page.key, "hide")
    after = client.get(f"/watch/{key}.atom", headers={"if-none-match": before["ETag"]})

    assert after.status_code == 200
    assert b"battery" not in after.content
    assert page.key.encode() not in after.content
    asked = {"if-modified-since": before["Last-Modified"]}
    assert client.get(f"/watch/{key}.atom", headers=asked).status_code == 200


def test_an_unchanged_feed_is_not_sent_again(
    registry: Registry, officer: Actor, trial: Do, work: Do, client: Client
) -> None:
    key = rule(registry, officer, owner_sort="public")
    trial()
    work()
    tag = client.get(f"/watch/{key}.atom")["ETag"]

    assert client.get(f"/watch/{key}.atom", headers={"if-none-match": tag}).status_code == 304
    trial()
    work()
    assert client.get(f"/watch/{key}.atom", headers={"if-none-match": tag}).status_code == 200


def test_a_link_in_a_mail_stops_nothing_until_somebody_agrees(
    registry: Registry, ann: Actor, client: Client
) -> None:
    from django.core import signing

    from foretrack.watch.actions.channels import add_mail
    from foretrack.watch.delivery.sending import STOP_SALT
    from foretrack.watch.models import Channel

    channel = add_mail(registry, ann, rule(registry, ann))
    path = f"/watch/stop/{signing.dumps(channel.key, salt=STOP_SALT)}/"
    asked = client.get(path, headers={"accept-language": "zh-CN"})
    assert "是否停止" in asked.content.decode()
    assert Channel.objects.get().off_at is None

    strict = Client(enforce_csrf_checks=True)
    done = strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert (done.status_code, Channel.objects.get().why_off) == (200, "unsubscribed")
    assert "Trials &lt;b&gt;" in done.content.decode()
    assert client.post("/watch/stop/forged/").status_code == 404


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=150)
def test_whatever_people_write_the_feed_is_valid(title: str, text: str) -> None:
    entry = Entry(
        "K", title, text, "info", title, "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z", "https://e.org/?a&b"
    )
    content = atom(Feed("R", title, "en", "2026-03-01T00:00:00Z", (entry,), 0), "https://example.org/x.atom")

    valid(content)
    known = "feed id title updated link author name generator entry published category content"
    assert {etree.QName(e).localname for e in etree.fromstring(content).iter()} <= set(known.split())
