"""Kinds of missions: breakthroughs, iconic products, tasks of open competitions with their bids, competitions with their
entries."""

from __future__ import annotations

from foretrack.domains.missions.kinds.bids import BID
from foretrack.domains.missions.kinds.breakthroughs import BREAKTHROUGH
from foretrack.domains.missions.kinds.competitions import COMPETITION, COMPETITION_ENTRY
from foretrack.domains.missions.kinds.products import ICONIC_PRODUCT
from foretrack.domains.missions.kinds.tasks import MISSION_TASK

KINDS = (BREAKTHROUGH, ICONIC_PRODUCT, MISSION_TASK, BID, COMPETITION, COMPETITION_ENTRY)
