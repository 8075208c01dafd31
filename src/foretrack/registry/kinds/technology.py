"""A technology that people have agreed to call one: it may point at what the lookout found, and others point at it."""

from __future__ import annotations

from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Link, Number, Term
from foretrack.registry.declaring.kind import Kind, State, Transition

TECHNOLOGY = Kind(
    name="technology",
    label=Bilingual("Technology", "技术"),
    plural=Bilingual("Technologies", "技术"),
    help=Bilingual(
        "One technology with one identity, wherever it appears, linked to the lookout's concepts and technologies.",
        "一项技术一个身份，各处通用；可关联瞭望站发现的概念和技术。",
    ),
    identity=True,
    fields=(
        BilingualText(name="title", label=Bilingual("Name", "名称"), required=True, weight="title"),
        BilingualText(name="other_names", label=Bilingual("Other names", "别名"), many=True, weight="title"),
        BilingualText(name="about", label=Bilingual("What it is", "技术说明"), max_length=4000, lines=6),
        Term(name="tracks", label=Bilingual("Tracks", "赛道"), part="tracks", many=True, facet=True),
        Number(
            name="maturity", label=Bilingual("Technology readiness level", "技术成熟度等级"), low=1, high=9,
            whole=True, facet=True,
            help=Bilingual("1 to 9, as ISO 16290 describes them.", "按 ISO 16290，1 至 9 级。"),
        ),
        Link(
            name="signals", label=Bilingual("What the lookout found", "瞭望站线索"), many=True,
            to=("lookout:concept", "lookout:technology", "lookout:document"),
        ),
        Link(name="organisations", label=Bilingual("Organisations", "相关机构"), to=("organisation",), many=True),
        Link(name="part_of", label=Bilingual("Part of", "上位技术"), to=("technology",)),
    ),
    states=(
        State(name="proposed", label=Bilingual("Proposed", "待确认")),
        State(name="agreed", label=Bilingual("Agreed", "已确认"), public=True, listable=True),
        State(name="retired", label=Bilingual("Retired", "已停用"), public=True, closed=True),
    ),
    transitions=(
        Transition(
            name="agree", label=Bilingual("Agree", "确认"), before=("proposed", "retired"), after="agreed",
            who=("officer",), reason=True,
        ),
        Transition(
            name="retire", label=Bilingual("Retire", "停用"), before=("proposed", "agreed"), after="retired",
            who=("officer",), reason=True,
        ),
    ),
    creators=("officer",),
    columns=("title", "tracks", "maturity"),
)  # fmt: skip
