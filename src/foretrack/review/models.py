"""What a review leaves behind: entries, draws, assignments, sheets, remarks, decisions, objections. Kept, never
rewritten.

Submissions and calls are records of the registry; here stands what belongs to the review alone. The log holds the digest
of every draw, run, sheet and decision, so that each can be checked and computed again (`actions/replaying.py`).
"""

from __future__ import annotations

from django.db import models

KEY = 26
DIGEST = 64


class Entry(models.Model):
    """One submission as its call knows it: what was handed in, whether it is eligible, and under which code it is
    judged."""

    call = models.CharField(max_length=KEY)
    submission = models.CharField(max_length=KEY, unique=True)
    subject = models.CharField(max_length=KEY)
    subject_revision = models.PositiveIntegerField(default=0)
    """Of the record at the time of handing in: what reviewers read."""
    number = models.PositiveIntegerField()
    """In the order in which they were handed in first."""
    eligibility = models.JSONField(default=dict)
    """{"outcome", "rule", "on", "score", "answer"}: the assessment with its whole trace; empty where no rule is asked."""
    submitted_at = models.DateTimeField()
    held = models.BooleanField(default=True)
    """Whether the call decides about the record now, so that nobody moves it on its own page."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["call", "number"], name="entry_number"),)
        indexes = (models.Index(fields=["subject", "held"], name="entry_subject"),)

    @property
    def code(self) -> str:
        """The name under which it is judged blindly."""
        return f"{self.number:04d}"


class Reviewer(models.Model):
    """What a reviewer says of the own work, so that others can ask the right person; never a mark or a score."""

    actor = models.CharField(max_length=KEY, unique=True)
    person = models.CharField(max_length=KEY, blank=True, default="")
    """Key of the record of the person, if there is one."""
    employers = models.JSONField(default=list)
    """Keys of organisations: now and in the years that a conflict looks back."""
    invested = models.JSONField(default=list)
    """Keys of organisations in which the reviewer holds a share, or sits on a board."""
    tracks = models.JSONField(default=list)
    words = models.TextField(blank=True, default="")
    """Fields of work in the own words."""
    most = models.PositiveIntegerField(null=True)
    """Submissions in one stage at most."""
    away_until = models.DateField(null=True)
    updated_at = models.DateTimeField()


class Conflict(models.Model):
    """Somebody declared that a reviewer must not judge an organisation or a submission."""

    reviewer = models.CharField(max_length=KEY)
    target = models.CharField(max_length=KEY)
    """Key of an organisation, a person or a submission."""
    reason = models.CharField(max_length=40)
    by = models.CharField(max_length=KEY)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["reviewer", "ended_at"], name="conflict_reviewer"),)


class Draw(models.Model):
    """A pool of reviewers drawn at random with a published seed."""

    call = models.CharField(max_length=KEY)
    stage = models.PositiveSmallIntegerField()
    seed = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    candidates = models.JSONField()
    """Keys of all who could be drawn, sorted."""
    drawn = models.JSONField()
    """Keys of those who were, in the order of the draw."""
    digest = models.CharField(max_length=DIGEST)
    at = models.DateTimeField()
    by = models.CharField(max_length=KEY)
    log_entry = models.PositiveBigIntegerField()

    class Meta:
        indexes = (models.Index(fields=["call", "stage"], name="draw_stage"),)


class Run(models.Model):
    """One assignment of reviewers to submissions, with everything that it was computed from."""

    call = models.CharField(max_length=KEY)
    stage = models.PositiveSmallIntegerField()
    inputs = models.JSONField()
    """Submissions, reviewers, fit in thousandths, conflicts, loads, pairs that stood, seed."""
    pairs = models.JSONField()
    """[[submission, reviewer], ...] that it added."""
    total = models.FloatField()
    bound = models.FloatField()
    missing = models.JSONField(default=dict)
    """Submission to the reviewers that could not be found."""
    digest = models.CharField(max_length=DIGEST)
    """Of inputs and pairs."""
    at = models.DateTimeField()
    by = models.CharField(max_length=KEY)
    log_entry = models.PositiveBigIntegerField()

    class Meta:
        indexes = (models.Index(fields=["call", "stage"], name="run_stage"),)


class Task(models.Model):
    """One reviewer asked to judge one submission in one stage."""

    call = models.CharField(max_length=KEY)
    stage = models.PositiveSmallIntegerField()
    submission = models.CharField(max_length=KEY)
    reviewer = models.CharField(max_length=KEY)
    alias = models.CharField(max_length=10)
    """By which the others know the reviewer: R1, R2."""
    by = models.CharField(max_length=KEY)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=40, blank=True, default="")
    """`declined`, `conflict`, `replaced`, `withdrawn`."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["stage", "submission", "reviewer"], name="task_once"),
            models.UniqueConstraint(fields=["stage", "submission", "alias"], name="task_alias"),
        )
        indexes = (
            models.Index(fields=["call", "stage"], name="task_stage"),
            models.Index(fields=["reviewer", "ended_at"], name="task_reviewer"),
        )


class Sheet(models.Model):
    """One version of a score sheet; the last one counts."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="sheets")
    number = models.PositiveIntegerField()
    scores = models.JSONField()
    """Criterion to points."""
    total = models.FloatField()
    """0 to 100."""
    comments = models.JSONField(default=dict)
    """`applicant`: handed on with the decision; `officers`: for the officers and the other reviewers only."""
    seconds = models.PositiveIntegerField(null=True)
    """From opening the page to sending the sheet, as the browser told; None where it did not."""
    digest = models.CharField(max_length=DIGEST)
    at = models.DateTimeField()
    log_entry = models.PositiveBigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["task", "number"], name="sheet_number"),)


class Remark(models.Model):
    """What somebody said in the discussion of a submission."""

    call = models.CharField(max_length=KEY)
    stage = models.PositiveSmallIntegerField()
    submission = models.CharField(max_length=KEY)
    by = models.CharField(max_length=KEY)
    alias = models.CharField(max_length=10)
    """Of a reviewer; empty for an officer."""
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["submission", "stage"], name="remark_submission"),)


class Decision(models.Model):
    """What was decided about a submission after a stage, why, and who saw it otherwise. Only ever added to."""

    call = models.CharField(max_length=KEY)
    stage = models.PositiveSmallIntegerField()
    submission = models.CharField(max_length=KEY)
    outcome = models.CharField(max_length=20)
    """`forward`, `select`, `reserve`, `decline`."""
    reasons = models.TextField()
    """For the applicant."""
    dissent = models.TextField(blank=True, default="")
    basis = models.JSONField(default=dict)
    """The figures that were before the deciders: scores, rank, agreement."""
    digest = models.CharField(max_length=DIGEST)
    by = models.CharField(max_length=KEY)
    at = models.DateTimeField()
    log_entry = models.PositiveBigIntegerField()

    class Meta:
        indexes = (
            models.Index(fields=["submission", "-id"], name="decision_submission"),
            models.Index(fields=["call", "stage"], name="decision_stage"),
        )


class Objection(models.Model):
    """Somebody objects to a submission that was announced; it must be answered before anything is confirmed."""

    call = models.CharField(max_length=KEY)
    submission = models.CharField(max_length=KEY)
    by = models.CharField(max_length=KEY, blank=True, default="")
    """Key of the account; empty for somebody who has none."""
    contact = models.CharField(max_length=254, blank=True, default="")
    grounds = models.CharField(max_length=40)
    text = models.TextField()
    at = models.DateTimeField()
    answer = models.TextField(blank=True, default="")
    upheld = models.BooleanField(null=True)
    answered_by = models.CharField(max_length=KEY, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["submission"], name="objection_submission"),)
