"""First sets of equipment, first batches of material, first versions of software: the guidance catalogue, the products,
what users report of them, and the application for compensation of the insurance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foretrack.domains.exchange.kinds.boundaries import no_accounts
from foretrack.domains.exchange.kinds.parts import paragraph, summary
from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import (
    BilingualText,
    Choice,
    Day,
    Field,
    File,
    Json,
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
from foretrack.registry.declaring.workflows import (
    CORRECTION,
    NOTICE,
    OWNERS,
    REVIEW,
    SELECTION_STATES,
    SELECTION_TRANSITIONS,
    evidence_fields,
    usual_fields,
)

EQUIPMENT, MATERIAL, SOFTWARE = "equipment", "material", "software"
SORTS = {
    EQUIPMENT: Bilingual("First set of equipment", "首台（套）装备"),
    MATERIAL: Bilingual("First batch of material", "首批次材料"),
    SOFTWARE: Bilingual("First version of software", "首版次软件"),
}
AT_LEAST, AT_MOST = "at least", "at most"
_SORT = Choice(name="sort_of", label=Bilingual("Sort", "类别"), options=SORTS, facet=True, required=True)


def _parameters(*more: Field, value: Bilingual) -> tuple[Field, ...]:
    return (
        Text(
            name="parameter", label=Bilingual("Parameter", "技术参数"), required=True, max_length=120,
            sample="Positioning accuracy",
        ),
        *more,
        Number(name="value", label=value, required=True),
        Text(name="unit", label=Bilingual("Unit", "单位"), max_length=30, weight="none", sample="mm"),
    )  # fmt: skip


def _period(body: Mapping[str, Json]) -> Sequence[InputError]:
    first, last = body.get("valid_from"), body.get("valid_until")
    if not first or not last or first <= last:
        return ()
    return (
        InputError.of(
            "the entry ends on {last}, before it begins", last=last, expected="{first} or later", do="swap the days",
            first=first,
        ),
    )  # fmt: skip


GUIDANCE_ENTRY = Kind(
    name="guidance-entry",
    label=Bilingual("Entry of a guidance catalogue", "指导目录条目"),
    plural=Bilingual("Entries of guidance catalogues", "指导目录条目"),
    help=Bilingual(
        "A product of a catalogue of first sets or first batches, with the technical parameters that it has to reach. "
        "Whoever keeps the catalogue imports it as a table.",
        "首台（套）或首批次指导目录中的产品及其须达到的技术参数，由目录管理者以表格导入。",
    ),
    region="region",
    creators=("officer", "administrator"),
    fields=(
        BilingualText(name="title", label=Bilingual("Product", "产品名称"), required=True, weight="title"),
        Text(name="code", label=Bilingual("Code", "目录编号"), required=True, max_length=40, sample="3.2.14"),
        Text(
            name="catalogue", label=Bilingual("Catalogue and edition", "目录名称与版本"), required=True, max_length=120,
            facet=True, sample="Guidance catalogue, edition 2024", weight="none",
        ),
        _SORT,
        Text(
            name="region", label=Bilingual("Region", "地区"), max_length=20, sample="CN-33", facet=True, weight="none",
            help=Bilingual("Empty: the whole country.", "不填表示全国。"),
        ),
        paragraph("about", "What belongs to it", "产品说明"),
        Rows(
            name="parameters", label=Bilingual("Technical parameters", "技术参数要求"), most=30,
            columns=_parameters(
                Choice(
                    name="sense", label=Bilingual("At least or at most", "方向"), required=True,
                    options={AT_LEAST: Bilingual("At least", "不低于"), AT_MOST: Bilingual("At most", "不高于")},
                ),
                value=Bilingual("Asked for", "要求值"),
            ),
        ),
        Day(name="valid_from", label=Bilingual("Valid from", "有效期起"), required=True),
        Day(name="valid_until", label=Bilingual("Valid until", "有效期止")),
        Web(name="pages", label=Bilingual("Web pages", "相关网页"), many=True, most=5),
    ),
    checks=(_period,),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="in-force", label=Bilingual("In force", "现行"), public=True, listable=True, editable=False),
        State(name="ended", label=Bilingual("No longer in force", "已废止"), public=True, editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="put-in-force", label=Bilingual("Put in force", "发布"), before=("draft",), after="in-force",
            who=("officer",), reason=True,
        ),
        Transition(
            name="end", label=Bilingual("End", "废止"), before=("in-force",), after="ended", who=("officer",),
            reason=True,
        ),
    ),
    clauses=("T10",),
    columns=("code", "title", "sort_of", "catalogue", "valid_from", "valid_until"),
)  # fmt: skip

FIRST_SET = Kind(
    name="first-set",
    label=Bilingual("First set, batch or version", "首台（套）首批次产品"),
    plural=Bilingual("First sets, batches and versions", "首台（套）首批次产品"),
    help=Bilingual(
        "A product whose first pieces need somebody who dares to use them: what it is, which entry of the guidance "
        "catalogue it meets, who uses it.",
        "首次进入市场、需要用户敢用的产品：是什么、符合指导目录哪一条目、由谁使用。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Made by", "研制单位")),
        _SORT,
        Text(
            name="model", label=Bilingual("Model or version", "型号或版本"), required=True, max_length=80,
            sample="HK-2 v1.0",
        ),
        summary(),
        paragraph("novelty", "What is new about it", "技术突破", required=True),
        YesNo(
            name="breakthrough", label=Bilingual("A major technical breakthrough", "实现重大技术突破"), required=True,
            help=Bilingual("In this country; whoever reviews it judges it.", "指国内实现重大技术突破，由评审判断。"),
        ),
        YesNo(name="own_rights", label=Bilingual("Its rights are owned", "拥有知识产权"), required=True),
        Link(name="entry", label=Bilingual("Entry of the guidance catalogue", "指导目录条目"), to=("guidance-entry",)),
        Rows(
            name="parameters", label=Bilingual("Technical parameters", "技术参数"), most=30,
            columns=_parameters(value=Bilingual("Reached", "实测值")),
        ),
        Number(
            name="sets_delivered", label=Bilingual("Sets or batches delivered", "已交付台（套）或批次数"), low=0,
            whole=True,
            required=True,
        ),
        Day(name="first_delivered", label=Bilingual("First delivered on", "首次交付日期")),
        Link(
            name="users", label=Bilingual("Users", "用户单位"), to=("organisation",), many=True, most=30,
            help=Bilingual("Only who stands here may report on its use.", "仅此处所列用户可填报使用记录。"),
        ),
        *evidence_fields(),
    ),
    checks=(no_accounts(),),
    states=(
        *SELECTION_STATES,
        State(name="lapsed", label=Bilingual("No longer first", "已退出"), public=True, editable=False),
        State(name="contested", label=Bilingual("Lapse contested", "退出异议中"), editable=False, due=REVIEW),
    ),
    transitions=(
        *SELECTION_TRANSITIONS,
        Transition(
            name="report-deliveries", label=Bilingual("Report deliveries", "报告交付"), before=("recognised",),
            after="recognised", who=OWNERS, needs=("sets_delivered",), takes=("first_delivered", "users"),
        ),
        Transition(
            name="lapse", label=Bilingual("No longer first", "退出"), before=("recognised",), after="lapsed",
            who=("officer", "administrator"), reason=True,
        ),
        Transition(
            name="contest", label=Bilingual("Contest the lapse", "对退出提出异议"), before=("lapsed",), after="contested",
            who=OWNERS, reason=True,
        ),
        Transition(
            name="restore", label=Bilingual("It is still first", "恢复"), before=("contested",), after="recognised",
            who=("officer",), reason=True, by_another=True,
        ),
        Transition(
            name="uphold", label=Bilingual("Uphold the lapse", "维持退出"), before=("contested",), after="lapsed",
            who=("officer",), reason=True, by_another=True,
        ),
    ),
    clauses=("T10",),
    columns=("title", "organisation", "sort_of", "model", "tracks", "region"),
)  # fmt: skip

FIRST_SET_USE = Kind(
    name="first-set-use",
    label=Bilingual("Report of use", "使用记录"),
    plural=Bilingual("Reports of use", "使用记录"),
    help=Bilingual(
        "What a user found in a period: hours, faults, measures. Only users whom the maker has named report; maker, user "
        "and officers see it.",
        "用户在一段时期内的使用情况：运行时长、故障、实测指标。仅研制单位列明的用户可填报；研制单位、用户和主管人员可见。",
    ),
    organisation="organisation",
    region="region",
    creators=("member", "manager"),
    addressed=("recipient",),
    follows=(Follow("recipient", "first_set", "organisation"), Follow("region", "first_set", "region")),
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "名称"), required=True, weight="title"),
        Link(name="organisation", label=Bilingual("User", "用户单位"), to=("organisation",), required=True),
        Link(name="first_set", label=Bilingual("Product", "产品"), to=("first-set",), required=True),
        Link(name="recipient", label=Bilingual("Maker", "研制单位"), to=("organisation",)),
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, weight="none", facet=True),
        Period(name="period", label=Bilingual("From and to", "起止日期"), required=True),
        Number(
            name="hours", label=Bilingual("Hours in use", "运行时长"), low=0, unit=Bilingual("h", "小时"),
            required=True,
        ),
        Number(name="faults", label=Bilingual("Faults", "故障次数"), low=0, whole=True, required=True),
        Number(
            name="stopped", label=Bilingual("Hours stopped by faults", "故障停机时长"), low=0,
            unit=Bilingual("h", "小时"),
        ),
        Rows(name="measures", label=Bilingual("Measured in use", "实测指标"), most=20,
            columns=_parameters(value=Bilingual("Measured", "实测值"))),
        paragraph("remarks", "Remarks", "说明"),
    ),
    checks=(no_accounts(),),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="reported", label=Bilingual("Reported", "已填报"), editable=False),
        State(name="withdrawn", label=Bilingual("Withdrawn", "已撤回"), editable=False, closed=True),
    ),
    transitions=(
        Transition(name="report", label=Bilingual("Report", "提交"), before=("draft",), after="reported", who=OWNERS),
        Transition(
            name="revise", label=Bilingual("Take back to correct", "撤回更正"), before=("reported",), after="draft",
            who=OWNERS, reason=True,
        ),
        Transition(
            name="withdraw", label=Bilingual("Withdraw", "撤回"), before=("draft", "reported"), after="withdrawn",
            who=OWNERS, reason=True,
        ),
    ),
    clauses=("T10",),
    columns=("title", "organisation", "first_set", "hours", "faults"),
)  # fmt: skip

INSURANCE_COMPENSATION = Kind(
    name="insurance-compensation",
    label=Bilingual("Application for insurance compensation", "保险补偿申请"),
    plural=Bilingual("Applications for insurance compensation", "保险补偿申请"),
    help=Bilingual(
        "A maker has insured a first set and applies: check of the bureau, look of a third party, public notice, "
        "decision. What the policy says is recorded; nothing is paid here.",
        "研制单位为首台（套）首批次产品投保后提出申请：主管部门审核、第三方复核、公示、决定。仅登记保单要素，不办理任何款项。",
    ),
    organisation="organisation",
    region="region",
    creators=("member", "manager"),
    follows=(Follow("region", "first_set", "region"),),
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "名称"), required=True, weight="title"),
        Link(name="organisation", label=Bilingual("Maker", "研制单位"), to=("organisation",), required=True),
        Link(name="first_set", label=Bilingual("Product", "产品"), to=("first-set",), required=True),
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, weight="none", facet=True),
        Number(
            name="round", label=Bilingual("Round", "年度批次"), low=2015, high=2100, whole=True, required=True,
            facet=True,
        ),
        Text(name="insurer", label=Bilingual("Insurer", "承保机构"), required=True, max_length=200, visibility="private"),
        Text(
            name="policy_number", label=Bilingual("Number of the policy", "保单编号"), max_length=60, weight="none",
            required=True, visibility="private", sample="PSYX2026-0001",
        ),
        Period(name="insured", label=Bilingual("Insured from and to", "保险期间"), required=True, visibility="private"),
        Money(name="insured_sum", label=Bilingual("Sum insured", "保险金额"), required=True, visibility="private"),
        Money(
            name="premium", label=Bilingual("Premium of the policy", "保单载明的保费"), required=True,
            visibility="private",
        ),
        Number(
            name="sets_insured", label=Bilingual("Sets or batches insured", "投保台（套）或批次数"), low=1, whole=True,
            required=True,
        ),
        paragraph("opinion", "Opinion of the third party", "第三方复核意见", visibility="private", weight="none"),
        YesNo(name="supported", label=Bilingual("The third party supports it", "第三方是否支持"), visibility="private"),
        File(name="proofs", label=Bilingual("Documents of proof", "证明材料"), many=True, most=10, visibility="private"),
    ),
    checks=(no_accounts("policy_number"),),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="submitted", label=Bilingual("Bureau check", "主管部门审核"), editable=False, due=REVIEW),
        State(name="returned", label=Bilingual("Returned for correction", "退回修改"), draft=True, due=CORRECTION),
        State(name="third-party", label=Bilingual("Third-party review", "第三方复核"), editable=False, due=REVIEW),
        State(name="reviewed", label=Bilingual("Reviewed", "复核完成"), editable=False, due=REVIEW),
        State(name="notice", label=Bilingual("Public notice", "公示中"), public=True, editable=False, notice=NOTICE),
        State(name="granted", label=Bilingual("Decided in favour", "审定通过"), public=True, editable=False, closed=True,
            listable=True),
        State(name="declined", label=Bilingual("Declined", "未通过"), editable=False, closed=True),
        State(name="withdrawn", label=Bilingual("Withdrawn", "已撤回"), editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="submit", label=Bilingual("Submit", "提交"), before=("draft", "returned"), after="submitted", who=OWNERS,
        ),
        Transition(
            name="return", label=Bilingual("Return for correction", "退回修改"), before=("submitted", "third-party"),
            after="returned", who=("officer",), reason=True,
        ),
        Transition(
            name="pass-check", label=Bilingual("Pass the check", "审核通过"), before=("submitted",), after="third-party",
            who=("officer",), reason=True, by_another=True,
        ),
        Transition(
            name="give-opinion", label=Bilingual("Give the opinion", "提交复核意见"), before=("third-party",),
            after="reviewed", who=("reviewer",), needs=("opinion", "supported"), by_another=True,
        ),
        Transition(
            name="announce", label=Bilingual("Announce publicly", "公示"), before=("reviewed",), after="notice",
            who=("officer",), reason=True, by_another=True,
        ),
        Transition(
            name="grant", label=Bilingual("Decide in favour", "审定通过"), before=("notice",), after="granted",
            who=("officer",), reason=True, by_another=True, after_notice=True,
        ),
        Transition(
            name="decline", label=Bilingual("Decline", "不予通过"),
            before=("submitted", "third-party", "reviewed", "notice"), after="declined", who=("officer",), reason=True,
            by_another=True,
        ),
        Transition(
            name="withdraw", label=Bilingual("Withdraw", "撤回"),
            before=("draft", "submitted", "returned", "third-party", "reviewed", "notice"), after="withdrawn", who=OWNERS,
        ),
    ),
    clauses=("T10",),
    columns=("title", "organisation", "first_set", "round", "region"),
)  # fmt: skip
