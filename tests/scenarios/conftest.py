"""Two firms that answer the opportunity of a hospital, in three regions, and officers in charge of some of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.registry.conftest import NOW, weekdays

from foretrack.foundation.clock import fixed_clock
from foretrack.installation.kinds import load_kinds
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.actions.records import assign, create, move
from foretrack.registry.answers import RecordPage
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

TRACK = "cn-future-industries-2024/intelligent-manufacturing"
NEED: dict[str, Any] = {
    "title": {"en": "Invented call", "zh": "虚构场景机会"}, "tracks": [TRACK], "need": "Invented need",
    "measures": [{"measure": {"en": "Invented falls"}, "unit": "a year", "now": 10, "wanted": 2}],
    "site": "Invented ward", "budget": "1000 CNY", "deadline": "2026-12-31", "data_access": "Invented data",
    "owner": "Invented Person",
}  # fmt: skip
ANSWER: dict[str, Any] = {
    "title": {"en": "Invented answer", "zh": "虚构应答"},
    "plan": "Invented plan",
    "price": "9 CNY",
}
CASE: dict[str, Any] = {
    "title": {"en": "Invented case", "zh": "虚构案例"}, "tracks": [TRACK], "problem": "Invented problem",
    "solution": "Invented solution", "conditions": "Invented conditions", "lessons": "Invented lessons",
    "measures": [{"measure": {"en": "Invented falls"}, "before": 10, "after": 2}],
    "serves_public": True, "novel": True, "implemented": True, "has_impact": True, "plain_language": True,
}  # fmt: skip
RESULTS = [{"measure": {"en": "Invented falls"}, "unit": "a year", "before": 10, "after": 1}]


@dataclass
class World:
    """Who there is, and how they act."""

    registry: Registry
    hospital: str
    firm: str
    rival: str
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

    def opportunity(self) -> str:
        """A published opportunity of the hospital."""
        key = self.create("owner", "opportunity", {**NEED, "organisation": self.hospital, "region": "CN-33"})
        self.move("owner", key, "publish")
        return key

    def answer(self, opportunity: str) -> str:
        """An answer of the firm, as a draft."""
        return self.create(
            "firm", "response", {**ANSWER, "organisation": self.firm, "opportunity": opportunity}
        )


@pytest.fixture
def world(db: None, tmp_path: Path) -> World:
    registry = Registry(
        load_kinds(), fixed_clock(NOW), tmp_path / "attachments", weekdays, lambda name, begins: 5
    )
    national = Actor("NATIONAL", grants=(Grant("officer", regions=("*",)),))
    hospital, firm, rival = (
        create(
            registry, national, "organisation",
            {"name": {"en": f"Invented {name}"}, "sort_of": "company", "region": region},
        ).key
        for name, region in (("Hospital", "CN-33"), ("Firm", "CN-31"), ("Rival", "CN-44"))
    )  # fmt: skip
    made = World(registry, hospital, firm, rival)
    made.actors = {
        "visitor": VISITOR,
        "owner": Actor("OWNER", grants=(Grant("manager", hospital),)),
        "owner's member": Actor("NURSE", grants=(Grant("member", hospital),)),
        "firm": Actor("FIRM", grants=(Grant("manager", firm),)),
        "firm's member": Actor("FIRMMEMBER", grants=(Grant("member", firm),)),
        "rival": Actor("RIVAL", grants=(Grant("manager", rival),)),
        "officer there": Actor("THERE", grants=(Grant("officer", regions=("CN-33",)),)),
        "officer of the firm's region": Actor("ELSEWHERE", grants=(Grant("officer", regions=("CN-31",)),)),
        "national officer": national,
        "second officer": Actor("SECOND", grants=(Grant("officer", regions=("*",)),)),
        "reviewer": Actor("REVIEWER", grants=(Grant("reviewer"),)),
        "idle reviewer": Actor("IDLE", grants=(Grant("reviewer"),)),
        "auditor": Actor("AUDITOR", grants=(Grant("auditor"),)),
        "administrator": Actor("ADMINISTRATOR", grants=(Grant("administrator"),)),
    }
    return made


def review(world: World, key: str) -> None:
    """Asks the reviewer to look at a record."""
    assign(world.registry, world.actors["national officer"], key, "REVIEWER")
