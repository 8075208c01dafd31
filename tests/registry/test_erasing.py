"""Data about people goes when it has to; what was decided, and every digest, stays."""

from __future__ import annotations

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from foretrack.foundation.errors import InputError
from foretrack.registry import signals
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.auditing import entries
from foretrack.registry.actions.checking import check_history
from foretrack.registry.actions.erasing import erase
from foretrack.registry.actions.history import diff, history
from foretrack.registry.actions.merging import merge, unmerge
from foretrack.registry.actions.records import create, edit, show
from foretrack.registry.actions.writing import ConflictError
from foretrack.registry.models import AuditEntry, Record, Revision
from foretrack.registry.registry import Registry

ADMIN = Actor("ADMIN", grants=(Grant("administrator"),))
AUDITOR = Actor("AUDITOR", grants=(Grant("auditor"),))


def everything() -> str:
    rows = [list(model._default_manager.values()) for model in (Record, Revision, AuditEntry)]
    return json.dumps(rows, cls=DjangoJSONEncoder)


@pytest.fixture
def plan(registry: Registry, member: Actor) -> str:
    key = create(
        registry, member, "plan",
        {"title": {"en": "A plan"}, "region": "CN-33", "staff": 3, "contact": "Ada Invented", "email": "ada@example.org"},
        provenance={"contact": {"source": "letter of Ada Invented"}, "staff": {"source": "count"}},
    ).key  # fmt: skip
    edit(registry, member, key, {"contact": "Bo Invented"}, revision=1, reason="Ada Invented left")
    edit(registry, member, key, {"contact": None, "staff": 4}, revision=2)
    return key


def test_personal_data_leaves_the_record_and_every_revision_and_all_digests_still_check(
    registry: Registry, plan: str
) -> None:
    digests = list(Revision.objects.order_by("pk").values_list("digest", flat=True))

    done = erase(registry, ADMIN, plan, texts=True, reason="request 17")

    assert (done.fields, done.revisions, done.texts) == (("contact", "email"), 3, 1)
    assert "Invented left" not in everything()
    assert "Ada" not in everything()
    assert "ada@" not in everything()
    assert "Bo Inv" not in everything()
    assert list(Revision.objects.order_by("pk").values_list("digest", flat=True))[: len(digests)] == digests
    assert check_history(registry).findings == []
    assert "A plan" in everything()


def test_history_says_that_something_was_erased(registry: Registry, plan: str, member: Actor) -> None:
    erase(registry, ADMIN, plan, reason="request 17")

    lines = history(registry, member, plan)

    assert [(line.act, line.erased) for line in lines] == [
        ("erase", ()), ("edit", ("email",)), ("edit", ("contact", "email")), ("create", ("contact", "email")),
    ]  # fmt: skip
    assert lines[2].reason == "Ada Invented left"
    assert not lines[2].reason_erased
    change = next(c for c in diff(registry, member, plan, 1, 4).changes if c.name == "email")
    assert (change.before, change.after, change.erased) == (None, None, "before")


def test_an_erased_reason_is_told_apart_from_none(registry: Registry, plan: str, member: Actor) -> None:
    erase(registry, ADMIN, plan, texts=True, reason="request 17")

    lines = history(registry, member, plan)

    assert [(line.reason, line.reason_erased) for line in lines][1:] == [
        (None, False), (None, True), (None, False),
    ]  # fmt: skip


def test_somebody_who_has_the_old_values_in_a_form_cannot_save_them_again(
    registry: Registry, plan: str, member: Actor
) -> None:
    erase(registry, ADMIN, plan, reason="request 17")

    with pytest.raises(ConflictError):
        edit(registry, member, plan, {"email": "ada@example.org"}, revision=3)


def test_only_administrators_erase_and_the_log_says_who_and_what_but_no_value(
    registry: Registry, plan: str, member: Actor, officer: Actor, national: Actor
) -> None:
    for actor in (member, officer, national, AUDITOR):
        with pytest.raises(AccessError):
            erase(registry, actor, plan, reason="request 17")
    with pytest.raises(InputError, match="without a reason"):
        erase(registry, ADMIN, plan, reason=" ")

    erase(registry, ADMIN, plan, fields=["contact"], reason="request 17")

    line = entries(registry, AUDITOR, act="erase").lines[0]
    assert (line.actor, line.subject, line.details["fields"]) == ("ADMIN", f"record:{plan}", ["contact"])
    assert "Bo" not in json.dumps(line.details)


def test_what_was_taken_in_a_merge_is_erased_on_both_sides(registry: Registry, national: Actor) -> None:
    one, two = (
        create(
            registry, national, "organisation",
            {"name": {"en": name}, "sort_of": "company", "region": "CN-33", "contact": contact},
        ).key
        for name, contact in (("Invented A", "Cy Invented"), ("Invented B", "Di Invented"))
    )  # fmt: skip
    merge(registry, national, one, two, take=["contact"], survivor_revision=1, absorbed_revision=1)

    done = erase(registry, ADMIN, two, reason="request 18")

    assert set(done.records) == {one, two}
    assert "Cy Inv" not in everything()
    assert "Di Inv" not in everything()
    assert check_history(registry).findings == []
    assert unmerge(registry, national, two).not_restored == ("contact",)
    assert "contact" not in show(registry, national, one).values
    assert check_history(registry).findings == []


def test_a_second_erasure_of_the_same_changes_nothing_and_still_checks(registry: Registry, plan: str) -> None:
    erase(registry, ADMIN, plan, fields=["contact"], reason="request 17")
    erase(registry, ADMIN, plan, reason="request 18")
    entries_before = AuditEntry.objects.count()

    done = erase(registry, ADMIN, plan, reason="request 19")

    assert (done.records, done.revisions, AuditEntry.objects.count()) == ((), 0, entries_before)
    assert check_history(registry).findings == []


def test_a_person_whose_name_is_erased_is_called_by_the_key(registry: Registry, national: Actor) -> None:
    key = create(
        registry, national, "person",
        {
            "name": {"zh": "虚构人"}, "purpose": "test", "consent_on": "2026-01-01", "keep_until": "2027-01-01",
            "region": "CN-33", "orcid": "0000-0002-1825-0097",
        },
    ).key  # fmt: skip
    told = []
    receiver = lambda **given: told.append((given["record"].key, set(given["fields"])))  # noqa: E731
    signals.erased.connect(receiver)
    try:
        erase(registry, ADMIN, key, reason="request 20")
    finally:
        signals.erased.disconnect(receiver)

    assert show(registry, national, key).title == key
    assert told == [(key, {"name", "orcid", "about", "email"})]
    assert "0000-0002-1825-0097" not in everything()
    assert check_history(registry).findings == []
