"""Two records about one thing: merged, followed, taken apart."""

from __future__ import annotations

import pytest

from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.checking import check_history
from foretrack.registry.actions.history import history
from foretrack.registry.actions.merging import merge, unmerge
from foretrack.registry.actions.pointing import RECORD, keys_of, pointing_to
from foretrack.registry.actions.records import create, edit, show
from foretrack.registry.actions.writing import ConflictError
from foretrack.registry.models import Facet, Identifier, Record
from foretrack.registry.registry import Registry

USCC = "91110000600037341L"
LEI = "969500KSV493XWY0PS33"


def organisation(registry: Registry, actor: Actor, name: str, **values: object) -> str:
    return create(
        registry, actor, "organisation",
        {"name": {"en": name}, "sort_of": "company", "region": "CN-33", **values},
    ).key  # fmt: skip


@pytest.fixture
def pair(registry: Registry, national: Actor) -> tuple[str, str]:
    return (
        organisation(registry, national, "Invented Works", uscc=USCC, website="https://one.example"),
        organisation(
            registry, national, "Invented Works Ltd", lei=LEI, website="https://two.example", contact="A B"
        ),
    )


def test_who_asks_for_the_absorbed_one_is_led_to_the_survivor(
    registry: Registry, national: Actor, pair: tuple[str, str]
) -> None:
    one, two = pair
    plan = create(registry, national, "plan", {"title": {"en": "P"}, "organisation": two}).key
    other_plan = create(registry, national, "plan", {"title": {"en": "Q"}, "organisation": one}).key

    done = merge(registry, national, one, two, survivor_revision=1, absorbed_revision=1)

    assert done.survivor.key == show(registry, national, two).key == one
    targets = [(RECORD, key) for key in keys_of(registry, national, two)]
    assert {(p.field, p.key) for p in pointing_to(registry, national, targets)} == {
        ("organisation", plan),
        ("organisation", other_plan),
    }
    assert not Identifier.objects.get(scheme="lei").alive
    assert not Facet.objects.filter(record__key=two).exists()
    assert [line.act for line in history(registry, national, two)] == ["merge", "create"]
    assert check_history(registry).findings == []


def test_the_survivor_takes_only_the_fields_that_it_was_told_to(
    registry: Registry, national: Actor, pair: tuple[str, str]
) -> None:
    one, two = pair

    done = merge(
        registry, national, one, two, take=["lei", "contact"], survivor_revision=1, absorbed_revision=1
    )

    values = done.survivor.values
    assert (values["lei"], values["contact"], values["uscc"], values["website"]) == (
        LEI, "A B", USCC, "https://one.example",
    )  # fmt: skip
    assert list(
        Identifier.objects.filter(scheme="lei", alive=True).values_list("record__key", flat=True)
    ) == [one]


def test_undone_both_are_what_they_were_and_later_changes_stay(
    registry: Registry, national: Actor, pair: tuple[str, str]
) -> None:
    one, two = pair
    bodies = dict(Record.objects.values_list("key", "body"))
    merge(registry, national, one, two, take=["lei", "website"], survivor_revision=1, absorbed_revision=1)
    edit(registry, national, one, {"country": "CN"}, revision=2)

    done = unmerge(registry, national, two)

    after = dict(Record.objects.values_list("key", "body"))
    assert after[two] == bodies[two]
    assert after[one] == {**bodies[one], "country": "CN"}
    assert done.fields == ("lei", "website")
    assert show(registry, national, two).key == two
    assert [line.act for line in history(registry, national, one)] == ["unmerge", "edit", "merge", "create"]
    assert check_history(registry).findings == []
    merge(registry, national, one, two, take=["lei"], survivor_revision=4, absorbed_revision=3)
    assert check_history(registry).findings == []


def test_a_taken_field_that_changed_since_stops_the_undoing_and_is_named(
    registry: Registry, national: Actor, pair: tuple[str, str]
) -> None:
    one, two = pair
    merge(registry, national, one, two, take=["lei", "website"], survivor_revision=1, absorbed_revision=1)
    edit(registry, national, one, {"website": "https://three.example"}, revision=2)

    with pytest.raises(ConflictError, match=r"^website of .* changed since"):
        unmerge(registry, national, two)
    assert show(registry, national, two).key == one


def test_chains_lead_to_the_last_and_are_undone_backwards(
    registry: Registry, national: Actor, pair: tuple[str, str]
) -> None:
    one, two = pair
    three = organisation(registry, national, "Invented Holding")
    merge(registry, national, one, two, survivor_revision=1, absorbed_revision=1)
    merge(registry, national, three, one, survivor_revision=1, absorbed_revision=2)

    assert show(registry, national, two).key == three
    with pytest.raises(InputError, match="itself been merged"):
        unmerge(registry, national, two)
    unmerge(registry, national, one)
    unmerge(registry, national, two)
    assert [show(registry, national, key).key for key in (one, two, three)] == [one, two, three]


def test_cycles_kinds_and_the_record_itself_are_refused(
    registry: Registry, national: Actor, pair: tuple[str, str]
) -> None:
    one, two = pair
    plan = create(registry, national, "plan", {"title": {"en": "P"}, "region": "CN-33"}).key
    with pytest.raises(InputError, match="with itself"):
        merge(registry, national, one, one, survivor_revision=1, absorbed_revision=1)
    with pytest.raises(InputError, match="is a organisation and"):
        merge(registry, national, one, plan, survivor_revision=1, absorbed_revision=1)
    merge(registry, national, one, two, survivor_revision=1, absorbed_revision=1)
    with pytest.raises(InputError, match="merged into"):
        merge(registry, national, two, one, survivor_revision=2, absorbed_revision=2)
    with pytest.raises(InputError, match="merged into"):
        merge(registry, national, one, two, survivor_revision=2, absorbed_revision=2)


def test_a_merge_of_something_that_changed_in_between_writes_nothing(
    registry: Registry, national: Actor, pair: tuple[str, str]
) -> None:
    one, two = pair
    edit(registry, national, two, {"country": "CN"}, revision=1)

    with pytest.raises(ConflictError):
        merge(registry, national, one, two, survivor_revision=1, absorbed_revision=1)
    assert Record.objects.filter(merged_into__isnull=False).count() == 0


def test_who_may_not_decide_about_both_may_not_merge(
    registry: Registry, national: Actor, officer: Actor, member: Actor, pair: tuple[str, str]
) -> None:
    elsewhere = organisation(registry, national, "Invented Elsewhere", region="DE-BY")
    with pytest.raises(AccessError):
        merge(registry, officer, pair[0], elsewhere, survivor_revision=1, absorbed_revision=1)
    with pytest.raises(AccessError):
        merge(registry, member, *pair, survivor_revision=1, absorbed_revision=1)
    administrator = Actor("ADMIN", grants=(Grant("administrator"),))
    with pytest.raises(AccessError, match="contact"):
        merge(registry, administrator, *pair, take=["contact"], survivor_revision=1, absorbed_revision=1)
    assert merge(registry, officer, *pair, survivor_revision=1, absorbed_revision=1).absorbed == pair[1]
