"""An organisation: one identity for a company, institute, university, agency or service body, wherever it appears."""

from __future__ import annotations

from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import (
    BilingualText,
    Choice,
    Day,
    Email,
    ExternalId,
    Link,
    Term,
    Text,
    Web,
)
from foretrack.registry.declaring.kind import Kind, State, Transition

ORGANISATION = Kind(
    name="organisation",
    label=Bilingual("Organisation", "组织机构"),
    plural=Bilingual("Organisations", "组织机构"),
    help=Bilingual(
        "A company, institute, university, agency or service body: one record each, used everywhere.",
        "企业、科研院所、高校、机关或服务机构；每家一条记录，各处通用。",
    ),
    identity=True,
    title="name",
    region="region",
    fields=(
        BilingualText(name="name", label=Bilingual("Name", "名称"), required=True, weight="title"),
        BilingualText(
            name="other_names", label=Bilingual("Other names", "别名"), many=True,
            help=Bilingual("Short names, former names, names in other spellings.", "简称、曾用名和其他写法。"),
        ),
        Choice(
            name="sort_of", label=Bilingual("Sort", "类型"), required=True, facet=True,
            options={
                "company": Bilingual("Company", "企业"),
                "university": Bilingual("University", "高校"),
                "institute": Bilingual("Research institute", "科研院所"),
                "hospital": Bilingual("Hospital", "医院"),
                "agency": Bilingual("Public agency", "政府机构"),
                "association": Bilingual("Association", "行业组织"),
                "service body": Bilingual("Service body", "服务机构"),
                "other": Bilingual("Other", "其他"),
            },
        ),
        ExternalId(name="uscc", label=Bilingual("Unified social credit code", "统一社会信用代码"), scheme="uscc"),
        ExternalId(name="lei", label=Bilingual("LEI", "全球法人识别编码"), scheme="lei"),
        ExternalId(name="ror", label=Bilingual("ROR", "ROR 标识"), scheme="ror"),
        Text(
            name="country", label=Bilingual("Country", "国家或地区"), max_length=2, sample="CN", facet=True,
            weight="none",
            help=Bilingual("Two letters of ISO 3166, such as CN or DE.", "ISO 3166 两位字母代码，例如 CN、DE。"),
        ),
        Text(
            name="region", label=Bilingual("Region", "所在地区"), max_length=20, sample="CN-33", facet=True,
            weight="none",
            help=Bilingual(
                "Code of the region whose officers are in charge, such as CN-33 or DE-BY.",
                "主管部门所在地区代码，例如 CN-33、DE-BY。",
            ),
        ),
        Term(name="tracks", label=Bilingual("Tracks", "赛道"), part="tracks", many=True, facet=True),
        BilingualText(
            name="about", label=Bilingual("About", "简介"), max_length=4000, lines=6,
            help=Bilingual("What it does, in plain words.", "用平实的语言说明做什么。"),
        ),
        Web(name="website", label=Bilingual("Website", "网站")),
        Day(name="founded_on", label=Bilingual("Founded on", "成立日期")),
        Text(
            name="contact", label=Bilingual("Contact person", "联系人"), visibility="private", personal=True,
            weight="none",
        ),
        Email(name="email", label=Bilingual("Contact e-mail", "联系邮箱"), visibility="private"),
        Link(name="parent", label=Bilingual("Parent organisation", "上级机构"), to=("organisation",)),
    ),
    states=(
        State(name="registered", label=Bilingual("Registered", "已登记"), public=True),
        State(name="verified", label=Bilingual("Verified", "已核实"), public=True, listable=True),
        State(name="closed", label=Bilingual("Closed", "已注销"), public=True, closed=True),
    ),
    transitions=(
        Transition(
            name="verify", label=Bilingual("Verify", "核实"), before=("registered",), after="verified",
            who=("officer",), reason=True, by_another=True,
        ),
        Transition(
            name="close", label=Bilingual("Close", "注销"), before=("registered", "verified"), after="closed",
            who=("officer",), reason=True,
        ),
        Transition(
            name="reopen", label=Bilingual("Reopen", "恢复"), before=("closed",), after="registered",
            who=("officer",), reason=True,
        ),
    ),
    columns=("name", "sort_of", "region", "tracks"),
)  # fmt: skip
