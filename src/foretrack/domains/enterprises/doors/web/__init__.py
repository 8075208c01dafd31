"""Enterprises in a browser: ladders, self-assessment, tables, the funnel. Begin with `overview.py`."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from foretrack.domains.enterprises.doors.web import (
    assessing,
    comparing,
    funnel_page,
    overview,
    panels,
    routes,
    tables,
)
from foretrack.web.panels import Front, Panel
from foretrack.web.places import Place
from foretrack.web.routes import Routes

PAGES: tuple[URLPattern, ...] = (
    path("enterprises/", overview.overview, name="enterprises"),
    path("enterprises/funnel/", funnel_page.funnel_page, name="funnel"),
    path("enterprises/<slug:ladder>/", assessing.assess_page, name="assess"),
    path("enterprises/<slug:ladder>/table/", tables.table_page, name="assess table"),
    path("enterprises/<slug:ladder>/template/", tables.table_template, name="assess template"),
    re_path(
        r"^enterprises/(?P<ladder>[-a-z0-9]+)/of/(?P<key>[0-9A-HJKMNP-TV-Z]{26})/$",
        comparing.years_page,
        name="enterprise years",
    ),
)
PLACES = (Place("enterprises", "Enterprises"),)
PANELS: tuple[Panel, ...] = panels.PANELS
FRONT: tuple[Front, ...] = ()
ROUTES: tuple[Routes, ...] = (routes.ROUTES,)
