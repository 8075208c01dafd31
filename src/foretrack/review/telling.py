"""Messages of a review: queued in the transaction of what they tell, sent by the worker."""

from __future__ import annotations

from collections.abc import Sequence

from foretrack.accounts.mailing import absolute, send
from foretrack.accounts.models import Account
from foretrack.accounts.speech import code_of, speaking
from foretrack.jobs.declaring import Run, job
from foretrack.jobs.queueing import enqueue
from foretrack.registry.actions.reading import title_of
from foretrack.registry.models import Record
from foretrack.review.calls import Call
from foretrack.review.models import Task


def tell_reviewers(call: Call, reviewers: Sequence[str]) -> None:
    """Queues one message for each reviewer who got work in a call."""
    for reviewer in reviewers:
        enqueue(tell_of_tasks, reviewer, call.key)


@job()
def tell_of_tasks(run: Run, reviewer: str, call_key: str) -> None:
    """Says how many submissions wait; names none of them."""
    account = Account.objects.filter(key=reviewer, is_active=True).first()
    record = Record.objects.filter(key=call_key).first()
    if account is None or record is None:
        return
    waiting = Task.objects.filter(call=call_key, reviewer=reviewer, done_at=None, ended_at=None).count()
    if not waiting:
        return
    language = account.language
    with speaking(language) as say:
        title = title_of(record, language)
        lines = [
            say("Good day,"), "", say("{n} submissions to “{title}” wait for your review.", n=waiting, title=title), "",
            absolute(f"/{code_of(language)}/reviews/"), "",
            say("If you have a conflict of interest, or no time, say so there: somebody else will be asked."),
        ]  # fmt: skip
        send(account, f"[Foretrack] {say('Submissions to review')}", "\n".join(lines) + "\n")
