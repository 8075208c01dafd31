"""Breakthroughs in key technologies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foretrack.domains.missions.kinds.parts import readiness
from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import (
    BilingualText,
    Day,
    Json,
    Link,
    Money,
    Number,
    Text,
)
from foretrack.registry.declaring.kind import Kind, State, Transition
from foretrack.registry.declaring.workflows import (
    OWNERS,
    REVIEW,
    evidence_fields,
    usual_fields,
)


def _rises(body: Mapping[str, Json]) -> Sequence[InputError]:
    before, after = body.get("maturity_before"), body.get("maturity_after")
    if before is None or after is None or after >= before:
        return ()
    return (
        InputError.of(
            "the readiness level falls from {before} to {after}", before=before, after=after,
            expected="a level that stays or rises", do="check the two levels",
        ),
    )  # fmt: skip


BREAKTHROUGH = Kind(
    name="breakthrough",
    label=Bilingual("Breakthrough in a key technology", "关键核心技术突破"),
    plural=Bilingual("Breakthroughs in key technologies", "关键核心技术突破"),
    help=Bilingual(
        "A key technology that somebody has been asked to master, with the figure that tells whether it was done.",
        "已布局攻关的关键核心技术，并以可测量的指标说明是否突破。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Leading organisation", "牵头单位")),
        Link(name="partners", label=Bilingual("Partners", "参与单位"), to=("organisation",), many=True),
        BilingualText(name="about", label=Bilingual("What is to be mastered", "攻关内容"), max_length=4000, lines=6),
        BilingualText(
            name="measure", label=Bilingual("Measure", "考核指标"), required=True,
            help=Bilingual("The figure that decides, with its unit.", "起决定作用的指标及其单位。"),
        ),
        Number(name="start", label=Bilingual("Value at the start", "起点值")),
        Number(name="aim", label=Bilingual("Value aimed at", "目标值")),
        Number(name="reached", label=Bilingual("Value reached", "达到值")),
        Number(name="best", label=Bilingual("Best value in the world", "国际最优值")),
        readiness("maturity_before", "Readiness level before", "起始成熟度"),
        readiness("maturity_after", "Readiness level after", "达到成熟度", facet=True),
        Day(name="tested_on", label=Bilingual("Tested on", "测试日期")),
        Text(name="tested_by", label=Bilingual("Tested by", "测试机构"), help=Bilingual("Third party", "第三方机构")),
        Money(name="budget", label=Bilingual("Budget", "经费"), visibility="private"),
        *evidence_fields(),
    ),
    states=(
        State(name="identified", label=Bilingual("Identified", "已识别"), draft=True),
        State(name="assigned", label=Bilingual("Assigned", "已布局")),
        State(name="in-progress", label=Bilingual("In progress", "攻关中")),
        State(name="claimed", label=Bilingual("Claimed", "申报突破"), editable=False, due=REVIEW),
        State(name="verified", label=Bilingual("Verified", "已验证"), public=True, editable=False, listable=True),
        State(name="dropped", label=Bilingual("Dropped", "已终止"), editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="assign", label=Bilingual("Assign", "布局"), before=("identified",), after="assigned",
            who=("officer",), reason=True, needs=("aim",),
        ),
        Transition(
            name="begin", label=Bilingual("Begin", "启动"), before=("assigned",), after="in-progress",
            who=(*OWNERS, "officer"),
        ),
        Transition(
            name="claim", label=Bilingual("Claim", "申报突破"), before=("in-progress",), after="claimed", who=OWNERS,
            needs=("reached", "tested_on", "tested_by"),
        ),
        Transition(
            name="verify", label=Bilingual("Verify", "验证通过"), before=("claimed",), after="verified",
            who=("officer",), reason=True, by_another=True, needs=("maturity_after",),
        ),
        Transition(
            name="return", label=Bilingual("Return", "退回"), before=("claimed",), after="in-progress",
            who=("officer",), reason=True,
        ),
        Transition(
            name="drop", label=Bilingual("Drop", "终止"), before=("identified", "assigned", "in-progress", "claimed"),
            after="dropped", who=("officer",), reason=True,
        ),
        Transition(
            name="revoke", label=Bilingual("Revoke", "撤销"), before=("verified",), after="dropped",
            who=("officer",), reason=True,
        ),
    ),
    checks=(_rises,),
    clauses=("G1",),
    columns=("title", "organisation", "tracks", "region", "maturity_after"),
)  # fmt: skip
