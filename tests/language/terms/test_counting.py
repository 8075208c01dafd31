"""Document frequencies are exact, whatever the threads and blocks."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.language.terms import counting
from foretrack.language.terms.counting import PhraseCounts, count_phrases, place_phrases

Corpus = list[list[int]]
corpora = st.lists(st.lists(st.integers(-1, 3), max_size=14), max_size=9)
"""Documents of words 0..3; -1 is a break."""


def flat(corpus: Corpus) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    offsets = np.concatenate(([0], np.cumsum([len(d) for d in corpus], dtype=np.int64))).astype(np.int64)
    return np.array([n for d in corpus for n in d], dtype=np.int32), offsets


def slowly(corpus: Corpus, min_df: int) -> dict[tuple[int, ...], set[int]]:
    """Documents of every phrase of up to four words, the plain way."""
    found: dict[tuple[int, ...], set[int]] = defaultdict(set)
    for number, document in enumerate(corpus):
        for start in range(len(document)):
            for length in range(1, 5):
                phrase = tuple(document[start : start + length])
                if len(phrase) == length and -1 not in phrase:
                    found[phrase].add(number)
    return {phrase: documents for phrase, documents in found.items() if len(documents) >= min_df}


def counted(counts: PhraseCounts) -> dict[tuple[int, ...], int]:
    return {
        counts.words(n, i): int(level.df[i])
        for n, level in enumerate(counts.levels, 1)
        for i in range(len(level))
    }


def placed(
    counts: PhraseCounts, parts: tuple[tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]], ...]
) -> list[tuple[tuple[int, ...], int]]:
    return sorted(
        (counts.words(n, int(p)), int(d))
        for n, (ds, ps) in enumerate(parts, 1)
        for d, p in zip(ds, ps, strict=True)
    )


@settings(max_examples=150, deadline=None)
@given(corpora, st.integers(1, 3), st.sampled_from([1, 2]), st.sampled_from([1, 4, 1 << 18]))
def test_counts_are_those_of_a_slow_plain_version(
    corpus: Corpus, min_df: int, threads: int, block: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "_BLOCK_TOKENS", block)
        counts = count_phrases(*flat(corpus), n_words=4, min_df=min_df, threads=threads)
    expected = slowly(corpus, min_df)
    assert counted(counts) == {phrase: len(documents) for phrase, documents in expected.items()}
    # Which document carries which phrase, each pair once.
    pairs = placed(counts, tuple(zip(counts.documents, counts.phrases, strict=True)))
    assert pairs == sorted((phrase, d) for phrase, documents in expected.items() for d in documents)
    for phrase in expected:
        index = counts.find(phrase)
        assert index is not None
        level = counts.levels[len(phrase) - 1]
        if len(phrase) > 1:
            assert counts.words(len(phrase) - 1, int(level.suffix[index])) == phrase[1:]
            assert counts.words(len(phrase) - 1, int(level.prefix[index])) == phrase[:-1]


@settings(max_examples=100, deadline=None)
@given(corpora, corpora, st.sampled_from([1, 5, 1 << 18]))
def test_placing_finds_the_known_phrases_of_other_documents(
    corpus: Corpus, others: Corpus, block: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "_BLOCK_TOKENS", block)
        counts = count_phrases(*flat(corpus), n_words=4, min_df=2)
        found = place_phrases(*flat(others), counts, n_words=4)
    known = counted(counts)
    everything = slowly(others, 1)
    # A phrase is recognised where all its shorter beginnings and ends are known too, which min_df guarantees.
    expected = sorted((p, d) for p, documents in everything.items() if p in known for d in documents)
    assert placed(counts, found) == expected


@settings(max_examples=60, deadline=None)
@given(corpora, st.integers(1, 3))
def test_placing_the_counted_documents_again_gives_the_counts(corpus: Corpus, min_df: int) -> None:
    numbers, offsets = flat(corpus)
    counts = count_phrases(numbers, offsets, n_words=4, min_df=min_df)
    again = place_phrases(numbers, offsets, counts, n_words=4)
    assert placed(counts, again) == placed(counts, tuple(zip(counts.documents, counts.phrases, strict=True)))


def zipf_corpus(n_documents: int, seed: int) -> Corpus:
    rng = np.random.default_rng(seed)
    return [(np.minimum(rng.zipf(1.3, 40), 300) - 1).tolist() for _ in range(n_documents)]


def test_counts_are_those_of_scikit_learn() -> None:
    from sklearn.feature_extraction.text import CountVectorizer

    corpus = zipf_corpus(300, 1)
    counts = count_phrases(*flat(corpus), n_words=300, min_df=3, threads=2)
    vectoriser = CountVectorizer(
        ngram_range=(1, 4), binary=True, min_df=3, analyzer="word", tokenizer=str.split, token_pattern=None
    )
    matrix = vectoriser.fit_transform([" ".join(f"w{n}" for n in document) for document in corpus])
    expected = dict(
        zip(vectoriser.get_feature_names_out(), np.asarray(matrix.sum(axis=0)).ravel().tolist(), strict=True)
    )
    assert len(expected) > 1000
    assert {" ".join(f"w{n}" for n in phrase): df for phrase, df in counted(counts).items()} == expected


def test_frequencies_by_year_add_up_to_the_frequency() -> None:
    corpus = zipf_corpus(200, 2)
    counts = count_phrases(*flat(corpus), n_words=300, min_df=2)
    years = 2000 + np.arange(200, dtype=np.int64) % 7
    expected = slowly(corpus, 2)
    for n, level in enumerate(counts.levels, 1):
        by_year = counts.by_year(n, years, 2000, 7)
        assert (by_year.sum(axis=1) == level.df).all()
        for index in range(0, len(level), 50):
            documents = expected[counts.words(n, index)]
            assert by_year[index].tolist() == [sum(d % 7 == y for d in documents) for y in range(7)]


@pytest.mark.parametrize("block", [64, 1000, 1 << 18])
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("remembered", [1000, 1 << 26])
def test_threads_blocks_and_memory_do_not_change_a_byte(
    block: int, threads: int, remembered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers, offsets = flat(zipf_corpus(200, 3))
    plain = count_phrases(numbers, offsets, n_words=300, min_df=2)
    monkeypatch.setattr(counting, "_BLOCK_TOKENS", block)
    monkeypatch.setattr(counting, "_REMEMBER_TOKENS", remembered)
    other = count_phrases(numbers, offsets, n_words=300, min_df=2, threads=threads)
    for one, two in zip(plain.levels, other.levels, strict=True):
        for name in ("prefix", "last", "suffix", "df"):
            assert getattr(one, name).tobytes() == getattr(two, name).tobytes()
    assert placed(plain, tuple(zip(plain.documents, plain.phrases, strict=True))) == placed(
        other, tuple(zip(other.documents, other.phrases, strict=True))
    )


def test_keys_too_wide_to_pack_with_a_position_are_counted_alike() -> None:
    corpus = zipf_corpus(100, 4)
    # So many words that (prefix, word) leaves no room for a position in 64 bits.
    counts = count_phrases(*flat(corpus), n_words=1 << 45, min_df=2)
    assert len(counts.levels[1]) > 100
    assert counted(counts) == {phrase: len(documents) for phrase, documents in slowly(corpus, 2).items()}


def test_a_phrase_that_was_not_kept_is_not_found() -> None:
    counts = count_phrases(*flat([[0, 1, 2], [0, 1, 3]]), n_words=4, min_df=2)
    assert counts.find((0, 1)) is not None
    assert counts.find((1, 2)) is None
    assert counts.find(()) is None
    assert counts.find((0, 1, 2, 3, 0)) is None


@pytest.mark.parametrize("block", [16, 1 << 18])
def test_every_phrase_has_a_sampled_occurrence_and_it_is_one(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = zipf_corpus(400, 5)
    numbers, offsets = flat(corpus)
    monkeypatch.setattr(counting, "_BLOCK_TOKENS", block)
    counts = count_phrases(numbers, offsets, n_words=300, min_df=2)
    for length, level in enumerate(counts.levels, 1):
        seen, at = counts.seen_phrase[length - 1], counts.seen_at[length - 1]
        times = np.bincount(seen, minlength=len(level))
        assert (times >= 1).all()
        assert times.max(initial=0) <= 2 * 96
        for phrase, position in list(zip(seen.tolist(), at.tolist(), strict=True))[::97]:
            assert counts.words(length, phrase) == tuple(numbers[position : position + length].tolist())
