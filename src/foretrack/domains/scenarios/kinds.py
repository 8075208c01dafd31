"""Typical application scenarios and cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Day, Json, Link, Money, Number, Text, YesNo
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.workflows import (
    SELECTION_STATES,
    SELECTION_TRANSITIONS,
    evidence_fields,
    usual_fields,
)


def _paragraph(name: str, en: str, zh: str, *, required: bool = False) -> BilingualText:
    return BilingualText(name=name, label=Bilingual(en, zh), max_length=4000, lines=5, required=required)


SCENARIO = Kind(
    name="scenario",
    label=Bilingual("Application scenario", "典型应用场景"),
    plural=Bilingual("Application scenarios", "典型应用场景"),
    help=Bilingual(
        "A place where a new technology or product is used for real, with what it changed there.",
        "新技术、新产品真实应用的场所及其成效。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Owner of the scenario", "场景建设单位")),
        Link(name="suppliers", label=Bilingual("Suppliers", "解决方案提供单位"), to=("organisation",), many=True),
        _paragraph("need", "What was needed", "需求与痛点", required=True),
        _paragraph("solution", "What was done", "解决方案", required=True),
        _paragraph("effect", "What it changed, in figures", "应用成效（量化）", required=True),
        Text(name="site", label=Bilingual("Site", "实施地点")),
        Day(name="running_since", label=Bilingual("Running since", "投用日期"), required=True),
        Number(name="copies", label=Bilingual("Places that have copied it", "复制推广数"), low=0, whole=True),
        Money(name="investment", label=Bilingual("Investment", "投资额"), visibility="private"),
        *evidence_fields(),
    ),
    states=SELECTION_STATES,
    transitions=SELECTION_TRANSITIONS,
    clauses=("G4", "S4", "S8"),
    columns=("title", "organisation", "tracks", "region", "running_since"),
)  # fmt: skip


def _implemented(body: Mapping[str, Json]) -> Sequence[InputError]:
    if body.get("implemented") is not False:
        return ()
    return (
        InputError.of(
            "the solution was not put into use", expected="a case that somebody has lived through",
            do="put it forward as a scenario or an offer instead",
        ),
    )  # fmt: skip


CASE = Kind(
    name="case",
    label=Bilingual("Case", "案例"),
    plural=Bilingual("Cases", "案例"),
    help=Bilingual(
        "What was tried somewhere, what came of it and what others should know, failures included.",
        "某处的实践、结果以及可供他人借鉴的经验，包括失败。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Told by", "案例单位")),
        _paragraph("problem", "Problem", "问题", required=True),
        _paragraph("solution", "Solution", "方案", required=True),
        YesNo(name="implemented", label=Bilingual("In use", "是否已实施"), required=True, facet=True),
        Number(
            name="maturity", label=Bilingual("Readiness level", "技术成熟度"), low=1, high=9, whole=True, facet=True
        ),
        _paragraph("before", "Figures before", "实施前指标"),
        _paragraph("after", "Figures after", "实施后指标", required=True),
        Money(name="cost", label=Bilingual("Cost", "成本"), visibility="partner"),
        _paragraph("conditions", "What others need to copy it", "推广条件"),
        _paragraph("lessons", "Lessons and failures", "经验与教训", required=True),
        Link(name="scenario", label=Bilingual("Scenario", "所属场景"), to=("scenario",)),
        *evidence_fields(),
    ),
    states=SELECTION_STATES,
    transitions=SELECTION_TRANSITIONS,
    checks=(_implemented,),
    clauses=("S5", "V3"),
    columns=("title", "organisation", "tracks", "region", "maturity"),
)  # fmt: skip

KINDS = (SCENARIO, CASE)
