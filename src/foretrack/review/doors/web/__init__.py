"""Calls and reviews in a browser: `pages_reviewer.py` names the pages of reviewers and applicants."""

from __future__ import annotations

from django.urls import URLPattern

from foretrack.review.doors.web import pages_reviewer
from foretrack.web.panels import Front, Panel
from foretrack.web.places import Place
from foretrack.web.routes import Routes

PAGES: tuple[URLPattern, ...] = (*pages_reviewer.PAGES,)
PLACES: tuple[Place, ...] = (*pages_reviewer.PLACES,)
PANELS: tuple[Panel, ...] = (*pages_reviewer.PANELS,)
FRONT: tuple[Front, ...] = (*pages_reviewer.FRONT,)
ROUTES: tuple[Routes, ...] = (*pages_reviewer.ROUTES,)
