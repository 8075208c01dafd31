"""Beside the form of an offer, a need or an achievement: what a reader would miss or doubt, while it is being written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foretrack.domains.exchange.actions.checking import SORTS, check_record
from foretrack.domains.exchange.doors.web.panels import QualityFragment, findings_told
from foretrack.web.panels import Aid, Fragment
from foretrack.web.rendering import Request


def _advise(request: Request, kind: str, values: Mapping[str, Any]) -> Fragment:
    told = findings_told(request.registry.kinds.get(kind), check_record(request.registry, kind, values))
    return QualityFragment(told, sum(one.stops for one in told))


AIDS = tuple(Aid(kind, "Before others read it", _advise) for kind in SORTS)
