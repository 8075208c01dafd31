"""One's own needs and offers with what matching found for them: read from what was suggested, so that it is quick."""

from __future__ import annotations

from foretrack.matching.actions.interests import about, between, interests_of
from foretrack.matching.actions.profiling import may_be_matched
from foretrack.matching.answers import Desk, InterestLine, OwnProfile, SuggestedLine
from foretrack.matching.kinds import OPEN
from foretrack.matching.models import MailChoice, Suggestion
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import refusal
from foretrack.registry.actions.reading import records_with, title_of
from foretrack.registry.models import Record
from foretrack.registry.models.record import PUBLIC
from foretrack.registry.registry import Registry, moment

MOST = 30
BEST = 3


def desk_of(registry: Registry, actor: Actor) -> Desk:
    """The open needs and offers of the actor's organisations with their best suggestions, and the interests that run.

    AccessError for a visitor.
    """
    if not actor.key:
        raise refusal(actor, "look at matches")
    kinds = {kind.name: kind for kind in registry.kinds if kind.side is not None}
    closed = [(kind.name, state.name) for kind in kinds.values() for state in kind.states if state.closed]
    rows = Record.objects.filter(
        kind__in=list(kinds), organisation__in=sorted(actor.organisations), merged_into=None
    ).exclude(status__in=sorted({state for _, state in closed}))
    profiles = []
    for row in rows.order_by("-updated_at", "-pk")[:MOST]:
        kind = kinds[row.kind]
        if kind.side is None:
            continue
        until = str(row.body.get(kind.side.until, "")) if kind.side.until else ""
        own = Suggestion.objects.filter(record=row.key)
        profiles.append(
            OwnProfile(
                row.key, kind.name, title_of(row, actor.language), kind.side.side, row.status,
                kind.state(row.status).label.text(actor.language), until, may_be_matched(kind, row),
                own.filter(standing=True, viewed_at=None, judgement="").count(),
                about([row.key]).filter(status__in=OPEN).count(), best_of(registry, actor, row.key),
            )
        )  # fmt: skip
    choice = MailChoice.objects.filter(account=actor.key).first()
    return Desk(tuple(profiles), interest_lines(registry, actor), choice is None or choice.wants)


def best_of(registry: Registry, actor: Actor, key: str, most: int = BEST) -> tuple[SuggestedLine, ...]:
    """The best suggestions of a record that may still be matched and were not put aside."""
    found = list(Suggestion.objects.filter(record=key, judgement="").order_by("-score", "pk")[: 4 * most])
    rows = {
        row.key: row
        for row in records_with([one.other for one in found]).values()
        if row.audience == PUBLIC
        and may_be_matched(registry.kinds.get(row.kind), row)
        and not _over(registry, row)
    }
    interests = between([(key, one.other) for one in found])
    made: list[SuggestedLine] = []
    for one in found:
        row, interest = rows.get(one.other), interests.get((key, one.other))
        if row is not None and len(made) < most:
            state = interest.status if interest else "new" if one.viewed_at is None else "viewed"
            made.append(
                SuggestedLine(row.key, row.kind, title_of(row, actor.language), round(one.score, 4), state)
            )
    return tuple(made)


def interest_lines(registry: Registry, actor: Actor, *, of: str = "") -> tuple[InterestLine, ...]:
    """Interests that the actor may see, the newest change first."""
    found = interests_of(registry, actor, of=of)
    names = records_with(
        [key for one in found for key in (one.organisation or "", str(one.body.get("recipient", "")))]
    )

    def named(key: str) -> str:
        return title_of(names[key], actor.language) if key in names else ""

    return tuple(
        InterestLine(
            one.key, title_of(one, actor.language), one.status,
            registry.kinds.get(one.kind).state(one.status).label.text(actor.language),
            named(one.organisation or ""), named(str(one.body.get("recipient", ""))),
            "sent" if one.organisation in actor.organisations else
            "received" if one.body.get("recipient") in actor.organisations else "",
            moment(one.updated_at),
        )
        for one in found
    )  # fmt: skip


def set_mails(registry: Registry, account: str, *, wants: bool) -> None:
    """Whether an account wants the mail of the day about new matches."""
    MailChoice.objects.update_or_create(account=account, defaults={"wants": wants})


def _over(registry: Registry, row: Record) -> bool:
    side = registry.kinds.get(row.kind).side
    until = row.body.get(side.until) if side is not None and side.until else None
    return bool(until) and str(until) < registry.now().date().isoformat()
