"""Who may look under an embargo: invited by name, after accepting its terms; each first look and each breach is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from foretrack.accounts.models import Account
from foretrack.domains.exchange.hall.following import ACCEPTED, handed_in_to
from foretrack.domains.exchange.hall.models import Breach, Guest, Look
from foretrack.domains.exchange.hall.reading import show_session
from foretrack.domains.exchange.kinds.hall import WAITING
from foretrack.foundation.canonical import canonical
from foretrack.foundation.errors import InputError, NotThereError
from foretrack.registry.access.actor import VISITOR, Actor
from foretrack.registry.access.permission import Subject, may, refusal, require_scope
from foretrack.registry.actions.attachments import handed
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.actions.reading import page_of
from foretrack.registry.answers import AttachedFile, RecordPage
from foretrack.registry.declaring.fields import Json, clean_text
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

MOST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class GuestLine:
    """One guest, by name."""

    number: int
    name: str
    email: str
    invited_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    looks: int
    """Achievements that the guest has looked at."""


@dataclass(frozen=True, slots=True)
class BreachLine:
    """One breach."""

    what: str
    by: str
    """Name of the guest; empty where nobody knows."""
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How the actor stands to the embargo of a session."""

    session: RecordPage
    terms: Mapping[str, str]
    runs: bool
    """The moment is still to come."""
    in_charge: bool
    guest: bool
    accepted: bool


def standing(registry: Registry, actor: Actor, session: str) -> Standing:
    """How the actor stands to a session's embargo; NotThereError for whoever is neither guest nor in charge."""
    page = show_session(registry, actor, session)
    charged = in_charge(actor, page)
    guest = _guest_of(page.key, actor)
    if not charged and guest is None:
        raise _none(session)
    terms: Mapping[str, str] = page.values.get("terms") or {}
    return Standing(
        page, terms, page.status in WAITING, charged, guest is not None,
        guest is not None and guest.accepted_at is not None,
    )  # fmt: skip


def in_charge(actor: Actor, session: RecordPage) -> bool:
    """Whether the actor runs the session: an officer in whose scope it lies."""
    on = Subject(kind=session.kind, organisation=session.organisation, region=session.region)
    return actor.holds("officer") and may(actor, "assign", on)


def guests_of(
    registry: Registry, actor: Actor, session: str
) -> tuple[tuple[GuestLine, ...], tuple[BreachLine, ...]]:
    """Guests and breaches of a session, for whoever runs it."""
    page = _run(registry, actor, session)
    rows = list(Guest.objects.filter(session=page.key).order_by("pk").prefetch_related("looks"))
    breaches = list(Breach.objects.filter(session=page.key).order_by("pk"))
    accounts = {one.key: one for one in Account.objects.filter(key__in=[row.account for row in rows])}

    def name(key: str) -> str:
        return accounts[key].get_full_name() if key in accounts else key

    by_pk = {row.pk: row for row in rows}
    return (
        tuple(
            GuestLine(
                row.pk, name(row.account), accounts[row.account].email if row.account in accounts else "",
                row.invited_at, row.accepted_at, row.ended_at, len(row.looks.all()),
            )
            for row in rows
        ),
        tuple(
            BreachLine(
                one.what, name(by_pk[one.guest_id].account) if one.guest_id in by_pk else "", one.recorded_at
            )
            for one in breaches
        ),
    )  # fmt: skip


def invite_guest(registry: Registry, actor: Actor, session: str, email: str) -> None:
    """Invites the account with an e-mail address to look under the embargo once it has accepted the terms."""
    with transaction.atomic():
        head = take_number()
        page = _run(registry, actor, session)
        if page.status not in WAITING:
            raise InputError.of(
                "the session is {state!r}: nothing of it is under embargo", state=page.status,
                expected="a session that waits for its moment", do="look at what it released",
            )  # fmt: skip
        if not page.values.get("terms"):
            raise InputError.of(
                "the session has no terms of its embargo", expected="terms that a guest can accept",
                do="complete the session first",
            )  # fmt: skip
        account = Account.objects.filter(email__iexact=clean_text(email), is_active=True).first()
        if account is None:
            raise InputError.of(
                "there is no account {email!r}", email=clean_text(email)[:80],
                expected="the e-mail address of an account", do="let an administrator make one",
            )  # fmt: skip
        guest = Guest.objects.filter(session=page.key, account=account.key).first()
        if guest is not None and guest.ended_at is None:
            raise InputError.of(
                "{email} is invited already",
                email=account.email,
                expected="somebody else",
                do="look at the list",
            )
        now = registry.now()
        Guest.objects.update_or_create(
            session=page.key, account=account.key,
            defaults={
                "invited_by": actor.key, "invited_at": now, "accepted_at": None, "accepted_terms": "", "ended_at": None,
            },
        )  # fmt: skip
        log(registry, actor, "invite guest", f"record:{page.key}", details={"guest": account.key}, head=head)


def end_guest(registry: Registry, actor: Actor, session: str, number: int, *, reason: str = "") -> None:
    """Takes a guest's way in away."""
    with transaction.atomic():
        head = take_number()
        page = _run(registry, actor, session)
        guest = _numbered(page.key, number)
        Guest.objects.filter(pk=guest.pk, ended_at=None).update(ended_at=registry.now())
        log(
            registry, actor, "end guest", f"record:{page.key}", details={"guest": guest.account}, reason=reason[:5000],
            head=head,
        )  # fmt: skip


def accept_terms(registry: Registry, actor: Actor, session: str) -> None:
    """The actor, who is a guest, accepts the terms as they stand now."""
    require_scope(actor, "write", "accept the terms of an embargo")
    with transaction.atomic():
        head = take_number()
        page = show_session(registry, actor, session)
        guest = _guest_of(page.key, actor)
        if guest is None or page.status not in WAITING:
            raise _none(session)
        if guest.accepted_at is None:
            digest = hashlib.sha256(canonical(page.values.get("terms") or {})).hexdigest()
            Guest.objects.filter(pk=guest.pk).update(accepted_at=registry.now(), accepted_terms=digest)
            log(
                registry, actor, "accept embargo", f"record:{page.key}",
                details={"terms": digest, "revision": page.revision}, head=head,
            )  # fmt: skip


def record_breach(
    registry: Registry, actor: Actor, session: str, what: str, *, guest: int | None = None
) -> None:  # fmt: skip
    """Keeps that something became known too early; the guest by whom, where one is named, sees nothing from now on."""
    text = clean_text(what)
    if not text or len(text) > MOST_TEXT:
        raise InputError.of(
            "an account of {n} characters", n=len(text), expected="1 to {most}", most=MOST_TEXT,
            do="say what became known, where and when",
        )  # fmt: skip
    with transaction.atomic():
        head = take_number()
        page = _run(registry, actor, session)
        named = _numbered(page.key, guest) if guest is not None else None
        now = registry.now()
        Breach.objects.create(
            session=page.key, guest=named, what=text, recorded_by=actor.key, recorded_at=now
        )
        if named is not None:
            Guest.objects.filter(pk=named.pk, ended_at=None).update(ended_at=now)
        log(
            registry, actor, "record breach", f"record:{page.key}", details={"guest": named.account} if named else {},
            reason=text, head=head,
        )  # fmt: skip


def under_embargo(registry: Registry, actor: Actor, session: str) -> tuple[RecordPage, ...]:
    """The public part of what the session will release, to a guest who has accepted the terms, or to whoever runs it."""
    found = _open_to(registry, actor, session)
    kind = registry.kinds.get("achievement")
    return tuple(
        page_of(registry, _reader(actor), kind, record, "public")
        for record in handed_in_to(found.session.key, ACCEPTED)
    )


def show_under_embargo(registry: Registry, actor: Actor, session: str, key: str) -> RecordPage:
    """One of them; the first look of each guest at each is kept in the log."""
    found = _open_to(registry, actor, session)
    record = _held(found, key)
    with transaction.atomic():
        guest = _guest_of(found.session.key, actor)
        if guest is not None and not Look.objects.filter(guest=guest, achievement=record.key).exists():
            head = take_number()
            _, fresh = Look.objects.get_or_create(
                guest=guest, achievement=record.key, defaults={"at": registry.now()}
            )
            if fresh:
                log(
                    registry, actor, "look under embargo", f"record:{record.key}",
                    details={"session": found.session.key}, head=head,
                )  # fmt: skip
    return page_of(registry, _reader(actor), registry.kinds.get(record.kind), record, "public")


def file_under_embargo(registry: Registry, actor: Actor, session: str, key: str, sha256: str) -> AttachedFile:
    """A public file of one of them."""
    found = _open_to(registry, actor, session)
    record = _held(found, key)
    if sha256 not in (record.body.get("pictures") or ()):
        raise _none(key)
    return handed(registry, record, sha256)


def files_under_embargo(registry: Registry, actor: Actor, session: str, key: str) -> tuple[AttachedFile, ...]:
    """The files of one of them that everybody will see."""
    record = _held(_open_to(registry, actor, session), key)
    return tuple(handed(registry, record, sha256) for sha256 in record.body.get("pictures") or ())


def _reader(actor: Actor) -> Actor:
    """As whom a guest reads: nobody in particular, in the guest's language."""
    return replace(VISITOR, language=actor.language)


def _open_to(registry: Registry, actor: Actor, session: str) -> Standing:
    found = standing(registry, actor, session)
    if not found.runs:
        raise _none(session)
    if not found.in_charge and not found.accepted:
        raise refusal(actor, "look under the embargo before you have accepted its terms")
    return found


def _held(found: Standing, key: str) -> Record:
    record = next((one for one in handed_in_to(found.session.key, ACCEPTED) if one.key == key), None)
    if record is None:
        raise _none(key)
    return record


def _run(registry: Registry, actor: Actor, session: str) -> RecordPage:
    page = show_session(registry, actor, session)
    if not in_charge(actor, page):
        raise refusal(actor, "run this session")
    return page


def _guest_of(session: str, actor: Actor) -> Guest | None:
    if not actor.key or (actor.scopes is not None and "read" not in actor.scopes):
        return None
    return Guest.objects.filter(session=session, account=actor.key, ended_at=None).first()


def _numbered(session: str, number: int) -> Guest:
    guest = Guest.objects.filter(session=session, pk=number).first()
    if guest is None:
        raise NotThereError.of(
            "there is no guest {n}",
            n=number,
            expected="the number of a guest of the session",
            do="look at the list",
        )
    return guest


def _none(key: str) -> NotThereError:
    return NotThereError.of(
        "there is nothing under embargo at {key!r} that you may see", key=key[:40],
        expected="a session to which you are invited",
        do="check the address, or log in with another account",
    )  # fmt: skip


def plain_terms(terms: Mapping[str, Json], language: str) -> str:
    """The terms in a language, or in the other one where they are missing."""
    return str(terms.get(language) or next(iter(terms.values()), ""))
