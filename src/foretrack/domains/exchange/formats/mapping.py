"""A table of anybody to the columns of a kind, by a mapping that somebody has written down.

A mapping is YAML: `kind`, `constants` (column to a value for every row), `columns` (our column to theirs, or to rules):

    kind: offer
    constants: {region: US-CA, stage: prototype, rights: other, cooperation: licence}
    columns:
      title_en: Title
      summary_en: {from: description, most: 600, else: Title}
      keywords: {from: tags, split: ";", most_values: 15}
      stage: {from: Status, values: {Issued: on-market, Application: prototype}}
      valid_until: {days: 365}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from foretrack.foundation.errors import InputError

_RULES = ("from", "else", "most", "least", "split", "most_values", "values", "days", "prefix")


@dataclass(frozen=True, slots=True)
class Mapped:
    """How one column is filled."""

    column: str
    source: str = ""
    otherwise: str = ""
    """Their column where the first is empty."""
    most: int = 0
    """Characters at most; the rest is cut at a word."""
    split: str = ""
    most_values: int = 0
    values: Mapping[str, str] | None = None
    """Their value to ours; a value that is not named is left out."""
    days: int = 0
    """Instead of a column: so many days from today."""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A whole mapping."""

    kind: str
    constants: Mapping[str, str]
    columns: tuple[Mapped, ...]


def read_mapping(given: Any) -> TableMapping:
    """The mapping out of what YAML holds; InputError that says what is wrong with it."""
    if not isinstance(given, Mapping) or not isinstance(given.get("columns"), Mapping):
        raise InputError.of(
            "the mapping has no `columns`",
            expected="kind, constants and columns",
            do="write it as the guide shows",
        )
    columns = []
    for column, said in given["columns"].items():
        rules = {"from": said} if isinstance(said, str) else said
        if (
            not isinstance(rules, Mapping)
            or not set(rules) <= set(_RULES)
            or not isinstance(rules.get("values", {}), Mapping)
        ):
            raise InputError.of(
                "{column}: {said} is no rule of a mapping", expected="a column, or some of {known}", do="correct it",
                column=column, said=str(said)[:60], known=", ".join(_RULES),
            )  # fmt: skip
        columns.append(
            Mapped(
                str(column), str(rules.get("from", "")), str(rules.get("else", "")), int(rules.get("most", 0)),
                str(rules.get("split", "")), int(rules.get("most_values", 0)), _values(rules),
                int(rules.get("days", 0)), str(rules.get("prefix", "")),
            )
        )  # fmt: skip
    constants = {str(name): str(value) for name, value in (given.get("constants") or {}).items()}
    return TableMapping(str(given.get("kind", "offer")), constants, tuple(columns))


def _values(rules: Mapping[str, Any]) -> Mapping[str, str] | None:
    """The table of values of a rule; None where it has none."""
    return {str(k): str(v) for k, v in rules["values"].items()} if "values" in rules else None


def mapped(
    rows: Iterable[Mapping[str, Any]],
    mapping: TableMapping,
    today: date,
    more: Mapping[str, str] | None = None,
) -> Iterator[dict[str, str]]:
    """Each row in our columns, in their order.

    Args:
        more: constants that are given with the file, such as the organisation.

    InputError for a column that the first row does not have.

    >>> rule = read_mapping({"columns": {"title_en": "T", "keywords": {"from": "k", "split": ","}}})
    >>> list(mapped([{"T": "A cell", "k": "x, y"}], rule, date(2026, 3, 2), {"region": "CN"}))
    [{'region': 'CN', 'title_en': 'A cell', 'keywords': 'x; y'}]
    """
    for number, row in enumerate(rows):
        if number == 0:
            _check_columns(row, mapping)
        made = {**mapping.constants, **(more or {})}
        for rule in mapping.columns:
            if text := _filled(rule, row, today):
                made[rule.column] = text
        yield made


def _check_columns(row: Mapping[str, Any], mapping: TableMapping) -> None:
    for rule in mapping.columns:
        for name in (rule.source, rule.otherwise):
            if name and name not in row:
                raise InputError.of(
                    "the table has no column {name!r}", expected="one of {known}", do="correct the mapping", name=name,
                    known=", ".join(map(str, row))[:300],
                )  # fmt: skip


def _filled(rule: Mapped, row: Mapping[str, Any], today: date) -> str:
    if rule.days:
        return (today + timedelta(days=rule.days)).isoformat()
    text = _text(row.get(rule.source)) or (_text(row.get(rule.otherwise)) if rule.otherwise else "")
    if rule.values is not None:
        return str(rule.values.get(text, ""))
    if rule.split:
        parts = list(dict.fromkeys(part.strip() for part in text.split(rule.split) if part.strip()))
        parts = parts[: rule.most_values or None]
        return "; ".join(part[: rule.most or None].replace(";", ",") for part in parts)
    return (rule.prefix + _cut(text, rule.most)) if text else ""


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _cut(text: str, most: int) -> str:
    """The text, cut at a word where it is too long.

    >>> _cut("a long text", 9), _cut("short", 0)
    ('a long…', 'short')
    """
    if not most or len(text) <= most:
        return text
    head = text[: most - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;.") + "…"
