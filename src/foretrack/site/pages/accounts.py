"""Accounts, for those who manage them: who there is, what each may do where, and what was done about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from foretrack.accounts.actions.accounts import (
    change,
    close,
    drop_second_factor,
    erase_account,
    invite,
    reopen,
)
from foretrack.accounts.actions.finding import list_accounts, managed, manages_all, show_account
from foretrack.accounts.actions.grants import OF_AN_ORGANISATION, end_grant, grant
from foretrack.accounts.answers import AccountLine, GrantLine
from foretrack.accounts.names import names_of
from foretrack.foundation.errors import InputError, NotThereError
from foretrack.foundation.messages import LANGUAGES
from foretrack.registry.access.actor import Grant
from foretrack.registry.access.permission import may, refusal
from foretrack.registry.actions.links import linkable, titles_of
from foretrack.registry.declaring.kind import Role
from foretrack.site.forms.widgets import Lookup
from foretrack.site.pages.history import who
from foretrack.site.pages.profile import ROLE_WORDS, role_line
from foretrack.web.addresses import address, named_in_address
from foretrack.web.asking import Asked, AskPage, Crumb, ask, choice, line, lines, reason
from foretrack.web.queries import paged
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import NAMES, Words, say

STATES = Words({"open": "In use", "closed": "Closed", "erased": "Erased"})
LINES = 100
"""Accounts of a page."""


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role in words."""

    grant: int
    role: str
    where: str
    given_at: str
    given_by: str
    ended_at: str
    may_end: bool


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account in the list."""

    href: str
    email: str
    name: str
    roles: tuple[str, ...]
    state: str
    state_word: str
    second_factor: bool
    last_login: str


@dataclass(frozen=True)
class AccountsPage(Page):
    """The accounts that the reader manages."""

    template: ClassVar[str] = "foretrack/accounts.html"
    table: ClassVar[str] = "rows"

    rows: tuple[AccountRow, ...]
    words: str
    everyone: bool
    total: int
    before: str
    after: str


@dataclass(frozen=True)
class AccountPage(Page):
    """One account, and what may be done about it."""

    template: ClassVar[str] = "foretrack/account.html"

    account: AccountLine
    state_word: str
    language: str
    held: tuple[HeldRole, ...]
    ended: tuple[HeldRole, ...]
    whole: bool
    """The reader manages every account, not only those of an organisation."""
    may_erase: bool
    audit: str
    """Where its entries of the log are; empty for whoever may not read them."""


def _crumbs(account: AccountLine | None = None) -> tuple[Crumb, ...]:
    way = (Crumb(address("accounts"), say("Accounts")),)
    return way if account is None else (*way, Crumb(address("account", account.account), _called(account)))


def _called(account: AccountLine) -> str:
    return account.name or account.email


def _manages(request: Request) -> None:
    if not may(request.actor, "manage accounts"):
        raise refusal(request.actor, "manage accounts")


def _account(request: Request, key: str) -> AccountLine:
    """The account; NotThereError for none, since its key stands in the address."""
    _manages(request)
    with named_in_address():
        return show_account(request.registry, request.actor, key)


@require_safe
def accounts(request: Request) -> HttpResponse:
    """Every account that the reader manages, by address."""
    _manages(request)
    given = request.GET
    words, everyone = given.get("words", "")[:100], given.get("everyone") == "yes"
    found = [
        one
        for one in list_accounts(request.registry, request.actor, everyone=everyone)
        if words.casefold() in f"{one.email} {one.name} {one.account}".casefold()
    ]
    number = int(given["page"]) if given.get("page", "").isdecimal() and len(given["page"]) < 6 else 1
    shown = found[(number - 1) * LINES : number * LINES] if number else found[:LINES]
    names = _organisations(request, [held for one in shown for held in one.grants])

    rows = tuple(
        AccountRow(
            address("account", one.account), one.email, one.name,
            tuple(_in_short(held, names) for held in one.grants if held.ended_at is None), one.state,
            say(STATES[one.state]), one.second_factor, one.last_login or "",
        )
        for one in shown
    )  # fmt: skip
    return render(
        request,
        AccountsPage(
            rows, words, everyone, len(found), paged(given, number - 1) if number > 1 else "",
            paged(given, number + 1) if number * LINES < len(found) else "",
        ),
    )  # fmt: skip


def _organisations(request: Request, grants: list[GrantLine]) -> dict[str, str]:
    keys = [key for held in grants for key in (held.organisation, *held.bodies) if key and key != "*"]
    return dict(titles_of(request.actor, keys))


def _in_short(held: GrantLine, names: dict[str, str]) -> str:
    told = role_line(held, names)
    return " · ".join(part for part in (told.role, told.where) if part)


@require_safe
def account(request: Request, key: str) -> HttpResponse:
    """One account."""
    found, actor = _account(request, key), request.actor
    names = _organisations(request, list(found.grants))
    people = names_of(actor, [held.given_by for held in found.grants])

    def told(held: GrantLine) -> HeldRole:
        words = role_line(held, names)
        return HeldRole(
            held.grant, words.role, words.where, held.given_at, who(actor, people, held.given_by), held.ended_at or "",
            held.ended_at is None and (manages_all(actor) or held.organisation in managed(actor)),
        )  # fmt: skip

    lines_of = [told(held) for held in found.grants]
    return render(
        request,
        AccountPage(
            account=found, state_word=say(STATES[found.state]), language=NAMES[found.language],
            held=tuple(one for one in lines_of if not one.ended_at), ended=tuple(one for one in lines_of if one.ended_at),
            whole=manages_all(actor), may_erase=may(actor, "erase"),
            audit=f"{address('audit')}?subject=account:{found.account}" if may(actor, "read audit") else "",
        ),
    )  # fmt: skip


def _role_boxes(request: Request, *, needed: bool) -> dict[str, forms.Field]:
    actor = request.actor
    roles = ROLE_WORDS if manages_all(actor) else {role: ROLE_WORDS[role] for role in OF_AN_ORGANISATION}
    options = {role: say(words) for role, words in roles.items()}
    organisation = line(
        say("Organisation"),
        say("For members and managers: the key of its record; type to find it by name."),
        most=26,
    )
    own = sorted(managed(actor))
    suggested = (
        linkable(actor, ("organisation",)) if manages_all(actor) else tuple(titles_of(actor, own).items())
    )
    organisation.widget = Lookup(suggested, {"autocomplete": "off", "maxlength": 26})
    if not manages_all(actor) and len(own) == 1:
        organisation.initial = own[0]
    made: dict[str, forms.Field] = {
        "role": choice(say("Role"), options if needed else {"": say("none yet"), **options}, needed=needed),
        "organisation": organisation,
    }
    if manages_all(actor):
        made["regions"] = line(
            say("Regions"), say("For officers and reviewers: codes such as CN-33, with spaces between; * for everywhere.")
        )  # fmt: skip
        made["bodies"] = lines(
            say("Bodies"),
            say("For officers: keys of organisations for which they act, one a line; * for all."),
            rows=2,
        )
    return made


AT = {
    "{email!r} is no e-mail address": "email", "there is an account {email!r} already": "email",
    "a name of {n} characters": "name", "the language {language!r} is not spoken here": "language",
    "the role {role} without an organisation": "organisation",
    "the role {role} belongs to no organisation": "organisation",
    "there is no organisation {key!r} that you may see": "organisation",
    "an officer without a scope": "regions", "the role {role} takes no regions or bodies": "regions",
    "{region!r} is no code of a region": "regions", "{role!r} is no role that can be given": "role",
    "the account {email!r} is {role} there already": "role", "a reason of {n} characters": "reason",
}  # fmt: skip
"""What an action refuses, and the box that it is about."""


def _grant_of(form: Asked) -> Grant | None:
    role = form.text("role")
    if not role:
        return None
    return Grant(
        cast(Role, role), form.text("organisation").strip().upper() or None,
        tuple(re.split(r"[\s,，、;；]+", form.text("regions").strip())) if form.text("regions").strip() else (),
        tuple(form.text("bodies").split()),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def invite_person(request: Request) -> HttpResponse:
    """Makes an account and sends its owner a link."""
    _manages(request)
    email = line(say("E-mail"), most=254, needed=True)
    email.widget = forms.EmailInput({"autocomplete": "off", "maxlength": 254})
    boxes: dict[str, forms.Field] = {
        "email": email, "name": line(say("Full name"), most=150),
        "language": choice(
            say("Language of messages"), {one: NAMES[one] for one in LANGUAGES}, initial=request.actor.language
        ),
        **_role_boxes(request, needed=not manages_all(request.actor)),
    }  # fmt: skip
    form = Asked(boxes, AT, data=request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = invite(
                request.registry, request.actor, form.text("email"), name=form.text("name"),
                language=form.text("language"), given=_grant_of(form),
            )  # fmt: skip
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(
                request, say("A message with a link is on its way to {email}.", email=made.email)
            )
            return HttpResponseRedirect(address("account", made.account))
    return ask(
        request,
        AskPage(
            say("Invite somebody"),
            say("The person gets a message with a link, good for three days, and chooses a password there."),
            _crumbs(), form, say("Invite"), address("accounts"),
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def give_role(request: Request, key: str) -> HttpResponse:
    """Gives an account a role."""
    found = _account(request, key)
    form = Asked(
        _role_boxes(request, needed=True), AT, data=request.POST if request.method == "POST" else None
    )
    if form.is_bound and form.is_valid():
        given = _grant_of(form)
        try:
            assert given is not None
            grant(request.registry, request.actor, key, given)
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(request, say("The role was given; it holds from now on."))
            return HttpResponseRedirect(address("account", key))
    return ask(
        request,
        AskPage(
            say("Give a role"), say("What each role may do, and where, is in the guide on users."), _crumbs(found), form,
            say("Give the role"), address("account", key), (_called(found),),
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def end_role(request: Request, key: str, number: str) -> HttpResponse:
    """Ends a role."""
    found = _account(request, key)
    held = next((one for one in found.grants if one.grant == int(number) and one.ended_at is None), None)
    if held is None:
        raise NotThereError.of(
            "the grant {number} has ended already", expected="a running grant", do="look at the page of the account",
            number=number,
        )  # fmt: skip
    form = Asked({}, AT, data=request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            end_grant(request.registry, request.actor, held.grant)
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(request, say("The role has ended."))
            return HttpResponseRedirect(address("account", key))
    words = _in_short(held, _organisations(request, [held]))
    return ask(
        request,
        AskPage(
            say("End a role"), f"{_called(found)}{say('; ')}{words}", _crumbs(found), form, say("End the role"),
            address("account", key), (say("What was done with the role stays, and stays in the log."),
                                      say("It can be given again at any time.")), final=True,
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def change_account(request: Request, key: str) -> HttpResponse:
    """Changes name and language."""
    found = _account(request, key)
    boxes: dict[str, forms.Field] = {
        "name": line(say("Full name"), most=150, initial=found.name),
        "language": choice(
            say("Language of messages"), {one: NAMES[one] for one in LANGUAGES}, initial=found.language
        ),
    }
    form = Asked(boxes, AT, data=request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            change(
                request.registry, request.actor, key, name=form.text("name"), language=form.text("language")
            )
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(request, say("Saved."))
            return HttpResponseRedirect(address("account", key))
    page = AskPage(
        say("Name and language"), found.email, _crumbs(found), form, say("Save"), address("account", key)
    )
    return ask(request, page)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done about an account with a reason."""

    title: str
    points: tuple[str, ...]
    button: str
    done: str
    final: bool = False


ACTS = {
    "close": Act(
        "Close the account",
        ("It can no longer log in; its sessions end and its tokens fail at once.",
         "Its roles stay for a reopening, and what it did stays under its name."),
        "Close", "The account is closed.",
    ),
    "reopen": Act(
        "Reopen the account", ("It may log in again, with the password and the roles that it had.",), "Reopen",
        "The account is open again.",
    ),
    "factor": Act(
        "Take the second factor off",
        ("For somebody who has lost the device and the recovery codes; make sure that it is that person who asks.",
         "Every session of the account ends; the password alone lets in until a new factor is set up."),
        "Take it off", "The second factor is off.",
    ),
    "erase": Act(
        "Erase the person",
        ("Gone for good: address, name, password, second factor, sessions, tokens, drafts; all roles end.",
         "What remains: the key of the account in revisions and the log, so that every decision stays decided; "
         "nobody can tell any more for whom it stood.",
         "Names that people wrote into records and reasons are not touched: erase them in the records."),
        "Erase for good", "The person was erased.", final=True,
    ),
}  # fmt: skip
ACT_WORDS = Words(
    {f"{name}-{n}": text for name, act in ACTS.items() for n, text in
     enumerate((act.title, *act.points, act.button, act.done))}
)  # fmt: skip
"""What these acts say, so that each sentence is known to be spoken in every language."""


@require_http_methods(["GET", "HEAD", "POST"])
def act_on(request: Request, key: str, act: str) -> HttpResponse:
    """Closes, reopens or erases an account, or takes its second factor off; what cannot be undone is asked twice."""
    found, what = _account(request, key), ACTS[act]
    registry, actor = request.registry, request.actor
    boxes: dict[str, forms.Field] = {"reason": reason(needed=act == "erase")}
    if what.final:
        boxes["sure"] = line(
            say("To be sure: type {text}", text=found.email),
            needed=True,
            most=254,
        )
    form = Asked(boxes, AT, data=request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if what.final and form.text("sure").strip().casefold() != found.email.casefold():
            form.add_error("sure", say("This is not the address of the account."))
        else:
            why = form.text("reason")
            try:
                if act == "close":
                    close(registry, actor, key, reason=why)
                elif act == "reopen":
                    reopen(registry, actor, key, reason=why)
                elif act == "factor":
                    drop_second_factor(registry, actor, key, reason=why)
                else:
                    erase_account(registry, actor, key, reason=why)
            except InputError as error:
                form.refuse(error)
            else:
                messages.success(request, say(what.done))
                return HttpResponseRedirect(address("account", key))
    return ask(
        request,
        AskPage(
            say(what.title), f"{found.name}{say('; ') if found.name else ''}{found.email}", _crumbs(found), form,
            say(what.button), address("account", key), tuple(say(point) for point in what.points),
            say("This cannot be undone.") if what.final else "", what.final,
        ),
    )  # fmt: skip
