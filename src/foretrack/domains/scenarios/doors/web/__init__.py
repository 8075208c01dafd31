"""Opportunities and cases in a browser. Begin with `cases.py` (the library) and `opportunities.py` (the board)."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from foretrack.domains.scenarios.doors.web import benchmarks, case, cases, opportunities, panels, routes
from foretrack.web.panels import Front, Panel
from foretrack.web.places import Place
from foretrack.web.routes import Routes

_KEY = r"(?P<key>[0-9A-HJKMNP-TV-Z]{26})"

PAGES: tuple[URLPattern, ...] = (
    path("opportunities/", opportunities.opportunities, name="opportunities"),
    re_path(rf"^opportunities/{_KEY}/grow/$", opportunities.grow, name="grow"),
    path("opportunities/benchmarks/", benchmarks.benchmarks_page, name="benchmarks"),
    path("cases/", cases.library, name="cases"),
    re_path(rf"^cases/{_KEY}/$", case.case, name="case"),
    re_path(rf"^cases/{_KEY}/citation\.(?P<form>bib|csl|jsonld)$", case.citation, name="citation"),
)
PLACES = (Place("opportunities", "Opportunities"), Place("cases", "Cases", seldom=True))
PANELS: tuple[Panel, ...] = panels.PANELS
FRONT: tuple[Front, ...] = ()
ROUTES: tuple[Routes, ...] = (routes.ROUTES,)
