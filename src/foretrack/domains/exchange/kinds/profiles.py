"""Offers and needs: the two profiles that matching brings together.

Their fields are those of the profile that partner networks exchange (systems.md, annex A12); which field is which there
says `formats/network.py`. Size, turnover and certificates of the organisation are its own record's, not the profile's.
"""

from __future__ import annotations

from foretrack.domains.exchange.kinds.checks import publishable_need, publishable_offer, renewed
from foretrack.domains.exchange.kinds.parts import (
    RIGHTS,
    STAGES,
    evidence,
    flags,
    hypotheses,
    keywords,
    maturity,
    paragraph,
    partner_fields,
    summary,
)
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import Choice, Day, Link, Money, Number
from foretrack.registry.declaring.kind import Kind, State, Transition
from foretrack.registry.declaring.sides import Side
from foretrack.registry.declaring.workflows import OWNERS, usual_fields

OFFER_SORTS = {
    "technology": Bilingual("Technology", "技术"),
    "business": Bilingual("Product or service", "产品或服务"),
}
NEED_SORTS = {
    "technology": Bilingual("Technology", "技术"),
    "business": Bilingual("Product, service or outlet", "产品、服务或渠道"),
    "research": Bilingual("Partner for a research project", "科研项目合作方"),
}

PROFILE_STATES = (
    State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
    State(
        name="published",
        label=Bilingual("Published", "已发布"),
        public=True,
        listable=True,
        due_field="valid_until",
    ),
    State(name="expired", label=Bilingual("Expired", "已过期")),
    State(name="withdrawn", label=Bilingual("Withdrawn", "已撤下"), editable=False, closed=True),
    State(
        name="settled",
        label=Bilingual("Partner found", "已达成合作"),
        public=True,
        editable=False,
        closed=True,
    ),
    State(name="held", label=Bilingual("Held by a moderator", "审核暂停")),
)
PROFILE_TRANSITIONS = (
    Transition(
        name="publish", label=Bilingual("Publish", "发布"), before=("draft",), after="published",
        who=(*OWNERS, "officer"),
    ),
    Transition(
        name="renew", label=Bilingual("Renew", "续期"), before=("published", "expired"), after="published", who=OWNERS,
        needs=("valid_until",), takes=("valid_until",), fills=renewed,
    ),
    Transition(
        name="expire", label=Bilingual("Let it expire", "过期"), before=("published",), after="expired",
        who=(*OWNERS, "officer"),
    ),
    Transition(
        name="withdraw", label=Bilingual("Withdraw", "撤下"), before=("draft", "published", "expired", "held"),
        after="withdrawn", who=(*OWNERS, "officer"), reason=True,
    ),
    Transition(
        name="settle", label=Bilingual("A partner is found", "已达成合作"), before=("published", "expired"),
        after="settled", who=OWNERS,
    ),
    Transition(
        name="hold", label=Bilingual("Hold", "暂停展示"), before=("published",), after="held",
        who=("officer",), reason=True,
    ),
    Transition(
        name="release", label=Bilingual("Show again", "恢复展示"), before=("held",), after="published", who=("officer",),
        reason=True, by_another=True,
    ),
)  # fmt: skip

OFFER = Kind(
    name="offer",
    label=Bilingual("Technology offer", "技术供给"),
    plural=Bilingual("Technology offers", "技术供给"),
    help=Bilingual(
        "What somebody can do, how ready it is, and what kind of partner is looked for.",
        "可提供的技术、成熟程度以及期望的合作方。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Offered by", "供给单位")),
        Choice(
            name="sort_of", label=Bilingual("Sort of offer", "供给类型"), options=OFFER_SORTS, facet=True,
            help=Bilingual("A technology, where nothing is said.", "未填写时视为技术供给。"),
        ),
        summary(),
        paragraph(
            "description", "Description", "详细说明", required=True, lines=8,
            help=Bilingual(
                "How it works, what it needs, where it was used, what it cannot do.",
                "工作原理、使用条件、已有应用以及不适用的情形。",
            ),
        ),
        paragraph(
            "advantages", "Advantages and what is new", "优势与创新点", required=True,
            help=Bilingual(
                "Better than what, by how much, measured by whom: one figure says more than ten adjectives.",
                "相对什么、好多少、由谁测得；一个数据胜过十个形容词。",
            ),
        ),
        paragraph("applications", "Fields of application", "应用领域", lines=3),
        keywords(),
        Choice(
            name="stage", label=Bilingual("Stage of development", "开发阶段"), options=STAGES, facet=True, required=True
        ),
        maturity(
            help=Bilingual(
                "1 to 9, by tests that were made; it has to go with the stage.",
                "1 至 9 级，以已完成的试验为依据，应与开发阶段相符。",
            )
        ),
        Choice(
            name="rights", label=Bilingual("Rights", "知识产权状况"), options=RIGHTS, many=True, facet=True, required=True
        ),
        flags(
            Bilingual("Safety flags", "安全标识"),
            Bilingual("What a partner has to accept.", "合作方须知悉并接受的事项。"),
        ),
        paragraph("expertise", "Expertise looked for", "所需专长", lines=3),
        *partner_fields(),
        hypotheses(),
        Link(name="achievement", label=Bilingual("Achievement", "所属成果"), to=("achievement",)),
        *evidence(),
    ),
    checks=(publishable_offer,),
    states=PROFILE_STATES,
    transitions=PROFILE_TRANSITIONS,
    clauses=("T5", "T9"),
    columns=("title", "organisation", "tracks", "stage", "cooperation", "valid_until"),
    side=Side(
        side="offer", texts=("summary", "description", "advantages"), states=("published",), maturity="maturity",
        cooperation="cooperation", partner_types="partner_types", partner_regions="partner_regions",
        languages="languages", until="valid_until", flags="flags",
        contacts=("contact", "email"),
    ),
)  # fmt: skip

NEED = Kind(
    name="need",
    label=Bilingual("Technology need", "技术需求"),
    plural=Bilingual("Technology needs", "技术需求"),
    help=Bilingual(
        "A problem that somebody wants solved, what a solution has to reach, and with whom.",
        "亟待解决的问题、解决方案须达到的要求以及期望的合作方。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Needed by", "需求单位")),
        Choice(
            name="sort_of", label=Bilingual("Sort of need", "需求类型"), options=NEED_SORTS, facet=True,
            help=Bilingual("A technology, where nothing is said.", "未填写时视为技术需求。"),
        ),
        summary(),
        paragraph(
            "description", "What is needed", "需求说明", required=True, lines=8,
            help=Bilingual(
                "The problem, what was tried already, where the solution has to work.",
                "存在的问题、已尝试的办法以及解决方案的使用环境。",
            ),
        ),
        paragraph(
            "requirements", "What a solution has to reach", "技术指标要求", required=True,
            help=Bilingual(
                "At least one figure by which you would accept it, with unit and how it is measured.",
                "至少给出一项验收指标，注明单位和测量方法。",
            ),
        ),
        keywords(),
        paragraph("expertise", "Expertise looked for", "所需专长"),
        maturity(help=Bilingual("The lowest level that helps.", "可接受的最低成熟度。")),
        Number(
            name="maturity_to", label=Bilingual("Highest readiness level", "最高成熟度"), low=1, high=9, whole=True,
            help=Bilingual("Above it the solution would come too late to shape.", "高于此级则不在征集范围。"),
        ),
        flags(
            Bilingual("Safety flags that are accepted", "可接受的安全标识"),
            Bilingual("An offer with another flag is not matched.", "带有其他标识的供给不参与匹配。"),
        ),
        Money(name="budget", label=Bilingual("Budget", "预算"), visibility="partner"),
        Day(
            name="deadline", label=Bilingual("Answers until", "应答截止日期"),
            help=Bilingual("Where a project or a call has a last day.", "项目或征集有截止日期时填写。"),
        ),
        *partner_fields(),
        *evidence(),
    ),
    checks=(publishable_need,),
    states=PROFILE_STATES,
    transitions=PROFILE_TRANSITIONS,
    clauses=("T5", "H5"),
    columns=("title", "organisation", "tracks", "cooperation", "valid_until"),
    side=Side(
        side="need", texts=("summary", "description", "requirements", "expertise"), states=("published",),
        maturity="maturity", maturity_to="maturity_to", cooperation="cooperation", partner_types="partner_types",
        partner_regions="partner_regions", languages="languages", until="valid_until", flags="flags",
        contacts=("contact", "email"),
    ),
)  # fmt: skip
