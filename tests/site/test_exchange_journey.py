"""A transfer office and a small firm in Chromium, each in its own language: from a published offer to a deal, an
evaluation that raises the maturity, and what the figures of matching learned of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.site.conftest import NATIONAL, NEEDS_CHROMIUM
from tests.site.moving import Journey, follow, journey, press, step

from foretrack.matching.actions.meanings import make_meanings
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.actions.records import create, move
from foretrack.registry.models import Record
from foretrack.search.actions.embedding import model

pytestmark = [NEEDS_CHROMIUM, pytest.mark.slow]

SECOND = Actor("SECOND", grants=(Grant("officer", regions=("*",)),))
TRL = "trl-iso16290/trl"
PROVED = (
    "1/report", "2/concept", "2/need", "3/functions", "3/proof", "4/breadboard", "4/laboratory-test",
)  # fmt: skip
TRACK = "cn-future-industries-2024/new-energy-storage"
OFFER = {
    "title-zh": "虚构氢气管道泄漏传感器",
    "summary-zh": "虚构传感器无需标定即可发现氢气管道每年0.1克的泄漏，寻求阀门企业合作。",
    "description-zh": "虚构传感器比较两层薄膜的声学响应，不需要参比气体，已在12公里虚构氢气管道上试用两个冬季，"
    "工作温度为零下30度至60度，安装不需停输。",
    "advantages-zh": "可发现的泄漏量为同类传感器的十分之一，价格为其40%。",
    "partner_role-zh": "合作方将传感器装入阀门。",
    "valid_until": "2026-12-31", "region": "CN-33", "maturity": "3", "contact": "虚构联系人甲",
}  # fmt: skip
NEED = {
    "title-en": "Invented need for leak detection in hydrogen filling stations",
    "summary-en": "An operator of 40 invented hydrogen filling stations looks for leak sensors without calibration.",
    "description-en": "Hydrogen leak sensors of today drift within 3 months and must be calibrated by hand at every "
    "station, which costs the invented operator 200 visits a year.",
    "requirements-en": "Hydrogen leaks of 1 g a year found within 10 minutes, no calibration for 2 years.",
    "partner_role-en": "Delivers 400 sensors and keeps them.",
    "valid_until": "2026-11-30", "region": "CN-31", "maturity": "3", "contact": "Invented Person B",
}  # fmt: skip


@pytest.fixture
def way(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    with journey(settings, tmp_path, monkeypatch, "2026-03-02") as found:
        yield found


def fill_in(
    page: Any, values: dict[str, str], chosen: dict[str, str], many: dict[str, tuple[str, ...]]
) -> str:
    """Fills the form of a new record and saves it; its key."""
    page.eval_on_selector_all("main details", "all => all.forEach(one => one.open = true)")
    for name, value in values.items():
        page.fill(f"main [name='{name}']", value)
    for name, value in chosen.items():
        page.select_option(f"main [name='{name}']", value)
    for name, options in many.items():
        if page.locator(f"main select[name='{name}']").count():
            page.select_option(f"main [name='{name}']", list(options))
        else:
            for option in options:
                page.check(f"main [name='{name}'][value='{option}']")
    page.click("main form[data-form] button.main")
    page.wait_for_url(re.compile(r"/record/[0-9A-Z]{26}/$"))
    return str(page.url.split("/")[-2])


def act(way: Journey, actor: Actor, key: str, name: str, **values: Any) -> None:
    """A transition without a page."""
    revision = Record.objects.get(key=key).revision
    move(way.registry, actor, key, name, revision=revision, reason="Invented reason", values=values)


def released(way: Journey, office: str) -> str:
    """An achievement of the office in the release hall."""
    owner = Actor("OFFICE", grants=(Grant("manager", office),))
    key = create(
        way.registry, owner, "achievement",
        {
            "title": {"en": "Invented double membrane", "zh": "虚构双层薄膜"}, "organisation": office, "region": "CN-33",
            "tracks": [TRACK], "sort_of": "applied", "summary": {"zh": "两层薄膜的声学响应之差指示泄漏。"},
            "description": {"zh": "虚构薄膜在氢气中试用两年，漂移低于1%。"}, "maturity": 3,
        },
    ).key  # fmt: skip
    act(way, owner, key, "submit")
    act(way, NATIONAL, key, "release")
    return key


def recognised_body(way: Journey) -> str:
    """A body on the register that evaluates; some days pass."""
    home = create(
        way.registry, NATIONAL, "organisation",
        {"name": {"en": "Invented Assessors", "zh": "虚构评价机构"}, "sort_of": "service body", "region": "CN-33"},
    ).key  # fmt: skip
    owner = Actor("ASSESSORS", grants=(Grant("manager", home),))
    key = create(
        way.registry, owner, "service-body",
        {
            "title": {"en": "Invented Assessors", "zh": "虚构评价机构"}, "organisation": home, "region": "CN-33",
            "tracks": [TRACK], "services": ["evaluation"], "about": {"en": "Looks at things."}, "cases": 4,
        },
    ).key  # fmt: skip
    act(way, owner, key, "submit")
    act(way, NATIONAL, key, "announce")
    way.move_to("2026-05-04")
    act(way, SECOND, key, "recognise")
    return key


def give(page: Any, label: str, values: dict[str, str], **chosen: str) -> None:
    """A transition with values."""
    follow(page, label)
    for name, value in values.items():
        page.fill(f"main [name='{name}']", value)
    for name, value in chosen.items():
        page.select_option(f"main [name='{name}']", value)
    press(page, label)


def test_from_an_offer_in_chinese_to_a_deal_with_a_firm_that_reads_english(way: Journey) -> None:
    with way.quiet():
        office, firm = (
            create(
                way.registry, NATIONAL, "organisation", {"name": {"en": en, "zh": zh}, "sort_of": sort, "region": region}
            ).key
            for en, zh, sort, region in (
                ("Invented Transfer Office", "虚构技术转移中心", "institute", "CN-33"),
                ("Invented Filling Stations", "虚构加氢站", "company", "CN-31"),
            )
        )  # fmt: skip
        achievement = released(way, office)
    seller = way.come("office", "manager", organisation=office)
    buyer = way.come("firm", "manager", organisation=firm)

    # The office publishes what it has in Chinese; the firm says in English what it needs, and finds it with a reason.
    for page in (seller, buyer):
        page.set_default_timeout(15_000)
    way.at_page(seller, "records/offer/new/", "zh-hans")
    offer = fill_in(
        seller, {**OFFER, "organisation": office, "achievement": achievement}, {"stage": "lab-tested"},
        {"rights": ("patent-granted",), "cooperation": ("licence", "technical"), "tracks": (TRACK,)},
    )  # fmt: skip
    step(seller, "发布")
    way.at_page(buyer, "records/need/new/")
    need = fill_in(
        buyer, {**NEED, "organisation": firm}, {},
        {"cooperation": ("licence", "service"), "tracks": (TRACK,)},
    )  # fmt: skip
    step(buyer, "Publish")
    with way.quiet():
        make_meanings(model())
    told = way.at_page(buyer, f"matches/{need}/")
    assert OFFER["title-zh"] in told
    buyer.locator("main a.button.main", has_text="Express interest").first.click()
    buyer.fill("main [name='message-en']", "May we try ten sensors in our stations this spring?")
    press(buyer, "Send")
    interest = buyer.url.split("/")[-2]
    assert OFFER["contact"] not in buyer.text_content("main")

    # The office sees it in Chinese and accepts; now each sees whom to turn to. They meet, and agree.
    assert "虚构加氢站" in way.at_page(seller, "matches/", "zh-hans")
    assert NEED["contact"] not in way.at_page(seller, f"interests/{interest}/", "zh-hans")
    step(seller, "接受")
    assert NEED["contact"] in way.at_page(seller, f"interests/{interest}/", "zh-hans")
    assert OFFER["contact"] in way.at_page(buyer, f"interests/{interest}/")
    give(buyer, "Agree on a meeting", {"meeting_on": "2026-03-12"})
    way.move_to("2026-03-13")
    way.at_page(seller, f"interests/{interest}/", "zh-hans")
    step(seller, "达成合作")

    # A deal is recorded step by step by both; the contract counts once both have confirmed it, and no money moves.
    way.at_page(buyer, "records/deal/new/")
    deal = fill_in(
        buyer,
        {
            "title-en": "Ten invented leak sensors for a trial", "organisation": firm, "about": offer,
            "interest": interest,
            "message-en": "Ten sensors for two stations.",
        },
        {"role": "acquires"}, {},
    )  # fmt: skip
    step(buyer, "Send the enquiry")
    way.at_page(seller, f"record/{deal}/", "zh-hans")
    step(seller, "同意洽谈")
    give(
        seller, "提出合同", {"contract_date": "2026-03-20", "amount-amount": "480000"}, contract_kind="service",
        publicity="band",
    )  # fmt: skip
    way.move_to("2026-03-21")
    way.at_page(buyer, f"record/{deal}/")
    step(buyer, "Confirm the contract")
    way.at_page(seller, f"record/{deal}/", "zh-hans")
    step(seller, "开始交付")
    way.move_to("2026-04-20")
    way.at_page(seller, f"record/{deal}/", "zh-hans")
    give(seller, "报告交付", {"delivered_on": "2026-04-18"})
    way.at_page(buyer, f"record/{deal}/")
    step(buyer, "Confirm the delivery")
    assert "Closed" in way.at_page(buyer, f"record/{deal}/")
    visitor = way.come()
    told = way.at_page(visitor, "deals/register/")
    assert "Ten invented leak sensors for a trial" in told
    assert "480" not in told, "a band, not the amount"

    # An evaluation raises the maturity of the achievement, and of the offer that follows it.
    with way.quiet():
        body = recognised_body(way)
        evaluation = create(
            way.registry, Actor("OFFICE", grants=(Grant("manager", office),)), "evaluation",
            {
                "title": {"en": "Evaluation of the membrane", "zh": "虚构薄膜评价"}, "organisation": office,
                "region": "CN-33", "tracks": [TRACK], "achievement": achievement, "sort_of": "applied",
                "evaluated_by": body, "purpose": "transfer", "claimed": [{"level": f"{TRL}/4"}], "carry": True,
                "evidence": [{"item": f"{TRL}/{one}", "proof": f"Paper on {one}"} for one in PROVED],
            },
        ).key  # fmt: skip
    way.at_page(seller, f"record/{evaluation}/", "zh-hans")
    step(seller, "提交")
    with way.quiet():
        act(
            way, NATIONAL, evaluation, "assess", assessed=[{"item": f"{TRL}/{one}", "accepted": True} for one in PROVED],
            reached=[{"level": f"{TRL}/4"}], conclusion={"en": "It holds in the laboratory."}, valid_until="2028-03-01",
        )  # fmt: skip
    officer = way.come("province", "officer", regions=["*"])
    way.at_page(officer, f"record/{evaluation}/")
    step(officer, "Announce publicly", "The panel agreed")
    way.move_to("2026-06-01")
    second = way.come("second", "officer", regions=["*"])
    way.at_page(second, f"record/{evaluation}/")
    step(second, "Recognise", "Nobody objected")
    assert Record.objects.get(key=offer).body["maturity"] == 4
    assert "虚构双层薄膜" in way.at_page(visitor, f"evaluations/{evaluation}/", "zh-hans")
    assert OFFER["title-zh"] in way.at_page(visitor, f"exchange/{offer}/", "zh-hans")

    # What became of it is what matching learns from.
    told = way.at_page(officer, "matches/figures/")
    assert re.search(r"Agreement reached\s*1", told)
    assert "Nobody declined anything yet" in told
