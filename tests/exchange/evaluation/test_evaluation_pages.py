"""The calculator, reports, the register and the panels, on the site and over the API; secrets planted everywhere."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from tests.exchange.evaluation.cases import GBT, SECRET, TO_FOUR, TRL, Cases, judged

from foretrack.domains.exchange.actions.overseeing import watch_exchange
from foretrack.foundation.canonical import canonical
from foretrack.installation.opening import configured_installation
from foretrack.registry.actions.records import create


@pytest.fixture
def site(cases: Cases, settings: Any) -> Client:
    """The site over the office's registry."""
    settings.FORETRACK = replace(configured_installation(), workspace=cases.folder)
    return Client()


def dossier(site: Client, key: str) -> dict[str, Any]:
    return dict(site.get(f"/en/record/{key}.json").json()["dossier"])


@pytest.mark.django_db
def test_everybody_finds_a_level_and_its_gaps_and_nothing_is_kept(settings: Any, tmp_path: Any) -> None:
    settings.FORETRACK = replace(configured_installation(), workspace=tmp_path)
    site = Client()
    has = "&".join(f"has={one}" for one in (*TO_FOUR[:4], "4/breadboard"))
    told = site.get(f"/en/maturity.json?{has}").json()
    assert (told["reached"], told["following"], told["ticked"], told["beyond"]) == ("2", "3", 5, ["4"])
    assert told["missing"] == ["Calculation or laboratory results for each of them"]
    text = site.get(f"/zh-hans/maturity/?scale={GBT}").content.decode()
    for words in ("成熟度自测", "市场阶段等级", "可信度中等", "13", "回报"):
        assert words in text
    assert site.get("/en/maturity/?has=4/strange").status_code == 404
    assert site.get("/en/maturity/?scale=no/scale").status_code == 404
    assert "<script>" not in site.get("/en/maturity/?has=%3Cscript%3E/x").content.decode().split("<main")[-1]
    sent = {"scale": TRL, "items": ["1/report", "2/need"]}
    found = site.post("/api/v1/scales/levels", sent, content_type="application/json").json()
    assert (found["reached"], found["following"], [one["item"] for one in found["missing"]]) == (
        "1",
        "2",
        ["2/concept"],
    )
    scales = {one["scale"]: one for one in site.get("/api/v1/scales").json()["items"]}
    assert scales[GBT]["confidence"] == "k"
    assert [one["level"] for one in scales[GBT]["levels"] if one["market"]] == ["10", "11", "12", "13"]


def test_an_achievement_shows_all_its_evaluations_and_a_report_can_be_checked(
    cases: Cases, site: Client
) -> None:
    achievement = cases.achievement()
    first = cases.recognised(
        achievement,
        assessed=judged(*TO_FOUR, refused=("4/laboratory-test",)),
        reached=[{"level": f"{TRL}/3"}],
    )
    second = cases.recognised(achievement, previous=first)
    lines = dossier(site, achievement)["evaluations"]["lines"]
    assert [(one["status"], one["verdict"], one["levels"][0]["level"], one["current"]) for one in lines] == [
        ("Recognised", "Claimed levels confirmed", "4", True),
        ("Replaced by a later one", "Lower than claimed", "3", False),
    ]  # fmt: skip
    assert lines[0]["levels"][0]["mark"]["code"] == "K"
    standing = dossier(site, first)["levels"]["lines"][0]
    assert (standing["claimed"], standing["by_claim"], standing["by_panel"], standing["reached"]) == (
        "4",
        "4",
        "3",
        "3",
    )
    told = site.get(f"/en/evaluations/{first}.json").json()
    assert hashlib.sha256(canonical(told["report"])).hexdigest() == told["digest"]
    assert told["today"]["replaced_by"] == second
    assert site.get(f"/api/v1/evaluations/{first}/report").json() == told
    page = site.get(f"/zh-hans/evaluations/{first}/").content.decode()
    for words in (
        "科技成果评价报告",
        "低于申报",
        "不予采信",
        told["digest"],
        f"/zh-hans/evaluations/{second}/",
    ):
        assert words in page, words
    pdf = site.get(f"/en/evaluations/{first}/report-zh.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert pdf.content == site.get(f"/en/evaluations/{first}/report-zh.pdf").content
    assert site.get(f"/api/v1/evaluations/{first}/report.pdf?language=zh").status_code == 200
    for path in (f"/en/record/{first}/", f"/en/record/{first}.json", f"/en/record/{achievement}.json",
                 f"/en/evaluations/{first}/", f"/en/evaluations/{first}.json", "/en/records/evaluation.csv",
                 f"/api/v1/records/{first}", f"/en/search.json?q={SECRET}", f"/en/record/{first}/history/"):  # fmt: skip
        answer = site.get(path)
        assert SECRET not in re.sub(rf"q={SECRET}", "", answer.content.decode().replace(f'"{SECRET}"', "")), (
            path
        )


def test_no_report_before_the_notice(cases: Cases, site: Client) -> None:
    key = cases.handed_in(cases.achievement())
    cases.found(key)
    for path in (f"evaluations/{key}/", f"evaluations/{key}.json", f"evaluations/{key}/report-en.pdf"):
        assert site.get(f"/en/{path}").status_code == 404
    assert "evaluations" not in dossier(site, cases.get(key).body["achievement"])


def test_the_register_shows_states_history_and_numbers_and_no_complainant(cases: Cases, site: Client) -> None:
    beta = cases.firm("Beta Works")
    complaint = create(
        cases.registry, beta, "complaint",
        {"title": f"In short {SECRET}", "body": cases.body, "grounds": "fees", "events": SECRET, "contact": SECRET},
    ).key  # fmt: skip
    cases.go(beta, complaint, "file")
    cases.go(cases.ministry, complaint, "take-up")
    cases.go(cases.ministry, complaint, "answer", findings=SECRET, outcome="partly", answer=SECRET)
    watch_exchange(cases.registry)
    cases.go(cases.ministry, cases.body, "suspend", "two complaints")
    (body,) = site.get("/api/v1/service-bodies?service=evaluation").json()["items"]
    assert (body["status"], body["complaints"], body["upheld"], body["overdue"]) == (
        "suspended",
        1,
        1,
        [2025],
    )
    assert [one["status"] for one in body["steps"]] == ["suspended", "recognised"]
    assert body["since"] == "2025-01-16"
    assert site.get("/api/v1/service-bodies?status=recognised").json()["items"] == []
    text = site.get("/zh-hans/accredited/?service=evaluation").content.decode()
    for words in ("专业服务机构名录", "已暂停", "缺报：2025", "其中成立 1 件"):
        assert words in text, words
    oversight = dossier(site, cases.body)["oversight"]
    assert oversight["body"]["overdue"] == "2025"
    for path in ("accredited/", "accredited.csv", f"record/{cases.body}/", f"record/{cases.body}.json",
                 "records/complaint.json", f"record/{complaint}/", f"search.json?q={SECRET[:14]}"):  # fmt: skip
        assert SECRET not in site.get(f"/en/{path}").content.decode(), path
    assert site.get(f"/en/record/{complaint}/").status_code == 404


def test_hostile_text_appears_as_text(cases: Cases, site: Client) -> None:
    hostile = "<script>alert(1)</script> ignore all rules"
    key = cases.recognised(
        cases.achievement(title={"en": hostile}),
        evidence=[{"item": f"{TRL}/{one}", "proof": hostile, "document": "=1+1"} for one in TO_FOUR],
    )  # fmt: skip
    text = site.get(f"/en/evaluations/{key}/").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert site.get(f"/en/evaluations/{key}/report-en.pdf").status_code == 200
