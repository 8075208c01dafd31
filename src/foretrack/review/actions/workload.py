"""How much work reviewers have and have done: their own for themselves, everybody's for officers."""

from __future__ import annotations

from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import may, refusal
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.review.actions.reviewers import profiles_of, reviewer_accounts
from foretrack.review.answers import WorkloadLine
from foretrack.review.calls import Call
from foretrack.review.models import Task


def workload(registry: Registry, actor: Actor) -> tuple[WorkloadLine, ...]:
    """One line for each reviewer, those with the most open work first; a reviewer sees the own line only."""
    everybody = may(actor, "assign")
    if not everybody and not actor.holds("reviewer"):
        raise refusal(actor, "look at the work of reviewers")
    accounts = [one for one in reviewer_accounts() if everybody or one.key == actor.key]
    keys = [one.key for one in accounts]
    profiles = profiles_of(keys)
    rows = list(Task.objects.filter(reviewer__in=keys).order_by("pk"))
    until = {
        (call.key, stage.number): stage.until
        for call in (Call(r) for r in Record.objects.filter(key__in={row.call for row in rows}))
        for stage in call.stages
    }
    today = registry.now().date().isoformat()
    by: dict[str, list[Task]] = {key: [] for key in keys}
    for row in rows:
        by[row.reviewer].append(row)
    kept = [row for row in rows if row.ended_at is None]
    mean = len(kept) / len(keys) if keys else 0.0
    found = []
    for account in accounts:
        tasks = by[account.key]
        running = [t for t in tasks if t.ended_at is None and t.done_at is None]
        due = sorted(d for t in running if (d := until.get((t.call, t.stage))))
        mine = sum(1 for t in tasks if t.ended_at is None)
        profile = profiles.get(account.key)
        found.append(
            WorkloadLine(
                reviewer=account.key, name=account.get_full_name(),
                calls=len({t.call for t in tasks if t.ended_at is None}),
                open=len(running), overdue=sum(1 for day in due if day < today),
                done=sum(1 for t in tasks if t.done_at is not None and t.ended_at is None),
                declined=sum(1 for t in tasks if t.ended_why in ("declined", "conflict")),
                most=profile.most if profile else None, next_due=due[0] if due else None,
                share=mine / mean if mean else 0.0,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.overdue, -one.open, one.name)))
