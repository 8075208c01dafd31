"""The exchange in a browser: what it adds to the site and to the pages of its records."""

from __future__ import annotations

from django.urls import URLPattern

from foretrack.domains.exchange.doors.web import fairs, fairs_routes, hall_addresses, hall_panels, hall_routes
from foretrack.web.panels import Front, Panel
from foretrack.web.places import Place
from foretrack.web.routes import Routes

PAGES: tuple[URLPattern, ...] = (*hall_addresses.HALL_PAGES, *fairs.FAIR_PAGES)
PLACES: tuple[Place, ...] = (
    Place("hall", "Release hall", seldom=True),
    Place("exhibitions", "Exhibitions", seldom=True),
)
PANELS: tuple[Panel, ...] = (hall_panels.PANEL,)
FRONT: tuple[Front, ...] = ()
ROUTES: tuple[Routes, ...] = (hall_routes.ROUTES, fairs_routes.ROUTES)
