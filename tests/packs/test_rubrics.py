"""Score sheets are read from packs, shown with their criteria, and a mistake in one is answered at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretrack.foundation.errors import InputError
from foretrack.packs.describing import entry_rows
from foretrack.packs.loading import choose_pack, load_pack, load_packs

PACK = """
id: sheets
title: {{en: Sheets}}
valid_from: "2026-01-01"
rubrics:
  - id: short
    label: {{en: Short}}
    criteria:
      - {{id: novelty, label: {{en: Novelty}}, weight: {weight}, most: {most}, anchors: {{"{point}": {{en: New}}}}}}
      - {{id: {second}, label: {{en: Effect}}}}
"""


def read(folder: Path, **change: object) -> None:
    values = {"weight": 2, "most": 10, "point": 10, "second": "effect", **change}
    (folder / "pack.yml").write_text(PACK.format(**values), encoding="utf-8")
    (rubric,) = load_pack(folder).rubrics
    assert [(c.id, c.weight, c.most) for c in rubric.criteria] == [("novelty", 2, 10), ("effect", 1, 10)]


def test_a_sheet_of_ones_own_is_read(tmp_path: Path) -> None:
    read(tmp_path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weight": 0}, "a weight above 0"), ({"weight": -1}, "a weight above 0"), ({"most": 1000}, "at most 100 points"),
        ({"most": 0}, "a whole number from 1 up"), ({"point": 11}, "points from 0 to 10"),
        ({"second": "novelty"}, "two have one id"),
    ],
)  # fmt: skip
def test_a_mistake_is_answered_at_its_place(tmp_path: Path, change: dict[str, object], said: str) -> None:
    with pytest.raises(InputError) as told:
        read(tmp_path, **change)
    assert said in str(told.value)
    assert "rubrics 1 (short)" in str(told.value)


def test_those_that_come_with_foretrack_say_in_both_languages_what_they_ask_and_that_they_are_ours() -> None:
    pack = choose_pack(load_packs(), "review-rubrics")
    assert {rubric.id for rubric in pack.rubrics} == {"typical", "open-competition"}
    for rubric in pack.rubrics:
        assert rubric.confidence == "k"
        for criterion in rubric.criteria:
            texts = [criterion.label, criterion.question, *criterion.anchors.values()]
            assert all(text.en and text.zh for text in texts)
            assert {0, criterion.most} <= set(criterion.anchors)
    rows = [row["part"] for row in entry_rows(pack)]
    assert rows.count("rubrics/typical/criteria") == 4
