"""Making, changing and ending rules; who may see one, and who may change it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from foretrack.foundation.clock import timestamp
from foretrack.foundation.errors import InputError
from foretrack.foundation.keys import new_key
from foretrack.packs.levels import Level, level_called, load_levels
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import AccessError, may, require
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.declaring.fields import Json, clean_text
from foretrack.registry.registry import Registry
from foretrack.watch.actions.seeing import KEY, traits_of
from foretrack.watch.answers import ChannelLine, RuleLine, RulePage
from foretrack.watch.conditions import MOST_TEXT, MOST_VALUES, Trait, fold, parse_condition, read_conditions
from foretrack.watch.models import OWNERS, Channel, WatchRule
from foretrack.watch.telling import one_line
from foretrack.watch.watchable import OFFER

RECORDS = "records"
MOST_RULES = 200
"""Rules of one owner."""
MOST_FILTERS = 20
MOST_KEY = 300
"""Characters of the identifier of a subject."""


def levels_of(registry: Registry) -> Mapping[str, Level]:
    """Levels that the packs of this installation have."""
    return load_levels((registry.attachments.parent / "packs",))


def add_rule(
    registry: Registry, actor: Actor, *, name: str, about: str = RECORDS, kind: str = "", text: str = "",
    filters: Mapping[str, Sequence[str]] | None = None, conditions: Json = None, when: Sequence[str] = (),
    together: str = "any", level: str = "info", owner_sort: str = "account", organisation: str = "",
) -> RulePage:  # fmt: skip
    """A new rule of the actor, of an organisation of the actor, or a public one.

    Args:
        conditions: as JSON; or `when`, each as it is typed (`rank below 11`). Neither: tells what is new.
        owner_sort: `account`; `organisation` (which `organisation` names, else the actor's only one); `public`: officers.

    InputError says which part is wrong, what was expected, and an example.
    """
    require(actor, "watch")
    owner = _owner(actor, owner_sort, organisation)
    traits = _traits(registry, about, kind)
    draft = WatchRule(
        name=_name(name), owner_sort=owner_sort, owner=owner, made_by=actor.key, about=about, kind=kind,
        search=_search(registry, about, kind, text, filters or {}, traits),
        conditions=_conditions(conditions, when, together, traits), level=level_called(levels_of(registry), level).id,
        mark="" if about == RECORDS else _newest(about),
    )  # fmt: skip
    with transaction.atomic():
        head = take_number()
        if WatchRule.objects.filter(owner_sort=owner_sort, owner=owner, ended_at=None).count() >= MOST_RULES:
            raise InputError.of(
                "there are {most} rules already",
                expected="at most {most}",
                do="end one of them",
                most=MOST_RULES,
            )
        now = registry.now()
        draft.key, draft.made_at, draft.changed_at = new_key(now), now, now
        draft.save(force_insert=True)
        log(
            registry, actor, "add rule", f"rule:{draft.key}",
            details={"about": about, "kind": kind, "owner": owner_sort, "level": draft.level}, head=head,
        )  # fmt: skip
    return page_of_rule(registry, actor, draft)


def edit_rule(
    registry: Registry, actor: Actor, key: str, *, name: str | None = None, text: str | None = None,
    filters: Mapping[str, Sequence[str]] | None = None, conditions: Json = None, when: Sequence[str] = (),
    together: str = "any", level: str | None = None, paused: bool | None = None,
) -> RulePage:  # fmt: skip
    """Changes what is given. New conditions are fulfilled only by what happens from now on."""
    with transaction.atomic():
        head = take_number()
        rule = rule_to_change(actor, key)
        traits = _traits(registry, rule.about, rule.kind)
        before = (rule.search, rule.conditions)
        if name is not None:
            rule.name = _name(name)
        if text is not None or filters is not None:
            rule.search = _search(
                registry, rule.about, rule.kind, rule.search.get("text", "") if text is None else text,
                rule.search.get("filters", {}) if filters is None else filters, traits,
            )  # fmt: skip
        if conditions is not None or when:
            rule.conditions = _conditions(conditions, when, together, traits)
        if level is not None:
            rule.level = level_called(levels_of(registry), level).id
        resumed = rule.paused and paused is False
        if paused is not None:
            rule.paused = paused
        if (rule.search, rule.conditions) != before or resumed:
            rule.changed_at = registry.now()
            rule.mark = "" if rule.about == RECORDS else _newest(rule.about)
        rule.save()
        log(
            registry,
            actor,
            "edit rule",
            f"rule:{rule.key}",
            details={"level": rule.level, "paused": rule.paused},
            head=head,
        )
    return page_of_rule(registry, actor, rule)


def remove_rule(registry: Registry, actor: Actor, key: str) -> None:
    """Ends a rule and its channels; its alerts stay on record."""
    with transaction.atomic():
        head = take_number()
        rule = rule_to_change(actor, key)
        now = registry.now()
        WatchRule.objects.filter(pk=rule.pk).update(ended_at=now, token_digest="")
        Channel.objects.filter(rule=rule, off_at=None).update(off_at=now, why_off="asked")
        log(registry, actor, "end rule", f"rule:{rule.key}", head=head)


def renew_address(registry: Registry, actor: Actor, key: str) -> str:
    """A new secret for the address of a rule's feed; the one before stops working. It is shown once and never stored."""
    with transaction.atomic():
        head = take_number()
        rule = rule_to_change(actor, key)
        token = secrets.token_urlsafe(32)
        WatchRule.objects.filter(pk=rule.pk).update(token_digest=digest_of(token))
        log(registry, actor, "renew feed address", f"rule:{rule.key}", head=head)
    return token


def digest_of(token: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def list_rules(actor: Actor, *, public: bool = False) -> tuple[RuleLine, ...]:
    """The actor's own rules and those of the actor's organisations; with `public` the public ones as well."""
    found = rules_seen_by(actor) if public else rules_seen_by(actor).exclude(
        Q(owner_sort="public") & ~Q(made_by=actor.key)
    )  # fmt: skip
    counted = found.annotate(n=Count("alerts", filter=Q(alerts__status="open")))
    return tuple(_line(rule, rule.n) for rule in counted.order_by("name", "pk"))


def show_rule(registry: Registry, actor: Actor, key: str) -> RulePage:
    """One rule with what its conditions may name, and its channels."""
    return page_of_rule(registry, actor, rule_to_see(actor, key))


def rules_seen_by(actor: Actor) -> QuerySet[WatchRule]:
    """Rules that are not ended and that the actor may see."""
    seen = Q(owner_sort="public")
    if actor.scopes is None or "read" in actor.scopes:
        if actor.key:
            seen |= Q(owner_sort="account", owner=actor.key)
        seen |= Q(owner_sort="organisation", owner__in=actor.organisations)
    return WatchRule.objects.filter(seen, ended_at=None)


def rule_to_see(actor: Actor, key: str) -> WatchRule:
    """The rule with a key; InputError when there is none, or none that the actor may see: the two are not told apart."""
    rule = rules_seen_by(actor).filter(key=clean_text(key).upper()).first()
    if rule is None:
        raise InputError.of(
            "there is no rule {key!r} that you may see", expected="the key of a rule",
            do="look at `foretrack watch list`", key=key[:40],
        )  # fmt: skip
    return rule


def rule_to_change(actor: Actor, key: str) -> WatchRule:
    """The rule, where the actor may change it; AccessError where it is public and the actor no officer."""
    require(actor, "watch")
    rule = rule_to_see(actor, key)
    if not may_change(actor, rule):
        raise AccessError.of(
            "you may not change a public rule",
            expected="an officer",
            do="make a rule of your own with the same search",
        )
    return rule


def may_change(actor: Actor, rule: WatchRule) -> bool:
    """Whoever it belongs to; officers a public one."""
    return rule.owner_sort != "public" or may(actor, "publish alert")


def page_of_rule(registry: Registry, actor: Actor, rule: WatchRule) -> RulePage:
    """The page of a rule for an actor who may see it."""
    channels = Channel.objects.filter(rule=rule).order_by("pk")
    if not (may_change(actor, rule) and rule.owner_sort != "public"):
        channels = channels.filter(account=actor.key)
    try:
        traits = _traits(registry, rule.about, rule.kind)
    except InputError:  # its kind, or what offered it, is gone from this installation
        traits = {}
    return RulePage(
        _line(rule, rule.alerts.filter(status="open").count()),
        {name: trait.label.text(actor.language) for name, trait in traits.items()},
        tuple(channel_line(one) for one in channels),
    )


def channel_line(channel: Channel) -> ChannelLine:
    """A channel as it is shown."""
    return ChannelLine(
        channel.key, channel.sort, channel.address, channel.period, channel.time_zone, channel.hour,
        channel.off_at is None, channel.why_off, channel.failures,
    )  # fmt: skip


def _line(rule: WatchRule, open_alerts: int) -> RuleLine:
    return RuleLine(
        rule.key, rule.name, rule.owner_sort, rule.about, rule.kind, rule.search, rule.conditions, rule.level,
        rule.paused, timestamp(rule.made_at), open_alerts, bool(rule.token_digest),
    )  # fmt: skip


def line_of(rule: WatchRule) -> RuleLine:
    """A rule in a list."""
    return _line(rule, rule.alerts.filter(status="open").count())


def _owner(actor: Actor, sort: str, organisation: str) -> str:
    if sort not in OWNERS:
        raise InputError.of(
            "a rule belongs to {found!r}", expected="one of {known}", do="choose one", found=sort[:40],
            known=", ".join(OWNERS),
        )  # fmt: skip
    if sort == "public":
        require(actor, "publish alert")
    if sort != "organisation":
        return actor.key
    own = sorted(actor.organisations)
    asked = organisation.upper() or (own[0] if len(own) == 1 else "")
    if asked not in own:
        raise InputError.of(
            "the organisation {found!r} is none of yours", expected="one of {known}", do="name one of them",
            found=asked[:40], known=", ".join(own) or "-",
        )  # fmt: skip
    return asked


def _name(name: str) -> str:
    said = one_line(clean_text(name), 1000)
    if not 0 < len(said) <= 120:
        raise InputError.of(
            "a name of {n} characters", expected="1 to 120 characters", do="give it a short name", n=len(said)
        )
    return said


def _traits(registry: Registry, about: str, kind: str) -> Mapping[str, Trait]:
    if about == RECORDS:
        return traits_of(registry.kinds.get(kind))
    if kind:
        raise InputError.of(
            "{about} have no kind", expected="a kind for records only", do="leave it out", about=about
        )
    return OFFER.get(about).traits


def _newest(about: str) -> str:
    there = OFFER.get(about).versions()
    return there[-1] if there else ""


def _search(
    registry: Registry, about: str, kind: str, text: str, filters: Mapping[str, Sequence[str]],
    traits: Mapping[str, Trait],
) -> dict[str, Json]:  # fmt: skip
    said = one_line(clean_text(text), 10_000)
    if len(said) > MOST_TEXT:
        raise InputError.of(
            "a search of {n} characters",
            expected="at most {most}",
            do="shorten it",
            n=len(said),
            most=MOST_TEXT,
        )
    known = (
        {KEY, "status", *(f.name for f in registry.kinds.get(kind).facets)} if about == RECORDS else
        {KEY, *(name for name, trait in traits.items() if trait.type in ("text", "choice"))}
    )  # fmt: skip
    kept: dict[str, list[str]] = {}
    for name, values in filters.items():
        if name not in known or len(filters) > MOST_FILTERS:
            raise InputError.of(
                "{field} cannot be filtered here", expected="one of {known}", do="choose one", field=repr(name[:40]),
                known=", ".join(sorted(known)),
            )  # fmt: skip
        most = MOST_KEY if name == KEY else MOST_TEXT
        those = list(dict.fromkeys(clean_text(str(one))[:most] for one in values if str(one).strip()))
        options = traits[name].options if name in traits else ()
        strange = [one for one in those if options and fold(one) not in map(fold, options)]
        if not 0 < len(those) <= MOST_VALUES or strange:
            raise InputError.of(
                "{field} is filtered by {found}", expected="one of {known}", do="correct the value", field=name,
                found=", ".join(strange or those)[:60] or "-", known=", ".join(options) or "-",
            )  # fmt: skip
        kept[name] = those
    return {"text": said, "filters": kept}


def _conditions(
    raw: Json, when: Sequence[str], together: str, traits: Mapping[str, Trait]
) -> dict[str, Json]:
    if when:
        if raw:
            raise InputError.of(
                "conditions are given twice", expected="JSON, or --when", do="give one of the two"
            )
        raw = {together: [parse_condition(one, traits).to_json() for one in when]}
    return read_conditions(raw, traits).to_json()
