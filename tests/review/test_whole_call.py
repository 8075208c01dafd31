"""A call from its announcement to the published issue, small: every step by its action."""

from __future__ import annotations

from typing import Any

import pytest
from tests.review.office import Office

from foretrack.foundation.errors import EvidenceError, ForetrackError, InputError, NotThereError
from foretrack.lists.actions.reading import open_issue
from foretrack.lists.actions.series import declare_series
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.records import create, edit, show
from foretrack.registry.declaring.bodies import InvalidRecord
from foretrack.registry.models import Record
from foretrack.review.actions.assigning import assign_stage, conflicts_in
from foretrack.review.actions.deciding import confirm_all, propose, publish_selected
from foretrack.review.actions.drawing import draw_reviewers
from foretrack.review.actions.looking import call_page, submission_page
from foretrack.review.actions.objecting import answer, object_to
from foretrack.review.actions.replaying import replay
from foretrack.review.actions.reviewing import open_sheet, own_tasks, step_back
from foretrack.review.actions.standings import standings
from foretrack.review.actions.workload import workload
from foretrack.review.models import Entry, Task


@pytest.fixture
def series(office: Office) -> str:
    declare_series(
        office.registry, office.ministry, "typical-scenarios", kind="scenario", title={"en": "Typical scenarios"},
        publisher={"en": "Ministry of Invented Affairs"},
    )  # fmt: skip
    return "typical-scenarios"


def test_from_call_to_issue(office: Office, series: str) -> None:
    call = office.call(series=series, recommended=True, quota=2, selected_most=1)
    a, b, c = (office.firm(name) for name in ("Acme Robots", "Beta Works", "Gamma Lab"))
    one, two, three = (
        office.submission(a, call, "Alpha"), office.submission(b, call, "Beta"), office.submission(c, call, "Gamma"),
    )  # fmt: skip
    assert Record.objects.get(key=one.values["subject"]).status == "submitted"
    office.go(office.province, one.key, "recommend", recommended_by="CN-33")
    office.go(office.province, two.key, "recommend", recommended_by="CN-33")
    with pytest.raises(InputError, match="CN-33 has recommended 2"):
        office.go(office.province, three.key, "recommend", recommended_by="CN-33")
    office.go(office.province, three.key, "exclude", "no place left")
    office.move_to("2026-04-01")
    office.go(office.ministry, call, "close")
    for key in (one.key, two.key):
        office.go(office.ministry, key, "admit")
    for name, employer in (("ann", "Acme Robots"), ("bob", ""), ("cem", ""), ("dao", "")):
        office.reviewer(name, employer=employer)
    drawn = draw_reviewers(office.registry, office.ministry, call, 1, size=4, seed="lottery of 1 April: 4711")
    assert drawn.drawn == 4
    assert [(c.reason, c.submission) for c in conflicts_in(office.registry, office.ministry, call, 1)] == [
        ("employer", one.key)
    ]
    (found,) = conflicts_in(office.registry, office.ministry, call, 1)
    assert str(found.evidence) == "works for Acme Robots"
    run = assign_stage(office.registry, office.ministry, call, 1, seed="4711")
    assert (run.given, run.missing, run.conflicts) == (4, {}, 1)
    assert not Task.objects.filter(submission=one.key, reviewer=office.reviewers[0].key).exists()

    tasks = {r.key: own_tasks(office.registry, r) for r in office.reviewers}
    first = next(t for lines in tasks.values() for t in lines if t.code == "0001")
    whose = next(r for r in office.reviewers if any(t.task == first.task for t in tasks[r.key]))
    page = open_sheet(office.registry, whose, first.task)
    assert "organisation" not in page.values
    assert "region" not in page.values
    assert page.left_out >= 2
    assert "Acme" not in str(page.values)
    step_back(office.registry, whose, first.task, conflict=True, reason="we wrote a paper together")
    assert assign_stage(office.registry, office.ministry, call, 1).given == 1
    for r in office.reviewers:
        for t in own_tasks(office.registry, r):
            office.mark(r, t.task, novelty=9 if t.code == "0001" else 4)
    table = standings(office.registry, office.ministry, call, 1)
    assert [(line.code, line.rank, line.sheets) for line in table.lines] == [("0001", 1, 2), ("0002", 2, 2)]
    assert all(line.corrected is not None for line in table.lines)
    assert table.alpha is not None
    assert {effect.sheets for effect in table.reviewers} <= {1, 2}
    proposed = propose(office.registry, office.ministry, call, 1)
    assert proposed == {one.key: "select", two.key: "decline"}
    with pytest.raises(InputError, match="no outcome"):
        office.decided(call, {one.key: "forward"})
    assert office.decided(call, proposed) == 2
    assert show(office.registry, office.ministry, one.key).status == "notice"
    assert Record.objects.get(key=one.values["subject"]).status == "notice"

    told = submission_page(office.registry, b, two.key)
    assert told.feedback[0].comments
    assert told.feedback[0].mean == 55.5
    assert told.decisions[0].dissent == ""
    assert told.feedback[0].rank == 2
    assert told.feedback[0].least_selected == 68.0
    said = object_to(office.registry, b, one.key, grounds="false statement", text="It was never built.")
    office.move_to("2026-04-20")
    done, left = confirm_all(office.registry, office.ministry, call, reason="notice over")
    assert done == 0
    assert "objections" in left[one.key]
    answer(office.registry, office.second, said.objection, upheld=False, text="We were there and saw it.")
    assert confirm_all(office.registry, office.ministry, call, reason="notice over") == (1, {})
    publish_selected(office.registry, office.ministry, call, reason="result of the call")
    issue, _, _ = open_issue(series)
    assert [entry.title.en for entry in issue.listed] == ["Alpha"]
    office.go(office.ministry, call, "finish")
    assert not Entry.objects.filter(call=call, held=True).exists()

    office.go(office.ministry, one.key, "remove", "false statement found later")
    assert Record.objects.get(key=one.values["subject"]).status == "removed"
    checks = replay(office.registry, office.auditor, call)
    assert [c for c in checks if not c.same] == []
    assert {c.what for c in checks} == {"draw", "run", "sheet", "decision"}
    lines = workload(office.registry, office.ministry)
    assert sum(line.done for line in lines) == 4
    assert sum(line.declined for line in lines) == 1
    seen = call_page(office.registry, office.ministry, call)
    assert seen.counts == {"removed": 1, "declined": 2}


def test_what_is_not_allowed(office: Office) -> None:
    call = office.call(partners_most=1, per_applicant=1, years_most=2)
    a, b = office.firm("Acme Robots"), office.firm("Beta Works")
    partner, other = office.organisation("Gamma Lab"), office.organisation("Delta Lab")
    cases: dict[str, dict[str, Any]] = {
        "2 partners": {"partners": [partner, other], "years": 1},
        "3 years": {"years": 3},
        "partner too": {"partners": [office.organisation("Acme Robots")], "years": 1},
    }
    for said, given in cases.items():
        draft = office.drafted(a, call, f"Alpha {said}", **given)
        with pytest.raises(ForetrackError, match=said):
            office.go(a, draft.key, "submit")
    office.submission(a, call, "Alpha", years=1, partners=[partner])
    others: list[tuple[Actor, dict[str, Any]]] = [(a, {}), (b, {"partners": [partner]})]
    for firm, given in others:
        draft = office.drafted(firm, call, "Another", years=1, **given)
        with pytest.raises(InputError, match="takes part in 1 submissions"):
            office.go(firm, draft.key, "submit")
    draft = office.drafted(b, call, "Beta", years=1)
    office.move_to("2026-04-01")
    with pytest.raises(EvidenceError, match="takes submissions from 2026-03-02 to 2026-03-31"):
        office.go(b, draft.key, "submit")


def test_a_record_in_a_call_is_moved_by_the_call_alone(office: Office) -> None:
    call = office.call()
    firm = office.firm("Acme Robots")
    page = office.submission(firm, call, "Alpha")
    subject = str(page.values["subject"])
    assert show(office.registry, office.ministry, subject).moves == ()
    with pytest.raises(InputError, match="handed in to the call"):
        office.go(office.ministry, subject, "announce")
    office.go(firm, page.key, "withdraw")
    assert Record.objects.get(key=subject).status == "withdrawn"


def test_a_draft_that_names_no_call_is_refused_with_words(office: Office) -> None:
    firm = office.firm("Acme Robots")
    page = create(office.registry, firm, "submission", {"title": {"en": "Not yet"}, "region": "CN-33"})
    with pytest.raises(NotThereError, match="names no call yet"):
        submission_page(office.registry, firm, page.key)
    for step in ("submit", "withdraw"):
        with pytest.raises(InvalidRecord, match="Call is missing"):
            office.go(firm, page.key, step)


def test_a_correction_stays_with_its_call_and_record(office: Office) -> None:
    call, other = office.call(), office.call(title={"en": "Another"})
    firm = office.firm("Acme Robots")
    page = office.submission(firm, call, "Alpha")
    office.go(office.ministry, page.key, "return", "figures are missing")
    now = show(office.registry, firm, page.key).revision
    edit(office.registry, firm, page.key, {"call": other}, revision=now)
    with pytest.raises(InputError, match="the submission was to the call"):
        office.go(firm, page.key, "submit")
