"""A transfer office with offers and two firms with needs, who look for each other; and people who belong to neither."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from tests.registry.conftest import NOW, weekdays

from foretrack.domains.exchange.actions import publishing
from foretrack.foundation.clock import fixed_clock
from foretrack.installation.kinds import load_kinds
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.actions.records import create, edit, move
from foretrack.registry.answers import RecordPage
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.registry.signals import changed, moving

TRACK = "cn-future-industries-2024/intelligent-manufacturing"
SECRETS = {
    "details": {"en": "SECRETPARTNER invented detail"}, "confidential": {"en": "SECRETPRIVATE invented detail"},
    "contact": "SECRETPERSON", "email": "secretaddress@example.org",
}  # fmt: skip
PROFILE: dict[str, Any] = {
    "tracks": [TRACK], "region": "CN-33", "cooperation": ["licence", "technical"], "valid_until": "2026-12-31", **SECRETS,
}  # fmt: skip
OFFER: dict[str, Any] = {
    **PROFILE, "title": {"en": "Invented welding robot"}, "summary": {"en": "A robot that welds thin seams."},
    "description": {"en": "It welds thin aluminium seams by sight. It learns a new seam within an hour."},
    "advantages": {"en": "No fixture is needed."}, "stage": "prototype", "maturity": 6, "rights": ["patent-granted"],
    "patents": ["CN100000001B"],
}  # fmt: skip
NEED: dict[str, Any] = {
    **PROFILE, "title": {"en": "Invented need of welding"}, "summary": {"en": "Thin seams have to be welded."},
    "description": {"en": "We look for a way to weld thin aluminium seams without fixtures."},
    "requirements": {"en": "A new seam within a day."}, "maturity": 5, "budget": "777123 CNY",
}  # fmt: skip


@dataclass
class World:
    """Who there is, and how they act."""

    registry: Registry
    office: str
    firm: str
    rival: str
    actors: dict[str, Actor] = field(default_factory=dict)

    def create(self, who: str, kind: str, values: dict[str, Any], **more: Any) -> str:
        """Makes a record; its key."""
        return create(self.registry, self.actors[who], kind, values, **more).key

    def edit(self, who: str, key: str, **changes: Any) -> RecordPage:
        """Changes a record."""
        return edit(self.registry, self.actors[who], key, changes, revision=self.at(key).revision)

    def move(self, who: str, key: str, name: str, **values: Any) -> RecordPage:
        """Makes a transition."""
        return move(
            self.registry, self.actors[who], key, name, revision=self.at(key).revision, reason="Invented reason",
            values=values,
        )  # fmt: skip

    def at(self, key: str) -> Record:
        """The row as it stands."""
        return Record.objects.get(key=key)

    def offer(self, who: str = "office", **more: Any) -> str:
        """A published offer."""
        return self._profile("offer", who, {**OFFER, **more})

    def need(self, who: str = "firm", **more: Any) -> str:
        """A published need."""
        return self._profile("need", who, {**NEED, **more})

    def _profile(self, kind: str, who: str, values: dict[str, Any]) -> str:
        (organisation,) = self.actors[who].organisations
        key = self.create(who, kind, {"organisation": organisation, **values})
        self.move(who, key, "publish")
        return key

    def later(self, now: str) -> World:
        """The same world at another moment."""
        return replace(self, registry=replace(self.registry, clock=fixed_clock(now)))


@pytest.fixture
def anything_published() -> Iterator[None]:
    """Without the exchange's checks before publication: matching has to hold whatever came to be published."""
    moving.disconnect(dispatch_uid="exchange.on_moving")
    changed.disconnect(dispatch_uid="exchange.on_changed")
    yield
    publishing.listen()


@pytest.fixture
def world(db: None, tmp_path: Path, anything_published: None) -> World:
    registry = Registry(
        load_kinds(), fixed_clock(NOW), tmp_path / "attachments", weekdays, lambda name, begins: 5
    )
    national = Actor("NATIONAL", grants=(Grant("officer", regions=("*",)),))
    office, firm, rival = (
        create(
            registry, national, "organisation",
            {"name": {"en": f"Invented {name}"}, "sort_of": sort, "region": region},
        ).key
        for name, sort, region in (
            ("Office", "institute", "CN-33"), ("Firm", "company", "CN-31"), ("Rival", "company", "CN-44"),
        )
    )  # fmt: skip
    made = World(registry, office, firm, rival)
    made.actors = {
        "visitor": VISITOR,
        "office": Actor("OFFICE", grants=(Grant("manager", office),)),
        "office's member": Actor("CLERK", grants=(Grant("member", office),)),
        "firm": Actor("FIRM", grants=(Grant("manager", firm),)),
        "rival": Actor("RIVAL", grants=(Grant("manager", rival),)),
        "officer": national,
        "officer elsewhere": Actor("ELSEWHERE", grants=(Grant("officer", regions=("CN-51",)),)),
        "auditor": Actor("AUDITOR", grants=(Grant("auditor"),)),
        "administrator": Actor("ADMINISTRATOR", grants=(Grant("administrator"),)),
    }
    return made
