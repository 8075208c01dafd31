"""Cases from which others learn, failures included; what a case must be to enter the library is a rule of a pack."""

from __future__ import annotations

from dataclasses import replace

from foretrack.domains.scenarios.kinds.parts import measured, paragraph
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import Link, Money, Number, YesNo
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.workflows import (
    SELECTION_STATES,
    SELECTION_TRANSITIONS,
    evidence_fields,
    usual_fields,
)

ENTRY_RULE = "case-entry"
"""The series of the rule, in the packs, that a case must meet when it is handed in."""

CASE = Kind(
    name="case",
    label=Bilingual("Case", "案例"),
    plural=Bilingual("Cases", "案例"),
    help=Bilingual(
        "What was tried somewhere, what came of it and what others should know, failures included.",
        "某处的实践、结果以及可供他人借鉴的经验，包括失败。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Told by", "案例单位")),
        paragraph("problem", "Problem", "问题", required=True),
        paragraph("solution", "Solution", "方案", required=True),
        paragraph("technology", "Technology used", "所用技术"),
        Number(
            name="maturity", label=Bilingual("Readiness level", "技术成熟度"), low=1, high=9, whole=True, facet=True
        ),
        paragraph("users", "Who uses it and how many", "使用者及规模"),
        Link(name="used_by", label=Bilingual("Who used it", "应用单位"), to=("organisation",), many=True),
        measured("measures", "Measures before and after", "成效指标前后对比", required=True),
        Money(name="cost", label=Bilingual("Cost", "成本"), visibility="partner"),
        paragraph("conditions", "What others need to copy it", "推广条件", required=True),
        paragraph("lessons", "Lessons and failures", "经验与教训", required=True),
        YesNo(
            name="serves_public", label=Bilingual("It serves the public", "具有公共价值"), required=True,
            help=Bilingual(
                "Somebody beside the owner is better off, and it may be told in public.",
                "使案例单位以外的人受益，并可公开。",
            ),
        ),
        YesNo(
            name="novel", label=Bilingual("It is new where it is used", "在应用地具有新颖性"), required=True,
            help=Bilingual(
                "New to the place or the field, not necessarily to the world.",
                "对当地或行业而言是新的，不要求全球首创。",
            ),
        ),
        YesNo(name="implemented", label=Bilingual("In use", "是否已实施"), required=True, facet=True),
        YesNo(
            name="has_impact", label=Bilingual("Something has changed by it", "已产生成效"), required=True,
            help=Bilingual("Seen or measured, not hoped for.", "已观察到或测得，而非预期。"),
        ),
        YesNo(
            name="plain_language", label=Bilingual("An outsider understands it", "外行能够读懂"), required=True,
            help=Bilingual(
                "Told in plain words, without names of products as explanations.",
                "用通俗语言讲述，不以产品名代替说明。",
            ),
        ),
        Link(name="scenario", label=Bilingual("Scenario", "所属场景"), to=("scenario",)),
        Link(name="opportunity", label=Bilingual("Began as the opportunity", "来源场景机会"), to=("opportunity",)),
        *evidence_fields(),
    ),
    states=SELECTION_STATES,
    transitions=tuple(
        replace(move, rule=ENTRY_RULE) if move.name == "submit" else move for move in SELECTION_TRANSITIONS
    ),
    clauses=("S5", "V3"),
    columns=("title", "organisation", "tracks", "region", "maturity"),
)  # fmt: skip
