"""Leading enterprises."""

from __future__ import annotations

from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Choice, Money, Number
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.workflows import (
    SELECTION_STATES,
    SELECTION_TRANSITIONS,
    evidence_fields,
    usual_fields,
)

PERCENT = Bilingual("%", "%")

LEADING_ENTERPRISE = Kind(
    name="leading-enterprise",
    label=Bilingual("Leading enterprise", "领军企业"),
    plural=Bilingual("Leading enterprises", "领军企业"),
    help=Bilingual(
        "An enterprise that leads its track, with the figures that show it.", "在所处赛道领先的企业，并附佐证数据。"
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Enterprise", "企业")),
        Choice(
            name="leads_by", label=Bilingual("How it leads", "领军类型"), facet=True, required=True,
            options={
                "technology": Bilingual("By technology", "技术引领"),
                "market": Bilingual("By market share", "市场引领"),
                "ecosystem": Bilingual("By its ecosystem", "生态主导"),
            },
        ),
        BilingualText(name="main_product", label=Bilingual("Main product", "主导产品"), required=True),
        BilingualText(name="about", label=Bilingual("Why it leads", "领军情况"), max_length=4000, lines=6, required=True),
        Number(
            name="market_share", label=Bilingual("Market share of the main product", "主导产品市场占有率"),
            low=0, high=100, unit=PERCENT,
        ),
        Number(name="market_rank", label=Bilingual("Rank in the market", "市场排名"), low=1, whole=True),
        Number(
            name="research_share", label=Bilingual("Research and development of revenue", "研发投入占比"),
            low=0, high=100, unit=PERCENT, visibility="partner",
        ),
        Number(name="staff", label=Bilingual("Staff", "员工人数"), low=0, whole=True, visibility="partner"),
        Money(name="revenue", label=Bilingual("Revenue last year", "上年营业收入"), visibility="private"),
        Number(
            name="dependants", label=Bilingual("Firms in its chain", "带动上下游企业数"), low=0, whole=True,
        ),
        *evidence_fields(),
    ),
    states=SELECTION_STATES,
    transitions=SELECTION_TRANSITIONS,
    clauses=("G3", "E6"),
    columns=("title", "organisation", "leads_by", "tracks", "region"),
)  # fmt: skip
