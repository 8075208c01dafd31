"""Matchmaking exhibitions: the event, who takes part, the desk's badge, the schedule of meetings, what came of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foretrack.domains.exchange.kinds.parts import paragraph
from foretrack.domains.exchange.meetings.slots import Timetable
from foretrack.foundation.errors import InputError
from foretrack.matching.kinds import DECLINED
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import (
    BilingualText,
    Choice,
    Day,
    Email,
    Field,
    Json,
    Link,
    Number,
    Term,
    Text,
    Web,
)
from foretrack.registry.declaring.kind import Follow, Kind, Role, State, Transition
from foretrack.registry.declaring.rows import Rows
from foretrack.registry.declaring.workflows import OWNERS, usual_fields

RUN: tuple[Role, ...] = (*OWNERS, "officer")
"""Who runs an exhibition: its organiser, and the officers of its region."""
FORMS = {
    "place": Bilingual("At a place", "线下"),
    "online": Bilingual("Online", "线上"),
    "both": Bilingual("At a place and online", "线上线下结合"),
}
PURPOSES = {
    "achievements": Bilingual("Achievement matchmaking", "成果对接展会"),
    "scenarios": Bilingual("Scenario-based session", "场景供需对接会"),
    "chain": Bilingual("Demand session of a chain's leader", "链主企业需求对接会"),
}
SIDES = {
    "exhibitor": Bilingual("Exhibitor", "参展方"),
    "visitor": Bilingual("Visitor", "观展方"),
}
RESULTS = {
    "contact": Bilingual("Contact made", "建立联系"),
    "follow-up": Bilingual("A further talk is agreed", "约定后续洽谈"),
    "trial": Bilingual("A trial is intended", "意向试用"),
    "contract": Bilingual("A contract is intended", "意向签约"),
    "nothing": Bilingual("Nothing", "无进展"),
    "no-show": Bilingual("The other side did not come", "对方未到场"),
}
MEETS, ENDED = ("registration", "scheduled", "running"), ("held", "evaluated")
"""States of an exhibition in which people take part, and in which it is over."""


def _timetable(body: Mapping[str, Json]) -> Sequence[InputError]:
    """What is wrong with days, hours and breaks."""
    if not {"timezone", "days", "slot_minutes"} <= body.keys():
        return ()  # a draft: what is missing is asked for when it is announced
    try:
        Timetable.of(body)
    except InputError as error:
        return (error,)
    return ()


def _window(body: Mapping[str, Json]) -> Sequence[InputError]:
    begins, ends = body.get("registration_from"), body.get("registration_until")
    if begins and ends and begins > ends:
        return (
            InputError.of(
                "the registration ends on {ends}, before it begins on {begins}", begins=begins, ends=ends,
                expected="an end on or after the beginning", do="correct the days",
            ),
        )  # fmt: skip
    return ()


def _clock(name: str, en: str, zh: str) -> Text:
    return Text(
        name=name, label=Bilingual(en, zh), required=True, max_length=5, weight="none", sample="09:00",
        help=Bilingual("Hours and minutes, local time.", "当地时间，时:分。"),
    )  # fmt: skip


EXHIBITION = Kind(
    name="exhibition",
    label=Bilingual("Exhibition", "对接展会"),
    plural=Bilingual("Exhibitions", "对接展会"),
    help=Bilingual(
        "An event at which offers are shown and one-to-one meetings are scheduled by availability and wishes.",
        "展示成果与供给，并按时间与意愿统筹安排一对一洽谈的活动。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Organised by", "主办单位")),
        paragraph("about", "What it is about", "活动介绍", required=True),
        Choice(
            name="purpose", label=Bilingual("Kind of event", "活动类型"), options=PURPOSES, facet=True, required=True
        ),
        Choice(name="form", label=Bilingual("Where", "举办形式"), options=FORMS, facet=True, required=True),
        Text(name="place", label=Bilingual("Address", "举办地点"), max_length=200),
        Web(
            name="online", label=Bilingual("Online room", "线上会场"), visibility="private",
            help=Bilingual("Told to participants only.", "仅告知参会者。"),
        ),
        Link(
            name="opportunities", label=Bilingual("Scenario opportunities", "关联场景机会"), to=("opportunity",),
            many=True,
        ),
        Link(name="needs", label=Bilingual("Needs that are to be met", "需求清单"), to=("need",), many=True),
        Link(name="leader", label=Bilingual("Leader of the chain", "链主企业"), to=("organisation",)),
        Text(
            name="timezone", label=Bilingual("Time zone", "时区"), max_length=40, required=True, weight="none",
            sample="Asia/Shanghai",
            help=Bilingual("Name in the IANA database, such as Asia/Shanghai.", "IANA 时区名，例如 Asia/Shanghai。"),
        ),
        Rows(
            name="days", label=Bilingual("Days and hours of meetings", "洽谈日期与时间"), most=10, required=True,
            columns=(
                Day(name="day", label=Bilingual("Day", "日期"), required=True),
                _clock("begins", "From", "开始"),
                _clock("ends", "To", "结束"),
            ),
        ),
        Rows(
            name="breaks", label=Bilingual("Breaks on each day", "每日休息时段"), most=10,
            columns=(_clock("begins", "From", "开始"), _clock("ends", "To", "结束")),
        ),
        Number(
            name="slot_minutes", label=Bilingual("Length of a meeting", "每场时长"), low=5, high=240, whole=True,
            required=True, unit=Bilingual("minutes", "分钟"),
        ),
        Number(
            name="pause_minutes", label=Bilingual("Pause between meetings", "场间间隔"), low=0, high=120, whole=True,
            unit=Bilingual("minutes", "分钟"),
        ),
        Rows(
            name="halls", label=Bilingual("Halls and tables", "展厅与洽谈桌"), most=20, required=True,
            columns=(
                Text(
                    name="hall", label=Bilingual("Hall", "展厅"), required=True, max_length=40, weight="none", sample="A"
                ),
                Number(
                    name="tables", label=Bilingual("Tables", "洽谈桌数"), low=1, high=500, whole=True, required=True
                ),
            ),
        ),
        Number(
            name="most_meetings", label=Bilingual("Meetings of one participant at most", "每位参会者最多洽谈场次"),
            low=1, high=100, whole=True, required=True,
        ),
        Day(name="registration_from", label=Bilingual("Registration from", "报名开始"), required=True),
        Day(name="registration_until", label=Bilingual("Registration until", "报名截止"), required=True),
        Number(name="capacity", label=Bilingual("Participants at most", "参会名额"), low=2, high=5000, whole=True),
        Email(name="contact", label=Bilingual("Contact for questions", "咨询邮箱"), visibility="partner"),
        paragraph("conclusions", "What came of it", "活动总结"),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="announced", label=Bilingual("Announced", "已发布预告"), public=True),
        State(name="registration", label=Bilingual("Registration is open", "报名中"), public=True),
        State(name="scheduled", label=Bilingual("Meetings are scheduled", "已排定洽谈"), public=True),
        State(name="running", label=Bilingual("Running", "进行中"), public=True),
        State(name="held", label=Bilingual("Held", "已举办"), public=True),
        State(name="evaluated", label=Bilingual("Evaluated", "已评估"), public=True, editable=False, closed=True),
        State(name="cancelled", label=Bilingual("Cancelled", "已取消"), public=True, editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="announce", label=Bilingual("Announce", "发布预告"), before=("draft",), after="announced", who=RUN
        ),
        Transition(
            name="open", label=Bilingual("Open the registration", "开放报名"), before=("announced",),
            after="registration", who=RUN,
        ),
        Transition(
            name="schedule", label=Bilingual("Meetings are scheduled", "确认洽谈日程"), before=("registration",),
            after="scheduled", who=RUN,
        ),
        Transition(name="begin", label=Bilingual("Begin", "开始"), before=("scheduled",), after="running", who=RUN),
        Transition(name="end", label=Bilingual("It was held", "结束"), before=("running",), after="held", who=RUN),
        Transition(
            name="evaluate", label=Bilingual("Evaluate", "完成评估"), before=("held",), after="evaluated", who=RUN,
            needs=("conclusions",), takes=("conclusions",),
        ),
        Transition(
            name="cancel", label=Bilingual("Cancel", "取消"), before=("draft", "announced", *MEETS), after="cancelled",
            who=RUN, reason=True,
        ),
    ),
    checks=(_timetable, _window),
    clauses=("T4", "S6", "H5"),
    columns=("title", "organisation", "purpose", "region"),
)  # fmt: skip


def _of_exhibition(*more: Field) -> tuple[Field, ...]:
    """What is said of a record within an exhibition: which, whose, and where."""
    return (
        Link(
            name="exhibition",
            label=Bilingual("Exhibition", "展会"),
            to=("exhibition",),
            required=True,
            facet=True,
        ),
        *more,
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, weight="none"),
    )


PARTICIPATION = Kind(
    name="participation",
    label=Bilingual("Participation", "参会登记"),
    plural=Bilingual("Participations", "参会登记"),
    help=Bilingual(
        "Who takes part in an exhibition, what is shown, and, for the organiser alone, when and whom to meet.",
        "参会者及其展示内容；可洽谈时间与意愿仅供主办方安排日程使用。",
    ),
    organisation="organisation",
    region="region",
    addressed=("recipient",),
    follows=(Follow("recipient", "exhibition", "organisation"), Follow("region", "exhibition", "region")),
    fields=(
        BilingualText(
            name="title", label=Bilingual("Name in the catalogue", "名录中的名称"), required=True, weight="title"
        ),
        Link(name="organisation", label=Bilingual("Participant", "参会单位"), to=("organisation",), required=True),
        *_of_exhibition(Link(name="recipient", label=Bilingual("Organiser", "主办单位"), to=("organisation",))),
        Choice(name="side", label=Bilingual("Takes part as", "参会身份"), options=SIDES, facet=True, required=True),
        paragraph("shows", "What is shown or looked for", "展示或寻求的内容", required=True, max_length=1500),
        Link(
            name="profiles", label=Bilingual("Offers, needs and achievements", "关联供给、需求与成果"), many=True,
            to=("offer", "need", "achievement", "capability"),
        ),
        Term(name="tracks", label=Bilingual("Tracks", "赛道"), part="tracks", many=True, facet=True, most=5),
        Text(
            name="languages", label=Bilingual("Languages", "沟通语言"), max_length=3, many=True, weight="none",
            sample="en",
        ),
        Text(
            name="stand", label=Bilingual("Stand", "展位"), max_length=40, weight="none",
            help=Bilingual("Given by the organiser.", "由主办方分配。"),
        ),
        Text(
            name="person", label=Bilingual("Who comes", "参会人"), visibility="private", personal=True, weight="none",
            max_length=100,
        ),
        Email(name="email", label=Bilingual("E-mail", "电子邮箱"), visibility="private"),
        Text(
            name="away", label=Bilingual("Slots without me", "不可洽谈时段"), visibility="private", many=True, most=500,
            max_length=25, weight="none", sample="2026-05-12T01:00Z",
            help=Bilingual("Best chosen on the page of wishes.", "请在“意愿与时间”页面选择。"),
        ),
        Rows(
            name="wishes", label=Bilingual("Whom I wish to meet", "洽谈意愿"), visibility="private", most=60,
            columns=(
                Link(name="whom", label=Bilingual("Whom", "对象"), to=("participation",), required=True),
                Number(name="weight", label=Bilingual("Weight", "意愿强度"), low=1, high=3, whole=True, required=True),
                Text(name="asked_at", label=Bilingual("Asked at", "提出时间"), max_length=30, weight="none"),
            ),
        ),
        Link(
            name="refused", label=Bilingual("Whom I will not meet", "不安排洽谈的对象"), to=("participation",), many=True,
            visibility="private", most=200,
        ),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="invited", label=Bilingual("Invited", "已邀请"), draft=True),
        State(name="registered", label=Bilingual("Registered", "已报名")),
        State(name="confirmed", label=Bilingual("Confirmed", "已确认"), public=True),
        State(name="turned-down", label=Bilingual("Not admitted", "未获确认"), editable=False, closed=True),
        State(name="dropped-out", label=Bilingual("Dropped out", "已退出"), editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="invite", label=Bilingual("Invite", "邀请"), before=("draft",), after="invited", who=("officer",)
        ),
        Transition(
            name="register", label=Bilingual("Register", "提交报名"), before=("draft", "invited"), after="registered",
            who=RUN,
        ),
        Transition(
            name="confirm", label=Bilingual("Confirm", "确认参会"), before=("registered",), after="confirmed", who=RUN,
            by_addressee=True, takes=("stand",),
        ),
        Transition(
            name="turn-down", label=Bilingual("Do not admit", "不予确认"), before=("registered",), after="turned-down",
            who=RUN, by_addressee=True, reason=True,
        ),
        Transition(
            name="drop-out", label=Bilingual("Drop out", "退出"), before=("draft", "invited", "registered", "confirmed"),
            after="dropped-out", who=RUN, reason=True,
        ),
    ),
    clauses=("T4",),
    columns=("title", "organisation", "side", "exhibition", "stand"),
)  # fmt: skip

BADGE = Kind(
    name="badge",
    label=Bilingual("Badge", "入场凭证"),
    plural=Bilingual("Badges", "入场凭证"),
    help=Bilingual(
        "What the desk knows of a participant: the code, the arrival, and the tables at which the participant sat.",
        "签到台记录：入场码、到场时间和已到的洽谈。",
    ),
    organisation="organisation",
    region="region",
    creators=RUN,
    follows=(Follow("organisation", "exhibition", "organisation"), Follow("region", "exhibition", "region")),
    fields=(
        Text(name="title", label=Bilingual("Code", "入场码"), max_length=20, required=True, weight="none"),
        Link(name="organisation", label=Bilingual("Organiser", "主办单位"), to=("organisation",)),
        *_of_exhibition(
            Link(name="of", label=Bilingual("Participation", "参会登记"), to=("participation",), required=True)
        ),
        Text(name="arrived_at", label=Bilingual("Arrived at", "到场时间"), max_length=30, weight="none"),
        Text(
            name="sat_at", label=Bilingual("Meetings attended", "已到的洽谈"), max_length=20, many=True, most=200,
            weight="none",
        ),
        Text(
            name="feed", label=Bilingual("Digest of the calendar's secret", "日历密钥摘要"), max_length=64, weight="none"
        ),
    ),
    states=(State(name="issued", label=Bilingual("Issued", "已发放")),),
    clauses=("T4",),
    columns=("title", "exhibition", "arrived_at"),
)  # fmt: skip

SCHEDULE = Kind(
    name="meeting-schedule",
    label=Bilingual("Schedule of meetings", "洽谈日程"),
    plural=Bilingual("Schedules of meetings", "洽谈日程"),
    help=Bilingual(
        "All one-to-one meetings of an exhibition. Each version that was published is a revision of this record.",
        "展会的全部一对一洽谈；每个已发布版本即本记录的一个修订。",
    ),
    organisation="organisation",
    region="region",
    creators=RUN,
    follows=(Follow("organisation", "exhibition", "organisation"), Follow("region", "exhibition", "region")),
    fields=(
        Text(name="title", label=Bilingual("Name", "名称"), max_length=120, required=True, weight="none"),
        Link(name="organisation", label=Bilingual("Organiser", "主办单位"), to=("organisation",)),
        *_of_exhibition(),
        Number(name="version", label=Bilingual("Version", "版本"), low=0, whole=True),
        Rows(
            name="versions", label=Bilingual("What was published", "发布记录"), most=500,
            columns=(
                Number(name="version", label=Bilingual("Version", "版本"), whole=True, required=True),
                Text(name="at", label=Bilingual("At", "时间"), max_length=30, weight="none", required=True),
                Text(name="why", label=Bilingual("Why", "原因"), max_length=200, weight="none"),
                Number(name="kept", label=Bilingual("Kept", "不变"), whole=True),
                Number(name="moved", label=Bilingual("Moved", "改期"), whole=True),
                Number(name="cancelled", label=Bilingual("Cancelled", "取消"), whole=True),
                Number(name="added", label=Bilingual("Added", "新增"), whole=True),
            ),
        ),
        Rows(name="meetings", label=Bilingual("Published meetings", "已发布的洽谈"), most=20_000, columns=(
            Text(name="code", label=Bilingual("Code", "编号"), max_length=20, weight="none", required=True),
            Text(name="first", label=Bilingual("First", "甲方"), max_length=26, weight="none", required=True),
            Text(name="second", label=Bilingual("Second", "乙方"), max_length=26, weight="none", required=True),
            Text(name="begins", label=Bilingual("Begins", "开始"), max_length=25, weight="none", required=True),
            Text(name="table", label=Bilingual("Table", "洽谈桌"), max_length=60, weight="none"),
            Number(name="sequence", label=Bilingual("Changes", "变更次数"), whole=True),
            Text(name="cancelled", label=Bilingual("Cancelled", "取消"), max_length=30, weight="none"),
        )),
        Rows(name="proposal", label=Bilingual("Proposal", "待发布方案"), most=20_000, columns=(
            Text(name="first", label=Bilingual("First", "甲方"), max_length=26, weight="none", required=True),
            Text(name="second", label=Bilingual("Second", "乙方"), max_length=26, weight="none", required=True),
            Text(name="begins", label=Bilingual("Begins", "开始"), max_length=25, weight="none", required=True),
        )),
        Rows(name="figures", label=Bilingual("Figures of the proposal", "方案指标"), most=30, columns=(
            Text(name="name", label=Bilingual("Name", "名称"), max_length=30, weight="none", required=True),
            Number(name="value", label=Bilingual("Value", "数值"), required=True),
        )),
        Text(name="planning", label=Bilingual("Planning", "排程状态"), max_length=200, weight="none"),
    ),
    states=(State(name="kept", label=Bilingual("Kept", "在用")),),
    clauses=("T4",),
    columns=("title", "exhibition", "version"),
)  # fmt: skip

OUTCOME = Kind(
    name="meeting-outcome",
    label=Bilingual("Outcome of a meeting", "洽谈结果"),
    plural=Bilingual("Outcomes of meetings", "洽谈结果"),
    help=Bilingual(
        "What one side says came of a meeting. Only the two sides and the officers in charge see it.",
        "一方填写的洽谈结果。仅双方和主管人员可见。",
    ),
    organisation="organisation",
    region="region",
    addressed=("recipient",),
    follows=(Follow("recipient", "about", "organisation"), Follow("region", "exhibition", "region")),
    fields=(
        BilingualText(name="title", label=Bilingual("Meeting", "洽谈"), required=True, weight="none"),
        Link(name="organisation", label=Bilingual("Told by", "填写方"), to=("organisation",), required=True),
        *_of_exhibition(Link(name="recipient", label=Bilingual("The other side", "对方"), to=("organisation",))),
        Link(name="of", label=Bilingual("Own participation", "本方参会登记"), to=("participation",), required=True),
        Link(name="about", label=Bilingual("Met", "洽谈对象"), to=("participation",), required=True),
        Text(
            name="meeting", label=Bilingual("Code of the meeting", "洽谈编号"), max_length=20, weight="none",
            required=True,
        ),
        Choice(name="result", label=Bilingual("What came of it", "结果"), options=RESULTS, facet=True, required=True),
        Choice(name="because", label=Bilingual("Because", "原因"), options=DECLINED, many=True),
        Number(
            name="satisfaction", label=Bilingual("Was it worth the time?", "满意度"), low=1, high=5, whole=True,
            help=Bilingual("From 1, not at all, to 5, very much.", "1 为很不满意，5 为非常满意。"),
        ),
        paragraph("next_step", "Next step", "后续安排", visibility="private", weight="none", max_length=1000, lines=3),
        Link(name="interest", label=Bilingual("Expression of interest", "合作意向"), to=("interest",)),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="given", label=Bilingual("Given", "已提交")),
    ),
    transitions=(
        Transition(name="give", label=Bilingual("Submit", "提交"), before=("draft",), after="given", who=OWNERS),
    ),
    clauses=("T4",),
    columns=("title", "organisation", "result", "exhibition"),
)  # fmt: skip

EXHIBITION_KINDS = (EXHIBITION, PARTICIPATION, BADGE, SCHEDULE, OUTCOME)
