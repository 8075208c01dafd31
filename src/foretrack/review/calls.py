"""A call as the rest of the room reads it: its record's body as values with names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import QuerySet

from foretrack.foundation.errors import InputError, NotThereError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import may, refusal
from foretrack.registry.actions.reading import find_record, subject_of
from foretrack.registry.declaring.fields import Json, clean_text
from foretrack.registry.models import Pointer, Record
from foretrack.registry.registry import Registry
from foretrack.review.kinds import BLIND, CALL, SUBMISSION


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a call's review."""

    number: int
    """1 for the first."""
    name: str
    blind: bool
    reviewers: int
    """Asked for each submission."""
    most: int | None
    """Submissions of one reviewer at most."""
    rubric: str
    until: str | None
    """Last day for scores."""
    keep: int | None
    """How many go on, or are selected after the last stage, at most."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call."""

    record: Record

    @property
    def key(self) -> str:
        """Of its record."""
        return self.record.key

    @property
    def body(self) -> Mapping[str, Json]:
        """Fields of its record."""
        return cast(Mapping[str, Json], self.record.body)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Its stages, in their order."""
        return tuple(
            Stage(
                number, row["name"], row["mode"] == BLIND, row["reviewers"], row.get("most"), row["rubric"],
                row.get("until"), row.get("keep"),
            )
            for number, row in enumerate(self.body.get("stages") or (), start=1)
        )  # fmt: skip

    def stage(self, number: int) -> Stage:
        """The stage with a number. InputError where the call has none."""
        for stage in self.stages:
            if stage.number == number:
                return stage
        raise InputError.of(
            "the call has no stage {number}", number=number, expected="a number from 1 to {last}",
            last=len(self.stages), do="look at the call",
        )  # fmt: skip

    def takes(self, day: date) -> bool:
        """Whether the window is open on a day."""
        said = day.isoformat()
        return self.record.status == "open" and str(self.body["opens_on"]) <= said <= str(
            self.body["closes_on"]
        )

    def places(self, body: str) -> int | None:
        """How many submissions a body may recommend; None without a limit."""
        for row in self.body.get("quotas") or ():
            if row["body"] == body:
                return int(row["places"])
        quota = self.body.get("quota")
        return None if quota is None else int(quota)


def find_call(registry: Registry, actor: Actor, key: str) -> Call:
    """The call with a key, for whoever may see it. NotThereError where there is none."""
    kind, record, _ = find_record(registry, actor, key)
    if kind.name != CALL.name:
        raise NotThereError.of(
            "{key} is no call", key=record.key, expected="the key of a call", do="look at `foretrack call`"
        )
    return Call(record)


def call_of(submission: Record) -> Call:
    """The call of a submission. NotThereError for a draft that names none yet."""
    key = submission.body.get("call")
    if key is None:
        raise NotThereError.of(
            "{key} names no call yet",
            key=submission.key,
            expected="a submission to a call",
            do="name the call first",
        )
    return Call(Record.objects.get(key=key))


def in_charge(actor: Actor, call: Call) -> bool:
    """Whether the actor runs the review of a call."""
    return may(actor, "assign", subject_of(CALL, call.record))


def run_call(registry: Registry, actor: Actor, key: str) -> Call:
    """The call with a key, for an officer in charge of it. AccessError for everybody else."""
    call = find_call(registry, actor, key)
    if not in_charge(actor, call):
        raise refusal(actor, "run the review of this call")
    return call


def all_of(call: Call) -> QuerySet[Record]:
    """The submissions of a call, in no order."""
    keys = Pointer.objects.filter(field="call", unit="record", target=call.key, record__kind=SUBMISSION.name)
    return Record.objects.filter(pk__in=keys.values("record_id"), merged_into=None)


def submissions_of(call: Call, states: Sequence[str] = ()) -> list[Record]:
    """Records of the submissions of a call, in the order in which they were made."""
    found = all_of(call)
    if states:
        found = found.filter(status__in=list(states))
    return list(found.order_by("pk"))


def find_submission(key: str) -> Record:
    """The submission with a key, with no question asked: the caller decides who may. NotThereError where there is
    none."""
    record = Record.objects.filter(kind=SUBMISSION.name, key=clean_text(key).upper()).first()
    if record is None:
        raise NotThereError.of(
            "there is no submission {key!r}", key=key[:40], expected="the key of a submission",
            do="look at the call's submissions",
        )  # fmt: skip
    return record
