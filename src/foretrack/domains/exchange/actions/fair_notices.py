"""Messages of an exhibition: a new version of the schedule to whom it concerns, a cancellation to all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from foretrack.accounts.mailing import absolute, send
from foretrack.accounts.models import Account, RoleGrant
from foretrack.accounts.speech import code_of, speaking
from foretrack.domains.exchange.actions.exhibitions import (
    TAKES_PART,
    meetings_in,
    participations,
    schedule_of,
)
from foretrack.jobs.declaring import Run, job
from foretrack.registry.actions.reading import title_of
from foretrack.registry.models import Record


@job()
def tell_schedule(run: Run, key: str, version: int, participants: list[str]) -> None:
    """Says that meetings were scheduled or changed; the meetings themselves stand behind the log-in."""
    exhibition, schedule = Record.objects.filter(key=key).first(), schedule_of(key)
    if exhibition is None or schedule is None:
        return
    for participation in participations(key, TAKES_PART):
        if participation.key not in participants:
            continue
        for account in _people([participation.organisation]):
            language = account.language
            with speaking(language) as say:
                title = title_of(exhibition, language)
                path = f"/{code_of(language)}/exhibitions/{key}/mine/{participation.key}/"
                lines = [
                    say("Good day,"), "",
                    say("your meetings at “{title}” were scheduled or have changed.", title=title), "",
                    absolute(path),
                ]  # fmt: skip
                send(account, f"[Foretrack] {say('Your meetings')}", "\n".join(lines) + "\n")


@job()
def tell_cancelled(run: Run, key: str) -> None:
    """Says to everybody who registered that the exhibition does not take place."""
    exhibition = Record.objects.filter(key=key).first()
    if exhibition is None:
        return
    concerned = [one.organisation for one in participations(key, "registered", TAKES_PART)]
    for account in _people(concerned):
        language = account.language
        with speaking(language) as say:
            title = title_of(exhibition, language)
            lines = [
                say("Good day,"), "", say("the exhibition “{title}” was cancelled.", title=title), "",
                absolute(f"/{code_of(language)}/exhibitions/{key}/"),
            ]  # fmt: skip
            send(account, f"[Foretrack] {say('Exhibition cancelled')}", "\n".join(lines) + "\n")


def concerned_by(before: Iterable[dict[str, object]], after: Iterable[dict[str, object]]) -> list[str]:
    """Participations whose meetings differ between two versions of a schedule."""
    old, new = (
        {(row["code"], row["sequence"], who) for row in rows for who in (row["first"], row["second"])}
        for rows in (before, after)
    )
    return sorted({str(who) for _, _, who in old ^ new})


def all_in(schedule: Record) -> list[str]:
    """Participations that have any meeting."""
    return sorted({row[side] for row in meetings_in(schedule) for side in ("first", "second")})


def _people(organisations: Iterable[str | None]) -> Iterator[Account]:
    """Open accounts that act for one of the organisations, each once."""
    grants = RoleGrant.objects.filter(
        organisation__in={one for one in organisations if one}, role__in=("member", "manager"), ended_at=None,
        account__is_active=True,
    )  # fmt: skip
    yield from {grant.account_id: grant.account for grant in grants.select_related("account")}.values()
