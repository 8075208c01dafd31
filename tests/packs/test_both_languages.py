"""Everything that people read in a pack that comes with Foretrack exists in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from foretrack.packs.loading import load_packs
from foretrack.packs.shapes import Bilingual, Pack

PACKS = load_packs()


def texts(value: Any, path: str) -> Iterator[tuple[str, Bilingual]]:
    """Every bilingual text inside a value, with the way to it."""
    if isinstance(value, Bilingual):
        yield path, value
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from texts(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from texts(part, f"{path}[{key}]")
    elif isinstance(value, tuple):
        for part in value:
            yield from texts(part, f"{path}/{getattr(part, 'id', '')}")


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_no_text_is_in_one_language_only(pack: Pack) -> None:
    found = list(texts(pack, pack.id))

    assert found
    assert [path for path, text in found if bool(text.en) != bool(text.zh)] == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_every_source_that_is_named_has_a_mark(pack: Pack) -> None:
    assert pack.sources
    assert all(source.confidence for source in pack.sources)
