"""Addresses of the pages of reviewers, applicants and recommending bodies."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from foretrack.review.doors.web import (
    desk,
    handing,
    panels_reviewer,
    profile,
    recommending,
    routes_reviewer,
    sheet,
    submitted,
    work,
)
from foretrack.web.panels import Front, Panel
from foretrack.web.places import Place
from foretrack.web.routes import Routes

KEY = r"(?P<key>[0-9A-HJKMNP-TV-Z]{26})"
TASK = r"^reviews/(?P<task>[1-9][0-9]{0,8})/"

PAGES: tuple[URLPattern, ...] = (
    path("reviews/", desk.desk, name="reviews"),
    path("reviews/me/", profile.profile, name="reviewer profile"),
    path("reviews/me/conflict/", profile.new_conflict, name="declare conflict"),
    path("reviews/me/conflict/<int:number>/end/", profile.take_back, name="end conflict"),
    path("reviews/workload/", work.work, name="workload"),
    re_path(rf"{TASK}$", sheet.sheet, name="review"),
    re_path(rf"{TASK}draft/$", sheet.keep_sheet, name="keep review"),
    re_path(rf"{TASK}back/$", sheet.give_back, name="give task back"),
    re_path(rf"{TASK}remark/$", sheet.say_something, name="remark"),
    re_path(rf"{TASK}file/(?P<sha256>[0-9a-f]{{64}})/$", sheet.handed_file, name="handed file"),
    re_path(rf"^calls/{KEY}/hand-in/$", handing.hand, name="hand in"),
    re_path(rf"^calls/{KEY}/recommend/$", recommending.recommending, name="recommend"),
    re_path(rf"^submissions/{KEY}/$", submitted.submission, name="submission"),
    re_path(rf"^submissions/{KEY}/object/$", submitted.objection, name="object"),
)
PLACES: tuple[Place, ...] = (Place("reviews", "My reviews", role="reviewer", own=True),)
PANELS: tuple[Panel, ...] = panels_reviewer.PANELS
FRONT: tuple[Front, ...] = (Front("reviews", "Submissions to review", desk.waiting, order=1),)
ROUTES: tuple[Routes, ...] = (routes_reviewer.ROUTES,)
