"""Pages of one concept, technology and track: every number leads to its documents, and nothing comes from the future."""

from __future__ import annotations

import html
import itertools
import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from tests.foresight.web.conftest import FORESEEN, LONG, SCRIPT, Get

from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.actions.show import explain
from foretrack.domains.foresight.actions.technologies import StoredTechnologies
from foretrack.domains.foresight.answers import to_json

pytestmark = pytest.mark.usefixtures("lookout")
KIND = "cn-future-industries-2024"


def spec_of(page: str, chart: str) -> dict[str, Any]:
    found = re.search(rf'id="chart-{chart}" data-spec="(.*?)"', page, re.DOTALL)
    assert found is not None
    made: dict[str, Any] = json.loads(html.unescape(found[1]))
    return made


def test_every_year_opens_as_many_documents_as_it_counts(get: Get, scan: Scan) -> None:
    series = [p for p in scan.series(scan.row_of("glass-battery")) if p.source == "all" and p.n_documents]
    page = get("concepts/glass-battery/").content.decode()

    assert series
    for point in series:
        assert f"/en/lookout/concepts/glass-battery/documents/?year={point.year}" in page
    told = get(f"concepts/glass-battery/documents.json?year={series[-1].year}").json()
    assert told["total"] == series[-1].n_documents
    assert {d["year"] for d in told["documents"]} == {series[-1].year}


def test_its_data_are_the_documented_answers(get: Get, scan: Scan) -> None:
    told = get("concepts/glass-battery.json").json()

    assert told["explain"] == json.loads(json.dumps(to_json(explain(scan, "glass-battery"))))
    assert told["show"]["item"]["concept"] == "glass-battery"
    assert told["show"]["evidence"]


def test_the_state_is_explained_with_its_numbers(get: Get, scan: Scan) -> None:
    item = scan.items([scan.row_of("vibration-qubit")])[0]
    page = get("concepts/vibration-qubit/").content.decode()

    assert item.state == "emerging"
    assert f"{item.measures.n_recent} documents in the last three years" in page
    assert f"novelty {item.measures.novelty:.2f}; at least 0.35" in page
    assert "新颖度" in get("concepts/vibration-qubit/", language="zh-hans").content.decode()


def test_a_spelling_leads_to_the_one_address(get: Get) -> None:
    answer = get("concepts/Glass Battery/?as-of=2017")

    assert answer.status_code == 301
    assert answer.headers["Location"] == "/en/lookout/concepts/glass-battery/?as-of=2017"
    assert get("concepts/Glass Battery.json").json()["show"]["item"]["concept"] == "glass-battery"


def test_a_chinese_spelling_is_an_address(get: Get) -> None:
    answer = get(f"concepts/{quote(LONG)}/?scan={FORESEEN}", language="zh-hans")

    assert answer.headers["Location"] == f"/zh-hans/lookout/concepts/hostile/?scan={FORESEEN}"


def test_an_unknown_concept_is_met_with_the_nearest(get: Get) -> None:
    answer = get("concepts/glas-batery/")

    assert answer.status_code == 404
    assert "glass battery" in answer.content.decode()
    assert get(f"concepts/{quote('<script>')}/").status_code == 404
    assert "<script>" not in get(f"concepts/{quote('<script>')}/").content.decode().partition("<h1>")[2]


def test_the_page_of_a_year_holds_nothing_later(get: Get) -> None:
    told = get("concepts/glass-battery.json?as-of=2017").json()
    page = get("concepts/glass-battery/?as-of=2017").content.decode()

    assert max(p["year"] for p in told["show"]["series"]) == 2017
    assert max(d["year"] for d in told["show"]["evidence"]) == 2017
    assert "year=2018" not in page
    assert "not found then" not in page
    assert "As the scans of each year saw it" in get("concepts/glass-battery/").content.decode()


def test_a_forecast_is_a_fan_that_opens_from_the_last_count(get: Get) -> None:
    page = get(f"concepts/hostile/?scan={FORESEEN}").content.decode()
    spec = spec_of(page, "share")
    rows = spec["datasets"]["rows"]
    counted = [row for row in rows if row.get("share") is not None]
    ahead = [row for row in rows if row.get("q50") is not None]

    assert [row["year"] for row in ahead] == [2021, 2022, 2023, 2024, 2025]
    assert [row["now"] for row in counted] == [False] * (len(counted) - 1) + [True]
    assert ahead[0]["q05"] < ahead[0]["q50"] < ahead[0]["q95"]
    assert "100%" in page
    assert "likely" in page
    assert len(spec["layer"]) > len(
        spec_of(get("concepts/glass-battery/").content.decode(), "share")["layer"]
    )


def test_the_parts_of_a_score_add_up(get: Get) -> None:
    rows = spec_of(get(f"concepts/hostile/?scan={FORESEEN}").content.decode(), "parts")["datasets"]["rows"]

    assert rows[-1]["adds"] == pytest.approx(sum(row["adds"] for row in rows[:-1]))
    assert all(row["begin"] == pytest.approx(before["end"]) for before, row in itertools.pairwise(rows[:-1]))


def test_without_a_forecast_the_page_says_why(get: Get) -> None:
    assert "Nothing is forecast in this scan" in get("concepts/glass-battery/").content.decode()


def test_charts_are_pictures_in_chinese_too(get: Get) -> None:
    svg = get(f"concepts/hostile.svg?scan={FORESEEN}&chart=share", language="zh-hans")
    png = get(f"concepts/hostile.png?scan={FORESEEN}&chart=parts", language="zh-hans")

    assert "预测" in svg.content.decode()
    assert svg.headers["Content-Type"] == "image/svg+xml"
    assert png.content.startswith(b"\x89PNG")


def test_hostile_text_stays_text(get: Get, scan: Scan) -> None:
    pages = [
        get(f"concepts/hostile/?scan={FORESEEN}"), get(f"concepts/hostile/documents/?scan={FORESEEN}"),
        get("concepts/glass-battery/documents/"), get("concepts/moss-cathode/documents/?year=2020"),
        *(get(f"concepts/{c}/documents/?year=2020") for c in scan.concepts["concept"].to_pylist()),
    ]  # fmt: skip
    texts = [page.content.decode() for page in pages]

    assert all("<script>document" not in text and "<img" not in text.partition("<main")[2] for text in texts)
    assert any("&lt;script&gt;document" in text for text in texts[3:])
    assert all('href="javascript:' not in text for text in texts)


def test_spellings_are_counted_on_demand(get: Get) -> None:
    told = get("concepts/glass-battery/spellings.json").json()

    assert told["spellings"][0][1] > 0
    assert told["n_read"] == told["n_documents"]
    assert (
        'hx-get="/en/lookout/concepts/glass-battery/spellings/"'
        in get("concepts/glass-battery/").content.decode()
    )


def test_who_leads_is_counted_on_demand(get: Get) -> None:
    page = get("concepts/glass-battery/leaders/").content.decode()

    assert "By country" in page
    assert "By organisation" in page


def test_watching_is_offered_to_those_who_may(get: Get) -> None:
    assert "?concept=glass-battery" not in get("concepts/glass-battery/").content.decode()
    assert (
        "/en/watch/?concept=glass-battery" in get("concepts/glass-battery/", role="officer").content.decode()
    )


def test_a_technology_tells_its_stage_and_life(get: Get, scan: Scan) -> None:
    key = StoredTechnologies(scan).rows[0]["technology"]
    told = get(f"technologies/{key}.json").json()
    page = get(f"technologies/{key}/").content.decode()

    assert told["item"]["technology"] == key
    assert len(told["stage_because"]) >= 2
    assert page.count("holds</span>") + page.count("does not hold</span>") >= len(told["stage_because"])
    for concept in told["concepts"]:
        assert f"/en/lookout/concepts/{concept['concept']}/" in page
    assert all(str(event["year"]) in page for event in told["events"])


def test_the_list_of_technologies_filters(get: Get) -> None:
    everything = get("technologies.json").json()["items"]
    stage = everything[0]["stage"]
    some = get(f"technologies.json?stage={stage}").json()["items"]
    worded = get("technologies.json?words=qubit").json()["items"]

    assert [t for t in everything if t["stage"] == stage] == some
    assert len(some) < len(everything)
    assert all("qubit" in " ".join(t["concepts"]) for t in worded)
    assert worded
    assert get("technologies/?colour=red").status_code == get("technologies/?sort=x").status_code == 400


def test_a_technology_that_is_gone_says_what_became_of_it(get: Get) -> None:
    assert get("technologies/1066-norman-loom/").status_code == 404
    assert get("technologies/2020-echo-memory/?as-of=2017").status_code == 404
    assert (
        get("technologies/echo-memory/").headers["Location"] == "/en/lookout/technologies/2020-echo-memory/"
    )


def test_a_track_holds_what_the_list_finds_on_it(get: Get) -> None:
    told = get(f"tracks/{KIND}/new-energy-storage.json").json()
    listed = get(f"concepts.json?track={KIND}/new-energy-storage").json()["items"]
    page = get(f"tracks/{KIND}/new-energy-storage/").content.decode()

    assert told["n_concepts"] == len(listed) > 0
    assert f"/en/packs/{KIND}/new-energy-storage/" in page
    assert (
        get(f"tracks/{KIND}/nowhere/").status_code
        == get("tracks/no-pack/new-energy-storage/").status_code
        == 404
    )


def test_a_track_without_concepts_says_so(get: Get) -> None:
    told = get("tracks.json").json()
    empty = [t for p in told["packs"] for d in p["directions"] for t in d["tracks"] if not t["n_concepts"]]

    assert "Not enough evidence" in get(empty[0]["href"].removeprefix("/en/lookout/")).content.decode()


@pytest.mark.parametrize(
    "path",
    [
        f"?scan={FORESEEN}",
        f"concepts/?scan={FORESEEN}",
        f"concepts/hostile/?scan={FORESEEN}",
        "technologies/",
        "tracks/",
    ],
)
def test_no_page_carries_a_script_of_its_own_or_a_style(get: Get, path: str) -> None:
    page = get(path).content.decode()

    assert " style=" not in page
    assert SCRIPT not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\son[a-z]+=", page.partition("<main")[2].replace("data-spec", ""))
