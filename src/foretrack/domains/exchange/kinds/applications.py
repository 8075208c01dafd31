"""The catalogue of frontier technologies to apply: promoted for use, chosen by a call, for as long as it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from foretrack.domains.exchange.kinds.boundaries import no_accounts
from foretrack.domains.exchange.kinds.parts import maturity, paragraph, summary
from foretrack.foundation.days import add_months
from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.packs.thresholds import load_thresholds
from foretrack.registry.declaring.fields import BilingualText, Choice, Day, Json, Link, Money, Number, Text
from foretrack.registry.declaring.kind import Kind, State, Transition
from foretrack.registry.declaring.rows import Rows
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.declaring.workflows import (
    OWNERS,
    SELECTION_STATES,
    SELECTION_TRANSITIONS,
    evidence_fields,
    usual_fields,
)

VALID_MONTHS = "application-months-valid"
"""Name of the threshold, in a pack, that says for how many months a technology stands in the catalogue."""


def threshold(name: str, day: date) -> float:
    """A number of the installed packs that holds on a day."""
    return load_thresholds(PACK_TERMS.paths).on(name, day.isoformat()).value


def _handed_in(body: Mapping[str, Json], today: date) -> Mapping[str, Json]:
    """Nobody says of its own technology how long it shall be promoted."""
    return {"valid_from": None, "valid_until": None}


def _recognised(body: Mapping[str, Json], today: date) -> Mapping[str, Json]:
    """From when to when it stands in the catalogue."""
    ends = add_months(today, int(threshold(VALID_MONTHS, today))) - timedelta(days=1)
    return {"valid_from": today.isoformat(), "valid_until": ends.isoformat()}


def _measured_both_ways(body: Mapping[str, Json]) -> Sequence[InputError]:
    """A benefit without a unit, or a measure that stands there twice."""
    rows = body.get("benefits") or ()
    names = [str(sorted(row["measure"].items())).casefold() for row in rows]
    if len(set(names)) == len(names):
        return ()
    return (
        InputError.of("a measure is given twice", expected="each measure once", do="delete one of the two"),
    )


PROMOTED_APPLICATION = Kind(
    name="promoted-application",
    label=Bilingual("Technology to apply", "推广应用技术"),
    plural=Bilingual("Technologies to apply", "推广应用技术"),
    help=Bilingual(
        "A frontier technology that is ready to be used by others: for what, at which cost, with which benefit, who has "
        "done it, and whom to ask.",
        "可供他人采用的前沿技术：用于何处、成本与效益如何、谁已应用、向谁咨询。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Unit", "申报单位")),
        summary(),
        paragraph("technology", "Technology", "技术内容", required=True),
        maturity(required=True),
        BilingualText(
            name="uses", label=Bilingual("Fields of application", "应用领域"), many=True, most=10, max_length=120,
            required=True,
        ),
        Choice(
            name="effect", label=Bilingual("What it brings", "主要成效"), many=True, facet=True,
            options={
                "high-end": Bilingual("Better products", "高端化"),
                "intelligent": Bilingual("Intelligent work", "智能化"),
                "green": Bilingual("Less energy and waste", "绿色化"), "safe": Bilingual("Safety", "安全化"),
            },
        ),
        Rows(
            name="benefits", label=Bilingual("Benefits", "应用效益"), required=True, most=12,
            columns=(
                BilingualText(name="measure", label=Bilingual("Measure", "指标"), required=True, max_length=200),
                Text(
                    name="unit", label=Bilingual("Unit", "单位"), required=True, max_length=40, weight="none",
                    sample="kWh/t",
                ),
                Number(name="before", label=Bilingual("Before", "应用前")),
                Number(name="after", label=Bilingual("After", "应用后"), required=True),
                BilingualText(name="how", label=Bilingual("How measured", "测量方法"), max_length=300),
            ),
        ),
        Money(name="investment", label=Bilingual("Usual investment", "典型投资额"), required=True),
        Money(name="yearly_cost", label=Bilingual("Cost a year", "年运行成本")),
        Number(
            name="payback", label=Bilingual("Payback", "投资回收期"), low=0, high=100, unit=Bilingual("years", "年"),
        ),
        Rows(
            name="references", label=Bilingual("Used by", "应用案例"), required=True, most=15,
            columns=(
                BilingualText(name="where", label=Bilingual("Where", "应用单位或地点"), required=True, max_length=200),
                Number(name="year", label=Bilingual("Since", "起始年份"), whole=True, low=1950, high=2100),
                BilingualText(name="result", label=Bilingual("What came of it", "成效"), max_length=300),
            ),
        ),
        paragraph("conditions", "What it needs", "应用条件", required=True),
        Text(
            name="contact", label=Bilingual("Whom to ask", "咨询联系方式"), required=True, max_length=200, weight="none",
            sample="Office of technology transfer, 0571-00000000",
            help=Bilingual("An office, not a person: it is printed in the catalogue.", "填写部门而非个人，将刊入目录。"),
        ),
        Day(
            name="valid_from", label=Bilingual("In the catalogue since", "入选日期"),
            help=Bilingual("Follows from the recognition.", "自认定之日起算。"),
        ),
        Day(
            name="valid_until", label=Bilingual("In the catalogue until", "有效期至"), facet=True,
            help=Bilingual("Follows from the recognition.", "由认定日期推算。"),
        ),
        Link(name="achievement", label=Bilingual("Achievement", "所属成果"), to=("achievement",)),
        *evidence_fields(),
    ),
    checks=(_measured_both_ways, no_accounts()),
    states=(
        *SELECTION_STATES,
        State(name="lapsed", label=Bilingual("No longer valid", "已失效"), public=True, editable=False),
    ),
    transitions=(
        *(
            replace(step, fills={"submit": _handed_in, "recognise": _recognised}.get(step.name))
            for step in SELECTION_TRANSITIONS
        ),
        Transition(
            name="lapse", label=Bilingual("Let it lapse", "失效"), before=("recognised",), after="lapsed",
            who=("officer", "administrator"), reason=True,
        ),
        Transition(
            name="give-up", label=Bilingual("Take it out of the catalogue", "申请退出目录"), before=("recognised",),
            after="lapsed", who=OWNERS, reason=True,
        ),
        Transition(
            name="apply-again", label=Bilingual("Apply again", "重新申报"), before=("lapsed",), after="draft", who=OWNERS,
        ),
    ),
    clauses=("T1",),
    columns=("title", "organisation", "tracks", "maturity", "region", "valid_until"),
)  # fmt: skip
