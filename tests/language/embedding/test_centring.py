"""Language means and unit vectors."""

from __future__ import annotations

import numpy as np
import pytest

from foretrack.language.embedding.centring import centre, language_means, script_language, unit_rows


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("电池", "zh"),
        ("battery", "en"),
        ("", "en"),
        ("2024", "en"),
        ("GaN功率器件", "zh"),
        ("The word 电 in a long sentence", "en"),
    ],
)
def test_language_by_script(text: str, language: str) -> None:
    assert script_language(text) == language


def test_centring_brings_two_clouds_together() -> None:
    rng = np.random.default_rng(0)
    meaning = rng.normal(size=(200, 8)).astype(np.float32)
    offset = np.array([9] + [0] * 7, dtype=np.float32)
    both = unit_rows(np.concatenate([meaning + offset, meaning - offset]))
    languages = ["en"] * 200 + ["zh"] * 200

    centred = centre(both, languages, language_means(both, languages))

    raw_hits = (both[:200] @ both[200:].T).argmax(axis=1) == np.arange(200)
    hits = (centred[:200] @ centred[200:].T).argmax(axis=1) == np.arange(200)
    assert hits.mean() > 0.9 > raw_hits.mean()


def test_a_language_without_mean_is_only_scaled() -> None:
    vectors = np.array([[3.0, 4.0]], dtype=np.float32)

    assert np.allclose(centre(vectors, ["fr"], {"en": vectors[0]}), [[0.6, 0.8]])


def test_the_input_is_left_alone() -> None:
    vectors = np.ones((1, 2), dtype=np.float32)

    centre(vectors, ["en"], {"en": np.array([0.5, 0.0], dtype=np.float32)})

    assert vectors.tolist() == [[1.0, 1.0]]
