"""The feed of a rule: open where the rule is public, else for whoever has its secret address."""

from __future__ import annotations

import hmac
from dataclasses import replace

from foretrack.foundation.clock import timestamp
from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import VISITOR, Actor
from foretrack.registry.declaring.fields import clean_text
from foretrack.registry.registry import Registry
from foretrack.watch.actions.alerts import lines_of
from foretrack.watch.actions.rules import digest_of, rule_to_see
from foretrack.watch.actions.seeing import owner_of
from foretrack.watch.answers import AlertLine
from foretrack.watch.delivery.atom import MOST, Entry, Feed, newest
from foretrack.watch.delivery.sending import address, link_of
from foretrack.watch.models import Alert, WatchRule
from foretrack.watch.telling import one_line


def feed_of(registry: Registry, rule_key: str, *, token: str = "", language: str = "en") -> tuple[Feed, bool]:
    """The latest 100 alerts of a rule as its owner may see them now, and whether everybody may read them.

    InputError when there is no such rule, or the secret is not its own: the two are not told apart.
    """
    rule = WatchRule.objects.filter(key=clean_text(rule_key).upper(), ended_at=None).first()
    given = digest_of(token)
    public = rule is not None and rule.owner_sort == "public"
    if rule is None or not (public or (rule.token_digest and hmac.compare_digest(rule.token_digest, given))):
        raise _none()
    owner = VISITOR if public else owner_of(rule)
    if owner is None:
        raise _none()
    return _built(registry, rule, replace(owner, language=language if public else owner.language)), public


def own_feed(registry: Registry, actor: Actor, rule_key: str) -> Feed:
    """The feed of a rule as the actor may see it."""
    return _built(registry, rule_to_see(actor, rule_key), actor)


def _built(registry: Registry, rule: WatchRule, reader: Actor) -> Feed:
    found = Alert.objects.filter(rule=rule).select_related("rule").order_by("-opened_at", "-pk")
    entries = tuple(_entry(line, reader) for line in lines_of(registry, reader, found[:MOST]))
    updated = newest([e.updated for e in entries], timestamp(rule.made_at))
    return Feed(rule.key, rule.name, reader.language, updated, entries, max(0, found.count() - MOST))


def address_of(rule_key: str, token: str = "") -> str:
    """Where a feed lies on the site; only the path where the installation has no address of its own."""
    return f"{address()}/watch/{rule_key}{'/' + token if token else ''}.atom"


def _entry(line: AlertLine, reader: Actor) -> Entry:
    link = link_of(line, reader)
    title = (
        f"[{line.level_label}] {line.title}: {line.text}"
        if line.title
        else f"[{line.level_label}] {line.text}"
    )
    return Entry(
        line.key,
        one_line(title, 300),
        line.text,
        line.level,
        line.level_label,
        line.opened_at,
        line.last_at,
        link,
    )


def _none() -> InputError:
    return InputError.of(
        "there is no such feed", expected="the whole address of a feed", do="ask for a new address of it"
    )
