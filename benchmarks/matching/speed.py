"""How long a match list takes among many invented offers, and a new one until it is matched.

    benchmarks/matching/speed.py [--offers 100000] [--asked 100] [--out speed.json]

Texts are words drawn by Zipf's law, vectors are drawn at random around 200 themes; nothing of it is true. Wall and
processor time of one list of ten with reasons; of the next version of the shelf with one changed offer; and of a peer
without filters, sentences or reasons: brute-force cosines of scikit-learn, and BM25 as one sparse product.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from foretrack.matching.engine.prepared import Prepared, document_vector, pieces, words_of
from foretrack.matching.engine.ranking import rank
from foretrack.matching.engine.shelf import Shelf
from foretrack.matching.profiles import Profile

TODAY = date(2026, 11, 28)
D = 512
N_WORDS = 30_000


class Market:
    def __init__(self, seed: int = 11) -> None:
        self.chance = np.random.default_rng(seed)
        letters = np.array([c + v for c in "bcdfghklmnprstvz" for v in "aeiou"])
        drawn = self.chance.choice(letters, (N_WORDS * 2, 3))
        self.words = sorted({"".join(row) for row in drawn.tolist()})[:N_WORDS]
        self.words = [self.words[at] for at in self.chance.permutation(len(self.words))]
        law = np.cumsum(1.0 / (np.arange(1, len(self.words) + 1) + 20.0))
        self.law = law / law[-1]
        themes = self.chance.normal(size=(200, D)).astype(np.float32)
        self.themes = themes / np.linalg.norm(themes, axis=1, keepdims=True)

    def sentence(self, n: int) -> str:
        return " ".join(self.words[at] for at in np.searchsorted(self.law, self.chance.random(n)).tolist())

    def profile(self, number: int, side: Any, sentences: int) -> Profile:
        text = ". ".join(self.sentence(18).capitalize() for _ in range(sentences)) + "."
        level = int(self.chance.integers(1, 10))
        need = side == "need"
        return Profile(
            key=f"{side}-{number:07d}", side=side, title=self.sentence(6), texts=(text,), language="en",
            tracks=frozenset(f"t{at}" for at in self.chance.integers(0, 30, 2).tolist()),
            maturity=(max(level - 4, 1), 9) if need else (level, level),
            cooperation=frozenset(self.chance.choice(["licence", "research", "joint", "service"], 2).tolist()),
            region=f"CN-{int(self.chance.integers(10, 41))}", languages=frozenset({"zh", "en"}),
            until=TODAY + timedelta(days=int(self.chance.integers(-30, 330))), organisation=f"org-{number % 5000}",
            evidence={"patent": number % 7},
        )  # fmt: skip

    def prepared(self, number: int, side: Any, sentences: int) -> Prepared:
        profile = self.profile(number, side, sentences)
        own = pieces(profile)
        vectors = self.themes[int(self.chance.integers(200))] + self.chance.normal(
            scale=0.04, size=(len(own), D)
        ).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        weights = np.ones(len(own), np.float32)
        return Prepared(profile, "en", own, vectors, document_vector(vectors, weights), words_of(profile))


def timed(runs: list[Callable[[], object]]) -> dict[str, Any]:
    wall, cpu = [], []
    for run in runs:
        w, c = time.perf_counter(), time.process_time()
        run()
        wall.append(1000 * (time.perf_counter() - w))
        cpu.append(1000 * (time.process_time() - c))
    return {
        name: {f"p{p}": round(float(np.percentile(values, p)), 1) for p in (50, 95)}
        for name, values in (("wall_ms", wall), ("processor_ms", cpu))
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--offers", type=int, default=100_000)
    parser.add_argument("--asked", type=int, default=100)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    market = Market()
    start = time.process_time()
    # Each fifth is written; the others say the same under another name, with other facts.
    written = [market.prepared(number, "offer", 6) for number in range(0, given.offers, 5)]
    made = time.process_time() - start
    offers = [
        replace(
            one,
            profile=replace(
                one.profile, key=f"offer-{5 * at + more:07d}", organisation=f"org-{at % 997}-{more}"
            ),
        )
        for at, one in enumerate(written)
        for more in range(5)
    ]
    needs = [market.prepared(number, "need", 12) for number in range(given.asked)]
    own = Shelf.of("need", needs, model="invented", dimension=D)
    start = time.process_time()
    shelf = Shelf.of("offer", offers, model="invented", dimension=D)
    built = time.process_time() - start
    figures: dict[str, Any] = {"offers": given.offers, "asked": given.asked, "dimension": D}
    figures["sentences_an_offer"] = round(float(np.mean([len(one.passages) for one in offers])), 2)
    figures["words_a_need"] = round(float(np.mean([len(one.words) for one in needs])), 1)
    figures["passed_share"] = round(
        float(np.mean([rank(n, shelf, today=TODAY, own=own).n_passed for n in needs[:10]])) / len(shelf), 3
    )
    figures["prepare_ms_each_without_model"] = round(1000 * made / len(written), 2)
    figures["build_s_processor"] = round(built, 1)
    figures["list_of_ten"] = timed([lambda n=n: rank(n, shelf, today=TODAY, own=own) for n in needs])
    changed = [market.prepared(given.offers + at, "offer", 6) for at in range(40)]
    current = [shelf]
    figures["one_offer_more"] = timed([lambda c=c: current.append(current[-1].updated([c])) for c in changed])
    figures["blocks_after_it"] = len(current[-1].blocks)
    figures["list_of_ten_after_it"] = timed(
        [lambda n=n: rank(n, current[-1], today=TODAY, own=own) for n in needs]
    )
    figures["peer"] = peer(offers, needs)
    figures["megabytes_at_most"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    block = shelf.blocks[0]
    figures["megabytes"] = {
        "documents": round(block.documents.nbytes / 2**20), "passages": round(block.passages.nbytes / 2**20),
        "postings": round((block.postings.rows.nbytes + block.postings.counts.nbytes) / 2**20),
    }  # fmt: skip
    text = json.dumps(figures, indent=1)
    print(text)
    if given.out:
        given.out.write_text(text + "\n")


def peer(offers: list[Prepared], needs: list[Prepared]) -> dict[str, Any]:
    from sklearn.neighbors import NearestNeighbors

    documents = np.stack([one.document for one in offers])
    near = NearestNeighbors(n_neighbors=10, metric="cosine", algorithm="brute").fit(documents)
    numbers: dict[str, int] = {}
    rows = [
        (numbers.setdefault(w, len(numbers)), row, c)
        for row, one in enumerate(offers)
        for w, c in one.words.items()
    ]
    words, at, counts = (np.array(part) for part in zip(*rows, strict=True))
    lengths = np.bincount(at, counts, minlength=len(offers))
    data = counts * 2.2 / (counts + 1.2 * (0.25 + 0.75 * lengths[at] / lengths.mean()))
    idf = np.log1p((len(offers) + 0.5) / (np.bincount(words) + 0.5))
    matrix = sp.csc_matrix((data * idf[words], (at, words)), shape=(len(offers), len(numbers)))

    def lexical(one: Prepared) -> object:
        scores = np.asarray(matrix[:, [numbers[w] for w in one.words if w in numbers]].sum(axis=1)).ravel()
        return np.argpartition(-scores, 10)[:10]

    return {
        "cosine": timed([lambda n=n: near.kneighbors(n.document[None, :]) for n in needs]),
        "bm25": timed([lambda n=n: lexical(n) for n in needs]),
    }


if __name__ == "__main__":
    main()
