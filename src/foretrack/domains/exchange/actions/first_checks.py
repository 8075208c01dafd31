"""What a first set, a report of its use or an application for compensation must meet to move."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from foretrack.domains.exchange.actions.deal_checks import (
    Check,
    Move,
    linked,
    refuse_party,
    refuse_same_hand,
)
from foretrack.domains.exchange.actions.firsts import FIRST, attempt, known_of
from foretrack.domains.exchange.kinds.firsts import (
    FIRST_SET,
    FIRST_SET_USE,
    GUIDANCE_ENTRY,
    INSURANCE_COMPENSATION,
)
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.judging import field_of, rule_on
from foretrack.registry.declaring.bodies import InvalidRecord, Problem
from foretrack.registry.declaring.fields import Spoken
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.rules.answers import Assessment
from foretrack.rules.assessing import assess

INSURANCE = "first-set-insurance"
OPEN = ("submitted", "third-party", "reviewed", "notice", "granted")
"""States of an application that hold their policy: no second one is applied for with it."""


def results_of(registry: Registry, subject: Record, on: date) -> Mapping[str, object]:
    """Indicator to what the catalogue says of a first set, for calls whose rule asks for it."""
    return known_of(subject.body, on) if subject.kind == FIRST_SET.name else {}


def refuse_not_met(kind: Kind, answer: Assessment) -> None:
    """InvalidRecord that names what stands between a record and a rule, where the rule decides against it.

    What the rule cannot decide, since something is not said, is left to whoever reviews it.
    """
    if answer.outcome != "not met":
        return
    raise InvalidRecord.with_problems(
        [
            Problem(
                field_of(gap.name) if field_of(gap.name) in kind.by_name else "",
                InputError.of(
                    "{rule} is not met: {label}", expected=gap.needs or "-",
                    do="mend it, or do not hand the record in; the rule and its source stand in the pack {pack}",
                    rule=Spoken.of(answer.label), label=Spoken.of(gap.label), pack=answer.rule,
                ),
            )
            for gap in answer.gaps
            if gap.standing == "not met"
        ]
    )  # fmt: skip


def _may_be_first(move: Move) -> None:
    if move.body.get("organisation") in (move.body.get("users") or ()):
        raise InputError.of(
            "the maker is named as a user too",
            expected="users beside the maker",
            do="take it out of the users",
        )
    answer, _ = attempt(
        FIRST.format(sort=move.body["sort_of"]), move.body, move.registry.now().date()
    )  # of a template that decides nothing there is no answer
    if answer is not None:
        refuse_not_met(FIRST_SET, answer)


def _once_in_force(move: Move) -> None:
    """Two entries of one catalogue may not bear one code."""
    same = Record.objects.filter(
        kind=GUIDANCE_ENTRY.name, status="in-force", merged_into=None, body__code=move.body["code"],
        body__catalogue=move.body["catalogue"],
    ).exclude(pk=move.record.pk)  # fmt: skip
    if same.exists():
        raise InputError.of(
            "the code {code} is in force in {catalogue} already", code=move.body["code"],
            catalogue=move.body["catalogue"], expected="a code of its own", do="end the other entry first",
        )  # fmt: skip


def _may_report(move: Move) -> None:
    first = linked(move.body["first_set"])
    if move.body.get("organisation") not in (first.body.get("users") or ()):
        raise AccessError.of(
            "only users whom the maker has named report on {title}", title=first.title_en,
            expected="an organisation among the users of the product", do="ask the maker to name it",
        )  # fmt: skip
    ends = move.body["period"].get("to")
    if ends is None or ends > move.today:
        raise InputError.of(
            "the period ends on {day}", day=ends or "-", expected="a period that is over", do="report it afterwards",
        )  # fmt: skip


def _may_apply(move: Move) -> None:
    first = linked(move.body["first_set"])
    if first.organisation != move.body.get("organisation"):
        raise InputError.of(
            "{title} is made by another organisation", title=first.title_en, expected="a product of its own",
            do="choose one of the own organisation",
        )  # fmt: skip
    same = Record.objects.filter(
        kind=INSURANCE_COMPENSATION.name, status__in=OPEN, merged_into=None,
        body__policy_number=move.body["policy_number"],
    ).exclude(pk=move.record.pk)  # fmt: skip
    if same.exists():
        raise InputError.of(
            "an application rests on this policy already", expected="one application for a policy",
            do="give the number of another policy",
        )  # fmt: skip
    on = move.registry.now().date()
    insured = move.body["insured"]
    values: dict[str, object] = {
        "recognised-first": first.status == "recognised",
        "insured": insured["from"] <= move.today <= (insured.get("to") or move.today),
    }
    values |= {name: value for name, value in known_of(first.body, on).items() if name == "listed"}
    try:
        rule = rule_on(INSURANCE, on)
    except EvidenceError:  # none is in force, or it is an empty template: nothing is decided by it
        return
    refuse_not_met(INSURANCE_COMPENSATION, assess(rule, values, on=on.isoformat()))


def _passed_by_neither(move: Move) -> None:
    refuse_party(move, move.body.get("organisation"))


def _third_party(move: Move) -> None:
    first = linked(move.body["first_set"])
    refuse_party(move, move.body.get("organisation"), *(first.body.get("users") or ()))


def _announced_by_another(move: Move) -> None:
    for step in ("pass-check", "give-opinion"):
        refuse_same_hand(move, step)


def _decided_by_another(move: Move) -> None:
    refuse_same_hand(move, "announce")
    _announced_by_another(move)


def _restored_by_another(move: Move) -> None:
    refuse_same_hand(move, "lapse")


CHECKS: Mapping[tuple[str, str], Check] = {
    (FIRST_SET.name, "submit"): _may_be_first, (FIRST_SET.name, "restore"): _restored_by_another,
    (FIRST_SET.name, "uphold"): _restored_by_another, (GUIDANCE_ENTRY.name, "put-in-force"): _once_in_force,
    (FIRST_SET_USE.name, "report"): _may_report, (INSURANCE_COMPENSATION.name, "submit"): _may_apply,
    (INSURANCE_COMPENSATION.name, "pass-check"): _passed_by_neither,
    (INSURANCE_COMPENSATION.name, "give-opinion"): _third_party,
    (INSURANCE_COMPENSATION.name, "announce"): _announced_by_another,
    (INSURANCE_COMPENSATION.name, "grant"): _decided_by_another,
}  # fmt: skip
