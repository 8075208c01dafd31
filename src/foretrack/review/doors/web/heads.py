"""What stands above every page of whoever runs a call: which call it is, and where one can go in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from foretrack.registry.actions.reading import title_of
from foretrack.review.calls import Call, Stage, run_call
from foretrack.review.kinds import CALL
from foretrack.web.addresses import address
from foretrack.web.asking import Crumb
from foretrack.web.rendering import Request
from foretrack.web.speech import Words, say

OF_STAGE = Words(
    {
        "stage reviewers": "Reviewers",
        "stage conflicts": "Conflicts",
        "stage tasks": "Tasks",
        "standings": "Standings",
        "decide stage": "Decide",
    }
)
"""Pages of a stage, in the order in which they are needed."""
OF_CALL = Words(
    {"board": "Board", "call submissions": "Submissions", "objections": "Objections", "replay": "Replay"}
)


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a call."""

    href: str
    text: str
    here: bool


@dataclass(frozen=True, slots=True)
class Head:
    """The call that a page is about."""

    call: str
    title: str
    href: str
    status: str
    status_label: str
    tabs: tuple[Tab, ...]
    stage: str
    """Name of the stage that the page is about, with its number; empty for none."""
    stages: tuple[Tab, ...]
    """The same page of the other stages."""
    parts: tuple[Tab, ...]
    """The pages of the stage."""


@dataclass(frozen=True, slots=True)
class Pager:
    """Parts of a table."""

    page: int
    pages: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list to choose from."""

    value: str
    label: str
    chosen: bool


def run(request: Request, key: str) -> Call:
    """The call in an address, for whoever runs it."""
    return run_call(request.registry, request.actor, key)


def head_of(request: Request, call: Call, here: str, stage: int | None = None) -> Head:
    """The head of a page of a call.

    Args:
        here: name of the address of the page.
    """
    stages = call.stages
    now = stage or 1
    tabs = [Tab(address(name, call.key), say(text), name == here) for name, text in OF_CALL.items()]
    of_stages = [
        Tab(address("standings", call.key, one.number), stage_name(one), stage == one.number)
        for one in stages
    ]
    tabs[2:2] = of_stages
    parts = (
        tuple(Tab(address(name, call.key, now), say(text), name == here) for name, text in OF_STAGE.items())
        if stage
        else ()
    )
    return Head(
        call=call.key, title=title_of(call.record, request.actor.language), href=address("call", call.key),
        status=call.record.status, status_label=CALL.state(call.record.status).label.text(request.actor.language),
        tabs=tuple(tabs), stage=stage_name(call.stage(stage)) if stage else "",
        stages=tuple(of_stages), parts=parts,
    )  # fmt: skip


def stage_name(stage: Stage) -> str:
    """A stage with its number."""
    return say("Stage {n}: {name}", n=stage.number, name=stage.name)


def crumbs_of(call: Call, language: str, *more: Crumb) -> tuple[Crumb, ...]:
    """The way to a page of a call."""
    return (
        Crumb(address("calls"), say("Calls")),
        Crumb(address("call", call.key), title_of(call.record, language)),
        Crumb(address("board", call.key), say("Board")),
        *more,
    )


def page_in(request: Request) -> int:
    """The part of a table that is asked for, from 1."""
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def pager_of(request: Request, page: int, pages: int) -> Pager:
    """The parts before and after."""
    return Pager(
        page,
        pages,
        _part(request, page - 1) if page > 1 else "",
        _part(request, page + 1) if page < pages else "",
    )


def _part(request: Request, page: int) -> str:
    query: QueryDict = request.GET.copy()
    query["page"] = str(page)
    return f"?{query.urlencode()}"


def figure(value: float | None) -> str:
    """A score with one place, as tables have it."""
    return "–" if value is None else f"{value:.1f}"
