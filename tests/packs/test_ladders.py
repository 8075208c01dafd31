"""Ladders of packs: what a file may say, and what is refused with its place. The ladders here are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretrack.foundation.errors import InputError
from foretrack.packs.ladders import choose_ladder, find_echelon, load_ladders
from foretrack.packs.loading import load_packs

FIRST = "{id: one, label: {en: One, zh: 一}, rule: p/r, chain: [city], source: [S1]}"
SECOND = "{id: two, label: {en: Two, zh: 二}, rule: p/s, needs: one, chain: [city, ministry], source: [S1]}"


def ladder(folder: Path, *echelons: str) -> Path:
    home = folder / "invented"
    home.mkdir(parents=True, exist_ok=True)
    lines = "\n".join(f"      - {one}" for one in echelons)
    (home / "ladders.yml").write_text(
        "sources: [{id: S1, title: Invented, confidence: k}]\nladders:\n"
        "  - id: invented\n    label: {en: Invented, zh: 虚构}\n    valid_from: '2020-01-01'\n    source: [S1]\n"
        f"    echelons:\n{lines}\n",
        encoding="utf-8",
    )
    return folder


def test_a_ladder_of_the_workspace_stands_beside_the_built_in_ones(tmp_path: Path) -> None:
    found = load_ladders([ladder(tmp_path, FIRST, SECOND)])

    one = choose_ladder(found, "invented")
    assert [e.id for e in one.echelons] == ["one", "two"]
    assert one.echelons[1].decided_by == "ministry"
    assert find_echelon(found, "invented/two")[1].needs == "one"
    assert choose_ladder(found, "cn-srdi-2022").id == "quality-sme"


@pytest.mark.parametrize(
    ("echelon", "said"),
    [
        (SECOND, "needs"),
        (FIRST.replace("[city]", "[province, city]"), "chain"),
        (FIRST.replace("[city]", "[town]"), "chain"),
        (FIRST.replace("[S1]", "[S2]"), "S2"),
        (FIRST.replace("rule: p/r, ", ""), "rule"),
    ],
)
def test_a_contradiction_is_refused_with_its_place(tmp_path: Path, echelon: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        load_ladders([ladder(tmp_path, echelon)])

    assert "ladders.yml" in str(refused.value)


def test_two_echelons_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two echelons"):
        load_ladders([ladder(tmp_path, FIRST, FIRST)])


def test_every_built_in_echelon_has_a_rule_that_is_in_force_as_long_as_its_ladder() -> None:
    rules = {rule.full_id: rule for pack in load_packs() for rule in pack.rules}

    for one in load_ladders():
        for echelon in one.echelons:
            assert rules[echelon.rule].in_force(one.valid_from), echelon
            assert rules[echelon.rule].in_force(one.valid_to or "9999-01-01"), echelon
