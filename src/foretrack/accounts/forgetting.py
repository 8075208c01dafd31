"""Forgets sessions that have run out, from where they were held, and drafts of forms that nobody went on with."""

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


@job(Terms(whole=True))
def forget_drafts(run: Run) -> None:
    """Deletes drafts of forms that were not touched for thirty days."""
    from foretrack.accounts.models import DRAFT_KEPT, FormDraft

    FormDraft.objects.filter(updated_at__lte=run.registry.now() - DRAFT_KEPT).delete()


def plan() -> None:
    """Makes both due every day."""
    repeat("forget drafts", forget_drafts, timedelta(days=1), timedelta(hours=3))
    repeat("forget sessions", forget_sessions, timedelta(days=1), timedelta(hours=2))
