"""Vectors on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from foretrack.foundation.errors import OutsideError
from foretrack.language.embedding import cache
from foretrack.language.embedding.cache import CachedEmbedder, text_key, write_part
from foretrack.language.embedding.port import Embedder, Vectors


class Counting:
    """An invented model that counts what it is asked."""

    dimension = 3

    def __init__(self, name: str = "counting/1") -> None:
        self.name = name
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.array([[len(text), 1 / 3, 0] for text in texts], dtype=np.float32).reshape(-1, 3)


def test_each_text_is_embedded_once(tmp_path: Path) -> None:
    model = Counting()
    cached = CachedEmbedder(model, tmp_path)

    first = cached.embed(["a", "bb", "a"])
    again = CachedEmbedder(model, tmp_path).embed(["bb", "a", "电池"])

    assert model.asked == ["a", "bb", "电池"]
    assert first.shape == (3, 3)
    assert again[:2].tolist() == [first[1].tolist(), first[0].tolist()]


def test_fresh_and_stored_vectors_have_the_same_bytes(tmp_path: Path) -> None:
    fresh = CachedEmbedder(Counting(), tmp_path).embed(["abc"])
    stored = CachedEmbedder(Counting(), tmp_path).embed(["abc"])

    assert fresh.tobytes() == stored.tobytes()


def test_models_do_not_share_vectors(tmp_path: Path) -> None:
    one, other = Counting("one"), Counting("other")

    CachedEmbedder(one, tmp_path).embed(["a"])
    CachedEmbedder(other, tmp_path).embed(["a"])

    assert other.asked == ["a"]


def test_a_broken_part_is_embedded_again(tmp_path: Path) -> None:
    CachedEmbedder(Counting(), tmp_path).embed(["a"])
    (part,) = tmp_path.rglob("*.npz")
    part.write_bytes(part.read_bytes()[:40])
    model = Counting()

    assert CachedEmbedder(model, tmp_path).embed(["a"]).shape == (1, 3)
    assert model.asked == ["a"]


def test_many_parts_are_merged_and_none_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_PARTS", 3)
    for number in range(5):
        CachedEmbedder(Counting(), tmp_path).embed([f"text {number}"])
    model = Counting()

    CachedEmbedder(model, tmp_path).embed([f"text {number}" for number in range(5)])

    assert model.asked == []
    assert len(list(tmp_path.rglob("*.npz"))) <= 3
    assert list(tmp_path.rglob("*.tmp")) == []


def test_shipped_vectors_are_read_and_nothing_is_written_without_a_folder(tmp_path: Path) -> None:
    shipped = tmp_path / "counting_1"
    shipped.mkdir()
    write_part(shipped, [text_key("known")], np.array([[7, 7, 7]], dtype=np.float16))
    model = Counting()

    vectors = CachedEmbedder(model, None, [tmp_path]).embed(["known", "new"])

    assert vectors[0].tolist() == [7, 7, 7]
    assert model.asked == ["new"]
    assert len(list(tmp_path.rglob("*"))) == 2


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(OutsideError, match="vectors could not be written"):
        CachedEmbedder(Counting(), tmp_path / "file").embed(["a"])


def test_it_is_an_embedder(tmp_path: Path) -> None:
    assert isinstance(CachedEmbedder(Counting(), tmp_path), Embedder)
