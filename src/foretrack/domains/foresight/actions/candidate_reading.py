"""Candidates for readers of the site: what stands where is public, who decided it and why is for those with a role."""

from __future__ import annotations

from dataclasses import dataclass, replace

from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.candidates import CandidatePage, candidates, history
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.candidates.candidate import Candidate, CandidateList
from foretrack.domains.foresight.candidates.journal import Decision, Entry
from foretrack.domains.foresight.candidates.proposing import TOP
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import may


@dataclass(frozen=True, slots=True)
class ReadCandidates:
    """The list as a reader may see it."""

    list: CandidateList
    whole: bool
    """Whether names and reasons are there."""


@dataclass(frozen=True, slots=True)
class ReadCandidate:
    """One candidate as a reader may see it."""

    page: CandidatePage
    whole: bool


def read_candidates(workspace: Workspace, scan: Scan, actor: Actor, *, top: int = TOP) -> ReadCandidates:
    """The list of `candidates`; without names and reasons for a visitor."""
    found = candidates(workspace, scan, top=top)
    whole = may(actor, "read partner")
    if not whole:
        found = replace(found, items=tuple(_without_words(item) for item in found.items))
    return ReadCandidates(found, whole)


def read_candidate(workspace: Workspace, scan: Scan, actor: Actor, name: str) -> ReadCandidate:
    """One candidate with its decisions, as `history`; without names and reasons for a visitor."""
    page = history(workspace, scan, name)
    whole = may(actor, "read partner")
    if not whole:
        page = replace(
            page, item=_without_words(page.item), decisions=tuple(_bare(entry) for entry in page.decisions)
        )
    return ReadCandidate(page, whole)


def _without_words(item: Candidate) -> Candidate:
    return replace(item, decided_by=None, why=None)


def _bare(entry: Entry) -> Entry:
    body = entry.body
    return replace(
        entry, who="", public_key="", signature="",
        body=replace(body, why="") if isinstance(body, Decision) else body,
    )  # fmt: skip
