"""An invented office with a clock that is moved: officers of a ministry and a province, firms, and reviewers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from foretrack.accounts.models import Account, RoleGrant
from foretrack.foundation.clock import fixed_clock
from foretrack.installation.kinds import load_kinds
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.actions.records import create, move, show
from foretrack.registry.answers import RecordPage
from foretrack.registry.registry import Registry
from foretrack.review.actions.deciding import decide
from foretrack.review.actions.handing_in import hand_in
from foretrack.review.actions.reviewers import save_profile
from foretrack.review.actions.reviewing import open_sheet, send_sheet

TRACKS = ("cn-future-industries-2024/large-models", "cn-future-industries-2024/humanoid-robots")
KINDS = load_kinds()
MARKS = {"novelty": 8, "effect": 7, "maturity": 6, "transfer": 5}


@dataclass
class Office:
    """People and the registry as of a day that can be moved."""

    folder: Path
    at: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)
    keys: dict[str, str] = field(default_factory=dict)

    ministry: Actor = field(init=False)
    second: Actor = field(init=False)
    province: Actor = field(init=False)
    auditor: Actor = field(init=False)
    issuer: str = field(init=False)
    reviewers: list[Actor] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ministry = Actor("MINISTRY", grants=(Grant("officer", regions=("*",), bodies=("*",)),))
        self.second = replace(self.ministry, key="SECOND")
        self.province = Actor("PROVINCE", grants=(Grant("officer", regions=("CN-33",)),))
        self.auditor = Actor("AUDITOR", grants=(Grant("auditor"),))
        self.issuer = self.organisation("Ministry of Invented Affairs")

    @property
    def registry(self) -> Registry:
        """The registry now."""
        return Registry(
            kinds=KINDS, clock=fixed_clock(self.at.isoformat()), attachments=self.folder,
            add_working_days=lambda day, n: day + timedelta(days=n), working_days=lambda name, day: 5,
        )  # fmt: skip

    def move_to(self, day: str) -> None:
        """Lets it be another day."""
        self.at = datetime.combine(date.fromisoformat(day), self.at.timetz())

    def organisation(self, name: str, region: str = "CN-33") -> str:
        """A listed organisation."""
        if name not in self.keys:
            page = create(
                self.registry, self.ministry, "organisation",
                {"name": {"en": name, "zh": f"{name}（虚构）"}, "sort_of": "company", "region": region},
            )  # fmt: skip
            self.keys[name] = page.key
        return self.keys[name]

    def firm(self, name: str, region: str = "CN-33") -> Actor:
        """Somebody who manages an organisation."""
        return Actor(
            "OF" + name.upper().replace(" ", "")[:20],
            grants=(Grant("manager", self.organisation(name, region)),),
        )

    def reviewer(self, name: str, *, employer: str = "", tracks: tuple[str, ...] = TRACKS[:1]) -> Actor:
        """A reviewer with an account and a profile."""
        account = Account.objects.create_user(f"{name}@example.org", None, name=name.title())
        RoleGrant.objects.create(
            account=account, role="reviewer", regions=["*"], given_by="X", given_at=self.registry.now()
        )
        actor = Actor(account.key, name=name, grants=(Grant("reviewer", regions=("*",)),))
        employers = [self.organisation(employer)] if employer else []
        save_profile(self.registry, actor, employers=employers, tracks=tracks, words="robots in factories")
        self.reviewers.append(actor)
        return actor

    def call(self, **changes: object) -> str:
        """A published call for scenarios."""
        values: Mapping[str, object] = {
            "title": {"en": "Typical scenarios 2026", "zh": "2026年典型应用场景征集"}, "organisation": self.issuer,
            "about": {"en": "Scenarios that work"}, "of_kind": "scenario", "opens_on": "2026-03-02",
            "closes_on": "2026-03-31",
            "stages": [
                {
                    "name": "Desk", "mode": "blind", "reviewers": 2, "rubric": "review-rubrics/typical",
                    "until": "2026-04-20",
                }
            ],
            **changes,
        }  # fmt: skip
        page = create(
            self.registry, self.ministry, "call", {k: v for k, v in values.items() if v is not None}
        )
        return move(self.registry, self.ministry, page.key, "publish", revision=1, reason="time for it").key

    def scenario(
        self, firm: Actor, title: str, tracks: tuple[str, ...] = TRACKS[:1], region: str = "CN-33"
    ) -> str:
        """A complete draft of a scenario."""
        return create(
            self.registry, firm, "scenario",
            {
                "title": {"en": title, "zh": f"{title}（虚构）"}, "region": region, "tracks": list(tracks),
                "need": {"en": "Too slow"}, "solution": {"en": f"Robots of {title}"}, "effect": {"en": "Twice as fast"},
                "running_since": "2025-01-01",
            },
        ).key  # fmt: skip

    def submission(self, firm: Actor, call: str, title: str, **given: object) -> RecordPage:
        """A submission that is submitted."""
        draft = self.drafted(firm, call, title, **given)
        return move(self.registry, firm, draft.key, "submit", revision=draft.revision)

    def drafted(self, firm: Actor, call: str, title: str, **given: object) -> RecordPage:
        """A submission that is not submitted yet."""
        return hand_in(self.registry, firm, call, self.scenario(firm, title), promise=True, **given)  # type: ignore[arg-type]

    def go(self, actor: Actor, key: str, name: str, reason: str = "because", **values: object) -> RecordPage:
        """Makes a transition of whatever revision there is."""
        now = show(self.registry, self.ministry, key).revision
        return move(self.registry, actor, key, name, revision=now, reason=reason, values=values)

    def mark(self, reviewer: Actor, task: int, **marks: float) -> None:
        """Sends a whole sheet."""
        page = open_sheet(self.registry, reviewer, task)
        send_sheet(
            self.registry, reviewer, task, {**MARKS, **marks}, version=page.version,
            comments={"applicant": "Well told.", "officers": "Sound."},
        )  # fmt: skip

    def decided(self, call: str, outcomes: Mapping[str, str], stage: int = 1) -> int:
        """Decides, with reasons."""
        return decide(
            self.registry,
            self.second,
            call,
            stage,
            outcomes,
            reasons="By the scores.",
            dissent="One saw it otherwise.",
        )
