"""What a record was: its revisions, what differs between two, and the record at one of them."""

from __future__ import annotations

from foretrack.api.shapes import Key, Revision, record_of
from foretrack.registry.actions import history
from foretrack.registry.answers import RecordPage, RevisionDiff, RevisionLine
from foretrack.web.addresses import named_in_address
from foretrack.web.cursors import Cursor, Limit, next_address, position_of
from foretrack.web.rendering import Request
from foretrack.web.routes import Answer, Many, Routes

ROUTES = Routes("history", "History of records")


@ROUTES.get(
    "/records/{kind}/{key:key}/history", "The revisions of a record, the newest first",
    answers=Many[RevisionLine],
)  # fmt: skip
def list_revisions(request: Request, kind: str, key: Key, limit: Limit = 50, cursor: Cursor = "") -> Answer:
    record_of(request, kind, key)
    at = position_of(request, cursor)
    lines = history.history(
        request.registry, request.actor, key, limit=min(limit + 1, 200), before=int(at[0]) if at else None
    )
    kept = lines[:limit] if limit < 200 else lines[:199]
    following = next_address(request, [kept[-1].number] if len(lines) > len(kept) else None)
    return Answer(Many(kept, following), {"Link": f'<{following}>; rel="next"'} if following else {})


@ROUTES.get(
    "/records/{kind}/{key:key}/history/{number}", "A record as it was at one revision", answers=RecordPage
)
def show_revision(request: Request, kind: str, key: Key, number: Revision) -> RecordPage:
    record_of(request, kind, key)
    with named_in_address():
        return history.past(request.registry, request.actor, key, number)


@ROUTES.get("/records/{kind}/{key:key}/diff", "What differs between two revisions", answers=RevisionDiff)
def diff_revisions(request: Request, kind: str, key: Key, first: Revision, second: Revision) -> RevisionDiff:
    record_of(request, kind, key)
    return history.diff(request.registry, request.actor, key, first, second)
