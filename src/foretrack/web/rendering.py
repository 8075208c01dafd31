"""From a typed context to a page, or to its data: a template is given the fields of one dataclass, and the frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import ClassVar, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from foretrack.foundation.errors import NotThereError
from foretrack.foundation.spreadsheets import Row, csv_text
from foretrack.registry.access.actor import Actor
from foretrack.registry.registry import Registry
from foretrack.web.charts import Chart, picture
from foretrack.web.data import CHART, asked_form, plain, table_of
from foretrack.web.speech import page_language


class Request(HttpRequest):
    """A request as the frame's middleware hands it to a page."""

    actor: Actor
    registry: Registry


@dataclass(frozen=True)
class Page:
    """What a template is given: each page declares its own, with all that its template names."""

    template: ClassVar[str]
    table: ClassVar[str] = ""
    """The field whose entries are the rows of the page's CSV; without one, its CSV is one row of the whole."""

    def as_data(self) -> object:
        """What `.json` gives: all that the page shows, unless a page has a better answer."""
        return {
            f.name: value.as_data() if isinstance(value, Chart) else value
            for f in fields(self)
            for value in [getattr(self, f.name)]
        }

    def as_table(self) -> tuple[Sequence[str], Sequence[Row]]:
        """What `.csv` gives: columns and rows."""
        if self.table:
            return table_of(getattr(self, self.table))
        data = plain(self.as_data())
        return table_of([data if isinstance(data, dict) else {"value": data}])

    def as_charts(self) -> tuple[Chart, ...]:
        """The charts among the fields."""
        found: list[Chart] = []
        for f in fields(self):
            value = getattr(self, f.name)
            many = value if isinstance(value, tuple) else (value,)
            found += [one for one in many if isinstance(one, Chart)]
        return tuple(found)


def render(request: HttpRequest, page: Page, *, status: int = 200) -> HttpResponse:
    """The page as an answer, in the form that was asked for."""
    if form := asked_form(request):
        return _as_data(request, page, form, status)
    context = {f.name: getattr(page, f.name) for f in fields(page)}
    return HttpResponse(render_to_string(page.template, context, request), status=status)


def _as_data(request: HttpRequest, page: Page, form: str, status: int) -> HttpResponse:
    name = request.GET.get(CHART, "")
    if not name and form in ("json", "csv"):
        if form == "json":
            return _json(_with_dossier(request, page), status)
        return _csv(*page.as_table())
    charts = page.as_charts()
    chart = next((one for one in charts if one.name == name), charts[0] if charts and not name else None)
    if chart is None:
        raise NotThereError.of(
            "this page has no chart {name!r}", expected="one of {names}", do="follow a link of the page",
            name=name[:80], names=", ".join(one.name for one in charts) or "-",
        )  # fmt: skip
    if form == "json":
        return _json(chart.specification(), status)
    if form == "csv":
        return _csv(chart.columns, chart.rows)
    content, media_type = picture(chart, form, page_language())
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{chart.name}.{form}"'
    return response


def _with_dossier(request: HttpRequest, page: Page) -> object:
    """The page's data, and of a page about a subject what every room knows of it."""
    from foretrack.web.panels import loaded, subject_of

    data, subject = page.as_data(), subject_of(page)
    if subject is None or not isinstance(data, Mapping):
        return data
    panels = loaded(cast(Request, request), subject)
    return {**data, "dossier": {panel.name: fragment.as_data() for panel, fragment in panels}}


def _json(value: object, status: int) -> HttpResponse:
    return JsonResponse(plain(value), safe=False, status=status, json_dumps_params={"ensure_ascii": False})


def _csv(columns: Sequence[str], rows: Sequence[Row]) -> HttpResponse:
    # The mark of UTF-8: without it, Excel reads Chinese as something else.
    response = HttpResponse("\ufeff" + csv_text(columns, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="foretrack.csv"'
    return response
