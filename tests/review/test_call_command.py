"""`foretrack call`: its answers are as the guide says, from a template over draw and decision to replay and trail."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.review.office import Office
from tests.review.test_trail import published

from foretrack.cli import program as cli
from foretrack.cli.main import run
from foretrack.registry.access.actor import Actor

__all__ = ("published",)
GUIDE = (Path(__file__).parents[2] / "docs/guide/json.md").read_text(encoding="utf-8")


def documented(heading: str) -> set[str]:
    """Keys that docs/guide/json.md gives under a heading."""
    section = re.search(rf"^## `{heading}`\n(.*?)(?=^## )", GUIDE, re.MULTILINE | re.DOTALL)
    assert section is not None, heading
    rows = re.findall(r"^\| (`[^|]+`) \|", section[1], re.MULTILINE)
    return set(re.findall(r"`(\w+)`", " ".join(rows)))


@pytest.fixture
def told(office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command in this process, as the ministry, on the office's day."""
    monkeypatch.setattr(cli, "_open_registry", lambda workspace: office.registry)
    who = {"now": office.ministry}
    monkeypatch.setattr(cli, "_actor", lambda email: who["now"])

    def call(*words: str, code: int = 0, actor: Actor | None = None) -> Any:
        who["now"] = actor or office.ministry
        capsys.readouterr()
        ended = run(["call", *words, *(() if code else ("--json",))])
        out, err = capsys.readouterr()
        assert ended == code, err
        return json.loads(out) if code == 0 else err

    return call


def test_a_call_is_begun_from_a_template_and_answers_are_as_documented(office: Office, told: Any) -> None:
    lines = told("templates")
    assert set(lines[0]) == documented("call templates")
    made = told("new", "--template", "cn-open-competition/2023", "title_en=Open", "partners_most=2",
                f"organisation={office.issuer}")  # fmt: skip
    assert set(made) == {"call", "revision", "template", "filled", "missing"}
    shown = told("show", made["call"])
    assert set(shown) == documented("call show")
    assert shown["of_kind"] == "bid"
    assert "--template" in told("new", "title_en=Open", code=2)
    assert "cn-open-competition/2023" in told("new", "--template", "nothing/there", code=2)


def test_a_draw_scores_decisions_and_the_replay(office: Office, told: Any) -> None:
    call = office.call()
    one, two = (office.submission(office.firm(name), call, name) for name in ("Acme", "Beta"))
    office.move_to("2026-04-01")
    office.go(office.ministry, call, "close")
    for page in (one, two):
        office.go(office.ministry, page.key, "admit")
    for name in ("ann", "bob", "cem"):
        office.reviewer(name)
    drawn = told("draw", call, "1", "--size", "3", "--seed", "lottery 4711")
    assert set(drawn) == documented("call draw")
    assert drawn["drawn"] == 3
    assert "is no stage" in told("draw", call, "--size", "3", "--seed", "x", code=2)
    assert "--size is missing" in told("draw", call, "1", "--seed", "x", code=2)
    assert told("assign", call, "1")["given"] == 4
    assert "has reviewers already" in told("draw", call, "1", "--size", "3", "--seed", "x", code=2)
    from foretrack.review.actions.reviewing import own_tasks

    for r in office.reviewers:
        for t in own_tasks(office.registry, r):
            office.mark(r, t.task, novelty=9 if t.code == "0001" else 4)
    assert set(told("standings", call, "1")) == documented("call standings")
    lines = told("list")
    assert set(lines[0]) == documented("call")
    rows = told("submissions", call)
    assert set(rows[0]) == documented("call submissions")
    assert [(row["code"], row["stage"]) for row in rows] == [("0001", 1), ("0002", 1)]
    assert told("propose", call, "1") == {one.key: "select", two.key: "select"}
    decided = told(
        "decide",
        call,
        "1",
        "--proposed",
        "--why",
        "By the scores.",
        f"{two.key}=decline",
        actor=office.second,
    )
    assert decided["decided"] == {one.key: "select", two.key: "decline"}
    assert "is no pair" in told("decide", call, "1", one.key, "--why", "x", code=2)
    checks = told("replay", call)
    assert len(checks) == 1 + 1 + 4 + 2
    assert all(line["same"] for line in checks)
    assert {"what", "where", "same", "problem"} <= set(checks[0])


def test_the_trail_of_a_record(
    office: Office, told: Any, published: tuple[str, list[str], list[str]]
) -> None:
    call, submissions, subjects = published
    trail = told("trail", subjects[0])
    assert set(trail) == documented("call trail")
    assert [(one["call"], one["submission"]) for one in trail["origins"]] == [(call, submissions[0])]
    assert [(one["series"], one["issue"], one["listed"]) for one in trail["listings"]] == [
        ("typical-scenarios", 1, True)
    ]
    # The key of the firm: it came through no call, and stands in no list.
    firm = office.organisation("Acme")
    assert told("trail", firm) == {"record": firm, "origins": [], "listings": []}
