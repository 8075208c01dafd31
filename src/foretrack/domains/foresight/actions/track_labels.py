"""Labels the concepts of a scan with the tracks of policy packs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.tracks import open_packs_embedder
from foretrack.domains.foresight.tracks.classify import classify_concepts
from foretrack.language.embedding.choosing import stored_means
from foretrack.packs.loading import choose_pack, load_packs

TRACKS_PER_CONCEPT = 3
MIN_PROBABILITY = 0.05
"""Less probable tracks are not listed."""
EMBEDDER = "use3"
"""Fast enough for tens of thousands of labels: docs/decisions/0003-embeddings.md."""


def label_concepts(
    workspace: Workspace,
    packs: Sequence[str],
    *,
    labels: Sequence[str],
    forms: Sequence[Sequence[str]],
    contexts: Sequence[Sequence[str]],
    graph: Any,
) -> list[tuple[list[dict[str, Any]], float]]:
    """Per concept: its at most three probable tracks over all packs, and the probability of none.

    Args:
        labels, forms, contexts: (n_concepts,); contexts are a few titles of documents that carry the concept.
        graph: csr (n_concepts, n_concepts) co-occurrence weights.

    The probability of none is that of the pack that knows the concept best. InputError for an unknown pack.
    """
    known = load_packs([workspace.root / "packs"])
    chosen = [choose_pack(known, name, holding="tracks") for name in packs]
    embedder = open_packs_embedder(EMBEDDER, chosen, workspace.root)
    found: list[tuple[list[dict[str, Any]], float]] = [([], 1.0) for _ in labels]
    for pack in chosen:
        means = stored_means(embedder.name) if embedder else None
        answer = classify_concepts(labels, forms, contexts, graph, pack, embedder, means=means)
        direction = {track.id: track.direction for track in pack.tracks}
        for row, (tracks, p_none) in enumerate(found):
            tracks.extend(
                {"pack": pack.id, "direction": direction[track], "track": track, "p": round(p, 4)}
                for track, p in answer.top(row, TRACKS_PER_CONCEPT)
                if p >= MIN_PROBABILITY
            )
            tracks.sort(key=lambda entry: -entry["p"])
            found[row] = tracks[:TRACKS_PER_CONCEPT], min(p_none, round(float(answer.matrix[row, -1]), 4))
    return found
