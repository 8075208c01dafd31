"""Forgets sessions that have run out, and from where they were held."""

from __future__ import annotations

from datetime import timedelta

from foretrack.jobs.declaring import Run, Terms, job
from foretrack.jobs.schedule import repeat


@job(Terms(whole=True))
def forget_sessions(run: Run) -> None:
    """Deletes sessions that have run out, and what was noted about sessions that are there no longer."""
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session

    Session.objects.filter(expire_date__lt=run.registry.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def plan() -> None:
    """Makes it due every day."""
    repeat("forget sessions", forget_sessions, timedelta(days=1), timedelta(hours=2))
