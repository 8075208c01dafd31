"""A target counts what stands in published issues, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.lists.conftest import Recognise, on

from foretrack.foundation.errors import InputError
from foretrack.lists.actions.issuing import Taken, publish
from foretrack.lists.actions.series import SeriesPage
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import AccessError
from foretrack.registry.models import Revision
from foretrack.registry.registry import Registry
from foretrack.targets.actions.counting import all_targets, behind, show_target
from foretrack.targets.actions.judging import add_value, declare_indicator, rate

TARGET = "cn-future-industries-2024/products-2025"


def test_a_recognised_record_counts_only_once_an_issue_lists_it(
    registry: Registry, national: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    recognise("Robot A")
    assert show_target(registry, TARGET).counted == 0

    publish(on(registry, "2026-03-16"), national, "iconic-products", reason="first")

    assert show_target(registry, TARGET, as_of=date(2026, 3, 15)).counted == 0
    assert show_target(registry, TARGET, as_of=date(2026, 3, 16)).counted == 1


def test_removal_lowers_the_count_and_leaves_a_trail(
    registry: Registry, national: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    first = recognise("Robot A")
    recognise("Chip B", family="quantum-computers", track="quantum-computing")
    publish(on(registry, "2026-03-16"), national, "iconic-products", reason="first")
    publish(
        on(registry, "2026-04-01"), national, "iconic-products", reason="x", remove={first: Taken("error")}
    )

    page = show_target(registry, "products-2025", as_of=date(2026, 4, 2))

    assert page.counted == 1
    assert [(s.issue, s.entered, s.left, s.counted) for s in page.steps] == [(1, 2, 0, 2), (2, 0, 1, 1)]
    assert page.directions == {"cn-future-industries-2024/information": 1}
    assert page.standing == "closed"


def test_a_count_opens_down_to_the_revision(
    registry: Registry, national: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    key = recognise("Robot A")
    publish(on(registry, "2026-03-16"), national, "iconic-products", reason="first")

    (entry,) = behind(registry, TARGET, as_of=date(2026, 3, 20))

    revision = Revision.objects.get(record__key=key, number=entry.revision)
    assert (entry.record, entry.revision_digest, entry.issue) == (key, revision.digest, 1)


def test_counts_are_told_per_direction_and_region(
    registry: Registry, national: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    recognise("Robot A")
    recognise("Chip B", track="quantum-computing")
    publish(on(registry, "2026-03-16"), national, "iconic-products", reason="first")
    day = date(2026, 3, 20)

    assert (
        show_target(registry, TARGET, direction="cn-future-industries-2024/manufacturing", as_of=day).counted
        == 1
    )
    assert show_target(registry, TARGET, region="CN-33", as_of=day).counted == 2
    assert show_target(registry, TARGET, region="CN-44", as_of=day).counted == 0


def test_an_expired_entry_no_longer_counts_even_without_a_new_issue(
    registry: Registry, national: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    recognise("Robot A")
    publish(on(registry, "2026-03-16"), national, "iconic-products", reason="first")

    assert show_target(registry, TARGET, as_of=date(2029, 3, 15)).counted == 1
    assert show_target(registry, TARGET, as_of=date(2029, 3, 16)).counted == 0


def test_without_a_list_there_is_no_number(registry: Registry) -> None:
    page = show_target(registry, "standards-2025")

    assert (page.counted, page.standing) == (None, "no list")


def test_a_goal_without_a_number_is_rated_by_a_named_role_and_measured_as_declared(
    registry: Registry, national: Actor, member: Actor
) -> None:
    given: Any = {
        "label": {"en": "Share of the most cited papers", "zh": "高被引论文占比"}, "operator": ">=", "threshold": 0.3,
        "owner": {"en": "Invented Office"}, "source": "Invented for a test",
    }  # fmt: skip
    assert show_target(registry, "lead-2027").standing == "not rated"
    with pytest.raises(AccessError):
        declare_indicator(registry, member, "lead-2027", **given)
    declare_indicator(registry, national, "lead-2027", **given)
    add_value(registry, national, "lead-2027", on=date(2026, 1, 1), value=0.2, source="Invented")
    page = rate(
        registry,
        national,
        "lead-2027",
        rating="at risk",
        narrative={"en": "Too few."},
        role={"en": "Head of division"},
    )

    assert page.standing == "rated"
    assert page.indicator is not None
    assert (page.indicator.value, page.indicator.met) == (0.2, False)
    assert page.rating is not None
    assert (page.rating.rating, page.rating.role.en) == ("at risk", "Head of division")


def test_a_counted_target_takes_no_indicator(registry: Registry, national: Actor) -> None:
    with pytest.raises(InputError, match="counted from lists"):
        declare_indicator(
            registry,
            national,
            "products-2025",
            label={"en": "x"},
            operator=">=",
            threshold=1,
            owner={"en": "x"},
            source="x",
        )


def test_every_target_of_the_packs_is_told(registry: Registry) -> None:
    pages = all_targets(registry, pack="cn-future-industries-2024")

    assert len(pages) == 17
    assert sum(page.operator == ">=" for page in pages) == 6
    assert sum(page.operator == "batch" for page in pages) == 2
