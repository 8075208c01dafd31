"""Directions and tracks of policy packs as pages name them: labels and links come from packs, never from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.emerging import MIN_TRACK_PROBABILITY
from foretrack.domains.foresight.answers import TrackLabel
from foretrack.packs.loading import load_packs
from foretrack.packs.shapes import Bilingual, Direction, Pack, Track
from foretrack.web.addresses import address
from foretrack.web.speech import page_language


@dataclass(frozen=True, slots=True)
class TrackLine:
    """One track of a pack, and how probably something lies on it."""

    href: str
    label: str
    direction: str
    p: float
    clause: str = ""
    """The clause of the policy that names the track."""
    clause_href: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """The packs that are installed in a workspace."""

    packs: tuple[Pack, ...]

    def pack(self, pack_id: str) -> Pack | None:
        """The pack of an identifier; None for one that is not installed (any more)."""
        return next((pack for pack in self.packs if pack.id == pack_id), None)

    def track(self, full_id: str) -> tuple[Pack, Track] | None:
        """The track called `pack/track`."""
        pack_id, _, short = full_id.partition("/")
        pack = self.pack(pack_id)
        track = next((t for t in pack.tracks if t.id == short), None) if pack else None
        return (pack, track) if pack and track else None

    def label(self, full_id: str) -> str:
        """The label of a track or direction in the page's language; its identifier where no pack knows it."""
        found = self._entry(full_id)
        return found.text(page_language()) if found else full_id.rpartition("/")[2]

    def _entry(self, full_id: str) -> Bilingual | None:
        pack_id, _, short = full_id.partition("/")
        pack = self.pack(pack_id)
        entries: Sequence[Track | Direction] = (*pack.tracks, *pack.directions) if pack else ()
        return next((entry.label for entry in entries if entry.id == short), None)

    def _clause(self, full_id: str) -> tuple[str, str]:
        """The clause that names a track, and its address; both empty where no pack says it."""
        pack, track = self.track(full_id) or (None, None)
        found = next((c for c in pack.clauses if c.id == track.clause), None) if pack and track else None
        if pack is None or found is None:
            return "", ""
        return found.label.text(page_language()), address("pack entry", pack.id, found.id)

    def first_track(self, labels: Sequence[TrackLabel], query: str) -> TrackLine | None:
        """The most probable track, where it is probable enough for a list of it."""
        if not labels or labels[0].p < MIN_TRACK_PROBABILITY:
            return None
        return self.lines(labels[:1], query)[0]

    def lines(self, labels: Sequence[TrackLabel], query: str) -> tuple[TrackLine, ...]:
        """Tracks as a page shows them."""
        return tuple(
            TrackLine(
                address("track", label.pack, label.track) + query if self.track(f"{label.pack}/{label.track}") else "",
                self.label(f"{label.pack}/{label.track}"), self.label(f"{label.pack}/{label.direction}"), label.p,
                *self._clause(f"{label.pack}/{label.track}"),
            )
            for label in labels
        )  # fmt: skip


def policy(workspace: Workspace) -> Policy:
    """The packs of a workspace: those that come with Foretrack and its own."""
    return Policy(load_packs([workspace.root / "packs"]))
