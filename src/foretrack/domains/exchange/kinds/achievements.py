"""Achievements: what somebody has brought about and shows in the release hall."""

from __future__ import annotations

from foretrack.domains.exchange.kinds.parts import (
    COOPERATION,
    RIGHTS,
    STAGES,
    evidence,
    flags,
    maturity,
    paragraph,
    summary,
)
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Choice, Day, Link, Text
from foretrack.registry.declaring.kind import Kind, State, Transition
from foretrack.registry.declaring.rows import Rows
from foretrack.registry.declaring.sides import Side
from foretrack.registry.declaring.workflows import OWNERS, usual_fields

SORTS = {
    "basic": Bilingual("Basic research", "基础研究成果"),
    "applied": Bilingual("Applied research", "应用研究成果"),
    "product": Bilingual("Technology or product", "技术开发与产业化成果"),
}
"""By which sort an achievement is evaluated."""

ACHIEVEMENT = Kind(
    name="achievement",
    label=Bilingual("Achievement", "科技成果"),
    plural=Bilingual("Achievements", "科技成果"),
    help=Bilingual(
        "A result of research or development: what it is, who made it, what proves it.",
        "研究开发所取得的成果：是什么、谁完成、凭什么证明。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Achieved by", "完成单位")),
        Choice(name="sort_of", label=Bilingual("Sort of result", "成果类型"), options=SORTS, facet=True, required=True),
        summary(),
        paragraph(
            "plain", "In plain words", "通俗说明", max_length=1500,
            help=Bilingual(
                "What it does and for whom, so that somebody of another trade understands it.",
                "用非专业人员也能看懂的语言说明它能做什么、对谁有用。",
            ),
        ),
        paragraph("description", "Description", "详细说明", required=True),
        paragraph("advantages", "Advantages and what is new", "优势与创新点"),
        Choice(name="stage", label=Bilingual("Stage of development", "开发阶段"), options=STAGES, facet=True),
        maturity(),
        Choice(name="rights", label=Bilingual("Rights", "知识产权状况"), options=RIGHTS, many=True, facet=True),
        flags(
            Bilingual("Safety flags", "安全标识"),
            Bilingual("What whoever uses it has to accept.", "使用方须知悉并接受的事项。"),
        ),
        Choice(
            name="cooperation", label=Bilingual("Kinds of cooperation", "合作方式"), options=COOPERATION, many=True,
            facet=True,
        ),
        Day(name="finished_on", label=Bilingual("Finished on", "完成日期")),
        Link(
            name="session", label=Bilingual("Release session", "发布场次"), to=("release-session",),
            help=Bilingual(
                "Until the session's moment of release nobody outside sees anything of it.",
                "在该场次的发布时刻之前，对外不展示任何内容。",
            ),
        ),
        paragraph("details", "Details for partners", "面向合作方的详情", visibility="partner"),
        paragraph("confidential", "Confidential part", "保密内容", visibility="private", weight="none"),
        *evidence(),
        Rows(
            name="captions", label=Bilingual("Captions of the pictures", "图片说明"), most=12,
            help=Bilingual(
                "What a picture shows, told to those who cannot see it too.", "说明图片内容，供无法看图的读者阅读。"
            ),
            columns=(
                Text(
                    name="file", label=Bilingual("Name of the file", "文件名"), max_length=200, required=True,
                    weight="none", sample="picture.png",
                ),
                BilingualText(name="caption", label=Bilingual("Caption", "说明"), max_length=300, required=True),
            ),
        ),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="submitted", label=Bilingual("Handed in", "已提交"), editable=False),
        State(name="accepted", label=Bilingual("Accepted, under embargo", "已通过，待发布"), editable=False),
        State(name="released", label=Bilingual("Released", "已发布"), public=True, listable=True),
        State(name="held", label=Bilingual("Held by a moderator", "审核暂停")),
        State(name="appealed", label=Bilingual("Hold appealed", "暂停申诉中"), editable=False),
        State(name="withdrawn", label=Bilingual("Withdrawn", "已撤下"), editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="submit", label=Bilingual("Hand in", "提交"), before=("draft",), after="submitted", who=OWNERS,
            takes=("session",),
        ),
        Transition(
            name="return", label=Bilingual("Return for correction", "退回修改"), before=("submitted", "accepted"),
            after="draft", who=("officer",), reason=True,
        ),
        Transition(
            name="accept", label=Bilingual("Accept for the session", "通过，待场次发布"), before=("submitted",),
            after="accepted", who=("officer",), by_another=True, needs=("session",), takes=("session",),
        ),
        Transition(
            name="unschedule", label=Bilingual("Take out of the session", "移出场次"), before=("accepted",),
            after="submitted", who=("officer",), reason=True,
        ),
        Transition(
            name="release", label=Bilingual("Release", "发布"), before=("submitted", "accepted"), after="released",
            who=("officer",), by_another=True,
        ),
        Transition(
            name="hold", label=Bilingual("Hold", "暂停展示"), before=("released",), after="held", who=("officer",),
            reason=True,
        ),
        Transition(
            name="appeal", label=Bilingual("Appeal against the hold", "对暂停提出申诉"), before=("held",),
            after="appealed", who=OWNERS, reason=True,
        ),
        Transition(
            name="uphold", label=Bilingual("Uphold the hold", "维持暂停"), before=("appealed",), after="held",
            who=("officer",), reason=True,
        ),
        Transition(
            name="show-again", label=Bilingual("Show again", "恢复展示"), before=("held", "appealed"), after="released",
            who=("officer",), reason=True,
        ),
        Transition(
            name="withdraw", label=Bilingual("Withdraw", "撤下"),
            before=("draft", "submitted", "accepted", "released", "held", "appealed"), after="withdrawn",
            who=(*OWNERS, "officer"), reason=True,
        ),
    ),
    clauses=("T2",),
    columns=("title", "organisation", "sort_of", "tracks", "maturity"),
    side=Side(
        side="offer", texts=("summary", "plain", "description", "advantages"), states=("released",),
        maturity="maturity", cooperation="cooperation", flags="flags",
    ),
)  # fmt: skip
