"""A registry with a clock that stands still, invented kinds, and somebody in every role."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from foretrack.foundation.clock import fixed_clock
from foretrack.installation.kinds import load_kinds
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.actions.records import create
from foretrack.registry.declaring.fields import (
    BilingualText,
    Choice,
    Email,
    ExternalId,
    Link,
    Money,
    Number,
    Term,
    Text,
)
from foretrack.registry.declaring.kind import Catalogue, Kind, State, Transition
from foretrack.registry.registry import Registry

NOW = "2026-03-02T09:00:00"

PLAN = Kind(
    name="plan",
    label=Bilingual("Plan", "方案"),
    plural=Bilingual("Plans", "方案"),
    organisation="organisation",
    region="region",
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "标题"), required=True, weight="title"),
        Link(name="organisation", label=Bilingual("Organisation", "机构"), to=("organisation",)),
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, facet=True),
        Term(name="track", label=Bilingual("Track", "赛道"), part="tracks", facet=True),
        Choice(
            name="size", label=Bilingual("Size", "规模"), facet=True, many=True,
            options={"small": Bilingual("Small", "小"), "large": Bilingual("Large", "大")},
        ),
        Number(name="staff", label=Bilingual("Staff", "人数"), whole=True, low=0, visibility="partner"),
        Money(name="budget", label=Bilingual("Budget", "预算"), visibility="private"),
        Text(name="contact", label=Bilingual("Contact", "联系人"), visibility="private", personal=True),
        Email(name="email", label=Bilingual("E-mail", "邮箱"), visibility="private"),
        ExternalId(name="doi", label=Bilingual("DOI", "DOI"), scheme="doi"),
        Link(name="signals", label=Bilingual("Signals", "线索"), to=("lookout:concept",), many=True),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="submitted", label=Bilingual("Submitted", "已提交"), editable=False, due="review"),
        State(
            name="notice", label=Bilingual("Public notice", "公示"), public=True, editable=False,
            notice="public-notice",
        ),
        State(name="accepted", label=Bilingual("Accepted", "已通过"), public=True, listable=True, editable=False),
        State(name="rejected", label=Bilingual("Rejected", "未通过"), closed=True, editable=False),
    ),
    transitions=(
        Transition(
            name="submit", label=Bilingual("Submit", "提交"), before=("draft",), after="submitted",
            who=("member", "manager"), needs=("track",),
        ),
        Transition(
            name="announce", label=Bilingual("Announce", "公示"), before=("submitted",), after="notice",
            who=("officer",), reason=True, by_another=True,
        ),
        Transition(
            name="accept", label=Bilingual("Accept", "通过"), before=("notice",), after="accepted",
            who=("officer",), after_notice=True,
        ),
        Transition(
            name="reject", label=Bilingual("Reject", "不通过"), before=("submitted", "notice"), after="rejected",
            who=("officer", "reviewer"), reason=True,
        ),
    ),
)  # fmt: skip
"""Invented, and rich enough to try everything that a declaration can say."""


def weekdays(start: date, days: int) -> date:
    day = start
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


@pytest.fixture
def kinds() -> Catalogue:
    made = Catalogue()
    made.add(*load_kinds(), PLAN)
    return made


@pytest.fixture
def registry(db: None, tmp_path: Path, kinds: Catalogue) -> Registry:
    durations = {"review": 10, "public-notice": 5, "correction": 10}
    return Registry(
        kinds, fixed_clock(NOW), tmp_path / "attachments", weekdays, lambda name, begins: durations[name]
    )


@pytest.fixture
def officer() -> Actor:
    return Actor("OFFICER", "Invented officer", grants=(Grant("officer", regions=("CN-33",)),))


@pytest.fixture
def national() -> Actor:
    return Actor("NATIONAL", grants=(Grant("officer", regions=("*",)),))


@pytest.fixture
def firm(registry: Registry, national: Actor) -> str:
    return create(
        registry,
        national,
        "organisation",
        {"name": {"en": "Invented Works", "zh": "虚构制造"}, "sort_of": "company", "region": "CN-33"},
    ).key


@pytest.fixture
def member(firm: str) -> Actor:
    return Actor("MEMBER", grants=(Grant("member", firm),))
