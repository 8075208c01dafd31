"""The command `watch`: saved searches with conditions, what they found, and how it is told."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foretrack.foundation.errors import InputError
from foretrack.registry.doors.acting import As, acting
from foretrack.terminal.session import Session
from foretrack.terminal.tables import Column, table

if TYPE_CHECKING:
    from foretrack.registry.access.actor import Actor
    from foretrack.registry.registry import Registry
    from foretrack.watch.answers import AlertLine, RulePage

STEPS: dict[str, tuple[bool, frozenset[str]]] = {
    "list": (False, frozenset({"--public"})),
    "add": (False, frozenset({"--name", "--about", "--kind", "--text", "--filter", "--when", "--all", "--conditions",
                              "--level", "--owner", "--organisation"})),
    "show": (True, frozenset()),
    "edit": (True, frozenset({"--name", "--text", "--filter", "--when", "--all", "--conditions", "--level", "--pause",
                              "--resume"})),
    "remove": (True, frozenset()),
    "run": (False, frozenset()),
    "alerts": (False, frozenset({"--rule", "--status", "--limit"})),
    "alert": (True, frozenset()),
    "ack": (True, frozenset({"--note", "--false-alarm"})),
    "feed": (True, frozenset({"--renew", "--output"})),
    "digest": (True, frozenset({"--period", "--time-zone", "--hour"})),
    "hook": (True, frozenset({"--address"})),
    "secret": (True, frozenset()),
    "stop": (True, frozenset()),
    "resume": (True, frozenset()),
}  # fmt: skip
"""For each step: whether it takes a key, and the options that mean something there."""


def watch(
    session: Session,
    step: Annotated[
        str,
        typer.Argument(
            help="list, add, show, edit, remove, run, alerts, alert, ack, feed, digest, hook, secret, stop or resume.",
            metavar="[STEP]",
        ),
    ] = "list",
    key: Annotated[
        str | None, typer.Argument(help="Key of a rule, an alert or a channel.", metavar="[KEY]")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="add, edit: what the rule is called.")] = None,
    about: Annotated[
        str | None,
        typer.Option(
            "--about", help="add: records (unless told otherwise), concepts, technologies or lists."
        ),
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="add: the kind of records.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="add, edit: words that must all occur.")] = None,
    filter: Annotated[
        list[str] | None, typer.Option("--filter", help="add, edit: NAME=VALUE. May be repeated.")
    ] = None,
    when: Annotated[
        list[str] | None,
        typer.Option("--when", help="add, edit: a condition, such as 'rank below 11'. May be repeated."),
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="add, edit: all conditions at once, not any.")] = False,
    conditions: Annotated[
        Path | None, typer.Option("--conditions", help="add, edit: the conditions as a JSON file instead.")
    ] = None,
    level: Annotated[str | None, typer.Option("--level", help="add, edit: level of the alerts.")] = None,
    owner: Annotated[
        str | None,
        typer.Option("--owner", help="add: account (unless told otherwise), organisation or public."),
    ] = None,
    organisation: Annotated[
        str | None,
        typer.Option("--organisation", help="add: key of the organisation, where there are several."),
    ] = None,
    pause: Annotated[bool, typer.Option("--pause", help="edit: look no more for now.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="edit: look again.")] = False,
    public: Annotated[
        bool, typer.Option("--public", help="list: the public rules of others as well.")
    ] = False,
    rule: Annotated[str | None, typer.Option("--rule", help="alerts: only of this rule.")] = None,
    status: Annotated[
        str | None,
        typer.Option(
            "--status", help="alerts: open (unless told otherwise), acknowledged, 'false alarm' or any."
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", help="alerts: at most so many.", min=1, max=1000)
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="ack: what you want to say about it.")] = None,
    false_alarm: Annotated[bool, typer.Option("--false-alarm", help="ack: it was a false alarm.")] = False,
    renew: Annotated[
        bool, typer.Option("--renew", help="feed: a new secret address; the old one stops working.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="feed: write the Atom file here.")
    ] = None,
    period: Annotated[
        str | None,
        typer.Option("--period", help="digest: daily (unless told otherwise), weekly or 'at once'."),
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option("--time-zone", help="digest: time zone, such as Asia/Shanghai.")
    ] = None,
    hour: Annotated[
        int | None, typer.Option("--hour", help="digest: hour of the day, 7 unless told otherwise.")
    ] = None,
    address: Annotated[
        str | None, typer.Option("--address", help="hook: https address of the receiver.")
    ] = None,
    as_: As = None,
) -> None:
    """Be told what changes: saved searches with conditions, alerts, feeds, mail digests and webhooks."""
    given = {
        "--name": name, "--about": about, "--kind": kind, "--text": text, "--filter": filter, "--when": when,
        "--all": all, "--conditions": conditions, "--level": level, "--owner": owner, "--organisation": organisation,
        "--pause": pause, "--resume": resume, "--public": public, "--rule": rule, "--status": status, "--limit": limit,
        "--note": note, "--false-alarm": false_alarm, "--renew": renew, "--output": output, "--period": period,
        "--time-zone": time_zone, "--hour": hour, "--address": address,
    }  # fmt: skip
    _check(step, key, {option for option, value in given.items() if value not in (None, False, [])})
    registry, actor = acting(session, as_)
    if step in ("add", "edit"):
        said = {
            "text": text, "filters": None if filter is None else _filters(filter),
            "conditions": None if conditions is None else _json(conditions), "when": tuple(when or ()),
            "together": "all" if all else "any", "level": level,
        }  # fmt: skip
        _rule(
            session, _saved(registry, actor, key, name, about, kind, owner, organisation, pause, resume, said)
        )
    elif step in ("list", "show", "remove", "run"):
        _rules(session, registry, actor, step, key or "", public)
    elif step == "alerts":
        _alerts(session, registry, actor, rule, status, limit)
    elif step in ("alert", "ack"):
        _alert(session, registry, actor, key or "", step == "ack", note or "", false_alarm)
    elif step == "feed":
        _feed(session, registry, actor, key or "", renew, output)
    else:
        _channels(session, registry, actor, step, key or "", period, time_zone, hour, address)


def _check(step: str, key: str | None, given: set[str]) -> None:
    if step not in STEPS:
        raise InputError.of(
            "{step!r} is no step of this command", expected="one of {known}", do="see `foretrack watch --help`",
            step=step, known=", ".join(STEPS),
        )  # fmt: skip
    takes_key, options = STEPS[step]
    if takes_key != (key is not None):
        raise InputError.of(
            "{step} needs a key" if takes_key else "{step} takes no key",
            expected="the key of a rule, an alert or a channel" if takes_key else "{step} alone",
            do="see `foretrack watch --help`", step=step,
        )  # fmt: skip
    if strange := sorted(given - options):
        raise InputError.of(
            "{step} does not take {option}", expected="one of {known}", do="leave it out", step=step, option=strange[0],
            known=", ".join(sorted(options)) or "-",
        )  # fmt: skip


def _filters(given: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in given:
        name, is_pair, value = one.partition("=")
        if not is_pair or not value:
            raise InputError.of(
                "the filter {found!r} has no value", expected="NAME=VALUE", do="write it like this: {example}",
                found=one[:60], example="status=accepted",
            )  # fmt: skip
        found.setdefault(name.strip(), []).append(value.strip())
    return found


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError.of(
            "{path} cannot be read: {reason}", expected="a JSON file", do="see docs/guide/watch.md", path=path,
            reason=str(error)[:100],
        ) from error  # fmt: skip


def _saved(
    registry: Registry, actor: Actor, key: str | None, name: str | None, about: str | None, kind: str | None,
    owner: str | None, organisation: str | None, pause: bool, resume: bool, said: dict[str, Any],
) -> RulePage:  # fmt: skip
    from foretrack.watch.actions.rules import add_rule, edit_rule

    if key is None:
        if name is None:
            raise InputError.of("the rule has no name", expected="--name", do="give it a short name")
        return add_rule(
            registry, actor, name=name, about=about or "records", kind=kind or "", owner_sort=owner or "account",
            organisation=organisation or "",
            **{**said, "text": said["text"] or "", "level": said["level"] or "info"},
        )  # fmt: skip
    if pause and resume:
        raise InputError.of("both --pause and --resume", expected="one of the two", do="leave one out")
    return edit_rule(
        registry, actor, key, name=name, paused=True if pause else False if resume else None, **said
    )


def _rules(session: Session, registry: Registry, actor: Actor, step: str, key: str, public: bool) -> None:
    say = session.say
    if step == "list":
        from foretrack.watch.actions.rules import list_rules

        lines = list_rules(actor, public=public)
        session.data([asdict(line) for line in lines])
        columns = (
            Column(say("Key"), wrap=False), Column(say("Name")), Column(say("About"), wrap=False),
            Column(say("Level"), wrap=False), Column(say("Open"), "right"), Column(say("Looks")),
        )  # fmt: skip
        rows = [
            (
                r.key,
                r.name,
                r.kind or r.about,
                r.level,
                str(r.open_alerts),
                say("no") if r.paused else say("yes"),
            )
            for r in lines
        ]
        session.answer(table(columns, rows))
    elif step == "show":
        from foretrack.watch.actions.rules import show_rule

        _rule(session, show_rule(registry, actor, key))
    elif step == "remove":
        from foretrack.watch.actions.rules import remove_rule

        remove_rule(registry, actor, key)
        session.data({"removed": key.upper()})
        session.answer(say("The rule looks no more. Its alerts stay on record."))
    else:
        from foretrack.watch.actions.running import look_now

        jobs = look_now(actor)
        session.data({"jobs": list(jobs)})
        session.answer(say("{n} jobs wait in the queue; `foretrack worker` does them.", n=len(jobs)))


def _rule(session: Session, page: RulePage) -> None:
    session.data(asdict(page))
    rule, say = page.rule, session.say
    session.answer(
        f"{rule.key}  {rule.name}",
        say("About: {about}; level: {level}; open alerts: {n}", about=rule.kind or rule.about, level=rule.level,
            n=rule.open_alerts),
        say("Search: {search}", search=json.dumps(rule.search, ensure_ascii=False)),
        say("Conditions: {conditions}", conditions=json.dumps(rule.conditions, ensure_ascii=False)),
        say("Conditions may name: {names}", names=", ".join(f"{n} ({label})" for n, label in page.traits.items())),
    )  # fmt: skip
    for channel in page.channels:
        on = say("on") if channel.on else say("off")
        session.answer(f"{channel.key}  {channel.sort}  {channel.address or channel.period}  {on}")


def _alerts(
    session: Session,
    registry: Registry,
    actor: Actor,
    rule: str | None,
    status: str | None,
    limit: int | None,
) -> None:
    from foretrack.watch.actions.alerts import list_alerts

    asked = None if status == "any" else status or "open"
    found = list_alerts(registry, actor, rule_key=rule, status=asked, limit=limit or 50)
    session.data(asdict(found))
    say = session.say
    columns = (
        Column(say("Key"), wrap=False), Column(say("Level"), wrap=False), Column(say("Subject")),
        Column(say("What happened")), Column(say("Since"), wrap=False), Column(say("Status"), wrap=False),
    )  # fmt: skip
    rows = [(a.key, a.level_label, a.title, a.text, a.opened_at, a.status) for a in found.alerts]
    session.answer(table(columns, rows))
    if found.total > len(found.alerts):
        session.answer(say("{n} of {total} alerts", n=len(found.alerts), total=found.total))


def _alert(
    session: Session, registry: Registry, actor: Actor, key: str, ack: bool, note: str, false_alarm: bool
) -> None:
    from foretrack.watch.actions.alerts import acknowledge, show_alert

    page = (
        acknowledge(registry, actor, key, note=note, false_alarm=false_alarm)
        if ack
        else show_alert(registry, actor, key)
    )
    session.data(asdict(page))
    session.answer(_told(page.alert), *(f"{e.at}  {e.act}  {e.by}  {e.note}".rstrip() for e in page.history))


def _told(alert: AlertLine) -> str:
    return f"{alert.key}  [{alert.level_label}] {alert.title}: {alert.text} ({alert.status})"


def _feed(
    session: Session, registry: Registry, actor: Actor, key: str, renew: bool, output: Path | None
) -> None:
    from foretrack.watch.actions.feeds import address_of, own_feed
    from foretrack.watch.actions.rules import renew_address, show_rule
    from foretrack.watch.delivery.atom import atom

    rule = show_rule(registry, actor, key).rule
    token = renew_address(registry, actor, key) if renew else ""
    public = rule.owner_sort == "public"
    address = address_of(rule.key, token) if token or public else None
    entries = None
    if output is not None:
        from foretrack.terminal.export import write_text

        made = own_feed(registry, actor, key)
        write_text(output, atom(made, address or address_of(rule.key)).decode())
        entries = len(made.entries)
    session.data({"address": address, "written": None if output is None else str(output), "entries": entries})
    say = session.say
    if address:
        session.answer(say("The feed lies at {address}", address=address))
    if token:
        session.note(say("Whoever has this address may read it. It is shown only now."))
    if output is not None:
        session.answer(say("{n} entries were written to {file}", n=entries, file=output))
    elif not address:
        session.answer(say("A secret address is made with --renew; --output writes the file."))


def _channels(
    session: Session, registry: Registry, actor: Actor, step: str, key: str, period: str | None, time_zone: str | None,
    hour: int | None, address: str | None,
) -> None:  # fmt: skip
    from foretrack.watch.actions import channels

    say = session.say
    if step == "digest":
        line = channels.add_mail(
            registry,
            actor,
            key,
            period=period or "daily",
            time_zone=time_zone or "",
            hour=7 if hour is None else hour,
        )
        session.data({"channel": asdict(line)})
        session.answer(
            say(
                "{key}: mail, {period}, {hour}:00 {zone}",
                key=line.key,
                period=line.period,
                hour=line.hour,
                zone=line.time_zone,
            )
        )
    elif step == "hook":
        if address is None:
            raise InputError.of(
                "the webhook has no address", expected="--address", do="add the address of the receiver"
            )
        line, secret = channels.add_webhook(registry, actor, key, address)
        session.data({"channel": asdict(line), "secret": secret})
        session.answer(f"{line.key}  {line.address}", say("Secret, shown only now: {secret}", secret=secret))
    elif step == "secret":
        secret = channels.renew_secret(registry, actor, key)
        session.data({"secret": secret})
        session.answer(say("Secret, shown only now: {secret}", secret=secret))
    elif step == "stop":
        channels.stop(registry, actor, key)
        session.data({"stopped": key.upper()})
        session.answer(say("The channel tells nothing any more."))
    else:
        line = channels.resume(registry, actor, key)
        session.data({"channel": asdict(line)})
        session.answer(say("The channel tells alerts again, from now on."))
