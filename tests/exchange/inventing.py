"""Invented profiles: an offer and a need in both languages, and copies of them with some of their words changed."""

from __future__ import annotations

from typing import Any

import numpy as np

TRACK = "cn-future-industries-2024/new-energy-storage"
OFFER: dict[str, Any] = {
    "title": {"en": "Invented leak sensor for hydrogen pipelines", "zh": "虚构氢气管道泄漏传感器"},
    "summary": {
        "en": "Finds invented leaks of 0.1 g a year without calibration. A maker of valves is looked for.",
        "zh": "虚构传感器无需标定即可发现每年0.1克的泄漏，寻求阀门制造企业合作。",
    },
    "description": {
        "en": "The invented sensor compares the sound of two membranes and needs no reference gas. It was tried on "
        "12 km of an invented pipeline through two winters and works between -30 and 60 degrees.",
        "zh": "虚构传感器比较两层薄膜的声学响应，不需要参比气体。已在12公里虚构管道上经过两个冬季试用，"
        "工作温度为零下30度至60度，安装不需停输。",
    },
    "advantages": {"en": "Finds a tenth of what comparable sensors find, at 40 % of the price."},
    "stage": "field-tested", "maturity": 7, "rights": ["patent-granted"], "cooperation": ["licence"],
    "partner_role": {"en": "The partner builds it into valves."}, "valid_until": "2026-12-31",
    "tracks": [TRACK], "region": "CN-33",
}  # fmt: skip
NEED: dict[str, Any] = {
    "title": {"en": "Invented need for leak detection in hydrogen filling stations"},
    "summary": {"en": "An operator of 40 invented filling stations looks for sensors that need no calibration."},
    "description": {"en": "Sensors of today drift within 3 months and must be calibrated by hand at every station, "
                          "which costs an invented operator 200 visits a year."},
    "requirements": {"en": "Leaks of 1 g a year found within 10 minutes, no calibration for 2 years."},
    "cooperation": ["licence", "service"], "partner_role": {"en": "Delivers 400 sensors and keeps them."},
    "maturity": 6, "valid_until": "2026-12-31", "tracks": [TRACK], "region": "CN-31",
}  # fmt: skip
SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "ki",
    "lo",
    "mu",
    "ne",
    "po",
    "ra",
    "si",
    "te",
    "vu",
    "wo",
    "xi",
    "za",
)


def invented_words(drawn: np.random.Generator, n: int) -> list[str]:
    """Words of a language that nobody speaks, of two to four syllables."""
    return ["".join(drawn.choice(SYLLABLES, drawn.integers(2, 5))) for _ in range(n)]


def invented_text(drawn: np.random.Generator, sentences: int = 8) -> str:
    """Sentences of eight such words and a figure."""
    return " ".join(
        f"{' '.join(invented_words(drawn, 8)).capitalize()} {drawn.integers(2, 900)} bar."
        for _ in range(sentences)
    )


def changed_text(text: str, share: float, drawn: np.random.Generator) -> str:
    """The text with a share of its words replaced by others, at random places."""
    words = text.split()
    places = drawn.choice(len(words), round(share * len(words)), replace=False)
    for place, other in zip(places, invented_words(drawn, len(places)), strict=True):
        words[place] = other
    return " ".join(words)
