"""A few invented things in two languages, indexed; without meanings unless a test asks for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from foretrack.search.actions.indexing import index
from foretrack.search.actions.searching import search
from foretrack.search.shapes import Answer, Thing

Ask = Callable[..., Answer]


def made(key: str, title: str = "", zh: str = "", **more: Any) -> Thing:
    return Thing(more.pop("unit", "record"), key, title_en=title, title_zh=zh, **more)


THINGS = (
    made(
        "1", zh="全固态电池电解质", body="硫化物固态电解质的研究", identifiers=("GB/T 38031-2020",),
        changed_at="2026-01-01",
    ),
    made(
        "2", "Solid-state batteries with sulfide electrolytes", body="Cells for 6G base stations.",
        changed_at="2026-02-01",
    ),
    made("3", "Implantable brain computer interfaces for speech", changed_at="2025-05-05"),
    made("4", zh="侵入式腦機接口的臨床試驗"),
    made("5", zh="固态电解质用于锂电池", body="态电。固态。电池。"),
    made("c1", "brain-computer interface", "脑机接口", unit="concept"),
    made("6", "Tips on e-mail", body="How to write letters: C++, naïve users, Web 3.0."),
)  # fmt: skip


@pytest.fixture
def ask(db: None) -> Ask:
    index(THINGS)

    def run(query: str, **more: Any) -> Answer:
        return search(query, **{"embedder": None, **more})

    return run


def keys(answer: Answer) -> list[str]:
    return [hit.key for hit in answer.hits]
