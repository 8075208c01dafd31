"""Enterprises in a browser: the form, the table, the years, the funnel and the panels. All of it is invented."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.enterprises.test_command import FIRMS, documented
from tests.site.conftest import NATIONAL, Person, firm, person

from foretrack.domains.enterprises.actions.assessing import asked_by, assess_row
from foretrack.domains.enterprises.actions.funnel import funnel
from foretrack.domains.enterprises.doors.told import funnel_json
from foretrack.domains.enterprises.doors.web.forms import as_given
from foretrack.domains.enterprises.levels import level_of, read_figures
from foretrack.installation.opening import configured_installation, registry_of
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.actions.records import create, move, show
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

__all__ = ["firm", "person"]
HOME = "/en/enterprises/quality-sme/"
CLEAN = {
    "st-award": "no-award", "valid-title": "no", "rd-institution": "no-institution", "new-equity": "0", "listed": "no",
    "prohibited-products": "no", "major-violation": "no", "registered-in-china": "yes", "industry": "c-manufacturing",
    "staff": "120", "on": "2025-06-30",
}  # fmt: skip
VALVES = {
    **CLEAN, "ip-class": "class-1-own", "rd-ratio": "3", "revenue-growth": "12", "debt-ratio": "55",
    "product-field": "other", "main-share": "70",
}  # fmt: skip


@pytest.fixture
def registry(db: None, settings: Any, tmp_path: Path) -> Registry:
    settings.FORETRACK = replace(configured_installation(), workspace=tmp_path)
    return registry_of(settings.FORETRACK)


def words(answer: Any) -> str:
    """The text of a page, on one line."""
    body = answer.content.decode().partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.mark.parametrize("place", ["", "funnel/", "quality-sme/", "high-tech/", "quality-sme/table/"])
def test_a_page_in_chinese_holds_no_english_sentence(registry: Registry, place: str) -> None:
    answer = Client().get(f"/zh-hans/enterprises/{place}")

    assert answer.status_code == 200
    assert re.findall(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", words(answer)) == []


def test_a_visitor_assesses_and_nothing_is_kept(registry: Registry) -> None:
    answer = Client().post(HOME, VALVES)

    assert answer.status_code == 200
    assert "Level reached: Innovative SME" in words(answer)
    assert "75 / 100" in words(answer)
    assert not Record.objects.exists()


def test_a_changed_figure_is_compared_with_the_first_answer(registry: Registry) -> None:
    before = {f"before-{name}": value for name, value in VALVES.items() if name != "on"}

    text = words(Client().post(HOME, {**VALVES, **before, "rd-ratio": "5"}))

    assert "What your changes do" in text
    assert re.search(r"Innovative SME ?: met \(75\) → met \(80\)", text)


def test_a_figure_that_cannot_be_read_says_why_beside_its_box_and_loses_nothing(registry: Registry) -> None:
    answer = Client().post(HOME, {**VALVES, "main-share": "400", "debt-ratio": "little"})

    text = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="little"' in text
    assert "2 figures cannot be read" in words(answer)
    assert "Level reached" not in words(answer)


@pytest.mark.parametrize(("query", "status"), [("?on=yesterday", 400), ("?on=2030-01-01", 400)])
def test_a_day_that_cannot_be_is_an_answer(registry: Registry, query: str, status: int) -> None:
    assert Client(raise_request_exception=False).get(HOME + query).status_code in (status, 409, 422)


def test_an_unknown_ladder_is_not_there(registry: Registry) -> None:
    assert Client(raise_request_exception=False).get("/en/enterprises/invented/").status_code == 404


class TestKeeping:
    def test_a_member_keeps_figures_and_finds_them_in_the_form_again(
        self, registry: Registry, person: Person, firm: str
    ) -> None:
        member = person("manager", organisation=firm)

        kept = member.post(HOME, {**VALVES, "keep": "1", "organisation": firm, "year": "2024"})

        assert kept.status_code == 302
        record = Record.objects.get(kind="enterprise-figures")
        assert record.visibility == "private"
        assert (record.body["main_share"], record.body["staff"], record.body["year"]) == (70, 120, 2024)
        again = member.get(f"{HOME}?figures={record.key}&on=2025-06-30").content.decode()
        assert re.search(r'name="main-share"[^>]*value="70"', again)
        assert re.search(r'<option value="class-1-own" selected>', again)

    def test_years_stand_side_by_side(self, registry: Registry, person: Person, firm: str) -> None:
        member = person("manager", organisation=firm)
        for year, ratio in (("2023", "1"), ("2024", "5")):
            member.post(HOME, {**VALVES, "rd-ratio": ratio, "keep": "1", "organisation": firm, "year": year})

        data = member.get(f"{HOME}of/{firm}.json?on=2025-06-30").json()

        assert [one["year"] for one in data["years"]] == [2023, 2024]
        assert data["echelons"][0]["cells"] == ["met; 65", "met; 80"]
        assert [row["label"] for row in data["figures"] if row["changed"]] == ["R&D expense to revenue"]

    def test_nobody_else_sees_them(self, registry: Registry, person: Person, firm: str) -> None:
        person("manager", organisation=firm).post(
            HOME, {**VALVES, "keep": "1", "organisation": firm, "year": "2024"}
        )
        record = Record.objects.get(kind="enterprise-figures")

        assert person("member", organisation="01HZX3V9T8Q2M4N6P8R0S2T4V6").get(
            f"{HOME}?figures={record.key}"
        ).status_code == 404  # fmt: skip
        assert Client().get(f"{HOME}of/{firm}.json").json()["years"] == []

    def test_a_visitor_keeps_nothing(self, registry: Registry, firm: str) -> None:
        answer = Client(raise_request_exception=False).post(
            HOME, {**VALVES, "keep": "1", "organisation": firm, "year": "2024"}
        )

        assert answer.status_code in (302, 403)
        assert not Record.objects.filter(kind="enterprise-figures").exists()


class TestTable:
    def sent(self, **more: str) -> Any:
        file = SimpleUploadedFile("firms.csv", FIRMS.encode())
        return Client().post(f"{HOME}table/", {"file": file, "on": "2025-06-30", **more})

    def test_each_row_is_answered_or_says_why_not(self, registry: Registry) -> None:
        text = words(self.sent())

        assert "Invented Valves Innovative SME" in text
        assert "2 rejected" in text

    def test_the_answers_are_files_too(self, registry: Registry) -> None:
        csv = self.sent(**{"as": "csv"})
        data = json.loads(self.sent(**{"as": "json", "what-if": "rd-ratio=+0.8 staff=+1"}).content)

        assert (
            csv.content.decode("utf-8-sig").splitlines()[0].startswith("row,name,code,region,level,possible,")
        )
        assert len(data["firms"]) == 5
        assert data["firms"][0]["then"]["level"] == "innovative-sme"

    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_the_template_is_a_file_in_the_readers_language(self, registry: Registry, ending: str) -> None:
        answer = Client().get(f"/zh-hans/enterprises/quality-sme/template/?format={ending}")

        assert answer.status_code == 200
        assert ending == "xlsx" or "企业名称" in answer.content.decode()

    def test_no_file_is_told(self, registry: Registry) -> None:
        answer = Client().post(f"{HOME}table/", {"on": "2025-06-30"})

        assert answer.status_code == 400
        assert "no file was sent" in words(answer)


def test_an_organisation_shows_its_statuses_and_its_lineage(registry: Registry, firm: str) -> None:
    names = ["Invented Child", "Invented Grandchild"]
    line = [firm]
    for name in names:
        line.append(
            create(
                registry, NATIONAL, "organisation", {"name": {"en": name}, "sort_of": "company", "region": "CN-33"}
            ).key
        )  # fmt: skip
        create(
            registry, NATIONAL, "spin-off",
            {
                "title": {"en": name}, "parent": line[-2], "venture": line[-1], "region": "CN-33",
                "way": "internal venture", "founded_on": "2024-01-01",
            },
        )  # fmt: skip
    status = create(
        registry, NATIONAL, "echelon-status",
        {
            "title": {"en": "Invented Works"}, "organisation": firm, "region": "CN-33", "truthful": True,
            "echelon": "quality-sme/little-giant",
        },
    )  # fmt: skip

    dossier = Client().get(f"/en/record/{line[1]}.json").json()["dossier"]

    assert [(node["title"], node["depth"], node["here"]) for node in dossier["lineage"]["nodes"]] == [
        ("Invented Works", 0, False), ("Invented Child", 1, True), ("Invented Grandchild", 2, False),
    ]  # fmt: skip
    assert "echelons" not in Client().get(f"/en/record/{firm}.json").json()["dossier"]  # a draft
    assert show(registry, NATIONAL, status.key).status == "draft"


def test_a_circle_of_spin_offs_ends(registry: Registry, firm: str) -> None:
    other = create(
        registry, NATIONAL, "organisation", {"name": {"en": "Invented Other"}, "sort_of": "company"}
    ).key
    for parent, venture in ((firm, other), (other, firm)):
        create(
            registry, NATIONAL, "spin-off",
            {
                "title": {"en": "Circle"}, "parent": parent, "venture": venture, "way": "licence",
                "founded_on": "2024-01-01",
            },
        )  # fmt: skip

    nodes = Client().get(f"/en/record/{firm}.json").json()["dossier"]["lineage"]["nodes"]

    assert len(nodes) == 2


def test_a_number_of_the_funnel_opens_its_records(registry: Registry, person: Person, firm: str) -> None:
    member = person("manager", organisation=firm)
    member.post(HOME, {**VALVES, "keep": "1", "organisation": firm, "year": "2024"})
    record = Record.objects.get(kind="enterprise-figures")
    itself = Actor("M", grants=(Grant("manager", firm),))
    move(registry, itself, record.key, "declare", revision=1)
    officer = person("officer", regions=["*"])

    data = officer.get("/en/enterprises/funnel.json").json()
    (row,) = data["rows"]
    opened = officer.get(row["numbers"][0]["href"])

    assert (row["region"], row["numbers"][0]["n"]) == ("CN-33", 1)
    assert record.key in opened.content.decode()
    assert officer.get("/en/enterprises/funnel.csv").content.decode("utf-8-sig").splitlines()[1] == (
        f"CN-33,{registry.now().year},assessed,1"
    )
    assert Client().get("/en/enterprises/funnel.json").json()["rows"] == []
    told = funnel_json(funnel(registry, NATIONAL, region="CN-33"))
    assert set(told) == documented("`enterprise funnel`")
    assert told["counts"][0]["records"] == [record.key]


def test_the_cheapest_way_up_reaches_the_next_echelon(registry: Registry) -> None:
    near = {**VALVES, "rd-ratio": "0.5", "revenue-growth": "2", "ip-class": "class-2"}

    answer = Client().post(HOME, {**near, "way": "1"})

    assert "The cheapest way up: Innovative SME" in words(answer).replace(" :", ":")
    asked = asked_by("quality-sme", today="2025-06-30")
    given = as_given(asked, {name: value for name, value in near.items() if name != "on"})
    firm = assess_row(1, {"name": "Invented Valves", **given}, asked, way=True)
    assert firm.answer is not None
    assert firm.way is not None
    after = {
        **read_figures(asked.indicators, given)[0],
        **{change.indicator: change.after for change in firm.way.changes},
    }
    assert (firm.answer.level, level_of(asked.steps, after).level) == (None, "innovative-sme")
