"""Messages of matching: queued in the transaction of what they tell, sent by the worker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.core import signing
from django.db.models import Q

from foretrack.accounts.actors import actors_of
from foretrack.accounts.mailing import absolute, send
from foretrack.accounts.models import Account, RoleGrant
from foretrack.accounts.speech import code_of
from foretrack.foundation.errors import InputError
from foretrack.jobs.declaring import Run, Terms, job
from foretrack.jobs.queueing import enqueue
from foretrack.matching.speech import speaking
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import title_of
from foretrack.registry.models import Record
from foretrack.watch.telling import one_line

STOP_SALT = "foretrack.matching.stop"
MOST_TOLD = 5_000
"""Suggestions that one day's messages look at."""
MOST_NAMED = 5
"""Matches of one record that a message names."""


def people_of(organisations: Iterable[str]) -> Iterator[tuple[Account, Actor]]:
    """The open accounts of members and managers of some organisations."""
    held = RoleGrant.objects.filter(
        role__in=("member", "manager"), organisation__in=sorted(set(organisations) - {""}), ended_at=None
    )
    yield from actors_of(Q(pk__in=held.values("account_id")))


@job()
def tell_lapsed(run: Run, key: str) -> None:
    """Tells both sides of an interest that it was closed, because what it is about is no longer there."""
    record = Record.objects.filter(key=key, status="lapsed").first()
    if record is None:
        return
    for account, _ in people_of((record.organisation or "", str(record.body.get("recipient", "")))):
        language = account.language
        with speaking(language) as say:
            title = title_of(record, language)
            lines = [
                say("Good day,"), "",
                say("The interest in “{title}” was closed: the need or offer was settled or withdrawn.", title=title), "",
                absolute(f"/{code_of(language)}/record/{record.key}/"), "",
                say("You get this message because your organisation is one of its two sides."),
            ]  # fmt: skip
            send(account, f"[Foretrack] {say('Closed: {title}', title=title)}", "\n".join(lines) + "\n")


@job(Terms(whole=True))
def tell_all(run: Run) -> None:
    """Queues one message for each account whose organisations have new standing matches: one a day at most."""
    from foretrack.matching.models import MailChoice, Shelved, Suggestion

    now = run.registry.now()
    day = now.date()
    untold = list(Suggestion.objects.filter(standing=True, told_at=None).order_by("-score", "pk")[:MOST_TOLD])
    owners = dict(
        Shelved.objects.filter(record__in=[one.record for one in untold], gone=False).values_list(
            "record", "organisation"
        )
    )
    by_owner: dict[str, list[int]] = {}
    for one in untold:
        # What somebody looked at, judged or wrote about meanwhile is no news.
        if one.record in owners and one.viewed_at is None and not one.judgement:
            by_owner.setdefault(owners[one.record], []).append(one.pk)
    silent = set(
        MailChoice.objects.filter(Q(wants=False) | Q(told_on__gte=day)).values_list("account", flat=True)
    )
    for account, actor in people_of(by_owner):
        numbers = [number for owner in sorted(actor.organisations) for number in by_owner.get(owner, ())]
        if account.key not in silent and numbers:
            enqueue(tell_matches, account.key, numbers, key=f"matches:{account.key}:{day.isoformat()}")
            MailChoice.objects.update_or_create(account=account.key, defaults={"told_on": day})
    # Also where nobody wants mails: the pair is not told again when somebody changes that.
    Suggestion.objects.filter(pk__in=[one.pk for one in untold]).update(told_at=now)


@job()
def tell_matches(run: Run, account_key: str, numbers: list[int]) -> None:
    """Sends one message about new matches: titles that everybody may see, and where the reasons stand."""
    from foretrack.matching.actions.profiling import may_be_matched
    from foretrack.matching.models import MailChoice, Suggestion
    from foretrack.registry.actions.reading import records_with

    account = Account.objects.filter(key=account_key, is_active=True).first()
    if account is None or MailChoice.objects.filter(account=account_key, wants=False).exists():
        return
    found = list(Suggestion.objects.filter(pk__in=numbers).order_by("-score", "pk"))
    rows = records_with([key for one in found for key in (one.record, one.other)])
    standing = {key for key, row in rows.items() if may_be_matched(run.registry.kinds.get(row.kind), row)}
    by_record: dict[str, list[str]] = {}
    for one in found:
        if one.record in standing and one.other in standing:
            by_record.setdefault(one.record, []).append(one.other)
    if not by_record:
        return
    language = account.language
    with speaking(language) as say:
        code, n = code_of(language), sum(map(len, by_record.values()))
        lines = [say("Good day,"), "", say("new matches were found for your needs and offers:"), ""]
        for record, others in by_record.items():
            lines.append(f"{one_line(title_of(rows[record], language))}")
            lines += [f"  - {one_line(title_of(rows[other], language))}" for other in others[:MOST_NAMED]]
            lines += [f"  {absolute(f'/{code}/matches/{record}/')}", ""]
        stop = absolute(f"/{code}/matches/stop/{signing.dumps(account.key, salt=STOP_SALT, compress=False)}/")
        lines.append(
            say("Why each was found stands on these pages. At most one such message comes in a day.")
        )
        lines.append(say("No more messages about matches: {address}", address=stop))
        subject = say("New matches: {n}", n=n)
    send(account, f"[Foretrack] {subject}", "\n".join(lines) + "\n")


def account_of(signed: str) -> str:
    """The account that a link of a message names; InputError where it was not made here."""
    try:
        return str(signing.loads(signed, salt=STOP_SALT))
    except signing.BadSignature:
        raise InputError.of(
            "this link was not made by Foretrack, or is damaged", expected="the link of a message, whole",
            do="open it from the message again, or change it under matches",
        ) from None  # fmt: skip
