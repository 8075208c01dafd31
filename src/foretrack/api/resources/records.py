"""Records of a kind: found, made, changed and moved on. The fields are those that the kind declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from pydantic import Field

from foretrack.accounts.actions.finding import find_reviewers
from foretrack.accounts.answers import Person
from foretrack.api.shapes import Key, Name, Prose, Values, record_address, record_of
from foretrack.foundation.errors import InputError
from foretrack.registry.actions import records
from foretrack.registry.actions.pointing import RECORD, Pointing, keys_of, pointing_to
from foretrack.registry.actions.tables import SORTS, Filters, table, walk
from foretrack.registry.answers import Assigned, Facet, RecordLine, RecordPage
from foretrack.registry.declaring.fields import Choice, Day, Json, Number, Visibility, YesNo
from foretrack.registry.declaring.kind import Kind
from foretrack.web.cursors import CURSOR, LIMIT, Cursor, Limit, next_address, position_of
from foretrack.web.rendering import Request
from foretrack.web.routes import Answer, Given, Many, Routes, read_revision
from foretrack.web.speech import Words, say

ROUTES = Routes("records", "Records")

SORT = "sort"
MOST_TEXT = 500
"""Characters of one filter."""
FILTERS = Words(
    {
        "title_has": "Words that the title has to hold",
        "region_in": "The beginning of a region's code",
        "organisation_is": "Key of an organisation",
        "updated_since": "A day or a moment",
        "due_before": "Somebody has to act before this day",
    }
)
"""Filters that every kind has beside its facets."""


def filters_of(request: Request) -> Filters:
    """The filters that an address holds; everything that is not said here is a facet."""
    given = request.GET
    long = next((name for name in given for text in given.getlist(name) if len(text) > MOST_TEXT), "")
    if long:
        raise InputError.of(
            "{name} has more than {most} characters", expected="a shorter text", do="shorten it", name=long[:80],
            most=MOST_TEXT,
        )  # fmt: skip
    own = {*FILTERS, SORT, CURSOR, LIMIT, "format"}
    return Filters(
        facets={name: given.getlist(name) for name in given if name not in own},
        text=given.get("title_has", ""),
        region=given.get("region_in", ""),
        organisation=given.get("organisation_is", ""),
        updated_since=given.get("updated_since", ""),
        due_before=given.get("due_before", ""),
    )


def filter_parameters(kind: Kind, language: str) -> Sequence[Mapping[str, Any]]:
    """The filters of a kind as OpenAPI describes parameters."""
    made: list[Mapping[str, Any]] = [
        {
            "in": "query",
            "name": name,
            "description": say(text),
            "schema": {"type": "string", "maxLength": MOST_TEXT},
        }
        for name, text in FILTERS.items()
    ]
    facets: list[tuple[str, str, dict[str, Json]]] = [
        ("status", say("State"), {"enum": [state.name for state in kind.states]})
    ]
    for f in kind.facets:
        # Labels are accepted too, and codes that only old records have: so no list of values is the whole truth.
        known = list(f.options) if isinstance(f, Choice) else ["yes", "no"] if isinstance(f, YesNo) else []
        told = f"{f.label.text(language)}: {', '.join(known)}" if known else f.label.text(language)
        facets.append((f.name, told, {"type": "string", "maxLength": MOST_TEXT}))
    made += [
        {
            "in": "query", "name": name, "description": label, "style": "form", "explode": True,
            "schema": {"type": "array", "items": one, "maxItems": 50},
        }
        for name, label, one in facets
    ]  # fmt: skip
    return made


def table_parameters(kind: Kind, language: str) -> Sequence[Mapping[str, Any]]:
    """The filters of a kind, and what its records can be sorted by."""
    values = [
        f.name
        for f in kind.fields
        if not f.many and (f.facet or isinstance(f, Number | Day)) and f.name not in SORTS
    ]
    names = [*SORTS, "status", *values]
    sort = {
        "in": "query", "name": SORT, "description": say("What comes first; with - in front, the greatest"),
        "schema": {"enum": [sign + name for name in dict.fromkeys(names) for sign in ("", "-")], "default": "-updated"},
    }  # fmt: skip
    return [sort, *filter_parameters(kind, language)]


@ROUTES.get("/records/{kind}", "find records", answers=Many[RecordLine], query=table_parameters, of_kind=True)
def list_records(request: Request, kind: str, limit: Limit = 50, cursor: Cursor = "") -> Answer:
    found = walk(
        request.registry, request.actor, kind, filters_of(request), sort=request.GET.get(SORT, "-updated"),
        after=position_of(request, cursor), limit=limit,
    )  # fmt: skip
    following = next_address(request, found.after)
    return Answer(Many(found.lines, following), {"Link": f'<{following}>; rel="next"'} if following else {})


@dataclass(frozen=True, slots=True)
class Counted:
    """How many records there are, and how many have each value of each facet."""

    kind: str
    total: int
    facets: tuple[Facet, ...]


@ROUTES.get(
    "/records/{kind}/facets",
    "count records by facets",
    answers=Counted,
    query=filter_parameters,
    of_kind=True,
)
def count_records(request: Request, kind: str) -> Counted:
    found = table(request.registry, request.actor, kind, filters_of(request), limit=0)
    return Counted(found.kind, found.total, found.facets)


class NewRecord(Given):
    """A record to make."""

    values: Values
    visibility: Visibility = "public"
    provenance: Values = Field(default_factory=dict)
    """Field (or `*` for the whole record) to where it comes from: source, url, date, licence, confidence."""


@ROUTES.post("/records/{kind}", "make a record", answers=RecordPage, status=201, of_kind=True)
def create_record(request: Request, kind: str, given: NewRecord) -> Answer:
    made = records.create(
        request.registry,
        request.actor,
        kind,
        given.values,
        visibility=given.visibility,
        provenance=given.provenance,
    )
    return Answer(made, {"Location": record_address(made)}, made.revision)


@ROUTES.get("/records/{kind}/{key:key}", "one record", answers=RecordPage, of_kind=True, moved=True)
def show_record(request: Request, kind: str, key: Key) -> Answer | HttpResponse:
    found = record_of(request, kind, key)
    if found.key != key:
        return HttpResponse(status=308, headers={"Location": record_address(found)})
    return Answer(found, revision=found.revision)


class ChangedRecord(Given):
    """What changes; a field given as null is taken out, and one that is not named stays."""

    values: Values = Field(default_factory=dict)
    visibility: Visibility | None = None
    provenance: Values = Field(default_factory=dict)
    reason: Prose = ""


@ROUTES.patch("/records/{kind}/{key:key}", "change a record", answers=RecordPage, of_kind=True, locked=True)
def edit_record(request: Request, kind: str, key: Key, given: ChangedRecord) -> Answer:
    record_of(request, kind, key)
    changed = records.edit(
        request.registry, request.actor, key, given.values, revision=read_revision(request),
        visibility=given.visibility, provenance=given.provenance, reason=given.reason,
    )  # fmt: skip
    return Answer(changed, revision=changed.revision)


class Moving(Given):
    """What a transition needs."""

    reason: Prose = ""
    values: Values = Field(default_factory=dict)
    """Fields that the transition needs and the record lacks yet."""


@ROUTES.post(
    "/records/{kind}/{key:key}/moves/{transition}", "Move a record on to another state", answers=RecordPage,
    locked=True,
)  # fmt: skip
def move_record(request: Request, kind: str, key: Key, transition: Name, given: Moving) -> Answer:
    record_of(request, kind, key)
    moved = records.move(
        request.registry, request.actor, key, transition, revision=read_revision(request), reason=given.reason,
        values=given.values,
    )  # fmt: skip
    return Answer(moved, revision=moved.revision)


@ROUTES.get("/records/{kind}/{key:key}/links", "The records that point at one", answers=Many[Pointing])
def list_links_of_record(request: Request, kind: str, key: Key) -> Many[Pointing]:
    record_of(request, kind, key)
    names = keys_of(request.registry, request.actor, key)
    return Many(pointing_to(request.registry, request.actor, [(RECORD, name) for name in names]))


@ROUTES.get("/records/{kind}/{key:key}/assignments", "Who reviews a record now", answers=Many[Assigned])
def list_assignments(request: Request, kind: str, key: Key) -> Many[Assigned]:
    record_of(request, kind, key)
    return Many(records.assigned_to(request.registry, request.actor, key))


@ROUTES.get("/reviewers", "Whom you may ask to review", answers=Many[Person])
def list_reviewers(request: Request) -> Many[Person]:
    return Many(find_reviewers(request.actor))


class Assigning(Given):
    """Who shall review a record."""

    reviewer: Key


@ROUTES.post(
    "/records/{kind}/{key:key}/assignments", "Ask somebody to review a record", answers=None, status=204
)
def assign_reviewer(request: Request, kind: str, key: Key, given: Assigning) -> None:
    record_of(request, kind, key)
    records.assign(request.registry, request.actor, key, given.reviewer)


@ROUTES.delete("/records/{kind}/{key:key}/assignments/{reviewer}", "End a review", answers=None, status=204)
def end_assignment(request: Request, kind: str, key: Key, reviewer: Key) -> None:
    record_of(request, kind, key)
    records.assign(request.registry, request.actor, key, reviewer, ended=True)
