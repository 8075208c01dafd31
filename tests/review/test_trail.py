"""A target moves with the issues of a call, and every count leads back to the decision: the way there and back."""

from __future__ import annotations

from datetime import date

import pytest
from tests.review.office import Office

from foretrack.lists.actions.series import declare_series
from foretrack.registry.access.actor import VISITOR
from foretrack.registry.models import AuditEntry, Revision
from foretrack.review.actions.checking import check_calls
from foretrack.review.actions.deciding import confirm_all, publish_selected
from foretrack.review.actions.trail import came_from, listed_in
from foretrack.review.models import Decision
from foretrack.targets.actions.counting import behind, show_target

TARGET = "cn-future-industries-2024/scenarios-2025"


@pytest.fixture
def published(office: Office) -> tuple[str, list[str], list[str]]:
    """A call of two selected and one declined, with its first issue: the call, submissions and records."""
    declare_series(
        office.registry, office.ministry, "typical-scenarios", kind="scenario", title={"en": "Typical scenarios"},
        publisher={"en": "Ministry of Invented Affairs"},
    )  # fmt: skip
    call = office.call(series="typical-scenarios")
    pages = [office.submission(office.firm(name), call, name) for name in ("Acme", "Beta", "Gamma")]
    office.move_to("2026-04-01")
    office.go(office.ministry, call, "close")
    for page in pages:
        office.go(office.ministry, page.key, "admit")
    office.decided(call, {page.key: "select" if n < 2 else "decline" for n, page in enumerate(pages)})
    office.move_to("2026-04-20")
    assert confirm_all(office.registry, office.ministry, call, reason="notice over") == (2, {})
    publish_selected(office.registry, office.ministry, call, reason="first")
    return call, [page.key for page in pages], [str(page.values["subject"]) for page in pages]


def test_an_issue_raises_the_count_a_removal_lowers_it_and_both_open_down_to_the_decision(
    office: Office, published: tuple[str, list[str], list[str]]
) -> None:
    call, submissions, subjects = published
    assert show_target(office.registry, TARGET, as_of=date(2026, 4, 19)).counted == 0
    assert show_target(office.registry, TARGET).counted == 2
    entries = behind(office.registry, TARGET)
    origins = came_from(office.registry, VISITOR, [entry.record for entry in entries])
    for entry in entries:
        (origin,) = origins[entry.record]
        at = subjects.index(entry.record)
        assert (origin.call, origin.submission, origin.status) == (call, submissions[at], "selected")
        handed_in = Revision.objects.get(record__key=entry.record, number=origin.subject_revision)
        assert origin.subject_digest == handed_in.digest
        assert entry.revision >= origin.subject_revision
        (step,) = origin.decisions
        kept = Decision.objects.get(submission=origin.submission)
        assert (step.outcome, step.digest, step.log_entry) == ("select", kept.digest, kept.log_entry)
        assert AuditEntry.objects.get(number=step.log_entry).details["digest"] == step.digest

    office.move_to("2026-06-01")
    office.go(office.ministry, submissions[0], "remove", "false statement found later")
    assert show_target(office.registry, TARGET).counted == 2, (
        "an issue is frozen: only the next one lowers the count"
    )
    publish_selected(office.registry, office.ministry, call, reason="after the removal")
    page = show_target(office.registry, TARGET)
    assert page.counted == 1
    assert [(s.issue, s.entered, s.left, s.counted) for s in page.steps] == [(1, 2, 0, 2), (2, 0, 1, 1)]
    assert [entry.record for entry in behind(office.registry, TARGET)] == [subjects[1]]
    assert [(one.issue, one.listed) for one in listed_in(subjects[0])] == [(1, True), (2, False)]
    (origin,) = came_from(office.registry, VISITOR, [subjects[0]])[subjects[0]]
    assert origin.status == "removed"


def test_a_declined_submission_stays_between_the_applicant_and_the_office(
    office: Office, published: tuple[str, list[str], list[str]]
) -> None:
    _, submissions, subjects = published
    assert came_from(office.registry, VISITOR, [subjects[2]]) == {}
    assert came_from(office.registry, office.firm("Acme"), [subjects[2]]) == {}
    (origin,) = came_from(office.registry, office.firm("Gamma"), [subjects[2]])[subjects[2]]
    assert (origin.submission, origin.decisions[0].outcome) == (submissions[2], "decline")


def test_what_was_changed_behind_the_log_is_found(
    office: Office, published: tuple[str, list[str], list[str]]
) -> None:
    sound = check_calls()
    assert (sound.decisions, sound.findings) == (3, ())
    row = Decision.objects.order_by("pk").first()
    assert row is not None
    Decision.objects.filter(pk=row.pk).update(reasons="Other reasons.")
    (finding,) = check_calls().findings
    assert (
        str(finding) == f"submission {row.submission} decision {row.pk}: what is kept is not what was logged"
    )
    Decision.objects.filter(pk=row.pk).update(reasons=row.reasons, digest="0" * 64)
    (finding,) = check_calls().findings
    assert "the log does not have its digest" in str(finding)
