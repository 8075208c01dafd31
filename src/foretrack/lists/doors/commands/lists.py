"""The command `list`: series, their issues, what an issue changes, and its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence
from foretrack.registry.doors.acting import As, acting
from foretrack.terminal.delivery import delivered
from foretrack.terminal.session import Session, plain
from foretrack.terminal.steps import Steps
from foretrack.terminal.tables import Column, table

if TYPE_CHECKING:
    from foretrack.lists.actions.issuing import Prepared, Taken
    from foretrack.lists.actions.series import SeriesPage
    from foretrack.lists.changes import Changes

_TAKES: Mapping[str, frozenset[str]] = {
    "list": frozenset(("--format", "--output")),
    "show": frozenset(("--format", "--output")),
    "add": frozenset(
        ("--kind", "--title-en", "--title-zh", "--about-en", "--about-zh", "--publisher-en", "--publisher-zh",
         "--licence", "--field", "--where", "--months", "--clause")
    ),
    "change": frozenset(
        ("--title-en", "--title-zh", "--about-en", "--about-zh", "--publisher-en", "--publisher-zh", "--licence",
         "--field", "--where", "--months", "--clause")
    ),
    "preview": frozenset(("--label", "--remove", "--renew", "--readmit")),
    "issue": frozenset(("--label", "--reason", "--remove", "--renew", "--readmit", "--expect")),
    "diff": frozenset(("--number",)),
    "export": frozenset(("--number", "--format", "--output")),
    "verify": frozenset(("--expect",)),
}  # fmt: skip
"""Steps, and the options that each takes."""
STEPS = Steps("list", _TAKES, frozenset(_TAKES) - {"list"}, name=Sentence("the name of a series"))


def lists(
    session: Session,
    step: Annotated[
        str,
        typer.Argument(
            help="list, show, add, change, preview, issue, diff, export or verify.", metavar="[STEP]"
        ),
    ] = "list",
    name: Annotated[
        str | None,
        typer.Argument(help="The name of a series; verify: the JSON file of an issue.", metavar="[NAME]"),
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="add: the kind of the records.")] = None,
    title_en: Annotated[str, typer.Option("--title-en", help="Title of the series in English.")] = "",
    title_zh: Annotated[str, typer.Option("--title-zh", help="Title of the series in Chinese.")] = "",
    about_en: Annotated[str, typer.Option("--about-en", help="What the list is about, in English.")] = "",
    about_zh: Annotated[str, typer.Option("--about-zh", help="What the list is about, in Chinese.")] = "",
    publisher_en: Annotated[str, typer.Option("--publisher-en", help="Publisher, in English.")] = "",
    publisher_zh: Annotated[str, typer.Option("--publisher-zh", help="Publisher, in Chinese.")] = "",
    licence: Annotated[str, typer.Option("--licence", help="SPDX name or address of the terms of use.")] = "",
    field: Annotated[
        list[str] | None, typer.Option("--field", help="A public field that issues tell; several times.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", help="FACET=VALUE that a record must have to be listed; several times."),
    ] = None,
    months: Annotated[
        int | None, typer.Option("--months", help="How long an entry stands before it must be renewed.")
    ] = None,
    clause: Annotated[
        str, typer.Option("--clause", help="PACK/CLAUSE of the policy that the list serves.")
    ] = "",
    label: Annotated[
        str, typer.Option("--label", help="How people shall call the issue, such as 2026-01.")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help="issue: why it is published now.")] = "",
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", help="KEY=CODE or KEY=CODE:WORDS: takes an entry off; several times."),
    ] = None,
    renew: Annotated[
        list[str] | None,
        typer.Option("--renew", help="KEY of an entry whose validity begins anew; several times."),
    ] = None,
    readmit: Annotated[
        list[str] | None,
        typer.Option("--readmit", help="KEY of a removed entry that shall stand again; several times."),
    ] = None,
    expect: Annotated[
        str, typer.Option("--expect", help="Hash of what was previewed, or that a file must have.")
    ] = "",
    number: Annotated[
        list[int] | None,
        typer.Option("--number", help="Number of an issue; diff takes two, the earlier first."),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            help="export: json, csv, xlsx, html, pdf, jsonld or atom; else table, csv, json.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a file; its ending can say the format.")
    ] = None,
    as_: As = None,
) -> None:
    """Publish lists: declare a series, preview and freeze its next issue, see what changed, write its files."""
    given = {
        "--kind": kind, "--title-en": title_en, "--title-zh": title_zh, "--about-en": about_en, "--about-zh": about_zh,
        "--publisher-en": publisher_en, "--publisher-zh": publisher_zh, "--licence": licence, "--field": field,
        "--where": where, "--months": months, "--clause": clause, "--label": label, "--reason": reason,
        "--remove": remove,
        "--renew": renew, "--readmit": readmit, "--expect": expect, "--number": number, "--format": format,
        "--output": output,
    }  # fmt: skip
    STEPS.check(step, name, {option for option, value in given.items() if value not in (None, "", [])})
    words = {
        "title": _words(title_en, title_zh), "description": _words(about_en, about_zh),
        "publisher": _words(publisher_en, publisher_zh), "licence": licence, "fields": field or [],
        "filters": _filters(where or []), "months_valid": months, "clause": clause,
    }  # fmt: skip
    if step == "list":
        _list(session, format, output, as_)
    elif step == "show":
        _show(session, name or "", format, output, as_)
    elif step in ("add", "change"):
        _declare(
            session,
            step,
            name or "",
            kind,
            {k: v for k, v in words.items() if v not in ("", [], {}, None)},
            as_,
        )
    elif step in ("preview", "issue"):
        asked = {"label": label, "remove": remove or [], "renew": renew or [], "readmit": readmit or []}
        _issue(session, step, name or "", asked, reason, expect, as_)
    elif step == "diff":
        _diff(session, name or "", number or [], as_)
    elif step == "export":
        _export(session, name or "", number or [], format, output, as_)
    else:
        _verify(session, Path(name or ""), expect)


def _words(en: str, zh: str) -> dict[str, str]:
    return {language: text for language, text in (("en", en), ("zh", zh)) if text}


def _filters(pairs: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in pairs:
        facet, equals, value = pair.partition("=")
        if not equals or not value:
            raise InputError.of(
                "--where {pair}",
                pair=repr(pair),
                expected="FACET=VALUE",
                do="such as {example}",
                example="region=CN-33",
            )
        found.setdefault(facet.strip(), []).append(value.strip())
    return found


def _taken(pairs: Sequence[str]) -> dict[str, Taken]:
    from foretrack.lists.actions.issuing import Taken
    from foretrack.packs.shapes import Bilingual
    from foretrack.registry.declaring.fields import language_of

    found = {}
    for pair in pairs:
        key, equals, rest = pair.partition("=")
        code, _, words = (part.strip() for part in rest.partition(":"))
        if not equals or not code:
            raise InputError.of(
                "--remove {pair}", pair=repr(pair), expected="KEY=CODE or KEY=CODE:WORDS", do="such as {example}",
                example="01KJ...=violation:Recall of 2026",
            )  # fmt: skip
        found[key.strip().upper()] = Taken(
            code, Bilingual(**{language_of(words): words}) if words else Bilingual()
        )
    return found


def _list(session: Session, format: str | None, output: Path | None, as_: str | None) -> None:
    acting(session, as_)
    from foretrack.lists.actions.series import all_series

    pages = all_series()
    say = session.say
    rows = [
        {
            "name": p.name, "title_en": p.title.en, "title_zh": p.title.zh, "kind": p.kind, "issues": p.issues,
            "listed": p.listed, "last_issue": p.last_issue,
        }
        for p in pages
    ]  # fmt: skip
    if delivered(
        session, ("name", "title_en", "title_zh", "kind", "issues", "listed", "last_issue"), rows,
        [_series_json(p) for p in pages], format, output,
        lambda n: say("{n} series are in {file}", n=n, file=plain(str(output))),
    ):  # fmt: skip
        return
    if not pages:
        session.answer(say("No series is declared yet."))
        session.note(say("Next: foretrack list add NAME --kind KIND --title-en TEXT --publisher-en TEXT"))
        return
    columns = [
        Column(say("Series")), Column(say("Title")), Column(say("Kind")), Column(say("Issues"), "right"),
        Column(say("Listed"), "right"), Column(say("Last issue")),
    ]  # fmt: skip
    session.answer(
        table(
            columns,
            [
                (
                    p.name,
                    p.title.text(say.language),
                    p.kind,
                    str(p.issues),
                    str(p.listed),
                    p.last_issue or "–",
                )
                for p in pages
            ],
        )
    )


def _series_json(page: SeriesPage) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(page)


def _show(session: Session, name: str, format: str | None, output: Path | None, as_: str | None) -> None:
    acting(session, as_)
    from dataclasses import asdict

    from foretrack.lists.actions.reading import issues
    from foretrack.lists.actions.series import show_series

    page, lines = show_series(name), issues(name)
    say = session.say
    columns = ("series", "number", "label", "published_on", "digest", "listed", "removed")
    whole = {**_series_json(page), "published": [asdict(line) for line in lines]}
    if delivered(
        session, columns, [asdict(line) for line in lines], whole, format, output,
        lambda n: say("{n} issues are in {file}", n=n, file=plain(str(output))),
    ):  # fmt: skip
        return
    session.answer(plain(page.title.text(say.language)), plain(page.description.text(say.language)))
    session.answer(
        say("Publisher: {publisher}. Licence: {licence}. Kind: {kind}.",
            publisher=plain(page.publisher.text(say.language)),
            licence=plain(page.licence), kind=page.kind)
    )  # fmt: skip
    headings = [
        Column(say("Issue"), "right"), Column(say("Label")), Column(say("Published on")), Column(say("Listed"), "right"),
        Column(say("Removed"), "right"), Column("SHA-256", wrap=False),
    ]  # fmt: skip
    session.answer(
        table(
            headings,
            [
                (str(i.number), i.label, i.published_on, str(i.listed), str(i.removed), i.digest)
                for i in lines
            ],
        )
    )


def _declare(
    session: Session, step: str, name: str, kind: str | None, words: Mapping[str, Any], as_: str | None
) -> None:
    registry, actor = acting(session, as_)
    from foretrack.lists.actions.series import change_series, declare_series

    if step == "change":
        page = change_series(registry, actor, name, **words)
    else:
        if kind is None:
            raise InputError.of(
                "a series without a kind", expected="the kind of its records", do="add --kind KIND"
            )
        page = declare_series(registry, actor, name, kind=kind, **{"title": {}, "publisher": {}, **words})
    session.data(_series_json(page))
    session.answer(
        session.say("The series {name} is declared: records of the kind {kind}.", name=name, kind=page.kind)
    )


def _issue(
    session: Session,
    step: str,
    name: str,
    asked: Mapping[str, Any],
    reason: str,
    expect: str,
    as_: str | None,
) -> None:
    registry, actor = acting(session, as_)
    from foretrack.lists.actions.issuing import prepare, publish
    from foretrack.lists.issue import digest_of

    asked = {**asked, "remove": _taken(asked["remove"])}
    made = (
        prepare(registry, actor, name, **asked)
        if step == "preview"
        else publish(registry, actor, name, reason=reason, expected=expect, **asked)
    )
    digest = digest_of(made.issue)
    session.data(_issue_json(made, digest))
    say = session.say
    session.answer(
        say("Issue {number} of {name} would be:", number=made.issue.number, name=name)
        if step == "preview"
        else say("Issue {number} of {name} is published.", number=made.issue.number, name=name)
    )
    _say_changes(session, made.changes)
    session.answer(f"SHA-256 {digest}")


def _issue_json(made: Prepared, digest: str) -> dict[str, Any]:
    return {
        "series": made.issue.series.id, "number": made.issue.number, "label": made.issue.label,
        "published_on": made.issue.published_on.isoformat(), "digest": digest, "listed": len(made.issue.listed),
        **_changes_json(made.changes),
    }  # fmt: skip


def _changes_json(changes: Changes) -> dict[str, Any]:
    return {
        "entered": [entry.record for entry in changes.entered],
        "left": [{"record": one.entry.record, "code": one.removal.code if one.removal else None} for one in changes.left],
        "changed": [
            {"record": one.entry.record, "parts": [c.field.key if c.field else c.part for c in one.changes]}
            for one in changes.changed
        ],
        "unchanged": len(changes.unchanged),
    }  # fmt: skip


def _say_changes(session: Session, changes: Changes) -> None:
    from foretrack.lists.changes import summary

    say, language = session.say, session.language
    session.answer(summary(changes).told(say))
    for entry in changes.entered:
        session.answer(f"  + {entry.record}  {plain(entry.title.text(language))}")
    for one in changes.left:
        why = f" ({plain(one.removal.reason.text(language))})" if one.removal else ""
        session.answer(f"  - {one.entry.record}  {plain(one.entry.title.text(language))}{why}")
    for changed in changes.changed:
        parts = ", ".join(c.field.label.text(language) if c.field else c.part for c in changed.changes)
        session.answer(
            f"  ~ {changed.entry.record}  {plain(changed.entry.title.text(language))}: {plain(parts)}"
        )


def _diff(session: Session, name: str, numbers: Sequence[int], as_: str | None) -> None:
    acting(session, as_)
    from foretrack.lists.actions.reading import changes

    if len(numbers) > 2:
        raise InputError.of("{n} issues", n=len(numbers), expected="one or two", do="leave one out")
    found, before, after = changes(
        name, numbers[-1] if numbers else None, numbers[0] if len(numbers) == 2 else None
    )
    session.data(
        {
            "series": name,
            "before": before.number if before else None,
            "after": after.number,
            **_changes_json(found),
        }
    )
    session.answer(
        session.say(
            "Issue {after} of {name} against {before}", after=after.number, name=name,
            before=before.number if before else "–",
        )
    )  # fmt: skip
    _say_changes(session, found)


def _export(
    session: Session,
    name: str,
    numbers: Sequence[int],
    format: str | None,
    output: Path | None,
    as_: str | None,
) -> None:
    acting(session, as_)
    from foretrack.lists.actions.reading import feed, render

    if len(numbers) > 1:
        raise InputError.of("{n} issues", n=len(numbers), expected="one", do="leave one out")
    ending = format or (output.suffix.lstrip(".") if output else "json")
    number = numbers[0] if numbers else None
    if ending in ("atom", "xml"):
        content = feed(name, session.language)
    else:
        content = render(name, number, ending, session.language).content
    if output is None:
        if ending in ("xlsx", "pdf"):
            raise InputError.of(
                "{format} is no text", format=ending, expected="a file to write to", do="add --output FILE"
            )
        import sys

        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    from foretrack.corpus.atomic import write_bytes

    write_bytes(output, content)
    session.data({"written": str(output), "bytes": len(content)})
    session.answer(session.say("Written: {file} ({n} bytes)", file=plain(str(output)), n=len(content)))


def _verify(session: Session, path: Path, expect: str) -> None:
    from foretrack.lists.issue import digest_of, read_issue, verify

    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError.of(
            "{file} cannot be read: {why}", file=str(path), why=error.strerror or "",
            expected="the JSON file of an issue",
            do="correct the name",
        ) from error  # fmt: skip
    issue = verify(content, expect) if expect else read_issue(content)
    digest = digest_of(issue)
    session.data(
        {"series": issue.series.id, "number": issue.number, "digest": digest, "listed": len(issue.listed)}
    )
    session.answer(
        session.say(
            "Issue {number} of {name}, {n} entries, is whole. SHA-256 {digest}", number=issue.number,
            name=plain(issue.series.id), n=len(issue.listed), digest=digest,
        )
    )  # fmt: skip
