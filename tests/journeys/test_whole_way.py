"""The whole way from a folder of exports to a list, an explanation and a report, as a person walks it."""

from __future__ import annotations

import csv
import re
import shlex
import shutil
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, TypeAlias

import pytest

Person: TypeAlias = Callable[..., Any]
MINI = Path(str(resources.files("foretrack.samples"))) / "mini"
GUIDE = Path(__file__).parents[2] / "docs" / "guide"


@pytest.fixture
def scanned(person: Person, scanned_sample: Path, tmp_path: Path) -> Person:
    """A person in a workspace with the invented folder, scanned as of 2019 and 2022."""
    shutil.copytree(scanned_sample, tmp_path / "workspace")
    return person


def documented(section: str) -> set[str]:
    """Keys that docs/guide/json.md gives for a command or a part of its answer."""
    text = (GUIDE / "json.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(section)}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, section
    return set(re.findall(r"^\| `(\w+)` \|", found[1], re.MULTILINE))


def test_read_is_kept_merged_and_rejected(person: Person) -> None:
    first = person("ingest", MINI, "--json").json
    again = person("ingest", MINI, "--json").json

    for answer in (first, again):
        for counts in (answer["total"], *answer["files"]):
            assert counts["read"] == counts["kept"] + counts["merged"] + counts["rejected"]
    assert (first["total"]["kept"], first["total"]["merged"], first["total"]["rejected"]) == (116, 3, 1)
    assert (again["total"]["kept"], again["total"]["rejected"]) == (0, 1)
    assert first["snapshot"] == again["snapshot"]


def test_json_has_the_documented_keys(scanned: Person, tmp_path: Path) -> None:
    concept = scanned("emerging", "--json").json["items"][0]["concept"]
    answers = {
        "`init`": scanned("init", "--json").json,
        "`ingest`": scanned("ingest", MINI, "--json").json,
        "`corpus`": scanned("corpus", "--json").json,
        "`scan`": scanned("scan", "--as-of", "2022", "--json").json,
        "`emerging`": scanned("emerging", "--json").json,
        "`show`": scanned("show", concept, "--json").json,
        "`explain`": scanned("explain", concept, "--json").json,
        "`compare`": scanned("compare", "--as-of", "2020", "--as-of", "2022", "--json").json,
        "`report`": scanned("report", tmp_path / "r.html", "--json").json,
        "`sources`": scanned("sources", "--json").json,
        "`doctor`": scanned("doctor", "--json").json,
        "`tracks`": scanned("tracks", "solid-state battery", "--embedder", "none", "--json").json[0],
    }
    item = answers["`emerging`"]["items"][0]
    parts = {
        "File": {
            k: v for k, v in answers["`ingest`"]["files"][0].items() if k not in {"seen_before", "notes"}
        },
        "Item": item,
        "Measures": item["measures"],
        "Series point": answers["`show`"]["series"][0],
        "Evidence document": answers["`show`"]["evidence"][0],
        "Contribution": answers["`explain`"]["contributions"][0],
        "Change": answers["`compare`"]["changes"][0],
    }

    for section, answer in {**answers, **parts}.items():
        assert set(answer) == documented(section), section


def test_an_explanation_can_be_recounted(scanned: Person) -> None:
    """The number of documents in the list is the number of identifiers that explain prints."""
    for item in scanned("emerging", "--json", "--limit", "5").json["items"]:
        why = scanned("explain", item["concept"], "--json").json
        ids = [document for _, documents in why["documents_by_year"] for document in documents]

        assert len(ids) == len(set(ids)) == item["measures"]["n_documents"]
        recent = [d for year, documents in why["documents_by_year"] if year > 2019 for d in documents]
        assert len(recent) == item["measures"]["n_recent"]


def test_the_first_ranks_are_the_inventions_that_grow(scanned: Person) -> None:
    labels = [
        item["label"].replace("-", " ")
        for item in scanned("emerging", "--json", "--limit", "2").json["items"]
    ]

    assert set(labels) == {"glass battery", "moss computing"}


def test_the_past_does_not_know_the_future(scanned: Person, tmp_path: Path) -> None:
    """Documents that arrive later, of later years, change nothing in the list as of an earlier year."""
    before = scanned("scan", "--as-of", "2020", "--json").json
    first = scanned("emerging", "--as-of", "2020", "--json").json["items"]
    more = tmp_path / "more.csv"
    rows = [f"A later invented text on a glass battery and tidal robot {n},202{1 + n % 2}" for n in range(40)]
    more.write_text("\n".join(["title,year", *rows]) + "\n")
    assert scanned("ingest", more, "--json").json["total"]["kept"] == 40

    after = scanned("scan", "--as-of", "2020", "--json").json
    second = scanned("emerging", "--scan", after["scan"], "--json").json["items"]

    assert after["snapshot"] != before["snapshot"]
    assert after["n_documents"] == before["n_documents"]
    assert first == second


def test_files_hold_the_whole_list(scanned: Person, tmp_path: Path) -> None:
    ranked = scanned("emerging", "--json").json["n_ranked"]
    for name in ("list.csv", "list.xlsx", "list.parquet", "list.json"):
        assert scanned("emerging", "--output", tmp_path / name).code == 0

    rows = list(csv.DictReader((tmp_path / "list.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == ranked
    assert [int(row["rank"]) for row in rows] == list(range(1, ranked + 1))


def test_csv_goes_to_a_pipe(scanned: Person) -> None:
    ended = scanned("emerging", "--format", "csv", "--limit", "3")

    assert ended.code == 0
    assert len(ended.out.strip().splitlines()) == 4


def test_the_same_question_is_answered_from_the_store(scanned: Person) -> None:
    first = scanned("scan", "--as-of", "2022", "--json").json
    second = scanned("scan", "--as-of", "2022", "--json").json

    assert first == second


def test_a_second_look_after_new_documents_says_so(scanned: Person, tmp_path: Path) -> None:
    more = tmp_path / "more.csv"
    more.write_text("title,year\nOne more invented title on a glass battery,2022\n")
    scanned("ingest", more)

    assert "has changed" in scanned("emerging").err


def test_a_filter_restricts_and_is_shown(scanned: Person) -> None:
    assert scanned("scan", "--as-of", "2022", "--source", "openalex", "--json").json["n_documents"] == 19
    ended = scanned("scan", "--as-of", "2022", "--country", "XX")

    assert ended.code == 5
    assert "filters" in ended.err


def test_an_unknown_concept_is_answered_with_near_ones(scanned: Person) -> None:
    ended = scanned("show", "glas batery")

    assert ended.code == 2
    assert "glass battery" in ended.err


def test_chinese_from_end_to_end(scanned: Person, tmp_path: Path) -> None:
    listed = scanned("emerging", "--lang", "zh")
    scanned("report", tmp_path / "zh.html", "--lang", "zh")

    assert "新兴技术清单" in listed.out
    assert 'lang="zh-Hans"' in (tmp_path / "zh.html").read_text(encoding="utf-8")


def test_the_guide_can_be_followed(shell: Person, tmp_path: Path) -> None:
    """Every `foretrack` line of docs/guide/start.md, typed in order by the installed program."""
    (tmp_path / "exports").mkdir()
    for file in MINI.iterdir():
        (tmp_path / "exports" / file.name).write_bytes(file.read_bytes())
    text = (GUIDE / "start.md").read_text(encoding="utf-8")
    lines = [
        line
        for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
        if line.startswith("foretrack ")
    ]

    assert len(lines) >= 6
    for line in lines:
        ended = shell(*shlex.split(line, comments=True)[1:])
        assert ended.code == 0, (line, ended)
        assert "Traceback" not in ended.err


def test_the_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """docs/guide/example.py, cell by cell in one namespace as a notebook would."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for cell in (GUIDE / "example.py").read_text(encoding="utf-8").split("# %%"):
        exec(compile(cell.removeprefix(" [markdown]"), "example.py", "exec"), names)

    printed = capsys.readouterr().out
    assert "glass battery" in printed
    assert printed.strip().endswith("True")
