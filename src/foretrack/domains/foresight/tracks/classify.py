"""Probabilities per track and for none of them, for texts and for concepts, with the reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.tracks.evidence import (
    TEXT_FEATURES,
    concept_features,
    mean_by_group,
    none_features,
    text_features,
    with_highest,
    with_meaning,
)
from foretrack.domains.foresight.tracks.fitted import Model, model_for
from foretrack.domains.foresight.tracks.lexicon import Hit, LexiconEvidence, LexiconMatcher
from foretrack.domains.foresight.tracks.logit import probabilities
from foretrack.domains.foresight.tracks.meaning import similarities
from foretrack.domains.foresight.tracks.propagation import propagate
from foretrack.language.embedding.port import Embedder, Vectors
from foretrack.packs.shapes import NONE, Pack, Track

Floats = npt.NDArray[np.float32]

HINT = 0.05
"""Probability of one track, without a model, from which on a label is worth embedding."""


@dataclass(frozen=True, slots=True)
class TrackProbabilities:
    """Probabilities of n items over the k tracks of one pack and `none`."""

    pack: str
    ids: tuple[str, ...]
    """(k + 1) short ids of the tracks, then `none`: the columns of `matrix`."""
    directions: tuple[str, ...]
    """(k + 1) direction of each column, `none` last."""
    matrix: Floats
    """(n, k + 1) float32, rows sum to 1."""
    reasons: tuple[tuple[str, ...], ...]
    """Per item, why its first tracks are probable, most telling first."""
    method: str
    """Method, version and embedding model, to be kept with the numbers."""

    def decide(self) -> list[tuple[str, str, float]]:
        """(direction, track, probability of the track) per item; `none`, `none` and its probability when it wins.

        The direction with the highest sum is taken, unless none is at least as probable, and in it the most
        probable track: evidence that is split between neighbours in one direction still counts for the direction,
        and evidence that is spread thinly over all directions is none.
        """
        groups = sorted(set(self.directions[:-1]))
        columns = {group: [i for i, d in enumerate(self.directions) if d == group] for group in groups}
        answers = []
        for row in self.matrix:
            sums = {name: float(row[columns[name]].sum()) for name in groups}
            group = max(groups, key=lambda name: sums[name])
            if row[-1] >= sums[group]:
                answers.append((NONE, NONE, float(row[-1])))
                continue
            best = max(columns[group], key=lambda i: float(row[i]))
            answers.append((group, self.ids[best], float(row[best])))
        return answers

    def top(self, row: int, count: int = 3) -> list[tuple[str, float]]:
        """The `count` most probable tracks of an item with their probabilities, without `none`."""
        order = np.argsort(-self.matrix[row, :-1], kind="stable")[:count]
        return [(self.ids[i], float(self.matrix[row, i])) for i in order]


def classify_texts(
    texts: Sequence[str],
    pack: Pack,
    embedder: Embedder | None,
    *,
    means: Mapping[str, Vectors] | None = None,
    model: Model | None = None,
) -> TrackProbabilities:
    """Probabilities for titles, abstracts or any texts, English or Chinese.

    Without an embedder the lexicon alone decides. `means` are the embedder's language means (centring).
    `model` replaces the fitted weights that come with Foretrack.
    """
    chosen = model or model_for("text", embedder.name if embedder else None)
    found = LexiconMatcher(pack.tracks).match(texts)
    near = _near(texts, pack.tracks, embedder, means)
    features = text_features(found, near)
    matrix = probabilities(features, none_features(found, near), chosen.weights).astype(np.float32)
    return _answer(pack, matrix, found.hits, near, None, None, chosen)


def classify_concepts(
    labels: Sequence[str],
    forms: Sequence[Sequence[str]],
    contexts: Sequence[Sequence[str]],
    graph: Any | None,
    pack: Pack,
    embedder: Embedder | None,
    *,
    means: Mapping[str, Vectors] | None = None,
    model: Model | None = None,
) -> TrackProbabilities:
    """Probabilities for the concepts of a scan.

    Args:
        labels: n labels.
        forms: per concept its other spellings, both languages; may be empty.
        contexts: per concept a few titles of documents that carry it; may be empty.
        graph: scipy CSR (n, n) of co-occurrence weights, or None. Shares rows with `labels`.
        embedder: used on the labels that `unsettled` names; None leaves meaning out.

    Labels of tracks are labels: they must not become features of a forecast, since the embedding model has read
    texts later than any as-of date.
    """
    plain = model_for("concept", None)
    matcher = LexiconMatcher(pack.tracks)
    own = matcher.match(
        [" | ".join(dict.fromkeys([label, *more])) for label, more in zip(labels, forms, strict=True)]
    )
    counts = np.array([len(titles) for titles in contexts], dtype=np.int64)
    told = matcher.match([title for titles in contexts for title in titles])
    around = propagate(concept_seed(own.strong, own.negative), graph) if graph is not None else None
    features = concept_features(own, told, counts, None, around)
    matrix = probabilities(features, none_features(own, None), (model or plain).weights).astype(np.float32)
    near: Floats | None = None
    chosen = model or plain
    if embedder is not None:
        chosen = model or model_for("concept", embedder.name)
        near = np.zeros(own.strong.shape, dtype=np.float32)
        rows = unsettled(own, matrix)
        if len(rows):
            near[rows] = similarities([labels[i] for i in rows], pack.tracks, embedder, means or {})
            part = features[rows]
            part[:, :, : len(TEXT_FEATURES)] = with_meaning(part[:, :, : len(TEXT_FEATURES)], near[rows])
            lone = with_highest(none_features(own, None)[rows], near[rows])
            matrix[rows] = probabilities(part, lone, chosen.weights)
    return _answer(
        pack,
        matrix,
        own.hits,
        near,
        around,
        mean_by_group((told.strong > 0).astype(np.float32), counts),
        chosen,
    )


def unsettled(own: LexiconEvidence, matrix: Floats) -> npt.NDArray[np.int64]:
    """Rows whose label has no strong term, while titles, neighbours or a weak term make some track likely.

    Only these are embedded: a strong term decides as well without (docs/decisions/0003-embeddings.md), and a
    label that nothing hints at is a general term. `matrix` are the probabilities without a model.
    """
    hinted = matrix[:, :-1].max(axis=1, initial=0) >= HINT
    rows: npt.NDArray[np.int64] = np.flatnonzero(hinted & ~(own.strong > 0).any(axis=1))
    return rows


def concept_seed(strong: Floats, negative: Floats) -> Floats:
    """(n, k) what is known before looking at neighbours: strong terms, split between the tracks they point to.

    >>> concept_seed(np.array([[2, 2], [0, 0]], dtype=np.float32), np.zeros((2, 2), dtype=np.float32)).tolist()
    [[0.5, 0.5], [0.0, 0.0]]
    """
    clear = np.maximum(strong - negative, 0)
    total = clear.sum(axis=1, keepdims=True)
    result: Floats = np.divide(clear, total, out=np.zeros_like(clear), where=total > 0)
    return result


def _near(
    texts: Sequence[str],
    tracks: Sequence[Track],
    embedder: Embedder | None,
    means: Mapping[str, Vectors] | None,
) -> Floats | None:
    return None if embedder is None else similarities(texts, tracks, embedder, means or {})


def _answer(
    pack: Pack,
    matrix: Floats,
    hits: Sequence[Sequence[Hit]],
    near: Floats | None,
    around: Floats | None,
    told: Floats | None,
    model: Model,
) -> TrackProbabilities:
    tracks = pack.tracks
    reasons = tuple(
        _reasons(
            row, hits[i], None if near is None else near[i], None if around is None else around[i],
            None if told is None else told[i], tracks,
        )
        for i, row in enumerate(matrix)
    )  # fmt: skip
    return TrackProbabilities(
        pack=pack.id,
        ids=(*(track.id for track in tracks), NONE),
        directions=(*(track.direction for track in tracks), NONE),
        matrix=matrix,
        reasons=reasons,
        method=model.name,
    )


def _reasons(
    row: Floats,
    hits: Sequence[Hit],
    near: Floats | None,
    around: Floats | None,
    told: Floats | None,
    tracks: Sequence[Track],
) -> tuple[str, ...]:
    """One phrase per kind of evidence for the two most probable tracks; what speaks for none when it wins."""
    found: list[str] = []
    for number in np.argsort(-row[:-1], kind="stable")[:2]:
        if row[number] < 0.05:
            continue
        name = tracks[number].id
        for strength, word in (("strong", "term"), ("weak", "weak term"), ("negative", "against")):
            terms = [hit.term for hit in hits if hit.entry == number and hit.strength == strength]
            if terms:
                found.append(f"{name}: {word} {', '.join(terms[:4])}")
        if told is not None and told[number] > 0:
            found.append(f"{name}: {told[number]:.0%} of its titles carry a term of the track")
        if around is not None and around[number] >= 0.02:
            found.append(f"{name}: {around[number]:.0%} of its neighbourhood")
        if near is not None and near[number] > 0 and int(np.argmax(near)) == number:
            found.append(f"{name}: nearest in meaning ({near[number]:.2f})")
    if row[-1] >= row[:-1].max() and not any(hit.strength == "strong" for hit in hits):
        found.append("no telling term of any track")
    return tuple(found)
