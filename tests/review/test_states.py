"""Whatever people do in a call, in any order: submissions go only where their declaration lets them, limits hold, and the
record that each carries stands where its submission stands."""

from __future__ import annotations

import itertools
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.review.office import Office

from foretrack.foundation.errors import ForetrackError, HouseError
from foretrack.installation.kinds import load_kinds
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.checking import check_history
from foretrack.registry.actions.records import move
from foretrack.registry.models import Record, Revision
from foretrack.review.actions.assigning import assign_stage
from foretrack.review.actions.deciding import propose
from foretrack.review.actions.objecting import answer, object_to
from foretrack.review.actions.replaying import replay
from foretrack.review.actions.reviewing import own_tasks, step_back
from foretrack.review.following import COUNTED
from foretrack.review.kinds import RUNNING, SUBMISSION
from foretrack.review.limits import SELECTED
from foretrack.review.models import Decision, Entry, Objection

PLACES, SELECTED_MOST = 3, 1
BESIDE = {
    "draft": "draft", "submitted": "submitted", "recommended": "submitted", "reviewing": "submitted",
    "returned": "returned", "notice": "notice", "selected": "recognised", "rechecking": "recognised",
    "declined": "declined", "withdrawn": "withdrawn", "removed": "removed",
}  # fmt: skip
"""State of a submission to that of its record."""
REACHED: set[str] = set()
"""States that the run has reached: a test that reaches few proves little."""


class Machine(RuleBasedStateMachine):
    """Three firms, a province, a ministry of two, three reviewers, and everybody tries everything."""

    def __init__(self) -> None:
        super().__init__()
        self.held = ExitStack()
        self.held.enter_context(transaction.atomic())
        self.submissions: list[str] = []

    @initialize()
    def people(self) -> None:
        self.office = Office(Path("no-attachments"))
        self.firms = [self.office.firm(name) for name in ("Acme Robots", "Beta Works", "Gamma Lab")]
        self.call = self.office.call(
            recommended=True, quota=PLACES, selected_most=SELECTED_MOST, per_applicant=2,
            closes_on="2026-09-30",
            stages=[{"name": "Desk", "mode": "blind", "reviewers": 1, "rubric": "review-rubrics/typical"}],
        )  # fmt: skip
        for name, employer in (("ann", "Acme Robots"), ("bob", ""), ("cem", "")):
            self.office.reviewer(name, employer=employer)
        self.actors = [
            self.office.ministry, self.office.second, self.office.province, *self.firms, *self.office.reviewers,
            self.office.auditor,
        ]  # fmt: skip
        for firm in self.firms:
            self.write(firm)
        self.tried(self.firms[1], self.submissions[1], "submit")
        self.tried(self.office.province, self.submissions[1], "recommend", recommended_by="CN-33")
        self.firm_and_officers_bring_it_on(0)
        self.reviewers_work()
        self.the_second_decides()  # hypothesis leaves rules out of most runs: begin where there is much to do

    def write(self, firm: Actor) -> None:
        with suppress(ForetrackError):
            self.submissions.append(
                self.office.drafted(firm, self.call, f"Scenario {len(self.submissions)}").key
            )

    def one(self, which: int) -> str:
        return self.submissions[which % len(self.submissions)]

    def tried(self, actor: Actor, key: str, step: str, reason: str = "because", **values: object) -> bool:
        before = Record.objects.get(key=key)
        try:
            move(
                self.office.registry,
                actor,
                key,
                step,
                revision=before.revision,
                reason=reason,
                values=values,
            )
        except HouseError:
            raise
        except ForetrackError:
            after = Record.objects.get(key=key)
            assert (after.status, after.revision) == (before.status, before.revision)
            return False
        return True

    @precondition(lambda self: len(self.submissions) < 5)
    @rule(who=st.integers(0, 2))
    def another(self, who: int) -> None:
        self.write(self.firms[who])

    @rule(
        who=st.integers(0, 9), which=st.integers(0, 4), step=st.sampled_from([t.name for t in SUBMISSION.transitions]),
        reason=st.sampled_from(["", "because"]),
    )  # fmt: skip
    def anybody_moves_it(self, who: int, which: int, step: str, reason: str) -> None:
        needs = {"recommended_by": "CN-33"} if step == "recommend" else {}
        self.tried(self.actors[who % len(self.actors)], self.one(which), step, reason, **needs)

    @rule(
        who=st.integers(0, 9),
        which=st.integers(0, 4),
        step=st.sampled_from(["announce", "decline", "withdraw"]),
    )
    def anybody_moves_the_record(self, who: int, which: int, step: str) -> None:
        subject = str(Record.objects.get(key=self.one(which)).body["subject"])
        if Entry.objects.filter(subject=subject, held=True).exists():
            assert not self.tried(self.actors[who % len(self.actors)], subject, step)

    @rule(which=st.integers(0, 4))
    def firm_and_officers_bring_it_on(self, which: int) -> None:
        key = self.one(which)
        firm = self.firms[which % len(self.submissions) % 3]
        for owner in (firm, *self.firms):
            self.tried(owner, key, "submit")
        self.tried(self.office.province, key, "recommend", recommended_by="CN-33")
        self.tried(self.office.ministry, key, "admit")

    @rule(which=st.integers(0, 4))
    def the_whole_way(self, which: int) -> None:
        """Chance alone would hardly ever get a submission decided."""
        self.firm_and_officers_bring_it_on(which)
        self.reviewers_work()
        self.the_second_decides()
        self.objections_are_answered(False)
        self.the_ministry_confirms_after_the_notice(which)

    @rule(which=st.integers(0, 4), step=st.sampled_from(["withdraw", "recheck", "keep", "remove", "return"]))
    def a_move_of_few_people(self, which: int, step: str) -> None:
        for actor in (*self.firms, self.office.ministry):
            if self.tried(actor, self.one(which), step):
                return

    @rule(days=st.integers(1, 12))
    def days_pass(self, days: int) -> None:
        self.office.at += timedelta(days=days)

    @rule(who=st.integers(0, 9), step=st.sampled_from(["close", "finish", "extend"]))
    def anybody_moves_the_call(self, who: int, step: str) -> None:
        self.tried(self.actors[who % len(self.actors)], self.call, step)

    @rule()
    def reviewers_work(self) -> None:
        with suppress(ForetrackError):
            assign_stage(self.office.registry, self.office.ministry, self.call, 1, partial=True)
        for number, reviewer in enumerate(self.office.reviewers):
            for task in own_tasks(self.office.registry, reviewer):
                if task.state == "open":
                    self.office.mark(reviewer, task.task, novelty=number + 3)

    @rule(which=st.integers(0, 2))
    def a_reviewer_steps_back(self, which: int) -> None:
        reviewer = self.office.reviewers[which]
        for task in own_tasks(self.office.registry, reviewer)[:1]:
            with suppress(ForetrackError):
                step_back(
                    self.office.registry, reviewer, task.task, conflict=True, reason="we know each other"
                )

    @rule()
    def the_second_decides(self) -> None:
        with suppress(ForetrackError):
            self.office.decided(self.call, propose(self.office.registry, self.office.second, self.call, 1))

    @rule(which=st.integers(0, 4), outcome=st.sampled_from(["select", "decline", "reserve", "forward"]))
    def the_second_decides_one(self, which: int, outcome: str) -> None:
        with suppress(ForetrackError):
            self.office.decided(self.call, {self.one(which): outcome})

    @rule(which=st.integers(0, 4), who=st.integers(0, 9))
    def somebody_objects(self, which: int, who: int) -> None:
        with suppress(ForetrackError):
            object_to(
                self.office.registry,
                self.actors[who % len(self.actors)],
                self.one(which),
                grounds="other",
                text="No.",
            )

    @rule(upheld=st.booleans())
    def objections_are_answered(self, upheld: bool) -> None:
        for row in Objection.objects.filter(answered_at=None):
            with suppress(ForetrackError):
                answer(self.office.registry, self.office.second, row.pk, upheld=upheld, text="We looked.")

    @rule(which=st.integers(0, 4))
    def the_ministry_confirms_after_the_notice(self, which: int) -> None:
        record = Record.objects.get(key=self.one(which))
        if record.status == "notice" and record.notice_until is not None:
            self.office.move_to(
                max(record.notice_until + timedelta(days=1), self.office.at.date()).isoformat()
            )
            waiting = Objection.objects.filter(submission=record.key).exclude(upheld=False).exists()
            assert self.tried(self.office.ministry, record.key, "confirm") is not waiting

    @invariant()
    def records_stand_where_their_submissions_stand(self) -> None:
        for record in Record.objects.filter(kind="submission"):
            subject = Record.objects.get(key=record.body["subject"])
            assert subject.status == BESIDE[record.status], (record.status, subject.status)
            entry = Entry.objects.filter(submission=record.key).first()
            over = Record.objects.get(key=record.body["call"]).status in ("finished", "cancelled")
            if entry is not None and not over:
                assert entry.held == (record.status in (*RUNNING, "returned"))

    @invariant()
    def limits_hold(self) -> None:
        found = Record.objects.filter(kind="submission")
        assert found.filter(status__in=SELECTED).count() <= SELECTED_MOST
        assert found.filter(status__in=COUNTED).count() <= PLACES
        for record in found.filter(status__in=("notice", "selected", "rechecking", "removed")):
            assert Decision.objects.filter(submission=record.key, outcome="select").exists()

    def teardown(self) -> None:
        kinds = load_kinds()
        for record in Record.objects.filter(kind__in=("call", "submission", "scenario")):
            kind = kinds.get(record.kind)
            states = list(
                Revision.objects.filter(record=record).order_by("number").values_list("status", "act")
            )
            if kind.name == SUBMISSION.name:
                REACHED.update(status for status, _ in states)
            for (before, _), (after, act) in itertools.pairwise(states):
                if act.startswith("move:"):
                    step = kind.transition(act.removeprefix("move:"))
                    assert before in step.before
                    assert after == step.after
                else:
                    assert before == after
        if hasattr(self, "office"):
            assert [
                c for c in replay(self.office.registry, self.office.auditor, self.call) if not c.same
            ] == []
            assert check_history(self.office.registry, files=False).findings == []
        transaction.set_rollback(True)
        self.held.close()


@pytest.mark.slow
@pytest.mark.django_db
def test_no_order_of_acts_leads_where_the_declaration_does_not() -> None:
    REACHED.clear()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=3, stateful_step_count=14, derandomize=True, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert {"submitted", "recommended", "reviewing", "notice"} <= REACHED
