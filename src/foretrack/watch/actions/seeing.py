"""What the owner of a rule sees of a record: as it is, and as it was at a revision. Nothing hidden gets past here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from foretrack.accounts.actors import OPERATOR, actor_of
from foretrack.accounts.models import Account
from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.access.permission import Subject, reach
from foretrack.registry.actions.reading import visible_values
from foretrack.registry.declaring.fields import (
    VISIBILITIES,
    Choice,
    Day,
    Email,
    Field,
    File,
    Json,
    Money,
    Number,
    Term,
    Visibility,
)
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.rows import Rows
from foretrack.registry.models import Record, Revision
from foretrack.watch.conditions import MOST_CONDITIONS, Idea, Sight, Trait, fold, has_words
from foretrack.watch.models import WatchRule

KEPT_TEXT = 200
"""Characters of a text that a comparison keeps; a longer one is told apart by its digest."""

KEY = "key"
"""The filter that names one subject: the key of a record, the identifier of a concept. No field may be called so."""
STATUS = "status"
DEADLINES = {
    "due_on": Bilingual("Due", "办理期限"),
    "notice_until": Bilingual("End of the public notice", "公示截止"),
}


def owner_of(rule: WatchRule) -> Actor | None:
    """As whom a rule looks; None when its owner is gone or closed."""
    if rule.owner_sort == "public":
        return VISITOR
    if rule.owner_sort == "organisation":
        return Actor(grants=(Grant("member", rule.owner),), via="system")
    return reader_of(rule.owner)


def reader_of(account_key: str) -> Actor | None:
    """The actor behind an account's key; None when it is gone or closed."""
    if account_key == OPERATOR.key:
        return OPERATOR
    account = Account.objects.filter(key=account_key, is_active=True).first()
    return actor_of(account, via="system") if account else None


def traits_of(kind: Kind) -> dict[str, Trait]:
    """What of a kind's records can be watched: everything but files and data about persons."""
    states = {s.name: s.label for s in kind.states}
    made = {STATUS: Trait(STATUS, Bilingual("State", "状态"), "choice", tuple(states), states)}
    for f in kind.fields:
        if not (f.personal or isinstance(f, File | Email)):
            labels = f.options if isinstance(f, Choice) else f.terms(f.part) if isinstance(f, Term) else {}
            options = tuple(labels) if isinstance(f, Choice) else ()
            made[f.name] = Trait(f.name, f.label, _type(f), options, labels)
    for name, label in DEADLINES.items():
        made[name] = Trait(name, label, "deadline")
    return made


def ideas_of(kind: Kind) -> tuple[Idea, ...]:
    """What a form about one record of a kind offers."""
    return (
        Idea("status", Bilingual("Its state changes", "状态变化"), "status changed", chosen=True),
        Idea(
            "due", Bilingual("It becomes due within {n} working days", "{n} 个工作日内到期"), "due_on due {n}", 5,
            high=250,
        ),
        Idea("stale", Bilingual("Nobody changes it for {n} days", "{n} 天没有变动"), "stale {n}", 90, high=3650),
        *(
            Idea(
                f.name, Bilingual(f"It changes: {f.label.text('en')}", f"内容变动：{f.label.text('zh')}"),
                f"{f.name} changed",
            )
            for f in kind.fields
            if f.visibility == "public" and (f.facet or f.name == kind.title)
            and not (f.personal or isinstance(f, File | Email))
        ),
        Idea("gone", Bilingual("It can no longer be seen", "不再可见"), "gone"),
    )[:MOST_CONDITIONS]  # fmt: skip


def _type(f: Field) -> str:
    if isinstance(f, Rows):
        return "text"
    if f.many:
        return "choice"
    if isinstance(f, Number | Money):
        return "number"
    if isinstance(f, Day):
        return "day"
    return "text" if f.type in ("text", "bilingual", "web", "period") else "choice"


@dataclass(frozen=True, slots=True)
class RecordSight:
    """A record as the owner of a rule saw it at one revision."""

    sight: Sight
    texts: tuple[str, ...]
    facets: Mapping[str, tuple[str, ...]]


def record_sight(
    kind: Kind, actor: Actor, record: Record, revision: Revision, on: Subject, *, latest: bool
) -> RecordSight | None:
    """What the actor sees of a revision, never more than of the record today; None where that is nothing.

    Args:
        on: the record today, as permission sees it.
        latest: the revision is the record's last one, so its deadlines are known.
    """
    today = reach(actor, on)
    if today is None:
        return None
    body = {name: value for name, value in revision.values.items() if not name.startswith("@")}
    try:
        state = kind.state(revision.status)
    except InputError:  # a state that the kind no longer has
        return None
    then = reach(
        actor,
        Subject(
            kind=kind.name,
            organisation=record.key
            if kind.name == "organisation"
            else (body.get(kind.organisation) if kind.organisation else None),
            region=body.get(kind.region) if kind.region else None,
            created_by=record.created_by,
            assigned=on.assigned,
            addressed=kind.addressed_to(body, revision.status),
            visibility=cast(Visibility, revision.values.get("@visibility", "private")),
            public=state.public,
        ),
    )
    if then is None:
        return None
    circle = min(today, then, key=VISIBILITIES.index)
    shown = visible_values(kind, body, circle, personal=False)
    fields = {f.name: f for f in kind.fields}
    values: dict[str, Json] = {STATUS: revision.status}
    for name, value in shown.items():
        if not isinstance(fields[name], File | Email) and not fields[name].personal:
            values[name] = plain(fields[name], value)
    if latest:
        values |= {name: day.isoformat() for name in DEADLINES if (day := getattr(record, name)) is not None}
    facets = {KEY: (record.key,), STATUS: (revision.status,)} | {
        name: fields[name].facet_values(value) for name, value in shown.items() if fields[name].facet
    }
    texts = [text for name, value in shown.items() if fields[name].weight != "none" or name == kind.title
             for _, text in fields[name].texts(value)]  # fmt: skip
    updated = datetime.fromisoformat(revision.at.replace("Z", "+00:00")).date()
    return RecordSight(Sight(values, updated), tuple(texts), facets)


def plain(f: Field, value: Json) -> Json:
    """A value as conditions compare it: a number, an ISO day, a text, or a list of texts."""
    if isinstance(f, Rows):
        return short(f.show(value))
    if f.many:
        return [short(one) for one in f.facet_values(value)]
    if isinstance(f, Number):
        return value
    if isinstance(f, Money):
        return float(value["amount"])
    if isinstance(f, Day):
        return value
    if f.type == "bilingual":
        return short(" / ".join(dict.fromkeys(text for _, text in f.texts(value))))
    return short(f.facet_of(value))


def short(text: str) -> str:
    """A text of at most 200 characters that still differs where the whole does."""
    if len(text) <= KEPT_TEXT:
        return text
    return f"{text[: KEPT_TEXT - 12]}… {hashlib.sha256(text.encode()).hexdigest()[:8]}"


def fits(search: Mapping[str, Json], seen: RecordSight) -> bool:
    """Whether a record is among what a saved search finds."""
    return among(search.get("filters") or {}, seen.facets) and (
        not search.get("text") or has_words(search["text"], seen.texts)
    )


def among(filters: Mapping[str, Sequence[str]], facets: Mapping[str, Sequence[str]]) -> bool:
    """Whether each filter names one of the values that the subject has."""
    return all(
        {fold(str(one)) for one in wanted} & {fold(str(one)) for one in facets.get(name, ())}
        for name, wanted in filters.items()
    )
