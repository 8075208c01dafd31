"""A kind that is added while the program runs has its form, template, import, schema, table, facets, search, workflow and
command, with no other change: the recipe of CONTRIBUTING.md, followed."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from django.http import QueryDict
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from foretrack.foundation.messages import Messages
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import VISITOR, Actor
from foretrack.registry.actions.exporting import export
from foretrack.registry.actions.importing import import_file
from foretrack.registry.actions.records import create, move, show
from foretrack.registry.actions.tables import Filters, table
from foretrack.registry.actions.templates import excel_template
from foretrack.registry.answers import to_json
from foretrack.registry.declaring.fields import BilingualText, Choice, Link, Number, Text
from foretrack.registry.declaring.kind import Kind, State, Transition
from foretrack.registry.declaring.schema import create_schema, record_schema
from foretrack.registry.doors.commands.kinds import kind as kind_command
from foretrack.registry.doors.commands.records import record as record_command
from foretrack.registry.registry import Registry
from foretrack.search.actions.records import seen_by
from foretrack.search.actions.searching import search
from foretrack.site.forms.declared import form_of
from foretrack.terminal.session import Opener, Session

TESTBED = Kind(
    name="testbed",
    label=Bilingual("Test bed", "试验场"),
    plural=Bilingual("Test beds", "试验场"),
    organisation="organisation",
    region="region",
    fields=(
        BilingualText(name="title", label=Bilingual("Name", "名称"), required=True, weight="title"),
        Link(name="organisation", label=Bilingual("Run by", "运营机构"), to=("organisation",)),
        Text(name="region", label=Bilingual("Region", "地区"), max_length=20, facet=True, weight="none"),
        Choice(
            name="medium", label=Bilingual("Medium", "介质"), required=True, facet=True,
            options={"air": Bilingual("Air", "空中"), "water": Bilingual("Water", "水上")},
        ),
        Number(name="length", label=Bilingual("Length", "长度"), unit=Bilingual("m", "米"), low=0, facet=True),
    ),
    states=(
        State(name="draft", label=Bilingual("Draft", "草稿"), draft=True),
        State(name="open", label=Bilingual("Open", "开放"), public=True, listable=True),
    ),
    transitions=(
        Transition(
            name="open", label=Bilingual("Open", "开放"), before=("draft",), after="open", who=("officer",), reason=True
        ),
    ),
)  # fmt: skip
"""Invented."""


@pytest.fixture
def with_testbeds(registry: Registry) -> Registry:
    registry.kinds.add(TESTBED)
    return registry


def test_its_form_reads_what_people_type(with_testbeds: Registry, national: Actor) -> None:
    data = QueryDict("title-en=Wind+tunnel&title-zh=风洞&medium=air&length=30&region=CN-33")

    form = form_of(TESTBED, Messages("zh"), data=data)

    assert form.is_valid(), form.errors
    page = create(with_testbeds, national, "testbed", form.changes)
    assert page.values["title"] == {"en": "Wind tunnel", "zh": "风洞"}
    assert "空中" in str(form_of(TESTBED, Messages("zh"), page=page))


def test_its_template_is_imported_and_its_export_again(
    with_testbeds: Registry, national: Actor, tmp_path: Path
) -> None:
    file = tmp_path / "template.xlsx"
    file.write_bytes(excel_template(TESTBED, "zh"))
    assert [cell.value for cell in load_workbook(io.BytesIO(file.read_bytes())).worksheets[0][1]][:3] == [
        "可见范围", "名称（英文）", "名称（中文）",
    ]  # fmt: skip

    assert import_file(with_testbeds, national, "testbed", file).created == 1
    file.write_bytes(b"".join(export(with_testbeds, national, "testbed", "csv")))
    assert import_file(with_testbeds, national, "testbed", file).unchanged == 1


def test_its_schema_describes_what_makes_it_and_what_is_answered(
    with_testbeds: Registry, national: Actor
) -> None:
    given = {"title": {"en": "Wave tank"}, "medium": "water", "length": 12}

    Draft202012Validator(create_schema(TESTBED)).validate(given)
    page = json.loads(json.dumps(to_json(create(with_testbeds, national, "testbed", given))))
    Draft202012Validator(record_schema(TESTBED, "zh")).validate(page)
    assert not Draft202012Validator(create_schema(TESTBED)).is_valid({**given, "medium": "fire"})


def test_its_table_counts_its_facets_and_its_workflow_lets_it_be_found(
    with_testbeds: Registry, national: Actor
) -> None:
    keys = [
        create(
            with_testbeds,
            national,
            "testbed",
            {"title": {"en": f"Tank {n}", "zh": f"水槽{n}"}, "medium": m, "length": n},
        ).key
        for n, m in ((3, "water"), (1, "water"), (2, "air"))
    ]
    assert table(with_testbeds, VISITOR, "testbed").total == 0
    for key in keys:
        move(with_testbeds, national, key, "open", revision=1, reason="looked at it")

    seen = table(with_testbeds, VISITOR, "testbed", Filters(facets={"medium": ["水上"]}), sort="length")

    assert [line.key for line in seen.lines] == [keys[1], keys[0]]
    medium = next(facet for facet in seen.facets if facet.name == "medium")
    assert [(c.label, c.n, c.chosen) for c in medium.counts] == [("Water", 2, True), ("Air", 1, False)]
    found = search("水槽", viewer=seen_by(VISITOR), embedder=None, filters={"medium": ["air"]})
    assert [hit.key for hit in found.hits] == [keys[2]]
    assert "medium" in {facet.name for facet in found.facets}


def test_the_commands_know_it(
    with_testbeds: Registry, national: Actor, capsys: pytest.CaptureFixture[str]
) -> None:
    session = Session(json=True, opener=Opener(lambda workspace: with_testbeds, lambda email: national))

    def said() -> Any:
        return json.loads(capsys.readouterr().out)

    record_command(session, "add", "testbed", ["title_en=Wave tank", "medium=水上", "region=CN-33"])
    key = said()["key"]
    record_command(session, "move", key, ["open"], why="looked at it")
    assert said()["status"] == "open"
    record_command(session, "list", "testbed", where=["medium=water"])
    assert said()["total"] == 1
    kind_command(session, "show", "testbed")
    assert [state["name"] for state in said()["states"]] == ["draft", "open"]
    assert show(with_testbeds, VISITOR, key).values["region"] == "CN-33"


def test_the_recipe_of_the_guide_declares_a_kind() -> None:
    text = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    recipe = text.split("## A kind")[1].split("\n## ")[0]
    code = dedent("\n".join(re.findall(r"```python\n(.*?)```", recipe, re.DOTALL)))
    declared: dict[str, Any] = {}

    exec(code, declared)

    assert all(isinstance(kind, Kind) for kind in declared["KINDS"])
