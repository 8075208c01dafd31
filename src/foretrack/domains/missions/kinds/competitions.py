"""Competitions for innovation and start-ups, and what is entered for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import (
    BilingualText,
    Choice,
    Day,
    Json,
    Link,
    Money,
    Number,
    Text,
    Web,
)
from foretrack.registry.declaring.kind import Kind, State, Transition
from foretrack.registry.declaring.rows import Rows
from foretrack.registry.declaring.workflows import (
    OWNERS,
    SELECTION_STATES,
    SELECTION_TRANSITIONS,
    evidence_fields,
    usual_fields,
)

GROUPS = {
    "enterprise": Bilingual("Enterprises", "企业组"),
    "team": Bilingual("Teams of founders", "创客组"),
}


def _prizes(body: Mapping[str, Json]) -> Sequence[InputError]:
    names = [str(row.get("prize", "")) for row in body.get("prizes") or ()]
    double = sorted({name for name in names if names.count(name) > 1})
    if not double:
        return ()
    return (
        InputError.of(
            "the prize {prize} is given twice", prize=", ".join(double), expected="each prize once",
            do="put its places into one line",
        ),
    )  # fmt: skip


COMPETITION = Kind(
    name="competition",
    label=Bilingual("Competition", "创新创业大赛"),
    plural=Bilingual("Competitions", "创新创业大赛"),
    help=Bilingual(
        "A competition for innovation and start-ups. Entries come in by a call; its stages are the rounds.",
        "未来产业创新创业大赛。通过征集接收参赛项目，评审阶段即各轮比赛。",
    ),
    organisation="organisation",
    region="region",
    creators=("officer",),
    fields=(
        *usual_fields(owner=Bilingual("Host", "主办单位")),
        BilingualText(name="about", label=Bilingual("About", "大赛简介"), required=True, max_length=8000, lines=6),
        Day(name="pitch_on", label=Bilingual("Pitch day", "路演日期")),
        Rows(
            name="prizes", label=Bilingual("Prizes", "奖项"), most=30,
            columns=(
                Text(
                    name="prize", label=Bilingual("Prize", "奖项"), required=True, max_length=80, sample="First prize"
                ),
                Number(
                    name="places", label=Bilingual("Places", "名额"), required=True, low=1, whole=True
                ),
                Money(name="amount", label=Bilingual("Amount", "奖金")),
            ),
        ),
        Day(name="results_on", label=Bilingual("Results of", "结果公布日期")),
        Rows(
            name="counts_as", label=Bilingual("What a rank counts as", "名次可作为何种指标"), most=30,
            help=Bilingual(
                "For rules that ask for a rank in this competition: the indicator, the value that it takes, up to which"
                " rank and for how many years.",
                "供询问本赛事名次的规则使用：指标、取值、名次上限和有效年数。",
            ),
            columns=(
                Text(
                    name="indicator", label=Bilingual("Indicator", "指标"), required=True, max_length=80,
                    sample="maker-china", weight="none",
                ),
                Text(
                    name="value", label=Bilingual("Value", "取值"), required=True, max_length=80, sample="top-50",
                    weight="none",
                ),
                Number(name="up_to", label=Bilingual("Up to rank", "名次上限"), required=True, low=1, whole=True),
                Number(name="years", label=Bilingual("For years", "有效年数"), required=True, low=1, high=20, whole=True),
                Choice(name="group", label=Bilingual("Group", "组别"), options=GROUPS),
            ),
        ),
        Web(name="pages", label=Bilingual("Web pages", "相关网页"), many=True, most=10),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="announced", label=Bilingual("Announced", "已发布"), public=True, editable=False),
        State(name="judged", label=Bilingual("Results published", "已公布结果"), public=True, editable=False),
        State(name="closed", label=Bilingual("Closed", "已结束"), public=True, editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="announce", label=Bilingual("Announce", "发布"), before=("draft",), after="announced",
            who=("officer",), reason=True,
        ),
        Transition(
            name="judge", label=Bilingual("Publish the results", "公布结果"), before=("announced",), after="judged",
            who=("officer",), reason=True, needs=("results_on",),
        ),
        Transition(
            name="close", label=Bilingual("Close", "结束"), before=("announced", "judged"), after="closed",
            who=("officer",), reason=True,
        ),
    ),
    checks=(_prizes,),
    clauses=("N5",),
    columns=("title", "organisation", "tracks", "region", "pitch_on"),
)  # fmt: skip

COMPETITION_ENTRY = Kind(
    name="competition-entry",
    label=Bilingual("Entry for a competition", "参赛项目"),
    plural=Bilingual("Entries for competitions", "参赛项目"),
    help=Bilingual(
        "A project that is entered for a competition: its rounds, its rank and prize, and what became of it.",
        "参加大赛的项目：轮次、名次、奖项和后续跟踪。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Entered by", "参赛单位")),
        Link(name="competition", label=Bilingual("Competition", "大赛"), to=("competition",), required=True),
        Choice(name="group", label=Bilingual("Group", "组别"), options=GROUPS, facet=True, required=True),
        BilingualText(name="about", label=Bilingual("The project", "项目介绍"), required=True, max_length=4000, lines=6),
        BilingualText(
            name="novelty", label=Bilingual("What is new about it", "创新点"), required=True, max_length=2000, lines=4
        ),
        BilingualText(
            name="market", label=Bilingual("Who will pay for it", "市场前景"), max_length=2000, lines=4,
            visibility="private",
        ),
        Day(name="pitched_on", label=Bilingual("Pitched on", "路演日期")),
        Number(name="rank", label=Bilingual("Rank", "名次"), low=1, whole=True),
        Text(name="prize", label=Bilingual("Prize", "奖项"), max_length=80, facet=True, sample="First prize"),
        Rows(
            name="follow_ups", label=Bilingual("What became of it", "后续跟踪"), most=50,
            columns=(
                Day(name="on", label=Bilingual("On", "日期"), required=True),
                Text(
                    name="what", label=Bilingual("What", "情况"), required=True, max_length=400,
                    sample="First order from a hospital",
                ),
                Money(name="amount", label=Bilingual("Amount", "金额")),
            ),
        ),
        *evidence_fields(),
    ),
    states=SELECTION_STATES,
    transitions=(
        *SELECTION_TRANSITIONS,
        Transition(
            name="place", label=Bilingual("Give a rank", "评定名次"), before=("recognised",), after="recognised",
            who=("officer",), reason=True, needs=("rank",), takes=("prize", "pitched_on"),
        ),
        Transition(
            name="follow", label=Bilingual("Tell what became of it", "填写后续情况"), before=("recognised",),
            after="recognised", who=(*OWNERS, "officer"), needs=("follow_ups",),
        ),
    ),
    clauses=("N5",),
    columns=("title", "organisation", "competition", "group", "rank"),
)  # fmt: skip
