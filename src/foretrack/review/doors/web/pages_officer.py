"""Addresses of the public pages of a call and of the pages of whoever runs it."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from foretrack.review.doors.web import (
    board,
    calls,
    concluding,
    deciding,
    draws,
    front,
    judged,
    objections,
    panels_officer,
    pools,
    replaying,
    routes_officer,
    standings,
    submissions,
    tasks,
)
from foretrack.web.panels import Front, Panel
from foretrack.web.places import Place
from foretrack.web.routes import Routes

CALL = r"^calls/(?P<key>[0-9A-HJKMNP-TV-Z]{26})/"
STAGE = rf"{CALL}stages/(?P<stage>[1-9])/"

PAGES: tuple[URLPattern, ...] = (
    path("calls/", calls.calls, name="calls"),
    re_path(rf"{CALL}$", calls.call, name="call"),
    re_path(rf"{CALL}draws/(?P<number>[1-9][0-9]{{0,8}})/$", draws.draw, name="draw"),
    re_path(
        rf"{CALL}draws/(?P<number>[1-9][0-9]{{0,8}})/candidates.txt$",
        draws.candidates,
        name="draw candidates",
    ),
    re_path(rf"{CALL}board/$", board.board, name="board"),
    re_path(rf"{CALL}submissions/$", submissions.submissions, name="call submissions"),
    re_path(
        rf"{CALL}submissions/(?P<submission>[0-9A-HJKMNP-TV-Z]{{26}})/$",
        judged.judged,
        name="judged submission",
    ),
    re_path(rf"{STAGE}reviewers/$", pools.reviewers, name="stage reviewers"),
    re_path(rf"{STAGE}draw/$", pools.draw_stage, name="draw reviewers"),
    re_path(rf"{STAGE}assign/$", pools.assign, name="assign reviewers"),
    re_path(rf"{STAGE}conflicts/$", pools.conflicts, name="stage conflicts"),
    re_path(rf"{STAGE}tasks/$", tasks.tasks, name="stage tasks"),
    re_path(rf"{CALL}replace/(?P<task>[1-9][0-9]{{0,8}})/$", tasks.replace, name="replace reviewer"),
    re_path(rf"{STAGE}standings/$", standings.standings, name="standings"),
    re_path(rf"{STAGE}decide/$", deciding.decide_stage, name="decide stage"),
    re_path(rf"{CALL}objections/$", objections.objections, name="objections"),
    re_path(
        rf"{CALL}objections/(?P<number>[1-9][0-9]{{0,8}})/$", objections.answer_one, name="answer objection"
    ),
    re_path(rf"{CALL}confirm/$", concluding.confirm, name="confirm selected"),
    re_path(rf"{CALL}replay/$", replaying.replay_call, name="replay"),
)
PLACES = (Place("calls", "Calls"),)
PANELS: tuple[Panel, ...] = panels_officer.PANELS
FRONT: tuple[Front, ...] = front.FRONT
ROUTES: tuple[Routes, ...] = (routes_officer.ROUTES,)
