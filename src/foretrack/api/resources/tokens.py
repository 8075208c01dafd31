"""Tokens of programs. The text of a token is told once, when it is made, and never stored."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from foretrack.accounts.actions.tokens import list_tokens as own_tokens
from foretrack.accounts.actions.tokens import make_token, revoke_token
from foretrack.accounts.answers import NewToken, TokenLine
from foretrack.api.shapes import Number
from foretrack.registry.access.permission import refusal, require
from foretrack.web.addresses import named_in_address
from foretrack.web.rendering import Request
from foretrack.web.routes import Given, Many, Routes

ROUTES = Routes("tokens", "Tokens of programs")


@ROUTES.get("/tokens", "The tokens of your account, the newest first", answers=Many[TokenLine])
def list_tokens(request: Request) -> Many[TokenLine]:
    if not request.actor.key:
        raise refusal(request.actor, "have tokens")
    return Many(own_tokens(request.registry, request.actor))


class AskedToken(Given):
    """What a new token shall be for."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    scopes: Annotated[
        list[Literal["read", "write", "decide", "publish", "manage"]], Field(min_length=1, max_length=5)
    ]
    days: Annotated[int, Field(ge=1, le=366)] = 90


@ROUTES.post("/tokens", "Make a token", answers=NewToken, status=201, secret=True)
def create_token(request: Request, given: AskedToken) -> NewToken:
    if not request.actor.key:
        raise refusal(request.actor, "have tokens")
    return make_token(request.registry, request.actor, given.name, given.scopes, days=given.days)


@ROUTES.delete("/tokens/{number}", "Revoke a token; it fails from now on", answers=TokenLine)
def end_token(request: Request, number: Number) -> TokenLine:
    require(request.actor, "manage tokens")
    with named_in_address():
        return revoke_token(request.registry, request.actor, number)
