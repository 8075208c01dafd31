"""How a record came to be what it is: revisions and what differs between them, the log about it, and its files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import ClassVar

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from foretrack.accounts.actors import OPERATOR
from foretrack.accounts.names import names_of
from foretrack.foundation.canonical import canonical
from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.attachments import read
from foretrack.registry.actions.auditing import entries
from foretrack.registry.actions.history import diff, history, past
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.records import show
from foretrack.registry.answers import AuditLine, AuditPage, RecordPage, RevisionLine
from foretrack.registry.declaring.fields import BilingualText, Field, Json, Text
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.rows import Rows
from foretrack.site.pages.profile import ROLE_WORDS
from foretrack.site.pages.values import lines_of
from foretrack.web.addresses import address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import TAGS, say
from foretrack.web.values import FieldLine, Grid, Part, Said, grid_of, show_said, show_value

ACTS = {
    "invite guest": "somebody was invited to look under an embargo",
    "end guest": "a guest of an embargo sees nothing any more",
    "accept embargo": "the terms of an embargo were accepted",
    "look under embargo": "a guest looked at it under embargo",
    "record breach": "a breach of an embargo was recorded",
    "create": "made",
    "edit": "changed",
    "import": "taken in from a file",
    "merge": "took over from a merged record",
    "unmerge": "a merge was undone",
    "attach": "a file was attached",
    "detach": "a file was taken off",
    "erase": "personal data was erased",
    "assign": "a reviewer was asked",
    "end assignment": "a reviewer was released",
    "judge duplicate": "a pair of duplicates was judged",
    "invite account": "an account was made",
    "change account": "an account was changed",
    "close account": "an account was closed",
    "reopen account": "an account was reopened",
    "erase account": "a person was erased",
    "give role": "a role was given",
    "end role": "a role was ended",
    "drop second factor": "a second factor was taken off",
    "set password": "a password was set on the machine",
    "make password link": "a password link was made",
    "make token": "a token was made",
    "revoke token": "a token was revoked",
    "sign up": "somebody signed up",
    "set own password": "the own password was set",
    "change own password": "the own password was changed",
    "reset own password": "the own password was set anew",
    "change own address": "the own address was changed",
    "add second factor": "a second factor was set up",
    "remove second factor": "the own second factor was removed",
    "renew recovery codes": "recovery codes were renewed",
    "link single sign-on": "single sign-on was linked",
    "unlink single sign-on": "single sign-on was unlinked",
    "judge match": "a match was judged",
    "propose weights": "weights of matching were proposed",
    "adopt weights": "weights of matching were put in force",
    "declare series": "a list was declared",
    "change series": "a list was changed",
    "issue list": "an issue was published",
    "declare indicator": "an indicator was declared",
    "add indicator value": "a value was added",
    "rate target": "a target was rated",
    "add rule": "a rule was made",
    "edit rule": "a rule was changed",
    "end rule": "a rule was ended",
    "add channel": "a way for messages was added",
    "propose duplicates": "duplicates were looked for",
    "acknowledge alert": "an alert was seen",
    "stop channel": "messages were stopped",
    "resume channel": "messages were resumed",
    "renew feed address": "the address of a feed was renewed",
    "renew webhook secret": "the secret of a webhook was renewed",
    "retry job": "a job was put to the front",
    "draw reviewers": "reviewers were drawn",
    "assign reviewers": "reviewers were assigned",
    "replace reviewer": "a reviewer was replaced",
    "score": "a score sheet was sent",
    "step back": "a reviewer stepped back",
    "remark": "something was said in the discussion",
    "declare conflict": "a conflict was declared",
    "end conflict": "a conflict was taken back",
    "decide": "a submission was decided",
    "object": "somebody objected",
    "answer objection": "an objection was answered",
}
"""What happened to a record, in words; a move is called as its transition is."""
AT_ONCE = 30
"""Revisions, or entries of the log, on one page."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is there in both, or only in one: `same`, `added`, `removed`."""

    text: str
    how: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field, and what became of it."""

    label: str
    texts: tuple[tuple[str, tuple[Piece, ...]], ...]
    """Language tag and pieces, for a text that was changed inside."""
    before: tuple[Part, ...]
    after: tuple[Part, ...]
    erased: str
    said: Said | None
    grid: Grid | None = None
    """Of a table that stood there before and after: its rows, each with what became of it."""


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One revision in words."""

    number: int
    at: str
    by: str
    act: str
    status: str
    changes: tuple[Change, ...]
    erased: tuple[str, ...]
    reason: str
    reason_erased: bool
    digest: str
    before: int | None
    """The revision before, to compare with."""


@dataclass(frozen=True)
class HistoryPage(Page):
    """The revisions of a record."""

    template: ClassVar[str] = "foretrack/history.html"

    record: RecordPage
    kind_name: str
    kind_plural: str
    rows: tuple[RevisionRow, ...]
    older: int | None
    newest: bool
    """Whether this is the first page."""


@dataclass(frozen=True)
class DiffPage(Page):
    """What differs between two revisions."""

    template: ClassVar[str] = "foretrack/diff.html"

    record: RecordPage
    kind_name: str
    kind_plural: str
    first: int
    second: int
    status_before: str
    status_after: str
    changes: tuple[Change, ...]
    numbers: range


@dataclass(frozen=True)
class PastPage(Page):
    """A record as it was."""

    template: ClassVar[str] = "foretrack/past.html"

    record: RecordPage
    kind_name: str
    kind_plural: str
    fields: tuple[FieldLine, ...]
    newest: int


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry of the log in words."""

    line: AuditLine
    act: str
    by: str
    role: str
    subject: str
    href: str
    details: str


@dataclass(frozen=True)
class AuditView(Page):
    """Entries of the log, of one record or of everything."""

    template: ClassVar[str] = "foretrack/audit.html"

    record: RecordPage | None
    kind_name: str
    kind_plural: str
    rows: tuple[AuditRow, ...]
    older: int | None
    asked: Mapping[str, str]


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Two texts as one, with what was taken out and put in; Chinese by character, other scripts by word.

    >>> [(p.text, p.how) for p in pieces("solid cells", "solid state cells")]
    [('solid ', 'same'), ('state ', 'added'), ('cells', 'same')]
    """
    first, second = (
        re.findall(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+|\s+|.", t, re.DOTALL) for t in (before, after)
    )
    made = []
    for how, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if how == "equal":
            made.append(Piece("".join(first[a:b]), "same"))
        else:
            if b > a:
                made.append(Piece("".join(first[a:b]), "removed"))
            if d > c:
                made.append(Piece("".join(second[c:d]), "added"))
    return tuple(made)


MOST_COMPARED = 4000
"""Characters of a text that is compared word by word; a longer one is shown before and after."""


def rows_compared(before: Sequence[Json], after: Sequence[Json]) -> list[tuple[Mapping[str, Json], str]]:
    """The rows of two states of a table as one, each `same`, `removed` or `added`.

    >>> rows_compared([{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 3}])
    [({'a': 1}, 'same'), ({'a': 2}, 'removed'), ({'a': 3}, 'added')]
    """
    first, second = ([canonical(row) for row in rows] for rows in (before, after))
    made: list[tuple[Mapping[str, Json], str]] = []
    for how, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if how == "equal":
            made += [(row, "same") for row in before[a:b]]
        else:
            made += [(row, "removed") for row in before[a:b]] + [(row, "added") for row in after[c:d]]
    return made


def change_of(
    field: Field, before: Json, after: Json, language: str, titles: Mapping[str, str], *, erased: str = "",
    said: Mapping[str, Json] | None = None,
) -> Change:  # fmt: skip
    """One changed field in words."""
    if isinstance(field, Rows) and before and after:
        grid = grid_of(field, rows_compared(before, after), language, titles)
        return Change(field.label.text(language), (), (), (), erased, show_said(said), grid)
    texts: list[tuple[str, tuple[Piece, ...]]] = []
    if isinstance(field, Text | BilingualText) and not field.many and before and after:
        halves = (
            [("", str(before), str(after))]
            if isinstance(field, Text)
            else [
                (TAGS[t], before.get(t, ""), after.get(t, ""))
                for t in ("en", "zh")
                if before.get(t, "") != after.get(t, "")
            ]
        )
        if all(len(old) + len(new) <= MOST_COMPARED for _, old, new in halves):
            texts = [(tag, pieces(old, new)) for tag, old, new in halves]
    return Change(
        field.label.text(language), tuple(texts),
        () if before is None else show_value(field, before, language, titles),
        () if after is None else show_value(field, after, language, titles), erased, show_said(said),
    )  # fmt: skip


def act_word(kind: Kind | None, act: str, language: str) -> str:
    """What happened, in words.

    The names of acts that have no words yet are shown as they stand in the log.
    """
    name, colon, transition = act.partition(":")
    if colon and name == "move" and kind is not None:
        return next((t.label.text(language) for t in kind.transitions if t.name == transition), transition)
    return say(ACTS[act]) if act in ACTS else act


def who(actor: Actor, names: Mapping[str, str], key: str) -> str:
    """Whoever did something, as far as the actor may know."""
    if key == OPERATOR.key:
        return say("the operator of the machine")
    if key == actor.key:
        return names.get(key) or say("you")
    return names.get(key) or (say("somebody ({key})", key=key[-6:]) if key else say("the system"))


def _titles(actor: Actor, kind: Kind, bodies: Sequence[Mapping[str, Json]]) -> Mapping[str, str]:
    return titles_of(actor, [key for body in bodies for _, _, key in kind.points(body)])


def _row(
    kind: Kind, line: RevisionLine, earlier: int | None, actor: Actor, names: Mapping[str, str], titles: Mapping[str, str]
) -> RevisionRow:  # fmt: skip
    language = actor.language
    return RevisionRow(
        line.number, line.at, who(actor, names, line.by), act_word(kind, line.act, language),
        kind.state(line.status).label.text(language),
        tuple(
            change_of(
                kind.by_name[n], line.before.get(n), line.after.get(n), language, titles, said=line.provenance.get(n)
            )
            for n in line.changed
            if n in kind.by_name
        ),
        tuple(kind.by_name[n].label.text(language) for n in line.erased if n in kind.by_name),
        line.reason or "", line.reason_erased, line.digest, earlier,
    )  # fmt: skip


def _number(request: Request, name: str) -> int | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > 12:
        raise InputError.of(
            "{name} is {found!r}",
            expected="a number",
            do="follow a link of the page",
            name=name,
            found=text[:20],
        )
    return int(text)


@require_safe
def revisions(request: Request, key: str) -> HttpResponse:
    """The history of a record, the newest first."""
    registry, actor = request.registry, request.actor
    record = show(registry, actor, key)
    kind = registry.kinds.get(record.kind)
    before = _number(request, "before")
    lines = history(registry, actor, key, limit=AT_ONCE + 1, before=before)
    names = names_of(actor, [line.by for line in lines])
    titles = _titles(actor, kind, [body for line in lines for body in (line.before, line.after)])
    earlier = [line.number for line in lines[1:]] + [None]
    rows = tuple(
        _row(kind, line, before_it, actor, names, titles)
        for line, before_it in zip(lines, earlier, strict=True)
    )[:AT_ONCE]
    return render(
        request,
        HistoryPage(
            record, kind.name, kind.plural.text(actor.language), rows,
            rows[-1].number if len(lines) > AT_ONCE else None, before is None,
        ),
    )  # fmt: skip


@require_safe
def compare(request: Request, key: str) -> HttpResponse:
    """What differs between two revisions: `?first=1&second=3`."""
    registry, actor = request.registry, request.actor
    record = show(registry, actor, key)
    kind = registry.kinds.get(record.kind)
    second = _number(request, "second") or record.revision
    first = _number(request, "first") or max(1, second - 1)
    found = diff(registry, actor, key, first, second)
    bodies = [{c.name: c.before for c in found.changes}, {c.name: c.after for c in found.changes}]
    titles = _titles(actor, kind, bodies)
    return render(
        request,
        DiffPage(
            record, kind.name, kind.plural.text(actor.language), first, second,
            kind.state(found.status_before).label.text(actor.language),
            kind.state(found.status_after).label.text(actor.language),
            tuple(
                change_of(
                    kind.by_name[c.name], c.before, c.after, actor.language, titles, erased=c.erased, said=c.provenance
                )
                for c in found.changes
            ),
            range(1, record.revision + 1),
        ),
    )  # fmt: skip


@require_safe
def earlier(request: Request, key: str, number: str) -> HttpResponse:
    """A record as it was at one revision."""
    registry, actor = request.registry, request.actor
    now = show(registry, actor, key)
    found = past(registry, actor, key, int(number))
    kind = registry.kinds.get(found.kind)
    return render(
        request,
        PastPage(
            found, kind.name, kind.plural.text(actor.language), lines_of(actor, kind, found), now.revision
        ),
    )


@require_safe
def file(request: Request, key: str, sha256: str) -> HttpResponseBase:
    """A file of a record: saved, never opened inside the site."""
    found = read(request.registry, request.actor, key, sha256)
    answer = FileResponse(open(found.path, "rb"))  # noqa: SIM115 - the answer closes it when it was sent
    for name, value in found.headers.items():
        answer.headers[name] = value
    return answer


@require_safe
def audit(request: Request) -> HttpResponse:
    """The audit log, for those who may read it."""
    asked = {name: request.GET.get(name, "")[:120] for name in ("subject", "who", "act", "since", "until")}
    found = entries(
        request.registry, request.actor, **asked, before=_number(request, "before"), limit=AT_ONCE
    )
    return _audit(request, found, None, asked)


@require_safe
def audit_of(request: Request, key: str) -> HttpResponse:
    """The entries of the audit log about one record."""
    found = entries(
        request.registry, request.actor, subject=key, before=_number(request, "before"), limit=AT_ONCE
    )
    return _audit(request, found, show(request.registry, request.actor, key), {})


def _audit(
    request: Request, found: AuditPage, record: RecordPage | None, asked: Mapping[str, str]
) -> HttpResponse:
    registry, actor = request.registry, request.actor
    kinds = registry.kinds
    names = names_of(actor, [line.actor for line in found.lines])
    keys = [line.subject.partition(":")[2] for line in found.lines if line.subject.startswith("record:")]
    titles = titles_of(actor, keys)
    rows = []
    for line in found.lines:
        unit, _, name = line.subject.partition(":")
        kind_name = str(line.details.get("kind", ""))
        kind = kinds.get(kind_name) if kind_name in kinds.kinds else None
        rows.append(
            AuditRow(
                line, act_word(kind, line.act, actor.language), who(actor, names, line.actor),
                say(ROLE_WORDS[line.role]) if line.role in ROLE_WORDS else line.role,
                titles.get(name, name) if unit == "record" else line.subject,
                address("record", name) if unit == "record" and name in titles else "",
                " · ".join(f"{n} {_short(v)}" for n, v in line.details.items() if n not in ("kind", "digest")),
            )
        )  # fmt: skip
    kind = kinds.get(record.kind) if record else None
    return render(
        request,
        AuditView(
            record, kind.name if kind else "", kind.plural.text(actor.language) if kind else "", tuple(rows),
            found.older, asked,
        ),
    )  # fmt: skip


def _short(value: Json) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 80 else text[:77] + "…"
