"""What a record was after each act. Rows are added, never changed, except that values may be erased."""

from __future__ import annotations

from django.db import models

from foretrack.registry.models.record import KEY, NAME, Record


class Revision(models.Model):
    """One saved state of a record; triggers of the database refuse every change but an erasure."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    at = models.CharField(max_length=27)
    """UTC in microseconds, as it was hashed."""
    by = models.CharField(max_length=KEY)
    act = models.CharField(max_length=60)
    """`create`, `edit`, `import`, `attach`, `detach`, `merge`, `unmerge`, `erase` or `move:TRANSITION`."""
    status = models.CharField(max_length=NAME)
    values = models.JSONField()
    """The body, with `@visibility` and `@provenance`."""
    salts = models.JSONField()
    erased = models.JSONField(default=dict)
    before = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    entry = models.PositiveBigIntegerField()
    """Number of the entry of the audit log that covers it."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "number"], name="revision_once"),)
        indexes = (models.Index(fields=["entry"], name="revision_entry"),)

    def __str__(self) -> str:
        return f"revision {self.number} of record {self.record_id}"
