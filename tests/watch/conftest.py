"""A registry whose clock can be moved, an invented kind, and people in the roles that watching knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from foretrack.accounts.actors import actor_of
from foretrack.accounts.models import Account
from foretrack.foundation.clock import fixed_clock
from foretrack.installation.kinds import load_kinds
from foretrack.jobs.worker import Worker
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.actions.records import create, edit, move
from foretrack.registry.answers import RecordPage
from foretrack.registry.declaring.fields import BilingualText, Choice, Day, Link, Money, Number, Text
from foretrack.registry.declaring.kind import Catalogue, Kind, State, Transition
from foretrack.registry.registry import Registry
from foretrack.watch.models import Alert

TRIAL = Kind(
    name="trial",
    label=Bilingual("Trial", "试点"),
    plural=Bilingual("Trials", "试点"),
    organisation="organisation",
    region="region",
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "标题"), required=True, weight="title"),
        Link(name="organisation", label=Bilingual("Organisation", "机构"), to=("organisation",)),
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, facet=True),
        Choice(
            name="size", label=Bilingual("Size", "规模"), facet=True,
            options={"small": Bilingual("Small", "小"), "large": Bilingual("Large", "大")},
        ),
        Number(name="staff", label=Bilingual("Staff", "人数"), whole=True, low=0),
        Money(name="budget", label=Bilingual("Budget", "预算"), visibility="private"),
        Day(name="ends", label=Bilingual("End", "结束日期")),
        Text(name="contact", label=Bilingual("Contact", "联系人"), visibility="private", personal=True),
        Text(name="remark", label=Bilingual("Remark", "内部备注"), visibility="private", max_length=2000),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="running", label=Bilingual("Running", "进行中"), public=True),
        State(name="stopped", label=Bilingual("Stopped", "已停止"), public=True),
        State(name="hidden", label=Bilingual("Under inquiry", "调查中")),
    ),
    transitions=(
        Transition(name="begin", label=Bilingual("Begin", "启动"), before=("draft", "hidden", "stopped"), after="running",
                   who=("member", "officer")),
        Transition(name="stop", label=Bilingual("Stop", "停止"), before=("running",), after="stopped", who=("officer",)),
        Transition(name="hide", label=Bilingual("Hide", "转入调查"), before=("running", "stopped"), after="hidden",
                   who=("officer",)),
    ),
)  # fmt: skip
"""Invented: begins as a draft, is public while it runs, and may be hidden again."""


class Hands:
    """A clock that somebody moves; each look takes a millisecond, so that moments differ."""

    def __init__(self) -> None:
        self.now = fixed_clock("2026-03-02T09:00:00")()

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


def weekdays(start: date, days: int) -> date:
    day = start
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def registry(db: None, tmp_path: Path, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> Registry:
    monkeypatch.setattr("foretrack.jobs.schedule.PLANS", {})
    kinds = Catalogue()
    kinds.add(*load_kinds(), TRIAL)
    return Registry(kinds, clock, tmp_path / "attachments", weekdays, lambda *_: 5)


@pytest.fixture
def officer() -> Actor:
    return Actor("OFFICER", grants=(Grant("officer", regions=("*",)),))


@pytest.fixture
def firm(registry: Registry, officer: Actor) -> str:
    values = {"name": {"en": "Invented Works", "zh": "虚构制造"}, "sort_of": "company", "region": "CN-33"}
    return create(registry, officer, "organisation", values).key


Person = Callable[..., Actor]


@pytest.fixture
def person(registry: Registry) -> Person:
    """Makes an account with a role; its actor."""

    def made(email: str, role: str = "member", *, language: str = "en", **where: Any) -> Actor:
        account = Account.objects.create_user(email, language=language)
        account.grants.create(role=role, given_by="OPERATOR", given_at=registry.now(), **where)
        return actor_of(account)

    return made


@pytest.fixture
def ann(person: Person) -> Actor:
    """A member of another organisation: sees what is public or for partners."""
    return person("ann@example.org", organisation="01ANNSORGANISATION00000000")


@pytest.fixture
def bo(person: Person, firm: str) -> Actor:
    """A member of the firm: sees its drafts and private fields."""
    return person("bo@example.org", organisation=firm)


Trial = Callable[..., RecordPage]


@pytest.fixture
def trial(registry: Registry, officer: Actor, firm: str) -> Trial:
    """Makes a trial of the firm that runs, unless told otherwise."""

    def made(title: str = "Solid-state battery pilot", *, running: bool = True, **values: Any) -> RecordPage:
        body = {
            "title": {"en": title, "zh": "固态电池试点"},
            "organisation": firm,
            "region": "CN-33",
            **values,
        }
        page = create(registry, officer, "trial", body)
        return move(registry, officer, page.key, "begin", revision=page.revision) if running else page

    return made


@pytest.fixture
def change(registry: Registry, officer: Actor) -> Callable[..., RecordPage]:
    """Edits a record, whatever its revision."""

    def done(key: str, **values: Any) -> RecordPage:
        from foretrack.registry.models import Record

        return edit(registry, officer, key, values, revision=Record.objects.get(key=key).revision)

    return done


@pytest.fixture
def step(registry: Registry, officer: Actor) -> Callable[..., RecordPage]:
    """Moves a record, whatever its revision."""

    def done(key: str, transition: str) -> RecordPage:
        from foretrack.registry.models import Record

        return move(registry, officer, key, transition, revision=Record.objects.get(key=key).revision)

    return done


@pytest.fixture
def work(registry: Registry) -> Callable[[], int]:
    """Does everything that is ready."""
    return lambda: Worker(registry).run(once=True)


def told(rule_key: str) -> list[tuple[str, str, str]]:
    """Reason, state and status of a rule's alerts."""
    found = Alert.objects.filter(rule__key=rule_key).order_by("pk")
    return [(alert.reason, alert.state, alert.status) for alert in found]


Values = Mapping[str, Any]
