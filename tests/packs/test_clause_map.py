"""The clause map is whole, and true: what it says is served exists."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from foretrack.foundation.errors import InputError
from foretrack.packs.clause_map import SERVICE_KINDS, standings, unknown_services
from foretrack.packs.loading import choose_pack, load_pack, load_packs

PACK = choose_pack(load_packs(), "cn-future-industries-2024")
ROOT = Path(__file__).parents[2]

SECTIONS = {
    "G": 10, "L": 6, "N": 6, "T": 10, "P": 6, "E": 6, "H": 8, "S": 8, "D": 6, "I": 8, "F": 6, "Y": 5, "V": 3,
    "M": 3, "R": 6, "X": 5,
}  # fmt: skip
"""Rows per letter, as the policy's systems were counted."""

ROW = """\
id: invented
title: {en: An invented policy}
valid_from: "2025-01-01"
clauses: [{id: "1", label: {en: Clause}, fact: Something is wanted.}]
systems:
  - {id: G1, clause: "1", label: {en: A list}, mechanisms: [list], served_by: [{command: scan}]}
"""


def test_it_has_all_102_rows() -> None:
    wanted = {f"{letter}{n}" for letter, count in SECTIONS.items() for n in range(1, count + 1)}

    assert len(wanted) == 102
    assert {row.id for row in PACK.systems} == wanted
    assert len(PACK.systems) == 102


def test_every_row_points_at_a_clause_and_speaks_both_languages() -> None:
    clauses = {clause.id for clause in PACK.clauses}

    for row in PACK.systems:
        assert row.clause in clauses, row.id
        assert row.label.en, row.id
        assert re.search(r"[\u4e00-\u9fff]", row.label.zh), row.id
        assert row.missing is None or (row.missing.en and row.missing.zh), row.id


def test_every_task_and_measure_has_a_row() -> None:
    served = {row.clause.split("/")[0] for row in PACK.systems}

    assert {f"IV.{n}" for n in range(1, 17)} | {
        "V.i",
        "V.ii",
        "V.iii",
        "V.iv",
        "III.2025",
        "III.2027",
    } <= served


def test_standings_add_up() -> None:
    counted = standings(PACK)

    assert sum(counted.values()) == 102
    assert counted == Counter(row.standing for row in PACK.systems)
    assert counted["not yet"] < 102


def test_a_service_that_does_not_exist_is_found() -> None:
    found = unknown_services(PACK.systems, commands={"scan"}, kinds=set(), pages=set())

    assert ("L1", "emerging") in {(row, service.name) for row, service in found}
    assert {service.what for _, service in found} <= set(SERVICE_KINDS)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("served_by: [{command: scan}]", "not_yet: true", "`waits_for` is ''"),
        ("served_by: [{command: scan}]", "waits_for: issue 6", "`not_yet: true`"),
        ("[{command: scan}]", "[{command: scan}], not_yet: true", "`not_yet: true`"),
        ("[{command: scan}]", "[{command: scan, kind: person}]", "2 services in one mapping"),
        ("[{command: scan}]", "[{robot: scan}]", "unknown key 'robot'"),
        ("[{command: scan}]", "[{command: scan}], partly: {en: Half}", "`waits_for` is ''"),
        ("mechanisms: [list]", "mechanisms: [magic]", "there is no mechanism 'magic'"),
        ("mechanisms: [list]", "mechanisms: []", "no mechanism is named"),
        ('clause: "1", label: {en: A', 'clause: "2", label: {en: A', "there is no clause '2'"),
    ],
)
def test_a_mistake_is_answered_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in ROW
    (tmp_path / "pack.yml").write_text(ROW.replace(old, new), encoding="utf-8")

    with pytest.raises(InputError) as caught:
        load_pack(tmp_path)

    assert said in str(caught.value)
    assert "systems 1 (G1)" in str(caught.value)
    assert "(line 6)" in str(caught.value)
