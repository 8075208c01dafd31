"""Addresses of exhibitions: `fairs_public.py` for all, `fairs_mine.py` for the own day, `fairs_running.py` to run it."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from foretrack.domains.exchange.doors.web import fairs_mine, fairs_public, fairs_running

_FAIR = r"^exhibitions/(?P<key>[0-9A-HJKMNP-TV-Z]{26})/"
_MINE = rf"{_FAIR}mine/(?P<part>[0-9A-HJKMNP-TV-Z]{{26}})/"

FAIR_PAGES: tuple[URLPattern, ...] = (
    path("exhibitions/", fairs_public.fairs, name="exhibitions"),
    re_path(r"^exhibitions/feed/(?P<secret>[\w-]{20,60})\.ics$", fairs_mine.feed, name="meeting feed"),
    re_path(rf"{_FAIR}$", fairs_public.fair_page, name="exhibition"),
    re_path(rf"{_FAIR}catalogue/$", fairs_public.catalogue, name="fair catalogue"),
    re_path(rf"{_FAIR}catalogue\.pdf$", fairs_public.catalogue_pdf, name="fair catalogue pdf"),
    re_path(rf"{_FAIR}figures/$", fairs_public.figures, name="fair figures"),
    re_path(rf"{_FAIR}board/$", fairs_running.fair_board, name="fair board"),
    re_path(rf"{_FAIR}desk/$", fairs_running.fair_desk, name="fair desk"),
    re_path(rf"{_MINE}$", fairs_mine.agenda_page, name="agenda"),
    re_path(rf"{_MINE}meetings\.ics$", fairs_mine.agenda_ics, name="agenda file"),
    re_path(rf"{_MINE}wishes/$", fairs_mine.wishes_page, name="wishes"),
    re_path(rf"{_MINE}outcome/(?P<code>[0-9A-F]{{10}})/$", fairs_mine.outcome_page, name="outcome"),
)
