"""Opportunities that somebody opens, capabilities that somebody offers, and the responses between the two."""

from __future__ import annotations

from foretrack.domains.scenarios.kinds.parts import TRIGGER, measured, paragraph, wanted
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import (
    BilingualText,
    Choice,
    Day,
    File,
    Link,
    Money,
    Number,
    Period,
    Text,
)
from foretrack.registry.declaring.kind import Follow, Kind, State, Transition
from foretrack.registry.declaring.rows import Rows
from foretrack.registry.declaring.sides import Side
from foretrack.registry.declaring.workflows import OWNERS, evidence_fields, usual_fields

OPPORTUNITY = Kind(
    name="opportunity",
    label=Bilingual("Scenario opportunity", "场景机会"),
    plural=Bilingual("Scenario opportunities", "场景机会清单"),
    help=Bilingual(
        "A real need of somebody who opens a place, data and a budget to whoever can meet it.",
        "场景单位开放场地、数据和预算，公开征集能够满足其真实需求的解决方案。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Opened by", "场景开放单位")),
        TRIGGER,
        paragraph("need", "What is needed", "需求描述", required=True),
        wanted("measures", "Measures of success", "成效指标", required=True),
        Text(name="site", label=Bilingual("Site", "实施地点"), required=True),
        Money(name="budget", label=Bilingual("Budget", "预算"), required=True),
        Day(name="deadline", label=Bilingual("Answers until", "应答截止日期"), required=True),
        paragraph("data_access", "Data and access that are given", "开放的数据与条件", required=True),
        Text(
            name="owner", label=Bilingual("Named owner", "责任人"), required=True, personal=True, visibility="partner",
            weight="none",
            help=Bilingual(
                "The person who answers for it; shown to whoever has logged in.", "对此负责的人，登录后可见。",
            ),
        ),
        Link(name="supplier", label=Bilingual("Whose solution is piloted", "试点解决方案单位"), to=("organisation",)),
        measured("results", "Measured in the pilot", "试点实测结果"),
        *evidence_fields(),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="published", label=Bilingual("Open to answers", "征集中"), public=True, editable=False, listable=True),
        State(name="answered", label=Bilingual("Answers are looked at", "应答评估中"), public=True, editable=False),
        State(name="pilot", label=Bilingual("Pilot", "试点中"), public=True, editable=False),
        State(
            name="accepted", label=Bilingual("Pilot accepted", "试点通过验收"), public=True, editable=False,
            listable=True,
        ),
        State(name="scaled-up", label=Bilingual("Scaled up", "规模应用"), public=True, editable=False, listable=True),
        State(name="closed", label=Bilingual("Closed", "已关闭"), public=True, editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="publish", label=Bilingual("Publish", "发布"), before=("draft",), after="published",
            who=(*OWNERS, "officer"),
        ),
        Transition(
            name="revise", label=Bilingual("Take back to revise", "撤回修改"), before=("published",), after="draft",
            who=OWNERS, reason=True,
        ),
        Transition(
            name="end-answers", label=Bilingual("End the answers", "结束征集"), before=("published",), after="answered",
            who=OWNERS,
        ),
        Transition(
            name="agree-pilot", label=Bilingual("Agree on a pilot", "确定试点"), before=("published", "answered"),
            after="pilot", who=OWNERS, needs=("supplier",),
        ),
        Transition(
            name="accept", label=Bilingual("Accept the pilot", "验收通过"), before=("pilot",), after="accepted",
            who=OWNERS,
            needs=("results",), reason=True,
        ),
        Transition(
            name="end-pilot", label=Bilingual("End the pilot without acceptance", "试点未通过"), before=("pilot",),
            after="answered", who=OWNERS, reason=True,
        ),
        Transition(
            name="scale-up", label=Bilingual("Scale up", "规模推广"), before=("accepted",), after="scaled-up",
            who=(*OWNERS, "officer"),
        ),
        Transition(
            name="close", label=Bilingual("Close", "关闭"), before=("published", "answered", "pilot", "accepted"),
            after="closed", who=(*OWNERS, "officer"), reason=True,
        ),
    ),
    clauses=("S2", "S3"),
    columns=("title", "organisation", "tracks", "region", "budget", "deadline"),
    side=Side(side="need", texts=("need", "data_access"), states=("published",), until="deadline"),
)  # fmt: skip

CAPABILITY = Kind(
    name="capability",
    label=Bilingual("Capability", "场景能力"),
    plural=Bilingual("Capabilities", "场景能力清单"),
    help=Bilingual(
        "What somebody can do for a scenario, how ready it is and where it was used before.",
        "可用于场景的技术产品能力、成熟程度及既往应用。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Offered by", "能力提供单位")),
        paragraph("what", "What it can do", "能力描述", required=True),
        Number(
            name="maturity", label=Bilingual("Readiness level", "技术成熟度"), low=1, high=9, whole=True, facet=True,
            required=True,
        ),
        Rows(
            name="references", label=Bilingual("Used before", "既往应用"), most=10,
            columns=(
                BilingualText(name="where", label=Bilingual("Where", "应用单位或地点"), required=True, max_length=200),
                Number(name="year", label=Bilingual("Year", "年份"), whole=True, low=1950, high=2100),
                BilingualText(name="result", label=Bilingual("What came of it", "成效"), max_length=300),
            ),
        ),
        paragraph("conditions", "What it needs on site", "应用条件"),
        Money(name="price", label=Bilingual("Price from", "起步价格"), visibility="partner"),
        *evidence_fields(),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="published", label=Bilingual("Published", "已发布"), public=True, listable=True),
        State(name="withdrawn", label=Bilingual("Withdrawn", "已撤下"), closed=True, editable=False),
    ),
    transitions=(
        Transition(
            name="publish", label=Bilingual("Publish", "发布"), before=("draft",), after="published",
            who=(*OWNERS, "officer"),
        ),
        Transition(
            name="withdraw", label=Bilingual("Withdraw", "撤下"), before=("published",), after="withdrawn",
            who=(*OWNERS, "officer"), reason=True,
        ),
        Transition(
            name="renew", label=Bilingual("Offer again", "重新发布"), before=("withdrawn",), after="published",
            who=OWNERS,
        ),
    ),
    clauses=("S2", "S6"),
    columns=("title", "organisation", "tracks", "region", "maturity"),
    side=Side(side="offer", texts=("what", "conditions"), states=("published",), maturity="maturity"),
)  # fmt: skip

RESPONSE = Kind(
    name="response",
    label=Bilingual("Answer to an opportunity", "机会应答"),
    plural=Bilingual("Answers to opportunities", "机会应答"),
    help=Bilingual(
        "How somebody would meet the need. Only whoever answers, whoever opened the opportunity and the officers "
        "in charge see it; competitors never do.",
        "应答单位拟如何满足需求。仅应答单位、场景开放单位和主管人员可见，竞争者不可见。",
    ),
    organisation="organisation",
    region="region",
    addressed=("recipient",),
    follows=(
        Follow("recipient", "opportunity", "organisation"),
        Follow("region", "opportunity", "region"),
    ),
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "名称"), required=True, weight="title"),
        Link(name="organisation", label=Bilingual("Answered by", "应答单位"), to=("organisation",), required=True),
        Link(name="opportunity", label=Bilingual("Opportunity", "场景机会"), to=("opportunity",), required=True),
        Link(name="recipient", label=Bilingual("Addressed to", "应答对象"), to=("organisation",)),
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, weight="none", facet=True),
        Link(name="capability", label=Bilingual("Capability that it rests on", "所依托的能力"), to=("capability",)),
        paragraph("plan", "How the need is met", "解决方案", required=True),
        Rows(
            name="promised", label=Bilingual("Promised", "承诺指标"), most=12,
            columns=(
                BilingualText(name="measure", label=Bilingual("Measure", "指标"), max_length=200, required=True),
                Text(name="unit", label=Bilingual("Unit", "单位"), max_length=40, weight="none", sample="%"),
                Number(name="value", label=Bilingual("Value", "承诺值"), required=True),
            ),
        ),
        Money(name="price", label=Bilingual("Price", "报价"), visibility="private"),
        paragraph("needs", "What is needed from the other side", "需场景方提供的条件"),
        Period(name="pilot_period", label=Bilingual("Pilot from and to", "试点起止")),
        measured("results", "Measured in the pilot", "试点实测结果"),
        Choice(
            name="verdict", label=Bilingual("Outcome of the pilot", "试点结论"), facet=True,
            options={
                "met": Bilingual("Every measure was met", "全部指标达成"),
                "partly": Bilingual("Some measures were met", "部分指标达成"),
                "not-met": Bilingual("No measure was met", "指标未达成"),
            },
        ),
        File(name="proofs", label=Bilingual("Documents", "附件"), many=True, most=10, visibility="private"),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="submitted", label=Bilingual("Sent", "已提交"), editable=False),
        State(name="pilot", label=Bilingual("Pilot agreed", "已确定试点"), editable=False),
        State(name="accepted", label=Bilingual("Accepted", "验收通过"), editable=False, closed=True),
        State(name="declined", label=Bilingual("Not chosen", "未入选"), editable=False, closed=True),
        State(name="ended", label=Bilingual("Pilot ended without acceptance", "试点未通过"), editable=False, closed=True),
        State(name="withdrawn", label=Bilingual("Withdrawn", "已撤回"), editable=False, closed=True),
    ),
    transitions=(
        Transition(name="submit", label=Bilingual("Send", "提交"), before=("draft",), after="submitted", who=OWNERS),
        Transition(
            name="withdraw", label=Bilingual("Withdraw", "撤回"), before=("submitted", "pilot"),
            after="withdrawn", who=OWNERS,
        ),
        Transition(
            name="agree-pilot", label=Bilingual("Agree on a pilot", "确定试点"), before=("submitted",), after="pilot",
            who=OWNERS, by_addressee=True, needs=("pilot_period",),
        ),
        Transition(
            name="decline", label=Bilingual("Do not choose", "不选用"), before=("submitted",), after="declined",
            who=OWNERS, by_addressee=True, reason=True,
        ),
        Transition(
            name="accept", label=Bilingual("Accept the pilot", "验收通过"), before=("pilot",), after="accepted",
            who=OWNERS, by_addressee=True, reason=True, needs=("results", "verdict"),
        ),
        Transition(
            name="end", label=Bilingual("End the pilot without acceptance", "试点不通过"), before=("pilot",),
            after="ended",
            who=OWNERS, by_addressee=True, reason=True,
        ),
    ),
    clauses=("S2", "S6"),
    columns=("title", "organisation", "opportunity", "region"),
)  # fmt: skip
