"""Fields that profiles of the exchange share: stage, rights, cooperation, partners, safety flags, validity.

They follow the profile that partner networks use (systems.md, annex A12), so that a profile can go there and come back.
"""

from __future__ import annotations

from typing import Any

from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import (
    BilingualText,
    Choice,
    Day,
    Email,
    Field,
    File,
    Link,
    Number,
    Text,
    Web,
)
from foretrack.registry.declaring.rows import Rows
from foretrack.registry.declaring.workflows import evidence_fields

STAGES = {
    "concept": Bilingual("Concept", "概念阶段"),
    "development": Bilingual("Under development", "研发中"),
    "lab-tested": Bilingual("Tested in the laboratory", "实验室验证"),
    "prototype": Bilingual("Prototype shown", "样机演示"),
    "field-tested": Bilingual("Tested in the field", "现场验证"),
    "on-market": Bilingual("On the market", "已上市"),
}
COOPERATION = {
    "licence": Bilingual("Licence", "技术许可"),
    "transfer": Bilingual("Transfer of rights", "权利转让"),
    "technical": Bilingual("Technical cooperation", "技术合作"),
    "research": Bilingual("Joint research", "联合研发"),
    "commissioned": Bilingual("Commissioned development", "委托开发"),
    "manufacturing": Bilingual("Manufacturing", "生产合作"),
    "subcontract": Bilingual("Subcontract", "分包配套"),
    "agency": Bilingual("Commercial agency", "商业代理"),
    "distribution": Bilingual("Distribution", "经销"),
    "joint-venture": Bilingual("Joint venture", "合资"),
    "acquisition": Bilingual("Acquisition", "并购"),
    "investment": Bilingual("Investment", "投融资"),
    "service": Bilingual("Service", "技术服务"),
    "trial": Bilingual("Trial in use", "应用试点"),
}
RIGHTS = {
    "patent-granted": Bilingual("Patent granted", "专利已授权"),
    "patent-applied": Bilingual("Patent applied for", "专利申请中"),
    "copyright": Bilingual("Copyright or software", "著作权或软件"),
    "design": Bilingual("Design right", "外观设计"),
    "know-how": Bilingual("Secret know-how", "技术秘密"),
    "exclusive": Bilingual("Exclusive licence held", "独占许可"),
    "other": Bilingual("Other right", "其他权利"),
    "none": Bilingual("No protection", "无"),
}
PARTNERS = {
    "small-company": Bilingual("Small or medium company", "中小企业"),
    "large-company": Bilingual("Large company", "大型企业"),
    "university": Bilingual("University", "高校"),
    "institute": Bilingual("Research institute", "科研院所"),
    "hospital": Bilingual("Hospital", "医院"),
    "agency": Bilingual("Public agency", "政府机构"),
    "investor": Bilingual("Investor", "投资机构"),
    "service-body": Bilingual("Service body", "服务机构"),
}
FLAGS = {
    "export-control": Bilingual("Under export control", "受出口管制"),
    "dual-use": Bilingual("Civil and military use", "军民两用"),
    "personal-data": Bilingual("Needs personal data", "涉及个人信息"),
    "human-subjects": Bilingual("Tested on people", "涉及人体试验"),
    "biosafety": Bilingual("Biological risk", "生物安全风险"),
    "hazardous": Bilingual("Hazardous substance or process", "危险物质或工艺"),
}


def paragraph(name: str, en: str, zh: str, **more: Any) -> BilingualText:
    """A text of several lines."""
    return BilingualText(name=name, **{"label": Bilingual(en, zh), "max_length": 4000, "lines": 5, **more})


def summary() -> BilingualText:
    """What a reader sees first."""
    return paragraph(
        "summary", "Summary", "摘要", max_length=600, lines=3, required=True,
        help=Bilingual(
            "Two or three sentences for somebody outside the field: what it does, for whom, what is looked for.",
            "用两三句话向非本领域读者说明：做什么、为谁用、寻求何种合作。",
        ),
    )  # fmt: skip


def keywords() -> Text:
    """Words beside the tracks, as trees of keywords of other networks have them."""
    return Text(
        name="keywords",
        label=Bilingual("Keywords", "关键词"),
        max_length=60,
        many=True,
        most=15,
        sample="hydrogen",
        help=Bilingual(
            "Technologies and markets, in either language; the tracks above are the taxonomy.",
            "技术与市场关键词，中英文均可；上方“赛道”为分类体系。",
        ),
    )


ABOUT = {
    "scenario": Bilingual("Where it is used", "应用场景"),
    "customer": Bilingual("Who pays", "付费客户"),
    "value": Bilingual("What it is worth to them", "客户价值"),
    "price": Bilingual("How it is paid for", "收费方式"),
    "channel": Bilingual("How it reaches them", "渠道"),
    "cost": Bilingual("What it costs to provide", "成本结构"),
    "scaling": Bilingual("How it grows", "规模化路径"),
}
STANDINGS = {
    "open": Bilingual("Not tried yet", "尚未验证"),
    "supported": Bilingual("Supported", "已有证据支持"),
    "refuted": Bilingual("Refuted", "已被推翻"),
    "changed": Bilingual("Changed after a trial", "试后已调整"),
}


def hypotheses() -> Rows:
    """What is believed about scenario and business model, and what trials have said of it: a log, the oldest first."""
    return Rows(
        name="hypotheses",
        label=Bilingual("Hypotheses of scenario and business model", "应用场景与商业模式假设"),
        help=Bilingual(
            "One line each: what you believe, how it was tried, what came of it. Lines that were refuted stay.",
            "逐条填写：假设内容、验证方式、验证结果；被推翻的假设也予保留。",
        ),
        most=30,
        columns=(
            Choice(name="about", label=Bilingual("About", "类别"), options=ABOUT, required=True),
            BilingualText(name="hypothesis", label=Bilingual("Hypothesis", "假设"), max_length=600, required=True),
            BilingualText(name="trial", label=Bilingual("How it was tried", "验证方式"), max_length=600),
            BilingualText(name="evidence", label=Bilingual("What came of it", "验证结果与证据"), max_length=1000),
            Choice(name="standing", label=Bilingual("Standing", "结论"), options=STANDINGS, required=True),
            Day(name="tried_on", label=Bilingual("Tried on", "验证日期")),
            Web(name="page", label=Bilingual("Where to read it", "佐证链接")),
        ),
    )  # fmt: skip


def maturity(**more: Any) -> Number:
    """The readiness level."""
    return Number(
        name="maturity",
        label=Bilingual("Readiness level", "技术成熟度"),
        low=1,
        high=9,
        whole=True,
        facet=True,
        **more,
    )


def flags(label: Bilingual, help: Bilingual) -> Choice:
    """Safety flags."""
    return Choice(name="flags", label=label, help=help, options=FLAGS, many=True, facet=True)


def partner_fields() -> tuple[Field, ...]:
    """Who is looked for, how one would work together, and until when the profile holds."""
    return (
        Choice(
            name="cooperation",
            label=Bilingual("Kinds of cooperation", "合作方式"),
            options=COOPERATION,
            many=True,
            facet=True,
            required=True,
        ),
        Choice(
            name="partner_types",
            label=Bilingual("Partner looked for", "期望合作方类型"),
            options=PARTNERS,
            many=True,
            facet=True,
        ),
        paragraph(
            "partner_role",
            "What the partner would do",
            "合作方承担的工作",
            lines=3,
            help=Bilingual("What the partner brings, does and gets.", "合作方投入什么、承担什么、获得什么。"),
        ),
        Text(
            name="partner_regions",
            label=Bilingual("Regions of the partner", "合作方所在地区"),
            max_length=20,
            many=True,
            weight="none",
            sample="CN-33",
            help=Bilingual(
                "Codes such as CN-33 or DE; empty means anywhere.", "地区代码，例如 CN-33、DE；留空表示不限。"
            ),
        ),
        Text(
            name="languages",
            label=Bilingual("Languages", "沟通语言"),
            max_length=3,
            many=True,
            weight="none",
            sample="en",
            help=Bilingual(
                "Codes such as en or zh; empty means any.", "语言代码，例如 en、zh；留空表示不限。"
            ),
        ),
        Day(
            name="valid_until",
            label=Bilingual("Valid until", "有效期至"),
            required=True,
            help=Bilingual("After this day nobody is matched with it.", "此日之后不再参与匹配。"),
        ),
        paragraph(
            "details",
            "Details for partners",
            "面向合作方的详情",
            visibility="partner",
            help=Bilingual(
                "Whoever has logged in and holds a role reads this; it is never matched or compared.",
                "登录且具有角色的用户可见；不参与匹配与比对。",
            ),
        ),
        paragraph(
            "confidential",
            "Confidential part",
            "保密内容",
            visibility="private",
            weight="none",
            help=Bilingual(
                "Only your organisation and the officers in charge read this.", "仅本单位和主管人员可见。"
            ),
        ),
        Text(
            name="contact",
            label=Bilingual("Contact person", "联系人"),
            visibility="private",
            personal=True,
            weight="none",
        ),
        Email(name="email", label=Bilingual("Contact e-mail", "联系邮箱"), visibility="private"),
    )


def evidence() -> tuple[Field, ...]:
    """What a reader can look at to believe it: patents, standards, people, pictures, and what all kinds have."""
    return (
        Text(
            name="patents",
            label=Bilingual("Patents", "专利号"),
            max_length=40,
            many=True,
            weight="none",
            sample="CN112345678B",
        ),
        Text(
            name="standards",
            label=Bilingual("Standards", "标准号"),
            max_length=60,
            many=True,
            weight="none",
            sample="GB/T 38031-2020",
        ),
        Link(name="experts", label=Bilingual("Experts", "专家"), to=("person",), many=True),
        File(
            name="pictures",
            label=Bilingual("Pictures and papers to show", "展示图片与材料"),
            many=True,
            most=12,
            media_types=("image/png", "image/jpeg", "application/pdf"),
        ),
        *evidence_fields(),
    )
