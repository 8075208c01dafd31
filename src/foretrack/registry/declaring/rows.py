"""A small table inside a record: stages with their days, measures before and after, quotas per body."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from foretrack.foundation.errors import HouseError, InputError
from foretrack.foundation.sentences import Sentence
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring import fields as declared
from foretrack.registry.declaring.columns import Column, cells_of, field_columns, values_of
from foretrack.registry.declaring.fields import Field, Json, Link, Spoken, wrong

COLUMNS = (
    declared.Text, declared.BilingualText, declared.Number, declared.Money, declared.Day, declared.Period,
    declared.YesNo, declared.Choice, declared.Term, declared.Web, declared.Email, declared.Link,
)  # fmt: skip
"""Types of field that a column may have."""
_COLUMN_MARKS = "|｜"
_ROW_MARKS = ";；"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in a table: the row (from 1, as the reader sees it) and the column (empty: the whole row)."""

    row: int
    column: str
    error: InputError


class InvalidRows(InputError):
    """One or more cells of a table cannot be used; `problems` names each."""

    problems: tuple[RowProblem, ...] = ()

    @classmethod
    def with_problems(cls, problems: Sequence[RowProblem], labels: Mapping[str, Bilingual]) -> InvalidRows:
        """The error that tells the first problem with its place and carries all."""
        first = problems[0]
        what, expected, do = first.error.sentences
        label = labels.get(first.column)
        place: dict[str, object] = {"row": first.row, "what": what}
        if label is None:
            told = Sentence("row {row}: {what}", place)
        else:
            told = Sentence("row {row}, {column}: {what}", {**place, "column": Spoken.of(label)})
        if len(problems) > 1:
            told = Sentence("{what} (and {n} more)", {"what": told, "n": len(problems) - 1})
        error = cls.said(told, expected=expected, do=do)
        error.problems = tuple(problems)
        return error


@dataclass(frozen=True, kw_only=True)
class Rows(Field):
    """A small table: a list of objects, column to value; an empty cell is left out, an empty row too.

    A column that is `required` must be filled in every row. In a spreadsheet the whole table is one cell: rows are
    separated by `;`, columns by `|` (the full-width marks count too), a backslash keeps a mark inside a value, and
    bilingual text takes two places.

    >>> from foretrack.registry.declaring.fields import Number, Text
    >>> stages = Rows(
    ...     name="stages", label=Bilingual("Stages", "阶段"),
    ...     columns=(
    ...         Text(name="stage", label=Bilingual("Stage", "阶段"), required=True),
    ...         Number(name="days", label=Bilingual("Days", "天数")),
    ...     ),
    ... )
    >>> stages.read("check | 5；panel ｜ 20; notice")
    [{'stage': 'check', 'days': 5}, {'stage': 'panel', 'days': 20}, {'stage': 'notice'}]
    >>> stages.cell([{"stage": "a|b; c", "days": 5}, {"stage": "d"}])
    'a\\\\|b\\\\; c | 5; d'
    """

    type: ClassVar[str] = "rows"
    columns: tuple[Field, ...]
    most: int = 20
    """Rows at most."""
    many: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()

        def flaw(what: str) -> HouseError:
            return HouseError(f"the table {self.name!r}: {what}", do="mend its declaration")

        names = [c.name for c in self.places]
        if not self.columns or len(set(names)) != len(names):
            raise flaw("it has no column, or two have one name (bilingual text takes NAME_en and NAME_zh)")
        if not self.many or self.facet:
            raise flaw("it always holds several rows, and is no facet")
        for column in self.columns:
            if not isinstance(column, COLUMNS) or column.many or column.facet:
                raise flaw(f"the column {column.name!r} is not one single value without facets")
            if column.visibility not in ("public", self.visibility):
                raise flaw(f"the column {column.name!r} cannot have another visibility than the table")
            if column.personal and not self.personal:
                # What the history commits to, and so what can be erased from it, is the value of a field as a whole.
                raise flaw(
                    f"the column {column.name!r} is personal, so the table must be: it is erased whole"
                )
            if isinstance(column, declared.Email) and self.visibility == "public":
                raise flaw(f"{column.name}: an e-mail address is never public")

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """Columns by their names."""
        return {c.name: c for c in self.columns}

    @cached_property
    def places(self) -> tuple[Column, ...]:
        """What stands between the marks of one row in a cell, in order."""
        return tuple(place for column in self.columns for place in field_columns(column))

    def read(self, raw: Json) -> Json:
        """The rows to keep, None for none; InvalidRows names every cell that cannot be used."""
        if raw is None:
            return None
        if isinstance(raw, str):
            given: Sequence[Json] = _split(raw)
        elif isinstance(raw, Sequence) and not isinstance(raw, bytes):
            given = [row for one in raw for row in (_split(one) if isinstance(one, str) else [one])]
        else:
            given = [raw]
        rows: list[Json] = []
        problems: list[RowProblem] = []
        for number, one in enumerate(given, start=1):
            try:
                row = self.read_one(one)
            except InvalidRows as error:
                problems += [RowProblem(number, p.column, p.error) for p in error.problems]
            except InputError as error:
                problems.append(RowProblem(number, "", error))
            else:
                rows += [row] if row else []
        if problems:
            raise InvalidRows.with_problems(problems, {c.name: c.label for c in self.columns})
        if len(rows) > self.most:
            raise InputError.of(
                "{n} rows", expected="at most {most}", do="leave some out", n=len(rows), most=self.most
            )
        return rows or None

    def read_one(self, raw: Json) -> Json:
        """One row; None for an empty one."""
        if raw is None:
            return None
        if isinstance(raw, list) and all(isinstance(one, str) for one in raw):
            raw = self._from_places(raw)
        if not isinstance(raw, Mapping):
            raise wrong(
                "{value} is no row", raw, expected="an object with {known}", do="write it like this: {example}",
                known=", ".join(self.by_name), example=self.example(),
            )  # fmt: skip
        row: dict[str, Json] = {}
        problems = [
            RowProblem(
                1, "",
                InputError.of(
                    "there is no column {name!r}", expected="one of {known}", do="correct the name",
                    name=str(name)[:40], known=", ".join(self.by_name),
                ),
            )
            for name in raw
            if name not in self.by_name
        ]  # fmt: skip
        for column in self.columns:
            try:
                value = column.read(raw.get(column.name))
            except InputError as error:
                problems.append(RowProblem(1, column.name, error))
            else:
                row |= {} if value is None else {column.name: value}
        given = row or any(p.column for p in problems)
        problems += [
            RowProblem(1, column.name, _missing(column))
            for column in self.columns
            if given
            and column.required
            and column.name not in row
            and all(p.column != column.name for p in problems)
        ]
        if problems:
            raise InvalidRows.with_problems(problems, {c.name: c.label for c in self.columns})
        return row or None

    def _from_places(self, cells: Sequence[str]) -> dict[str, Json]:
        if len(cells) > len(self.places):
            raise InputError.of(
                "{n} values between the marks |", expected="at most {most}: {names}",
                do="put a backslash before a mark that belongs to a value", n=len(cells), most=len(self.places),
                names=" | ".join(place.name for place in self.places),
            )  # fmt: skip
        return values_of(
            self.columns, {place.name: cell for place, cell in zip(self.places, cells, strict=False)}
        )

    def show_one(self, value: Json, language: str) -> str:
        colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
        return comma.join(
            f"{c.label.text(language)}{colon}{c.show(value[c.name], language)}"
            for c in self.columns
            if c.name in value
        )

    def cell(self, value: Json) -> str | None:
        if value is None:
            return None
        return "; ".join(self.cell_one(row) for row in value)

    def cell_one(self, value: Json) -> str:
        cells = cells_of(self.columns, value)
        texts = [_escaped(str(cells[p.name])) if p.name in cells else "" for p in self.places]
        while len(texts) > 1 and not texts[-1]:
            texts.pop()
        return " | ".join(texts)

    def schema_one(self) -> dict[str, Json]:
        made: dict[str, Json] = {
            "type": "object",
            "properties": {c.name: {**c.schema(), "title": c.label.text("en")} for c in self.columns},
            "additionalProperties": False,
            "minProperties": 1,
        }
        needed = [c.name for c in self.columns if c.required]
        return {**made, "required": needed} if needed else made

    def facet_values(self, value: Json) -> tuple[str, ...]:
        """None: a table is no facet."""
        return ()

    def points(self, value: Json) -> tuple[tuple[Link, str], ...]:
        return tuple(
            pair for row in value or () for column in self.columns for pair in column.points(row.get(column.name))
        )  # fmt: skip

    def texts(self, value: Json) -> tuple[tuple[str, str], ...]:
        """What search takes: the texts of each column as its own weight says."""
        return tuple(
            pair for row in value or () for column in self.columns for pair in column.texts(row.get(column.name))
        )  # fmt: skip

    def example(self) -> str:
        """One row. A column of links is empty in it unless it is required: an invented one would point at somebody."""
        row: dict[str, Json] = {}
        for place in self.places:
            column = place.field
            assert column is not None
            if not isinstance(column, Link) or column.required:
                row[place.name] = column.example()
        texts = [_escaped(str(row.get(place.name, ""))) for place in self.places]
        return " | ".join(texts)


def _missing(column: Field) -> InputError:
    return InputError.of(
        "{label} is missing", expected="a value", do="write it like this: {example}",
        label=Spoken.of(column.label), example=column.example(),
    )  # fmt: skip


def _escaped(text: str) -> str:
    return re.sub(r"[\\;；|｜]", lambda mark: "\\" + mark[0], text)


def _split(text: str) -> list[Json]:
    """Rows and their cells, from one cell of a spreadsheet.

    >>> _split("a | b\\\\|c; ；d｜")
    [['a', 'b|c'], [''], ['d', '']]
    """
    rows, kept = [[""]], False
    for character in text:
        if kept:
            rows[-1][-1], kept = rows[-1][-1] + character, False
        elif character == "\\":
            kept = True
        elif character in _ROW_MARKS:
            rows.append([""])
        elif character in _COLUMN_MARKS:
            rows[-1].append("")
        else:
            rows[-1][-1] += character
    if kept:
        rows[-1][-1] += "\\"
    return [[cell.strip() for cell in row] for row in rows]
