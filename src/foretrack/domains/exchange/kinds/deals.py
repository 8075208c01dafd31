"""Listings and deals: what is for sale or licence, and what became of an enquiry. Money never moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from foretrack.domains.exchange.kinds.boundaries import no_accounts
from foretrack.domains.exchange.kinds.parts import paragraph, summary
from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import (
    BilingualText,
    Choice,
    Day,
    File,
    Json,
    Link,
    Money,
    Number,
    Period,
    Term,
    Text,
    Web,
)
from foretrack.registry.declaring.kind import Follow, Kind, State, Transition
from foretrack.registry.declaring.rows import Rows
from foretrack.registry.declaring.workflows import OWNERS, REVIEW, usual_fields

FIXED, NEGOTIATED, AUCTION, OPEN_LICENCE = "fixed", "negotiated", "auction", "open-licence"


def _priced(body: Mapping[str, Json]) -> Sequence[InputError]:
    """What the way of setting the price asks for, and is not there."""
    needed = {
        FIXED: ("price",), AUCTION: ("auction_period", "auction_rules", "auction_held_by"),
        OPEN_LICENCE: ("terms", "price"),
    }.get(str(body.get("price_mode")), ())  # fmt: skip
    missing = [name for name in needed if name not in body]
    if not missing:
        return ()
    return (
        InputError.of(
            "the price mode {mode} lacks {fields}", mode=body["price_mode"], fields=", ".join(missing),
            expected="all that the mode asks for", do="fill it in, or choose another mode",
        ),
    )  # fmt: skip


LISTING = Kind(
    name="listing",
    label=Bilingual("Listing", "挂牌项目"),
    plural=Bilingual("Listings", "挂牌项目"),
    help=Bilingual(
        "What somebody sells, licenses or does for others, and how its price comes about. Nothing is paid here.",
        "挂牌转让、许可或提供技术服务的项目及其定价方式。本系统不办理任何付款。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Listed by", "挂牌单位")),
        Link(
            name="about", label=Bilingual("Offer or achievement", "对应的供给或成果"), to=("offer", "achievement"),
            required=True,
        ),
        Choice(
            name="way", label=Bilingual("What is listed", "交易方式"), facet=True, required=True,
            options={
                "sale": Bilingual("Sale of a product", "产品销售"),
                "licence": Bilingual("Licence", "普通许可"),
                "exclusive-licence": Bilingual("Exclusive licence", "独占许可"),
                "assignment": Bilingual("Assignment of rights", "权利转让"),
                "service": Bilingual("Technical service", "技术服务"),
            },
        ),
        summary(),
        Choice(
            name="price_mode", label=Bilingual("Price mode", "定价方式"), facet=True, required=True,
            options={
                FIXED: Bilingual("Fixed price", "固定价格"), NEGOTIATED: Bilingual("Negotiated", "协议定价"),
                AUCTION: Bilingual("Auction", "拍卖"), OPEN_LICENCE: Bilingual("Open licence", "开放许可"),
            },
        ),
        Money(
            name="price", label=Bilingual("Price", "价格"),
            help=Bilingual("0 for an open licence without a fee.", "免费开放许可填 0。"),
        ),
        Money(name="minimum", label=Bilingual("Lowest price", "底价"), visibility="partner"),
        BilingualText(
            name="tax_note", label=Bilingual("Note on taxes", "税费说明"), max_length=300,
            help=Bilingual("Such as: without value-added tax.", "例如：不含增值税。"),
        ),
        paragraph("terms", "Terms", "交易条件"),
        Period(name="auction_period", label=Bilingual("Auction from and to", "拍卖起止")),
        paragraph("auction_rules", "Rules of the auction", "拍卖规则", lines=3),
        Text(
            name="auction_held_by", label=Bilingual("Auction held by", "拍卖举办机构"), sample="Exchange of the province",
            help=Bilingual(
                "It is held elsewhere; here stands when and by which rules.", "拍卖在他处举行，此处仅登记时间与规则。",
            ),
        ),
        Web(name="auction_page", label=Bilingual("Page of the auction", "拍卖网页")),
        Day(name="valid_until", label=Bilingual("Valid until", "有效期至"), required=True),
        paragraph("confidential", "Confidential part", "保密内容", visibility="private", weight="none"),
    ),
    checks=(_priced, no_accounts()),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(
            name="published", label=Bilingual("Listed", "挂牌中"), public=True, listable=True, due_field="valid_until",
            editable=False,
        ),
        State(name="held", label=Bilingual("Held by a moderator", "审核暂停"), editable=False),
        State(name="expired", label=Bilingual("Expired", "已过期")),
        State(name="concluded", label=Bilingual("Concluded", "已成交"), public=True, editable=False, closed=True),
        State(name="withdrawn", label=Bilingual("Withdrawn", "已撤下"), editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="publish", label=Bilingual("List it", "挂牌"), before=("draft",), after="published", who=OWNERS,
        ),
        Transition(
            name="revise", label=Bilingual("Take back to revise", "撤回修改"), before=("published",), after="draft",
            who=OWNERS, reason=True,
        ),
        Transition(
            name="renew", label=Bilingual("Renew", "续期"), before=("published", "expired"), after="published",
            who=OWNERS, needs=("valid_until",),
        ),
        Transition(
            name="hold", label=Bilingual("Hold", "暂停展示"), before=("published",), after="held", who=("officer",),
            reason=True,
        ),
        Transition(
            name="show-again", label=Bilingual("Show again", "恢复展示"), before=("held",), after="published",
            who=("officer",), reason=True,
        ),
        Transition(
            name="expire", label=Bilingual("Let it expire", "过期"), before=("published",), after="expired",
            who=(*OWNERS, "officer", "administrator"), reason=True,
        ),
        Transition(
            name="conclude", label=Bilingual("Concluded", "成交"), before=("published", "expired"), after="concluded",
            who=OWNERS,
        ),
        Transition(
            name="withdraw", label=Bilingual("Withdraw", "撤下"), before=("draft", "published", "held", "expired"),
            after="withdrawn", who=(*OWNERS, "officer"), reason=True,
        ),
    ),
    clauses=("T3",),
    columns=("title", "organisation", "way", "price_mode", "region", "valid_until"),
)  # fmt: skip

CONTRACTS = {
    "development": Bilingual("Technology development", "技术开发"),
    "transfer": Bilingual("Technology transfer", "技术转让"),
    "licence": Bilingual("Technology licence", "技术许可"),
    "consulting": Bilingual("Technical consulting", "技术咨询"),
    "service": Bilingual("Technical service", "技术服务"),
}
"""Kinds of contract that the registration of technology contracts knows (Civil Code of China, book III, chapter 20)."""
FAILED = {
    "price": Bilingual("No agreement on the price", "价格未达成一致"),
    "terms": Bilingual("No agreement on the terms", "条款未达成一致"),
    "not-fitting": Bilingual("It does not meet the need", "不符合需求"),
    "rights": Bilingual("Rights are unclear", "权利不清晰"),
    "delivery": Bilingual("It was not delivered as agreed", "未按约定交付"),
    "partner": Bilingual("The other side dropped out", "对方退出"),
    "law": Bilingual("A law or control stands against it", "受法律或管制限制"),
    "other": Bilingual("Another reason", "其他原因"),
}
NOTHING, BAND, AMOUNT = "nothing", "band", "amount"
PROPOSED = {"proposed-by-enquirer": "enquirer", "proposed-by-other": "other"}
"""States in which a contract waits for the confirmation of the side that did not put it forward."""
HANDED = {"handed-over-by-enquirer": "enquirer", "handed-over-by-other": "other"}
AGREED = ("contract", "registering", "registered", "delivery", *HANDED, "closed")
"""States of a deal whose contract both sides have confirmed, and which has not failed."""
RUNNING = ("enquiry", "negotiation", *PROPOSED, *AGREED[:-1])
TERMS = ("contract_kind", "contract_date", "amount", "publicity")
"""What a contract says that is put forward; whoever confirms, confirms exactly this."""
ALSO = ("contract_number", "terms", "milestones", "tracks")

_MILESTONES = Rows(
    name="milestones", label=Bilingual("Milestones", "里程碑"), most=30, visibility="private",
    columns=(
        BilingualText(
            name="milestone", label=Bilingual("Milestone", "里程碑"), required=True, max_length=200,
            visibility="private",
        ),
        Day(name="due", label=Bilingual("Due", "计划日期"), required=True, visibility="private"),
        Day(name="done", label=Bilingual("Done", "完成日期"), visibility="private"),
        BilingualText(name="result", label=Bilingual("Result", "结果"), max_length=400, visibility="private"),
    ),
)  # fmt: skip


def _either(name: str, en: str, zh: str, **more: Any) -> tuple[Transition, Transition]:
    """A transition that either side may make: `NAME` by whoever opened the deal, `NAME-other` by the other side."""
    label = Bilingual(en, zh)
    return (
        Transition(name=name, label=label, who=OWNERS, **more),
        Transition(name=f"{name}-other", label=label, who=OWNERS, by_addressee=True, **more),
    )


def _days(body: Mapping[str, Json]) -> Sequence[InputError]:
    """A registration or a delivery before its contract."""
    signed = body.get("contract_date")
    for name in ("registered_on", "delivered_on"):
        if signed and body.get(name) and body[name] < signed:
            return (
                InputError.of(
                    "{day} lies before the day of the contract, {signed}", day=body[name], signed=signed,
                    expected="that day or a later one", do="correct one of the two days",
                ),
            )  # fmt: skip
    return ()


DEAL = Kind(
    name="deal",
    label=Bilingual("Deal", "交易"),
    plural=Bilingual("Deals", "交易"),
    help=Bilingual(
        "From an enquiry to what became of it. The two sides and the officers in charge see it, nobody else. It records "
        "what was agreed; money never moves here.",
        "从询盘到结果的全过程记录。仅双方和主管人员可见。本系统只登记约定内容，不经手任何款项。",
    ),
    organisation="organisation",
    region="region",
    creators=("member", "manager"),
    addressed=("recipient",),
    follows=(Follow("recipient", "about", "organisation"), Follow("region", "about", "region")),
    fields=(
        BilingualText(
            name="title", label=Bilingual("Subject", "标的"), required=True, weight="title",
            help=Bilingual(
                "It stands in the public register if both sides agree to be named there.",
                "双方同意公开时，将显示在公开登记簿中。",
            ),
        ),
        Link(name="organisation", label=Bilingual("Opened by", "发起方"), to=("organisation",), required=True),
        Link(
            name="about", label=Bilingual("About", "交易对象"), required=True,
            to=("listing", "offer", "achievement", "need", "opportunity", "capability", "iconic-product"),
        ),
        Link(name="recipient", label=Bilingual("Other side", "相对方"), to=("organisation",)),
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, weight="none", facet=True),
        Link(
            name="interest", label=Bilingual("Began as the interest", "来源合作意向"), to=("interest",),
            help=Bilingual("An accepted one between the same two.", "同一双方之间已被接受的合作意向。"),
        ),
        Choice(
            name="role", label=Bilingual("Whoever opens it", "发起方角色"), required=True, facet=True,
            options={
                "acquires": Bilingual("acquires", "受让方或委托方"),
                "provides": Bilingual("provides", "让与方或受托方"),
            },
        ),
        Term(name="tracks", label=Bilingual("Tracks", "赛道"), part="tracks", many=True, facet=True, most=5),
        paragraph("message", "Enquiry", "询盘内容", required=True, visibility="private"),
        Choice(name="contract_kind", label=Bilingual("Kind of contract", "合同类别"), options=CONTRACTS, facet=True),
        Text(
            name="contract_number", label=Bilingual("Number of the contract", "合同编号"), max_length=60, weight="none",
            visibility="private", sample="2026-017",
        ),
        Day(name="contract_date", label=Bilingual("Day of the contract", "合同签订日期"), facet=True),
        Money(name="amount", label=Bilingual("Amount agreed", "合同金额"), visibility="private"),
        paragraph("terms", "What was agreed", "约定内容", visibility="private", weight="none"),
        Choice(
            name="publicity", label=Bilingual("Shown in the public register", "公开登记簿显示内容"),
            help=Bilingual(
                "Both sides confirm it together with the contract.", "与合同一并由双方确认。",
            ),
            options={
                NOTHING: Bilingual("nothing", "不公开"),
                BAND: Bilingual("who, what and a band of the amount", "双方、标的和金额区间"),
                AMOUNT: Bilingual("who, what and the amount", "双方、标的和金额"),
            },
        ),
        _MILESTONES,
        File(
            name="documents", label=Bilingual("Documents", "文件"), many=True, most=20, visibility="private",
            help=Bilingual("Attached by whoever opened the deal, until the contract is put forward.",
                "由发起方在提出合同之前上传。"),
        ),
        Text(
            name="registered_number", label=Bilingual("Number of the registration", "认定登记编号"), max_length=60,
            weight="none", visibility="private", sample="2026330100000123",
        ),
        Day(name="registered_on", label=Bilingual("Registered on", "认定登记日期"), visibility="private"),
        Text(
            name="registered_by", label=Bilingual("Registered by", "认定登记机构"), max_length=200, visibility="private",
            sample="Registration office of the city",
        ),
        Number(
            name="technology_share", label=Bilingual("Share of technology income", "技术性收入占比"), low=0, high=100,
            unit=Bilingual("%", "%"), visibility="private",
            help=Bilingual(
                "Of the amount agreed, as the registration says.", "登记证明核定的技术性收入占合同金额的比例。",
            ),
        ),
        Day(name="delivered_on", label=Bilingual("Delivered on", "交付日期"), visibility="private"),
        paragraph("delivered", "What was delivered", "交付内容", visibility="private", weight="none"),
        Choice(name="failed_for", label=Bilingual("Failed because", "未成原因"), options=FAILED, facet=True),
    ),
    checks=(_days, no_accounts("contract_number", "registered_number")),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="enquiry", label=Bilingual("Enquiry", "询盘"), editable=False),
        State(name="negotiation", label=Bilingual("Negotiation", "洽谈")),
        State(
            name="proposed-by-enquirer",
            label=Bilingual("Contract to be confirmed by the other side", "合同待相对方确认"),
            editable=False,
        ),
        State(
            name="proposed-by-other", label=Bilingual("Contract to be confirmed by whoever opened", "合同待发起方确认"),
            editable=False,
        ),
        State(name="contract", label=Bilingual("Contract", "合同已签"), editable=False),
        State(name="registering", label=Bilingual("Registration is checked", "登记待核"), editable=False, due=REVIEW),
        State(name="registered", label=Bilingual("Registered", "已认定登记"), editable=False),
        State(name="delivery", label=Bilingual("Delivery", "交付中"), editable=False),
        State(
            name="handed-over-by-enquirer", editable=False,
            label=Bilingual("Delivery to be confirmed by the other side", "交付待相对方确认"),
        ),
        State(
            name="handed-over-by-other", editable=False,
            label=Bilingual("Delivery to be confirmed by whoever opened", "交付待发起方确认"),
        ),
        State(name="closed", label=Bilingual("Closed", "已完成"), editable=False, closed=True),
        State(name="failed", label=Bilingual("Failed", "未成交"), editable=False, closed=True),
        State(name="withdrawn", label=Bilingual("Withdrawn", "已撤回"), editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="enquire", label=Bilingual("Send the enquiry", "发出询盘"), before=("draft",), after="enquiry",
            who=OWNERS,
        ),
        Transition(
            name="withdraw", label=Bilingual("Withdraw", "撤回"), before=("draft", "enquiry"), after="withdrawn",
            who=OWNERS,
        ),
        Transition(
            name="answer", label=Bilingual("Take up the talks", "同意洽谈"), before=("enquiry",), after="negotiation",
            who=OWNERS, by_addressee=True,
        ),
        Transition(
            name="propose", label=Bilingual("Put a contract forward", "提出合同"), before=("negotiation",),
            after="proposed-by-enquirer", who=OWNERS, needs=TERMS, takes=ALSO,
        ),
        Transition(
            name="propose-other", label=Bilingual("Put a contract forward", "提出合同"), before=("negotiation",),
            after="proposed-by-other", who=OWNERS, needs=TERMS, takes=ALSO, by_addressee=True,
        ),
        Transition(
            name="confirm-contract-other", label=Bilingual("Confirm the contract", "确认合同"),
            before=("proposed-by-enquirer",), after="contract", who=OWNERS, by_addressee=True,
        ),
        Transition(
            name="confirm-contract", label=Bilingual("Confirm the contract", "确认合同"), before=("proposed-by-other",),
            after="contract", who=OWNERS,
        ),
        *_either(
            "talk-again", "Back to the talks", "退回洽谈", before=tuple(PROPOSED), after="negotiation", reason=True,
        ),
        *_either(
            "ask-registration", "Hand in the registration", "提交认定登记信息", before=("contract",),
            after="registering", needs=("registered_number", "registered_on", "registered_by", "technology_share"),
        ),
        Transition(
            name="register", label=Bilingual("Enter into the register", "核实并入册"), before=("registering",),
            after="registered", who=("officer",), reason=True, by_another=True,
        ),
        Transition(
            name="refuse-registration", label=Bilingual("Send the registration back", "退回登记"),
            before=("registering",), after="contract", who=("officer",), reason=True, by_another=True,
        ),
        *_either("begin-delivery", "Begin the delivery", "开始交付", before=("contract", "registered"), after="delivery"),
        *_either(
            "report", "Report on milestones", "报告里程碑", before=("delivery",), after="delivery", needs=("milestones",),
        ),
        Transition(
            name="hand-over", label=Bilingual("Report the delivery", "报告交付"), before=("delivery",),
            after="handed-over-by-enquirer", who=OWNERS, needs=("delivered_on",), takes=("delivered",),
        ),
        Transition(
            name="hand-over-other", label=Bilingual("Report the delivery", "报告交付"), before=("delivery",),
            after="handed-over-by-other", who=OWNERS, by_addressee=True, needs=("delivered_on",), takes=("delivered",),
        ),
        Transition(
            name="confirm-delivery-other", label=Bilingual("Confirm the delivery", "确认交付"),
            before=("handed-over-by-enquirer",), after="closed", who=OWNERS, by_addressee=True,
        ),
        Transition(
            name="confirm-delivery", label=Bilingual("Confirm the delivery", "确认交付"),
            before=("handed-over-by-other",), after="closed", who=OWNERS,
        ),
        *_either(
            "object", "Object to the delivery", "对交付提出异议", before=tuple(HANDED), after="delivery", reason=True,
        ),
        *_either(
            "fail", "Record that it failed", "登记未成交", before=RUNNING, after="failed", needs=("failed_for",),
            reason=True,
        ),
    ),
    clauses=("T3",),
    columns=("title", "organisation", "recipient", "about", "contract_kind", "region"),
)  # fmt: skip
