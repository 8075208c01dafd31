"""Tools that change something: offered only with `--write`, and only within the scopes of a token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from foretrack.assistants.desk import Desk
from foretrack.assistants.tools.registry import Facets, Key, KindName
from foretrack.assistants.tools.tool import Question, Tool
from foretrack.registry.actions.records import create, edit, move
from foretrack.registry.answers import RecordPage
from foretrack.watch.actions.rules import add_rule
from foretrack.watch.answers import RulePage

Values = Annotated[
    Mapping[str, Any],
    Field(description="Field to value, as `list_kinds` describes the kind; bilingual text as {en, zh}."),
]
Revision = Annotated[
    int,
    Field(
        ge=1, le=2**31 - 1, description="The revision that you read: nobody's later change is overwritten."
    ),
]
Reason = Annotated[str, Field(max_length=5_000, description="Why; it stays in the log.")]
VisibleTo = Literal["public", "partner", "private"]


class CreateRecord(Question):
    """What `create_record` asks."""

    kind: KindName
    values: Values
    visibility: Annotated[
        VisibleTo, Field(description="Who may see it once it stands in a public state.")
    ] = "public"


def _create_record(desk: Desk, question: CreateRecord) -> RecordPage:
    return create(desk.registry, desk.actor(), question.kind, question.values, visibility=question.visibility)


class EditRecord(Question):
    """What `edit_record` asks."""

    key: Key
    revision: Revision
    values: Values
    reason: Reason = ""


def _edit_record(desk: Desk, question: EditRecord) -> RecordPage:
    return edit(
        desk.registry, desk.actor(), question.key, question.values, revision=question.revision, reason=question.reason
    )  # fmt: skip


class MoveRecord(Question):
    """What `move_record` asks."""

    key: Key
    transition: Annotated[
        str, Field(min_length=1, max_length=64, description="One of the moves that `get_record` names.")
    ]
    revision: Revision
    reason: Reason = ""
    values: Values = Field(default_factory=dict)


def _move_record(desk: Desk, question: MoveRecord) -> RecordPage:
    return move(
        desk.registry, desk.actor(), question.key, question.transition, revision=question.revision,
        reason=question.reason, values=question.values,
    )  # fmt: skip


class AddWatchRule(Question):
    """What `add_watch_rule` asks."""

    name: Annotated[str, Field(min_length=1, max_length=200, description="What the rule is called.")]
    about: Annotated[
        Literal["records", "concepts", "technologies"], Field(description="What is watched.")
    ] = "records"
    kind: Annotated[str, Field(max_length=64, description="With records: only this kind.")] = ""
    text: Annotated[str, Field(max_length=1_000, description="Words that must stand in what is watched.")] = (
        ""
    )
    filters: Facets = Field(default_factory=dict)
    when: Annotated[
        tuple[str, ...],
        Field(
            max_length=20,
            description="Conditions as they are typed, such as `rank below 11`; none: what is new.",
        ),
    ] = ()
    together: Annotated[
        Literal["any", "all"], Field(description="Whether one condition is enough, or all must hold.")
    ] = "any"
    level: Annotated[
        str, Field(max_length=40, description="How urgent an alert is; a level of the packs.")
    ] = "info"


def _add_watch_rule(desk: Desk, question: AddWatchRule) -> RulePage:
    return add_rule(
        desk.registry, desk.actor(), name=question.name, about=question.about, kind=question.kind, text=question.text,
        filters=question.filters, when=question.when, together=question.together, level=question.level,
    )  # fmt: skip


TOOLS = (
    Tool(
        "create_record",
        "Makes a record in the first state of its kind, usually a draft that only its organisation sees.",
        CreateRecord, _create_record, RecordPage, scope="write",
    ),
    Tool(
        "edit_record",
        "Changes fields of a record; a field given as null is taken out. Every earlier revision stays on record.",
        EditRecord, _edit_record, RecordPage, scope="write", destructive=True,
    ),
    Tool(
        "move_record",
        "Makes a transition of a record's workflow, such as handing it in or recognising it: often it cannot be undone.",
        MoveRecord, _move_record, RecordPage, scope="decide", destructive=True,
    ),
    Tool(
        "add_watch_rule",
        "Makes a watch rule of your own: it raises an alert when a record, concept or technology meets its conditions.",
        AddWatchRule, _add_watch_rule, RulePage, scope="write",
    ),
)  # fmt: skip
"""What an account may do with its token; the action asks for permission once more."""
