"""The command `profile`: the check of offers and needs, the form of partner networks both ways, tables mapped to ours."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence
from foretrack.registry.doors.acting import As, acting
from foretrack.terminal.session import Session
from foretrack.terminal.steps import Steps

if TYPE_CHECKING:
    from foretrack.domains.exchange.quality.findings import Finding
    from foretrack.registry.access.actor import Actor
    from foretrack.registry.registry import Registry

STEPS = Steps(
    "profile",
    {
        "check": frozenset(("--kind", "--as")),
        "copies": frozenset(("--as",)),
        "give": frozenset(("--output", "--as")),
        "take": frozenset(("--set", "--as")),
        "map": frozenset(("--mapping", "--set", "--output", "--as")),
    },
    frozenset(("check", "copies", "give", "take", "map")),
    name=Sentence("the key of a profile, or a file"),
)


def profile(
    session: Session,
    step: Annotated[str, typer.Argument(help="check, copies, give, take or map.", metavar="STEP")],
    name: Annotated[
        str,
        typer.Argument(
            help="check: the key of a profile or a JSON file of values; copies, give: a key; take, map: a file.",
            metavar="[NAME]",
        ),
    ] = "",
    kind: Annotated[
        str, typer.Option("--kind", help="check: of the values in a file; offer or need.")
    ] = "offer",
    mapping: Annotated[
        str,
        typer.Option(
            "--mapping", help="map: a YAML file, or nasa-patents, nasa-software, sbir-topics, sbir-awards."
        ),
    ] = "",
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="take, map: FIELD=VALUE that the file does not have. May be repeated."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="give: .json or .xml; map: the CSV to write.")
    ] = None,
    as_: As = None,
) -> None:
    """Check offers and needs before others read them, find copies, exchange them with networks, map tables to ours."""
    given = {
        "--kind": kind if kind != "offer" else None, "--mapping": mapping, "--set": set_, "--output": output,
        "--as": as_,
    }  # fmt: skip
    STEPS.check(step, name or None, {option for option, told in given.items() if told})
    registry, actor = acting(session, as_)
    more = dict(_pair(one) for one in set_ or ())
    if step == "check":
        _check(session, registry, actor, name, kind)
    elif step == "copies":
        from foretrack.domains.exchange.actions.copies import copies_of

        found = copies_of(registry, actor, name)
        if session.json:
            session.data(found)
        else:
            for one in found:
                session.answer(f"{one.likeness:.2f}  {one.key}  {one.title}")
    elif step == "give":
        _give(session, registry, actor, name, output)
    elif step == "take":
        _take(session, registry, actor, Path(name), more)
    else:
        _map(session, registry, Path(name), mapping, more, output)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InputError.of(
            "{text!r} sets nothing", expected="FIELD=VALUE", do="write it like this: {example}", text=text[:60],
            example="organisation=KEY",
        )  # fmt: skip
    return name, value


def _check(session: Session, registry: Registry, actor: Actor, name: str, kind: str) -> None:
    from foretrack.domains.exchange.actions.checking import check_record, check_values
    from foretrack.registry.actions.records import show

    found: tuple[Finding, ...]
    if Path(name).is_file():
        found = check_values(registry, kind, _json(Path(name)))
    else:
        page = show(registry, actor, name)
        found = check_record(registry, page.kind, page.values)
    say = session.say
    if session.json:
        session.data(
            [
                {
                    "check": one.check, "severity": one.severity, "field": one.field, "language": one.language,
                    "words": one.words, "why": one.why.told(say), "mend": one.mend.told(say),
                    "example": one.example.told(say),
                }
                for one in found
            ]
        )  # fmt: skip
        return
    for one in found:
        mark = say("stops") if one.severity == "stop" else say("advice")
        words = f" “{one.words}”" if one.words else ""
        session.answer(f"{mark}  {one.field}{words}\n    {one.why.told(say)} {one.mend.told(say)}")
    if not found:
        session.answer(say("Nothing to mend"))


def _json(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, UnicodeDecodeError) as error:
        raise InputError.of(
            "{file} is no JSON: {why}", expected="an object of values", do="correct it", file=str(path), why=str(error)
        ) from None  # fmt: skip
    if not isinstance(values, dict):
        raise InputError.of(
            "{file} holds no object", expected="an object of values", do="correct it", file=str(path)
        )
    return values


def _give(session: Session, registry: Registry, actor: Actor, key: str, output: Path | None) -> None:
    from lxml import etree

    from foretrack.corpus.atomic import write_bytes, write_text
    from foretrack.domains.exchange.actions.exchanging import network_form
    from foretrack.domains.exchange.formats.network import to_xml

    form = network_form(registry, actor, key)
    if output is None:
        session.answer(json.dumps(form, ensure_ascii=False, indent=2))
    elif output.suffix == ".xml":
        made = bytes(etree.tostring(to_xml(form), xml_declaration=True, encoding="UTF-8", pretty_print=True))
        write_bytes(output, made)
    else:
        write_text(output, json.dumps(form, ensure_ascii=False, indent=2) + "\n")


def _take(session: Session, registry: Registry, actor: Actor, file: Path, more: dict[str, str]) -> None:
    from foretrack.domains.exchange.actions.exchanging import take_network_form
    from foretrack.domains.exchange.formats.network import read_xml

    if not file.is_file():
        raise InputError.of(
            "there is no file {file}", expected="a profile", do="correct the name", file=str(file)
        )
    content = file.read_bytes()
    form = read_xml(content) if content.lstrip()[:1] == b"<" else _json(file)
    page = take_network_form(registry, actor, form, more)
    if session.json:
        session.data({"key": page.key, "kind": page.kind, "title": page.title})
    else:
        session.answer(page.key)


def _map(
    session: Session, registry: Registry, file: Path, mapping: str, more: dict[str, str], output: Path | None
) -> None:
    from foretrack.domains.exchange.actions.exchanging import columns_in_order, known_mapping, map_table
    from foretrack.foundation.spreadsheets import neutral

    if not mapping or output is None:
        raise InputError.of(
            "map needs a mapping and a file to write", expected="--mapping and --output", do="add them"
        )
    known = known_mapping(mapping)
    columns, n = columns_in_order(known, more), 0
    rows = map_table(registry, file, known, more)
    with output.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([neutral(row.get(column, "")) for column in columns])
            n += 1
    session.note(
        session.say(
            "{n} rows; take them in with: {command}",
            n=n,
            command=f"foretrack record import {known.kind} {output}",
        )
    )
