"""Pilot zones (先导区): not to be mixed up with pilot-scale testing (中试)."""

from __future__ import annotations

from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Day, Link, Number
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.workflows import (
    SELECTION_STATES,
    SELECTION_TRANSITIONS,
    evidence_fields,
    usual_fields,
)

PILOT_ZONE = Kind(
    name="pilot-zone",
    label=Bilingual("Pilot zone", "未来产业先导区"),
    plural=Bilingual("Pilot zones", "未来产业先导区"),
    help=Bilingual(
        "A zone that was chosen to try out a future industry, with its plan and what came of it.",
        "经遴选先行先试未来产业的区域，含建设方案与成效。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Body in charge", "建设主体")),
        BilingualText(name="plan", label=Bilingual("Plan", "建设方案"), max_length=8000, lines=8, required=True),
        Number(name="area", label=Bilingual("Area", "面积"), low=0, unit=Bilingual("km²", "平方公里")),
        Number(name="firms", label=Bilingual("Firms of its tracks", "赛道企业数"), low=0, whole=True),
        Link(name="leaders", label=Bilingual("Leading firms", "龙头企业"), to=("organisation",), many=True),
        Day(name="begun_on", label=Bilingual("Begun on", "启动日期")),
        Day(name="accepted_on", label=Bilingual("Accepted on", "验收日期")),
        BilingualText(name="results", label=Bilingual("Results", "建设成效"), max_length=4000, lines=5),
        *evidence_fields(),
    ),
    states=SELECTION_STATES,
    transitions=SELECTION_TRANSITIONS,
    clauses=("G7", "H2"),
    columns=("title", "organisation", "tracks", "region", "begun_on"),
)  # fmt: skip

KINDS = (PILOT_ZONE,)
