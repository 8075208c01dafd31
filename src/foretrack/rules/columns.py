"""Rows of values as columns of numbers, checked once for all rules that look at them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite, isnan
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from foretrack.foundation.errors import InputError
from foretrack.packs.rule_shapes import ANSWERED, MEASURED, Indicator, Rule, Value
from foretrack.rules.values import MAX_NUMBER, checked_value, unknown_indicator

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int16]

NOT_GIVEN = -1
"""The code of a choice or answer that was not given; a number that was not given is NaN."""

LONGEST_EXACT = 15
"""So many digits go through a float unchanged."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The checked values of a table: indicator -> one entry per row.

    Numbers are floats and dates the numbers of their days, NaN where nothing was given. Choices are their places in the
    indicator's list, answers 1 for yes and 0 for no, -1 where nothing was given.
    """

    n_rows: int
    indicators: Mapping[str, Indicator]
    numbers: Mapping[str, Floats]
    codes: Mapping[str, Codes]
    rows: Sequence[Mapping[str, object]]
    """The rows as they were given."""
    problems: Mapping[int, Mapping[str, InputError]]
    """Row -> indicator -> why its value does not fit; it counts as not given."""

    def problem(self, row: int, rule: Rule) -> InputError | None:
        """Why a rule cannot be assessed for a row: the first of its values that does not fit."""
        known = rule.known_indicators()
        return next((error for name, error in self.problems.get(row, {}).items() if name in known), None)

    def values(self, row: int, rule: Rule) -> dict[str, object]:
        """What a row gives for the indicators of a rule."""
        known = rule.known_indicators()
        return {name: value for name, value in self.rows[row].items() if name in known}

    def empty(self, name: str) -> NDArray[np.bool_]:
        """The rows that give nothing for an indicator."""
        column = self.numbers.get(name)
        return np.isnan(column) if column is not None else self.codes[name] == NOT_GIVEN

    def value(self, row: int, name: str) -> Value | None:
        """What a row gives for an indicator, as it was understood; None for nothing."""
        return self._read(name, slice(row, row + 1))[0]

    def listed(self, name: str) -> list[Value | None]:
        """As `value`, of all rows."""
        return self._read(name, slice(None))

    def _read(self, name: str, part: slice) -> list[Value | None]:
        indicator = self.indicators[name]
        if indicator.type not in MEASURED:
            choices: list[Value | None] = [choice.id for choice in indicator.choices]
            meant = [*([False, True] if indicator.type in ANSWERED else choices), None]
            return [meant[code] for code in self.codes[name][part].tolist()]
        numbers = self.numbers[name][part].tolist()
        if indicator.type == "date":
            return [None if isnan(day) else date.fromordinal(int(day)).isoformat() for day in numbers]
        return [
            None
            if isnan(number)
            else self._whole(row[name], indicator, number)
            if number.is_integer()
            else number
            for row, number in zip(self.rows[part], numbers, strict=True)
        ]

    def _whole(self, raw: object, indicator: Indicator, number: float) -> Value:
        # Sixteen nines behind a point are a whole number to a float, and none to whoever reads the text.
        return checked_value(indicator, raw) if type(raw) is str and len(raw) > LONGEST_EXACT else int(number)


def read_columns(rules: Iterable[Rule], rows: Sequence[Mapping[str, object]]) -> Columns:
    """The columns of some rows, for all indicators that the rules look at.

    Args:
        rules: rules whose indicators agree where they have the same id.
        rows: indicator -> value, as for `assess`.

    InputError for an indicator that none of the rules knows, and for rules that do not agree; a value that does not fit
    is a problem of its row.

    >>> from foretrack.packs.loading import load_packs
    >>> from foretrack.rules.choosing import choose_rule
    >>> rule = choose_rule(load_packs(), "innovative-sme", "2025-06-30")
    >>> columns = read_columns([rule], [{"main-share": "70%", "valid-title": "是"}, {"main-share": 0.5}])
    >>> columns.numbers["main-share"].tolist(), columns.codes["valid-title"].tolist()
    ([0.7, 0.5], [1, -1])
    """
    rules = tuple(rules)
    known = _agreed(rules)
    given: dict[str, None] = {}
    for row in rows:
        given.update(dict.fromkeys(row))
    for name in given:
        if name not in known:
            raise unknown_indicator(rules[0], name)
    numbers: dict[str, Floats] = {}
    codes: dict[str, Codes] = {}
    problems: dict[int, dict[str, InputError]] = {}
    for name, indicator in known.items():
        found, wrong = _column(
            indicator, [row.get(name) for row in rows] if name in given else None, len(rows)
        )
        if indicator.type in MEASURED:
            numbers[name] = found
        else:
            codes[name] = found
        for number, error in wrong.items():
            problems.setdefault(number, {})[name] = error
    for number, errors in problems.items():
        # In the order of the row, which is that in which `assess` looks at the values.
        problems[number] = {name: errors[name] for name in rows[number] if name in errors}
    return Columns(len(rows), known, numbers, codes, rows, problems)


def _agreed(rules: Iterable[Rule]) -> dict[str, Indicator]:
    known: dict[str, Indicator] = {}
    for rule in rules:
        for name, indicator in rule.known_indicators().items():
            same = known.setdefault(name, indicator)
            if _meaning(same) != _meaning(indicator):
                raise InputError.of(
                    "the indicator {indicator!r} means another thing in {rule} than in the rules before it",
                    expected="one type, unit, range and choices for one name",
                    do="assess the rules apart, or mend their packs",
                    indicator=name,
                    rule=rule.full_id,
                )
    return known


def _meaning(indicator: Indicator) -> tuple[Any, ...]:
    ids = tuple(choice.id for choice in indicator.choices)
    return indicator.type, indicator.unit, indicator.minimum, indicator.maximum, ids


def _column(
    indicator: Indicator, cells: list[object] | None, n_rows: int
) -> tuple[Any, dict[int, InputError]]:  # fmt: skip
    """The numbers or codes of one column, and the cells that do not fit."""
    measured = indicator.type in MEASURED
    empty = np.full(n_rows, np.nan) if measured else np.full(n_rows, NOT_GIVEN, np.int16)
    if cells is None:
        return empty, {}
    wrong: dict[int, InputError] = {}
    seen: dict[object, float | int | InputError] = {}
    found: list[float | int] = []
    nothing: float | int = np.nan if measured else NOT_GIVEN
    places = {choice.id: place for place, choice in enumerate(indicator.choices)}
    quick = indicator.type == "number" or indicator.type == "share"
    low = -MAX_NUMBER if indicator.minimum is None else max(indicator.minimum, -MAX_NUMBER)
    high = MAX_NUMBER if indicator.maximum is None else min(indicator.maximum, MAX_NUMBER)
    for number, cell in enumerate(cells):
        if cell is None:
            found.append(nothing)
            continue
        if quick and type(cell) is float and low <= cell <= high and isfinite(cell):
            found.append(cell)
            continue
        if quick and type(cell) is str and _plain(cell) and low <= float(cell) <= high:
            found.append(float(cell))
            continue
        # True and 1 are equal as keys and mean different things, hence the type.
        key = (type(cell), cell)
        known = seen.get(key)
        if known is None:
            known = seen[key] = _number(indicator, cell, places, nothing)
        if isinstance(known, InputError):
            wrong[number] = known
            known = nothing
        found.append(known)
    return np.array(found, dtype=empty.dtype), wrong


def _plain(text: str) -> bool:
    """Whether a text is a number of digits and at most one point, which a float reads as `checked_value` does."""
    return len(text) <= LONGEST_EXACT and text.isascii() and text.replace(".", "", 1).isdecimal()


def _number(
    indicator: Indicator, cell: object, places: Mapping[str, int], nothing: float | int
) -> float | int | InputError:
    if isinstance(cell, str) and not cell.strip():
        return nothing
    try:
        value: Value = checked_value(indicator, cell)
    except InputError as error:
        return error
    if indicator.type == "date":
        return date.fromisoformat(str(value)).toordinal()
    if indicator.type in ANSWERED:
        return int(value)
    if indicator.type == "choice":
        return places[str(value)]
    return float(value)
