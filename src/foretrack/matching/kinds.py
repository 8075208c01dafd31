"""Interest: somebody answers a need or an offer, and what becomes of it."""

from __future__ import annotations

from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Choice, Day, Link, Text
from foretrack.registry.declaring.kind import Follow, Kind, State, Transition
from foretrack.registry.declaring.workflows import OWNERS

DECLINED = {
    "not-fitting": Bilingual("It does not meet the need", "不符合需求"),
    "not-mature": Bilingual("Not mature enough", "成熟度不足"),
    "too-costly": Bilingual("Too costly", "成本过高"),
    "rights": Bilingual("Rights are unclear", "权利不清晰"),
    "place": Bilingual("Wrong region or language", "地区或语言不合适"),
    "has-partner": Bilingual("A partner was found already", "已有合作方"),
    "no-capacity": Bilingual("No time or means now", "暂无精力或资源"),
    "other": Bilingual("Another reason", "其他原因"),
}

OPEN = ("interested", "viewed", "accepted", "meeting")
"""States in which something is still expected of either side."""
MET = ("accepted", "meeting", "agreement")
"""States in which each side is told whom to turn to on the other."""
UNFIT = ("not-fitting", "not-mature", "too-costly", "rights", "place")
"""Reasons that say something of the match itself; the others say that the time was wrong."""

INTEREST = Kind(
    name="interest",
    label=Bilingual("Expression of interest", "合作意向"),
    plural=Bilingual("Expressions of interest", "合作意向"),
    help=Bilingual(
        "Somebody answers a need, an offer or an achievement. Only the two sides and the officers in charge see it.",
        "对某项需求、供给或成果表达合作意向。仅双方和主管人员可见。",
    ),
    organisation="organisation",
    region="region",
    addressed=("recipient",),
    follows=(Follow("recipient", "about", "organisation"), Follow("region", "about", "region")),
    fields=(
        BilingualText(name="title", label=Bilingual("Subject", "主题"), required=True, weight="title"),
        Link(name="organisation", label=Bilingual("Interested", "意向方"), to=("organisation",), required=True),
        Link(name="about", label=Bilingual("Interested in", "意向对象"), to=("*",), required=True),
        Link(name="mine", label=Bilingual("Own need or offer", "本方需求或供给"), to=("*",)),
        Link(name="recipient", label=Bilingual("Addressed to", "接收方"), to=("organisation",)),
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, weight="none", facet=True),
        BilingualText(
            name="message", label=Bilingual("Message", "留言"), max_length=4000, lines=5, required=True,
            visibility="private",
        ),
        Choice(name="declined_for", label=Bilingual("Declined because", "婉拒原因"), options=DECLINED, facet=True),
        Day(name="meeting_on", label=Bilingual("Meeting on", "会谈日期")),
        BilingualText(
            name="outcome", label=Bilingual("What was agreed", "达成事项"), max_length=2000, lines=3, visibility="private"
        ),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="interested", label=Bilingual("Sent", "已发送"), editable=False),
        State(name="viewed", label=Bilingual("Seen by the other side", "对方已查看"), editable=False),
        State(name="accepted", label=Bilingual("Accepted", "已接受"), editable=False),
        State(name="declined", label=Bilingual("Declined", "已婉拒"), editable=False, closed=True),
        State(name="meeting", label=Bilingual("Meeting agreed", "已约会谈"), editable=False),
        State(name="agreement", label=Bilingual("Agreement reached", "达成合作"), editable=False, closed=True),
        State(name="ended", label=Bilingual("Ended without agreement", "未达成合作"), editable=False, closed=True),
        State(name="withdrawn", label=Bilingual("Withdrawn", "已撤回"), editable=False, closed=True),
        State(name="lapsed", label=Bilingual("Closed with the profile", "随信息撤下而关闭"), editable=False, closed=True),
    ),
    transitions=(
        Transition(name="send", label=Bilingual("Send", "发送"), before=("draft",), after="interested", who=OWNERS),
        Transition(
            name="view", label=Bilingual("Mark as seen", "标为已查看"), before=("interested",), after="viewed",
            who=OWNERS, by_addressee=True,
        ),
        Transition(
            name="accept", label=Bilingual("Accept", "接受"), before=("interested", "viewed"), after="accepted",
            who=OWNERS, by_addressee=True,
        ),
        Transition(
            name="decline", label=Bilingual("Decline", "婉拒"), before=("interested", "viewed"), after="declined",
            who=OWNERS, by_addressee=True, needs=("declined_for",),
        ),
        Transition(
            name="meet", label=Bilingual("Agree on a meeting", "约定会谈"), before=("accepted", "meeting"),
            after="meeting", who=OWNERS, by_either=True, needs=("meeting_on",),
        ),
        Transition(
            name="agree", label=Bilingual("Agreement reached", "达成合作"), before=("accepted", "meeting"),
            after="agreement", who=OWNERS, by_either=True, takes=("outcome",),
        ),
        Transition(
            name="end", label=Bilingual("End without agreement", "结束（未达成）"), before=("accepted", "meeting"),
            after="ended", who=OWNERS, by_either=True, reason=True, takes=("declined_for",),
        ),
        Transition(
            name="withdraw", label=Bilingual("Withdraw", "撤回"),
            before=("draft", "interested", "viewed"), after="withdrawn", who=OWNERS,
        ),
        Transition(
            name="lapse", label=Bilingual("Close, as the need or offer is no longer there", "因需求或供给已撤下而关闭"),
            before=OPEN, after="lapsed", who=("officer",), reason=True,
        ),
    ),
    clauses=("T5",),
    columns=("title", "organisation", "about", "region"),
)  # fmt: skip

KINDS = (INTEREST,)
