"""Tasks of open competitions (揭榜挂帅): what is wanted, by when, and the figures that decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foretrack.domains.missions.kinds.parts import measure_columns
from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.fields import BilingualText, Day, Json, Link, Money, Number, Term, Text, Web
from foretrack.registry.declaring.kind import Kind, State, Transition
from foretrack.registry.declaring.rows import Rows


def twice(rows: Sequence[Mapping[str, Json]] | None) -> Sequence[InputError]:
    """What is wrong where a measure stands in a table twice."""
    names = [str(row.get("measure", "")) for row in rows or ()]
    double = sorted({name for name in names if names.count(name) > 1})
    if not double:
        return ()
    return (
        InputError.of(
            "{measure} is given twice", measure=", ".join(double), expected="each measure once",
            do="delete one of the two",
        ),
    )  # fmt: skip


def _once(body: Mapping[str, Json]) -> Sequence[InputError]:
    return twice(body.get("measures"))


def _days(body: Mapping[str, Json]) -> Sequence[InputError]:
    first, last = body.get("listed_on"), body.get("done_by")
    if not first or not last or first < last:
        return ()
    return (
        InputError.of(
            "the work ends on {last}, not after the day of the list, {first}", first=first, last=last,
            expected="a later day", do="correct one of the two days",
        ),
    )  # fmt: skip


MISSION_TASK = Kind(
    name="mission-task",
    label=Bilingual("Task of an open competition", "揭榜挂帅任务"),
    plural=Bilingual("Tasks of open competitions", "揭榜挂帅任务"),
    help=Bilingual(
        "A task that is published on a list for whoever can do it, with the figures that a third party will test.",
        "列入榜单、面向社会张榜的任务，明确由第三方测试的考核指标。",
    ),
    organisation="organisation",
    region="region",
    creators=("officer",),
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "名称"), required=True, weight="title"),
        Link(name="organisation", label=Bilingual("Issued by", "发布单位"), to=("organisation",), required=True),
        Text(
            name="region", label=Bilingual("Region", "地区"), max_length=20, sample="CN-33", facet=True, weight="none",
            help=Bilingual("Empty: the whole country.", "不填表示全国。"),
        ),
        Term(
            name="based_on", label=Bilingual("Measure", "所依据的办法"), part="calls", facet=True,
            help=Bilingual("The call template whose limits hold for the task.", "其限额适用于本任务的征集模板。"),
        ),
        Term(name="direction", label=Bilingual("Direction", "方向"), part="call_directions", facet=True, required=True),
        Term(
            name="category", label=Bilingual("Sort of task", "任务类别"), part="call_categories", facet=True,
            required=True,
        ),
        Term(name="tracks", label=Bilingual("Tracks", "赛道"), part="tracks", many=True, facet=True, most=5),
        BilingualText(
            name="about", label=Bilingual("What is to be done", "任务内容"), required=True, max_length=8000, lines=8
        ),
        Rows(
            name="measures", label=Bilingual("Figures wanted", "考核指标"), required=True, most=30,
            columns=measure_columns("wanted", Bilingual("Wanted", "要求值")),
        ),
        Day(name="listed_on", label=Bilingual("On the list since", "张榜日期"), required=True),
        Day(name="done_by", label=Bilingual("Work done by", "完成期限"), required=True),
        Number(
            name="winners_most", label=Bilingual("Winners at most", "优胜单位上限"), low=1, whole=True,
            help=Bilingual("Of those that pass the test. Needed before anybody wins.",
                "通过测试者中评定；评优前须填写。"),
        ),
        Money(name="support", label=Bilingual("Support", "支持资金")),
        Link(name="technologies", label=Bilingual("Technologies", "相关技术"), to=("technology",), many=True),
        Link(
            name="signals", label=Bilingual("What the lookout found", "瞭望站线索"), many=True,
            to=("lookout:concept", "lookout:technology", "lookout:document"),
        ),
        Web(name="pages", label=Bilingual("Web pages", "相关网页"), many=True, most=10),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="published", label=Bilingual("On the list", "已张榜"), public=True, editable=False, listable=True),
        State(name="awarded", label=Bilingual("Taken on", "已揭榜"), public=True, editable=False, listable=True),
        State(name="tested", label=Bilingual("Tested", "已测试"), public=True, editable=False, listable=True),
        State(name="closed", label=Bilingual("Closed", "已结束"), public=True, editable=False, closed=True),
    ),
    transitions=(
        Transition(
            name="publish", label=Bilingual("Put on the list", "张榜"), before=("draft",), after="published",
            who=("officer",), reason=True,
        ),
        Transition(
            name="award", label=Bilingual("Name those who take it on", "公布揭榜单位"), before=("published",),
            after="awarded", who=("officer",), reason=True,
        ),
        Transition(
            name="test", label=Bilingual("Record the end of the tests", "测试结束"), before=("awarded",), after="tested",
            who=("officer",),
        ),
        Transition(
            name="limit", label=Bilingual("Say how many win", "确定优胜名额"), before=("awarded",), after="awarded",
            who=("officer",), reason=True, needs=("winners_most",),
        ),
        Transition(
            name="close", label=Bilingual("Close", "结束"), before=("published", "awarded", "tested"), after="closed",
            who=("officer",), reason=True,
        ),
    ),
    checks=(_once, _days),
    clauses=("N6", "G1"),
    columns=("title", "organisation", "direction", "category", "done_by"),
)  # fmt: skip
