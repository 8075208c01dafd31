"""A transfer office that offers, a firm that needs, a rival, and officers in charge of some of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.inventing import NEED, OFFER
from tests.registry.conftest import NOW, weekdays

from foretrack.foundation.clock import fixed_clock
from foretrack.installation.kinds import load_kinds
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.actions.records import create, edit, move
from foretrack.registry.answers import RecordPage
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry


@dataclass
class Market:
    """Who there is, and how they act."""

    registry: Registry
    office: str
    firm: str
    actors: dict[str, Actor] = field(default_factory=dict)

    def create(self, who: str, kind: str, values: dict[str, Any], **more: Any) -> str:
        """Makes a record; its key."""
        return create(self.registry, self.actors[who], kind, values, **more).key

    def move(self, who: str, key: str, name: str, **values: Any) -> RecordPage:
        """Makes a transition."""
        return move(
            self.registry, self.actors[who], key, name, revision=self.revision(key), reason="Invented reason",
            values=values,
        )  # fmt: skip

    def edit(self, who: str, key: str, **values: Any) -> RecordPage:
        """Changes fields."""
        return edit(self.registry, self.actors[who], key, values, revision=self.revision(key))

    def revision(self, key: str) -> int:
        """The present revision of a record."""
        return Record.objects.values_list("revision", flat=True).get(key=key)

    def offer(self, **values: Any) -> str:
        """A published offer of the office."""
        key = self.create("office", "offer", {**OFFER, "organisation": self.office, **values})
        self.move("office", key, "publish")
        return key

    def need(self, **values: Any) -> str:
        """A published need of the firm."""
        key = self.create("firm", "need", {**NEED, "organisation": self.firm, **values})
        self.move("firm", key, "publish")
        return key


@pytest.fixture
def market(db: None, tmp_path: Path) -> Market:
    registry = Registry(
        load_kinds(), fixed_clock(NOW), tmp_path / "attachments", weekdays, lambda name, begins: 5
    )
    national = Actor("NATIONAL", grants=(Grant("officer", regions=("*",)),))
    office, firm = (
        create(
            registry, national, "organisation",
            {"name": {"en": f"Invented {name}"}, "sort_of": sort, "region": region},
        ).key
        for name, sort, region in (("Transfer Office", "university", "CN-33"), ("Filling Stations", "company", "CN-31"))
    )  # fmt: skip
    made = Market(registry, office, firm)
    made.actors = {
        "visitor": VISITOR,
        "office": Actor("OFFICE", grants=(Grant("manager", office),)),
        "firm": Actor("FIRM", grants=(Grant("manager", firm),)),
        "officer": Actor("OFFICER", grants=(Grant("officer", regions=("CN-33",)),)),
        "national": national,
        "administrator": Actor("ADMINISTRATOR", grants=(Grant("administrator"),)),
    }
    return made


@pytest.fixture
def on_day(market: Market) -> Callable[[str], Registry]:
    """The registry on another day."""
    from dataclasses import replace

    return lambda day: replace(market.registry, clock=fixed_clock(day))
