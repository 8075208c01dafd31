"""An institute that hands in to a session, a firm that asks, and officers; with a clock that is moved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.jobs.conftest import Hands

from foretrack.installation.opening import configured_installation, registry_of
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.actions.records import create, move
from foretrack.registry.answers import RecordPage
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

TRACK = "cn-future-industries-2024/intelligent-manufacturing"
OTHER_TRACK = "cn-15fyp-2026/quantum-technology"
ASKED = "zwetschgenkompott"
"""Stands in the texts of what is under embargo, and is asked for: so pages may repeat it."""
SECRET = "mirabellenmus"
"""Stands beside it, and nobody ever types it."""
PARTNER_SECRET, PRIVATE_SECRET = "partnerquitte", "privatmispel"


def achievement_values(n: int = 1) -> dict[str, Any]:
    """An invented achievement with a secret in each of its texts."""
    return {
        "title": {"en": f"Invented hand {n} {ASKED} {SECRET}", "zh": f"虚构灵巧手 {n} {ASKED} {SECRET}"},
        "tracks": [TRACK], "region": "CN-33", "sort_of": "applied", "summary": f"Invented summary {SECRET}",
        "plain": f"It holds an egg {SECRET}", "description": f"Invented description {SECRET}",
        "advantages": f"New {SECRET}", "stage": "prototype", "maturity": 6, "rights": ["patent-granted"],
        "patents": [f"CN{SECRET}"[:40]], "details": f"{PARTNER_SECRET} {SECRET}",
        "confidential": f"{PRIVATE_SECRET} {SECRET}",
    }  # fmt: skip


@dataclass
class Hall:
    """Who there is, and how they act."""

    registry: Registry
    clock: Hands
    institute: str
    firm: str
    actors: dict[str, Actor] = field(default_factory=dict)

    def create(self, who: str, kind: str, values: dict[str, Any], **more: Any) -> str:
        """Makes a record; its key."""
        return create(self.registry, self.actors[who], kind, values, **more).key

    def move(self, who: str, key: str, name: str, **values: Any) -> RecordPage:
        """Makes a transition."""
        revision = Record.objects.values_list("revision", flat=True).get(key=key)
        return move(
            self.registry, self.actors[who], key, name, revision=revision, reason="Invented reason", values=values
        )  # fmt: skip

    def status(self, key: str) -> str:
        """The state of a record."""
        return Record.objects.values_list("status", flat=True).get(key=key)

    def session(self, day: str = "2026-03-03", time: str = "10:00", **more: Any) -> str:
        """An announced session."""
        key = self.create(
            "officer", "release-session",
            {
                "title": {"en": "Invented session", "zh": "虚构发布会"}, "organisation": self.institute,
                "region": "CN-33", "release_on": day, "release_time": time, "terms": {"en": "Say nothing before."},
                **more,
            },
        )  # fmt: skip
        self.move("officer", key, "announce")
        return key

    def achievement(self, session: str = "", n: int = 1, **more: Any) -> str:
        """An achievement: accepted for a session, or released at once."""
        values = {**achievement_values(n), "organisation": self.institute, **more}
        if session:
            values["session"] = session
        key = self.create("owner", "achievement", values)
        self.move("owner", key, "submit")
        self.move("second officer", key, "accept" if session else "release")
        return key


@pytest.fixture
def hall(db: None, settings: Any, tmp_path: Path) -> Hall:
    settings.FORETRACK = replace(configured_installation(), workspace=tmp_path)
    clock = Hands()
    registry = replace(registry_of(settings.FORETRACK), clock=clock)
    national = Actor("NATIONAL", grants=(Grant("officer", regions=("*",)),))
    institute, firm = (
        create(
            registry, national, "organisation",
            {"name": {"en": f"Invented {name}", "zh": f"虚构{zh}"}, "sort_of": sort, "region": "CN-33"},
        ).key
        for name, zh, sort in (("Institute", "研究所", "institute"), ("Firm", "企业", "company"))
    )  # fmt: skip
    made = Hall(registry, clock, institute, firm)
    made.actors = {
        "visitor": VISITOR,
        "owner": Actor("OWNER", grants=(Grant("manager", institute),)),
        "asker": Actor("ASKER", grants=(Grant("member", firm),)),
        "rival": Actor("RIVAL", grants=(Grant("manager", firm),)),
        "officer": national,
        "second officer": Actor("SECOND", grants=(Grant("officer", regions=("*",)),)),
        "officer elsewhere": Actor("ELSEWHERE", grants=(Grant("officer", regions=("CN-44",)),)),
    }
    return made


def to_the_moment(hall: Hall, **more: float) -> None:
    """Moves the clock to the moment of the usual session, and by some more."""
    hall.clock.now = hall.clock.now.replace(day=3, hour=10, minute=0, second=0) + timedelta(**more)
