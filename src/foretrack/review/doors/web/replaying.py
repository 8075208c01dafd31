"""The whole review computed again from what was kept, and everything that was kept to take along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.registry.access.permission import may
from foretrack.review.actions.replaying import protocol, replay
from foretrack.review.answers import Check
from foretrack.review.board_answers import Protocol
from foretrack.review.calls import find_call, run_call
from foretrack.review.doors.web.heads import Head, head_of
from foretrack.review.doors.web.words import PROBLEMS, REPLAYED
from foretrack.web.addresses import address
from foretrack.web.data import asked_form
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import say

AGAIN = "again"


@dataclass(frozen=True, slots=True)
class CheckRow:
    """Something that came out otherwise."""

    what: str
    where: str
    problem: str
    entry_href: str


@dataclass(frozen=True, slots=True)
class WhatRow:
    """How many of one sort are the same."""

    what: str
    same: int
    all: int


@dataclass(frozen=True)
class ReplayPage(Page):
    """A review computed again."""

    template: ClassVar[str] = "review/replay.html"
    table: ClassVar[str] = "checks"

    head: Head
    done: bool
    """Whether it was computed again, or is only offered."""
    same: int
    all: int
    parts: tuple[WhatRow, ...]
    wrong: tuple[CheckRow, ...]
    checks: tuple[Check, ...]
    protocol: Protocol | None
    """Only in the page's data."""
    json_href: str
    csv_href: str

    def as_data(self) -> Mapping[str, object]:
        """The protocol and what came of every check."""
        return {
            "call": self.head.call, "title": self.head.title, "same": self.same, "all": self.all, "checks": self.checks,
            "protocol": self.protocol,
        }  # fmt: skip


@require_safe
def replay_call(request: Request, key: str) -> HttpResponse:
    """Computes a review again when it is asked to."""
    registry, actor = request.registry, request.actor
    call = find_call(registry, actor, key) if may(actor, "read audit") else run_call(registry, actor, key)
    form = asked_form(request)
    again = bool(form) or AGAIN in request.GET
    checks = replay(registry, actor, key) if again else ()
    counts, same = Counter(one.what for one in checks), Counter(one.what for one in checks if one.same)
    here = address("replay", key).rstrip("/")
    page = ReplayPage(
        head=head_of(request, call, "replay"), done=again, same=sum(same.values()), all=len(checks),
        parts=tuple(
            WhatRow(say(word), same[name], counts[name]) for name, word in REPLAYED.items() if counts[name]
        ),
        wrong=tuple(
            CheckRow(say(REPLAYED[one.what]), one.where, say(PROBLEMS[one.problem]), _entry(request, key))
            for one in checks
            if not one.same
        ),
        checks=checks, protocol=protocol(registry, actor, key) if form == "json" else None,
        json_href=f"{here}.json", csv_href=f"{here}.csv",
    )  # fmt: skip
    return render(request, page)


def _entry(request: Request, key: str) -> str:
    return address("audit of", key) if may(request.actor, "read audit") else ""
