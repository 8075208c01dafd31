"""A bad pack is answered in the reader's language: every sentence of an error has a Chinese one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from foretrack.cli import main as door
from foretrack.cli.program import speak
from foretrack.foundation.errors import InputError
from foretrack.foundation.messages import read_po
from foretrack.packs.loading import load_pack

SOURCES = Path(__file__).parents[2] / "src" / "foretrack"
ROOMS = ("packs", "rules")
SAMPLES = (
    'valid_from: "2025-01-01"\n',
    "id: a\n",
    "id: [",
    "id: a\ntitle: x\nvalid_from: soon\n",
    'id: a\ntitle: {en: A}\nvalid_from: "2025-01-01"\n',
    'id: a\ntitle: {en: A}\nvalid_from: "2025-01-01"\nfiles: {tracks: nowhere.yml}\n',
    'id: a\ntitle: {en: A}\nvalid_from: "2025-01-01"\ntrakcs: []\n',
    'id: a\ntitle: {en: A}\nvalid_from: "2025-01-01"\ntracks: [{id: t, label: {en: T}, direction: none}]\n',
)


def texts(node: ast.expr | None) -> Iterator[str]:
    """The texts that an expression may be: a constant, or either side of a choice."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=two):
            yield from texts(one)
            yield from texts(two)
        case _:
            return


def sentences() -> set[str]:
    """Every template in a call of `fail`, `of` or `Sentence`."""
    found: set[str] = set()
    for room in ROOMS:
        for path in (SOURCES / room).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            # Names of constant texts of the module, used as templates.
            named = {
                target.id: statement.value
                for statement in tree.body
                if isinstance(statement, ast.Assign)
                for target in statement.targets
                if isinstance(target, ast.Name)
            }
            for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
                name = getattr(call.func, "attr", None) or getattr(call.func, "id", "")
                if name not in {"fail", "of", "Sentence", "day"}:
                    continue
                given: list[ast.expr] = call.args[: 2 if name in {"fail", "day"} else 1]
                given += [k.value for k in call.keywords if name == "of" and k.arg in {"expected", "do"}]
                for expression in given:
                    found |= set(texts(expression))
                    for part in ast.walk(expression):
                        if isinstance(part, ast.Name):
                            found |= set(texts(named.get(part.id)))
    # A key is no sentence.
    return {text for text in found if re.search("[a-z]{2}", text) and not re.fullmatch(r"[a-z_]+", text)} | {
        "text"
    }


@pytest.fixture(scope="module")
def chinese() -> dict[str, str]:
    found: dict[str, str] = {}
    for room in ROOMS:
        for path in (SOURCES / room).rglob("locale/zh.po"):
            found |= read_po(path.read_text(encoding="utf-8"))
    return found


def test_every_sentence_of_an_error_is_spoken_in_chinese(chinese: dict[str, str]) -> None:
    assert sorted(sentence for sentence in sentences() if not chinese.get(sentence)) == []


def test_the_chinese_sentence_fills_the_same_places(chinese: dict[str, str]) -> None:
    places = re.compile(r"\{(\w+(?:!r)?)\}")

    assert [m for m, t in chinese.items() if sorted(places.findall(m)) != sorted(places.findall(t))] == []


@pytest.mark.parametrize("text", SAMPLES)
def test_a_bad_pack_is_answered_in_chinese(tmp_path: Path, text: str) -> None:
    (tmp_path / "pack.yml").write_text(text, encoding="utf-8")

    with pytest.raises(InputError) as caught:
        load_pack(tmp_path)

    told = caught.value.told(speak("zh"))
    assert "应为：" in told
    assert "处理办法：" in told
    assert "Expected:" not in told
    assert caught.value.told(speak("en")) == str(caught.value)


def test_the_door_answers_in_the_readers_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "packs" / "bad").mkdir(parents=True)
    (tmp_path / "foretrack.toml").write_text("", encoding="utf-8")
    (tmp_path / "packs" / "bad" / "pack.yml").write_text("id: bad\ntrakcs: []\n", encoding="utf-8")

    code = door.run(["tracks", "--workspace", str(tmp_path), "--lang", "zh"])

    said = capsys.readouterr().err
    assert code == 2
    assert "未知的键 'trakcs'" in said
    assert "pack.yml" in said
    assert "第 2 行" in said


def test_every_word_of_the_command_is_spoken_in_chinese(chinese: dict[str, str]) -> None:
    from foretrack.rules.doors import speech

    tables = [value for name, value in vars(speech).items() if name.isupper()]
    words = {word for table in tables for word in table.values()}

    assert len(words) > 20
    assert sorted(word for word in words if not chinese.get(word)) == []
