"""Loads the invented sample registry through the actions that people use, on dates of its own."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import TYPE_CHECKING, Any

from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import InputError
from foretrack.foundation.progress import Progress, silent

if TYPE_CHECKING:
    from foretrack.registry.access.actor import Actor
    from foretrack.registry.registry import Registry

PACK = "cn-future-industries-2024"
BEGAN, ANNOUNCED, RECOGNISED, FIRST_ISSUE = "2026-01-05", "2026-01-12", "2026-02-02", "2026-02-09"
LATER, SECOND_ISSUE = "2026-03-02", "2026-04-01"
CLAUSE = f"{PACK}/III.2025"

# States of a kind's workflow, and the transition (with who makes it) that leads to each.
_SELECTION = (
    ("submitted", "submit", "owner"), ("notice", "announce", "officer"), ("recognised", "recognise", "officer"),
)  # fmt: skip
_BREAKTHROUGH = (
    ("assigned", "assign", "officer"), ("in-progress", "begin", "owner"), ("claimed", "claim", "owner"),
    ("verified", "verify", "officer"),
)  # fmt: skip
_STANDARD = (
    ("drafting", "start", "officer"), ("enquiry", "ask", "owner"), ("approval", "pass", "owner"),
    ("published", "publish", "officer"),
)  # fmt: skip
_FIGURES = (("declared", "declare", "owner"),)
_ECHELON = (
    ("submitted", "submit", "owner"), ("province-review", "pass-city", "officer"), ("notice", "announce", "officer"),
    ("recognised", "recognise", "officer"),
)  # fmt: skip
_OPPORTUNITY = (
    ("published", "publish", "owner"), ("pilot", "agree-pilot", "owner"), ("accepted", "accept", "owner"),
)  # fmt: skip
_ITERATION = (("testing", "test", "owner"), ("found", "find", "owner"), ("fixed", "fix", "owner"))
_SANDBOX = (("requested", "request", "owner"), ("approved", "approve", "officer"))
_WAYS = {
    "breakthrough": _BREAKTHROUGH, "key-standard": _STANDARD, "enterprise-figures": _FIGURES,
    "echelon-status": _ECHELON, "opportunity": _OPPORTUNITY,
    "offer": (("published", "publish", "owner"),), "need": (("published", "publish", "owner"),),
    "capability": (("published", "publish", "owner"),), "response": (("submitted", "submit", "owner"),),
    "test-field": (("open", "open", "owner"),), "iteration": _ITERATION, "sandbox-request": _SANDBOX,
    "mission-task": (("published", "publish", "officer"),), "competition": (("announced", "announce", "officer"),),
}  # fmt: skip
_LINKS = ("partners", "suppliers", "drafters", "leaders", "used_by")
_ONE_LINK = (
    "venture", "figures", "incubator", "tenant", "opportunity", "scenario", "capability", "test_field", "before",
    "supplier", "task", "competition",
)  # fmt: skip
"""Links to one record: an organisation by its short name, any other by its English title."""


@dataclass(slots=True)
class Loaded:
    """What was loaded, for whoever prints it."""

    records: int = 0
    issues: int = 0
    series: int = 0
    accounts: list[tuple[str, str, str]] = field(default_factory=list)
    """(address, role, password)."""


def load_sample(registry: Registry, *, concepts: Collection[str] = (), progress: Progress = silent) -> Loaded:
    """Loads the sample into a registry that holds no records yet; InputError when it holds some.

    Args:
        concepts: identifiers of the lookout's concepts: technologies of the sample are linked to those that are there.
    """
    from django.db import transaction

    from foretrack.registry.actions.reading import holds_records

    if holds_records():
        raise InputError.of(
            "the registry holds records already", expected="an empty registry",
            do="load the sample into a workspace of its own",
        )  # fmt: skip
    with transaction.atomic():  # whole or not at all
        return _Sample(registry, _read(), concepts, progress).load()


def _read() -> dict[str, Any]:
    from foretrack.packs.reading import read_yaml

    with resources.as_file(resources.files("foretrack.samples.registry") / "registry.yml") as path:
        return read_yaml(path)


class _Sample:
    def __init__(
        self, registry: Registry, told: Mapping[str, Any], concepts: Collection[str], progress: Progress
    ) -> None:
        from foretrack.registry.access.actor import Actor, Grant

        self.registry, self.told, self.progress = registry, told, progress
        self.concepts = frozenset(concepts)
        self.officer = Actor(
            "SAMPLEOFFICER", "Sample Officer", grants=(Grant("officer", regions=("*",)),), via="command"
        )
        self.second = replace(self.officer, key="SAMPLEOFFICER2")
        """Whoever creates a record does not verify it."""
        self.keys: dict[str, str] = {}
        self.loaded = Loaded()

    def load(self) -> Loaded:
        steps = (
            self._organisations, self._technologies, self._records, self._series, self._first_issues, self._people,
            self._watch, self._later, self._second_issue, self._duplicates, self._calls, self._hall, self._fairs,
        )  # fmt: skip
        for number, step in enumerate(steps):
            self.progress("loading the sample", number, len(steps))
            step()
        self.progress("loading the sample", len(steps), len(steps))
        return self.loaded

    def _on(self, day: str) -> Registry:
        return replace(self.registry, clock=fixed_clock(f"{day}T09:00:00"))

    def _owner(self, organisation: str) -> Actor:
        from foretrack.registry.access.actor import Actor, Grant

        return Actor(
            "SAMPLEMEMBER",
            "Sample Member",
            grants=(Grant("manager", self.keys[organisation]),),
            via="command",
        )

    def _create(self, day: str, actor: Actor, kind: str, values: Mapping[str, Any]) -> str:
        from foretrack.registry.actions.records import create

        self.loaded.records += 1
        said = {"*": {"source": "Foretrack sample, invented", "confidence": "k"}}
        return create(self._on(day), actor, kind, values, provenance=said).key

    def _move(self, day: str, actor: Actor, key: str, name: str) -> None:
        from foretrack.registry.actions.records import move
        from foretrack.registry.models import Record

        revision = Record.objects.values_list("revision", flat=True).get(key=key)
        move(self._on(day), actor, key, name, revision=revision, reason="Sample decision, invented")

    def _organisations(self) -> None:
        for one in (*self.told["organisations"], *self.told["duplicates"]):
            values = {key: value for key, value in one.items() if key != "id"}
            values["tracks"] = [f"{PACK}/{track}" for track in one["tracks"]]
            self.keys[one["id"]] = self._create(BEGAN, self.officer, "organisation", values)
        for one in self.told["organisations"]:
            self._move(ANNOUNCED, self.second, self.keys[one["id"]], "verify")

    def _technologies(self) -> None:
        for one in self.told["technologies"]:
            values = {key: value for key, value in one.items() if key != "id"}
            values["tracks"] = [f"{PACK}/{track}" for track in one["tracks"]]
            values["organisations"] = [self.keys[name] for name in one["organisations"]]
            values["signals"] = [
                f"concept:{name}" for name in one.get("signals", ()) if name in self.concepts
            ]
            self.keys[one["id"]] = self._create(BEGAN, self.officer, "technology", values)
            self._move(ANNOUNCED, self.second, self.keys[one["id"]], "agree")

    def _given(self, issue: int) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        for group in self.told["records"]:
            if (group.get("issue") == 2) == (issue == 2):
                for values in group["all"]:
                    yield group["kind"], group["until"], values

    def _records(self) -> None:
        for kind, until, values in self._given(1):
            self._one(kind, until, values, (BEGAN, ANNOUNCED, RECOGNISED))

    def _watch(self) -> None:
        """Rules of the officer, made before what comes later: it raises their alerts."""
        from foretrack.accounts.actors import actor_with
        from foretrack.watch.actions.rules import add_rule

        officer = actor_with(self.told["watch"]["officer"])
        for one in self.told["watch"]["rules"]:
            if one["about"] == "records" or self.concepts:
                add_rule(self._on(RECOGNISED), officer, **one)

    def _later(self) -> None:
        for kind, until, values in self._given(2):
            self._one(kind, until, values, (FIRST_ISSUE, FIRST_ISSUE, LATER))

    def _one(self, kind: str, until: str, values: Mapping[str, Any], days: tuple[str, str, str]) -> None:
        organisation = values["org"]
        given: dict[str, Any] = {key: value for key, value in values.items() if key != "org"}
        declared = self.registry.kinds.get(kind)
        given[declared.organisation or "organisation"] = self.keys[organisation]
        if "region" not in declared.following:
            given["region"] = next(o["region"] for o in self.told["organisations"] if o["id"] == organisation)
        if "tracks" in values:
            given["tracks"] = [f"{PACK}/{track}" for track in values["tracks"]]
        given |= {name: self.keys[values[name]] for name in _ONE_LINK if name in values}
        for name in (*_LINKS, "technologies"):
            if name in values:
                given[name] = [self.keys[one] for one in values[name]]
        owner = self._owner(organisation)
        makes = owner if "manager" in self.registry.kinds.get(kind).creators else self.officer
        key = self._create(days[0], makes, kind, given)
        self.keys[values["title"]["en"]] = key
        if until == self.registry.kinds.get(kind).first_state.name:
            return
        for state, transition, who in _WAYS.get(kind, _SELECTION):
            last = transition in ("recognise", "verify", "publish")
            officer = self.second if last else self.officer
            self._move(days[2] if last else days[1], owner if who == "owner" else officer, key, transition)
            if state == until:
                return

    def _deals(self) -> None:
        from foretrack.installation.sample_deals import sample_deals

        firms = {
            one["id"]: (
                self.keys[one["id"]], one["region"],
                replace(self._owner(one["id"]), key=f"SAMPLE{one['id'].upper()}"),  # nobody confirms for both sides
            )
            for one in self.told["organisations"]
        }  # fmt: skip
        _, made = sample_deals(self.registry, officer=self.officer, second=self.second, firms=firms)
        self.loaded.records += made

    def _series(self) -> None:
        from foretrack.lists.actions.series import declare_series

        about = {"en": "Invented, to show how a list works.", "zh": "虚构内容，用于演示名单。"}
        for one in self.told["series"]:
            declare_series(
                self._on(RECOGNISED), self.officer, one["name"], kind=one["kind"], title=one["title"], description=about,
                publisher=self.told["publisher"], licence="CC0-1.0", months_valid=one.get("months"), clause=CLAUSE,
            )  # fmt: skip
            self.loaded.series += 1

    def _first_issues(self) -> None:
        from foretrack.lists.actions.issuing import publish

        for one in self.told["series"]:
            publish(
                self._on(FIRST_ISSUE), self.officer, one["name"], reason="First sample issue", label="2026-01"
            )
            self.loaded.issues += 1

    def _second_issue(self) -> None:
        from foretrack.lists.actions.issuing import Taken, publish
        from foretrack.packs.shapes import Bilingual

        gone = self.told["removal"]
        publish(
            self._on(SECOND_ISSUE), self.officer, gone["series"], reason="Second sample issue", label="2026-02",
            remove={self.keys[gone["title"]]: Taken(gone["code"], Bilingual(**gone["reason"]))},
        )  # fmt: skip
        self.loaded.issues += 1

    def _duplicates(self) -> None:
        from foretrack.registry.actions.duplicates import propose

        propose(self._on(SECOND_ISSUE), self.officer, "organisation")

    def _calls(self) -> None:
        self._deals()
        from foretrack.accounts.actors import actor_with
        from foretrack.installation.sample_calls import sample_calls

        regions = {one["id"]: one["region"] for one in self.told["organisations"]}
        firms = list(regions)[1:4]

        def count(made: int) -> None:
            self.loaded.records += made

        sample_calls(
            self.registry, officer=self.officer, second=self.second, issuer=self.keys[next(iter(regions))],
            firms=[(self.keys[name], regions[name], self._owner(name)) for name in firms],
            reviewers=[actor_with(one["email"]) for one in self.told["people"] if one["role"] == "reviewer"], told=count,
        )  # fmt: skip
        self.loaded.series += 1
        self.loaded.issues += 1

    def _hall(self) -> None:
        from foretrack.installation.sample_hall import sample_hall

        host, asker = [one["id"] for one in self.told["organisations"]][1:3]
        region = next(o["region"] for o in self.told["organisations"] if o["id"] == host)
        _, made = sample_hall(
            self.registry, officer=self.officer, second=self.second, host=self.keys[host], region=region,
            owner=self._owner(host), asker=self._owner(asker),
        )  # fmt: skip
        self.loaded.records += made

    def _fairs(self) -> None:
        from foretrack.installation.sample_fairs import sample_fairs

        regions = {one["id"]: one["region"] for one in self.told["organisations"]}

        def count(made: int) -> None:
            self.loaded.records += made

        sample_fairs(
            self.registry, officer=self.officer, issuer=self.keys[next(iter(regions))],
            firms=[(self.keys[name], regions[name], self._owner(name)) for name in list(regions)[1:4]], told=count,
        )  # fmt: skip

    def _people(self) -> None:
        from foretrack.accounts.actions.accounts import invite
        from foretrack.accounts.actors import OPERATOR
        from foretrack.accounts.models import Account
        from foretrack.registry.access.actor import Grant

        for one in self.told["people"]:
            organisation = self.keys[one["org"]] if "org" in one else None
            given = Grant(one["role"], organisation, tuple(one.get("regions", ())))
            invite(
                self.registry,
                OPERATOR,
                one["email"],
                name=one["name"],
                language=one["language"],
                given=given,
                send=False,
            )
            account = Account.objects.get(email=one["email"])
            password = secrets.token_urlsafe(9)
            account.set_password(password)
            account.save()
            self.loaded.accounts.append((one["email"], one["role"], password))
