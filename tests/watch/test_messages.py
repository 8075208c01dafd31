"""Mails and digests: in the reader's language and time zone, harmless whatever a title holds, stopped by one click."""

from __future__ import annotations

import email
import html.parser
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.watch.conftest import Hands

from foretrack.foundation.errors import InputError
from foretrack.foundation.messages import Messages
from foretrack.jobs.queueing import enqueue
from foretrack.registry.access.actor import Actor
from foretrack.registry.models import AuditEntry
from foretrack.registry.registry import Registry
from foretrack.watch.actions.channels import add_mail, stop_by_token
from foretrack.watch.actions.rules import add_rule
from foretrack.watch.answers import AlertLine
from foretrack.watch.delivery.letters import letter
from foretrack.watch.delivery.sending import digests, slot_of
from foretrack.watch.models import Channel, Delivery, Pending

Do = Callable[..., Any]


@pytest.fixture(autouse=True)
def _address(settings: Any) -> None:
    settings.FORETRACK_ADDRESS = "https://foretrack.example.org"


def mailed(registry: Registry, actor: Actor, **given: Any) -> str:
    rule = add_rule(registry, actor, name=given.pop("name", "Trials"), kind="trial").rule
    return add_mail(registry, actor, rule.key, **given).key


def sent() -> EmailMessage:
    assert len(mail.outbox) == 1
    return mail.outbox[0]


def test_a_message_comes_at_once_and_names_what_happened(
    registry: Registry, ann: Actor, trial: Do, work: Do
) -> None:
    key = mailed(registry, ann, period="at once")
    page = trial()
    work()

    one = sent()
    assert (one.to, one.subject) == (["ann@example.org"], "Trials: 1 alert")
    assert "[Information] Solid-state battery pilot: is new" in one.body
    assert f"https://foretrack.example.org/en/record/{page.key}/" in one.body
    assert one.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert one.extra_headers["List-Unsubscribe"].startswith("<https://foretrack.example.org/watch/stop/")
    assert one.extra_headers["Message-ID"] == f"<{Delivery.objects.get().key}@foretrack.example.org>"
    assert Channel.objects.get().key == key
    work()
    assert len(mail.outbox) == 1


def test_a_message_is_in_the_language_of_the_account(
    registry: Registry, person: Do, trial: Do, work: Do
) -> None:
    wang = person("wang@example.org", organisation="01ANNSORGANISATION00000000", language="zh")
    mailed(registry, wang, name="固态电池", period="at once")
    trial()
    work()

    assert sent().subject == "固态电池：1 条提醒"
    assert "[提示] 固态电池试点: 新出现" in sent().body
    assert "/zh-hans/record/" in sent().body


def test_a_digest_comes_in_the_morning_of_its_reader_and_only_once_a_day(
    registry: Registry, ann: Actor, trial: Do, work: Do, clock: Hands
) -> None:
    mailed(registry, ann, period="daily", time_zone="Asia/Shanghai", hour=8)  # it is 17:00 there
    for _ in range(3):
        trial()

    def quarter() -> int:
        enqueue(digests)
        work()
        return len(mail.outbox)

    assert quarter() == 0
    clock.forward(hours=14, minutes=50)  # 07:50
    assert quarter() == 0
    clock.forward(minutes=11)
    assert quarter() == 1
    assert sent().subject == "Trials: 3 alerts"
    assert quarter() == 1
    clock.forward(days=1)
    assert quarter() == 1  # nothing new, no message
    trial()
    work()
    clock.forward(days=1)
    assert quarter() == 2


def test_a_week_begins_on_monday_at_the_hour_of_the_reader() -> None:
    channel = Channel(period="weekly", time_zone="America/New_York", hour=7)

    def slot(moment: str) -> str:
        return slot_of(channel, datetime.fromisoformat(moment))

    assert slot("2026-03-02T11:59+00:00") == "2026-02-23"  # Monday 06:59 there
    assert slot("2026-03-02T12:00+00:00") == "2026-03-02"
    assert slot("2026-03-09T10:59+00:00") == "2026-03-02"
    assert slot("2026-03-09T11:00+00:00") == "2026-03-09"  # summer time began on the 8th


def test_a_hundred_alerts_make_one_message_of_bounded_length(
    registry: Registry, ann: Actor, trial: Do, work: Do, clock: Hands
) -> None:
    mailed(registry, ann, period="daily")
    for _ in range(60):
        trial()
    work()
    clock.forward(days=1)
    enqueue(digests)
    work()

    assert sent().body.count("is new") == 50
    assert "and 10 more" in sent().body
    assert Pending.objects.filter(delivery=None).count() == 0


def test_a_mail_server_that_is_away_loses_nothing_and_the_message_keeps_its_identifier(
    registry: Registry, ann: Actor, trial: Do, work: Do, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.mail.backends.locmem import EmailBackend

    mailed(registry, ann, period="at once")
    trial()
    takes = EmailBackend.send_messages
    tried: list[str] = []

    def refuse(self: EmailBackend, messages: list[EmailMessage]) -> int:
        tried.append(str(messages[0].extra_headers["Message-ID"]))
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    work()
    monkeypatch.setattr(EmailBackend, "send_messages", takes)
    clock.forward(seconds=13)
    work()

    assert [sent().extra_headers["Message-ID"]] == tried
    assert Delivery.objects.get().attempts == 2


def test_the_address_in_a_message_stops_further_ones(
    registry: Registry, ann: Actor, trial: Do, work: Do
) -> None:
    mailed(registry, ann, period="at once")
    trial()
    work()
    token = str(sent().extra_headers["List-Unsubscribe"]).rstrip("/>").rpartition("/")[2]

    assert stop_by_token(registry, token) == "Trials"
    assert stop_by_token(registry, token) == "Trials"
    trial()
    work()
    assert len(mail.outbox) == 1
    assert Channel.objects.get().why_off == "unsubscribed"
    assert AuditEntry.objects.filter(act="stop channel").count() == 1


@pytest.mark.parametrize("token", ["", "x", "01M8EAC977G013GS767G0QTE9D", "IjAxIg:1abc:forged"])
def test_a_forged_address_stops_nothing(registry: Registry, token: str) -> None:
    with pytest.raises(InputError, match="stops nothing"):
        stop_by_token(registry, token)


def test_mail_goes_to_accounts_only(registry: Registry, officer: Actor) -> None:
    rule = add_rule(registry, officer, name="Trials", kind="trial").rule

    with pytest.raises(InputError, match="none acts here"):
        add_mail(registry, officer, rule.key)


@pytest.mark.parametrize(
    ("given", "said"),
    [({"period": "hourly"}, "hourly"), ({"time_zone": "Mars/Olympus"}, "Mars"), ({"hour": 24}, "24"),
     ({"time_zone": "../../etc/passwd"}, "no time zone")],
)  # fmt: skip
def test_a_message_that_cannot_be_planned_is_refused(
    registry: Registry, ann: Actor, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        mailed(registry, ann, **given)


def test_titles_cannot_write_headers_or_markup(registry: Registry, ann: Actor, trial: Do, work: Do) -> None:
    mailed(registry, ann, name="Trials\r\nBcc: everybody@example.org", period="at once")
    trial('<script>alert(1)</script>\u202e & "quoted"')
    work()

    message = email.message_from_bytes(sent().message().as_bytes())
    assert message["Bcc"] is None
    assert sent().recipients() == ["ann@example.org"]
    rich = str(sent().alternatives[0][0])  # type: ignore[attr-defined]
    assert "<script" not in rich
    assert "&lt;script&gt;" in rich


class _Tags(html.parser.HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}


def line(title: str, text: str) -> AlertLine:
    return AlertLine(
        "A",
        "R",
        "rule",
        "record:X",
        title,
        "new",
        "",
        "info",
        "Information",
        "#5f6b7a",
        text,
        (),
        "open",
        1,
        "",
        "",
        False,
    )


HOSTILE = st.text(st.characters(codec="utf-8") | st.sampled_from("<>\"'&\r\n\u2028\x85"), max_size=40)


@given(HOSTILE, HOSTILE, HOSTILE)
@settings(max_examples=100)
def test_whatever_people_write_stays_text(name: str, title: str, text: str) -> None:
    written = letter(
        name,
        [line(title, text)],
        total=1,
        say=Messages(),
        links=["https://example.org/"],
        all_address="",
        stop_address="",
    )

    assert len(written.subject.splitlines()) <= 1
    assert EmailMessage(written.subject, written.text, to=["a@example.org"]).message()
    tags = _Tags(written.html)
    assert tags.found <= {"html", "head", "meta", "title", "body", "h1", "ul", "li", "strong", "a", "p"}
    assert tags.attributes <= {"lang", "charset", "style", "href"}
    assert len(written.text.splitlines()) == 4


def test_whoever_lost_the_right_to_see_gets_no_message(
    registry: Registry, ann: Actor, trial: Do, step: Do, work: Do, clock: Hands
) -> None:
    mailed(registry, ann, period="daily")
    page = trial()
    work()
    step(page.key, "hide")
    clock.forward(days=1)
    enqueue(digests)
    work()

    assert "battery" not in sent().body
    assert "(withheld): something that you may no longer see" in sent().body


def test_a_closed_account_gets_no_message(
    registry: Registry, ann: Actor, trial: Do, work: Do, clock: Hands
) -> None:
    from foretrack.accounts.models import Account

    mailed(registry, ann, period="daily")
    trial()
    work()
    Account.objects.filter(key=ann.key).update(is_active=False)
    clock.now += timedelta(days=1)
    enqueue(digests)
    work()

    assert mail.outbox == []
    assert Delivery.objects.get().problem == "nobody to tell"
