"""Times `classify_concepts` on invented concepts of the size of a large scan.

python -m benchmarks.tracks.speed [--concepts 30000] [--embedders none use3]
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
from scipy.sparse import csr_array

from foretrack.domains.foresight.tracks.classify import classify_concepts, unsettled
from foretrack.domains.foresight.tracks.lexicon import LexiconMatcher
from foretrack.language.embedding.choosing import open_embedder, stored_means
from foretrack.packs.loading import choose_pack, load_packs

TITLES, WORDS, NEIGHBOURS = 5, 10, 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--concepts", type=int, default=30_000)
    parser.add_argument("--embedders", nargs="+", default=["none", "use3"])
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    pack = choose_pack(load_packs(), "cn-future-industries-2024")
    terms = [
        term
        for track in pack.tracks
        for part in track.lexicon.values()
        for term in (*part.strong, *part.weak)
    ]
    noise = ["".join(rng.choice(list("aeioubcdfglmnprst"), 7)) for _ in range(6000)]
    count = options.concepts
    # One word in ten carries a term, as among the titles of the labelled sample.
    pool = np.array(terms + list(rng.choice(noise, 9 * len(terms))))
    labels = [" ".join(words) for words in rng.choice(pool, (count, 2))]
    contexts = [[" ".join(title) for title in titles] for titles in rng.choice(pool, (count, TITLES, WORDS))]
    rows = np.repeat(np.arange(count), NEIGHBOURS)
    links = csr_array(
        (rng.random(len(rows), dtype=np.float32), (rows, rng.integers(0, count, len(rows)))),
        shape=(count, count),
    )
    own = LexiconMatcher(pack.tracks).match(labels)
    plain = classify_concepts(labels, [[]] * count, contexts, links, pack, None).matrix
    print(f"{count} concepts, {len(unsettled(own, plain))} of them worth embedding")
    for short in options.embedders:
        embedder = open_embedder(short)
        start = time.perf_counter()
        means = stored_means(embedder.name) if embedder else None
        found = classify_concepts(labels, [[]] * count, contexts, links, pack, embedder, means=means)
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{short}: {seconds:.1f} s, {count / seconds:.0f} concepts a second, peak {peak:.0f} MiB")
        print(f"  none wins for {np.mean([track == 'none' for _, track, _ in found.decide()]):.0%}")


if __name__ == "__main__":
    main()
