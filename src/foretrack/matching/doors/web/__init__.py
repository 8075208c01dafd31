"""Matching in a browser. Begin with `desk.py` (one's own needs and offers) and `lists.py` (one list with its reasons)."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from foretrack.matching.doors.web import desk, figures, interest, lists, panels, routes, stopping, weights
from foretrack.web.panels import Front, Panel
from foretrack.web.places import Place
from foretrack.web.routes import Routes

_KEY = r"(?P<key>[0-9A-HJKMNP-TV-Z]{26})"
_OTHER = r"(?P<other>[0-9A-HJKMNP-TV-Z]{26})"

PAGES: tuple[URLPattern, ...] = (
    path("matches/", desk.desk, name="matches"),
    path("matches/mails/", desk.mails, name="match mails"),
    path("matches/figures/", figures.figures_page, name="match figures"),
    path("matches/weights/", weights.weights_page, name="match weights"),
    path("matches/weights/adopt/", weights.adopt, name="adopt weights"),
    path("matches/stop/<str:signed>/", stopping.stop, name="stop matches"),
    re_path(rf"^matches/{_KEY}/$", lists.match_list, name="match list"),
    re_path(rf"^matches/{_KEY}/interest/$", interest.express, name="interest in"),
    re_path(rf"^matches/{_KEY}/{_OTHER}/interest/$", interest.express, name="express interest"),
    re_path(rf"^matches/{_KEY}/{_OTHER}/aside/$", lists.put_aside, name="judge match"),
    re_path(rf"^interests/{_KEY}/$", interest.interest, name="interest"),
)
PLACES = (Place("matches", "Matches", needs="watch", seldom=True),)
PANELS: tuple[Panel, ...] = panels.PANELS
FRONT: tuple[Front, ...] = ()
ROUTES: tuple[Routes, ...] = (routes.ROUTES,)
