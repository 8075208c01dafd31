"""A call in Chromium from its announcement to the published issue, and to the one after it, when somebody is removed.

Small in `make test`; `make journey` walks the same way with 200 submissions, 40 reviewers and 12 conflicts, and prints
what each step and page took.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.review.office import MARKS, Office
from tests.site.conftest import NEEDS_CHROMIUM
from tests.site.moving import Journey, follow, journey, press, step

from foretrack.lists.actions.series import declare_series
from foretrack.registry.actions.records import create
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.review.actions.objecting import answer, object_to
from foretrack.review.actions.replaying import replay
from foretrack.review.actions.reviewing import own_tasks
from foretrack.review.models import Task

pytestmark = [NEEDS_CHROMIUM, pytest.mark.slow]

TOLD = os.environ.get("FORETRACK_JOURNEY", "")
"""`full` for all of it, anything else to be told what the small one takes."""
FULL = TOLD == "full"
SUBMISSIONS, REVIEWERS, CONFLICTS, SELECTED = (200, 40, 12, 100) if FULL else (10, 6, 3, 4)
TARGET = "targets/cn-future-industries-2024/scenarios-2025/"
OURS, OURS_ZH = "Qilin Zephyr Works", "麒麟西风制造"


@dataclass
class Desk(Office):
    """An office whose registry is that of the site: its days, its calendar."""

    way: Journey | None = None

    @property
    def registry(self) -> Registry:
        assert self.way is not None
        return self.way.registry

    def move_to(self, day: str) -> None:
        assert self.way is not None
        self.way.move_to(day)


@pytest.fixture
def way(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(settings, tmp_path, monkeypatch, "2025-03-02") as found:
        yield found


class Steps:
    """Says what each step took, when the journey is walked in full."""

    def __init__(self) -> None:
        self.began = time.process_time()

    def __call__(self, name: str) -> None:
        now = time.process_time()
        if TOLD:
            sys.stdout.write(f"{name:32} {now - self.began:7.1f} CPU s\n")
        self.began = now


def test_a_call_from_its_announcement_to_the_issue_after_a_removal(way: Journey, tmp_path: Path) -> None:
    took = Steps()
    with way.quiet():
        office = Desk(tmp_path, way=way)
        declare_series(
            office.registry, office.ministry, "typical-scenarios", kind="scenario",
            title={"en": "Typical scenarios", "zh": "典型应用场景"},
            publisher={"en": "Ministry of Invented Affairs", "zh": "虚构事务部"},
        )  # fmt: skip
        office.keys[OURS] = create(
            office.registry, office.ministry, "organisation",
            {"name": {"en": OURS, "zh": OURS_ZH}, "sort_of": "company", "region": "CN-33"},
        ).key  # fmt: skip
        ours = office.firm(OURS)
        subject = create(
            office.registry, ours, "scenario",
            {
                "title": {"en": f"Arm of {OURS}", "zh": f"{OURS_ZH}机械臂"}, "region": "CN-33",
                "tracks": ["cn-future-industries-2024/large-models"], "need": {"en": "Too slow", "zh": "太慢"},
                "solution": {"en": f"{OURS} built it", "zh": f"由{OURS_ZH}建成"}, "effect": {"zh": "提速一倍"},
            },
        ).key  # fmt: skip
    took("office")

    # An officer writes the call and publishes it; everybody can read it.
    officer = way.come("officer", "officer", regions=["*"])
    way.at_page(officer, "records/call/new/")
    for name, text in {
        "title-en": "Typical scenarios 2025", "title-zh": "2025年典型应用场景征集", "organisation": office.issuer,
        "about-en": "Scenarios that work", "about-zh": "征集已落地见效的场景", "of_kind": "scenario",
        "opens_on": "2025-03-02", "closes_on": "2025-03-31", "selected_most": str(SELECTED),
        "series": "typical-scenarios",
        "stages-0-name": "Desk", "stages-0-reviewers": "3", "stages-0-most": "25", "stages-0-until": "2025-04-20",
        "stages-0-rubric": "review-rubrics/typical",
    }.items():  # fmt: skip
        officer.fill(f"main [name='{name}']", text)
    officer.select_option("[name='stages-0-mode']", "blind")
    officer.select_option("[name='recommended']", "yes")
    officer.click("main form[data-form] button.main")
    officer.wait_for_url(re.compile(r"/record/[0-9A-Z]{26}/$"))
    call = officer.url.split("/")[-2]
    step(officer, "Publish", "It is the year for it")
    visitor = way.come()
    assert "征集中" in way.at_page(visitor, f"calls/{call}/", "zh-hans")
    took("call published")

    # A firm looks what is missing, completes it, keeps a draft, submits; in Chinese.
    firm = way.come("firm", "manager", organisation=office.keys[OURS])
    told = way.at_page(firm, f"calls/{call}/hand-in/?subject={subject}", "zh-hans")
    assert "投用日期" in told
    follow(firm, "补全记录")
    firm.fill("[name='running_since']", "2024-07-01")
    firm.click("main form[data-form] button.main")
    firm.wait_for_load_state()
    assert "投用日期" not in way.at_page(firm, f"calls/{call}/hand-in/?subject={subject}", "zh-hans")
    firm.check("[name=promise]")
    press(firm, "存为草稿")
    mine = firm.url.split("/")[-2]
    assert Record.objects.get(key=mine).status == "draft"
    step(firm, "提交")
    assert Record.objects.get(key=mine).status == "submitted"
    took("one handed in")
    with way.quiet():
        firms = [office.firm(f"Firm {n:03}") for n in range(1, SUBMISSIONS)]
        others = [
            office.submission(one, call, f"Scenario {n:03}").key for n, one in enumerate(firms, start=1)
        ]
    took("the others handed in")

    # The province recommends.
    province = way.come("province", "officer", regions=["CN-33"])
    assert f"{OURS}" in way.at_page(province, f"calls/{call}/recommend/")
    province.check(f"[name=tick][value='{mine}']")
    province.fill(f"[name='rank-{mine}']", "1")
    press(province, "Recommend those ticked")
    assert Record.objects.get(key=mine).status == "recommended"
    with way.quiet():
        for key in others:
            office.go(office.province, key, "recommend", recommended_by="CN-33")
    took("recommended")

    # The window is over: everything is admitted together, reviewers are drawn with a seed that anybody can check.
    way.move_to("2025-04-01")
    way.at_page(officer, f"calls/{call}/board/")
    follow(officer, "The window is over: the review can begin.")
    press(officer, "Begin the review")
    while True:
        way.at_page(officer, f"calls/{call}/submissions/?status=recommended")
        boxes = officer.locator("main [name=pick]")
        if not boxes.count():
            break
        officer.eval_on_selector_all("main [name=pick]", "all => all.forEach(one => one.checked = true)")
        press(officer, "Do it")
    assert Record.objects.filter(kind="submission", status="reviewing").count() == SUBMISSIONS
    took("admitted")
    with way.quiet():
        for n in range(REVIEWERS):
            office.reviewer(f"rev{n:02}", employer=f"Firm {n + 1:03}" if n < CONFLICTS else "")
    way.at_page(officer, f"calls/{call}/stages/1/draw/")
    officer.fill("[name=size]", str(REVIEWERS))
    officer.fill("[name=seed]", "Invented lottery of 1 April: 04 11 23")
    press(officer, "Draw")
    assert "04 11 23" in way.at_page(visitor, re.sub(r"^.*/en/", "", officer.url), "zh-hans")
    told = way.at_page(officer, f"calls/{call}/stages/1/conflicts/")
    assert f"Pairs kept apart: {CONFLICTS}" in told
    assert "works for Firm 001" in told
    way.at_page(officer, f"calls/{call}/stages/1/assign/")
    press(officer, "Assign")
    assert Task.objects.count() == 3 * SUBMISSIONS
    took("drawn and assigned")

    # A reviewer marks blindly, and gives another one back for a conflict; somebody else gets it.
    task = Task.objects.filter(submission=mine).order_by("pk")[0]
    which = next(n for n, one in enumerate(office.reviewers) if one.key == task.reviewer)
    reviewer = way.come(f"rev{which:02}")
    way.at_page(reviewer, "reviews/")
    told = way.at_page(reviewer, f"reviews/{task.pk}/", "zh-hans")
    assert [word for word in ("Qilin", "Zephyr", "麒麟", "西风") if word in reviewer.content()] == []
    assert "提速一倍" in told
    for name in MARKS:
        reviewer.locator(f"[name='score-{name}'][value='3']").check(force=True)
    reviewer.fill("[name='comment-applicant']", "成效数据不足，建议补充第三方测试。")
    press(reviewer, "提交评分表")
    other = Task.objects.filter(reviewer=task.reviewer, ended_at=None).exclude(pk=task.pk)[0]
    way.at_page(reviewer, f"reviews/{other.pk}/back/?why=conflict")
    reviewer.fill("[name=reason]", "We wrote a paper together")
    press(reviewer, "Give it back")
    way.at_page(officer, f"calls/{call}/stages/1/assign/")
    press(officer, "Assign")
    assert Task.objects.filter(submission=other.submission, ended_at=None).count() == 3
    took("one sheet, one conflict")
    with way.quiet():
        place = {key: n for n, key in enumerate([*others, mine])}
        for one in office.reviewers:
            for line in own_tasks(office.registry, one):
                if line.total is None and line.state == "open":
                    n = place[Task.objects.get(pk=line.task).submission] * 6 // SUBMISSIONS
                    office.mark(one, line.task, novelty=9 - n, effect=9 - n)
    took("the other sheets")

    # Standings, the proposal, the decision with reasons and dissent.
    told = way.at_page(officer, f"calls/{call}/stages/1/standings/")
    assert f"{3 * SUBMISSIONS} of {3 * SUBMISSIONS} sheets" in told
    took("standings")
    follow(officer, "Decide")
    if SUBMISSIONS > 100:
        officer.check("[name=every]")
    officer.fill("[name=reasons]", "By the corrected scores")
    officer.fill("[name=dissent]", "One would have taken the arm")
    press(officer, "Look at it once more")
    press(officer, "Decide")
    announced = list(Record.objects.filter(kind="submission", status="notice").order_by("pk"))
    assert len(announced) == SELECTED
    took("decided")

    # Three objections: a visitor's in each language, and one by an action; one is upheld.
    for n, (language, button) in enumerate((("en", "Hand it in"), ("zh-hans", "提交异议"))):
        way.at_page(visitor, f"submissions/{announced[n].key}/object/", language)
        visitor.select_option("[name=grounds]", index=n)
        visitor.fill("[name=text]", f"Invented facts {n}")
        visitor.fill("[name=contact]", "somebody@example.org")
        press(visitor, button)
    with way.quiet():
        third = object_to(
            office.registry,
            firms[-1],
            announced[2].key,
            grounds="false statement",
            text="It was never built.",
        )
    second = way.come("second", "officer", regions=["*"])
    for outcome in ("yes", "no"):
        way.at_page(second, f"calls/{call}/objections/")
        line = second.locator("main li", has_text=f"Invented facts {('yes', 'no').index(outcome)}")
        line.get_by_role("link", name="Answer").click()
        second.wait_for_load_state()
        second.select_option("[name=upheld]", outcome)
        second.fill("[name=text]", "We went there and looked")
        press(second, "Send the answer")
    with way.quiet():
        answer(office.registry, office.second, third.objection, upheld=False, text="It stands there.")
    assert Record.objects.get(key=announced[0].key).status == "declined"
    took("objections")

    # The notice is over: confirmed by another officer, published, counted.
    assert "0 / at least 100" in way.at_page(visitor, TARGET)
    way.move_to("2025-04-30")
    way.at_page(second, f"calls/{call}/confirm/")
    second.fill("[name=reason]", "The notice is over")
    press(second, "Confirm")
    assert Record.objects.filter(kind="submission", status="selected").count() == SELECTED - 1
    took("confirmed")
    way.at_page(second, "lists/typical-scenarios/next/")
    second.fill("[name=reason]", "Result of the call")
    press(second, "Publish and freeze")
    assert f"{SELECTED - 1} / at least 100" in way.at_page(visitor, TARGET)
    assert "Scenario 002" in way.at_page(visitor, "lists/typical-scenarios/1/", "zh-hans")
    took("published")

    # Somebody is removed: the next issue names it, and the target sinks with its trail.
    way.move_to("2025-06-01")
    way.at_page(second, f"record/{announced[1].key}/")
    step(second, "Remove", "A statement was found false")
    way.at_page(second, "lists/typical-scenarios/next/")
    second.fill("[name=reason]", "One entry was removed")
    press(second, "Publish and freeze")
    told = " ".join(way.at_page(visitor, TARGET).split())
    assert f"{SELECTED - 2} / at least 100" in told
    assert "How the count came about" in told
    took("removed")

    # The firm reads in Chinese why it was not selected; the auditor sees that all of it can be made again.
    told = way.at_page(firm, f"submissions/{mine}/", "zh-hans")
    assert "未入选" in told
    assert "成效数据不足" in told
    assert "By the corrected scores" in told
    assert "One would have taken the arm" not in firm.content()
    with way.quiet():
        assert [one for one in replay(office.registry, office.auditor, call) if not one.same] == []
    took("feedback and replay")
    if TOLD:
        for path, seconds in sorted(way.seconds.items(), key=lambda one: -max(one[1]))[:25]:
            sys.stdout.write(f"{max(seconds):7.2f} CPU s {path}\n")
