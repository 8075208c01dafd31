"""`candidates`: what a scan proposes, what people decided about it, numbered issues of the list, and what changed.

Decisions lie in a signed file until the registry takes them over, behind these same functions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretrack import __version__
from foretrack.corpus.atomic import Checkpoint, no_checkpoint
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.decisions_file import DecisionsFile
from foretrack.domains.foresight.actions.results import Scan, open_scan
from foretrack.domains.foresight.actions.scan import EVIDENCE_PER_CONCEPT
from foretrack.domains.foresight.actions.signing import Signer, key_file, make_signer, open_signer
from foretrack.domains.foresight.answers import ConceptItem, to_json
from foretrack.domains.foresight.candidates.candidate import (
    Basis,
    Candidate,
    CandidateList,
    Shown,
    Sighting,
    Stage,
    Subject,
    Unit,
    check_needs,
    key_of,
    list_from,
    transition,
)
from foretrack.domains.foresight.candidates.diffing import ListDiff, diff
from foretrack.domains.foresight.candidates.journal import (
    Decision,
    Entry,
    Issued,
    Journal,
    check_words,
    issued,
    same_name,
    standings,
)
from foretrack.domains.foresight.candidates.proposing import (
    TOP,
    Usual,
    build_list,
    is_signal,
    match,
    proposal,
)
from foretrack.foundation.clock import Clock, system_clock, timestamp
from foretrack.foundation.errors import EvidenceError, InputError


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """One candidate with every decision about it."""

    basis: Basis
    item: Candidate
    decisions: tuple[Entry, ...]
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class Issue:
    """The list, frozen under a number."""

    number: int
    at: str
    by: str
    why: str
    release: str
    """Version of Foretrack."""
    decisions_hash: str
    """SHA-256 of the last line of the decisions file: the file cannot be rewritten behind an issue unnoticed."""
    previous: str | None
    """SHA-256 of the issue before."""
    list: CandidateList


@dataclass(frozen=True, slots=True)
class Frozen:
    """A numbered issue and where it lies."""

    issue: Issue
    digest: str
    """SHA-256 of the file, as the decisions file has it."""
    file: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who decides, and with which key."""

    name: str
    key: Path | None = None
    """None: the key of that name in the workspace, made when the person decides for the first time."""
    passphrase: str | None = None


def candidates(workspace: Workspace, scan: Scan, *, top: int = TOP) -> CandidateList:
    """Everything that was decided about, and the signals among the first `top` ranks that nobody has looked at.

    SourceError when somebody has meddled with the decisions.
    """
    if top < 1:
        raise InputError(f"the first {top} ranks", expected="1 or more", do="correct --top")
    return _list(DecisionsFile.of(workspace).trusted(), scan, top)


def decide(
    workspace: Workspace,
    scan: Scan,
    name: str,
    *,
    to: str | None,
    why: str,
    by: Person,
    clock: Clock = system_clock,
    checkpoint: Checkpoint = no_checkpoint,
) -> Candidate:
    """Records what a person decided, signed, and gives the candidate as it stands now.

    Args:
        name: a candidate's identifier, or an identifier or spelling of a concept in the scan.
        to: the stage it gets; None records that somebody looked and is unsure.

    InputError for a move that is not allowed or without a reason; EvidenceError when the move needs documents and
    the scan has none; OutsideError when another process writes or the disk is full.
    """
    check_words(by.name, why)
    file = DecisionsFile.of(workspace)
    with file.writing() as journal:
        line, before = _find(journal, scan, name)
        after: Stage
        if to is None:
            after = before or "signal"
        else:
            move = transition(before, to)
            check_needs(move, name=by.name, reason=why, shown=line.shown)
            after = move.after
        body = Decision(
            candidate=line.candidate, before=before, after=after,
            looked="decided" if to is not None else "looked, unsure", why=why,
            subject=line.subject, basis=_basis(scan), shown=line.shown,
        )  # fmt: skip
        signer = _signer(workspace, journal, by)
        file.catch_up(journal, signer)
        file.append(journal, body, who=by.name, signer=signer, clock=clock, checkpoint=checkpoint)
    return _find(file.trusted(), scan, line.candidate)[0]


def history(workspace: Workspace, scan: Scan, name: str) -> CandidatePage:
    """One candidate, or anything else in the scan, with every decision about it."""
    journal = DecisionsFile.of(workspace).trusted()
    line, _ = _find(journal, scan, name)
    told = tuple(
        e for e in journal.entries if isinstance(e.body, Decision) and e.body.candidate == line.candidate
    )
    return CandidatePage(_basis(scan), line, told)


def issue(
    workspace: Workspace,
    scan: Scan,
    *,
    why: str,
    by: Person,
    top: int = TOP,
    clock: Clock = system_clock,
    checkpoint: Checkpoint = no_checkpoint,
) -> Frozen:
    """Freezes the list under the next number; its hash is signed into the decisions file.

    EvidenceError when the list is empty.
    """
    check_words(by.name, why)
    file = DecisionsFile.of(workspace)
    with file.writing() as journal:
        found = _list(journal, scan, top)
        if not found.items:
            raise EvidenceError(
                f"there is nothing to issue: no candidate and no signal among the first {top} ranks",
                expected="at least one signal or candidate",
                do="scan more documents, or raise --top",
            )
        signer = _signer(workspace, journal, by)
        file.catch_up(journal, signer)
        earlier = issued(journal.entries)
        number = max(earlier, default=0) + 1
        last = earlier[number - 1].body if number > 1 else None
        frozen = Issue(
            number, timestamp(clock()), by.name, why, __version__, journal.last,
            last.digest if isinstance(last, Issued) else None, replace(found, issue=number),
        )  # fmt: skip
        content = json.dumps(to_json(frozen), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        checkpoint("write issue")
        digest = file.write_issue(number, content.encode())
        file.append(
            journal,
            Issued(number, digest, why),
            who=by.name,
            signer=signer,
            clock=clock,
            checkpoint=checkpoint,
        )
    return Frozen(frozen, digest, str(file.issue_path(number)))


def open_issue(workspace: Workspace, number: int) -> CandidateList:
    """The list of a numbered issue; InputError when there is no such one, SourceError when it was changed."""
    file = DecisionsFile.of(workspace)
    known = issued(file.trusted().entries)
    if number not in known:
        there = ", ".join(map(str, sorted(known)[-5:]))
        raise InputError(
            f"there is no issue {number}",
            expected=f"one of the issues {there}" if known else "an issue",
            do="correct --issue" if known else "freeze one with `foretrack candidates issue`",
        )
    body = known[number].body
    assert isinstance(body, Issued)
    said: dict[str, Any] = json.loads(file.read_issue(number, body.digest))
    return list_from(said["list"])


def changes(
    workspace: Workspace, scan: Scan, *, issues: Sequence[int] = (), top: int | None = None
) -> ListDiff:
    """What changed since the last issue, since the one issue named, or between the two named.

    EvidenceError when there is no issue yet.
    """
    journal = DecisionsFile.of(workspace).trusted()
    known = issued(journal.entries)
    if not known:
        raise EvidenceError(
            "there is no issue of the list yet",
            expected="an issue to compare with",
            do="freeze the list as it is with `foretrack candidates issue --by NAME --why TEXT`",
        )
    if len(issues) > 2 or (len(issues) == 2 and issues[0] == issues[1]):
        raise InputError(
            f"{len(issues)} issues", expected="none, one, or two different ones", do="correct --issue"
        )
    before = open_issue(workspace, issues[0] if issues else max(known))
    now = len(issues) < 2
    after = _list(journal, scan, top or before.top) if now else open_issue(workspace, issues[1])
    old, new = {item.candidate for item in before.items}, {item.candidate for item in after.items}
    entered = {item.candidate: item.subject for item in after.items if item.candidate not in old}
    left = {item.candidate: item.subject for item in before.items if item.candidate not in new}
    return diff(
        before,
        after,
        seen_before=_seen(_stored(workspace, before.basis), entered),
        seen_after=_seen(scan if now else _stored(workspace, after.basis), left),
    )


def mend(workspace: Workspace, *, clock: Clock = system_clock) -> Path | None:
    """Sets aside what a stopped writer left at the end of the decisions file; None when there was nothing."""
    return DecisionsFile.of(workspace).mend(clock)


def _signer(workspace: Workspace, journal: Journal, by: Person) -> Signer:
    """The key that a person signs with; made when the name and the file are both new."""
    path = by.key or key_file(workspace, by.name)
    known = journal.key_of(by.name)
    if known is None and not path.exists():
        return make_signer(path, by.passphrase)
    signer = open_signer(path, by.passphrase)
    if known is not None and signer.public_key != known:
        raise InputError(
            f"{path} is not the key that {by.name} signed with before",
            expected=f"the private key of {known[:16]}…",
            do="name that key with --key, or decide under another name",
        )
    for entry in journal.entries:
        if entry.public_key == signer.public_key and same_name(entry.who) != same_name(by.name):
            raise InputError(
                f"{path} is the key of {entry.who}", expected="a key of one's own", do="leave out --key"
            )
    return signer


def _list(journal: Journal, scan: Scan, top: int) -> CandidateList:
    known = standings(journal.entries)
    reader = _Reader(scan)
    matched = reader.match({name: standing.decision.subject for name, standing in known.items()})
    wanted = [(known[name].decision.subject.unit, found) for name, (found, _) in matched.items()]
    sightings = reader.sightings(wanted, top)
    return build_list(
        _basis(scan), known, sightings, matched, reader.usual, top=top, n_decisions=len(journal.entries)
    )


def _find(journal: Journal, scan: Scan, name: str) -> tuple[Candidate, Stage | None]:
    """The candidate that bears a name, or a new line for something in the scan; and the stage on record."""
    known = standings(journal.entries)
    reader = _Reader(scan)
    matched = reader.match({name: standing.decision.subject for name, standing in known.items()})
    back: dict[tuple[Unit, str], str] = {
        (known[c].decision.subject.unit, found): c for c, (found, _) in matched.items()
    }
    candidate = name if name in known else None
    subject: tuple[Unit, str] | None = None
    if candidate is None:
        try:
            subject = reader.find(name)
        except InputError:
            wanted = same_name(name)
            candidate = next((c for c, s in known.items() if wanted in map(same_name, s.names)), None)
            if candidate is None:
                raise
        else:
            candidate = back.get(subject)
    if candidate is not None:
        unit = known[candidate].decision.subject.unit
        wanted_rows = [(unit, matched[candidate][0])] if candidate in matched else []
        one = {candidate: known[candidate]}
        sightings = reader.sightings(wanted_rows, 0)
        found = build_list(
            _basis(scan), one, sightings, matched, reader.usual, top=TOP, n_decisions=len(journal.entries)
        )
        return next(item for item in found.items if item.candidate == candidate), known[candidate].stage
    assert subject is not None
    unit = subject[0]
    sighting = reader.sightings([subject], 0)[0]
    _, reasons = proposal(None, sighting.shown, reader.usual[unit])
    # Any rank: what somebody saw as a signal with a longer --top is one here as well.
    raised = is_signal(sighting.shown, reader.usual[unit], top=max(len(scan.ranking), TOP))
    told = sighting.subject
    key = key_of(told.unit, told.id)
    if key in known:
        raise InputError(
            f"{name!r} is now the identifier of something else than the candidate {key!r} was",
            expected="a candidate or a concept whose identifier is free",
            do=f"look at `foretrack candidates show {key}`",
        )
    line = Candidate(
        candidate=key, unit=told.unit, label=told.label, label_en=told.label_en, label_zh=told.label_zh,
        stage="signal", looked="nobody looked", decision=None, decided_by=None, decided_at=None, why=None,
        proposed="candidate" if raised else None, reasons=reasons, matched_by="identifier", subject=told,
        shown=sighting.shown, shown_then=None,
    )  # fmt: skip
    return line, "signal" if raised else None


def _seen(scan: Scan | None, subjects: Mapping[str, Subject]) -> dict[str, Shown] | None:
    """Evidence of subjects in a scan; None when that scan is not stored any more."""
    if scan is None:
        return None
    reader = _Reader(scan)
    matched = reader.match(subjects)
    sightings = reader.sightings([(subjects[n].unit, found) for n, (found, _) in matched.items()], 0)
    by_id = {(s.subject.unit, s.subject.id): s.shown for s in sightings}
    return {name: by_id[subjects[name].unit, found] for name, (found, _) in matched.items()}


def _stored(workspace: Workspace, basis: Basis) -> Scan | None:
    try:
        return open_scan(workspace, basis.scan)
    except InputError:
        return None


def _basis(scan: Scan) -> Basis:
    return Basis(scan.name, scan.as_of, scan.snapshot, scan.method)


class _Reader:
    """The concepts and technologies of a stored scan as subjects and evidence."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        rows = {str(name): row for row, name in enumerate(scan.concepts["concept"].to_pylist())}
        self.rows: dict[str, dict[str, int]] = {"concept": rows, "technology": {}}
        self.technologies: list[dict[str, Any]] = []
        if "technologies" in scan.stored.manifest["tables"]:
            self.technologies = scan.stored.table("technologies").to_pylist()
        for number, row in enumerate(self.technologies):
            self.rows["technology"][row["technology"]] = number
        self.usual = {
            "concept": Usual(*(_mean(_column(scan.concepts, name)) for name in _FORECAST)),
            "technology": Usual(*(_mean([row.get(name) for row in self.technologies]) for name in _FORECAST)),
        }

    def match(self, known: Mapping[str, Subject]) -> dict[str, tuple[str, str]]:
        """Candidate -> (identifier, how it was recognised)."""
        missing = any(subject.id not in self.rows[subject.unit] for subject in known.values())
        return match(known, self.rows, self._forms() if missing else {})

    def _forms(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in self.scan.concepts.select(["concept", "forms"]).to_pylist():
            for form in row["forms"]:
                found.setdefault(f"concept:{form}", []).append(row["concept"])
        for row in self.technologies:
            for form in _labels(row):
                found.setdefault(f"technology:{form}", []).append(row["technology"])
        return found

    def find(self, name: str) -> tuple[Unit, str]:
        """(unit, identifier) of a technology by identifier, or of a concept by identifier or spelling.

        InputError with the nearest ones.
        """
        technology = name.strip().removeprefix("technology:")
        if technology in self.rows["technology"]:
            return "technology", technology
        row = self.scan.row_of(name)
        return "concept", str(self.scan.concepts["concept"][row])

    def sightings(self, wanted: Iterable[tuple[str, str]], top: int) -> list[Sighting]:
        """Those wanted, and the first `top` ranks of concepts and of technologies."""
        chosen: dict[str, dict[int, None]] = {
            "concept": dict.fromkeys(self.scan.ranking[:top]),
            "technology": {
                n: None for n, row in enumerate(self.technologies) if (row["rank"] or top + 1) <= top
            },
        }
        for unit, name in wanted:
            chosen[unit][self.rows[unit][name]] = None
        concepts = [_sighting(item) for item in self.scan.items(list(chosen["concept"]))]
        return concepts + self._of_technologies(list(chosen["technology"]))

    def _of_technologies(self, numbers: Sequence[int]) -> list[Sighting]:
        if not numbers:
            return []
        table = self.scan.stored.table("technology_documents")
        table = table.filter(pc.is_in(table["technology"], pa.array(numbers, table["technology"].type)))
        documents = (
            self.scan.stored.table("documents").select(["document_id", "year"]).take(table["document"])
        )
        by_technology: dict[int, list[tuple[int, str]]] = {}
        for number, row in zip(table["technology"].to_pylist(), documents.to_pylist(), strict=True):
            by_technology.setdefault(int(number or 0), []).append((-row["year"], row["document_id"]))
        found = []
        for number in numbers:
            row = self.technologies[number]
            newest = sorted(by_technology.get(number, ()))[:EVIDENCE_PER_CONCEPT]
            shown = Shown(
                rank=row["rank"], state=row["stage"], score=None, n_documents=row["n_documents"],
                n_recent=row["n_recent"], first_year=row["born"], burst_weight=None, doubt=(),
                evidence=tuple(document for _, document in newest),
                **{name: _finite(row.get(name)) for name in _MEASURED},
            )  # fmt: skip
            forms = _labels(row)
            subject = Subject(
                "technology", row["technology"], row["label"], row["label_en"], row["label_zh"], forms
            )
            found.append(Sighting(subject, shown))
        return found


_FORECAST = ("p_eg3", "p_dbl3")
_MEASURED = ("growth", "growth_low", "growth_high", "novelty", *_FORECAST)


def _labels(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row[name] for name in ("label", "label_en", "label_zh") if row[name]))


def _column(table: pa.Table, name: str) -> list[float | None]:
    return table[name].to_pylist() if name in table.column_names else []


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None and np.isfinite(value)]
    return float(np.mean(known)) if known else None


def _sighting(item: ConceptItem) -> Sighting:
    m = item.measures
    shown = Shown(
        rank=item.rank, state=item.state, score=item.score, n_documents=m.n_documents, n_recent=m.n_recent,
        first_year=m.first_year, growth=_finite(m.growth), growth_low=_finite(m.growth_low),
        growth_high=_finite(m.growth_high), novelty=_finite(m.novelty), burst_weight=_finite(m.burst_weight),
        p_eg3=_finite(item.p_eg3), p_dbl3=_finite(item.p_dbl3),
        doubt=item.doubt, evidence=item.evidence,
    )  # fmt: skip
    subject = Subject("concept", item.concept, item.label, item.label_en, item.label_zh, item.forms)
    return Sighting(subject, shown)


def _finite(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)
