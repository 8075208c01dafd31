"""Giving submissions to reviewers: the best assignment within the pool, with conflicts and loads respected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from foretrack.accounts.models import RoleGrant
from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.declaring.fields import clean_text
from foretrack.registry.history.commitment import canonical, sha256
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.review.actions.drawing import pool_of
from foretrack.review.actions.reviewers import names_of, profiles_of
from foretrack.review.answers import ConflictLine, RunAnswer
from foretrack.review.assigning.conflicts import Conflict
from foretrack.review.calls import Call, Stage, run_call
from foretrack.review.models import Run, Task
from foretrack.review.naming import told_titles
from foretrack.review.stages import in_stage
from foretrack.review.telling import tell_reviewers
from foretrack.review.ties import conflicts_of, what_ties

NO_LIMIT = 10**6


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything from which a stage is assigned."""

    submissions: tuple[Record, ...]
    reviewers: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    inputs: Mapping[str, Any]
    """As they are kept: enough to compute the assignment again."""


def assign_stage(
    registry: Registry, actor: Actor, call_key: str, stage: int, *, seed: str = "", partial: bool = False
) -> RunAnswer:
    """Gives every submission of a stage as many reviewers as the call says: those with the best fit, all in all.

    What was given before stays; only what is missing is added, so it can be run again after a reviewer steps back. The
    inputs and the outcome are kept, and their digest is written into the log, in one transaction: a run that dies leaves
    nothing.

    Args:
        seed: tells submissions and reviewers of equal fit apart; the stage's draw is its natural source.
        partial: gives what can be given where there are not enough reviewers, where otherwise that is an error.

    InputError when there are not enough reviewers without a conflict, with the submissions that lack them.
    """
    call = run_call(registry, actor, call_key)
    the_stage = call.stage(stage)
    with transaction.atomic():
        head = take_number()
        now = situation(registry, call, the_stage, seed=clean_text(seed))
        if not now.submissions:
            raise InputError.of(
                "no submission is in stage {stage}", stage=stage, expected="submissions that were admitted",
                do="admit them, or look at another stage",
            )  # fmt: skip
        solved = solve(now.inputs, partial=partial)
        fresh = [[pair.submission, pair.reviewer] for pair in solved.pairs if not pair.given]
        digest = digest_of(now.inputs, fresh)
        entry = log(
            registry, actor, "assign reviewers", f"record:{call.key}",
            details={"stage": stage, "digest": digest, "given": len(fresh), "missing": sum(solved.short.values())},
            head=head,
        )  # fmt: skip
        Run.objects.create(
            call=call.key, stage=stage, inputs=now.inputs, pairs=fresh, total=solved.total, bound=solved.bound,
            missing=dict(solved.short), digest=digest, at=registry.now(), by=actor.key, log_entry=entry.number,
        )  # fmt: skip
        give(registry, actor, call, stage, [(one, other) for one, other in fresh])
    return RunAnswer(
        call=call.key, stage=stage, given=len(fresh), total=solved.total, bound=solved.bound,
        conflicts=len({(c.submission, c.reviewer) for c in now.conflicts}), reviewers=len(now.reviewers),
        submissions=len(now.submissions), missing=dict(solved.short), digest=digest,
    )  # fmt: skip


def solve(inputs: Mapping[str, Any], *, partial: bool) -> Any:
    """The assignment that follows from kept inputs: the same ones, the same pairs."""
    import numpy as np

    from foretrack.review.assigning.solving import assign

    allowed = np.ones((len(inputs["submissions"]), len(inputs["reviewers"])), dtype=np.bool_)
    rows = {key: at for at, key in enumerate(inputs["submissions"])}
    columns = {key: at for at, key in enumerate(inputs["reviewers"])}
    for submission, reviewer in inputs["conflicts"]:
        allowed[rows[submission], columns[reviewer]] = False
    return assign(
        np.array(inputs["fit"], dtype=np.float64).reshape(allowed.shape) / 1000, allowed,
        submissions=inputs["submissions"], reviewers=inputs["reviewers"], needed=inputs["needed"], most=inputs["most"],
        given=[(one, other) for one, other in inputs["given"]], seed=inputs["seed"], partial=partial,
    )  # fmt: skip


def digest_of(inputs: Mapping[str, Any], pairs: Sequence[Sequence[str]]) -> str:
    """The digest of an assignment, as the log has it."""
    return sha256(canonical({"inputs": inputs, "pairs": [list(pair) for pair in pairs]}))


def situation(registry: Registry, call: Call, stage: Stage, *, seed: str = "") -> Situation:
    """Submissions, reviewers, conflicts and fit of a stage as they are now."""
    from foretrack.review.fits import fit_of

    submissions = tuple(in_stage(call, stage.number))
    running = list(Task.objects.filter(call=call.key, stage=stage.number, ended_at=None))
    reviewers = tuple(sorted({*pool_of(registry, call, stage.number), *(task.reviewer for task in running)}))
    profiles = profiles_of(reviewers)
    conflicts = conflicts_now(registry, submissions, reviewers)
    apart = {(c.submission, c.reviewer) for c in conflicts}
    # Whoever stepped back from a submission is not asked about it again.
    back = Task.objects.filter(call=call.key, stage=stage.number).exclude(ended_at=None)
    apart |= {(task.submission, task.reviewer) for task in back if task.reviewer in reviewers}
    keys = {record.key for record in submissions}
    given = sorted((task.submission, task.reviewer) for task in running if task.submission in keys)
    # A conflict that was found later does not undo what stands: the officer ends that task, seeing the conflict.
    apart -= set(given)
    limits = [
        min(stage.most or NO_LIMIT, profiles[key].most or NO_LIMIT if key in profiles else NO_LIMIT)
        for key in reviewers
    ]
    loads = Counter(reviewer for _, reviewer in given)
    inputs = {
        "call": call.key, "stage": stage.number, "submissions": [record.key for record in submissions],
        "reviewers": list(reviewers), "conflicts": sorted([one, other] for one, other in apart if one in keys),
        "needed": [stage.reviewers] * len(submissions),
        "most": [max(limit, loads[key]) for limit, key in zip(limits, reviewers, strict=True)],
        "given": [list(pair) for pair in given], "fit": fit_of(registry, submissions, reviewers, profiles), "seed": seed,
    }  # fmt: skip
    return Situation(submissions, reviewers, conflicts, inputs)


def conflicts_now(
    registry: Registry, submissions: Sequence[Record], reviewers: Sequence[str]
) -> tuple[Conflict, ...]:
    """Every conflict between submissions and reviewers as of today."""
    grants: dict[str, list[str]] = {}
    held = RoleGrant.objects.filter(account__key__in=list(reviewers), ended_at=None).exclude(
        organisation=None
    )
    for key, organisation in held.values_list("account__key", "organisation"):
        grants.setdefault(key, []).append(str(organisation))
    known = what_ties(registry, submissions, reviewers, profiles_of(reviewers), grants)
    return conflicts_of(registry, known)


def conflicts_in(registry: Registry, actor: Actor, call_key: str, stage: int) -> tuple[ConflictLine, ...]:
    """The conflicts of a stage with their evidence, for whoever runs the call."""
    call = run_call(registry, actor, call_key)
    the_stage = call.stage(stage)
    submissions = in_stage(call, the_stage.number, only_open=False)
    found = conflicts_now(registry, submissions, pool_of(registry, call, stage))
    keys = {part for one in found for part in _keys_in(one.evidence)}
    titles = told_titles([*(one.submission for one in found), *keys], actor.language)
    names = names_of(one.reviewer for one in found)
    return tuple(
        ConflictLine(
            one.submission, titles.get(one.submission, one.submission), one.reviewer,
            names.get(one.reviewer, one.reviewer), one.reason, _named(one.evidence, titles),
        )
        for one in found
    )  # fmt: skip


def _keys_in(evidence: Sentence) -> Iterator[str]:
    for value in evidence.values.values():
        if isinstance(value, Sentence):
            yield from _keys_in(value)
        elif isinstance(value, str):
            yield value


def _named(evidence: Sentence, titles: Mapping[str, str]) -> Sentence:
    """The evidence with what organisations and people are called."""
    return Sentence(
        evidence.template,
        {
            name: _named(value, titles) if isinstance(value, Sentence) else titles.get(str(value), value)
            for name, value in evidence.values.items()
        },
    )


def give(registry: Registry, actor: Actor, call: Call, stage: int, pairs: Sequence[tuple[str, str]]) -> None:
    """Makes tasks, with an alias for each reviewer of a submission, and tells the reviewers."""
    taken: Counter[str] = Counter(
        Task.objects.filter(call=call.key, stage=stage).values_list("submission", flat=True)
    )
    at = registry.now()
    made = []
    for submission, reviewer in pairs:
        taken[submission] += 1
        made.append(
            Task(
                call=call.key, stage=stage, submission=submission, reviewer=reviewer, alias=f"R{taken[submission]}",
                by=actor.key, at=at,
            )
        )  # fmt: skip
    Task.objects.bulk_create(made, batch_size=500)
    tell_reviewers(call, sorted({reviewer for _, reviewer in pairs}))


def replace_reviewer(
    registry: Registry, actor: Actor, task_number: int, *, reason: str, by: str = ""
) -> None:
    """Ends a task that is not done, and gives the submission to somebody else.

    Args:
        by: the reviewer who shall take it; nobody when empty: `assign_stage` finds one.

    InputError for a task that is done or ended, without a reason, or where the new reviewer has a conflict.
    """
    said = clean_text(reason)
    if not said:
        raise InputError.of("no reason", expected="why the reviewer is replaced", do="say why")
    with transaction.atomic():
        head = take_number()
        task = Task.objects.filter(pk=task_number).first()
        call = run_call(registry, actor, task.call if task else "")
        if task is None or task.ended_at is not None or task.done_at is not None:
            raise InputError.of(
                "the task {n} cannot be replaced", n=task_number, expected="a task that is not done",
                do="look at the stage",
            )  # fmt: skip
        if by:
            submission = Record.objects.get(key=task.submission)
            if by not in pool_of(registry, call, task.stage):
                raise InputError.of(
                    "{reviewer} is not in the pool of this stage", reviewer=by, expected="a reviewer of the pool",
                    do="choose another one",
                )  # fmt: skip
            apart = conflicts_now(registry, [submission], [by])
            if apart:
                raise InputError.of(
                    "{reviewer} has a conflict: {evidence}", reviewer=by, evidence=apart[0].evidence,
                    expected="a reviewer without one", do="choose another one",
                )  # fmt: skip
            if Task.objects.filter(submission=task.submission, stage=task.stage, reviewer=by).exists():
                raise InputError.of(
                    "{reviewer} was asked about it already", reviewer=by, expected="another reviewer",
                    do="choose another one",
                )  # fmt: skip
        task.ended_at, task.ended_why = registry.now(), "replaced"
        task.save(update_fields=["ended_at", "ended_why"])
        log(
            registry, actor, "replace reviewer", f"record:{task.submission}",
            details={"stage": task.stage, "before": task.reviewer, "after": by}, reason=said, head=head,
        )  # fmt: skip
        if by:
            give(registry, actor, call, task.stage, [(task.submission, by)])
