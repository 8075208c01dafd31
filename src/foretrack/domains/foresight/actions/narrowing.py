"""Narrows an as-of view to the documents of a track or direction of a policy pack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from foretrack.corpus.engine import Engine
from foretrack.corpus.views import AsOfView, Filters
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.tracks.classify import classify_texts
from foretrack.foundation.errors import InputError
from foretrack.foundation.progress import Progress
from foretrack.packs.loading import load_packs, resolve_track
from foretrack.packs.shapes import Pack

MIN_PROBABILITY = 0.3
"""Probability, by the lexicon alone, from which a document belongs to a track: the one that lists use."""
_TEXTS = ("title", "abstract", "alt_title", "alt_abstract")


@dataclass(frozen=True, slots=True)
class NarrowView:
    """The documents of a view that belong to a track; behaves like the view and leads to nothing later."""

    view: AsOfView
    kept: frozenset[str]
    """Identifiers of the documents that stay."""

    @property
    def as_of(self) -> int:
        return self.view.as_of

    @property
    def snapshot(self) -> str:
        return self.view.snapshot

    @property
    def filters(self) -> Filters:
        return self.view.filters

    @property
    def engine(self) -> Engine:
        return self.view.engine

    @property
    def n_documents(self) -> int:
        return len(self.kept)

    def words(self) -> Any:
        """The words of the view's documents, those that do not belong included."""
        return self.view.words()

    def batches(self, columns: Sequence[str], size: int = 8192) -> Iterator[pa.RecordBatch]:
        """As the view's batches, without the documents that do not belong."""
        for batch in self.view.batches(list(dict.fromkeys(["document_id", *columns])), size=size):
            mask = pa.array(
                [name in self.kept for name in batch.column("document_id").to_pylist()], pa.bool_()
            )
            yield batch.filter(mask).select(list(columns))


def narrow(workspace: Workspace, view: AsOfView, tracks: Sequence[str], progress: Progress) -> NarrowView:
    """The documents whose title and abstract lie on one of the tracks or directions.

    Decided by the pack's lexicon alone, so no model that has read later texts takes part; the lexicon itself is
    as old as the pack. InputError for an unknown track.
    """
    packs = load_packs([workspace.root / "packs"])
    wanted = _wanted(packs, tracks)
    kept: set[str] = set()
    total, done = view.n_documents, 0
    for batch in view.batches(["document_id", *_TEXTS], size=2048):
        rows: dict[str, list[Any]] = {name: batch.column(name).to_pylist() for name in batch.schema.names}
        texts = [
            ".\n".join(part for part in parts if part)
            for parts in zip(*(rows[name] for name in _TEXTS), strict=True)
        ]
        for pack, ids in wanted:
            found = classify_texts(texts, pack, None)
            columns = [number for number, name in enumerate(found.ids[:-1]) if name in ids]
            belongs = found.matrix[:, columns].sum(axis=1) >= MIN_PROBABILITY
            kept.update(name for name, yes in zip(rows["document_id"], belongs, strict=True) if yes)
        done += batch.num_rows
        progress("looking for the track", done, total)
    return NarrowView(view, frozenset(kept))


def _wanted(packs: Sequence[Pack], tracks: Sequence[str]) -> list[tuple[Pack, frozenset[str]]]:
    """Per pack the ids of the wanted tracks; a direction stands for all its tracks."""
    chosen: dict[str, set[str]] = {}
    by_id = {pack.id: pack for pack in packs}
    for name in tracks:
        short = name.rsplit("/", 1)[-1]
        of_direction = [
            (pack, {track.id for track in pack.tracks if track.direction == short})
            for pack in packs
            if name in (short, f"{pack.id}/{short}")
        ]
        matches = [(pack, ids) for pack, ids in of_direction if ids]
        if len(matches) > 1:
            raise InputError(
                f"the direction {name!r} is in {len(matches)} packs",
                expected=" or ".join(f"{pack.id}/{short}" for pack, _ in matches),
                do="write the pack's id in front",
            )
        if matches:
            chosen.setdefault(matches[0][0].id, set()).update(matches[0][1])
        else:
            pack, track = resolve_track(packs, name)
            chosen.setdefault(pack.id, set()).add(track.id)
    return [(by_id[pack], frozenset(ids)) for pack, ids in sorted(chosen.items())]
