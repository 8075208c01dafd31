"""Figures of an enterprise for one year: what ladders ask for, kept once, private, and declared to be true.

A field bears the name of the indicator that it feeds, with underscores for hyphens; what has no field of its own stands
among the other figures as `indicator=value`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import (
    BilingualText,
    Choice,
    Field,
    File,
    Json,
    Link,
    Number,
    Text,
)
from foretrack.registry.declaring.kind import Kind, State, Transition
from foretrack.registry.declaring.workflows import OWNERS

PERCENT = Bilingual("%", "%")
YUAN = Bilingual("CNY", "元")
PEOPLE = Bilingual("people", "人")
PIECES = Bilingual("items", "件")
YEARS = Bilingual("years", "年")


def _number(
    name: str, en: str, zh: str, unit: Bilingual, *, low: float | None = 0, high: float | None = None,
    whole: bool = False,
) -> Number:  # fmt: skip
    return Number(
        name=name, label=Bilingual(en, zh), unit=unit, low=low, high=high, whole=whole, visibility="private"
    )


MEASURED: tuple[Number, ...] = (
    _number("revenue", "Revenue", "营业收入", YUAN),
    _number("revenue_growth", "Growth of main-business revenue", "主营业务收入增长率", PERCENT, low=-100),
    _number(
        "revenue_growth_2y", "Growth of main-business revenue, mean of two years", "近两年主营业务收入平均增长率",
        PERCENT, low=-100,
    ),
    _number("main_share", "Main-business share of revenue", "主营业务收入占比", PERCENT, high=100),
    _number("net_margin", "Net margin", "净利润率", PERCENT, low=None),
    _number("assets", "Total assets", "资产总额", YUAN),
    _number("debt_ratio", "Debt-asset ratio", "资产负债率", PERCENT),
    _number("rd_expense", "R&D expense", "研发费用总额", YUAN),
    _number("rd_expense_mean_2y", "R&D expense, mean of two years", "近两年研发费用均值", YUAN),
    _number("rd_ratio", "R&D expense to revenue", "研发费用占营业收入比重", PERCENT),
    _number("rd_ratio_prior", "R&D expense to revenue, the year before", "前年度研发费用占营业收入比重", PERCENT),
    _number("staff", "Staff", "从业人员", PEOPLE, whole=True),
    _number("rd_staff", "R&D staff", "研发人员", PEOPLE, whole=True),
    _number("rd_staff_share", "R&D staff share", "研发人员占比", PERCENT, high=100),
    _number("class_1_count", "Class-I intellectual property in use", "实际应用的Ⅰ类知识产权数量", PIECES, whole=True),
    _number("class_2_count", "Class-II intellectual property", "Ⅱ类知识产权数量", PIECES, whole=True),
    _number("niche_years", "Years in the niche market", "从事特定细分市场年限", YEARS),
    _number("niche_share", "National market share in the niche", "全国细分市场占有率", PERCENT, high=100),
    _number("new_equity", "New equity in the last three years", "近三年新增股权融资", YUAN),
    _number("new_equity_2y", "New equity in the last two years", "近两年新增股权融资", YUAN),
)  # fmt: skip
OTHER = "other_figures"
_FIELDS = {f.name.replace("_", "-"): f.name for f in MEASURED}


def check_figures(body: Mapping[str, Json]) -> Sequence[InputError]:
    """What is wrong with a year's figures taken together: lines that cannot be read, a figure that stands twice, a part
    that is larger than its whole.

    >>> [str(e)[:35] for e in check_figures({"staff": 10, "rd_staff": 12, "other_figures": ["ip-class"]})]
    ["'ip-class' is no other figure. Expe", '12 R&D staff of 10 staff. Expected:']
    """
    found = []
    names = set()
    for line in body.get(OTHER) or ():
        name, sign, value = (part.strip() for part in line.partition("="))
        if not (name and sign and value):
            found.append(
                InputError.of(
                    "{line!r} is no other figure", expected="indicator=value", do="write it like ip-class=class-1",
                    line=line[:60],
                )
            )  # fmt: skip
        elif name in names or name in _FIELDS:
            found.append(
                InputError.of(
                    "{name} is given twice", expected="each figure once", do="delete one of the two",
                    name=name[:60],
                )
            )  # fmt: skip
        names.add(name)
    staff, researchers = body.get("staff"), body.get("rd_staff")
    if staff is not None and researchers is not None and researchers > staff:
        found.append(
            InputError.of(
                "{part} R&D staff of {whole} staff", expected="a part no larger than the whole",
                do="correct one of the two", part=researchers, whole=staff,
            )
        )  # fmt: skip
    return found


def _fields() -> tuple[Field, ...]:
    return (
        BilingualText(name="title", label=Bilingual("Title", "名称"), required=True, weight="title"),
        Link(
            name="organisation", label=Bilingual("Enterprise", "企业"), to=("organisation",), required=True
        ),
        Text(
            name="region", label=Bilingual("Region", "地区"), max_length=20, sample="CN-33", facet=True,
            help=Bilingual("Code such as CN-33 or DE-BY.", "地区代码，例如 CN-33、DE-BY。"),
        ),
        Number(
            name="year", label=Bilingual("Year", "年度"), low=1900, high=2200, whole=True, required=True,
            help=Bilingual("The business year that the figures are of.", "数据所属会计年度。"),
        ),
        Choice(
            name="basis", label=Bilingual("Basis", "数据依据"), facet=True, visibility="private",
            options={
                "self-declared": Bilingual("Self-declared", "自行申报"),
                "audited": Bilingual("Audited", "经审计"),
                "tax return": Bilingual("Tax return", "纳税申报"),
            },
        ),
        *MEASURED,
        Text(
            name=OTHER, label=Bilingual("Other figures", "其他指标"), many=True, most=200, visibility="private",
            weight="none", sample="ip-class=class-1",
            help=Bilingual(
                "What a ladder asks beside these: indicator=value, one each.",
                "梯度另需的指标，写成“指标=数值”，每项一条。"
            ),
        ),
        File(
            name="proofs", label=Bilingual("Documents of proof", "证明材料"), many=True, most=10, visibility="private"
        ),
    )  # fmt: skip


ENTERPRISE_FIGURES = Kind(
    name="enterprise-figures",
    label=Bilingual("Figures of an enterprise", "企业指标数据"),
    plural=Bilingual("Figures of enterprises", "企业指标数据"),
    help=Bilingual(
        "What an enterprise says of one year: revenue, research, staff, intellectual property. Only itself and those in"
        " charge see it.",
        "企业一个年度的营收、研发、人员、知识产权等数据，仅本企业和主管部门可见。",
    ),
    organisation="organisation",
    region="region",
    fields=_fields(),
    checks=(check_figures,),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="declared", label=Bilingual("Declared true", "已声明属实"), editable=False),
        State(name="checked", label=Bilingual("Checked", "已核查"), editable=False),
        State(name="withdrawn", label=Bilingual("Withdrawn", "已撤回"), editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="declare", label=Bilingual("Declare true", "声明属实"), before=("draft",), after="declared", who=OWNERS,
        ),
        Transition(
            name="check", label=Bilingual("Confirm after a check", "核查确认"), before=("declared",), after="checked",
            who=("officer",), reason=True, by_another=True,
        ),
        Transition(
            name="return", label=Bilingual("Return for correction", "退回修改"), before=("declared",), after="draft",
            who=("officer",), reason=True,
        ),
        Transition(
            name="withdraw", label=Bilingual("Withdraw", "撤回"), before=("draft", "declared"), after="withdrawn",
            who=OWNERS,
        ),
    ),
    clauses=("E1",),
    columns=("title", "organisation", "year", "region"),
)  # fmt: skip
