"""The command `target`: counts from published issues, what is behind them, indicators and ratings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence
from foretrack.registry.doors.acting import As, acting
from foretrack.targets.doors.speech import RATING_WORDS, STANDINGS
from foretrack.terminal.delivery import delivered
from foretrack.terminal.session import Session, plain
from foretrack.terminal.steps import Steps
from foretrack.terminal.tables import Column, number, table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from foretrack.foundation.messages import Messages
    from foretrack.packs.shapes import Bilingual
    from foretrack.targets.actions.counting import TargetPage

_ASKED = frozenset(("--as-of", "--direction", "--region", "--format", "--output"))
_TAKES: Mapping[str, frozenset[str]] = {
    "list": _ASKED | {"--pack"},
    "show": _ASKED - {"--format", "--output"},
    "behind": _ASKED,
    "indicator": frozenset(
        (
            "--label-en",
            "--label-zh",
            "--operator",
            "--threshold",
            "--unit",
            "--owner-en",
            "--owner-zh",
            "--source",
        )
    ),
    "value": frozenset(("--on", "--value", "--source", "--confidence")),
    "rate": frozenset(("--rating", "--why-en", "--why-zh", "--role-en", "--role-zh", "--evidence")),
}
"""Steps, and the options that each takes."""
STEPS = Steps("target", _TAKES, frozenset(_TAKES) - {"list"}, name=Sentence("the name of a target"))


def targets(
    session: Session,
    step: Annotated[
        str, typer.Argument(help="list, show, behind, indicator, value or rate.", metavar="[STEP]")
    ] = "list",
    name: Annotated[
        str | None, typer.Argument(help="A target, such as products-2025.", metavar="[NAME]")
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Count as of this day (2026-03-01).")] = None,
    pack: Annotated[str, typer.Option("--pack", help="list: only the targets of this pack.")] = "",
    direction: Annotated[str, typer.Option("--direction", help="Count only this direction (PACK/ID).")] = "",
    region: Annotated[
        str, typer.Option("--region", help="Count only this region and those inside it (CN-33).")
    ] = "",
    label_en: Annotated[
        str, typer.Option("--label-en", help="indicator: what is measured, in English.")
    ] = "",
    label_zh: Annotated[
        str, typer.Option("--label-zh", help="indicator: what is measured, in Chinese.")
    ] = "",
    operator: Annotated[str, typer.Option("--operator", help="indicator: >= or <=.")] = ">=",
    threshold: Annotated[
        float | None, typer.Option("--threshold", help="indicator: the value that has to be reached.")
    ] = None,
    unit: Annotated[str, typer.Option("--unit", help="indicator: its unit.")] = "",
    owner_en: Annotated[
        str, typer.Option("--owner-en", help="indicator: who answers for it, in English.")
    ] = "",
    owner_zh: Annotated[
        str, typer.Option("--owner-zh", help="indicator: who answers for it, in Chinese.")
    ] = "",
    source: Annotated[str, typer.Option("--source", help="indicator, value: where it comes from.")] = "",
    on: Annotated[str | None, typer.Option("--on", help="value: the day of the value.")] = None,
    value: Annotated[float | None, typer.Option("--value", help="value: the value.")] = None,
    confidence: Annotated[
        str, typer.Option("--confidence", help="value: V2, V, K or k, as packs mark it.")
    ] = "k",
    rating: Annotated[
        str, typer.Option("--rating", help="rate: on track, at risk, off track, reached or missed.")
    ] = "",
    why_en: Annotated[str, typer.Option("--why-en", help="rate: why, in English.")] = "",
    why_zh: Annotated[str, typer.Option("--why-zh", help="rate: why, in Chinese.")] = "",
    role_en: Annotated[str, typer.Option("--role-en", help="rate: in which role, in English.")] = "",
    role_zh: Annotated[str, typer.Option("--role-zh", help="rate: in which role, in Chinese.")] = "",
    evidence: Annotated[
        list[str] | None,
        typer.Option("--evidence", help="rate: key of a record or a web address; several times."),
    ] = None,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="table, csv, json, parquet or xlsx.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a file; its ending can say the format.")
    ] = None,
    as_: As = None,
) -> None:
    """Count targets from published lists, open a count down to its records, rate what has no number."""
    given = {
        "--as-of": as_of, "--pack": pack, "--direction": direction, "--region": region, "--label-en": label_en,
        "--label-zh": label_zh, "--operator": operator if operator != ">=" else "", "--threshold": threshold,
        "--unit": unit,
        "--owner-en": owner_en, "--owner-zh": owner_zh, "--source": source, "--on": on, "--value": value,
        "--confidence": confidence if confidence != "k" else "", "--rating": rating, "--why-en": why_en,
        "--why-zh": why_zh,
        "--role-en": role_en, "--role-zh": role_zh, "--evidence": evidence, "--format": format, "--output": output,
    }  # fmt: skip
    STEPS.check(step, name, {option for option, told in given.items() if told not in (None, "", [])})
    asked = {"as_of": _day("--as-of", as_of), "direction": direction, "region": region}
    registry, actor = acting(session, as_)
    if step == "list":
        from foretrack.targets.actions.counting import all_targets

        _list(session, all_targets(registry, pack=pack, **asked), format, output)  # type: ignore[arg-type]
        return
    from foretrack.targets.actions.counting import behind, show_target
    from foretrack.targets.actions.judging import add_value, declare_indicator, rate

    assert name is not None
    if step == "behind":
        found = behind(registry, name, **asked)  # type: ignore[arg-type]
        _behind(session, [asdict(one) for one in found], format, output)
        return
    if step == "show":
        page = show_target(registry, name, **asked)  # type: ignore[arg-type]
    elif step == "indicator":
        page = declare_indicator(
            registry, actor, name, label=_words(label_en, label_zh), operator=operator,
            threshold=_given("--threshold", threshold), owner=_words(owner_en, owner_zh), source=source, unit=unit,
        )  # fmt: skip
    elif step == "value":
        page = add_value(
            registry, actor, name, on=_day("--on", on) or registry.now().date(), value=_given("--value", value),
            source=source, confidence=confidence,
        )  # fmt: skip
    else:
        page = rate(
            registry, actor, name, rating=rating, narrative=_words(why_en, why_zh), role=_words(role_en, role_zh),
            evidence=evidence or [],
        )  # fmt: skip
    session.data(asdict(page))
    _show(session, page)


def _words(en: str, zh: str) -> dict[str, str]:
    return {language: text for language, text in (("en", en), ("zh", zh)) if text}


def _given(option: str, value: float | None) -> float:
    if value is None:
        raise InputError.of("{option} is missing", option=option, expected="a number", do="add it")
    return value


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError.of(
            "{option} {text}", option=option, text=repr(text), expected="a day", do="write it like this: {example}",
            example="2026-03-01",
        ) from None  # fmt: skip


def _list(session: Session, pages: tuple[TargetPage, ...], format: str | None, output: Path | None) -> None:
    say = session.say
    rows = [
        {
            "target": p.target, "label_en": p.label.en, "label_zh": p.label.zh, "by": p.by, "operator": p.operator,
            "value": p.value, "counted": p.counted, "standing": p.standing, "series": p.series, "issue": p.issue,
            "as_of": p.as_of, "confidence": p.confidence,
        }
        for p in pages
    ]  # fmt: skip
    columns = tuple(rows[0]) if rows else ("target",)
    if delivered(
        session, columns, rows, [asdict(p) for p in pages], format, output,
        lambda n: say("{n} targets are in {file}", n=n, file=plain(str(output))),
    ):  # fmt: skip
        return
    session.answer(targets_table(pages, say))
    session.note(
        say("Counted are entries of published lists, as of {day}.", day=pages[0].as_of if pages else "–")
    )


def targets_table(pages: Sequence[TargetPage], say: Messages) -> RenderableType:
    """Targets as a table for people."""
    headings = [
        Column(say("Target")), Column(say("What")), Column(say("By")), Column(say("Counted"), "right"),
        Column(say("Wanted"), "right"), Column(say("Standing")), Column(say("Confidence")),
    ]  # fmt: skip
    lines = [
        (
            p.target.partition("/")[2], p.label.text(say.language), p.by, number(p.counted, 0), number(p.value, 0),
            say(STANDINGS[p.standing]), p.confidence,
        )
        for p in pages
    ]  # fmt: skip
    return table(headings, lines)


def _behind(session: Session, rows: list[dict[str, Any]], format: str | None, output: Path | None) -> None:
    say = session.say
    flat = [
        {
            **{k: v for k, v in row.items() if k != "title"},
            "title_en": row["title"]["en"],
            "title_zh": row["title"]["zh"],
        }
        for row in rows
    ]
    columns = (
        "record", "title_en", "title_zh", "revision", "revision_digest", "direction", "region", "track", "series",
        "issue", "valid_to",
    )  # fmt: skip
    if delivered(
        session, columns, flat, rows, format, output,
        lambda n: say("{n} lines are in {file}", n=n, file=plain(str(output))),
    ):  # fmt: skip
        return
    headings = [
        Column(say("Record"), wrap=False), Column(say("Title")), Column(say("Revision"), "right"), Column(say("Track")),
        Column(say("Region")), Column(say("Issue"), "right"), Column(say("Valid until")),
    ]  # fmt: skip
    title = "title_zh" if say.language == "zh" else "title_en"
    session.answer(
        table(
            headings,
            [
                (
                    row["record"], row[title] or row["title_en"] or row["title_zh"], str(row["revision"]), row["track"],
                    row["region"], str(row["issue"]), row["valid_to"] or "–",
                )
                for row in flat
            ],
        )
    )  # fmt: skip


def _show(session: Session, page: TargetPage) -> None:
    say, language = session.say, session.language

    def text(words: Bilingual) -> str:
        return plain(words.text(language))

    session.answer(
        text(page.label),
        say("{target}, clause {clause}, by {by}", target=page.target, clause=page.clause, by=page.by),
    )
    session.answer(
        say(
            "Counted: {counted}. Wanted: {wanted}. {standing}. As of {day}. Source {source}, confidence {confidence}.",
            counted=number(page.counted, 0), wanted=number(page.value, 0), standing=say(STANDINGS[page.standing]),
            day=page.as_of, source=", ".join(page.source), confidence=page.confidence,
        )
    )  # fmt: skip
    for heading, counts in ((say("Per direction"), page.directions), (say("Per region"), page.regions)):
        if counts:
            session.answer(heading + ": " + ", ".join(f"{name or '–'} {n}" for name, n in counts.items()))
    for step in page.steps:
        session.answer(
            say(
                "Issue {number} ({day}): {entered} entered, {left} left, {counted} counted", number=step.issue,
                day=step.published_on, entered=step.entered, left=step.left, counted=step.counted,
            )
        )  # fmt: skip
    if page.indicator is not None:
        one = page.indicator
        session.answer(
            say(
                "Measured by {label}: {value} (wanted {operator} {threshold} {unit}), owner {owner}, source {source}",
                label=text(one.label), value=number(one.value), operator=one.operator, threshold=number(one.threshold),
                unit=plain(one.unit), owner=text(one.owner), source=plain(one.value_source or one.source),
            )
        )  # fmt: skip
    if page.rating is not None:
        session.answer(
            say(
                "Rated {rating} on {day} by {role}: {why}", rating=say(RATING_WORDS[page.rating.rating]),
                day=page.rating.at, role=text(page.rating.role), why=text(page.rating.narrative),
            )
        )  # fmt: skip
