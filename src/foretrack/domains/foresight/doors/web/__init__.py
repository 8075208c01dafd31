"""The lookout in a browser: pages that read stored scans as of a year. Begin with `reading.py`, then `overview.py`."""

from __future__ import annotations

from django.urls import URLPattern, path

from foretrack.domains.foresight.doors.web import (
    analyses,
    concept,
    concepts,
    document,
    front,
    overview,
    panels,
    routes,
    technologies,
    technology,
    tracks,
)
from foretrack.web.panels import Front, Panel
from foretrack.web.places import Place
from foretrack.web.routes import Routes

PAGES: tuple[URLPattern, ...] = (
    path("lookout/", overview.overview, name="lookout"),
    path("lookout/concepts/", concepts.concepts, name="concepts"),
    path("lookout/concepts/<str:name>/", concept.concept, name="concept"),
    path("lookout/concepts/<str:name>/documents/", concept.concept_documents, name="concept documents"),
    path("lookout/concepts/<str:name>/leaders/", concept.concept_leaders, name="concept leaders"),
    path("lookout/concepts/<str:name>/spellings/", concept.concept_spellings, name="concept spellings"),
    path("lookout/technologies/", technologies.technologies, name="technologies"),
    path("lookout/technologies/<str:name>/", technology.technology, name="technology"),
    path(
        "lookout/technologies/<str:name>/documents/",
        technology.technology_documents,
        name="technology documents",
    ),
    path(
        "lookout/technologies/<str:name>/leaders/", technology.technology_leaders, name="technology leaders"
    ),
    path("lookout/tracks/", tracks.tracks, name="tracks"),
    path("lookout/tracks/<slug:pack_id>/<str:name>/", tracks.track, name="track"),
    path("lookout/tracks/<slug:pack_id>/<str:name>/leaders/", tracks.track_leaders, name="track leaders"),
    *analyses.PAGES,
    path("lookout/documents/<str:name>/", document.document, name="document"),
)
PLACES = (Place("lookout", "Lookout"),)
PANELS: tuple[Panel, ...] = panels.PANELS
FRONT: tuple[Front, ...] = front.FRONT
ROUTES: tuple[Routes, ...] = (routes.ROUTES,)
