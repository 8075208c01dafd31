"""One search over everything: records and the lookout."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from foretrack.api.shapes import Text
from foretrack.search.actions.records import seen_by
from foretrack.search.actions.searching import search
from foretrack.search.query import MOST_CHARACTERS
from foretrack.search.shapes import Answer as Found
from foretrack.web.cursors import Cursor, Limit, next_address, position_of
from foretrack.web.rendering import Request
from foretrack.web.routes import Answer, Routes

ROUTES = Routes("search", "Search")
Chosen: TypeAlias = Annotated[list[Text], Field(max_length=50)] | None


@ROUTES.get("/search", "Find records and what the lookout knows, each with its reasons", answers=Found)
def search_everything(
    request: Request, q: Annotated[str, Field(max_length=MOST_CHARACTERS)] = "",
    order: Literal["relevance", "newest"] = "relevance", unit: Chosen = None, kind: Chosen = None,
    language: Chosen = None, status: Chosen = None, region: Chosen = None, limit: Limit = 20, cursor: Cursor = "",
) -> Answer:  # fmt: skip
    at = position_of(request, cursor)
    offset = int(at[0]) if at else 0
    filters = {"unit": unit, "kind": kind, "language": language, "status": status, "region": region}
    found = search(
        q, viewer=seen_by(request.actor), filters={name: values for name, values in filters.items() if values},
        limit=limit, offset=offset, language=request.actor.language, order=order,
    )  # fmt: skip
    reached = offset + len(found.hits)
    following = next_address(request, [reached] if found.hits and reached < found.total else None)
    return Answer(found, {"Link": f'<{following}>; rel="next"'} if following else {})
