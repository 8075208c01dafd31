"""Every sentence that an assistant reads is spoken in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from foretrack.assistants.answering import QUOTED
from foretrack.assistants.server import ABOUT, READING, WRITING
from foretrack.foundation.messages import read_po


def described(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return {text for entry in schema for text in described(entry)}
    if not isinstance(schema, dict):
        return set()
    own = {schema["description"]} if isinstance(schema.get("description"), str) else set()
    return own | {text for entry in schema.values() for text in described(entry)}


def test_tools_and_their_arguments_are_described_in_chinese() -> None:
    import foretrack.assistants.doors as doors

    known = read_po((Path(doors.__path__[0]) / "locale" / "zh.po").read_text(encoding="utf-8"))
    wanted = {ABOUT, QUOTED, "How it is computed: formulas, worked examples, known failures."}
    for tool in (*READING, *WRITING):
        schema = {
            key: value for key, value in tool.question.model_json_schema().items() if key != "description"
        }
        wanted |= {tool.about} | described(schema)

    assert sorted(text for text in wanted if not known.get(text)) == []


def test_no_two_tools_have_one_name() -> None:
    names = [tool.name for tool in (*READING, *WRITING)]

    assert len(names) == len(set(names))
