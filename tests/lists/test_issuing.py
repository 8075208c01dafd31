"""What happens to a list: issues are numbered, frozen and hashed; entries enter, change, leave with a reason, expire."""

from __future__ import annotations

import hashlib

import pytest
from django.db import DatabaseError, connection, transaction
from tests.lists.conftest import Recognise, on

from foretrack.foundation.errors import EvidenceError, InputError, SourceError
from foretrack.lists.actions.issuing import Taken, prepare, publish
from foretrack.lists.actions.reading import changes, check_lists, issues, open_issue
from foretrack.lists.actions.series import SeriesPage, declare_series, show_series
from foretrack.lists.models import ListIssue
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.records import move, show
from foretrack.registry.models import AuditEntry
from foretrack.registry.registry import Registry
from foretrack.search.actions.searching import search

DAY = "2026-03-16"


def test_a_list_without_anything_to_list_is_not_published(
    registry: Registry, national: Actor, series: SeriesPage
) -> None:
    with pytest.raises(EvidenceError, match="nothing to list"):
        publish(registry, national, "iconic-products", reason="first")


def test_the_first_issue_holds_what_is_recognised_and_only_public_fields(
    registry: Registry, national: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    key = recognise("Robot A")

    made = publish(on(registry, DAY), national, "iconic-products", reason="first")

    (entry,) = made.issue.entries
    assert (entry.record, entry.position, entry.status) == (key, 1, "listed")
    assert entry.title == Bilingual("Robot A", "虚构产品A")
    assert entry.direction is not None
    assert entry.direction.label.zh == "未来制造"
    assert str(entry.valid_to) == "2029-03-15"
    assert set(entry.values) == {"organisation", "family"}
    assert entry.values["organisation"] == Bilingual("Invented Works", "虚构制造")


def test_the_bytes_offered_for_download_are_the_bytes_that_were_hashed(
    registry: Registry, national: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    recognise("Robot A")
    publish(on(registry, DAY), national, "iconic-products", reason="first")

    issue, digest, content = open_issue("iconic-products")

    assert hashlib.sha256(content).hexdigest() == digest
    assert AuditEntry.objects.get(act="issue list").details["digest"] == digest
    assert issue.number == 1


def test_an_issue_chains_to_the_one_before_and_says_what_changed(
    registry: Registry, national: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    first = recognise("Robot A")
    publish(on(registry, DAY), national, "iconic-products", reason="first")
    second = recognise("Robot B")
    publish(
        on(registry, "2026-06-01"), national, "iconic-products", reason="mid-year",
        remove={first: Taken("no longer qualifies", Bilingual("Sold no more", "已停产"))},
    )  # fmt: skip

    difference, before, after = changes("iconic-products")

    assert before is not None
    assert [e.record for e in difference.entered] == [second]
    assert [(e.entry.record, e.removal and e.removal.code) for e in difference.left] == [
        (first, "no longer qualifies")
    ]
    assert after.previous == issues("iconic-products")[1].digest
    assert [e.record for e in after.listed] == [second]


def test_what_was_removed_stays_off_until_it_is_readmitted(
    registry: Registry, national: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    first, _ = recognise("Robot A"), recognise("Robot B")
    publish(on(registry, DAY), national, "iconic-products", reason="first")
    publish(on(registry, DAY), national, "iconic-products", reason="x", remove={first: Taken("error")})
    recognise("Robot C")
    third = publish(on(registry, DAY), national, "iconic-products", reason="more")

    assert first in {e.record for e in third.issue.removed}
    fourth = publish(on(registry, DAY), national, "iconic-products", reason="back", readmit=[first])
    assert first in {e.record for e in fourth.issue.listed}


def test_a_record_that_loses_its_state_leaves_with_the_next_issue(
    registry: Registry, national: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    first, _ = recognise("Robot A"), recognise("Robot B")
    publish(on(registry, DAY), national, "iconic-products", reason="first")
    move(
        registry,
        national,
        first,
        "remove",
        revision=show(registry, national, first).revision,
        reason="violation",
    )

    made = publish(on(registry, DAY), national, "iconic-products", reason="next")

    (gone,) = made.issue.removed
    assert gone.removal is not None
    assert (gone.record, gone.removal.code) == (first, "not recognised")


def test_validity_ends_by_itself_and_can_be_renewed(
    registry: Registry, national: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    first, second = recognise("Robot A"), recognise("Robot B")
    publish(on(registry, DAY), national, "iconic-products", reason="first")

    made = publish(on(registry, "2029-03-16"), national, "iconic-products", reason="re-check", renew=[second])

    assert {e.record: e.removal.code for e in made.issue.removed if e.removal} == {first: "expired"}
    assert {e.record: str(e.valid_to) for e in made.issue.listed} == {second: "2032-03-15"}


def test_nothing_new_is_no_issue(
    registry: Registry, national: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    recognise("Robot A")
    publish(on(registry, DAY), national, "iconic-products", reason="first")

    with pytest.raises(InputError, match="nothing has changed"):
        publish(on(registry, DAY), national, "iconic-products", reason="again")


def test_what_was_looked_at_is_what_is_published(
    registry: Registry, national: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    recognise("Robot A")
    looked = prepare(on(registry, DAY), national, "iconic-products")
    recognise("Robot B")

    from foretrack.lists.issue import digest_of

    with pytest.raises(InputError, match="no longer the one"):
        publish(on(registry, DAY), national, "iconic-products", reason="x", expected=digest_of(looked.issue))
    assert show_series("iconic-products").issues == 0


def test_a_list_is_found_by_its_name_and_by_what_stands_on_it(
    registry: Registry, national: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    recognise("Robot A")
    publish(on(registry, DAY), national, "iconic-products", reason="first")

    for question in ("虚构标志性产品", "iconic products", "虚构产品A"):
        found = search(question, units=["list"], embedder=None)
        assert [hit.key for hit in found.hits] == ["iconic-products"], question


def test_only_officers_publish(
    registry: Registry, member: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    recognise("Robot A")
    for actor in (member, Actor()):
        with pytest.raises(AccessError):
            publish(registry, actor, "iconic-products", reason="x")


def test_an_issue_cannot_be_changed_and_damage_is_named(
    registry: Registry, national: Actor, series: SeriesPage, recognise: Recognise
) -> None:
    recognise("Robot A")
    publish(on(registry, DAY), national, "iconic-products", reason="first")
    assert check_lists() == []
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        ListIssue.objects.update(content="{}")

    trigger = (
        "lists_listissue_update"
        if connection.vendor == "sqlite"
        else "lists_listissue_kept ON lists_listissue"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger}")
    row = ListIssue.objects.get()
    ListIssue.objects.update(content=row.content.replace("Robot A", "Robot Z"))

    with pytest.raises(SourceError, match="not what was published"):
        open_issue("iconic-products")
    assert [f.where for f in check_lists()] == ["list iconic-products, issue 1"]


def test_people_are_never_listed_and_hidden_fields_never_told(registry: Registry, national: Actor) -> None:
    words = {"title": {"en": "X"}, "publisher": {"en": "Y"}}
    with pytest.raises(InputError, match="cannot be listed"):
        declare_series(registry, national, "experts", kind="person", **words)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="revenue cannot be listed"):
        declare_series(registry, national, "p", kind="iconic-product", fields=["revenue"], **words)  # type: ignore[arg-type]
