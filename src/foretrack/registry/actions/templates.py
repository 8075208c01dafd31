"""The file to fill in for a kind: a header, an example row, and in Excel help and lists to choose from.

The example row can be imported as it stands, so that a template shows nothing that would be refused; it names itself as
an example to be deleted. Links, files and identifiers are left empty in it: an invented one would point at somebody.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from foretrack.foundation.spreadsheets import excel_escaped, neutral
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring import fields as declared
from foretrack.registry.declaring.columns import VISIBILITY, Column, columns_of
from foretrack.registry.declaring.fields import VISIBILITIES
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.rows import Rows

EXAMPLE = Bilingual("Example: delete this row", "示例：请删除本行")
ROWS = 2000
"""Rows that the lists to choose from are set for."""
_MOST_OPTIONS = 500


def template_columns(kind: Kind) -> tuple[Column, ...]:
    """The columns of a template: everything that a new record may say."""
    return tuple(c for c in columns_of(kind) if c is VISIBILITY or c.field is not None)


def example_row(kind: Kind, language: str = "en") -> dict[str, str]:
    """Column to an example that an import accepts."""
    made: dict[str, str] = {VISIBILITY.name: VISIBILITIES[0]}
    for column in template_columns(kind):
        f = column.field
        if f is None or isinstance(f, declared.Link | declared.File | declared.ExternalId):
            continue
        if isinstance(f, Rows) and any(c.required and isinstance(c, declared.Link) for c in f.columns):
            continue
        if f.name == kind.title:
            most = getattr(f, "max_length", 300)
            made[column.name] = EXAMPLE.text(column.language or language)[:most]
        elif isinstance(f, declared.Choice | declared.Term) and f.example():
            made[column.name] = _option(_options(f), f.example(), language)
        else:
            made[column.name] = f.example()
    return made


def csv_template(kind: Kind, language: str = "en") -> str:
    """Header with the names of the columns, and the example row."""
    columns = [column.name for column in template_columns(kind)]
    example = example_row(kind, language)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerow([neutral(example.get(column)) for column in columns])
    return out.getvalue()


def excel_template(kind: Kind, language: str = "en") -> bytes:
    """A workbook: labels as header with help as comments, the example row, lists to choose from."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    page: Any = book.active
    page.title = "".join(c for c in kind.plural.text(language) if c not in "[]:*?/\\")[:31] or "records"
    lists: Any = book.create_sheet("lists")
    lists.sheet_state = "hidden"
    page.freeze_panes = "A2"
    example = example_row(kind, language)
    labels = [column.label.text(language) for column in template_columns(kind)]
    for place, column in enumerate(template_columns(kind), start=1):
        label = column.label.text(language)
        # A label that two columns share would mean neither: then the name stands there.
        cell = page.cell(
            1, place, excel_escaped(str(neutral(label if labels.count(label) == 1 else column.name)))
        )
        cell.font = Font(bold=True)
        note = Comment(excel_escaped(_note(column, language)), "Foretrack")
        note.width, note.height = 320, 160
        cell.comment = note
        text = example.get(column.name)
        if text is not None:
            page.cell(2, place, excel_escaped(str(neutral(text)))).data_type = "s"
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = max(12, min(40, len(label) * 2))
        options = _choices(column, language)
        if options:
            for row, option in enumerate(options, start=1):
                lists.cell(row, place, excel_escaped(str(neutral(option)))).data_type = "s"
            rule = DataValidation(
                type="list", formula1=f"lists!${letter}$1:${letter}${len(options)}", allow_blank=True
            )
            rule.add(f"{letter}2:{letter}{ROWS + 1}")
            page.add_data_validation(rule)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_NEEDED = Bilingual("Needed.", "必填。")
_MANY = Bilingual("Several values: separate them by semicolons.", "可填多个值，用分号分隔。")
_TABLE = Bilingual(
    "A small table: rows are separated by semicolons, the columns of a row by vertical bars: ",
    "小表格：各行用分号分隔，行内各列用竖线分隔：",
)
_SUCH_AS = Bilingual("Such as: ", "例如：")


def _note(column: Column, language: str) -> str:
    f = column.field
    lines = [column.name]
    if f is None:
        return "\n".join([*lines, ", ".join(VISIBILITIES)])
    if f.required:
        lines.append(_NEEDED.text(language))
    if column.help(language):
        lines.append(column.help(language))
    if isinstance(f, declared.Number) and f.unit.text(language):
        lines.append(f.unit.text(language))
    if isinstance(f, Rows):
        lines.append(_TABLE.text(language) + " | ".join(place.label.text(language) for place in f.places))
    elif f.many:
        lines.append(_MANY.text(language))
    if isinstance(f, declared.Choice) and f.many:
        lines.append("; ".join(label.text(language) for label in f.options.values()))
    elif not isinstance(f, declared.Choice | declared.Text | declared.BilingualText):
        lines.append(_SUCH_AS.text(language) + f.example())
    return "\n".join(lines)


def _options(f: declared.Choice | declared.Term) -> dict[str, Bilingual]:
    return dict(f.options) if isinstance(f, declared.Choice) else dict(f.terms(f.part))


def _option(options: dict[str, Bilingual], code: str, language: str) -> str:
    """The label of an option, or its code where another has the same label, or the label is another's code."""
    label = options[code].text(language) if code in options else code
    alike = [
        c for c, other in options.items() if label.casefold() in (other.en.casefold(), other.zh.casefold())
    ]
    return label if alike == [code] and (label == code or label not in options) and ";" not in label else code


def _choices(column: Column, language: str) -> list[str]:
    f = column.field
    if f is None:
        return list(VISIBILITIES)
    if f.many:
        return []
    if isinstance(f, declared.YesNo):
        return [f.show_one(True, language), f.show_one(False, language)]
    if isinstance(f, declared.Choice | declared.Term):
        options = _options(f)
        return [_option(options, code, language) for code in options] if len(options) <= _MOST_OPTIONS else []
    return []
