"""Every error says what happened, survives a process border and leaves by its documented door."""

from __future__ import annotations

import json
import pickle
import pkgutil
import re
from pathlib import Path

import pytest

import foretrack
from foretrack.cli import main as door
from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.foundation.messages import Messages
from foretrack.foundation.sentences import Sentence
from foretrack.terminal.speech import messages

ZH = Messages(
    "zh",
    {
        **messages("zh").translations,
        "it rained on {day}": "{day}下雨",
        "sun": "晴天",
        "wait {n} days": "等 {n} 天",
    },
)

PACKAGE = Path(foretrack.__path__[0])


def families() -> list[type[ForetrackError]]:
    """The error and everything derived from it, wherever it is defined."""
    for path in PACKAGE.rglob("*.py"):
        if re.search(r"^class \w+\(.*Error\):", path.read_text(encoding="utf-8"), re.MULTILINE):
            pkgutil.resolve_name(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
    found: list[type[ForetrackError]] = [ForetrackError]
    for family in found:
        found.extend(sub for sub in family.__subclasses__() if sub not in found)
    return found


@pytest.mark.parametrize("family", families(), ids=lambda family: family.__name__)
class TestFamily:
    def test_can_be_made_and_says_all_three_parts(self, family: type[ForetrackError]) -> None:
        error = family("it rained", expected="sun", do="wait")

        assert str(error) == "it rained. Expected: sun. To do: wait."

    def test_survives_pickling(self, family: type[ForetrackError]) -> None:
        error = family("it rained", expected="sun", do="wait")
        error.retryable = True

        again = pickle.loads(pickle.dumps(error))

        assert (type(again), str(again), again.retryable) == (family, str(error), True)

    def test_can_be_told_in_the_readers_language(self, family: type[ForetrackError]) -> None:
        error = family.of("it rained on {day}", expected="sun", do="wait {n} days", day="Monday", n=2)

        again = pickle.loads(pickle.dumps(error))

        assert str(error) == "it rained on Monday. Expected: sun. To do: wait 2 days."
        assert again.told(ZH) == "Monday下雨。应为：晴天。处理办法：等 2 天。"
        assert again.told(Messages()) == str(error)

    def test_its_exit_code_is_documented(self, family: type[ForetrackError], root: Path) -> None:
        text = (root / "docs/guide/exit-codes.md").read_text(encoding="utf-8")
        documented = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}

        assert family.exit_code in documented

    def test_the_door_answers_with_its_exit_code(
        self,
        family: type[ForetrackError],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        def fail(arguments: list[str]) -> int:
            raise family("it rained", expected="sun", do="wait")

        monkeypatch.setattr(door, "_invoke", fail)

        code = door.run(["scan", "--json"])

        printed = capsys.readouterr()
        assert code == family.exit_code
        assert "it rained" in printed.err
        assert json.loads(printed.out)["error"]["exit_code"] == family.exit_code


def test_an_error_without_templates_stays_english_as_a_whole() -> None:
    assert InputError("no file x", expected="sun").told(ZH) == "no file x. Expected: sun."


def test_a_text_that_is_a_value_may_hold_braces() -> None:
    error = InputError.of("no label", do="write it like this: {example}", example="{en: Batteries}")

    assert str(error) == "no label. To do: write it like this: {en: Batteries}."
    assert error.told(ZH) == str(error)


def test_each_sentence_of_an_error_may_have_values_of_its_own() -> None:
    error = InputError.said(
        Sentence("it rained on {day}", {"day": "Monday"}), do=Sentence("wait {n} days", {"n": 2})
    )

    assert str(error) == "it rained on Monday. To do: wait 2 days."
    assert error.told(ZH) == "Monday下雨。处理办法：等 2 天。"


def test_a_bug_becomes_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(arguments: list[str]) -> int:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(door, "_invoke", fail)

    code = door.run(["scan"])

    said = capsys.readouterr().err
    assert code == 1
    assert "a bug in Foretrack" in said
    assert "Traceback" not in said


def test_a_bug_shows_its_traceback_when_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(arguments: list[str]) -> int:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(door, "_invoke", fail)

    door.run(["scan", "--verbose"])

    assert "Traceback" in capsys.readouterr().err


def test_no_message_has_an_unfilled_place(package: Path) -> None:
    """`raise XError("no %s", name)` would print the percent sign; every message must be an f-string."""
    unfilled = [
        f"{path.name}: {call}"
        for path in package.rglob("*.py")
        for call in re.findall(
            r"Error\(\s*\"[^\"]*(?:%[sdr]|\{[a-z_]*\})[^\"]*\"", path.read_text(encoding="utf-8")
        )
    ]

    assert unfilled == []
