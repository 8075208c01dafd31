"""Incubators, and the firms that come, grow and leave: cohorts by the year in which they came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foretrack.domains.enterprises.kinds.figures import PERCENT
from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Choice, Day, Json, Link, Money, Number
from foretrack.registry.declaring.kind import Kind, State, Transition
from foretrack.registry.declaring.workflows import (
    OWNERS,
    SELECTION_STATES,
    SELECTION_TRANSITIONS,
    evidence_fields,
    usual_fields,
)

INCUBATOR = Kind(
    name="incubator",
    label=Bilingual("Incubator", "未来产业孵化器"),
    plural=Bilingual("Incubators", "未来产业孵化器"),
    help=Bilingual(
        "A place where young firms of future industries grow, with tenants, graduates and services.",
        "培育未来产业初创企业的场所，含在孵、毕业企业和服务情况。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Operator", "运营单位")),
        BilingualText(
            name="about", label=Bilingual("What it offers", "服务内容"), required=True, max_length=4000,
            lines=6,
        ),
        Day(name="opened_on", label=Bilingual("Opened on", "成立日期"), required=True),
        Number(name="area", label=Bilingual("Floor area", "场地面积"), low=0, unit=Bilingual("m²", "平方米")),
        Number(name="tenants", label=Bilingual("Firms in it", "在孵企业数"), low=0, whole=True, required=True),
        Number(name="graduates", label=Bilingual("Firms that have graduated", "毕业企业数"), low=0, whole=True),
        Number(
            name="graduation_rate", label=Bilingual("Graduates of all that have left", "毕业率"), low=0, high=100,
            unit=PERCENT,
            help=Bilingual("Of the firms that have left it, those that graduated.", "离园企业中毕业企业所占比例。"),
        ),
        Number(name="services", label=Bilingual("Services last year", "上年服务次数"), low=0, whole=True),
        Number(name="mentors", label=Bilingual("Mentors", "创业导师数"), low=0, whole=True),
        Number(
            name="patents_per_tenant", label=Bilingual("Patents per firm", "企均专利数"), low=0,
            help=Bilingual(
                "Valid intellectual property of its firms, divided by them.", "在孵企业有效知识产权数除以企业数。"
            ),
        ),
        Money(
            name="invested", label=Bilingual("Invested in its firms last year", "上年企业获投额"), visibility="partner"
        ),
        *evidence_fields(),
    ),
    states=SELECTION_STATES,
    transitions=SELECTION_TRANSITIONS,
    clauses=("G7", "E3"),
    columns=("title", "organisation", "tracks", "region", "tenants"),
)  # fmt: skip


def check_stay(body: Mapping[str, Json]) -> Sequence[InputError]:
    """A firm leaves after it came."""
    first, last = body.get("came_on"), body.get("left_on")
    if first and last and last < first:
        return [
            InputError.of(
                "the firm left on {last}, before it came", expected="{first} or later", do="swap the days", first=first,
                last=last,
            )
        ]  # fmt: skip
    return ()


TENANCY = Kind(
    name="tenancy",
    label=Bilingual("Tenancy in an incubator", "在孵记录"),
    plural=Bilingual("Tenancies in incubators", "在孵记录"),
    help=Bilingual(
        "One firm in one incubator: when it came, how it left, and what it has made since.",
        "企业在孵化器的入驻、离园及其后发展情况。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(
            owner=Bilingual("Operator", "运营单位"),
            owner_help=Bilingual("Whoever runs the incubator.", "孵化器的运营单位。"),
        ),
        Link(name="incubator", label=Bilingual("Incubator", "孵化器"), to=("incubator",), required=True),
        Link(name="tenant", label=Bilingual("Firm", "在孵企业"), to=("organisation",), required=True),
        Day(name="came_on", label=Bilingual("Came on", "入驻日期"), required=True, facet=True),
        Day(name="left_on", label=Bilingual("Left on", "离园日期")),
        Number(name="staff", label=Bilingual("Staff", "员工人数"), low=0, whole=True, visibility="partner"),
        Number(
            name="intellectual_property", label=Bilingual("Valid intellectual property", "有效知识产权数"), low=0,
            whole=True,
        ),
        Money(name="invested", label=Bilingual("Invested in it", "累计获投额"), visibility="partner"),
        Money(name="revenue", label=Bilingual("Revenue last year", "上年营业收入"), visibility="private"),
        Choice(
            name="after", label=Bilingual("What became of it", "离园去向"), facet=True,
            options={
                "independent": Bilingual("Works on its own", "独立运营"),
                "acquired": Bilingual("Taken over", "被并购"),
                "listed": Bilingual("Listed", "上市"),
                "moved": Bilingual("Moved elsewhere", "迁往外地"),
                "closed": Bilingual("Closed", "停业"),
            },
        ),
    ),
    checks=(check_stay,),
    states=(
        State(name="resident", label=Bilingual("In the incubator", "在孵"), public=True),
        State(name="graduated", label=Bilingual("Graduated", "已毕业"), public=True, listable=True),
        State(name="left", label=Bilingual("Left without graduating", "未毕业离园"), public=True, closed=True),
    ),
    transitions=(
        Transition(
            name="graduate", label=Bilingual("Graduate", "毕业"), before=("resident",), after="graduated",
            who=(*OWNERS, "officer"), needs=("left_on",),
        ),
        Transition(
            name="leave", label=Bilingual("Leave without graduating", "未毕业离园"), before=("resident",), after="left",
            who=(*OWNERS, "officer"), needs=("left_on",), reason=True,
        ),
    ),
    clauses=("E3",),
    columns=("title", "incubator", "tenant", "came_on", "region"),
)  # fmt: skip
