"""What large enterprises launch: the enterprises that are to open a future industry, and what was spun off from whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Choice, Day, Json, Link, Money, Number, Text
from foretrack.registry.declaring.kind import Kind, State, Transition
from foretrack.registry.declaring.workflows import (
    SELECTION_STATES,
    SELECTION_TRANSITIONS,
    evidence_fields,
    usual_fields,
)

LAUNCH_ENTERPRISE = Kind(
    name="launch-enterprise",
    label=Bilingual("Launch enterprise", "启航企业"),
    plural=Bilingual("Launch enterprises", "启航企业"),
    help=Bilingual(
        "An enterprise chosen to open a future industry: new in track, technology, platform and mechanism.",
        "遴选出的未来产业启航企业：新赛道、新技术、新平台、新机制。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Enterprise", "企业")),
        Link(name="parent", label=Bilingual("Parent enterprise", "所属集团"), to=("organisation",)),
        BilingualText(name="new_track", label=Bilingual("New track", "新赛道"), required=True, max_length=2000, lines=3),
        BilingualText(
            name="new_technology", label=Bilingual("New technology", "新技术"), required=True, max_length=2000, lines=3
        ),
        BilingualText(
            name="new_platform", label=Bilingual("New platform", "新平台"), required=True, max_length=2000, lines=3
        ),
        BilingualText(
            name="new_mechanism", label=Bilingual("New mechanism", "新机制"), required=True, max_length=2000, lines=3
        ),
        Number(name="review_year", label=Bilingual("Year of the figures", "指标年度"), low=1900, high=2200, whole=True),
        Money(name="research_expense", label=Bilingual("R&D expense", "研发投入"), visibility="partner"),
        Money(name="revenue", label=Bilingual("Revenue", "营业收入"), visibility="private"),
        Number(name="researchers", label=Bilingual("Researchers", "研发人员数"), low=0, whole=True, visibility="partner"),
        Number(name="patents", label=Bilingual("Invention patents", "发明专利数"), low=0, whole=True),
        *evidence_fields(),
    ),
    states=SELECTION_STATES,
    transitions=SELECTION_TRANSITIONS,
    clauses=("E2",),
    columns=("title", "organisation", "parent", "tracks", "region"),
)  # fmt: skip


def check_line(body: Mapping[str, Json]) -> Sequence[InputError]:
    """Nobody is spun off from itself.

    >>> len(check_line({"parent": "A", "venture": "A"}))
    1
    """
    if body.get("parent") is not None and body.get("parent") == body.get("venture"):
        return [
            InputError.of(
                "the venture is its own parent",
                expected="two organisations",
                do="choose another one of the two",
            )
        ]
    return ()


SPIN_OFF = Kind(
    name="spin-off",
    label=Bilingual("Spin-off", "衍生企业"),
    plural=Bilingual("Spin-offs", "衍生企业"),
    help=Bilingual(
        "Who came out of whom: parent, venture, how, and what became of it.",
        "企业衍生关系：母体、衍生企业、方式和现状。",
    ),
    organisation="parent",
    region="region",
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "名称"), required=True, weight="title"),
        Link(name="parent", label=Bilingual("Parent", "母体机构"), to=("organisation",), required=True),
        Link(name="venture", label=Bilingual("Venture", "衍生企业"), to=("organisation",), required=True),
        Text(
            name="region", label=Bilingual("Region", "地区"), max_length=20, sample="CN-33", facet=True,
            help=Bilingual("Code such as CN-33 or DE-BY.", "地区代码，例如 CN-33、DE-BY。"),
        ),
        Choice(
            name="way", label=Bilingual("How it came about", "衍生方式"), facet=True, required=True,
            options={
                "internal venture": Bilingual("Venture of employees", "内部创业"),
                "carve-out": Bilingual("Part of the enterprise made independent", "业务分拆"),
                "licence": Bilingual("On a licence or transferred technology", "技术许可或转让"),
                "investment": Bilingual("Hatched by an investment", "投资孵化"),
                "academic": Bilingual("From a university or institute", "高校院所衍生"),
            },
        ),
        Day(name="founded_on", label=Bilingual("Founded on", "成立日期"), required=True),
        Number(
            name="share_held", label=Bilingual("Share that the parent holds", "母体持股比例"), low=0, high=100,
            unit=Bilingual("%", "%"), visibility="partner",
        ),
        Money(name="raised", label=Bilingual("Raised so far", "累计融资额"), visibility="partner"),
        Link(name="technologies", label=Bilingual("Technologies", "相关技术"), to=("technology",), many=True),
    ),
    checks=(check_line,),
    states=(
        State(name="alive", label=Bilingual("Working", "存续"), public=True, listable=True),
        State(name="listed", label=Bilingual("Listed", "已上市"), public=True, listable=True),
        State(name="acquired", label=Bilingual("Taken over", "被并购"), public=True),
        State(name="taken-back", label=Bilingual("Taken back by the parent", "母体回购"), public=True, closed=True),
        State(name="closed", label=Bilingual("Closed", "已停业"), public=True, closed=True),
    ),
    transitions=(
        Transition(
            name="list", label=Bilingual("Goes public", "上市"), before=("alive",), after="listed",
            who=("member", "manager", "officer"),
        ),
        Transition(
            name="acquire", label=Bilingual("Is taken over", "被并购"), before=("alive", "listed"), after="acquired",
            who=("member", "manager", "officer"), reason=True,
        ),
        Transition(
            name="take-back", label=Bilingual("Is taken back", "母体回购"), before=("alive", "acquired"),
            after="taken-back", who=("member", "manager", "officer"), reason=True,
        ),
        Transition(
            name="close", label=Bilingual("Closes", "停业"), before=("alive", "listed", "acquired"), after="closed",
            who=("member", "manager", "officer"), reason=True,
        ),
    ),
    clauses=("E5",),
    columns=("title", "parent", "venture", "way", "founded_on"),
)  # fmt: skip
