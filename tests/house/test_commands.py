"""The manual names every command and option there is, and no other; both languages are complete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from foretrack.cli.program import program
from foretrack.foundation.messages import read_po


@pytest.fixture(scope="module")
def commands() -> dict[str, Any]:
    found: dict[str, Any] = dict(typer.main.get_command(program()).commands)  # type: ignore[attr-defined]
    return found


def sections(root: Path) -> dict[str, str]:
    text = (root / "docs/guide/commands.md").read_text(encoding="utf-8")
    parts = re.split(r"^## `foretrack ([a-z]+)[^`]*`$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def options_of(command: Any) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts if name.startswith("--")}


SHARED = {"--workspace", "--json", "--quiet", "--verbose", "--lang"}


def test_every_command_is_in_the_manual_and_every_one_there_exists(
    root: Path, commands: dict[str, Any]
) -> None:
    assert set(sections(root)) == set(commands)


def test_every_option_is_in_the_manual_and_every_one_there_exists(
    root: Path, commands: dict[str, Any]
) -> None:
    for name, text in sections(root).items():
        documented = set(re.findall(r"^\| `(--[a-z-]+)", text, re.MULTILINE))
        assert documented == options_of(commands[name]) - SHARED, name


def test_every_command_takes_the_shared_options(commands: dict[str, Any]) -> None:
    assert [name for name, command in commands.items() if not options_of(command) >= SHARED] == []


def test_every_command_says_what_it_does(commands: dict[str, Any]) -> None:
    assert [name for name, command in commands.items() if len(command.help or "") < 15] == []


def sentences(package: Path) -> set[str]:
    """Every sentence that a door may say: in calls of say() and _(), in tables of words, and in helps."""
    found: set[str] = set()
    double = r"\"((?:[^\"\\]|\\.)*)\""
    for path in [*package.rglob("*.py"), *package.rglob("*.j2")]:
        if not {"doors", "cli", "terminal"} & set(path.parts):
            continue
        text = path.read_text(encoding="utf-8")
        for match in re.findall(rf"\b(?:say|_)\(\s*((?:{double}\s*)+)", text):
            found.add("".join(re.findall(double, match[0])))
        found |= set(re.findall(r"\b_\('([^']+)'", text))
    return found


def helps(commands: dict[str, Any]) -> set[str]:
    found = {command.help for command in commands.values()}
    for command in commands.values():
        found |= {p.help for p in command.params if getattr(p, "help", None) and "--help" not in p.opts}
        found |= {p.rich_help_panel for p in command.params if getattr(p, "rich_help_panel", None)}
    return found


def words_of_tables() -> set[str]:
    from foretrack.domains.foresight.doors import speech

    tables = [value for name, value in vars(speech).items() if name.isupper() and isinstance(value, dict)]
    return {word for table in tables for word in table.values() if isinstance(word, str)}


@pytest.fixture(scope="module")
def chinese(package: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in package.rglob("locale/zh.po"):
        found |= read_po(path.read_text(encoding="utf-8"))
    return found


def test_every_sentence_is_spoken_in_chinese(
    package: Path, commands: dict[str, Any], chinese: dict[str, str]
) -> None:
    wanted = sentences(package) | helps(commands) | words_of_tables()

    assert sorted(sentence for sentence in wanted if not chinese.get(sentence)) == []


def test_translations_have_the_same_places_to_fill(chinese: dict[str, str]) -> None:
    places = re.compile(r"\{(\w+)\}")

    assert [m for m, t in chinese.items() if sorted(places.findall(m)) != sorted(places.findall(t))] == []


def test_the_chinese_help_is_chinese() -> None:
    helps_zh = [c.help for c in typer.main.get_command(program("zh")).commands.values()]  # type: ignore[attr-defined]

    assert [text for text in helps_zh if not re.search(r"[\u4e00-\u9fff]", text or "")] == []
