"""Services of bodies and firms, orders for them, and ratings that only whoever ordered may give."""

from __future__ import annotations

from foretrack.domains.exchange.kinds.bodies import SERVICE_BODY
from foretrack.domains.exchange.kinds.boundaries import no_accounts
from foretrack.domains.exchange.kinds.parts import paragraph, summary
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Choice, Day, File, Link, Money, Number, Text
from foretrack.registry.declaring.kind import Follow, Kind, State, Transition
from foretrack.registry.declaring.workflows import OWNERS, REVIEW, evidence_fields, usual_fields

_SERVICES = SERVICE_BODY.by_name["services"]
assert isinstance(_SERVICES, Choice)

SERVICE_OFFERING = Kind(
    name="service-offering",
    label=Bilingual("Service", "科技服务"),
    plural=Bilingual("Services", "科技服务"),
    help=Bilingual(
        "What a body does for others: scope, accreditation, price basis, how long it takes, where and in which language.",
        "机构面向社会提供的服务：内容、资质、计价方式、周期、服务地区和语言。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Provided by", "服务单位")),
        Link(name="body", label=Bilingual("Service body", "专业服务机构"), to=("service-body",)),
        Choice(
            name="service", label=Bilingual("Sort of service", "服务类型"), options=_SERVICES.options, facet=True,
            required=True,
        ),
        summary(),
        paragraph("what", "What is done", "服务内容", required=True),
        paragraph("scope", "Scope of accreditation", "资质认定范围", lines=3),
        Text(
            name="accreditations", label=Bilingual("Accreditations", "资质证书"), many=True, max_length=120,
            weight="none",
            sample="CNAS L00000",
        ),
        Choice(
            name="price_basis", label=Bilingual("Price basis", "计价方式"), facet=True, required=True,
            options={
                "fixed": Bilingual("Fixed price", "固定价"), "day": Bilingual("By day", "按天"),
                "sample": Bilingual("By sample or test", "按样品或试验"),
                "share": Bilingual("Share of the result", "按成效"),
                "quote": Bilingual("On quotation", "按需报价"), "free": Bilingual("Without charge", "免费"),
            },
        ),
        Money(name="price", label=Bilingual("Price from", "起价")),
        Number(
            name="days", label=Bilingual("Usual time", "常规周期"), low=0, high=2000, unit=Bilingual("days", "天"),
            required=True,
        ),
        Text(
            name="served_regions", label=Bilingual("Regions served", "服务地区"), many=True, max_length=20, facet=True,
            weight="none", sample="CN-33",
            help=Bilingual(
                "Codes such as CN-33 or DE; empty means anywhere.", "地区代码，例如 CN-33、DE；留空表示不限。",
            ),
        ),
        Text(
            name="languages", label=Bilingual("Languages", "服务语言"), many=True, max_length=3, facet=True,
            weight="none",
            required=True, sample="en",
        ),
        *evidence_fields(),
    ),
    checks=(no_accounts(),),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="published", label=Bilingual("Offered", "已发布"), public=True, listable=True),
        State(name="held", label=Bilingual("Held by a moderator", "审核暂停"), editable=False),
        State(name="withdrawn", label=Bilingual("No longer offered", "已撤下"), editable=False, closed=True),
    ),
    transitions=(
        Transition(name="publish", label=Bilingual("Publish", "发布"), before=("draft",), after="published", who=OWNERS),
        Transition(
            name="hold", label=Bilingual("Hold", "暂停展示"), before=("published",), after="held", who=("officer",),
            reason=True,
        ),
        Transition(
            name="show-again", label=Bilingual("Show again", "恢复展示"), before=("held",), after="published",
            who=("officer",), reason=True,
        ),
        Transition(
            name="withdraw", label=Bilingual("Withdraw", "撤下"), before=("draft", "published", "held"),
            after="withdrawn",
            who=(*OWNERS, "officer"), reason=True,
        ),
        Transition(
            name="offer-again", label=Bilingual("Offer again", "重新发布"), before=("withdrawn",), after="draft",
            who=OWNERS,
        ),
    ),
    clauses=("T6",),
    columns=("title", "organisation", "service", "price_basis", "days", "region"),
)  # fmt: skip

SERVICE_ORDER = Kind(
    name="service-order",
    label=Bilingual("Order for a service", "服务订单"),
    plural=Bilingual("Orders for services", "服务订单"),
    help=Bilingual(
        "What somebody asks of a service, and how it went. Only the two sides and the officers in charge see it; nothing "
        "is paid here.",
        "客户向服务单位提出的委托及其办理过程。仅双方和主管人员可见，本系统不办理任何付款。",
    ),
    organisation="organisation",
    region="region",
    creators=("member", "manager"),
    addressed=("recipient",),
    follows=(Follow("recipient", "service", "organisation"), Follow("region", "service", "region")),
    fields=(
        BilingualText(name="title", label=Bilingual("Subject", "事项"), required=True, weight="title"),
        Link(name="organisation", label=Bilingual("Customer", "客户"), to=("organisation",), required=True),
        Link(name="service", label=Bilingual("Service", "服务"), to=("service-offering",), required=True),
        Link(name="recipient", label=Bilingual("Provider", "服务单位"), to=("organisation",)),
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, weight="none", facet=True),
        paragraph("asked", "What is asked for", "委托内容", required=True, visibility="private"),
        Day(name="wanted_by", label=Bilingual("Wanted by", "期望完成日期")),
        File(name="papers", label=Bilingual("Papers", "附件"), many=True, most=10, visibility="private"),
        Money(name="quote", label=Bilingual("Quotation", "报价"), visibility="private"),
        Number(
            name="quoted_days", label=Bilingual("Days quoted", "承诺周期"), low=0, unit=Bilingual("days", "天"),
            visibility="private",
        ),
        paragraph("quoted", "What the quotation holds", "报价说明", visibility="private", weight="none"),
        paragraph("delivered", "What was delivered", "交付内容", visibility="private", weight="none"),
        Day(name="delivered_on", label=Bilingual("Delivered on", "交付日期"), visibility="private"),
    ),
    checks=(no_accounts(),),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="asked", label=Bilingual("Asked for", "已委托"), editable=False),
        State(name="quoted", label=Bilingual("Quoted", "已报价"), editable=False),
        State(name="accepted", label=Bilingual("Accepted", "已接受"), editable=False),
        State(name="delivered", label=Bilingual("Delivered", "已交付"), editable=False),
        State(name="completed", label=Bilingual("Completed", "已完成"), editable=False, closed=True),
        State(name="cancelled", label=Bilingual("Cancelled", "已取消"), editable=False, closed=True),
        State(name="disputed", label=Bilingual("Disputed", "有争议"), editable=False, due=REVIEW),
    ),
    transitions=(
        Transition(name="ask", label=Bilingual("Ask for it", "提交委托"), before=("draft",), after="asked", who=OWNERS),
        Transition(
            name="quote", label=Bilingual("Quote", "报价"), before=("asked", "quoted"), after="quoted", who=OWNERS,
            by_addressee=True, needs=("quote", "quoted_days"), takes=("quoted",),
        ),
        Transition(
            name="accept", label=Bilingual("Accept the quotation", "接受报价"), before=("quoted",), after="accepted",
            who=OWNERS,
        ),
        Transition(
            name="deliver", label=Bilingual("Report the delivery", "报告交付"), before=("accepted",), after="delivered",
            who=OWNERS, by_addressee=True, needs=("delivered_on",), takes=("delivered",),
        ),
        Transition(
            name="complete", label=Bilingual("Confirm the delivery", "确认完成"), before=("delivered",),
            after="completed",
            who=OWNERS,
        ),
        Transition(
            name="cancel", label=Bilingual("Cancel", "取消"), before=("draft", "asked", "quoted", "accepted"),
            after="cancelled", who=OWNERS, reason=True,
        ),
        Transition(
            name="refuse", label=Bilingual("Refuse", "谢绝"), before=("asked", "quoted", "accepted"), after="cancelled",
            who=OWNERS, reason=True, by_addressee=True,
        ),
        Transition(
            name="dispute", label=Bilingual("Dispute", "提出争议"), before=("accepted", "delivered"), after="disputed",
            who=OWNERS, reason=True,
        ),
        Transition(
            name="dispute-other", label=Bilingual("Dispute", "提出争议"), before=("accepted", "delivered"),
            after="disputed",
            who=OWNERS, reason=True, by_addressee=True,
        ),
        Transition(
            name="settle", label=Bilingual("Settled: completed", "争议解决：完成"), before=("disputed",),
            after="completed",
            who=("officer",), reason=True, by_another=True,
        ),
        Transition(
            name="annul", label=Bilingual("Settled: cancelled", "争议解决：取消"), before=("disputed",),
            after="cancelled",
            who=("officer",), reason=True, by_another=True,
        ),
    ),
    clauses=("T6",),
    columns=("title", "organisation", "service", "region"),
)  # fmt: skip

SERVICE_RATING = Kind(
    name="service-rating",
    label=Bilingual("Rating of a service", "服务评价"),
    plural=Bilingual("Ratings of services", "服务评价"),
    help=Bilingual(
        "What a customer says of a completed order, once, with the answer of the provider. Services are "
        "rated, never people.",
        "客户对已完成订单的一次评价及服务单位的答复。评价对象是服务，不是个人。",
    ),
    organisation="organisation",
    region="region",
    creators=("member", "manager"),
    addressed=("recipient",),
    follows=(Follow("recipient", "service", "organisation"), Follow("region", "service", "region")),
    fields=(
        BilingualText(name="title", label=Bilingual("In short", "概括"), required=True, weight="title", max_length=120),
        Link(name="organisation", label=Bilingual("Customer", "客户"), to=("organisation",), required=True),
        Link(name="order", label=Bilingual("Order", "订单"), to=("service-order",), required=True, visibility="private"),
        Link(name="service", label=Bilingual("Service", "服务"), to=("service-offering",), required=True),
        Link(name="recipient", label=Bilingual("Provider", "服务单位"), to=("organisation",)),
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, weight="none", facet=True),
        Number(name="stars", label=Bilingual("Stars", "星级"), low=1, high=5, whole=True, required=True, facet=True),
        paragraph("comment", "Comment", "评价内容", max_length=1500, lines=3),
        paragraph("reply", "Answer of the provider", "服务单位答复", max_length=1500, lines=3),
    ),
    checks=(no_accounts(),),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="given", label=Bilingual("Given", "已发布"), public=True, editable=False),
        State(name="answered", label=Bilingual("Answered", "已答复"), public=True, editable=False, closed=True),
        State(name="held", label=Bilingual("Held by a moderator", "审核暂停"), editable=False, due=REVIEW),
    ),
    transitions=(
        Transition(
            name="give", label=Bilingual("Give the rating", "发布评价"), before=("draft",), after="given", who=OWNERS,
        ),
        Transition(
            name="reply", label=Bilingual("Answer", "答复"), before=("given",), after="answered", who=OWNERS,
            by_addressee=True, needs=("reply",),
        ),
        Transition(
            name="hold", label=Bilingual("Hold", "暂停展示"), before=("given", "answered"), after="held",
            who=("officer",),
            reason=True, by_another=True,
        ),
        Transition(
            name="show-again", label=Bilingual("Show again", "恢复展示"), before=("held",), after="given",
            who=("officer",), reason=True, by_another=True,
        ),
    ),
    clauses=("T6",),
    columns=("title", "organisation", "service", "stars"),
)  # fmt: skip
