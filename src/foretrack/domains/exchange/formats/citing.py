"""A profile as others cite it and as machines read it: a line of text, and JSON-LD in the words of schema.org."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PUBLISHER = {"en": "Foretrack exchange", "zh": "Foretrack供需平台"}


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation is made of: nothing that is not public."""

    key: str
    kind: str
    """`offer` or `need`."""
    revision: int
    title: str
    summary: str
    organisation: str
    day: str
    """ISO day since which it is public."""
    until: str
    address: str
    language: str
    """`en` or `zh`."""
    keywords: tuple[str, ...] = ()


def as_text(one: Cited) -> str:
    """A line: who, year, what, number, where; in Chinese as GB/T 7714-2015 orders it.

    >>> as_text(Cited("01K", "offer", 2, "A sensor", "", "Works", "2026-03-02", "", "https://x.example/", "en"))
    'Works. (2026). A sensor (offer 01K, revision 2). Foretrack exchange. https://x.example/'
    """
    if one.language == "zh":
        sort = "供给" if one.kind == "offer" else "需求"
        number = f"{sort}编号{one.key}，第{one.revision}版"
        told = f"{one.title}[EB/OL]. {PUBLISHER['zh']}，{one.day[:4]}. {number}. {one.address}"
        return f"{one.organisation}. {told}" if one.organisation else told
    told = f"{one.title} ({one.kind} {one.key}, revision {one.revision}). {PUBLISHER['en']}. {one.address}"
    return f"{one.organisation}. ({one.day[:4]}). {told}" if one.organisation else f"{told} ({one.day[:4]})"


def as_json_ld(one: Cited) -> Mapping[str, Any]:
    """An Offer or a Demand of schema.org.

    >>> as_json_ld(Cited("01K", "need", 1, "T", "", "W", "2026-03-02", "2027-03-02", "https://x.example/", "en"))["@type"]
    'Demand'
    """
    party = {"@type": "Organization", "name": one.organisation}
    return {
        "@context": "https://schema.org",
        "@type": "Offer" if one.kind == "offer" else "Demand",
        "@id": one.address,
        "identifier": one.key,
        "name": one.title,
        "description": one.summary,
        "url": one.address,
        "inLanguage": "zh-CN" if one.language == "zh" else "en",
        "availabilityStarts": one.day,
        **({"availabilityEnds": one.until, "validThrough": one.until} if one.until else {}),
        **({"offeredBy" if one.kind == "offer" else "seller": party} if one.organisation else {}),
        **({"keywords": list(one.keywords)} if one.keywords else {}),
    }
