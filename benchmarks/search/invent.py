"""A hundred thousand invented things in English and Chinese: nothing in them is true, and no name is anybody's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from foretrack.search.shapes import Thing

TRACKS = [f"track-{number:02d}" for number in range(24)]
REGIONS = [f"region-{number:02d}" for number in range(31)]
KINDS = ("achievement", "need", "enterprise", "facility", "standard-draft")
N_WORDS = 20_000


@lru_cache(maxsize=1)
def words_of(seed: int = 20261127) -> tuple[list[str], list[str]]:
    """Invented English and Chinese words, the frequent ones first."""
    rng = np.random.default_rng(seed)
    syllables = np.array(
        [c + v + e for c in "bcdfghklmnprstvz" for v in "aeiou" for e in ("", "n", "r", "l")]
    )
    characters = np.array([chr(code) for code in rng.choice(np.arange(0x4E00, 0x9FA5), 2500, replace=False)])
    weights = 1.0 / np.arange(1, len(characters) + 1) ** 0.8

    def made(pieces: np.ndarray, p: np.ndarray | None, least: int, most: int) -> list[str]:
        drawn = rng.choice(pieces, (N_WORDS * 2, most), p=p)
        sizes = rng.integers(least, most + 1, N_WORDS * 2)
        words = sorted(
            {"".join(row[:size]) for row, size in zip(drawn.tolist(), sizes.tolist(), strict=True)}
        )
        return [words[at] for at in rng.permutation(len(words))[:N_WORDS].tolist()]

    return made(syllables, None, 2, 3), made(characters, weights / weights.sum(), 2, 4)


def things(n: int, seed: int = 20261127) -> Iterator[Thing]:
    """`n` things: a third with both titles; bodies of 20 to 100 words by Zipf's law; one in ten private."""
    rng = np.random.default_rng(seed)
    english, chinese = words_of()
    law = np.cumsum(1.0 / np.arange(1, N_WORDS + 1))
    law /= law[-1]

    def draw(vocabulary: list[str], k: int) -> list[str]:
        return [vocabulary[at] for at in np.searchsorted(law, rng.random(k)).tolist()]

    for number in range(n):
        in_chinese = bool(rng.random() < 0.5)
        size, titles = int(rng.integers(20, 100)), int(rng.integers(3, 9))
        both = bool(rng.random() < 1 / 3)
        private = bool(rng.random() < 0.1)
        yield Thing(
            unit="record" if number % 4 else "document",
            key=f"invented-{number}",
            title_en=" ".join(draw(english, titles)) if both or not in_chinese else "",
            title_zh="".join(draw(chinese, max(titles // 2, 1))) if both or in_chinese else "",
            body="，".join("".join(draw(chinese, 4)) for _ in range(size // 4))
            if in_chinese
            else " ".join(draw(english, size)),
            kind=KINDS[int(rng.integers(len(KINDS)))],
            facets={"track": (TRACKS[int(rng.integers(24))],), "region": (REGIONS[int(rng.integers(31))],)},
            visibility="private" if private else "public",
            readers=(f"organisation:{number % 50}",) if private else (),
            changed_at=f"20{int(rng.integers(10, 27)):02d}-{int(rng.integers(1, 13)):02d}-01",
            identifiers=(f"INV {number:06d}",),
        )


def questions(n: int, seed: int = 7) -> list[str]:
    """Questions of one to three words as frequent as in titles, half of them Chinese.

    Without the hundred most frequent words of each language: people leave function words out, and so does search.
    """
    english, chinese = words_of()
    chance = np.random.default_rng(seed)
    law = np.cumsum(1.0 / np.arange(1, N_WORDS + 1))
    law = (law - law[99]) / (law[-1] - law[99])
    asked = []
    for number in range(n):
        vocabulary = chinese if number % 2 else english
        at = np.searchsorted(law, chance.random(int(chance.integers(1, 4))))
        asked.append(" ".join(vocabulary[i] for i in at.tolist()))
    return asked
