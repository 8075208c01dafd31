"""What follows from a declaration agrees: what is read validates, shows, and comes back from its cells unchanged."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from tests.registry.inventing import kinds_with_values

from foretrack.foundation.errors import HouseError, InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.records import create
from foretrack.registry.answers import to_json
from foretrack.registry.declaring.bodies import changed_body, read_fields
from foretrack.registry.declaring.columns import cells_of, columns_of, values_of
from foretrack.registry.declaring.fields import BilingualText, Text
from foretrack.registry.declaring.kind import Kind, State
from foretrack.registry.declaring.schema import create_schema, record_schema
from foretrack.registry.kinds import KINDS
from foretrack.registry.registry import Registry


def read_what_can_be(kind: Kind, raw: dict[str, Any]) -> dict[str, Any]:
    kept = {}
    for name, value in raw.items():
        try:
            kept[name] = kind.field(name).read(value)
        except InputError:
            continue
    return changed_body({}, kept)


@settings(max_examples=100)
@given(kinds_with_values())
def test_a_body_comes_back_from_its_cells_unchanged(made: tuple[Kind, dict[str, Any]]) -> None:
    kind, raw = made
    body = read_what_can_be(kind, raw)

    as_numbers = cells_of(kind.fields, body)
    as_text = {name: str(cell) for name, cell in as_numbers.items()}

    for cells in (as_numbers, as_text):
        assert changed_body({}, read_fields(kind, values_of(kind.fields, cells))) == body
    assert set(as_numbers) <= {column.name for column in columns_of(kind)}


@settings(max_examples=100)
@given(kinds_with_values())
def test_what_is_read_validates_and_is_read_again_unchanged(made: tuple[Kind, dict[str, Any]]) -> None:
    kind, raw = made
    body = read_what_can_be(kind, raw)

    Draft202012Validator(create_schema(kind)).validate(body)
    assert changed_body({}, read_fields(kind, body)) == body
    for language in ("en", "zh"):
        assert all(isinstance(kind.field(name).show(value, language), str) for name, value in body.items())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_schemas_of_a_kind_are_schemas(kind: Kind, language: str) -> None:
    for schema in (create_schema(kind, language), record_schema(kind, language)):
        Draft202012Validator.check_schema(schema)
    assert create_schema(kind, language)["title"] == kind.label.text(language)


def test_an_answer_validates_against_the_schema_of_its_kind(
    registry: Registry, national: Actor, firm: str
) -> None:
    page = create(
        registry,
        national,
        "plan",
        {"title": "A plan", "organisation": firm, "budget": "12 EUR", "size": "small"},
    )

    schema = record_schema(registry.kinds.get("plan"))
    Draft202012Validator(schema).validate(to_json(page) | {"moves": [to_json(move) for move in page.moves]})


def test_what_a_record_may_not_lack_is_required_by_its_schema() -> None:
    organisation = create_schema(next(kind for kind in KINDS if kind.name == "organisation"))
    person = create_schema(next(kind for kind in KINDS if kind.name == "person"))

    assert organisation["required"] == ["name", "sort_of"]
    assert "required" not in person  # it begins as a draft


def test_one_column_of_bilingual_text_leaves_the_other_half_alone() -> None:
    names = BilingualText(name="names", label=Bilingual("Names", "名称"), many=True)
    before = {"names": [{"en": "a", "zh": "甲"}, {"zh": "乙"}]}

    assert values_of([names], {"names_en": "x; y"}, before) == {
        "names": [{"en": "x", "zh": "甲"}, {"en": "y", "zh": "乙"}]
    }
    assert values_of([names], {"names_en": ""}, before) == {"names": [{"zh": "甲"}, {"zh": "乙"}]}
    assert values_of([names], {}, before) == {}


def test_two_fields_that_would_share_a_column_are_refused() -> None:
    label = Bilingual("x", "x")
    with pytest.raises(HouseError, match="two columns"):
        Kind(
            name="trial", label=label, plural=label, states=(State(name="made", label=label),),
            fields=(BilingualText(name="title", label=label), Text(name="title_en", label=label)),
        )  # fmt: skip
