"""What missions add to the pages of their records."""

from __future__ import annotations

from django.urls import URLPattern

from foretrack.domains.missions.doors.web.panels import PANELS as OWN
from foretrack.web.panels import Front, Panel
from foretrack.web.places import Place
from foretrack.web.routes import Routes

PAGES: tuple[URLPattern, ...] = ()
PLACES: tuple[Place, ...] = ()
PANELS: tuple[Panel, ...] = OWN
FRONT: tuple[Front, ...] = ()
ROUTES: tuple[Routes, ...] = ()
