"""Whatever the watch, the queue and the levels refuse or tell can be said in Chinese."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from foretrack.cli.program import speak

PACKAGE = Path(__file__).parents[2] / "src" / "foretrack"
MADE_BY = {"of": 1, "_wrong": 3, "fail": 2, "say": 1}
"""Calls whose first so many arguments are sentences; so are those called `expected` and `do`."""


def sentences(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in MADE_BY:
            parts = [
                *node.args[: MADE_BY[name]],
                *(k.value for k in node.keywords if k.arg in ("expected", "do")),
            ]
            found |= {
                part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)
            }
    return {one for one in found if " " in one}


@pytest.mark.parametrize("place", ["watch", "jobs", "packs/levels.py"])
def test_every_sentence_is_spoken_in_chinese(place: str) -> None:
    path = PACKAGE / place
    wanted = set().union(*map(sentences, path.rglob("*.py") if path.is_dir() else [path]))
    chinese = speak("zh").translations

    assert len(wanted) > 3
    assert sorted(one for one in wanted if not chinese.get(one)) == []
