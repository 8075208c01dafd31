"""Boxes for a small table inside a record: a row of boxes for each row, two empty ones, and one more at a click."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from foretrack.foundation.messages import Messages
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import Field, Json
from foretrack.registry.declaring.rows import Rows
from foretrack.site.forms.widgets import Data, Parts

SPARE = 2
"""Empty rows behind those that are filled, for whoever reads without scripts."""
NEW = "__row__"
"""In the template of a new row: its number, counted from 0, in names, and from 1 in labels as `__number__`."""
NUMBER = "__number__"

Make = Callable[[Field, Json], forms.Widget]
"""(column, what stands in it) -> its box."""


class TableBoxes(forms.Widget):
    """The boxes of a field of rows, called `FIELD-ROW-COLUMN`; a hyphen stands in no field's name."""

    use_fieldset = True

    def __init__(self, table: Rows, say: Messages, make: Make) -> None:
        super().__init__()
        self.table, self.say, self.make = table, say, make
        self.wrong: Mapping[tuple[int, str], Sequence[str]] = {}
        """(row from 1, column) to what is wrong there."""

    def id_for_label(self, id_: str) -> str:
        return ""

    def boxes(self, data: Data, name: str) -> list[str]:
        """Names of the boxes of the table that were sent, in the order of its rows."""
        return [box for _, box in sorted(_numbered(data, name))]

    def value_from_datadict(self, data: Data, files: Any, name: str) -> list[dict[str, Json]] | None:
        rows = sorted({number for number, _ in _numbered(data, name)})
        made: list[dict[str, Json]] = []
        for number in rows:
            row = {
                column.name: self.make(column, None).value_from_datadict(
                    data, files, f"{name}-{number}-{column.name}"
                )
                for column in self.table.columns
            }
            made.append({column: raw for column, raw in row.items() if raw not in (None, "")})
        return made if any(made) else None

    def value_omitted_from_data(self, data: Data, files: Any, name: str) -> bool:
        return not _numbered(data, name)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        rows: list[Mapping[str, Json]] = [
            row if isinstance(row, Mapping) else {} for row in value if row is not None
        ] if isinstance(value, list) else []  # fmt: skip
        filled = max((number for number, row in enumerate(rows, start=1) if row), default=0)
        shown = max(len(rows), min(filled + SPARE, self.table.most))
        rows += [{}] * (shown - len(rows))
        language = self.say.language
        heads = format_html_join(
            "", '<th scope="col">{}{}{}</th>',
            (
                (
                    c.label.text(language),
                    format_html(' <span class="small soft">{}</span>', self.say("(needed)")) if c.required else "",
                    format_html(' <span class="help">{}</span>', said) if (said := _said(c, language)) else "",
                )
                for c in self.table.columns
            ),
        )  # fmt: skip
        body = format_html_join(
            "", "{}", ((self._row(name, str(n), str(n + 1), row, attrs),) for n, row in enumerate(rows))
        )
        return format_html(
            '<div class="rows-boxes" data-rows="{}" data-most="{}"><div class="scroll"><table class="cards">'
            '<thead><tr><th scope="col"><span class="unseen">{}</span></th>{}</tr></thead><tbody>{}</tbody></table></div>'
            '<template>{}</template><p><button type="button" data-add-row hidden>{}</button></p></div>',
            name, self.table.most, self.say("Row"), heads, body, self._row(name, NEW, NUMBER, {}, attrs),
            self.say("Add a row"),
        )  # fmt: skip

    def _row(self, name: str, row: str, number: str, values: Mapping[str, Json], attrs: Any) -> SafeString:
        base = (attrs or {}).get("id") or f"id_{name}"
        cells = []
        for column in self.table.columns:
            place = f"{base}-{row}-{column.name}"
            named = replace(
                column,
                label=Bilingual(
                    f"{column.label.en}, row {number}", f"第 {number} 行{column.label.zh}"
                ),
            )  # fmt: skip
            wrong = self.wrong.get((int(number), column.name), ()) if number.isdecimal() else ()
            box = self.make(named, values.get(column.name))
            more: dict[str, str] = {"id": place}
            if not isinstance(box, Parts):
                more["aria-label"] = named.label.text(self.say.language)
            if wrong:
                more |= {"aria-invalid": "true", "aria-describedby": f"{place}-wrong"}
            cells.append(
                format_html(
                    '<td data-label="{}">{}{}</td>', column.label.text(self.say.language),
                    box.render(f"{name}-{row}-{column.name}", values.get(column.name), more),
                    format_html('<p class="wrong" id="{}-wrong">{}</p>', place, " ".join(wrong)) if wrong else "",
                )
            )  # fmt: skip
        head = format_html('<th scope="row">{}</th>', number)
        return format_html("<tr>{}{}</tr>", head, format_html_join("", "{}", ((cell,) for cell in cells)))


def _said(column: Field, language: str) -> str:
    unit = getattr(column, "unit", Bilingual()).text(language)
    return " ".join(part for part in (column.help.text(language), unit) if part)


def _numbered(data: Data, name: str) -> list[tuple[int, str]]:
    """(row, box) of every box of the table that was sent."""
    pattern = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-.+")
    return [(int(match[1]), box) for box in data if (match := pattern.fullmatch(box))]
