"""The log of everything that was done, chained by hashes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from foretrack.api.shapes import Number
from foretrack.registry.access.permission import require
from foretrack.registry.actions import auditing
from foretrack.registry.answers import AuditLine
from foretrack.web.addresses import named_in_address
from foretrack.web.cursors import Cursor, Limit, next_address, position_of
from foretrack.web.rendering import Request
from foretrack.web.routes import Answer, Many, Routes

ROUTES = Routes("audit", "Audit log")
Word = Annotated[str, Field(max_length=200)]


@ROUTES.get("/audit", "Entries of the log, the newest first", answers=Many[AuditLine])
def list_entries(
    request: Request, subject: Word = "", who: Word = "", act: Word = "", since: Word = "", until: Word = "",
    limit: Limit = 50, cursor: Cursor = "",
) -> Answer:  # fmt: skip
    at = position_of(request, cursor)
    page = auditing.entries(
        request.registry, request.actor, subject=subject, who=who, act=act, since=since, until=until,
        before=int(at[0]) if at else None, limit=limit,
    )  # fmt: skip
    following = next_address(request, [page.older] if page.older is not None else None)
    return Answer(Many(page.lines, following), {"Link": f'<{following}>; rel="next"'} if following else {})


@ROUTES.get("/audit/{number}", "One entry of the log", answers=AuditLine)
def show_entry(request: Request, number: Number) -> AuditLine:
    require(request.actor, "read audit")
    with named_in_address():
        return auditing.entry(request.registry, request.actor, number)
