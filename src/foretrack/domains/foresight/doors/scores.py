"""Scores of past forecasts as tables, for the terminal and the report alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType

from foretrack.domains.foresight.doors.audit_words import audit_in_words
from foretrack.domains.foresight.doors.speech import LINK_METHODS, METHODS, SCORED_UNITS, TARGETS
from foretrack.foundation.messages import Messages
from foretrack.terminal.session import plain
from foretrack.terminal.tables import Column, table

if TYPE_CHECKING:
    from foretrack.domains.foresight.actions.scoreboard import Scoreboard, ScoreboardLine

if TYPE_CHECKING:
    from foretrack.domains.foresight.actions.scoreboard import Scoreboard, ScoreboardLine

METRICS: tuple[tuple[str, str, int], ...] = (
    ("auc", "AUC", 3),
    ("ap_lift", "AP lift", 2),
    ("csi", "CSI", 3),
    ("p50", "P@50", 3),
    ("ece", "ECE", 3),
)
"""(metric, heading, digits) of the columns; the JSON has more."""
NAMES_SHOWN = 10
"""Misses and false alarms that the terminal names; the JSON has 20 of each origin."""


def figure(estimate: Mapping[str, Any] | None, digits: int = 3, *, sign: bool = False) -> str:
    """A value with its 95 % interval; a dash where nothing is claimed.

    >>> figure({"value": 0.9134, "low": 0.905, "high": 0.92})
    '.913 .905–.920'
    >>> figure({"value": -0.01, "low": -0.02, "high": 0.0}, 2, sign=True), figure(None)
    ('-.01 [-.02, +.00]', '–')
    >>> figure({"value": 0.5, "low": None, "high": 2.0}, 1)
    '.5 [–, 2.0]'
    """
    if not estimate or estimate.get("value") is None:
        return "–"

    def told(value: float | None) -> str:
        text = "–" if value is None else f"{value:{'+' if sign else ''}.{digits}f}"
        return text.replace("0.", ".", 1) if text.lstrip("+-").startswith("0.") else text

    value, low, high = (told(estimate.get(key)) for key in ("value", "low", "high"))
    # A dash between signed numbers would be read as a sign, one beside a missing end as another.
    return f"{value} [{low}, {high}]" if sign or low[0] in "-–" or high == "–" else f"{value} {low}–{high}"


def score_rows(methods: Mapping[str, Any], say: Messages) -> list[list[str]]:
    """One row a method, the model first: its name, then the figures of `METRICS`."""
    return [
        [
            say(METHODS.get(name, name)),
            *(figure(methods[name].get(metric), digits) for metric, _, digits in METRICS),
        ]
        for name in ordered(methods)
    ]


def difference_rows(methods: Mapping[str, Any], say: Messages) -> list[list[str]]:
    """One row a baseline: the model's figures minus its own, paired."""
    return [
        [
            say(METHODS.get(name, name)),
            *(
                figure(methods[name]["difference"].get(metric), digits, sign=True)
                for metric, _, digits in METRICS
            ),
        ]
        for name in ordered(methods)
        if "difference" in methods[name]
    ]


def ordered(methods: Mapping[str, Any]) -> list[str]:
    """Names of methods in the order of the manual; what is no method is left out."""
    return [name for name in METHODS if name in methods]


def backtest_pages(answer: Mapping[str, Any], say: Messages) -> list[RenderableType]:
    """The whole of one backtest for the terminal."""
    parts: list[RenderableType] = [
        plain(text)
        for text in (headline(answer, say), *audit_in_words(answer["audit"], say), *legend(answer, say))
    ]
    for target, unit, methods in judged(answer):
        parts += _target_tables(target, unit, methods, say)
    for unit in SCORED_UNITS:
        if unit in answer["quantiles"]:
            parts.append(_quantile_table(unit, answer["quantiles"][unit], say))
    for unit in SCORED_UNITS:
        if unit in answer["lead"]:
            parts.append(_lead_table(unit, answer["lead"][unit], say))
    if answer["links"]:
        parts.append(
            table(
                _link_columns(say), link_rows(answer["links"], say), title=_link_title(answer["links"], say)
            )
        )
    parts += name_tables(answer, say)
    parts += [plain(sentence) for sentence in left_out(answer, say)]
    return parts


def left_out(answer: Mapping[str, Any], say: Messages) -> list[str]:
    """What was not judged and why, one sentence each."""
    return [
        f"{say('Left out')}: {say(SCORED_UNITS.get(unit, unit))}, "
        f"{say(METHODS[method]) if method in METHODS else say('all methods')}: {why}"
        for unit, reasons in answer["left_out"].items()
        for method, why in reasons.items()
    ]


def link_rows(links: Mapping[str, Any], say: Messages) -> list[list[str]]:
    """One row a method: how well it told which pairs of concepts were studied together within three years."""
    found = [[say(METHODS["model"]), *(figure(links[name]) for name in ("auc", "ap")), "–"]]
    for name, words in LINK_METHODS.items():
        if name in links:
            told = links[name]
            difference = figure(told["difference"]["auc"], sign=True)
            found.append([say(words), figure(told["auc"]), figure(told["ap"]), difference])
    return found


def _link_columns(say: Messages) -> list[Column]:
    headings = ("AUC", "AP", say("the model's AUC minus its own"))
    return [Column(say("Method")), *(Column(heading, "right") for heading in headings)]


def _link_title(links: Mapping[str, Any], say: Messages) -> str:
    base = figure(links["base_rate"])
    return f"{say('Pairs of concepts studied together within three years')} · {say('base rate')} {base}"


def headline(answer: Mapping[str, Any], say: Messages) -> str:
    """What was judged, in one sentence."""
    return say(
        "Forecasts of {first} to {last}, judged by what came until {known}. Method {method}, snapshot {snapshot}.",
        first=answer["origins"][0], last=answer["origins"][-1], known=answer["known_until"], method=answer["method"],
        snapshot=answer["snapshot"],
    )  # fmt: skip


def legend(answer: Mapping[str, Any], say: Messages) -> list[str]:
    """What the columns mean and what stands behind each figure."""
    return [
        say("AUC: true above false. AP lift: average precision over the base rate. CSI: right calls over right calls, "
            "false alarms and misses. P@50: precision of the first 50. ECE: distance of promised and observed rates."),
        say("After each figure its 95 % interval: {draws} bootstrap draws of whole concepts, means over the origins.",
            draws=f"{answer['draws']:,}"),
        *([say("Skill: part of the climatology's loss that is saved. 80 % held: outcomes inside the 80 % range.")]
          if answer["quantiles"] else []),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """A table of the report."""

    title: str
    headings: tuple[str, ...]
    rows: list[list[str]]
    folded: bool = False
    """Whether a reader must open it."""


@dataclass(frozen=True, slots=True)
class ScoreTables:
    """The scoreboard as the report shows it."""

    head: str
    legend: str
    audit: list[str]
    """Verdict of the leak audit, in sentences."""
    left_out: list[str]
    """What was not judged and why."""
    tables: list[ScoreTable]
    names: list[ScoreTable]


def score_tables(found: Scoreboard, say: Messages) -> ScoreTables:
    """The newest backtest in full, the earlier ones in a line each, misses and false alarms by name."""
    answer = found.newest
    headings = tuple(heading for _, heading, _ in METRICS)
    tables = [
        ScoreTable(
            _title(target, unit, methods, say),
            (say("Method"), *headings),
            score_rows(methods, say),
            folded=target != "EG3" or unit == "concept_multiword",
        )
        for target, unit, methods in judged(answer)
    ]
    for target, unit, methods in judged(answer):
        differences = difference_rows(methods, say)
        if differences and target == "EG3" and unit != "concept_multiword":
            title = f"{say('The model minus each baseline, paired')} · {say(TARGETS[target])} · {say(SCORED_UNITS[unit])}"
            tables.append(ScoreTable(title, (say("Method"), *headings), differences, folded=True))
    for unit in SCORED_UNITS:
        if unit in answer["quantiles"]:
            told = _quantile_headings(say)[:-1]
            rows = [row[:-1] for row in _quantile_rows(answer["quantiles"][unit], say)]
            tables.append(ScoreTable(_quantile_title(unit, say), tuple(told), rows, folded=unit != "concept"))
    if len(found.lines) > 1:
        rows = [
            [line_name(line, say), *cells]
            for line in found.lines
            if (cells := line_cells(line, "EG3", "concept")) is not None
        ]
        title = f"{say('All stored backtests')} · {say(TARGETS['EG3'])} · {say(SCORED_UNITS['concept'])}"
        tables.append(ScoreTable(title, (say("Backtest"), *headings), rows))
    names = [ScoreTable(title, (), rows) for title, rows in named(answer, say)]
    if answer["links"]:
        title, links = _link_title(answer["links"], say), link_rows(answer["links"], say)
        headed = tuple(str(column.heading) for column in _link_columns(say))
        tables.append(ScoreTable(title, headed, links, folded=True))
    audit = audit_in_words(answer["audit"], say)
    return ScoreTables(
        headline(answer, say), " ".join(legend(answer, say)), audit, left_out(answer, say), tables, names
    )


def _title(target: str, unit: str, methods: Mapping[str, Any], say: Messages) -> str:
    base = figure(methods["base_rate"])
    return f"{say(TARGETS[target])} · {say(SCORED_UNITS[unit])} · {say('base rate')} {base}"


def _target_tables(target: str, unit: str, methods: Mapping[str, Any], say: Messages) -> list[RenderableType]:
    title = _title(target, unit, methods, say)
    found: list[RenderableType] = [table(_columns(say), score_rows(methods, say), title=title)]
    differences = difference_rows(methods, say)
    # The JSON has all of them; these are the ones to read.
    if differences and target == "EG3" and unit != "concept_multiword":
        found.append(table(_columns(say), differences, title=say("The model minus each baseline, paired")))
    return found


def _columns(say: Messages) -> list[Column]:
    return [Column(say("Method")), *(Column(heading, "right", wrap=False) for _, heading, _ in METRICS)]


def judged(answer: Mapping[str, Any]) -> list[tuple[str, str, Mapping[str, Any]]]:
    """(target, unit, methods) of what was judged, in the order of the manual: stored JSON has its keys sorted."""
    return [
        (target, unit, answer["targets"][target][unit])
        for target in TARGETS
        for unit in SCORED_UNITS
        if unit in answer["targets"].get(target, {})
    ]


def _quantile_title(unit: str, say: Messages) -> str:
    return f"{say('Ranges of shares, one to five years ahead')} · {say(SCORED_UNITS[unit])}"


def _quantile_headings(say: Messages) -> list[str]:
    return [
        say("Method"), say("Pinball skill"), say("CRPS skill"), say("80 % held"), say("90 % held"),
        say("80 %, by documents"),
    ]  # fmt: skip


def _quantile_rows(methods: Mapping[str, Any], say: Messages) -> list[list[str]]:
    from foretrack.domains.foresight.backtest.judging import BIN_NAMES

    rows = []
    for name in ordered(methods):
        found = methods[name]
        bins = found.get("coverage_80", {}).get("bins", {})
        held = [bins[name]["value"] for name in BIN_NAMES if name in bins]
        told = "  ".join("–" if value is None else f"{value:.2f}".removeprefix("0") for value in held)
        keys = ("pinball_skill", "crps_skill", "coverage_80", "coverage_90")
        rows.append([say(METHODS.get(name, name)), *(figure(found.get(key)) for key in keys), told])
    return rows


def _quantile_table(unit: str, methods: Mapping[str, Any], say: Messages) -> RenderableType:
    first, *between, last = _quantile_headings(say)
    columns = [Column(first), *(Column(each, "right", wrap=False) for each in between), Column(last, "right")]
    return table(columns, _quantile_rows(methods, say), title=_quantile_title(unit, say))


def _lead_table(unit: str, methods: Mapping[str, Any], say: Messages) -> RenderableType:
    columns = [
        Column(say("Method")),
        Column(say("Median lead, years"), "right", wrap=False),
        Column(say("Arrived"), "right", wrap=False),
        Column(say("Called before"), "right", wrap=False),
        Column(say("Alarms"), "right", wrap=False),
        Column(say("Never arrived"), "right", wrap=False),
    ]
    rows = []
    for name in ordered(methods):
        found = methods[name]
        counts = [f"{found[key]:,}" for key in ("n_arrived", "n_called", "n_alarms", "n_false")]
        lead = figure(found["median"], 1)
        rows.append([say(METHODS.get(name, name)), lead if lead != "–" else say("never"), *counts])
    title = say("How long before the top 5 % by share, with as many alarms as the model gives")
    return table(columns, rows, title=f"{title} · {say(SCORED_UNITS[unit])}")


def name_tables(answer: Mapping[str, Any], say: Messages) -> list[RenderableType]:
    """Misses and false alarms of the model at the last origin, by name."""
    return [table(_name_columns(say), rows, title=title) for title, rows in named(answer, say)]


def named(answer: Mapping[str, Any], say: Messages) -> list[tuple[str, list[list[str]]]]:
    """(title, rows) of the false alarms and misses of the model at the last origin."""
    found: list[tuple[str, list[list[str]]]] = []
    last = answer["origins"][-1]
    for unit in (unit for unit in SCORED_UNITS if unit in answer["lists"].get("EG3", {})):
        lists = answer["lists"]["EG3"][unit]
        for kind, words in (
            (
                "false_alarms",
                say("False alarms: among the first 50 as of {year}, and did not grow so", year=last),
            ),
            ("misses", say("Misses: grew extremely after {year} and was not called", year=last)),
        ):
            rows = [name_row(each) for each in lists[kind] if each["origin"] == last][:NAMES_SHOWN]
            if rows:
                found.append((f"{words} · {say(SCORED_UNITS[unit])}", rows))
    return found


def _name_columns(say: Messages) -> list[Column]:
    return [
        Column(say("Rank"), "right", wrap=False),
        Column(say("Name")),
        Column(say("Promised"), "right", wrap=False),
        Column(say("Later share over past peak"), "right", wrap=False),
    ]


def name_row(each: Mapping[str, Any]) -> list[str]:
    """Rank, name, probability and what came, of one listed unit."""
    promised, growth = each["probability"], each["growth"]
    return [
        str(each["rank"]),
        each["label"],
        "–" if promised is None else f"{100 * promised:.0f} %",
        "–" if growth is None else f"{growth:.1f}",
    ]


def scoreboard_pages(found: Scoreboard, say: Messages) -> list[RenderableType]:
    """All stored backtests as lines, then the newest one's names."""
    columns = [
        Column(say("Backtest")),
        Column(say("Method"), wrap=False),
        Column(say("Origins"), wrap=False),
        *(Column(f"EG3 {heading}", "right", wrap=False) for _, heading, _ in METRICS),
    ]
    parts: list[RenderableType] = []
    for unit in SCORED_UNITS:
        rows = [
            [line_name(line, say), line.method, f"{line.first_origin}–{line.last_origin}", *cells]
            for line in found.lines
            if (cells := line_cells(line, "EG3", unit)) is not None
        ]
        if rows:
            parts.append(table(columns, rows, title=say(SCORED_UNITS[unit])))
    return [*parts, *name_tables(found.newest, say)]


def line_name(line: ScoreboardLine, say: Messages) -> str:
    """The stored name, marked when the corpus has changed since."""
    return line.backtest if line.current else f"{line.backtest} ({say('an earlier corpus')})"


def line_cells(line: ScoreboardLine, target: str, unit: str) -> Sequence[str] | None:
    """Figures of the model in one line; None when that unit was not judged."""
    scores = line.scores.get(target, {}).get(unit)
    return None if scores is None else [figure(scores.get(metric), digits) for metric, _, digits in METRICS]
