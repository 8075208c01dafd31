"""With `--write` and a token: what may be changed, by whom, and that nobody's change is lost."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tests.assistants.conftest import Filled, Meet


@pytest.fixture(scope="module")
def copy(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that a test may change."""
    folder = tmp_path_factory.mktemp("written") / "workspace"
    shutil.copytree(filled.folder, folder)
    return folder


def test_a_token_offers_the_tools_of_its_scopes_and_says_what_they_do(meet: Meet, copy: Path) -> None:
    member = meet("--write", token="writing", workspace=copy)
    hints = {name: tool.annotations for name, tool in member.tools().items()}

    writing = {name for name, hint in hints.items() if hint is not None and not hint.read_only_hint}
    assert writing == {"create_record", "edit_record", "add_watch_rule"}
    destructive = {name for name in writing if hints[name].destructive_hint}  # type: ignore[union-attr]
    assert destructive == {"edit_record"}
    error = member.fail("move_record", key="X", transition="submit", revision=1)
    assert (error["code"], "decide" in error["what"]) == ("not-allowed", True)


def test_a_draft_is_made_changed_and_handed_in_but_never_over_somebody_elses_change(
    meet: Meet, copy: Path
) -> None:
    officer = meet("--write", token="deciding", workspace=copy)

    made = officer.ask(
        "create_record", kind="technology", values={"title": {"en": "Invented drafted thing"}, "maturity": 4}
    )
    edited = officer.ask(
        "edit_record", key=made["key"], revision=1, values={"maturity": 5}, reason="Invented"
    )

    assert (edited["revision"], edited["values"]["maturity"]) == (2, 5)
    conflict = officer.fail("edit_record", key=made["key"], revision=1, values={"maturity": 6})
    assert conflict["code"] == "conflict"
    wrong = officer.fail("edit_record", key=made["key"], revision=2, values={"maturity": 99, "nothing": 1})
    assert wrong["code"] == "input"
    assert {problem["field"] for problem in wrong["problems"]} == {"maturity", "nothing"}
    history = officer.ask("record_history", key=made["key"])["revisions"]
    assert [line["number"] for line in history] == [2, 1]
    unsaid = officer.fail("move_record", key=made["key"], transition="agree", revision=2)
    assert (unsaid["code"], unsaid["problems"][0]["field"]) == ("input", "reason")
    agreed = officer.ask("move_record", key=made["key"], transition="agree", revision=2, reason="Invented")
    assert agreed["status"] == "agreed"


def test_an_owner_hands_a_record_in(meet: Meet, copy: Path, filled: Filled) -> None:
    owner = meet("--write", token="owning", workspace=copy)
    made = owner.ask(
        "create_record", kind="iconic-product",
        values={
            "title": {"en": "Invented moved thing"}, "organisation": filled.told["firm"], "region": "XA",
            "tracks": ["cn-future-industries-2024/intelligent-manufacturing"], "family": "humanoid-robots",
            "about": {"en": "Invented."}, "novelty": {"en": "Invented."},
        },
    )  # fmt: skip
    assert made["status"] == "draft"

    moved = owner.ask(
        "move_record", key=made["key"], transition="submit", revision=1, reason="Invented reason"
    )

    assert moved["status"] == "submitted"
    # Handed in: the next step is an officer's.
    assert (
        owner.fail("move_record", key=made["key"], transition="announce", revision=2)["code"] == "not-allowed"
    )


def test_a_watch_rule_belongs_to_the_account_of_the_token(meet: Meet, copy: Path) -> None:
    member = meet("--write", token="writing", workspace=copy)

    made = member.ask("add_watch_rule", name="Invented rule", about="concepts", when=["rank below 11"])

    assert made["rule"]["owner_sort"] == "account"
    assert (
        member.fail("add_watch_rule", name="Other", about="concepts", when=["rank bellow 11"])["code"]
        == "input"
    )


def test_a_token_that_is_revoked_ends_what_its_assistant_may_do(meet: Meet, copy: Path) -> None:
    assistant = meet(token="lost", workspace=copy)
    assert assistant.ask("list_kinds")["kinds"]

    revoke(copy)

    error = assistant.fail("list_records", kind="technology")
    assert (error["code"], error["what"]) == ("log-in", "this token is not valid")


def revoke(workspace: Path) -> None:
    """Takes the token back by the command that people use."""
    import json
    import subprocess
    import sys

    from tests.assistants.conftest import PROGRAM
    from tests.site.serving import environment

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, "user", *words, "--json", "-w", str(workspace)],
            env=environment() | {"PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    tokens = json.loads(run("show", "officer@example.org"))["tokens"]
    number = next(token["token"] for token in tokens if token["name"] == "to be revoked")
    run("revoke", str(number))
