"""A record against a rule of the packs: its fields answer the rule's indicators of the same name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from foretrack.foundation.errors import InputError
from foretrack.packs.loading import load_packs
from foretrack.packs.rule_shapes import Rule
from foretrack.registry.declaring.bodies import InvalidRecord, Problem
from foretrack.registry.declaring.fields import Json, Money, Number, Spoken
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.rules.answers import Assessment
from foretrack.rules.assessing import assess
from foretrack.rules.choosing import choose_rule


def field_of(indicator: str) -> str:
    """The name of the field that answers an indicator.

    >>> field_of("has-impact")
    'has_impact'
    """
    return indicator.replace("-", "_")


def answer_in(kind: Kind, body: Mapping[str, Json], indicator: str) -> Json:
    """What a body answers to an indicator, as `rules` reads it: an amount without its currency, a share with its percent
    sign. None where it says nothing, or several things."""
    f = kind.by_name.get(field_of(indicator))
    value = body.get(f.name) if f is not None else None
    if f is None or value is None or f.many:
        return None
    if isinstance(f, Money):
        return str(value["amount"])
    if isinstance(f, Number) and f.unit.en == "%":
        return f"{value}%"
    return value


def rule_on(name: str, on: date) -> Rule:
    """The rule of the installed packs, called by its name or its series, that is in force on a day.

    EvidenceError when none is in force; InputError when no pack has such a rule.
    """
    return choose_rule(load_packs(PACK_TERMS.paths), name, on.isoformat())


def judge(kind: Kind, series: str, body: Mapping[str, Json], on: date) -> Assessment:
    """How a body stands to the rule of a series that is in force on a day. Errors as `rule_on`."""
    rule = rule_on(series, on)
    given = {indicator.id: answer_in(kind, body, indicator.id) for indicator in rule.indicators}
    return assess(rule, given, on=on.isoformat())


def check_rule(kind: Kind, series: str, body: Mapping[str, Json], on: date) -> None:
    """InvalidRecord that names everything that stands between the record and the rule, each at its field."""
    answer = judge(kind, series, body, on)
    if answer.outcome == "met":
        return
    problems = [
        Problem(
            field_of(gap.name) if field_of(gap.name) in kind.by_name else "",
            InputError.of(
                "{rule} is not met: {label}", expected=gap.needs or "-",
                do="mend it, or do not hand the record in; the rule and its source stand in the pack {pack}",
                rule=Spoken.of(answer.label), label=Spoken.of(gap.label), pack=answer.rule,
            ),
        )
        for gap in answer.gaps
    ]  # fmt: skip
    raise InvalidRecord.with_problems(
        problems
        or [
            Problem(
                "",
                InputError.of(
                    "{rule} is not met", expected="a record that meets it", do="look at its trace",
                    rule=Spoken.of(answer.label),
                ),
            )
        ]
    )  # fmt: skip
