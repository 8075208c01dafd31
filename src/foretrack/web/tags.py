"""What templates can say: sentences of the house, days, moments and numbers as each language writes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from foretrack.foundation.errors import HouseError
from foretrack.web.charts import Chart, How, program_version
from foretrack.web.panels import Fragment, Subject, loaded
from foretrack.web.speech import page_language, speak
from foretrack.web.speech import say as said

register = template.Library()

LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}


@register.simple_tag
def say(message: str, **values: object) -> str:
    """A sentence in the language of the page, its places filled; the template escapes the whole of it."""
    return said(message, **values)


@register.simple_tag
def colon() -> str:
    """The colon between a heading and what it is about, as the language writes it."""
    return "：" if page_language() == "zh" else ": "


@register.filter
def told(message: object) -> str:
    """A word that stands in a variable, in the language of the page."""
    return speak(page_language())(str(message)) if message else ""


@register.filter
def attribute(mapping: Mapping[str, object], name: str) -> object:
    """A value whose name no template can write, such as `aria-label`."""
    return mapping.get(name, "")


@register.filter
def last_part(label: str) -> str:
    """What stands behind the last colon: the part of a field that a box of several is for."""
    return str(label).rpartition(": ")[2]


@register.filter
def number(value: int | float | Decimal | None) -> str:
    """A number with the separators of the language."""
    from babel.numbers import format_decimal

    return "" if value is None else format_decimal(value, locale=LOCALES[page_language()])


def written_day(value: date | str, language: str) -> str:
    """A day as a language writes it.

    >>> written_day("2026-03-02", "en"), written_day(date(2026, 3, 2), "zh")
    ('2 Mar 2026', '2026年3月2日')
    """
    from babel.dates import format_date

    day = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return str(format_date(day, "medium", locale=LOCALES[language]))


@register.filter
def day(value: date | str | None) -> SafeString | str:
    """A day, also for machines."""
    if not value:
        return ""
    iso = value if isinstance(value, str) else value.isoformat()
    return format_html('<time datetime="{}">{}</time>', iso[:10], written_day(value, page_language()))


@register.filter
def moment(value: datetime | str | None) -> SafeString | str:
    """A moment in the installation's time zone, also for machines."""
    from babel.dates import format_datetime

    if not value:
        return ""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    here = timezone.localtime(at)
    text = format_datetime(here, "medium", tzinfo=here.tzinfo, locale=LOCALES[page_language()])
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), text)


@register.filter
def clock(value: datetime | str | None) -> str:
    """The time of day of a moment in the installation's time zone."""
    from babel.dates import format_time

    if not value:
        return ""
    here = timezone.localtime(datetime.fromisoformat(value) if isinstance(value, str) else value)
    return str(format_time(here.time(), "short", locale=LOCALES[page_language()]))


@register.simple_tag
def dated(message: str, **days: date | str) -> SafeString:
    """A sentence with days in it, each also for machines: their places differ between languages.

    A place whose name ends in `_at` is told to the second.
    """
    told_as = {
        name: moment(str(value)) if name.endswith("_at") else day(value) for name, value in days.items()
    }
    return format_html(speak(page_language())(message), **told_as)


@register.inclusion_tag("foretrack/dossier.html", takes_context=True)
def dossier(context: Context, subject: Subject) -> dict[str, object]:
    """What every room knows of a subject."""
    request = context["request"]
    return {
        "panels": [
            {
                "name": panel.name,
                "title": said(panel.title),
                "wide": panel.wide,
                "body": drawn(request, fragment, subject=subject),
            }
            for panel, fragment in loaded(request, subject)
        ]
    }


@register.simple_tag(takes_context=True)
def fragment(context: Context, fragment: Fragment) -> SafeString:
    """A fragment that a page holds, as a part of it."""
    return drawn(context["request"], fragment)


def drawn(request: HttpRequest, fragment: Fragment, **more: object) -> SafeString:
    """A fragment as a part of a page."""
    given = {f.name: getattr(fragment, f.name) for f in fields(fragment)}
    return render_to_string(fragment.template, {**given, **more}, request)


SHOWN_ROWS = 200
"""Rows of a chart that its table on the page has; the CSV has all."""


@register.inclusion_tag("foretrack/chart.html", takes_context=True)
def chart(context: Context, chart: Chart) -> dict[str, object]:
    """A chart with its table and its files."""
    request = context["request"]
    query = request.GET.copy()
    query["chart"] = chart.name
    page = request.path.rstrip("/")
    return {
        "chart": chart,
        "spec": json.dumps(chart.specification(), ensure_ascii=False, separators=(",", ":")),
        "table": [
            [
                {"text": written(row.get(c.name), c.how), "number": c.how not in ("text", "year")}
                for c in chart.shown
            ]
            for row in chart.rows[:SHOWN_ROWS]
        ],
        "more": max(0, len(chart.rows) - SHOWN_ROWS),
        "files": {form: f"{page}.{form}?{query.urlencode()}" for form in ("csv", "svg", "png")},
    }


def written(value: object, how: How) -> str:
    """A value of a chart or table as the page's language writes it."""
    from babel.numbers import format_decimal, format_percent

    locale = LOCALES[page_language()]
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if how == "share":
        return str(
            format_percent(value, format="#,##0.##%" if abs(value) < 0.1 else "#,##0.#%", locale=locale)
        )
    if how == "year":
        return str(value)
    return str(format_decimal(value, format="#,##0.###" if how == "number" else "#,##0", locale=locale))


@register.filter
def coded(text: str) -> SafeString:
    """A sentence with what stands between backticks set as code.

    >>> str(coded("run `foretrack scan` & wait"))
    'run <code>foretrack scan</code> &amp; wait'
    """
    pieces = enumerate(str(text).split("`")) if str(text).count("`") % 2 == 0 else [(0, text)]
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", piece) if n % 2 else piece,) for n, piece in pieces)
    )


@register.filter
def percent(value: float | None) -> str:
    """A share, 0..1, in per cent."""
    return written(value, "share")


@register.filter
def change(value: float | None) -> str:
    """A change of a share, with its sign, in whole per cent.

    >>> change(0.123), change(-0.04), change(None)
    ('+12%', '-4%', '–')
    """
    return "–" if value is None else f"{100 * value:+.0f}%"


@register.filter
def signed(value: float | None) -> str:
    """A number with its sign and two places."""
    return "–" if value is None else f"{value:+.2f}"


@register.simple_tag
def drawing_program() -> str:
    """The address of the program that draws charts."""
    return reverse("drawing program", args=(program_version(),))


@register.simple_tag
def asset(name: str) -> str:
    """The address of a style sheet or script, which changes when its content does."""
    return f"{settings.STATIC_URL}{name}?v={_digest(name)}"


@cache
def _digest(name: str) -> str:
    path = finders.find(name)
    if not isinstance(path, str):
        raise HouseError(f"there is no static file {name!r}")
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]
