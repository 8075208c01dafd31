"""The command on invented corpora: what it stores, what it shows, and how it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.foresight.backtest.invented import origins
from tests.foresight.corpora import made, planted

from foretrack.cli.main import run
from foretrack.corpus.results import ResultStore
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.backtest import (
    Backtest,
    BacktestRequest,
    backtest,
    backtests_dir,
    parse_origins,
)
from foretrack.domains.foresight.actions.scoreboard import scoreboard
from foretrack.domains.foresight.answers import EmergingList, ScanSummary, to_json
from foretrack.domains.foresight.doors.report.page import CorpusPart, Report, render
from foretrack.domains.foresight.doors.scores import backtest_pages, score_tables, scoreboard_pages
from foretrack.domains.foresight.doors.speech import speak
from foretrack.domains.foresight.forecasting.baselines.outlook import outlook
from foretrack.domains.foresight.history.origins import Origin
from foretrack.domains.foresight.links.cases import LinkCase
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.foundation.progress import Progress


class InventedPast:
    """Concepts and technologies of a world that has nothing to do with the documents."""

    def __init__(self) -> None:
        self.concepts: Sequence[Origin] = origins(first=2005, last=2012, known_until=2017, units=100)
        self.technologies: Sequence[Origin] = origins(
            first=2005, last=2012, known_until=2017, units=40, seed=2
        )

        self.links: Sequence[LinkCase] = ()

    def mentions(self, origin: Origin) -> Any:
        raise AssertionError("nobody asked for the topic model")


def look_back(
    workspace: Workspace,
    *,
    years: Sequence[int],
    with_mentions: bool,
    threads: int | None,
    progress: Progress,
) -> InventedPast:
    assert years[-1] == 2012
    return InventedPast()


def judged(workspace: Workspace, **request: Any) -> Backtest:
    asked = BacktestRequest((2011, 2012), draws=200, **request)
    return backtest(workspace, asked, look_back=look_back, model=lambda: outlook)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    documents = planted(first=2001, last=2017, per_year=101, new_source_from=None)
    return made(tmp_path_factory.mktemp("judged") / "workspace", documents)


@pytest.fixture(scope="module")
def found(workspace: Workspace) -> Backtest:
    return judged(workspace)


def documented(section: str) -> set[str]:
    text = (Path(__file__).parents[3] / "docs/guide/json.md").read_text(encoding="utf-8")
    part = re.search(rf"^## {re.escape(section)}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert part is not None
    return set(re.findall(r"^\| `(\w+)` \|", part[1], re.MULTILINE))


def test_every_figure_has_its_interval(found: Backtest) -> None:
    targets = found.answer["targets"]
    for target in ("EG3", "DBL3"):
        for unit in ("concept", "concept_multiword", "technology"):
            scores = targets[target][unit]
            assert (
                0
                < scores["base_rate"]["low"]
                <= scores["base_rate"]["value"]
                <= scores["base_rate"]["high"]
                < 1
            )
            for metric in ("auc", "ap", "ap_lift", "csi", "p50", "brier", "ece"):
                figure = scores["model"][metric]
                assert figure["low"] <= figure["value"] <= figure["high"], (target, unit, metric)
            assert set(scores["burst"]["difference"]) == set(scores["burst"]) - {"difference"}
            # The model of this trial is the outlook itself.
            assert scores["outlook"]["difference"]["auc"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    held = found.answer["quantiles"]["concept"]["climatology"]
    assert held["pinball_skill"]["value"] == 0
    assert set(held["coverage_80"]) == {"value", "low", "high", "bins", "origins", "years_ahead"}


def test_json_has_the_documented_keys(found: Backtest, workspace: Workspace) -> None:
    answer = json.loads(json.dumps(to_json(found.answer), allow_nan=False))
    assert set(answer) == documented("`backtest`")
    assert set(answer["targets"]["EG3"]["concept"]["model"]) <= {
        "auc", "ap", "ap_lift", "csi", "p50", "precision_at_recall_50", "brier", "ece",
    }  # fmt: skip
    board = to_json(scoreboard(workspace))
    assert set(board) == documented("`scoreboard`")
    assert set(board["lines"][0]) == documented("Scoreboard line")


def test_the_same_question_is_answered_from_the_store_and_again_with_the_same_bytes(
    found: Backtest, workspace: Workspace
) -> None:
    def never(*args: Any, **named: Any) -> Any:
        raise AssertionError("it was stored")

    request = BacktestRequest((2011, 2012), draws=200)
    assert backtest(workspace, request, look_back=never, model=lambda: outlook).name == found.name
    before = {path.name: path.read_bytes() for path in found.stored.folder.iterdir()}
    judged(workspace, again=True)
    after = {path.name: path.read_bytes() for path in found.stored.folder.iterdir()}

    assert before == after
    assert found.stored.check() == []


def test_every_figure_can_be_recounted_from_the_stored_forecasts(found: Backtest) -> None:
    import numpy as np

    from foretrack.domains.foresight.backtest.metrics import area_under_curve

    table = found.stored.table("forecasts").to_pylist()
    areas = []
    for origin in (2011, 2012):
        rows = [
            row
            for row in table
            if (row["origin"], row["target"], row["unit"], row["method"])
            == (origin, "EG3", "concept", "probit")
        ]
        assert rows
        areas.append(
            area_under_curve(
                np.array([row["order"] for row in rows]), np.array([row["truth"] for row in rows])
            )
        )

    assert found.answer["targets"]["EG3"]["concept"]["probit"]["auc"]["value"] == pytest.approx(
        np.mean(areas)
    )
    paths = found.stored.table("scores")["path"].to_pylist()
    assert "targets.EG3.concept.burst.difference.auc" in paths


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_shown_in_both_languages(found: Backtest, workspace: Workspace, language: str) -> None:
    from io import StringIO

    from rich.console import Console

    say = speak(language)
    board = scoreboard(workspace)
    out = StringIO()
    console = Console(file=out, width=200)
    for part in (*backtest_pages(found.answer, say), *scoreboard_pages(board, say)):
        console.print(part)
    text = out.getvalue()
    false_alarm = next(
        x for x in found.answer["lists"]["EG3"]["concept"]["false_alarms"] if x["origin"] == 2012
    )

    assert false_alarm["label"] in text
    assert ("误报" if language == "zh" else "False alarms") in text
    tables = score_tables(board, say)
    assert [each.folded for each in tables.tables].count(False) == 3
    assert all(len(row) == len(each.headings) for each in tables.tables for row in each.rows)


def test_an_empty_scoreboard_says_what_to_run(tmp_path: Path) -> None:
    empty = Workspace.create(tmp_path / "empty")

    with pytest.raises(EvidenceError, match="foretrack backtest"):
        scoreboard(empty)


def test_a_scoreboard_marks_what_was_judged_on_another_corpus(found: Backtest, workspace: Workspace) -> None:
    manifest = dict(found.stored.manifest)
    answer = {**manifest["answer"], "snapshot": "another"}
    tables = {name: found.stored.table(name) for name in manifest.pop("tables")}
    ResultStore(backtests_dir(workspace)).write("2001-2002-earlier", tables, {**manifest, "answer": answer})
    lines = {line.backtest: line.current for line in scoreboard(workspace).lines}

    assert lines == {found.name: True, "2001-2002-earlier": False}


@pytest.mark.parametrize("text", ["abc", "2019:", ":2019", "19:20", "2010-2019", ""])
def test_origins_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="2010:2019"):
        parse_origins(text)


def test_origins_the_wrong_way_round_are_turned_for_the_reader() -> None:
    with pytest.raises(InputError, match="--origins 2010:2019"):
        parse_origins("2019:2010")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("2030:2031", "needs documents until 2034, the last complete year is 2017"),
        ("2013:2015", "needs documents until 2018"),
        ("2003:2004", "an origin three years before it"),
    ],
)
def test_origins_that_the_corpus_cannot_judge(workspace: Workspace, asked: str, told: str) -> None:
    with pytest.raises(EvidenceError, match=told) as caught:
        backtest(workspace, BacktestRequest(parse_origins(asked)), model=lambda: outlook)

    assert "origins from 2007 to 2014" in str(caught.value)


def test_few_documents_and_one_year_are_not_enough(tmp_path: Path) -> None:
    ten = made(tmp_path / "ten", planted(first=2010, last=2011, per_year=5, new_source_from=None))
    year = made(tmp_path / "year", planted(first=2010, last=2010, per_year=320, new_source_from=None))

    for few in (ten, year):
        with pytest.raises(EvidenceError, match="not enough evidence for a backtest"):
            backtest(few, model=lambda: outlook)
    with pytest.raises(EvidenceError, match="has no documents"):
        backtest(Workspace.create(tmp_path / "none"), model=lambda: outlook)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["backtest"], 5, "has no documents"),
        (["backtest", "--origins", "abc"], 2, "2010:2019"),
        (["backtest", "--origins", "2019:2010"], 2, "the earlier year first"),
        (["backtest", "--threads", "0"], 2, "1 or more"),
        (["scoreboard"], 5, "run `foretrack backtest`"),
    ],
)
def test_a_person_is_told_with_the_exit_code_of_the_manual(
    words: list[str], code: int, told: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = str(Workspace.create(tmp_path / "workspace").root)
    assert run(["--workspace", folder, *words]) == code
    out, err = capfd.readouterr()

    assert told in err
    assert out == ""


def test_a_stored_backtest_is_shown_by_the_commands(
    found: Backtest, workspace: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = str(workspace.root)
    assert run(["--workspace", folder, "scoreboard", "--json"]) == 0
    board = json.loads(capfd.readouterr().out)
    assert found.name in {line["backtest"] for line in board["lines"]}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_shows_it_or_says_that_nothing_was_judged(
    found: Backtest, workspace: Workspace, language: str
) -> None:
    summary = ScanSummary("s", 2017, "x", "m", {}, 1, 2001, 1, 1, {}, "", 0.0)
    listing = EmergingList("s", 2017, "m", "x", None, 0, 0, ())
    report = Report(summary, listing, (), {}, CorpusPart("c", (), {}, ()), "0", "foretrack report")
    say = speak(language)
    shown = render(replace(report, scoreboard=scoreboard(workspace)), say)
    false_alarm = next(
        x for x in found.answer["lists"]["EG3"]["concept"]["false_alarms"] if x["origin"] == 2012
    )

    assert say("Kleinberg burst") in shown
    assert false_alarm["label"] in shown
    empty = render(report, say)
    assert "<code>foretrack backtest</code>" in empty
    assert say("Kleinberg burst") not in empty


def test_origins_that_end_before_they_begin_are_refused_in_code_too(tmp_path: Path) -> None:
    workspace = made(tmp_path / "w", planted(first=2006, last=2016, per_year=104, new_source_from=None))
    with pytest.raises(InputError, match="end before they begin"):
        backtest(workspace, BacktestRequest((2012, 2010)))
