"""A registry with a clock that is moved, and somebody at every level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from foretrack.foundation.clock import fixed_clock
from foretrack.installation.kinds import load_kinds
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.actions.records import create, move, show
from foretrack.registry.registry import Registry

DAYS = {"public-notice": 5, "review": 20, "correction": 10, "lapse-warning": 60}


@pytest.fixture
def on(tmp_path: Path, db: None) -> Callable[[str], Registry]:
    """`on(day)` -> the registry on that day; every day of its calendar is worked."""

    def opened(day: str) -> Registry:
        return Registry(
            kinds=load_kinds(),
            clock=fixed_clock(f"{day}T09:00:00"),
            attachments=tmp_path / "attachments",
            add_working_days=lambda start, days: start + timedelta(days=days),
            working_days=lambda name, begins: DAYS[name],
        )

    return opened


def officer(key: str, region: str) -> Actor:
    return Actor(key, key, grants=(Grant("officer", regions=(region,)),))


CITY, PROVINCE, MINISTRY = (
    officer("CITY", "CN-3301"),
    officer("PROVINCE", "CN-33"),
    officer("MINISTRY", "*"),
)
SECOND = officer("SECOND", "*")


class Way:
    """An application on its way."""

    def __init__(self, on: Callable[[str], Registry], echelon: str, **values: Any) -> None:
        self.on = on
        registry = on("2025-03-03")
        self.firm = create(
            registry, MINISTRY, "organisation",
            {"name": {"en": "Invented Valves"}, "sort_of": "company", "region": "CN-3301"},
        ).key  # fmt: skip
        self.member = Actor("MEMBER", "Member", grants=(Grant("manager", self.firm),))
        self.key = create(
            registry, self.member, "echelon-status",
            {
                "title": {"en": "Invented Valves"}, "organisation": self.firm, "region": "CN-3301", "echelon": echelon,
                "truthful": True, **values,
            },
        ).key  # fmt: skip

    def move(self, day: str, actor: Actor, name: str) -> Any:
        registry = self.on(day)
        seen = show(registry, replace(SECOND, key="LOOKS"), self.key)
        return move(registry, actor, self.key, name, revision=seen.revision, reason="Invented reason")

    def shown(self, day: str, actor: Actor = MINISTRY) -> Any:
        return show(self.on(day), actor, self.key)

    def recognised(self) -> Any:
        """Led to the recognition in 2025."""
        self.move("2025-03-10", self.member, "submit")
        self.move("2025-03-20", CITY, "pass-city")
        self.move("2025-04-01", PROVINCE, "announce")
        return self.move("2025-04-10", SECOND, "recognise")


def days(text: str, n: int) -> str:
    return (date.fromisoformat(text) + timedelta(days=n)).isoformat()
