"""The rooms whose pages the site puts together: a domain with pages is one line here."""

from __future__ import annotations

from foretrack.domains.enterprises.doors import web as enterprises
from foretrack.domains.exchange.doors import web as exchange
from foretrack.domains.foresight.doors import web as foresight
from foretrack.domains.missions.doors import web as missions
from foretrack.domains.scenarios.doors import web as scenarios
from foretrack.matching.doors import web as matching
from foretrack.review.doors import web as review

ROOMS = (foresight, enterprises, missions, scenarios, exchange, matching, review)
"""Packages with `PAGES` (addresses), `PLACES` (navigation), `PANELS` (what they add to dossiers), `FRONT` (what they show
on the first page) and `ROUTES` (what they add to the API); some have `OPEN` (addresses without a language) and `AIDS`
(what they say beside a form)."""
