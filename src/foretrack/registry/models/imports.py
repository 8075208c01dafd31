"""Files of records that were taken in."""

from __future__ import annotations

from django.db import models

from foretrack.registry.models.record import KEY, NAME


class Import(models.Model):
    """One file, taken in whole or not at all."""

    key = models.CharField(max_length=KEY, unique=True)
    kind = models.CharField(max_length=NAME)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    """Of the file: the same file twice is noticed."""
    at = models.DateTimeField()
    by = models.CharField(max_length=KEY)
    read = models.PositiveIntegerField()
    created = models.PositiveIntegerField()
    updated = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    rejections = models.JSONField(default=list)
    entry = models.PositiveBigIntegerField()
