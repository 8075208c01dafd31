"""The command `search`: what answers a question, and why."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from foretrack.foundation.errors import InputError
from foretrack.registry.doors.acting import As, acting
from foretrack.terminal.session import Session, plain
from foretrack.terminal.tables import Column, table

if TYPE_CHECKING:
    from rich.table import Table

    from foretrack.foundation.messages import Messages
    from foretrack.search.shapes import Answer, Hit, Note, Span

VALUES_SHOWN = 6
"""Values of a facet that the terminal shows; JSON has more."""


def search(
    session: Session,
    query: Annotated[
        str, typer.Argument(help='Words; "a phrase"; -excluded. Empty lists the newest.', metavar="[QUERY]")
    ] = "",
    unit: Annotated[
        list[str] | None,
        typer.Option("--unit", help="Only records, concepts, technologies, documents: record, concept..."),
    ] = None,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only this kind. May be repeated.")] = None,
    facet: Annotated[
        list[str] | None,
        typer.Option(
            "--facet", help="NAME=VALUE, such as region=CN-33. May be repeated.", metavar="NAME=VALUE"
        ),
    ] = None,
    newest: Annotated[bool, typer.Option("--newest", help="Order by date instead of nearness.")] = False,
    words: Annotated[bool, typer.Option("--words", help="Compare words only, not meanings.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", help="At most so many hits, 200 at once.")] = 10,
    offset: Annotated[int, typer.Option("--offset", help="Hits to skip.")] = 0,
    as_: As = None,
) -> None:
    """Search records, concepts, technologies and documents by words and meaning, in English and Chinese."""
    filters: dict[str, list[str]] = {"kind": list(kind)} if kind else {}
    for given in facet or ():
        name, sign, value = given.partition("=")
        if not (name and sign and value):
            raise InputError.of(
                "the facet {given!r}", expected="NAME=VALUE", do="write it like this: {example}",
                given=given, example="region=CN-33",
            )  # fmt: skip
        filters.setdefault(name, []).append(value)
    _, actor = acting(session, as_)
    from foretrack.search.actions.records import seen_by
    from foretrack.search.actions.searching import search as find

    answer = find(
        query, viewer=seen_by(actor), units=unit or (), filters=filters, limit=limit, offset=offset,
        language=session.language, order="newest" if newest else "relevance",
        embedder=None if words else "installed",
    )  # fmt: skip
    session.data(asdict(answer))
    for note in answer.notes:
        if note.code != "no_vectors" or not words:
            session.note(_note(note, session.say))
    session.answer(_table(answer, session.say), *_facets(answer), _summary(answer, session.say))


def _table(answer: Answer, say: Messages) -> Table:
    columns = (
        Column(say("Rank"), "right", wrap=False), Column(say("Sort of thing"), wrap=False), Column(say("Title")),
        Column(say("Why")), Column(say("Key"), wrap=False),
    )  # fmt: skip
    rows = [
        (str(hit.rank), hit.unit, _marked(hit.title, hit.why.title), _why(hit, say), hit.key)
        for hit in answer.hits
    ]
    return table(columns, rows)


def _marked(text: str, spans: tuple[Span, ...]) -> str:
    """The text with brackets around what was found: a terminal that is piped has no colours."""
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], "[", text[span.start : span.end], "]"]
        at = span.end
    return plain("".join([*parts, text[at:]]))


def _why(hit: Hit, say: Messages) -> str:
    why = hit.why
    ways = {
        "identifier": say("its identifier"),
        "words": say("all words"),
        "some words": say("some words"),
        "meaning": say("near in meaning"),
        "listed": "",
    }
    parts = [ways[why.way]]
    parts += [
        say("{said} = {found}", said=plain(match.said), found=plain(match.found))
        for match in why.matches
        if match.because == "translation"
    ]
    missing = [plain(match.said) for match in why.matches if not match.fields]
    if why.way == "some words" and missing:
        parts.append(say("without {words}", words=", ".join(missing)))
    if why.way in ("meaning", "some words") and why.similarity is not None:
        parts.append(say("similarity {n}", n=f"{why.similarity:.2f}"))
    text = "; ".join(part for part in parts if part)
    return f"{text}\n{_marked(why.snippet, why.marked)}" if why.snippet and why.marked else text


def _facets(answer: Answer) -> list[str]:
    lines = []
    for facet in answer.facets:
        values = ", ".join(f"{plain(v.value)} {v.n}" for v in facet.values[:VALUES_SHOWN])
        more = "" if facet.n_values <= VALUES_SHOWN else " …"
        lines.append(f"{plain(facet.name)}: {values}{more}")
    return lines


def _summary(answer: Answer, say: Messages) -> str:
    if not answer.total:
        return say("Nothing was found.")
    if answer.total == answer.n_words:
        return say("{n} hits", n=answer.total)
    return say(
        "{n} hits with all words, {m} with some of them or near in meaning",
        n=answer.n_words, m=answer.total - answer.n_words,
    )  # fmt: skip


def _note(note: Note, say: Messages) -> str:
    if note.code == "no_vectors":
        return say("Meanings are not indexed yet, so only words are compared: foretrack index meanings")
    if note.code == "vectors_behind":
        return say("{n} things are found by words only, until their meaning is indexed", n=note.n)
    if note.code == "translated":
        return say("Also looked for: {text}", text=note.text)
    if note.code == "first_only":
        return say("The first {n} hits are ordered closely, the rest by title and length", n=note.n)
    if note.code == "index_behind":
        return say("{n} records of an import are not indexed yet", n=note.n)
    return say("Nothing has all the words; these are near")
