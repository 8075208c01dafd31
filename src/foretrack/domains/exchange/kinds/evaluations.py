"""Evaluations of achievements: what is claimed, what proves it item by item, what a panel found, how long it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from foretrack.domains.exchange.kinds.achievements import SORTS
from foretrack.domains.exchange.kinds.oversight import BODY_REPORT, COMPLAINT, HEARING
from foretrack.domains.exchange.kinds.parts import paragraph
from foretrack.domains.exchange.maturity.comparing import Compared, compare
from foretrack.domains.exchange.scales import items_of, known_scales, levels_in, scale_called, scale_of
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import (
    Choice,
    Day,
    Json,
    Link,
    Spoken,
    Term,
    Text,
    YesNo,
)
from foretrack.registry.declaring.kind import Follow, Kind, State, Transition
from foretrack.registry.declaring.rows import Rows
from foretrack.registry.declaring.terms import SCALE_CHECKS, SCALE_LEVELS
from foretrack.registry.declaring.workflows import (
    OWNERS,
    SELECTION_STATES,
    SELECTION_TRANSITIONS,
    evidence_fields,
    usual_fields,
)

PURPOSES = {
    "transfer": Bilingual("Transfer and conversion", "转移转化"),
    "finance": Bilingual("Finance or pricing", "融资或定价"),
    "acceptance": Bilingual("Acceptance of a project", "项目验收"),
    "award": Bilingual("Award", "奖励申报"),
    "promotion": Bilingual("Promotion and use", "推广应用"),
    "own": Bilingual("For the applicant itself", "自我评估"),
}
VERDICTS = {
    "confirmed": Bilingual("Claimed levels confirmed", "所申报等级得到确认"),
    "higher": Bilingual("Higher than claimed", "高于所申报等级"),
    "lower": Bilingual("Lower than claimed", "低于所申报等级"),
    "none": Bilingual("No level proved", "未证明达到任何等级"),
}
CURRENT = "recognised"
"""State in which the report is current."""
PAST = ("lapsed", "superseded")
"""States of a report that was current once and stays readable."""
PANEL_FIELDS = ("assessed", "reached", "verdict", "conclusion", "dissent", "valid_until", "by_packs")
"""What an applicant does not say."""


def _level() -> Term:
    return Term(name="level", label=Bilingual("Level", "等级"), part=SCALE_LEVELS, required=True)


def _item() -> Term:
    return Term(
        name="item", label=Bilingual("Item of the checklist", "清单项目"), part=SCALE_CHECKS, required=True,
        help=Bilingual("The number is that of its level.", "编号为所属等级。"),
    )  # fmt: skip


def _twice(values: Sequence[str], what: Bilingual) -> Sequence[InputError]:
    double = sorted({one for one in values if values.count(one) > 1})
    if not double:
        return ()
    return (
        InputError.of(
            "{what}: {one} is given twice", what=Spoken.of(what), one=double[0], expected="each once",
            do="delete one of the two lines",
        ),
    )  # fmt: skip


def _whole(body: Mapping[str, Json]) -> Sequence[InputError]:
    """One level of each scale, each item once, and evidence only on scales on which something is claimed."""
    found: list[InputError] = []
    for name, column in (
        ("claimed", "level"),
        ("reached", "level"),
        ("evidence", "item"),
        ("assessed", "item"),
    ):
        said = [str(row[column]) for row in body.get(name) or () if column in row]
        one = [scale_of(full) for full in said] if column == "level" else said
        found += _twice(one, EVALUATION.by_name[name].label)
    scales = set(levels_in(body.get("claimed")))
    for name in ("evidence", "assessed"):
        for row in body.get(name) or ():
            if scales and scale_of(str(row["item"])) not in scales:
                found.append(
                    InputError.of(
                        "{item} is of a scale on which no level is claimed", item=row["item"],
                        expected="items of {known}", known=", ".join(sorted(scales)),
                        do="claim a level on that scale, or delete the line",
                    )
                )  # fmt: skip
    return found


def compared(body: Mapping[str, Json]) -> dict[str, Compared]:
    """Scale to claim, evidence and decision. InputError for a scale whose pack is gone."""
    claimed, reached = levels_in(body.get("claimed")), levels_in(body.get("reached"))
    accepted = [row for row in body.get("assessed") or () if row.get("accepted")]
    decided = bool(body.get("assessed"))
    return {
        name: compare(
            scale_called(name).scheme, level, items_of(body.get("evidence"), name), items_of(accepted, name),
            reached.get(name), decided=decided,
        )
        for name, level in claimed.items()
    }  # fmt: skip


def _handed_in(body: Mapping[str, Json], today: date) -> Mapping[str, Json]:
    """An applicant does not say what the panel found."""
    return dict.fromkeys(PANEL_FIELDS)


def _found(body: Mapping[str, Json], today: date) -> Mapping[str, Json]:
    """The verdict that follows from what was claimed and reached, and the packs by which it was found."""
    known = known_scales()
    standings = [one.standing for one in compared(body).values()]
    if standings and set(standings) == {"none"}:
        verdict = "none"
    elif {"none", "lower"} & set(standings):
        verdict = "lower"
    else:
        verdict = "higher" if "higher" in standings else "confirmed"
    packs = sorted({known[name].version for name in levels_in(body.get("claimed")) if name in known})
    return {"verdict": verdict, "by_packs": packs}


def accepted_only_what_was_given(body: Mapping[str, Json]) -> Sequence[InputError]:
    """Nobody accepts evidence that was not given, and every line of evidence is judged."""
    given = {str(row["item"]) for row in body.get("evidence") or ()}
    judged = {str(row["item"]): bool(row.get("accepted")) for row in body.get("assessed") or ()}
    if strange := sorted(one for one in judged if one not in given):
        return (
            InputError.of(
                "{item} was judged, and there is no evidence of it", item=strange[0], expected="items of the evidence",
                do="delete the line, or return the application for the missing evidence",
            ),
        )  # fmt: skip
    if missed := sorted(given - set(judged)):
        return (
            InputError.of(
                "{item} was not judged", item=missed[0], expected="a judgement of every line of the evidence",
                do="say whether it is accepted",
            ),
        )  # fmt: skip
    return ()


def reached_only_what_is_proved(body: Mapping[str, Json]) -> Sequence[EvidenceError | InputError]:
    """No level above the highest one whose checklist, with all below, the panel accepts; the error names what is
    missing."""
    strange = sorted(set(levels_in(body.get("reached"))) - set(levels_in(body.get("claimed"))))
    if strange:
        return (
            InputError.of(
                "a level of {scale} was reached, and none is claimed there", scale=strange[0],
                expected="levels of the scales that are claimed", do="delete the line",
            ),
        )  # fmt: skip
    for name, one in compared(body).items():
        following = one.by_panel.following
        if one.too_high and following is not None:
            missing = ", ".join(f"{following.level}/{check.id}" for check in following.missing)
            return (
                EvidenceError.of(
                    "level {reached} of {scale}: the panel does not accept {missing}", reached=one.reached, scale=name,
                    missing=missing, expected="level {proved} at most", proved=one.by_panel.reached or "-",
                    do="give the level that is proved, or judge that evidence again",
                ),
            )  # fmt: skip
    return ()


def _steps() -> tuple[Transition, ...]:
    """Those of every selection; handing in takes out what only a panel says."""
    return tuple(
        replace(step, fills=_handed_in) if step.name == "submit" else step for step in SELECTION_TRANSITIONS
    )


_PANEL = {
    "before": ("submitted",), "after": "submitted", "needs": ("assessed", "conclusion", "valid_until"),
    "takes": ("reached", "dissent"), "by_another": True, "fills": _found,
}  # fmt: skip

EVALUATION = Kind(
    name="evaluation",
    label=Bilingual("Evaluation of an achievement", "成果评价"),
    plural=Bilingual("Evaluations of achievements", "成果评价"),
    help=Bilingual(
        "A recognised body and a panel look at an achievement: which level is proved, and what it is worth.",
        "由经认定的评价机构组织专家，依据证据评定成果达到的成熟度等级及其价值。",
    ),
    organisation="organisation",
    region="region",
    addressed=("evaluator",),
    follows=(Follow("evaluator", "evaluated_by", "organisation"),),
    fields=(
        *usual_fields(owner=Bilingual("Applicant", "申请单位")),
        Link(
            name="achievement", label=Bilingual("Achievement", "被评成果"), to=("achievement",), required=True,
        ),
        Choice(
            name="sort_of", label=Bilingual("Sort of result", "成果类型"), options=SORTS, facet=True, required=True,
            help=Bilingual(
                "That of the achievement; it decides how the five values weigh.", "须与成果一致，决定五元价值的权重。"
            ),
        ),
        Link(
            name="evaluated_by", label=Bilingual("Evaluated by", "评价机构"), to=("service-body",), required=True,
            help=Bilingual("A recognised body that offers evaluation.", "须为经认定、提供成果评价服务的机构。"),
        ),
        Link(name="evaluator", label=Bilingual("Organisation of that body", "评价机构所属单位"), to=("organisation",)),
        Choice(
            name="purpose", label=Bilingual("Purpose", "评价目的"), options=PURPOSES, facet=True, required=True
        ),
        Link(
            name="previous", label=Bilingual("Earlier evaluation", "前次评价"), to=("evaluation",),
            help=Bilingual("Which this one replaces when it is recognised.", "本次评价认定后取代前次评价。"),
        ),
        Rows(
            name="claimed", label=Bilingual("Levels claimed", "申报等级"), required=True, most=6, columns=(_level(),),
        ),
        Rows(
            name="evidence", label=Bilingual("Evidence", "证据清单"), required=True, most=120,
            columns=(
                _item(),
                Text(
                    name="proof", label=Bilingual("What proves it", "证明内容"), required=True, max_length=600,
                    sample="Test report 7 of the invented laboratory",
                ),
                Text(name="document", label=Bilingual("Document", "证明文件"), max_length=200, sample="Annex 3"),
            ),
            help=Bilingual(
                "One line for each item that can be shown. Lines are public; files belong to the documents of proof.",
                "每项证据一行，内容公开；文件请上传至“证明材料”。",
            ),
        ),
        YesNo(
            name="carry", label=Bilingual("Linked offers follow", "关联供给同步更新"),
            help=Bilingual(
                "The readiness level of the applicant's offers of this achievement follows the result.",
                "申请单位与本成果关联的技术供给随评价结果更新成熟度。",
            ),
        ),
        paragraph("confidential", "For the panel only", "仅供评价使用的内容", visibility="private", weight="none"),
        Text(
            name="contact", label=Bilingual("Contact person", "联系人"), visibility="private", personal=True,
            weight="none",
        ),
        *evidence_fields(),
        Rows(
            name="assessed", label=Bilingual("Evidence as the panel judged it", "证据评定"), most=120,
            columns=(
                _item(),
                YesNo(name="accepted", label=Bilingual("Accepted", "采信"), required=True),
                Text(name="why", label=Bilingual("Why", "理由"), max_length=600, sample="Measured by a third party"),
            ),
        ),
        Rows(
            name="reached", label=Bilingual("Levels reached", "评定等级"), most=6, columns=(_level(),),
            help=Bilingual("No line for a scale: not even its lowest level.", "某量表无记录表示未达到最低等级。"),
        ),
        Choice(
            name="verdict", label=Bilingual("Result", "评价结论"), options=VERDICTS, facet=True,
            help=Bilingual("It follows from what was claimed and reached.", "由申报等级与评定等级得出。"),
        ),
        paragraph("conclusion", "Conclusion of the panel", "评价意见"),
        paragraph(
            "dissent", "What some saw otherwise", "不同意见", lines=3,
            help=Bilingual("It is published with the result, without names.", "随评价结果公开，不署名。"),
        ),
        Day(
            name="valid_until", label=Bilingual("Valid until", "有效期至"),
            help=Bilingual("After this day the report is no longer current.", "此日之后评价报告不再现行有效。"),
        ),
        Text(
            name="by_packs", label=Bilingual("By the scales of", "所依据的量表版本"), many=True, max_length=80,
            weight="none",
        ),
    ),
    states=(
        *SELECTION_STATES,
        State(
            name="lapsed", label=Bilingual("No longer current", "已过有效期"), public=True, editable=False, closed=True
        ),
        State(
            name="superseded", label=Bilingual("Replaced by a later one", "已被后续评价取代"), public=True,
            editable=False, closed=True,
        ),
    ),
    transitions=(
        *_steps(),
        Transition(
            name="assess", label=Bilingual("Record what the panel found", "录入评价结果"), who=("officer",),
            **_PANEL,  # type: ignore[arg-type]
        ),
        Transition(
            name="report", label=Bilingual("Report what the panel found", "提交评价结果"), who=OWNERS, by_addressee=True,
            **_PANEL,  # type: ignore[arg-type]
        ),
        Transition(
            name="lapse", label=Bilingual("Lapse", "失效"), before=(CURRENT,), after="lapsed",
            who=("officer", "administrator"), reason=True,
        ),
        Transition(
            name="supersede", label=Bilingual("Replace", "取代"), before=(CURRENT, "lapsed"), after="superseded",
            who=("administrator",), reason=True,
        ),
    ),
    checks=(_whole,),
    clauses=("T8",),
    columns=("title", "organisation", "achievement", "sort_of", "verdict", "valid_until"),
)  # fmt: skip

EVALUATION_KINDS = (EVALUATION, BODY_REPORT, COMPLAINT, HEARING)
