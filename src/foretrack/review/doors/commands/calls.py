"""The command `call`: templates, calls, drawing and assigning reviewers, scores, decisions, trail and replay."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence
from foretrack.registry.doors.acting import As, acting
from foretrack.review.doors.commands import telling
from foretrack.terminal.session import Session
from foretrack.terminal.steps import Steps

if TYPE_CHECKING:
    from foretrack.registry.access.actor import Actor
    from foretrack.registry.registry import Registry

_TABLE = frozenset(("--format", "--output"))
_TAKES: Mapping[str, frozenset[str]] = {
    "list": _TABLE,
    "templates": _TABLE,
    "new": frozenset(("--template", "--file")),
    "show": frozenset(),
    "submissions": _TABLE,
    "draw": frozenset(("--seed", "--size", "--most-per-organisation")),
    "assign": frozenset(("--seed", "--partial")),
    "standings": _TABLE,
    "propose": _TABLE,
    "decide": frozenset(("--why", "--dissent", "--proposed")),
    "trail": frozenset(),
    "replay": _TABLE,
}
"""Steps, and the options that each takes."""
_KEYED = frozenset(_TAKES) - {"list", "templates", "new"}
_STAGED = frozenset(("draw", "assign", "standings", "propose", "decide"))
"""Steps about one stage of a call."""
STEPS = Steps("call", _TAKES, _KEYED, frozenset(("new",)), name=Sentence("the key of a call"))


def calls(
    session: Session,
    step: Annotated[
        str,
        typer.Argument(
            help="list, templates, new, show, submissions, draw, assign, standings, propose, decide, trail or "
            "replay.",
            metavar="[STEP]",
        ),
    ] = "list",
    name: Annotated[
        str | None,
        typer.Argument(
            help="The key of a call; new: FIELD=VALUE; trail: the key of any record.", metavar="[NAME]"
        ),
    ] = None,
    rest: Annotated[
        list[str] | None,
        typer.Argument(
            help="draw, assign, standings, propose, decide: the number of a stage; decide: SUBMISSION=OUTCOME after it; "
            "new: more FIELD=VALUE.",
            metavar="[VALUES]...",
        ),
    ] = None,
    template: Annotated[
        str, typer.Option("--template", help="new: the template that the call follows (PACK/TEMPLATE).")
    ] = "",
    file: Annotated[Path | None, typer.Option("--file", help="new: JSON file with values.")] = None,
    seed: Annotated[
        str,
        typer.Option(
            "--seed", help="draw, assign: a text that is published, such as the numbers of a lottery."
        ),
    ] = "",
    size: Annotated[int | None, typer.Option("--size", help="draw: how many reviewers.")] = None,
    most_per_organisation: Annotated[
        int | None,
        typer.Option("--most-per-organisation", help="draw: reviewers of one employer at most."),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="assign: give what can be given where reviewers are too few.")
    ] = False,
    why: Annotated[str, typer.Option("--why", help="decide: the reasons, for the applicants.")] = "",
    dissent: Annotated[
        str,
        typer.Option("--dissent", help="decide: who saw it otherwise and why; for officers and auditors."),
    ] = "",
    proposed: Annotated[
        bool, typer.Option("--proposed", help="decide: take what `propose` says for all that are not named.")
    ] = False,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="table, csv, json, parquet or xlsx.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a file; its ending can say the format.")
    ] = None,
    as_: As = None,
) -> None:
    """Run calls: begin one from a template, draw and assign reviewers, see scores, decide, compute all of it again."""
    given = {
        "--template": template, "--file": file, "--seed": seed, "--size": size,
        "--most-per-organisation": most_per_organisation, "--partial": partial, "--why": why, "--dissent": dissent,
        "--proposed": proposed, "--format": format, "--output": output,
    }  # fmt: skip
    STEPS.check(step, name, {option for option, told in given.items() if told not in (None, "", False)})
    values = list(rest or ())
    if values and step != "new" and step not in _STAGED:
        raise InputError.of(
            "{step} takes no values ({value!r})", step=step, value=values[0][:60], expected="options only",
            do="leave it out",
        )  # fmt: skip
    registry, actor = acting(session, as_)
    if step == "new":
        _new(session, registry, actor, template, [*([name] if name else []), *values], file)
        return
    if step in ("list", "templates"):
        _list(session, registry, actor, step, format, output)
        return
    assert name is not None
    if step not in _STAGED:
        _whole(session, registry, actor, step, name, format, output)
        return
    stage = _stage(values)
    if step == "draw":
        from foretrack.review.actions.drawing import draw_reviewers

        if size is None or not seed:
            raise InputError.of(
                "{option} is missing", option="--size" if size is None else "--seed",
                expected="how many, and a text that is published", do="add it",
            )  # fmt: skip
        drawn = draw_reviewers(
            registry, actor, name, stage, size=size, seed=seed, most_per_organisation=most_per_organisation
        )
        telling.draw(session, drawn)
    elif step == "assign":
        from foretrack.review.actions.assigning import assign_stage

        telling.run(session, assign_stage(registry, actor, name, stage, seed=seed, partial=partial))
    elif step == "standings":
        from foretrack.review.actions.standings import standings

        telling.standings(session, standings(registry, actor, name, stage), format, output)
    elif step == "propose":
        from foretrack.review.actions.deciding import propose

        telling.proposal(session, propose(registry, actor, name, stage), format, output)
    else:
        _decide(session, registry, actor, name, stage, values[1:], why, dissent, proposed=proposed)


def _stage(values: list[str]) -> int:
    if not values or not values[0].isdecimal():
        raise InputError.of(
            "{value} is no stage", value=repr(values[0][:40]) if values else "-", expected="the number of a stage",
            do="write it after the call, such as 1",
        )  # fmt: skip
    return int(values[0])


def _new(
    session: Session, registry: Registry, actor: Actor, template: str, values: list[str], file: Path | None
) -> None:
    from foretrack.registry.doors.commands.records import given_values
    from foretrack.review.actions.beginning import begin_call
    from foretrack.review.kinds import CALL

    if not template:
        raise InputError.of(
            "{option} is missing", option="--template", expected="PACK/TEMPLATE",
            do="look at `foretrack call templates`; without one: `foretrack record add call`",
        )  # fmt: skip
    telling.begun(
        session, begin_call(registry, actor, template, given_values(registry, CALL.name, values, file))
    )


def _list(
    session: Session, registry: Registry, actor: Actor, step: str, format: str | None, output: Path | None
) -> None:
    if step == "templates":
        from foretrack.review.actions.beginning import all_templates

        telling.templates(session, all_templates(registry), format, output)
        return
    from foretrack.review.actions.overview import calls_in_short

    telling.calls(session, calls_in_short(registry, actor), format, output)


def _whole(
    session: Session, registry: Registry, actor: Actor, step: str, name: str, format: str | None, output: Path | None
) -> None:  # fmt: skip
    if step == "show":
        from foretrack.review.actions.looking import call_page

        telling.call(session, call_page(registry, actor, name))
    elif step == "submissions":
        from foretrack.review.actions.overview import submissions_in_short

        telling.submissions(session, submissions_in_short(registry, actor, name), format, output)
    elif step == "trail":
        from foretrack.registry.actions.records import show
        from foretrack.review.actions.trail import came_from, listed_in

        key = show(registry, actor, name).key
        telling.trail(session, key, came_from(registry, actor, [key]).get(key, ()), listed_in(key))
    else:
        from foretrack.review.actions.replaying import replay

        telling.checks(session, replay(registry, actor, name), format, output)


def _decide(
    session: Session, registry: Registry, actor: Actor, name: str, stage: int, pairs: list[str], why: str, dissent: str,
    *, proposed: bool,
) -> None:  # fmt: skip
    from foretrack.review.actions.deciding import decide, propose

    outcomes: dict[str, str] = dict(propose(registry, actor, name, stage)) if proposed else {}
    for pair in pairs:
        key, equals, outcome = pair.partition("=")
        if not equals:
            raise InputError.of(
                "{pair!r} is no pair", pair=pair[:60], expected="SUBMISSION=OUTCOME", do="correct it"
            )
        outcomes[key.strip().upper()] = outcome.strip()
    decide(registry, actor, name, stage, outcomes, reasons=why, dissent=dissent)
    telling.decided(session, name, stage, outcomes)
