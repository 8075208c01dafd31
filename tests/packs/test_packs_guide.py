"""What docs/guide/packs.md and docs/methods/rules.md show works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from foretrack.foundation.errors import InputError
from foretrack.packs.loading import load_pack, load_packs
from foretrack.rules.assessing import assess

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "guide/packs.md").read_text(encoding="utf-8")
METHOD = (DOCS / "methods/rules.md").read_text(encoding="utf-8")


def block(text: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found
    return found.group(1)


def test_the_pack_of_the_guide_is_usable_and_holds_every_part(tmp_path: Path) -> None:
    (tmp_path / "pack.yml").write_text(block(GUIDE, "yaml"), encoding="utf-8")

    pack = load_pack(tmp_path)

    for part in (
        "clauses",
        "tracks",
        "products",
        "targets",
        "schemes",
        "crosswalks",
        "calendars",
        "rules",
        "systems",
    ):
        assert getattr(pack, part), part
    answer = assess(pack.rules[0], {"people": 3, "step": "shown", "harmful": False}, on="2025-06-30")
    assert (answer.score.low, answer.score.high, answer.outcome) == (7, 8, "met")


def test_the_mistake_of_the_guide_is_answered_as_it_says(tmp_path: Path) -> None:
    text = block(GUIDE, "yaml")
    assert text.count("from: 2, to: 4") == 1
    (tmp_path / "pack.yml").write_text(text.replace("from: 2, to: 4", "from: 3, to: 4"), encoding="utf-8")

    with pytest.raises(InputError) as caught:
        load_pack(tmp_path)

    assert f"{tmp_path}/{block(GUIDE, 'text').strip()}." in str(caught.value)


@pytest.mark.parametrize("text", [GUIDE, METHOD], ids=["guide", "method"])
def test_the_python_prints_what_it_says(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = block(text, "python")

    exec(compile(code, "guide", "exec"), {})

    promised = re.findall(r"print\(.*\)  # (.+)$", code, re.MULTILINE)
    assert capsys.readouterr().out.splitlines() == promised
    assert promised


def test_every_pack_that_comes_with_foretrack_is_named() -> None:
    assert [pack.id for pack in load_packs() if f"`{pack.id}`" not in GUIDE] == []
