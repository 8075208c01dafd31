"""The exchange in a browser, one module an area, put together here: the hall and exhibitions, offers and needs
(`profile_room.py`), deals, services and catalogues (`trading.py`), evaluation (`evaluation_pages.py`)."""

from __future__ import annotations

from django.urls import URLPattern

from foretrack.domains.exchange.doors.web import (
    evaluation_pages,
    fairs,
    fairs_routes,
    hall_addresses,
    hall_panels,
    hall_routes,
    profile_room,
    trading,
)
from foretrack.web.panels import Front, Panel
from foretrack.web.places import Place
from foretrack.web.routes import Routes

_AREAS = (profile_room, trading, evaluation_pages)

PAGES: tuple[URLPattern, ...] = (
    *hall_addresses.HALL_PAGES,
    *fairs.FAIR_PAGES,
    *(page for area in _AREAS for page in area.PAGES),
)
OPEN = profile_room.OPEN
PLACES: tuple[Place, ...] = (
    Place("hall", "Release hall", seldom=True),
    Place("exhibitions", "Exhibitions", seldom=True),
    *(place for area in _AREAS for place in area.PLACES),
)
PANELS: tuple[Panel, ...] = (hall_panels.PANEL, *(panel for area in _AREAS for panel in area.PANELS))
AIDS = profile_room.AIDS
FRONT: tuple[Front, ...] = ()
ROUTES: tuple[Routes, ...] = (
    hall_routes.ROUTES,
    fairs_routes.ROUTES,
    *(routes for area in _AREAS for routes in area.ROUTES),
)
