"""Candidates as tables, as cards for narrow terminals, and as rows for files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from rich.console import Console, ConsoleOptions, RenderableType

from foretrack.domains.foresight.candidates.candidate import Basis, Candidate, CandidateList, Reason, Shown
from foretrack.domains.foresight.candidates.diffing import Difference, ListChange, ListDiff
from foretrack.domains.foresight.doors.listing import BETWEEN
from foretrack.domains.foresight.doors.speech import (
    CANDIDATE_CHANGES,
    CANDIDATE_REASONS,
    DIFFERENCES,
    DOUBTS_IN_SHORT,
    LIFE_STAGES,
    LOOKED,
    REASONS_IN_SHORT,
    STAGES_OF_CANDIDATES,
    STATES,
    bilingual,
    doubt_in_words,
)
from foretrack.foundation.messages import Messages
from foretrack.terminal.session import plain
from foretrack.terminal.tables import Column, number, percent, table

if TYPE_CHECKING:
    from foretrack.domains.foresight.actions.candidates import CandidatePage

WIDE = 100
"""Columns of a terminal from which a table can be read; narrower ones get a card per candidate."""

COLUMNS: tuple[str, ...] = (
    "candidate", "unit", "label", "label_en", "label_zh", "stage", "looked", "decision", "decided_by", "decided_at",
    "why", "proposed", "reasons", "matched_by", "rank", "state", "score", "n_documents", "n_recent", "first_year",
    "growth", "growth_low", "growth_high", "novelty", "burst_weight", "p_eg3", "p_dbl3", "doubt", "evidence",
)  # fmt: skip
"""Columns of CSV, Excel and Parquet (meanings: docs/guide/json.md)."""

CHANGE_COLUMNS: tuple[str, ...] = (
    "change", "candidate", "unit", "label", "label_en", "label_zh", "stage_before", "stage_after", "code", "before",
    "after",
)  # fmt: skip
"""One row per difference; `before` and `after` as text."""

_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), " ")
"""Characters that turn the direction of writing."""

_STATES = {**STATES, **LIFE_STAGES}
"""States of concepts and stages of technologies."""

Cells: TypeAlias = dict[str, str | float | int | None]


@dataclass(frozen=True, slots=True)
class _ByWidth:
    """Shows the one on wide terminals and the other on narrow ones."""

    wide: RenderableType
    narrow: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        yield self.wide if options.max_width >= WIDE else self.narrow


def row_of(item: Candidate) -> Cells:
    """One candidate as a flat row with the keys of `COLUMNS`."""
    row: Cells = {}
    for column in COLUMNS:
        if column in ("doubt", "evidence"):
            row[column] = BETWEEN.join(getattr(item.shown, column)) if item.shown else ""
        elif column == "reasons":
            row[column] = BETWEEN.join(reason.code for reason in item.reasons)
        else:
            value = getattr(item, column) if hasattr(item, column) else getattr(item.shown, column, None)
            row[column] = harmless(value) if isinstance(value, str) else value
    return row


def harmless(text: str) -> str:
    """Text that neither steers a terminal nor turns the direction of what follows; line ends stay.

    >>> harmless("a\x1b[31mb\u202ec")
    'a [31mb c'
    """
    return plain(text).translate(_TURNING)


def label_of(item: Candidate | ListChange, language: str) -> str:
    """The candidate's name in the reader's language, with the other one if it has one."""
    return bilingual(item.label_en, item.label_zh, language) or item.label


def _named(item: Candidate | ListChange, say: Messages) -> str:
    """The name, and that it is a technology where it is one."""
    label = label_of(item, say.language)
    return label if item.unit == "concept" else f"{label} [{say('technology')}]"


def list_parts(found: CandidateList, n_chosen: int, say: Messages) -> list[RenderableType]:
    """Head line, table or cards, and what is left out."""
    if found.issue is None:
        head = say("Candidates as of {year}", year=found.basis.as_of)
    else:
        head = say("Issue {n}: candidates as of {year}", n=found.issue, year=found.basis.as_of)
    parts: list[RenderableType] = [plain(f"{head} · {_basis(found.basis, say, year=False)}")]
    if not found.items:
        parts.append(
            say(
                "No candidate and no signal: none of the first {top} ranks has a growth that is claimed or forecast. "
                "Raise --top, or scan more documents.",
                top=found.top,
            )
            if not sum(found.stages.values())
            else say("Nothing is at this stage.")
        )
        return parts
    parts.append(_ByWidth(_table(found.items, say), "\n".join(_card(item, say) for item in found.items)))
    counted = ", ".join(f"{say(STAGES_OF_CANDIDATES[stage])} {n}" for stage, n in found.stages.items() if n)
    parts.append(
        say("{shown} of {n} lines. {counted}. At {unseen} of them nobody has looked.",
            shown=len(found.items), n=n_chosen, counted=counted, unseen=found.nobody_looked)
    )  # fmt: skip
    return parts


def _table(items: Sequence[Candidate], say: Messages) -> RenderableType:
    columns = [
        Column(say("Stage"), shrink=9),
        Column(say("Concept"), shrink=12),
        Column(say("Rank"), "right", wrap=False),
        Column(say("Growth a year"), "right", wrap=False),
        Column(say("Extreme growth"), "right", wrap=False),
        Column(say("Reasons"), shrink=14),
        Column(say("Doubt"), shrink=6),
        Column(say("Decided"), shrink=10),
        Column(say("Proposed"), shrink=9),
    ]
    return table(columns, [_cells(item, say) for item in items])


def _cells(item: Candidate, say: Messages) -> list[str]:
    shown = item.shown
    return [
        say(STAGES_OF_CANDIDATES[item.stage]),
        _named(item, say),
        _rank(shown),
        _growth(shown),
        percent(shown.p_eg3) if shown else "–",
        "; ".join(reason_in_words(reason, say) for reason in item.reasons),
        ", ".join(say(DOUBTS_IN_SHORT.get(code, code)) for code in shown.doubt) if shown else "",
        _looked(item, say),
        say(STAGES_OF_CANDIDATES[item.proposed]) if item.proposed else "–",
    ]


def _card(item: Candidate, say: Messages) -> str:
    shown = item.shown
    lines = [
        f"{_rank(shown)} {_named(item, say)}",
        f"  {say(STAGES_OF_CANDIDATES[item.stage])} · {_looked(item, say)}",
    ]
    if shown:
        lines.append(f"  {say('Growth a year')} {_growth(shown)}")
        if shown.p_eg3 is not None:
            lines.append(f"  {say('Extreme growth')} {percent(shown.p_eg3)}")
    if item.reasons:
        lines.append("  " + "; ".join(reason_in_words(reason, say) for reason in item.reasons))
    if shown and shown.doubt:
        lines.append(f"  {say('Doubt')}: " + ", ".join(doubt_in_words(code, say) for code in shown.doubt))
    if item.proposed:
        lines.append(f"  {say('Proposed')}: {say(STAGES_OF_CANDIDATES[item.proposed])}")
    return "\n".join(map(_one_line, lines))


def page_parts(page: CandidatePage, say: Messages) -> list[RenderableType]:
    """One candidate: where it stands, the evidence now, and every decision with its evidence then."""
    from foretrack.domains.foresight.candidates.journal import Decision

    item = page.item
    head = [
        _one_line(_named(item, say)),
        f"{say(STAGES_OF_CANDIDATES[item.stage])} · {_looked(item, say)} · {_one_line(item.candidate)}",
        _basis(page.basis, say),
    ]
    if item.shown is None:
        head.append(say("This scan does not have it"))
    else:
        head.append(_evidence(item.shown, say))
    if item.reasons:
        head.append(say("Reasons") + ": " + "; ".join(reason_in_words(r, say) for r in item.reasons))
    if item.shown and item.shown.doubt:
        head.append(say("Doubt") + ": " + "; ".join(doubt_in_words(code, say) for code in item.shown.doubt))
    if item.proposed:
        head.append(say("Proposed") + ": " + say(STAGES_OF_CANDIDATES[item.proposed]))
    parts: list[RenderableType] = [plain("\n".join(head))]
    if item.shown:
        parts.append(plain(say("Evidence") + ": " + " ".join(map(_one_line, item.shown.evidence))))
    if not page.decisions:
        parts.append(say("Nobody has looked at it yet."))
        return parts
    rows, cards = [], []
    for entry in page.decisions:
        said = entry.body
        assert isinstance(said, Decision)
        move = f"{_stage(said.before, say)} → {_stage(said.after, say)}"
        if said.looked != "decided":
            move = say(LOOKED[said.looked])
        then = _evidence(said.shown, say) if said.shown else say("This scan does not have it")
        rows.append(
            [
                str(entry.n),
                entry.at,
                _one_line(entry.who),
                move,
                harmless(said.why),
                f"{said.basis.as_of}: {then}",
            ]
        )
        facts = (f"{entry.n} · {entry.at} · {entry.who}", move, said.why, f"{said.basis.as_of}: {then}")
        cards.append("\n  ".join(map(_one_line, facts)))
    columns = [
        Column(say("Line"), "right", wrap=False),
        Column(say("Time"), wrap=False),
        Column(say("Who")),
        Column(say("Decided")),
        Column(say("Why")),
        Column(say("Evidence then")),
    ]
    parts.append(_ByWidth(table(columns, rows), "\n".join(cards)))
    return parts


def diff_parts(found: ListDiff, say: Messages) -> list[RenderableType]:
    """What changed between two lists, the decisions of people first."""
    if found.issue_after is None:
        head = say("Changes since issue {n}", n=found.issue_before)
    else:
        head = say("Changes from issue {n} to issue {m}", n=found.issue_before, m=found.issue_after)
    lines = [
        head,
        f"{say('Before')}: {_basis(found.basis_before, say)}",
        f"{say('After')}: {_basis(found.basis_after, say)}",
    ]
    if found.basis_before.method != found.basis_after.method:
        lines.append(say("The method is another one: numbers of the two lists are not comparable."))
    if found.top_before != found.top_after:
        lines.append(
            say(
                "Signals are of the first {a} ranks before and {b} after.",
                a=found.top_before,
                b=found.top_after,
            )
        )
    parts: list[RenderableType] = [plain("\n".join(lines))]
    if not found.changes:
        parts.append(say("Nothing has changed; {n} lines are as they were.", n=found.unchanged))
        return parts
    rows, cards = [], []
    for change in found.changes:
        stages = _stages(change, say)
        because = "; ".join(differences_in_words(change.because, say))
        label = _named(change, say)
        kind = say(CANDIDATE_CHANGES[change.change])
        rows.append([kind, label, stages, because])
        cards.append("\n  ".join(map(_one_line, (f"{kind}: {label}", stages, because))))
    columns = [
        Column(say("Change"), wrap=False),
        Column(say("Concept"), shrink=12),
        Column(say("Stage"), shrink=12),
        Column(say("Why")),
    ]
    parts.append(_ByWidth(table(columns, rows), "\n".join(cards)))
    parts.append(say("{n} lines are as they were.", n=found.unchanged))
    return parts


def change_rows(found: ListDiff) -> list[Cells]:
    """One row per difference, with the keys of `CHANGE_COLUMNS`."""
    rows: list[Cells] = []
    for change in found.changes:
        for one in change.because or (Difference("", None, None),):
            row: Cells = {name: getattr(change, name) for name in CHANGE_COLUMNS[:8]}
            rows.append(row | {"code": one.code, "before": _text(one.before), "after": _text(one.after)})
    return rows


def reason_in_words(reason: Reason, say: Messages) -> str:
    """A reason with its numbers.

    >>> reason_in_words(Reason("growth_sure", .21, .05, .4), Messages())
    'growth is sure: 21 % a year (5…40)'
    >>> reason_in_words(Reason("two_moons"), Messages())
    'two moons'
    """
    sentence = CANDIDATE_REASONS.get(reason.code)
    if sentence is None:
        return reason.code.replace("_", " ")
    return say(
        sentence,
        value=_number(reason.value), percent=percent(reason.value), low=_percentage(reason.low),
        high=_percentage(reason.high),
    )  # fmt: skip


_CODES = ("doubt_came", "doubt_went", "reason_came", "reason_went")
_DETAILS = ("growth_low", "growth_high", "decision", "n_documents")
"""What a reader of the terminal does not need."""


def differences_in_words(because: Sequence[Difference], say: Messages) -> list[str]:
    """Each difference with its numbers; doubts and reasons that came or went together.

    >>> differences_in_words([Difference("rank", 12, 5), Difference("reason_came", None, "new"),
    ...     Difference("reason_came", None, "open_burst")], Messages())
    ['rank 12 → 5', 'speaks for it now: new, open burst']
    >>> differences_in_words([Difference("was_below_top", 126, 50)], Messages())
    ['rank 126 was beyond the first 50']
    """
    found = [_difference(one, say) for one in because if one.code not in (*_CODES, *_DETAILS)]
    for code in _CODES:
        words = [_word(code, str(one.after or one.before), say) for one in because if one.code == code]
        if words:
            found.append(f"{say(DIFFERENCES[code])}: {', '.join(words)}")
    return found


def _word(code: str, value: str, say: Messages) -> str:
    if code.startswith("doubt"):
        return doubt_in_words(value, say)
    return say(REASONS_IN_SHORT.get(value, value.replace("_", " ")))


def _difference(one: Difference, say: Messages) -> str:
    if one.code == "was_below_top":
        return say("rank {rank} was beyond the first {top}", rank=one.before, top=one.after)
    if one.code == "below_top":
        return say("rank {rank} is beyond the first {top}", rank=one.after, top=one.before)
    name = say(DIFFERENCES[one.code]) if one.code in DIFFERENCES else one.code.replace("_", " ")
    before, after = _said(one.code, one.before, say), _said(one.code, one.after, say)
    if one.before is None or one.code == "new_documents":
        return f"{name} {after}"
    if one.after is None or one.code == "documents_gone":
        return f"{name} {before}"
    return f"{name} {before} → {after}"


def _said(code: str, value: object, say: Messages) -> str:
    if value is None:
        return "–"
    if code == "state":
        return say(_STATES[str(value)])
    if code == "looked":
        return say(LOOKED[str(value)])
    if isinstance(value, float):
        return percent(value) if code in ("growth", "p_eg3", "p_dbl3") else number(value)
    return harmless(str(value))


def _text(value: object) -> str | None:
    return None if value is None else harmless(str(value))


def _stages(change: ListChange, say: Messages) -> str:
    if change.stage_before == change.stage_after:
        return _stage(change.stage_after, say)
    return f"{_stage(change.stage_before, say)} → {_stage(change.stage_after, say)}"


def _stage(stage: str | None, say: Messages) -> str:
    return say(STAGES_OF_CANDIDATES[stage]) if stage else "–"


def _basis(basis: Basis, say: Messages, *, year: bool = True) -> str:
    told = f"{basis.method} · {say('Snapshot')} {basis.snapshot} · {say('Scan')} {basis.scan}"
    return plain(f"{say('as of {year}', year=basis.as_of)} · {told}" if year else told)


def _evidence(shown: Shown, say: Messages) -> str:
    parts = [
        say("not ranked") if shown.rank is None else say("rank {rank}", rank=shown.rank),
        say(_STATES[shown.state]),
        f"{say('Growth a year')} {_growth(shown)}",
        say("{n} recent documents", n=f"{shown.n_recent:,}"),
    ]
    if shown.p_eg3 is not None:
        parts.append(f"{say('Extreme growth')} {percent(shown.p_eg3)}")
    return " · ".join(parts)


def _looked(item: Candidate, say: Messages) -> str:
    if item.decided_by is None:
        return say(LOOKED["nobody looked"])
    who = _one_line(item.decided_by)
    told = f"{who}, {(item.decided_at or '')[:10]}"
    return told if item.looked == "decided" else f"{say(LOOKED[item.looked])}: {told}"


def _one_line(text: str) -> str:
    return harmless(text).replace("\n", " ")


def _rank(shown: Shown | None) -> str:
    return "–" if shown is None or shown.rank is None else str(shown.rank)


def _growth(shown: Shown | None) -> str:
    if shown is None or shown.growth is None:
        return "–"
    return f"{percent(shown.growth)} ({_percentage(shown.growth_low)}…{_percentage(shown.growth_high)})"


def _percentage(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f}"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return str(int(value)) if float(value).is_integer() else number(value)
