"""Records that may be one: the pairs, what people say about them, merging and its undoing."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from foretrack.api.shapes import Key, Name, Number, Prose, Revision
from foretrack.registry.access.permission import require
from foretrack.registry.actions import duplicates, merging
from foretrack.registry.answers import Merged, PairLine, Proposed
from foretrack.web.addresses import named_in_address
from foretrack.web.cursors import Cursor, Limit, next_address, position_of
from foretrack.web.rendering import Request
from foretrack.web.routes import Answer, Given, Many, Routes

ROUTES = Routes("duplicates", "Duplicates and merges")
Judgement = Literal["nobody looked", "same", "different", "unsure"]
Take = Annotated[list[Name], Field(max_length=200)]


@ROUTES.get("/duplicates", "Pairs of records that may be one, the most alike first", answers=Many[PairLine])
def list_pairs(
    request: Request, judgement: Judgement = "nobody looked", kind: Annotated[str, Field(max_length=40)] = "",
    limit: Limit = 50, cursor: Cursor = "",
) -> Answer:  # fmt: skip
    at = position_of(request, cursor)
    after = (float(at[0]), int(at[1])) if at else None
    lines = duplicates.pairs(
        request.registry, request.actor, kind_name=kind, judgement=judgement, limit=limit, after=after
    )
    more = bool(lines) and bool(
        duplicates.pairs(
            request.registry, request.actor, kind_name=kind, judgement=judgement, limit=1,
            after=(lines[-1].score, lines[-1].number),
        )
    )  # fmt: skip
    following = next_address(request, [lines[-1].score, lines[-1].number] if more else None)
    return Answer(Many(lines, following), {"Link": f'<{following}>; rel="next"'} if following else {})


@ROUTES.get("/duplicates/{number}", "One pair", answers=PairLine)
def show_pair(request: Request, number: Number) -> PairLine:
    require(request.actor, "judge duplicate")
    with named_in_address():
        return duplicates.pair(request.registry, request.actor, number)


class Looking(Given):
    """Where to look for duplicates."""

    kind: Name


@ROUTES.post("/duplicates", "Look through a kind for pairs that may be one", answers=Proposed)
def propose_pairs(request: Request, given: Looking) -> Proposed:
    return duplicates.propose(request.registry, request.actor, given.kind)


class Judging(Given):
    """What a person says about a pair."""

    judgement: Literal["same", "different", "unsure"]
    revisions: Annotated[list[Revision], Field(min_length=2, max_length=2)]
    """Of the first and the second record, as the person read them."""
    survivor: Key | None = None
    """For `same`: the record that stays."""
    take: Take = Field(default_factory=list)
    """For `same`: fields that it takes from the other one."""
    reason: Prose = ""


@ROUTES.post(
    "/duplicates/{number}/judgements", "Say what a pair is; `same` merges it", answers=Merged | PairLine
)
def judge_pair(request: Request, number: Number, given: Judging) -> Merged | PairLine:
    require(request.actor, "judge duplicate")
    with named_in_address():
        duplicates.pair(request.registry, request.actor, number)
    return duplicates.judge(
        request.registry, request.actor, number, given.judgement, survivor=given.survivor or "", take=given.take,
        revisions=(given.revisions[0], given.revisions[1]), reason=given.reason,
    )  # fmt: skip


class Merging(Given):
    """Two records that are one."""

    survivor: Key
    absorbed: Key
    survivor_revision: Revision
    absorbed_revision: Revision
    take: Take = Field(default_factory=list)
    """Fields whose value the survivor takes from the other one."""
    reason: Prose = ""


@ROUTES.post("/merges", "Say that two records are one", answers=Merged, status=201)
def merge_records(request: Request, given: Merging) -> Merged:
    return merging.merge(
        request.registry, request.actor, given.survivor, given.absorbed, take=given.take,
        survivor_revision=given.survivor_revision, absorbed_revision=given.absorbed_revision, reason=given.reason,
    )  # fmt: skip


class Undoing(Given):
    """Why a merge is undone."""

    reason: Prose = ""


@ROUTES.post(
    "/merges/{absorbed}/undo", "Undo a merge: both records stand by themselves again", answers=Merged
)
def undo_merge(request: Request, absorbed: Key, given: Undoing) -> Merged:
    return merging.unmerge(request.registry, request.actor, absorbed, reason=given.reason)
