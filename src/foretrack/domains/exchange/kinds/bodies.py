"""Professional service bodies: selected, listed, watched every year, suspended or removed with a reason, and heard."""

from __future__ import annotations

from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Choice, Day, Number
from foretrack.registry.declaring.kind import Kind, State, Transition
from foretrack.registry.declaring.workflows import (
    OWNERS,
    REVIEW,
    SELECTION_STATES,
    SELECTION_TRANSITIONS,
    evidence_fields,
    usual_fields,
)

ON_REGISTER = ("recognised", "rechecking", "suspended", "contested", "removed")
"""States of a body that was recognised once: the public register shows them all."""

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
        BilingualText(
            name="objection", label=Bilingual("Objection of the body", "机构异议"), max_length=4000, lines=6,
            visibility="private", help=Bilingual("Against a suspension or removal.", "对暂停或移除决定的异议。"),
        ),
        *evidence_fields(),
    ),
    states=(
        *SELECTION_STATES,
        State(
            name="rechecking", label=Bilingual("Being checked again", "复核中"), public=True, editable=False, due=REVIEW
        ),
        State(name="suspended", label=Bilingual("Suspended", "已暂停"), public=True, editable=False),
        State(
            name="contested", label=Bilingual("Objection being decided", "异议审查中"), public=True, editable=False,
            due=REVIEW,
        ),
    ),
    transitions=(
        *(step for step in SELECTION_TRANSITIONS if step.name != "remove"),
        Transition(
            name="recheck", label=Bilingual("Check again", "启动复核"), before=("recognised",), after="rechecking",
            who=("officer", "administrator"), reason=True,
        ),
        Transition(
            name="keep", label=Bilingual("Keep", "保留"), before=("rechecking",), after="recognised", who=("officer",),
            reason=True,
        ),
        Transition(
            name="suspend", label=Bilingual("Suspend", "暂停"), before=("recognised", "rechecking"), after="suspended",
            who=("officer",), reason=True,
        ),
        Transition(
            name="reinstate", label=Bilingual("Reinstate", "恢复"), before=("suspended", "contested"), after="recognised",
            who=("officer",), reason=True,
        ),
        Transition(
            name="remove", label=Bilingual("Remove", "移除"), before=("recognised", "rechecking", "suspended"),
            after="removed", who=("officer",), reason=True,
        ),
        Transition(
            name="object", label=Bilingual("Object", "提出异议"), before=("suspended", "removed"), after="contested",
            who=OWNERS, needs=("objection",),
        ),
        Transition(
            name="suspend-again", label=Bilingual("Reject the objection: suspended", "驳回异议，维持暂停"),
            before=("contested",), after="suspended", who=("officer",), reason=True,
        ),
        Transition(
            name="remove-again", label=Bilingual("Reject the objection: removed", "驳回异议，维持移除"),
            before=("contested",), after="removed", who=("officer",), reason=True,
        ),
    ),
    clauses=("G6", "T7"),
    columns=("title", "organisation", "services", "tracks", "region"),
)  # fmt: skip
