"""Addresses for programs, declared: what a room lets them do. `api` makes them answer and describes them (OpenAPI).

A room declares `ROUTES` beside its `PAGES` and writes one function a route, with the types of what it takes:

    ROUTES = Routes("targets", "Targets")

    @ROUTES.get("/targets", "Every target, counted as of a day", answers=Many[TargetPage])
    def targets(request: Request, as_of: date | None = None) -> Many[TargetPage]: ...

Names of the function that stand in the path come from it, a subclass of `Given` is the JSON body, `Upload` a file,
and all others are the query. What it returns becomes JSON; an HttpResponse (a file, a redirect) is sent as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeAlias, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from pydantic import BaseModel, ConfigDict

from foretrack.web.problems import UnreadRevisionError

Method: TypeAlias = Literal["GET", "POST", "PATCH", "PUT", "DELETE"]
View = TypeVar("View", bound=Callable[..., Any])
T = TypeVar("T")


if TYPE_CHECKING:
    Upload: TypeAlias = UploadedFile[bytes]
else:
    Upload = UploadedFile

_IF_MATCH = re.compile(r"\s*(?:W/)?\"([1-9][0-9]{0,8})(?:-[0-9a-f]*)?\"\s*")


class Given(BaseModel):
    """A JSON body: a field that nobody declared is refused, and so is a value of another type."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, slots=True)
class Many(Generic[T]):
    """Several of one sort: all of them, or a part with the address of the next part."""

    items: tuple[T, ...]
    next: str | None = None
    """Address of the next part; null where there is none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that says more than its value."""

    value: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    revision: int | None = None
    """Of a record: becomes the beginning of its ETag, which `If-Match` of a change takes."""


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address."""

    method: Method
    path: str
    summary: str
    """A sentence of the catalogue."""
    view: Callable[..., Any]
    answers: Any
    """Type of the answer: what pydantic understands; media types (`text/csv`) of a file; None: no content."""
    status: int = 200
    locked: bool = False
    """A change of what was read: needs `If-Match` with its revision (428 without, 412 where it is another)."""
    secret: bool = False
    """The answer holds a secret that is never stored, so that it cannot be given again for an `Idempotency-Key`."""
    upload: bool = False
    """Takes a file, as multipart/form-data."""
    query: Callable[..., Sequence[Mapping[str, Any]]] | None = None
    """Parameters of the query that follow from what is declared: given the kind, as OpenAPI describes them."""
    of_kind: bool = False
    """Described once for each kind, with the fields of its records."""
    safe: bool = False
    """A POST that changes nothing, because what is asked does not fit into an address."""
    moved: bool = False
    """May answer with another address (308)."""

    @property
    def name(self) -> str:
        """The identifier of the operation."""
        return self.view.__name__

    @property
    def writes(self) -> bool:
        """Whether it may change anything."""
        return self.method != "GET" and not self.safe


@dataclass(slots=True)
class Routes:
    """The routes about one resource."""

    name: str
    title: str
    """A sentence of the catalogue."""
    routes: list[Route] = field(default_factory=list)

    def get(self, path: str, summary: str, answers: Any, **more: Any) -> Callable[[View], View]:
        """Declares what is answered to GET."""
        return self._declare("GET", path, summary, answers, more)

    def post(self, path: str, summary: str, answers: Any, **more: Any) -> Callable[[View], View]:
        """Declares what is answered to POST."""
        return self._declare("POST", path, summary, answers, more)

    def patch(self, path: str, summary: str, answers: Any, **more: Any) -> Callable[[View], View]:
        """Declares what is answered to PATCH."""
        return self._declare("PATCH", path, summary, answers, more)

    def delete(self, path: str, summary: str, answers: Any, **more: Any) -> Callable[[View], View]:
        """Declares what is answered to DELETE."""
        return self._declare("DELETE", path, summary, answers, more)

    def _declare(
        self, method: Method, path: str, summary: str, answers: Any, more: Mapping[str, Any]
    ) -> Callable[[View], View]:
        def declare(view: View) -> View:
            self.routes.append(Route(method, path, summary, view, answers, **more))
            return view

        return declare


def read_revision(request: HttpRequest) -> int:
    """The revision that the asker has read, from `If-Match`: `"7"`, or the whole ETag that a GET answered with.

    UnreadRevisionError without one: whoever changes a record shall have seen it.
    """
    said = request.headers.get("If-Match", "")
    found = _IF_MATCH.fullmatch(said)
    if found is None:
        raise UnreadRevisionError.of(
            "the revision that you have read is not named", expected="If-Match with the ETag of the record",
            do="read the record, then send its ETag with the change",
        )  # fmt: skip
    return int(found[1])
