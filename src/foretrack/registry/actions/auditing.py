"""The audit log as auditors may read it."""

from __future__ import annotations

import re

from django.db.models import Q

from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import require
from foretrack.registry.answers import AuditLine, AuditPage
from foretrack.registry.models import AuditEntry, Record, Revision
from foretrack.registry.registry import Registry

MOST_ENTRIES = 1000
"""Entries that one answer holds at most."""


def entries(
    registry: Registry, actor: Actor, *, subject: str = "", who: str = "", act: str = "", since: str = "",
    until: str = "", before: int | None = None, limit: int = 50,
) -> AuditPage:  # fmt: skip
    """Entries of the audit log, the newest first; AccessError for whoever may not read it.

    Args:
        subject: as it stands in the log (`record:KEY`), or the key of a record: then also entries that cover one of its
            revisions (an import, a merge).
        act: as it stands in the log; `move` means every `move:...`.
        since: from this day or moment on (UTC), `2026-03-01` or `2026-03-01T12:00:00Z`.
        until: before this day or moment.
        before: only entries with a smaller number.
    """
    require(actor, "read audit")
    if not 1 <= limit <= MOST_ENTRIES:
        raise InputError.of(
            "{n} entries at once", expected="a number from 1 to {most}", do="ask for fewer and go on",
            n=limit, most=MOST_ENTRIES,
        )  # fmt: skip
    wanted = AuditEntry.objects.order_by("-number")
    if subject:
        wanted = wanted.filter(_about(subject))
    if who:
        wanted = wanted.filter(actor=who)
    if act:
        wanted = wanted.filter(Q(act=act) | Q(act__startswith=f"{act}:"))
    if since:
        wanted = wanted.filter(at__gte=_checked_moment(since))
    if until:
        wanted = wanted.filter(at__lt=_checked_moment(until))
    if before is not None:
        wanted = wanted.filter(number__lt=before)
    found = list(wanted[: limit + 1])
    lines = tuple(line_of(entry) for entry in found[:limit])
    return AuditPage(lines, lines[-1].number if len(found) > limit else None)


def entry(registry: Registry, actor: Actor, number: int) -> AuditLine:
    """One entry of the log."""
    require(actor, "read audit")
    found = AuditEntry.objects.filter(number=number).first()
    if found is None:
        raise InputError.of(
            "the audit log has no entry {number}", expected="a number from 1 to that of the last entry",
            do="look at `foretrack audit list`", number=number,
        )  # fmt: skip
    return line_of(found)


def line_of(entry: AuditEntry) -> AuditLine:
    """An entry as plain values."""
    return AuditLine(
        entry.number, entry.at, entry.actor, entry.role, entry.via, entry.act, entry.subject, entry.details,
        entry.texts.get("reason"), "reason" in entry.erased, entry.hash,
    )  # fmt: skip


def _about(subject: str) -> Q:
    key = subject.removeprefix("record:").upper()
    record = Record.objects.filter(key=key).values_list("pk", flat=True).first()
    if record is None:
        return Q(subject=subject)
    covering = Revision.objects.filter(record_id=record).values("entry")
    return Q(subject=f"record:{key}") | Q(number__in=covering)


def _checked_moment(text: str) -> str:
    # Moments are stored as text that sorts; a day sorts before every moment in it.
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?Z?)?", text):
        raise InputError.of(
            "{text!r} is no day or moment", expected="such as {example}", do="write it like the example, in UTC",
            text=text[:40], example="2026-03-01",
        )  # fmt: skip
    return text.removesuffix("Z")
