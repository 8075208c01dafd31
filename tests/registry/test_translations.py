"""Everything that the registry says to people has a Chinese sentence, and nothing can only be said in English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from foretrack.foundation.messages import read_po
from foretrack.registry.access.permission import ACTS
from foretrack.site.forms.declared import _CIRCLES

ROOMS = ("registry", "site/forms")
SPEAKERS = {"of", "wrong", "_wrong", "_too_much", "Sentence", "refusal", "say"}
"""Calls whose first text, `expected` and `do` are templates."""
ERRORS = {"InputError", "AccessError", "EvidenceError", "OutsideError", "ConflictError", "SourceError"}


def name_of(call: ast.Call) -> str:
    target = call.func
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.id if isinstance(target, ast.Name) else ""


def texts(node: ast.AST) -> Iterator[str]:
    """Every text that an expression may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)


def calls(package: Path) -> Iterator[tuple[Path, ast.Call]]:
    for room in ROOMS:
        for path in sorted((package / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield path, node


def templates(package: Path) -> set[str]:
    found: set[str] = {*ACTS, *_CIRCLES.values()}
    for _, call in calls(package):
        if name_of(call) in SPEAKERS:
            spoken = [
                *call.args[:3],  # `refusal(actor, "edit")` has its text in the second place
                *(k.value for k in call.keywords if k.arg in ("expected", "do", "act", "what")),
            ]
            found |= {text for node in spoken for text in texts(node) if re.search(r"[A-Za-z]{2}", text)}
    return found


@pytest.fixture(scope="module")
def chinese(package: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in package.rglob("locale/zh.po"):
        found |= read_po(path.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def package() -> Path:
    import foretrack

    return Path(foretrack.__path__[0])


def test_every_template_of_the_registry_is_spoken_in_chinese(package: Path, chinese: dict[str, str]) -> None:
    wanted = templates(package)

    assert len(wanted) > 100
    assert sorted(text for text in wanted if not chinese.get(text)) == []


def test_no_error_of_the_registry_can_only_be_said_in_english(package: Path) -> None:
    english = [
        f"{path.name}:{call.lineno}"
        for path, call in calls(package)
        if isinstance(call.func, ast.Name) and call.func.id in ERRORS and call.args
    ]

    assert english == []


def test_a_translation_fills_the_same_places(package: Path, chinese: dict[str, str]) -> None:
    place = re.compile(r"\{(\w+)(?:![rs])?\}")
    differing = [
        text
        for text in templates(package)
        if text in chinese and sorted(place.findall(text)) != sorted(place.findall(chinese[text]))
    ]

    assert differing == []
