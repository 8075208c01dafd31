"""Records that may be about the same thing, and merges that people made of them."""

from __future__ import annotations

from django.db import models

from foretrack.registry.models.record import KEY, NAME, Record

JUDGEMENTS = ("nobody looked", "same", "different", "unsure")


class DuplicatePair(models.Model):
    """Two records of one kind that look alike, and what a person said about them."""

    kind = models.CharField(max_length=NAME)
    first = models.ForeignKey(Record, models.CASCADE, related_name="+")
    second = models.ForeignKey(Record, models.CASCADE, related_name="+")
    """The one with the greater id, so that a pair is stored once."""
    score = models.FloatField()
    why = models.JSONField(default=list)
    found_at = models.DateTimeField()
    judgement = models.CharField(max_length=20, default=JUDGEMENTS[0])
    judged_by = models.CharField(max_length=KEY, default="")
    judged_at = models.DateTimeField(null=True)
    first_revision = models.PositiveIntegerField(null=True)
    second_revision = models.PositiveIntegerField(null=True)
    """What the two records were when somebody judged them: a later change of a name or identifier asks again."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),)
        indexes = (models.Index(fields=["kind", "judgement", "-score"], name="duplicate_open"),)


class Merge(models.Model):
    """One record was found to be another. Nothing moves: whoever asks for the absorbed one is led to the survivor."""

    survivor = models.ForeignKey(Record, models.PROTECT, related_name="+")
    absorbed = models.ForeignKey(Record, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=KEY)
    taken = models.JSONField(default=dict)
    """{"fields": [...], "survivor": n, "absorbed": n}: what the survivor took, and the revisions that the merge made.

    No values: what stood there before is read from the revision before, so that an erasure reaches it.
    """
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=KEY, default="")
