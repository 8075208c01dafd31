"""Which documents belong to a track, technology or concept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.actions.technologies import StoredTechnologies
from foretrack.domains.foresight.positions.answers import GroupKind
from foretrack.foundation.errors import EvidenceError, InputError

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


def _of_track(scan: Scan, name: str) -> GroupDocuments:
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
    return GroupDocuments("track", short, short, _ids(scan, chosen["document"]))


def _of_technology(scan: Scan, name: str) -> GroupDocuments:
    stored = StoredTechnologies(scan)
    number = stored.number_of(name)
    ids = frozenset(document for document, _ in stored.documents_of(number))
    return GroupDocuments("technology", stored.rows[number]["technology"], stored.rows[number]["label"], ids)


def _ids(scan: Scan, numbers: pa.ChunkedArray[Any]) -> frozenset[str]:
    found = scan.stored.table("documents")["document_id"].take(pa.array(np.unique(numbers.to_numpy())))
    return frozenset(map(str, found.to_pylist()))
