"""Fields that several kinds of missions share."""

from __future__ import annotations

from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import Choice, Field, Number, Text

AT_LEAST, AT_MOST = "at least", "at most"


def readiness(name: str, en: str, zh: str, *, facet: bool = False) -> Number:
    """A readiness level, 1 to 9."""
    return Number(name=name, label=Bilingual(en, zh), low=1, high=9, whole=True, facet=facet)


def measure_columns(value: str, label: Bilingual) -> tuple[Field, ...]:
    """Columns of a table of figures: what is measured, its unit, which way is better, and the figure itself."""
    return (
        Text(name="measure", label=Bilingual("Measure", "指标"), required=True, max_length=120, sample="Walking speed"),
        Text(name="unit", label=Bilingual("Unit", "单位"), max_length=30, sample="m/s"),
        Choice(
            name="sense", label=Bilingual("At least or at most", "方向"),
            options={AT_LEAST: Bilingual("At least", "不低于"), AT_MOST: Bilingual("At most", "不高于")},
        ),
        Number(name=value, label=label, required=True),
    )  # fmt: skip
