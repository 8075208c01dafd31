"""The data behind a page: `.json`, `.csv`, `.svg` or `.png` in the place of the last slash of its address.

`/en/targets/` is the page, `/en/targets.json` what it shows, `/en/targets.csv` its table. One chart of a page is
`...csv?chart=NAME` (its rows), `.json` (its Vega-Lite specification), `.svg` or `.png` (its picture).
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.forms import BaseForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import Promise

from foretrack.foundation.errors import HouseError
from foretrack.foundation.spreadsheets import Cell, Row
from foretrack.web.speech import CODES

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FORMS = ("json", "csv", "svg", "png")
"""Endings that an address may have instead of its slash."""
CHART = "chart"
"""The name in the address under which a chart of a page is asked for."""
FOR_PROGRAMS = "/api/"
"""Where the addresses for programs begin."""
NO_DATA = re.compile(rf"^/(?:{'|'.join(CODES.values())})/(?:admin|account/(?!profile))(?:/|$)")
"""Pages of packages (log-in, Django's admin): they have no data."""
_ENDING = re.compile(
    rf"^(?P<page>/(?:{'|'.join(CODES.values())})(?:/.*)?[^/]|/(?:{'|'.join(CODES.values())}))\.(?P<form>{'|'.join(FORMS)})$"
)

Answer = Callable[[HttpRequest], HttpResponseBase]


def asked_form(request: HttpRequest) -> str:
    """The form in which the asker wants the page: `json`, `csv`, `svg`, `png`, or empty for the page itself."""
    return str(getattr(request, "asked_form", ""))


class DataMiddleware:
    """Leads an address with an ending to its page, and keeps in mind which form was asked for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(FOR_PROGRAMS):  # whatever goes wrong there is told as data, too
            request.asked_form = "json"  # type: ignore[attr-defined]
            return self.get_response(request)
        found = _ENDING.match(request.path_info)
        if found is None or NO_DATA.match(request.path_info):
            return self.get_response(request)
        request.asked_form = found["form"]  # type: ignore[attr-defined]
        shift = request.path.removesuffix(request.path_info)
        request.path_info = f"{found['page']}/"
        request.path = f"{shift}{request.path_info}"
        response = self.get_response(request)
        return self._no_page(request, response)

    def _no_page(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """What answered as a page although its data were asked for has none."""
        from foretrack.web.problems import problem

        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        from foretrack.web.speech import say

        return problem(
            406, "no-data", say("this page has no data of its own"), do=say("open it without the ending")
        )


def plain(value: Any) -> Any:
    """Plain JSON values of what a page is made of: dataclasses and forms become objects, days ISO 8601.

    >>> plain({"on": date(2026, 3, 1), "of": (1, float("nan"), {"b"})})
    {'on': '2026-03-01', 'of': [1, None, ['b']]}
    """
    if isinstance(value, bool | int | type(None)):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str | Promise):
        return str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.repr}
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(plain, value), key=str)
    if isinstance(value, BaseForm):
        return _form(value)
    if isinstance(value, Iterable):
        return [plain(entry) for entry in value]
    raise HouseError(f"a page holds {type(value).__name__}, which has no plain form")


def _form(form: BaseForm) -> dict[str, Any]:
    """What a form asks for, with what stands in it and what is wrong with that."""
    return {
        "fields": {
            bound.name: {
                "label": str(bound.label), "help": str(bound.help_text), "required": bound.field.required,
                "value": _scalar(bound.value()), "errors": [str(error) for error in bound.errors],
            }
            for bound in form
        },
        "errors": [str(error) for error in form.non_field_errors()],
    }  # fmt: skip


def _scalar(value: Any) -> Any:
    """What stands in a box of a form; a file that was sent has no value to show."""
    try:
        return plain(value)
    except HouseError:
        return None


def table_of(entries: Sequence[DataclassInstance | Mapping[str, Any]]) -> tuple[list[str], list[Row]]:
    """Columns and rows of a spreadsheet: parts of parts get names with a dot, lists are joined by `; `.

    >>> table_of([{"a": 1, "b": {"c": [1, 2]}}])
    (['a', 'b.c'], [{'a': 1, 'b.c': '1; 2'}])
    """
    rows = [dict(_flat("", plain(entry))) for entry in entries]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return columns, [{name: row.get(name) for name in columns} for row in rows]


def _flat(name: str, value: Any) -> Iterable[tuple[str, Cell]]:
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _flat(f"{name}.{key}" if name else key, entry)
    elif isinstance(value, list):
        yield name, "; ".join(_told(entry) for entry in value)
    else:
        yield name, value


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}={_told(entry)}" for key, entry in value.items())
    if isinstance(value, list):
        return ", ".join(map(_told, value))
    return "" if value is None else str(value)
