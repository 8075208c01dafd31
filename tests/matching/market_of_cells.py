"""An invented market: forty needs and offers about a handful of things, and an embedder that knows only letters."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from foretrack.language.embedding.port import Vectors
from foretrack.matching.profiles import Profile
from foretrack.registry.declaring.sides import SideName

TODAY = date(2026, 11, 28)
TOPICS = (
    (
        "Sodium-ion cells that charge in the cold",
        "The cell must accept a full charge at forty degrees below zero.",
    ),
    ("Quiet drone rotors for city delivery", "The rotor noise at ten metres must stay below fifty decibels."),
    (
        "Seals for hydrogen valves at high pressure",
        "The seal must hold seven hundred bar of hydrogen for ten years.",
    ),
    ("低温钠离子电池电芯", "电芯须在零下四十摄氏度完成充电，循环寿命不少于三千次。"),
    (
        "Optical inspection of turbine blades",
        "The camera must find cracks of fifty micrometres in curved blades.",
    ),
)
_EXTRA = (
    "The price per unit should fall by a third within two years.",
    "Tests in an accredited laboratory are part of the work.",
    "We have built two hundred samples and can show a running line.",
    "供应商应具备批量生产能力，并提供检测报告。",
)


class LetterEmbedder:
    """Texts that share runs of three letters are near. Deterministic, 32 numbers."""

    name = "letters-1"
    dimension = 32

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, 32) unit rows."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            low = text.lower()
            for at in range(max(len(low) - 2, 1)):
                digest = hashlib.blake2b(low[at : at + 3].encode(), digest_size=4).digest()
                vectors[row, digest[0] % self.dimension] += 1 if digest[1] % 2 else -1
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        scaled: Vectors = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
        return scaled


def market(n: int = 40, seed: int = 3) -> tuple[list[Profile], list[Profile]]:
    """Needs and offers whose facts are drawn at random, many of them not stated."""
    chance = np.random.default_rng(seed)

    def some(values: Sequence[str], most: int = 2) -> frozenset[str]:
        return frozenset(chance.choice(values, int(chance.integers(0, most + 1)), replace=False).tolist())

    def one(values: Sequence[str]) -> str:
        return str(chance.choice([*values, "", ""]))

    made: list[Profile] = []
    for number in range(2 * n):
        title, asks = TOPICS[int(chance.integers(len(TOPICS)))]
        extra = [_EXTRA[at] for at in chance.permutation(len(_EXTRA))[: int(chance.integers(0, 4))].tolist()]
        side: SideName = "need" if number < n else "offer"
        level = int(chance.integers(1, 10))
        spread = int(chance.integers(0, 4)) if side == "need" else 0
        made.append(
            Profile(
                key=f"{side}-{number:03d}", side=side, title=title if chance.random() < 0.7 else f"Idea {number}",
                texts=(" ".join([asks, *extra]),),
                tracks=some(("t/batteries", "t/drones", "t/hydrogen")),
                maturity=(level, min(level + spread, 9)) if chance.random() < 0.6 else None,
                cooperation=some(("licence", "research", "investment")),
                partner_types=some(("university", "company"), 1), sort_of=one(("university", "company")),
                region=one(("CN-33", "CN-33-01", "CN-11", "DE")),
                partner_regions=some(("CN-33", "CN", "DE"), 1), languages=some(("zh", "en"), 1),
                until=TODAY + timedelta(days=int(chance.integers(-30, 300))) if chance.random() < 0.5 else None,
                flags=some(("dual-use", "hazardous"), 1), organisation=one([f"org-{at}" for at in range(6)]),
                evidence={"patent": int(chance.integers(0, 20))},
            )
        )  # fmt: skip
    return made[:n], made[n:]
