"""Rules that look for one: all of them, one with its alerts and channels, and the forms of a new one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foretrack.foundation.errors import InputError
from foretrack.registry.access.permission import require
from foretrack.registry.actions.records import show
from foretrack.search.actions.naming import named
from foretrack.site.pages.alerts import AlertRow, href_of
from foretrack.site.pages.profile import Option
from foretrack.watch.actions.about import Spelled, ideas_about, spelled
from foretrack.watch.actions.alerts import list_alerts
from foretrack.watch.actions.channels import add_mail, add_webhook, resume, stop
from foretrack.watch.actions.feeds import address_of
from foretrack.watch.actions.rules import (
    RECORDS,
    add_rule,
    edit_rule,
    levels_of,
    list_rules,
    remove_rule,
    renew_address,
    show_rule,
)
from foretrack.watch.answers import ChannelLine, RuleLine
from foretrack.watch.watchable import OFFER
from foretrack.web.addresses import address, address_of_thing
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, page_language, say, speak

ALERTS = 50
"""Alerts on the page of a rule."""
THING = "thing"
"""The name in a form under which the one thing stands that a rule is about."""
ABOUT = Words(
    {"records": "Records", "concepts": "Concepts", "technologies": "Technologies", "lists": "Published lists"}
)
OWNERS = Words({"account": "mine", "organisation": "of my organisation", "public": "public"})
PERIODS = Words({"at once": "at once", "daily": "every day", "weekly": "every week"})
TOGETHER = Words({"any": "when any of these comes true", "all": "when all of these come true at once"})
WHY_OFF = Words(
    {
        "asked": "stopped by you", "unsubscribed": "stopped through the link in a message",
        "failed": "stopped after many failures", "gone": "the receiver wants no more",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule in the list of rules."""

    rule: RuleLine
    href: str
    about: str
    level: str


@dataclass(frozen=True, slots=True)
class IdeaLine:
    """A condition to tick."""

    name: str
    before: str
    after: str
    """What stands before and behind the number; all of it before where there is none."""
    n: int | None
    low: int
    high: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class ThingForm:
    """The form of a rule about one thing."""

    thing: str
    """`concept:ID`, `technology:ID`, `record:KEY`."""
    title: str
    href: str
    name: str
    ideas: tuple[IdeaLine, ...]


@dataclass(frozen=True)
class RulesPage(Page):
    """Rules, and the form of a new one."""

    template: ClassVar[str] = "foretrack/rules.html"
    table: ClassVar[str] = "rules"

    rules: tuple[RuleRow, ...]
    thing: ThingForm | None
    kinds: tuple[Option, ...]
    levels: tuple[Option, ...]
    name: str
    text: str
    when: str
    problem: str


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A way on which alerts of a rule are told, in words."""

    channel: ChannelLine
    period: str
    why_off: str


@dataclass(frozen=True)
class RulePage(Page):
    """One rule: what it watches, its alerts, and on which ways they are told."""

    template: ClassVar[str] = "foretrack/rule.html"

    rule: RuleLine
    owner: str
    about: str
    thing: str
    """Title of the one thing that it is about; empty where it searches."""
    thing_href: str
    filters: tuple[tuple[str, str], ...]
    conditions: Spelled
    together: str
    level: str
    levels: tuple[Option, ...]
    alerts: tuple[AlertRow, ...]
    total: int
    feed: str
    """Address of its feed: public, or just made and shown this once."""
    channels: tuple[ChannelRow, ...]
    periods: tuple[Option, ...]
    hours: tuple[int, ...]
    may_watch: bool
    problem: str
    secret: str = field(repr=False)
    """The secret of a webhook that was just made, shown this once."""


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: Request) -> HttpResponse:
    """Shows the rules, and makes a new one."""
    require(request.actor, "watch")
    if request.method != "POST":
        return _rules(request)
    given = request.POST
    try:
        if thing := given.get(THING, ""):
            made = _about_one(request, thing)
        else:
            made = add_rule(
                request.registry, request.actor, name=given.get("name", ""), kind=given.get("kind", ""),
                text=given.get("text", ""), level=given.get("level", "info"), when=_lines(given.get("when", "")),
            ).rule.key  # fmt: skip
    except InputError as error:
        return _rules(request, problem=error.told(speak(page_language())), status=400)
    messages.success(request, say("From now on this is watched."))
    return HttpResponseRedirect(address("rule", made))


def _about_one(request: Request, thing: str) -> str:
    """Makes a rule about one thing from what was ticked; its key."""
    given, (unit, _, name) = request.POST, thing.partition(":")
    kind = show(request.registry, request.actor, name).kind if unit == "record" else ""
    when = [
        idea.typed(_number(given.get(f"n-{idea.name}", "")))
        for idea in ideas_about(request.registry, unit, kind)
        if idea.name in given.getlist("idea")
    ] + _lines(given.get("when", ""))
    if not when:
        raise InputError.of(
            "nothing was ticked", expected="at least one condition", do="tick what you want to be told"
        )
    return add_rule(
        request.registry, request.actor, name=given.get("name", ""), about=RECORDS if kind else OFFER.about(unit),
        kind=kind, filters={"key": [name]}, when=when, level=given.get("level", "info"),
    ).rule.key  # fmt: skip


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else None


def _rules(request: Request, *, problem: str = "", status: int = 200) -> HttpResponse:
    given, language = request.POST, request.actor.language
    chosen = given.get("kind") or request.GET.get("kind", "")
    page = RulesPage(
        rules=tuple(
            RuleRow(one, address("rule", one.key), _about(request, one), _level(request, one.level))
            for one in list_rules(request.actor, public=True)
        ),
        thing=_thing_form(request),
        kinds=tuple(Option(k.name, k.plural.text(language), k.name == chosen) for k in request.registry.kinds),
        levels=_levels(request, given.get("level", "info")), name=given.get("name", "")[:200],
        text=given.get("text") or request.GET.get("text", "")[:300], when=given.get("when", "")[:2000],
        problem=problem,
    )  # fmt: skip
    return render(request, page, status=status)


def _thing_form(request: Request) -> ThingForm | None:
    """The form about one thing, where the address or what was sent names one."""
    thing = request.POST.get(THING, "") or next(
        (
            f"{unit}:{request.GET[unit]}"
            for unit in ("concept", "technology", "record")
            if request.GET.get(unit)
        ),
        "",
    )
    if not thing:
        return None
    unit, _, name = thing.partition(":")
    language, kind = request.actor.language, ""
    if unit == "record":
        record = show(request.registry, request.actor, name)
        title, kind = record.title, record.kind
    else:
        known = named([(unit, name)]).get((unit, name))
        title = known.title(language) if known else name[:200]
    sent, ticked = request.POST, request.POST.getlist("idea")
    lines = []
    for idea in ideas_about(request.registry, unit, kind):
        before, _, after = idea.label.text(language).partition("{n}")
        number = _number(sent.get(f"n-{idea.name}", ""))
        lines.append(
            IdeaLine(
                idea.name, before, after, idea.n if number is None else number, idea.low, idea.high,
                idea.name in ticked if sent else idea.chosen,
            )
        )  # fmt: skip
    return ThingForm(
        thing, title, address_of_thing(unit, name), sent.get("name", "") or title[:120], tuple(lines)
    )


@require_safe
def rule(request: Request, key: str) -> HttpResponse:
    """One rule, as far as the reader may see it."""
    return _rule(request, key)


def _rule(
    request: Request, key: str, *, problem: str = "", feed: str = "", secret: str = "", status: int = 200
) -> HttpResponse:
    registry, actor, language = request.registry, request.actor, request.actor.language
    page = show_rule(registry, actor, key)
    one, conditions = page.rule, spelled(registry, actor, key)
    found = list_alerts(registry, actor, rule_key=one.key, status=None, limit=ALERTS)
    thing, href, filters = _search_of(request, one, page.traits)
    public = address_of(one.key) + ("?lang=zh" if language == "zh" else "")
    return render(
        request,
        RulePage(
            rule=one, owner=say(OWNERS[one.owner_sort]), about=_about(request, one), thing=thing, thing_href=href,
            filters=filters, conditions=conditions, together=say(TOGETHER[conditions.together]),
            level=_level(request, one.level), levels=_levels(request, one.level),
            alerts=tuple(AlertRow(a, href_of(a), "") for a in found.alerts), total=found.total,
            feed=feed or (public if one.owner_sort == "public" else ""),
            channels=tuple(
                ChannelRow(c, say(PERIODS[c.period]), say(WHY_OFF[c.why_off]) if c.why_off else "")
                for c in page.channels
            ),
            periods=tuple(Option(name, say(word), name == "daily") for name, word in PERIODS.items()),
            hours=tuple(range(24)), may_watch=bool(actor.key), problem=problem, secret=secret,
        ),
        status=status,
    )  # fmt: skip


def _search_of(
    request: Request, one: RuleLine, labels: Mapping[str, str]
) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """The one thing that a rule is about, where it leads, and its other filters in words."""
    filters = dict(one.search.get("filters") or {})
    keys = filters.pop("key", [])
    unit = (
        "record"
        if one.about == RECORDS
        else OFFER.by_name[one.about].unit
        if one.about in OFFER.by_name
        else ""
    )
    title = href = ""
    if keys and unit == "record":
        try:
            title, href = show(request.registry, request.actor, keys[0]).title, address("record", keys[0])
        except InputError:  # the reader may no longer see it
            title = say("(withheld)")
    elif keys:
        known = named([(unit, keys[0])]).get((unit, keys[0]))
        title = known.title(request.actor.language) if known else str(keys[0])
        href = address_of_thing(unit, keys[0])
    shown = tuple((labels.get(name, name), ", ".join(map(str, v))) for name, v in filters.items())
    return title, href, shown


def _about(request: Request, one: RuleLine) -> str:
    if one.kind and one.kind in request.registry.kinds.kinds:
        return request.registry.kinds.get(one.kind).plural.text(request.actor.language)
    return say(ABOUT[one.about]) if one.about in ABOUT else one.about


def _levels(request: Request, chosen: str) -> tuple[Option, ...]:
    return tuple(
        Option(code, one.label.text(request.actor.language), code == chosen)
        for code, one in levels_of(request.registry).items()
    )


def _level(request: Request, code: str) -> str:
    found = levels_of(request.registry).get(code)
    return found.label.text(request.actor.language) if found else code


def _end(request: Request, key: str) -> HttpResponse:
    remove_rule(request.registry, request.actor, key)
    messages.success(request, say("The rule has ended; its alerts stay on record."))
    return HttpResponseRedirect(address("rules"))


def _pause(request: Request, key: str) -> HttpResponse:
    edit_rule(request.registry, request.actor, key, paused=True)
    messages.success(request, say("The rule pauses: what happens meanwhile is not told."))
    return HttpResponseRedirect(address("rule", key))


def _resume(request: Request, key: str) -> HttpResponse:
    edit_rule(request.registry, request.actor, key, paused=False)
    messages.success(request, say("From now on this is watched."))
    return HttpResponseRedirect(address("rule", key))


def _change(request: Request, key: str) -> HttpResponse:
    given = request.POST
    edit_rule(
        request.registry, request.actor, key, name=given.get("name", ""), text=given.get("text"),
        when=_lines(given.get("when", "")), together="all" if given.get("together") == "all" else "any",
        level=given.get("level", "info"),
    )  # fmt: skip
    messages.success(request, say("Saved."))
    return HttpResponseRedirect(address("rule", key))


def _mail(request: Request, key: str) -> HttpResponse:
    hour = _number(request.POST.get("hour", ""))
    add_mail(
        request.registry,
        request.actor,
        key,
        period=request.POST.get("period", ""),
        hour=7 if hour is None else hour,
    )
    messages.success(request, say("Mails will come to the address of your account."))
    return HttpResponseRedirect(address("rule", key))


def _hook(request: Request, key: str) -> HttpResponse:
    _, secret = add_webhook(request.registry, request.actor, key, request.POST.get("address", ""))
    return _rule(request, key, secret=secret)


def _address(request: Request, key: str) -> HttpResponse:
    return _rule(request, key, feed=address_of(key, renew_address(request.registry, request.actor, key)))


_ACTS: dict[str, Callable[[Request, str], HttpResponse]] = {
    "end": _end, "pause": _pause, "resume": _resume, "change": _change, "mail": _mail, "hook": _hook,
    "address": _address,
}  # fmt: skip


@require_POST
def act_on(request: Request, key: str, act: str) -> HttpResponse:
    """Ends, pauses or changes a rule, and opens ways on which its alerts are told."""
    require(request.actor, "watch")
    try:
        return _ACTS[act](request, key)
    except InputError as error:
        show_rule(request.registry, request.actor, key)
        return _rule(request, key, problem=error.told(speak(page_language())), status=400)


@require_POST
def act_on_channel(request: Request, key: str, channel: str, act: str) -> HttpResponse:
    """Stops one of one's own channels, or opens it again."""
    if act == "stop":
        stop(request.registry, request.actor, channel)
    else:
        resume(request.registry, request.actor, channel)
    messages.success(request, say("Noted."))
    return HttpResponseRedirect(address("rule", key))
