"""The first page of the lookout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.foresight.answers import ScanSummary
from foretrack.domains.foresight.doors.web.charts import state_chart
from foretrack.domains.foresight.doors.web.reading import read
from foretrack.web.charts import Chart
from foretrack.web.rendering import Page, Request, render


@dataclass(frozen=True)
class OverviewPage(Page):
    """What the newest scan found."""

    template: ClassVar[str] = "lookout/overview.html"

    summary: ScanSummary
    states: Chart


@require_safe
def overview(request: Request) -> HttpResponse:
    """What the newest scan found."""
    summary = read(request.GET).scan.summary()
    return render(request, OverviewPage(summary, state_chart(summary.states)))
