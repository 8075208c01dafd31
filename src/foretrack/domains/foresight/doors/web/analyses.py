"""The analyses among the pages of the lookout: map, radar, comparison, scoreboard, positions, pairs, candidates."""

from __future__ import annotations

from django.urls import URLPattern, path

from foretrack.domains.foresight.doors.web import (
    candidate_views,
    comparing,
    methods,
    pairs,
    radar,
    scoreboard,
    technology_map,
    who_leads,
)

PAGES: tuple[URLPattern, ...] = (
    path("lookout/map/", technology_map.map_page, name="lookout map"),
    path("lookout/radar/", radar.radar, name="radar"),
    path("lookout/scoreboard/", scoreboard.scoreboard, name="scoreboard"),
    path("lookout/positions/", who_leads.positions_page, name="positions"),
    path("lookout/links/", pairs.links_page, name="links"),
    path("lookout/candidates/", candidate_views.candidates_page, name="candidates"),
    path("lookout/candidates/<path:name>/", candidate_views.candidate_page, name="candidate"),
    path("lookout/methods/", methods.methods_page, name="methods"),
    path("lookout/compare/", comparing.compare_years, name="compare years"),
)
