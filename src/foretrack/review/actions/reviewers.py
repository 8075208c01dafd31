"""Reviewers: what they say of themselves, whom they must not judge, and whom a call could ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Count, Q

from foretrack.accounts.models import Account, RoleGrant
from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import refusal, require_scope
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.actions.reading import visible_to
from foretrack.registry.declaring.fields import clean_text
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.review.answers import ConflictOfOwn, ProfileAnswer
from foretrack.review.models import Conflict, Entry, Reviewer, Task
from foretrack.review.naming import told_titles

MOST_WORDS = 2000


def reviewer_accounts() -> list[Account]:
    """Open accounts with the role of a reviewer, by name."""
    held = RoleGrant.objects.filter(role="reviewer", ended_at=None).values("account_id")
    return list(Account.objects.filter(pk__in=held, is_active=True).order_by("name", "email"))


def profiles_of(keys: Iterable[str]) -> dict[str, Reviewer]:
    """Reviewer to what they said of themselves."""
    return {one.actor: one for one in Reviewer.objects.filter(actor__in=list(keys))}


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """Reviewer to the name of the account."""
    return {a.key: a.get_full_name() for a in Account.objects.filter(key__in=set(keys))}


def work_of(keys: Iterable[str]) -> dict[str, tuple[int, int, int]]:
    """Reviewer to tasks that are open, done and declined."""
    rows = Task.objects.filter(reviewer__in=list(keys)).order_by().values("reviewer")
    counted = rows.annotate(
        open=Count("pk", filter=Q(done_at=None, ended_at=None)),
        done=Count("pk", filter=~Q(done_at=None)),
        declined=Count("pk", filter=Q(ended_why__in=("declined", "conflict"))),
    )
    return {row["reviewer"]: (row["open"], row["done"], row["declined"]) for row in counted}


def own_profile(registry: Registry, actor: Actor) -> Reviewer:
    """What the actor said as a reviewer; an empty one before the first time. AccessError for whoever is none."""
    _require_reviewer(actor)
    found = Reviewer.objects.filter(actor=actor.key).first()
    return found or Reviewer(actor=actor.key, updated_at=registry.now())


def save_profile(
    registry: Registry, actor: Actor, *, employers: Sequence[str] = (), invested: Sequence[str] = (),
    tracks: Sequence[str] = (), words: str = "", most: int | None = None, away_until: date | None = None,
    person: str = "",
) -> Reviewer:  # fmt: skip
    """Keeps what a reviewer says of the own work and ties. InputError for keys of organisations that are not there."""
    _require_reviewer(actor)
    require_scope(actor, "write", "act as a reviewer")
    for key in (*employers, *invested):
        if not Record.objects.filter(key=key, kind="organisation", merged_into=None).exists():
            raise InputError.of(
                "there is no organisation {key}", key=key, expected="the key of an organisation",
                do="look it up, or leave it out",
            )  # fmt: skip
    if person and not Record.objects.filter(key=person, kind="person").exists():
        raise InputError.of(
            "there is no person {key}", key=person, expected="the key of a person", do="leave it empty"
        )
    known = PACK_TERMS("tracks")
    strange = [track for track in tracks if track not in known]
    if strange:
        raise InputError.of(
            "{track} is no track", track=strange[0], expected="such as {near}", near=next(iter(known), "-"),
            do="look them up with `foretrack pack show`",
        )  # fmt: skip
    if most is not None and not 1 <= most <= 500:
        raise InputError.of("{n} submissions", n=most, expected="1 to 500", do="correct it, or leave it out")
    told = clean_text(words)
    if len(told) > MOST_WORDS:
        raise InputError.of(
            "{n} characters", n=len(told), expected="at most {most}", most=MOST_WORDS, do="shorten the text"
        )
    found = own_profile(registry, actor)
    found.employers, found.invested, found.tracks = list(employers), list(invested), list(tracks)
    found.words, found.most, found.away_until, found.person = told, most, away_until, person
    found.updated_at = registry.now()
    found.save()
    return found


def profile_answer(registry: Registry, actor: Actor, found: Reviewer | None = None) -> ProfileAnswer:
    """What the actor said as a reviewer, with the names of what it points at."""
    row = found or own_profile(registry, actor)
    return ProfileAnswer(
        employers=tuple(row.employers), invested=tuple(row.invested), tracks=tuple(row.tracks), words=row.words,
        most=row.most, away_until=row.away_until.isoformat() if row.away_until else None, person=row.person,
        titles=told_titles([*row.employers, *row.invested, *([row.person] if row.person else [])], actor.language),
    )  # fmt: skip


def called(actor: Actor, text: str, kinds: Sequence[str]) -> str:
    """Key of the record that somebody named by its key or its whole title, of those that the actor may see. InputError
    for none, or for several."""
    said = clean_text(text)
    rows = Record.objects.filter(visible_to(actor), kind__in=list(kinds), merged_into=None)
    found = list(
        rows.filter(Q(key=said.upper()) | Q(title_en__iexact=said) | Q(title_zh__iexact=said)).distinct()[:2]
    )
    if len(found) == 1:
        return found[0].key
    raise InputError.of(
        "several are called {name!r}" if found else "nothing is called {name!r}", name=said[:80],
        expected="the whole name of one that is registered, or its key",
        do="look it up under Records, and write its key",
    )  # fmt: skip


def declare_conflict(
    registry: Registry, actor: Actor, target: str, *, reason: str = "", reviewer: str = ""
) -> None:
    """Says that a reviewer must not judge an organisation, a person or a submission. The reviewer's own open tasks
    about a submission end with it.

    Args:
        reviewer: for whom an officer says it; the actor when empty.
    """
    from django.db import transaction

    require_scope(actor, "write", "act as a reviewer")
    whose = reviewer or actor.key
    if reviewer and reviewer != actor.key:
        if not actor.holds("officer"):
            raise refusal(actor, "declare a conflict for somebody else")
        if not Account.objects.filter(key=reviewer).exists():
            raise InputError.of("there is no account {key}", key=reviewer, expected="the key of a reviewer")
    else:
        _require_reviewer(actor)
    record = Record.objects.filter(key=clean_text(target).upper()).first()
    if record is None or record.kind not in ("organisation", "person", "submission"):
        raise InputError.of(
            "{key} cannot be in conflict with a reviewer", key=target[:40],
            expected="the key of an organisation, a person or a submission", do="look it up",
        )  # fmt: skip
    with transaction.atomic():
        head = take_number()
        if Conflict.objects.filter(reviewer=whose, target=record.key, ended_at=None).exists():
            raise InputError.of(
                "that conflict is declared already", expected="another one", do="nothing has to be done"
            )
        Conflict.objects.create(
            reviewer=whose, target=record.key, reason=clean_text(reason)[:40], by=actor.key, at=registry.now()
        )
        if record.kind == "submission":
            tasks = Task.objects.filter(submission=record.key, reviewer=whose, done_at=None, ended_at=None)
            tasks.update(ended_at=registry.now(), ended_why="conflict")
        log(
            registry,
            actor,
            "declare conflict",
            f"record:{record.key}",
            details={"reviewer": whose},
            head=head,
        )


def end_conflict(registry: Registry, actor: Actor, number: int, *, reason: str) -> None:
    """Takes a declared conflict back, with a reason: whoever declared it, or an officer."""
    from django.db import transaction

    require_scope(actor, "write", "act as a reviewer")
    said = clean_text(reason)
    if not said:
        raise InputError.of("no reason", expected="why there is no conflict any more", do="say why")
    with transaction.atomic():
        head = take_number()
        found = Conflict.objects.filter(pk=number, ended_at=None).first()
        if found is None or (found.by != actor.key and not actor.holds("officer")):
            raise InputError.of(
                "there is no such conflict", expected="one that you declared", do="look at your own"
            )
        found.ended_at = registry.now()
        found.save(update_fields=["ended_at"])
        log(
            registry, actor, "end conflict", f"record:{found.target}", details={"reviewer": found.reviewer},
            reason=said, head=head,
        )  # fmt: skip


def own_conflicts(actor: Actor) -> tuple[ConflictOfOwn, ...]:
    """The conflicts of the actor that stand. What a blind submission is called is not said."""
    rows = list(Conflict.objects.filter(reviewer=actor.key, ended_at=None).order_by("pk"))
    kinds = dict(Record.objects.filter(key__in=[row.target for row in rows]).values_list("key", "kind"))
    titles = told_titles(
        (row.target for row in rows if kinds.get(row.target) != "submission"), actor.language
    )
    codes = {
        one.submission: one.code for one in Entry.objects.filter(submission__in=[row.target for row in rows])
    }
    return tuple(
        ConflictOfOwn(
            row.pk, row.target, titles.get(row.target) or codes.get(row.target, row.target), row.reason
        )
        for row in rows
    )


def _require_reviewer(actor: Actor) -> None:
    if not actor.holds("reviewer"):
        raise refusal(actor, "act as a reviewer")
