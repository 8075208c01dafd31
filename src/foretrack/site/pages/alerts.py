"""What one watches: rules that look for one, the alerts that they raised, and acknowledging them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foretrack.foundation.errors import InputError
from foretrack.registry.access.permission import require
from foretrack.site.pages.profile import Option
from foretrack.watch.actions.alerts import acknowledge, list_alerts
from foretrack.watch.actions.rules import add_rule, levels_of, list_rules, remove_rule
from foretrack.watch.answers import AlertLine, RuleLine
from foretrack.web.addresses import address
from foretrack.web.queries import PAGE, paged
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak

ALERTS = 50
STATUS_WORDS = {"open": "Open", "acknowledged": "Seen", "false alarm": "False alarms"}


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert and where it leads."""

    alert: AlertLine
    href: str


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


@dataclass(frozen=True)
class RulesPage(Page):
    """Rules, and the form of a new one."""

    template: ClassVar[str] = "foretrack/rules.html"

    rules: tuple[RuleLine, ...]
    kinds: tuple[Option, ...]
    levels: tuple[Option, ...]
    name: str
    text: str
    when: str
    problem: str


@require_safe
def alerts(request: Request) -> HttpResponse:
    """The alerts of one's rules; those that are open first."""
    require(request.actor, "acknowledge alert")
    status, number = request.GET.get("status", "open"), request.GET.get(PAGE, "1")
    if not number.isdecimal() or not 1 <= len(number) <= 4 or int(number) < 1:
        raise InputError.of(
            "{name} is {found!r}",
            expected="a number",
            do="follow a link of the page",
            name=PAGE,
            found=number[:20],
        )
    offset = (int(number) - 1) * ALERTS
    found = list_alerts(request.registry, request.actor, status=status, limit=ALERTS, offset=offset)
    return render(
        request,
        AlertsPage(
            rows=tuple(
                AlertRow(
                    one,
                    address("record", one.subject.partition(":")[2])
                    if one.subject.startswith("record:") and not one.hidden
                    else "",
                )
                for one in found.alerts
            ),
            total=found.total,
            tabs=tuple(Option(name, say(word), name == status) for name, word in STATUS_WORDS.items()), status=status,
            before=paged(request.GET, int(number) - 1) if number != "1" else "",
            after=paged(request.GET, int(number) + 1) if offset + len(found.alerts) < found.total else "",
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
    return HttpResponseRedirect(address("alerts"))


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: Request) -> HttpResponse:
    """Shows the rules, and makes a new one."""
    require(request.actor, "watch")
    given = request.POST
    if request.method != "POST":
        return _rules(request)
    try:
        add_rule(
            request.registry, request.actor, name=given.get("name", ""), kind=given.get("kind", ""),
            text=given.get("text", ""), level=given.get("level", "info"),
            when=[line.strip() for line in given.get("when", "").splitlines() if line.strip()],
        )  # fmt: skip
    except InputError as error:
        return _rules(request, problem=error.told(speak(page_language())), status=400)
    messages.success(request, say("From now on this is watched."))
    return HttpResponseRedirect(address("rules"))


@require_POST
def end_rule(request: Request, key: str) -> HttpResponse:
    """Ends a rule; its alerts stay on record."""
    remove_rule(request.registry, request.actor, key)
    messages.success(request, say("The rule has ended; its alerts stay on record."))
    return HttpResponseRedirect(address("rules"))


def _rules(request: Request, *, problem: str = "", status: int = 200) -> HttpResponse:
    given, language = request.POST, request.actor.language
    chosen = given.get("kind") or request.GET.get("kind", "")
    level = given.get("level", "info")
    page = RulesPage(
        rules=list_rules(request.actor, public=True),
        kinds=tuple(Option(k.name, k.plural.text(language), k.name == chosen) for k in request.registry.kinds),
        levels=tuple(
            Option(code, one.label.text(language), code == level) for code, one in levels_of(request.registry).items()
        ),
        name=given.get("name", "")[:200], text=given.get("text") or request.GET.get("text", "")[:300],
        when=given.get("when", "")[:2000], problem=problem,
    )  # fmt: skip
    return render(request, page, status=status)
