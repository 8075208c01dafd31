"""The command `record`: lists, makes, changes, moves, imports and exports records, and the steps about what was."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foretrack.foundation.errors import InputError
from foretrack.registry.doors.acting import As, acting
from foretrack.registry.doors.commands import history as past
from foretrack.terminal.delivery import delivered
from foretrack.terminal.session import Session, plain
from foretrack.terminal.tables import Column, table

if TYPE_CHECKING:
    from foretrack.registry.access.actor import Actor
    from foretrack.registry.actions.tables import Filters
    from foretrack.registry.answers import ImportAnswer, RecordPage
    from foretrack.registry.registry import Registry

OWN_STEPS = ("list", "show", "add", "edit", "move", "assign", "preview", "import", "export")


def record(
    session: Session,
    step: Annotated[
        str,
        typer.Argument(
            help="list, show, add, edit, move, assign, preview, import, export; history, diff, files, attach, detach, "
            "save, duplicates, judge, merge, unmerge, erase.",
            metavar="[STEP]",
        ),
    ] = "list",
    name: Annotated[
        str,
        typer.Argument(
            help="list, add, preview, import, export: a kind; else the key of a record.", metavar="[NAME]"
        ),
    ] = "",
    more: Annotated[
        list[str] | None,
        typer.Argument(
            help="add, edit: FIELD=VALUE; move: the transition, then FIELD=VALUE; assign: an account; preview, import: "
            "a file; others: the second thing.",
            metavar="[MORE]...",
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="add, edit, move: JSON file with values.")
    ] = None,
    revision: Annotated[
        int | None,
        typer.Option("--revision", help="edit, move: the revision that you read; else the present one."),
    ] = None,
    why: Annotated[str, typer.Option("--why", help="The reason; it stays in the log.")] = "",
    visibility: Annotated[
        str | None, typer.Option("--visibility", help="add, edit, import: public, partner or private.")
    ] = None,
    end: Annotated[bool, typer.Option("--end", help="assign: the assignment ends.")] = False,
    partly: Annotated[
        bool, typer.Option("--partly", help="import: take good rows in although others are rejected.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="import: make rows without key or identifier a second time.")
    ] = False,
    where: Annotated[
        list[str] | None, typer.Option("--where", help="list, export: FACET=VALUE; several times.")
    ] = None,
    text: Annotated[str, typer.Option("--text", help="list, export: words of the title.")] = "",
    region: Annotated[str, typer.Option("--region", help="list, export: beginning of a region's code.")] = "",
    organisation: Annotated[
        str, typer.Option("--organisation", help="list, export: key of an organisation.")
    ] = "",
    since: Annotated[
        str, typer.Option("--since", help="list, export: changed since this day or moment.")
    ] = "",
    due_before: Annotated[
        str, typer.Option("--due-before", help="list, export: somebody must act before this day.")
    ] = "",
    sort: Annotated[
        str,
        typer.Option(
            "--sort", help="list: updated, title, due, a facet or a number; - in front for descending."
        ),
    ] = "-updated",
    offset: Annotated[int, typer.Option("--offset", help="list: leave out so many.")] = 0,
    limit: Annotated[
        int, typer.Option("--limit", "-n", help="list, history, duplicates: at most so many.")
    ] = 50,
    format: Annotated[
        str | None,
        typer.Option("--format", "-f", help="list: table, csv, json; export: json, jsonl, csv, xlsx."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a file; its ending can say the format.")
    ] = None,
    field: past.FieldOption = None,
    take: past.TakeOption = None,
    keep: past.KeepOption = None,
    first: past.FirstOption = None,
    second: past.SecondOption = None,
    judged: past.JudgedOption = "nobody looked",
    propose: past.ProposeOption = False,
    texts: past.TextsOption = False,
    out: past.OutOption = None,
    yes: past.YesOption = False,
    as_: As = None,
) -> None:
    """List, make, change, move, import and export records; see and mend what was."""
    if step not in (*OWN_STEPS, *past.RECORD_STEPS):
        raise InputError.of(
            "no step {step!r}", expected="one of {known}", do="correct the word after record", step=step,
            known=", ".join((*OWN_STEPS, *past.RECORD_STEPS)),
        )  # fmt: skip
    rest = list(more or [])
    registry, actor = acting(session, as_)
    if step in past.RECORD_STEPS:
        if len(rest) > 1:
            raise InputError.of("{n} things were named", expected="two", do="leave some out", n=len(rest) + 1)
        given = past.Given(
            name=name, other=rest[0] if rest else "", fields=tuple(field or ()), take=tuple(take or ()), keep=keep or "",
            first=first, second=second, judged=judged, propose=propose, texts=texts, out=out, yes=yes, why=why,
            limit=limit,
        )  # fmt: skip
        past.RECORD_STEPS[step](session, registry, actor, given)
        return
    if not name:
        raise InputError.of(
            "nothing was named",
            expected="the name of a kind, or the key of a record",
            do="name it behind the step",
        )
    if step == "show":
        from foretrack.registry.actions.records import show

        _page(session, registry, show(registry, actor, name))
    elif step in ("add", "edit", "move"):
        _write(session, registry, actor, step, name, rest, file, revision, why, visibility)
    elif step == "assign":
        from foretrack.registry.actions.records import assign

        reviewer = _one(rest, "the key of an account")
        assign(registry, actor, name, reviewer, ended=end)
        session.data({"key": name, "reviewer": reviewer, "ended": end})
        session.answer(session.say("Assigned") if not end else session.say("The assignment has ended"))
    elif step in ("preview", "import"):
        _import(
            session,
            registry,
            actor,
            step,
            name,
            Path(_one(rest, "a file")),
            visibility or "public",
            partly,
            again,
            why,
        )
    else:
        filters = _filters(where or [], text, region, organisation, since, due_before)
        if step == "list":
            _list(session, registry, actor, name, filters, sort, offset, limit, format, output)
        else:
            _export(session, registry, actor, name, filters, format, output)


def _one(rest: list[str], what: str) -> str:
    if len(rest) != 1:
        raise InputError.of(
            "{n} things were named behind it", expected="one: {what}", do="look at `foretrack record --help`",
            n=len(rest), what=what,
        )  # fmt: skip
    return rest[0]


def _pairs(texts: list[str], option: str) -> list[tuple[str, str]]:
    pairs = []
    for one in texts:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            raise InputError.of(
                "{given!r} is no pair",
                expected="NAME=VALUE",
                do="correct {option}",
                given=one[:60],
                option=option,
            )
        pairs.append((name.strip(), value))
    return pairs


def _filters(
    where: list[str], text: str, region: str, organisation: str, since: str, due_before: str
) -> Filters:
    from foretrack.registry.actions.tables import Filters

    facets: dict[str, list[str]] = {}
    for facet, value in _pairs(where, "--where"):
        facets.setdefault(facet, []).append(value)
    return Filters(
        facets=facets,
        text=text,
        region=region,
        organisation=organisation,
        updated_since=since,
        due_before=due_before,
    )


def given_values(registry: Registry, kind_name: str, rest: list[str], file: Path | None) -> dict[str, Any]:
    """Values from FIELD=VALUE and a file; `title_en=...` and `title_zh=...` fill the two halves of bilingual text."""
    kind = registry.kinds.get(kind_name)
    halves = {
        f"{f.name}_{language}": (f.name, language)
        for f in kind.fields
        if f.type == "bilingual"
        for language in ("en", "zh")
    }
    made: dict[str, Any] = {}
    if file is not None:
        try:
            read = json.loads(file.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            raise InputError.of(
                "{file} cannot be read: {why}",
                expected="JSON",
                do="correct the file",
                file=file,
                why=str(error)[:200],
            ) from error
        if not isinstance(read, Mapping):
            raise InputError.of(
                "{file} holds no values", expected="one JSON object", do="correct the file", file=file
            )
        made.update(read)
    for name, value in _pairs(rest, "FIELD=VALUE"):
        if name in halves and name not in kind.by_name:
            field, language = halves[name]
            whole = made.get(field)
            made[field] = {**(whole if isinstance(whole, Mapping) else {}), language: value}
        else:
            made[name] = value
    return made


def _write(
    session: Session, registry: Registry, actor: Actor, step: str, name: str, rest: list[str], file: Path | None,
    revision: int | None, why: str, visibility: str | None,
) -> None:  # fmt: skip
    from foretrack.registry.actions.records import create, edit, move, show

    if step == "add":
        values = given_values(registry, name, rest, file)
        _page(session, registry, create(registry, actor, name, values, visibility=visibility or "public"))
        return
    page = show(registry, actor, name)
    read = page.revision if revision is None else revision
    if step == "move":
        if not rest or "=" in rest[0]:
            raise InputError.of(
                "no transition was named", expected="one of {known}", do="name it behind the key",
                known=", ".join(m.name for m in page.moves) or "-",
            )  # fmt: skip
        values = given_values(registry, page.kind, rest[1:], file)
        _page(
            session, registry, move(registry, actor, name, rest[0], revision=read, reason=why, values=values)
        )
        return
    values = _halves_kept(given_values(registry, page.kind, rest, file), page.values)
    _page(
        session,
        registry,
        edit(registry, actor, name, values, revision=read, visibility=visibility, reason=why),
    )


def _halves_kept(values: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Bilingual text of which one half was given keeps its other half."""
    return {
        name: {**before[name], **value}
        if isinstance(value, Mapping) and isinstance(before.get(name), Mapping) and set(value) <= {"en", "zh"}
        else value
        for name, value in values.items()
    }


def _page(session: Session, registry: Registry, page: RecordPage) -> None:
    from foretrack.registry.answers import to_json

    say = session.say
    session.data(to_json(page))
    kind = registry.kinds.get(page.kind)
    head = say(
        "{title} ({kind}, {status}, revision {revision})", title=plain(page.title),
        kind=kind.label.text(session.language),
        status=kind.state(page.status).label.text(session.language), revision=page.revision,
    )  # fmt: skip
    session.answer(head, page.key)
    rows = [
        [kind.by_name[name].label.text(session.language), kind.by_name[name].show(value, session.language)]
        for name, value in page.values.items()
    ]
    session.answer(table([Column(say("Field")), Column(say("Value"))], rows))
    if page.moves:
        session.answer(say("Moves: {moves}", moves=", ".join(m.name for m in page.moves)))
    if page.hidden:
        session.answer(say("{n} fields are hidden from you", n=page.hidden))


def _list(
    session: Session, registry: Registry, actor: Actor, kind_name: str, filters: Filters, sort: str, offset: int,
    limit: int, format: str | None, output: Path | None,
) -> None:  # fmt: skip
    from foretrack.registry.actions.tables import table as ask
    from foretrack.registry.answers import to_json
    from foretrack.registry.declaring.columns import cells_of, columns_of

    say = session.say
    kind = registry.kinds.get(kind_name)
    found = ask(registry, actor, kind_name, filters, sort=sort, offset=offset, limit=limit)
    names = [c.name for c in columns_of(kind, kind.table_columns) if c.name != "visibility"]
    rows = [
        {
            "key": line.key,
            "revision": line.revision,
            "status": line.status,
            **cells_of(kind.table_columns, line.values),
        }
        for line in found.lines
    ]
    if delivered(
        session, names, rows, to_json(found), format, output,
        lambda n: say("{n} records are in {file}", n=n, file=plain(str(output))),
    ):  # fmt: skip
        return
    shown = [f for f in kind.table_columns if f.name != kind.title]
    columns = [
        Column(say("Key"), wrap=False), Column(kind.by_name[kind.title].label.text(session.language)),
        Column(say("State")),
        *(Column(f.label.text(session.language)) for f in shown),
    ]  # fmt: skip
    session.answer(
        table(
            columns,
            [
                [line.key, line.title, kind.state(line.status).label.text(session.language),
                 *(f.show(line.values.get(f.name), session.language) for f in shown)]
                for line in found.lines
            ],
        )
    )  # fmt: skip
    session.answer(say("{shown} of {total} records", shown=len(found.lines), total=f"{found.total:,}"))


def _import(
    session: Session, registry: Registry, actor: Actor, step: str, kind_name: str, file: Path, visibility: str,
    partly: bool, again: bool, why: str,
) -> None:  # fmt: skip
    from foretrack.registry.actions.importing import import_file, preview

    if not file.is_file():
        raise InputError.of(
            "there is no file {file}", expected="a file that you may read", do="check the name", file=file
        )
    with session.progress() as progress:
        if step == "preview":
            done = preview(
                registry, actor, kind_name, file, visibility=visibility, again=again, progress=progress
            )
        else:
            done = import_file(
                registry, actor, kind_name, file, visibility=visibility, partly=partly, again=again, reason=why,
                progress=progress,
            )  # fmt: skip
    say = session.say
    session.data(told_import(session, done))
    session.answer(
        say(
            "{read} rows read: {created} new, {updated} changed, {unchanged} unchanged, {rejected} rejected",
            read=done.read, created=done.created, updated=done.updated, unchanged=done.unchanged, rejected=done.rejected,
        )
    )  # fmt: skip
    if done.rejections:
        columns = [
            Column(say("Line"), "right", wrap=False),
            Column(say("Field"), wrap=False),
            Column(say("What is wrong")),
        ]
        session.answer(table(columns, [[str(r.line), r.field, r.error.told(say)] for r in done.rejections]))
    if step == "import" and not done.written:
        session.answer(say("Nothing was written"))
    if done.rejected and not done.written and step == "import":
        raise typer.Exit(InputError.exit_code)


def told_import(session: Session, done: ImportAnswer) -> dict[str, Any]:
    """An import's answer as JSON, what is wrong told in the reader's language."""
    from dataclasses import asdict

    def told(error: InputError) -> dict[str, str]:
        what, expected, do = error.parts(session.say)
        return {"what": what, "expected": expected, "do": do}

    return {
        "kind": done.kind, "file": done.file_name, "sha256": done.sha256, "written": done.written, "import": done.key,
        "read": done.read, "created": done.created, "updated": done.updated, "unchanged": done.unchanged,
        "rejected": done.rejected, "imported_before": done.imported_before,
        "planned": [asdict(one) for one in done.planned],
        "rejections": [{"line": one.line, "field": one.field, **told(one.error)} for one in done.rejections],
    }  # fmt: skip


def _export(
    session: Session, registry: Registry, actor: Actor, kind_name: str, filters: Filters, format: str | None,
    output: Path | None,
) -> None:  # fmt: skip
    from foretrack.corpus.atomic import write_file
    from foretrack.registry.actions.exporting import export

    named = format or (output.suffix.lower().lstrip(".") if output else "csv")
    if output is None:
        if named == "xlsx":
            raise InputError.of(
                "{format} is no text", expected="a file to write to", do="add --output", format=named
            )
        for piece in export(registry, actor, kind_name, named, filters, mark=False):
            sys.stdout.write(piece.decode())
        return
    pieces = export(registry, actor, kind_name, named, filters)

    def write(passing: Path) -> None:
        with passing.open("wb") as out:
            out.writelines(pieces)

    write_file(output, write)
    session.data({"written": str(output)})
    session.answer(session.say("The records are in {file}", file=plain(str(output))))
