"""What the thinking of the review says can be said in Chinese."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import foretrack
from foretrack.foundation.messages import read_po

WORDS = {"of", "Sentence", "_one"}
KEYWORDS = {"expected", "do", None}


def texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)


def said(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in WORDS:
            for part in (*node.args, *(word.value for word in node.keywords if word.arg in KEYWORDS)):
                yield from texts(part)
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "template" for t in node.targets):
            yield from texts(node.value)


def test_every_sentence_of_the_thinking_has_its_chinese() -> None:
    package = Path(foretrack.__file__).parent
    chinese = read_po((package / "review/locale/zh.po").read_text("utf-8"))
    wanted = {
        text for part in ("assigning", "scoring") for path in (package / "review" / part).glob("*.py")
        for text in said(path)
    }  # fmt: skip
    assert len(wanted) > 70
    assert sorted(text for text in wanted if text and not chinese.get(text)) == []
