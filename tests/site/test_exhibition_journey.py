"""An exhibition in Chromium from the invitation to its figures: the officer in English, an exhibitor in Chinese on a
phone, and somebody who drops out in the middle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.site.conftest import NEEDS_CHROMIUM
from tests.site.moving import Journey, follow, journey, press, step

from foretrack.domains.exchange.actions.exhibitions import badges, meetings_in, schedule_of
from foretrack.domains.exchange.actions.scheduling import make_proposal
from foretrack.domains.exchange.actions.wishing import tell_wishes
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.actions.records import create, move
from foretrack.registry.models import Record

pytestmark = [NEEDS_CHROMIUM, pytest.mark.slow]

OFFICER = Actor("NATIONAL", grants=(Grant("officer", regions=("*",)),))
TRACK = "cn-future-industries-2024/intelligent-manufacturing"


@pytest.fixture
def way(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(settings, tmp_path, monkeypatch, "2026-05-01") as found:
        yield found


def organisation(way: Journey, name: str) -> str:
    return create(
        way.registry, OFFICER, "organisation",
        {"name": {"en": f"Invented {name}", "zh": f"虚构{name}"}, "sort_of": "company", "region": "CN-33"},
    ).key  # fmt: skip


def other(way: Journey, exhibition: str, firm: str, name: str, side: str) -> str:
    """A participant who registers elsewhere and is confirmed."""
    actor = Actor(name.upper(), grants=(Grant("manager", firm),))
    made = create(
        way.registry, actor, "participation",
        {
            "title": {"en": f"Invented {name}", "zh": f"虚构{name}"}, "organisation": firm, "exhibition": exhibition,
            "side": side, "shows": {"en": "Invented things"}, "tracks": [TRACK],
        },
    )  # fmt: skip
    page = move(way.registry, actor, made.key, "register", revision=made.revision)
    return move(way.registry, OFFICER, page.key, "confirm", revision=page.revision).key


def wish(way: Journey, firm: str, key: str, **weights: int) -> None:
    actor = Actor("WISHES", grants=(Grant("manager", firm),))
    revision = Record.objects.get(key=key).revision
    tell_wishes(way.registry, actor, key, weights=weights, away=[], revision=revision)


def test_an_exhibition_from_the_invitation_to_its_figures(way: Journey) -> None:
    with way.quiet():
        host, ours, *guests = (organisation(way, name) for name in ("host", "ours", "dock", "edge", "fork"))

    # The officer announces it and opens the registration.
    officer = way.come("officer", "officer", regions=["*"])
    way.at_page(officer, "exhibitions/")
    follow(officer, "Announce an exhibition")
    for name, text in {
        "title-en": "Invented robot fair", "title-zh": "虚构机器人对接会", "organisation": host, "region": "CN-33",
        "about-en": "Robots meet work", "place": "Invented Street 1", "timezone": "Asia/Shanghai",
        "days-0-day": "2026-05-12", "days-0-begins": "09:00", "days-0-ends": "11:00", "slot_minutes": "30",
        "halls-0-hall": "A", "halls-0-tables": "2", "most_meetings": "3", "registration_from": "2026-04-01",
        "registration_until": "2026-05-10",
    }.items():  # fmt: skip
        officer.fill(f"main [name='{name}']", text)
    officer.select_option("main [name=purpose]", "achievements")
    officer.select_option("main [name=form]", "place")
    tracks = officer.locator("main select[name=tracks]")
    tracks.select_option(TRACK) if tracks.count() else officer.check(f"main [name=tracks][value='{TRACK}']")
    officer.click("main form[data-form] button.main")
    officer.wait_for_url(re.compile(r"/record/[0-9A-Z]{26}/$"))
    fair = officer.url.split("/")[-2]
    step(officer, "Announce")
    step(officer, "Open the registration")

    # The officer invites an exhibitor, who accepts in Chinese, on a phone.
    with way.quiet():
        invited = create(
            way.registry, OFFICER, "participation",
            {"title": {"zh": "虚构静音驱动"}, "organisation": ours, "exhibition": fair, "side": "exhibitor"},
        ).key  # fmt: skip
    way.at_page(officer, f"record/{invited}/")
    step(officer, "Invite")
    exhibitor = way.come("exhibitor", "manager", organisation=ours)
    exhibitor.set_viewport_size({"width": 390, "height": 840})
    assert "虚构机器人对接会" in way.at_page(exhibitor, "exhibitions/", "zh-hans")
    assert "已邀请" in way.at_page(exhibitor, f"exhibitions/{fair}/", "zh-hans")
    way.at_page(exhibitor, f"record/{invited}/edit/", "zh-hans")
    exhibitor.fill("main [name='shows-zh']", "适用于卧室环境的静音驱动器")
    exhibitor.click("main form[data-form] button.main")
    exhibitor.wait_for_load_state()
    step(exhibitor, "提交报名")
    way.at_page(officer, f"exhibitions/{fair}/board/")
    follow(officer, "虚构静音驱动")
    step(officer, "Confirm")
    with way.quiet():
        dock, edge, fork = (
            other(way, fair, firm, name, "visitor")
            for firm, name in zip(guests, ("dock", "edge", "fork"), strict=True)
        )
        wish(way, guests[0], dock, **{invited: 3})
        wish(way, guests[1], edge, **{invited: 2, dock: 1})

    # The exhibitor answers who asks, says when there is no time; others never read it.
    told = way.at_page(exhibitor, f"exhibitions/{fair}/mine/{invited}/wishes/", "zh-hans")
    assert told.count("希望与您洽谈") >= 2
    exhibitor.select_option(f"[name='wish-{dock}']", "3")
    exhibitor.uncheck("[name=free][value='2026-05-12T01:00Z']")
    press(exhibitor, "保存")
    assert "静音驱动" in way.at_page(way.come(), f"exhibitions/{fair}/catalogue/", "zh-hans")

    # Planned by the worker, looked at, published.
    way.at_page(officer, f"exhibitions/{fair}/board/")
    press(officer, "Plan the meetings")
    assert "waits for the worker" in str(officer.text_content("main"))
    with way.quiet():
        make_proposal(way.registry, fair, mend=False)
    told = way.at_page(officer, f"exhibitions/{fair}/board/")
    assert "3 / 3" in told
    press(officer, "Publish")
    follow(officer, "Meetings are scheduled")
    press(officer, "Meetings are scheduled")
    told = way.at_page(exhibitor, f"exhibitions/{fair}/mine/{invited}/", "zh-hans")
    assert "虚构dock" in told
    assert "虚构edge" in told
    assert "09:00" not in told.split("签到入场码")[0], "no meeting while there is no time"

    # One drops out: only that meeting goes. Another asks, and a free slot is taken.
    guest = way.come("guest", "manager", organisation=guests[1])
    way.at_page(guest, f"exhibitions/{fair}/mine/{edge}/")
    follow(guest, "I cannot come")
    guest.fill("[name='record-reason']", "Invented illness")
    press(guest, "Drop out")
    told = way.at_page(officer, f"exhibitions/{fair}/board/")
    assert "Mending leaves every other meeting as it is" in told
    before = {row["code"]: row for row in meetings_in(schedule_of(fair))}
    press(officer, "Mend the schedule")
    with way.quiet():
        make_proposal(way.registry, fair, mend=True)
    assert "at least 2 have to" in way.at_page(officer, f"exhibitions/{fair}/board/")
    officer.fill("[name=why]", "One dropped out")
    press(officer, "Publish")
    after = [row for row in meetings_in(schedule_of(fair)) if "cancelled" not in row]
    assert after == [before[row["code"]] for row in after]
    assert len(after) == 1
    with way.quiet():
        wish(way, guests[2], fork, **{invited: 1})
    way.at_page(exhibitor, f"exhibitions/{fair}/mine/{invited}/", "zh-hans")
    exhibitor.get_by_role("button", name="选定该时段").click()
    exhibitor.wait_for_load_state()
    assert "洽谈已写入双方日程" in str(exhibitor.text_content("body"))

    # The day: the desk, the tables, what came of it by both sides.
    way.move_to("2026-05-12")
    way.at_page(officer, f"exhibitions/{fair}/board/")
    follow(officer, "Begin")
    press(officer, "Begin")
    way.at_page(officer, f"exhibitions/{fair}/desk/")
    officer.fill("#code", str(badges(fair)[invited].body["title"]).lower())
    officer.locator("form.controls button").click()
    officer.wait_for_load_state()
    assert "Welcome, 虚构静音驱动" in str(officer.text_content("body"))
    for name in ("虚构静音驱动", "Invented dock"):
        officer.get_by_role("button", name=re.compile(rf"^At the table\s*:\s*{name}")).first.click()
        officer.wait_for_load_state()
    told = way.at_page(exhibitor, f"exhibitions/{fair}/mine/{invited}/", "zh-hans")
    exhibitor.get_by_role("link", name=re.compile(r"洽谈结果\s*：\s*虚构dock")).click()
    exhibitor.wait_for_load_state()
    exhibitor.select_option("[name=result]", "trial")
    exhibitor.select_option("[name=satisfaction]", "5")
    exhibitor.fill("[name=next_step]", "虚构：六月试用")
    press(exhibitor, "提交洽谈结果")
    assert "意向试用" in str(exhibitor.text_content("main"))

    # Figures: whole for the officer, without small counts for everybody, never what was said.
    way.at_page(officer, f"exhibitions/{fair}/board/")
    follow(officer, "It was held")
    press(officer, "It was held")
    told = way.at_page(officer, f"exhibitions/{fair}/figures/")
    assert "1 / 2" in told
    assert "5.0 of 5" in told
    visitor = way.come()
    told = way.at_page(visitor, f"exhibitions/{fair}/figures/", "zh-hans")
    assert "数量过少" in told
    assert "六月试用" not in visitor.content()
