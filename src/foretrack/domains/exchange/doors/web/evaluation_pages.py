"""Evaluation in a browser: the calculator, reports, the register, panels, addresses for programs."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from foretrack.domains.exchange.doors.web import (
    evaluation_calculator,
    evaluation_panels,
    evaluation_register,
    evaluation_report,
    evaluation_routes,
)
from foretrack.web.panels import Panel
from foretrack.web.places import Place
from foretrack.web.routes import Routes

_KEY = r"(?P<key>[0-9A-HJKMNP-TV-Z]{26})"

PAGES: tuple[URLPattern, ...] = (
    path("maturity/", evaluation_calculator.calculator, name="maturity"),
    path("accredited/", evaluation_register.register_page, name="accredited bodies"),
    re_path(rf"^evaluations/{_KEY}/$", evaluation_report.report_page, name="evaluation report"),
    re_path(
        rf"^evaluations/{_KEY}/report-(?P<language>en|zh)\.pdf$",
        evaluation_report.report_file,
        name="evaluation file",
    ),
)
PLACES = (
    Place("maturity", "Levels by evidence", seldom=True),
    Place("accredited bodies", "Register of service bodies", seldom=True),
)
PANELS: tuple[Panel, ...] = evaluation_panels.PANELS
ROUTES: tuple[Routes, ...] = (evaluation_routes.ROUTES,)
