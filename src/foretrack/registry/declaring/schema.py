"""JSON Schema 2020-12 of a kind: what may be given to make a record, and what is answered."""

from __future__ import annotations

from foretrack.registry.declaring.fields import VISIBILITIES, Field, Json
from foretrack.registry.declaring.kind import Kind

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def field_schema(field: Field, language: str = "en") -> dict[str, Json]:
    """The values of a field, with its label as title and its help as description."""
    made = {"title": field.label.text(language), **field.schema()}
    help_text = field.help.text(language)
    if help_text:
        made["description"] = f"{help_text} ({made['description']})" if "description" in made else help_text
    unit = getattr(field, "unit", None)
    if unit is not None and unit.text(language):
        made["x-unit"] = unit.text(language)
    if field.visibility != "public":
        made["x-visibility"] = field.visibility
    if field.facet:
        made["x-facet"] = True
    return made


def create_schema(kind: Kind, language: str = "en") -> dict[str, Json]:
    """The body with which a record is made: required is what may not be missing when it is saved."""
    needed = [] if kind.first_state.draft else [f.name for f in kind.fields if f.required]
    made: dict[str, Json] = {
        "$schema": DIALECT,
        "title": kind.label.text(language),
        "type": "object",
        "properties": {f.name: field_schema(f, language) for f in kind.fields},
        "additionalProperties": False,
    }
    if kind.help.text(language):
        made["description"] = kind.help.text(language)
    if needed:
        made["required"] = needed
    return made


def record_schema(kind: Kind, language: str = "en") -> dict[str, Json]:
    """A record as it is answered: its own columns, and the values that the asker may see (so none is required)."""
    moment = {"type": "string", "format": "date-time"}
    day = {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}
    text_or_none = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    values = create_schema(kind, language)
    values.pop("$schema")
    values.pop("required", None)
    properties: dict[str, Json] = {
        "key": {"type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{26}$"},
        "kind": {"const": kind.name},
        "title": {"type": "string"},
        "status": {
            "oneOf": [{"const": state.name, "title": state.label.text(language)} for state in kind.states]
        },
        "status_label": {"type": "string"},
        "revision": {"type": "integer", "minimum": 1},
        "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "visibility": {"enum": list(VISIBILITIES)},
        "circle": {"enum": list(VISIBILITIES)},
        "values": values,
        "provenance": {"type": "object"},
        "created_at": moment,
        "updated_at": moment,
        "state_since": moment,
        "notice_until": day,
        "due_on": day,
        "organisation": text_or_none,
        "region": text_or_none,
        "merged_into": text_or_none,
        "moves": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"enum": [move.name for move in kind.transitions]} if kind.transitions else {},
                    "label": {"type": "string"},
                    "after": {"enum": [state.name for state in kind.states]},
                    "reason": {"type": "boolean"},
                    "needs": {"type": "array", "items": {"type": "string"}},
                    "waits_until": day,
                },
                "required": ["name", "label", "after", "reason", "needs"],
            },
        },
        "may_edit": {"type": "boolean"},
        "hidden": {"type": "integer", "minimum": 0},
    }
    return {
        "$schema": DIALECT,
        "title": kind.label.text(language),
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
    }
