"""What is watched about a subject: alerts and rules that the reader may see, and a way to watch it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from foretrack.registry.access.permission import may
from foretrack.watch.actions.about import watching
from foretrack.watch.answers import AlertLine
from foretrack.watch.watchable import OFFER
from foretrack.web.addresses import address
from foretrack.web.panels import Fragment, Panel, Subject
from foretrack.web.rendering import Request

SHOWN = 5


@dataclass(frozen=True, slots=True)
class RuleLink:
    """A rule that names the subject."""

    href: str
    name: str
    open_alerts: int
    public: bool


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert about the subject."""

    href: str
    """The rule that raised it."""
    alert: AlertLine


@dataclass(frozen=True)
class WatchFragment(Fragment):
    """Alerts and rules about the subject."""

    template: ClassVar[str] = "foretrack/panels/watching.html"

    rules: tuple[RuleLink, ...]
    alerts: tuple[AlertRow, ...]
    total: int
    watch: str
    """Where a rule about it begins; empty for who may not watch."""


def _load(request: Request, subject: Subject) -> Fragment | None:
    found = watching(request.registry, request.actor, [f"{subject.about}:{subject.name}"], most=SHOWN)
    can = may(request.actor, "watch") and (subject.about == "record" or bool(OFFER.about(subject.about)))
    if not (found.rules or found.alerts or can):
        return None
    return WatchFragment(
        rules=tuple(
            RuleLink(address("rule", r.key), r.name, r.open_alerts, r.owner_sort == "public") for r in found.rules
        ),
        alerts=tuple(AlertRow(address("rule", one.rule), one) for one in found.alerts), total=found.total,
        watch=f"{address('rules')}?{urlencode([(str(subject.about), subject.name)])}" if can else "",
    )  # fmt: skip


PANEL = Panel("watched", "Watched", frozenset(("concept", "technology", "record")), _load, order=40)
