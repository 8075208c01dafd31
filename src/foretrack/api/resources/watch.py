"""What one watches: rules, where their alerts are sent, the alerts, and what people say about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from foretrack.api.shapes import Key, Name, Prose, Text
from foretrack.foundation.errors import InputError
from foretrack.registry.access.permission import require
from foretrack.registry.actions.records import show
from foretrack.watch.actions import alerts, channels, rules
from foretrack.watch.actions.about import ideas_about
from foretrack.watch.actions.feeds import address_of
from foretrack.watch.answers import AlertLine, AlertPage, ChannelLine, RuleLine, RulePage
from foretrack.watch.conditions import Idea
from foretrack.watch.watchable import OFFER
from foretrack.web.addresses import named_in_address
from foretrack.web.cursors import Cursor, Limit, next_address, position_of
from foretrack.web.rendering import Request
from foretrack.web.routes import Answer, Given, Many, Routes

ROUTES = Routes("watch", "Watching and alerts")
Words = Annotated[list[Text], Field(max_length=50)]
Facets = Annotated[dict[Name, list[Text]], Field(max_length=50)]


@ROUTES.get("/watch/rules", "The rules that you may see", answers=Many[RuleLine])
def list_rules(request: Request, public: bool = True) -> Many[RuleLine]:
    require(request.actor, "watch")
    return Many(rules.list_rules(request.actor, public=public))


class NewRule(Given):
    """What shall be watched."""

    name: Annotated[str, Field(max_length=200)]
    about: Name = "records"
    kind: Annotated[str, Field(max_length=40)] = ""
    concept: Text = ""
    """Only this one, by its identifier; then `about`, `kind` and a filter `key` are not needed."""
    technology: Text = ""
    """Only this one, in the same way."""
    record: Key | None = None
    """Only this one, in the same way."""
    text: Text = ""
    filters: Facets = Field(default_factory=dict)
    conditions: Any = None
    """As JSON; or `when`."""
    when: Words = Field(default_factory=list)
    """Each as it is typed: `rank below 11`."""
    together: Literal["any", "all"] = "any"
    level: Name = "info"
    owner_sort: Literal["account", "organisation", "public"] = "account"
    organisation: Key | None = None


@ROUTES.post("/watch/rules", "Watch something from now on", answers=RulePage, status=201)
def create_rule(request: Request, given: NewRule) -> Answer:
    about, kind, filters = given.about, given.kind, given.filters
    if thing := _one_thing(given.concept, given.technology, given.record):
        if {"about", "kind"} & given.model_fields_set or "key" in filters:
            raise InputError.of(
                "{unit} says already what the rule is about", expected="no about, no kind, and no filter called key",
                do="leave them out", unit=thing[0],
            )  # fmt: skip
        about, kind = _said_by(request, *thing)
        filters = {**filters, "key": [thing[1]]}
    made = rules.add_rule(
        request.registry, request.actor, name=given.name, about=about, kind=kind, text=given.text,
        filters=filters, conditions=given.conditions, when=given.when, together=given.together, level=given.level,
        owner_sort=given.owner_sort, organisation=given.organisation or "",
    )  # fmt: skip
    return Answer(made, {"Location": f"/api/v1/watch/rules/{made.rule.key}"})


def _one_thing(concept: str, technology: str, record: str | None) -> tuple[str, str] | None:
    """The unit and the name of the one thing that was named; InputError for two."""
    named = [("concept", concept), ("technology", technology), ("record", record or "")]
    found = [(unit, name) for unit, name in named if name]
    if len(found) > 1:
        raise InputError.of(
            "a rule cannot be about {units} at once", expected="one of them", do="make a rule for each",
            units=", ".join(unit for unit, _ in found),
        )  # fmt: skip
    return found[0] if found else None


def _said_by(request: Request, unit: str, name: str) -> tuple[str, str]:
    """What a rule about one thing is about, and of which kind; of no kind where it is no record."""
    if unit == "record":
        return rules.RECORDS, show(request.registry, request.actor, name).kind
    about = OFFER.about(unit)
    if not about:
        raise InputError.of(
            "nothing called {name!r} can be watched", expected="one of {known}", do="choose one", name=unit,
            known=", ".join(["records", *OFFER.by_name]),
        )  # fmt: skip
    return about, ""


@ROUTES.get("/watch/ideas", "What is worth being told about one thing", answers=Many[Idea])
def list_ideas(
    request: Request, concept: Text = "", technology: Text = "", record: Key | None = None
) -> Many[Idea]:
    require(request.actor, "watch")
    thing = _one_thing(concept, technology, record)
    if thing is None:
        raise InputError.of(
            "nothing is named", expected="a concept, a technology or a record", do="name one in the query"
        )
    return Many(ideas_about(request.registry, thing[0], _said_by(request, *thing)[1]))


@ROUTES.get("/watch/rules/{key:key}", "One rule, and where its alerts are sent", answers=RulePage)
def show_rule(request: Request, key: Key) -> RulePage:
    with named_in_address():
        return rules.show_rule(request.registry, request.actor, key)


class ChangedRule(Given):
    """What changes; what is not named stays."""

    name: Annotated[str, Field(max_length=200)] | None = None
    text: Text | None = None
    filters: Facets | None = None
    conditions: Any = None
    when: Words = Field(default_factory=list)
    together: Literal["any", "all"] = "any"
    level: Name | None = None
    paused: bool | None = None


@ROUTES.patch("/watch/rules/{key:key}", "Change a rule", answers=RulePage)
def change_rule(request: Request, key: Key, given: ChangedRule) -> RulePage:
    with named_in_address():
        rules.rule_to_see(request.actor, key)
    return rules.edit_rule(
        request.registry, request.actor, key, name=given.name, text=given.text, filters=given.filters,
        conditions=given.conditions, when=given.when, together=given.together, level=given.level, paused=given.paused,
    )  # fmt: skip


@ROUTES.delete("/watch/rules/{key:key}", "End a rule; its alerts stay on record", answers=None, status=204)
def end_rule(request: Request, key: Key) -> None:
    with named_in_address():
        rules.rule_to_see(request.actor, key)
    rules.remove_rule(request.registry, request.actor, key)


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """Where a rule's feed is, for whoever has this address."""

    address: str


@ROUTES.post(
    "/watch/rules/{key:key}/feed", "A new secret address of a rule's feed", answers=FeedAddress, secret=True
)
def renew_feed(request: Request, key: Key) -> FeedAddress:
    with named_in_address():
        rules.rule_to_see(request.actor, key)
    return FeedAddress(address_of(key, rules.renew_address(request.registry, request.actor, key)))


class NewMail(Given):
    """Mail to the own account about a rule's alerts."""

    period: Name = "daily"
    time_zone: Text = ""
    hour: Annotated[int, Field(ge=0, le=23)] = 7


@ROUTES.post("/watch/rules/{key:key}/mails", "Send a rule's alerts by mail", answers=ChannelLine, status=201)
def add_mail(request: Request, key: Key, given: NewMail) -> ChannelLine:
    with named_in_address():
        rules.rule_to_see(request.actor, key)
    return channels.add_mail(
        request.registry, request.actor, key, period=given.period, time_zone=given.time_zone, hour=given.hour
    )


class NewWebhook(Given):
    """Where a program waits for alerts."""

    address: Annotated[str, Field(max_length=2000)]


@dataclass(frozen=True, slots=True)
class WebhookMade:
    """A webhook and its secret, which is told only now."""

    channel: ChannelLine
    secret: str


@ROUTES.post(
    "/watch/rules/{key:key}/webhooks",
    "Send a rule's alerts to a program",
    answers=WebhookMade,
    status=201,
    secret=True,
)
def add_webhook(request: Request, key: Key, given: NewWebhook) -> WebhookMade:
    with named_in_address():
        rules.rule_to_see(request.actor, key)
    return WebhookMade(*channels.add_webhook(request.registry, request.actor, key, given.address))


@ROUTES.post("/watch/channels/{key:key}/stop", "Send nothing more there", answers=None, status=204)
def stop_channel(request: Request, key: Key) -> None:
    channels.stop(request.registry, request.actor, key)


@ROUTES.post("/watch/channels/{key:key}/resume", "Send there again", answers=ChannelLine)
def resume_channel(request: Request, key: Key) -> ChannelLine:
    return channels.resume(request.registry, request.actor, key)


@dataclass(frozen=True, slots=True)
class NewSecret:
    """The secret of a webhook, which is told only now."""

    secret: str


@ROUTES.post(
    "/watch/channels/{key:key}/secret",
    "A new secret of a webhook; the one before is no longer used",
    answers=NewSecret,
    secret=True,
)
def renew_secret(request: Request, key: Key) -> NewSecret:
    return NewSecret(channels.renew_secret(request.registry, request.actor, key))


@ROUTES.get("/alerts", "Alerts of your rules, the latest first", answers=Many[AlertLine])
def list_alerts(
    request: Request, rule: Key | None = None,
    status: Literal["open", "acknowledged", "false alarm", "any"] = "open", limit: Limit = 50, cursor: Cursor = "",
) -> Answer:  # fmt: skip
    require(request.actor, "acknowledge alert")
    at = position_of(request, cursor)
    with named_in_address():
        listed = alerts.walk_alerts(
            request.registry, request.actor, rule_key=rule, status=None if status == "any" else status, limit=limit,
            after=(str(at[0]), int(at[1])) if at else None,
        )  # fmt: skip
    following = next_address(request, listed.after)
    return Answer(Many(listed.alerts, following), {"Link": f'<{following}>; rel="next"'} if following else {})


@ROUTES.get("/alerts/{key:key}", "One alert with its history", answers=AlertPage)
def show_alert(request: Request, key: Key) -> AlertPage:
    with named_in_address():
        return alerts.show_alert(request.registry, request.actor, key)


class Acknowledging(Given):
    """What somebody says about an alert."""

    note: Prose = ""
    false_alarm: bool = False


@ROUTES.post(
    "/alerts/{key:key}/acknowledgements", "Mark an alert as seen, or as a false alarm", answers=AlertPage
)
def acknowledge_alert(request: Request, key: Key, given: Acknowledging) -> AlertPage:
    with named_in_address():
        alerts.show_alert(request.registry, request.actor, key)
    return alerts.acknowledge(
        request.registry, request.actor, key, note=given.note, false_alarm=given.false_alarm
    )
