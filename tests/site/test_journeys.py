"""A stranger's hour: what an analyst, an officer, an organisation and an auditor come for, in a real browser."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from tests.site.conftest import NEEDS_CHROMIUM, PASSWORD, Come, Page, Served

pytestmark = NEEDS_CHROMIUM

SCENARIOS = "targets/cn-future-industries-2024/scenarios-2025/"


def test_an_analyst_finds_explains_exports_and_watches(served: Served, come: Come, tmp_path: Path) -> None:
    page = come("officer")
    page.get_by_role("link", name="Lookout").first.click()
    page.get_by_role("link", name="Concepts", exact=True).first.click()
    assert page.text_content("h1").strip() == "Concepts as of 2020"
    row = page.locator("main tbody tr").first
    name = row.locator("th a").text_content().strip()

    # As of an earlier year, the same list is another one; and back.
    page.goto(served.at("lookout/concepts/?as-of=2017"))
    assert page.text_content("h1").strip() == "Concepts as of 2017"
    page.goto(served.at("lookout/concepts/"))

    # Find it by its name, as somebody would who has heard of it.
    page.fill("header input[name=q]", name)
    page.press("header input[name=q]", "Enter")
    page.wait_for_url(re.compile(r"/search/\?q="))
    page.locator("main").get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_url(re.compile(r"/lookout/concepts/"))
    address = page.url

    # Explained: parts that add up to the score, and a count that opens its documents.
    assert page.locator("#why li").count() >= 1
    table = page.locator("#why table").first.locator("tbody tr")
    assert table.count() >= 3
    counted = page.locator("#why details a").first
    page.locator("#why details summary").last.click()
    wanted = int(counted.locator("xpath=ancestor::tr").locator("td").first.text_content().replace(",", ""))
    counted.click()
    page.wait_for_load_state()
    assert f"{wanted:,}" in page.text_content("main")

    # The chart is drawn, and is a table and files besides.
    page.goto(address)
    page.wait_for_selector("figure.chart.drawn svg")
    with page.expect_download() as download:
        page.locator("figure.chart .files a", has_text="CSV").first.click()
    rows = list(csv.DictReader(Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) >= 10
    drawn = page.locator("figure.chart .files a", has_text="SVG").first.get_attribute("href")
    picture = page.request.get(served.address.rstrip("/") + drawn)
    assert picture.status == 200
    assert picture.text().startswith("<svg")

    # Watched: a rule that tells when it changes.
    page.locator("main .actions").get_by_role("link", name="Watch it", exact=True).click()
    page.wait_for_url(re.compile(r"/watch/"))
    page.locator("main form input[type=checkbox]").first.check()
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    page.goto(served.at("watch/"))
    assert name in page.text_content("main")
    page.goto(address)
    assert name in page.text_content("h1")


def test_an_officer_declares_decides_publishes_and_sees_the_target_rise(served: Served, come: Come) -> None:
    visitor = come("", SCENARIOS)
    assert "No list counts it here" in visitor.text_content("main")

    officer = come("officer", "lists/")
    officer.locator("main .actions").get_by_role("link").first.click()
    officer.wait_for_url(re.compile(r"/series/new/$"))
    officer.select_option("main [name=kind]", "scenario")
    officer.click("main form.panel button[type=submit]")
    officer.fill("[name=name]", "typical-scenarios")
    for field, text in (("title-en", "Typical scenarios (invented)"), ("title-zh", "典型场景（虚构）"),
                        ("publisher-en", "Invented office"), ("publisher-zh", "虚构办公室")):  # fmt: skip
        officer.fill(f"[name='{field}']", text)
    officer.click("main form.panel button[type=submit]")
    officer.wait_for_url(re.compile(r"/lists/typical-scenarios/"))

    # Decide: somebody else announced it; its notice is over.
    decider = come("second", f"record/{served.keys['announced']}/")
    decider.get_by_role("link", name="Recognise", exact=True).click()
    decider.fill("textarea[name=record-reason]", "Invented reason: seen at work")
    decider.click("main form button[type=submit]")
    assert "Recognised" in decider.text_content("main")

    officer.goto(served.at("lists/typical-scenarios/next/"))
    assert "Invented looms at a harbour" in officer.text_content("main")
    officer.fill("main form textarea[name=reason]", "Invented first issue")
    officer.get_by_role("button", name="Publish and freeze").click()
    officer.wait_for_url(re.compile(r"/lists/typical-scenarios/1/"))

    # With the one that the finished call of the invented workspace selected.
    visitor.goto(served.at(SCENARIOS, "zh-hans"))
    assert visitor.locator("#count + p b").text_content().strip() == "2"
    assert "虚构港口织机" in visitor.text_content("main")
    data = visitor.request.get(served.at(SCENARIOS).rstrip("/") + ".json").json()
    assert data["page"]["counted"] == 2


def test_an_organisation_registers_drafts_submits_corrects_and_withdraws(served: Served, come: Come) -> None:
    firm = come("", "account/signup/")
    firm.fill("input[name=email]", "firm@example.org")
    firm.fill("input[name=password1]", PASSWORD)
    firm.fill("input[name=password2]", PASSWORD)
    firm.click("main form button[type=submit]")
    firm.wait_for_url(re.compile(r"/(en|zh-hans)/$"))

    # Whoever keeps the accounts says for whom the person may speak.
    administrator = come("administrator", "accounts/")
    administrator.get_by_role("link", name="firm@example.org").click()
    administrator.get_by_role("link", name="Give a role").click()
    administrator.select_option("[name=role]", "manager")
    administrator.fill("[name=organisation]", served.keys["works"])
    administrator.click("main form.panel button[type=submit]")
    administrator.wait_for_url(re.compile(r"/accounts/[^/]+/$"))

    # Begun, and kept while typing; gone on with from the tasks.
    firm.goto(served.at("records/scenario/new/"))
    firm.fill("[name='title-en']", "Invented furnace without people")
    with firm.expect_response(lambda answer: "/new/draft/" in answer.url and answer.ok):
        firm.fill("[name='need-en']", "Nobody wants the invented night shift")
    firm.goto(served.at("tasks/"))
    firm.locator("main").get_by_role("link", name=re.compile("furnace|scenario", re.I)).first.click()
    if firm.locator("#began a").count():
        firm.locator("#began a").first.click()
    assert firm.input_value("[name='title-en']") == "Invented furnace without people"
    fill_in(firm, served.keys["works"])
    firm.click("main form.panel button.main")
    firm.wait_for_url(re.compile(r"/record/[0-9A-Z]{26}/$"))
    address = firm.url
    assert "Draft" in firm.text_content("main")
    assert come("", address.split("/en/")[1], expected=404).text_content("h1")

    move(firm, "Submit")
    assert "Submitted" in firm.text_content("main")
    officer = come("officer", address.split("/en/")[1])
    move(officer, "Return for correction", "Invented reason: figures are missing")

    # Corrected and sent again, then taken back.
    firm.goto(served.at("tasks/"))
    firm.get_by_role("link", name="Invented furnace without people").first.click()
    assert "Invented reason: figures are missing" in firm.text_content("main") or firm.goto(
        address + "history/"
    )
    firm.goto(address + "edit/")
    firm.fill("[name='effect-en']", "Four people fewer on the invented night shift")
    firm.click("main form.panel button.main")
    firm.wait_for_url(address)
    move(firm, "Submit")
    move(firm, "Withdraw")
    assert "Withdrawn" in firm.text_content("main")
    firm.goto(address + "history/")
    trail = firm.text_content("main")
    assert all(word in trail for word in ("Submit", "Return for correction", "Withdraw"))


def fill_in(page: Page, organisation: str) -> None:
    """What a scenario must say before it may be submitted."""
    page.fill("[name=organisation]", organisation)
    page.fill("[name='solution-en']", "Invented machines")
    page.fill("[name='effect-en']", "Invented effect")
    page.fill("[name=running_since]", "2026-01-15")
    page.fill("[name=region]", "CN-33")
    page.locator("[name=tracks]").first.select_option(index=1)


def move(page: Page, name: str, reason: str = "") -> None:
    """Makes a transition from the record's page."""
    page.get_by_role("link", name=name, exact=True).click()
    page.wait_for_url(re.compile(r"/move/"))
    if reason:
        page.fill("textarea[name=record-reason]", reason)
    page.click("main form button.main")
    page.wait_for_url(re.compile(r"/record/[0-9A-Z]{26}/$"))


def test_an_auditor_traces_a_number_to_the_revision_of_a_record(served: Served, come: Come) -> None:
    page = come("auditor", "targets/")
    page.get_by_role("link", name="Typical application scenarios").first.click()
    page.locator("table tbody tr").last.get_by_role("link").last.click()
    page.wait_for_url(re.compile(r"/history/\d+/$"))
    shown = re.search(r"[0-9a-f]{12,64}", page.text_content("main"))
    assert shown is not None
    page.goto(page.url.partition("/history/")[0] + "/audit/")
    assert "Invented reason: seen at work" in page.text_content("main")
