"""Names of things come through; scaffolding of abstracts, boilerplate and chance neighbours do not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.foresight.corpora import FILLERS, fill

from foretrack.language.folding import break_at_stops, fold
from foretrack.language.terms.counting import count_phrases
from foretrack.language.terms.termhood import judge, npmi
from foretrack.language.tokens import tokenise


def terms(texts: list[str], unwanted: frozenset[str] = frozenset()) -> set[str]:
    """The kept phrases of the texts, words separated by spaces."""
    tokens = tokenise([texts])
    folding = fold(
        tokens.words, np.bincount(tokens.numbers[tokens.numbers >= 2] - 2, minlength=len(tokens.words))
    )
    stream = break_at_stops(tokens, folding)
    n_words = len(folding.spellings)
    counts = count_phrases(stream.folded, stream.offsets, n_words=n_words, min_df=5)
    occurrences = np.bincount(stream.folded[stream.folded >= 0], minlength=n_words).astype(np.int64)
    verdict = judge(counts, folding.spellings, occurrences, tokens.n_documents, unwanted=unwanted)
    return {
        " ".join(folding.spellings[w] for w in counts.words(level, int(index)))
        for level, kept in enumerate(verdict.kept, 1)
        for index in np.flatnonzero(kept)
    }


def written(*phrases: str, n: int = 12) -> list[str]:
    """Invented texts, `n` of them with all of `phrases`, among as many without."""
    rng = np.random.default_rng(5)
    with_them = [fill(rng, *phrases) for _ in range(n)]
    return with_them + [fill(rng) for _ in range(10 * n)]


@pytest.mark.parametrize(
    "phrase",
    [
        "experimental results",
        "extensive experiments",
        "all rights reserved",
        "copyright",
        "http",
        "https",
        "www",
        "github",
        "publicly available",
        "et al",
        "significantly outperforms",
        "state of the art",
        "this paper",
        "proposed method",
        "实验结果",
        "本文",
    ],
)
def test_scaffolding_never_comes_through(phrase: str) -> None:
    found = terms(written(phrase, n=30))
    simple = phrase.removesuffix("s")
    assert not {t for t in found if phrase in t or simple in t.split()}


@pytest.mark.parametrize(
    "phrase",
    [
        "large language model",
        "quantum annealing",
        "solid-state battery",
        "few-shot learning",
        "perovskite solar cell",
        "脑机接口",
    ],
)
def test_names_of_things_come_through(phrase: str) -> None:
    assert phrase.replace("-", " ").replace(" ", "") in {t.replace(" ", "") for t in terms(written(phrase))}


def test_a_soft_word_needs_more_cohesion_than_others() -> None:
    # "large" stands before many words here, so each such pair is chance, while "large language model" is not.
    rng = np.random.default_rng(0)
    texts = [fill(rng, "large language model") for _ in range(20)]
    texts += [fill(rng, f"large {FILLERS[i % 12]}") for i in range(72)] + [fill(rng) for _ in range(700)]
    found = terms(texts)
    assert "large language model" in found
    assert not {t for t in found if t.startswith("large ") and t != "large language model"}


def test_a_phrase_that_lives_inside_a_longer_one_gives_way_to_it() -> None:
    found = terms(written("reversible photonic crossbar", n=20))
    assert "reversible photonic crossbar" in found
    assert "reversible photonic" not in found
    assert "photonic crossbar" not in found


def test_a_phrase_that_also_stands_alone_stays_beside_the_longer_one() -> None:
    rng = np.random.default_rng(1)
    texts = [fill(rng, "photonic crossbar") for _ in range(30)]
    texts += [fill(rng, "reversible photonic crossbar") for _ in range(10)]
    texts += [fill(rng) for _ in range(300)]
    assert {"photonic crossbar", "reversible photonic crossbar"} <= terms(texts)


def test_what_the_user_does_not_want_is_dropped() -> None:
    texts = written("quantum annealing", "photonic crossbar")
    assert "quantum annealing" in terms(texts)
    found = terms(texts, frozenset({"quantum annealing"}))
    assert "quantum annealing" not in found
    assert "photonic crossbar" in found


@settings(max_examples=100)
@given(st.floats(1e-6, 1), st.floats(1e-6, 1), st.floats(0.001, 1))
def test_npmi_stays_between_minus_one_and_one(left: float, right: float, part: float) -> None:
    joint = np.array([min(left, right) * part])
    value = float(npmi(joint, np.array([left]), np.array([right]))[0])
    assert -1 - 1e-9 <= value <= 1 + 1e-9
