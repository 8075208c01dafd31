"""Which documents belong to a track, technology or concept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.actions.technologies import StoredTechnologies
from foretrack.domains.foresight.answers import SeriesPoint
from foretrack.domains.foresight.positions.answers import GroupKind
from foretrack.foundation.errors import EvidenceError, InputError

Numbers: TypeAlias = npt.NDArray[np.int64]

MIN_TRACK_PROBABILITY = 0.5
"""Probability from which a concept's documents count for its track: more likely than not."""


@dataclass(frozen=True, slots=True)
class GroupDocuments:
    """The documents of a group, as its scan knows them."""

    kind: GroupKind
    id: str
    label: str
    document_ids: frozenset[str]


def documents_of_group(scan: Scan, kind: GroupKind, name: str) -> GroupDocuments:
    """The documents of the track, technology or concept called `name`.

    A document is of a track when it mentions a concept that is on it with a probability of .5 or more. InputError for
    an unknown name; EvidenceError when no concept is on the track.
    """
    match kind:
        case "concept":
            row = scan.row_of(name)
            item = scan.items([row])[0]
            ids = frozenset(document for document, _ in scan.documents_of(row))
            return GroupDocuments("concept", item.concept, item.label, ids)
        case "track":
            return _of_track(scan, name)
        case "technology":
            return _of_technology(scan, name)
        case _:
            raise InputError(
                f"no group of the kind {kind!r}",
                expected="track, technology or concept",
                do="correct the question",
            )


def yearly_documents_of_track(scan: Scan, name: str) -> tuple[SeriesPoint, ...]:
    """How many documents of each year are of a track, among all of the year."""
    _, numbers = _track_documents(scan, name)
    documents = scan.stored.table("documents")["year"].to_numpy()
    years, totals = np.unique(documents, return_counts=True)
    counts = dict(zip(*np.unique(documents[numbers], return_counts=True), strict=True))
    return tuple(
        SeriesPoint(int(year), "all", "all", int(counts.get(year, 0)), int(total), float(counts.get(year, 0) / total))
        for year, total in zip(years, totals, strict=True)
    )  # fmt: skip


def _of_track(scan: Scan, name: str) -> GroupDocuments:
    short, numbers = _track_documents(scan, name)
    return GroupDocuments("track", short, short, _ids(scan, numbers))


def _track_documents(scan: Scan, name: str) -> tuple[str, Numbers]:
    """The short name of a track, and the numbers of its documents in the scan."""
    short = name.rsplit("/", 1)[-1]
    known: set[str] = set()
    rows: list[int] = []
    for row, entry in enumerate(scan.concepts.select(["tracks"]).to_pylist()):
        known.update(label for track in entry["tracks"] for label in (track["track"], track["direction"]))
        p = sum(track["p"] for track in entry["tracks"] if short in (track["track"], track["direction"]))
        if p >= MIN_TRACK_PROBABILITY:
            rows.append(row)
    if short not in known:
        raise InputError(
            f"no concept of this scan is labelled with track {name!r}",
            expected="a track or direction such as " + ", ".join(sorted(known)[:8])
            if known
            else "a labelled scan",
            do="see `foretrack tracks` for the identifiers",
        )
    if not rows:
        raise EvidenceError(
            f"no concept of this scan is on track {name!r} with a probability of {MIN_TRACK_PROBABILITY:g}",
            expected="one such concept at least",
            do="look at `foretrack emerging --track` for those that may be",
        )
    mentions = scan.stored.table("mentions")
    chosen = mentions.filter(pc.is_in(mentions["concept"], pa.array(rows, mentions["concept"].type)))
    return short, np.unique(chosen["document"].to_numpy())


def _of_technology(scan: Scan, name: str) -> GroupDocuments:
    stored = StoredTechnologies(scan)
    number = stored.number_of(name)
    ids = frozenset(document for document, _ in stored.documents_of(number))
    return GroupDocuments("technology", stored.rows[number]["technology"], stored.rows[number]["label"], ids)


def _ids(scan: Scan, numbers: Numbers) -> frozenset[str]:
    found = scan.stored.table("documents")["document_id"].take(pa.array(numbers, pa.int64()))
    return frozenset(map(str, found.to_pylist()))
