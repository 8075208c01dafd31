"""The lookout over the API: documented shapes as described, cursors, ETags, and what is not there."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.api.conftest import Program

from foretrack.cli.main import run
from foretrack.domains.foresight.doors.web import routes, waiting
from foretrack.registry.registry import Registry


@pytest.fixture
def lookout(
    registry: Registry,
    visitor: Program,
    scanned_sample: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Program:
    """A visitor of an installation with the invented folder, scanned as of two years."""
    monkeypatch.setattr(waiting, "FOR_DATA", 60)  # how busy the machine is, is not what is tested
    shutil.copytree(scanned_sample, tmp_path, dirs_exist_ok=True)
    return visitor


QUESTIONS = {
    "/lookout/scans": ("/lookout/scans", 200),
    "/lookout/scans/{name}": ("", 200),
    "/lookout/concepts": ("/lookout/concepts?limit=3", 200),
    "/lookout/concepts/{concept}": ("/lookout/concepts/moss%20computing?evidence=2", 200),
    "/lookout/concepts/{concept}/explanation": ("/lookout/concepts/moss-computing/explanation", 200),
    "/lookout/technologies": ("/lookout/technologies", 200),
    "/lookout/technologies/{technology}": ("/lookout/technologies/no-such", 404),
    "/lookout/comparison": ("/lookout/comparison?before=2019&after=2022", 200),
    "/lookout/scoreboard": ("/lookout/scoreboard", 409),
    "/lookout/positions": ("/lookout/positions?by=organisation&top=3", 200),
    "/lookout/links": ("/lookout/links", 409),
    "/lookout/candidates": ("/lookout/candidates?top=5", 200),
    "/lookout/tracks": ("/lookout/tracks", 200),
    "/lookout/corpus": ("/lookout/corpus", 200),
}
"""Path as described to a question, and its status in so small a corpus: 409 where there is not enough evidence."""


def test_every_route_answers_in_the_shape_that_it_describes(lookout: Program) -> None:
    described = lookout.get("/openapi.json").json()
    paths = {path: methods for path, methods in described["paths"].items() if path.startswith("/lookout/")}
    name = lookout.get("/lookout/scans").json()["items"][0]["scan"]

    assert {path for path, methods in paths.items() if "get" in methods} == set(QUESTIONS)
    for path, (asked, status) in QUESTIONS.items():
        answer = lookout.get(asked or f"/lookout/scans/{name}")
        assert answer.status_code == status, (path, answer.content)
        if status != 200:
            assert answer.headers["Content-Type"].startswith("application/problem+json"), path
            continue
        content = paths[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(answer.json(), {**content, "components": described["components"]})


def test_texts_are_placed_on_tracks_without_a_token(lookout: Program) -> None:
    answer = lookout.post("/lookout/tracks/placing", {"texts": ["硫化物固态电解质"], "top": 1})

    assert answer.status_code == 200, answer.content
    assert answer.json()["items"][0]["track"] == "new-energy-storage"


def test_the_list_is_walked_by_its_cursor_and_stays_with_its_scan(lookout: Program) -> None:
    whole = lookout.get("/lookout/concepts?limit=200").json()
    walked: list[Any] = []
    address: str | None = "/lookout/concepts?limit=4"
    while address:
        part = lookout.get(address).json()
        assert part["scan"] == whole["scan"]
        walked += part["items"]
        address = part["next"]

    assert [one["rank"] for one in walked] == list(range(1, whole["n_ranked"] + 1))
    assert walked == whole["items"]
    assert lookout.get("/lookout/concepts?limit=4&cursor=invented").status_code == 400


def test_the_list_is_filtered_and_ordered_as_on_the_page(lookout: Program) -> None:
    every = lookout.get("/lookout/concepts?limit=200").json()["items"]
    states = sorted({one["state"] for one in every})[:2]

    some = lookout.get(f"/lookout/concepts?limit=200&state={','.join(states)}").json()["items"]
    named = lookout.get("/lookout/concepts?words=glass%20battery").json()["items"]
    grown = lookout.get("/lookout/concepts?sort=-growth&limit=200").json()["items"]

    assert [one["concept"] for one in some] == [one["concept"] for one in every if one["state"] in states]
    assert "glass-battery" in {one["concept"] for one in named}
    assert len(named) < len(every)
    growth = [one["measures"]["growth"] for one in grown if one["measures"]["growth"] is not None]
    assert growth == sorted(growth, reverse=True)
    assert lookout.get("/lookout/concepts?state=nothing").json()["items"] == []


def test_the_answer_is_that_of_the_command(
    lookout: Program, scanned_sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--workspace", str(scanned_sample), "show", "moss computing", "--json"]) == 0

    assert lookout.get("/lookout/concepts/moss-computing").json() == json.loads(capsys.readouterr().out)


def test_a_stored_scan_is_asked_for_again_by_its_etag(lookout: Program) -> None:
    first = lookout.get("/lookout/concepts?as_of=2019")
    again = lookout.get("/lookout/concepts?as_of=2019", If_None_Match=first.headers["ETag"])
    other = lookout.get("/lookout/concepts?as_of=2022", If_None_Match=first.headers["ETag"])

    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200
    assert other.json()["as_of"] == 2022


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/lookout/concepts?as_of=1990", 404),
        ("/lookout/concepts?as_of=recently", 422),
        ("/lookout/concepts?scan=..%2F..%2Fetc", 404),
        ("/lookout/concepts?sort=strange", 400),
        ("/lookout/technologies?track=no-such-track", 400),
        ("/lookout/technologies?stage=strange", 422),
        ("/lookout/concepts?limit=100000", 422),
        ("/lookout/concepts?word=graph", 422),
        ("/lookout/concepts/no-such-concept", 404),
        ("/lookout/concepts/%00/explanation", 400),
        ("/lookout/scans/no-such-scan", 404),
        ("/lookout/comparison?before=2022&after=2022", 400),
        ("/lookout/comparison?before=2022", 422),
        ("/lookout/positions?of=track&name=no-such-track", 400),
        ("/lookout/tracks?pack=no-such-pack", 404),
    ],
)
def test_what_is_not_there_or_cannot_be_is_a_problem(lookout: Program, path: str, status: int) -> None:
    answer = lookout.get(path)

    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_an_installation_without_a_lookout_says_so(visitor: Program) -> None:
    for path in ("scans", "concepts", "corpus", "comparison?before=2019&after=2022"):
        answer = visitor.get(f"/lookout/{path}")
        assert (answer.status_code, answer.json()["code"]) == (409, "evidence"), path


@pytest.mark.parametrize(
    "path", ["/lookout/positions?by=organisation&years=7", "/lookout/links?track=no-such-track"]
)
def test_what_takes_long_is_computed_beside_and_asked_for_again(
    lookout: Program, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, begun = threading.Event(), []

    def slow(action: Callable[..., Any]) -> Callable[..., Any]:
        def wait(*given: Any, **more: Any) -> Any:
            begun.append(action)
            assert go_on.wait(60)
            return action(*given, **more)

        return wait

    for name in ("positions", "learn_links"):
        monkeypatch.setattr(routes, name, slow(getattr(routes, name)))
    monkeypatch.setattr(waiting, "FOR_DATA", 0.05)
    monkeypatch.setattr(waiting, "BESIDE", waiting.Beside())

    early = [lookout.get(path), lookout.get(path)]
    go_on.set()
    monkeypatch.setattr(waiting, "FOR_DATA", 60)
    late = lookout.get(path)

    assert [(one.status_code, one.json()["code"], one.headers["Retry-After"]) for one in early] == [
        (503, "outside", "30")
    ] * 2
    assert late.status_code == (200 if "positions" in path else 409), late.content
    assert len(begun) == 1, "computed once, whoever asks again meanwhile"


@pytest.mark.parametrize("thing", [("concept", "glass-battery"), ("technology", "2022-desert-wells")])
def test_a_rule_watches_one_thing_of_the_lookout(
    lookout: Program, officer: Program, thing: tuple[str, str]
) -> None:
    unit, name = thing
    ideas = officer.get(f"/watch/ideas?{unit}={name}").json()["items"]
    when = [one["condition"] for one in ideas if one["n"] is None][:1]
    assert when

    made = officer.post("/watch/rules", {"name": "mine", unit: name, "when": when})

    assert made.status_code == 201, made.content
    rule = made.json()["rule"]
    about = {"concept": "concepts", "technology": "technologies"}[unit]
    assert (rule["about"], rule["kind"], rule["search"]["filters"]) == (about, "", {"key": [name]})
