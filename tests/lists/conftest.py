"""Recognised products of an invented firm, ready to be listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.registry.conftest import firm, kinds, member, national, officer, registry

from foretrack.foundation.clock import fixed_clock
from foretrack.lists.actions.series import SeriesPage, declare_series
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.records import create, move
from foretrack.registry.registry import Registry

__all__ = ["firm", "kinds", "member", "national", "officer", "registry"]

Recognise = Callable[..., str]


def on(registry: Registry, day: str) -> Registry:
    """The same registry on another day."""
    return replace(registry, clock=fixed_clock(f"{day}T09:00:00"))


@pytest.fixture
def recognise(registry: Registry, member: Actor, national: Actor) -> Recognise:
    """Makes a product and carries it through to recognition; gives its key."""

    def make(title: str, *, family: str = "humanoid-robots", track: str = "intelligent-manufacturing") -> str:
        given = {
            "title": {"en": title, "zh": f"虚构产品{title[-1]}"}, "region": "CN-33",
            "tracks": f"cn-future-industries-2024/{track}", "family": family,
            "about": "Invented for a test.", "novelty": "Nothing of it exists.", "units_sold": 7,
        }  # fmt: skip
        page = create(registry, member, "iconic-product", given)
        page = move(registry, member, page.key, "submit", revision=page.revision)
        page = move(registry, national, page.key, "announce", revision=page.revision, reason="complete")
        later = on(registry, "2026-03-12")
        page = move(later, national, page.key, "recognise", revision=page.revision, reason="no objection")
        return page.key

    return make


@pytest.fixture
def series(registry: Registry, national: Actor) -> SeriesPage:
    return declare_series(
        registry, national, "iconic-products", kind="iconic-product",
        title={"en": "Invented iconic products", "zh": "虚构标志性产品"},
        publisher={"en": "Invented Office", "zh": "虚构办公室"},
        months_valid=36, clause="cn-future-industries-2024/III.2025",
    )  # fmt: skip
