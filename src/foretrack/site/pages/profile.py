"""The page of one's own account: name, language of messages, roles, and tokens for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from foretrack.accounts.actions.accounts import change
from foretrack.accounts.actions.finding import show_account
from foretrack.accounts.actions.tokens import list_tokens, make_token, revoke_token
from foretrack.accounts.answers import AccountLine, GrantLine, TokenLine
from foretrack.foundation.errors import InputError
from foretrack.foundation.messages import LANGUAGES
from foretrack.registry.access.permission import TOKEN_SCOPES, refusal
from foretrack.registry.actions.links import titles_of
from foretrack.web.addresses import address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import CODES, NAMES, TAGS, page_language, say, speak

ROLE_WORDS = {
    "member": "Member of an organisation",
    "manager": "Manager of an organisation",
    "reviewer": "Reviewer",
    "officer": "Officer",
    "auditor": "Auditor",
    "administrator": "Administrator",
}
SCOPE_WORDS = {
    "read": "read", "write": "make and change records", "decide": "decide", "publish": "publish lists",
    "manage": "manage accounts",
}  # fmt: skip
DAYS = (30, 90, 365)
"""How long a token may last."""


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role in words."""

    role: str
    where: str
    given_at: str


@dataclass(frozen=True, slots=True)
class Option:
    """One of several to choose."""

    value: str
    text: str
    chosen: bool
    tag: str = ""


@dataclass(frozen=True)
class ProfilePage(Page):
    """One's own account."""

    template: ClassVar[str] = "foretrack/profile.html"

    account: AccountLine
    languages: tuple[Option, ...]
    roles: tuple[RoleLine, ...]
    tokens: tuple[TokenLine, ...]
    scopes: tuple[Option, ...]
    days: tuple[int, ...]
    new_token: str
    """The text of a token that was just made; shown this once."""
    problem: str


def role_line(grant: GrantLine, names: dict[str, str]) -> RoleLine:
    """A grant in words."""
    places = [names.get(grant.organisation, grant.organisation)] if grant.organisation else []
    places += [say("everywhere") if region == "*" else region for region in grant.regions]
    places += [say("every body") if body == "*" else names.get(body, body) for body in grant.bodies]
    return RoleLine(
        say(ROLE_WORDS.get(grant.role, grant.role)), ", ".join(dict.fromkeys(places)), grant.given_at
    )


def _page(request: Request, *, token: str = "", problem: str = "", status: int = 200) -> HttpResponse:
    actor = request.actor
    account = show_account(request.registry, actor, actor.key)
    held = [g for g in account.grants if g.ended_at is None]
    names = dict(titles_of(actor, [k for g in held for k in (g.organisation, *g.bodies) if k and k != "*"]))
    page = ProfilePage(
        account=account,
        languages=tuple(Option(x, NAMES[x], x == account.language, TAGS[x]) for x in LANGUAGES),
        roles=tuple(role_line(g, names) for g in held), tokens=list_tokens(request.registry, actor),
        scopes=tuple(Option(s, say(SCOPE_WORDS[s]), s == "read") for s in TOKEN_SCOPES), days=DAYS,
        new_token=token, problem=problem,
    )  # fmt: skip
    return render(request, page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request) -> HttpResponse:
    """Shows the account, and changes its name and language."""
    actor = request.actor
    if not actor.key:
        raise refusal(actor, "have a profile")
    if request.method != "POST":
        return _page(request)
    language = request.POST.get("language", "")
    try:
        change(request.registry, actor, actor.key, name=request.POST.get("name", ""), language=language)
    except InputError as error:
        return _page(request, problem=error.told(speak(page_language())), status=400)
    messages.success(request, speak(language)("Saved."))
    return HttpResponseRedirect(f"/{CODES[language]}/account/profile/")


@require_POST
def new_token(request: Request) -> HttpResponse:
    """Makes a token and shows its text, this once."""
    if not request.actor.key:
        raise refusal(request.actor, "have tokens")
    days = request.POST.get("days", "")
    try:
        made = make_token(
            request.registry, request.actor, request.POST.get("name", ""), request.POST.getlist("scope"),
            days=int(days) if days.isdecimal() and len(days) < 5 else 0,
        )  # fmt: skip
    except InputError as error:
        return _page(request, problem=error.told(speak(page_language())), status=400)
    return _page(request, token=made.text)


@require_POST
def revoke(request: Request, number: int) -> HttpResponse:
    """Revokes a token."""
    revoke_token(request.registry, request.actor, number)
    messages.success(request, say("The token was revoked; it fails from now on."))
    return HttpResponseRedirect(address("profile"))
