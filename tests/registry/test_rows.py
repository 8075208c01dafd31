"""A small table inside a record: read from every form that people give it, and back; a mistake says where it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.registry.inventing import IN_ROWS, OPTIONS, TERMS, days, field_of, words

from foretrack.foundation.errors import HouseError, InputError
from foretrack.foundation.messages import Messages
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.actions.checking import check_history
from foretrack.registry.actions.erasing import erase
from foretrack.registry.actions.history import history
from foretrack.registry.actions.importing import import_file
from foretrack.registry.actions.pointing import pointed_at
from foretrack.registry.actions.records import create, edit, show
from foretrack.registry.actions.templates import csv_template
from foretrack.registry.declaring.bodies import InvalidRecord
from foretrack.registry.declaring.fields import BilingualText, Choice, Day, Email, Field, Link, Number, Text
from foretrack.registry.declaring.kind import Catalogue, Kind, State
from foretrack.registry.declaring.rows import InvalidRows, Rows
from foretrack.registry.doors.commands.kinds import told_kind
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.search.actions.records import things_of
from foretrack.watch.actions.seeing import plain

LABEL = Bilingual("Label", "标签")
STAGES = Rows(
    name="stages", label=Bilingual("Stages", "阶段"), most=3,
    columns=(
        BilingualText(name="stage", label=Bilingual("Stage", "阶段"), required=True, weight="body"),
        Number(name="days", label=Bilingual("Days", "天数"), whole=True, low=1),
        Day(name="begins", label=Bilingual("Begins", "开始")),
        Choice(
            name="mode", label=Bilingual("Mode", "方式"),
            options={"open": Bilingual("Open", "公开"), "blind": Bilingual("Blind", "匿名")},
        ),
        Link(name="by", label=Bilingual("By", "由"), to=("organisation",)),
    ),
)  # fmt: skip
TRIAL = Kind(
    name="trial", label=Bilingual("Trial", "试验"), plural=Bilingual("Trials", "试验"),
    fields=(
        BilingualText(name="title", label=Bilingual("Title", "标题"), required=True, weight="title"),
        STAGES,
        Rows(
            name="people", label=LABEL, visibility="private", personal=True,
            columns=(Text(name="who", label=LABEL, personal=True), Email(name="mail", label=LABEL, visibility="private")),
        ),
    ),
    states=(State(name="made", label=LABEL, public=True),),
)  # fmt: skip

VALID: dict[str, st.SearchStrategy[Any]] = {
    "text": words, "bilingual": st.fixed_dictionaries({}, optional={"en": words, "zh": words}),
    "number": st.floats(allow_nan=False, allow_infinity=False), "money": st.integers(0, 10**6).map(lambda n: f"{n} EUR"),
    "day": days, "period": days.map(lambda day: f"{day}/.."), "yes_no": st.booleans(),
    "choice": st.sampled_from(list(OPTIONS)), "term": st.sampled_from(list(TERMS)),
    "web": st.just("https://example.org/a;b?c=|d"), "link": st.just("concept:solid | state\\"),
}  # fmt: skip
EVERY = field_of("f", "rows", True, 3)


@settings(max_examples=80)
@given(st.lists(st.fixed_dictionaries({}, optional={f"c_{s}": VALID[s] for s in IN_ROWS}), max_size=4))
def test_a_table_comes_back_from_its_cell_and_its_json_unchanged(rows: list[dict[str, Any]]) -> None:
    kept = EVERY.read(rows)

    assert EVERY.read(kept) == kept
    if kept is not None:
        assert EVERY.read(EVERY.cell(kept)) == kept
        Draft202012Validator(EVERY.schema()).validate(kept)
        assert all(EVERY.show(kept, language) for language in ("en", "zh"))


def test_empty_cells_and_rows_are_left_out_and_full_width_marks_count() -> None:
    rows = STAGES.read(" check | 初审 ｜ 5；; panel")

    assert rows == [{"stage": {"en": "check", "zh": "初审"}, "days": 5}, {"stage": {"en": "panel"}}]
    assert STAGES.read([{}, {"stage": "", "days": None}, None]) is None
    assert STAGES.read("") is None
    assert STAGES.show(rows, "zh") == "阶段：初审，天数：5；阶段：panel"


def test_every_wrong_cell_is_named_with_its_row_and_column_in_the_readers_language() -> None:
    with pytest.raises(InvalidRows) as raised:
        STAGES.read([{"stage": "a"}, {}, {"days": 0, "mode": "x"}, {"stage": "b", "dais": 1}])

    told = [(p.row, p.column) for p in raised.value.problems]
    assert sorted(told) == [(3, "days"), (3, "mode"), (3, "stage"), (4, "")]
    assert str(raised.value).startswith("row 3, Days: 0 is out of range (and 3 more)")
    zh = Messages(
        "zh",
        {
            "row {row}, {column}: {what}": "第 {row} 行“{column}”：{what}",
            "{what} (and {n} more)": "{what}（另有 {n} 处）",
        },
    )
    assert raised.value.told(zh).startswith("第 3 行“天数”：")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("a|b|1|2026-01-01|open|X|too much", "7 values between the marks"),
        ("a;b;c;d", "4 rows"),
        ([3], "3 is no row"),
        ([{"days": 2}], "Stage is missing"),
        (5, "5 is no row"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(raw: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        STAGES.read(raw)


@pytest.mark.parametrize(
    "columns",
    [
        (),
        (Text(name="a", label=LABEL), Number(name="a", label=LABEL)),
        (BilingualText(name="a", label=LABEL), Text(name="a_en", label=LABEL)),
        (Text(name="a", label=LABEL, many=True),),
        (Text(name="a", label=LABEL, facet=True),),
        (STAGES,),
        (Text(name="a", label=LABEL, personal=True),),
        (Text(name="a", label=LABEL, visibility="private"),),
    ],
)  # fmt: skip
def test_a_declaration_that_contradicts_itself_is_refused(columns: tuple[Field, ...]) -> None:
    with pytest.raises(HouseError, match="the table"):
        Rows(name="t", label=LABEL, columns=columns)


@pytest.fixture
def kinds(kinds: Catalogue) -> Catalogue:
    kinds.add(TRIAL)
    return kinds


def trial(registry: Registry, actor: Actor, firm: str) -> str:
    return create(
        registry, actor, "trial",
        {
            "title": "A trial", "stages": [{"stage": {"zh": "初审"}, "days": 5, "by": firm}, {"stage": "panel"}],
            "people": [{"who": "Invented Person", "mail": "a@example.org"}],
        },
    ).key  # fmt: skip


def test_a_link_in_a_row_points_and_one_that_leads_nowhere_is_refused(
    registry: Registry, national: Actor, firm: str
) -> None:
    key = trial(registry, national, firm)

    assert [(unit, name) for unit, name in pointed_at(registry, national, key)] == [("record", firm)]
    with pytest.raises(InvalidRecord, match="there is no organisation"):
        edit(registry, national, key, {"stages": [{"stage": "x", "by": key}]}, revision=1)


def test_a_table_is_found_watched_and_its_change_is_in_the_history(
    registry: Registry, national: Actor, firm: str
) -> None:
    key = trial(registry, national, firm)
    edit(registry, national, key, {"stages": [{"stage": "final"}]}, revision=1)

    public = next(iter(things_of(TRIAL, Record.objects.get(key=key))))
    assert "final" in public.body
    assert "Invented Person" not in public.body
    assert history(registry, national, key)[0].changed == ("stages",)
    assert plain(STAGES, [{"stage": {"en": "final"}}]) == "Stage: final"


def test_a_personal_table_is_erased_whole_and_the_history_still_checks(
    registry: Registry, national: Actor, firm: str
) -> None:
    key = trial(registry, national, firm)

    erase(registry, Actor("ADMIN", grants=(Grant("administrator"),)), key, reason="Invented request")

    assert "people" not in show(registry, national, key).values
    assert show(registry, national, key).values["stages"][0]["days"] == 5
    assert check_history(registry).findings == []


def test_its_template_is_imported_as_it_stands(registry: Registry, national: Actor, tmp_path: Any) -> None:
    file = tmp_path / "trial.csv"
    file.write_text(csv_template(TRIAL), encoding="utf-8")

    outcome = import_file(registry, national, "trial", file)

    assert (outcome.created, outcome.rejections) == (1, ())


def test_the_command_and_the_template_tell_the_columns() -> None:
    told = next(f for f in told_kind(TRIAL)["fields"] if f["name"] == "stages")

    assert [c["name"] for c in told["columns"]] == ["stage", "days", "begins", "mode", "by"]
    assert told["example"] == "Text | Text | 1 | 2026-03-01 | open | "
    assert replace(STAGES, most=1).read(told["example"])[0]["days"] == 1
