"""What was found, as its reader may see it; and what people say about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from foretrack.foundation.clock import timestamp
from foretrack.foundation.errors import InputError
from foretrack.packs.levels import Level
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import AccessError, reach, require, visible
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.actions.reading import subject_of, title_of
from foretrack.registry.actions.records import checked_reason
from foretrack.registry.declaring.fields import Choice, Json, Term, YesNo, clean_text
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.watch.actions.rules import levels_of, may_change, rule_to_see, rules_seen_by
from foretrack.watch.actions.seeing import DEADLINES, STATUS, traits_of
from foretrack.watch.answers import AlertLine, AlertList, AlertPage, AlertPart, EventLine
from foretrack.watch.conditions import Trait
from foretrack.watch.models import Alert, AlertEvent
from foretrack.watch.speech import messages_in
from foretrack.watch.telling import tell
from foretrack.watch.watchable import OFFER

STATUSES = ("open", "acknowledged", "false alarm")


def list_alerts(
    registry: Registry, actor: Actor, *, rule_key: str | None = None, status: str | None = "open", limit: int = 50,
    offset: int = 0,
) -> AlertList:  # fmt: skip
    """Alerts of the rules that the actor may see, the latest first; public rules of others only where they are named."""
    found = _alerts(actor, rule_key, status)
    return AlertList(tuple(lines_of(registry, actor, found[offset : offset + limit])), found.count())


def walk_alerts(
    registry: Registry, actor: Actor, *, rule_key: str | None = None, status: str | None = "open", limit: int = 50,
    after: tuple[str, int] | None = None,
) -> AlertPart:  # fmt: skip
    """The same alerts part by part: `after` is where the part before ended, whatever was raised meanwhile."""
    found = _alerts(actor, rule_key, status)
    if after is not None:
        moment, number = datetime.fromisoformat(after[0]), after[1]
        found = found.filter(Q(last_at__lt=moment) | Q(last_at=moment, pk__lt=number))
    kept = list(found[: limit + 1])
    more = kept[limit - 1] if len(kept) > limit else None
    return AlertPart(
        tuple(lines_of(registry, actor, kept[:limit])), (more.last_at.isoformat(), more.pk) if more else None
    )


def _alerts(actor: Actor, rule_key: str | None, status: str | None) -> QuerySet[Alert]:
    if status is not None and status not in STATUSES:
        raise InputError.of(
            "no alert is {status!r}",
            expected="one of {known}",
            do="choose one",
            status=status[:40],
            known=", ".join(STATUSES),
        )
    if rule_key is None:
        rules = [
            rule for rule in rules_seen_by(actor) if rule.owner_sort != "public" or rule.made_by == actor.key
        ]
    else:
        rules = [rule_to_see(actor, rule_key)]
    found = Alert.objects.filter(rule__in=rules).select_related("rule").order_by("-last_at", "-pk")
    if status is not None:
        found = found.filter(status=status)
    return found


def show_alert(registry: Registry, actor: Actor, key: str) -> AlertPage:
    """One alert with its history. What people noted is for those to whom the rule belongs."""
    alert = _alert_to_see(actor, key)
    own = may_change(actor, alert.rule)
    events = tuple(
        EventLine(timestamp(e.at), e.by if own else "", e.act, e.note if own else "")
        for e in alert.events.order_by("pk")
    )
    return AlertPage(next(iter(lines_of(registry, actor, [alert]))), events)


def acknowledge(
    registry: Registry, actor: Actor, key: str, *, note: str = "", false_alarm: bool = False
) -> AlertPage:
    """Marks an alert as seen, or as a false alarm. When it happens again, it opens again."""
    require(actor, "acknowledge alert")
    said = checked_reason(note)
    act = "false alarm" if false_alarm else "acknowledged"
    with transaction.atomic():
        head = take_number()
        alert = _alert_to_see(actor, key)
        if not may_change(actor, alert.rule):
            raise AccessError.of(
                "you may not close alerts of a public rule", expected="an officer", do="ask an officer"
            )
        alert = Alert.objects.select_for_update().select_related("rule").get(pk=alert.pk)
        if alert.status == act:
            raise InputError.of(
                "this alert is {status} already", expected="an open alert", do="leave it", status=act
            )
        AlertEvent.objects.create(
            alert=alert, at=registry.now(), by=actor.key, act=act, note=said, found=alert.found
        )
        Alert.objects.filter(pk=alert.pk).update(status=act)
        log(registry, actor, "acknowledge alert", f"alert:{alert.key}", details={"as": act}, head=head)
    return show_alert(registry, actor, key)


def _alert_to_see(actor: Actor, key: str) -> Alert:
    alert = (
        Alert.objects.filter(key=clean_text(key).upper(), rule__in=rules_seen_by(actor))
        .select_related("rule")
        .first()
    )
    if alert is None:
        raise InputError.of(
            "there is no alert {key!r} that you may see", expected="the key of an alert",
            do="look at `foretrack watch alerts`", key=key[:40],
        )  # fmt: skip
    return alert


@dataclass(frozen=True, slots=True)
class _Shown:
    """How the subject of an alert looks to its reader."""

    title: str
    traits: Mapping[str, Trait]
    show: Callable[[str, Json], str]
    fields: frozenset[str] | None
    """Fields that the reader may see; None: all."""


def lines_of(registry: Registry, actor: Actor, alerts: Iterable[Alert]) -> list[AlertLine]:
    """Alerts as an actor may see them now: whoever lost sight of a record sees neither its title nor its values."""
    alerts = list(alerts)
    keys = {a.subject.partition(":")[2] for a in alerts if a.subject.startswith("record:")}
    records = {r.key: r for r in Record.objects.filter(key__in=keys)}
    levels = levels_of(registry)
    return [_line(registry, actor, alert, records, levels) for alert in alerts]


def _line(
    registry: Registry, actor: Actor, alert: Alert, records: Mapping[str, Record], levels: Mapping[str, Level]
) -> AlertLine:
    shown = _subject(registry, actor, alert, records)
    found: Sequence[Mapping[str, Any]] = alert.found
    if shown is None or shown.fields is not None:
        may_see = frozenset[str]() if shown is None else shown.fields or frozenset[str]()
        found = [
            _withheld(said) if said.get("field") and said["field"] not in may_see else said for said in found
        ]
    say = messages_in(actor.language)
    level = levels.get(alert.level)
    text = tell(found, shown.traits if shown else {}, say, shown.show if shown else _as_text)
    if shown is None:
        text = say("something that you may no longer see")
    return AlertLine(
        key=alert.key, rule=alert.rule.key, rule_name=alert.rule.name, subject=alert.subject,
        title=shown.title if shown else "", reason=alert.reason, state=alert.state if shown else "", level=alert.level,
        level_label=level.label.text(actor.language) if level else alert.level, colour=level.colour if level else "",
        text=text, found=tuple(found) if shown else (), status=alert.status, times=alert.times,
        opened_at=timestamp(alert.opened_at), last_at=timestamp(alert.last_at), hidden=shown is None,
    )  # fmt: skip


def _subject(registry: Registry, actor: Actor, alert: Alert, records: Mapping[str, Record]) -> _Shown | None:
    sort, _, name = alert.subject.partition(":")
    if sort != "record":
        title = Bilingual(alert.title_en, alert.title_zh).text(actor.language)
        watchable = OFFER.by_name.get(alert.rule.about)
        traits = watchable.traits if watchable else {}

        def show_trait(field: str, value: Json) -> str:
            return traits[field].show(value, actor.language) if field in traits else _as_text(field, value)

        return _Shown(title or name, traits, show_trait, None)
    record = records.get(name)
    if record is None or record.kind not in registry.kinds.kinds:
        return None
    kind = registry.kinds.get(record.kind)
    circle = reach(actor, subject_of(kind, record))
    if circle is None:
        return None
    states = {state.name: state.label.text(actor.language) for state in kind.states}

    def show(field: str, value: Json) -> str:
        if field == STATUS:
            return ", ".join(states.get(str(one), str(one)) for one in _many(value))
        f = kind.by_name.get(field)
        if isinstance(f, Choice | Term | YesNo):
            return ", ".join(_label(f, one, actor.language) for one in _many(value))
        return _as_text(field, value)

    seen = {f.name for f in kind.fields if visible(f.visibility, circle) and not f.personal}
    return _Shown(
        title_of(record, actor.language), traits_of(kind), show, frozenset({*seen, STATUS, *DEADLINES})
    )


def _label(f: Choice | Term | YesNo, value: Json, language: str) -> str:
    try:
        return f.show_one(f.read_one(value), language)
    except InputError:  # an option that was taken out since
        return str(value)


def _many(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _as_text(_: str, value: Json) -> str:
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _withheld(said: Mapping[str, Any]) -> dict[str, Any]:
    return {**said, "before": None, "after": None, "withheld": True}
