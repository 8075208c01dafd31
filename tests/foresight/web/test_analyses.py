"""Map, radar, comparison, scoreboard, who leads, pairs, candidates and methods over HTTP."""

from __future__ import annotations

import csv
import io
import re
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.foresight.web.conftest import FORESEEN, LONG, SCRIPT, Get

from foretrack.corpus.results import ResultStore
from foretrack.corpus.store import Corpus
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.backtest import backtests_dir
from foretrack.domains.foresight.actions.candidates import Person, decide
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.actions.technology_map import technology_map
from foretrack.installation.opening import configured_installation, registry_of

PATHS = (
    "map/", "radar/", "compare/", "scoreboard/", "methods/", "candidates/", "positions/", "positions/?by=organisation",
)  # fmt: skip


def waited(get: Get, path: str, **how: Any) -> Any:
    """The page when nothing is waited for any more."""
    for _ in range(100):
        response = get(path, **how)
        if response.status_code != 503 and b"aria-busy" not in response.content:
            return response
        time.sleep(0.2)
    raise AssertionError(f"{path} was waited for in vain")


def table(response: Any) -> list[dict[str, str]]:
    assert response.status_code == 200, response.content
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.fixture
def own(db: None, settings: Any, workspace: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the workspace that a test may write into."""
    shutil.copytree(workspace.root, tmp_path / "own")
    settings.FORETRACK = replace(configured_installation(), workspace=tmp_path / "own")
    registry_of(settings.FORETRACK)
    return Workspace.open(tmp_path / "own")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", PATHS)
def test_every_analysis_has_a_page_in_both_languages(
    lookout: Workspace, get: Get, path: str, language: str
) -> None:
    response = waited(get, path, language=language)

    page = response.content.decode()
    assert response.status_code == 200
    assert page.count("<h1") == 1
    if language == "zh-hans":
        assert re.search(r"<h1>[\u4e00-\u9fff]", page)


@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith("scoreboard")])
def test_without_a_scan_every_analysis_says_what_to_do(bare: Workspace, get: Get, path: str) -> None:
    response = get(path)

    assert response.status_code == 409
    assert "foretrack scan" in response.content.decode()


# The map


def test_the_map_says_the_same_as_its_table_and_its_data(lookout: Workspace, get: Get, scan: Scan) -> None:
    page = waited(get, "map/").content.decode()
    told = waited(get, "map.json").json()
    rows = table(waited(get, "map.csv"))

    listed = scan.stored.table("technologies")["technology"].to_pylist()
    assert (
        {point["item"]["technology"] for point in told["points"]}
        == set(listed)
        == {r["technology"] for r in rows}
    )
    assert page.count("data-near=") == len(listed)
    assert all(abs(point["x"]) < 50 and abs(point["y"]) < 50 for point in told["points"])
    assert told["method"] == "map-1"


def test_the_map_is_filtered_and_searched(lookout: Workspace, get: Get, scan: Scan) -> None:
    stages = scan.stored.table("technologies")["stage"].to_pylist()

    for stage in set(stages):
        assert len(table(waited(get, f"map.csv?stage={stage}"))) == stages.count(stage)
    assert table(waited(get, "map.csv?q=zzzzqq")) == []
    assert "<table" not in waited(get, "map/?q=zzzzqq").content.decode()


@pytest.mark.parametrize("query", ["colour=pink", "stage=odd", "direction=nowhere"])
def test_the_map_refuses_what_it_does_not_know(lookout: Workspace, get: Get, query: str) -> None:
    waited(get, "map/")

    assert get(f"map/?{query}").status_code == 400


def test_a_map_is_remembered_and_may_be_forgotten(own: Workspace, scan: Scan) -> None:
    here = Scan(ResultStore(own.results_dir).open(scan.name))
    first = technology_map(own, here)
    files = sorted((own.root / "cache" / "maps").glob("*.json"))
    assert files
    assert len(files) == len(first.follows) + 1

    assert technology_map(own, here) == first
    files[0].write_text("{", encoding="utf-8")
    assert technology_map(own, here) == first
    shutil.rmtree(own.root / "cache" / "maps")
    assert technology_map(own, here) == first


def test_a_workspace_that_forgot_its_years_still_has_a_map(own: Workspace, scan: Scan) -> None:
    shutil.rmtree(own.years_dir, ignore_errors=True)

    found = technology_map(own, Scan(ResultStore(own.results_dir).open(scan.name)))

    assert found.follows == ()
    assert len(found.points) == scan.stored.table("technologies").num_rows


# The radar


@pytest.mark.parametrize("rings", ["stage", "time", "growth"])
@pytest.mark.parametrize("segments", ["direction", "track", "group"])
def test_the_radar_places_what_it_lists(lookout: Workspace, get: Get, segments: str, rings: str) -> None:
    address = f"?segments={segments}&rings={rings}"
    page = get(f"radar/{address}").content.decode()
    rows = table(get(f"radar.csv{address}"))
    told = get(f"radar.json{address}").json()

    assert len(told["technologies"]) == len(rows)
    assert told["n_without"] + len(rows) <= max(told["n_technologies"], len(rows) + told["n_without"])
    assert page.count('tabindex="-1" aria-label') == 0
    for row in rows:
        assert row["segment"]
        assert row["ring"]


def test_a_radar_without_a_forecast_says_so_instead_of_guessing(
    lookout: Workspace, get: Get, scan: Scan
) -> None:
    assert all(p is None for p in scan.stored.table("technologies")["p_eg3"].to_pylist())

    page = get("radar/?rings=growth").content.decode()

    assert "No technology has enough evidence" in page
    assert get("radar/?rings=odd").status_code == 400


# Comparing


def test_two_stored_years_are_compared(lookout: Workspace, get: Get) -> None:
    page = get("compare/?before=2017&after=2020&top=20")
    told = get("compare.json?before=2017&after=2020&top=20").json()
    rows = table(get("compare.csv?before=2017&after=2020&top=20"))

    assert page.status_code == 200
    assert (told["as_of_before"], told["as_of_after"], told["top"]) == (2017, 2020, 20)
    assert [row["concept"] for row in rows] == [change["concept"] for change in told["changes"]]
    assert told["changes"]
    assert all(2017 < event["year"] <= 2020 for event in told["technology_events"])


def test_reasons_are_told_in_chinese_too(lookout: Workspace, get: Get) -> None:
    page = get("compare/?before=2017&after=2020", language="zh-hans").content.decode()

    assert "recent documents" not in page
    assert "近三年文献" in page


def test_only_stored_years_can_be_compared(lookout: Workspace, get: Get) -> None:
    assert get("compare/?before=1999&after=2020").status_code == 404
    assert get("compare/?before=x").status_code == 404
    same = get("compare/?before=2020&after=2020").content.decode()
    assert "choose two different ones" in same


def test_with_one_scan_the_comparison_says_how_to_make_another(own: Workspace, get: Get) -> None:
    for name in ResultStore(own.results_dir).list():
        if name.startswith("2017"):
            shutil.rmtree(own.results_dir / name)

    page = get("compare/").content.decode()

    assert "Only 2020 has been scanned" in page
    assert "foretrack scan --as-of 2017" in page


# The scoreboard


def estimate(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.1, "high": value + 0.1}


def judge_by_hand(workspace: Workspace, *, clean: bool = True) -> None:
    """A stored backtest of two concepts and three methods, written by hand."""
    metrics = ("auc", "ap_lift", "csi", "p50", "ece")
    methods: dict[str, Any] = {
        "base_rate": estimate(0.5), "model": {m: estimate(0.8) for m in metrics},
        "burst": {m: estimate(0.6) for m in metrics} | {"difference": {m: estimate(0.2) for m in metrics}},
        "by_origin": {"2015": {"model": {"auc": 0.8}, "burst": {"auc": 0.6}}},
    }  # fmt: skip
    named = {
        "origin": 2015,
        "unit": "gone-concept",
        "label": SCRIPT,
        "rank": 9,
        "probability": 0.1,
        "growth": 3.0,
    }
    answer = {
        "method": "forecast-1", "snapshot": Corpus(workspace.corpus_dir).snapshot(), "origins": [2015],
        "learnt_from": 2009, "known_until": 2020, "draws": 10, "n_units": {"concept": {"2015": 2}},
        "targets": {"EG3": {"concept": methods}}, "quantiles": {}, "lead": {},
        "lists": {"EG3": {"concept": {"misses": [named], "false_alarms": [], "hits": []}}}, "links": {},
        "audit": {
            "clean": clean, "fits": 1, "rerun": [2015], "rederived": [2015], "marked": [],
            "findings": [] if clean else [{"leak": "scaling", "weight": "leak", "year": 2015, "said": "knew 2016"}],
        },
        "left_out": {},
    }  # fmt: skip
    forecasts = pa.table({
        "origin": [2015] * 4, "target": ["EG3"] * 4, "unit": ["concept"] * 4, "id": list("abcd"), "label": list("abcd"),
        "truth": [True, False, True, False], "method": ["model"] * 4, "order": [1.0] * 4, "p": [0.9, 0.2, 0.7, 0.1],
        "called": [True] * 4,
    })  # fmt: skip
    store = ResultStore(backtests_dir(workspace))
    store.write(
        "by-hand",
        {"forecasts": forecasts},
        {"answer": answer},
        created={"created_at": "2026-01-01T00:00:00Z"},
    )


def test_without_a_backtest_the_scoreboard_says_that_nobody_knows(lookout: Workspace, get: Get) -> None:
    response = get("scoreboard/")

    assert response.status_code == 200
    assert "nobody knows" in response.content.decode()
    assert "foretrack backtest" in response.content.decode()
    assert get("scoreboard.json").json()["lines"] == []


def test_the_scoreboard_shows_scores_misses_and_calibration(own: Workspace, get: Get) -> None:
    judge_by_hand(own)

    page = get("scoreboard/").content.decode()
    told = get("scoreboard.json").json()
    rows = table(get("scoreboard.csv"))
    bins = table(get("scoreboard.csv?chart=calibration"))

    assert "0.800" in page
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page
    assert "knew what came later" in page
    assert told["backtest"]["targets"]["EG3"]["concept"]["model"]["auc"]["value"] == 0.8
    assert {row["method"] for row in rows} == {"model", "burst"}
    assert sum(float(row["n"]) for row in bins) == 4
    assert get("scoreboard/?backtest=none").status_code == 404
    assert get("scoreboard/?year=1999").status_code == 400
    assert get("scoreboard/?unit=technology").status_code == 400


def test_scores_that_leaked_are_said_not_to_be_believed(own: Workspace, get: Get) -> None:
    judge_by_hand(own, clean=False)

    page = get("scoreboard/").content.decode()

    assert "cannot be believed" in page
    assert "knew 2016" in page


# Who leads, and pairs


def test_who_leads_answers_with_the_documented_shape(lookout: Workspace, get: Get) -> None:
    told = waited(get, "positions.json").json()
    rows = table(waited(get, "positions.csv"))

    assert told["by"] == "country"
    assert len(told["items"]) == len(rows)
    assert {"group", "risk", "concentration", "notes", "n_naming"} <= told.keys()


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("by=planet", 400, "planet"), ("in=concept&name=zzzzqq", 200, "zzzzqq"), ("in=concept", 200, "Say which one"),
        ("counting=twice", 400, "twice"),
    ],
)  # fmt: skip
def test_a_question_without_an_answer_is_answered_in_words(
    lookout: Workspace, get: Get, query: str, status: int, said: str
) -> None:
    response = waited(get, f"positions/?{query}")

    assert response.status_code == status
    assert said in response.content.decode()


def test_pairs_are_learnt_once_and_asked_again(lookout: Workspace, get: Get) -> None:
    waiting = get("links/").content.decode()
    assert "aria-busy" in waiting or "<table" in waiting or 'class="empty"' in waiting

    page = waited(get, "links/").content.decode()
    assert "<h1" in page
    told = waited(get, "links.json").json()
    if told["items"]:
        first = told["items"][0]
        of = first["first"]["concept"]
        only = waited(get, f"links.json?concept={of}").json()["items"]
        assert all(of in (pair["first"]["concept"], pair["second"]["concept"]) for pair in only)
    else:
        assert told.get("why") or told["n_open"] == 0
    assert "zzzzqq" in waited(get, "links/?concept=zzzzqq").content.decode()


# Candidates


def test_who_decided_and_why_is_not_for_visitors(own: Workspace, get: Get, scan: Scan) -> None:
    here = Scan(ResultStore(own.results_dir).open(scan.name))
    name = here.items(here.ranking[:1])[0].concept
    decide(own, here, name, to="candidate", why=f"secret reason {SCRIPT}", by=Person("Ann Example"))

    for path in (
        "candidates/",
        f"candidates/{name}/",
        "candidates.json",
        "candidates.csv",
        f"candidates/{name}.json",
    ):
        told = get(path).content.decode()
        assert "Ann Example" not in told, path
        assert "secret reason" not in told, path
    page = get(f"candidates/{name}/", role="auditor").content.decode()
    assert "Ann Example" in page
    assert "secret reason" in page
    assert SCRIPT not in page


def test_a_candidate_shows_the_line_to_type(lookout: Workspace, get: Get, scan: Scan) -> None:
    listed = get("candidates.json").json()
    name = (listed["items"] or [{"candidate": scan.items(scan.ranking[:1])[0].concept}])[0]["candidate"]

    page = get(f"candidates/{name}/").content.decode()

    assert f"foretrack candidates decide {name} --to candidate" in page
    assert "<form" not in page.split("<main")[1].split("</main")[0]
    assert get("candidates/zzzzqq/").status_code == 404
    assert get("candidates/?stage=odd").status_code == 400


def test_hostile_names_are_shown_as_text(lookout: Workspace, get: Get) -> None:
    page = get(f"candidates/hostile/?scan={FORESEEN}", language="zh-hans").content.decode()
    english = get(f"candidates/hostile/?scan={FORESEEN}").content.decode()

    assert LONG in page
    assert LONG in english  # the only name it has
    assert SCRIPT not in page + english + get(f"candidates/?scan={FORESEEN}").content.decode()


# Methods


def test_methods_say_data_thresholds_failures_and_how_to_cite(
    lookout: Workspace, get: Get, scan: Scan
) -> None:
    page = waited(get, "methods/").content.decode()
    told = waited(get, "methods.json").json()

    assert told["snapshot"] == scan.snapshot
    assert told["snapshot"] in told["cite"]
    assert "<math" in page
    assert "<mfrac>" in page
    for anchor in ("map", "stages", "monopoly", "leaks", "links", "growth", "states", "cite"):
        assert f'id="{anchor}"' in page
    states = next(section for section in told["sections"] if section["anchor"] == "states")
    assert "0.35" in states["texts"][0]
    assert str(get("methods/").wsgi_request.path) == "/en/lookout/methods/"
