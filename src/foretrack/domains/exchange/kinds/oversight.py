"""Watching over recognised bodies: the yearly report that they owe, complaints about them, and what they say to those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foretrack.domains.exchange.kinds.parts import paragraph
from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Choice, Day, Json, Link, Number, Text
from foretrack.registry.declaring.kind import Follow, Kind, State, Transition
from foretrack.registry.declaring.workflows import OWNERS

REPORT_DUE = "body-report"
"""Name of the duration, in a pack, from the first day of a year to the day on which the report on the year before it is
due."""
ADMISSION, INVESTIGATION, HEARD = "complaint-admission", "complaint-answer", "complaint-hearing"
"""Names of the durations, in a pack, within which a complaint is taken up, answered, and a body heard about it."""
OWED = ("due", "overdue")
"""States of a yearly report that nobody has handed in."""


def _counts(body: Mapping[str, Json]) -> Sequence[InputError]:
    cases, confirmed = body.get("cases"), body.get("confirmed")
    if cases is None or confirmed is None or confirmed <= cases:
        return ()
    return (
        InputError.of(
            "{n} of {cases} cases ended with a result", n=confirmed, cases=cases, expected="no more than all of them",
            do="correct one of the two numbers",
        ),
    )  # fmt: skip


BODY_REPORT = Kind(
    name="body-report",
    label=Bilingual("Yearly report of a service body", "服务机构年度报告"),
    plural=Bilingual("Yearly reports of service bodies", "服务机构年度报告"),
    help=Bilingual(
        "What a recognised body did in a year: cases, results, complaints, changes. It is made due by itself.",
        "经认定机构的年度情况：项目、结果、投诉与变更。到期任务由系统自动生成。",
    ),
    organisation="organisation",
    region="region",
    creators=("officer", "administrator"),
    follows=(Follow("organisation", "body", "organisation"), Follow("region", "body", "region")),
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "名称"), required=True, weight="title"),
        Link(name="body", label=Bilingual("Service body", "服务机构"), to=("service-body",), required=True),
        Link(name="organisation", label=Bilingual("Organisation", "所属单位"), to=("organisation",)),
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, weight="none", facet=True),
        Number(
            name="year", label=Bilingual("Year", "年度"), low=2000, high=2200, whole=True, required=True, facet=True
        ),
        Day(name="due_by", label=Bilingual("Due by", "应报日期"), required=True),
        Number(name="cases", label=Bilingual("Cases", "项目数"), low=0, whole=True, required=True),
        Number(
            name="confirmed", label=Bilingual("Cases with a result", "已形成结果的项目数"), low=0, whole=True,
            required=True,
        ),
        Number(
            name="complaints", label=Bilingual("Complaints received", "收到投诉数"), low=0, whole=True, required=True
        ),
        paragraph("results", "Results of the year", "年度成效", required=True),
        paragraph("changes", "Changes of staff, methods and conditions", "人员、方法与条件的变化", required=True),
        paragraph("measures", "What was learnt from complaints", "投诉整改情况"),
        paragraph("confidential", "For the office in charge only", "仅供主管部门", visibility="private", weight="none"),
    ),
    states=(
        State(name="due", label=Bilingual("Due", "待提交"), draft=True, due_field="due_by"),
        State(name="overdue", label=Bilingual("Overdue", "已逾期"), draft=True, due_field="due_by"),
        State(name="submitted", label=Bilingual("Submitted", "已提交"), editable=False, due="review"),
        State(name="returned", label=Bilingual("Returned for correction", "退回修改"), draft=True, due="correction"),
        State(name="accepted", label=Bilingual("Accepted", "已接收"), public=True, editable=False, listable=True),
        State(name="excused", label=Bilingual("Not needed", "免报"), editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="submit", label=Bilingual("Submit", "提交"), before=(*OWED, "returned"), after="submitted", who=OWNERS,
        ),
        Transition(
            name="mark-overdue", label=Bilingual("Mark as overdue", "标记逾期"), before=("due",), after="overdue",
            who=("administrator",), reason=True,
        ),
        Transition(
            name="return", label=Bilingual("Return for correction", "退回修改"), before=("submitted",), after="returned",
            who=("officer",), reason=True,
        ),
        Transition(
            name="accept", label=Bilingual("Accept", "接收"), before=("submitted",), after="accepted", who=("officer",),
            by_another=True,
        ),
        Transition(
            name="excuse", label=Bilingual("Do without it", "免报"), before=OWED, after="excused", who=("officer",),
            reason=True,
        ),
    ),
    checks=(_counts,),
    clauses=("T7",),
    columns=("title", "organisation", "year", "cases", "complaints"),
)  # fmt: skip

GROUNDS = {
    "false-result": Bilingual("Wrong or false result", "结果失实"),
    "conflict": Bilingual("Conflict of interest", "利益冲突"),
    "fees": Bilingual("Fees", "收费"),
    "delay": Bilingual("Delay", "拖延"),
    "leak": Bilingual("Breach of confidence", "泄露秘密"),
    "other": Bilingual("Something else", "其他"),
}
OUTCOMES = {
    "upheld": Bilingual("Upheld", "投诉成立"),
    "partly": Bilingual("Upheld in part", "部分成立"),
    "dismissed": Bilingual("Not upheld", "不成立"),
}

COMPLAINT = Kind(
    name="complaint",
    label=Bilingual("Complaint about a service body", "对服务机构的投诉"),
    plural=Bilingual("Complaints about service bodies", "对服务机构的投诉"),
    help=Bilingual(
        "Only whoever complains and the office in charge see it. The body is heard in a letter that names nobody.",
        "仅投诉人与主管部门可见；向机构核实时不透露投诉人。",
    ),
    # No organisation: whoever made it is its owner, and nobody who reads of the body learns who that was.
    region="region",
    creators=("member", "manager", "officer"),
    follows=(Follow("region", "body", "region"),),
    fields=(
        Text(name="title", label=Bilingual("In short", "事由"), required=True, max_length=120, weight="title"),
        Link(name="body", label=Bilingual("About", "被投诉机构"), to=("service-body",), required=True),
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, weight="none", facet=True),
        Choice(name="grounds", label=Bilingual("Grounds", "投诉理由"), options=GROUNDS, facet=True, required=True),
        Text(
            name="events", label=Bilingual("What happened", "事实经过"), required=True, max_length=8000, lines=8,
            visibility="private", weight="none",
        ),
        Text(
            name="contact", label=Bilingual("How to reach you", "联系方式"), max_length=200, visibility="private",
            personal=True, weight="none",
        ),
        Link(
            name="hearing", label=Bilingual("Hearing of the body", "核实函"), to=("complaint-hearing",),
            visibility="private",
        ),
        Text(
            name="findings", label=Bilingual("What was found", "调查情况"), max_length=8000, lines=6,
            visibility="private", weight="none",
        ),
        Choice(name="outcome", label=Bilingual("Outcome", "处理结论"), options=OUTCOMES, visibility="private"),
        Text(
            name="answer", label=Bilingual("Answer to whoever complained", "答复内容"), max_length=4000, lines=5,
            visibility="private", weight="none",
        ),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="filed", label=Bilingual("Filed", "已提交"), editable=False, due=ADMISSION),
        State(
            name="investigating", label=Bilingual("Being investigated", "调查中"), editable=False, due=INVESTIGATION
        ),
        State(name="answered", label=Bilingual("Answered", "已答复"), editable=False, closed=True),
        State(name="rejected", label=Bilingual("Not taken up", "不予受理"), editable=False, closed=True),
        State(name="withdrawn", label=Bilingual("Withdrawn", "已撤回"), editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="file", label=Bilingual("File", "提交"), before=("draft",), after="filed", who=(*OWNERS, "officer")
        ),
        Transition(
            name="take-up", label=Bilingual("Take up", "受理"), before=("filed",), after="investigating",
            who=("officer",), by_another=True,
        ),
        Transition(
            name="reject", label=Bilingual("Do not take up", "不予受理"), before=("filed",), after="rejected",
            who=("officer",), reason=True, by_another=True,
        ),
        Transition(
            name="hear", label=Bilingual("Note the hearing of the body", "登记核实函"), before=("investigating",),
            after="investigating", who=("officer",), needs=("hearing",),
        ),
        Transition(
            name="answer", label=Bilingual("Answer", "答复"), before=("investigating",), after="answered",
            who=("officer",), by_another=True, needs=("findings", "outcome", "answer"),
        ),
        Transition(
            name="withdraw", label=Bilingual("Withdraw", "撤回"), before=("draft", "filed", "investigating"),
            after="withdrawn", who=OWNERS,
        ),
    ),
    clauses=("T7",),
    columns=("title", "body", "grounds"),
)  # fmt: skip

HEARING = Kind(
    name="complaint-hearing",
    label=Bilingual("Hearing of a service body", "服务机构核实函"),
    plural=Bilingual("Hearings of service bodies", "服务机构核实函"),
    help=Bilingual(
        "What the office in charge asks a body about a complaint, without saying who complained.",
        "主管部门就投诉事项向机构核实，不透露投诉人。",
    ),
    region="region",
    addressed=("to",),
    creators=("officer",),
    follows=(Follow("to", "body", "organisation"), Follow("region", "body", "region")),
    fields=(
        Text(name="title", label=Bilingual("In short", "事由"), required=True, max_length=120, weight="title"),
        Link(name="body", label=Bilingual("Service body", "服务机构"), to=("service-body",), required=True),
        Link(name="to", label=Bilingual("Its organisation", "所属单位"), to=("organisation",)),
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, weight="none"),
        Choice(name="grounds", label=Bilingual("Grounds", "投诉理由"), options=GROUNDS, required=True),
        Text(
            name="question", label=Bilingual("What is asked", "核实事项"), required=True, max_length=4000, lines=6,
            visibility="private", weight="none",
        ),
        Text(
            name="reply", label=Bilingual("What the body says", "机构说明"), max_length=8000, lines=8,
            visibility="private", weight="none",
        ),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="sent", label=Bilingual("Sent", "已发送"), editable=False, due=HEARD),
        State(name="replied", label=Bilingual("Replied", "已说明"), editable=False, closed=True),
        State(name="closed", label=Bilingual("Closed without a reply", "未作说明"), editable=False, closed=True),
    ),
    transitions=(
        Transition(name="send", label=Bilingual("Send", "发送"), before=("draft",), after="sent", who=("officer",)),
        Transition(
            name="reply", label=Bilingual("Reply", "说明"), before=("sent",), after="replied", who=OWNERS,
            by_addressee=True, needs=("reply",),
        ),
        Transition(
            name="close", label=Bilingual("Close without a reply", "结束核实"), before=("sent",), after="closed",
            who=("officer",), reason=True,
        ),
    ),
    clauses=("T7",),
    columns=("title", "body", "grounds"),
)  # fmt: skip
