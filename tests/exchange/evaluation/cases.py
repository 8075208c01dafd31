"""Invented achievements, bodies and evaluations; `SECRET` is planted wherever only a few may read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.review.office import TRACKS, Office

from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.records import create
from foretrack.registry.models import Record

TRL, MRL, GBT = "trl-iso16290/trl", "mrl-dod/mrl", "trl-gbt22900/trl"
SECRET = "planted-secret-93417"
TO_FOUR = (
    "1/report", "2/concept", "2/need", "3/functions", "3/proof", "4/breadboard", "4/laboratory-test",
)  # fmt: skip


def evidence(*items: str, scale: str = TRL) -> list[dict[str, Any]]:
    """Rows of evidence."""
    return [{"item": f"{scale}/{one}", "proof": f"Paper on {one}", "document": "Annex 1"} for one in items]


def judged(*items: str, refused: tuple[str, ...] = (), scale: str = TRL) -> list[dict[str, Any]]:
    """Rows of the panel."""
    return [{"item": f"{scale}/{one}", "accepted": one not in refused} for one in items]


@dataclass
class Cases(Office):
    """An office with an evaluation body."""

    body: str = field(init=False)
    maker: Actor = field(init=False)
    lab: Actor = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.maker, self.lab = self.firm("Acme Robots"), self.firm("Invented Assessors")
        self.body = self.recognised_body("Invented Assessors", services=["evaluation"])

    def recognised_body(self, name: str, **changes: Any) -> str:
        """A body on the register since January 2025, or the day that is given."""
        day = changes.pop("since", "2025-01-06")
        now = self.at.date().isoformat()
        self.move_to(day)
        values = {
            "title": {"en": name, "zh": f"{name}（虚构机构）"}, "region": "CN-33", "tracks": list(TRACKS[:1]),
            "services": ["evaluation"], "about": {"en": "Looks at things."}, "cases": 4, **changes,
        }  # fmt: skip
        owner = self.firm(name)
        key = create(self.registry, owner, "service-body", values).key
        self.through(owner, key)
        self.move_to(now)
        return key

    def through(self, owner: Actor, key: str, *, submit: bool = True) -> None:
        """From a draft over the notice to recognised; days pass."""
        if submit:
            self.go(owner, key, "submit")
        self.go(self.ministry, key, "announce")
        self.pass_days(10)
        self.go(self.second, key, "recognise")

    def pass_days(self, n: int) -> None:
        """Lets days pass."""
        from datetime import timedelta

        self.at += timedelta(days=n)

    def achievement(self, **changes: Any) -> str:
        """A released achievement."""
        values = {
            "title": {"en": "A quiet gripper", "zh": "虚构静音夹爪"}, "region": "CN-33", "tracks": list(TRACKS[:1]),
            "sort_of": "applied", "summary": {"en": "It grips."}, "description": {"en": "It grips without noise."},
            "maturity": 3, "confidential": {"en": SECRET}, **changes,
        }  # fmt: skip
        key = create(self.registry, self.maker, "achievement", values).key
        self.go(self.maker, key, "submit")
        self.go(self.ministry, key, "release")
        return key

    def offer(self, achievement: str, **changes: Any) -> str:
        """A published offer of an achievement."""
        values = {
            "title": {"en": "Grippers", "zh": "虚构夹爪供给"}, "region": "CN-33", "tracks": list(TRACKS[:1]),
            "summary": {"en": "Grippers."}, "description": {"en": "Quiet ones."}, "advantages": {"en": "Quiet."},
            "stage": "prototype", "rights": ["know-how"], "cooperation": ["licence"], "valid_until": "2027-12-31",
            "achievement": achievement, "maturity": 5, **changes,
        }  # fmt: skip
        key = create(self.registry, self.maker, "offer", values).key
        self.go(self.maker, key, "publish")
        return key

    def draft(self, achievement: str, **changes: Any) -> str:
        """An evaluation as a draft: level 4 of ISO 16290 with everything that it asks for."""
        values = {
            "title": {"en": "Evaluation of the gripper", "zh": "虚构夹爪评价"}, "region": "CN-33",
            "tracks": list(TRACKS[:1]), "achievement": achievement, "sort_of": "applied", "evaluated_by": self.body,
            "purpose": "transfer", "claimed": [{"level": f"{TRL}/4"}], "evidence": evidence(*TO_FOUR),
            "confidential": {"en": SECRET}, "contact": SECRET, **changes,
        }  # fmt: skip
        return create(self.registry, self.maker, "evaluation", values).key

    def handed_in(self, achievement: str, **changes: Any) -> str:
        """An evaluation that was handed in."""
        key = self.draft(achievement, **changes)
        self.go(self.maker, key, "submit")
        return key

    def found(self, key: str, actor: Actor | None = None, name: str = "assess", **changes: Any) -> Record:
        """Records what the panel found."""
        values = {
            "assessed": judged(*TO_FOUR), "reached": [{"level": f"{TRL}/4"}], "conclusion": {"en": "It works."},
            "valid_until": "2028-03-01", **changes,
        }  # fmt: skip
        self.go(actor or self.ministry, key, name, **{k: v for k, v in values.items() if v is not None})
        return self.get(key)

    def recognised(self, achievement: str, **changes: Any) -> str:
        """An evaluation from its draft to recognised."""
        panel = {k: changes.pop(k) for k in ("assessed", "reached", "valid_until") if k in changes}
        key = self.handed_in(achievement, **changes)
        self.found(key, **panel)
        self.through(self.maker, key, submit=False)
        return key

    def get(self, key: str) -> Record:
        """A record as it stands."""
        return Record.objects.get(key=key)
