"""Where new things are tried: test fields, what was built and found there, and sandboxes for what is not allowed yet."""

from __future__ import annotations

from foretrack.domains.scenarios.kinds.parts import measured, paragraph
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import (
    BilingualText,
    Choice,
    Day,
    Link,
    Money,
    Number,
    Period,
    Text,
    Web,
    YesNo,
)
from foretrack.registry.declaring.kind import Follow, Kind, State, Transition
from foretrack.registry.declaring.rows import Rows
from foretrack.registry.declaring.workflows import OWNERS, REVIEW, evidence_fields, usual_fields

TEST_FIELD = Kind(
    name="test-field",
    label=Bilingual("Test field", "应用试验场"),
    plural=Bilingual("Test fields", "应用试验场"),
    help=Bilingual(
        "A place where products are tried again and again under real conditions, with what it can take.",
        "供产品在真实条件下反复试用迭代的场所及其承载能力。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Operated by", "运营单位")),
        Choice(
            name="sort_of", label=Bilingual("Sort of field", "类型"), facet=True,
            options={
                "plant": Bilingual("Plant or line", "工厂或产线"), "road": Bilingual("Road or track", "道路或测试场"),
                "air": Bilingual("Airspace", "空域"), "sea": Bilingual("Water", "水域"),
                "ward": Bilingual("Hospital or home", "医院或家庭"),
                "network": Bilingual("Network or data", "网络或数据环境"),
                "city": Bilingual("Town district", "城区"), "other": Bilingual("Other", "其他"),
            },
        ),
        paragraph("testable", "What can be tested", "可开展的试验", required=True),
        Rows(
            name="capacity", label=Bilingual("Capacity", "承载能力"), most=12, required=True,
            columns=(
                BilingualText(name="what", label=Bilingual("What", "项目"), required=True, max_length=120),
                Number(name="amount", label=Bilingual("At a time", "同时承载量"), low=0, required=True),
                Text(name="unit", label=Bilingual("Unit", "单位"), max_length=40, weight="none", sample="teams"),
            ),
        ),
        Rows(
            name="slots", label=Bilingual("Free times", "可预约时段"), most=20,
            columns=(
                Period(name="when", label=Bilingual("From and to", "起止"), required=True),
                Number(name="places", label=Bilingual("Places", "名额"), whole=True, low=0),
            ),
        ),
        Rows(
            name="protocols", label=Bilingual("Test protocols", "试验规程"), most=12,
            columns=(
                BilingualText(name="protocol", label=Bilingual("Protocol", "规程"), required=True, max_length=200),
                Text(name="standard", label=Bilingual("Standard", "依据标准"), max_length=80),
                Web(name="page", label=Bilingual("Page", "网页")),
            ),
        ),
        Text(name="site", label=Bilingual("Site", "地点")),
        Money(name="fee", label=Bilingual("Fee a day", "每日费用"), visibility="partner"),
        *evidence_fields(),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="open", label=Bilingual("Open", "开放"), public=True, listable=True),
        State(name="closed", label=Bilingual("Closed", "关闭"), public=True, closed=True, editable=False),
    ),
    transitions=(
        Transition(
            name="open", label=Bilingual("Open", "开放"), before=("draft", "closed"), after="open",
            who=(*OWNERS, "officer"),
        ),
        Transition(
            name="close", label=Bilingual("Close", "关闭"), before=("open",), after="closed", who=(*OWNERS, "officer"),
            reason=True,
        ),
    ),
    clauses=("S1",),
    columns=("title", "organisation", "tracks", "region", "sort_of"),
)  # fmt: skip

ITERATION = Kind(
    name="iteration",
    label=Bilingual("Iteration of a product", "产品迭代"),
    plural=Bilingual("Iterations of products", "产品迭代"),
    help=Bilingual(
        "One round of a product in a test field: what was built, how it was tested, what was found, what was "
        "mended. The next round names this one, so that the chain can be followed.",
        "产品在试验场的一轮迭代：做了什么、如何测试、发现什么、如何改进；下一轮指向本轮，可逐轮追溯。",
    ),
    organisation="organisation",
    region="region",
    addressed=("recipient",),
    follows=(Follow("recipient", "test_field", "organisation"), Follow("region", "test_field", "region")),
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "名称"), required=True, weight="title"),
        Link(name="organisation", label=Bilingual("Product of", "产品单位"), to=("organisation",), required=True),
        Link(name="test_field", label=Bilingual("Test field", "应用试验场"), to=("test-field",), required=True),
        Link(name="recipient", label=Bilingual("Operated by", "试验场运营单位"), to=("organisation",)),
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, weight="none", facet=True),
        Link(
            name="product", label=Bilingual("Product or technology", "产品或技术"),
            to=("iconic-product", "technology", "capability"),
        ),
        Link(name="before", label=Bilingual("Round before", "上一轮"), to=("iteration",)),
        Number(name="round", label=Bilingual("Round", "轮次"), whole=True, low=1, high=999, required=True),
        paragraph("built", "What was built", "构建内容", required=True),
        paragraph("tested", "How it was tested", "测试方法"),
        measured("results", "Measured", "测试结果"),
        paragraph("finding", "What was found", "发现的问题"),
        paragraph("fix", "What was mended", "改进措施"),
        Day(name="began", label=Bilingual("Began", "开始日期")),
        Day(name="ended", label=Bilingual("Ended", "结束日期")),
    ),
    states=(
        State(name="built", label=Bilingual("Being built", "构建"), draft=True),
        State(name="testing", label=Bilingual("Being tested", "测试")),
        State(name="found", label=Bilingual("Findings are there", "发现")),
        State(name="fixed", label=Bilingual("Mended", "改进完成"), public=True, editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="test", label=Bilingual("Start the test", "开始测试"), before=("built",), after="testing", who=OWNERS,
            needs=("tested",),
        ),
        Transition(
            name="find", label=Bilingual("Tell the finding", "提交发现"), before=("testing",), after="found", who=OWNERS,
            needs=("finding",),
        ),
        Transition(
            name="fix", label=Bilingual("Mended", "完成改进"), before=("found",), after="fixed", who=OWNERS,
            needs=("fix",),
        ),
    ),
    clauses=("S1",),
    columns=("title", "organisation", "test_field", "round"),
)  # fmt: skip

SANDBOX_REQUEST = Kind(
    name="sandbox-request",
    label=Bilingual("Request for an early trial", "早期试验场景申请"),
    plural=Bilingual("Requests for early trials", "早期试验场景申请"),
    help=Bilingual(
        "To try an original or disruptive technology where ordinary rules leave no room yet, under conditions of safety.",
        "原创性、颠覆性技术在安全条件下开展早期试验的申请。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Asked for by", "申请单位")),
        Link(name="test_field", label=Bilingual("Test field", "应用试验场"), to=("test-field",)),
        paragraph("what", "What shall be tried", "试验内容", required=True),
        paragraph("why", "Why ordinary rules leave no room for it", "现行规则为何无法容纳", required=True),
        Period(name="period", label=Bilingual("From and to", "试验期限"), required=True),
        Number(
            name="affected", label=Bilingual("People who may be affected", "可能受影响人数"), whole=True, low=0,
            required=True,
        ),
        Rows(
            name="safety", label=Bilingual("Dangers and what keeps them off", "风险与安全措施"), most=20, required=True,
            columns=(
                BilingualText(name="danger", label=Bilingual("Danger", "风险"), required=True, max_length=200),
                BilingualText(
                    name="guard", label=Bilingual("What keeps it off", "防范措施"), required=True, max_length=300,
                ),
                BilingualText(name="limit", label=Bilingual("Stop when", "停止条件"), max_length=200),
            ),
        ),
        paragraph("emergency", "Plan for an emergency", "应急预案", required=True),
        YesNo(name="can_be_stopped", label=Bilingual("It can be stopped at any time", "可随时中止"), required=True),
        YesNo(
            name="damage_is_covered", label=Bilingual("Damage to others is covered", "对他人损害有保障"), required=True,
        ),
        YesNo(
            name="people_have_agreed", label=Bilingual("Whoever is affected has agreed", "受影响者已知情同意"),
            required=True,
        ),
        YesNo(name="is_prohibited", label=Bilingual("A law forbids it without exception", "法律绝对禁止"), required=True),
        Rows(
            name="conditions", label=Bilingual("Conditions of the approval", "批准条件"), most=20,
            columns=(
                BilingualText(name="condition", label=Bilingual("Condition", "条件"), required=True, max_length=300),
                Day(name="until", label=Bilingual("Until", "期限")),
            ),
        ),
        paragraph("report", "What came of it", "试验报告"),
        Number(name="incidents", label=Bilingual("Incidents", "事件数"), whole=True, low=0),
        *evidence_fields(),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="requested", label=Bilingual("Asked for", "已申请"), editable=False, due=REVIEW),
        State(name="approved", label=Bilingual("Approved with conditions", "附条件批准"), public=True, editable=False),
        State(name="running", label=Bilingual("Running", "试验中"), public=True, editable=False),
        State(name="reported", label=Bilingual("Reported", "已提交报告"), public=True, editable=False, due=REVIEW),
        State(name="closed", label=Bilingual("Closed", "已结束"), public=True, editable=False, closed=True),
        State(name="stopped", label=Bilingual("Stopped", "已中止"), public=True, editable=False, closed=True),
        State(name="refused", label=Bilingual("Refused", "未批准"), editable=False, closed=True),
        State(name="withdrawn", label=Bilingual("Withdrawn", "已撤回"), editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="request", label=Bilingual("Ask for it", "提交申请"), before=("draft",), after="requested", who=OWNERS,
            rule="sandbox-red-lines",
        ),
        Transition(
            name="approve", label=Bilingual("Approve with conditions", "附条件批准"), before=("requested",),
            after="approved", who=("officer",), reason=True, needs=("conditions",), by_another=True,
        ),
        Transition(
            name="refuse", label=Bilingual("Refuse", "不予批准"), before=("requested",), after="refused",
            who=("officer",),
            reason=True, by_another=True,
        ),
        Transition(name="begin", label=Bilingual("Begin", "开始试验"), before=("approved",), after="running", who=OWNERS),
        Transition(
            name="report", label=Bilingual("Report", "提交报告"), before=("running",), after="reported", who=OWNERS,
            needs=("report", "incidents"),
        ),
        Transition(
            name="close", label=Bilingual("Close", "结束"), before=("reported",), after="closed", who=("officer",),
            reason=True,
        ),
        Transition(
            name="stop", label=Bilingual("Stop", "中止"), before=("approved", "running"), after="stopped",
            who=(*OWNERS, "officer"), reason=True,
        ),
        Transition(
            name="withdraw", label=Bilingual("Withdraw", "撤回"), before=("draft", "requested"), after="withdrawn",
            who=OWNERS,
        ),
    ),
    clauses=("S7",),
    columns=("title", "organisation", "tracks", "region", "period"),
)  # fmt: skip
