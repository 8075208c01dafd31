"""Invented calls in every state, for the demo and for tests: one that is open, one under review, one that is finished."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from foretrack.foundation.clock import fixed_clock

if TYPE_CHECKING:
    from foretrack.registry.access.actor import Actor
    from foretrack.registry.registry import Registry

SERIES = "invented-call-list"
TRACK = "cn-future-industries-2024/intelligent-manufacturing"
REASON = "Sample decision, invented"
MARKS: tuple[Mapping[str, float], ...] = (
    {"novelty": 8, "effect": 7, "maturity": 6, "transfer": 7},
    {"novelty": 6, "effect": 8, "maturity": 7, "transfer": 5},
    {"novelty": 4, "effect": 5, "maturity": 6, "transfer": 4},
    {"novelty": 7, "effect": 4, "maturity": 5, "transfer": 6},
)
TITLES = (
    ("Invented weighing of parcels at a harbour", "虚构港口包裹自动称重"),
    ("Invented inspection of glass by cameras", "虚构玻璃视觉检测"),
    ("Invented care robots in a home", "虚构养老院护理机器人"),
)


@dataclass
class SampleCalls:
    """Makes the calls through the actions that people use, each on a day of its own before today."""

    registry: Registry
    officer: Actor
    second: Actor
    """Whoever announces does not confirm."""
    issuer: str
    firms: Sequence[tuple[str, str, Actor]]
    """(key, region, somebody who manages it)."""
    reviewers: Sequence[Actor]
    made: int = field(init=False, default=0)
    """Records."""

    def load(self) -> dict[str, str]:
        """Makes all three; name to key of a call, and of a submission that is under review."""
        from foretrack.review.actions.reviewers import save_profile

        for one in self.reviewers:
            save_profile(
                self._at(-210),
                one,
                tracks=(TRACK,),
                words="cameras and robots in factories, 工业视觉与机器人",
            )
        finished = self._finished()
        reviewing, submission = self._reviewing()
        return {
            "open_call": self._open(), "reviewing_call": reviewing, "reviewed": submission, "finished_call": finished,
        }  # fmt: skip

    def _at(self, days: int) -> Registry:
        """The registry so many days from today."""
        return replace(
            self.registry, clock=fixed_clock(datetime.combine(self._day(days), time(9)).isoformat())
        )

    def _day(self, days: int) -> date:
        return self.registry.now().date() + timedelta(days=days)

    def _call(self, day: int, title: tuple[str, str], opens: int, closes: int, **more: Any) -> str:
        from foretrack.registry.actions.records import create, move

        values: dict[str, Any] = {
            "title": {"en": title[0], "zh": title[1]}, "organisation": self.issuer,
            "about": {
                "en": "Invented: scenarios in which a new technology works in daily use and can be copied elsewhere.",
                "zh": "虚构内容：征集新技术已在实际使用中发挥作用、并可复制推广的应用场景。",
            },
            "of_kind": "scenario", "tracks": [TRACK], "opens_on": self._day(opens).isoformat(),
            "closes_on": self._day(closes).isoformat(), "per_applicant": 3, "partners_most": 3,
            "stages": [{
                "name": "Desk review", "mode": "blind", "reviewers": 2, "rubric": "review-rubrics/typical",
                "until": self._day(closes + 60).isoformat(),
            }], **more,
        }  # fmt: skip
        said = {"*": {"source": "Foretrack sample, invented", "confidence": "k"}}
        page = create(self._at(day), self.officer, "call", values, provenance=said)
        self.made += 1
        return move(self._at(day), self.officer, page.key, "publish", revision=1, reason=REASON).key

    def _submission(self, day: int, call: str, firm: int, n: int) -> str:
        from foretrack.registry.actions.records import create, move
        from foretrack.review.actions.handing_in import hand_in

        key, region, owner = self.firms[firm % len(self.firms)]
        at = self._at(day)
        en, zh = TITLES[n % len(TITLES)]
        subject = create(
            at, owner, "scenario",
            {
                "title": {"en": en, "zh": zh}, "organisation": key, "region": region, "tracks": [TRACK],
                "need": {"en": "Work by hand is slow and tiring.", "zh": "人工作业慢且劳累。"},
                "solution": {"en": "Cameras and arms that learn from few examples.", "zh": "小样本学习的相机与机械臂。"},
                "effect": {"en": "Half the time for the same work.", "zh": "同样工作用时减半。"},
                "running_since": "2025-03-01",
            },
        )  # fmt: skip
        draft = hand_in(at, owner, call, subject.key, promise=True)
        move(at, owner, draft.key, "submit", revision=draft.revision)
        self.made += 2
        return draft.key

    def _move(self, day: int, actor: Actor, key: str, name: str) -> None:
        from foretrack.registry.actions.records import move
        from foretrack.registry.models import Record

        revision = Record.objects.values_list("revision", flat=True).get(key=key)
        move(self._at(day), actor, key, name, revision=revision, reason=REASON)

    def _judged(self, call: str, begins: int, submissions: Sequence[str], *, sheets: int) -> None:
        """Draws, assigns, and sends so many sheets."""
        from foretrack.review.actions.assigning import assign_stage
        from foretrack.review.actions.drawing import draw_reviewers
        from foretrack.review.actions.reviewing import open_sheet, send_sheet
        from foretrack.review.models import Task

        self._move(begins, self.officer, call, "close")
        for key in submissions:
            self._move(begins, self.officer, key, "admit")
        draw_reviewers(
            self._at(begins),
            self.officer,
            call,
            1,
            size=len(self.reviewers),
            seed="invented lottery 4711, 0815",
        )
        assign_stage(self._at(begins + 1), self.officer, call, 1, seed="invented lottery 4711, 0815")
        people = {one.key: one for one in self.reviewers}
        for n, task in enumerate(Task.objects.filter(call=call).order_by("pk")[:sheets]):
            at = self._at(begins + 3)
            page = open_sheet(at, people[task.reviewer], task.pk)
            send_sheet(
                at, people[task.reviewer], task.pk, MARKS[n % len(MARKS)], version=page.version, seconds=600 + 60 * n,
                comments={"applicant": "Clear about the effect, less about its cost.", "officers": "Sound."},
            )  # fmt: skip

    def _open(self) -> str:
        call = self._call(
            -12, ("Invented call: typical scenarios of this year", "虚构征集：本年度典型应用场景"), -10, 25,
            recommended=True, quota=3, selected_most=20, selected_per="track",
        )  # fmt: skip
        self._submission(-3, call, 0, 0)
        return call

    def _reviewing(self) -> tuple[str, str]:
        call = self._call(
            -60, ("Invented call: scenarios of care", "虚构征集：养老服务场景"), -55, -25, selected_most=1
        )
        keys = [self._submission(-40, call, n, n) for n in range(3)]
        self._judged(call, -20, keys[:2], sheets=3)
        return call, keys[0]

    def _finished(self) -> str:
        from foretrack.lists.actions.series import declare_series
        from foretrack.review.actions.deciding import confirm_all, decide, propose, publish_selected

        declare_series(
            self._at(-200), self.officer, SERIES, kind="scenario",
            title={"en": "Invented: typical scenarios of a call", "zh": "虚构：某次征集的典型应用场景"},
            publisher={"en": "Invented office", "zh": "虚构办公室"}, licence="CC0-1.0",
        )  # fmt: skip
        call = self._call(
            -190, ("Invented call: scenarios of last year", "虚构征集：上年度应用场景"), -188, -160, selected_most=1,
            series=SERIES,
        )  # fmt: skip
        keys = [self._submission(-170, call, n, n + 1) for n in range(2)]
        self._judged(call, -150, keys, sheets=4)
        at = self._at(-140)
        decide(
            at, self.second, call, 1, propose(at, self.second, call, 1), reasons="By places and limits; invented.",
            dissent="One officer would have taken both.",
        )  # fmt: skip
        confirm_all(self._at(-100), self.officer, call, reason=REASON)
        publish_selected(self._at(-95), self.officer, call, reason=REASON, label="1")
        self._move(-90, self.officer, call, "finish")
        return call


def sample_calls(
    registry: Registry, *, officer: Actor, second: Actor, issuer: str, firms: Sequence[tuple[str, str, Actor]],
    reviewers: Sequence[Actor], told: Callable[[int], None] = lambda n: None,
) -> dict[str, str]:  # fmt: skip
    """Makes the invented calls; name to key.

    Args:
        told: is given the number of records that were made.
    """
    calls = SampleCalls(registry, officer, second, issuer, firms, reviewers)
    keys = calls.load()
    told(calls.made)
    return keys
