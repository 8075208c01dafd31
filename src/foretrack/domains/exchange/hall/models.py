"""Guests of an embargo and what they promised, breaches of it, and what is counted of achievements by day."""

from __future__ import annotations

from django.db import models

KEY = 26


class Guest(models.Model):
    """Somebody who may see what a session will release, once its terms were accepted."""

    session = models.CharField(max_length=KEY)
    account = models.CharField(max_length=KEY)
    invited_by = models.CharField(max_length=KEY)
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_terms = models.CharField(max_length=64, default="")
    """SHA-256 of the terms as they stood then, in canonical JSON."""
    ended_at = models.DateTimeField(null=True)
    """From then on the guest sees nothing."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["session", "account"], name="guest_once"),)


class Look(models.Model):
    """A guest looked at an achievement under embargo: the first time only."""

    guest = models.ForeignKey(Guest, models.CASCADE, related_name="looks")
    achievement = models.CharField(max_length=KEY)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["guest", "achievement"], name="look_once"),)


class Breach(models.Model):
    """Something became known before its moment."""

    session = models.CharField(max_length=KEY)
    guest = models.ForeignKey(Guest, models.SET_NULL, null=True, related_name="breaches")
    """By whom, where it is known."""
    what = models.TextField()
    recorded_by = models.CharField(max_length=KEY)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["session"], name="breach_session"),)


class Count(models.Model):
    """How often something was done with an achievement on one day: a number, and nothing about anybody."""

    record = models.CharField(max_length=KEY)
    day = models.DateField()
    what = models.CharField(max_length=10)
    """`view` or `download`."""
    n = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["record", "day", "what"], name="count_once"),)
