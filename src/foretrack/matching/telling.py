"""Messages of matching: queued in the transaction of what they tell, sent by the worker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q

from foretrack.accounts.actors import actors_of
from foretrack.accounts.mailing import absolute, send
from foretrack.accounts.models import Account, RoleGrant
from foretrack.accounts.speech import code_of
from foretrack.jobs.declaring import Run, job
from foretrack.matching.speech import speaking
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import title_of
from foretrack.registry.models import Record


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
