"""Candidates: what a scan proposes, what people decided, and the line to type in order to decide.

Deciding is signed with the private key of whoever decides. A key that lay on the server would let the server decide in
everybody's name, so this page shows and does not decide.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.foresight.actions.candidate_reading import read_candidate, read_candidates
from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.candidates.candidate import (
    CLOSED,
    STAGES,
    Candidate,
    CandidateList,
    Shown,
    moves_from,
)
from foretrack.domains.foresight.candidates.journal import Decision, Entry
from foretrack.domains.foresight.doors.candidate_pages import COLUMNS, harmless, reason_in_words, row_of
from foretrack.domains.foresight.doors.speech import LOOKED, STAGES_OF_CANDIDATES, doubt_in_words
from foretrack.domains.foresight.doors.web.naming import (
    Choice,
    chosen,
    concept_href,
    files_of,
    name_of,
    state_word,
    technology_href,
    year_choices,
)
from foretrack.domains.foresight.doors.web.reading import Reading, read
from foretrack.foundation.spreadsheets import Row
from foretrack.web.addresses import address, named_in_address
from foretrack.web.queries import changed, nearest_page, paged
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a scan says of a candidate."""

    rank: int | None
    state: str
    n_recent: int
    growth: float | None
    growth_low: float | None
    growth_high: float | None
    p_eg3: float | None
    doubt: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One line of the list."""

    candidate: str
    label: str
    other: str
    technology: bool
    stage: str
    stage_word: str
    closed: bool
    looked: str
    decided_by: str
    decided_at: str
    why: str
    proposed: str
    reasons: tuple[str, ...]
    evidence: Evidence | None
    href: str


@dataclass(frozen=True)
class CandidatesPage(Page):
    """Everything that was decided about, and the signals that nobody has looked at."""

    template: ClassVar[str] = "lookout/candidates.html"

    as_of: int
    years: tuple[Choice, ...]
    stages: tuple[Choice, ...]
    q: str
    kept: tuple[tuple[str, str], ...]
    whole: bool
    nobody_looked: int
    n_decisions: int
    top: int
    n: int
    rows: tuple[CandidateRow, ...]
    before: str
    after: str
    files: tuple[tuple[str, str], ...]
    answer: CandidateList

    def as_data(self) -> object:
        """The documented answer of `candidates --json`, without what the reader may not see."""
        return to_json(self.answer)

    def as_table(self) -> tuple[Sequence[str], Sequence[Row]]:
        """The columns of `candidates --format csv`."""
        return COLUMNS, [row_of(item) for item in self.answer.items]


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision."""

    n: int
    at: str
    who: str
    move: str
    why: str
    as_of: int
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Move:
    """A move that a person may make, and the line to type for it."""

    word: str
    command: str


@dataclass(frozen=True)
class CandidateDetail(Page):
    """One candidate with every decision about it."""

    template: ClassVar[str] = "lookout/candidate.html"
    table: ClassVar[str] = "decisions"

    as_of: int
    row: CandidateRow
    subject_href: str
    """Its page among concepts or technologies; empty when the scan does not have it."""
    whole: bool
    decisions: tuple[DecisionRow, ...]
    moves: tuple[Move, ...]
    files: tuple[tuple[str, str], ...]
    data: object

    def as_data(self) -> object:
        """The documented answer of `candidates show --json`, without what the reader may not see."""
        return self.data


@require_safe
def candidates_page(request: Request) -> HttpResponse:
    """What is proposed, and what was decided."""
    given = request.GET
    reading = read(given)
    found = read_candidates(reading.workspace, reading.scan, request.actor)
    stage = chosen(given, "stage", {"": "", **dict.fromkeys(STAGES)}, "")
    q = given.get("q", "").strip()[:200]
    rows = [
        row
        for row in (_row(item, reading) for item in found.list.items)
        if (not stage or row.stage == stage)
        and (not q or q.casefold() in f"{row.label} {row.other}".casefold())
    ]
    number = nearest_page(given, len(rows), SHOWN)
    told = speak(page_language())
    return render(
        request,
        CandidatesPage(
            as_of=reading.scan.as_of, years=year_choices(reading, given),
            stages=tuple(
                Choice(
                    name, told(STAGES_OF_CANDIDATES[name]), name == stage, n,
                    changed(given, stage=None if name == stage else name),
                )
                for name, n in found.list.stages.items()
                if n
            ),
            q=q, kept=tuple((name, value) for name in ("scan", "stage") if (value := given.get(name))), whole=found.whole,
            nobody_looked=found.list.nobody_looked, n_decisions=found.list.n_decisions, top=found.list.top, n=len(rows),
            rows=tuple(rows[number * SHOWN : (number + 1) * SHOWN]), before=paged(given, number) if number else "",
            after=paged(given, number + 2) if len(rows) > (number + 1) * SHOWN else "",
            files=files_of("candidates", given, "csv", "json"), answer=found.list,
        ),
    )  # fmt: skip


@require_safe
def candidate_page(request: Request, name: str) -> HttpResponse:
    """One candidate: where it stands, the evidence now, and every decision with its evidence then."""
    given = request.GET
    reading = read(given)
    with named_in_address():
        found = read_candidate(reading.workspace, reading.scan, request.actor, name)
    item = found.page.item
    told = speak(page_language())
    quoted = shlex.quote(item.candidate)
    before = (
        None if item.decision is None and item.proposed is None and item.stage == "signal" else item.stage
    )
    here = address("candidate", item.candidate).rstrip("/")
    query = f"?{given.urlencode()}" if given else ""
    return render(
        request,
        CandidateDetail(
            as_of=reading.scan.as_of, row=_row(item, reading),
            subject_href=_subject_href(item, reading) if item.shown is not None else "", whole=found.whole,
            decisions=tuple(_decision(entry) for entry in found.page.decisions),
            moves=tuple(
                Move(
                    told(STAGES_OF_CANDIDATES[after]),
                    f'foretrack candidates decide {quoted} --to {shlex.quote(after)} --by "{say("Your Name")}" --why "…"',
                )
                for after in moves_from(before)
            ),
            files=(("CSV", f"{here}.csv{query}"), ("JSON", f"{here}.json{query}")), data=to_json(found.page),
        ),
    )  # fmt: skip


def _row(item: Candidate, reading: Reading) -> CandidateRow:
    told = speak(page_language())
    label, other = name_of(harmless(item.label), item.label_en, item.label_zh)
    return CandidateRow(
        item.candidate, label, other, item.unit == "technology", item.stage, told(STAGES_OF_CANDIDATES[item.stage]),
        item.stage in CLOSED, told(LOOKED[item.looked]), harmless(item.decided_by or ""), item.decided_at or "",
        harmless(item.why or ""), told(STAGES_OF_CANDIDATES[item.proposed]) if item.proposed else "",
        tuple(reason_in_words(reason, told) for reason in item.reasons), _evidence(item.shown) if item.shown else None,
        address("candidate", item.candidate) + reading.held_query,
    )  # fmt: skip


def _evidence(shown: Shown) -> Evidence:
    told = speak(page_language())
    return Evidence(
        shown.rank, state_word(shown.state), shown.n_recent, shown.growth, shown.growth_low, shown.growth_high,
        shown.p_eg3,
        tuple(doubt_in_words(code, told) for code in shown.doubt),
    )  # fmt: skip


def _subject_href(item: Candidate, reading: Reading) -> str:
    href = technology_href if item.unit == "technology" else concept_href
    return href(reading, item.subject.id)


def _decision(entry: Entry) -> DecisionRow:
    told = speak(page_language())
    body = entry.body
    assert isinstance(body, Decision)
    stages = [told(STAGES_OF_CANDIDATES[stage]) if stage else "–" for stage in (body.before, body.after)]
    return DecisionRow(
        entry.n, entry.at, harmless(entry.who),
        " → ".join(stages) if body.looked == "decided" else told(LOOKED[body.looked]),
        harmless(body.why), body.basis.as_of, _evidence(body.shown) if body.shown else None,
    )  # fmt: skip
