"""Who works on which task, since when and for how long; django-tasks-db keeps the task itself."""

from __future__ import annotations

from django.db import models
from django_tasks_db.models import DBTaskResult

JOB_KEY = 200


class Job(models.Model):
    """What django-tasks-db does not remember of a task: its key, its attempts, and the worker that holds it."""

    task = models.OneToOneField(DBTaskResult, models.CASCADE, primary_key=True, related_name="job")
    key = models.CharField(max_length=JOB_KEY, null=True, unique=True)
    """Whoever enqueues the same key again gets this job instead of a second one."""
    attempts = models.PositiveIntegerField(default=0)
    """Times that it was begun; also the number that fences off a worker which lost it."""
    worker = models.CharField(max_length=80, default="")
    """The worker that holds it; empty while nobody does."""
    place = models.CharField(max_length=64, default="")
    """Machine, boot and process namespace of that worker: inside one, a process id means something."""
    process = models.CharField(max_length=40, default="")
    """Process id and when that process began."""
    leased_until = models.DateTimeField(null=True)
    """The worker says again and again that it lives; elsewhere it is believed until this moment."""
    problems = models.JSONField(default=list)
    """Of the last attempts: {"at", "attempt", "what"}."""

    class Meta:
        indexes = (models.Index(fields=["worker"], name="job_worker"),)
