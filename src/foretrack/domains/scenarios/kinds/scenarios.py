"""Typical application scenarios: where something new is used for real."""

from __future__ import annotations

from foretrack.domains.scenarios.kinds.parts import TRIGGER, measured, paragraph
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import Day, Link, Money, Number, Text, YesNo
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.workflows import (
    SELECTION_STATES,
    SELECTION_TRANSITIONS,
    evidence_fields,
    usual_fields,
)

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
        TRIGGER,
        YesNo(
            name="benchmark", label=Bilingual("Local benchmark", "地方标杆示范"), facet=True,
            help=Bilingual("The region shows it as its benchmark demonstration.", "由地方作为标杆示范场景推介。"),
        ),
        paragraph("need", "What was needed", "需求与痛点", required=True),
        paragraph("solution", "What was done", "解决方案", required=True),
        paragraph("effect", "What it changed, in figures", "应用成效（量化）", required=True),
        measured("measures", "Measures before and after", "成效指标前后对比"),
        Text(name="site", label=Bilingual("Site", "实施地点")),
        Day(name="running_since", label=Bilingual("Running since", "投用日期"), required=True),
        Number(name="copies", label=Bilingual("Places that have copied it", "复制推广数"), low=0, whole=True),
        Money(name="investment", label=Bilingual("Investment", "投资额"), visibility="private"),
        Link(name="opportunity", label=Bilingual("Began as the opportunity", "来源场景机会"), to=("opportunity",)),
        *evidence_fields(),
    ),
    states=SELECTION_STATES,
    transitions=SELECTION_TRANSITIONS,
    clauses=("G4", "S3", "S4", "S8"),
    columns=("title", "organisation", "tracks", "region", "running_since"),
)  # fmt: skip
