"""What changed between two lists of candidates, and why, in codes and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from foretrack.domains.foresight.candidates.candidate import (
    Basis,
    Candidate,
    CandidateList,
    Shown,
    Stage,
    Unit,
)
from foretrack.domains.foresight.candidates.proposing import match

Kind: TypeAlias = Literal["entered", "left", "moved", "evidence"]
Value: TypeAlias = str | float | int | None

_NUMBERS = (
    "rank", "state", "n_recent", "n_documents", "growth", "growth_low", "growth_high", "novelty", "p_eg3", "p_dbl3",
)  # fmt: skip
_SHAKY = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was: a code and what it was before and after."""

    code: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class ListChange:
    """What became of one line of the list."""

    candidate: str
    unit: Unit
    label: str
    label_en: str | None
    label_zh: str | None
    change: Kind
    stage_before: Stage | None
    """None: it was not on the list."""
    stage_after: Stage | None
    because: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class ListDiff:
    """Two lists side by side."""

    issue_before: int
    issue_after: int | None
    """None: the list as it is now."""
    basis_before: Basis
    basis_after: Basis
    top_before: int
    top_after: int
    unchanged: int
    changes: tuple[ListChange, ...]


def diff(
    before: CandidateList,
    after: CandidateList,
    *,
    seen_before: Mapping[str, Shown] | None = None,
    seen_after: Mapping[str, Shown] | None = None,
) -> ListDiff:
    """What entered, left, was moved by people, and on which line the evidence changed.

    Args:
        seen_before: evidence then, of what was in the scan but not on the list; None: nobody knows any more.
        seen_after: evidence now, of what has left the list but is in the scan.
    """
    new = {item.candidate: item for item in after.items}
    old = _under_new_names({item.candidate: item for item in before.items}, new)
    changes = [
        change
        for name in dict.fromkeys((*new, *old))
        if (change := _change(name, old.get(name), new.get(name), before, after, seen_before, seen_after))
    ]
    order = {"moved": 0, "entered": 1, "left": 2, "evidence": 3}
    changes.sort(key=lambda change: (order[change.change], change.candidate))
    assert before.issue is not None
    return ListDiff(
        before.issue, after.issue, before.basis, after.basis, before.top, after.top,
        len(set(old) | set(new)) - len(changes), tuple(changes),
    )  # fmt: skip


def _under_new_names(old: dict[str, Candidate], new: Mapping[str, Candidate]) -> dict[str, Candidate]:
    """The old lines, a signal that bears another identifier now under that one: they share a spelling, and no others."""
    appeared = {name: item.subject for name, item in new.items() if name not in old}
    ids = {
        unit: {subject.id for subject in appeared.values() if subject.unit == unit} for unit in get_args(Unit)
    }
    forms: dict[str, list[str]] = {}
    for subject in appeared.values():
        for form in subject.forms:
            forms.setdefault(f"{subject.unit}:{form}", []).append(subject.id)
    by_id = {(subject.unit, subject.id): name for name, subject in appeared.items()}
    lost = {n: item.subject for n, item in old.items() if n not in new and item.looked == "nobody looked"}
    renamed = {n: by_id[lost[n].unit, found] for n, (found, _) in match(lost, ids, forms).items()}
    return {renamed.get(name, name): item for name, item in old.items()}


def _change(
    name: str,
    was: Candidate | None,
    now: Candidate | None,
    before: CandidateList,
    after: CandidateList,
    seen_before: Mapping[str, Shown] | None,
    seen_after: Mapping[str, Shown] | None,
) -> ListChange | None:
    line = now or was
    assert line is not None
    kind: Kind
    if was is not None and now is not None:
        decided = _decided(was, now)
        because = (*decided, *_evidence(was.shown, now.shown), *_reasons(was, now))
        kind = "moved" if was.stage != now.stage or decided else "evidence"
        if not because and was.stage == now.stage:
            return None
    elif now is not None:
        kind = "entered"
        then = None if seen_before is None else seen_before.get(name)
        came = _came(then, now, before, known=seen_before is not None)
        because = (*_decided(None, now), *came, *_reasons(None, now))
    else:
        assert was is not None
        kind = "left"
        because = _went(was, None if seen_after is None else seen_after.get(name), after)
    return ListChange(
        name, line.unit, line.label, line.label_en, line.label_zh, kind,
        was.stage if was else None, now.stage if now else None, because,
    )  # fmt: skip


def _decided(was: Candidate | None, now: Candidate) -> tuple[Difference, ...]:
    """The decision that was taken in between, if any."""
    earlier = was.decision if was else None
    if now.decision == earlier:
        return ()
    found = [
        Difference("decided_by", was.decided_by if was else None, now.decided_by),
        Difference("decision", earlier, now.decision),
        Difference("why", was.why if was else None, now.why),
    ]
    if (was.looked if was else "nobody looked") != now.looked:
        found.append(Difference("looked", was.looked if was else "nobody looked", now.looked))
    return tuple(found)


def _reasons(was: Candidate | None, now: Candidate) -> tuple[Difference, ...]:
    """What began and ceased to speak for it; the ranks are told as numbers."""
    old = {reason.code for reason in was.reasons} if was else set()
    new = {reason.code for reason in now.reasons}
    silent = {"high_rank", "not_in_scan", "not_enough_evidence"}
    came = [Difference("reason_came", None, r.code) for r in now.reasons if r.code not in old | silent]
    went = [
        Difference("reason_went", r.code, None)
        for r in (was.reasons if was else ())
        if r.code not in new | silent
    ]
    return (*came, *went)


def _came(
    then: Shown | None, now: Candidate, before: CandidateList, *, known: bool
) -> tuple[Difference, ...]:
    shown = now.shown
    if shown is None:
        return ()
    if not known:
        return (Difference("rank", None, shown.rank), Difference("scan_gone", before.basis.scan, None))
    if then is None:
        return (Difference("new_in_scan", None, shown.first_year), Difference("rank", None, shown.rank))
    found = _evidence(then, shown)
    if then.rank is not None and then.rank > before.top:
        found = (Difference("was_below_top", then.rank, before.top), *found)
    return found


def _went(was: Candidate, now: Shown | None, after: CandidateList) -> tuple[Difference, ...]:
    if now is None:
        return (Difference("not_in_scan", was.shown.rank if was.shown else None, None),)
    found = _evidence(was.shown, now)
    if now.rank is None:
        return (
            Difference("not_enough_evidence", was.shown.n_recent if was.shown else None, now.n_recent),
            *found,
        )
    if now.rank > after.top:
        return (Difference("below_top", after.top, now.rank), *found)
    return found


def _evidence(was: Shown | None, now: Shown | None) -> tuple[Difference, ...]:
    """Every measure that changed, doubts that came and went, and how many of the shown documents are new."""
    if was is None or now is None:
        if was is now:
            return ()
        code = "not_in_scan" if now is None else "back_in_scan"
        return (Difference(code, was.rank if was else None, now.rank if now else None),)
    found = [
        Difference(name, getattr(was, name), getattr(now, name))
        for name in _NUMBERS
        if not _same(getattr(was, name), getattr(now, name))
    ]
    found += [Difference("doubt_came", None, code) for code in now.doubt if code not in was.doubt]
    found += [Difference("doubt_went", code, None) for code in was.doubt if code not in now.doubt]
    fresh = set(now.evidence) - set(was.evidence)
    if fresh:
        found.append(Difference("new_documents", 0, len(fresh)))
    gone = set(was.evidence) - set(now.evidence) if len(now.evidence) < len(was.evidence) else set()
    if gone:
        found.append(Difference("documents_gone", len(gone), 0))
    return tuple(found)


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= _SHAKY
    return one == other
