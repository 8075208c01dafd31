"""`emerging`: the ranked list of a scan, whole or for a track."""

from __future__ import annotations

from typing import get_args

from foretrack.domains.foresight.actions.results import Scan, iter_items
from foretrack.domains.foresight.answers import ConceptItem, EmergingList, State
from foretrack.foundation.errors import InputError

MIN_TRACK_PROBABILITY = 0.3
"""Probability from which a concept is shown under a track."""


def emerging(
    scan: Scan, *, track: str | None = None, state: str | None = None, limit: int | None = None
) -> EmergingList:
    """The ranked concepts of a scan, first rank first.

    Args:
        track: identifier of a track or direction of a pack, `pack/track` or short; a concept is listed when
            that probability is at least 0.3. Ranks stay those of the whole list.
        state: only concepts in this state.
        limit: at most so many; None for all.

    InputError when the track or the state does not exist in the scan.
    """
    if state is not None and state not in get_args(State):
        raise InputError(f"no state {state!r}", expected=" or ".join(get_args(State)), do="correct --state")
    chosen: list[ConceptItem] = []
    seen_tracks: set[str] = set()
    for item in iter_items(scan):
        for label in item.tracks:
            seen_tracks.update((label.track, label.direction))
        if (
            (track is None or _belongs(item, track))
            and (state is None or item.state == state)
            and (limit is None or len(chosen) < limit)
        ):
            chosen.append(item)
        if track is None and limit is not None and len(chosen) >= limit:
            break
    if track is not None and not chosen and track.rsplit("/", 1)[-1] not in seen_tracks:
        raise InputError(
            f"no concept of this scan is labelled with track {track!r}",
            expected="a track or direction such as " + ", ".join(sorted(seen_tracks)[:8])
            if seen_tracks
            else "a labelled scan",
            do="see `foretrack tracks` for the identifiers",
        )
    n_ranked = len(scan.ranking)
    return EmergingList(
        scan=scan.name, as_of=scan.as_of, method=scan.method, snapshot=scan.snapshot, track=track,
        n_ranked=n_ranked, n_not_enough_evidence=scan.concepts.num_rows - n_ranked, items=tuple(chosen),
    )  # fmt: skip


def _belongs(item: ConceptItem, track: str) -> bool:
    """Whether the probabilities of the wanted track, or of all tracks of the wanted direction, reach the minimum."""
    wanted = track.rsplit("/", 1)[-1]
    p = sum(label.p for label in item.tracks if wanted in (label.track, label.direction))
    return p >= MIN_TRACK_PROBABILITY
