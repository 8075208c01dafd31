"""Addresses of the hall's pages."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from foretrack.domains.exchange.doors.web import (
    hall_achievement,
    hall_embargo,
    hall_feeds,
    hall_officer,
    hall_pages,
)

_KEY = r"(?P<key>[0-9A-HJKMNP-TV-Z]{26})"
_ACHIEVEMENT = r"(?P<achievement>[0-9A-HJKMNP-TV-Z]{26})"
_SHA = r"(?P<sha256>[0-9a-f]{64})"
_FORM = r"(?P<form>atom|json)"
_EMBARGO = rf"^hall/sessions/{_KEY}/embargo/"

HALL_PAGES: tuple[URLPattern, ...] = (
    path("hall/", hall_pages.hall, name="hall"),
    path("hall/moderation/", hall_officer.moderation, name="moderation"),
    re_path(rf"^hall/feed/{_FORM}/$", hall_feeds.hall_feed, name="hall feed"),
    re_path(rf"^hall/report/{_KEY}/$", hall_achievement.report_abuse, name="report abuse"),
    re_path(rf"^hall/sessions/{_KEY}/$", hall_pages.session, name="hall session"),
    re_path(rf"^hall/sessions/{_KEY}/feed/{_FORM}/$", hall_feeds.session_feed, name="session feed"),
    re_path(rf"{_EMBARGO}$", hall_embargo.embargo, name="embargo"),
    re_path(rf"{_EMBARGO}invite/$", hall_embargo.invite_guest, name="invite guest"),
    re_path(rf"{_EMBARGO}breach/$", hall_embargo.record_breach, name="record breach"),
    re_path(
        rf"{_EMBARGO}guests/(?P<number>[1-9][0-9]{{0,8}})/end/$", hall_embargo.end_guest, name="end guest"
    ),
    re_path(rf"{_EMBARGO}{_ACHIEVEMENT}/$", hall_embargo.under_embargo, name="under embargo"),
    re_path(rf"{_EMBARGO}{_ACHIEVEMENT}/file/{_SHA}/$", hall_embargo.embargo_file, name="embargo file"),
    re_path(rf"^hall/{_KEY}/$", hall_achievement.achievement, name="achievement"),
    re_path(rf"^hall/{_KEY}/ask/$", hall_achievement.ask_question, name="ask question"),
    re_path(rf"^hall/{_KEY}/file/{_SHA}/$", hall_achievement.achievement_file, name="achievement file"),
    re_path(rf"^hall/{_KEY}/statistics/$", hall_officer.statistics, name="achievement statistics"),
    re_path(
        rf"^hall/{_KEY}/citation\.(?P<form>bib|csl|jsonld)$",
        hall_achievement.citation,
        name="achievement citation",
    ),
)
