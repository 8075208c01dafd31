"""A laboratory that sells, a firm that buys, its rival, a daughter of the laboratory, and officers of two regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from tests.registry.conftest import NOW, weekdays

from foretrack.foundation.clock import fixed_clock
from foretrack.installation.kinds import load_kinds
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.actions.records import create, move
from foretrack.registry.answers import RecordPage
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

TRACK = "cn-future-industries-2024/intelligent-manufacturing"
OFFER: dict[str, Any] = {
    "title": {"en": "Invented coating", "zh": "虚构涂层"}, "tracks": [TRACK], "region": "CN-33",
    "summary": "A coating that keeps invented blades from wearing down for two thousand hours.",
    "description": "Invented blades are coated in a vacuum; tests in three invented mills ran for two thousand hours.",
    "advantages": "Half the wear of invented nitride at the same price, measured in three invented mills.",
    "stage": "field-tested", "rights": ["patent-granted"], "cooperation": ["licence"], "valid_until": "2026-12-31",
}  # fmt: skip
LISTING: dict[str, Any] = {
    "title": {"en": "Licence of the invented coating", "zh": "虚构涂层许可"}, "tracks": [TRACK], "region": "CN-33",
    "way": "licence", "summary": "Invented licence", "price_mode": "negotiated", "valid_until": "2026-06-30",
}  # fmt: skip
DEAL: dict[str, Any] = {
    "title": {"en": "Invented coating for mills", "zh": "虚构涂层采购"}, "role": "acquires", "tracks": [TRACK],
    "message": "SECRET-ENQUIRY how much for ten mills",
}  # fmt: skip
CONTRACT: dict[str, Any] = {
    "contract_kind": "licence", "contract_date": "2026-03-02", "amount": "730000 CNY", "publicity": "nothing",
    "terms": "SECRET-TERMS exclusive in the north", "contract_number": "SECRET-NUMBER-7",
}  # fmt: skip


@dataclass
class Market:
    """Who there is, and how they act."""

    registry: Registry
    lab: str
    firm: str
    rival: str
    daughter: str
    actors: dict[str, Actor] = field(default_factory=dict)

    def create(self, who: str, kind: str, values: Mapping[str, Any]) -> str:
        """Makes a record; its key."""
        return create(self.registry, self.actors[who], kind, values).key

    def move(
        self, who: str, key: str, name: str, reason: str = "Invented reason", **values: Any
    ) -> RecordPage:
        """Makes a transition."""
        revision = Record.objects.values_list("revision", flat=True).get(key=key)
        return move(
            self.registry, self.actors[who], key, name, revision=revision, reason=reason, values=values
        )

    def on(self, day: str) -> Market:
        """The same market on another day."""
        return replace(self, registry=replace(self.registry, clock=fixed_clock(f"{day}T09:00:00")))

    def made(self, who: str, kind: str, values: Mapping[str, Any], *moves: str) -> str:
        """Makes a record and moves it on by transitions that its owner makes."""
        key = self.create(who, kind, values)
        for name in moves:
            self.move(who, key, name)
        return key

    def offer(self) -> str:
        """A published offer of the laboratory."""
        return self.made("lab", "offer", {**OFFER, "organisation": self.lab}, "publish")

    def listing(self, **more: Any) -> str:
        """A listing of the laboratory that is open."""
        about = {"about": self.offer(), "organisation": self.lab}
        return self.made("lab", "listing", {**LISTING, **about, **more}, "publish")

    def deal(
        self, about: str, upto: str = "enquiry", *, contract: Mapping[str, Any] = CONTRACT, **more: Any
    ) -> str:
        """A deal that the firm opens, moved on to a state by both sides."""
        key = self.create("firm", "deal", {**DEAL, "organisation": self.firm, "about": about, **more})
        for state, who, name, values in (
            ("enquiry", "firm", "enquire", {}), ("negotiation", "lab", "answer", {}),
            ("proposed-by-enquirer", "firm", "propose", contract), ("contract", "lab", "confirm-contract-other", {}),
            ("delivery", "lab", "begin-delivery-other", {}),
            ("handed-over-by-other", "lab", "hand-over-other", {"delivered_on": "2026-03-02"}),
            ("closed", "firm", "confirm-delivery", {}),
        ):  # fmt: skip
            self.move(who, key, name, **values)
            if state == upto:
                return key
        raise AssertionError(upto)


@pytest.fixture
def market(db: None, tmp_path: Path) -> Market:
    registry = Registry(load_kinds(), fixed_clock(NOW), tmp_path / "files", weekdays, lambda name, begins: 5)
    national = Actor("NATIONAL", grants=(Grant("officer", regions=("*",)),))
    keys: list[str] = []
    for name, region in (("Lab", "CN-33"), ("Firm", "CN-31"), ("Rival", "CN-44"), ("Daughter", "CN-33")):
        values: dict[str, Any] = {"name": {"en": f"Invented {name}"}, "sort_of": "company", "region": region}
        if name == "Daughter":
            values["parent"] = keys[0]
        keys.append(create(registry, national, "organisation", values).key)
    lab, firm, rival, daughter = keys
    made = Market(registry, lab, firm, rival, daughter)
    made.actors = {
        "visitor": VISITOR,
        "lab": Actor("LAB", grants=(Grant("manager", made.lab),)),
        "lab's member": Actor("LABMEMBER", grants=(Grant("member", made.lab),)),
        "firm": Actor("FIRM", grants=(Grant("manager", made.firm),)),
        "firm's member": Actor("FIRMMEMBER", grants=(Grant("member", made.firm),)),
        "both": Actor("BOTH", grants=(Grant("manager", made.firm), Grant("manager", made.lab))),
        "rival": Actor("RIVAL", grants=(Grant("manager", made.rival),)),
        "daughter": Actor("DAUGHTER", grants=(Grant("manager", made.daughter),)),
        "officer": Actor("OFFICER", grants=(Grant("officer", regions=("CN-33",)),)),
        "officer elsewhere": Actor("ELSEWHERE", grants=(Grant("officer", regions=("CN-31",)),)),
        "second officer": Actor("SECOND", grants=(Grant("officer", regions=("CN-33",)),)),
        "third officer": Actor("THIRD", grants=(Grant("officer", regions=("*",)),)),
        "officer of the firm": Actor(
            "OFFICERFIRM", grants=(Grant("officer", regions=("CN-33",)), Grant("member", made.firm))
        ),
        "reviewer": Actor("REVIEWER", grants=(Grant("reviewer"),)),
        "auditor": Actor("AUDITOR", grants=(Grant("auditor"),)),
        "administrator": Actor("ADMINISTRATOR", grants=(Grant("administrator"),)),
        "national": national,
    }
    return made
