"""What matching keeps: needs and offers as it reads them, what it suggested to whom, and versions of weights.

Nothing here is text that is not public: a profile is made of public fields alone (`actions/profiling.py`), everything
else is keys and numbers. Profiles and meanings can be made again from the registry.
"""

from __future__ import annotations

from django.db import models

KEY = 26
NAME = 80


class Shelved(models.Model):
    """One need or offer that may be matched, or the place of one that no longer may."""

    record = models.CharField(max_length=KEY, unique=True)
    kind = models.CharField(max_length=40)
    side = models.CharField(max_length=5)
    organisation = models.CharField(max_length=KEY, blank=True, default="")
    region = models.CharField(max_length=20, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    until = models.DateField(null=True)
    """The last day on which it may be matched."""
    since = models.DateTimeField(null=True)
    """Since when it may be matched."""
    profile = models.JSONField(default=dict)
    """Empty once it is gone."""
    wording = models.CharField(max_length=32, blank=True, default="")
    """Digest of its texts: a change of anything else leaves its meanings as they are."""
    gone = models.BooleanField(default=False)
    change = models.BigIntegerField(db_index=True)
    """Line of the table of changes that the index of search and the shelf share."""

    class Meta:
        indexes = (models.Index(fields=["organisation"], name="shelved_organisation"),)


class Meaning(models.Model):
    """Vectors of one profile as one model sees them."""

    shelved = models.ForeignKey(Shelved, on_delete=models.CASCADE, related_name="meanings")
    model = models.CharField(max_length=200)
    wording = models.CharField(max_length=32)
    """Of what it was made: another makes it stale."""
    n = models.PositiveIntegerField()
    """Passages."""
    cut = models.JSONField()
    """{"language", "passages": [[field, start, end, language]], "words": {word: count}} of `engine/prepared.py`."""
    vectors = models.BinaryField()
    """(n + 1, d) float16, little-endian: the passages, then the whole; d is 0 without a model."""
    change = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["shelved", "model"], name="meaning_once"),)


class Suggestion(models.Model):
    """One record in the list of another, as its owner was or will be shown it; one row for each of the two directions."""

    record = models.CharField(max_length=KEY)
    """Whose list it is."""
    other = models.CharField(max_length=KEY)
    """What stands in it."""
    side = models.CharField(max_length=5)
    """Of `record`."""
    score = models.FloatField()
    parts = models.JSONField(default=dict)
    """Part of the score to its value, when it was made or last shown: what the labels are learned from."""
    rank = models.PositiveIntegerField()
    """Place in the list, 1 first, when it was made or last shown."""
    exploring = models.BooleanField(default=False)
    """It stood in the place that is kept for learning."""
    weights = models.CharField(max_length=NAME, blank=True, default="")
    """Version of the weights in force."""
    standing = models.BooleanField(default=False)
    """Found by itself after a publication, so that the owner is told."""
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    shown = models.PositiveIntegerField(default=0)
    """How often the owner's people saw it in the list."""
    shown_at = models.DateTimeField(null=True)
    """The first time."""
    viewed_at = models.DateTimeField(null=True)
    """When somebody of the owner first looked into the reasons."""
    judgement = models.CharField(max_length=20, blank=True, default="")
    """`not relevant` or `relevant`, as the owner said."""
    reason = models.CharField(max_length=20, blank=True, default="")
    judged_at = models.DateTimeField(null=True)
    judged_by = models.CharField(max_length=KEY, blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "other"], name="suggestion_once"),)
        indexes = (
            models.Index(fields=["other"], name="suggestion_other"),
            models.Index(fields=["standing", "told_at"], name="suggestion_untold"),
            models.Index(fields=["shown_at"], name="suggestion_shown"),
        )


class MailChoice(models.Model):
    """What one account wants to be told about matches, and on which day it last was."""

    account = models.CharField(max_length=KEY, unique=True)
    wants = models.BooleanField(default=True)
    told_on = models.DateField(null=True)


class WeightVersion(models.Model):
    """Weights that were learned from feedback: proposed, never in force until an administrator adopts them."""

    name = models.CharField(max_length=NAME, unique=True)
    weights = models.JSONField()
    basis = models.JSONField(default=dict)
    """Labels, split, results on the later part with their interval, audit."""
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=KEY)


class Adoption(models.Model):
    """From when which weights were in force; only added to."""

    version = models.CharField(max_length=NAME)
    """Empty: the shipped weights."""
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=KEY)
