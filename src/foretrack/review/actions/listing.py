"""Calls as everybody sees them: the list, and what was announced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from django.db.models import QuerySet

from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import title_of, visible_to
from foretrack.registry.models import Facet, Pointer, Record
from foretrack.registry.registry import Registry
from foretrack.review.board_answers import Announced, CallLine, CallList, Phase
from foretrack.review.calls import find_call
from foretrack.review.kinds import CALL, SUBMISSION
from foretrack.review.models import Objection
from foretrack.review.naming import told_titles

ORDER: tuple[Phase, ...] = ("open", "coming", "closed", "reviewing", "draft", "finished", "cancelled")
SHOWN = tuple(state.name for state in SUBMISSION.states if state.public)
"""States of a submission that everybody may see."""
MOST = 100
"""Calls of one part of the list, and submissions of one part of a notice."""


def list_calls(
    registry: Registry, actor: Actor, *, phase: str = "", kind: str = "", track: str = "", region: str = "",
    page: int = 1, most: int = MOST,
) -> CallList:  # fmt: skip
    """The calls that the actor may see, open ones first.

    Args:
        phase: one of `ORDER`, or empty for all.
        kind: only calls for records of this kind.
        track: only calls for this track, `pack/track`.
        region: only calls of this region; calls of the whole country fit every one.
        page: from 1.
    """
    today = registry.now().date()
    seen = Record.objects.filter(visible_to(actor), kind=CALL.name, merged_into=None)
    wanted = seen
    for name, value in (("of_kind", kind), ("tracks", track)):
        if value:
            wanted = wanted.filter(pk__in=_with(name, value))
    # A few hundred calls at most, over all the years of an agency: the order depends on today, so Python sorts them.
    found = [record for record in wanted.order_by("pk") if not region or (record.region or region) == region]
    phases = {record.pk: phase_of(record, today) for record in found}
    if phase:
        found = [record for record in found if phases[record.pk] == phase]
    found.sort(key=lambda one: _order(one, phases[one.pk]))
    first = (max(page, 1) - 1) * most
    part = found[first : first + most]
    issuers = told_titles((one.organisation for one in part if one.organisation), actor.language)
    offered = _offered(seen.values_list("pk", flat=True))
    return CallList(
        lines=tuple(_line(one, phases[one.pk], issuers, today, actor.language) for one in part), total=len(found),
        kinds=offered["of_kind"], tracks=offered["tracks"], regions=offered["region"],
    )  # fmt: skip


def phase_of(record: Record, today: date) -> Phase:
    """Where a call stands on a day."""
    if record.status != "open":
        return record.status  # type: ignore[return-value]
    if today.isoformat() < str(record.body["opens_on"]):
        return "coming"
    return "open" if today.isoformat() <= str(record.body["closes_on"]) else "closed"


def _order(record: Record, phase: Phase) -> tuple[int, int, str]:
    place = ORDER.index(phase)
    day = str(record.body.get("closes_on") or "9")
    # What is open ends soonest first; what is over, latest first.
    at = int(day.replace("-", "")) if day != "9" else 0
    return (place, at if phase in ("open", "coming", "closed") else -at, record.key)


def _line(
    record: Record, phase: Phase, issuers: Mapping[str, str], today: date, language: str
) -> CallLine:  # fmt: skip
    body = record.body
    left = (date.fromisoformat(body["closes_on"]) - today).days + 1 if phase == "open" else None
    return CallLine(
        call=record.key, title=title_of(record, language), phase=phase,
        issuer=issuers.get(record.organisation or "", ""),
        of_kind=str(body.get("of_kind") or ""), region=record.region or "", tracks=tuple(body.get("tracks") or ()),
        opens_on=str(body.get("opens_on") or ""), closes_on=str(body.get("closes_on") or ""), days_left=left,
        stages=len(body.get("stages") or ()), series=str(body.get("series") or ""),
    )  # fmt: skip


def _with(name: str, value: str) -> QuerySet[Facet, int]:
    return Facet.objects.filter(kind=CALL.name, name=name, value=value).values_list("record_id", flat=True)


def _offered(calls: QuerySet[Record, int]) -> dict[str, tuple[str, ...]]:
    names = ("of_kind", "tracks", "region")
    rows = Facet.objects.filter(kind=CALL.name, name__in=names, record_id__in=calls)
    found: dict[str, set[str]] = {name: set() for name in names}
    for name, value in rows.values_list("name", "value").distinct():
        found[name].add(value)
    return {name: tuple(sorted(values)) for name, values in found.items()}


def announced(
    registry: Registry, actor: Actor, call_key: str, *, page: int = 1, most: int = MOST
) -> tuple[tuple[Announced, ...], int]:
    """What was announced of a call and was not taken back, in the order of handing in: a part of it, and how many
    there are."""
    call = find_call(registry, actor, call_key)
    today = registry.now().date()
    keys = Pointer.objects.filter(field="call", unit="record", target=call.key, record__kind=SUBMISSION.name)
    rows = Record.objects.filter(
        visible_to(actor), pk__in=keys.values("record_id"), merged_into=None, status__in=SHOWN
    )
    first = (max(page, 1) - 1) * most
    part = list(rows.order_by("pk")[first : first + most])
    owners = told_titles((one.organisation for one in part if one.organisation), actor.language)
    said = Counter(
        Objection.objects.filter(submission__in=[one.key for one in part]).values_list(
            "submission", flat=True
        )
    )
    return tuple(
        Announced(
            submission=one.key, title=title_of(one, actor.language),
            organisation=owners.get(one.organisation or "", ""), region=one.region or "", status=one.status,
            status_label=SUBMISSION.state(one.status).label.text(actor.language),
            notice_until=one.notice_until.isoformat()
            if one.status == "notice" and one.notice_until is not None and today <= one.notice_until
            else None,
            objections=said[one.key],
        )
        for one in part
    ), rows.count()  # fmt: skip
