"""Tools of the registry: records and their past, published lists, targets, the clause map, and one search over all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from foretrack.assistants.desk import Desk
from foretrack.assistants.tools.tool import Offset, Question, Tool
from foretrack.foundation.errors import EvidenceError, NotThereError
from foretrack.lists.actions.reading import issues as list_issues
from foretrack.lists.actions.reading import open_issue
from foretrack.lists.actions.series import all_series, show_series
from foretrack.packs.describing import describe_clause_map
from foretrack.packs.loading import load_packs
from foretrack.registry.actions.history import history
from foretrack.registry.actions.overview import count_kinds
from foretrack.registry.actions.records import show
from foretrack.registry.actions.tables import Filters, table
from foretrack.registry.answers import RecordPage, Table
from foretrack.registry.doors.commands.kinds import told_kind
from foretrack.search.actions.records import seen_by
from foretrack.search.actions.searching import search as find
from foretrack.search.shapes import Answer
from foretrack.targets.actions.counting import all_targets, behind, show_target

MOST = 100
"""Entries of a list that one answer gives."""

Limit = Annotated[int, Field(ge=1, le=MOST, description="At most so many entries.")]
KindName = Annotated[
    str, Field(min_length=1, max_length=64, description="The name of a kind, as `list_kinds` gives it.")
]
Key = Annotated[
    str, Field(min_length=1, max_length=64, description="The key of a record: 26 letters and digits.")
]
Facets = Annotated[
    Mapping[str, tuple[str, ...]],
    Field(
        max_length=20,
        description="Facet to values: any of the values of a facet, and every facet. `status` is one.",
    ),
]
SeriesName = Annotated[
    str, Field(min_length=1, max_length=100, description="The name of a list, as `lists` gives it.")
]
Day = Annotated[date | None, Field(description="As of this day (year-month-day); today if not given.")]
Direction = Annotated[
    str, Field(max_length=100, description="Only what lies in this direction of the policy.")
]
Region = Annotated[
    str, Field(max_length=40, description="Only regions whose code begins with this, such as `CN-33`.")
]


class Search(Question):
    """What `search` asks."""

    query: Annotated[
        str,
        Field(
            max_length=1_000,
            description='Words in English or Chinese; "a phrase"; -excluded. Empty lists the newest.',
        ),
    ]
    units: Annotated[
        tuple[Literal["record", "concept", "technology", "document", "list", "organisation"], ...],
        Field(max_length=6, description="Only these sorts of thing; empty for all."),
    ] = ()
    kinds: Annotated[
        tuple[str, ...],
        Field(max_length=20, description="Only records of these kinds, or documents of these."),
    ] = ()
    facets: Facets = Field(default_factory=dict)
    order: Annotated[Literal["relevance", "newest"], Field(description="What comes first.")] = "relevance"
    limit: Limit = 10
    offset: Offset = 0


def _search(desk: Desk, question: Search) -> Answer:
    filters = {**question.facets, **({"kind": question.kinds} if question.kinds else {})}
    return find(
        question.query, viewer=seen_by(desk.actor()), units=question.units, filters=filters, limit=question.limit,
        offset=question.offset, language=desk.language, order=question.order,
    )  # fmt: skip


class ListKinds(Question):
    """What `list_kinds` asks."""

    kind: Annotated[
        str,
        Field(
            max_length=64, description="One kind with its fields, states and transitions; empty lists all."
        ),
    ] = ""


def _list_kinds(desk: Desk, question: ListKinds) -> dict[str, Any]:
    if question.kind:
        return {"kind": told_kind(desk.registry.kinds.get(question.kind))}
    kinds = desk.registry.kinds
    return {
        "kinds": [
            {
                "kind": one.name, "label": kinds.get(one.name).label, "about": kinds.get(one.name).help, "records": one.n,
                "may_create": one.may_create, "facets": [f.name for f in kinds.get(one.name).facets],
            }
            for one in count_kinds(desk.registry, desk.actor())
        ]
    }  # fmt: skip


class ListRecords(Question):
    """What `list_records` asks."""

    kind: KindName
    facets: Facets = Field(default_factory=dict)
    text: Annotated[
        str, Field(max_length=500, description="Words that the title holds, in either language.")
    ] = ""
    region: Region = ""
    organisation: Annotated[str, Field(max_length=64, description="Key of an organisation.")] = ""
    updated_since: Annotated[
        str, Field(max_length=40, description="Changed since this day or moment (ISO 8601).")
    ] = ""
    due_before: Annotated[
        str, Field(max_length=40, description="Somebody has to act before this day (ISO 8601).")
    ] = ""
    sort: Annotated[
        str,
        Field(
            max_length=64,
            description="updated, title, due, or a facet, number or day of the kind; - in front for the greatest first.",
        ),
    ] = "-updated"
    limit: Limit = 20
    offset: Offset = 0
    counts: Annotated[bool, Field(description="Also how many records have each value of each facet.")] = False


def _list_records(desk: Desk, question: ListRecords) -> Table:
    filters = Filters(
        facets=question.facets, text=question.text, region=question.region, organisation=question.organisation,
        updated_since=question.updated_since, due_before=question.due_before,
    )  # fmt: skip
    return table(
        desk.registry, desk.actor(), question.kind, filters, sort=question.sort, offset=question.offset,
        limit=question.limit, facets=None if question.counts else (),
    )  # fmt: skip


class GetRecord(Question):
    """What `get_record` asks."""

    key: Key


def _get_record(desk: Desk, question: GetRecord) -> RecordPage:
    return show(desk.registry, desk.actor(), question.key)


class RecordHistory(Question):
    """What `record_history` asks."""

    key: Key
    limit: Limit = 20
    before: Annotated[
        int | None, Field(ge=1, le=2**31 - 1, description="Only revisions with a smaller number, to read on.")
    ] = None


def _record_history(desk: Desk, question: RecordHistory) -> dict[str, Any]:
    lines = history(desk.registry, desk.actor(), question.key, limit=question.limit, before=question.before)
    return {"revisions": lines}


class Lists(Question):
    """What `lists` asks."""

    series: Annotated[
        str, Field(max_length=100, description="One list with all its issues; empty names every list.")
    ] = ""


def _lists(_: Desk, question: Lists) -> dict[str, Any]:
    if question.series:
        return {"series": show_series(question.series), "issues": list_issues(question.series)}
    return {"lists": all_series()}


class IssueAsked(Question):
    """What `issue` asks."""

    series: SeriesName
    number: Annotated[
        int | None,
        Field(ge=1, le=2**31 - 1, description="The number of the issue; the last one if not given."),
    ] = None
    limit: Limit = 20
    offset: Offset = 0


def _issue(_: Desk, question: IssueAsked) -> dict[str, Any]:
    _issue_read, digest, content = open_issue(question.series, question.number)
    told: dict[str, Any] = json.loads(content)
    entries = told.get("entries", [])
    told["entries"] = entries[question.offset : question.offset + question.limit]
    return {"digest": digest, "n_entries": len(entries), "offset": question.offset, "issue": told}


class Targets(Question):
    """What `targets` asks."""

    as_of: Day = None
    pack: Annotated[str, Field(max_length=100, description="Only targets of this policy pack.")] = ""
    direction: Direction = ""
    region: Region = ""


def _targets(desk: Desk, question: Targets) -> dict[str, Any]:
    return {
        "targets": all_targets(
            desk.registry, as_of=question.as_of, pack=question.pack, direction=question.direction, region=question.region
        )
    }  # fmt: skip


class TargetAsked(Question):
    """What `target` asks."""

    target: Annotated[
        str,
        Field(min_length=1, max_length=200, description="The identifier of a target, as `targets` gives it."),
    ]
    as_of: Day = None
    direction: Direction = ""
    region: Region = ""
    limit: Annotated[
        int, Field(ge=0, le=MOST, description="How many of the revisions behind it are listed.")
    ] = 50
    offset: Offset = 0


def _target(desk: Desk, question: TargetAsked) -> dict[str, Any]:
    asked = {"as_of": question.as_of, "direction": question.direction, "region": question.region}
    page = show_target(desk.registry, question.target, **asked)  # type: ignore[arg-type]
    found = behind(desk.registry, question.target, **asked)  # type: ignore[arg-type]
    return {
        "target": page, "n_behind": len(found), "offset": question.offset,
        "behind": found[question.offset : question.offset + question.limit],
    }  # fmt: skip


class Clauses(Question):
    """What `clauses` asks."""

    pack: Annotated[
        str,
        Field(max_length=100, description="The policy pack; the first one with a clause map if not given."),
    ] = ""
    standing: Annotated[
        Literal["served", "partly", "not yet"] | None, Field(description="Only systems that stand like this.")
    ] = None


def _clauses(desk: Desk, question: Clauses) -> dict[str, Any]:
    packs = load_packs([desk.workspace / "packs"])
    known = [pack for pack in packs if pack.systems]
    chosen = [pack for pack in known if not question.pack or pack.id == question.pack]
    if not known:
        raise EvidenceError.of(
            "no installed pack has a clause map", expected="a pack with one", do="look at the list of packs"
        )
    if not chosen:
        raise NotThereError.of(
            "the pack {pack!r} has no clause map", expected="one of {known}", do="correct the name",
            pack=question.pack[:40], known=", ".join(pack.id for pack in known),
        )  # fmt: skip
    told = describe_clause_map(chosen[0])
    if question.standing is not None:
        told["rows"] = [row for row in told["rows"] if row["standing"] == question.standing]
    return told


TOOLS = (
    Tool(
        "search",
        "One search over records, published lists, concepts and technologies, by words and meaning, in English and "
        "Chinese; each hit says why it was found.",
        Search, _search, Answer,
    ),
    Tool(
        "list_kinds",
        "The kinds of record there are, with how many you may see; or one kind with its fields, states and transitions.",
        ListKinds, _list_kinds,
    ),
    Tool(
        "list_records",
        "Records of one kind, filtered, sorted and counted by facets; only what you may see.",
        ListRecords, _list_records, Table,
    ),
    Tool(
        "get_record",
        "One record as far as you may see it: its values and where they come from, its state, the moves you may make.",
        GetRecord, _get_record, RecordPage,
    ),
    Tool(
        "record_history",
        "The revisions of a record, the newest first: who changed what, when and why.",
        RecordHistory, _record_history,
    ),
    Tool("lists", "The published lists; or one of them with its numbered issues.", Lists, _lists),
    Tool(
        "issue",
        "One published issue of a list as it was frozen, with its hash and its entries.",
        IssueAsked, _issue,
    ),
    Tool(
        "targets",
        "What the policy wants by a date, and how much of it published issues count.",
        Targets, _targets,
    ),
    Tool(
        "target",
        "One target, and what is behind its count: the revisions of records in published issues.",
        TargetAsked, _target,
    ),
    Tool(
        "clauses",
        "The clause map of a policy: which of its systems this product serves, partly serves, or does not serve yet.",
        Clauses, _clauses,
    ),
)  # fmt: skip
"""In the order in which one needs them."""
