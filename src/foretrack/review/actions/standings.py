"""What the sheets of a stage say: raw and corrected scores, rank, agreement, and what an officer should look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import title_of
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.review.actions.reviewers import names_of, profiles_of
from foretrack.review.answers import FlagLine, ReviewerEffect, Standing, Standings
from foretrack.review.calls import Call, run_call
from foretrack.review.figures import Figures, figures_of, flags_of
from foretrack.review.limits import group_of
from foretrack.review.models import Decision, Entry, Objection, Sheet, Task
from foretrack.review.naming import told_titles
from foretrack.review.rubrics import rubric_called
from foretrack.review.scoring.watching import SIGNS
from foretrack.review.stages import in_stage, last_sheets


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that is known of a stage."""

    submissions: Sequence[Record]
    tasks: Sequence[Task]
    sheets: Mapping[int, Sheet]
    figures: Figures


def standings(
    registry: Registry, actor: Actor, call_key: str, stage: int, *, signs: bool = True
) -> Standings:
    """Every submission of a stage with its scores, for whoever runs the call.

    Args:
        signs: whether signs to look at are looked for, which takes seconds where there are thousands of sheets.
    """
    call = run_call(registry, actor, call_key)
    call.stage(stage)
    return standings_of(registry, actor, call, stage, signs=signs)


def look_at(call: Call, stage: int) -> Stage:
    """Submissions, tasks and sheets of a stage, with the figures that follow from them."""
    submissions = in_stage(call, stage, only_open=False)
    tasks = list(Task.objects.filter(call=call.key, stage=stage, ended_at=None).order_by("pk"))
    sheets = last_sheets(call, stage)
    return Stage(submissions, tasks, sheets, figures_of(sheets))


def standings_of(
    registry: Registry, actor: Actor, call: Call, stage: int, *, signs: bool = True
) -> Standings:
    """As `standings`, for an actor who was let in already."""
    seen = look_at(call, stage)
    codes = {e.submission: e.code for e in Entry.objects.filter(call=call.key).defer("eligibility")}
    outcomes = {
        row.submission: row.outcome
        for row in Decision.objects.filter(call=call.key, stage=stage).order_by("pk")
    }
    objections: dict[str, int] = {}
    for key in Objection.objects.filter(call=call.key).values_list("submission", flat=True):
        objections[key] = objections.get(key, 0) + 1
    asked: dict[str, int] = {}
    for task in seen.tasks:
        asked[task.submission] = asked.get(task.submission, 0) + 1
    owners = told_titles((r.organisation for r in seen.submissions if r.organisation), actor.language)
    lines = []
    for record in seen.submissions:
        of = seen.figures.of.get(record.key)
        lines.append(
            Standing(
                submission=record.key, code=codes.get(record.key, ""),
                title=title_of(record, actor.language),
                organisation=owners.get(record.organisation or "", ""), region=record.region or "",
                group=group_of(call, record), status=record.status, asked=asked.get(record.key, 0),
                sheets=of.sheets if of else 0, raw=of.raw if of else None, spread=of.spread if of else None,
                corrected=of.corrected if of else None, error=of.error if of else None,
                rank_raw=of.rank_raw if of else None, rank=of.rank if of else None,
                outcome=outcomes.get(record.key, ""), objections=objections.get(record.key, 0),
            )
        )  # fmt: skip
    lines.sort(key=lambda one: (one.rank is None, one.rank or 0, one.code))
    people = names_of({task.reviewer for task in seen.tasks})
    return Standings(
        call=call.key, stage=stage, lines=tuple(lines), alpha=seen.figures.alpha, alpha_low=seen.figures.alpha_low,
        alpha_high=seen.figures.alpha_high, components=seen.figures.components,
        reviewers=tuple(
            ReviewerEffect(one.reviewer, people.get(one.reviewer, one.reviewer), one.sheets, one.mean, one.effect,
            one.error) for one in seen.figures.reviewers
        ),
        flags=tuple(
            FlagLine(
                flag.sign, SIGNS[flag.sign], flag.reviewers, tuple(people.get(key, key) for key in flag.reviewers),
                flag.submissions, flag.evidence, flag.p, flag.q,
            )
            for flag in (
                flags_of(
                    seen.submissions, seen.sheets, rubric_called(call.stage(stage).rubric),
                    profiles_of({task.reviewer for task in seen.tasks}), registry.now().date(),
                )
                if signs
                else ()
            )
        ),
        late=sum(1 for task in seen.tasks if task.done_at is None),
    )  # fmt: skip
