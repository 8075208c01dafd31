"""Who one is, what one may do, and what waits for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from foretrack.accounts.actions.accounts import change
from foretrack.accounts.answers import AccountLine
from foretrack.registry.access.actor import Grant
from foretrack.registry.access.permission import ACTS, Act, may, refusal
from foretrack.registry.actions.overview import Task, find_tasks
from foretrack.web.rendering import Request
from foretrack.web.routes import Given, Routes

ROUTES = Routes("me", "Your account")


@dataclass(frozen=True, slots=True)
class Me:
    """Whoever asks."""

    key: str
    """As it stands in revisions and the log; empty for a visitor."""
    name: str
    language: str
    """In which answers speak."""
    roles: tuple[Grant, ...]
    via: str
    """`person` for a session, `token` for a token."""
    scopes: tuple[str, ...] | None
    """Of the token; null where the account's roles are the only limit."""
    may: tuple[Act, ...]
    """What can be done somewhere at least."""


@ROUTES.get("/me", "Who is asking, and what that one may do", answers=Me)
def show_me(request: Request) -> Me:
    actor = request.actor
    scopes = None if actor.scopes is None else tuple(sorted(actor.scopes))
    able = tuple(act for act in ACTS if may(actor, act))
    return Me(actor.key, actor.name, actor.language, actor.grants, actor.via, scopes, able)


class ChangedMe(Given):
    """What changes in the own account."""

    name: Annotated[str, Field(max_length=150)] | None = None
    language: Literal["en", "zh"] | None = None


@ROUTES.patch("/me", "Change your name or language", answers=AccountLine)
def change_me(request: Request, given: ChangedMe) -> AccountLine:
    actor = request.actor
    if not actor.key:
        raise refusal(actor, "have a profile")
    return change(request.registry, actor, actor.key, name=given.name, language=given.language)


@dataclass(frozen=True, slots=True)
class MyTasks:
    """What waits for somebody."""

    items: tuple[Task, ...]
    more: bool
    """There are more than are told."""


@ROUTES.get("/me/tasks", "The records that wait for you, those that are due first", answers=MyTasks)
def list_tasks(request: Request) -> MyTasks:
    if not request.actor.key:
        raise refusal(request.actor, "have tasks")
    found = find_tasks(request.registry, request.actor)
    return MyTasks(found.tasks, found.more)
