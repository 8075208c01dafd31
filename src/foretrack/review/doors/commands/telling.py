"""How the command `call` tells what the actions answer: JSON of a documented shape, files, tables for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foretrack.terminal.delivery import delivered
from foretrack.terminal.session import Session, plain
from foretrack.terminal.tables import Column, number, table

if TYPE_CHECKING:
    from foretrack.review.actions.beginning import Begun, TemplateLine
    from foretrack.review.actions.overview import CallShort, SubmissionShort
    from foretrack.review.actions.trail import Listing, Origin
    from foretrack.review.answers import CallPage, Check, DrawLine, RunAnswer, Standings


def _table(
    session: Session, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], headings: Mapping[str, str],
    format: str | None, output: Path | None, *, right: Sequence[str] = (), whole: object = None,
) -> bool:  # fmt: skip
    """Gives rows as data where that was asked for, else as a table; whether a table was printed."""
    say = session.say
    flat = [
        {
            name: "; ".join(map(str, v)) if isinstance(v := row.get(name), list | tuple) else v
            for name in columns
        }
        for row in rows
    ]
    if delivered(
        session, tuple(columns), flat, rows if whole is None else whole, format, output,
        lambda n: say("{n} lines are in {file}", n=n, file=plain(str(output))),
    ):  # fmt: skip
        return False
    made = [
        Column(
            heading, "right" if name in right else "left", wrap=name not in ("call", "submission", "template")
        )
        for name, heading in headings.items()
    ]
    session.answer(table(made, [tuple(_cell(row[name]) for name in headings) for row in flat]))
    return True


def _cell(value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, float):
        return number(value, 2)
    return plain(str(value))


def calls(session: Session, lines: Sequence[CallShort], format: str | None, output: Path | None) -> None:
    """Calls, open ones first."""
    say = session.say
    rows = [asdict(one) for one in lines]
    columns = tuple(rows[0]) if rows else ("call",)
    headings = {
        "call": say("Call"), "title": say("Title"), "status_label": say("State"), "of_kind": say("Kind of record"),
        "opens_on": say("Opens on"), "closes_on": say("Closes on"),
    }  # fmt: skip
    _table(session, rows, columns, headings if rows else {"call": say("Call")}, format, output)


def templates(
    session: Session, lines: Sequence[TemplateLine], format: str | None, output: Path | None
) -> None:
    """Templates of the installed packs."""
    say, language = session.say, session.language
    rows = [
        {
            "template": one.template, "label_en": one.label.en, "label_zh": one.label.zh,
            "of_kind": one.values["of_kind"],
            "valid_from": one.valid_from, "valid_to": one.valid_to, "in_force": one.in_force,
            "limits": _limits(one, language), "unknown_en": one.unknown.en, "unknown_zh": one.unknown.zh,
            "confidence": one.confidence,
        }
        for one in lines
    ]  # fmt: skip
    unknown = "unknown_zh" if language == "zh" else "unknown_en"
    headings = {
        "template": say("Template"), "label_zh" if language == "zh" else "label_en": say("What"),
        "of_kind": say("Kind of record"), "limits": say("Limits"), unknown: say("To be filled in by hand"),
        "confidence": say("Confidence"),
    }  # fmt: skip
    _table(
        session, rows, tuple(rows[0]) if rows else ("template",), headings, format, output,
        whole=[asdict(one) for one in lines],
    )  # fmt: skip


def _limits(line: TemplateLine, language: str) -> str:
    """What the measure says beside the kind of record, in the words of the form of a call."""
    from foretrack.review.kinds import CALL

    told = []
    for name, value in line.values.items():
        if name not in ("of_kind", "series"):
            field = CALL.by_name[name]
            told.append(f"{field.label.text(language)}: {field.show(value, language)}")
    return "; ".join(told)


def begun(session: Session, answer: Begun) -> None:
    """A call that was begun."""
    say, language = session.say, session.language
    session.data(asdict(answer))
    session.answer(
        say("Begun: {key}, a draft after {template}", key=answer.call, template=answer.template.template)
    )
    session.answer(say("Filled in from the template: {fields}", fields=", ".join(answer.filled) or "–"))
    if answer.missing:
        session.answer(say("Still missing: {fields}", fields=", ".join(answer.missing)))
    if answer.template.unknown.text(language):
        session.answer(
            say("The template leaves open: {what}", what=plain(answer.template.unknown.text(language)))
        )


def call(session: Session, page: CallPage) -> None:
    """One call, as the actor may see it."""
    say = session.say
    session.data(asdict(page))
    session.answer(plain(page.title))
    session.answer(
        say(
            "{key}: {state}, for records of the kind {kind}, {opens} to {closes}", key=page.call,
            state=page.status_label, kind=page.of_kind, opens=page.opens_on, closes=page.closes_on,
        )
    )  # fmt: skip
    if page.counts:
        session.answer(", ".join(f"{state} {n}" for state, n in page.counts.items()))
    rows = [asdict(stage) for stage in page.stages]
    headings = [
        Column(say("Stage"), "right"), Column(say("Name")), Column(say("Blind")), Column(say("Reviewers"), "right"),
        Column(say("Score sheet")), Column(say("Submissions"), "right"), Column(say("Sheets"), "right"),
    ]  # fmt: skip
    session.answer(
        table(
            headings,
            [
                (
                    str(row["number"]), plain(row["name"]), say("yes") if row["blind"] else say("no"),
                    str(row["reviewers"]), plain(row["rubric"]), _cell(row["submissions"]),
                    "–" if row["tasks"] is None else f"{row['done']} / {row['tasks']}",
                )
                for row in rows
            ],
        )
    )  # fmt: skip


def submissions(
    session: Session, lines: Sequence[SubmissionShort], format: str | None, output: Path | None
) -> None:
    """Submissions of a call."""
    say = session.say
    rows = [asdict(one) for one in lines]
    columns = tuple(rows[0]) if rows else ("submission",)
    headings = {
        "code": say("Code"), "submission": say("Submission"), "title": say("Title"), "organisation": say("Applicant"),
        "region": say("Region"), "status_label": say("State"), "eligibility": say("Eligibility"), "stage": say("Stage"),
    }  # fmt: skip
    _table(session, rows, columns, headings if rows else {"submission": say("Submission")}, format, output)


def draw(session: Session, line: DrawLine) -> None:
    """A draw, as everybody may see it."""
    say = session.say
    session.data(asdict(line))
    session.answer(
        say(
            "Drawn: {n} of {of}, with the seed {seed}",
            n=line.drawn,
            of=len(line.tickets),
            seed=plain(line.seed),
        )
    )
    session.answer(say("SHA-256 of the candidates: {digest}", digest=line.list_digest))
    session.answer(say("To draw again: {check}", check=plain(line.check)))


def run(session: Session, answer: RunAnswer) -> None:
    """What an assignment did."""
    say = session.say
    session.data(asdict(answer))
    session.answer(
        say(
            "Given: {n} sheets of {submissions} submissions to {reviewers} reviewers; {conflicts} pairs have a conflict",
            n=answer.given, submissions=answer.submissions, reviewers=answer.reviewers, conflicts=answer.conflicts,
        ),
        say("Fit {total} of at most {bound}", total=number(answer.total, 3), bound=number(answer.bound, 3)),
    )  # fmt: skip
    for key, n in answer.missing.items():
        session.answer(say("{key} lacks {n} reviewers", key=key, n=n))


def standings(session: Session, answer: Standings, format: str | None, output: Path | None) -> None:
    """A stage after its scores."""
    say = session.say
    rows = [asdict(one) for one in answer.lines]
    columns = tuple(rows[0]) if rows else ("submission",)
    headings = {
        "rank": say("Rank"), "code": say("Code"), "title": say("Title"), "sheets": say("Sheets"), "raw": say("Raw"),
        "corrected": say("Corrected"), "error": say("Standard error"), "outcome": say("Outcome"),
    }  # fmt: skip
    printed = _table(
        session, rows, columns, headings if rows else {"submission": say("Submission")}, format, output,
        right=("rank", "sheets", "raw", "corrected", "error"), whole=asdict(answer),
    )  # fmt: skip
    if printed:
        session.note(
            say(
                "Agreement (Krippendorff's alpha): {alpha}. Sheets not sent: {late}. Flags: {flags}.",
                alpha=number(answer.alpha, 2), late=answer.late, flags=len(answer.flags),
            )
        )  # fmt: skip


def proposal(session: Session, outcomes: Mapping[str, str], format: str | None, output: Path | None) -> None:
    """What ranks and limits would give."""
    say = session.say
    rows = [{"submission": key, "outcome": outcome} for key, outcome in outcomes.items()]
    headings = {"submission": say("Submission"), "outcome": say("Outcome")}
    _table(session, rows, ("submission", "outcome"), headings, format, output, whole=dict(outcomes))


def decided(session: Session, key: str, stage: int, outcomes: Mapping[str, str]) -> None:
    """What was decided."""
    session.data({"call": key, "stage": stage, "decided": dict(outcomes)})
    session.answer(session.say("Decided about {n} submissions", n=len(outcomes)))


def trail(session: Session, key: str, origins: Sequence[Origin], listings: Sequence[Listing]) -> None:
    """From which call a record came, and into which issues it went."""
    say = session.say
    session.data(
        {
            "record": key,
            "origins": [asdict(one) for one in origins],
            "listings": [asdict(one) for one in listings],
        }
    )
    if not origins:
        session.answer(say("The record came through no call"))
    for one in origins:
        session.answer(
            f"{one.call}  {plain(one.call_title)}", f"  {one.submission}  {one.code}  {one.status_label}"
        )
        session.answer(
            "  "
            + say(
                "Handed in as revision {n} ({digest})", n=one.subject_revision, digest=one.subject_digest[:12]
            )
        )
        for step in one.decisions:
            told = say(
                "Stage {stage}: {outcome} on {day}, log entry {entry} ({digest})", stage=step.stage, outcome=step.outcome,
                day=step.at[:10], entry=step.log_entry, digest=step.digest[:12],
            )  # fmt: skip
            session.answer("  " + told)
    for listing in listings:
        told = say(
            "{series}, issue {number} of {day}, revision {revision}", series=listing.series, number=listing.issue,
            day=listing.published_on, revision=listing.revision,
        )  # fmt: skip
        session.answer(told if listing.listed else f"{told}: {say('no longer listed')}")


def checks(session: Session, found: Sequence[Check], format: str | None, output: Path | None) -> None:
    """Everything of a review, computed again."""
    say = session.say
    rows = [asdict(one) for one in found]
    wrong = [row for row in rows if not row["same"]]
    headings = {"what": say("What"), "where": say("Where"), "problem": say("Problem")}
    columns = tuple(rows[0]) if rows else ("what", "where", "same", "problem")
    if delivered(
        session, columns, rows, rows, format, output,
        lambda n: say("{n} lines are in {file}", n=n, file=plain(str(output))),
    ):  # fmt: skip
        return
    if wrong:
        session.answer(
            table(
                [Column(one) for one in headings.values()],
                [tuple(_cell(row[n]) for n in headings) for row in wrong],
            )
        )
    session.answer(
        say("Computed again: {same} of {all} the same", same=len(rows) - len(wrong), all=len(rows))
    )
