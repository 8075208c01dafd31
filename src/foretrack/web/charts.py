"""Charts: one Vega-Lite specification with its rows, drawn by the browser, and told as a table, CSV, SVG and PNG.

A room builds its specifications with Altair, over data named `rows`; here they are given rows, drawn and told.
"""

from __future__ import annotations

import gzip
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any, Literal, TypeAlias

from foretrack.foundation.errors import HouseError
from foretrack.foundation.spreadsheets import Cell

PROGRAM = "vl-convert-python"
"""The package that draws pictures and holds the program that browsers draw with."""
ROWS = "rows"
"""The name under which a specification finds its data: `altair.NamedData(name="rows")`."""
VEGA_LITE = "6.4"
"""The version of Vega-Lite that Altair writes and the browser draws."""
PALETTE = ("#0b5fae", "#c2571a", "#2b7a52", "#8a4fa3", "#a8322d", "#5b6b7a", "#b08900", "#0d7f8c")
"""Colours of categories, told apart by colour-blind readers too on white and on dark paper, in this order."""
_INK, _RULE, _PAPER = "#1a1f26", "#d9dfe6", "#ffffff"
_FONTS = {"en": "DejaVu Sans, Noto Sans, sans-serif", "zh": "Noto Sans CJK SC, Microsoft YaHei, sans-serif"}

How: TypeAlias = Literal["text", "year", "count", "share", "number"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart's rows."""

    name: str
    """In the rows, in the specification and in CSV."""
    label: str
    """In the reader's language."""
    how: How = "text"
    """How its values are written in the table: a `share` is 0..1 and shown in per cent."""


@dataclass(frozen=True)
class Chart:
    """One chart of a page."""

    name: str
    """In addresses: `?chart=NAME`; letters, digits and hyphens, unique on its page."""
    title: str
    about: str
    """What it shows, in a sentence or two, for readers who cannot see it."""
    shown: tuple[Column, ...]
    rows: tuple[Mapping[str, Cell], ...]
    spec: Mapping[str, Any]
    """Vega-Lite without its data, as `altair.Chart(...).to_dict()` gives it."""
    height: int = 260
    """Pixels that its place keeps free until it is drawn."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.shown)

    def specification(self) -> dict[str, Any]:
        """Vega-Lite with its data, for any program that draws it; how it looks is for that program to say."""
        shape = {name: part for name, part in self.spec.items() if name != "config"}
        return {**shape, "datasets": {ROWS: [dict(row) for row in self.rows]}}

    def as_data(self) -> dict[str, object]:
        """The chart within the data of its page."""
        return {"name": self.name, "title": self.title, "rows": self.rows}


def picture(chart: Chart, form: str, language: str) -> tuple[bytes, str]:
    """The chart as `svg` or `png` on white paper, and its media type."""
    import vl_convert

    _register_fonts()
    spec = {**chart.specification(), "title": chart.title, "background": _PAPER}
    spec.setdefault("width", 640)
    if spec["width"] == "container":
        spec["width"] = 640
    spec["config"] = theme(language)
    # No address may be fetched while a picture is made, whatever stands in the data.
    options: dict[str, Any] = {"vl_version": VEGA_LITE, "allowed_base_urls": []}
    if form == "svg":
        return vl_convert.vegalite_to_svg(spec, **options).encode(), "image/svg+xml"
    if form == "png":
        return vl_convert.vegalite_to_png(spec, scale=2, **options), "image/png"
    raise HouseError(f"no picture has the form {form!r}")


def theme(language: str) -> dict[str, Any]:
    """How every chart looks: the tokens of the style sheet, as a Vega-Lite configuration."""
    font = _FONTS.get(language, _FONTS["en"])
    words = {
        "labelColor": _INK,
        "titleColor": _INK,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    return {
        "font": font,
        "axis": {**words, "gridColor": _RULE, "domainColor": _RULE, "tickColor": _RULE},
        "legend": words,
        "title": {"color": _INK, "fontSize": 15, "anchor": "start"},
        "header": words,
        "range": {"category": list(PALETTE)},
        "mark": {"color": PALETTE[0]},
        "view": {"stroke": None},
    }


@cache
def _register_fonts() -> None:
    """Chinese letters come from the packaged font: the program that makes pictures looks into named folders only."""
    import vl_convert

    vl_convert.register_font_directory(str(resources.files("noto_cjk_sans_otc")))


def drawing_program(folder: Path) -> bytes:
    """Vega, Vega-Lite and vega-embed as one script, compressed with gzip; made once and kept in `folder`."""
    import vl_convert

    file = folder / f"vega-{program_version()}.js.gz"
    try:
        return file.read_bytes()
    except OSError:
        pass
    made = vl_convert.javascript_bundle(
        "window.vegaEmbed = vegaEmbed; window.vega = vega;", vl_version=VEGA_LITE
    )
    content = gzip.compress(made.encode(), 9, mtime=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as written:
            written.write(content)
        os.replace(written.name, file)
    except OSError:
        pass  # a full or read-only disk costs the next process a second, and nobody a chart
    return content


@cache
def program_version() -> str:
    """Changes whenever the drawing program does."""
    return f"{metadata.version(PROGRAM)}-{VEGA_LITE}"
