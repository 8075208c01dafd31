"""A record against a rule of the packs: its fields answer the rule's indicators of the same name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from foretrack.foundation.errors import InputError
from foretrack.packs.loading import load_packs
from foretrack.packs.rule_shapes import Rule
from foretrack.registry.declaring.bodies import InvalidRecord, Problem
from foretrack.registry.declaring.fields import Json, Spoken
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


def judge(kind: Kind, series: str, body: Mapping[str, Json], on: date) -> Assessment:
    """How a body stands to the rule of a series that is in force on a day.

    EvidenceError when none is in force; InputError when no pack has such a rule.
    """
    rule: Rule = choose_rule(load_packs(PACK_TERMS.paths), series, on.isoformat())
    given = {
        indicator.id: body[name]
        for indicator in rule.indicators
        if (name := field_of(indicator.id)) in kind.by_name and name in body
    }
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
