"""Professional service bodies."""

from __future__ import annotations

from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Choice, Day, Number
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.workflows import (
    SELECTION_STATES,
    SELECTION_TRANSITIONS,
    evidence_fields,
    usual_fields,
)

SERVICE_BODY = Kind(
    name="service-body",
    label=Bilingual("Service body", "专业服务机构"),
    plural=Bilingual("Service bodies", "专业服务机构"),
    help=Bilingual(
        "A body that evaluates, tests, transfers or finances achievements for others.",
        "为他人提供成果评价、检测、转移转化、融资等服务的机构。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Organisation", "所属机构")),
        Choice(
            name="services", label=Bilingual("Services", "服务类型"), many=True, facet=True, required=True,
            options={
                "evaluation": Bilingual("Evaluation of achievements", "成果评价"),
                "transfer": Bilingual("Transfer and conversion", "转移转化"),
                "testing": Bilingual("Testing and verification", "检验检测与验证"),
                "pilot-scale": Bilingual("Pilot-scale testing", "中试服务"),
                "patents": Bilingual("Patents and other rights", "知识产权"),
                "standards": Bilingual("Standards", "标准化"),
                "finance": Bilingual("Finance", "科技金融"),
                "incubation": Bilingual("Incubation", "创业孵化"),
                "training": Bilingual("Training", "人才培训"),
            },
        ),
        BilingualText(name="about", label=Bilingual("What it does", "服务内容"), max_length=4000, lines=6, required=True),
        Day(name="since", label=Bilingual("Offers services since", "开展服务日期")),
        Number(name="cases", label=Bilingual("Cases last year", "上年服务项目数"), low=0, whole=True, required=True),
        Number(name="staff", label=Bilingual("Professional staff", "专业人员数"), low=0, whole=True),
        *evidence_fields(),
    ),
    states=SELECTION_STATES,
    transitions=SELECTION_TRANSITIONS,
    clauses=("G6", "T7"),
    columns=("title", "organisation", "services", "tracks", "region"),
)  # fmt: skip
