"""Bids for tasks of open competitions: who will do it, what they promise, what the test found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foretrack.domains.missions.kinds.parts import measure_columns
from foretrack.domains.missions.kinds.tasks import twice
from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Day, Json, Link, Money, Number, Term, Text
from foretrack.registry.declaring.kind import Kind, State, Transition
from foretrack.registry.declaring.rows import Rows
from foretrack.registry.declaring.workflows import (
    OWNERS,
    SELECTION_STATES,
    SELECTION_TRANSITIONS,
    evidence_fields,
    usual_fields,
)

AT_WORK = ("recognised", "testing")
"""States of a bid whose test is still to come."""
TESTED = ("passed", "failed", "won")
CHOSEN = (*AT_WORK, *TESTED)
"""States of a bid that was chosen for its task."""


def _once(body: Mapping[str, Json]) -> Sequence[InputError]:
    return (*twice(body.get("promised")), *twice(body.get("measured")))


def _parties(body: Mapping[str, Json]) -> Sequence[InputError]:
    """The leader is no partner, and whoever tests is neither."""
    lead, partners = body.get("organisation"), body.get("partners") or ()
    found = []
    if lead in partners:
        found.append(
            InputError.of(
                "the leading organisation is named as a partner too", expected="partners beside it",
                do="take it out of the partners",
            )
        )  # fmt: skip
    tester = body.get("tested_by")
    if tester and tester in (lead, *partners):
        found.append(
            InputError.of(
                "one of those who bid is named as the tester",
                expected="a third party",
                do="name another tester",
            )
        )
    return found


BID = Kind(
    name="bid",
    label=Bilingual("Bid for a task", "揭榜申报"),
    plural=Bilingual("Bids for tasks", "揭榜申报"),
    help=Bilingual(
        "What a leading organisation and its partners offer to do for a task, and how the test of it ended.",
        "牵头单位及联合单位对某项榜单任务的揭榜方案，以及第三方测试结果。",
    ),
    organisation="organisation",
    region="region",
    fields=(
        *usual_fields(owner=Bilingual("Leading organisation", "牵头单位")),
        Link(name="task", label=Bilingual("Task", "榜单任务"), to=("mission-task",), required=True),
        Term(name="direction", label=Bilingual("Direction", "方向"), part="call_directions", facet=True, required=True),
        Link(name="partners", label=Bilingual("Partners", "联合单位"), to=("organisation",), many=True),
        BilingualText(
            name="approach", label=Bilingual("Approach", "技术路线"), required=True, max_length=8000, lines=8,
            visibility="private",
        ),
        Rows(
            name="promised", label=Bilingual("Figures promised", "承诺指标"), required=True, most=30,
            columns=measure_columns("promised", Bilingual("Promised", "承诺值")),
        ),
        Number(
            name="years", label=Bilingual("Years of work", "实施年限"), required=True, low=1, high=20, whole=True
        ),
        Money(name="budget", label=Bilingual("Budget", "经费预算"), visibility="private"),
        BilingualText(
            name="team", label=Bilingual("Team", "团队"), required=True, max_length=4000, lines=4, visibility="private"
        ),
        Rows(
            name="milestones", label=Bilingual("Milestones", "里程碑"), most=30, visibility="partner",
            columns=(
                Text(
                    name="milestone", label=Bilingual("Milestone", "里程碑"), required=True, max_length=200,
                    sample="First prototype walks", visibility="partner",
                ),
                Day(name="due", label=Bilingual("Due", "计划日期"), required=True, visibility="partner"),
                Day(name="done", label=Bilingual("Done", "完成日期"), visibility="partner"),
                Text(name="result", label=Bilingual("Result", "结果"), max_length=400, visibility="partner"),
            ),
        ),
        Link(
            name="tested_by", label=Bilingual("Tested by", "测试机构"), to=("organisation",),
            help=Bilingual("A third party.", "须为第三方机构。"),
        ),
        Day(name="tested_on", label=Bilingual("Tested on", "测试日期")),
        Rows(
            name="measured", label=Bilingual("Figures measured", "实测指标"), most=30,
            columns=(
                Text(
                    name="measure", label=Bilingual("Measure", "指标"), required=True, max_length=120,
                    sample="Walking speed",
                ),
                Number(name="measured", label=Bilingual("Measured", "实测值"), required=True),
            ),
        ),
        *evidence_fields(),
    ),
    states=(
        *SELECTION_STATES,
        State(name="testing", label=Bilingual("Under test", "测试中"), public=True, editable=False, listable=True),
        State(name="passed", label=Bilingual("Test passed", "通过测试"), public=True, editable=False, listable=True),
        State(name="failed", label=Bilingual("Test not passed", "未通过测试"), public=True, editable=False, closed=True),
        State(name="won", label=Bilingual("Winner", "优胜"), public=True, editable=False, listable=True),
    ),
    transitions=(
        *(step for step in SELECTION_TRANSITIONS if step.name != "remove"),
        Transition(
            name="report", label=Bilingual("Report on milestones", "报告里程碑"), before=("recognised",),
            after="recognised", who=OWNERS, needs=("milestones",),
        ),
        Transition(
            name="test", label=Bilingual("Hand over for the test", "提交测试"), before=("recognised",), after="testing",
            who=(*OWNERS, "officer"), needs=("tested_by",),
        ),
        Transition(
            name="pass", label=Bilingual("Test passed", "通过测试"), before=("testing",), after="passed",
            who=("officer",), reason=True, by_another=True, needs=("tested_by", "tested_on", "measured"),
        ),
        Transition(
            name="fail", label=Bilingual("Test not passed", "未通过测试"), before=AT_WORK, after="failed",
            who=("officer",), reason=True, by_another=True, takes=("tested_by", "tested_on", "measured"),
        ),
        Transition(
            name="win", label=Bilingual("Name as a winner", "评为优胜"), before=("passed",), after="won",
            who=("officer",), reason=True, by_another=True,
        ),
        Transition(
            name="remove", label=Bilingual("Remove", "移除"), before=("recognised", "testing", "passed", "won"),
            after="removed", who=("officer",), reason=True,
        ),
    ),
    checks=(_once, _parties),
    clauses=("N6",),
    columns=("title", "organisation", "task", "direction", "region"),
)  # fmt: skip
