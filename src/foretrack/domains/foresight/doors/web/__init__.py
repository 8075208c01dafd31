"""The lookout in a browser: pages that read stored scans as of a year. Begin with `reading.py`, then `overview.py`."""

from __future__ import annotations

from django.urls import URLPattern, path

from foretrack.domains.foresight.doors.web import front, overview, panels
from foretrack.web.panels import Front, Panel
from foretrack.web.places import Place
from foretrack.web.routes import Routes

PAGES: tuple[URLPattern, ...] = (path("lookout/", overview.overview, name="lookout"),)
PLACES = (Place("lookout", "Lookout"),)
PANELS: tuple[Panel, ...] = panels.PANELS
FRONT: tuple[Front, ...] = front.FRONT
ROUTES: tuple[Routes, ...] = ()
