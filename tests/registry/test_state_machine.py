"""Whatever people do, in any order, a record goes only where its declaration lets it, and its history always checks."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.registry.conftest import PLAN, weekdays

from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import ForetrackError, HouseError
from foretrack.installation.kinds import load_kinds
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.actions.checking import check_history
from foretrack.registry.actions.reading import visible_to
from foretrack.registry.actions.records import assign, create, edit, move, show
from foretrack.registry.declaring.fields import BilingualText
from foretrack.registry.declaring.kind import Catalogue, Kind, State, Transition
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

DURATIONS = {"review": 10, "public-notice": 5, "correction": 10}
TRACK = "cn-future-industries-2024/large-models"
START = date(2026, 3, 2)


REACHED: set[str] = set()
"""States that the run has reached: a test that reaches none proves nothing."""


class Office(RuleBasedStateMachine):
    """A firm, its rival, two officers, a reviewer and a visitor, who all try everything on a few plans."""

    def __init__(self) -> None:
        super().__init__()
        self.held = ExitStack()
        self.held.enter_context(transaction.atomic())
        self.day = START
        self.plans: list[str] = []
        self.states: dict[str, str] = {}
        kinds = Catalogue()
        kinds.add(*load_kinds(), PLAN)
        self.kinds = kinds

    @property
    def registry(self) -> Registry:
        return Registry(
            self.kinds, fixed_clock(f"{self.day}T09:00:00"), Path("no-attachments"), weekdays,
            lambda name, begins: DURATIONS[name],
        )  # fmt: skip

    @initialize()
    def people(self) -> None:
        national = Actor("NATIONAL", grants=(Grant("officer", regions=("*",)),))
        firms = [
            create(
                self.registry,
                national,
                "organisation",
                {"name": {"en": name}, "sort_of": "company", "region": region},
            ).key
            for name, region in (("Invented A", "CN-33"), ("Invented B", "CN-44"))
        ]
        self.actors = [
            VISITOR,
            national,
            Actor("MEMBERA", grants=(Grant("member", firms[0]),)),
            Actor("MEMBERB", grants=(Grant("manager", firms[1]),)),
            Actor("OFFICER", grants=(Grant("officer", regions=("CN-33",)),)),
            Actor("REVIEWER", grants=(Grant("reviewer"),)),
            Actor("AUDITOR", grants=(Grant("auditor"),)),
            Actor("READER", grants=(Grant("officer", regions=("*",)),)).limited({"read"}),
        ]
        for who in (2, 3):
            self._write(self.actors[who], {"title": {"en": "Plan"}, "region": "CN-33", "track": TRACK})

    def somebody(self, number: int) -> Actor:
        return self.actors[number % len(self.actors)]

    @precondition(lambda self: len(self.plans) < 4)
    @rule(who=st.integers(0, 7), region=st.sampled_from(["CN-33", "CN-44"]), whole=st.booleans())
    def write_a_plan(self, who: int, region: str, whole: bool) -> None:
        given: dict[str, Any] = {"title": {"en": "Plan"}, "region": region}
        if whole:
            given["track"] = TRACK
        with suppress(ForetrackError):
            self._write(self.somebody(who), given)

    def _write(self, actor: Actor, given: dict[str, Any]) -> None:
        page = create(self.registry, actor, "plan", given)
        self.plans.append(page.key)
        self.states[page.key] = page.status

    @rule(who=st.integers(0, 7), which=st.integers(0, 9), staff=st.integers(-3, 9), stale=st.booleans())
    def change_it(self, who: int, which: int, staff: int, stale: bool) -> None:
        if not self.plans:
            return
        record = Record.objects.get(key=self.plans[which % len(self.plans)])
        try:
            edit(
                self.registry,
                self.somebody(who),
                record.key,
                {"staff": staff},
                revision=record.revision - stale,
            )
        except ForetrackError:
            assert Record.objects.get(pk=record.pk).revision == record.revision

    @rule(
        who=st.integers(0, 7), which=st.integers(0, 9), step=st.sampled_from([t.name for t in PLAN.transitions]),
        reason=st.sampled_from(["", "because"]),
    )  # fmt: skip
    def move_it(self, who: int, which: int, step: str, reason: str) -> None:
        if not self.plans:
            return
        key = self.plans[which % len(self.plans)]
        before = Record.objects.get(key=key)
        actor = self.somebody(who)
        try:
            page = move(self.registry, actor, key, step, revision=before.revision, reason=reason)
        except ForetrackError:
            after = Record.objects.get(key=key)
            assert (after.status, after.revision) == (before.status, before.revision)
            return
        made = PLAN.transition(step)
        assert before.status in made.before
        assert page.status == made.after
        assert any(actor.holds(role) for role in made.who)
        assert not (made.by_another and actor.key in (before.created_by, before.submitted_by))
        assert reason or not made.reason
        if made.after_notice:
            assert before.notice_until is not None
            assert self.day > before.notice_until
        self.states[key] = page.status

    @rule(which=st.integers(0, 9), who=st.integers(0, 7), pick=st.integers(0, 1))
    def make_a_move_that_is_offered(self, which: int, who: int, pick: int) -> None:
        """What a page offers works: chance alone would hardly ever get a plan accepted."""
        key = self.plans[which % len(self.plans)]
        for number in range(len(self.actors)):
            actor = self.somebody(who + number)
            try:
                page = show(self.registry, actor, key)
            except ForetrackError:
                continue
            offered = page.moves
            if not offered:
                continue
            step = offered[pick % len(offered)]
            values = {name: TRACK for name in step.needs if name not in page.values}
            if step.waits_until is not None:
                self.day = max(self.day, date.fromisoformat(step.waits_until) + timedelta(days=1))
            after = move(
                self.registry, actor, key, step.name, revision=page.revision, reason="because", values=values
            )
            self.states[key] = after.status
            REACHED.add(after.status)
            return

    @rule(which=st.integers(0, 9), who=st.integers(0, 7))
    def go_the_whole_way(self, which: int, who: int) -> None:
        """Four first moves in a row lead a new plan to its acceptance, unless somebody has gone another way with it."""
        for _ in range(4):
            self.make_a_move_that_is_offered(which, who, 0)

    @rule(which=st.integers(0, 9), who=st.integers(0, 7))
    def ask_the_reviewer(self, which: int, who: int) -> None:
        if self.plans:
            try:
                assign(self.registry, self.somebody(who), self.plans[which % len(self.plans)], "REVIEWER")
            except ForetrackError:
                return

    @rule(days=st.integers(1, 6))
    def days_pass(self, days: int) -> None:
        self.day += timedelta(days=days)

    @invariant()
    def every_state_is_the_one_that_was_reached(self) -> None:
        assert dict(Record.objects.filter(kind="plan").values_list("key", "status")) == self.states

    @invariant()
    def who_may_see_a_record_is_asked_in_two_ways_with_one_answer(self) -> None:
        for actor in getattr(self, "actors", ()):
            rows = set(Record.objects.filter(visible_to(actor), kind="plan").values_list("key", flat=True))
            pages = set()
            for key in self.plans:
                try:
                    pages.add(show(self.registry, actor, key).key)
                except ForetrackError:
                    continue
            assert rows == pages

    def teardown(self) -> None:
        checked = check_history(self.registry, files=False)
        transaction.set_rollback(True)
        self.held.close()
        assert checked.findings == []


@pytest.mark.slow
@pytest.mark.django_db
def test_no_order_of_acts_leads_where_the_declaration_does_not() -> None:
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {"submitted", "notice", "accepted", "rejected"} <= REACHED


names = st.text("abc", min_size=1, max_size=2)


@st.composite
def declarations(draw: st.DrawFn) -> dict[str, Any]:
    """States and transitions drawn without care: some contradict themselves."""
    states = draw(st.lists(names, min_size=1, max_size=4))
    moves = draw(
        st.lists(
            st.tuples(
                names,
                st.lists(st.sampled_from(states) | names, min_size=1, max_size=2),
                st.sampled_from(states),
            ),
            max_size=5,
        )
    )
    label = Bilingual("Word", "词")
    return {
        "name": "invented", "label": label, "plural": label,
        "fields": (BilingualText(name="title", label=label, weight="title"),), "creators": ("officer",),
        "states": tuple(State(name=name, label=label, draft=index == 0) for index, name in enumerate(states)),
        "transitions": tuple(
            Transition(name=name, label=label, before=tuple(before), after=after, who=("officer",))
            for name, before, after in moves
        ),
    }  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(declared=declarations(), data=st.data())
def test_a_declaration_is_refused_or_followed_to_the_letter(
    declared: dict[str, Any], data: st.DataObject
) -> None:
    try:
        kind = Kind(**declared)
    except HouseError:
        return
    kinds = Catalogue()
    kinds.add(kind)
    registry = Registry(
        kinds,
        fixed_clock("2026-03-02"),
        Path("no-attachments"),
        weekdays,
        lambda name, begins: DURATIONS[name],
    )
    officer = Actor("OFFICER", grants=(Grant("officer", regions=("*",)),))
    with transaction.atomic():
        page = create(registry, officer, "invented", {"title": "x"})
        seen = {page.status}
        for _ in range(4):
            known = [t.name for t in kind.transitions]
            if not known:
                break
            step = kind.transition(data.draw(st.sampled_from(known)))
            assert (step.name in [m.name for m in page.moves]) == (page.status in step.before)
            try:
                page = replace(move(registry, officer, page.key, step.name, revision=page.revision))
            except ForetrackError:
                assert page.status not in step.before
                continue
            assert page.status == step.after
            seen.add(page.status)
        assert seen <= {state.name for state in kind.states}
        transaction.set_rollback(True)
