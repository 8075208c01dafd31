"""What ties reviewers to applicants: employers, stakes, joint work, and what either side declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from foretrack.packs.thresholds import load_thresholds
from foretrack.registry.actions.reading import records_with
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.models import Pointer, Record
from foretrack.registry.registry import Registry
from foretrack.review.assigning.conflicts import (
    Circle,
    Conflict,
    Joint,
    Parties,
    Reach,
    Spell,
    Stake,
    find_conflicts,
)
from foretrack.review.models import Conflict as Declared
from foretrack.review.models import Reviewer

JointWork: TypeAlias = Callable[[Registry, Sequence[str], Sequence[str]], Mapping[str, Sequence[Joint]]]
"""Given keys of people who review and keys of people who apply: reviewer to joint works with them."""

JOINT_WORK: set[JointWork] = set()
"""Where joint work is known from: the lookout adds the co-authors of its documents. Asked when conflicts are looked
for."""


@dataclass(frozen=True, slots=True)
class Known:
    """Submissions and reviewers with what ties them."""

    parties: tuple[Parties, ...]
    circles: tuple[Circle, ...]


def what_ties(
    registry: Registry, submissions: Sequence[Record], reviewers: Sequence[str], profiles: Mapping[str, Reviewer],
    grants: Mapping[str, Sequence[str]],
) -> Known:  # fmt: skip
    """Parties and circles of a call.

    Args:
        grants: reviewer to the organisations that the account acts for.
    """
    bodies = records_with(s.body["subject"] for s in submissions)
    applicants: dict[str, tuple[str, ...]] = {
        s.key: _people(registry, s, bodies.get(str(s.body["subject"]))) for s in submissions
    }
    people = sorted({person for named in applicants.values() for person in named})
    persons = {p.person: key for key, p in profiles.items() if p.person}
    joint: dict[str, list[Joint]] = {}
    for asked in JOINT_WORK:
        for person, works in asked(registry, sorted(persons), people).items():
            joint.setdefault(persons.get(person, person), []).extend(works)
    declared: dict[str, dict[str, str]] = {}
    for row in Declared.objects.filter(reviewer__in=list(reviewers), ended_at=None):
        declared.setdefault(row.reviewer, {})[row.target] = row.reason or "declared"
    parties = tuple(
        Parties(
            s.key, (str(s.body["organisation"]), *map(str, s.body.get("partners") or ())), applicants[s.key],
            declared=_avoided(s, reviewers, profiles, grants),
        )
        for s in submissions
    )  # fmt: skip
    circles = tuple(
        Circle(
            key,
            people=(profile.person,) if (profile := profiles.get(key)) and profile.person else (),
            organisations=tuple(
                Spell(one)
                for one in dict.fromkeys([*(profile.employers if profile else ()), *grants.get(key, ())])
            ),
            co_authors=tuple(joint.get(key, ())),
            invested=tuple(Stake(key, owned) for owned in (profile.invested if profile else ())),
            declared=declared.get(key, {}),
        )
        for key in reviewers
    )
    return Known(parties, circles)


def conflicts_of(registry: Registry, known: Known) -> tuple[Conflict, ...]:
    """Every conflict between the submissions and the reviewers, as of today and by the rules of the packs."""
    return find_conflicts(
        known.parties, known.circles, on=registry.now().date().isoformat(), reach=reach_on(registry),
        stakes=owners(registry),
    )  # fmt: skip


def reach_on(registry: Registry) -> Reach:
    """How far ties count today, as the packs say."""
    known, day = load_thresholds(PACK_TERMS.paths), registry.now().date().isoformat()
    return Reach(
        years_employed=known.on("years-employed", day).value, years_together=known.on("years-together", day).value,
        least_share=known.on("least-share", day).value, siblings=known.on("siblings-count", day).value >= 1,
    )  # fmt: skip


def owners(registry: Registry) -> tuple[Stake, ...]:
    """Who owns whom among the organisations of the registry: their `parent` field, where the kind has one."""
    kind = registry.kinds.get("organisation")
    if "parent" not in kind.by_name:
        return ()
    rows = Pointer.objects.filter(field="parent", unit="record", record__kind=kind.name)
    return tuple(Stake(owner, owned) for owner, owned in rows.values_list("target", "record__key"))


def _people(registry: Registry, submission: Record, subject: Record | None) -> tuple[str, ...]:
    """People who are named in what is handed in."""
    if subject is None:
        return ()
    kind = registry.kinds.get(subject.kind)
    return tuple(
        value
        for f in kind.links
        if f.takes("person")
        for value in f.facet_values(subject.body.get(f.name))
        if ":" not in value
    )


def _avoided(
    submission: Record, reviewers: Sequence[str], profiles: Mapping[str, Reviewer],
    grants: Mapping[str, Sequence[str]],
) -> dict[str, str]:  # fmt: skip
    """Reviewers whom the applicant asked not to have: by their person or by an organisation of theirs."""
    avoid = set(submission.body.get("avoid") or ())
    if not avoid:
        return {}
    why = str(submission.body.get("avoid_reason") or "")
    return {
        key: why
        for key in reviewers
        if avoid & {*(profiles[key].employers if key in profiles else ()), *grants.get(key, ())}
        or (key in profiles and profiles[key].person in avoid)
    }
