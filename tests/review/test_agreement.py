"""Alpha is that of the published examples, for every scale and with holes, and its interval covers it."""

from __future__ import annotations

import numpy as np
import pytest

from foretrack.foundation.errors import InputError
from foretrack.review.scoring.agreement import Scale, agreement
from foretrack.review.scoring.marks import Mark, Marks

# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", example C: four observers, twelve units, holes.
HOLES = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
# Example A: two observers, ten units, two values. Example B: two observers, twelve units, five names.
TWO = ("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
NAMES = ("1 1 2 2 4 3 3 3 5 4 4 1", "2 1 2 2 2 3 3 3 5 4 4 4")


def table(lines: tuple[str, ...]) -> Marks:
    return Marks.of(
        Mark(f"u{u:02d}", f"o{o}", float(value))
        for o, line in enumerate(lines)
        for u, value in enumerate(line.split())
        if value != "."
    )


@pytest.mark.parametrize(
    ("lines", "scale", "alpha"),
    [
        (HOLES, "nominal", 0.743), (HOLES, "ordinal", 0.815), (HOLES, "interval", 0.849), (HOLES, "ratio", 0.797),
        (TWO, "nominal", 0.095), (NAMES, "nominal", 0.692),
    ],
)  # fmt: skip
def test_the_published_examples(lines: tuple[str, ...], scale: Scale, alpha: float) -> None:
    assert agreement(table(lines), scale, draws=1).alpha == pytest.approx(alpha, abs=5e-4)


def test_of_the_example_with_holes_the_unit_with_one_value_does_not_count() -> None:
    found = agreement(table(HOLES), seed=1)
    assert (found.n_submissions, found.n_marks) == (11, 40)
    assert found.low is not None
    assert found.alpha is not None
    assert found.high is not None
    assert found.low < found.alpha < found.high <= 1
    assert found == agreement(table(HOLES), seed=1)
    assert found != agreement(table(HOLES), seed=2)


@pytest.mark.parametrize("scale", ["nominal", "ordinal", "interval", "ratio"])
def test_full_agreement_is_one_and_chance_is_nothing(scale: Scale) -> None:
    chance = np.random.default_rng(1)
    values = chance.integers(1, 6, 400)
    full = [Mark(f"{u}", o, float(v)) for u, v in enumerate(values) for o in "xyz"]
    lot = [Mark(f"{u}", o, float(chance.integers(1, 6))) for u in range(400) for o in "xyz"]
    found = agreement(Marks.of(lot), scale, draws=100)
    assert agreement(Marks.of(full), scale, draws=1).alpha == pytest.approx(1)
    assert found.alpha == pytest.approx(0, abs=0.08)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.03 < found.high + 0.06


def test_nothing_to_compare_is_no_number() -> None:
    assert agreement(Marks.of([])).alpha is None
    assert agreement(Marks.of([Mark("a", "x", 1), Mark("b", "y", 2)])).alpha is None
    same = agreement(Marks.of([Mark(s, r, 3) for s in "ab" for r in "xy"]))
    assert (same.alpha, same.low, same.n_submissions) == (None, None, 2)


def test_bad_input_is_answered() -> None:
    marks = table(TWO)
    with pytest.raises(InputError, match="there is no scale 'square'"):
        agreement(marks, "square")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="below 0 on a ratio scale"):
        agreement(marks.with_values(marks.value - 1), "ratio")
    with pytest.raises(InputError, match="0 draws"):
        agreement(marks, draws=0)
