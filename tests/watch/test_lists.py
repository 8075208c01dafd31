"""Published lists are watched: a new issue, who entered, and who was removed."""

from __future__ import annotations

from typing import Any

import pytest
from tests.lists.conftest import (
    Recognise,
    firm,
    kinds,
    member,
    national,
    officer,
    on,
    recognise,
    registry,
    series,
)

from foretrack.jobs.worker import Worker
from foretrack.lists.actions.issuing import Taken, publish
from foretrack.lists.actions.series import SeriesPage
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import Actor
from foretrack.registry.registry import Registry
from foretrack.watch.actions.alerts import list_alerts
from foretrack.watch.actions.rules import add_rule

__all__ = ["firm", "kinds", "member", "national", "officer", "recognise", "registry", "series"]


@pytest.fixture(autouse=True)
def _nothing_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foretrack.jobs.schedule.PLANS", {})


def test_an_issue_its_entries_and_a_removal_are_told(
    registry: Registry, national: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    first = recognise("Invented robot A")

    def rule(*when: str, **given: Any) -> str:
        return add_rule(
            registry, national, name="Lists", about="lists", owner_sort="public", when=when, **given
        ).rule.key

    issues = rule("issue changed", filters={"series": ["iconic-products"]})
    entries = rule("new", text="robot")
    removals = rule("status entered removed")
    elsewhere = rule("new", filters={"series": ["another"]})
    publish(on(registry, "2026-04-01"), national, "iconic-products", reason="first")
    Worker(on(registry, "2026-04-01")).run(once=True)

    def told(key: str) -> list[tuple[str, str]]:
        return [(a.subject, a.text) for a in list_alerts(registry, national, rule_key=key).alerts]

    assert told(entries) == [(f"entry:iconic-products/{first}", "is new")]
    assert (told(issues), told(removals)) == ([], [])

    publish(
        on(registry, "2026-05-01"), national, "iconic-products", reason="second",
        remove={first: Taken("withdrawn", Bilingual("Withdrawn by the firm", "企业撤回"))},
    )  # fmt: skip
    Worker(on(registry, "2026-05-01")).run(once=True)

    assert told(issues) == [("list:iconic-products", "Issue went from 1 to 2")]
    assert told(removals) == [(f"entry:iconic-products/{first}", "Status became removed")]
    assert list_alerts(registry, national, rule_key=removals).alerts[0].title == "Invented robot A"
    assert told(elsewhere) == []
