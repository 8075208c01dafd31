"""A record as it stands now, and what is derived from its body so that it can be found: facets, pointers, identifiers."""

from __future__ import annotations

from django.db import models

KEY = 26
NAME = 40
VALUE = 200

PUBLIC, PARTNER, PRIVATE = 0, 1, 2
"""Audiences: who may see a row at all, as a number that an index can compare."""
ADDRESSEE = "@addressee"
"""Stands as the field of a pointer at an organisation that a record is addressed to; no field can be called so."""


class Record(models.Model):
    """One record of any kind. Its history is in `Revision`; this row is the last one, unfolded."""

    key = models.CharField(max_length=KEY, unique=True)
    kind = models.CharField(max_length=NAME)
    status = models.CharField(max_length=NAME)
    revision = models.PositiveIntegerField()
    body = models.JSONField()
    provenance = models.JSONField(default=dict)
    """Field to {source, url, date, licence, confidence}; under "*" what holds for the whole record."""
    visibility = models.CharField(max_length=10)
    audience = models.PositiveSmallIntegerField()
    """From visibility and state: 0 everybody, 1 partners, 2 its own organisation and whoever is in charge."""
    title_en = models.CharField(max_length=300)
    title_zh = models.CharField(max_length=300)
    organisation = models.CharField(max_length=KEY, null=True)
    region = models.CharField(max_length=20, null=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=KEY)
    submitted_by = models.CharField(max_length=KEY, default="")
    """Who took it out of its draft."""
    updated_at = models.DateTimeField()
    state_since = models.DateTimeField()
    notice_until = models.DateField(null=True)
    """The last day of the public notice that runs."""
    due_on = models.DateField(null=True)
    """The day by which somebody has to act."""
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="absorbed")
    digest = models.CharField(max_length=64)
    """Of its last revision."""

    class Meta:
        indexes = (
            models.Index(fields=["kind", "id"], name="record_kind"),
            models.Index(fields=["organisation", "kind"], name="record_organisation"),
            models.Index(fields=["due_on"], name="record_due"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Facet(models.Model):
    """One value by which a record is filtered and counted."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="facets")
    kind = models.CharField(max_length=NAME)
    name = models.CharField(max_length=NAME)
    value = models.CharField(max_length=VALUE)
    audience = models.PositiveSmallIntegerField()
    """The narrower of the record's and the field's."""

    class Meta:
        indexes = (models.Index(fields=["kind", "name", "value", "audience", "record"], name="facet_lookup"),)


class Pointer(models.Model):
    """One link of a record, so that it can be followed backwards."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="pointers")
    field = models.CharField(max_length=NAME)
    unit = models.CharField(max_length=NAME)
    """`record`, or `concept`, `technology`, `document` of the lookout."""
    target = models.CharField(max_length=300)
    audience = models.PositiveSmallIntegerField()

    class Meta:
        indexes = (models.Index(fields=["unit", "target"], name="pointer_target"),)


class Identifier(models.Model):
    """One identifier that somebody else gave to what a record is about."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=NAME)
    scheme = models.CharField(max_length=NAME)
    value = models.CharField(max_length=VALUE)
    alive = models.BooleanField(default=True)
    """False once the record was merged into another."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "scheme", "value"], condition=models.Q(alive=True), name="identifier_once"
            ),
        )


class Assignment(models.Model):
    """Somebody was asked to review a record."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="assignments")
    actor = models.CharField(max_length=KEY)
    by = models.CharField(max_length=KEY)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["actor", "ended_at"], name="assignment_actor"),)


class Attachment(models.Model):
    """A file that somebody attached; its content lies in the attachments folder under its hash."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="attachments")
    field = models.CharField(max_length=NAME)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=KEY)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["sha256"], name="attachment_hash"),)
