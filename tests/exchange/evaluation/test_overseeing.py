"""Recognised bodies are watched: yearly reports, complaints that name nobody, suspension, removal, objection."""

from __future__ import annotations

from typing import Any

import pytest
from tests.exchange.evaluation.cases import SECRET, Cases

from foretrack.domains.exchange.actions.overseeing import Watched, reports_of, watch_exchange
from foretrack.foundation.errors import ForetrackError, InputError, NotThereError
from foretrack.registry.access.actor import VISITOR
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.history import history
from foretrack.registry.actions.records import create, show

REPORT: dict[str, Any] = {
    "cases": 5, "confirmed": 4, "complaints": 1, "results": {"en": "Five cases."}, "changes": {"en": "None."},
}  # fmt: skip


def test_a_report_becomes_due_once_a_year_and_two_missing_ones_reach_the_officers(cases: Cases) -> None:
    young = cases.recognised_body("Young Assessors", since="2026-02-02")
    assert watch_exchange(cases.registry) == Watched(0, 1, 1, 0), (
        "due on 6 January and made late: overdue at once"
    )
    assert watch_exchange(cases.registry) == Watched(0, 0, 0, 0)
    (first,) = reports_of(cases.body)
    assert (first.status, first.body["year"], first.organisation) == (
        "overdue",
        2025,
        cases.organisation("Invented Assessors"),
    )
    assert reports_of(young) == [], "it was not on the register in 2025"
    cases.move_to("2027-01-04")
    assert watch_exchange(cases.registry) == Watched(0, 2, 0, 0)
    cases.move_to("2027-01-20")
    assert watch_exchange(cases.registry) == Watched(0, 0, 2, 1)
    body = cases.get(cases.body)
    assert (body.status, body.due_on) == ("rechecking", cases.registry.ends_on("review", cases.at.date()))
    cases.pass_days(1)
    cases.go(cases.ministry, cases.body, "keep", "the reports are promised")
    assert watch_exchange(cases.registry).rechecked == 0, "kept by an officer who knew of both"


def test_a_report_is_written_late_and_accepted_by_somebody_else(cases: Cases) -> None:
    watch_exchange(cases.registry)
    (report,) = reports_of(cases.body)
    with pytest.raises(ForetrackError, match="is missing"):
        cases.go(cases.lab, report.key, "submit")
    with pytest.raises(InputError, match="6 of 5 cases"):
        cases.go(cases.lab, report.key, "submit", **{**REPORT, "confirmed": 6})
    cases.go(cases.lab, report.key, "submit", **REPORT, confidential={"en": SECRET})
    with pytest.raises(NotThereError):
        show(cases.registry, VISITOR, report.key)
    with pytest.raises(AccessError):
        cases.go(cases.lab, report.key, "accept")
    cases.go(cases.ministry, report.key, "accept")
    assert show(cases.registry, VISITOR, report.key).values["cases"] == 5
    assert SECRET not in str(show(cases.registry, VISITOR, report.key))


def test_a_complaint_is_heard_and_answered_without_naming_anybody(cases: Cases) -> None:
    beta = cases.firm("Beta Works")
    key = create(
        cases.registry, beta, "complaint",
        {"title": "A wrong level", "body": cases.body, "grounds": "false-result", "events": f"It never ran. {SECRET}",
         "contact": SECRET},
    ).key  # fmt: skip
    cases.go(beta, key, "file")
    record = cases.get(key)
    assert (record.region, record.organisation) == ("CN-33", None)
    assert record.due_on == cases.registry.ends_on("complaint-admission", cases.at.date())
    for stranger in (cases.lab, cases.maker, VISITOR):
        with pytest.raises(NotThereError):
            show(cases.registry, stranger, key)
    cases.go(cases.province, key, "take-up")
    hearing = create(
        cases.registry, cases.province, "complaint-hearing",
        {"title": "A level", "body": cases.body, "grounds": "false-result", "question": "Which run proved level 6?"},
    ).key  # fmt: skip
    with pytest.raises(NotThereError):
        show(cases.registry, cases.lab, hearing)
    cases.go(cases.province, hearing, "send")
    cases.go(cases.province, key, "hear", hearing=hearing)
    seen = show(cases.registry, cases.lab, hearing)
    told = f"{seen} {history(cases.registry, cases.lab, hearing)}"
    assert seen.values["question"] == "Which run proved level 6?"
    assert not [one for one in (SECRET, beta.key, key, cases.organisation("Beta Works")) if one in told]
    with pytest.raises(NotThereError):
        cases.go(cases.maker, hearing, "reply", reply="not mine")
    cases.go(cases.lab, hearing, "reply", reply="That of 3 March.")
    with pytest.raises(ForetrackError, match="is missing"):
        cases.go(cases.province, key, "answer")
    with pytest.raises(AccessError):
        cases.go(beta, key, "answer", findings="x", outcome="upheld", answer="y")
    cases.go(
        cases.province,
        key,
        "answer",
        findings="The run is not on record.",
        outcome="upheld",
        answer="You were right.",
    )
    assert show(cases.registry, beta, key).values["answer"] == "You were right."
    with pytest.raises(NotThereError):
        show(cases.registry, cases.lab, key)


def test_a_body_is_suspended_and_removed_with_a_reason_and_heard(cases: Cases) -> None:
    with pytest.raises(ForetrackError, match="without a reason"):
        cases.go(cases.ministry, cases.body, "suspend", "")
    cases.go(cases.ministry, cases.body, "suspend", "two complaints upheld")
    assert show(cases.registry, VISITOR, cases.body).status == "suspended"
    cases.go(cases.lab, cases.body, "object", objection={"en": f"It was one. {SECRET}"})
    assert SECRET not in str(show(cases.registry, VISITOR, cases.body))
    cases.go(cases.ministry, cases.body, "suspend-again", "it was two")
    with pytest.raises(InputError, match="decided already"):
        cases.go(cases.lab, cases.body, "object")
    cases.go(cases.ministry, cases.body, "reinstate", "mended")
    cases.go(cases.ministry, cases.body, "remove", "a false result")
    cases.go(cases.lab, cases.body, "object", objection={"en": "It was true."})
    with pytest.raises(AccessError):
        cases.go(cases.lab, cases.body, "reinstate")
    cases.go(cases.second, cases.body, "reinstate", "it was true")
    assert cases.get(cases.body).status == "recognised"
