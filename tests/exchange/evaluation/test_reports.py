"""The report on an evaluation: whole, checkable, equal for every reader, without names or private words, in both
languages."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader
from tests.exchange.evaluation.cases import SECRET, TO_FOUR, TRL, Cases, judged

from foretrack.domains.exchange.actions.reporting import report_on
from foretrack.domains.exchange.reports.pdf import report_pdf
from foretrack.domains.exchange.reports.shape import report_json
from foretrack.foundation.canonical import canonical
from foretrack.foundation.errors import InputError, NotThereError
from foretrack.lists.fonts import packaged_fonts
from foretrack.registry.access.actor import VISITOR
from foretrack.registry.actions.records import edit
from foretrack.review.actions.assigning import assign_stage
from foretrack.review.actions.beginning import begin_call
from foretrack.review.actions.handing_in import hand_in
from foretrack.review.actions.reviewing import open_sheet, own_tasks, send_sheet

ADDRESS = "https://invented.example/en/evaluations/01/"
VALUES = ("scientific", "technical", "economic", "social", "cultural")


def through_a_call(cases: Cases, mode: str = "blind") -> str:
    """An evaluation that two people judged in a call; its key."""
    stages = [
        {
            "name": "Panel",
            "mode": mode,
            "reviewers": 3,
            "rubric": "achievement-evaluation/applied",
            "until": "2026-04-20",
        }
    ]
    call = cases.call(
        of_kind="evaluation", stages=stages,
        based_on="achievement-evaluation/evaluate-applied" if mode == "blind" else None,
    )  # fmt: skip
    key = cases.draft(cases.achievement())
    page = hand_in(cases.registry, cases.maker, call, key, promise=True)
    cases.go(cases.maker, page.key, "submit")
    assert cases.get(key).status == "submitted"
    day = cases.at.date().isoformat()
    cases.move_to("2026-04-01")
    cases.go(cases.ministry, call, "close")
    cases.go(cases.ministry, page.key, "admit")
    for name in ("ottoline", "bertram", "cemal"):
        cases.reviewer(name)
    assign_stage(cases.registry, cases.ministry, call, 1, seed="4711")
    for n, reviewer in enumerate(cases.reviewers):
        (task,) = own_tasks(cases.registry, reviewer)
        sheet = open_sheet(cases.registry, reviewer, task.task)
        send_sheet(
            cases.registry, reviewer, task.task, dict.fromkeys(VALUES, 5 + n), version=sheet.version,
            comments={"applicant": "Well told.", "officers": f"Sound. {SECRET}"},
        )  # fmt: skip
    cases.found(
        key, assessed=judged(*TO_FOUR, refused=("4/laboratory-test",)), reached=[{"level": f"{TRL}/3"}],
        dissent={"en": "One would have accepted the test.", "zh": "一位专家认为应采信该试验。"},
        conclusion={"en": "It works on the bench.", "zh": "台架试验有效。"},
    )  # fmt: skip
    with pytest.raises(InputError, match="which decides about it"):
        cases.go(cases.ministry, key, "announce")
    cases.decided(call, {page.key: "select"})
    cases.pass_days(10)
    cases.go(cases.ministry, page.key, "confirm")
    assert cases.get(key).status == "recognised", day
    return key


@pytest.fixture
def blind(cases: Cases) -> str:
    return through_a_call(cases)


def text_of(pdf: bytes) -> str:
    """All words of a PDF in reading order, without white space."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def test_the_report_says_who_found_what_by_which_versions_and_can_be_checked(
    cases: Cases, blind: str
) -> None:
    report = report_on(cases.registry, VISITOR, blind)
    (scale,), (panel,) = report.core.scales, report.core.panels
    assert (scale.claimed, scale.reached, scale.proved, scale.standing, scale.counts_as) == (
        "4",
        "3",
        "3",
        "lower",
        3,
    )
    assert [one.accepted for one in scale.items] == [True] * 6 + [False]
    assert [one.en for one in scale.missing] == ["A test report with the measured performance"]
    assert (panel.sheets, panel.names, panel.blind, panel.outcome, panel.dissented) == (
        3,
        (),
        True,
        "select",
        True,
    )
    assert [(one.value, one.mean, one.spread, one.low, one.high) for one in panel.values] == [
        (name, 6.0, 1.0, 5.0, 7.0) for name in VALUES
    ]
    assert (panel.total, panel.version, panel.confidence) == (60.0, "achievement-evaluation 2026.1", "k")
    assert report.core.by_packs == ("trl-iso16290 1",)
    told = report_json(report)
    assert hashlib.sha256(canonical(told["report"])).hexdigest() == told["digest"]
    assert json.loads(json.dumps(told)) == told

    # Nothing that comes later changes it: not a changed achievement, not the end of its time.
    achievement = cases.get(report.core.achievement.key)
    edit(
        cases.registry,
        cases.maker,
        achievement.key,
        {"summary": {"en": "Other."}},
        revision=achievement.revision,
    )
    cases.go(cases.ministry, blind, "lapse")
    later = report_on(cases.registry, cases.maker, blind)
    assert (later.digest, later.status) == (report.digest, "lapsed")


def test_nobody_is_named_and_nothing_private_is_in_it_in_a_blind_call(cases: Cases, blind: str) -> None:
    for reader in (VISITOR, cases.ministry, cases.maker):
        report = report_on(cases.registry, reader, blind)
        words = " ".join(strings(report_json(report)))
        pdfs = "".join(
            text_of(report_pdf(report, packaged_fonts(), lang, address=ADDRESS)) for lang in ("en", "zh")
        )
        for hidden in (
            SECRET,
            "Ottoline",
            "Bertram",
            "Cemal",
            "Welltold",
            *(one.key for one in cases.reviewers),
        ):
            assert hidden not in words
            assert hidden not in pdfs


def test_the_pdf_is_the_same_each_time_and_says_the_same_in_both_languages(cases: Cases, blind: str) -> None:
    report, fonts = report_on(cases.registry, VISITOR, blind), packaged_fonts()
    english = report_pdf(report, fonts, "en", address=ADDRESS)
    assert english == report_pdf(report, fonts, "en", address=ADDRESS)
    said = text_of(english)
    for words in (
        "Report on the evaluation of an achievement", "A quiet gripper", "Lower than claimed", "not accepted",
        "One would have accepted the test.", "Invented Assessors", "known with medium confidence", "6.0 / 10",
        "What level 4 lacks", report.digest, ADDRESS, report.core.evaluation.digest,
    ):  # fmt: skip
        assert words.replace(" ", "") in said, words
    chinese = text_of(report_pdf(report, fonts, "zh", address=ADDRESS))
    for words in (
        "科技成果评价报告", "虚构静音夹爪", "低于所申报等级", "不予采信", "一位专家认为应采信该试验", "科学价值",
        "置信度中等", "4级尚缺", report.digest,
    ):  # fmt: skip
        assert words in chinese, words
    for words in ("Applicant", "Purpose", "Judgement", "accepted", "Weight", "revision", "Agreement"):
        assert words not in chinese, words


def test_an_open_call_names_its_reviewers(cases: Cases) -> None:
    report = report_on(cases.registry, VISITOR, through_a_call(cases, "open"))
    assert report.core.panels[0].names == ("Bertram", "Cemal", "Ottoline")
    assert "Bertram,Cemal,Ottoline" in text_of(report_pdf(report, packaged_fonts(), "en", address=ADDRESS))


def test_there_is_no_report_before_the_notice_and_none_of_panels_without_a_call(cases: Cases) -> None:
    key = cases.handed_in(cases.achievement())
    cases.found(key)
    for reader in (VISITOR, cases.maker, cases.lab):
        with pytest.raises(NotThereError):
            report_on(cases.registry, reader, key)
    cases.go(cases.ministry, key, "announce")
    report = report_on(cases.registry, VISITOR, key)
    assert (report.core.panels, report.core.recognised_on, report.status) == ((), "", "notice")
    assert "Publicnotice" in text_of(report_pdf(report, packaged_fonts(), "en", address=ADDRESS))


def test_a_call_refuses_an_evaluation_of_another_sort(cases: Cases) -> None:
    begun = begin_call(
        cases.registry, cases.ministry, "achievement-evaluation/evaluate-basic",
        {"title": {"en": "Basic"}, "organisation": cases.issuer, "about": {"en": "Basic"}, "opens_on": "2026-03-02",
         "closes_on": "2026-03-31"},
    )  # fmt: skip
    cases.go(cases.ministry, begun.call, "publish")
    page = hand_in(cases.registry, cases.maker, begun.call, cases.draft(cases.achievement()), promise=True)
    with pytest.raises(InputError, match="judges by the score sheet Basic research"):
        cases.go(cases.maker, page.key, "submit")
