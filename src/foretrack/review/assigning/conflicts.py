"""Conflicts of interest between submissions and reviewers: who must not judge what, and the evidence for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence

Reason: TypeAlias = Literal[
    "same person", "employer", "same group", "investment", "co-author", "supervisor", "declared by the reviewer",
    "declared by the applicant",
]  # fmt: skip
REASONS: Mapping[Reason, Sentence] = {
    "same person": Sentence("The reviewer is one of the applicants"),
    "employer": Sentence("Employer of the reviewer"),
    "same group": Sentence("Employer of the same group of companies"),
    "investment": Sentence("Investment of the reviewer"),
    "co-author": Sentence("Joint work"),
    "supervisor": Sentence("Supervisor or supervised"),
    "declared by the reviewer": Sentence("Declared by the reviewer"),
    "declared by the applicant": Sentence("Declared by the applicant"),
}
"""Every reason in the words of a page, the gravest first."""


@dataclass(frozen=True, slots=True)
class Spell:
    """That a reviewer worked for an organisation, from a day to a day (ISO); None where it is open or not known."""

    organisation: str
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Joint:
    """That two people did something together: its last day (ISO) or None where not known, and what shows it."""

    person: str
    last: str | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stake:
    """That an owner (an organisation or a person) holds a share of an organisation, 0..1 or None where not known."""

    owner: str
    owned: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Parties:
    """Who stands behind a submission. Identities are any text, the same for one organisation or person throughout."""

    submission: str
    organisations: tuple[str, ...] = ()
    """The lead and every partner."""
    people: tuple[str, ...] = ()
    """Who is named in it: contact, team, owners."""
    declared: Mapping[str, str] = field(default_factory=dict)
    """Reviewers whom the applicant asks not to have, and why."""


@dataclass(frozen=True, slots=True)
class Circle:
    """What ties a reviewer to others."""

    reviewer: str
    people: tuple[str, ...] = ()
    """The identities that the reviewer is named by among the people of submissions."""
    organisations: tuple[Spell, ...] = ()
    """Employers, now and before."""
    co_authors: tuple[Joint, ...] = ()
    supervised: tuple[Joint, ...] = ()
    """Supervisors and those supervised."""
    invested: tuple[Stake, ...] = ()
    """What the reviewer holds; `owner` is the reviewer or whoever holds it for the reviewer."""
    declared: Mapping[str, str] = field(default_factory=dict)
    """Submissions, organisations or people that the reviewer steps back from, and why."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a tie counts; a pack says it (`review-rules`)."""

    years_employed: float
    """An employer counts until so many years after the last day there."""
    years_together: float
    """Joint work counts for so many years after its last day. Supervision counts for ever."""
    least_share: float
    """From which share (0..1) an owner and what is owned are one group. A share that is not known counts."""
    siblings: bool
    """Whether two organisations that the same owner holds are one group."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One reason why a reviewer must not judge a submission; a pair may have several."""

    submission: str
    reviewer: str
    reason: Reason
    evidence: Sentence


def find_conflicts(
    submissions: Sequence[Parties],
    reviewers: Sequence[Circle],
    *,
    on: str,
    reach: Reach,
    stakes: Iterable[Stake] = (),
) -> tuple[Conflict, ...]:
    """Every conflict, in the order of submissions, then of reviewers, the gravest reason first.

    Partners count as the lead does. An organisation stands for its owners, for what it owns at any remove and, where
    `reach` says so, for what its owners own. A day that is not known is taken as recent: a doubt keeps a reviewer away.

    Args:
        on: ISO day from which years are counted back.
        stakes: who owns whom, among organisations, and people as owners.

    Raises:
        InputError: a submission or reviewer is given twice, or a day is no ISO day.

    >>> conflicts = find_conflicts(
    ...     [Parties("s1", ("Acme", "Lab"), ("p1",))],
    ...     [Circle("r1", organisations=(Spell("Acme Holding", until="2025-06-30"),)), Circle("r2", people=("p1",))],
    ...     on="2026-03-02", reach=Reach(3, 3, 0.2, False), stakes=[Stake("Acme Holding", "Acme", 0.6)],
    ... )
    >>> [(c.reviewer, c.reason, str(c.evidence)) for c in conflicts]  # doctest: +NORMALIZE_WHITESPACE
    [('r1', 'same group', 'worked for Acme Holding until 2025-06-30, which owns 60% of Acme'),
     ('r2', 'same person', 'p1 takes part in the submission')]
    """
    _once([parties.submission for parties in submissions])
    _once([circle.reviewer for circle in reviewers])
    today = _day(on)
    groups = _Groups(stakes, reach)
    by_reviewer = [_Ties(circle, today, reach, groups) for circle in reviewers]
    found: list[Conflict] = []
    for parties in submissions:
        names = {parties.submission, *parties.organisations, *parties.people}
        for ties in by_reviewer:
            if ties.circle.reviewer not in parties.declared and ties.names.isdisjoint(names):
                continue
            reasons = dict(reversed(list(ties.against(parties))))
            found += (
                Conflict(parties.submission, ties.circle.reviewer, reason, reasons[reason])
                for reason in REASONS
                if reason in reasons
            )
    return tuple(found)


class _Groups:
    """Which organisations stand for which others, and the sentence that says why."""

    def __init__(self, stakes: Iterable[Stake], reach: Reach) -> None:
        self.owned: defaultdict[str, dict[str, Stake]] = defaultdict(dict)
        self.owners: defaultdict[str, dict[str, Stake]] = defaultdict(dict)
        for stake in stakes:
            if stake.owner != stake.owned and (stake.share is None or stake.share >= reach.least_share):
                self.owned[stake.owner][stake.owned] = stake
                self.owners[stake.owned][stake.owner] = stake
        self.siblings = reach.siblings
        self._around: dict[str, dict[str, Sentence | None]] = {}

    def around(self, organisation: str) -> dict[str, Sentence | None]:
        """The organisations and people that stand for `organisation`, itself (None) among them."""
        if organisation in self._around:
            return self._around[organisation]
        found: dict[str, Sentence | None] = {organisation: None}
        above = self._walk(organisation, self.owners)
        for owner, path in above.items():
            found[owner] = _owning(path)
        for owned, path in self._walk(organisation, self.owned).items():
            found.setdefault(owned, _owned(path))
        if self.siblings:
            for owner in above:
                for sibling in self._walk(owner, self.owned):
                    found.setdefault(
                        sibling,
                        Sentence(
                            "which belongs to {owner}, as {party} does",
                            {"owner": owner, "party": organisation},
                        ),
                    )
        self._around[organisation] = found
        return found

    @staticmethod
    def _walk(start: str, edges: Mapping[str, Mapping[str, Stake]]) -> dict[str, list[Stake]]:
        """Everything that is reached from `start` with the shortest path to it."""
        found: dict[str, list[Stake]] = {}
        border = [(start, list[Stake]())]
        while border:
            later = []
            for here, path in border:
                for there, stake in sorted(edges.get(here, {}).items()):
                    if there != start and there not in found:
                        found[there] = [*path, stake]
                        later.append((there, found[there]))
            border = later
        return found


def _owning(path: Sequence[Stake]) -> Sentence:
    """Why the owner at the end of a path upwards stands for its beginning."""
    if len(path) == 1:
        return _one(
            path[0], "which owns {share} of {party}", "which owns part of {party}", party=path[0].owned
        )
    chain = " → ".join([path[-1].owner, *(stake.owned for stake in reversed(path))])
    return Sentence("which owns {party} through others: {chain}", {"party": path[0].owned, "chain": chain})


def _owned(path: Sequence[Stake]) -> Sentence:
    if len(path) == 1:
        return _one(
            path[0], "of which {party} owns {share}", "of which {party} owns a part", party=path[0].owner
        )
    chain = " → ".join([path[0].owner, *(stake.owned for stake in path)])
    return Sentence("which {party} owns through others: {chain}", {"party": path[0].owner, "chain": chain})


def _one(stake: Stake, known: str, unknown: str, *, party: str) -> Sentence:
    if stake.share is None:
        return Sentence(unknown, {"party": party})
    return Sentence(known, {"party": party, "share": f"{stake.share:.0%}"})


class _Ties:
    """The ties of one reviewer that count on the day, looked up by name."""

    def __init__(self, circle: Circle, today: date, reach: Reach, groups: _Groups) -> None:
        self.circle = circle
        self.people = frozenset(circle.people)
        self.employers: dict[str, Sentence] = {}
        self.groups: dict[str, Sentence] = {}
        self.invested: dict[str, Sentence] = {}
        for spell in circle.organisations:
            if not _recent(spell.until, today, reach.years_employed):
                continue
            worked = _worked(spell, today)
            self.employers.setdefault(spell.organisation, worked)
            for other, why in _standing_for(spell.organisation, groups):
                self.groups.setdefault(other, Sentence("{worked}, {why}", {"worked": worked, "why": why}))
        held = [(stake.owned, stake.share) for stake in circle.invested]
        held += [
            (name, stake.share)
            for person in circle.people
            for name, stake in groups.owned.get(person, {}).items()
        ]
        for organisation, share in held:
            holds = _holds(organisation, share)
            self.invested.setdefault(organisation, holds)
            for other, why in _standing_for(organisation, groups):
                self.invested.setdefault(other, Sentence("{holds}, {why}", {"holds": holds, "why": why}))
        self.together = {
            joint.person: _with(joint, Sentence("joint work"))
            for joint in circle.co_authors
            if _recent(joint.last, today, reach.years_together)
        }
        self.supervised = {joint.person: _with(joint, Sentence("supervision")) for joint in circle.supervised}
        for joint in circle.supervised:
            _recent(joint.last, today, 0)  # only that the day is one
        self.names = frozenset().union(
            self.people, (circle.reviewer,), circle.declared, self.employers, self.groups, self.invested,
            self.together, self.supervised,
        )  # fmt: skip

    def against(self, parties: Parties) -> Iterator[tuple[Reason, Sentence]]:
        circle = self.circle
        if circle.reviewer in parties.declared:
            yield "declared by the applicant", _said(parties.declared[circle.reviewer])
        for name in (parties.submission, *parties.organisations, *parties.people):
            if name in circle.declared:
                yield "declared by the reviewer", _said(circle.declared[name])
        for person in parties.people:
            if person in self.people or person == circle.reviewer:
                yield "same person", Sentence("{person} takes part in the submission", {"person": person})
            if person in self.supervised:
                yield "supervisor", self.supervised[person]
            if person in self.together:
                yield "co-author", self.together[person]
        for organisation in parties.organisations:
            if organisation in self.invested:
                yield "investment", self.invested[organisation]
            if organisation in self.employers:
                yield "employer", self.employers[organisation]
            elif organisation in self.groups:
                yield "same group", self.groups[organisation]


def _standing_for(organisation: str, groups: _Groups) -> Iterator[tuple[str, Sentence]]:
    """The other organisations that one of the reviewer's own stands for, told from the reviewer's side."""
    for other in groups.around(organisation):
        why = groups.around(other).get(organisation) if other != organisation else None
        if why is not None:
            yield other, why


def _worked(spell: Spell, today: date) -> Sentence:
    if spell.until is None or _day(spell.until) >= today:
        return Sentence("works for {organisation}", {"organisation": spell.organisation})
    return Sentence(
        "worked for {organisation} until {day}", {"organisation": spell.organisation, "day": spell.until}
    )


def _holds(organisation: str, share: float | None) -> Sentence:
    if share is None:
        return Sentence("holds part of {organisation}", {"organisation": organisation})
    return Sentence(
        "holds {share} of {organisation}", {"share": f"{share:.0%}", "organisation": organisation}
    )


def _with(joint: Joint, what: Sentence) -> Sentence:
    values = {"what": what, "person": joint.person, "day": joint.last, "evidence": "; ".join(joint.evidence)}
    if joint.evidence:
        template = (
            "{what} with {person}, last {day}: {evidence}"
            if joint.last
            else "{what} with {person}: {evidence}"
        )
    else:
        template = "{what} with {person}, last {day}" if joint.last else "{what} with {person}"
    return Sentence(template, {k: v for k, v in values.items() if "{" + k + "}" in template})


def _said(why: str) -> Sentence:
    return Sentence("{why}", {"why": why}) if why.strip() else Sentence("no reason given")


def _recent(last: str | None, today: date, years: float) -> bool:
    return last is None or (today - _day(last)).days <= years * 365.2425


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError.of(
            "{text!r} is no day", expected="an ISO day such as {example}", do="correct the day", text=text[:40],
            example="2026-03-02",
        ) from None  # fmt: skip


def _once(names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InputError.of(
                "{name!r} is given twice", expected="each submission and each reviewer once",
                do="leave the second one out", name=name[:80],
            )  # fmt: skip
        seen.add(name)
