"""A table of enterprises is answered by columns as each enterprise alone. Firms are invented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from foretrack.domains.enterprises.actions.assessing import asked_by, assess_rows
from foretrack.domains.enterprises.blocks import Asked
from foretrack.domains.enterprises.changes import changed, read_changes
from foretrack.domains.enterprises.doors.told import level_json
from foretrack.domains.enterprises.levels import LevelAnswer, level_of, read_figures
from foretrack.foundation.errors import InputError
from foretrack.packs.rule_shapes import Indicator
from foretrack.packs.shapes import Bilingual
from foretrack.terminal.session import write_json

DAY = "2025-06-30"
ODD = (
    "-5", "400%", "４００％", "70%", " 3 ", "", "  ", "是", "否", "class-9", "1e3", "1e20", "nan", "∞", "2031-01-01",
    "2025-06-30", "0.99999999999999999999", "3.0", 2.5, 3, True, None, "Ⅰ类知识产权", "yes",
)  # fmt: skip


@pytest.fixture(scope="module")
def asked() -> Asked:
    return asked_by("cn-srdi-2022", today=DAY, on=DAY)


def usual(indicator: Indicator, random: np.random.Generator) -> str:
    """A value that fits."""
    if indicator.type == "choice":
        return indicator.choices[random.integers(len(indicator.choices))].id
    if indicator.type == "share":
        return f"{random.random():.3f}"
    if indicator.type == "count":
        return str(random.integers(600))
    if indicator.type == "date":
        return f"{random.integers(2000, 2025)}-0{random.integers(1, 10)}-15"
    if indicator.type in ("yes-no", "text-condition"):
        return ("yes", "no", "是")[random.integers(3)]
    return f"{random.uniform(0, min(100.0, indicator.maximum or 100.0)):.1f}"


def rows_of(asked: Asked, n: int) -> list[dict[str, object]]:
    """Rows of which some have an odd value and some give little."""
    random = np.random.default_rng(20250630)
    rows, names = [], tuple(asked.indicators)
    for number in range(n):
        row: dict[str, object] = {"name": f"Invented {number}"}
        given = random.choice((0.1, 0.8, 0.98, 1.0))
        for name, indicator in asked.indicators.items():
            if random.random() < given:
                row[name] = usual(indicator, random)
        for _ in range(int(random.choice((0, 0, 1, 2)))):
            row[names[random.integers(len(names))]] = ODD[random.integers(len(ODD))]
        rows.append(row)
    return rows


def alone(asked: Asked, row: Mapping[str, object], told: tuple[str, ...]) -> dict[str, Any]:
    """What is said of one enterprise without any table."""
    values, wrong = read_figures(asked.indicators, {k: v for k, v in row.items() if k != "name"})
    problems = [(column, str(error)) for column, error in wrong.items()]
    answer: LevelAnswer | None = None
    then: LevelAnswer | None = None
    if not wrong:
        try:
            answer = level_of(asked.steps, values)
            if told:
                changes = read_changes(told, asked.indicators)
                then = level_of(asked.steps, changed(values, changes, asked.indicators))
        except InputError as error:
            problems.append(("", str(error)))
    return shown(answer, then, problems)


def shown(answer: LevelAnswer | None, then: LevelAnswer | None, problems: object) -> dict[str, Any]:
    return {
        "trace": level_json(answer, trace=True),
        "brief": level_json(answer, trace=False),
        "then": level_json(then, trace=False),
        "problems": problems,
    }


@pytest.mark.parametrize("told", [(), ("rd-ratio=+1", "listed=no"), ("staff=-20", "rd-ratio=8")])
def test_a_table_says_of_each_enterprise_what_is_said_of_it_alone(
    asked: Asked, told: tuple[str, ...]
) -> None:
    rows = rows_of(asked, 100)

    found = assess_rows(enumerate(rows, start=2), asked, read_changes(told, asked.indicators))

    for firm, row in zip(found.firms, rows, strict=True):
        problems = [(column, str(error)) for column, error in firm.problems]
        assert shown(firm.answer, firm.then, problems) == alone(asked, row, told), row
    answers = [firm.answer for firm in found.firms if firm.answer is not None]
    assert 0 < found.rejected() == len(rows) - len(answers)
    for name, n in found.levels().items():
        assert n == sum((answer.level or "") == name for answer in answers)


def test_codes_are_looked_for_beyond_the_rows_that_are_assessed_together(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foretrack.domains.enterprises.actions.assessing.IN_A_BLOCK", 2)
    code = "91110000600037341L"
    rows = [{"code": code}, {"name": "Invented Valves"}, {"name": "Invented Pumps"}, {"code": code}]

    found = assess_rows(enumerate(rows, start=2), asked)

    assert [len(block) for block in found.blocks] == [2, 2]
    assert [firm.row for firm in found.firms[1:]] == [3, 4, 5]
    assert [firm.problems[0][0] if firm.problems else None for firm in found.firms] == [
        None,
        None,
        None,
        "code",
    ]


def test_json_that_is_made_while_it_is_written_is_the_same_json() -> None:
    import io
    import json

    from foretrack.foundation.made import Made

    label = {"label": vars_of(Bilingual("a", "甲\n"))}
    for n in (0, 1, 3):
        out = io.StringIO()
        write_json({"head": [1, label], "rows": Made(n, lambda place: {"row": place}), "end": None}, out)
        kept = {"head": [1, label], "rows": [{"row": place} for place in range(n)], "end": None}
        assert json.loads(out.getvalue()) == kept


def vars_of(label: Bilingual) -> dict[str, str]:
    return {"en": label.en, "zh": label.zh}
