"""Steps of `foretrack record` about what was: history, files, duplicates, merges and erasure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence
from foretrack.registry.answers import to_json
from foretrack.terminal.session import Session, plain
from foretrack.terminal.tables import Column, table

if TYPE_CHECKING:
    from foretrack.registry.access.actor import Actor
    from foretrack.registry.answers import Merged, RevisionLine
    from foretrack.registry.registry import Registry

OtherArgument = Annotated[
    str | None,
    typer.Argument(
        help="merge: the record that is absorbed; attach: the file; detach, save: a SHA-256; judge: the judgement.",
        metavar="[OTHER]",
    ),
]
FieldOption = Annotated[
    list[str] | None,
    typer.Option(
        "--field", help="attach, detach: the field; erase: a field, may be repeated; else all personal ones."
    ),
]
TakeOption = Annotated[
    list[str] | None,
    typer.Option("--take", help="merge, judge: a field that the survivor takes over; may be repeated."),
]
KeepOption = Annotated[str | None, typer.Option("--keep", help="judge same: key of the record that stays.")]
FirstOption = Annotated[int | None, typer.Option("--first", help="diff: the earlier revision.")]
SecondOption = Annotated[
    int | None, typer.Option("--second", help="diff: the later revision; else the present one.")
]
JudgedOption = Annotated[
    str, typer.Option("--judged", help="duplicates: nobody looked, same, different or unsure.")
]
ProposeOption = Annotated[
    bool, typer.Option("--propose", help="duplicates: look through all records of the kind first.")
]
TextsOption = Annotated[
    bool, typer.Option("--texts", help="erase: also the reasons in the log that were given about the record.")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="save: file to write; else its own name, here.")
]
YesOption = Annotated[
    bool, typer.Option("--yes", help="erase: yes, for good; nothing brings the values back.")
]


@dataclass(frozen=True, slots=True)
class Given:
    """What was given beside the step."""

    name: str = ""
    """Key of a record; `duplicates`: a kind; `judge`: number of a pair."""
    other: str = ""
    fields: tuple[str, ...] = ()
    take: tuple[str, ...] = ()
    keep: str = ""
    first: int | None = None
    second: int | None = None
    judged: str = "nobody looked"
    propose: bool = False
    texts: bool = False
    out: Path | None = None
    yes: bool = False
    why: str = ""
    limit: int = 50


Step: TypeAlias = "Callable[[Session, Registry, Actor, Given], None]"


def history(session: Session, registry: Registry, actor: Actor, given: Given) -> None:
    """Revisions of a record, the newest first."""
    from foretrack.registry.actions.history import history as ask

    say = session.say
    lines = ask(registry, actor, _named(given, "a record"), limit=given.limit)
    session.data({"revisions": [to_json(line) for line in lines]})
    columns = [
        Column(say("Revision"), "right", wrap=False), Column(say("When"), wrap=False), Column(say("By"), wrap=False),
        Column(say("What happened")), Column(say("Changed")), Column(say("Why")),
    ]  # fmt: skip
    session.answer(table(columns, [_revision(session, line) for line in lines]))


def _revision(session: Session, line: RevisionLine) -> list[str]:
    say = session.say
    changed = [
        f"{name}: {shown(line.before.get(name))} → {shown(line.after.get(name))}" for name in line.changed
    ]
    changed += [say("{field}: erased on request", field=name) for name in line.erased]
    reason = say("erased on request") if line.reason_erased else line.reason or ""
    return [
        str(line.number),
        line.at[:16].replace("T", " "),
        line.by,
        line.act,
        "\n".join(changed),
        plain(reason),
    ]


def shown(value: Any) -> str:
    """A value on one line of a terminal, short.

    >>> shown(None), shown({"en": "A", "zh": "甲"}), shown(["a", "b"])
    ('–', 'A / 甲', 'a; b')
    """
    if value is None:
        return "–"
    if isinstance(value, dict) and set(value) <= {"en", "zh"}:
        text = " / ".join(value[language] for language in ("en", "zh") if language in value)
    elif isinstance(value, list):
        text = "; ".join(shown(one) for one in value)
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = plain(" ".join(text.split()))
    return text if len(text) <= 80 else text[:77] + "..."


def diff(session: Session, registry: Registry, actor: Actor, given: Given) -> None:
    """What differs between two revisions."""
    from foretrack.registry.actions.history import diff as ask
    from foretrack.registry.actions.history import history as lines_of

    say = session.say
    key = _named(given, "a record")
    second = given.second or lines_of(registry, actor, key, limit=1)[0].number
    found = ask(registry, actor, key, given.first or max(1, second - 1), second)
    session.data(to_json(found))
    erased = say("erased on request")
    columns = [
        Column(say("Field")), Column(say("Revision {n}", n=found.first)), Column(say("Revision {n}", n=found.second)),
    ]  # fmt: skip
    rows = [
        [
            change.label, erased if change.erased in ("before", "both") else shown(change.before),
            erased if change.erased in ("after", "both") else shown(change.after),
        ]
        for change in found.changes
    ]  # fmt: skip
    if found.status_before != found.status_after:
        rows.insert(0, [say("State"), found.status_before, found.status_after])
    session.answer(table(columns, rows) if rows else say("Nothing differs"))


def attach(session: Session, registry: Registry, actor: Actor, given: Given) -> None:
    """Takes a file into a field."""
    from foretrack.registry.actions.attachments import attach as ask
    from foretrack.registry.actions.records import show

    key, path, field = _named(given, "a record"), Path(_other(given, "a file")), _one_field(given)
    page = show(registry, actor, key)
    try:
        with path.open("rb") as content:
            page = ask(registry, actor, key, field, content, path.name, revision=page.revision)
    except FileNotFoundError:
        raise InputError.of(
            "there is no file {file}", expected="a file that you may read", do="check the name", file=path
        ) from None
    value = page.values.get(field)
    sha256 = value[-1] if isinstance(value, list) else value
    session.data({"key": page.key, "revision": page.revision, "sha256": sha256})
    session.answer(session.say("{file} is attached: {sha256}", file=path.name, sha256=sha256))


def detach(session: Session, registry: Registry, actor: Actor, given: Given) -> None:
    """Takes a file off."""
    from foretrack.registry.actions.attachments import detach as ask
    from foretrack.registry.actions.records import show

    key = _named(given, "a record")
    revision = show(registry, actor, key).revision
    page = ask(registry, actor, key, _one_field(given), _other(given, "a SHA-256"), revision=revision)
    session.data({"key": page.key, "revision": page.revision})
    session.answer(session.say("The file is taken off; the history still has it."))


def files(session: Session, registry: Registry, actor: Actor, given: Given) -> None:
    """Files that a record has."""
    from foretrack.registry.actions.attachments import files_of

    say = session.say
    found = files_of(registry, actor, _named(given, "a record"))
    session.data(
        {"files": [{n: v for n, v in to_json(f).items() if n not in ("path", "headers")} for f in found]}
    )
    columns = [
        Column(say("Field")), Column(say("Name")), Column(say("Type")), Column(say("Bytes"), "right"),
        Column("SHA-256", wrap=False),
    ]  # fmt: skip
    session.answer(table(columns, [[f.field, f.name, f.media_type, f"{f.size:,}", f.sha256] for f in found]))


def save(session: Session, registry: Registry, actor: Actor, given: Given) -> None:
    """Writes a file of a record to the disk."""
    from foretrack.corpus.atomic import write_file
    from foretrack.registry.actions.attachments import read

    found = read(registry, actor, _named(given, "a record"), _other(given, "a SHA-256"))
    target = given.out or Path(found.name)
    if target.exists():
        raise InputError.of(
            "{file} exists already", expected="a new file", do="name another one, or remove it", file=target
        )
    write_file(target, lambda passing: _copy(found.path, passing))
    session.data({"file": str(target), "sha256": found.sha256, "media_type": found.media_type})
    session.answer(str(target))


def _copy(source: str, target: Path) -> None:
    from shutil import copyfile

    copyfile(source, target)


def duplicates(session: Session, registry: Registry, actor: Actor, given: Given) -> None:
    """Pairs of records that may be one."""
    from foretrack.registry.actions.duplicates import pairs, propose

    say = session.say
    proposed = None
    if given.propose:
        kind = _named(given, "a kind")
        with session.progress() as progress:
            proposed = propose(registry, actor, kind, progress=progress)
        session.note(
            say(
                "{records} records, {compared} pairs compared: {found} to look at, {new} of them new",
                records=f"{proposed.records:,}", compared=f"{proposed.compared:,}", found=f"{proposed.found:,}",
                new=f"{proposed.new:,}",
            )
        )  # fmt: skip
    found = pairs(registry, actor, kind_name=given.name, judgement=given.judged, limit=given.limit)
    session.data(
        {
            "proposed": None if proposed is None else to_json(proposed),
            "pairs": [to_json(pair) for pair in found],
        }
    )
    columns = [
        Column(say("Pair"), "right", wrap=False), Column(say("Alike"), "right", wrap=False), Column(say("First")),
        Column(say("Second")), Column(say("Signs")),
    ]  # fmt: skip
    rows = [
        [
            str(pair.number), f"{pair.score:.2f}",
            *(f"{plain(record.title)}\n{record.key}" for record in (pair.first, pair.second)),
            "\n".join(f"{say(str(s['sign']))}: {say(str(s['level']))} ({s['weight']:+g})" for s in pair.why),
        ]
        for pair in found
    ]  # fmt: skip
    session.answer(table(columns, rows) if rows else say("No such pairs"))


def judge(session: Session, registry: Registry, actor: Actor, given: Given) -> None:
    """What a person says about a pair."""
    from foretrack.registry.actions.duplicates import judge as ask
    from foretrack.registry.answers import Merged

    number = _named(given, "the number of a pair")
    if not number.isdecimal():
        raise InputError.of(
            "{name!r} is no number", expected="the number of a pair", do="look at `foretrack record duplicates`",
            name=number,
        )  # fmt: skip
    judgement = _other(given, "same, different or unsure")
    done = ask(
        registry, actor, int(number), judgement, survivor=given.keep, take=given.take, reason=given.why
    )
    if isinstance(done, Merged):
        _merged(session, done)
        return
    session.data(to_json(done))
    session.answer(
        session.say("Pair {number}: {judgement}", number=number, judgement=session.say(done.judgement))
    )


def merge(session: Session, registry: Registry, actor: Actor, given: Given) -> None:
    """Says that two records are one."""
    from foretrack.registry.actions.merging import merge as ask
    from foretrack.registry.actions.reading import find_record

    keys = _named(given, "the record that stays"), _other(given, "the record that is absorbed")
    read = [find_record(registry, actor, key, follow=False)[1].revision for key in keys]
    done = ask(
        registry,
        actor,
        *keys,
        take=given.take,
        survivor_revision=read[0],
        absorbed_revision=read[1],
        reason=given.why,
    )
    _merged(session, done)


def _merged(session: Session, done: Merged) -> None:
    say = session.say
    session.data(_merge_data(done))
    session.answer(
        say("{absorbed} leads to {survivor} now", absorbed=done.absorbed, survivor=done.survivor.key)
    )
    if done.fields:
        session.answer(say("Taken over: {fields}", fields=", ".join(done.fields)))


def _merge_data(done: Merged) -> dict[str, Any]:
    return {
        "survivor": done.survivor.key, "revision": done.survivor.revision, "absorbed": done.absorbed,
        "fields": list(done.fields), "not_restored": list(done.not_restored),
    }  # fmt: skip


def unmerge(session: Session, registry: Registry, actor: Actor, given: Given) -> None:
    """Undoes a merge."""
    from foretrack.registry.actions.merging import unmerge as ask

    say = session.say
    done = ask(registry, actor, _named(given, "the record that was absorbed"), reason=given.why)
    session.data(_merge_data(done))
    session.answer(
        say(
            "{absorbed} and {survivor} stand by themselves again",
            absorbed=done.absorbed,
            survivor=done.survivor.key,
        )
    )
    for name in done.not_restored:
        session.warn(say("{field} could not come back: it was erased on request", field=name))


def erase(session: Session, registry: Registry, actor: Actor, given: Given) -> None:
    """Erases personal data for good."""
    from foretrack.registry.actions.erasing import erase as ask

    say = session.say
    key = _named(given, "a record")
    if not given.yes:
        raise InputError.of(
            "nothing was erased: what is erased does not come back", expected="--yes",
            do="add --yes if you mean it; `foretrack record history` shows what there is",
        )  # fmt: skip
    done = ask(registry, actor, key, fields=given.fields, texts=given.texts, reason=given.why)
    session.data(to_json(done))
    if not done.records and not done.texts:
        session.answer(say("There was nothing to erase"))
        return
    session.answer(
        say(
            "Erased {fields} in {revisions} revisions, with {texts} reasons and {files} files",
            fields=", ".join(done.fields), revisions=done.revisions, texts=done.texts, files=done.files,
        )
    )  # fmt: skip
    session.note(say("Backups still hold it: docs/guide/privacy.md says what to do with them."))


RECORD_STEPS: Mapping[str, Step] = {
    "history": history, "diff": diff, "files": files, "attach": attach, "detach": detach, "save": save,
    "duplicates": duplicates, "judge": judge, "merge": merge, "unmerge": unmerge, "erase": erase,
}  # fmt: skip
"""For the command `record`: the step's name to what does it."""


def _named(given: Given, what: str) -> str:
    if not given.name:
        raise InputError.of(
            "nothing was named", expected="{what}", do="name it behind the step", what=Sentence(what)
        )
    return given.name


def _other(given: Given, what: str) -> str:
    if not given.other:
        raise InputError.of(
            "only one thing was named", expected="{what}", do="name it behind the first", what=Sentence(what)
        )
    return given.other


def _one_field(given: Given) -> str:
    if len(given.fields) != 1:
        raise InputError.of("{n} fields", expected="one --field", do="name one field", n=len(given.fields))
    return given.fields[0]
