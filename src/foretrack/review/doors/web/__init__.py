"""Calls and reviews in a browser: `pages_officer.py` names the pages of the public and of whoever runs a call,
`pages_reviewer.py` those of reviewers and applicants."""

from __future__ import annotations

from django.urls import URLPattern

from foretrack.review.doors.web import pages_officer, pages_reviewer
from foretrack.web.panels import Front, Panel
from foretrack.web.places import Place
from foretrack.web.routes import Routes

PAGES: tuple[URLPattern, ...] = (*pages_officer.PAGES, *pages_reviewer.PAGES)
PLACES: tuple[Place, ...] = (*pages_officer.PLACES, *pages_reviewer.PLACES)
PANELS: tuple[Panel, ...] = (*pages_officer.PANELS, *pages_reviewer.PANELS)
FRONT: tuple[Front, ...] = (*pages_officer.FRONT, *pages_reviewer.FRONT)
ROUTES: tuple[Routes, ...] = (*pages_officer.ROUTES, *pages_reviewer.ROUTES)
