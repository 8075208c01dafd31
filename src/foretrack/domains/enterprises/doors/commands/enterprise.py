"""The command `enterprise`: a ladder's template, a table of enterprises assessed by it, and the funnel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foretrack.domains.enterprises.doors.speech import STAGE_WORDS
from foretrack.foundation.errors import InputError
from foretrack.foundation.made import Made
from foretrack.foundation.sentences import Sentence
from foretrack.registry.doors.acting import As, acting
from foretrack.terminal.delivery import delivered, known_format
from foretrack.terminal.session import Session, plain
from foretrack.terminal.steps import Steps
from foretrack.terminal.tables import Column, table

if TYPE_CHECKING:
    from foretrack.domains.enterprises.actions.assessing import Assessed
    from foretrack.domains.enterprises.blocks import Asked, Firm
    from foretrack.domains.enterprises.levels import LevelAnswer

PACK = "cn-srdi-2022"
"""The ladder where none is named."""
_OUT = frozenset(("--format", "--output"))
STEPS = Steps(
    "enterprise",
    {
        "template": _OUT | {"--pack", "--on", "--overlay"},
        "assess": _OUT | {"--pack", "--on", "--overlay", "--what-if", "--brief", "--way"},
        "funnel": _OUT | {"--echelon", "--region", "--year", "--as"},
    },
    frozenset(("assess",)),
    name=Sentence("a file"),
)


def enterprise(
    session: Session,
    step: Annotated[str, typer.Argument(help="template, assess or funnel.", metavar="STEP")],
    file: Annotated[
        Path | None, typer.Argument(help="assess: a table of enterprises (.csv, .xlsx).", metavar="[FILE]")
    ] = None,
    pack: Annotated[str, typer.Option("--pack", help="A ladder, or a pack with one.")] = PACK,
    on: Annotated[
        str | None,
        typer.Option(
            "--on", help="The day on which rules are in force (2025-06-30); else today, or their last day."
        ),
    ] = None,
    overlay: Annotated[
        list[str] | None, typer.Option("--overlay", help="What a region adds to a rule. May be repeated.")
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if", help="assess: indicator=value or indicator=+amount, for every row. May be repeated."
        ),
    ] = None,
    brief: Annotated[bool, typer.Option("--brief", help="assess: JSON without the whole trace.")] = False,
    way: Annotated[
        bool, typer.Option("--way", help="assess: the cheapest way of each enterprise to the next echelon.")
    ] = False,
    echelon: Annotated[
        str, typer.Option("--echelon", help="funnel: only this one (quality-sme/little-giant).")
    ] = "",
    region: Annotated[
        str, typer.Option("--region", help="funnel: only this region and those inside it (CN-33).")
    ] = "",
    year: Annotated[int | None, typer.Option("--year", help="funnel: only this year.")] = None,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="table, csv, json, parquet or xlsx.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a file; its ending can say the format.")
    ] = None,
    as_: As = None,
) -> None:
    """Assess enterprises by the echelons of a ladder: level, points, gaps, and what if; or give the table to fill in."""
    given = {
        "--pack": pack if pack != PACK else None, "--on": on, "--overlay": overlay, "--what-if": what_if,
        "--brief": brief or None, "--way": way or None, "--echelon": echelon, "--region": region, "--year": year,
        "--as": as_,
        "--format": format, "--output": output,
    }  # fmt: skip
    STEPS.check(step, str(file) if file else None, {name for name, told in given.items() if told})
    known_format(format)
    if step == "funnel":
        _funnel(session, as_, echelon, region, year, format, output)
        return
    asked = _asked(session, pack, on, overlay or [])
    if step == "template":
        _template(session, asked, format, output)
    else:
        assert file is not None
        _assess(session, asked, file, what_if or [], (brief, way), format, output)


def _funnel(
    session: Session, email: str | None, echelon: str, region: str, year: int | None, format: str | None,
    output: Path | None,
) -> None:  # fmt: skip
    registry, actor = acting(session, email)
    from foretrack.domains.enterprises.actions.funnel import funnel
    from foretrack.domains.enterprises.doors.told import funnel_json
    from foretrack.domains.enterprises.funnel import STAGES

    say = session.say
    found = funnel(registry, actor, echelon=echelon, region=region, year=year)
    rows: list[dict[str, str | int]] = [
        {"region": one.region, "year": one.year, "stage": one.stage, "n": one.n} for one in found.counts
    ]
    told = lambda n: say("{n} lines are in {file}", n=n, file=plain(str(output)))  # noqa: E731
    whole = funnel_json(found)
    if delivered(session, ("region", "year", "stage", "n"), rows, whole, format, output, told):
        return
    heads = [
        Column(say("Region"), wrap=False), Column(say("Year"), "right", wrap=False),
        *(Column(say(STAGE_WORDS[stage]), "right") for stage in STAGES),
    ]  # fmt: skip
    counted = {(one.region, one.year, one.stage): one.n for one in found.counts}
    places = sorted({(one.region, one.year) for one in found.counts})
    body = [
        [place, str(of), *(str(counted.get((place, of, stage), 0)) for stage in STAGES)]
        for place, of in places
    ]
    session.answer(table(heads, body))


def _asked(session: Session, pack: str, on: str | None, overlays: list[str]) -> Asked:
    from foretrack.domains.enterprises.actions.assessing import asked_by
    from foretrack.foundation.clock import system_clock
    from foretrack.packs.reading import is_date

    if on is not None and not is_date(on):
        raise InputError.of(
            "the day {on!r}", expected="an ISO date such as 2025-06-30", do="correct --on", on=on
        )
    here = (session.workspace / "foretrack.toml").is_file()
    asked = asked_by(
        pack, today=system_clock().date().isoformat(), on=on, overlays=overlays,
        paths=[session.workspace / "packs"] if here else [],
    )  # fmt: skip
    if asked.moved:
        session.warn(
            session.say(
                "{ladder} is not in force today: its rules of {on} are used. Name a day with --on.",
                ladder=asked.steps.ladder.label.text(session.language), on=asked.steps.on,
            )
        )  # fmt: skip
    return asked


def _template(session: Session, asked: Asked, format: str | None, output: Path | None) -> None:
    from foretrack.domains.enterprises.actions.assessing import columns_of
    from foretrack.domains.enterprises.blocks import ABOUT
    from foretrack.domains.enterprises.doors.told import asked_json
    from foretrack.packs.describing import describe_value
    from foretrack.rules.doors.speech import TYPES

    say, language = session.say, session.language
    columns = columns_of(asked.indicators, language)
    whole = {
        **asked_json(asked),
        "columns": list(columns.values()),
        "indicators": describe_value(list(asked.indicators.values())),
    }
    told = lambda n: say("The template is in {file}: {n} columns.", file=plain(str(output)), n=len(columns))  # noqa: E731
    if delivered(session, tuple(columns.values()), [], whole, format, output, told):
        return
    heads = [
        Column(say("Column"), wrap=False), Column(say("What to enter")), Column(say("Question")),
        Column(say("Confidence"), wrap=False),
    ]  # fmt: skip
    rows = [[columns[name], label.text(language), "", ""] for name, label in ABOUT.items()]
    for name, one in asked.indicators.items():
        enter = say(TYPES[one.type]) + (f" {one.unit}" if one.unit else "")
        if one.choices:
            enter += ": " + ", ".join(f"{c.id} ({c.label.text(language)})" for c in one.choices)
        question = one.question.text(language) or one.label.text(language)
        rows.append([columns[name], enter, question, one.confidence])
    session.answer(plain(asked.steps.ladder.label.text(language)), table(heads, rows))
    session.note(
        say(
            "Next: foretrack enterprise template --pack {pack} --output FILE.csv",
            pack=asked.steps.ladder.pack,
        )
    )


def _assess(
    session: Session, asked: Asked, file: Path, what_if: list[str], how: tuple[bool, bool], format: str | None,
    output: Path | None,
) -> None:  # fmt: skip
    from foretrack.domains.enterprises.actions.assessing import assess_table
    from foretrack.domains.enterprises.changes import read_changes
    from foretrack.domains.enterprises.doors.told import assessed_json, firm_json, flat_columns, flat_row

    say = session.say
    told = lambda n: say("{n} lines are in {file}", n=n, file=plain(str(output)))  # noqa: E731
    with session.progress() as report:
        found = assess_table(
            file, asked, read_changes(what_if, asked.indicators), way=how[1], progress=report
        )
        firms = found.firms

        def firm(place: int) -> Firm:
            report("writing", place + 1, len(firms))
            return firms[place]

        rows = Made(len(firms), lambda place: flat_row(firm(place), say))
        whole = assessed_json(found, say, trace=not how[0])
        whole["firms"] = Made(len(firms), lambda place: firm_json(firm(place), say, trace=not how[0]))
        given = delivered(session, flat_columns(found), rows, whole, format, output, told)
    if not given:
        _draw(session, found)
    if found.left_out:
        session.note(
            say(
                "Columns that no rule of this ladder asks for were left out: {columns}",
                columns=", ".join(found.left_out),
            )
        )
    if rejected := found.rejected():
        session.warn(
            say("{n} of {all} rows were not assessed; each says why.", n=rejected, all=len(found.firms))
        )


def _draw(session: Session, found: Assessed) -> None:
    from foretrack.domains.enterprises.doors.told import problems_text, way_text
    from foretrack.rules.doors.pages import assessment_parts, points_text
    from foretrack.rules.doors.speech import STANDINGS

    say, language = session.say, session.language
    ladder = found.asked.steps.ladder
    labels = {one.id: one.label.text(language) for one in ladder.echelons}

    def level(answer: LevelAnswer) -> str:
        sure = labels[answer.level] if answer.level else say("none")
        if answer.possible != answer.level and answer.possible is not None:
            return say("{level}; perhaps {possible}", level=sure, possible=labels[answer.possible])
        return sure

    heads = [
        Column(say("Row"), "right", wrap=False), Column(say("Name")), Column(say("Level reached")),
        *(Column(label) for label in labels.values()),
        *((Column(say("What if")),) if found.changes else ()),
        *((Column(say("Cheapest way up")),) if any(firm.way for firm in found.firms) else ()),
        Column(say("Missing or wrong")),
    ]  # fmt: skip
    body = []
    ways = any(firm.way for firm in found.firms)
    for firm in found.firms:
        if firm.answer is None:
            gap = [""] * (len(labels) + bool(found.changes) + ways)
            body.append(
                [str(firm.row), firm.name or firm.code, say("rejected"), *gap, problems_text(firm, say)]
            )
            continue
        missing = dict.fromkeys(name for one in firm.answer.echelons for name in one.brief.missing)
        cells = [
            f"{say(STANDINGS[one.standing])} {points_text(one.brief.score, one.brief.maximum)}"
            for one in firm.answer.echelons
        ]
        then = [level(firm.then)] if firm.then else [""] if found.changes else []
        body.append(
            [
                str(firm.row),
                firm.name or firm.code,
                level(firm.answer),
                *cells,
                *then,
                *([way_text(firm, say)] if ways else []),
                ", ".join(missing),
            ]
        )
    session.answer(
        plain(f"{ladder.label.text(language)} ({ladder.id}, {found.asked.steps.on}, {ladder.confidence})"),
        table(heads, body),
        table(
            [Column(say("Level reached")), Column(say("Enterprises"), "right", wrap=False)],
            [[labels.get(name, say("none")), str(n)] for name, n in found.levels().items()],
        ),
    )
    if len(found.firms) == 1 and (answer := found.firms[0].answer) is not None:
        for one in answer.echelons:
            session.answer(
                plain(one.label.text(language)),
                *assessment_parts(one.assessment, lambda label: label.text(language), say),
            )
