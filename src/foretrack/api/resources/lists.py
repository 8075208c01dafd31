"""Published lists: series, and their frozen, numbered and hashed issues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpResponse
from pydantic import Field

from foretrack.api.shapes import Both, Key, Name, Number, Prose, Sha256, Text
from foretrack.foundation.errors import NotThereError
from foretrack.lists.actions import issuing, reading
from foretrack.lists.actions import series as keeping
from foretrack.lists.actions.issuing import Prepared, Taken
from foretrack.lists.actions.reading import IssueLine
from foretrack.lists.actions.series import SeriesPage
from foretrack.lists.changes import Changes, summary
from foretrack.lists.issue import as_json, digest_of
from foretrack.lists.rendering.formats import FORMATS
from foretrack.lists.rendering.wording import wording
from foretrack.packs.shapes import Bilingual
from foretrack.web.addresses import named_in_address
from foretrack.web.rendering import Request
from foretrack.web.routes import Answer, Given, Many, Routes

ROUTES = Routes("lists", "Published lists")
Facets = Annotated[dict[Name, list[Text]], Field(max_length=50)]


@dataclass(frozen=True, slots=True)
class Difference:
    """What an issue changes against the one before."""

    summary: str
    entered: tuple[str, ...]
    """Keys of records."""
    left: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    lines: tuple[str, ...]
    """The changes in words."""


@dataclass(frozen=True, slots=True)
class IssuePage:
    """An issue, published or as it would be."""

    digest: str
    """SHA-256 of the issue's JSON file; of the next one: what `expected` takes when it is published."""
    issue: dict[str, Any]
    """As in the JSON file of the issue."""
    changes: Difference


def _difference(changes: Changes, language: str) -> Difference:
    words = wording("zh" if language == "zh" else "en")
    return Difference(
        words.sentence(summary(changes)), tuple(e.record for e in changes.entered),
        tuple(one.entry.record for one in changes.left), tuple(one.entry.record for one in changes.changed),
        len(changes.unchanged), tuple(words.changes(changes)),
    )  # fmt: skip


def _prepared(made: Prepared, language: str) -> IssuePage:
    return IssuePage(digest_of(made.issue), as_json(made.issue), _difference(made.changes, language))


@ROUTES.get("/lists", "Every series of lists", answers=Many[SeriesPage])
def list_series(request: Request) -> Many[SeriesPage]:
    return Many(keeping.all_series())


class NewSeries(Given):
    """A series to declare."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    kind: Name
    title: Both
    publisher: Both
    description: Both = Field(default_factory=Both)
    licence: Text = "CC-BY-4.0"
    fields: Annotated[list[Name], Field(max_length=100)] = Field(default_factory=list)
    """Public fields that an issue tells; none: all columns of the kind's table."""
    filters: Facets = Field(default_factory=dict)
    """Facet to the values of which a record must have one."""
    months_valid: Annotated[int, Field(ge=1, le=1200)] | None = None
    clause: Text = ""


@ROUTES.post("/lists", "Declare a series of lists", answers=SeriesPage, status=201)
def declare_series(request: Request, given: NewSeries) -> Answer:
    made = keeping.declare_series(
        request.registry, request.actor, given.name, kind=given.kind, title=given.title.given(),
        publisher=given.publisher.given(), description=given.description.given(), licence=given.licence,
        fields=given.fields, filters=given.filters, months_valid=given.months_valid, clause=given.clause,
    )  # fmt: skip
    return Answer(made, {"Location": f"/api/v1/lists/{made.name}"})


@ROUTES.get("/lists/{name}", "One series", answers=SeriesPage)
def show_series(request: Request, name: str) -> SeriesPage:
    with named_in_address():
        return keeping.show_series(name)


NOTHING: Any = None
"""For what is not named; null is refused there."""


class ChangedSeries(Given):
    """What later issues say and take; what is not named stays."""

    title: Both = NOTHING
    publisher: Both = NOTHING
    description: Both = NOTHING
    licence: Text = NOTHING
    fields: Annotated[list[Name], Field(max_length=100)] = NOTHING
    filters: Facets = NOTHING
    months_valid: Annotated[int, Field(ge=1, le=1200)] | None = None
    """null: without an end."""
    clause: Text = NOTHING


@ROUTES.patch("/lists/{name}", "Change what later issues say", answers=SeriesPage)
def change_series(request: Request, name: str, given: ChangedSeries) -> SeriesPage:
    with named_in_address():
        keeping.find_series(name)
    changes: dict[str, Any] = {
        field: value.given() if isinstance(value, Both) else value
        for field in sorted(given.model_fields_set)
        for value in [getattr(given, field)]
    }
    return keeping.change_series(request.registry, request.actor, name, **changes)


@ROUTES.get("/lists/{name}/issues", "The issues of a series, the newest first", answers=Many[IssueLine])
def list_issues(request: Request, name: str) -> Many[IssueLine]:
    with named_in_address():
        keeping.find_series(name)
    return Many(reading.issues(name))


def _checked(name: str, number: int) -> None:
    with named_in_address():
        series = keeping.show_series(name)
    if number > series.issues:
        raise NotThereError.of(
            "{name} has no issue {number}", expected="a number from 1 to {last}", do="look at the page of the list",
            name=name, number=number, last=series.issues,
        )  # fmt: skip


@ROUTES.get("/lists/{name}/issues/{number}", "One issue, as it was frozen", answers=IssuePage)
def show_issue(request: Request, name: str, number: Number) -> IssuePage:
    _checked(name, number)
    issue, digest, _ = reading.open_issue(name, number)
    changes = reading.changes(name, number)[0]
    return IssuePage(digest, as_json(issue), _difference(changes, request.actor.language))


@ROUTES.get(
    "/lists/{name}/issues/{number}/diff", "What an issue changes against an earlier one", answers=Difference
)
def diff_issues(request: Request, name: str, number: Number, against: Number | None = None) -> Difference:
    _checked(name, number)
    if against is not None:
        _checked(name, against)
    return _difference(reading.changes(name, number, against)[0], request.actor.language)


@ROUTES.get(
    "/lists/{name}/issues/{number}/file", "An issue as a file",
    answers=", ".join(dict.fromkeys(one.media_type.partition(";")[0] for one in FORMATS.values())),
)  # fmt: skip
def download_issue(
    request: Request, name: str, number: Number,
    format: Annotated[str, Field(json_schema_extra={"enum": sorted(FORMATS)}, max_length=20)] = "json",
    language: Literal["en", "zh"] = "en",
) -> HttpResponse:  # fmt: skip
    _checked(name, number)
    made = reading.render(
        name, number, format, language, site=str(getattr(settings, "FORETRACK_ADDRESS", ""))
    )
    answer = HttpResponse(made.content, content_type=made.media_type)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


class Removing(Given):
    """Why a record leaves the list although it could stay."""

    code: Name
    reason: Both = Field(default_factory=Both)


class NextIssue(Given):
    """What the next issue does beside taking in what is listable."""

    label: Text = ""
    remove: Annotated[dict[Key, Removing], Field(max_length=1000)] = Field(default_factory=dict)
    renew: Annotated[list[Key], Field(max_length=1000)] = Field(default_factory=list)
    """Records whose validity begins anew."""
    readmit: Annotated[list[Key], Field(max_length=1000)] = Field(default_factory=list)
    """Records that were removed before and shall stand again."""

    def taken(self) -> dict[str, Taken]:
        """Key to why it leaves."""
        return {
            key: Taken(one.code, Bilingual(one.reason.en, one.reason.zh)) for key, one in self.remove.items()
        }


@ROUTES.post(
    "/lists/{name}/next", "The next issue as it would be; nothing is published", answers=IssuePage, safe=True
)
def prepare_issue(request: Request, name: str, given: NextIssue) -> IssuePage:
    with named_in_address():
        keeping.find_series(name)
    made = issuing.prepare(
        request.registry, request.actor, name, label=given.label, remove=given.taken(), renew=given.renew,
        readmit=given.readmit,
    )  # fmt: skip
    return _prepared(made, request.actor.language)


class Publishing(NextIssue):
    """An issue to freeze."""

    reason: Prose
    expected: Sha256 | None = None
    """The digest that `next` answered: nothing is published when records changed since."""


@ROUTES.post(
    "/lists/{name}/issues",
    "Publish the next issue; nobody can change it afterwards",
    answers=IssuePage,
    status=201,
)
def publish_issue(request: Request, name: str, given: Publishing) -> Answer:
    with named_in_address():
        keeping.find_series(name)
    made = issuing.publish(
        request.registry, request.actor, name, reason=given.reason, label=given.label, remove=given.taken(),
        renew=given.renew, readmit=given.readmit, expected=given.expected or "",
    )  # fmt: skip
    told = _prepared(made, request.actor.language)
    return Answer(told, {"Location": f"/api/v1/lists/{name}/issues/{made.issue.number}"})
