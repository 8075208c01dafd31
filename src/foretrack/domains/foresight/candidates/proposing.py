"""What a machine proposes from a scan, with the codes and numbers of its reasons. It decides nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from foretrack.domains.foresight.candidates.candidate import (
    CLOSED,
    STAGES,
    Basis,
    Candidate,
    CandidateList,
    Reason,
    Shown,
    Sighting,
    Stage,
    Subject,
    key_of,
)
from foretrack.domains.foresight.candidates.journal import Standing
from foretrack.domains.foresight.ranking.states import MIN_NOVELTY

TOP = 50
"""Ranks among which signals are looked for unless one asks for more."""
LIKELY = 2.0
"""A probability so many times the mean of the scan's ranked concepts is a reason."""


@dataclass(frozen=True, slots=True)
class Usual:
    """Mean probabilities of all ranked concepts, or technologies, of a scan; None when it has no forecasts."""

    p_eg3: float | None = None
    p_dbl3: float | None = None


def reasons_for(shown: Shown, usual: Usual, top: int = TOP) -> tuple[Reason, ...]:
    """What speaks for a subject, the strongest claim first; empty when nothing does.

    Codes: `likely_extreme_growth`, `likely_doubling` (at least twice the scan's mean; `low` holds that mean),
    `emerging` or `growing` (the state), `growth_sure` (the 80 % interval lies above 0), `new`, `open_burst`,
    `high_rank`.
    """
    found: list[Reason] = []
    for code, p, mean in (
        ("likely_extreme_growth", shown.p_eg3, usual.p_eg3),
        ("likely_doubling", shown.p_dbl3, usual.p_dbl3),
    ):
        if p is not None and mean is not None and p >= LIKELY * mean > 0:
            found.append(Reason(code, p, low=mean))
    if shown.state in ("emerging", "growing"):
        found.append(Reason(shown.state))
    if shown.growth is not None and shown.growth_low is not None and shown.growth_low > 0:
        found.append(Reason("growth_sure", shown.growth, shown.growth_low, shown.growth_high))
    if shown.novelty is not None and shown.novelty >= MIN_NOVELTY:
        found.append(Reason("new", shown.novelty))
    if shown.burst_weight:
        found.append(Reason("open_burst", shown.burst_weight))
    if shown.rank is not None and shown.rank <= top:
        found.append(Reason("high_rank", shown.rank))
    return tuple(found)


def is_signal(shown: Shown, usual: Usual, top: int = TOP) -> bool:
    """Whether it stands among the first ranks and its growth is claimed, or forecast well above the usual."""
    if shown.rank is None or shown.rank > top or not shown.evidence:
        return False
    codes = {reason.code for reason in reasons_for(shown, usual, top)}
    return bool(codes & {"emerging", "growing", "likely_extreme_growth"})


def proposal(
    stage: Stage | None, shown: Shown | None, usual: Usual, top: int = TOP
) -> tuple[Stage | None, tuple[Reason, ...]]:
    """Where the machine would move it, and why; (None, ...) when it would leave it where it is.

    A signal is proposed as a candidate; an open candidate that declines is proposed to be dropped; a dropped one
    that is a signal again is proposed to be reopened. What lies between is people's judgement.
    """
    if shown is None:
        return None, (Reason("not_in_scan"),)
    reasons = reasons_for(shown, usual, top)
    if stage in (None, "signal", "dropped"):
        return ("candidate", reasons) if is_signal(shown, usual, top) else (None, reasons)
    if stage in CLOSED:
        return None, reasons
    if shown.rank is None:
        return None, (Reason("not_enough_evidence", shown.n_recent), *reasons)
    if shown.state == "declining":
        return "dropped", (Reason("declining", shown.growth, shown.growth_low, shown.growth_high), *reasons)
    return None, reasons


def match(
    known: Mapping[str, Subject], ids: Mapping[str, Collection[str]], forms: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, str]]:
    """Candidate -> (identifier in the scan, "identifier" or "spelling").

    The identifier goes first. Else the one concept, not taken by another candidate, that shares a spelling; with two
    such concepts the candidate is not recognised, since choosing would be deciding.

    Args:
        known: what each candidate was when somebody last looked.
        ids: unit -> identifiers in the scan, best a set.
        forms: "unit:spelling" -> identifiers of the subjects that bear it.
    """
    found: dict[str, tuple[str, str]] = {}
    taken: set[tuple[str, str]] = set()
    for candidate, subject in known.items():
        unit, name = subject.unit, subject.id
        if name in ids.get(unit, ()) and (unit, name) not in taken:
            found[candidate] = (name, "identifier")
            taken.add((unit, name))
    for candidate, subject in known.items():
        if candidate in found:
            continue
        unit = subject.unit
        owners = {owner for form in subject.forms for owner in forms.get(f"{unit}:{form}", ())}
        free = {owner for owner in owners if (unit, owner) not in taken}
        if len(free) == 1:
            name = free.pop()
            found[candidate] = (name, "spelling")
            taken.add((unit, name))
    return found


def build_list(
    basis: Basis,
    known: Mapping[str, Standing],
    sightings: Sequence[Sighting],
    matched: Mapping[str, tuple[str, str]],
    usual: Mapping[str, Usual],
    *,
    top: int,
    n_decisions: int,
    issue: int | None = None,
) -> CandidateList:
    """Everything that was decided about, and every signal: the furthest stage first, then by rank.

    A machine never changes the stage of a line on which a person has decided.

    Args:
        usual: per unit.
    """
    by_id = {(sighting.subject.unit, sighting.subject.id): sighting for sighting in sightings}
    recognised: set[tuple[str, str]] = set()
    items: list[Candidate] = []
    for candidate, standing in known.items():
        said = standing.decision
        name, how = matched.get(candidate, (None, None))
        sighting = by_id.get((said.subject.unit, name)) if name is not None else None
        if sighting is not None:
            recognised.add((sighting.subject.unit, sighting.subject.id))
        shown = sighting.shown if sighting else None
        proposed, reasons = proposal(standing.stage, shown, usual[said.subject.unit], top)
        subject = sighting.subject if sighting else said.subject
        items.append(
            Candidate(
                candidate=candidate,
                unit=subject.unit,
                label=subject.label,
                label_en=subject.label_en,
                label_zh=subject.label_zh,
                stage=standing.stage,
                looked=standing.looked,
                decision=standing.entry.n,
                decided_by=standing.entry.who,
                decided_at=standing.entry.at,
                why=said.why,
                proposed=proposed,
                reasons=reasons,
                matched_by=None if sighting is None else "identifier" if how == "identifier" else "spelling",
                subject=subject,
                shown=shown,
                shown_then=said.shown,
            )
        )
    for sighting in sightings:
        subject = sighting.subject
        if (subject.unit, subject.id) in recognised or not is_signal(
            sighting.shown, usual[subject.unit], top
        ):
            continue
        items.append(
            Candidate(
                candidate=_free(key_of(subject.unit, subject.id), known),
                unit=subject.unit,
                label=subject.label,
                label_en=subject.label_en,
                label_zh=subject.label_zh,
                stage="signal",
                looked="nobody looked",
                decision=None,
                decided_by=None,
                decided_at=None,
                why=None,
                proposed="candidate",
                reasons=reasons_for(sighting.shown, usual[subject.unit], top),
                matched_by="identifier",
                subject=subject,
                shown=sighting.shown,
                shown_then=None,
            )
        )
    items.sort(key=_order)
    return CandidateList(
        basis=basis, top=top, issue=issue, n_decisions=n_decisions,
        stages={stage: sum(item.stage == stage for item in items) for stage in STAGES},
        nobody_looked=sum(item.looked == "nobody looked" for item in items), items=tuple(items),
    )  # fmt: skip


_PLACE: dict[Stage, int] = {
    "incubating": 0, "shortlisted": 1, "under assessment": 2, "candidate": 3, "signal": 4, "graduated": 5,
    "dropped": 6,
}  # fmt: skip


def _order(item: Candidate) -> tuple[int, float, str]:
    rank = item.shown.rank if item.shown and item.shown.rank is not None else float("inf")
    return _PLACE[item.stage], rank, item.candidate


def _free(candidate: str, known: Mapping[str, Standing]) -> str:
    """The identifier, or one with a number behind it where an older candidate of another subject holds it."""
    number, name = 2, candidate
    while name in known:
        name, number = f"{candidate}~{number}", number + 1
    return name
