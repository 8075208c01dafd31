"""The local indicators of the second echelon by an overlay. The province is invented, and so are its numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from foretrack.foundation.errors import InputError
from foretrack.packs.loading import load_packs
from foretrack.packs.rule_shapes import Interval
from foretrack.packs.shapes import Pack
from foretrack.rules.assessing import assess
from foretrack.rules.choosing import choose_overlay, choose_rule
from foretrack.rules.tables import assess_table

DAY = "2025-06-30"
EXAMPLE = """\
id: example-overlay
title: {en: "Example: local indicators of an invented province", zh: 示例：虚构省份的地方特色指标}
valid_from: "2022-08-01"
sources: [{id: X, title: Invented, confidence: k}]
overlays:
  - id: example-province
    label: {en: Example province, zh: 示例省}
    of: cn-srdi-2022/srdi-sme
    jurisdiction: XX-EX
    valid_from: "2023-01-01"
    valid_to: "2025-12-31"
    source: [X]
    indicators:
      - {id: local-cluster, label: {en: Member of a local cluster}, type: yes-no, source: [X]}
      - {id: local-green, label: {en: Local green rating}, type: count, better: higher, source: [X]}
    groups:
      - id: local-character
        label: {en: Local characteristic indicators, zh: 地方特色指标}
        maximum: 15
        items:
          - id: cluster-points
            label: {en: Cluster}
            maximum: 5
            indicator: local-cluster
            bands: [{is: yes, points: 5}, {is: no, points: 0}]
          - id: green-points
            label: {en: Green}
            maximum: 10
            indicator: local-green
            bands: [{to: 0, points: 0}, {from: 1, to: 2, points: 5}, {from: 3, points: 10}]
"""
FIRM: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "examples" / "srdi-sme.yml").read_text(encoding="utf-8")
)["firm"]
# 63 less 5 of the chain, 3 of the digital level and 8 of the institution: 47 points without those of the province.
WEAKER = {**FIRM, "chain-role": "other-role", "digital-level": "level-1", "rd-institution": "no-institution"}


@pytest.fixture
def packs(tmp_path: Path) -> tuple[Pack, ...]:
    folder = tmp_path / "example-overlay"
    folder.mkdir()
    (folder / "pack.yml").write_text(EXAMPLE, encoding="utf-8")
    return load_packs([tmp_path])


@pytest.mark.parametrize(
    ("cluster", "green", "score", "outcome"),
    [
        ("yes", 3, 62, "met"),
        ("no", 3, 57, "not met"),
        ("yes", 2, 57, "not met"),
        ("yes", 1, 57, "not met"),
        ("yes", 0, 52, "not met"),
    ],
)
def test_it_decides_what_the_measure_leaves_to_the_province(
    packs: tuple[Pack, ...], cluster: str, green: int, score: float, outcome: str
) -> None:
    rule = choose_rule(packs, "srdi-sme", DAY)
    overlay = choose_overlay(packs, "XX-EX", rule, DAY)
    plain = assess(rule, WEAKER, on=DAY)
    found = assess(rule, {**WEAKER, "local-cluster": cluster, "local-green": green}, on=DAY, overlay=overlay)

    assert (plain.score, plain.outcome) == (Interval(47, 62), "undecided")
    assert ("overlay", "local-character") in [(gap.what, gap.name) for gap in plain.gaps]
    assert (found.score, found.outcome) == (Interval(score, score), outcome)
    assert found.overlay == "example-overlay/example-province"


def test_it_holds_for_the_third_echelon_which_asks_for_the_second(packs: tuple[Pack, ...]) -> None:
    giant = choose_rule(packs, "little-giant", DAY)
    overlay = choose_overlay(packs, "example-province", giant, DAY)
    firm = {**WEAKER, "local-cluster": "yes", "local-green": 3}
    (answer,) = assess_table([giant], [firm], on=DAY, overlays=[overlay])
    found = answer.assessment(0)

    (second,) = (part for part in found.gate.parts if part.what == "rule")
    assert second.standing == "met"
    assert found.overlay == overlay.full_id
    (without,) = (part for part in assess(giant, WEAKER, on=DAY).gate.parts if part.what == "rule")
    assert without.standing == "undecided"


def test_the_day_chooses_it(packs: tuple[Pack, ...]) -> None:
    rule = choose_rule(packs, "srdi-sme", "2022-09-01")

    with pytest.raises(
        InputError, match="0 overlays 'XX-EX' of cn-srdi-2022/srdi-sme are in force on 2022-09-01"
    ):
        choose_overlay(packs, "XX-EX", rule, "2022-09-01")


def test_a_pack_of_the_workspace_replaces_the_sizes_that_the_echelons_ask_for(tmp_path: Path) -> None:
    text = """\
id: cn-sme-size-2011
title: {en: Invented sizes}
valid_from: "2011-06-18"
rules:
  - id: sme
    label: {en: Invented}
    valid_from: "2011-06-18"
    indicators: [{id: staff, label: {en: Staff}, type: count, unit: people}]
    gate: {indicator: staff, below: 100}
"""
    (tmp_path / "pack.yml").write_text(text, encoding="utf-8")
    firm = {"staff": 120, "industry": "c-manufacturing", "revenue": 10**7}
    there = choose_rule(load_packs([tmp_path]), "innovative-sme", DAY)
    here = choose_rule(load_packs(), "innovative-sme", DAY)

    assert [r.standing for r in assess(here, firm, on=DAY).exclusions if r.what == "not"] == ["not met"]
    assert [r.standing for r in assess(there, {"staff": 120}, on=DAY).exclusions if r.what == "not"] == [
        "met"
    ]


def test_a_filled_pack_of_2026_takes_the_place_of_the_template(tmp_path: Path) -> None:
    text = """\
id: cn-srdi-2026
title: {en: Filled in by somebody}
valid_from: "2026-01-17"
rules:
  - id: innovative-sme
    label: {en: Invented}
    series: innovative-sme
    valid_from: "2026-01-17"
    indicators: [{id: staff, label: {en: Staff}, type: count, unit: people}]
    gate: {indicator: staff, from: 3}
"""
    (tmp_path / "pack.yml").write_text(text, encoding="utf-8")
    packs = load_packs([tmp_path])

    assert choose_rule(packs, "innovative-sme", "2026-01-16").full_id == "cn-srdi-2022/innovative-sme"
    rule = choose_rule(packs, "innovative-sme", "2026-01-17")
    assert assess(rule, {"staff": 3}, on="2026-01-17").outcome == "met"
