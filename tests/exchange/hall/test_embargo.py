"""What is under embargo stands in no output before the moment, and in all of them after it; guests see what they may."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.test import Client
from tests.exchange.hall.conftest import (
    ASKED,
    PARTNER_SECRET,
    PRIVATE_SECRET,
    SECRET,
    TRACK,
    Hall,
    to_the_moment,
)

from foretrack.accounts.models import Account, RoleGrant
from foretrack.domains.exchange.hall import guests as hall_guests
from foretrack.foundation.errors import InputError, NotThereError
from foretrack.jobs.worker import Worker
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.auditing import entries
from foretrack.registry.actions.records import show
from foretrack.registry.models import AuditEntry, Record
from foretrack.registry.signals import changed
from foretrack.search.actions.records import index_records
from foretrack.watch.actions.rules import add_rule

PLACES = (
    "hall/", "hall.json", "hall.csv", f"hall/?q={ASKED}", f"hall/?tracks={TRACK}", "hall/feed/atom/", "hall/feed/json/",
    f"hall/feed/json/?track={TRACK}", "hall/sessions/{session}/", "hall/sessions/{session}.json",
    "hall/sessions/{session}/feed/atom/", "hall/sessions/{session}/feed/json/", "hall/{achievement}/",
    "hall/{achievement}.json", "hall/{achievement}/citation.bib", "hall/{achievement}/citation.jsonld", "", "records/",
    "records/achievement/", "records/achievement.json", "records/achievement.csv", "records/achievement/export/?form=csv",
    "records/release-session.json", "record/{achievement}/", "record/{achievement}.json", "record/{achievement}/history/",
    "record/{session}/", "record/{session}.json", "record/{session}/history/", "record/{institute}/",
    "record/{institute}.json", f"search/?q={ASKED}", f"search.json?q={ASKED}", f"search/suggest/?q={ASKED[:6]}",
    "dossier/mentions/?of={session}", "alerts/", "alerts.json", "watch/", "tasks/",
)  # fmt: skip
ROUTES = (
    "hall", f"hall?words={ASKED}", "hall?session={session}", "hall/sessions", "records/achievement",
    "records/achievement/{achievement}", "records/release-session/{session}", f"search?q={ASKED}",
    "records/achievement/{achievement}/history",
)  # fmt: skip


class Reader:
    """Somebody who looks at every output."""

    def __init__(self, keys: Mapping[str, str], account: Account | None) -> None:
        self.keys, self.client = keys, Client(raise_request_exception=False)
        if account is not None:
            self.client.force_login(account)

    def outputs(self) -> Iterator[tuple[str, str]]:
        """Every place that answers, and all of what it says."""
        for language in ("en", "zh-hans"):
            for place in PLACES if language == "en" else PLACES[:8]:
                yield self._read(f"/{language}/{place.format(**self.keys)}")
        for route in ROUTES:
            yield self._read(f"/api/v1/{route.format(**self.keys)}")

    def _read(self, path: str) -> tuple[str, str]:
        answer = self.client.get(path)
        assert answer.status_code < 500, path
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        answer.close()
        said = content.decode("utf-8", "replace")
        return path, said

    def finds(self, secret: str) -> set[str]:
        """The places in which a word stands."""
        return {path for path, said in self.outputs() if secret in said}


def account(name: str, role: str = "", **where: Any) -> Account:
    made = Account.objects.create_user(
        f"{name}@example.org", "an invented long phrase", name=f"Invented {name}"
    )
    if role:
        RoleGrant.objects.create(
            account=made, role=role, given_by="OPERATOR", given_at="2026-03-01T00:00Z", **where
        )
    return made


@pytest.fixture
def served(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> Hall:
    """The site opens the same registry, with the clock that is moved."""
    from foretrack.installation import opening

    monkeypatch.setattr(opening, "registry_of", lambda *_: hall.registry)
    return hall


def test_nothing_of_it_is_anywhere_before_the_moment_and_all_of_it_after(served: Hall) -> None:
    hall = served
    member, officer = (
        account("member", "member", organisation=hall.firm),
        account("elsewhere", "officer", regions=["CN-44"]),
    )
    watcher = Actor(member.key, grants=(Grant("member", hall.firm),))
    add_rule(hall.registry, watcher, name="Invented watch", kind="achievement", when=["status changed"])

    session = hall.session()
    key = hall.achievement(session)
    index_records(hall.registry, Record.objects.filter(key__in=(session, key)))
    Worker(hall.registry).run(once=True)
    keys = {"session": session, "achievement": key, "institute": hall.institute}

    for one in (None, member, officer):
        assert Reader(keys, one).finds(SECRET) == set()
        to_the_moment(hall, seconds=-1)
    assert SECRET not in json.dumps(list(AuditEntry.objects.values("details", "texts")))

    to_the_moment(hall, seconds=1)
    client = Reader(keys, None)
    _path, said = client._read("/en/hall/")
    assert SECRET in said

    index_records(hall.registry, Record.objects.filter(key=key))
    found = client.finds(SECRET)
    for place in ("hall/", "hall.json", "hall.csv", "hall/feed/atom/", "hall/feed/json/", f"hall/sessions/{session}/",
                  f"hall/{key}/", f"hall/{key}.json", f"hall/{key}/citation.bib", f"record/{key}/",
                  "records/achievement/",
                  f"search/?q={ASKED}"):  # fmt: skip
        assert f"/en/{place}" in found, place
    assert {f"/api/v1/records/achievement/{key}", "/api/v1/hall"} <= found
    assert client.finds(PRIVATE_SECRET) == client.finds(PARTNER_SECRET) == set(), (
        "what is not public never is"
    )


def test_what_a_moderator_holds_is_gone_from_every_output_with_the_next_question(served: Hall) -> None:
    hall = served
    key = hall.achievement()
    index_records(hall.registry, Record.objects.filter(key=key))
    reader = Reader({"session": hall.session(), "achievement": key, "institute": hall.institute}, None)
    assert "/en/hall/" in {path for path, said in reader.outputs() if SECRET in said}

    hall.move("officer", key, "hold")

    assert reader.finds(SECRET) == set()


def test_matching_reads_only_what_was_released(hall: Hall) -> None:
    from foretrack.domains.exchange.kinds.achievements import ACHIEVEMENT

    assert ACHIEVEMENT.side is not None
    assert ACHIEVEMENT.side.states == ("released",)
    assert not {"details", "confidential"} & set(ACHIEVEMENT.side.fields)


@pytest.fixture
def guest(hall: Hall) -> Actor:
    return Actor(account("press").key, name="Invented press")


def test_a_guest_sees_the_public_part_after_accepting_the_terms_by_name(hall: Hall, guest: Actor) -> None:
    session = hall.session()
    key = hall.achievement(session)
    with pytest.raises(NotThereError):
        hall_guests.under_embargo(hall.registry, guest, session)
    hall_guests.invite_guest(hall.registry, hall.actors["officer"], session, "press@example.org")
    with pytest.raises(AccessError, match="before you have accepted"):
        hall_guests.under_embargo(hall.registry, guest, session)

    hall_guests.accept_terms(hall.registry, guest, session)
    (seen,) = hall_guests.under_embargo(hall.registry, guest, session)
    page = hall_guests.show_under_embargo(hall.registry, guest, session, key)
    hall_guests.show_under_embargo(hall.registry, guest, session, key)

    assert SECRET in json.dumps(seen.values)
    assert PRIVATE_SECRET not in json.dumps(page.values)
    assert PARTNER_SECRET not in json.dumps(page.values)
    assert not page.moves
    with pytest.raises(NotThereError):
        show(hall.registry, guest, key)
    auditor = Actor("AUDITOR", grants=(Grant("auditor"),))
    acts = [e.act for e in entries(hall.registry, auditor).lines if e.actor == guest.key]
    assert sorted(acts) == ["accept embargo", "look under embargo"], "the first look at each is kept, once"
    lines, _ = hall_guests.guests_of(hall.registry, hall.actors["officer"], session)
    assert (lines[0].name, lines[0].looks, lines[0].accepted_at is not None) == ("Invented press", 1, True)


def test_a_breach_is_kept_and_ends_the_way_in(hall: Hall, guest: Actor) -> None:
    session = hall.session()
    hall.achievement(session)
    officer = hall.actors["officer"]
    hall_guests.invite_guest(hall.registry, officer, session, "press@example.org")
    hall_guests.accept_terms(hall.registry, guest, session)
    (line,), _ = hall_guests.guests_of(hall.registry, officer, session)

    hall_guests.record_breach(hall.registry, officer, session, "It stood in a paper.", guest=line.number)

    with pytest.raises(NotThereError):
        hall_guests.under_embargo(hall.registry, guest, session)
    (line,), (breach,) = hall_guests.guests_of(hall.registry, officer, session)
    assert line.ended_at is not None
    assert (breach.what, breach.by) == ("It stood in a paper.", "Invented press")
    for who in ("owner", "asker", "officer elsewhere", "visitor"):
        with pytest.raises(AccessError):
            hall_guests.record_breach(hall.registry, hall.actors[who], session, "Invented")
    with pytest.raises(InputError, match="0 characters"):
        hall_guests.record_breach(hall.registry, officer, session, " ")


def test_guests_are_told_of_another_time_and_see_nothing_after_the_release(
    hall: Hall, guest: Actor, mailoutbox: list[Any]
) -> None:
    session = hall.session()
    hall.achievement(session)
    hall_guests.invite_guest(hall.registry, hall.actors["officer"], session, "press@example.org")
    hall_guests.accept_terms(hall.registry, guest, session)
    account("institute", "member", organisation=hall.institute)

    hall.move("officer", session, "postpone", release_time="12:30", notice={"en": "The host is late."})
    Worker(hall.registry).run(once=True)

    told = {m.to[0]: m for m in mailoutbox if "another time" in m.subject}
    assert set(told) == {"press@example.org", "institute@example.org"}
    assert "12:30 (UTC)" in told["press@example.org"].body
    assert "The host is late." in told["press@example.org"].body
    assert all(SECRET not in m.subject + m.body for m in mailoutbox if m.to == ["press@example.org"])
    to_the_moment(hall, hours=3)
    Worker(hall.registry).run(once=True)
    with pytest.raises(NotThereError):
        hall_guests.under_embargo(hall.registry, guest, session)


def test_every_index_hears_of_the_release_in_its_transaction(hall: Hall) -> None:
    session = hall.session()
    key = hall.achievement(session)
    heard: list[tuple[str, int]] = []

    def listen(records: list[Record], **_: Any) -> None:
        heard.extend((one.key, one.audience) for one in records)

    changed.connect(listen)
    try:
        to_the_moment(hall)
        Worker(hall.registry).run(once=True)
    finally:
        changed.disconnect(listen)

    assert (key, 0) in heard
