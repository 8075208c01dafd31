"""A firm in Chromium from its self-assessment to a list, to the warning, to the end of its status."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.site.conftest import NATIONAL, NEEDS_CHROMIUM
from tests.site.moving import Journey, follow, journey, press, step

from foretrack.domains.enterprises.actions.statuses import watch_statuses
from foretrack.lists.actions.series import declare_series
from foretrack.registry.actions.records import create
from foretrack.registry.models import Record

pytestmark = [NEEDS_CHROMIUM, pytest.mark.slow]

LADDER = "enterprises/quality-sme/"
CHOSEN = {
    "st-award": "no-award", "valid-title": "no", "rd-institution": "no-institution", "listed": "no",
    "prohibited-products": "no", "major-violation": "no", "registered-in-china": "yes", "industry": "c-manufacturing",
    "ip-class": "class-1-own", "product-field": "other",
}  # fmt: skip
TYPED = {
    "new-equity": "0", "staff": "120", "rd-ratio": "3", "revenue-growth": "12", "debt-ratio": "55", "main-share": "70",
}  # fmt: skip


@pytest.fixture
def way(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(settings, tmp_path, monkeypatch, "2025-03-03") as found:
        yield found


def issue(way: Journey, page: Any, reason: str) -> None:
    """Publishes the next issue of the list."""
    way.at_page(page, "lists/invented-innovative/next/")
    page.fill("[name=reason]", reason)
    press(page, "Publish and freeze")


def test_a_firm_from_its_self_assessment_to_a_list_to_its_lapse(way: Journey) -> None:
    with way.quiet():
        firm = create(
            way.registry, NATIONAL, "organisation",
            {"name": {"en": "Invented Valves", "zh": "虚构阀门"}, "sort_of": "company", "region": "CN-3301"},
        ).key  # fmt: skip
        declare_series(
            way.registry, NATIONAL, "invented-innovative", kind="echelon-status",
            title={"en": "Invented innovative firms", "zh": "虚构创新型中小企业名单"},
            publisher={"en": "Invented office", "zh": "虚构办公室"},
        )  # fmt: skip

    # It assesses itself, sees what is short, what a change would do, and the cheapest way up; it keeps its figures.
    member = way.come("member", "manager", organisation=firm)
    way.at_page(member, LADDER, "zh-hans")
    member.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
    for name, value in CHOSEN.items():
        member.select_option(f"main [name='{name}']", value)
    for name, value in TYPED.items():
        member.fill(f"main [name='{name}']", value)
    press(member, "评估")
    told = member.text_content("#answer")
    assert "所处梯队：创新型中小企业" in told
    assert "75" in told
    gaps = member.locator("#answer section", has_text="专精特新").locator("table.cards").first
    assert gaps.locator("tbody tr").count() >= 1
    member.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
    member.fill("main [name='rd-ratio']", "5")
    press(member, "评估")
    assert re.search(r"75.*→.*80", member.text_content("#answer"), re.DOTALL)
    press(member, "查看升档最小代价路径")
    assert "升档最小代价路径：专精特新中小企业" in member.text_content("#way")
    member.fill("[name=year]", "2024")
    press(member, "存为草稿")
    figures = Record.objects.get(kind="enterprise-figures")
    way.at_page(member, f"record/{figures.key}/", "zh-hans")
    step(member, "声明属实")

    # It applies; nobody outside sees that. The city passes it on, the province announces it, another officer decides.
    way.at_page(member, "records/echelon-status/new/", "zh-hans")
    member.fill("[name='title-zh']", "虚构阀门")
    member.fill("[name='title-en']", "Invented Valves")
    member.locator("main [name=region]").fill("CN-3301")
    if member.locator("main select[name=organisation]").count():
        member.select_option("main [name=organisation]", firm)
    else:
        member.fill("main [name=organisation]", firm)
    member.select_option("main [name=echelon]", "quality-sme/innovative-sme")
    member.fill("main [name=figures]", figures.key)
    member.select_option("main [name=truthful]", "yes")
    member.click("main form[data-form] button.main")
    member.wait_for_url(re.compile(r"/record/[0-9A-Z]{26}/$"))
    status = member.url.split("/")[-2]
    step(member, "提交")
    visitor = way.come()
    way.at_page(visitor, f"record/{status}/", expected=404)
    for day, who, region, label in (
        ("2025-03-20", "city", "CN-3301", "Pass the city check"),
        ("2025-04-01", "province", "CN-33", "Announce publicly (province)"),
        ("2025-04-16", "second", "*", "Recognise"),
    ):
        way.move_to(day)
        officer = way.come(who, "officer", regions=[region])
        way.at_page(officer, f"record/{status}/")
        step(officer, label, "Its figures were looked at")
    told = way.at_page(visitor, f"record/{firm}/", "zh-hans")
    assert "已认定" in told
    assert "2028年4月15日" in told
    second = way.come("second")
    issue(way, second, "First of the year")
    assert "虚构阀门" in way.at_page(visitor, "lists/invented-innovative/1/", "zh-hans")

    # Three years on the worker warns in time, and nobody renews it: it has lapsed, and leaves the next issue.
    way.move_to("2028-02-20")
    with way.quiet():
        assert watch_statuses(way.registry).opened == 1
    told = way.at_page(member, f"record/{status}/", "zh-hans")
    assert "待复核" in told
    assert "2028年4月15日" in told
    assert "Invented Valves" in way.at_page(way.come("province"), "tasks/")
    way.move_to("2028-04-20")
    with way.quiet():
        assert watch_statuses(way.registry).lapsed == 1
    assert "Lapsed" in way.at_page(visitor, f"record/{status}/")
    issue(way, second, "Somebody lapsed")
    told = way.at_page(visitor, "lists/invented-innovative/2/", "zh-hans")
    assert "虚构阀门" in told
    assert "没有条目" in visitor.text_content("main .empty"), "no table without a row"
    follow(visitor, "虚构创新型中小企业名单")
    data = visitor.request.get(f"{way.address}en/lists/invented-innovative/2.json").json()
    assert data["listed"] == []
    assert "2028" in way.at_page(second, "enterprises/funnel/")
    boxes = [one.bounding_box() for one in second.locator("main form.controls > *").all()]
    assert len({round(box["y"] + box["height"]) for box in boxes}) == 1, "filters stand side by side"
