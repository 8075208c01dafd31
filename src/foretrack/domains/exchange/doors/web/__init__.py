"""The exchange in a browser: what it adds to the site and to the pages of its records."""

from __future__ import annotations

from django.urls import URLPattern

from foretrack.web.panels import Front, Panel
from foretrack.web.places import Place
from foretrack.web.routes import Routes

PAGES: tuple[URLPattern, ...] = ()
PLACES: tuple[Place, ...] = ()
PANELS: tuple[Panel, ...] = ()
FRONT: tuple[Front, ...] = ()
ROUTES: tuple[Routes, ...] = ()
