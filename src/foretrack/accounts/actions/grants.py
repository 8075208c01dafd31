"""Giving and ending roles. Nobody gives what they may not, and the last administrator stays."""

from __future__ import annotations

import re
from typing import cast

from django.db import transaction

from foretrack.accounts.actions.finding import ANY_ACCOUNT, find_account, grant_line, manages_all
from foretrack.accounts.answers import GrantLine
from foretrack.accounts.models import Account, RoleGrant
from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import EVERYWHERE, Actor, Grant
from foretrack.registry.access.permission import AccessError, Subject, may, refusal, require
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.actions.reading import visible_to
from foretrack.registry.declaring.kind import ROLES, Role
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,10})*")
OF_AN_ORGANISATION = ("member", "manager")


def grant(registry: Registry, actor: Actor, name: str, given: Grant) -> GrantLine:
    """Gives an account a role.

    A manager may make members and managers of the own organisation, from accounts that already belong to it (others are
    invited); an administrator may give any role. AccessError otherwise; InputError for a scope that the role does not
    take, an organisation that is not there, a closed account, or a role that the account holds already.
    """
    with transaction.atomic():
        take_number()
        require_grant(actor, given)
        account = find_account(actor, name)
        return grant_line(give(registry, actor, account, given))


def end_grant(registry: Registry, actor: Actor, number: int) -> GrantLine:
    """Ends a grant by its number; what was done with it stays.

    Somebody may give up an own role too. InputError when it has ended already, or for the last administrator.
    """
    with transaction.atomic():
        head = take_number()
        found = RoleGrant.objects.select_related("account").filter(pk=number).first()
        if found is None or not may_end(actor, found):
            if not manages_all(actor) and not may(actor, "manage accounts"):
                raise refusal(actor, "end a role")
            raise InputError.of(
                "there is no grant {number} that you may end", expected="the number of a running grant",
                do="look at `foretrack user show`", number=number,
            )  # fmt: skip
        if found.ended_at is not None:
            raise InputError.of(
                "the grant {number} has ended already", expected="a running grant",
                do="look at `foretrack user show`", number=number,
            )  # fmt: skip
        if found.role == "administrator":
            keep_an_administrator(found.account)
        found.ended_by, found.ended_at = actor.key, registry.now()
        found.save(update_fields=["ended_by", "ended_at"])
        follow_roles(found.account)
        log(
            registry, actor, "end role", f"account:{found.account.key}",
            details={"role": found.role, "grant": found.pk, "organisation": found.organisation}, head=head,
        )  # fmt: skip
        return grant_line(found)


def may_end(actor: Actor, found: RoleGrant) -> bool:
    """Whether the actor may end a grant: who could give it, and whoever holds it."""
    holder = bool(actor.key) and found.account.key == actor.key and may(actor, "manage tokens")
    return holder or may_grant(actor, Grant(cast(Role, found.role), found.organisation))


def may_grant(actor: Actor, given: Grant) -> bool:
    """Whether the actor may give a role there."""
    if manages_all(actor):
        return True
    return given.role in OF_AN_ORGANISATION and (
        given.organisation is not None
        and may(actor, "manage accounts", Subject(organisation=given.organisation))
    )


def require_grant(actor: Actor, given: Grant) -> None:
    """Raises AccessError unless the actor may give a role there."""
    if may_grant(actor, given):
        return
    if not may(actor, "manage accounts"):
        require(actor, "manage accounts", ANY_ACCOUNT)
    raise AccessError.of(
        "you may not give the role {role} there",
        expected="the role of a member or manager in an organisation that you manage",
        do="ask an administrator",
        role=given.role,
    )


def give(registry: Registry, actor: Actor, account: Account, given: Grant) -> RoleGrant:
    """Checks and stores a grant that the actor may give; must run inside a transaction that holds the log."""
    if not account.is_active:
        raise InputError.of(
            "the account {email!r} is closed", expected="an account that may act",
            do="reopen it with `foretrack user reopen`, or name another one", email=account.email,
        )  # fmt: skip
    scope = _checked(actor, given)
    running = RoleGrant.objects.filter(
        account=account, role=scope.role, organisation=scope.organisation, ended_at=None
    )
    if any((set(g.regions), set(g.bodies)) == (set(scope.regions), set(scope.bodies)) for g in running):
        raise InputError.of(
            "the account {email!r} is {role} there already", expected="a role that it does not hold",
            do="look at `foretrack user show`", email=account.email, role=scope.role,
        )  # fmt: skip
    made = RoleGrant.objects.create(
        account=account, role=scope.role, organisation=scope.organisation, regions=list(scope.regions),
        bodies=list(scope.bodies), given_by=actor.key, given_at=registry.now(),
    )  # fmt: skip
    follow_roles(account)
    details = {
        "role": made.role, "grant": made.pk, "organisation": made.organisation, "regions": made.regions,
        "bodies": made.bodies,
    }  # fmt: skip
    log(registry, actor, "give role", f"account:{account.key}", details=details)
    return made


def _checked(actor: Actor, given: Grant) -> Grant:
    role = given.role
    if role not in ROLES or role == "visitor":
        raise InputError.of(
            "{role!r} is no role that can be given", expected="one of {roles}", do="choose one",
            role=role, roles=", ".join(r for r in ROLES if r != "visitor"),
        )  # fmt: skip
    regions, bodies = tuple(dict.fromkeys(given.regions)), tuple(dict.fromkeys(given.bodies))
    if role in OF_AN_ORGANISATION:
        if given.organisation is None:
            raise InputError.of(
                "the role {role} without an organisation", expected="the key of an organisation's record",
                do="name it with --organisation", role=role,
            )  # fmt: skip
    elif given.organisation is not None:
        raise InputError.of(
            "the role {role} belongs to no organisation", expected="a role without --organisation",
            do="leave it out; officers take --region and --body", role=role,
        )  # fmt: skip
    if role == "officer" and not regions and not bodies:
        raise InputError.of(
            "an officer without a scope", expected="regions such as CN-33, bodies, or * for everywhere",
            do="name them with --region or --body",
        )  # fmt: skip
    if (bodies and role != "officer") or (regions and role not in ("officer", "reviewer")):
        raise InputError.of(
            "the role {role} takes no regions or bodies", expected="a role without --region and --body",
            do="leave them out", role=role,
        )  # fmt: skip
    for region in regions:
        if region != EVERYWHERE and not REGION.fullmatch(region):
            raise InputError.of(
                "{region!r} is no code of a region", expected="a code such as CN-33 or DE-BY, or *",
                do="correct it", region=region,
            )  # fmt: skip
    organisations = [key for key in (given.organisation, *bodies) if key is not None and key != EVERYWHERE]
    there = set(
        Record.objects.filter(
            visible_to(actor), kind="organisation", key__in=organisations, merged_into=None
        ).values_list("key", flat=True)
    )
    for key in organisations:
        if key not in there:
            raise InputError.of(
                "there is no organisation {key!r} that you may see", expected="the key of an organisation's record",
                do="look it up with `foretrack record list organisation`", key=key[:40],
            )  # fmt: skip
    return Grant(role, given.organisation, regions, bodies)


def follow_roles(account: Account) -> None:
    """Keeps what follows from the roles: only administrators enter Django's admin."""
    staff = account.is_active and account.grants.filter(role="administrator", ended_at=None).exists()
    if staff != account.is_staff:
        account.is_staff = staff
        account.save(update_fields=["is_staff"])


def keep_an_administrator(leaving: Account) -> None:
    """Raises InputError when no other open account is an administrator; the log's lock makes that certain."""
    running = RoleGrant.objects.filter(role="administrator", ended_at=None, account__is_active=True)
    if running.filter(account=leaving).exists() and not running.exclude(account=leaving).exists():
        raise InputError.of(
            "{email!r} is the last administrator", expected="an installation that somebody can run",
            do="make somebody else administrator first", email=leaving.email,
        )  # fmt: skip
