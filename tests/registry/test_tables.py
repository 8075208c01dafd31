"""Tables show and count exactly what the filters leave and the actor may see, as counted one by one in Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.access.permission import reach, visible
from foretrack.registry.actions.cards import facets_of
from foretrack.registry.actions.reading import subject_of
from foretrack.registry.actions.records import assign, create, edit, move
from foretrack.registry.actions.tables import Filters, table
from foretrack.registry.answers import Table
from foretrack.registry.declaring.fields import VISIBILITIES
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

TRACKS = ("cn-future-industries-2024/large-models", "cn-future-industries-2024/industrial-internet")


@pytest.fixture
def actors(firm: str, member: Actor, officer: Actor, national: Actor) -> dict[str, Actor]:
    return {
        "visitor": VISITOR, "member": member, "officer": officer, "national": national,
        "auditor": Actor("AUDITOR", grants=(Grant("auditor"),)),
        "reviewer": Actor("REVIEWER", grants=(Grant("reviewer"),)),
        "administrator": Actor("ADMIN", grants=(Grant("administrator"),)),
        "stranger": Actor("STRANGER", grants=(Grant("member", "0" * 26),)),
        "without reading": replace(national, scopes=frozenset({"write"})),
    }  # fmt: skip


@pytest.fixture
def plans(registry: Registry, national: Actor, member: Actor, officer: Actor) -> list[str]:
    """Twenty-six plans in four states, of two organisations, in three regions, of every visibility."""
    made = []
    for i in range(26):
        later = replace(registry, clock=fixed_clock(f"2026-03-{2 + i // 8:02d}T10:{i:02d}:00"))
        values: dict[str, Any] = {
            "title": {"en": f"Plan {i % 7} of {i}", "zh": f"方案{(i * 3) % 11}"}, "track": TRACKS[i % 2],
            "region": ("CN-33", "CN-3301", "CN-44")[i % 3], "size": ["small", "large"][: i % 3], "staff": (i * 7) % 20,
        }  # fmt: skip
        actor = member if i % 2 else national
        key = create(later, actor, "plan", values, visibility=VISIBILITIES[i % 3]).key
        made.append(key)
        if i % 4 and i % 2:
            move(later, member, key, "submit", revision=1)
        if i % 4 == 3:
            move(later, national, key, "announce", revision=2, reason="complete")
        if i % 5 == 1 and i % 2:
            assign(later, national, key, "REVIEWER")
            assign(later, national, key, "OTHER")
    return made


def by_hand(
    registry: Registry, actor: Actor, chosen: dict[str, Sequence[str]]
) -> tuple[set[str], dict[str, Counter[str]]]:
    """Keys that pass, and counts, from whole records."""
    kind = registry.kinds.get("plan")
    keys: set[str] = set()
    counts: dict[str, Counter[str]] = {}
    for record in Record.objects.filter(kind="plan", merged_into=None):
        circle = reach(actor, subject_of(kind, record))
        if circle is None:
            continue
        seen: dict[str, set[str]] = {}
        for visibility, values in facets_of(kind, record).items():
            if visible(visibility, circle):
                for name, value in values:
                    seen.setdefault(name, set()).add(value)
        passes = {name: bool(seen.get(name, set()) & set(values)) for name, values in chosen.items()}
        if all(passes.values()):
            keys.add(record.key)
        for name, held in seen.items():
            if all(ok for other, ok in passes.items() if other != name):
                counts.setdefault(name, Counter()).update(held)
    return keys, counts


def counted(answer: Table) -> dict[str, dict[str, int]]:
    return {
        facet.name: {count.value: count.n for count in facet.counts if count.n}
        for facet in answer.facets
        if facet.values
    }


CHOSEN: tuple[dict[str, Sequence[str]], ...] = (
    {}, {"size": ["small"]}, {"size": ["small", "large"], "status": ["draft"]}, {"track": [TRACKS[0]]},
    {"region": ["CN-44"], "size": ["large"], "track": [TRACKS[1]]}, {"region": ["nowhere"]}, {"status": ["notice"]},
)  # fmt: skip


def test_every_number_is_the_one_counted_by_hand(
    registry: Registry, plans: list[str], actors: dict[str, Actor]
) -> None:
    for who, actor in actors.items():
        for chosen in CHOSEN if who != "without reading" else ():
            keys, counts = by_hand(registry, actor, dict(chosen))

            answer = table(registry, actor, "plan", Filters(facets=dict(chosen)), limit=100)

            assert {line.key for line in answer.lines} == keys, (who, chosen)
            assert answer.total == len(keys)
            assert counted(answer) == {name: dict(count) for name, count in counts.items()}, (who, chosen)


def test_a_token_that_may_not_read_sees_nothing(
    registry: Registry, plans: list[str], actors: dict[str, Actor]
) -> None:
    answer = table(registry, actors["without reading"], "plan")

    assert (answer.total, answer.lines) == (0, ())


def test_values_of_one_facet_are_alternatives_and_facets_add_up(
    registry: Registry, plans: list[str], national: Actor
) -> None:
    both = table(
        registry, national, "plan", Filters(facets={"size": ["Small", "大"], "track": ["大模型"]}), limit=100
    )

    assert {tuple(line.values.get("size", ())) for line in both.lines} == {("small",), ("small", "large")}
    assert {line.values["track"] for line in both.lines} == {TRACKS[0]}
    size = next(facet for facet in both.facets if facet.name == "size")
    assert [c.value for c in size.counts if c.chosen] == ["small", "large"]
    assert size.counts[0].labels == {"en": "Small", "zh": "小"}


def test_pages_together_hold_every_record_once_and_in_order(
    registry: Registry, plans: list[str], actors: dict[str, Actor]
) -> None:
    by_key = {record.key: record for record in Record.objects.filter(kind="plan")}
    for who in ("national", "visitor", "officer"):
        for sort in ("updated", "title", "due", "region", "status", "staff", "track"):
            for down in ("", "-"):
                pages = [
                    table(registry, actors[who], "plan", sort=down + sort, offset=offset, limit=7, facets=())
                    for offset in range(0, 28, 7)
                ]
                lines = [line for page in pages for line in page.lines]

                assert len({line.key for line in lines}) == len(lines) == pages[0].total, (who, sort)
                if sort in ("region", "track") or (sort == "staff" and who == "national"):
                    values = [by_key[line.key].body[sort] for line in lines]
                    assert values == sorted(values, reverse=bool(down)), (who, sort)


def test_the_order_tells_nothing_about_values_that_are_hidden(
    registry: Registry, plans: list[str], national: Actor
) -> None:
    seen = table(registry, VISITOR, "plan", sort="staff", limit=100, facets=())
    first = [line.key for line in seen.lines]
    for at, key in enumerate(first):
        body = Record.objects.get(key=key)
        Record.objects.filter(pk=body.pk).update(body={**body.body, "staff": 100 - at})

    assert [
        line.key for line in table(registry, VISITOR, "plan", sort="staff", limit=100, facets=()).lines
    ] == first


def test_the_other_filters_leave_what_they_say(
    registry: Registry, plans: list[str], national: Actor, firm: str
) -> None:
    def keys(**given: Any) -> set[str]:
        return {line.key for line in table(registry, national, "plan", Filters(**given), limit=100).lines}

    records = list(Record.objects.filter(kind="plan"))
    assert keys(region="CN-33") == {r.key for r in records if (r.region or "").startswith("CN-33")}
    assert keys(organisation=firm) == {r.key for r in records if r.organisation == firm}
    assert keys(updated_since="2026-03-04") == {
        r.key for r in records if r.updated_at.isoformat() >= "2026-03-04"
    }
    assert keys(due_before="2026-03-19") == {
        r.key for r in records if r.due_on and r.due_on.isoformat() < "2026-03-19"
    }
    assert keys(text="PLAN 3") == {r.key for r in records if "3" in r.title_en + r.title_zh}
    assert keys(text="方案7") == {r.key for r in records if "方案7" in r.title_zh}
    assert keys(keys=[plans[0], plans[5], "0" * 26]) == {plans[0], plans[5]}
    assert keys(keys=[]) == set()


def test_a_percent_sign_in_a_text_is_a_percent_sign(
    registry: Registry, plans: list[str], national: Actor
) -> None:
    assert table(registry, national, "plan", Filters(text="%")).total == 0
    assert table(registry, national, "plan", Filters(region="%")).total == 0


def test_numbers_follow_every_change_at_once(registry: Registry, plans: list[str], national: Actor) -> None:
    def small() -> int:
        return table(registry, national, "plan", Filters(facets={"size": ["small"]})).total

    before = small()
    record = next(
        r for r in Record.objects.filter(kind="plan", status="draft") if "small" in r.body.get("size", [])
    )
    edit(registry, national, record.key, {"size": ["large"]}, revision=record.revision)

    assert small() == before - 1


@pytest.mark.parametrize(
    "given",
    [
        {"filters": Filters(facets={"nonsense": ["x"]})}, {"filters": Filters(facets={"staff": ["1"]})},
        {"filters": Filters(facets={"status": ["nowhere"]})}, {"filters": Filters(facets={"size": ["x"] * 60})},
        {"filters": Filters(updated_since="soon")}, {"filters": Filters(due_before="2026-13-01")}, {"sort": "size"},
        {"sort": "budget"}, {"sort": "'; DROP TABLE registry_card; --"}, {"offset": -1}, {"limit": 10_000},
        {"offset": 10**9}, {"facets": ["title"]}, {"filters": Filters(keys=["x"] * 2000)},
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(registry: Registry, national: Actor, given: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        table(registry, national, "plan", **given)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=20),
    region=st.text(max_size=5),
    value=st.text(max_size=10),
    organisation=st.text(max_size=5),
)
def test_whatever_is_asked_is_answered_or_refused(
    registry: Registry, national: Actor, text: str, region: str, value: str, organisation: str
) -> None:
    asked = Filters(text=text, region=region, facets={"region": [value]}, organisation=organisation)

    with suppress(InputError):
        assert table(registry, national, "plan", asked).total >= 0
