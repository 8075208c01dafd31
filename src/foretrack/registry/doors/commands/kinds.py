"""The command `kind`: which kinds of record there are, what one declares, its template and its schema."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foretrack.foundation.errors import InputError
from foretrack.registry.doors.acting import acting
from foretrack.terminal.delivery import delivered
from foretrack.terminal.session import Session, plain, write_json
from foretrack.terminal.tables import Column, table

if TYPE_CHECKING:
    from foretrack.registry.declaring.fields import Field
    from foretrack.registry.declaring.kind import Kind

STEPS = ("list", "show", "template", "schema")


def kind(
    session: Session,
    step: Annotated[str, typer.Argument(help="list, show, template or schema.", metavar="[STEP]")] = "list",
    name: Annotated[str | None, typer.Argument(help="The name of a kind.", metavar="[KIND]")] = None,
    answer: Annotated[
        bool, typer.Option("--answer", help="schema: of the record as answered; else of what makes one.")
    ] = False,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="template: csv or xlsx; list: table, csv or json.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a file; its ending can say the format.")
    ] = None,
) -> None:
    """Say which kinds of record there are, and what follows from the declaration of one."""
    if step not in STEPS:
        raise InputError.of(
            "no step {step!r}", expected="one of {known}", do="correct the word after kind", step=step,
            known=", ".join(STEPS),
        )  # fmt: skip
    registry, _ = acting(session)
    if step == "list":
        _list(session, list(registry.kinds), format, output)
        return
    if name is None:
        raise InputError.of("nothing was named", expected="the name of a kind", do="name it behind the step")
    found = registry.kinds.get(name)
    if step == "show":
        _show(session, found)
    elif step == "schema":
        from foretrack.registry.declaring.schema import create_schema, record_schema

        write_json((record_schema if answer else create_schema)(found, session.language), sys.stdout)
    else:
        _template(session, found, format, output)


def _list(session: Session, kinds: list[Kind], format: str | None, output: Path | None) -> None:
    say, language = session.say, session.language
    rows: list[dict[str, str | int | float | bool | None]] = [
        {"kind": k.name, "label": k.label.text(language), "fields": len(k.fields), "states": len(k.states),
         "help": k.help.text(language)}
        for k in kinds
    ]  # fmt: skip
    told = {"kinds": rows}
    if not delivered(
        session, ("kind", "label", "fields", "states", "help"), rows, told, format, output,
        lambda n: say("{n} kinds are in {file}", n=n, file=plain(str(output))),
    ):  # fmt: skip
        columns = [
            Column(say("Kind"), wrap=False),
            Column(say("Label"), wrap=False),
            Column(say("What it is")),
        ]
        session.answer(table(columns, [[str(r["kind"]), str(r["label"]), str(r["help"])] for r in rows]))


def told_kind(k: Kind) -> dict[str, Any]:
    """A declaration as JSON."""
    return {
        "kind": k.name, "label": {"en": k.label.en, "zh": k.label.zh},
        "fields": [
            {"name": f.name, "type": f.type, "label": {"en": f.label.en, "zh": f.label.zh}, "required": f.required,
             "many": f.many, "visibility": f.visibility, "facet": f.facet, "example": f.example(),
             **({"columns": [_told_column(c) for c in _columns(f)]} if _columns(f) else {})}
            for f in k.fields
        ],
        "states": [
            {"name": s.name, "label": {"en": s.label.en, "zh": s.label.zh}, "draft": s.draft, "public": s.public,
             "closed": s.closed, "listable": s.listable}
            for s in k.states
        ],
        "transitions": [
            {"name": t.name, "label": {"en": t.label.en, "zh": t.label.zh}, "before": list(t.before), "after": t.after,
             "who": list(t.who), "reason": t.reason, "needs": list(t.needs)}
            for t in k.transitions
        ],
    }  # fmt: skip


def _columns(f: Field) -> tuple[Field, ...]:
    from foretrack.registry.declaring.rows import Rows

    return f.columns if isinstance(f, Rows) else ()


def _told_column(c: Field) -> dict[str, Any]:
    return {"name": c.name, "type": c.type, "label": {"en": c.label.en, "zh": c.label.zh}, "required": c.required,
            "example": c.example()}  # fmt: skip


def _lines(f: Field, language: str) -> list[list[str]]:
    """A field, and below a table its columns."""
    made = [
        [f.name + (" *" if f.required else ""), f.label.text(language), f.type + (" []" if f.many else ""),
         f.visibility, f.example()]
    ]  # fmt: skip
    for c in _columns(f):
        made.append(
            [f"  {c.name}{' *' if c.required else ''}", c.label.text(language), c.type, "", c.example()]
        )
    return made


def _show(session: Session, k: Kind) -> None:
    say, language = session.say, session.language
    session.data(told_kind(k))
    session.answer(f"{k.name}: {plain(k.label.text(language))}", plain(k.help.text(language)))
    columns = [
        Column(say("Field"), wrap=False), Column(say("Label")), Column(say("Type"), wrap=False),
        Column(say("Who sees it"), wrap=False), Column(say("Such as")),
    ]  # fmt: skip
    session.answer(
        table(
            columns,
            [line for f in k.fields for line in _lines(f, language)],
        )
    )
    session.answer(say("* may not be missing; [] several values"))
    moves = [Column(say("Transition"), wrap=False), Column(say("Leads")), Column(say("Who may"))]
    session.answer(
        table(
            moves, [[t.name, f"{', '.join(t.before)} → {t.after}", ", ".join(t.who)] for t in k.transitions]
        )
    )


def _template(session: Session, k: Kind, format: str | None, output: Path | None) -> None:
    from foretrack.corpus.atomic import write_file
    from foretrack.registry.actions.templates import csv_template, excel_template

    named = format or (output.suffix.lower().lstrip(".") if output else "csv")
    if named not in ("csv", "xlsx"):
        raise InputError.of(
            "no template as {format!r}", expected="csv or xlsx", do="correct --format", format=named
        )
    if output is None:
        if named == "xlsx":
            raise InputError.of(
                "{format} is no text", expected="a file to write to", do="add --output", format=named
            )
        sys.stdout.write(csv_template(k, session.language))
        return
    content = (
        excel_template(k, session.language) if named == "xlsx"
        else b"\xef\xbb\xbf" + csv_template(k, session.language).encode()
    )  # fmt: skip

    def write(passing: Path) -> None:
        passing.write_bytes(content)

    write_file(output, write)
    session.data({"written": str(output)})
    session.answer(session.say("The template is in {file}", file=plain(str(output))))
