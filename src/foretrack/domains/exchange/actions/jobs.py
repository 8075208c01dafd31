"""What the exchange leaves for the worker: profiles that end are watched, copies looked for once published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from foretrack.accounts.actors import people_with
from foretrack.accounts.mailing import send
from foretrack.accounts.models import Account
from foretrack.accounts.notifying import record_link
from foretrack.foundation.messages import Messages
from foretrack.jobs.declaring import Run, Terms, job
from foretrack.jobs.schedule import repeat
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import may
from foretrack.registry.actions.reading import moves_of, subject_of, title_of
from foretrack.registry.models import Record


@job(Terms(most_attempts=3))
def watch(run: Run) -> None:
    """Lets profiles expire and has their owners warned."""
    from foretrack.domains.exchange.actions.expiring import watch_profiles

    watch_profiles(run.registry)


def plan() -> None:
    """Makes it due every night."""
    repeat("exchange: watch profiles", watch, timedelta(days=1), timedelta(minutes=40))


@job()
def warn(run: Run, key: str, last: str) -> None:
    """Tells the owners of a profile that it ends, unless it was renewed or taken down meanwhile."""
    record = Record.objects.filter(key=key, status="published", body__valid_until=last).first()
    if record is None:
        return
    kind = run.registry.kinds.get(record.kind)
    for account, actor in _owners(record):
        moves = moves_of(run.registry, actor, kind, record, subject_of(kind, record))
        if any(one.name == "renew" for one in moves):
            say, title = _messages(account.language), title_of(record, account.language)
            lines = [
                say("Good day,"), "",
                say("“{title}” is valid until {day}; then nobody finds it or is matched with it.", title=title, day=last),
                say("One click on its page renews it."), "", record_link(key, account.language), "",
            ]  # fmt: skip
            send(
                account,
                f"[Foretrack] {say('{title} ends on {day}', title=title, day=last)}",
                "\n".join(lines),
            )


@job()
def compare(run: Run, key: str) -> None:
    """Tells owners and officers in charge that a profile is nearly the same as another; each only what they may see."""
    from foretrack.domains.exchange.actions.copies import copies_of

    record = Record.objects.filter(key=key, status="published").first()
    if record is None:
        return
    for account, actor in (*_owners(record), *_officers(run, record)):
        found = copies_of(run.registry, actor, key)
        if not found:
            continue
        say, title = _messages(account.language), title_of(record, account.language)
        lines = [say("Good day,"), "", say("“{title}” is nearly the same as:", title=title)]
        lines += [
            say("- {title} ({share} % of the text)", title=one.title, share=round(100 * one.likeness))
            + f"\n  {record_link(one.key, account.language)}"
            for one in found
        ]
        lines += ["", record_link(key, account.language), ""]
        send(
            account,
            f"[Foretrack] {say('Nearly the same as another: {title}', title=title)}",
            "\n".join(lines),
        )


def _messages(language: str) -> Messages:
    from foretrack.web.speech import speak  # every sentence of the house: dear, and only the worker needs it

    return speak(language)


def _owners(record: Record) -> Iterator[tuple[Account, Actor]]:
    if record.organisation is not None:
        yield from people_with(("member", "manager"), record.organisation)


def _officers(run: Run, record: Record) -> Iterator[tuple[Account, Actor]]:
    subject = subject_of(run.registry.kinds.get(record.kind), record)
    for account, actor in people_with(("officer",)):
        if may(actor, "read private", subject):
            yield account, actor
