"""Which rows an actor sees is said twice, in Python for one record and in SQL for a table: they always agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.registry.conftest import NOW, PLAN

from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.keys import new_key
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.access.permission import TOKEN_SCOPES, reach
from foretrack.registry.actions.reading import subject_of, visible_to
from foretrack.registry.actions.writing import audience_of
from foretrack.registry.declaring.fields import VISIBILITIES
from foretrack.registry.models import Assignment, Record, Revision

AT = fixed_clock(NOW)()
ORGANISATIONS = ("A" * 26, "B" * 26)
ACTORS = ("ONE", "TWO")
REGIONS = (None, "", "CN", "CN-33", "CN-3301", "cn-3301", "CN-44", "CN_33", "DE-BY")
SCOPES_OF_OFFICERS = ("*", "CN", "CN-33", "CN-3301", "DE", "C%", "CN_33")


@dataclass(frozen=True)
class Row:
    status: str
    visibility: str
    organisation: str | None
    region: str | None
    created_by: str
    assigned: tuple[tuple[str, bool], ...]
    """Actors, and whether the assignment has ended."""


rows = st.builds(
    Row, st.sampled_from([s.name for s in PLAN.states]), st.sampled_from(VISIBILITIES),
    st.sampled_from((None, *ORGANISATIONS)), st.sampled_from(REGIONS), st.sampled_from(ACTORS),
    st.lists(st.tuples(st.sampled_from(ACTORS), st.booleans()), max_size=3).map(tuple),
)  # fmt: skip
places = st.lists(st.sampled_from(SCOPES_OF_OFFICERS), max_size=2).map(tuple)
bodies = st.lists(st.sampled_from(("*", *ORGANISATIONS)), max_size=1).map(tuple)
grants = st.one_of(
    st.builds(Grant, st.sampled_from(("member", "manager")), st.sampled_from(ORGANISATIONS)),
    st.builds(Grant, st.just("officer"), st.none(), places, bodies),
    st.builds(Grant, st.sampled_from(("reviewer", "auditor", "administrator"))),
)
actors = st.builds(
    Actor, st.sampled_from(("", *ACTORS)), grants=st.lists(grants, max_size=3).map(tuple),
    scopes=st.none() | st.frozensets(st.sampled_from(TOKEN_SCOPES)),
)  # fmt: skip

REVIEWER = Actor("ONE", grants=(Grant("reviewer"), Grant("member", ORGANISATIONS[0])))
TWICE = Row("submitted", "private", None, None, "TWO", (("ONE", False), ("ONE", False), ("TWO", False)))


def saved(found: Sequence[Row]) -> list[Record]:
    made = []
    for row in found:
        record = Record.objects.create(
            key=new_key(AT), kind=PLAN.name, status=row.status, revision=1, body={}, visibility=row.visibility,
            audience=audience_of(PLAN.state(row.status), row.visibility), title_en="", title_zh="", digest="",
            organisation=row.organisation, region=row.region, created_at=AT, created_by=row.created_by,
            updated_at=AT, state_since=AT,
        )  # fmt: skip
        for actor, ended in row.assigned:
            Assignment.objects.create(
                record=record, actor=actor, by="X", at=AT, ended_at=AT if ended else None
            )
        made.append(record)
    return made


class TestVisible(TestCase):
    """Random actors and random records."""

    @settings(max_examples=150)
    @given(st.lists(rows, min_size=1, max_size=6), actors)
    @example([TWICE], REVIEWER)
    @example(
        [Row("draft", "public", None, "cn-3301", "TWO", ())],
        Actor("ONE", grants=(Grant("officer", regions=("CN-33",)),)),
    )
    @example(
        [Row("draft", "public", None, None, "ONE", ())],
        Actor("ONE", grants=(Grant("auditor"),), scopes=frozenset()),
    )
    def test_sql_and_python_agree_and_no_row_comes_twice(self, found: list[Row], actor: Actor) -> None:
        records = saved(found)
        expected = [r.key for r in records if reach(actor, subject_of(PLAN, r)) is not None]

        assert (
            list(Record.objects.filter(visible_to(actor)).order_by("pk").values_list("key", flat=True))
            == expected
        )

    @settings(max_examples=30)
    @given(st.lists(rows, min_size=1, max_size=4), actors)
    @example([TWICE], REVIEWER)
    def test_they_agree_from_another_table_too(self, found: list[Row], actor: Actor) -> None:
        records = saved(found)
        Revision.objects.bulk_create(
            [
                Revision(
                    record=r, number=1, at="", by="", act="create", status=r.status, values={}, salts={}, before="",
                    digest="", entry=1,
                )
                for r in records
            ]
        )  # fmt: skip
        expected = [r.key for r in records if reach(actor, subject_of(PLAN, r)) is not None]

        seen: Any = Revision.objects.filter(visible_to(actor, "record__")).order_by("pk")
        assert list(seen.values_list("record__key", flat=True)) == expected


pytestmark = pytest.mark.django_db
