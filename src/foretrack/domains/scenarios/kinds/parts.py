"""Fields that several kinds of the domain have: paragraphs, measures wanted and measured, what set a scenario off."""

from __future__ import annotations

from typing import Any

from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Choice, Number, Text
from foretrack.registry.declaring.rows import Rows

MEASURE = BilingualText(name="measure", label=Bilingual("Measure", "指标"), max_length=200, required=True)
UNIT = Text(name="unit", label=Bilingual("Unit", "单位"), max_length=40, weight="none", sample="%")
HOW = BilingualText(name="how", label=Bilingual("How measured", "测量方法"), max_length=300)


def paragraph(name: str, en: str, zh: str, **more: Any) -> BilingualText:
    """A text of several lines."""
    return BilingualText(name=name, label=Bilingual(en, zh), max_length=4000, lines=5, **more)


def wanted(name: str, en: str, zh: str, **more: Any) -> Rows:
    """Measures with their value now and the one that is wanted."""
    return Rows(
        name=name, label=Bilingual(en, zh), most=12,
        columns=(
            MEASURE, UNIT, Number(name="now", label=Bilingual("Now", "现状值")),
            Number(name="wanted", label=Bilingual("Wanted", "目标值"), required=True), HOW,
        ),
        **more,
    )  # fmt: skip


def measured(name: str, en: str, zh: str, **more: Any) -> Rows:
    """Measures with their value before and after."""
    return Rows(
        name=name, label=Bilingual(en, zh), most=12,
        columns=(
            MEASURE, UNIT, Number(name="before", label=Bilingual("Before", "实施前")),
            Number(name="after", label=Bilingual("After", "实施后"), required=True), HOW,
        ),
        **more,
    )  # fmt: skip


TRIGGER = Choice(
    name="trigger", label=Bilingual("Occasion", "场景依托"), facet=True,
    help=Bilingual("What gives the occasion.", "依托何种契机开展。"),
    options={
        "operation": Bilingual("Own operation", "自身业务"),
        "project": Bilingual("Major project", "重大工程"),
        "event": Bilingual("Major event", "重大活动"),
        "region": Bilingual("Industry and city grow together", "产城融合"),
    },
)  # fmt: skip
