"""Deciding about a stage: the proposal by places and limits is filled in, each outcome can be changed, and all is shown
once more before it is done."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.review.actions.deciding import decide, propose
from foretrack.review.actions.standings import standings as standings_in
from foretrack.review.answers import Outcome, Standing, Standings
from foretrack.review.doors.web.heads import Head, Option, Pager, figure, head_of, page_in, pager_of, run
from foretrack.review.doors.web.words import OUTCOMES
from foretrack.web.addresses import address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak

MOST = 100
"""Submissions of one part of the page; the proposal of the others can be taken along."""
LEFT_OUT = "-"


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """A submission with the outcome that is proposed or was chosen."""

    line: Standing
    href: str
    score: str
    options: tuple[Option, ...]
    proposed: str
    changed: bool


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """How many get an outcome."""

    outcome: str
    label: str
    n: int


@dataclass(frozen=True)
class DecidePage(Page):
    """Outcomes to choose, or to confirm."""

    template: ClassVar[str] = "review/decide.html"
    table: ClassVar[str] = "lines"

    head: Head
    confirming: bool
    rows: tuple[ChoiceRow, ...]
    lines: tuple[Standing, ...]
    """Everything that can be decided now."""
    counts: tuple[OutcomeCount, ...]
    changed: tuple[ChoiceRow, ...]
    """Where somebody differs from the proposal."""
    total: int
    late: int
    without: int
    """Submissions without a sheet, about which nothing is proposed."""
    pager: Pager
    every: bool
    """Whether the proposal of other parts is taken along."""
    reasons: str
    dissent: str
    chosen: tuple[tuple[str, str], ...]
    seen: str
    """Digest of the outcomes that are shown for confirmation."""
    problem: str
    standings_href: str
    last: bool


@require_http_methods(["GET", "HEAD", "POST"])
def decide_stage(request: Request, key: str, stage: str) -> HttpResponse:
    """Chooses, shows once more, decides."""
    number = int(stage)
    call = run(request, key)
    call.stage(number)
    found = standings_in(request.registry, request.actor, key, number, signs=False)
    proposal = propose(request.registry, request.actor, key, number, seen=found)
    sent = request.POST if request.method == "POST" else None
    chosen = _chosen(sent, found) if sent is not None else {}
    every = sent is not None and sent.get("every") == "on"
    outcomes = _outcomes(proposal, chosen, every=every) if sent is not None else {}
    problem, confirming = "", False
    if sent is not None:
        reasons = sent.get("reasons", "")
        if not reasons.strip():
            problem = say("The reasons are missing: applicants learn from them.")
        elif not outcomes:
            problem = say("Nothing is chosen.")
        elif sent.get("step") != "decide":
            confirming = True
        elif sent.get("seen") != seen_of(outcomes):
            problem = say("The scores changed since; look at the outcomes once more.")
        else:
            try:
                done = decide(
                    request.registry, request.actor, key, number, outcomes, reasons=reasons,
                    dissent=sent.get("dissent", ""),
                )  # fmt: skip
            except ForetrackError as error:
                if not isinstance(error, InputError):
                    raise
                problem = error.told(speak(page_language()))
            else:
                messages.success(request, say("Decided: {n}", n=done))
                return HttpResponseRedirect(address("standings", key, number))
    page = _page(request, key, number, found, proposal, chosen, outcomes)
    view = DecidePage(
        head=head_of(request, call, "decide stage", number), confirming=confirming, rows=page.rows, lines=page.open,
        counts=tuple(
            OutcomeCount(name, say(word), n)
            for name, word in OUTCOMES.items()
            for n in [Counter((outcomes or proposal).values())[name]]
            if n
        ),
        changed=page.changed, total=len(page.open), late=found.late,
        without=sum(1 for one in page.open if one.submission not in proposal), pager=page.pager, every=every,
        reasons=sent.get("reasons", "") if sent is not None else "",
        dissent=sent.get("dissent", "") if sent is not None else "", chosen=tuple(sorted(chosen.items())),
        seen=seen_of(outcomes), problem=problem, standings_href=address("standings", key, number),
        last=number == len(call.stages),
    )  # fmt: skip
    return render(request, view, status=400 if problem else 200)


def seen_of(outcomes: Mapping[str, str]) -> str:
    """The digest of outcomes that were shown: what is decided is what was confirmed.

    >>> seen_of({"b": "select", "a": "decline"}) == seen_of({"a": "decline", "b": "select"})
    True
    """
    lines = "".join(f"{key} {outcome}\n" for key, outcome in sorted(outcomes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _chosen(sent: Mapping[str, str], found: Standings) -> dict[str, str]:
    """Submission to what somebody chose on the page, `-` for not now."""
    open_now = {one.submission for one in found.lines if one.status == "reviewing"}
    return {
        name.removeprefix("outcome-"): value
        for name, value in sent.items()
        if name.startswith("outcome-") and name.removeprefix("outcome-") in open_now
    }


def _outcomes(proposal: Mapping[str, Outcome], chosen: Mapping[str, str], *, every: bool) -> dict[str, str]:
    outcomes: dict[str, str] = dict(proposal) if every else {}
    outcomes.update(chosen)
    return {key: outcome for key, outcome in outcomes.items() if outcome != LEFT_OUT}


@dataclass(frozen=True, slots=True)
class _Part:
    rows: tuple[ChoiceRow, ...]
    open: tuple[Standing, ...]
    changed: tuple[ChoiceRow, ...]
    pager: Pager


def _page(
    request: Request, key: str, number: int, found: Standings, proposal: Mapping[str, Outcome],
    chosen: Mapping[str, str], outcomes: Mapping[str, str],
) -> _Part:  # fmt: skip
    last = number == len(run(request, key).stages)
    names = [name for name in OUTCOMES if name != ("forward" if last else "select")]
    open_now = tuple(one for one in found.lines if one.status == "reviewing")
    pages = max(1, -(-len(open_now) // MOST))
    page = min(page_in(request), pages)

    def row(line: Standing) -> ChoiceRow:
        proposed = str(proposal.get(line.submission, LEFT_OUT))
        picked = chosen.get(line.submission, proposed)
        options = [Option(name, say(OUTCOMES[name]), name == picked) for name in names]
        return ChoiceRow(
            line, address("judged submission", key, line.submission),
            figure(line.corrected if line.corrected is not None else line.raw),
            (Option(LEFT_OUT, say("Not now"), picked == LEFT_OUT), *options),
            say(OUTCOMES[proposed]) if proposed in OUTCOMES else "", picked != proposed,
        )  # fmt: skip

    return _Part(
        tuple(row(one) for one in open_now[(page - 1) * MOST : page * MOST]), open_now,
        tuple(
            row(one)
            for one in open_now
            if outcomes and chosen.get(one.submission, LEFT_OUT) not in (LEFT_OUT, proposal.get(one.submission))
        ),
        pager_of(request, page, pages),
    )  # fmt: skip
