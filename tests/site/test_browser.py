"""The site in Chromium, served by `foretrack serve`: journeys, languages, keyboard; `test_every_page.py` has the walk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.site.conftest import NEEDS_CHROMIUM, PASSWORD, Come, Page, Served

pytestmark = NEEDS_CHROMIUM


def test_a_record_is_made_submitted_and_decided_by_two_people(served: Served, come: Come) -> None:
    officer = come("officer", "records/technology/new/")
    officer.fill("input[name='title-en']", "Invented memory of glass")
    officer.fill("input[name='title-zh']", "虚构玻璃存储")
    officer.click("main form button[type=submit]")
    assert officer.text_content("h1").strip() == "Invented memory of glass"
    address = officer.url

    second = come("second", address.split("/en/")[1], language="zh-hans")
    assert second.text_content("h1").strip() == "虚构玻璃存储"
    second.get_by_role("link", name="确认", exact=True).click()
    second.click("main form button[type=submit]")
    assert second.locator("p.wrong").count() == 1
    second.fill("textarea[name=record-reason]", "虚构的理由")
    second.click("main form button[type=submit]")
    assert "已确认" in second.text_content("main")

    officer.goto(address + "history/")
    assert "虚构的理由" in officer.text_content("main")
    assert "Invented second" in officer.text_content("main")
    visitor = come("", address.split("/en/")[1])
    assert visitor.text_content("h1").strip() == "Invented memory of glass"


def test_a_conflict_of_two_editors_shows_both_versions_and_loses_nothing(served: Served, come: Come) -> None:
    path = f"record/{served.keys['technology']}/edit/"
    first, second = come("officer", path), come("second", path)
    second.fill("textarea[name='about-en']", "As the second wrote it")
    second.click("main form button[type=submit]")
    assert second.url.endswith(f"{served.keys['technology']}/")
    first.fill("textarea[name='about-en']", "As the first wrote it")
    first.fill("input[name='maturity']", "7")
    with first.expect_response(lambda r: r.request.method == "POST") as answered:
        first.click("main form button[type=submit]")

    assert answered.value.status == 409
    conflict = first.text_content("main")
    assert "As the second wrote it" in conflict
    assert first.input_value("textarea[name='about-en']") == "As the first wrote it"
    assert first.input_value("input[name='maturity']") == "7"
    first.click("main form button[type=submit]")
    assert "As the first wrote it" in first.text_content("main")


def test_a_file_is_previewed_and_taken_in(served: Served, come: Come, tmp_path: Path) -> None:
    file = tmp_path / "firms.csv"
    file.write_text(
        "name_en,name_zh,sort_of,region\nInvented Import,虚构导入,company,CN-33\n", encoding="utf-8"
    )
    page = come("officer", "records/organisation/import/", language="zh-hans")
    page.set_input_files("input[name=file]", file)
    page.get_by_role("button", name="预览变动").click()
    assert "虚构导入" in page.text_content("main")
    assert "新增 1" in page.text_content("main")
    page.get_by_role("button", name="确认导入").click()

    page.wait_for_url(re.compile("/records/organisation/$"))
    assert "新增 1 条" in page.text_content("main")
    page.goto(served.at("search/?q=虚构导入", "zh-hans"))
    assert page.locator("main mark").count() > 0


def test_the_language_switch_keeps_the_page_and_its_query(served: Served, come: Come) -> None:
    page = come("", "records/organisation/?sort=title&page=2")
    page.click("nav a[lang='zh-Hans']")

    assert page.url == served.at("records/organisation/?sort=title&page=2", "zh-hans")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    page.click("nav a[lang='en']")
    assert page.url == served.at("records/organisation/?sort=title&page=2")


def test_the_main_path_works_by_keyboard_alone(served: Served, come: Come) -> None:
    page = come("", "account/login/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "login"
    page.keyboard.type("officer@example.org")
    tab_to(page, "document.activeElement.name == 'password'")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/en/$"))

    page.goto(served.at(f"record/{served.keys['works']}/"))
    tab_to(page, "document.activeElement.textContent == 'Verify'")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/move/verify/$"))
    tab_to(page, "document.activeElement.name == 'record-reason'")
    page.keyboard.type("By keyboard")
    tab_to(page, "document.activeElement.textContent == 'Verify'")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"{served.keys['works']}/$"))
    assert "Verified" in page.text_content("main")


def tab_to(page: Page, condition: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(condition):
            return
    raise AssertionError(f"no Tab leads to where {condition}")


def test_stored_script_is_text_wherever_it_stands(served: Served, come: Come) -> None:
    key = served.keys["script"]
    page = come("officer", f"record/{key}/")
    for path in (f"record/{key}/", f"record/{key}/edit/", f"record/{key}/history/", "tasks/", "search/?q=alert",
                 "records/organisation/?title-has=script"):  # fmt: skip
        page.goto(served.at(path))
        page.wait_for_load_state()
        assert page.title() != "taken"
        assert page.locator("main script, main img[src='x']").count() == 0


def test_an_address_that_leads_nowhere_is_a_page_in_the_readers_language(served: Served, come: Come) -> None:
    page = come("", "nowhere/", "zh-hans", expected=404)

    assert page.text_content("h1") == "没有这个页面"


def test_the_site_asks_for_nothing_from_elsewhere(served: Served, browser: Any) -> None:
    asked: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(served.at("record/{works}/".format(**served.keys)))
    page.wait_for_load_state("networkidle")
    context.close()

    assert [url for url in asked if not url.startswith(served.address)] == []
    assert any(url.split("?")[0].endswith("site.css") for url in asked)


def test_a_page_prints_without_its_frame(served: Served, come: Come) -> None:
    page = come("", "record/{works}/".format(**served.keys))
    page.emulate_media(media="print")

    assert page.locator("header.bar").is_hidden()
    assert page.locator("h1").is_visible()


def test_a_facet_swaps_the_table_and_keeps_address_focus_and_the_way_back(served: Served, come: Come) -> None:
    page = come("officer", "records/organisation/")
    page.evaluate("window.stayed = true")
    page.locator("aside a", has_text="Institute").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"sort_of=institute"))
    page.locator("ul.chosen", has_text="Institute").wait_for()

    assert page.evaluate("window.stayed") is True
    assert "institute" in page.evaluate("document.activeElement.textContent")
    assert "sort_of=institute" in page.get_attribute("#who a[lang='zh-Hans']", "href")
    page.locator("thead a", has_text="Name").first.click()
    page.wait_for_url(re.compile(r"sort=title"))
    assert page.evaluate("window.stayed") is True
    # Not go_back(): htmx asks for the page itself, and Playwright would wait for a load that never comes.
    page.evaluate("history.back()")
    page.wait_for_url(re.compile(r"sort_of=institute$"))
    page.locator("ul.chosen", has_text="Institute").wait_for()
    page.evaluate("history.back()")
    page.wait_for_url(re.compile(r"/organisation/$"))
    page.locator("table caption").wait_for()
    assert page.locator("ul.chosen").count() == 0


def test_the_choice_of_columns_stands_in_the_address_and_survives_a_facet(served: Served, come: Come) -> None:
    page = come("officer", "records/organisation/")
    page.click("details.columns summary")
    page.check("#column-website")
    page.click("#show-columns")
    page.wait_for_url(re.compile(r"show-column=website"))
    page.locator("thead th", has_text="Website").wait_for()
    page.locator("aside a", has_text="Company").click()
    page.wait_for_url(re.compile(r"sort_of=company"))

    assert "show-column=website" in page.url
    assert "https://example.org/works" in page.text_content("table")
