"""How matching does: from publication to a match, from a suggestion to an agreement, why not, and who is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from statistics import quantiles

from django.db.models import Count, Min

from foretrack.matching.actions.weighing import groups_of, weights_in_force
from foretrack.matching.answers import Figures, Measured, Spreading
from foretrack.matching.kinds import INTEREST
from foretrack.matching.learning.exposure import spread
from foretrack.matching.models import Shelved, Suggestion
from foretrack.matching.settings import settings_on
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import refusal
from foretrack.registry.declaring.kind import Role
from foretrack.registry.models import Record, Revision
from foretrack.registry.registry import Registry

WHO: tuple[Role, ...] = ("officer", "auditor", "administrator")
STAGES = ("interested", "viewed", "accepted", "meeting", "agreement")
MOST_SHOWN = 50_000


def figures(registry: Registry, actor: Actor) -> Figures:
    """The figures of the whole installation, for officers, auditors and administrators: sums, no record is named.

    AccessError for others: with few records a sum would tell what two sides do.
    """
    if not any(actor.holds(role) for role in WHO):
        raise refusal(actor, "look at the figures of matching")
    on_shelf = dict(
        Shelved.objects.filter(gone=False)
        .values_list("side")
        .annotate(n=Count("pk"))
        .values_list("side", "n")
    )
    sent = Record.objects.filter(kind=INTEREST.name, merged_into=None).exclude(status="draft")
    reached: Counter[str] = Counter()
    firsts: dict[tuple[int, str], str] = {}
    rows = Revision.objects.filter(record__in=sent.values("pk"), status__in=STAGES)
    for record, status, at in rows.values_list("record_id", "status").annotate(at=Min("at")):
        reached[status] += 1
        firsts[record, status] = at
    # An acceptance follows a look, even where nobody opened the page before.
    seen = len({record for record, status in firsts if status != "interested"})
    total = Suggestion.objects.filter(standing=True)
    made, told = total.count(), total.exclude(told_at=None).count()
    looked = Suggestion.objects.exclude(viewed_at=None).count()
    funnel = (
        Measured("suggested", made, 0), Measured("told", told, made), Measured("looked into", looked, 0),
        Measured("interested", reached["interested"], 0), Measured("seen", seen, reached["interested"]),
        *(Measured(name, reached[name], reached["interested"]) for name in STAGES[2:]),
    )  # fmt: skip
    published = _published(registry)
    days: list[float] = []
    first_accepted: dict[str, str] = {}
    for pk, key, mine in sent.values_list("pk", "body__about", "body__mine"):
        if (at := firsts.get((pk, "accepted"))) is not None:
            for one in (key, mine):
                if one in published:
                    first_accepted[one] = min(at, first_accepted.get(one, at))
    for key, at in first_accepted.items():
        days.append(_days(published[key], at))
    return Figures(
        on_shelf, funnel, _quartiles(days), len(first_accepted), len(published),
        dict(Counter(str(one) for one in sent.filter(status="declined").values_list("body__declined_for", flat=True))),
        dict(Counter(Suggestion.objects.filter(judgement="not relevant").values_list("reason", flat=True))),
        _exposure(registry), weights_in_force().name,
    )  # fmt: skip


def _published(registry: Registry) -> Mapping[str, str]:
    """Key of every need and offer that ever could be matched, to the moment since when."""
    found: dict[str, str] = {}
    for kind in registry.kinds:
        if kind.side is not None:
            rows = Revision.objects.filter(record__kind=kind.name, status__in=kind.side.states)
            found.update(
                rows.values_list("record__key").annotate(at=Min("at")).values_list("record__key", "at")
            )
    return found


def _exposure(registry: Registry) -> tuple[Spreading, ...]:
    shelved = {row.record: row for row in Shelved.objects.filter(gone=False).defer("wording")}
    groups, members = groups_of(shelved)
    eta = settings_on(registry.now().date()).terms.eta
    lists: dict[str, list[tuple[int, str]]] = {}
    rows = (
        Suggestion.objects.filter(shown__gt=0)
        .order_by("-pk")
        .values_list("record", "rank", "other")[:MOST_SHOWN]
    )
    for record, rank, other in rows:
        lists.setdefault(record, []).append((rank, other))
    ordered = [[other for _, other in sorted(own)] for own in lists.values()]
    made = []
    for name, group_of in groups.items():
        found = spread(ordered, group_of, eta, members[name])
        made.append(Spreading(name, found.members, found.gini, found.top))
    return tuple(made)


def _quartiles(days: list[float]) -> tuple[float, float, float] | None:
    if not days:
        return None
    if len(days) == 1:
        return (round(days[0], 1),) * 3
    low, middle, high = quantiles(days, n=4, method="inclusive")
    return round(low, 1), round(middle, 1), round(high, 1)


def _days(before: str, after: str) -> float:
    from datetime import datetime

    return (datetime.fromisoformat(after) - datetime.fromisoformat(before)).total_seconds() / 86400
