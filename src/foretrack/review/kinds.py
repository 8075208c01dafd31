"""Calls and submissions: the two kinds of record of which a review is made, and the states that they may reach."""

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
    Number,
    Term,
    Text,
    YesNo,
)
from foretrack.registry.declaring.kind import Kind, State, Transition
from foretrack.registry.declaring.rows import Rows
from foretrack.registry.declaring.workflows import CORRECTION, NOTICE, OWNERS, REVIEW, SELECTION_TRANSITIONS

BLIND, OPEN = "blind", "open"
PER = {
    "direction": Bilingual("Direction", "方向"),
    "track": Bilingual("Track", "赛道"),
    "region": Bilingual("Region", "地区"),
    "body": Bilingual("Recommending body", "推荐单位"),
}
"""What a limit of selected submissions may be counted by; everything together where nothing is said."""

CARRIED = frozenset(t.name for t in SELECTION_TRANSITIONS)
"""A call may be for kinds that have these transitions: their records move along with the submission."""


def _window(body: Mapping[str, Json]) -> Sequence[InputError]:
    opens, closes = body.get("opens_on"), body.get("closes_on")
    if not opens or not closes or opens <= closes:
        return ()
    return (
        InputError.of(
            "the call closes on {closes}, before it opens on {opens}", opens=opens, closes=closes,
            expected="a window of one day or more", do="correct one of the two days",
        ),
    )  # fmt: skip


def _stages(body: Mapping[str, Json]) -> Sequence[InputError]:
    found = []
    last = str(body.get("closes_on") or "")
    for number, stage in enumerate(body.get("stages") or (), start=1):
        until = stage.get("until")
        if until and last and until <= last:
            found.append(
                InputError.of(
                    "stage {n} ends on {until}, not after {last}", n=number, until=until, last=last,
                    expected="stages after the window, each after the one before", do="correct the days",
                )
            )  # fmt: skip
        last = until or last
    return found


def _quotas(body: Mapping[str, Json]) -> Sequence[InputError]:
    bodies = [row.get("body") for row in body.get("quotas") or ()]
    double = sorted({str(one) for one in bodies if bodies.count(one) > 1})
    if not double:
        return ()
    return (
        InputError.of(
            "{body} has two quotas", body=", ".join(double), expected="one line for each body", do="delete one of them"
        ),
    )  # fmt: skip


CALL = Kind(
    name="call",
    label=Bilingual("Call", "征集"),
    plural=Bilingual("Calls", "征集"),
    help=Bilingual(
        "An invitation to hand something in by a day, with the rules by which it will be judged.",
        "公开征集：明确申报时间、条件、评审规则和遴选数量。",
    ),
    organisation="organisation",
    region="region",
    creators=("officer",),
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "名称"), required=True, weight="title"),
        Link(name="organisation", label=Bilingual("Issued by", "发布单位"), to=("organisation",), required=True),
        Text(
            name="region", label=Bilingual("Region", "地区"), max_length=20, sample="CN-33", facet=True, weight="none",
            help=Bilingual("Empty: the whole country.", "不填表示全国。"),
        ),
        BilingualText(
            name="about", label=Bilingual("What is asked for", "征集内容"), required=True, max_length=8000, lines=8
        ),
        Text(
            name="of_kind", label=Bilingual("Kind of record", "申报对象"), max_length=40, sample="scenario", facet=True,
            required=True, weight="none",
            help=Bilingual(
                "Name of the kind that is handed in, such as scenario or iconic-product.",
                "申报对象的类型名，例如 scenario、iconic-product。",
            ),
        ),
        Term(name="tracks", label=Bilingual("Tracks", "赛道"), part="tracks", many=True, facet=True, most=100),
        Day(name="opens_on", label=Bilingual("Opens on", "开始日期"), required=True),
        Day(name="closes_on", label=Bilingual("Closes on", "截止日期"), required=True),
        Text(
            name="rule", label=Bilingual("Rule of eligibility", "资格规则"), sample="cn-srdi-2022/little-giant",
            weight="none", help=Bilingual("pack/rule of an installed pack.", "已安装规则包中的“包名/规则名”。"),
        ),
        Text(
            name="based_on", label=Bilingual("Template", "所依据的模板"), weight="none",
            sample="cn-open-competition/2023",
            help=Bilingual("pack/template from which its limits come.", "其限额所依据的“包名/模板名”。"),
        ),
        Number(
            name="per_applicant", label=Bilingual("Submissions of one applicant at most", "每个主体最多申报数"),
            low=1, high=100, whole=True,
        ),
        Number(
            name="partners_most", label=Bilingual("Partners at most", "联合单位上限"), low=0, high=50, whole=True,
            help=Bilingual("Beside the leading organisation.", "牵头单位之外。"),
        ),
        Number(name="years_most", label=Bilingual("Years of work at most", "实施年限上限"), low=1, high=20, whole=True),
        YesNo(name="third_party_test", label=Bilingual("Tested by a third party", "须第三方测试")),
        YesNo(
            name="recommended", label=Bilingual("Needs a recommendation", "须经推荐"),
            help=Bilingual("By the local body in charge.", "由属地主管部门推荐。"),
        ),
        Number(
            name="quota", label=Bilingual("Recommendations of one body at most", "每个推荐单位名额"), low=0, whole=True,
        ),
        Rows(
            name="quotas", label=Bilingual("Quotas of single bodies", "各推荐单位名额"), most=200,
            columns=(
                Text(
                    name="body", label=Bilingual("Region or body", "地区或单位"), required=True, sample="CN-33",
                    max_length=40,
                ),
                Number(name="places", label=Bilingual("Places", "名额"), required=True, low=0, whole=True),
            ),
        ),
        Rows(
            name="stages", label=Bilingual("Stages of review", "评审阶段"), most=6, required=True,
            columns=(
                Text(name="name", label=Bilingual("Name", "名称"), required=True, max_length=80, sample="Desk review"),
                Choice(
                    name="mode", label=Bilingual("Mode", "方式"), required=True,
                    options={BLIND: Bilingual("Blind", "盲评"), OPEN: Bilingual("Open", "实名")},
                ),
                Number(
                    name="reviewers", label=Bilingual("Reviewers each", "每项评审人数"), required=True, low=1, high=15,
                    whole=True,
                ),
                Number(name="most", label=Bilingual("Load at most", "每人最多评审数"), low=1, high=500, whole=True),
                Text(
                    name="rubric", label=Bilingual("Score sheet", "评分表"), required=True, max_length=80,
                    sample="review-rubrics/typical",
                ),
                Day(name="until", label=Bilingual("Scores until", "评分截止")),
                Number(name="keep", label=Bilingual("Go on at most", "晋级上限"), low=1, whole=True),
            ),
        ),
        Number(name="selected_most", label=Bilingual("Selected at most", "入选上限"), low=1, whole=True),
        Choice(name="selected_per", label=Bilingual("Counted by", "上限口径"), options=PER),
        Text(
            name="series", label=Bilingual("List to publish", "发布名单"), max_length=80, sample="typical-scenarios",
            weight="none", help=Bilingual("Name of the list series that the selected join.", "入选后进入的名单系列。"),
        ),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="open", label=Bilingual("Open", "征集中"), public=True, editable=False),
        State(name="reviewing", label=Bilingual("Under review", "评审中"), public=True, editable=False),
        State(name="finished", label=Bilingual("Finished", "已结束"), public=True, editable=False, closed=True),
        State(name="cancelled", label=Bilingual("Cancelled", "已取消"), public=True, editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="publish", label=Bilingual("Publish", "发布"), before=("draft",), after="open", who=("officer",),
            reason=True,
        ),
        Transition(
            name="extend", label=Bilingual("Extend the window", "延期"), before=("open",), after="open",
            who=("officer",), reason=True, needs=("closes_on",),
        ),
        Transition(
            name="close", label=Bilingual("Begin the review", "开始评审"), before=("open",), after="reviewing",
            who=("officer",),
        ),
        Transition(
            name="finish", label=Bilingual("Finish", "结束"), before=("reviewing",), after="finished",
            who=("officer",), reason=True,
        ),
        Transition(
            name="cancel", label=Bilingual("Cancel", "取消"), before=("draft", "open", "reviewing"), after="cancelled",
            who=("officer",), reason=True,
        ),
    ),
    checks=(_window, _stages, _quotas),
    clauses=("G2", "G3", "G4", "S4", "N5", "N6", "T7"),
    columns=("title", "organisation", "of_kind", "opens_on", "closes_on"),
)  # fmt: skip


def _one_party(body: Mapping[str, Json]) -> Sequence[InputError]:
    if body.get("organisation") not in (body.get("partners") or ()):
        return ()
    return (
        InputError.of(
            "the leading organisation is named as a partner too", expected="partners beside it",
            do="take it out of the partners",
        ),
    )  # fmt: skip


def _promised(body: Mapping[str, Json]) -> Sequence[InputError]:
    if body.get("promise") is not False:
        return ()
    return (
        InputError.of(
            "nobody declares that what is handed in is true", expected="the declaration of truth",
            do="say yes to it, or do not submit",
        ),
    )  # fmt: skip


SUBMISSION = Kind(
    name="submission",
    label=Bilingual("Submission", "申报"),
    plural=Bilingual("Submissions", "申报"),
    help=Bilingual(
        "What somebody hands in to a call: it carries a record through eligibility, review, notice and decision.",
        "向某次征集提交的申报，承载所申报的记录经过资格审核、评审、公示和认定。",
    ),
    organisation="organisation",
    region="region",
    creators=("member", "manager", "officer"),
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "名称"), required=True, weight="title"),
        Link(name="call", label=Bilingual("Call", "征集"), to=("call",), required=True),
        Link(name="subject", label=Bilingual("What is handed in", "申报对象"), to=("*",), required=True),
        Link(
            name="organisation", label=Bilingual("Leading organisation", "牵头单位"), to=("organisation",), required=True
        ),
        Link(name="partners", label=Bilingual("Partners", "联合单位"), to=("organisation",), many=True),
        Text(
            name="region", label=Bilingual("Region", "地区"), max_length=20, sample="CN-33", facet=True, required=True,
            weight="none",
        ),
        Term(name="tracks", label=Bilingual("Tracks", "赛道"), part="tracks", many=True, facet=True, most=5),
        Term(
            name="direction", label=Bilingual("Direction of the round", "本轮方向"), part="call_directions", facet=True,
            help=Bilingual("Where the round names directions of its own.", "本轮征集另行确定方向时填写。"),
        ),
        Number(name="years", label=Bilingual("Years of work", "实施年限"), low=1, high=20, whole=True),
        Link(
            name="avoid", label=Bilingual("Must not be reviewed by people of", "申请回避的单位或人员"),
            to=("organisation", "person"), many=True, most=10, visibility="private",
        ),
        Text(
            name="avoid_reason", label=Bilingual("Why they must not", "回避理由"), max_length=1000, lines=3,
            visibility="private", weight="none",
        ),
        YesNo(
            name="promise", label=Bilingual("Everything handed in is true", "承诺所填内容真实"), required=True,
            visibility="partner",
        ),
        Text(
            name="recommended_by", label=Bilingual("Recommended by", "推荐单位"), max_length=40, facet=True,
            sample="CN-33", visibility="partner", weight="none",
            help=Bilingual("Region or key of the body that recommends.", "推荐的地区代码或单位编号。"),
        ),
        Number(
            name="rank", label=Bilingual("Place in the recommendation", "推荐排序"), low=1, whole=True,
            visibility="private"
        ),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="submitted", label=Bilingual("Submitted", "已提交"), editable=False, due=REVIEW),
        State(name="returned", label=Bilingual("Returned for correction", "退回修改"), draft=True, due=CORRECTION),
        State(name="recommended", label=Bilingual("Recommended", "已推荐"), editable=False, due=REVIEW),
        State(name="reviewing", label=Bilingual("Under review", "评审中"), editable=False),
        State(name="notice", label=Bilingual("Public notice", "公示中"), public=True, editable=False, notice=NOTICE),
        State(name="selected", label=Bilingual("Selected", "已入选"), public=True, editable=False),
        State(
            name="rechecking", label=Bilingual("Being checked again", "复核中"), public=True, editable=False, due=REVIEW
        ),
        State(name="declined", label=Bilingual("Not selected", "未入选"), editable=False, closed=True),
        State(name="withdrawn", label=Bilingual("Withdrawn", "已撤回"), editable=False, closed=True),
        State(name="removed", label=Bilingual("Removed", "已移除"), public=True, editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="submit", label=Bilingual("Submit", "提交"), before=("draft", "returned"), after="submitted", who=OWNERS,
        ),
        Transition(
            name="return", label=Bilingual("Return for correction", "退回修改"), before=("submitted", "recommended"),
            after="returned", who=("officer",), reason=True,
        ),
        Transition(
            name="recommend", label=Bilingual("Recommend", "推荐"), before=("submitted",), after="recommended",
            who=("officer",), needs=("recommended_by",), takes=("rank",),
        ),
        Transition(
            name="admit", label=Bilingual("Admit to the review", "准予评审"), before=("submitted", "recommended"),
            after="reviewing", who=("officer",),
        ),
        Transition(
            name="exclude", label=Bilingual("Exclude", "不予受理"), before=("submitted", "recommended"), after="declined",
            who=("officer",), reason=True,
        ),
        Transition(
            name="announce", label=Bilingual("Announce publicly", "公示"), before=("reviewing",), after="notice",
            who=("officer",), reason=True, by_another=True,
        ),
        Transition(
            name="decline", label=Bilingual("Decline", "不予通过"), before=("reviewing", "notice"), after="declined",
            who=("officer",), reason=True, by_another=True,
        ),
        Transition(
            name="confirm", label=Bilingual("Confirm", "确认入选"), before=("notice",), after="selected",
            who=("officer",), reason=True, by_another=True, after_notice=True,
        ),
        Transition(
            name="withdraw", label=Bilingual("Withdraw", "撤回"),
            before=("draft", "submitted", "returned", "recommended", "reviewing", "notice"), after="withdrawn",
            who=OWNERS,
        ),
        Transition(
            name="recheck", label=Bilingual("Check again", "复核"), before=("selected",), after="rechecking",
            who=("officer",), reason=True,
        ),
        Transition(
            name="keep", label=Bilingual("Keep", "保留"), before=("rechecking",), after="selected",
            who=("officer",), reason=True,
        ),
        Transition(
            name="remove", label=Bilingual("Remove", "移除"), before=("selected", "rechecking"), after="removed",
            who=("officer",), reason=True,
        ),
    ),
    checks=(_one_party, _promised),
    clauses=("S4", "N6"),
    columns=("title", "organisation", "tracks", "region", "recommended_by"),
)  # fmt: skip

SUBJECT_MOVES: Mapping[str, str] = {
    "submit": "submit", "return": "return", "exclude": "decline", "announce": "announce", "decline": "decline",
    "confirm": "recognise", "withdraw": "withdraw", "remove": "remove",
}  # fmt: skip
"""What a submission's transition does to the record that it carries, where that record stands so that it can."""

TOLD = (*(state.name for state in SUBMISSION.states if state.public), "declined")
"""States in which an applicant is told what was decided, and what reviewers said."""

RUNNING = ("submitted", "recommended", "reviewing", "notice")
"""States in which the call holds the record: nobody moves it on its own page."""

KINDS = (CALL, SUBMISSION)
