"""Messages of the hall: that a session changed, and that a question was answered. Queued with the change, sent by the
worker."""

from __future__ import annotations

from django.db.models import Q
from django.utils import translation

from foretrack.accounts.actors import actors_of
from foretrack.accounts.mailing import absolute, send
from foretrack.accounts.models import Account, RoleGrant
from foretrack.accounts.speech import code_of
from foretrack.domains.exchange.hall.following import ACCEPTED, handed_in_to, zone
from foretrack.domains.exchange.hall.models import Guest
from foretrack.jobs.declaring import Run, job
from foretrack.jobs.queueing import enqueue
from foretrack.registry.access.permission import reach
from foretrack.registry.actions.reading import subject_of, title_of
from foretrack.registry.models import Record
from foretrack.web.addresses import address
from foretrack.web.speech import speak


def tell_of_change(session: Record) -> None:
    """Queues a message for the guests of a session and for those who have handed in something to it.

    Whoever merely follows the session is told by the watch.
    """
    guests = Guest.objects.filter(session=session.key, ended_at=None).values_list("account", flat=True)
    owners = {
        one.organisation for one in handed_in_to(session.key, "submitted", ACCEPTED) if one.organisation
    }
    grants = RoleGrant.objects.filter(role__in=("member", "manager"), organisation__in=owners, ended_at=None)
    concerned = Q(key__in=list(guests)) | Q(pk__in=grants.values("account_id"))
    for key in Account.objects.filter(concerned, is_active=True).order_by("pk").values_list("key", flat=True):
        enqueue(tell_change, key, session.key, session.revision)


def tell_of_answer(question: Record) -> None:
    """Queues a message for whoever asked."""
    enqueue(tell_answer, question.created_by, question.key)


@job()
def tell_change(run: Run, account_key: str, session_key: str, revision: int) -> None:
    """Tells one account that a session has another time or was cancelled, unless it changed again meanwhile."""
    session = Record.objects.filter(key=session_key, revision=revision).first()
    account = Account.objects.filter(key=account_key, is_active=True).first()
    if session is None or account is None:
        return
    with translation.override(code_of(account.language)):
        say, title = speak(account.language), title_of(session, account.language)
        notice = session.body.get("notice") or {}
        when = f"{session.body['release_on']} {session.body['release_time']} ({zone()})"
        cancelled = session.status == "cancelled"
        lines = [
            say("Good day,"), "",
            say("the release session “{title}” was cancelled.", title=title) if cancelled
            else say("the release session “{title}” has another time: {when}.", title=title, when=when),
            "", notice.get(account.language) or next(iter(notice.values()), ""), "",
            say("Achievements that were accepted for it wait for another session.") if cancelled
            else say("The embargo holds until then."),
            "", absolute(address("hall session", session.key)), "",
        ]  # fmt: skip
        subject = (
            say("{title}: cancelled", title=title) if cancelled else say("{title}: another time", title=title)
        )
    send(account, f"[Foretrack] {subject}", "\n".join(lines))


@job()
def tell_answer(run: Run, account_key: str, question_key: str) -> None:
    """Tells whoever asked that the answer is there, as far as the account may still see the question."""
    question = Record.objects.filter(key=question_key, status="answered").first()
    if question is None:
        return
    kind = run.registry.kinds.get(question.kind)
    for account, actor in actors_of(Q(key=account_key)):
        if reach(actor, subject_of(kind, question)) is None:
            continue
        with translation.override(code_of(account.language)):
            say = speak(account.language)
            lines = [
                say("Good day,"), "", say("your question was answered:"), "", question.body["question"], "",
                question.body["answer"], "", absolute(address("achievement", question.body["about"])), "",
            ]  # fmt: skip
            subject = say("Your question was answered")
        send(account, f"[Foretrack] {subject}", "\n".join(lines))
