"""Offers and needs in a browser: their pages, panels, addresses for harvesters, advice beside forms, and routes."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from foretrack.domains.exchange.doors.web import advice, exchange, oai, panels, parts, profile, routes
from foretrack.web.panels import Aid, Panel
from foretrack.web.places import Place
from foretrack.web.routes import Routes

_KEY = r"(?P<key>[0-9A-HJKMNP-TV-Z]{26})"

PAGES: tuple[URLPattern, ...] = (
    path("exchange/", exchange.exchange, name="exchange"),
    re_path(rf"^exchange/{_KEY}/$", profile.profile, name="profile of"),
    re_path(rf"^exchange/{_KEY}/data\.jsonld$", profile.linked_data, name="profile data"),
    re_path(rf"^exchange/{_KEY}/backing/$", parts.backing, name="profile backing"),
    re_path(rf"^exchange/{_KEY}/copies/$", parts.copies, name="profile copies"),
    re_path(rf"^exchange/{_KEY}/signals/$", parts.confirm, name="profile signals"),
    re_path(rf"^exchange/{_KEY}/renew/$", parts.renew_profile, name="renew profile"),
)
OPEN: tuple[URLPattern, ...] = (path("oai", oai.oai, name="oai"),)
"""Addresses without a language, for machines."""
PLACES: tuple[Place, ...] = (Place("exchange", "Offers and needs"),)
PANELS: tuple[Panel, ...] = panels.PANELS
AIDS: tuple[Aid, ...] = advice.AIDS
ROUTES: tuple[Routes, ...] = (routes.ROUTES,)
