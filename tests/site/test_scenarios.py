"""From an opportunity to a case in a real browser: published, answered, piloted, accepted, a scenario, a case."""

from __future__ import annotations

import re

from tests.site.conftest import NEEDS_CHROMIUM, PASSWORD, Come, Page, Served

pytestmark = NEEDS_CHROMIUM

TRACK = "cn-future-industries-2024/intelligent-manufacturing"


def send(page: Page, **reasons: str) -> None:
    """Sends the form of a record or a step."""
    for box, text in reasons.items():
        page.fill(f"[name='record-{box}']", text)
    page.click("main form[data-form] button.main")
    page.wait_for_load_state()
    assert page.locator("#problems").count() == 0, page.text_content("#problems")


def step(page: Page, label: str, **boxes: str) -> None:
    """Makes a transition by its button, with what it asks for."""
    page.locator("main .side").get_by_role("link", name=label, exact=True).click()
    page.wait_for_load_state()
    for name, text in boxes.items():
        page.locator(f"[name='{name.replace('__', '-')}']").fill(text)
    if page.locator("[name='record-reason']").count():
        page.fill("[name='record-reason']", "Invented reason")
    send(page)


def test_an_opportunity_becomes_a_pilot_a_scenario_and_a_case(served: Served, come: Come) -> None:
    # The works open an opportunity, with two measures of success: the second row is the spare one, the third is added.
    owner = come("manager", "opportunities/")
    owner.get_by_role("link", name="Open an opportunity").click()
    owner.wait_for_load_state()
    owner.fill("[name='title-en']", "Invented quiet presses")
    owner.fill("[name='title-zh']", "虚构静音压机")
    owner.fill("[name=region]", "CN-33")
    owner.select_option("[name=tracks]", TRACK) if owner.locator(
        "select[name=tracks]"
    ).count() else owner.check(f"[name=tracks][value='{TRACK}']")
    owner.fill("[name='need-en']", "Invented noise")
    rows = owner.locator("#field-measures tbody tr")
    assert rows.count() == 2
    owner.get_by_role("button", name="Add a row").first.click()
    assert rows.count() == 3
    owner.fill("[name='measures-2-measure-en']", "Invented decibels")
    owner.fill("[name='measures-2-now']", "90")
    owner.fill("[name=site]", "Invented hall")
    owner.fill("[name='budget-amount']", "1000")
    owner.fill("[name=deadline]", "2099-12-31")
    owner.fill("[name='data_access-en']", "Invented data")
    owner.fill("[name=owner]", "Invented Person")
    owner.click("main form[data-form] button.main")
    owner.wait_for_load_state()
    assert "Wanted" in owner.text_content("#problems"), (
        "a measure without its aim is told with row and column"
    )
    owner.locator("[aria-invalid=true]").fill("70")
    send(owner)
    opportunity = re.search(r"/record/([0-9A-Z]{26})/", owner.url)
    assert opportunity is not None
    assert owner.locator("table.grid").first.text_content().count("Invented decibels") == 1
    step(owner, "Publish")

    # Somebody of another organisation answers it, by the button on the list; in Chinese.
    administrator = come("administrator", f"accounts/{served.keys['answerer']}/")
    assert "answerer" in administrator.text_content("main")
    firm = come("answerer", "opportunities/", "zh-hans")
    card = firm.locator("li.tile", has_text="虚构静音压机")
    card.get_by_role("link", name="应答").click()
    firm.wait_for_load_state()
    firm.fill("[name='title-zh']", "虚构静音方案")
    firm.fill("[name='plan-zh']", "虚构方案内容")
    firm.fill("[name='promised-0-measure-en']", "Invented decibels")
    firm.fill("[name='promised-0-value']", "65")
    firm.fill("[name='price-amount']", "800")
    send(firm)
    step(firm, "提交")
    response = firm.url

    # Nobody else sees it; the owner does, beside the measures, and agrees on a pilot.
    come("", response.partition("/zh-hans/")[2], expected=404)
    owner.goto(served.at(f"record/{opportunity[1]}/"))
    panel = owner.locator("#answers")
    assert "met" in panel.text_content()
    assert "CNY 800" in panel.text_content()
    panel.get_by_role("link", name="虚构静音方案").click()
    owner.wait_for_load_state()
    step(owner, "Agree on a pilot", pilot_period__from="2026-04-01", pilot_period__to="2026-05-01")
    owner.goto(served.at(f"record/{opportunity[1]}/"))
    step(owner, "Agree on a pilot", supplier=served.keys["other_firm"])
    step(
        owner, "Accept the pilot", results__0__measure__en="Invented decibels", results__0__before="90",
        results__0__after="66",
    )  # fmt: skip

    # One click makes the draft of a scenario, another that of a case; both lead back.
    owner.get_by_role("button", name="Application scenario").click()
    owner.wait_for_url(re.compile(r"/edit/"))
    assert owner.input_value("[name='title-zh']") == "虚构静音压机"
    assert owner.input_value("[name='measures-0-after']") == "66"
    owner.goto(served.at(f"record/{opportunity[1]}/", "zh-hans"))
    owner.get_by_role("button", name="案例").click()
    owner.wait_for_url(re.compile(r"/edit/"))
    for name in ("solution-zh", "conditions-zh", "lessons-zh"):
        owner.fill(f"[name='{name}']", "虚构内容")
    for name in ("serves_public", "novel", "implemented", "has_impact"):
        owner.select_option(f"[name={name}]", "yes")
    owner.select_option("[name=plain_language]", "no")
    send(owner)
    owner.locator("main .side").get_by_role("link", name="提交", exact=True).click()
    owner.wait_for_load_state()
    owner.click("main form[data-form] button.main")
    owner.wait_for_load_state()
    assert "语言通俗" in owner.text_content("#problems"), "what the entry rule asks for is told"
    owner.goto(served.at(owner.url.partition("/zh-hans/")[2].partition("move/")[0] + "edit/"))
    owner.select_option("[name=plain_language]", "yes")
    send(owner)
    step(owner, "Submit")
    assert "Submitted" in owner.text_content("main .steps [aria-current]")
    assert PASSWORD not in owner.content()


def test_the_library_is_browsed_cited_and_leads_to_what_is_alike(served: Served, come: Come) -> None:
    page = come("", "cases/")
    assert page.locator("li.tile").count() >= 2
    page.get_by_role("link", name="Greatest change").click()
    page.wait_for_url(re.compile(r"sort=change"))
    first = page.locator("li.tile h2 a").first
    assert first.text_content() == "Invented lesson that melted"
    first.click()
    page.wait_for_url(re.compile(r"/cases/[0-9A-Z]{26}/"))
    assert "Invented lesson that itched" in page.locator("#similar").locator("xpath=..").text_content()
    assert "same track" in page.locator("#similar").locator("xpath=..").text_content()
    assert "5.00" not in page.text_content("main"), "the cost is for partners"
    got = page.request.get(served.at(f"cases/{served.keys['case']}/citation.bib"))
    assert got.text().startswith("@techreport{foretrack-case-")
    csl = page.request.get(served.at(f"cases/{served.keys['case']}/citation.csl")).json()
    assert csl[0]["URL"] == page.url
