"""Series, and their issues as they were frozen. Issues are added, never changed: triggers of the database refuse it."""

from __future__ import annotations

from django.db import models

KEY = 26
NAME = 80


class ListSeries(models.Model):
    """A list as a whole: which records may stand on it, and what is told of them."""

    name = models.CharField(max_length=NAME, unique=True)
    """For addresses, files and targets: small letters, digits, hyphens."""
    uid = models.UUIDField(unique=True)
    title = models.JSONField()
    """{"en": ..., "zh": ...}, as the next two."""
    description = models.JSONField(default=dict)
    publisher = models.JSONField()
    licence = models.CharField(max_length=300)
    kind = models.CharField(max_length=40)
    filters = models.JSONField(default=dict)
    """Facet to the values of which a record must have one."""
    fields = models.JSONField()
    """Names of the public fields that an issue tells, in their order."""
    months_valid = models.PositiveSmallIntegerField(null=True)
    """How long an entry stands unless it is renewed; None: until it is removed."""
    clause = models.CharField(max_length=120, blank=True, default="")
    """`pack/clause` that the series serves."""
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=KEY)

    def __str__(self) -> str:
        return self.name


class ListIssue(models.Model):
    """One issue: the very bytes that are hashed and offered for download, and who published them."""

    series = models.ForeignKey(ListSeries, models.PROTECT, related_name="issues")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=100)
    published_on = models.DateField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True, default="")
    by = models.CharField(max_length=KEY)
    at = models.DateTimeField()
    log_entry = models.PositiveBigIntegerField()
    """Number of the entry of the audit log that records its digest."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["series", "number"], name="issue_once"),)
        indexes = (models.Index(fields=["series", "published_on"], name="issue_published"),)

    def __str__(self) -> str:
        return f"{self.series.name} {self.number}"


class ListedEntry(models.Model):
    """One entry of an issue, unfolded so that targets can count; what counts is in the issue's content."""

    issue = models.ForeignKey(ListIssue, models.PROTECT, related_name="entries")
    record = models.CharField(max_length=KEY)
    revision = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    listed = models.BooleanField()
    direction = models.CharField(max_length=NAME * 2, blank=True, default="")
    region = models.CharField(max_length=20, blank=True, default="")
    track = models.CharField(max_length=NAME * 2, blank=True, default="")
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["issue", "record"], name="listed_once"),)
        indexes = (models.Index(fields=["record"], name="listed_record"),)
