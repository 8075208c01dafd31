"""New institutions of research and development: who carries them, and what their yearly review looks at."""

from __future__ import annotations

from foretrack.domains.enterprises.kinds.figures import PERCENT
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Choice, Day, Money, Number
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.workflows import (
    SELECTION_STATES,
    SELECTION_TRANSITIONS,
    evidence_fields,
    usual_fields,
)

RESEARCH_INSTITUTION = Kind(
    name="research-institution",
    label=Bilingual("New research institution", "新型研发机构"),
    plural=Bilingual("New research institutions", "新型研发机构"),
    help=Bilingual(
        "An institution of research and development outside the old forms, with the figures of its yearly review.",
        "体制机制新型的研发机构，附年度评价指标。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Institution", "机构")),
        BilingualText(name="about", label=Bilingual("What it does", "主要业务"), required=True, max_length=4000, lines=6),
        Choice(
            name="legal_form", label=Bilingual("Legal form", "法人类型"), facet=True, required=True,
            options={
                "company": Bilingual("Company", "企业"),
                "public institution": Bilingual("Public institution", "事业单位"),
                "non-profit": Bilingual("Private non-profit body", "科技类民办非企业单位"),
            },
        ),
        Day(name="opened_on", label=Bilingual("Opened on", "成立日期"), required=True),
        Number(name="review_year", label=Bilingual("Year of the review", "评价年度"), low=1900, high=2200, whole=True),
        Number(name="staff", label=Bilingual("Staff", "职工总数"), low=0, whole=True),
        Number(name="researchers", label=Bilingual("Researchers", "研发人员数"), low=0, whole=True),
        Number(
            name="rd_share", label=Bilingual("R&D expense of its income", "研发经费支出占收入比重"), low=0, unit=PERCENT,
            visibility="partner",
        ),
        Number(
            name="market_share", label=Bilingual("Income from services of all income", "技术性收入占总收入比重"), low=0,
            high=100, unit=PERCENT, visibility="partner",
        ),
        Money(name="income", label=Bilingual("Income last year", "上年总收入"), visibility="private"),
        Number(name="patents", label=Bilingual("Patents granted last year", "上年授权专利数"), low=0, whole=True),
        Number(
            name="contracts", label=Bilingual("Contracts of transfer last year", "上年成果转化合同数"), low=0, whole=True
        ),
        Number(name="hatched", label=Bilingual("Enterprises hatched", "累计孵化企业数"), low=0, whole=True),
        *evidence_fields(),
    ),
    states=SELECTION_STATES,
    transitions=SELECTION_TRANSITIONS,
    clauses=("E4",),
    columns=("title", "organisation", "legal_form", "tracks", "region"),
)  # fmt: skip
