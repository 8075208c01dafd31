"""What docs/guide/tracks.md shows works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from foretrack.domains.foresight.actions.tracks import answers_json, classify
from foretrack.packs.loading import choose_pack, load_packs

GUIDE = (Path(__file__).parents[2] / "docs/guide/tracks.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found
    return found.group(1)


def test_the_pack_of_the_guide_classifies(tmp_path: Path) -> None:
    folder = tmp_path / "packs" / "ours"
    folder.mkdir(parents=True)
    (folder / "pack.yml").write_text(block("yaml"), encoding="utf-8")

    answers = classify(
        ["Magnetic refrigeration near room temperature", "磁熱效應", "Magnetic resonance"],
        pack_ids=["our-technologies"],
        workspace=tmp_path,
        embedder="none",
    )

    assert [answer.track for answer in answers] == ["magnetocaloric", "magnetocaloric", "none"]


def test_the_python_of_the_guide_prints_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    code = block("python")

    exec(compile(code, "guide", "exec"), {})

    promised = re.search(r"# (\S+ \S+)", code)
    assert promised
    assert capsys.readouterr().out.strip() == promised.group(1)


def test_every_field_of_the_json_is_documented() -> None:
    documented = re.findall(r"^\| `(\w+)` \| (?:the|id|probability|object|list|method)", GUIDE, re.MULTILINE)

    assert documented == list(answers_json(classify("battery", embedder="none"))[0])


def test_every_track_and_product_is_listed() -> None:
    pack = choose_pack(load_packs(), "cn-future-industries-2024")

    for entry in (*pack.directions, *pack.tracks, *pack.products):
        assert re.search(rf"`{entry.id}` .*{entry.label.zh}", GUIDE), entry.id
