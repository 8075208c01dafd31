"""What an assistant can read beside its tools: the method pages, and the schema of each kind of record."""

from __future__ import annotations

import json
from collections.abc import Iterator

from mcp.types import ReadResourceResult, Resource, TextResourceContents

from foretrack.assistants.desk import Desk
from foretrack.foundation.errors import NotThereError
from foretrack.registry.declaring.schema import record_schema
from foretrack.web.methods import method_pages, title_of

METHOD, KIND = "foretrack://methods/", "foretrack://kinds/"


def resources(desk: Desk) -> Iterator[Resource]:
    """Every resource there is; none of them is about a single record or document."""
    for name, text in method_pages().items():
        yield Resource(
            uri=METHOD + name, name=name, title=title_of(text), mime_type="text/markdown", size=len(text.encode()),
            description=desk.say("How it is computed: formulas, worked examples, known failures."),
        )  # fmt: skip
    for kind in desk.registry.kinds:
        yield Resource(
            uri=KIND + kind.name, name=kind.name, title=kind.label.text(desk.language),
            mime_type="application/schema+json", description=desk.say("JSON Schema of a record of this kind."),
        )  # fmt: skip


def read_resource(desk: Desk, uri: str) -> ReadResourceResult:
    """The text of a resource; NotThereError when there is none."""
    name = uri.removeprefix(METHOD)
    if uri.startswith(METHOD) and name in method_pages():
        return _one(uri, "text/markdown", method_pages()[name])
    name = uri.removeprefix(KIND)
    if uri.startswith(KIND) and any(kind.name == name for kind in desk.registry.kinds):
        schema = record_schema(desk.registry.kinds.get(name), desk.language)
        return _one(uri, "application/schema+json", json.dumps(schema, ensure_ascii=False, indent=1))
    raise NotThereError.of(
        "there is no resource {uri!r}",
        expected="one that the server lists",
        do="list the resources",
        uri=uri[:200],
    )


def _one(uri: str, media_type: str, text: str) -> ReadResourceResult:
    return ReadResourceResult(contents=[TextResourceContents(uri=uri, mime_type=media_type, text=text)])
