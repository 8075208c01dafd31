"""An invented exhibition with its organiser, three exhibitors and three visitors."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.registry.conftest import weekdays

from foretrack.domains.exchange.actions.exhibitions import badges, schedule_of
from foretrack.domains.exchange.actions.scheduling import make_proposal, publish
from foretrack.domains.exchange.actions.wishing import tell_wishes
from foretrack.foundation.clock import fixed_clock
from foretrack.installation.kinds import load_kinds
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.actions.records import create, move
from foretrack.registry.answers import RecordPage
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

TRACK = "cn-future-industries-2024/intelligent-manufacturing"
NOW = "2026-05-01T08:00:00"
EVENT: dict[str, Any] = {
    "title": {"en": "Invented robot fair", "zh": "虚构机器人对接会"}, "region": "CN-33", "tracks": [TRACK],
    "about": {"en": "Invented", "zh": "虚构"}, "purpose": "achievements", "form": "place", "place": "Invented Street 1",
    "online": "https://secret-room.example/", "timezone": "Asia/Shanghai",
    "days": [{"day": "2026-05-12", "begins": "09:00", "ends": "11:00"}], "slot_minutes": 30,
    "halls": [{"hall": "A", "tables": 2}], "most_meetings": 3, "registration_from": "2026-04-01",
    "registration_until": "2026-05-10", "capacity": 7,
}  # fmt: skip


@dataclass
class Fairground:
    """Who there is, and how they act."""

    registry: Registry
    organiser: str = ""
    key: str = ""
    firms: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    """Name of a firm to its participation."""
    actors: dict[str, Actor] = field(default_factory=dict)

    def at(self, day: str, hour: int = 8) -> None:
        """Moves the clock."""
        moved = f"{day}T{hour:02}:00:00"
        self.registry = Registry(
            self.registry.kinds, fixed_clock(moved), self.registry.attachments, weekdays, lambda name, begins: 5
        )  # fmt: skip

    def move(self, who: str, key: str, name: str, **values: Any) -> RecordPage:
        """Makes a transition."""
        revision = Record.objects.values_list("revision", flat=True).get(key=key)
        return move(
            self.registry, self.actors[who], key, name, revision=revision, reason="Invented reason", values=values
        )  # fmt: skip

    def wish(self, who: str, away: tuple[str, ...] = (), **weights: int) -> None:
        """Tells wishes by the names of firms."""
        key = self.parts[who]
        tell_wishes(
            self.registry, self.actors[who], key, weights={self.parts[name]: n for name, n in weights.items()},
            away=away, revision=Record.objects.get(key=key).revision,
        )  # fmt: skip

    def join(self, name: str, side: str, *, confirm: bool = True) -> str:
        """Registers a firm; its participation."""
        values = {
            "title": {"en": f"Invented {name}", "zh": f"虚构{name}"}, "exhibition": self.key, "side": side,
            "organisation": self.firms[name], "shows": {"en": f"Invented things of {name}"}, "tracks": [TRACK],
            "person": f"Person of {name}", "email": f"{name}@example.org",
        }  # fmt: skip
        self.parts[name] = create(self.registry, self.actors[name], "participation", values).key
        self.move(name, self.parts[name], "register")
        if confirm:
            self.move("organiser", self.parts[name], "confirm", stand=f"S-{name}")
        return self.parts[name]

    def planned(self, *, mend: bool = False, why: str = "") -> None:
        """Plans and publishes."""
        make_proposal(self.registry, self.key, mend=mend)
        schedule = schedule_of(self.key)
        assert schedule is not None
        publish(self.registry, self.actors["organiser"], self.key, revision=schedule.revision, why=why)

    def code(self, name: str) -> str:
        """The code of a firm's badge."""
        return str(badges(self.key)[self.parts[name]].body["title"])


EXHIBITORS, VISITORS = ("arm", "belt", "cell"), ("dock", "edge", "fork")


def fairground(folder: Path) -> Fairground:
    """The exhibition with its registration open and six participants confirmed."""
    made = Fairground(
        Registry(load_kinds(), fixed_clock(NOW), folder / "attachments", weekdays, lambda name, begins: 5)
    )
    national = Actor("NATIONAL", grants=(Grant("officer", regions=("*",)),))
    made.actors = {
        "visitor": VISITOR,
        "officer": national,
        "auditor": Actor("AUDITOR", grants=(Grant("auditor"),)),
    }

    def organisation(name: str) -> str:
        values = {"name": {"en": f"Invented {name}"}, "sort_of": "company", "region": "CN-31"}
        return create(made.registry, national, "organisation", values).key

    made.organiser = organisation("organiser")
    made.actors["organiser"] = Actor("ORGANISER", grants=(Grant("manager", made.organiser),))
    for name in (*EXHIBITORS, *VISITORS):
        made.firms[name] = organisation(name)
        made.actors[name] = Actor(name.upper(), grants=(Grant("manager", made.firms[name]),))
    made.key = create(
        made.registry, made.actors["organiser"], "exhibition", {**EVENT, "organisation": made.organiser}
    ).key
    made.move("organiser", made.key, "announce")
    made.move("organiser", made.key, "open")
    for name in EXHIBITORS:
        made.join(name, "exhibitor")
    for name in VISITORS:
        made.join(name, "visitor")
    return made
