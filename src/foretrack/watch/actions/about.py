"""What is watched about one subject: the rules that name it, and the alerts that were raised about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foretrack.registry.access.actor import Actor
from foretrack.registry.registry import Registry
from foretrack.watch.actions.alerts import lines_of
from foretrack.watch.actions.looking import conditions_of
from foretrack.watch.actions.rules import RECORDS, line_of, may_change, rule_to_see, rules_seen_by
from foretrack.watch.actions.seeing import KEY, ideas_of, traits_of
from foretrack.watch.answers import AlertLine, RuleLine
from foretrack.watch.conditions import Idea
from foretrack.watch.models import Alert
from foretrack.watch.speech import messages_in
from foretrack.watch.telling import in_words
from foretrack.watch.watchable import OFFER


@dataclass(frozen=True, slots=True)
class Watching:
    """What an actor may see of the watch over some subjects."""

    rules: tuple[RuleLine, ...]
    """Rules that name one of the subjects; a rule that searches for words may find them as well."""
    alerts: tuple[AlertLine, ...]
    total: int
    """Alerts in all."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """The conditions of a rule as people read and as they type them."""

    together: str
    """`any` or `all`."""
    words: tuple[str, ...]
    typed: tuple[str, ...]
    changeable: bool
    """The actor may change the rule."""


def spelled(registry: Registry, actor: Actor, key: str) -> Spelled:
    """What makes a rule raise alerts, in the actor's language."""
    rule = rule_to_see(actor, key)
    conditions = conditions_of(registry, rule)
    if conditions is None:  # its kind, or what offered it, is gone from this installation
        return Spelled("any", (), (), may_change(actor, rule))
    traits = (
        traits_of(registry.kinds.get(rule.kind)) if rule.about == RECORDS else OFFER.get(rule.about).traits
    )
    say = messages_in(actor.language)
    return Spelled(
        conditions.together,
        tuple(in_words(c, traits.get(c.field), say) for c in conditions.those),
        tuple(c.typed for c in conditions.those),
        may_change(actor, rule),
    )


def ideas_about(registry: Registry, unit: str, kind: str = "") -> tuple[Idea, ...]:
    """Conditions that a form about one subject offers: of a record of a kind, or of something that is watched beside."""
    if unit == "record":
        return ideas_of(registry.kinds.get(kind))
    name = OFFER.about(unit)
    return OFFER.get(name).ideas if name else ()


def watching(registry: Registry, actor: Actor, subjects: Sequence[str], *, most: int = 10) -> Watching:
    """Rules and the latest alerts about subjects such as `concept:graph` or `record:KEY`, of rules the actor may see."""
    seen = rules_seen_by(actor)
    wanted: dict[str, set[str]] = {}
    for subject in subjects:
        unit, _, name = subject.partition(":")
        wanted.setdefault(RECORDS if unit == "record" else OFFER.about(unit), set()).add(name)
    rules = [
        rule
        for rule in seen.filter(about__in=list(wanted)).order_by("name", "pk")
        if wanted[rule.about] & set((rule.search.get("filters") or {}).get(KEY, ()))
    ]
    found = Alert.objects.filter(subject__in=list(subjects), rule__in=seen).select_related("rule")
    alerts = lines_of(registry, actor, found.order_by("-last_at", "-pk")[:most])
    return Watching(tuple(line_of(rule) for rule in rules), tuple(alerts), found.count())
