"""Whether what is handed in meets the rule of the call: values out of the record, the rule's answer with its whole
trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.packs.rule_shapes import Rule
from foretrack.registry.actions.judging import answer_in, rule_on
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.rules.answers import to_json
from foretrack.rules.assessing import assess
from foretrack.rules.values import checked_value

Results: TypeAlias = Callable[[Registry, Record, date], Mapping[str, object]]
"""Given a record and a day: indicator to the value that other records of its organisation give it."""

RESULTS: set[Results] = set()
"""Where values are known from beside a record and its figures: missions add the ranks in competitions."""

FIGURES = "figures"
"""A link field called so leads to a record whose fields count as the subject's own."""


def eligibility_of(registry: Registry, rule_name: str, subject: Record, on: date) -> dict[str, Any]:
    """The answer of a rule to a record, as it is kept: outcome, score, and the assessment with its trace.

    Indicators take their values from fields of the same name (`rd-ratio` from `rd_ratio`). A rule that cannot be
    applied on that day, or a value that no indicator takes, leaves the outcome undecided and says why.
    """
    try:
        rule = rule_on(rule_name, on)
    except (InputError, EvidenceError) as problem:
        return {"rule": rule_name, "on": on.isoformat(), "outcome": "undecided", "problem": problem.what}
    values, strange = values_of(registry, rule, subject, on)
    answer = assess(rule, values, on=on.isoformat())
    return {
        "rule": rule.full_id, "on": on.isoformat(), "outcome": answer.outcome,
        "score": [answer.score.low, answer.score.high], "maximum": answer.maximum, "strange": strange,
        "answer": to_json(answer),
    }  # fmt: skip


def values_of(
    registry: Registry, rule: Rule, subject: Record, on: date
) -> tuple[dict[str, object], dict[str, str]]:
    """Indicator to value out of a record, its figures and what `RESULTS` know; and indicator to what is wrong where a
    value does not fit. What stands on record here wins over what an applicant says of itself."""
    known: dict[str, object] = {}
    for results in RESULTS:
        known |= results(registry, subject, on)
    bodies = [(registry.kinds.get(subject.kind), subject.body)]
    linked = subject.body.get(FIGURES)
    for key in [linked] if isinstance(linked, str) else list(linked or ()):
        figures = Record.objects.filter(key=key).first()
        if figures is not None:
            bodies.append((registry.kinds.get(figures.kind), figures.body))
    found: dict[str, object] = {}
    strange: dict[str, str] = {}
    for name, indicator in rule.known_indicators().items():
        own = next((v for kind, body in bodies if (v := answer_in(kind, body, name)) is not None), None)
        raw = known.get(name, own)
        if raw is None:
            continue
        try:
            checked_value(indicator, raw)
        except InputError as problem:
            strange[name] = problem.what
        else:
            found[name] = raw
    return found, strange
