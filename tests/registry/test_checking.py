"""Whatever is done to the database by hand is found, and named."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import connection

from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.attachments import attach, place
from foretrack.registry.actions.checking import check_history
from foretrack.registry.actions.merging import merge
from foretrack.registry.actions.records import create, edit, move
from foretrack.registry.declaring.fields import File, Text
from foretrack.registry.declaring.kind import Catalogue, Kind, State
from foretrack.registry.models import (
    AuditEntry,
    AuditHead,
    Card,
    Facet,
    Figure,
    Identifier,
    Pointer,
    Record,
    Revision,
)
from foretrack.registry.registry import Registry

NOTE = Kind(
    name="note",
    label=Bilingual("Note", "笔记"),
    plural=Bilingual("Notes", "笔记"),
    fields=(
        Text(name="title", label=Bilingual("Title", "标题")),
        File(name="paper", label=Bilingual("Paper", "文件")),
    ),
    states=(State(name="open", label=Bilingual("Open", "开放"), public=True),),
)
"""Invented."""


@pytest.fixture
def filled(registry: Registry, kinds: Catalogue, national: Actor, member: Actor, firm: str) -> dict[str, str]:
    """Records with all that can be damaged."""
    kinds.add(NOTE)
    plan = create(
        registry, member, "plan",
        {
            "title": {"en": "A plan"}, "region": "CN-33", "size": "small", "doi": "10.1000/182", "staff": 2,
            "track": "cn-future-industries-2024/large-models",
        },
    ).key  # fmt: skip
    edit(registry, member, plan, {"staff": 3}, revision=1, reason="counted")
    move(registry, member, plan, "submit", revision=2)
    note = create(registry, national, "note", {"title": "A note"}).key
    attach(registry, national, note, "paper", BytesIO(b"Invented words."), "a.txt", revision=1)
    twin = create(
        registry,
        national,
        "organisation",
        {"name": {"en": "Invented Twin"}, "sort_of": "company", "region": "CN-33"},
    ).key
    merge(registry, national, firm, twin, survivor_revision=1, absorbed_revision=1)
    _without_triggers()
    return {"plan": plan, "note": note, "twin": twin, "firm": firm}


def _without_triggers() -> None:
    with connection.cursor() as cursor:
        for table in ("registry_revision", "registry_auditentry"):
            on = "" if connection.vendor == "sqlite" else f" ON {table}"
            for name in ("kept", "stays"):
                cursor.execute(f"DROP TRIGGER {table}_{name}{on}")


def test_an_untouched_history_checks(registry: Registry, filled: dict[str, str]) -> None:
    checked = check_history(registry)

    assert [str(finding) for finding in checked.findings] == []
    assert (checked.records, checked.revisions, checked.entries, checked.files) == (4, 9, 8, 1)


def _revision(of: str, number: int, **changes: object) -> Callable[[dict[str, str]], object]:
    def damage(filled: dict[str, str]) -> None:
        assert Revision.objects.filter(record__key=filled[of], number=number).update(**changes) == 1

    return damage


def _record(of: str, **changes: object) -> Callable[[dict[str, str]], object]:
    return lambda filled: Record.objects.filter(key=filled[of]).update(**changes)


def _value(filled: dict[str, str]) -> None:
    revision = Revision.objects.get(record__key=filled["plan"], number=2)
    Revision.objects.filter(pk=revision.pk).update(values={**revision.values, "staff": 300})


def _both(filled: dict[str, str]) -> None:
    """The careful one: the row and its last revision agree, and the digest was recomputed too."""
    from foretrack.registry.history.chain import revision_digest
    from foretrack.registry.history.commitment import Sealed

    last = Revision.objects.get(record__key=filled["plan"], number=3)
    values = {**last.values, "staff": 300}
    commitments = Sealed(values, last.salts, last.erased).commitments()
    digest = revision_digest(
        record=filled["plan"], kind="plan", number=3, at=last.at, by=last.by, act=last.act, status=last.status,
        before=last.before, commitments=commitments,
    )  # fmt: skip
    Revision.objects.filter(pk=last.pk).update(values=values, digest=digest)
    record = Record.objects.get(key=filled["plan"])
    Record.objects.filter(pk=record.pk).update(body={**record.body, "staff": 300}, digest=digest)


def _entry(**changes: object) -> Callable[[dict[str, str]], object]:
    return lambda filled: AuditEntry.objects.filter(number=3).update(**changes)


def _cut(filled: dict[str, str]) -> None:
    AuditEntry.objects.filter(number=8).delete()


def _cut_with_head(filled: dict[str, str]) -> None:
    AuditEntry.objects.filter(number=8).delete()
    AuditHead.objects.update(number=7, hash=AuditEntry.objects.get(number=7).hash)


PLAN_1, PLAN_2, PLAN_3 = ("record {plan} revision 1", "record {plan} revision 2", "record {plan} revision 3")

DAMAGE: dict[str, tuple[Callable[[dict[str, str]], object], list[str], str]] = {
    "a value of a past revision": (_value, [PLAN_2], "was changed"),
    "the actor of a revision": (_revision("plan", 2, by="SOMEBODY"), [PLAN_2], "was changed"),
    "a digest": (_revision("plan", 1, digest="0" * 64), [PLAN_2], "does not follow"),
    "a salt": (_revision("plan", 1, salts={}), [PLAN_1], "was changed"),
    "a value, with its digest made anew": (_both, ["entry 4"], "does not cover"),
    "a revision taken away": (
        lambda f: Revision.objects.filter(record__key=f["plan"], number=2).delete(),
        ["record {plan}"], "has no revision 2",
    ),
    "the last revision taken away": (
        lambda f: Revision.objects.filter(record__key=f["plan"], number=3).delete(),
        ["record {plan}"], "has no revision 3",
    ),
    "all revisions taken away": (
        lambda f: Revision.objects.filter(record__key=f["plan"]).delete(), ["record {plan}"], "no revision at all",
    ),
    "the body of a record": (_record("plan", body={"title": {"en": "A plan"}}), [PLAN_3], "staff"),
    "the state of a record": (_record("plan", status="accepted"), [PLAN_3], "status"),
    "the circle of a record": (_record("plan", audience=0), [PLAN_3], "audience"),
    "the region of a record": (_record("plan", region="DE-BY"), [PLAN_3], "region"),
    "the organisation of a record": (_record("plan", organisation=None), [PLAN_3], "organisation"),
    "a title": (_record("plan", title_en="Another"), [PLAN_3], "title_en"),
    "provenance": (_record("plan", provenance={"staff": {"source": "x"}}), [PLAN_3], "provenance"),
    "a facet more": (
        lambda f: Facet.objects.create(
            record=Record.objects.get(key=f["plan"]), kind="plan", name="size", value="large", audience=0
        ),
        ["record {plan}"], "facets",
    ),
    "a facet seen by more": (
        lambda f: Facet.objects.filter(record__key=f["plan"], name="size").update(audience=0),
        ["record {plan}"], "facets",
    ),
    "a link less": (lambda f: Pointer.objects.filter(record__key=f["plan"]).delete(), ["record {plan}"], "links"),
    "a card": (
        lambda f: Card.objects.filter(record__key=f["plan"]).update(name_en="another"), ["record {plan}"], "card",
    ),
    "the facets on a card": (
        lambda f: Card.objects.filter(record__key=f["plan"]).update(public_codes=""), ["record {plan}"], "card",
    ),
    "a figure": (
        lambda f: Figure.objects.filter(record__key=f["plan"]).update(value=9), ["record {plan}"], "figures",
    ),
    "an identifier": (
        lambda f: Identifier.objects.filter(record__key=f["plan"]).update(value="10.1000/999"),
        ["record {plan}"], "identifiers",
    ),
    "the kind of a record": (_record("note", kind="nonsense"), ["record {note}"], "nonsense"),
    "where a merged record leads": (_record("twin", merged_into=None), ["record {twin}"], "leads to -"),
    "an entry's actor": (_entry(actor="SOMEBODY"), ["entry 3"], "was changed"),
    "an entry's details": (_entry(details={}), ["entry 3"], "was changed"),
    "an entry's reason": (_entry(texts={"reason": "another"}), ["entry 3"], "was changed"),
    "an entry's hash": (_entry(hash="0" * 64), ["entry 4"], "does not follow"),
    "an entry taken away": (
        lambda f: AuditEntry.objects.filter(number=3).delete(), ["entry 3"], "is missing",
    ),
    "the end of the log cut off": (_cut, ["entry 8"], "cut off"),
    "the end of the log cut off, with its head": (_cut_with_head, ["entry 8"], "is not there"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_named_with_its_place(registry: Registry, filled: dict[str, str], name: str) -> None:
    damage, places, said = DAMAGE[name]
    damage(filled)

    findings = check_history(registry).findings

    for where in (named.format(**filled) for named in places):
        assert any(f.where == where and said in str(f.what) for f in findings), [str(f) for f in findings]
    untouched = filled["firm"]
    assert [str(f) for f in findings if untouched in f.where and name != "where a merged record leads"] == []


def test_a_file_that_was_changed_or_taken_away_is_named(registry: Registry, filled: dict[str, str]) -> None:
    sha256 = Record.objects.get(key=filled["note"]).body["paper"]
    path = place(registry.attachments, sha256)
    path.write_bytes(b"Other wordss...")

    assert [(f.where, str(f.what)) for f in check_history(registry).findings] == [
        (f"file {sha256}", f"the file 'a.txt' of record {filled['note']} was changed on the disk")
    ]
    path.unlink()
    assert "is not on the disk" in str(check_history(registry).findings[0].what)
    assert check_history(registry, files=False).findings == []


def test_a_reason_may_be_erased_but_not_exchanged(registry: Registry, filled: dict[str, str]) -> None:
    from foretrack.registry.history.commitment import Sealed

    entry = AuditEntry.objects.get(number=3)
    less = Sealed(entry.texts, entry.salts, entry.erased).without(["reason"])
    AuditEntry.objects.filter(number=3).update(
        texts=json.loads(json.dumps(less.values)), salts=less.salts, erased=less.erased
    )

    assert check_history(registry).findings == []
