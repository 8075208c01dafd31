"""Whatever this room says exists in Chinese, with the same places to fill."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import foretrack.accounts
from foretrack.foundation.messages import read_po

ROOM = Path(foretrack.accounts.__path__[0])
PLACES = re.compile(r"\{(\w+)[^}]*\}")


def sentences() -> set[str]:
    """The first argument of `say` and `.of`, and what errors expect and advise."""
    found: set[str] = set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in ("say", "of", "_", "Sentence"):
                continue
            said = [*node.args[:1], *(k.value for k in node.keywords if k.arg in ("expected", "do"))]
            for part in said:
                choices = (part.body, part.orelse) if isinstance(part, ast.IfExp) else (part,)
                found |= {
                    c.value for c in choices if isinstance(c, ast.Constant) and isinstance(c.value, str)
                }
    return found - {""}


def chinese() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in ROOM.rglob("zh.po"):
        found |= read_po(file.read_text(encoding="utf-8"))
    return found


def test_every_sentence_is_spoken_in_chinese() -> None:
    spoken = chinese()

    assert len(sentences()) > 60
    assert sorted(sentence for sentence in sentences() if not spoken.get(sentence)) == []


def test_translations_have_the_same_places_to_fill() -> None:
    assert [m for m, t in chinese().items() if sorted(PLACES.findall(m)) != sorted(PLACES.findall(t))] == []
