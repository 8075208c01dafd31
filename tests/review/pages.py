"""A call under review with people who log in: what the pages of reviewers and applicants are looked at with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.test import Client
from tests.review.office import TRACKS, Office

from foretrack.accounts.actors import actor_of
from foretrack.accounts.models import Account, RoleGrant
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.records import create, move
from foretrack.review.actions.assigning import assign_stage
from foretrack.review.actions.handing_in import hand_in
from foretrack.review.models import Task

SECRET = "Qilin Zephyr Works"
SECRET_ZH = "麒麟西风制造"
OTHER = "Marmalade Group"
PARTNER, SUPPLIER = "Obsidian Heron Lab", "Tamarind Gears"
SECRETS = ("Qilin", "Zephyr", "麒麟", "Marmalade", "Obsidian", "Heron", "Tamarind", "Ottoline", "verbena",
           "CN-3309")  # fmt: skip
"""What would tell a blind reviewer who applies."""


@dataclass
class Scene:
    """One call with two submissions, of which each has two reviewers."""

    folder: Path
    blind: bool = True
    office: Office = field(init=False)
    call: str = field(init=False)
    one: str = field(init=False)
    """Submission of `SECRET`."""
    two: str = field(init=False)

    def __post_init__(self) -> None:
        today = datetime.now(UTC).date()
        self.today = today
        self.office = Office(
            self.folder, at=datetime.combine(today - timedelta(days=60), datetime.min.time())
        )
        office = self.office
        office.keys[SECRET] = create(
            office.registry, office.ministry, "organisation",
            {
                "name": {"en": SECRET, "zh": SECRET_ZH}, "other_names": [{"en": OTHER}], "sort_of": "company",
                "region": "CN-3309", "contact": "Ottoline Brook", "website": "https://verbena.example.org/",
            },
        ).key  # fmt: skip
        self.first = office.firm(SECRET)
        self.second = office.firm("Beta Works")
        partner, supplier = office.organisation(PARTNER), office.organisation(SUPPLIER)
        self.call = office.call(
            opens_on=(today - timedelta(days=60)).isoformat(), closes_on=(today - timedelta(days=30)).isoformat(),
            stages=[{
                "name": "Desk", "mode": "blind" if self.blind else "open", "reviewers": 2,
                "rubric": "review-rubrics/typical", "until": (today + timedelta(days=5)).isoformat(),
            }],
        )  # fmt: skip
        story = (
            f"An arm by {SECRET.upper()}（{SECRET_ZH}有限公司）, of {OTHER}, with {PARTNER} and gears of {SUPPLIER}: "
            "ask Ottoline Brook, https://verbena.example.org/."
        )
        subject = create(
            office.registry, self.first, "scenario",
            {
                "title": {"en": f"Arm of {SECRET}", "zh": f"{SECRET_ZH}机械臂"}, "region": "CN-3309",
                "tracks": list(TRACKS[:1]), "need": {"en": story}, "solution": {"en": story, "zh": story},
                "effect": {"en": "Twice as fast"}, "running_since": "2025-01-01", "suppliers": [supplier],
            },
        ).key  # fmt: skip
        made = hand_in(office.registry, self.first, self.call, subject, partners=[partner], promise=True)
        self.one = move(office.registry, self.first, made.key, "submit", revision=made.revision).key
        self.two = office.submission(self.second, self.call, "Beta").key
        office.move_to((today - timedelta(days=29)).isoformat())
        office.go(office.ministry, self.call, "close")
        for key in (self.one, self.two):
            office.go(office.ministry, key, "admit")
        for name in ("ann", "bob"):
            office.reviewer(name, tracks=TRACKS[:1])
        assign_stage(office.registry, office.ministry, self.call, 1, seed="1")
        office.at = datetime.combine(today, datetime.min.time())

    def task(self, name: str, submission: str) -> int:
        """The task of a reviewer about a submission."""
        account = Account.objects.get(email=f"{name}@example.org")
        return Task.objects.get(reviewer=account.key, submission=submission).pk

    def reviewer(self, name: str) -> Actor:
        """The reviewer as an actor."""
        return actor_of(Account.objects.get(email=f"{name}@example.org"))

    def client(self, name: str = "", role: str = "", **where: object) -> Client:
        """A browser of somebody: a reviewer by name, somebody new with a role, or nobody."""
        client = Client(raise_request_exception=False)
        if not name:
            return client
        account = Account.objects.filter(email=f"{name}@example.org").first()
        if account is None:
            account = Account.objects.create_user(f"{name}@example.org", None, name=name.title())
            RoleGrant.objects.create(
                account=account, role=role, given_by="X", given_at=self.office.registry.now(), **where
            )
        client.force_login(account)
        return client
