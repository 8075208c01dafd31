"""What if: changes of figures as people type them, `rd-ratio=3.5`, or by how much, `rd-ratio=+0.8`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from foretrack.foundation.errors import InputError
from foretrack.packs.rule_shapes import Indicator, Value
from foretrack.rules.values import checked_value

COUNTED = ("number", "share", "count")
"""Types of indicator that can be raised or lowered by an amount."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one figure."""

    indicator: str
    value: str
    """What it becomes; of a change by an amount, the amount with its sign."""
    by: bool = False
    """Whether it changes by an amount."""


def read_changes(given: Iterable[str], indicators: Mapping[str, Indicator]) -> tuple[Change, ...]:
    """The changes; InputError for one that cannot be read or whose indicator nobody asks for.

    `name=value` sets, `name=+value` and `name+=value` add, `name-=value` takes away.

    >>> from foretrack.packs.shapes import Bilingual
    >>> known = {"rd-ratio": Indicator("rd-ratio", Bilingual("R&D"), "", (), "k")}
    >>> read_changes(["rd-ratio=3.5", "rd-ratio=+0.8", "rd-ratio-=1"], known)[1:]
    (Change(indicator='rd-ratio', value='+0.8', by=True), Change(indicator='rd-ratio', value='-1', by=True))
    """
    found = []
    for text in given:
        name, sign, value = text.partition("=")
        name, value = name.strip(), value.strip()
        by = name[-1:] in ("+", "-") or value.startswith("+")
        if name[-1:] in ("+", "-"):
            name, value = name[:-1].strip(), name[-1] + value.lstrip("+")
        if not sign or not name:
            raise InputError.of(
                "the change {text!r}",
                expected="indicator=value or indicator=+amount, such as rd-ratio=+0.8",
                do="correct --what-if",
                text=text,
            )
        if name not in indicators:
            raise InputError.of(
                "no rule of the ladder asks for {name!r}",
                expected="one of {known}",
                do="correct --what-if",
                name=name,
                known=", ".join(indicators),
            )
        if by and indicators[name].type not in COUNTED:
            raise InputError.of(
                "{name} cannot be changed by an amount",
                expected="an indicator that is a number",
                do="say what it becomes: {name}=value",
                name=name,
            )
        found.append(Change(name, value, by))
    return tuple(found)


def changed(
    values: Mapping[str, Value], changes: Iterable[Change], indicators: Mapping[str, Indicator]
) -> dict[str, Value]:
    """The figures after the changes, one after the other.

    InputError where an amount is added to a figure that was not given, or the result is no value of the indicator.
    """
    after = dict(values)
    for change in changes:
        indicator = indicators[change.indicator]
        if not change.by:
            after[change.indicator] = checked_value(indicator, change.value)
            continue
        before = after.get(change.indicator)
        if not isinstance(before, int | float):
            raise InputError.of(
                "{name} was not given, so nothing can be added to it",
                expected="a figure",
                do="say what it becomes: {name}=value",
                name=change.indicator,
            )
        amount = change.value[1:].strip()
        step = checked_value(_free(indicator), amount)
        added = round(float(before) + (-1 if change.value[0] == "-" else 1) * float(step), 9)
        after[change.indicator] = checked_value(indicator, added)
    return after


def _free(indicator: Indicator) -> Indicator:
    """The indicator without bounds: an amount by which it changes has none but its sign."""
    return Indicator(
        indicator.id, indicator.label, indicator.clause, indicator.source, indicator.confidence, indicator.type,
        indicator.unit,
    )  # fmt: skip
