"""Titles and co-occurrence neighbours of labelled concepts, as a scan would have them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.tracks.sample import SEED
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

TITLES = 5
NEIGHBOURS = 30
_STOP = ENGLISH_STOP_WORDS.union(
    "use used using based propose proposed result results method methods approach new novel show shows paper "  # noqa: SIM905
    "phase project develop developed development provide provided research proposes also demonstrate "
    "application applications significant significantly high state existing recent small sbir".split()
)
_TOKEN = r"[a-z0-9][a-z0-9\-]+"


def english(data: Path, phrases: list[str]) -> tuple[list[str], list[list[str]], csr_array]:
    """(concepts, titles per concept, PPMI graph); the labelled `phrases` come first."""
    papers = pd.read_parquet(data / "papers/ml-anthology.parquet", columns=["title", "abstract"]).dropna()
    awards = pd.read_parquet(
        data / "exchange/offers-sbir-awards.parquet", columns=["title", "abstract"]
    ).dropna()
    life = pd.read_parquet(data / "papers/openalex-synergy.parquet", columns=["title", "abstract"]).dropna()
    china = pd.read_parquet(data / "papers/chinaxiv.parquet", columns=["title", "abstract_en"]).dropna()
    china.columns = ["title", "abstract"]
    bodies = pd.concat([
        papers.sample(16000, random_state=SEED), awards.drop_duplicates().sample(22000, random_state=SEED), life, china,
    ])  # fmt: skip
    standards = [
        pd.read_parquet(data / f"standards/{name}.parquet", columns=["title_en"]).title_en.dropna()
        for name in ("iso", "iec", "ieee")
    ]
    titles = bodies.title.tolist() + pd.concat(standards).tolist()
    texts = (bodies.title + ". " + bodies.abstract.str[:900]).tolist() + pd.concat(standards).tolist()
    counter = CountVectorizer(ngram_range=(1, 3), min_df=30, token_pattern=_TOKEN)
    counter.fit(texts[:: max(1, len(texts) // 25000)])
    words = [
        term for term in counter.get_feature_names_out()
        if not any(word in _STOP for word in term.split()) and len(term) > 3
    ]  # fmt: skip
    concepts = phrases + [word for word in words if word not in set(phrases)]
    return concepts, *_surround(concepts, len(phrases), texts, titles, _TOKEN)


def chinese(data: Path, phrases: list[str]) -> tuple[list[str], list[list[str]], csr_array]:
    """The same for Chinese, with the authors' keywords as concepts."""
    frame = pd.read_parquet(data / "papers/chinaxiv.parquet", columns=["title", "keywords_zh"]).dropna()
    lists = [
        [word.strip() for word in re.split(r"[;；,，]", row) if word.strip()] for row in frame.keywords_zh
    ]
    counts = pd.Series([word for words in lists for word in words]).value_counts()
    concepts = phrases + [word for word in counts.index[counts >= 2] if word not in set(phrases)]
    position = {word: i for i, word in enumerate(concepts)}
    pairs = [(d, position[w]) for d, words in enumerate(lists) for w in dict.fromkeys(words) if w in position]
    matrix = csr_array(
        (np.ones(len(pairs), dtype=np.float32), tuple(zip(*pairs, strict=True))),
        shape=(len(lists), len(concepts)),
    )
    return concepts, *_from_matrix(matrix, len(phrases), frame.title.tolist())


def _surround(
    concepts: list[str], labelled: int, texts: list[str], titles: list[str], token: str
) -> tuple[list[list[str]], csr_array]:
    counter = CountVectorizer(
        ngram_range=(1, 4), vocabulary=concepts, token_pattern=token, binary=True, dtype=np.float32
    )
    return _from_matrix(csr_array(counter.fit_transform(texts)), labelled, titles)


def _from_matrix(matrix: csr_array, labelled: int, titles: list[str]) -> tuple[list[list[str]], csr_array]:
    by_concept = matrix.tocsc()
    found = []
    for column in range(matrix.shape[1]):
        rows = (
            by_concept.indices[by_concept.indptr[column] : by_concept.indptr[column + 1]]
            if column < labelled
            else []
        )
        found.append([titles[row] for row in rows[:: max(1, len(rows) // TITLES)][:TITLES]])
    frequency = np.maximum(np.asarray(matrix.sum(axis=0)).ravel(), 1)
    together = csr_array(matrix.T @ matrix)
    together.setdiag(0)
    together.eliminate_zeros()
    owner = np.repeat(np.arange(len(frequency)), np.diff(together.indptr))
    together.data = np.log(together.data * matrix.shape[0] / (frequency[owner] * frequency[together.indices]))
    kept_rows, kept_columns, kept = [], [], []
    for row in range(len(frequency)):
        part = slice(together.indptr[row], together.indptr[row + 1])
        order = np.argsort(-together.data[part], kind="stable")[:NEIGHBOURS]
        positive = order[together.data[part][order] > 0]
        kept_rows += [row] * len(positive)
        kept_columns += together.indices[part][positive].tolist()
        kept += together.data[part][positive].tolist()
    graph = csr_array((np.array(kept, dtype=np.float32), (kept_rows, kept_columns)), shape=together.shape)
    return found, csr_array(graph.maximum(graph.T))
