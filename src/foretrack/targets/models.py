"""How goals without a number are measured here, and what people said about them. Only ever added to."""

from __future__ import annotations

from django.db import models

KEY = 26
TARGET = 120


class Indicator(models.Model):
    """What an outcome is measured by, as an installation declared it. A later one of the same target replaces it."""

    target = models.CharField(max_length=TARGET)
    """`pack/target`."""
    label = models.JSONField()
    unit = models.CharField(max_length=60, blank=True, default="")
    operator = models.CharField(max_length=2)
    """`>=` or `<=`."""
    threshold = models.FloatField()
    owner = models.JSONField()
    """Who answers for it: {"en": ..., "zh": ...}."""
    source = models.CharField(max_length=500)
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=KEY)

    class Meta:
        indexes = (models.Index(fields=["target", "-id"], name="indicator_target"),)


class IndicatorValue(models.Model):
    """One value of an indicator, with where it comes from."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values")
    on = models.DateField()
    value = models.FloatField()
    source = models.CharField(max_length=500)
    confidence = models.CharField(max_length=2)
    at = models.DateTimeField()
    by = models.CharField(max_length=KEY)

    class Meta:
        indexes = (models.Index(fields=["indicator", "on"], name="indicator_value_on"),)


class Rating(models.Model):
    """What somebody in a role said about a target on a day."""

    target = models.CharField(max_length=TARGET)
    rating = models.CharField(max_length=20)
    narrative = models.JSONField()
    """{"en": ..., "zh": ...}: why."""
    evidence = models.JSONField(default=list)
    """Keys of records and addresses."""
    role = models.JSONField()
    """The role in which it was given: {"en": "Head of division", "zh": "处长"}."""
    at = models.DateTimeField()
    by = models.CharField(max_length=KEY)

    class Meta:
        indexes = (models.Index(fields=["target", "-id"], name="rating_target"),)
