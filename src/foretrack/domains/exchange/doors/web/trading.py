"""Deals, services and catalogues in a browser: their addresses, places, panels and routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from foretrack.domains.exchange.doors.web import (
    catalogue_pages,
    deal_pages,
    deal_panels,
    deal_routes,
    service_pages,
)
from foretrack.web.panels import Panel
from foretrack.web.places import Place
from foretrack.web.routes import Routes

PAGES: tuple[URLPattern, ...] = (
    path("deals/", deal_pages.deals, name="deals"),
    path("deals/register/", deal_pages.register_page, name="deal register"),
    path("services/", service_pages.services, name="services"),
    path("catalogues/applications/", catalogue_pages.applications_page, name="catalogue of applications"),
    path("catalogues/firsts/", catalogue_pages.firsts_page, name="catalogue of firsts"),
    path("catalogues/guidance/", catalogue_pages.guidance_page, name="guidance catalogue"),
)
PLACES: tuple[Place, ...] = (
    Place("deals", "Deals", seldom=True),
    Place("services", "Services", seldom=True),
    Place("catalogue of applications", "Catalogues", seldom=True),
)
PANELS: tuple[Panel, ...] = deal_panels.PANELS
ROUTES: tuple[Routes, ...] = (deal_routes.ROUTES,)
