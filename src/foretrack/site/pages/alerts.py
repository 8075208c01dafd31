"""The alerts that one's rules raised, and acknowledging them; the rules themselves are in `rules.py`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from foretrack.registry.access.permission import require
from foretrack.site.pages.profile import Option
from foretrack.watch.actions.alerts import acknowledge, list_alerts
from foretrack.watch.answers import AlertLine
from foretrack.web.addresses import address, address_of_thing
from foretrack.web.queries import page_number, paged
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import say

ALERTS = 50
RULE = re.compile("[0-9A-HJKMNP-TV-Z]{26}")
"""Key of a rule to go back to."""
STATUS_WORDS = {"open": "Open", "acknowledged": "Seen", "false alarm": "False alarms"}


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert and where it leads."""

    alert: AlertLine
    href: str
    """What it is about; empty where that has no page or is hidden."""
    rule: str
    """The rule that raised it."""


@dataclass(frozen=True)
class AlertsPage(Page):
    """Alerts with one status."""

    template: ClassVar[str] = "foretrack/alerts.html"

    rows: tuple[AlertRow, ...]
    total: int
    tabs: tuple[Option, ...]
    status: str
    before: str
    after: str


def href_of(alert: AlertLine) -> str:
    """The page of what an alert is about; empty where it has none, or the reader may not see it."""
    unit, _, name = alert.subject.partition(":")
    if alert.hidden:
        return ""
    return address("rule", alert.rule) if unit == "channel" else address_of_thing(unit, name)


@require_safe
def alerts(request: Request) -> HttpResponse:
    """The alerts of one's rules; those that are open first."""
    require(request.actor, "acknowledge alert")
    status, number = request.GET.get("status", "open"), page_number(request.GET, digits=4)
    offset = (number - 1) * ALERTS
    found = list_alerts(request.registry, request.actor, status=status, limit=ALERTS, offset=offset)
    return render(
        request,
        AlertsPage(
            rows=tuple(
                AlertRow(one, href_of(one), address("rule", one.rule)) for one in found.alerts
            ),
            total=found.total,
            tabs=tuple(Option(name, say(word), name == status) for name, word in STATUS_WORDS.items()), status=status,
            before=paged(request.GET, number - 1) if number > 1 else "",
            after=paged(request.GET, number + 1) if offset + len(found.alerts) < found.total else "",
        ),
    )  # fmt: skip


@require_POST
def acknowledge_alert(request: Request, key: str) -> HttpResponse:
    """Marks an alert as seen, or as a false alarm."""
    acknowledge(
        request.registry, request.actor, key, note=request.POST.get("note", ""),
        false_alarm=request.POST.get("act") == "false alarm",
    )  # fmt: skip
    messages.success(request, say("Noted. When it happens again, it opens again."))
    back = request.POST.get("back", "")
    return HttpResponseRedirect(address("rule", back) if RULE.fullmatch(back) else address("alerts"))
