"""The audit log: who did what, when and why, each entry hashed together with the one before it."""

from __future__ import annotations

from django.db import models

from foretrack.registry.models.record import KEY, NAME


class AuditEntry(models.Model):
    """One entry. Only its reason may be erased; its commitment stays."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.CharField(max_length=27)
    actor = models.CharField(max_length=KEY)
    role = models.CharField(max_length=NAME)
    via = models.CharField(max_length=10)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    """`record:KEY`, `series:NAME/NUMBER`, `account:KEY` and the like."""
    details = models.JSONField(default=dict)
    """Codes, counts and digests; never anything that a person wrote or that tells about one."""
    texts = models.JSONField(default=dict)
    """What people wrote: {"reason": ...}."""
    salts = models.JSONField(default=dict)
    erased = models.JSONField(default=dict)
    before = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = (
            models.Index(fields=["subject", "number"], name="audit_subject"),
            models.Index(fields=["actor", "number"], name="audit_actor"),
        )


class AuditHead(models.Model):
    """The last entry's number and hash: the row on which writers queue, and how a cut-off end of the log is noticed."""

    number = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
