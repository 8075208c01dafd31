"""Key standards."""

from __future__ import annotations

from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Choice, Day, ExternalId, Link, Text
from foretrack.registry.declaring.kind import Kind, State, Transition
from foretrack.registry.declaring.workflows import OWNERS, evidence_fields, usual_fields

KEY_STANDARD = Kind(
    name="key-standard",
    label=Bilingual("Key standard", "关键标准"),
    plural=Bilingual("Key standards", "关键标准"),
    help=Bilingual(
        "A standard that a future industry needs, followed through its stages until it is published.",
        "未来产业所需的标准，从立项到发布全程跟踪。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Leading drafter", "牵头起草单位")),
        ExternalId(name="reference", label=Bilingual("Reference", "标准编号"), scheme="standard"),
        Choice(
            name="level", label=Bilingual("Level", "标准层级"), facet=True, required=True,
            options={
                "international": Bilingual("International", "国际标准"),
                "regional": Bilingual("Regional", "区域标准"),
                "national": Bilingual("National", "国家标准"),
                "industry": Bilingual("Industry", "行业标准"),
                "group": Bilingual("Group", "团体标准"),
            },
        ),
        Text(name="committee", label=Bilingual("Committee", "标准化技术委员会")),
        BilingualText(name="scope", label=Bilingual("Scope", "范围"), max_length=4000, lines=5, required=True),
        Link(name="drafters", label=Bilingual("Drafters", "参与起草单位"), to=("organisation",), many=True),
        Day(name="published_on", label=Bilingual("Published on", "发布日期")),
        Day(name="in_force_on", label=Bilingual("In force on", "实施日期")),
        *evidence_fields(),
    ),
    # The stages of ISO's harmonised codes (00 to 95), as far as people decide here.
    states=(
        State(name="proposed", label=Bilingual("Proposed (10)", "立项（10）"), draft=True),
        State(name="drafting", label=Bilingual("Drafting (20)", "起草（20）"), public=True),
        State(name="enquiry", label=Bilingual("Enquiry (40)", "征求意见（40）"), public=True),
        State(name="approval", label=Bilingual("Approval (50)", "批准（50）"), public=True),
        State(
            name="published", label=Bilingual("Published (60.60)", "发布（60.60）"), public=True, listable=True,
            editable=False,
        ),
        State(name="dropped", label=Bilingual("Dropped", "终止"), closed=True, editable=False),
        State(
            name="withdrawn", label=Bilingual("Withdrawn (95)", "废止（95）"), public=True, closed=True,
            editable=False,
        ),
    ),
    transitions=(
        Transition(
            name="start", label=Bilingual("Start drafting", "开始起草"), before=("proposed",), after="drafting",
            who=("officer",), reason=True,
        ),
        Transition(
            name="ask", label=Bilingual("Ask for comments", "征求意见"), before=("drafting",), after="enquiry",
            who=(*OWNERS, "officer"),
        ),
        Transition(
            name="pass", label=Bilingual("Pass on for approval", "报批"), before=("enquiry",), after="approval",
            who=(*OWNERS, "officer"),
        ),
        Transition(
            name="redraft", label=Bilingual("Draft again", "重新起草"), before=("enquiry", "approval"),
            after="drafting", who=("officer",), reason=True,
        ),
        Transition(
            name="publish", label=Bilingual("Publish", "发布"), before=("approval",), after="published",
            who=("officer",), reason=True, needs=("reference", "published_on"),
        ),
        Transition(
            name="drop", label=Bilingual("Drop", "终止"), before=("proposed", "drafting", "enquiry", "approval"),
            after="dropped", who=("officer",), reason=True,
        ),
        Transition(
            name="withdraw", label=Bilingual("Withdraw", "废止"), before=("published",), after="withdrawn",
            who=("officer",), reason=True,
        ),
    ),
    clauses=("G5", "D2"),
    columns=("title", "reference", "level", "tracks", "published_on"),
)  # fmt: skip

KINDS = (KEY_STANDARD,)
