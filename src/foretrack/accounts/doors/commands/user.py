"""The command `user`: accounts, what is granted to them, their tokens, and the first administrator."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, cast

import typer

from foretrack.accounts.answers import AccountLine, GrantLine, NewToken, TokenLine, to_json
from foretrack.accounts.doors.acting import As, acting
from foretrack.foundation.errors import InputError
from foretrack.foundation.messages import Messages
from foretrack.terminal.session import Session, plain
from foretrack.terminal.tables import Column, table

if TYPE_CHECKING:
    from foretrack.registry.access.actor import Actor, Grant
    from foretrack.registry.declaring.kind import Role
    from foretrack.registry.registry import Registry


def user(
    session: Session,
    step: Annotated[
        str,
        typer.Argument(
            help="list, show, add, change, grant, end, close, reopen, erase, token, revoke, password or factor.",
            metavar="[STEP]",
        ),
    ] = "list",
    name: Annotated[
        str | None,
        typer.Argument(
            help="An e-mail address or key; end: number of a grant; revoke: number of a token.",
            metavar="[NAME]",
        ),
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(
            "--role", help="add, grant: member, manager, reviewer, officer, auditor or administrator."
        ),
    ] = None,
    organisation: Annotated[
        str | None,
        typer.Option("--organisation", help="Members and managers: key of the organisation's record."),
    ] = None,
    region: Annotated[
        list[str] | None,
        typer.Option(
            "--region", help="Officers: code of a region such as CN-33, or * for all; may be repeated."
        ),
    ] = None,
    body: Annotated[
        list[str] | None,
        typer.Option(
            "--body", help="Officers: key of a body whose records they look after; may be repeated."
        ),
    ] = None,
    called: Annotated[
        str | None, typer.Option("--name", help="add, change: the person's name; token: what it is for.")
    ] = None,
    speaks: Annotated[
        str | None, typer.Option("--speaks", help="add, change: language of messages, en or zh.")
    ] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", help="token: read, write, decide, publish or manage; may be repeated."),
    ] = None,
    days: Annotated[int | None, typer.Option("--days", help="token: days until it expires.")] = None,
    why: Annotated[str, typer.Option("--why", help="close, reopen, erase, factor: the reason.")] = "",
    link: Annotated[
        bool, typer.Option("--link", help="password: print a link for its owner instead of asking for one.")
    ] = False,
    everyone: Annotated[bool, typer.Option("--all", help="list: closed and erased accounts too.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="erase: yes, for good; nothing brings the person's data back.")
    ] = False,
    as_: As = None,
) -> None:
    """Manage accounts: who there is, which roles they hold and where, their tokens, and the first administrator."""
    given = {
        "--role": role, "--organisation": organisation, "--region": region, "--body": body, "--name": called,
        "--speaks": speaks, "--scope": scope, "--days": days, "--why": why, "--link": link, "--all": everyone,
        "--yes": yes,
    }  # fmt: skip
    _check(step, name, {option for option, value in given.items() if value not in (None, False, "", [])})
    asked = Asked(
        name or "", role, organisation, tuple(region or ()), tuple(body or ()), called, speaks, tuple(scope or ()),
        days, why, link, everyone, yes, as_,
    )  # fmt: skip
    registry, actor = acting(session, as_)
    _STEPS[step].run(session, registry, actor, asked)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was given beside the step."""

    name: str
    role: str | None
    organisation: str | None
    regions: tuple[str, ...]
    bodies: tuple[str, ...]
    called: str | None
    speaks: str | None
    scopes: tuple[str, ...]
    days: int | None
    why: str
    link: bool
    everyone: bool
    yes: bool
    as_: str | None

    @property
    def grant(self) -> Grant | None:
        """The role that was asked for; None without --role."""
        from foretrack.registry.access.actor import Grant

        if self.role is None:
            if self.organisation or self.regions or self.bodies:
                raise InputError.of(
                    "a place without a role", expected="--role together with --organisation, --region or --body",
                    do="name the role",
                )  # fmt: skip
            return None
        return Grant(cast("Role", self.role), self.organisation, self.regions, self.bodies)

    @property
    def number(self) -> int:
        """The name as a number; InputError where it is none."""
        if not self.name.isdecimal():
            raise InputError.of(
                "{name!r} is no number", expected="a number as `foretrack user show` prints it", do="correct it",
                name=self.name,
            )  # fmt: skip
        return int(self.name)


def _check(step: str, name: str | None, options: set[str]) -> None:
    if step not in _STEPS:
        raise InputError.of(
            "{step!r} is no step of this command", expected="one of {known}", do="see `foretrack user --help`",
            step=step, known=", ".join(_STEPS),
        )  # fmt: skip
    if step == "list" and name is not None:
        raise InputError.of("list takes no name", expected="options only", do="use `foretrack user show`")
    if step != "list" and name is None:
        raise InputError.of(
            "{step} without a name", expected="an e-mail address, or the number of a grant or token",
            do="see `foretrack user --help`", step=step,
        )  # fmt: skip
    strange = sorted(options - _STEPS[step].takes)
    if strange:
        raise InputError.of(
            "{step} does not take {options}", expected="{known}", do="leave it out", step=step,
            options=", ".join(strange), known=", ".join(sorted(_STEPS[step].takes)) or "-",
        )  # fmt: skip


def _list(session: Session, registry: Registry, actor: Actor, asked: Asked) -> None:
    from foretrack.accounts.actions.finding import list_accounts

    lines = list_accounts(registry, actor, everyone=asked.everyone)
    session.data({"accounts": [to_json(line) for line in lines]})
    say = session.say
    columns = (
        Column(say("Account"), wrap=False), Column(say("E-mail")), Column(say("Name")), Column(say("State")),
        Column(say("Roles")),
    )  # fmt: skip
    states = {"open": say("open"), "closed": say("closed"), "erased": say("erased")}
    rows = [
        (
            line.account,
            line.email,
            line.name,
            states[line.state],
            "; ".join(_place(g, say) for g in line.grants),
        )
        for line in lines
    ]
    session.answer(table(columns, rows))
    if not lines:
        session.note(
            say("Nobody yet. The first administrator: foretrack user add EMAIL --role administrator")
        )


def _show(session: Session, registry: Registry, actor: Actor, asked: Asked) -> None:
    from foretrack.accounts.actions.finding import find_account, manages_all, show_account
    from foretrack.accounts.actions.tokens import list_tokens

    line = show_account(registry, actor, asked.name)
    known = line.account == actor.key or manages_all(actor)
    tokens = list_tokens(registry, actor, find_account(actor, asked.name)) if known else ()
    session.data({"account": to_json(line), "tokens": [to_json(token) for token in tokens]})
    _print_account(session, line)
    say = session.say
    if line.grants:
        columns = (
            Column(say("Grant"), "right"), Column(say("Role")), Column(say("Given"), wrap=False), Column(say("By")),
            Column(say("Ended"), wrap=False),
        )  # fmt: skip
        rows = [
            (str(g.grant), _place(g, say), g.given_at, g.given_by, g.ended_at or "–") for g in line.grants
        ]
        session.answer(table(columns, rows))
    if tokens:
        token_columns = (
            Column(say("Token"), "right"), Column(say("For")), Column(say("Begins")), Column(say("Scopes")),
            Column(say("Expires"), wrap=False), Column(say("Last used"), wrap=False), Column(say("Revoked"), wrap=False),
        )  # fmt: skip
        session.answer(table(token_columns, [_token_row(token) for token in tokens]))


def _token_row(token: TokenLine) -> tuple[str, ...]:
    return (
        str(token.token), token.name, token.prefix + "…", ", ".join(token.scopes), token.expires_at or "–",
        token.last_used_at or "–", token.revoked_at or "–",
    )  # fmt: skip


def _add(session: Session, registry: Registry, actor: Actor, asked: Asked) -> None:
    from foretrack.accounts.actions.accounts import invite

    line = invite(
        registry, actor, asked.name, name=asked.called or "", language=asked.speaks or session.language,
        given=asked.grant,
    )  # fmt: skip
    _answer(session, line)
    session.note(
        session.say(
            "A message with a link waits in the queue (foretrack worker sends it). "
            "At this machine: foretrack user password {email}",
            email=line.email,
        )
    )


def _change(session: Session, registry: Registry, actor: Actor, asked: Asked) -> None:
    from foretrack.accounts.actions.accounts import change

    _answer(session, change(registry, actor, asked.name, name=asked.called, language=asked.speaks))


def _grant(session: Session, registry: Registry, actor: Actor, asked: Asked) -> None:
    from foretrack.accounts.actions.grants import grant

    if asked.grant is None:
        raise InputError.of(
            "no role is named", expected="--role with one of {roles}", do="name it",
            roles="member, manager, reviewer, officer, auditor, administrator",
        )  # fmt: skip
    line = grant(registry, actor, asked.name, asked.grant)
    session.data(to_json(line))
    session.answer(session.say("Grant {n}: {role}", n=line.grant, role=plain(_place(line, session.say))))


def _end(session: Session, registry: Registry, actor: Actor, asked: Asked) -> None:
    from foretrack.accounts.actions.grants import end_grant

    line = end_grant(registry, actor, asked.number)
    session.data(to_json(line))
    session.answer(
        session.say("Grant {n} has ended: {role}", n=line.grant, role=plain(_place(line, session.say)))
    )


def _close(session: Session, registry: Registry, actor: Actor, asked: Asked) -> None:
    from foretrack.accounts.actions.accounts import close

    _answer(session, close(registry, actor, asked.name, reason=asked.why))


def _reopen(session: Session, registry: Registry, actor: Actor, asked: Asked) -> None:
    from foretrack.accounts.actions.accounts import reopen

    _answer(session, reopen(registry, actor, asked.name, reason=asked.why))


def _erase(session: Session, registry: Registry, actor: Actor, asked: Asked) -> None:
    from foretrack.accounts.actions.accounts import erase_account

    if not asked.yes:
        raise InputError.of(
            "erasing cannot be undone", expected="--yes, from somebody who means it",
            do="close the account instead, or add --yes",
        )  # fmt: skip
    _answer(session, erase_account(registry, actor, asked.name, reason=asked.why))


def _factor(session: Session, registry: Registry, actor: Actor, asked: Asked) -> None:
    from foretrack.accounts.actions.accounts import drop_second_factor

    _answer(session, drop_second_factor(registry, actor, asked.name, reason=asked.why))


def _token(session: Session, registry: Registry, actor: Actor, asked: Asked) -> None:
    from foretrack.accounts.actions.finding import find_account
    from foretrack.accounts.actions.tokens import DEFAULT_DAYS, make_token
    from foretrack.accounts.actors import actor_with

    # The token acts for the account that is named; the operator of this machine may act for anybody.
    owner = actor_with(find_account(actor, asked.name).email) if asked.as_ is None else actor
    if owner.key != find_account(actor, asked.name).key:
        raise InputError.of(
            "a token of somebody else", expected="the account named by --as", do="everybody makes their own"
        )
    made = make_token(
        registry, owner, asked.called or "", asked.scopes, days=DEFAULT_DAYS if asked.days is None else asked.days
    )  # fmt: skip
    _print_token(session, made)


def _print_token(session: Session, made: NewToken) -> None:
    session.data(to_json(made))
    session.answer(made.text)
    session.note(
        session.say(
            "Token {n} for {scopes} until {until}. It is shown this once.",
            n=made.line.token, scopes=", ".join(made.line.scopes), until=made.line.expires_at,
        )
    )  # fmt: skip


def _revoke(session: Session, registry: Registry, actor: Actor, asked: Asked) -> None:
    from foretrack.accounts.actions.tokens import revoke_token

    line = revoke_token(registry, actor, asked.number)
    session.data(to_json(line))
    session.answer(session.say("Token {n} is revoked", n=line.token))


def _password(session: Session, registry: Registry, actor: Actor, asked: Asked) -> None:
    from foretrack.accounts.actions.accounts import password_link, set_password

    if asked.link:
        found = password_link(registry, actor, asked.name)
        session.data({"link": found})
        session.answer(found)
        return
    _answer(session, set_password(registry, actor, asked.name, _asked_password(session.say)))


def _asked_password(say: Messages) -> str:
    """From a terminal twice and unseen; from a pipe its first line. Never an option: others read command lines."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt(say("New password"), hide_input=True, confirmation_prompt=True, err=True))


def _answer(session: Session, line: AccountLine) -> None:
    session.data(to_json(line))
    _print_account(session, line)


def _print_account(session: Session, line: AccountLine) -> None:
    say = session.say
    states = {"open": say("open"), "closed": say("closed"), "erased": say("erased")}
    session.answer(plain(f"{line.account}  {line.email}  {line.name}  {states[line.state]}"))
    for held in line.grants:
        if held.ended_at is None:
            session.answer(plain(f"  {held.grant}: {_place(held, say)}"))
    if line.second_factor:
        session.answer(say("  Log-in asks for a second factor"))


def _place(held: GrantLine, say: Messages) -> str:
    where = [
        *([held.organisation] if held.organisation else []),
        *(say("everywhere") if region == "*" else region for region in held.regions),
        *(say("every body") if body == "*" else body for body in held.bodies),
    ]
    return f"{say(ROLE_NAMES[held.role])} {', '.join(where)}".strip()


ROLE_NAMES = {
    "member": "member",
    "manager": "manager",
    "reviewer": "reviewer",
    "officer": "officer",
    "auditor": "auditor",
    "administrator": "administrator",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what it does, and the options it takes beside --as."""

    run: Callable[[Session, Registry, Actor, Asked], None]
    takes: frozenset[str] = frozenset()


_PLACES = frozenset(("--role", "--organisation", "--region", "--body"))
_STEPS: dict[str, Step] = {
    "list": Step(_list, frozenset(("--all",))),
    "show": Step(_show),
    "add": Step(_add, _PLACES | {"--name", "--speaks"}),
    "change": Step(_change, frozenset(("--name", "--speaks"))),
    "grant": Step(_grant, _PLACES),
    "end": Step(_end),
    "close": Step(_close, frozenset(("--why",))),
    "reopen": Step(_reopen, frozenset(("--why",))),
    "erase": Step(_erase, frozenset(("--why", "--yes"))),
    "token": Step(_token, frozenset(("--name", "--scope", "--days"))),
    "revoke": Step(_revoke),
    "password": Step(_password, frozenset(("--link",))),
    "factor": Step(_factor, frozenset(("--why",))),
}
