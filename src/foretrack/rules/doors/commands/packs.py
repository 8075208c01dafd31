"""The command `pack`: which packs there are, what they say, whether one is usable, and rules applied to a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foretrack.foundation.errors import InputError
from foretrack.foundation.made import Made
from foretrack.foundation.sentences import Sentence
from foretrack.terminal.delivery import delivered, known_format
from foretrack.terminal.session import Session, plain
from foretrack.terminal.steps import Steps
from foretrack.terminal.tables import Column, table

if TYPE_CHECKING:
    from foretrack.foundation.messages import Messages
    from foretrack.packs.rule_shapes import Rule
    from foretrack.packs.shapes import Bilingual, Pack
    from foretrack.rules.actions.sheets import SheetRow


def pack(
    session: Session,
    step: Annotated[
        str,
        typer.Argument(help="list, show, check, crosswalk, clauses, template or assess.", metavar="[STEP]"),
    ] = "list",
    name: Annotated[
        str | None,
        typer.Argument(
            help="show, clauses: a pack. check: a folder. crosswalk: a crosswalk or pack. template: a rule. "
            "assess: a table (.csv, .xlsx, .json).",
            metavar="[NAME]",
        ),
    ] = None,
    rule: Annotated[
        str | None, typer.Option("--pack", help="assess: the rule, its series, or a pack with one rule.")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", help="The day on which rules are in force (2025-06-30); else today.")
    ] = None,
    overlay: Annotated[
        str | None, typer.Option("--overlay", help="template, assess: what a region adds to the rule.")
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option("--what-if", help="assess: indicator=value, what if it were so. May be repeated."),
    ] = None,
    concept: Annotated[
        str | None, typer.Option("--concept", help="crosswalk: only this concept, on either side.")
    ] = None,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="table, csv, json, parquet or xlsx.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a file; its ending can say the format.")
    ] = None,
) -> None:
    """Show policy packs and their crosswalks and clauses, check one of your own, and assess a table by a rule."""
    given = {
        "--pack": rule, "--on": on, "--overlay": overlay, "--what-if": what_if, "--concept": concept,
        "--format": format, "--output": output,
    }  # fmt: skip
    _check(step, name, {option for option, value in given.items() if value not in (None, [], ())})
    known_format(format)
    day = _day(on)
    give = _Giving(session, format, output)
    if step == "list":
        _list(give, day)
    elif step == "show":
        _show(give, name or "", day)
    elif step == "check":
        _check_folder(give, Path(name or ""), day)
    elif step == "crosswalk":
        _crosswalk(give, name, concept)
    elif step == "clauses":
        _clauses(give, name)
    elif step == "template":
        _template(give, name or "", day, overlay)
    else:
        _assess(give, Path(name or ""), rule, day, overlay, what_if or [])


_OUT = frozenset(("--format", "--output"))
_TAKES: dict[str, frozenset[str]] = {
    "list": _OUT | {"--on"},
    "show": _OUT | {"--on"},
    "check": frozenset(),
    "crosswalk": _OUT | {"--concept"},
    "clauses": _OUT,
    "template": _OUT | {"--on", "--overlay"},
    "assess": _OUT | {"--pack", "--on", "--overlay", "--what-if"},
}
"""Steps, and the options that each takes."""
STEPS = Steps(
    "pack", _TAKES, frozenset(("show", "check", "template", "assess")), frozenset(("crosswalk", "clauses")),
    Sentence("the id of a pack, a folder or a file"),
)  # fmt: skip


def _check(step: str, name: str | None, options: set[str]) -> None:
    STEPS.check(step, name, options)
    if step == "assess" and "--pack" not in options:
        raise InputError.of(
            "no rule to assess by",
            expected="--pack with a rule, such as --pack innovative-sme",
            do="look at `foretrack pack list`",
        )


def _day(on: str | None) -> str:
    """The day given, or today."""
    from foretrack.foundation.clock import system_clock
    from foretrack.packs.reading import is_date

    if on is None:
        return system_clock().date().isoformat()
    if not is_date(on):
        raise InputError.of(
            "the day {on!r}", expected="an ISO date such as 2025-06-30", do="correct --on", on=on
        )
    return on


class _Giving:
    """How an answer that is a list is given: as a table for people, as JSON, as CSV or into a file."""

    def __init__(self, session: Session, format: str | None, output: Path | None) -> None:
        self.session, self.format, self.output, self.say = session, format, output, session.say

    def rows(
        self,
        columns: tuple[str, ...],
        rows: Sequence[dict[str, Any]],
        whole: object,
        draw: Callable[[], None],
    ) -> None:
        """The rows as data where data was asked for, else `draw` draws them."""
        told = lambda n: self.say("{n} lines are in {file}", n=n, file=plain(str(self.output)))  # noqa: E731
        if not delivered(self.session, columns, rows, whole, self.format, self.output, told):
            draw()

    def text(self, label: Bilingual | Mapping[str, str]) -> str:
        """A label in the reader's language."""
        if isinstance(label, Mapping):
            first, second = label.get("en", ""), label.get("zh", "")
            return (second or first) if self.session.language == "zh" else (first or second)
        return label.text(self.session.language)


def _packs(session: Session) -> tuple[Pack, ...]:
    """The built-in packs and those of the workspace, where the folder is one."""
    from foretrack.packs.loading import load_packs

    here = (session.workspace / "foretrack.toml").is_file()
    return load_packs([session.workspace / "packs"] if here else [])


def _list(give: _Giving, on: str) -> None:
    from foretrack.packs.describing import describe_line

    lines = [describe_line(pack, on) for pack in _packs(give.session)]
    columns = (
        "pack", "version", "title_en", "title_zh", "jurisdiction", "valid_from", "valid_to", "in_force", "confidence",
        "holds", "fingerprint",
    )  # fmt: skip
    rows = [
        {
            **line,
            "title_en": line["title"]["en"],
            "title_zh": line["title"]["zh"],
            "holds": _held(line["holds"]),
        }
        for line in lines
    ]
    say = give.say

    def draw() -> None:
        heads = [
            Column(say("Pack"), wrap=False), Column(say("Title")), Column(say("Version"), wrap=False),
            Column(say("In force"), wrap=False), Column(say("Confidence"), wrap=False), Column(say("Holds")),
            Column(say("Fingerprint"), wrap=False),
        ]  # fmt: skip
        give.session.answer(
            table(
                heads,
                [
                    [
                        line["pack"], give.text(line["title"]), line["version"],
                        f"{line['valid_from']} – {line['valid_to'] or '…'}" + ("" if line["in_force"] else " ×"),
                        line["confidence"], _held_in_words(line["holds"], say), line["fingerprint"][:12],
                    ]
                    for line in lines
                ],
            )
        )  # fmt: skip

    give.rows(columns, rows, {"on": on, "packs": lines}, draw)


def _held(holds: Mapping[str, int]) -> str:
    return ", ".join(f"{part} {n}" for part, n in holds.items())


def _held_in_words(holds: Mapping[str, int], say: Messages) -> str:
    from foretrack.rules.doors.speech import PARTS

    return ", ".join(f"{say(PARTS[part])} {n}" for part, n in holds.items())


def _show(give: _Giving, name: str, on: str) -> None:
    from foretrack.packs.describing import describe_pack, entry_rows
    from foretrack.packs.loading import choose_pack

    pack = choose_pack(_packs(give.session), name)
    rows = list(entry_rows(pack))
    say = give.say

    def draw() -> None:
        heads = [
            Column(say("Part"), wrap=False), Column(say("Identifier"), wrap=False), Column(say("Label")),
            Column(say("Clause"), wrap=False), Column(say("Source"), wrap=False), Column(say("Confidence"), wrap=False),
        ]  # fmt: skip
        give.session.answer(
            plain(f"{give.text(pack.title)} ({pack.id}, {pack.version})"),
            say("In force from {first} to {last}", first=pack.valid_from, last=pack.valid_to or "…"),
            *([plain(give.text(pack.note))] if give.text(pack.note) else []),
            table(
                heads,
                [
                    [
                        row["part"], row["id"], give.text({"en": row["label_en"], "zh": row["label_zh"]}),
                        row["clause"], row["source"], row["confidence"],
                    ]
                    for row in rows
                ],
            ),
            table(
                [Column(say("Source"), wrap=False), Column(say("Title")), Column(say("Confidence"), wrap=False)],
                [[source.id, source.title, source.confidence] for source in pack.sources],
            ),
        )  # fmt: skip

    columns = ("part", "id", "label_en", "label_zh", "clause", "source", "confidence")
    give.rows(columns, rows, describe_pack(pack, on), draw)


def _check_folder(give: _Giving, folder: Path, on: str) -> None:
    from foretrack.packs.describing import describe_line
    from foretrack.packs.loading import load_pack

    pack = load_pack(folder)
    line = describe_line(pack, on)
    give.session.data(line)
    give.session.answer(
        give.say(
            "The pack {pack} is usable: {holds}. SHA-256 {fingerprint}",
            pack=pack.id,
            holds=_held_in_words(line["holds"], give.say),
            fingerprint=pack.fingerprint,
        )
    )


def _crosswalk(give: _Giving, name: str | None, concept: str | None) -> None:
    from foretrack.packs.describing import describe_value, mapping_rows
    from foretrack.rules.doors.speech import RELATIONS

    packs = _packs(give.session)
    every = [(pack, walk) for pack in packs for walk in pack.crosswalks]
    chosen = [walk for pack, walk in every if name is None or name in (pack.id, walk.id)]
    if not chosen:
        raise InputError.of(
            "there is no crosswalk {name!r}",
            expected="one of {known}",
            do="correct the name",
            name=name,
            known=", ".join(walk.id for _, walk in every),
        )
    rows = [
        row
        for walk in chosen
        for row in mapping_rows(walk)
        if concept is None or concept in (row["from"], row["to"])
    ]
    if not rows:
        raise InputError.of(
            "no crosswalk says anything about {concept!r}",
            expected="a concept on either side",
            do="leave --concept out to see all",
            concept=concept,
        )
    say = give.say

    def draw() -> None:
        heads = [
            Column(say("Crosswalk"), wrap=False), Column(say("Concept"), wrap=False), Column(say("Relation"), wrap=False),
            Column(say("Counterpart"), wrap=False), Column(say("Confidence"), wrap=False), Column(say("Note")),
        ]  # fmt: skip
        give.session.answer(
            table(
                heads,
                [
                    [
                        row["crosswalk"], row["from"], say(RELATIONS[row["relation"]]), row["to"] or "–",
                        row["confidence"], give.text({"en": row["note_en"], "zh": row["note_zh"]}),
                    ]
                    for row in rows
                ],
            )
        )  # fmt: skip

    whole = {
        "crosswalks": [
            {key: value for key, value in describe_value(walk).items() if key not in ("mappings", "unmapped")}
            for walk in chosen
        ],
        "mappings": rows,
    }
    columns = (
        "crosswalk",
        "origin",
        "from",
        "relation",
        "destination",
        "to",
        "confidence",
        "note_en",
        "note_zh",
    )
    give.rows(columns, rows, whole, draw)


def _clauses(give: _Giving, name: str | None) -> None:
    from foretrack.packs.describing import describe_clause_map
    from foretrack.packs.loading import DEFAULT_PACK, choose_pack
    from foretrack.rules.doors.speech import ROWS

    pack = choose_pack(_packs(give.session), name or DEFAULT_PACK, holding="systems")
    whole = describe_clause_map(pack)
    say = give.say
    rows = [
        {
            **row,
            "label_en": row["label"]["en"],
            "label_zh": row["label"]["zh"],
            "mechanisms": ", ".join(row["mechanisms"]),
            "served_by": ", ".join(f"{service['what']} {service['name']}" for service in row["served_by"]),
            "missing_en": (row["missing"] or {}).get("en"),
            "missing_zh": (row["missing"] or {}).get("zh"),
        }
        for row in whole["rows"]
    ]

    def draw() -> None:
        heads = [
            Column(say("Row"), wrap=False), Column(say("Clause"), wrap=False), Column(say("What is called for")),
            Column(say("Standing"), wrap=False), Column(say("Served by")), Column(say("Missing")),
            Column(say("Waits for")),
        ]  # fmt: skip
        give.session.answer(
            say(
                "Of {n} systems that the policy calls for, {served} are served, {partly} partly, {not_yet} not yet.",
                n=len(rows), served=whole["served"], partly=whole["partly"], not_yet=whole["not_yet"],
            ),
            table(
                heads,
                [
                    [
                        row["id"], row["clause"], give.text(row["label"]), say(ROWS[row["standing"]]),
                        row["served_by"] or "–", give.text(row["missing"] or {}), row["waits_for"] or "",
                    ]
                    for row in rows
                ],
            ),
        )  # fmt: skip

    columns = (
        "id", "clause", "label_en", "label_zh", "mechanisms", "standing", "served_by", "missing_en", "missing_zh",
        "waits_for",
    )  # fmt: skip
    give.rows(columns, rows, whole, draw)


def _template(give: _Giving, name: str, on: str, overlay: str | None) -> None:
    from foretrack.packs.describing import describe_value
    from foretrack.rules.choosing import choose_overlay, choose_rule, laid_over
    from foretrack.rules.doors.speech import TYPES

    packs = _packs(give.session)
    rule = choose_rule(packs, name, on)
    if overlay is not None:
        rule = laid_over(rule, choose_overlay(packs, overlay, rule, on))
    indicators = list(rule.known_indicators().values())
    say = give.say

    def draw() -> None:
        heads = [
            Column(say("Column"), wrap=False), Column(say("What to enter")), Column(say("Question")),
            Column(say("Source"), wrap=False), Column(say("Confidence"), wrap=False),
        ]  # fmt: skip
        body = []
        for i in indicators:
            enter = say(TYPES[i.type]) + (f" {i.unit}" if i.unit else "")
            if i.choices:
                enter += ": " + ", ".join(f"{c.id} ({give.text(c.label)})" for c in i.choices)
            question = give.text(i.question) if (i.question.en or i.question.zh) else give.text(i.label)
            body.append([i.id, enter, question, ", ".join(i.source), i.confidence])
        give.session.answer(plain(f"{give.text(rule.label)} ({rule.full_id})"), table(heads, body))
        give.session.note(
            say("Next: foretrack pack template {rule} --on {on} --output FILE.csv", rule=rule.full_id, on=on)
        )

    columns = ("name", *(i.id for i in indicators))
    whole = {
        "rule": rule.full_id,
        "on": on,
        "columns": list(columns),
        "indicators": describe_value(indicators),
    }
    give.rows(columns, [], whole, draw)


def _assess(
    give: _Giving, path: Path, name: str | None, on: str, overlay: str | None, changes: list[str]
) -> None:
    from foretrack.rules.actions.sheets import assess_sheet
    from foretrack.rules.choosing import choose_overlay, choose_rule, laid_over

    packs = _packs(give.session)
    rule = choose_rule(packs, name or "", on)
    laid = choose_overlay(packs, overlay, rule, on) if overlay is not None else None
    with give.session.progress() as report:
        found = assess_sheet(path, rule, on=on, overlay=laid, changes=_changes(changes), progress=report)
    if not found:
        raise InputError.of(
            "{path} has no row", expected="at least one row under the heading", do="fill it in", path=path
        )
    whole = {
        "rule": rule.full_id,
        "on": on,
        "overlay": laid.full_id if laid else None,
        "rows": Made(len(found), lambda place: _traced(found[place])),
    }
    columns, rows = _flat(found, laid_over(rule, laid) if laid else rule, give)
    give.rows(columns, rows, whole, lambda: _draw(give, found, rule))
    rejected = sum(row.problem is not None for row in found)
    if rejected:
        give.session.warn(
            give.say("{n} of {all} rows were not assessed; each says why.", n=rejected, all=len(found))
        )


def _traced(row: SheetRow) -> dict[str, Any]:
    """One row as JSON, with every reason."""
    from foretrack.rules.answers import to_json

    assessment, comparison = row.traced()
    return {
        "row": row.row,
        "name": row.name,
        "assessment": to_json(assessment),
        "comparison": to_json(comparison),
        "problem": str(row.problem) if row.problem else None,
    }


def _changes(given: list[str]) -> dict[str, str]:
    changes = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise InputError.of(
                "the change {text!r}",
                expected="indicator=value, such as rd-ratio=3.5",
                do="correct --what-if",
                text=text,
            )
        changes[name.strip()] = value.strip()
    return changes


def _flat(
    found: Sequence[SheetRow], rule: Rule, give: _Giving
) -> tuple[tuple[str, ...], Sequence[dict[str, Any]]]:  # fmt: skip
    """One flat row per row of the table: outcome, score, groups, what is missing."""
    groups = [group.id for group in rule.groups]
    columns = (
        "row", "name", "outcome", "score_low", "score_high",
        *(f"{group}_{end}" for group in groups for end in ("low", "high")),
        "missing", "gaps", "then_outcome", "then_score_low", "then_score_high", "problem",
    )  # fmt: skip
    return columns, Made(len(found), lambda place: _flat_row(found[place], give))


def _flat_row(row: SheetRow, give: _Giving) -> dict[str, Any]:
    a, then = row.brief, row.then
    flat: dict[str, Any] = {"row": row.row, "name": row.name, "problem": row.told(give.say) or None}
    if a is None:
        return {**flat, "outcome": "rejected"}
    flat |= {"outcome": a.outcome, "score_low": a.score.low, "score_high": a.score.high}
    for name, points in a.groups.items():
        flat |= {f"{name}_low": points.low, f"{name}_high": points.high}
    flat |= {"missing": ", ".join(a.missing), "gaps": "; ".join(f"{g.name} {g.needs}" for g in a.gaps)}
    if then is not None:
        flat |= {
            "then_outcome": then.outcome,
            "then_score_low": then.score.low,
            "then_score_high": then.score.high,
        }
    return flat


def _draw(give: _Giving, found: Sequence[SheetRow], rule: Rule) -> None:
    from foretrack.rules.doors.pages import assessment_parts, points_text
    from foretrack.rules.doors.speech import STANDINGS

    say = give.say
    heads = [
        Column(say("Row"), "right", wrap=False), Column(say("Name")), Column(say("Outcome"), wrap=False),
        Column(say("Points"), "right", wrap=False), Column(say("What if"), wrap=False), Column(say("Missing or wrong")),
    ]  # fmt: skip
    body = []
    for row in found:
        a, then = row.brief, row.then
        body.append(
            [
                str(row.row), row.name, say(STANDINGS[a.outcome if a else "rejected"]),
                points_text(a.score, a.maximum) if a else "–",
                f"{say(STANDINGS[then.outcome])}, {points_text(then.score, then.maximum)}" if then else "",
                ", ".join(a.missing) if a else row.told(say),
            ]
        )  # fmt: skip
    notes = [give.text(rule.note)] if (rule.note.en or rule.note.zh) else []
    give.session.answer(
        plain(f"{give.text(rule.label)} ({rule.full_id}, {rule.confidence})"), *notes, table(heads, body)
    )
    if len(found) == 1 and (whole := found[0].assessment) is not None:
        give.session.answer(*assessment_parts(whole, give.text, say))
