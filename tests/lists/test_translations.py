"""Everything that lists and identifiers say exists in Chinese, and nothing is translated that nobody says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import foretrack.lists
import foretrack.records
from foretrack.foundation.messages import read_po

ROOT = Path(foretrack.lists.__file__).parents[1]
ROOMS = {
    "lists": [
        *(path for path in (ROOT / "lists").rglob("*.py") if not {"actions", "doors"} & set(path.parts)),
        ROOT / "foundation/canonical.py",
        ROOT / "foundation/spreadsheets.py",
    ],
    "lists/doors": [*(ROOT / "lists/actions").rglob("*.py"), *(ROOT / "lists/doors").rglob("*.py")],
    "targets/doors": [*(ROOT / "targets").rglob("*.py")],
    "records": [ROOT / "records/identifiers.py"],
}
SAID = {"say", "of", "said", "_refuse", "Sentence", "_no_font", "Format"}
TABLES = {"_LABELS", "_PARTS", "_FACETS"}
NAMED = {"what", "expected", "do"}


def said_in(path: Path) -> set[str]:
    """Constant texts given to what says something, and the labels of tables."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SAID:
                given = [*node.args, *(word.value for word in node.keywords if word.arg in NAMED)]
                found |= {
                    one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
            if name == "Scheme":  # its labels stand beside each other; the form is a message
                found.add(ast.literal_eval(node.args[-1]))
        if isinstance(node, ast.Assign) and TABLES & {getattr(one, "id", "") for one in node.targets}:
            assert isinstance(node.value, ast.Dict)
            found |= {str(one.value) for one in node.value.values if isinstance(one, ast.Constant)}
    return found


def translations(room: str) -> dict[str, str]:
    return read_po((ROOT / room / "locale" / "zh.po").read_text(encoding="utf-8"))


@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_is_said_in_chinese(room: str) -> None:
    known = translations(room)
    if room.endswith("doors"):  # doors speak with the sentences of all rooms
        known = {k: v for po in ROOT.rglob("locale/zh.po") for k, v in read_po(po.read_text("utf-8")).items()}
    said = {
        text
        for path in ROOMS[room]
        for text in said_in(path)
        if re.search("[a-z]{2}.* |^[A-Z][a-z]+$|{", text)
    }

    assert len(said) > 10
    assert sorted(said - set(known)) == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_translation_fills_the_same_places(room: str) -> None:
    for english, chinese in translations(room).items():
        assert sorted(re.findall(r"{\w+", english)) == sorted(re.findall(r"{\w+", chinese)), english
