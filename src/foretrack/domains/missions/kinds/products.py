"""Iconic products."""

from __future__ import annotations

from foretrack.domains.missions.kinds.parts import readiness
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Choice, Day, Money, Number, Term
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.workflows import (
    SELECTION_STATES,
    SELECTION_TRANSITIONS,
    evidence_fields,
    usual_fields,
)

ICONIC_PRODUCT = Kind(
    name="iconic-product",
    label=Bilingual("Iconic product", "标志性产品"),
    plural=Bilingual("Iconic products", "标志性产品"),
    help=Bilingual(
        "A product that shows what a future industry can do, put forward by its maker.",
        "由研制单位申报、能够代表未来产业水平的产品。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Maker", "研制单位")),
        Term(name="family", label=Bilingual("Product family", "产品类别"), part="products", facet=True, required=True),
        BilingualText(
            name="about", label=Bilingual("What it is and does", "产品介绍"), max_length=4000, lines=6, required=True
        ),
        BilingualText(
            name="novelty", label=Bilingual("What is new about it", "创新点"), max_length=2000, lines=4, required=True
        ),
        BilingualText(name="performance", label=Bilingual("Key figures", "主要性能指标"), max_length=2000, lines=4),
        BilingualText(name="uses", label=Bilingual("Where it is used", "应用领域"), max_length=1000, lines=3),
        Choice(
            name="novelty_type", label=Bilingual("Sort of novelty", "创新类型"), facet=True,
            options={
                "first of its kind": Bilingual("First of its kind", "首创"),
                "key upgrade": Bilingual("Key upgrade", "重大升级"),
                "substitution at scale": Bilingual("Substitution at scale", "规模替代"),
            },
        ),
        readiness("maturity", "Readiness level", "技术成熟度", facet=True),
        Day(name="on_market_since", label=Bilingual("On the market since", "上市日期")),
        Number(
            name="units_sold", label=Bilingual("Units sold last year", "上年销量"), low=0, whole=True,
            visibility="partner",
        ),
        Money(name="revenue", label=Bilingual("Revenue last year", "上年销售收入"), visibility="private"),
        *evidence_fields(),
    ),
    states=SELECTION_STATES,
    transitions=SELECTION_TRANSITIONS,
    clauses=("G2", "P1", "P2"),
    columns=("title", "organisation", "family", "tracks", "region"),
)  # fmt: skip
