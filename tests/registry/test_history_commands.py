"""The commands about what was: each step as a person types it, in text and JSON, in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from foretrack.accounts.actors import OPERATOR
from foretrack.cli.program import speak
from foretrack.foundation.errors import InputError
from foretrack.registry.actions.records import create, edit
from foretrack.registry.doors.commands.audit import audit
from foretrack.registry.doors.commands.history import RECORD_STEPS, Given
from foretrack.registry.models import Record, Revision
from foretrack.registry.registry import Registry
from foretrack.terminal.session import Opener, Session

Run = Callable[..., Any]


@pytest.fixture
def run(registry: Registry, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a step and gives its JSON, or with `language` its text."""

    def once(step: str, *, language: str = "", **given: Any) -> Any:
        session = Session(
            json=not language, language=language or "en", say=speak(language or "en"), quiet=True
        )
        RECORD_STEPS[step](session, registry, OPERATOR, Given(**given))
        printed = capsys.readouterr().out
        return printed if language else json.loads(printed)

    return once


@pytest.fixture
def auditing(registry: Registry, capsys: pytest.CaptureFixture[str]) -> Run:
    def once(*, language: str = "", **given: Any) -> Any:
        opener = Opener(registry=lambda _: registry, actor=lambda _: OPERATOR)
        session = Session(
            json=not language,
            language=language or "en",
            say=speak(language or "en"),
            quiet=True,
            opener=opener,
        )
        audit(session, **given)
        printed = capsys.readouterr().out
        return printed if language else json.loads(printed)

    return once


@pytest.fixture
def twins(registry: Registry) -> tuple[str, str]:
    values = {"sort_of": "company", "region": "CN-33"}
    one = create(registry, OPERATOR, "organisation", {"name": {"zh": "虚构机器人有限公司"}, **values}).key
    two = create(
        registry, OPERATOR, "organisation",
        {"name": {"zh": "虛構機器人"}, "contact": "Invented Person", "website": "https://x.example", **values},
    ).key  # fmt: skip
    edit(registry, OPERATOR, two, {"country": "CN"}, revision=1, reason="invented reason")
    return one, two


def test_history_and_differences(run: Run, twins: tuple[str, str]) -> None:
    lines = run("history", name=twins[1])["revisions"]
    assert (lines[0]["number"], lines[0]["act"], lines[0]["changed"]) == (2, "edit", ["country"])
    assert "invented reason" in run("history", name=twins[1], language="en")
    assert "修订" in run("history", name=twins[1], language="zh")
    changes = run("diff", name=twins[1], first=1, second=2)["changes"]
    assert [(c["name"], c["before"], c["after"]) for c in changes] == [("country", None, "CN")]
    assert "国家" in run("diff", name=twins[1], language="zh") or "Country" in run(
        "diff", name=twins[1], language="en"
    )
    assert "Nothing differs" in run("diff", name=twins[1], first=2, second=2, language="en")


def test_duplicates_are_proposed_judged_merged_and_taken_apart(run: Run, twins: tuple[str, str]) -> None:
    found = run("duplicates", name="organisation", propose=True)
    number = str(found["pairs"][0]["number"])
    assert found["proposed"]["new"] == 1
    text = run("duplicates", language="zh")
    assert "名称" in text
    assert "相同" in text
    assert run("judge", name=number, other="unsure")["judgement"] == "unsure"

    done = run("judge", name=number, other="same", keep=twins[0], take=("website",))
    assert done == {
        "survivor": twins[0], "revision": 2, "absorbed": twins[1], "fields": ["website"], "not_restored": [],
    }  # fmt: skip
    assert "stand by themselves" in run("unmerge", name=twins[1], language="en")
    assert "已取用：website" in run("merge", name=twins[0], other=twins[1], take=("website",), language="zh")


def test_erasing_has_to_be_meant(run: Run, twins: tuple[str, str]) -> None:
    with pytest.raises(InputError, match="does not come back"):
        run("erase", name=twins[1], why="request 1")
    assert "contact" in Record.objects.get(key=twins[1]).body

    done = run("erase", name=twins[1], why="request 1", yes=True, texts=True)

    assert (done["fields"], done["revisions"], done["texts"]) == (["contact", "email"], 2, 1)
    assert not any("contact" in r.values for r in Revision.objects.filter(record__key=twins[1]))
    assert "应要求删除" in run("history", name=twins[1], language="zh")


def test_files_are_attached_listed_saved_and_taken_off(
    run: Run, registry: Registry, tmp_path: Path, kinds: Any
) -> None:
    from foretrack.packs.shapes import Bilingual
    from foretrack.registry.declaring.fields import File, Text
    from foretrack.registry.declaring.kind import Kind, State

    label = Bilingual("Invented", "虚构")
    kinds.add(
        Kind(
            name="invented-note", label=label, plural=label, creators=("officer",),
            fields=(Text(name="title", label=label), File(name="paper", label=label)),
            states=(State(name="open", label=label),),
        )
    )  # fmt: skip
    key = create(registry, OPERATOR, "invented-note", {"title": "A note"}).key
    (tmp_path / "a.txt").write_text("Invented words.", encoding="utf-8")

    sha256 = run("attach", name=key, other=str(tmp_path / "a.txt"), fields=("paper",))["sha256"]
    assert [(f["name"], f["size"]) for f in run("files", name=key)["files"]] == [("a.txt", 15)]
    run("save", name=key, other=sha256, out=tmp_path / "back.txt")
    assert (tmp_path / "back.txt").read_text(encoding="utf-8") == "Invented words."
    with pytest.raises(InputError, match="exists already"):
        run("save", name=key, other=sha256, out=tmp_path / "back.txt")
    run("detach", name=key, other=sha256, fields=("paper",))
    assert run("files", name=key)["files"] == []
    with pytest.raises(InputError, match="no file"):
        run("attach", name=key, other=str(tmp_path / "none.txt"), fields=("paper",))


def test_what_is_missing_behind_a_step_is_said(run: Run, twins: tuple[str, str]) -> None:
    for step, given in (
        ("history", {}),
        ("merge", {"name": twins[0]}),
        ("attach", {"name": twins[0], "other": "x"}),
    ):
        with pytest.raises(InputError):
            run(step, **given)
    with pytest.raises(InputError, match="is no number"):
        run("judge", name="x", other="same")


def test_the_log_is_listed_shown_and_checked(auditing: Run, twins: tuple[str, str]) -> None:
    lines = auditing(subject=twins[1])["lines"]
    assert [line["act"] for line in lines] == ["edit", "create"]
    assert auditing(step="show", number=lines[0]["number"])["reason"] == "invented reason"
    assert "invented reason" in auditing(language="zh")
    checked = auditing(step="check")
    assert (checked["records"], checked["revisions"], checked["findings"]) == (2, 3, [])
    assert "全部历史核对无误" in auditing(step="check", language="zh")
    assert auditing(step="sweep") == {"removed": []}
    with pytest.raises(InputError, match="no step"):
        auditing(step="mend")
    with pytest.raises(InputError, match="belongs to the step show"):
        auditing(step="show")


def test_damage_ends_with_exit_code_3(
    auditing: Run, twins: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    Record.objects.filter(key=twins[0]).update(region="DE-BY")

    with pytest.raises(typer.Exit) as ended:
        auditing(step="check")
    assert ended.value.exit_code == 3
    found = json.loads(capsys.readouterr().out)["findings"]
    assert found[0]["where"] == f"record {twins[0]} revision 1"
    with pytest.raises(typer.Exit):
        auditing(step="check", language="zh")
    assert "与记录的当前内容不一致" in capsys.readouterr().out
