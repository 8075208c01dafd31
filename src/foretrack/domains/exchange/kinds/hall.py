"""The release hall: sessions with their embargo, questions about what was released, and reports of abuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from foretrack.domains.exchange.embargo import TIME, no_time
from foretrack.domains.exchange.kinds.parts import paragraph
from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Choice, Day, Json, Link, Term, Text, Web
from foretrack.registry.declaring.kind import Follow, Kind, State, Transition
from foretrack.registry.declaring.rows import Rows
from foretrack.registry.declaring.workflows import OWNERS

WAITING = ("announced", "postponed")
"""States in which a session waits for its moment of release."""


def _time_can_be_read(body: Mapping[str, Json]) -> Sequence[InputError]:
    time = body.get("release_time")
    return () if time is None or TIME.fullmatch(str(time)) else (no_time(time),)


RELEASE_SESSION = Kind(
    name="release-session",
    label=Bilingual("Release session", "发布场次"),
    plural=Bilingual("Release sessions", "发布场次"),
    help=Bilingual(
        "A day and a time at which achievements are released together; until then they are under embargo.",
        "约定统一发布成果的日期和时间；此前成果处于禁止公开状态。",
    ),
    organisation="organisation",
    region="region",
    creators=("officer",),
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "名称"), required=True, weight="title"),
        Link(name="organisation", label=Bilingual("Host", "主办单位"), to=("organisation",), required=True),
        Text(
            name="region", label=Bilingual("Region", "地区"), max_length=20, sample="CN-33", facet=True, required=True,
            weight="none", help=Bilingual("Code such as CN-33 or DE-BY.", "地区代码，例如 CN-33、DE-BY。"),
        ),
        Term(name="tracks", label=Bilingual("Tracks", "赛道"), part="tracks", many=True, facet=True, most=20),
        paragraph("about", "What it is about", "场次介绍", max_length=2000),
        Day(name="release_on", label=Bilingual("Day of release", "发布日期"), facet=True, required=True),
        Text(
            name="release_time", label=Bilingual("Time of release", "发布时间"), max_length=5, sample="10:00",
            weight="none", facet=True, required=True,
            help=Bilingual(
                "Hours and minutes on the clock of this installation's time zone.", "按本系统所在时区填写时和分。"
            ),
        ),
        Day(
            name="hand_in_until", label=Bilingual("Hand in until", "提交截止日"),
            help=Bilingual("Later ones wait for another session.", "逾期提交的成果进入其他场次。"),
        ),
        Rows(
            name="programme", label=Bilingual("Programme", "议程"), most=40,
            columns=(
                Text(
                    name="at", label=Bilingual("Time", "时间"), max_length=20, required=True, weight="none",
                    sample="10:15",
                ),
                BilingualText(name="item", label=Bilingual("Item", "内容"), max_length=300, required=True),
            ),
        ),
        Web(name="link", label=Bilingual("Where to watch it", "直播或网页链接")),
        Text(
            name="moderators", label=Bilingual("Moderators", "主持人"), max_length=200, many=True, most=10,
            personal=True, visibility="public", weight="none",
        ),
        paragraph(
            "terms", "Terms of the embargo", "禁止提前公开的条款",
            help=Bilingual(
                "What invited press and partners promise before they see anything.",
                "受邀媒体与合作方在查看前须作出的承诺。",
            ),
        ),
        paragraph(
            "notice", "What changed, and why", "变更说明", max_length=1000, lines=3,
            help=Bilingual("Everybody can read it.", "对所有人公开。"),
        ),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="announced", label=Bilingual("Announced", "已预告"), public=True, editable=False),
        State(name="postponed", label=Bilingual("Announced anew", "改期"), public=True, editable=False),
        State(name="released", label=Bilingual("Released", "已发布"), public=True, editable=False, listable=True),
        State(name="cancelled", label=Bilingual("Cancelled", "已取消"), public=True, editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="announce", label=Bilingual("Announce", "发布预告"), before=("draft",), after="announced",
            who=("officer",), needs=("release_on", "release_time"),
        ),
        Transition(
            name="complete", label=Bilingual("Complete the programme", "完善议程"), before=WAITING, after="announced",
            who=("officer",), takes=("about", "programme", "link", "moderators", "terms", "hand_in_until"),
        ),
        Transition(
            name="postpone", label=Bilingual("Change the time", "调整时间"), before=WAITING, after="postponed",
            who=("officer",), reason=True, needs=("release_on", "release_time", "notice"),
            takes=("release_on", "release_time", "notice", "hand_in_until"),
        ),
        Transition(
            name="release", label=Bilingual("Release", "发布"), before=WAITING, after="released", who=("officer",),
        ),
        Transition(
            name="release-early", label=Bilingual("Lift the embargo now", "提前解除禁令"), before=WAITING,
            after="released", who=("officer",), reason=True, needs=("notice",), takes=("notice",),
        ),
        Transition(
            name="cancel", label=Bilingual("Cancel", "取消"), before=("draft", *WAITING), after="cancelled",
            who=("officer",), reason=True, needs=("notice",), takes=("notice",),
        ),
    ),
    checks=(_time_can_be_read,),
    clauses=("T2",),
    columns=("title", "organisation", "tracks", "release_on", "release_time"),
)  # fmt: skip


def _answered(body: Mapping[str, Json]) -> Sequence[InputError]:
    if "answer" in body:
        return ()
    return (InputError.of("the question has no answer yet", do="show the question alone"),)


def _not_answered(body: Mapping[str, Json]) -> Sequence[InputError]:
    if "answer" not in body:
        return ()
    return (InputError.of("the question has an answer", do="show it with its answer"),)


def _reply_becomes_answer(body: Mapping[str, Json], today: date) -> Mapping[str, Json]:
    return {"answer": body["reply"], "answered_on": today.isoformat()}


QUESTION = Kind(
    name="question",
    label=Bilingual("Question", "提问"),
    plural=Bilingual("Questions", "提问"),
    help=Bilingual(
        "A question about an achievement, and the answer of whoever achieved it.",
        "就某项成果提出的问题及完成单位的答复。",
    ),
    title="question",
    region="region",
    addressed=("addressee",),
    follows=(Follow("addressee", "about", "organisation"), Follow("region", "about", "region")),
    fields=(
        Text(
            name="question", label=Bilingual("Question", "问题"), max_length=1000, lines=3, required=True,
            weight="title",
        ),
        Link(name="about", label=Bilingual("About", "所问成果"), to=("achievement",), required=True),
        Link(name="addressee", label=Bilingual("Asked of", "被提问单位"), to=("organisation",)),
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, weight="none", facet=True),
        Text(
            name="reply", label=Bilingual("Reply, not shown yet", "待展示的答复"), max_length=4000, lines=5,
            visibility="private", weight="none",
        ),
        Text(name="answer", label=Bilingual("Answer", "答复"), max_length=4000, lines=5),
        Day(name="answered_on", label=Bilingual("Answered on", "答复日期")),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="asked", label=Bilingual("Waits for a moderator", "待审核"), editable=False),
        State(name="open", label=Bilingual("Waits for an answer", "待答复"), public=True, editable=False),
        State(name="replied", label=Bilingual("Reply waits for a moderator", "答复待审核"), public=True, editable=False),
        State(name="answered", label=Bilingual("Answered", "已答复"), public=True, editable=False),
        State(name="held", label=Bilingual("Held by a moderator", "审核暂停"), editable=False),
        State(name="appealed", label=Bilingual("Hold appealed", "暂停申诉中"), editable=False),
        State(name="declined", label=Bilingual("Not shown", "不予展示"), editable=False, closed=True),
        State(name="withdrawn", label=Bilingual("Withdrawn", "已撤回"), editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="ask", label=Bilingual("Ask", "提交提问"), before=("draft",), after="asked", who=(*OWNERS, "officer"),
        ),
        Transition(
            name="show", label=Bilingual("Show the question", "展示提问"), before=("asked",), after="open",
            who=("officer",), by_another=True,
        ),
        Transition(
            name="decline", label=Bilingual("Do not show it", "不予展示"), before=("asked", "appealed"),
            after="declined", who=("officer",), reason=True,
        ),
        Transition(
            name="reply", label=Bilingual("Reply", "答复"), before=("open", "answered"), after="replied", who=OWNERS,
            by_addressee=True, needs=("reply",), takes=("reply",),
        ),
        Transition(
            name="show-answer", label=Bilingual("Show the answer", "展示答复"), before=("replied",), after="answered",
            who=("officer",), fills=_reply_becomes_answer,
        ),
        Transition(
            name="return", label=Bilingual("Return the reply", "退回答复"), before=("replied",), after="open",
            who=("officer",), reason=True,
        ),
        Transition(
            name="hold", label=Bilingual("Hold", "暂停展示"), before=("open", "replied", "answered"), after="held",
            who=("officer",), reason=True,
        ),
        Transition(
            name="appeal", label=Bilingual("Appeal against the hold", "对暂停提出申诉"), before=("held", "declined"),
            after="appealed", who=OWNERS, reason=True,
        ),
        Transition(
            name="appeal-as-owner", label=Bilingual("Appeal for the answer", "就答复提出申诉"), before=("held",),
            after="appealed", who=OWNERS, by_addressee=True, reason=True,
        ),
        Transition(
            name="show-again", label=Bilingual("Show again", "恢复展示"), before=("held", "appealed"), after="open",
            who=("officer",), reason=True, guards=(_not_answered,),
        ),
        Transition(
            name="show-all-again", label=Bilingual("Show again with the answer", "连同答复恢复展示"),
            before=("held", "appealed"), after="answered", who=("officer",), reason=True, guards=(_answered,),
        ),
        Transition(
            name="withdraw", label=Bilingual("Withdraw", "撤回"), before=("draft", "asked", "open", "replied", "held"),
            after="withdrawn", who=(*OWNERS, "officer"),
        ),
    ),
    clauses=("T2",),
    columns=("question", "about", "answered_on", "region"),
)  # fmt: skip

ABUSES = {
    "false": Bilingual("False or misleading", "虚假或误导"),
    "secret": Bilingual("Shows a secret or what is under embargo", "泄露秘密或提前公开"),
    "rights": Bilingual("Violates rights of others", "侵犯他人权利"),
    "insult": Bilingual("Insulting or threatening", "侮辱或威胁"),
    "spam": Bilingual("Advertising or spam", "广告或垃圾信息"),
    "danger": Bilingual("Dangerous or against the law", "危险或违法"),
    "other": Bilingual("Something else", "其他"),
}

ABUSE_REPORT = Kind(
    name="abuse-report",
    label=Bilingual("Report of abuse", "举报"),
    plural=Bilingual("Reports of abuse", "举报"),
    help=Bilingual(
        "A reader says that something in the hall should not be there. Only officers in charge see it.",
        "读者指出大厅中的不当内容。仅主管人员可见。",
    ),
    title="text",
    region="region",
    follows=(Follow("region", "about", "region"),),
    fields=(
        Text(
            name="text", label=Bilingual("What is wrong", "问题说明"), max_length=2000, lines=4, required=True,
            visibility="private", weight="none",
        ),
        Link(
            name="about", label=Bilingual("About", "举报对象"), to=("achievement", "question", "offer", "need"),
            required=True, visibility="private",
        ),
        Choice(
            name="why", label=Bilingual("Why", "举报类型"), options=ABUSES, required=True, facet=True,
            visibility="private",
        ),
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, weight="none", visibility="private"),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="open", label=Bilingual("Open", "待处理"), editable=False),
        State(name="upheld", label=Bilingual("Found right", "举报成立"), editable=False, closed=True),
        State(name="dismissed", label=Bilingual("Dismissed", "不予支持"), editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="report", label=Bilingual("Send the report", "提交举报"), before=("draft",), after="open",
            who=(*OWNERS, "officer"),
        ),
        Transition(
            name="uphold", label=Bilingual("The report is right", "举报成立"), before=("open",), after="upheld",
            who=("officer",), reason=True,
        ),
        Transition(
            name="dismiss", label=Bilingual("Dismiss the report", "不予支持"), before=("open",), after="dismissed",
            who=("officer",), reason=True,
        ),
    ),
    clauses=("T2",),
    columns=("text", "about", "why"),
)  # fmt: skip

KINDS = (RELEASE_SESSION, QUESTION, ABUSE_REPORT)
